import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Story
from askarticles.errors import ArticleError
from askarticles.reading import package
from askarticles.reading.docx import read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
STYLES = """
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="H1"/></w:style>
<w:style w:type="paragraph" w:styleId="Points"><w:name w:val="List Bullet"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
"""


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs, style="", properties=""):
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(r if r.startswith("<") else run(r) for r in runs)
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


def docx(body, *, parts=None, core="", namespaces=W, styles=STYLES):
    """A Word file with this body; parts: kind of relationship -> content of the part."""
    parts = {"styles": f"<w:styles {W}>{styles}</w:styles>", **(parts or {})}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="part{n}.xml"/>'
        for n, kind in enumerate(parts)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships {RELATION}><Relationship Id="a" Type="{OFFICE}/officeDocument" '
            f'Target="word/document.xml"/><Relationship Id="b" Type="{OFFICE}/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml", f"<w:document {namespaces}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f"<Relationships {RELATION}>{relations}</Relationships>"
        )
        for n, content in enumerate(parts.values()):
            archive.writestr(f"word/part{n}.xml", content)
        archive.writestr(
            "docProps/core.xml",
            '<c xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:dcterms="http://purl.org/dc/terms/">{core}</c>',
        )
    return file.getvalue()


def test_tracked_changes_give_the_final_text():
    body = p(
        run("The ferry stops "),
        f"<w:del>{run('never').replace('w:t', 'w:delText')}</w:del>",
        f"<w:ins>{run('twice')}</w:ins>",
        f"<w:moveFrom>{run(' at night')}</w:moveFrom>",
        f"<w:moveTo>{run(' at dusk')}</w:moveTo>",
        run("."),
    )
    body += f"<w:ins>{p('A whole new paragraph.')}</w:ins><w:del>{p('Gone.')}</w:del>"
    assert read_docx(docx(body)).body == "The ferry stops twice at dusk.\n\nA whole new paragraph."


def test_deleted_paragraph_end_joins_two_paragraphs():
    body = p("The ferry", properties="<w:rPr><w:del/></w:rPr>") + p("is late.") + p("It rains.")
    assert read_docx(docx(body)).body == "The ferry is late.\n\nIt rains."


def test_deleted_row_is_out():
    rows = "".join(
        f"<w:tr><w:trPr>{mark}</w:trPr><w:tc>{p(a)}</w:tc><w:tc>{p(b)}</w:tc></w:tr>"
        for mark, a, b in (("", "Line", "Rides"), ("<w:del/>", "Old", "1"), ("", "North", "1,200"))
    )
    story = read_docx(docx(p("Rides:") + f"<w:tbl>{rows}</w:tbl>" + p("After.")))
    assert story.body == "Rides:\n\nLine | Rides\nNorth | 1,200\n\nAfter."


def test_table_that_frames_prose_is_read_as_prose():
    cell = p("One sentence here.") + p("Another sentence there.")
    story = read_docx(
        docx(f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{p('Aside')}</w:tc></w:tr></w:tbl>")
    )
    assert story.body == "One sentence here.\n\nAnother sentence there.\n\nAside"


def test_notes_come_at_the_end_of_their_section_without_marks():
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{p("---")}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", " Without the grant.")}'
        "</w:footnote></w:footnotes>"
    )
    ends = f'<w:endnotes {W}><w:endnote w:id="2">{p("Told by phone.")}</w:endnote></w:endnotes>'
    body = (
        p("It lost a million", '<w:r><w:footnoteReference w:id="2"/></w:r>', run(" last year."))
        + p("More text.")
        + p("Next section", style="Sub")
        + p("He denies it.", '<w:r><w:endnoteReference w:id="2"/></w:r>')
    )
    story = read_docx(docx(body, parts={"footnotes": notes, "endnotes": ends}))
    assert story.body.split("\n\n") == [
        "It lost a million last year.",
        "More text.",
        "Without the grant.",
        "Next section",
        "He denies it.",
        "Told by phone.",
    ]
    assert "footnote 1" in [place.label for place in story.places]


def test_links_controls_boxes_and_fields():
    box = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGEREF x </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'{run("code")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("seven")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    drawing = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = (
        p(
            "See ",
            f"<w:hyperlink>{run('the list')}</w:hyperlink>",
            run(" on page "),
            field,
            run("."),
        )
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{p('In a control.')}</w:sdtContent></w:sdt>"
        + p("Text.", drawing)
    )
    assert read_docx(docx(body)).body.split("\n\n") == [
        "See the list on page seven.",
        "In a control.",
        "Text.",
        "In a box.",
    ]


def test_an_unclosed_field_does_not_eat_the_rest():
    body = p("<w:r><w:fldChar w:fldCharType='begin'/></w:r>", "lost") + p("Kept.")
    assert read_docx(docx(body)).body == "Kept."


