import time
import warnings

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Story
from askarticles.errors import ArticleError
from askarticles.reading import pdf as reader
from askarticles.reading.pdf import read_pdf


def make(*texts, pages=None, encrypt="", title=""):
    """A PDF of A4 pages; texts: (x, y, size, text[, style]), in points from the top left."""
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_title(title)
    for page in pages or [texts]:
        pdf.add_page()
        for x, y, size, text, *style in page:
            pdf.set_font("Times", style[0] if style else "", size)
            pdf.text(x, y, text)
    if encrypt:
        pdf.set_encryption(owner_password="owner", user_password=encrypt.strip("-"))
    return bytes(pdf.output())


def column(x, y, lines, size=10, step=13):
    return [(x, y + step * n, size, line) for n, line in enumerate(lines) if line]


def body(*texts, **kwargs):
    return read_pdf(make(*texts, **kwargs)).body


LEFT = [
    "The ferry to the outer islands did not sail on any day",
    "of the week, because the slip at Norvik was damaged by",
    "the storm. The county sent a barge with food, and two",
    "families were brought to the mainland by the fishermen",
]
RIGHT = [
    "who know the sound. The repair will cost four million.",
    "",
    "A second storm is expected on Friday. Until then, the",
    "barge sails twice a day from the new quay at Brandsund",
    "and takes no cars at all.",
]


def test_columns_are_read_one_after_the_other_and_joined():
    assert body(*column(60, 100, LEFT), *column(320, 100, RIGHT)) == (
        " ".join([*LEFT, RIGHT[0]]) + "\n\n" + " ".join(RIGHT[2:])
    )


def test_columns_with_baselines_of_their_own():
    text = body(*column(60, 100, LEFT), *column(320, 105, RIGHT, step=14))
    assert text.startswith(" ".join([*LEFT, RIGHT[0]]))


def test_lines_written_in_any_order():
    texts = [*column(60, 100, LEFT), *column(320, 100, RIGHT)]
    assert body(*texts[::-1]) == body(*texts) == body(*texts[::2], *texts[1::2])


def test_three_columns_under_a_heading_across_them():
    columns = [
        [
            f"{word} column has a line of text",
            "and a second line that goes",
            "on to the third line of it.",
        ]
        for word in ("First", "Second", "Third")
    ]
    texts = [
        (60, 80, 10, "A heading that runs across all of the columns of this page of the paper")
    ]
    for n, lines in enumerate(columns):
        texts += column(60 + 165 * n, 110, lines)
    assert body(*texts).split("\n\n")[1:] == [" ".join(lines) for lines in columns]


def test_a_heading_across_the_middle_parts_the_columns():
    texts = [
        *column(60, 100, ["Above on the left stands this line of text"] * 4),
        *column(320, 100, ["Above on the right stands this line of text"] * 4),
        (
            60,
            180,
            10,
            "Below this heading, which crosses the gutter of the page entirely, all is new",
        ),
        *column(60, 220, ["Below on the left stands this line of text"] * 4),
        *column(320, 220, ["Below on the right stands this line of text"] * 4),
    ]
    text = body(*texts)
    order = [
        "Above on the left",
        "Above on the right",
        "crosses",
        "Below on the left",
        "Below on the right",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_table_is_not_taken_for_columns():
    rows = [("Station", "Depth", "Oxygen"), ("Norvik", "12", "8.4"), ("Inner bay", "7", "9.1")]
    texts = [(60, 100, 10, "Oxygen by station in the spring of the year, measured at noon:")]
    for n, row in enumerate(rows):
        texts += [(60 + 100 * at, 125 + 13 * n, 10, cell) for at, cell in enumerate(row)]
    assert body(*texts).endswith("Station | Depth | Oxygen\nNorvik | 12 | 8.4\nInner bay | 7 | 9.1")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The muni-", "cipality paid."], "The municipality paid."),
        (
            ["The fee-", "setting terms. All fee-setting ends."],
            "The fee-setting terms. All fee-setting ends.",
        ),
        (["The boat-", "house. A boathouse it is."], "The boathouse. A boathouse it is."),
        (["A flat-", "iron. It is flat and of iron."], "A flat-iron. It is flat and of iron."),
        (["The Anglo-", "Saxon hoard."], "The Anglo-Saxon hoard."),
        (["The mid-", "1990s were cold."], "The mid-1990s were cold."),
        (["A state-of-the-", "art mill."], "A state-of-the-art mill."),
        (["The pre-", "and post-war years."], "The pre- and post-war years."),
        (["It was late -", "too late."], "It was late - too late."),
        (["He saw - and", "left."], "He saw - and left."),
    ],
)
def test_words_broken_at_a_line_end(lines, text):
    assert body(*column(60, 100, lines)) == text


