"""Are the pages of the Government, the Riksdag and the legal databases read as they are built?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.corpus.chunk import Chunk
from searchkit.corpus.formats.html import read_html
from searchkit.corpus.formats.statute import numbered_sections, statute_sections
from searchkit.model import Document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def read(page: str | bytes, name: str = "sida.html") -> Document:
    content = page.encode() if isinstance(page, str) else page
    chunk = Chunk("html", Path("/hylla") / name, name, content, 1, len(content))
    documents = list(read_html(chunk))
    assert len(documents) == 1, documents
    assert isinstance(documents[0], Document)
    return documents[0]


def labels(document: Document) -> list[str]:
    return [section.label for section in document.sections]


# The Government

PRESS = "Pressmeddelande från Kulturdepartementet"
GOVERNMENT = """<html lang="sv"><head><title>Nya regler om bad - Regeringen.se</title>
<link rel="canonical" href="https://www.regeringen.se/{path}/">
<meta name="published" content="2019-03-05 13:00:00"></head><body>
<main id="content"><section><h1>Nya regler om bad
<span class="h1-vignette">{vignette}</span></h1></section>
<div class="col-1"><p class="media--publikations__sender"><strong>Ansvarig:</strong>
<a href="/tx/1">Kulturdepartementet</a>, <a href="/tx/2">Regeringen</a></p>
<p class="ingress">Badplatser ska bli säkrare.</p><h2>Ladda ner:</h2>
<ul class="list--Block--icons"><li><a href="/x.pdf">Bad (pdf 300 kB)</a></li></ul></div>
<div class="col-2 no-print"><h2>Lagstiftningskedjan</h2><p>Kommittédirektiv</p></div>
<div class="contentfooter"><p><span class="published">Publicerad</span></p></div></main></body>"""


@pytest.mark.parametrize(
    ("path", "vignette", "kind", "number"),
    [
        ("a/proposition/2019/03/prop", "ID-nummer: Prop. 2018/19:77", "prop", "2018/19:77"),
        ("a/proposition/2019/03/20181977", "ID-nummer: 2018/19:77", "prop", "2018/19:77"),
        ("a/kommittedirektiv/2019/03/dir", "ID-nummer: Dir. 2019:7", "dir", "2019:7"),
        ("a/departementsserien-och-promemorior/2019/ds", "Ds 2019:7", "ds", "2019:7"),
        ("a/statens-offentliga-utredningar/2019/sou", "SOU 2019:7", "sou", "2019:7"),
        ("pressmeddelanden/2019/bad", PRESS, "pressmeddelande", None),
        ("a/lagradsremiss/2019/03/bad", "Lagrådsremiss", "lagrådsremiss", None),
        ("debattartiklar/2019/03/bad", "", "debattartikel", None),
    ],
)  # fmt: skip
def test_government_series(path, vignette, kind, number):
    """The mark at the title, else the address, tells what the Government's page is about."""
    document = read(GOVERNMENT.format(path=path, vignette=vignette))

    assert document.type == kind
    assert document.fields.get("number") == number
    assert document.title == "Nya regler om bad"
    assert document.date == "2019-03-05"
    assert document.fields["organ"] == "Kulturdepartementet"


def test_government_text():
    """The Government's page gives its summary without downloads, chains and footers."""
    document = read(GOVERNMENT.format(path="rattsdokument/proposition/2019/03/p", vignette=""))

    assert document.text == "Nya regler om bad\n\nBadplatser ska bli säkrare."


def test_vignette_of_other_sites():
    """What kind of page it is stands beside the title, not in it, on other sites as well."""
    page = GOVERNMENT.format(path="x/bad", vignette="Rapport 2019:7").replace("regeringen", "bad")
    document = read(page)

    assert (document.title, document.type) == ("Nya regler om bad", "rapport")
    assert document.fields["number"] == "2019:7"
    assert document.text.startswith("Nya regler om bad\n\nRapport 2019:7")


# The Government's legal databases

DATABASE = """<html><head><title>Regeringskansliets rättsdatabaser</title></head><body>
<h1>Regeringskansliets rättsdatabaser</h1><div class="search-results-content">
<div class="result-inner-box bold">SFS-nummer · 2012:9 · <a>Visa register</a></div>
<div class="result-inner-box"><span class="bold">Badlag (2012:9)</span></div>
<div class="result-inner-box"><span class="bold">Departement:</span> Kulturdepartementet KL TM</div>
<div class="result-inner-box"><span class="bold">Utfärdad:</span> 2012-02-02</div>
<div class="result-inner-box"><span class="bold">Ändring införd:</span> t.o.m. SFS 2015:8</div>
<div class="result-inner-box"><div class="result-box-text body-text">1 kap. Inledning

Lagens syfte

1 § Bad ska vara
säkra.

2 kap. Tillstånd

1 § Tillstånd söks hos kommunen
enligt 1 kap. 1 §.

2 a § Har upphävts.

Övergångsbestämmelser

2015:8

1. Lagen träder i kraft.</div></div></div></body></html>"""