def test_lists_are_lines_of_one_paragraph():
    numbered = '<w:numPr><w:numId w:val="3"/></w:numPr>'
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        p("Bring:")
        + p("bread", style="Points")
        + p("salt", properties=numbered)
        + p("Not an item.", properties=none)
    )
    assert read_docx(docx(body)).body == "Bring:\n\n- bread\n- salt\n\nNot an item."


def test_what_is_left_out_is_told():
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    contents = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('Intro 1')}</w:sdtContent></w:sdt>"
    )
    body = contents + p("Intro 2", style="TOC1") + p("Seen.", run(" Unseen.", "<w:vanish/>"))
    story = read_docx(
        docx(
            body,
            parts={
                "header": f"<w:hdr {W}>{p('Draft of May')}</w:hdr>",
                "comments": f"<w:comments {W}><w:comment>{p('Check')}</w:comment></w:comments>",
            },
        )
    )
    assert story.body == "Seen."
    assert {(r.text, r.rule) for r in story.removed} == {
        ("Intro 1", "table of contents"),
        ("Intro 2", "table of contents"),
        ("Unseen.", "hidden text"),
        ("Draft of May", "page header"),
        ("Check", "comment"),
    }


def test_title_byline_and_date():
    body = (
        p("The Tarn Gazette")
        + p("Bus cuts", style="Titel")
        + p("By Wenna Tregarth and Ole Lind")
        + p("12 May 2023")
        + p("The valley loses buses.")
    )
    core = (
        "<dc:title>Ignored</dc:title><dc:creator>Desk</dc:creator>"
        "<dcterms:created>2020-01-01T10:00:00Z</dcterms:created>"
    )
    story = read_docx(docx(body, core=core))
    assert (story.title, story.author, story.published) == (
        "Bus cuts",
        "Wenna Tregarth; Ole Lind",
        "2023-05-12",
    )
    assert story.body == "The Tarn Gazette\n\nThe valley loses buses."
    assert ("author", "byline") in story.origins


@pytest.mark.parametrize(
    "line", ["The Tarn Gazette, May 12, 2023", "The Tarn Gazette | 12 May 2023"]
)
def test_a_line_under_the_headline_names_the_outlet(line):
    story = read_docx(docx(p("Bus cuts", style="Titel") + p(line) + p("The valley loses buses.")))
    assert (story.source, story.published) == ("The Tarn Gazette", "2023-05-12")
    assert story.body == "The valley loses buses."


def test_properties_are_used_when_the_text_says_nothing():
    core = (
        "<dc:title>Bus cuts</dc:title><dc:creator>Ole Lind</dc:creator>"
        "<dcterms:created>2020-01-01T10:00:00Z</dcterms:created>"
    )
    story = read_docx(docx(p("The valley loses buses. And more."), core=core))
    assert (story.title, story.author) == ("Bus cuts", "Ole Lind")
    assert story.published == "2020-01-01T10:00:00+00:00"
    assert dict(story.origins)["published"].startswith("document properties")


def test_properties_left_by_programs_are_not_used():
    core = (
        "<dc:title>Document1</dc:title><dc:creator>python-docx</dc:creator>"
        "<dcterms:created>2013-12-23T23:15:00Z</dcterms:created>"
    )
    story = read_docx(docx(p("The valley loses buses."), core=core))
    assert (story.title, story.author, story.published, story.origins) == ("", "", "", ())


def test_a_bold_first_line_is_the_title():
    story = read_docx(docx(p(run("Bus cuts", "<w:b/>")) + p("The valley loses buses.")))
    assert (story.title, story.body) == ("Bus cuts", "The valley loses buses.")


@pytest.mark.parametrize(
    "below", ["By Ada Quill", "The mill was shut on Friday, and nobody knows for how long."]
)
def test_a_plain_line_over_the_story_is_the_title(below):
    story = read_docx(docx(p("Mill shut") + p(below) + p("It was old.")))
    assert story.title == "Mill shut"
    assert "Mill shut" not in story.body


@pytest.mark.parametrize("style", ["", "Titel"])
@pytest.mark.parametrize(
    ("under", "author", "source"),
    [
        (("Ada Quill", "3 May 2024"), "Ada Quill", ""),
        (("Ada Quill, Hask Valley Post", "3 May 2024"), "Ada Quill", "Hask Valley Post"),
        (("https://hask.example/mill", "By Ada Quill", "3 May 2024"), "Ada Quill", ""),
    ],
)
def test_a_name_over_the_date_wrote_it(style, under, author, source):
    story = read_docx(
        docx("".join((p("Mill shut", style=style), *map(p, under), p("It was old."))))
    )
    assert (story.title, story.author, story.source) == ("Mill shut", author, source)
    assert (story.published, story.body) == ("2024-05-03", "It was old.")


def test_a_name_under_the_date_or_far_from_it_stays():
    story = read_docx(
        docx("".join(map(p, ("Mill shut", "3 May 2024", "Hobb Lane", "It was old."))))
    )
    assert (story.author, story.body) == ("", "Hobb Lane\n\nIt was old.")


