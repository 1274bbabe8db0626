"""Tables: every record's words under whatever names the columns have."""

import csv
import io
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Problem, Story
from askarticles.errors import ArticleError
from askarticles.reading.tables import read_csv, read_json, read_jsonl

TEXT = "The tram to Vellmar runs again. It had stood since May."


def stories(found):
    found = list(found)
    assert all(isinstance(item, Story) for item in found), found
    return found


def one(record):
    (story,) = stories(read_json(json.dumps([record]).encode()))
    return story


def words(text):
    return " ".join(text.split())


# Names


@pytest.mark.parametrize(
    "record",
    [
        {"id": 7, "title": "Tram runs", "date": "2022-06-01", "source": "Vellmar Post"},
        {"Headline": "Tram runs", "publish_date": "1 June 2022", "publication": "Vellmar Post"},
        {
            "title": "Tram runs",
            "publishedAt": "2022-06-01",
            "source": {"id": 1, "name": "Vellmar Post"},
        },
        {"headline": {"main": "Tram runs"}, "pub_date": "2022-06-01", "Outlet": "Vellmar Post"},
        {"TITLE": "Tram runs", "date_publish": "2022-06-01", "site": "Vellmar Post"},
        {"Titre": "Tram runs", "Date de publication": "01/06/2022", "Journal": "Vellmar Post"},
        {"título": "Tram runs", "fecha": "1 de junio de 2022", "periódico": "Vellmar Post"},
        {"Überschrift": "Tram runs", "Datum": "1. Juni 2022", "Quelle": "Vellmar Post"},
        {"titolo": "Tram runs", "data": "1 giugno 2022", "fonte": "Vellmar Post"},
        {
            "title": {"rendered": "Tram runs"},
            "date": 1654041600,
            "publisher": {"name": "Vellmar Post"},
        },
        {"title": "Tram&#32;runs", "date": "1654041600000", "source": "Vellmar Post"},
    ],
)
@pytest.mark.parametrize("name", ["text", "maintext", "Article Text", "articleBody", "Texte"])
def test_columns_are_known_by_many_names(record, name):
    story = one({**record, name: TEXT})
    assert words(story.body) == TEXT
    assert story.title == "Tram runs"
    assert story.published[:10] == "2022-06-01"
    assert story.source == "Vellmar Post"


@pytest.mark.parametrize(
    "record",
    [
        {
            "title": "Tram runs",
            "html": f"<p>{TEXT}</p><p>It is <b>red</b>.</p>",
            "excerpt": "The tram…",
            "published_at": "2022-06-01T10:12:00.000Z",
            "authors": [{"name": "Ida Roth"}],
        },
        {
            "Post Title": "Tram runs",
            "Post Content": f"{TEXT}\n\nIt is <b>red</b>.",
            "Post Date": "2022-06-01 10:12:00",
            "Post Author": "Ida Roth",
        },
        {
            "headlines": {"basic": "Tram runs"},
            "content_elements": [
                {"type": "text", "content": TEXT},
                {"type": "image", "content": "A tram"},
                {"type": "text", "content": "It is <b>red</b>."},
            ],
            "display_date": "2022-06-01T10:12:00Z",
            "credits": {"by": [{"type": "author", "name": "Ida Roth"}]},
        },
        {
            "title": "Tram runs",
            "content": {
                "blocks": [
                    {"type": "paragraph", "data": {"text": TEXT}},
                    {"type": "list", "data": {"items": ["It is <b>red</b>."]}},
                ]
            },
            "date": "2022-06-01",
            "author": "Ida Roth",
        },
    ],
    ids=["Ghost", "WordPress", "Arc", "Editor.js"],
)
def test_articles_of_programs_for_blogs_and_newsrooms(record):
    story = one(record)
    assert story.body == f"{TEXT}\n\nIt is red."
    assert (story.title, story.author) == ("Tram runs", "Ida Roth")
    assert story.published[:10] == "2022-06-01"


