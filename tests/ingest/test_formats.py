import pytest

from ingest.formats.draft import UnreadableError
from ingest.formats.read import read_file
from tests.ingest.files import JATS, docx, pdf, word, zipped


@pytest.fixture
def read(tmp_path):
    """Read one file of the given name and content: the drafts."""

    def one(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path)

    return one


@pytest.fixture
def text_of(read):
    return lambda name, content: "".join(draft.text for draft in read(name, content))


def column(x, words, top=700):
    return [(x, top - 14 * row, 10, f"{words} number {row} of this long line here") for row in range(8)]


def test_columns_of_a_pdf_are_read_one_after_the_other_however_they_were_drawn(text_of):
    left, right = column(50, "left"), column(330, "right")
    drawn = [line for pair in zip(left, right, strict=True) for line in pair]
    words = text_of("a.pdf", pdf([(50, 740, 18, "A Title Over Both"), *drawn])).split()
    places = [place for place, word in enumerate(words) if word in ("left", "right")]
    assert [words[place] for place in places] == ["left"] * 8 + ["right"] * 8


def test_a_form_feed_ends_each_page_of_a_pdf(text_of):
    text = text_of(
        "a.pdf", pdf([(50, 700, 10, "One walks.")], [(50, 700, 10, "Two walk.")], [(50, 700, 10, "All rest.")])
    )
    assert [page.strip() for page in text.split("\f")] == ["One walks.", "Two walk.", "All rest.", ""]


def test_a_sentence_goes_on_over_the_end_of_a_page(text_of):
    text = text_of("a.pdf", pdf([(50, 700, 10, "The effect was")], [(50, 700, 10, "small in all.")]))
    assert text == "The effect was\fsmall in all.\f\n"


def test_running_heads_and_page_numbers_are_left_out(text_of):
    pages = [
        [(50, 760, 9, "Journal of Walking"), (50, 700, 10, f"Finding {n} holds."), (300, 30, 9, str(n))] for n in "1234"
    ]
    text = text_of("a.pdf", pdf(*pages))
    assert "Journal" not in text
    assert text.split() == [word for n in "1234" for word in ("Finding", n, "holds.")]


def test_a_pdf_without_text_is_reported(read):
    with pytest.raises(UnreadableError, match="no text layer"):
        read("a.pdf", pdf([], []))


def test_an_article_of_jats_gives_its_reference_data(read):
    (draft,) = read("a.nxml", JATS)
    assert (draft.title, draft.authors, draft.year) == ("Alphamab in PPMS", "Doe JA", 2021)
    assert (draft.container, draft.doi, draft.pmid) == ("J Ex 2021;3:1-9", "10.1000/x", "77")


def test_an_article_of_jats_keeps_sections_and_tables_and_drops_reference_marks(text_of):
    assert text_of("a.xml", JATS) == (
        "## Abstract\n\n## Abstract › Methods\n\nWe gave alphamab.\n\n## Results\n\n"
        "It slowed progression. Cells fell by 10⁹.\n\nTable 1 People\n\n- Age – Alphamab: 44; Placebo: 45\n"
    )


def test_word_documents_keep_headings_tables_boxes_and_notes_and_drop_what_was_deleted(text_of):
    styles = '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="H"><w:name w:val="heading 1"/></w:style></w:styles>'
    row = "<w:tr>{}</w:tr>".format("".join(f"<w:tc>{word(cell)}</w:tc>" for cell in ("Arm", "Age")))
    row += "<w:tr>{}</w:tr>".format("".join(f"<w:tc>{word(cell)}</w:tc>" for cell in ("Placebo", "44")))
    box = f"<w:p><w:r><w:txbxContent>{word('In a box.')}</w:txbxContent></w:r></w:p>"
    body = f"{word('Safety', 'H')}<w:p><w:r><w:t>Stays.</w:t></w:r><w:del><w:r><w:t>Gone.</w:t></w:r></w:del></w:p>{box}<w:tbl>{row}</w:tbl>"
    assert text_of("a.docx", docx(body, styles=styles)) == "## Safety\n\nStays.\n\nIn a box.\n\n- Placebo – Age: 44\n"


HTML = """<html><head><title>Leaflet</title><script>var a = 1;</script></head><body><nav>Home About</nav>
<main><h1>Leaflet</h1><p>Take it <b>daily</b>.</p><table><tr><th>Dose</th><th>Weeks</th></tr><tr><td>5 mg</td><td>12</td></tr></table>
<h2>References</h2><ol><li>Somebody 1999</li></ol><h2>Storage</h2><p>Keep it dry.</p></main><footer>Imprint</footer></body></html>"""


