"""What the tests of the running program share: its documents, and what came of a run."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTS = {
    "motion.txt": (
        "Motion om hållbar produktion\n\n"
        "Regeringen bör ta fram en strategi för hållbar produktion och konsumtion.\n"
    ),
    "utan-svenska.txt": "Motion om tåg\n\nTågen ska gå i tid. \x1b]0;tagen\x07 [bold]fet[/bold]\n",
    "betankande.md": (
        "# Cirkulär ekonomi\n\n## Bakgrund\n\n"
        "Avfall är en resurs i en cirkulär ekonomi, och återvinning sparar energi.\n"
    ),
    "rapport.txt": "Rapport om jordbrukspolitik\n\n" + "Jordbruket behöver stöd varje år.\n" * 9000,
}


@dataclass
class Outcome:
    """What a process left: its exit code and what it wrote."""

    code: int
    stdout: str
    stderr: str