@pytest.mark.parametrize(
    "value",
    [
        {
            "success": True,
            "data": {
                "markdown": f"# Tram runs\n\n{TEXT}",
                "metadata": {
                    "title": "Tram runs - Vellmar Post",
                    "description": "Trams are back.",
                    "publishedTime": "2022-06-01",
                    "ogSiteName": "Vellmar Post",
                    "sourceURL": "https://vellmar.example/1",
                },
            },
        },
        {
            "page_content": TEXT,
            "metadata": {
                "source": "https://vellmar.example/1",
                "title": "Tram runs",
                "article:published_time": "2022-06-01",
                "og:site_name": "Vellmar Post",
            },
        },
        {
            "1": {
                "__data__": {
                    "text": TEXT,
                    "metadata": {
                        "title": "Tram runs",
                        "date": "2022-06-01",
                        "publication": "Vellmar Post",
                        "url": "https://vellmar.example/1",
                    },
                }
            }
        },
        {
            "content": TEXT,
            "meta": {
                "title": "Tram runs | Vellmar Post",
                "url": "https://vellmar.example/1",
                "date": "2022-06-01",
                "site_name": "Vellmar Post",
            },
        },
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Vellmar Post",
            "items": [
                {
                    "title": "Tram runs",
                    "url": "https://vellmar.example/1",
                    "content_text": TEXT,
                    "date_published": "2022-06-01",
                }
            ],
        },
    ],
    ids=["Firecrawl", "LangChain", "LlamaIndex", "Haystack", "JSON Feed"],
)
def test_articles_of_crawlers_and_of_tools_for_language_models(value):
    (story,) = stories(read_json(json.dumps(value).encode()))
    assert (story.title, story.published) == ("Tram runs", "2022-06-01")
    assert (story.source, story.url) == ("Vellmar Post", "https://vellmar.example/1")
    assert story.body == TEXT


def test_posts_of_reddit_are_read_as_markdown_and_deleted_ones_have_no_text():
    said = "We [rode it](https://vellmar.example/1) at *noon*."
    posts = [{"title": "Tram", "selftext": said, "created_utc": 1654041600.0, "author": "roth"}]
    posts.append({"title": "Gone", "selftext": "[deleted]"})
    listing = {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": p} for p in posts]}}
    story, gone = read_json(json.dumps(listing).encode())
    assert isinstance(story, Story)
    assert story.body == "We rode it at noon."
    assert story.published[:10] == "2022-06-01"
    assert isinstance(gone, Problem)


def test_what_stands_beside_a_record_does_not_hide_what_it_has_itself():
    beside = {"text": "Trams of Vellmar", "title": "Vellmar | trams", "published": "2001-01-01"}
    own = {"headline": "Tram runs", "content": TEXT, "date": "2022-06-01"}
    for name in ("meta", "metadata", "yoast_head_json"):
        story = one({**own, name: beside})
        assert (story.title, story.body) == ("Tram runs", TEXT)
        assert story.published == "2022-06-01"
    posted = {"title": {"rendered": "Tram runs"}, "content": {"rendered": f"<p>{TEXT}</p>"}}
    assert one({**posted, "author": 5, "meta": {"text": "no", "author": "Ida"}}).body == TEXT
    fetched = {"content": TEXT, "created": "2024-01-01", "metadata": {"published": "2022-06-01"}}
    assert one(fetched).published == "2022-06-01"


def test_a_text_with_one_link_of_markdown_is_no_markdown():
    lines = (
        "# 1 on the list is [Pell](https://pell.example/1).",
        "It has `<b>` signs.",
        "1953. It is.",
    )
    assert one({"text": "\n".join(lines)}).body == "\n\n".join(lines)
    page = "# Tram runs\n\nIt is *on* the [list](https://pell.example/1).\n\nIt rings."
    assert one({"text": page}).body == "It is on the list.\n\nIt rings."


def test_json_that_is_cut_off_inside_a_long_text_is_refused_at_once():
    start = time.process_time()
    with pytest.raises(ArticleError, match="not valid JSON"):
        read_json(b'[{"text": "' + rb"She said \"it runs\". " * 10_000)
    assert time.process_time() - start < 5


def test_brackets_and_stars_of_a_text_that_is_no_markdown_stay():
    said = "He called it [sic] a *win*. See [1] (page 5)."
    assert one({"text": said}).body == said


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Tram runs - Vellmar Post", "Tram runs"),
        ("Tram runs – again", "Tram runs – again"),
        ("The sale of Vellmar Post", "The sale of Vellmar Post"),
    ],
)
def test_the_outlet_behind_a_headline_is_none_of_it(title, kept):
    assert one({"title": title, "source": "Vellmar Post", "text": TEXT}).title == kept