def test_an_address_over_the_headline_is_the_storys():
    lines = ("https://hask.example/mill", "Mill shut", "By Ada Quill", "It was old.")
    story = read_docx(docx("".join(map(p, lines))))
    assert (story.title, story.url) == ("Mill shut", "https://hask.example/mill")
    assert story.body == "It was old."


@pytest.mark.parametrize(
    "first",
    [
        "The mill was shut.",
        "Dear Ada,",
        "These are the reasons:",
        "a line of a poem " * 8,
        "By Ada Quill",
    ],
)
def test_a_first_line_that_is_no_headline_is_not_the_title(first):
    below = "The mill was shut on Friday, and nobody knows for how long. " * 4
    story = read_docx(docx(p(first) + p(below) + p("It was old.")))
    assert story.title == ""


def test_a_plain_first_line_stays_where_the_file_names_another_title():
    core = "<dc:title>The mill of Hask</dc:title>"
    story = read_docx(docx(p("A look back") + p("The mill was shut on Friday."), core=core))
    assert (story.title, story.body[:11]) == ("The mill of Hask", "A look back")


def test_what_stands_around_a_story_is_left_out_as_in_plain_text():
    words = ("FOR IMMEDIATE RELEASE", "Mill shut", "By Ada Quill", "The mill was shut on Friday.")
    tail = (
        "Photo: Kit Farrow",
        "(Reporting by Ada Quill; editing by Kit Farrow)",
        "Read more: Bridge opens",
        "© 2024 Hask Post. All rights reserved.",
        "ENDS",
    )
    story = read_docx(docx("".join(map(p, (*words, *tail)))))
    assert (story.title, story.author) == ("Mill shut", "Ada Quill")
    assert story.body == "The mill was shut on Friday."
    assert {words[0], *tail} <= {removal.text for removal in story.removed}
    assert ("sign-off", "paragraph 6") in [(r.rule, r.place) for r in story.removed]


def test_a_first_line_that_repeats_the_title_of_the_properties_is_the_title():
    story = read_docx(docx(p("Bus cuts") + p("Buses go."), core="<dc:title>Bus Cuts</dc:title>"))
    assert (story.title, story.body) == ("Bus cuts", "Buses go.")


def test_strict_files_are_read_too():
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert read_docx(docx(p("Strictly."), namespaces=strict, parts={"styles": "<x/>"})).body == (
        "Strictly."
    )


def test_places_count_the_paragraphs():
    story = read_docx(docx(p("Title", style="H1") + p("One.") + p("") + p("Two.")))
    assert [(story.body[x.offset :][:3], x.label) for x in story.places] == [
        ("One", "paragraph 2"),
        ("Two", "paragraph 3"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.doc\)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"", "no Word file"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (docx(""), "without text"),
        (docx(p("Cut off."))[:700], "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(data, says):
    with pytest.raises(ArticleError, match=says):
        read_docx(data)


def test_a_spreadsheet_is_not_a_word_file():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ArticleError, match="not a Word file"):
        read_docx(file.getvalue())


def test_unpacked_size_is_measured(monkeypatch):
    monkeypatch.setattr(package, "MAX_BYTES", 100_000)
    with pytest.raises(ArticleError, match="unpacks to more than"):
        read_docx(docx(p("word " * 50_000)))


def test_too_many_parts(monkeypatch):
    monkeypatch.setattr(package, "MAX_PARTS", 3)
    with pytest.raises(ArticleError, match="more than 3 parts"):
        read_docx(docx(p("Text.")))


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = f"{bomb}<w:document {W}><w:body>{p('Text &b;&b; here.')}</w:body></w:document>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", body)
    assert "aaaa" not in read_docx(file.getvalue()).body


def test_deep_nesting_ends():
    deep = "<w:sdt><w:sdtContent>" * 5000 + p("Deep.") + "</w:sdtContent></w:sdt>" * 5000
    with pytest.raises(ArticleError):
        read_docx(docx(deep))
    inside = "<w:sdt><w:sdtContent>" * 100 + p("Deep.") + "</w:sdtContent></w:sdt>" * 100
    assert read_docx(docx(inside)).body == "Deep."


SAMPLE = docx(
    p("Bus cuts", style="H1") + p("The valley loses buses.") + p("bread", style="Points"),
    parts={"footnotes": f"<w:footnotes {W}/>"},
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(SAMPLE)),
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=8),
)
def test_damaged_files_give_a_story_or_a_reason(cut, changes):
    data = bytearray(SAMPLE)
    for at, value in changes:
        data[at] = value
    start = time.monotonic()
    for damaged in (bytes(data), bytes(data[:cut])):
        try:
            assert isinstance(read_docx(damaged), Story)
        except ArticleError as error:
            assert str(error)
    assert time.monotonic() - start < 30
