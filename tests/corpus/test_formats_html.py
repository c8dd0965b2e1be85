"""Do web pages become documents: the text without menus, and the facts where sites put them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats.html import READER, read_html
from searchkit.corpus.formats.html_page import date_in, without_site
from searchkit.errors import DocumentFormatError
from searchkit.model import Document


def read(page: str | bytes, name: str = "sida.html") -> Document:
    content = page.encode() if isinstance(page, str) else page
    chunk = Chunk("html", Path("/hylla") / name, name, content, 1, len(content))
    documents = list(read_html(chunk))
    assert len(documents) == 1, documents
    assert isinstance(documents[0], Document)
    return documents[0]


def labels(document: Document) -> list[str]:
    return [section.label for section in document.sections]


# Pages of any site

AGENCY = """<!DOCTYPE html><html lang="sv-SE"><head><meta charset="utf-8">
<title>Färre lämnar skolan i förtid | Lärverket</title>
<meta property="og:site_name" content="Lärverket">
<meta property="og:title" content="Färre lämnar skolan i förtid">
<link rel="canonical" href="https://www.larverket.example/nyheter/2023/farre-lamnar/">
{head}</head><body class="site">
<a class="skip-link" href="#c">Hoppa till innehållet</a>
<header><nav><ul><li><a href="/">Start</a></li></ul></nav></header>
<div class="cookie-banner"><p>Vi använder kakor.</p></div>
<main id="c"><div class="breadcrumbs"><a href="/">Start</a> / Nyheter</div>
<article><h1>Färre lämnar skolan i förtid</h1>{byline}
<p>Andelen elever som avbryter sina studier har minskat för tredje året i rad.</p>
<h2>Skillnader mellan kommuner</h2><p>I var tredje kommun har andelen halverats.</p>
<div class="share-buttons"><a href="#">Dela på nätet</a></div>
<div class="relatedContent"><ul><li><a href="/a">Läs också om frånvaro</a></li></ul></div>
</article></main><footer><p>Kontakta oss</p></footer></body></html>"""


def test_main_content_without_menus():
    """Menus, banners, crumbs, share buttons, related pages and footers are no text."""
    document = read(AGENCY.format(head="", byline=""))

    assert document.text == (
        "Färre lämnar skolan i förtid\n\n"
        "Andelen elever som avbryter sina studier har minskat för tredje året i rad.\n\n"
        "Skillnader mellan kommuner\n\nI var tredje kommun har andelen halverats."
    )
    assert labels(document) == ["Skillnader mellan kommuner"]


def test_facts_of_the_head():
    """Title, publisher, language, address and type come from the page's head."""
    document = read(AGENCY.format(head="", byline=""))

    assert document.title == "Färre lämnar skolan i förtid"
    assert document.type == "nyhet"
    assert document.fields["organ"] == "Lärverket"
    assert document.fields["language"] == "sv"
    assert document.fields["url"] == "https://www.larverket.example/nyheter/2023/farre-lamnar/"
    assert "title: h1" in document.fields["provenance"]


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta property="article:published_time" content="2023-05-04T08:00:00+02:00">', ""),
        ('<meta name="DC.Date.Issued" content="2023-05-04"><meta name="date" content="x">', ""),
        ('<meta name="DCTERMS.issued" content="4 maj 2023">', ""),
        ('<meta name="date" content="Thu, 04 May 2023 06:00:00 GMT">', ""),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"},'
            '{"datePublished": "2023-05-04"}]}</script>',
            "",
        ),
        ("<script type='application/ld+json'>{trasig</script>", "<p>Publicerad 04 maj 2023</p>"),
        ("", '<p>Publicerad: <time datetime="2023-05-04T10:00">i går</time></p>'),
        ("", '<p class="published"><time>4 maj 2023</time></p>'),
        ("", "<p>Uppdaterad 9 maj 2023. Publicerad 2023-05-04</p>"),
    ],
)
def test_date_of_publication(head, byline):
    """The date is found under the many names that sites give it."""
    page = AGENCY.replace("{head}", head).replace("{byline}", byline)

    assert read(page).date == "2023-05-04"