def test_a_word_broken_across_pages():
    long = "This line is as long as lines on this page are ever going to be here, so it"
    pages = [
        [*column(60, 100, [long, long.replace("here, so it", "here. The muni-")])],
        [
            *column(
                60,
                100,
                [
                    "cipality paid for the repair of the slip and of the bridge beside it.",
                    "It will reopen.",
                ],
            )
        ],
    ]
    story = read_pdf(make(pages=pages))
    assert "The municipality paid for" in story.body
    assert [(story.body[p.offset :][:12], p.label) for p in story.places] == [
        ("This line is", "page 1"),
        ("cipality paid"[:12], "page 2"),
    ]


def furnished(number, lines):
    return [
        (60, 40, 8, "Lake Board Quarterly" if number % 2 else "Spring 2024"),
        *column(60, 90, lines),
        (290, 810, 8, str(number)),
    ]


def test_headers_footers_and_page_numbers_are_dropped_and_told():
    lines = [
        "The board measured the water at nine stations and found less phosphorus than",
        "in any year since the works opened, and the people of Norvik were glad to see",
    ]
    pages = [
        furnished(n, [f"Page text {'abcd'[n - 7]}. " + lines[0], lines[1] + " it" * n])
        for n in range(7, 11)
    ]
    story = read_pdf(make(pages=pages))
    assert "Lake Board" not in story.body and "Spring" not in story.body
    assert not any(n in story.body.split() for n in ("7", "8", "9", "10"))
    assert story.body.count("Page text") == 4
    assert {r.text for r in story.removed} == {"Lake Board Quarterly", "Spring 2024", "7"}
    assert all(r.place.startswith("page ") for r in story.removed)


def test_changing_chapter_names_go_where_furniture_stands():
    names = ["Water", "Water", "Fish", "Air", "Air"]
    pages = [
        [
            (60, 40, 8, name),
            *column(60, 90, [f"Text number {'abcde'[n]} is here and goes on.", "It ends."]),
        ]
        for n, name in enumerate(names)
    ]
    text = read_pdf(make(pages=pages)).body
    assert "Fish" not in text and text.count("Text number") == 5


def test_repeated_lines_inside_the_text_stay():
    lines = [
        "First line of the page, and it is different on each: {}.",
        *["Refrain of the song."] * 9,
    ]
    pages = [
        column(60, 90, [line.format("abc"[n]) for line in lines] + [f"Last {'abc'[n]}."])
        for n in range(3)
    ]
    assert read_pdf(make(pages=pages)).body.count("Refrain of the song.") == 27


def test_footnote_stands_behind_the_paragraph_it_interrupts():
    long = "the slip at Norvik was rebuilt and is now wider than it ever has been before, and"
    pages = [
        [
            *column(60, 100, [long] * 5),
            (60, 740, 7, "1 In 2019 it was narrower by far, as old maps show."),
        ],
        [
            *column(
                60,
                100,
                ["the people who use it say that they do not miss the old one.", "Not at all."],
            )
        ],
    ]
    paragraphs = read_pdf(make(pages=pages)).body.split("\n\n")
    assert "before, and the people who use it" in paragraphs[0]
    assert paragraphs[1].startswith("1 In 2019")


def test_the_mark_of_a_note_is_not_part_of_the_sentence():
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Times", size=10)
    for text, raised in (
        ("It was sold in spring", "1"),
        (" to the county. The mill has 12 m", "2"),
        (" of floor. It stands on the river, and the people of the village know it well. ", ""),
    ):
        pdf.write(13, text)
        pdf.char_vpos = "SUP"
        pdf.write(13, raised)
        pdf.char_vpos = "LINE"
    pdf.set_font("Times", size=7)
    pdf.text(60, 700, "1 For two crowns.")
    pdf.text(60, 710, "2 The county does not say why it was measured.")
    text = read_pdf(bytes(pdf.output())).body
    assert "sold in spring to the county. The mill has 12 m2 of floor." in text


