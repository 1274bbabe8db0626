"""Markdown: words stay, marks go, and every block keeps its line."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.reading.markdown import read_markdown

PAGE = """\
---
title: "Hask: a tower leans"
author: [Ada Quill, Kit Farrow]
publisher: The Hask Post
date: 2024-05-03
canonical: https://example.org/tower
lang: en-GB
---

# Hask: a tower leans

![The tower](tower.jpg "from the east")

HASK - The *old* tower leans by **three** degrees, a [report](https://example.org/r) says,
and nobody had
noticed.

## What it costs

- Props: 4,000 crowns
- A net
  for the bells
    - small
    - large

1. Close the road
2. Wait

| Year | Lean (degrees) |
|------|----------------|
| 1990 | 1.1 |
| 2024 | 3.0 |

> It has always *stood*.

```
lean = 3
  net = yes
```

<div class="box">
  <b>Open</b> on Sundays.
</div>

***

Share this article

Fish &amp; chips are sold `inside`.
"""


def test_blocks_come_out_as_lines_and_paragraphs():
    story = read_markdown(PAGE)
    assert story.title == "Hask: a tower leans"
    assert story.body.split("\n\n") == [
        "The old tower leans by three degrees, a report says, and nobody had noticed.",
        "What it costs",
        "- Props: 4,000 crowns\n- A net for the bells\n- small\n- large",
        "1. Close the road\n2. Wait",
        "Year | Lean (degrees)\n1990 | 1.1\n2024 | 3.0",
        "It has always stood.",
        "lean = 3\nnet = yes",
        "Open on Sundays.",
        "Fish & chips are sold inside.",
    ]


def test_front_matter_gives_the_facts():
    story = read_markdown(PAGE)
    assert story.author == "Ada Quill; Kit Farrow"
    assert story.source == "The Hask Post"
    assert story.published == "2024-05-03"
    assert story.url == "https://example.org/tower"
    assert story.language == "en"
    assert ("source", 'line 1: front matter, "publisher"') in story.origins


def test_what_is_left_out_is_recorded():
    rules = [removal.rule for removal in read_markdown(PAGE).removed]
    assert rules == ["front matter", "headline again", "image", "dateline", "share bar"]


def test_places_are_lines():
    story = read_markdown(PAGE)
    lines = PAGE.split("\n")
    labels = [int(place.label.removeprefix("line ")) for place in story.places]
    assert labels == sorted(labels)
    first_words = [story.body[place.offset :].split()[0] for place in story.places]
    assert all(
        word.strip("#>|") in lines[number - 1]
        for word, number in zip(first_words, labels, strict=True)
    )


def test_the_first_heading_is_the_title():
    story = read_markdown(
        "# A *short* title\n\n*The Hask Post, 3 May 2024*  \nBy Ada Quill\n\nIt rained."
    )
    assert (story.title, story.body) == ("A short title", "It rained.")
    assert (story.author, story.source, story.published) == (
        "Ada Quill", "The Hask Post", "2024-05-03",
    )  # fmt: skip


def test_a_page_without_marks_reads_as_plain_text_does():
    story = read_markdown("The tower leans\n\nBy Ada Quill\n\nIt leans by three\ndegrees.")
    assert (story.title, story.author, story.body) == (
        "The tower leans", "Ada Quill", "It leans by three degrees.",
    )  # fmt: skip


def test_front_matter_that_is_no_yaml():
    story = read_markdown("---\ntitle: Tower: it leans\ndate: 2024-05-03\n---\n\nIt leans.\n")
    assert (story.title, story.published, story.body) == (
        "Tower: it leans", "2024-05-03", "It leans.",
    )  # fmt: skip


def test_rules_around_text_are_no_front_matter():
    story = read_markdown("---\n\nIt leans by three degrees.\n\n---\n\nNobody noticed.\n")
    assert story.body == "It leans by three degrees.\n\nNobody noticed."


def test_scripts_and_comments_in_html_are_no_words():
    story = read_markdown("It leans.\n\n<script>\nrun(1)\n</script>\n\n<!-- hidden -->\n\nStill.\n")
    assert story.body == "It leans.\n\nStill."
    assert [removal.rule for removal in story.removed] == ["markup", "markup"]


@given(st.text(st.sampled_from("ab A.\n#*-|`<>[]()!&;:_1\t~"), max_size=120))
@settings(deadline=None)
def test_any_text_is_read(text):
    story = read_markdown(text)
    assert "\n\n\n" not in story.body
    assert all(0 <= place.offset < len(story.body) for place in story.places)


@pytest.mark.parametrize("text", ["- a\n" * 20_000, "[" * 100_000, "![a" * 30_000])
def test_what_nobody_wrote_as_markdown_is_read_soon(text):
    start = time.process_time()
    story = read_markdown(text)
    assert time.process_time() - start < 10
    assert "a" in story.body or "[" in story.body


def test_front_matter_in_toml():
    story = read_markdown(
        '+++\ntitle = "The tower: it leans"\ndate = 2024-05-03T10:12:00+02:00\n'
        'authors = ["Ada Quill", "Kit Farrow"]\n[params]\nsource = "The Hask Post"\n'
        "+++\n\nIt leans.\n"
    )
    assert (story.title, story.author, story.published, story.source, story.body) == (
        "The tower: it leans", "Ada Quill; Kit Farrow", "2024-05-03T10:12:00+02:00",
        "The Hask Post", "It leans.",
    )  # fmt: skip


def test_lines_between_signs_that_are_no_toml_stay():
    assert "It leans." in read_markdown("+++\n\nIt leans.\n\n+++\n\nIt fell.\n").body


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("It stood ~~in 1912~~ in 1911.", "It stood in 1911."),
        ("See [[Towers|the old tower]] and [[Hask#Bells]].", "See the old tower and Hask."),
        ("It leans.\n\n![[tower.jpg]]\n\nIt fell.", "It leans.\n\nIt fell."),
        ("It leans. ^block-1\n\nIt fell.", "It leans.\n\nIt fell."),
        ("> [!note] Mind\n> It leans.", "Mind It leans."),
        ("{% include image.html url='a.jpg' %}\nIt leans.", "It leans."),
        ("It leans.\n{: .lead}", "It leans."),
        ('It leans.\n\n{{< figure src="a.jpg" >}}\n\nIt fell.', "It leans.\n\nIt fell."),
        ("It leans.\n\n## Bells {#bells .big}\n\nIt fell.", "It leans.\n\nBells\n\nIt fell."),
        (
            "<div>\nIt leans,\nthey say.\n<p>It fell.</p>\n</div>",
            "It leans, they say.\n\nIt fell.",
        ),
    ],
)
def test_marks_of_other_programs_are_no_words(marked, plain):
    assert read_markdown(f"# Tower\n\nIt is old.\n\n{marked}\n").body == f"It is old.\n\n{plain}"


@pytest.mark.parametrize(
    "words",
    [
        "The set is {1, 2}",
        "It grew by 10 % and 20 %.",
        "Two is 2^1, four is 2^2",
        "A note [!] and a list [1] of [two]",
        "About ~5 or ~6 crowns",
        "The command is {{ name }}",
        "It rose 5%% in May and 6%% in June",
        "It was 10 ^6",
        "The first is array[[0]]",
        "All of {.NET}",
    ],
)
def test_signs_that_only_look_like_marks_stay(words):
    assert read_markdown(f"# Tower\n\nIt is old.\n\n{words}\n").body == f"It is old.\n\n{words}"


def test_commands_in_a_block_of_code_stay():
    page = "# Tower\n\nIt is old.\n\n```\n{{< figure >}}\n```\n\nIt leans.\n"
    assert "{{< figure >}}" in read_markdown(page).body
    inline = "# Tower\n\nIt is old: ``` x ``` it says.\n\nWrite `{% if %}` and {% raw %} so.\n"
    assert read_markdown(inline).body == "It is old: x it says.\n\nWrite {% if %} and so."


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("It leans.[^1] It fell.\n\n[^1]: By *four*.", "It leans. It fell.\n\nBy four."),
        ("It leans[^a].\n\n[^a]: One.\n[^b]: http://b.example", "It leans.\n\nOne.\n\nhttp://b.example"),
        ("The set [^abc] holds no letters.", "The set [^abc] holds no letters."),
        ("The set [^1] holds no 1.", "The set [^1] holds no 1."),
        ("Here a ==b and c== d.", "Here a ==b and c== d."),
        ("Write `[^1]` for a note.", "Write [^1] for a note."),
        ("The ==old== tower ==leans a lot==.", "The old tower leans a lot."),
        ("If a == b and b == c, then `a==b`.", "If a == b and b == c, then a==b."),
        ("Do:\n\n- [ ] ring\n- [x] climb", "Do:\n\n- ring\n- climb"),
        ("He said [x] twice.\n\n- ring [x] times", "He said [x] twice.\n\n- ring [x] times"),
    ],
)  # fmt: skip
def test_marks_of_notes_tasks_and_marked_words(marked, plain):
    assert read_markdown(f"# Hask\n\nIt stands.\n\n{marked}").body == f"It stands.\n\n{plain}"


@pytest.mark.parametrize(
    "top",
    [
        '{\n "title": "A tower leans",\n "author": "Ada Quill",\n "date": "2024-05-03"\n}\n\n',
        "% A tower leans\n% Ada Quill\n% 3 May 2024\n\n",
        "title:: A tower leans\nauthor:: [[Ada Quill]]\ndate:: [[2024-05-03]]\n\n",
        "---\ntitle: A tower leans\nauthor: Ada Quill\ndate: 1714694400\n---\n\n",
        "Title: A tower leans - Hask Post\n\nURL Source: https://example.org/a\n\n"
        "Published Time: 2024-05-03\n\nMarkdown Content:\n# A tower leans\n\nBy Ada Quill\n\n",
        "# A tower leans\n\nAuthor: Ada Quill\nDate: May 3, 2024\nURL: https://example.org/a\n\n",
    ],
    ids=["Hugo", "Pandoc", "Logseq", "seconds", "Jina", "Notion"],
)
def test_what_programs_write_over_a_text(top):
    story = read_markdown(f"{top}It leans by three degrees.\n\nIt fell.")
    assert (story.title, story.author, story.published[:10]) == (
        "A tower leans", "Ada Quill", "2024-05-03",
    )  # fmt: skip
    assert story.body == "It leans by three degrees.\n\nIt fell."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('It leans.\n\n{"title": 1}\n\nIt fell.', '{"title": 1}'),
        ('{"degrees": 3}: so it says.\n\nIt fell.', '{"degrees": 3}: so it says.'),
        ("% of all towers\nthat lean, most stand.", "% of all towers that lean, most stand."),
        ("Title: Hask\nAuthor: Ada Quill\n\nWarning: it falls.\n\nIt does.", "Warning: it falls."),
        ("Title: Hask\nAuthor: Ada Quill\nWarning: it falls.\n\nIt does.", "Warning: it falls."),
        ("Title: Hask\n\nReporter: Does it lean?\n\nIt does.", "Reporter: Does it lean?"),
    ],
)
def test_what_only_looks_like_a_head_stays(text, kept):
    assert kept in read_markdown(text).body


def test_a_heading_that_a_title_goes_on_from_is_the_title():
    top = '---\ntitle: "A tower leans | Hask Post"\n---\n'
    story = read_markdown(f"{top}# A tower leans\n\nIt fell.")
    assert (story.title, story.body) == ("A tower leans", "It fell.")
    story = read_markdown(f"{top}# A tower\n\nIt fell.")
    assert (story.title, story.body) == ("A tower leans | Hask Post", "A tower\n\nIt fell.")