def test_the_file_that_a_text_was_cut_from_is_no_outlet():
    assert one({"text": TEXT, "metadata": {"source": "news/tram.txt"}}).source == ""


def test_a_name_stands_in_for_the_number_of_an_author():
    record = {
        "author": 3,
        "content": TEXT,
        "_embedded": {"author": [{"id": 3, "name": "Ida Roth"}]},
    }
    assert one(record).author == "Ida Roth"


@pytest.mark.parametrize("parts", ["content", "children"])
def test_runs_of_letters_of_one_look_are_one_paragraph(parts):
    runs = [{"type": "text", "text": part} for part in ("The tram", " to Vell", "mar runs.")]
    paragraph = {"type": "paragraph", parts: runs}
    heading = {"type": "heading", parts: [{"type": "text", "text": "Again"}]}
    assert one({"body": [paragraph, heading, paragraph]}).body == (
        "The tram to Vellmar runs.\n\nAgain\n\nThe tram to Vellmar runs."
    )
    listed = {"type": "list", parts: [{"type": "item", parts: [paragraph]}]}
    assert one({"body": {"type": "doc", parts: [listed]}}).body == "The tram to Vellmar runs."
    # Elsewhere "text" is the kind of a paragraph.
    assert one({"body": [{"type": "text", "text": w} for w in ("One.", "Two.")]}).body == (
        "One.\n\nTwo."
    )


@pytest.mark.parametrize(
    ("column", "value", "day"),
    [
        ("date", "44713", "2022-06-01"),
        ("Datum", "44713.5", "2022-06-01"),
        ("time", "44713", ""),
        ("date", "99999", ""),
        ("date", "20240", ""),
    ],
)
def test_days_as_spreadsheets_count_them(column, value, day):
    assert one({"text": TEXT, column: value}).published == day


def test_shortcodes_of_posts_are_left_out_and_those_of_others_stay():
    said = "The tram runs.\n\n[gallery ids='1']"
    story = one({"post_content": said, "post_status": "publish"})
    assert story.body == "The tram runs."
    assert story.removed[0].text == "[gallery ids='1']"
    assert "[gallery" in one({"text": said}).body


@pytest.mark.parametrize("data", ['[{"text": "a, ]"},\n]', '{"text": "a, ]",}{"text": "a, ]"}'])
def test_json_with_loose_ends_is_read(data):
    found = stories(read_json(data.encode()))
    assert {story.body for story in found} == {"a, ]"}


def test_a_whole_page_in_a_cell_is_read_without_its_menu():
    page = f"<html><body><nav><a>Home</a> <a>Sport</a></nav><p>{TEXT}</p></body></html>"
    story = one({"title": "Tram runs", "html": page})
    assert story.body == TEXT
    assert story.title == "Tram runs"


def test_a_part_of_an_odd_kind_is_read():
    story = one({"title": "Tram", "content": [{"type": ["x"], "content": TEXT}]})
    assert story.body == TEXT


def test_a_draft_is_no_article():
    posts = [
        {"title": "Tram", "html": "<p>To do.</p>", "status": "draft"},
        {"title": "Tram runs", "html": f"<p>{TEXT}</p>", "status": "published"},
    ]
    export = {"db": [{"meta": {"version": "5"}, "data": {"posts": posts, "tags": []}}]}
    draft, story = read_json(json.dumps(export).encode())
    assert isinstance(draft, Problem)
    assert "draft" in draft.reason
    assert isinstance(story, Story)
    assert story.body == TEXT
    assert one({"title": "Tram law", "text": TEXT, "status": "draft"}).body == TEXT


def test_the_full_text_wins_over_the_summary():
    assert one({"description": "Short.", "content": TEXT}).body == TEXT
    assert one({"description": TEXT, "content": ""}).body == TEXT


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ida Roth", "Ida Roth"),
        ("By Ida Roth and Per Holm", "Ida Roth; Per Holm"),
        ("Ida Roth, Per Holm", "Ida Roth; Per Holm"),
        ("Ida Roth, Correspondent", "Ida Roth, Correspondent"),
        (["Ida Roth", "Per Holm"], "Ida Roth; Per Holm"),
        ("['Ida Roth', 'Per Holm']", "Ida Roth; Per Holm"),
        ([{"name": "Ida Roth"}, {"name": "Per Holm"}], "Ida Roth; Per Holm"),
        ({"@type": "Person", "name": "Ida Roth"}, "Ida Roth"),
        ([{"firstName": "Ida", "lastName": "Roth"}], "Ida Roth"),
        (["Ida Roth", "Staff Writer"], "Ida Roth"),
        ("Staff Writer", "Staff Writer"),
        ("nan", ""),
        (3, ""),
        (None, ""),
    ],
)
def test_authors_in_many_forms(value, names):
    assert one({"text": TEXT, "authors": value}).author == names


