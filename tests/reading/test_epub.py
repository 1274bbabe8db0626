import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Story
from askarticles.errors import ArticleError
from askarticles.reading.epub import read_epub

XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
ABOUT = """<dc:title>Tides of Oster</dc:title>
<dc:creator opf:role="aut">Ana Lindqvist</dc:creator>
<dc:creator opf:role="ill">Bo Karst</dc:creator>
<dc:date>2021-05-04</dc:date><dc:language>en-GB</dc:language><dc:publisher>Quay Press</dc:publisher>
<dc:identifier>urn:isbn:0</dc:identifier>"""


def page(body):
    return (
        f'<?xml version="1.0"?><!DOCTYPE html><html {XHTML}><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def epub(chapters, *, about=ABOUT, guide="", parts=None, properties=None):
    """A book; chapters: name -> content, in the order of the spine."""
    items = "".join(
        f'<item id="i{n}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml" '
        f'properties="{(properties or {}).get(name, "")}"/>'
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "book/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:opf="http://www.idpf.org/2007/opf" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{about}</metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine><guide>{guide}</guide></package>",
        )
        for name, content in chapters.items():
            archive.writestr(f"book/{name}", content)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


def body_of(markup):
    return read_epub(epub({"a.xhtml": page(markup)})).body


def test_chapters_come_in_the_order_of_the_spine():
    story = read_epub(
        epub({"z two.xhtml": page("<h1>One</h1><p>First.</p>"), "a.xhtml": page("<p>Second.</p>")})
    )
    assert story.body == "One\n\nFirst.\n\nSecond."
    assert [(place.offset, place.label) for place in story.places] == [
        (0, "chapter 1"),
        (story.body.index("Second"), "chapter 2"),
    ]


def test_what_the_book_says_of_itself():
    story = read_epub(epub({"a.xhtml": page("<p>Text.</p>")}))
    assert (story.title, story.author, story.source) == (
        "Tides of Oster",
        "Ana Lindqvist",
        "Quay Press",
    )
    assert (story.published, story.language, story.url) == ("2021-05-04", "en", "")
    assert {name for name, _ in story.origins} == {
        "title",
        "author",
        "source",
        "published",
        "language",
    }


def test_refined_roles_titles_and_dates():
    about = """<dc:title id="s">A tale</dc:title><dc:title id="t">Tides</dc:title>
    <meta refines="#s" property="title-type">subtitle</meta>
    <dc:creator id="e">Bo Karst</dc:creator><dc:creator id="a">Ana Lindqvist</dc:creator>
    <meta refines="#e" property="role">edt</meta><meta refines="#a" property="role">aut</meta>
    <dc:date opf:event="modification">2024</dc:date>
    <dc:date opf:event="publication">1999-03</dc:date>
    <dc:identifier>https://example.org/tides</dc:identifier>"""
    story = read_epub(epub({"a.xhtml": page("<p>Text.</p>")}, about=about))
    assert (story.title, story.author, story.published) == ("Tides", "Ana Lindqvist", "1999-03")
    assert story.url == "https://example.org/tides"


def test_the_date_that_means_none():
    about = "<dc:date>0101-01-01T00:00:00+00:00</dc:date>"
    assert read_epub(epub({"a.xhtml": page("<p>Text.</p>")}, about=about)).published == ""


def test_cover_contents_and_navigation_are_left_out():
    links = "".join(f'<p><a href="a.xhtml#{n}">Part {n}</a></p>' for n in range(6))
    story = read_epub(
        epub(
            {
                "cover.xhtml": page("<p>Tides, a cover</p>"),
                "nav.xhtml": page("<p>Contents</p>"),
                "list.xhtml": page(links),
                "half.xhtml": page('<section epub:type="titlepage"><p>Tides</p></section>'),
                "a.xhtml": page("<nav><p>Jump</p></nav><p>Text.</p>"),
            },
            guide='<reference type="cover" href="cover.xhtml"/>',
            properties={"nav.xhtml": "nav"},
        )
    )
    assert story.body == "Text."
    assert [removal.text for removal in story.removed][:2] == ["Tides, a cover", "Contents"]
    assert len(story.removed) == 4


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>The sea&nbsp;rose&mdash;fast.</p>", "The sea rose—fast."),
        ("<div>Loose <b>text</b><p>Inner.</p>tail</div>", "Loose text\n\nInner.\n\ntail"),
        ("<ul><li>a <i>b</i></li><li><p>c</p><ol><li>d</li></ol></li></ul>", "- a b\n- c\n- d"),
        (
            "<table><tr><th>x</th><td>1</td></tr><tr><th>y</th><td>2</td></tr></table>",
            "x | 1\ny | 2",
        ),
        ("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>", "One.\n\nTwo."),
        ("<p>Line<br/>break</p><hr/><p>After</p>", "Line break\n\nAfter"),
        ('<p>It lost<a epub:type="noteref" href="#n">1</a> all.</p>', "It lost all."),
        ('<p>It lost<sup><a href="#n">2</a></sup> all.</p>', "It lost all."),
        ("<p>E = mc<sup>2</sup></p>", "E = mc²"),
        ('<p>See <a href="#b">b</a>.</p>', "See b."),
        ("<p>漢<rt>kan</rt>字</p><script>x()</script><p hidden=''>No.</p>", "漢字"),
        ("<p>R&amp;D &lt; &unknown; 3</p>", "R&D < &unknown; 3"),
    ],
)
def test_markup(markup, body):
    assert body_of(markup) == body


