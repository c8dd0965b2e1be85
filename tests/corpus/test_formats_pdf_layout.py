"""How the lines of PDF pages become text: order of reading, paragraphs, headings, page numbers."""

from __future__ import annotations

import pytest
from pdf_files import PROSE, Text, block, make_pdf, operators, outcomes_of, page_texts, read

from searchkit.corpus.formats.pdf_lines import are_glyph_numbers, clean, letter_of_glyph
from searchkit.corpus.formats.pdf_paragraphs import join_lines


def test_lines_become_paragraphs():
    """Lines close to each other are a paragraph, a wider gap ends it."""
    document = read(make_pdf([*block(70, 700, PROSE), *block(70, 620, PROSE[:2])]))

    assert document.text == " ".join(PROSE) + "\n\n" + " ".join(PROSE[:2])


def test_indent_begins_a_paragraph():
    """A row that is indented below a full stop begins a paragraph."""
    rows = [*block(70, 700, PROSE), (84, 648, "Förslaget bör genomföras i flera steg under den")]

    assert read(make_pdf(rows)).text.split("\n\n")[1].startswith("Förslaget bör")


@pytest.mark.parametrize(
    ("line", "following", "expected"),
    [
        ("kommu-", "nerna", "kommunerna"),
        ("in-", "och utförsel", "in- och utförsel"),
        ("närings-", "eller arbetsmarknadspolitik", "närings- eller arbetsmarknadspolitik"),
        ("EU-", "rätten", "EU-rätten"),
        ("Norr-", "Väst", "Norr-Väst"),
        ("SS-", "27001", "SS-27001"),
        ("1.200-", "1.300", "1.200-1.300"),
        ("e-", "tjänster", "e-tjänster"),
        ("kommu\u00ad", "nerna", "kommunerna"),
        ("kust-", "nära", "kust-nära"),
        ("lands-", "Bygd", "lands-Bygd"),
        ("1990–", "talet", "1990– talet"),
    ],
)
def test_hyphen_at_line_end(line, following, expected):
    """A cut word is put together, unless the hyphen belongs to it or is a suspended one."""
    assert join_lines(line, following, {"kust-nära", "2001"}) == expected


def test_hyphen_that_the_document_decides():
    """A word that stands uncut elsewhere in the document tells how it is written."""
    rows = ["vi har en IT-", "Strategi och en kust-", "nära bebyggelse", "den kust-nära zonen är"]

    assert "kust-nära bebyggelse" in read(make_pdf(block(70, 700, rows))).text


def test_pages_and_running_heads():
    """Running heads and page numbers leave the text, and the printed numbers name the pages."""
    texts = [[f"{word} {row}" for row in PROSE] for word in ("Ett", "Två", "Tre", "Fyra", "Fem")]
    pages = [
        [(70, 800, "Ds 2031:4"), (500, 800, str(number)), *block(70, 700, rows)]
        for number, rows in enumerate(texts, 11)
    ]
    document = read(make_pdf(*pages))

    assert [page.label for page in document.pages] == ["11", "12", "13", "14", "15"]
    assert document.text.count("Ds 2031:4") == 1
    assert page_texts(document)[1:] == [" ".join(rows) for rows in texts[1:]]


def test_running_foot_of_other_kinds():
    """Page numbers are known in forms such as "Sida 2 (4)", and feet as well as heads."""
    pages = [[*block(70, 700, PROSE), (70, 40, f"Sida {n} (4)")] for n in range(1, 5)]
    document = read(make_pdf(*pages))

    assert [page.label for page in document.pages] == ["1", "2", "3", "4"]
    assert "Sida" not in document.text


def test_unnumbered_pages():
    """A page without number is counted on; one before page 1 keeps its physical number."""
    pages = [[(200, 400, "Ett omslag")], [(200, 400, "En tom baksida")]]
    for number in (1, 2, 3, None, 5):
        foot: list[Text] = [(290, 40, str(number))] if number else []
        pages.append([*block(70, 700, PROSE), *foot])
    document = read(make_pdf(*pages))

    assert [page.label for page in document.pages] == ["[1]", "[2]", "1", "2", "3", "4", "5"]


def test_text_that_recurs_is_kept_once():
    """What recurs at the top of pages, such as the head of a table, stands in the text once."""
    pages = [[(70, 800, "Gränsvärden för fisk"), *block(70, 700, PROSE)] for _ in range(4)]

    assert read(make_pdf(*pages)).text.count("Gränsvärden för fisk") == 1