def test_statute_facts():
    """Number, title, ministry, dates and last change of a statute come from the boxes above it."""
    document = read(DATABASE)

    assert document.title == "Badlag (2012:9)"
    assert (document.type, document.date) == ("sfs", "2012-02-02")
    expected = {"number": "2012:9", "organ": "Kulturdepartementet", "unit": "KL TM"}
    assert expected.items() <= document.fields.items()
    assert document.fields["amended"] == "t.o.m. SFS 2015:8"


def test_statute_outline():
    """Chapters, headings and paragraphs are the outline, paragraphs with their chapter."""
    document = read(DATABASE)

    assert labels(document) == [
        "1 kap. Inledning",
        "Lagens syfte",
        "1 kap. 1 §",
        "2 kap. Tillstånd",
        "2 kap. 1 §",
        "2 kap. 2 a §",
        "Övergångsbestämmelser",
    ]
    assert document.text.startswith("1 kap. Inledning\n\nLagens syfte\n\n1 § Bad ska vara\nsäkra.")
    assert document.text[document.sections[4].start :].startswith("1 § Tillstånd söks")


def test_continuous_paragraphs():
    """Where chapters do not count anew, a paragraph's number is enough."""
    sections = statute_sections("1 kap. A\n\n1 § Ett.\n\n2 kap. B\n\n2 § Två.")

    assert [s.label for s in sections] == ["1 kap. A", "1 §", "2 kap. B", "2 §"]


def test_sentences_are_no_headings_of_a_statute():
    """Full sentences, and lines that nothing follows, are not taken for headings."""
    text = "Lagen gäller bad.\n\n1 § Ett.\n\nBad:\n\n2 § Två.\n\n3 kap. 2 § gäller inte.\n\nSlut"

    assert [s.label for s in statute_sections(text)] == ["1 §", "2 §"]


def test_committee_terms_of_reference():
    """Terms of reference get number and title from their heading, and numbered sections."""
    page = DATABASE.replace("SFS-nummer · 2012:9 · <a>Visa register</a>", "")
    page = page.replace("Badlag (2012:9)", "Bad, Dir. 2012:9")
    page = page.replace("Utfärdad", "Beslut").replace("1 kap. Inledning", "1  Uppdraget")
    document = read(page)

    assert (document.title, document.type) == ("Bad", "dir")
    assert document.fields["number"] == "2012:9"
    assert "1 Uppdraget" in labels(document)


def test_numbered_sections():
    """A numbered heading is one line of its own that does not end as a sentence does."""
    text = "5.1 Allmänt\n\n1 Jag föreslår att\nen utredare tillkallas.\n\n2 Klart.\n\n3.1.2 Slut"

    assert [s.label for s in numbered_sections(text)] == ["5.1 Allmänt", "3.1.2 Slut"]


# The Riksdag

MOTION = """<style>p { margin: 0 }</style><div class="pconf">
<span class="sidhuvud_publikation">Motion till riksdagen</span><br/>
<span class="sidhuvud_beteckning">2018/19:9001</span><br/>
<span class="MotionarLista">av Ada Berg m.fl. (X)</span><br/><h1>Säkrare badplatser</h1><hr/>
<div class="Section1"><h1><span>1</span><span>&#xa0;&#xa0;</span><span>Förslag</span></h1>
<ol><li class="Frslagstext">Riksdagen ställer sig bakom badvakter.</li></ol>
<h1>Motivering</h1><p><span>Badpl</span><span>atser är bra.</span></p>
<table><tr><td><p class="Underskrifter">Ada Berg (X)</p></td><td><p class="Underskrifter">&#xa0;</p>
</td></tr><tr><td><p class="Underskrifter">Bo Ek (X)</p></td><td></td></tr></table></div></div>"""


def test_motion():
    """A motion's head gives type, number, title, people and party; its id is the file's."""
    document = read(MOTION, "mot/h6029001.html")

    assert document.id == "H6029001"
    assert (document.type, document.title) == ("mot", "Säkrare badplatser")
    expected = {"number": "2018/19:9001", "rm": "2018/19", "party": "X"}
    assert expected.items() <= document.fields.items()
    assert document.fields["people"] == "Ada Berg (X); Bo Ek (X)"
    assert labels(document) == ["1 Förslag", "Motivering"]
    assert "1. Riksdagen ställer sig bakom badvakter.\n" in document.text
    assert "Badplatser är bra." in document.text