def test_title_without_heading():
    """Without a heading, the title is that of the head without the site's name."""
    page = "<title>Remissvar om elnät - Elrådet</title><meta property=og:site_name content=Elrådet>"

    assert read(f"{page}<p>Elrådet avstår från att yttra sig.").title == "Remissvar om elnät"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Skolplikt | Lärverket | Startsida", "Skolplikt | Lärverket"),
        ("Skolplikt - regeringen.se", "Skolplikt"),
        ("Regeringen - Skolplikt", "Skolplikt"),
        ("Skolplikt - en översyn", "Skolplikt - en översyn"),
        ("Skolplikt", "Skolplikt"),
    ],
)
def test_site_names_leave_titles(title, expected):
    """Only what names the site is cut from a title."""
    assert without_site(title, "", "regeringen.se") == expected


def test_the_sites_own_heading_is_no_title():
    """A heading that the head does not repeat is the site's, if there is another."""
    page = "<title>Om fiske</title><h1>Fiskeverket</h1><p>Meny</p><h1>Om fiske</h1><p>Fisket ökar."

    assert read(page).title == "Om fiske"


def test_page_laid_out_by_a_table():
    """Without <main>, the main part is where nearly all text outside links stands."""
    document = read(
        "<html><body><table><tr><td><a href=/>Start</a><br><a href=/om>Om rådet</a></td><td>"
        "<h1>Yttrande</h1><p>Rådet tillstyrker förslaget om stöd till butiker i glesbygd."
        "<p>Rådet vill framhålla behovet av samordning.</td></tr></table></body></html>".encode(
            "latin-1"
        )
    )
    assert document.text.startswith("Yttrande\n\nRådet tillstyrker")
    assert "Start" not in document.text


def test_table_of_figures_stays_whole():
    """A table with one long row is not mistaken for its cell."""
    long = "Kommunerna bör samverka om lokaler. " * 10
    document = read(f"<table><tr><td>Nr<td>Förslag<tr><td>1<td>{long}</table>")

    assert document.text.startswith("Nr | Förslag\n1 | Kommunerna")


def test_box_that_holds_the_text_is_kept():
    """A part with much of the text is kept, whatever the site calls it."""
    document = read(
        "<main><h1>Bad</h1><div class='social'><p>" + "Kommunen. " * 50 + "</div></main>"
    )

    assert document.text.count("Kommunen.") == 50


def test_empty_main_is_no_main():
    """A <main> that is filled by a script hides no text that stands elsewhere."""
    assert "Texten" in read("<main></main><div><p>Texten står här i stället.</div>").text


def test_xhtml():
    """XHTML with its namespace, entities and language is read."""
    document = read(
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="sv">'
        "<head><title>Årsbok</title></head><body><h1>Årsbok</h1><p>Ett&nbsp;år</p></body></html>"
    )
    assert document.text == "Årsbok\n\nEtt år"
    assert document.fields["language"] == "sv"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "is empty"),
        ("<html><head><script>app()</script></head><body><div id=root></div>", "scripts load it"),
        ("<p> &nbsp; </p>", "holds no text"),
        (b"\x89PNG\r\n\x1a\n....", "is not HTML"),
        ("<div>" * 3000 + "a", "nested"),
    ],
)
def test_pages_that_cannot_be_read(page, reason):
    """A page without text, and a file that is no page, are reported with the reason."""
    with pytest.raises(DocumentFormatError, match=reason):
        read(page)


def test_extensions():
    """The reader takes the extensions of web pages."""
    assert set(READER.extensions) == {".html", ".htm", ".xhtml"}


def test_dates_in_text():
    """Only what is a date is taken for one."""
    assert date_in("§ 12 maj, den 31 februari 2020 och den 1 mars 2020") == "2020-03-01"
    assert date_in("2020-13-01 eller 20200101") is None


def test_banner_with_the_title_is_kept():
    """A box that holds the page's title is no banner, whatever its name."""
    document = read("<main><div class=page-banner><h1>Bad</h1></div><p>Kommunen driver bad.</main>")

    assert document.text == "Bad\n\nKommunen driver bad."


def test_news_article():
    """A page that says that it is a news article is one."""
    script = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'

    assert read(f"{script}<p>Badet öppnar.").type == "nyhet"


def test_page_saved_by_word():
    """HTML as Word saves it is read: its comments, styles and empty marks leave no trace."""
    document = read(
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><title>PM om bad</title>"
        "<!--[if gte mso 9]><xml><o:x/></xml><![endif]--><style><!-- p {} --></style></head>"
        "<body lang=SV><div class=WordSection1><h1>PM om bad</h1>"
        "<p class=MsoNormal>Kommunen<o:p></o:p><![if !supportLists]>&nbsp;<![endif]>driver bad.</p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p></div></body></html>"
    )
    assert document.text == "PM om bad\n\nKommunen driver bad."
    assert document.fields["language"] == "sv"