def test_sentence_goes_on_over_the_page():
    """A sentence that goes on over the page is one paragraph, in which the page begins."""
    document = read(make_pdf(block(70, 700, PROSE[:2]), block(70, 700, PROSE[2:])))

    assert document.text == " ".join(PROSE)
    assert document.text[document.pages[1].start :] == " ".join(PROSE[2:])


def test_word_cut_at_the_end_of_a_page():
    """A word that is cut by the page's end belongs whole to the page where it ends."""
    document = read(make_pdf([(70, 700, "det gäller kommu-")], [(70, 700, "nerna i länet")]))

    assert document.text == "det gäller kommunerna i länet"
    assert page_texts(document) == ["det gäller", "kommunerna i länet"]


def test_two_columns():
    """Of two columns the left one is read first, whatever the order of drawing."""
    left = [f"vänster spalt rad nummer {n} fylld" for n in range(8)]
    right = [f"höger spalt rad nummer {n} fylld" for n in range(8)]
    drawn = [
        text
        for pair in zip(block(60, 700, left), block(320, 700, right), strict=True)
        for text in pair
    ]
    text = read(make_pdf([(60, 740, "Rubrik över båda", 16, "bold"), *drawn])).text

    assert text.index("vänster spalt rad nummer 7") < text.index("höger spalt rad nummer 0")


def test_margin_note():
    """A note in the margin does not get into the lines beside it."""
    note: list[Text] = [
        (430, 704, "SFS 2031:175"),
        (430, 693, "Utkom från trycket"),
        (430, 682, "den 3 maj 2031"),
    ]
    document = read(make_pdf([*block(70, 700, PROSE), *note]))

    assert " ".join(PROSE) in document.text
    assert document.fields["number"] == "2031:175"