def test_a_large_first_letter_starts_its_word():
    lines = [
        "he mill has ground flour since the railway came,",
        "and it will grind for a hundred years more, says",
    ]
    texts = [
        (60, 126, 40, "T"),
        *column(86, 109, lines),
        *column(60, 135, ["its owner, who lifts the sacks himself every day."] * 5),
    ]
    assert body(*texts).startswith("The mill has ground flour since the railway came, and it will")


def test_paragraphs_by_indent():
    lines = [
        "A paragraph starts here and fills this line to the very end of it, as the",
        "second line shows too, but the third",
    ]
    texts = [
        *column(60, 100, lines),
        (
            72,
            126,
            10,
            "is set in, so it starts a paragraph of its own, which is then as wide as the",
        ),
        (60, 139, 10, "others."),
    ]
    assert len(body(*texts).split("\n\n")) == 2


def test_contents_with_dots_are_left_out_and_told():
    texts = [
        *column(60, 100, ["Contents", "The ferry . . . . . . . . . . 12"]),
        *column(60, 200, LEFT),
    ]
    story = read_pdf(make(*texts))
    assert story.body == "Contents\n\n" + " ".join(LEFT)
    assert [(r.text, r.rule) for r in story.removed] == [("The ferry 12", "table of contents")]


@pytest.mark.parametrize(
    ("loose", "whole"),
    [
        ("opini´on", "opinión"),
        ("voil`a", "voilà"),
        ("`a la", "`a la"),
        ("it´s", "it´s"),
        ("¨uber", "über"),
    ],
)
def test_loose_accents_are_put_on_their_letters(loose, whole):
    assert body(*column(60, 100, [f"He says {loose} here."])) == f"He says {whole} here."


def test_bullets_become_items():
    texts = column(60, 100, ["Bring:", "- bread and salt", "- a lamp"])
    assert body(*texts) == "Bring:\n\n- bread and salt\n- a lamp"


def test_title_byline_and_date():
    texts = [
        (60, 60, 9, "THE NORVIK GAZETTE"),
        (60, 100, 22, "Ferry stays in port", "B"),
        (60, 125, 10, "By Ingrid Solvang"),
        (60, 150, 10, "3 March 2024"),
        *column(60, 180, LEFT),
    ]
    story = read_pdf(make(*texts, title="Microsoft Word - ferry.doc"))
    assert (story.title, story.author, story.published) == (
        "Ferry stays in port",
        "Ingrid Solvang",
        "2024-03-03",
    )
    assert story.body == "THE NORVIK GAZETTE\n\n" + " ".join(LEFT)
    assert dict(story.origins)["author"] == "byline"


def test_the_title_of_the_properties_is_used_if_a_person_gave_it():
    assert read_pdf(make(*column(60, 100, LEFT), title="Ferry stays")).title == "Ferry stays"
    assert read_pdf(make(*column(60, 100, LEFT), title="untitled")).title == ""


def test_the_day_the_file_was_made_is_not_its_date():
    assert read_pdf(make(*column(60, 100, LEFT))).published == ""


def test_text_at_an_angle_is_left_out_and_told():
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Times", size=10)
    for x, y, _, line in column(60, 100, LEFT):
        pdf.text(x, y, line)
    with pdf.rotation(90, 20, 500):
        pdf.text(20, 500, "DRAFT COPY")
    story = read_pdf(bytes(pdf.output()))
    assert story.body == " ".join(LEFT)
    assert [r.text for r in story.removed] == ["DRAFT COPY"]


def test_a_page_on_its_side_is_read():
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Times", size=10)
    with pdf.rotation(90, 300, 400):
        for x, y, _, line in column(100, 300, LEFT):
            pdf.text(x, y, line)
    assert read_pdf(bytes(pdf.output())).body == " ".join(LEFT)