def test_numbers_that_stand_for_nothing_are_no_text():
    found = list(
        read_json(b'[{"text": NaN}, {"text": "nan"}, {"text": null}, {"text": "It runs."}]')
    )
    assert [type(item) for item in found] == [Problem, Problem, Problem, Story]
    assert [p.path for p in found if isinstance(p, Problem)] == ["#1", "#2", "#3"]


def test_markup_in_a_cell_becomes_paragraphs():
    story = one({"text": "<p>It runs &amp; runs.</p><p>Every <b>ten</b> minutes.</p>"})
    assert story.body == "It runs & runs.\n\nEvery ten minutes."
    escaped = one({"text": "&lt;p&gt;It runs.&lt;/p&gt;&lt;p&gt;Every day.&lt;/p&gt;"})
    assert escaped.body == "It runs.\n\nEvery day."


def test_a_list_of_paragraphs_is_a_text():
    assert (
        one({"paragraphs": ["It runs again.", "Every day."]}).body == "It runs again.\n\nEvery day."
    )


def test_a_lead_that_the_text_lacks_is_kept():
    assert one({"lead": "At last.", "text": TEXT}).body == f"At last.\n\n{TEXT}"
    assert one({"lead": "It had stood since May.", "text": TEXT}).body == TEXT


def test_the_mark_of_a_cut_text_is_left_out_and_recorded():
    story = one({"content": "The tram to Vellmar runs… [+2134 chars]"})
    assert story.body == "The tram to Vellmar runs"
    assert "2134" in story.removed[0].text


def test_only_addresses_of_the_web_are_addresses():
    assert (
        one({"text": TEXT, "link": "https://vellmar.example/1"}).url == "https://vellmar.example/1"
    )
    assert one({"text": TEXT, "url": "javascript:alert(1)"}).url == ""


def test_a_column_of_dates_shows_which_number_is_the_month():
    american = b"text;date\nIt runs.;03/04/2020\nIt ran.;12/25/2020\n"
    european = b"text;date\nIt runs.;03/04/2020\nIt ran.;25/12/2020\n"
    assert [s.published for s in stories(read_csv(american))] == ["2020-03-04", "2020-12-25"]
    assert [s.published for s in stories(read_csv(european))] == ["2020-04-03", "2020-12-25"]


def test_line_ends_that_were_written_out_are_line_ends():
    assert one({"text": r"It runs.\n\nIt rings."}).body == "It runs.\n\nIt rings."
    assert one({"text": r"It lies in C:\news and runs."}).body == r"It lies in C:\news and runs."


def test_values_nested_deeply_do_no_harm():
    value = "[" * 500 + '"It runs."' + "]" * 500
    data = f'[{{"text": "It runs.", "author": {value}, "title": {value}}}, {{"text": {value}}}]'
    assert [type(item) for item in read_json(data.encode())] == [Story, Problem]


# JSON


@pytest.mark.parametrize(
    "value",
    [
        {"title": "Tram runs", "text": TEXT},
        [{"title": "Tram runs", "text": TEXT}],
        {"status": "ok", "articles": [{"title": "Tram runs", "content": TEXT}]},
        {"data": {"results": [{"title": "Tram runs", "body": TEXT}]}},
        {"response": {"results": [{"webTitle": "Tram runs", "fields": {"bodyText": TEXT}}]}},
        {"hits": {"hits": [{"_id": 1, "_source": {"title": "Tram runs", "text": TEXT}}]}},
        {
            "title": "Feed",
            "description": "All",
            "items": [{"title": "Tram runs", "content_text": TEXT}],
        },
        {"a1": {"title": "Tram runs", "text": TEXT}},
        {"title": {"0": "Tram runs"}, "text": {"0": TEXT}},
        {"@type": "NewsArticle", "headline": "Tram runs", "articleBody": TEXT},
        {"@graph": [{"@type": "WebSite"}, {"headline": "Tram runs", "articleBody": TEXT}]},
    ],
)
def test_articles_are_found_wherever_they_stand(value):
    found = [s for s in read_json(json.dumps(value).encode()) if isinstance(s, Story)]
    assert [(s.title, words(s.body)) for s in found] == [("Tram runs", TEXT)]


