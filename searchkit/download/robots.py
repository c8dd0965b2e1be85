"""
Does the server ask programs to go slower, or us to stay away?

``robots.txt`` is written for programs that follow links wherever they lead. We
follow none: we ask for addresses that the source publishes for programs. So of
the rules for all we keep the pause (Crawl-delay) but not the closed paths; a
rule that names searchkit is kept whole.

Source: RFC 9309; Crawl-delay is a common extension.
"""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

AGENT = "searchkit"
ROBOTS_BYTES_MAX = 2**19
# Who wants a longer pause between two documents does not mean to give any.
_PAUSE_MAX_S = 60.0


class Rules:
    """
    What a ``robots.txt`` asks of us.

    >>> rules = Rules("User-agent: *\\nCrawl-delay: 5\\nDisallow: /")
    >>> rules.pause_s, rules.allow("https://example.org/dokumentlista/")
    (5.0, True)
    """

    def __init__(self, text: str) -> None:
        parser = RobotFileParser()
        parser.parse(text.splitlines())
        delay = parser.crawl_delay(AGENT)
        self.pause_s = min(float(delay), _PAUSE_MAX_S) if delay else 0.0
        # What is left names us.
        parser.default_entry = None  # type: ignore[attr-defined]  # typeshed leaves it out
        self._named = parser

    def allow(self, url: str) -> bool:
        """Tell whether we, by name, are not asked to keep away from *url*."""
        return self._named.can_fetch(AGENT, url)