def test_locked_files():
    assert body(*column(60, 100, LEFT), encrypt="-") == " ".join(LEFT)
    with pytest.raises(ArticleError, match="password"):
        body(*column(60, 100, LEFT), encrypt="secret")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no PDF"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (make((60, 100, 10, " ")), "without text"),
    ],
)
def test_what_cannot_be_read_says_why(data, says):
    with pytest.raises(ArticleError, match=says):
        read_pdf(data)


def test_a_file_that_is_cut_off_says_so():
    data = make(pages=[column(60, 100, LEFT)] * 3)
    for share in (0.5, 0.9, 0.99):
        with pytest.raises(ArticleError, match="cut off"):
            read_pdf(data[: int(share * len(data))])


def raw_pdf(*objects, root=1):
    """A PDF of these objects, numbered from 1, without a table (readers rebuild it)."""
    parts = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + parts + b"trailer << /Root %d 0 R >>\n%%%%EOF" % root


def stream(content, extra=b""):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (extra, len(content), content)


def test_a_minimal_file_written_by_hand():
    data = raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >> >>",
        stream(b"BT /F 12 Tf 60 700 Td (The ferry is late.) Tj ET"),
    )
    assert read_pdf(data).body == "The ferry is late."


def doubling_forms(depth):
    """Forms that each draw the next one ten times: 10 ** depth drawings."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources "
            b"<< /XObject << /X %d 0 R >> >>" % (n + 1),
        )
        for n in range(5, 5 + depth)
    ]
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources "
        b"<< /XObject << /X 5 0 R >> >> >>",
        stream(b"/X Do"),
        *forms,
        stream(b"0 0 m", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"),
    )


@pytest.mark.parametrize(
    "data",
    [
        raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R] /Count 2000000000 >>",
        ),
        raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 200_000 + b"]" * 200_000),
        doubling_forms(12),
    ],
    ids=["pages that hold themselves", "deep arrays", "forms that double"],
)
def test_hostile_files_end(data, monkeypatch):
    monkeypatch.setattr(reader, "_SECONDS", 1.0)
    start = time.monotonic()
    with pytest.raises(ArticleError):
        read_pdf(data)
    assert time.monotonic() - start < 10  # a busy machine gives it a part of its time


SAMPLE = make(*column(60, 100, LEFT), *column(320, 100, RIGHT))


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, len(SAMPLE)),
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=8),
)
def test_damaged_files_give_a_story_or_a_reason(cut, changes):
    data = bytearray(SAMPLE)
    for at, value in changes:
        data[at] = value
    for damaged in (bytes(data), bytes(data[:cut])):
        try:
            assert isinstance(read_pdf(damaged), Story)
        except ArticleError as error:
            assert str(error)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-20, 600),
            st.integers(-20, 860),
            st.sampled_from([6, 9, 10, 10, 10, 24]),
            st.text("abcdeé .-12•", min_size=1, max_size=40),
        ),
        max_size=60,
    )
)
def test_any_page_gives_clean_lines(texts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = make(*[(x, y, size, text.replace("•", "-")) for x, y, size, text in texts])
    try:
        story = read_pdf(data)
    except ArticleError:
        return
    for paragraph in story.body.split("\n\n"):
        assert paragraph.strip() == paragraph
        assert "  " not in paragraph
    offsets = [place.offset for place in story.places]
    assert offsets == sorted(set(offsets))


def test_what_a_browser_prints_over_and_under_a_page_is_left_out():
    texts = [
        (20, 20, 8, "2/13/24, 6:22 PM"),
        (250, 20, 8, "Ferry stays in port - The Norvik Gazette"),
        (60, 100, 22, "Ferry stays in port", "B"),
        *column(60, 150, LEFT),
        (60, 300, 10, "Share this article"),
        (20, 830, 8, "https://norvik.example/ferry"),
        (560, 830, 8, "1/1"),
    ]
    story = read_pdf(make(*texts))
    assert story.body == " ".join(LEFT)
    assert (story.title, story.url) == ("Ferry stays in port", "https://norvik.example/ferry")
    assert {removal.rule for removal in story.removed} == {"what the browser printed", "share bar"}