def test_json_lines_under_the_name_json_are_read():
    data = b'{"text": "It runs."}\n{"text": "It stands."}\n'
    assert [s.body for s in stories(read_json(data))] == ["It runs.", "It stands."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("reader", [read_json, read_jsonl])
def test_json_is_read_in_any_encoding(reader, encoding):
    data = '{"title": "Düsseldorf – früher", "text": "Müde Bären grüßen “Österreich”."}'
    (story,) = stories(reader(data.encode(encoding)))
    assert story.title == "Düsseldorf – früher"
    assert story.body == "Müde Bären grüßen “Österreich”."


def test_a_broken_line_is_a_problem_with_its_number_and_the_others_go_on():
    data = b'{"text": "It runs."}\n\n{"text": "It st\n[1]\n{"text": "It stands."}\n'
    found = list(read_jsonl(data))
    problems = [item for item in found if isinstance(item, Problem)]
    assert [(p.path, p.reason[:6]) for p in problems] == [("#2", "line 3"), ("#3", "record")]
    labels = [item.places[0].label for item in found if isinstance(item, Story)]
    assert labels == ["record 1, line 1", "record 4, line 5"]


def test_half_a_surrogate_pair_is_replaced():
    (story,) = stories(read_jsonl(rb'{"text": "It runs \ud83d again \ud83d\ude00."}'))
    assert story.body.encode("utf-8").decode() == "It runs � again 😀."


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (read_json, b""),
        (read_json, b"[" * 100_000),
        (read_json, b'{"text": '),
        (read_jsonl, b"\n\n"),
        (read_csv, b""),
        (read_csv, b"text,title\n"),
    ],
)
def test_what_holds_nothing_is_refused(reader, data):
    with pytest.raises(ArticleError):
        list(reader(data))


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (read_json, b'[{"headline": "Tram", "wordcount": 5}]'),
        (read_jsonl, b'{"headline": "Tram", "wordcount": 5}\n'),
        (read_csv, b"headline,wordcount\nTram,5\n"),
    ],
)
def test_without_a_column_of_text_the_columns_and_the_remedy_are_told(reader, data):
    with pytest.raises(ArticleError, match=r"headline, wordcount.*\btext, content, body"):
        list(reader(data))


# CSV


def test_a_byte_order_mark_semicolons_and_line_ends_in_cells():
    data = '"Titre";"Texte"\r\n"Tram";"Il a dit : ""Oui ; non.""\r\n\r\nPuis rien."\r\n'
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        (story,) = stories(read_csv(data.encode(encoding)))
        assert story.title == "Tram"
        assert story.body == 'Il a dit : "Oui ; non."\n\nPuis rien.'
        assert story.language == "fr"


@pytest.mark.parametrize("first", ["", "sep=;\r\n", '"sep=;"\r\n', "\r\n\r\n"])
def test_what_stands_before_the_names_is_passed(first):
    assert (
        stories(read_csv(f"{first}title;text\r\nTram;It runs, again.\r\n".encode()))[0].title
        == "Tram"
    )


def test_cells_longer_than_the_csv_module_allows_are_read_and_its_limit_stays():
    before = csv.field_size_limit()
    (story,) = stories(read_csv(b"text\n" + b"It runs. " * 40_000))
    assert len(story.body) > 300_000
    assert csv.field_size_limit() == before


def test_short_rows_lack_cells_and_long_rows_had_loose_delimiters_in_the_text():
    data = b"title,text,date\nA,It runs\nA,It runs, and rings,2020-01-02\nA,It runs,2020-01-02,,\n"
    found = stories(read_csv(data))
    assert [s.body for s in found] == ["It runs", "It runs, and rings", "It runs"]
    assert [s.published for s in found] == ["", "2020-01-02", "2020-01-02"]


def test_numbers_of_rows_without_a_name_are_no_cells():
    assert stories(read_csv(b"title,text\n1,Tram,It runs.\n2,Bus,It stands.\n"))[1].title == "Bus"