def test_broken_xhtml_is_read_as_a_web_page():
    story = read_epub(epub({"a.xhtml": "<html><body><p>One<p>Two & three</body>"}))
    assert story.body.split("\n\n") == ["One", "Two & three"]


def test_a_locked_book_says_so():
    def encryption(algorithm):
        return (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
            'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod '
            f'Algorithm="{algorithm}"/></EncryptedData></encryption>'
        )

    def book(algorithm):
        return epub(
            {"a.xhtml": page("<p>Text.</p>")},
            parts={"META-INF/encryption.xml": encryption(algorithm)},
        )

    assert read_epub(book("http://www.idpf.org/2008/embedding")).body == "Text."
    with pytest.raises(ArticleError, match="DRM"):
        read_epub(book("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no EPUB book"),
        (epub({"a.xhtml": page("<p><img src='x.png'/></p>")}), "without text"),
        (epub({"a.xhtml": page("<p>Text.</p>")})[:500], "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(data, says):
    with pytest.raises(ArticleError, match=says):
        read_epub(data)


def test_a_part_is_read_once_however_often_the_spine_names_it():
    data = epub({"a.xhtml": page("<p>Text.</p>")})
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("opf"):
                content = content.replace(b'<itemref idref="i0"/>', b'<itemref idref="i0"/>' * 9)
            new.writestr(name, content)
    assert read_epub(file.getvalue()).body == "Text."


def test_deep_nesting_ends():
    start = time.monotonic()
    for tag in ("div", "span"):
        assert "Kept" in body_of(f"<p>Kept.</p>{f'<{tag}>' * 4000}Deep{f'</{tag}>' * 4000}")
    lists = body_of("<p>Kept.</p>" + "<ul><li>x" * 4000 + "</li></ul>" * 4000)
    assert lists.startswith("Kept.\n\n- x\n- x")
    assert time.monotonic() - start < 30


SAMPLE = epub({"a.xhtml": page("<h1>One</h1><p>The sea rose.</p><ul><li>a</li></ul>")})


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
            assert isinstance(read_epub(damaged), Story)
        except ArticleError as error:
            assert str(error)
    assert time.monotonic() - start < 30


@settings(max_examples=60, deadline=None)
@given(st.text("<>/abp&;\"' \n=ulitd#1", max_size=80))
def test_any_chapter_gives_clean_lines(markup):
    try:
        story = read_epub(epub({"a.xhtml": f"<html><body>{markup}</body></html>"}))
    except ArticleError:
        return
    for paragraph in story.body.split("\n\n"):
        assert paragraph.strip() == paragraph != ""
        assert "  " not in paragraph and "\t" not in paragraph