def test_table_rows():
    """Cells of a table's row stand on one line, a bar between them."""
    rows = [("Korn", "0,05", "2"), ("Havre", "0,02", "3"), ("Råg", "0,01", "4")]
    drawn = [
        (x, 700 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((70, 250, 400), row, strict=True)
    ]

    assert read(make_pdf(drawn)).text.split("\n") == [
        "Korn | 0,05 | 2",
        "Havre | 0,02 | 3",
        "Råg | 0,01 | 4",
    ]


def test_contents():
    """An entry of a table of contents is a line of its own, its dots drawn together, no heading."""
    rows = [
        "1 Inledning ................................ 3",
        "2 Förslaget ................................ 5",
    ]
    document = read(make_pdf([*block(70, 700, rows), *block(70, 600, PROSE)]))

    assert document.text.startswith("1 Inledning … 3\n2 Förslaget … 5")
    assert not document.sections


def test_headings():
    """Larger, bold, slanted and numbered short paragraphs are headings; their lines begin there."""
    heads: list[tuple[str, float, str]] = [
        ("Planer för kusten", 20, "plain"),
        ("Bakgrund", 16, "plain"),
        ("5.2 Skälen för förslaget", 11, "plain"),
        ("Gällande rätt", 11, "bold"),
        ("Kommunernas ansvar", 11, "italic"),
    ]
    page: list[Text] = []
    for i, (label, size, font) in enumerate(heads):
        page += [(70, 740 - 120 * i, label, size, font), *block(70, 715 - 120 * i, PROSE)]
    document = read(make_pdf(page))

    assert document.title == heads[0][0]
    assert [section.label for section in document.sections] == [label for label, _, _ in heads[1:]]
    for section in document.sections:
        assert document.text[section.start :].startswith(section.label + "\n\n")


def test_number_beside_a_long_heading():
    """The number of a heading that takes two lines stands before it."""
    heading: list[Text] = [
        (70, 740, "2.1", 14, "bold"),
        (120, 740, "Förslag till lag om ändring i lagen om", 14, "bold"),
        (120, 723, "stöd till kommuner vid kusten", 14, "bold"),
    ]
    document = read(make_pdf([*heading, *block(70, 690, PROSE)]))

    assert document.sections[0].label == (
        "2.1 Förslag till lag om ändring i lagen om stöd till kommuner vid kusten"
    )


def test_bookmarks():
    """Without headings in the text the bookmarks are the sections, where they stand."""
    pages = [block(70, 700, PROSE), block(70, 700, ("Sedan följer skälen för detta", *PROSE))]
    document = read(make_pdf(*pages, bookmarks=[("Första sidan", 0), ("skälen för", 1)]))

    assert [section.label for section in document.sections] == ["Första sidan", "skälen för"]
    assert document.text[document.sections[1].start :].startswith("skälen för detta")


def test_list_items():
    """List items begin with "- " on lines of their own."""
    rows = [
        "Utredaren ska",
        "\u2022 analysera behovet,",
        "\u2022 lämna förslag, och",
        "\u2022 redovisa kostnader.",
    ]

    assert read(make_pdf(block(70, 700, rows))).text == (
        "Utredaren ska\n\n- analysera behovet,\n- lämna förslag, och\n- redovisa kostnader."
    )


def test_turned_page():
    """A page that is turned, with text that runs upwards, is read as it is seen."""
    content = make_pdf([(0, 0, "ersätts")], rotate=90)
    drawn = b"".join(
        b"BT /F0 11 Tf 0 1 -1 0 %d 70 Tm (%s) Tj ET\n" % (100 + 13 * i, row.encode("cp1252"))
        for i, row in enumerate(PROSE)
    )
    old = operators([(0, 0, "ersätts")])
    content = content.replace(
        b"/Length %d >> stream\n%s" % (len(old), old),
        b"/Length %d >> stream\n%s" % (len(drawn), drawn),
    )

    assert " ".join(PROSE) in outcomes_of(content)[-1].text


def test_glyph_numbers():
    """Characters that are the numbers of glyphs become letters, if most become small ones."""
    numbers = "*|UDQ\x033HUVVRQ"

    assert are_glyph_numbers(numbers)
    assert "".join(map(letter_of_glyph, numbers)) == "Göran Persson"
    assert not are_glyph_numbers("Göran Persson")


def test_clean():
    """Ligatures, broken hyphens and bullets of symbol fonts are written as usual."""
    assert clean("eﬀekt, ﬁsk￾") == "effekt, fisk-"
    assert clean("\uf0b7 ett m²") == "• ett m²"


def test_pages_that_are_alike_are_kept():
    """Long lines that close up to each other are text, though other pages have them, too."""
    rows = [f"{row}, och det gäller varje år" for row in PROSE]
    document = read(make_pdf(*[block(70, 700, rows)] * 4))

    assert page_texts(document) == [" ".join(rows)] * 4


def test_footnotes_do_not_cut_a_paragraph():
    """A sentence that goes on over the page goes on past the footnotes of its first page."""
    notes: list[Text] = [(70, 60, "1 Se proposition 2031/32:14 s. 12.", 8)]
    start = "Kommunerna i länet har redan antagit en plan."
    first = [(70, 740, start), *block(70, 700, PROSE[:2]), *notes]
    document = read(make_pdf(first, block(70, 700, PROSE[2:])))

    assert document.text.split("\n\n") == [start, notes[0][2], " ".join(PROSE)]
    assert page_texts(document)[1] == " ".join(PROSE[2:])


def test_chapter_with_the_number_of_its_page():
    """A heading whose number is that of the page at whose top it stands is no page number."""
    pages = [
        [*block(70, 700, [f"{word} {row}" for row in PROSE]), (290, 40, str(number))]
        for number, word in enumerate(("Ett", "Två", "Tre", "Fyra", "Fem", "Sex"), 1)
    ]
    pages[3].insert(0, (70, 760, "4 Fiske", 18, "bold"))
    pages[4].append((70, 500, "Fiskets omfattning har ökat under de senaste åren."))
    document = read(make_pdf(*pages))

    assert [section.label for section in document.sections] == ["4 Fiske"]
    assert [page.label for page in document.pages] == list("123456")


def test_chapter_on_a_page_without_number():
    """A heading whose number fits is kept, though no other number stands on its page."""
    texts = [[f"{word} {row}" for row in PROSE] for word in ("Ett", "Två", "Tre", "Fyra", "Fem")]
    pages = [[*block(70, 700, rows), (290, 40, str(n))] for n, rows in enumerate(texts, 1)]
    pages[2][-1:] = [(70, 760, "3 Fiske", 18, "bold")]
    document = read(make_pdf(*pages))

    assert [section.label for section in document.sections] == ["3 Fiske"]


def test_lines_of_an_imprint():
    """Short lines on the first page that stand apart are not one paragraph."""
    imprint = block(70, 600, ["Rapport 2031:4", "2021-10-22", "Badstyrelsen"], leading=16)
    document = read(
        make_pdf([(70, 700, "Säkra bad vid kusten", 20), *imprint], block(70, 700, PROSE))
    )

    assert "Rapport 2031:4\n\n2021-10-22\n\nBadstyrelsen" in document.text
    assert document.date == "2021-10-22"