SITE = """<html lang="sv"><head><title>Säkrare badplatser (Motion 2018/19:9001) | Sveriges riksdag
</title><link rel="canonical" href="https://www.riksdagen.se/sv/dokument/motion/bad_h6029001/">
</head><body><nav>Meny</nav><main>{}</main><footer>Kontakt</footer></body></html>"""


def test_motion_on_the_riksdags_site():
    """Within a page of the Riksdag's site the document is the one that it shows."""
    document = read(SITE.format(f"<p>Dela sidan</p>{MOTION}"), "bad.html")

    assert document.id == "H6029001"
    assert document.text.startswith("Motion till riksdagen\n2018/19:9001")
    assert document.fields["number"] == "2018/19:9001"


def test_other_page_of_the_riksdags_site():
    """A page of the site that holds no such document gives its main content and its address."""
    document = read(SITE.format("<h1>Säkrare badplatser</h1><p>Motionen bereds.</p>"), "bad.html")

    assert document.id == "H6029001"
    assert (document.type, document.title) == ("mot", "Säkrare badplatser")
    assert document.text == "Säkrare badplatser\n\nMotionen bereds."


def test_committee_report():
    """A report's head gives committee, number, title and date; classes give its headings."""
    document = read(
        '<div class="Section1"><table><tr><td><p class="Rubrik1Dokumentinformation">'
        "<span>Kulturutskottet</span><span>s</span> betänkande</p>"
        '<p class="Dokumentbeteckning">2018/19:KrU99</p></td></tr></table>'
        '<p class="DokumentRubrik">Bad</p><p class="R2">Sammanfattning</p><p>Utskottet föreslår.'
        '</p><p class="OrtochDatum">Stockholm den 2 maj 2019</p></div>'
    )
    assert (document.type, document.date, document.title) == ("bet", "2019-05-02", "Bad")
    expected = {"organ": "Kulturutskottet", "number": "2018/19:KrU99", "rm": "2018/19"}
    assert expected.items() <= document.fields.items()
    assert labels(document) == ["Sammanfattning"]


BILL = """<div style="margin:3px;"><STYLE type="text/css">
.ft0{font: 18px 'V';} .ft1{font: 14px 'V';} .ft2{font: 12px 'V';}
.ft3{font: 12px 'V';margin-left: 9px;}</STYLE>
<DIV id="page_1"><DIV class="dclr"></DIV><P class="p0 ft0">Regeringens proposition 2018/19:901</P>
<TABLE><TR><TD><SPAN class="p1 ft1">Säkrare bad-</SPAN> </TD><TD><SPAN class="ft1">Prop.</SPAN>
</TD></TR><TR><TD><SPAN class="p1 ft1">platser</SPAN></TD><TD><SPAN class="ft1">2018/19:901</SPAN>
</TD></TR></TABLE><P class="p3 ft2">Regeringen överlämnar denna proposition till riksdagen.</P>
<P class="p4 ft2">Stockholm den 7 mars 2019</P><P class="ft2">Ada Berg</P>
<P class="ft2">Bo Ek <SPAN class="ft2">(Kulturdepartementet)</SPAN></P><P class="p1 ft2">1</P></DIV>
<DIV id="page_2"><DIV id="id_1"><P class="ft2">Prop. 2018/19:901</P><P class="ft2">2</P></DIV>
<TABLE><TR><TD><SPAN class="ft1">3</SPAN></TD><TD><SPAN class="ft1">Ärendet <SPAN class="ft2">
Prop. 2018/19:901</SPAN></SPAN></TD></TR><TR><TD></TD><TD><SPAN class="ft1">och dess beredning
</SPAN></TD></TR><TR><TD colspan=2><SPAN class="ft2">Förslaget har remiss-</SPAN></TD></TR>
<TR><TD colspan=2><SPAN class="ft2">behandlats av in- och utländska</SPAN></TD></TR></TABLE>
<P class="ft2"><SPAN class="ft2">1.</SPAN><SPAN class="ft3">råd, (World Organiza- </SPAN></P></DIV>
<DIV id="page_3"><P class="ft2">Prop. 2018/19:901 tion) och <NOBR>EU-organ.</NOBR></P>
<P class="ft2">4.1.2 Ansvar</P><P class="ft2">Ansvaret är kommunens.</P><P class="ft2">3</P>
</DIV></div>"""