def test_pages_of_the_web_lose_navigation_scripts_and_reference_lists(read):
    (draft,) = read("a.html", HTML)
    assert draft.title == "Leaflet"
    assert draft.text == (
        "## Leaflet\n\nTake it daily.\n\n- 5 mg – Weeks: 12\n\n## Leaflet › Storage\n\nKeep it dry.\n"
    )


def test_books_are_read_in_the_order_of_their_spine(text_of):
    container = '<container><rootfiles><rootfile full-path="o/b.opf"/></rootfiles></container>'
    opf = (
        '<package><metadata><title>Book</title></metadata><manifest><item id="a" href="1.xhtml"/><item id="b" href="2.xhtml"/>'
        '</manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "o/b.opf": opf}
    parts |= {
        "o/1.xhtml": "<html><body><p>Second.</p></body></html>",
        "o/2.xhtml": "<html><body><p>First.</p></body></html>",
    }
    assert text_of("a.epub", zipped(parts)) == "First.\n\nSecond.\n"


NBIB = """PMID- 11
TI  - On A
DP  - 2020 Jan
AB  - BACKGROUND: We asked. RESULTS: A helped
      people.
FAU - Doe, Jane
AU  - Doe J
TA  - J Ex
PT  - Randomized Controlled Trial

PMID- 12
TI  - On B
"""
RIS = "TY  - JOUR\nTI  - On A\nAU  - Doe, Jane\nPY  - 2020\nJO  - J Ex\nDO  - 10.1000/x\nAB  - A helped.\nER  - \n"
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>11</PMID><Article><ArticleTitle>On A</ArticleTitle><Abstract>"
    '<AbstractText Label="RESULTS">A helped.</AbstractText></Abstract><AuthorList><Author><LastName>Doe</LastName>'
    "<Initials>J</Initials></Author></AuthorList><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>"
    "</Journal></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


def test_each_article_of_an_nbib_export_is_a_document(read):
    first, second = read("export.nbib", NBIB)
    assert (first.member, first.title, first.authors, first.year, first.kind) == (
        "11",
        "On A",
        "Doe J",
        2020,
        "randomized trial",
    )
    assert first.text == "## Abstract › Background\n\nWe asked.\n\n## Abstract › Results\n\nA helped people.\n"
    assert (second.member, second.text) == ("12", "On B\n")


@pytest.mark.parametrize(("name", "content"), [("a.ris", RIS), ("a.xml", PUBMED)], ids=["RIS", "PubMed XML"])
def test_exports_give_authors_year_and_abstract(read, name, content):
    (draft,) = read(name, content)
    assert (draft.title, draft.authors, draft.year, "A helped." in draft.text) == ("On A", "Doe J", 2020, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_encodings_are_told_apart(text_of, encoding):
    assert (
        text_of("a.txt", "Für Ärzte: 5 µg täglich über Wochen.".encode(encoding))
        == "Für Ärzte: 5 µg täglich über Wochen.\n"
    )


def test_controls_and_marks_that_reorder_text_go_and_letters_are_composed(text_of):
    assert text_of("a.txt", "A\x00b\x07 \u202ec\u0301 \ufb01n\u00adal שלום.") == "Ab ć final שלום.\n"


def test_text_that_looks_like_markup_of_ours_stays_text(text_of):
    assert text_of("a.txt", "# not a heading\n\n<!-- hidden --> seen") == "not a heading\n\n<! -- hidden --> seen\n"


def test_a_heading_named_reading_is_not_taken_for_the_editors_own(text_of):
    assert text_of("a.md", "# Reading\n\nRead more.\n") == "## Reading.\n\nRead more.\n"


REFUSED = [
    pytest.param("a.txt", b"", "is empty", id="empty"),
    pytest.param("a.txt", b" \n\t ", "is empty", id="white space"),
    pytest.param("a.zip", zipped({"a.txt": "text"}), "is an archive", id="ZIP"),
    pytest.param("a.tar.gz", b"\x1f\x8b\x08rest", "is an archive", id="gzip"),
    pytest.param("a.xlsx", zipped({"xl/workbook.xml": "<a/>"}), "is a spreadsheet", id="spreadsheet"),
    pytest.param("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Office format", id="old Office"),
    pytest.param("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "protected by a password", id="password"),
    pytest.param("a.txt", b"\x89PNG\r\n\x1a\n", "is a picture", id="mislabelled picture"),
    pytest.param("a.pdf", b"just text, no PDF at all", "is no PDF", id="mislabelled text"),
    pytest.param("a.docx", b"PK\x03\x04broken", "damaged zipped file", id="broken ZIP"),
]


@pytest.mark.parametrize(("name", "content", "problem"), REFUSED)
def test_what_is_no_document_is_refused_with_reason_and_remedy(read, name, content, problem):
    with pytest.raises(UnreadableError, match=problem) as caught:
        read(name, content)
    assert caught.value.remedy