def test_a_single_row_with_a_loose_delimiter_is_not_shifted():
    assert stories(read_csv(b"title,text\nTram,It runs, and rings\n"))[0].title == "Tram"
    assert stories(read_csv(b"title,text\nTram,It runs,\n"))[0].body == "It runs"


def test_quotation_marks_in_a_table_that_quotes_nothing_are_kept():
    data = b'title\ttext\nTram\t"It runs," she said.\nBus\t"It stands,\nCar\tIt is "fast".\n'
    found = stories(read_csv(data))
    assert [s.body for s in found] == ['"It runs," she said.', '"It stands,', 'It is "fast".']


def test_quotation_marks_behind_a_backslash():
    data = rb'"title","text"' + b"\n" + rb'"Tram","She said \"it runs\", twice."' + b"\n"
    assert stories(read_csv(data))[0].body == 'She said "it runs", twice.'


def test_a_table_that_was_cut_off_gives_what_is_there():
    data = b'title,text\nTram,"It runs, again."\nBus,"It stands, and'
    assert [s.body for s in stories(read_csv(data))] == ["It runs, again.", "It stands, and"]


CELLS = st.text(
    st.characters(
        codec="cp1252", exclude_categories=("Cc", "Cf", "Zl", "Zp"), exclude_characters="<&"
    ),
    max_size=60,
).map(lambda text: f"It {text} runs.")
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)


@settings(max_examples=50, deadline=None)
@given(
    ROWS,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_as_csv_comes_back(rows, delimiter, encoding, line_end, quoting):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([("title", "text"), *rows])
    found = stories(read_csv(stream.getvalue().encode(encoding)))
    assert [words(s.title) for s in found] == [words(title) for title, _ in rows]
    assert [words(s.body) for s in found] == [words(text) for _, text in rows]


@settings(deadline=None)
@given(ROWS)
def test_what_was_written_as_json_lines_comes_back(rows):
    lines = [json.dumps({"title": title, "text": text}) for title, text in rows]
    found = stories(read_jsonl("\n".join(lines).encode()))
    assert [words(s.title) for s in found] == [words(title) for title, _ in rows]
    assert [words(s.body) for s in found] == [words(text) for _, text in rows]


WHOLE = {
    read_csv: b'title;text;date\nTram;"It ""runs""; again.";1/2/2020\nBus;It stands.;x\n',
    read_json: b'{"articles": [{"title": "Tram", "text": "It runs.", "date": 1654041600}]}',
    read_jsonl: b'{"title": "Tram", "text": "It runs."}\n{"text": "<p>It stands.</p>"}\n',
}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(WHOLE)), st.data())
def test_harmed_tables_give_stories_problems_or_article_errors(reader, draw):
    data = bytearray(WHOLE[reader])
    for _ in range(draw.draw(st.integers(0, 5))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        found = list(reader(bytes(data[: draw.draw(st.integers(0, len(data)))])))
    except ArticleError:
        return
    assert all(isinstance(item, Story | Problem) for item in found)


def test_plain_text_of_a_record_keeps_every_word():
    text = (
        "Moorings\n\nBy Ada Quill\n\nPELL (Northwire) - The quay is full.\n\nPlay\n\nShare\n\n"
        "Related links\n- How you are charged\n- Who pays\n\n(Reporting by Ada Quill)"
    )
    story = one({"title": "Quay", "text": text})
    assert words(story.body) == words(text)
    assert (story.author, story.source, story.removed) == ("Ada Quill", "Northwire", ())


def test_line_breaks_alone_make_no_page_of_a_text():
    story = one({"title": "Keys", "text": "Give <key> and <audio>.<br><br>Then the <value>."})
    assert story.body == "Give <key> and <audio>.\n\nThen the <value>."


def test_a_dateline_is_taken_off_a_record_too() -> None:
    text = "PELL (Northline Press) - The ferry to Pell sails again. It is blue."
    [story] = list(read_jsonl(json.dumps({"title": "Ferry", "text": text}).encode()))
    assert isinstance(story, Story)
    assert story.body == "The ferry to Pell sails again. It is blue."
    assert story.source == "Northline Press"
    assert [removal.text for removal in story.removed] == ["PELL (Northline Press) -"]