def test_bill_facts():
    """The first page of a bill gives type, number, title, date, ministers and ministry."""
    document = read(BILL, "H603901.html")

    assert document.id == "H603901"
    assert (document.type, document.title) == ("prop", "Säkrare badplatser")
    assert document.date == "2019-03-07"
    expected = {"number": "2018/19:901", "rm": "2018/19", "organ": "Kulturdepartementet"}
    assert expected.items() <= document.fields.items()
    assert document.fields["people"] == "Ada Berg; Bo Ek"


def test_bill_text():
    """Cut words are whole again; running heads and page numbers are gone."""
    text = read(BILL).text

    assert "remissbehandlats av in- och utländska" in text
    assert "1. råd, (World Organization) och EU-organ." in text
    assert "Prop." not in text.split("901", 1)[1]


def test_bill_outline():
    """Large letters, also over several lines, and third-level numbers make headings."""
    assert labels(read(BILL)) == [
        "Regeringens proposition 2018/19:901",
        "Säkrare badplatser",
        "3 Ärendet och dess beredning",
        "4.1.2 Ansvar",
    ]


def test_bill_pages():
    """Each page begins at its first word."""
    document = read(BILL)

    assert [page.label for page in document.pages] == ["1", "2", "3"]
    assert document.text[document.pages[1].start :].startswith("3 Ärendet")
    assert document.text[: document.pages[2].start].endswith("World Organiza")


def test_printed_page_numbers():
    """Where the printed numbers differ from the pages' places, the printed ones count."""
    page = '<DIV id="page_{}"><P class="p0 ft0">Text på sidan.</P><P class="p1 ft0">{}</P></DIV>'
    document = read("<div>" + "".join(page.format(n, n + 4) for n in (1, 2, 3)) + "</div>")

    assert [page.label for page in document.pages] == ["5", "6", "7"]
    assert "5" not in document.text


def test_title_page_without_number():
    """A page before the one numbered 1 has its place in brackets: no two pages are page 1."""
    page = '<DIV id="page_{}"><P class="p0 ft0">Text på sidan.</P><P class="p1 ft0">{}</P></DIV>'
    numbered = "".join(page.format(n, n - 1) for n in (2, 3, 4))
    cover = '<DIV id="page_1"><P class="p0 ft0">Ett förslag</P></DIV>'

    labels_of_pages = [page.label for page in read(f"<div>{cover}{numbered}</div>").pages]
    assert labels_of_pages == ["[1]", "1", "2", "3"]


# lagen.nu


def test_lagen_nu():
    """A statute on lagen.nu gives number, ministry, date and paragraphs as outline."""
    document = read(
        '<html lang="sv"><body><header><a class="brand" href="/">lagen<em>.nu</em></a></header>'
        '<aside><nav>Innehåll</nav></aside><main><header class="frontmatter">'
        '<h1>Lag (2012:9) om bad</h1><dl class="meta"><dt>Departement</dt>'
        "<dd>Kulturdepartementet</dd><dt>Utfärdad</dt>"
        '<dd>2012-02-02</dd></dl></header><section><div class="paragraf-gutter"><span>1 §</span>'
        '<a class="pilcrow" href="#P1">¶</a></div><p>Bad ska vara säkra.</p></section></main>'
    )
    assert (document.type, document.date) == ("sfs", "2012-02-02")
    assert {"number": "2012:9", "organ": "Kulturdepartementet"}.items() <= document.fields.items()
    assert document.text == "Lag (2012:9) om bad\n\n1 §\n\nBad ska vara säkra."
    assert labels(document) == ["1 §"]


# Genuine pages


@pytest.mark.parametrize("folder", ["regeringen-html", "riksdag-html", "rkrattsbaser-html"])
def test_genuine_pages(folder):
    """Genuine pages have title, type and number; all but motions a date; sections lie right."""
    paths = sorted((SAMPLES / folder).glob("*.html"))
    if not paths:
        pytest.skip(f"no samples of {folder} here")
    for path in paths:
        document = read(path.read_bytes(), f"{folder}/{path.name}")
        assert document.title, path.name
        assert document.type, path.name
        assert document.fields["number"], path.name
        assert document.date or document.type == "mot", path.name
        assert not document.text.startswith("Hoppa"), path.name
        starts = [section.start for section in document.sections]
        assert starts == sorted(starts), path.name
        for section in document.sections:
            line = " ".join(document.text[section.start : section.start + 400].split())
            assert line.startswith(section.label.rpartition(" kap. ")[2][:4]), section
