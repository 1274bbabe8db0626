"""What the page shows: text from outside stays text, quotations are marked where they stand."""

from __future__ import annotations

import html
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles import rendering
from askarticles.datatypes import Answer, Citation, Filters
from tests.browser_library import ARTICLES, article, cite

QUESTION = "How many bicycle hooks does the night ferry boat have?"
# Ordinary text with the characters mixed in that mean something to HTML, Markdown or templates.
NASTY = st.text(
    st.one_of(
        st.sampled_from("<>&\"'`${}\\/[]()*_#!|~=:;\n\r\t\0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
OURS = {"section", "article", "h2", "p", "blockquote", "mark", "a", "span", "details", "summary"}
OURS |= {"dl", "div", "dt", "dd", "button", "pre", "ul", "li", "b"}


class _Tree(HTMLParser):
    """Tags, attributes and text of a piece of HTML, and the text of each mark."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.marks: list[str] = []
        self._inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "mark":
            self._inside = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.marks[-1] += data


def answer(*citations: Citation, question: str = QUESTION, **changes: Any) -> Answer:
    return replace(Answer(question, citations, (), 0.9, "one"), **changes)


# ---- text stays text ----------------------------------------------------------------------


@settings(deadline=None)  # a machine may be busy
@given(NASTY)
def test_escaped_text_is_one_line_without_markup_and_reads_as_it_was(text):
    escaped = rendering.escape(text)
    assert not set(escaped) & set("<>\"'`${}\\\n\r\0")
    shown = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    # html.unescape drops the control characters that browsers keep as they are.
    assert html.unescape(escaped) == shown


@settings(deadline=None)  # a machine may be busy
@given(NASTY, NASTY, NASTY, NASTY, NASTY.filter(str.strip), NASTY)
def test_nothing_in_an_article_or_a_question_becomes_markup(
    title, source, author, before, quote, after
):
    item = article("a.txt", title, f"{before}{quote}{after}", source, author=author, url=after)
    start = item.body_start + len(before)
    cited = cite(item, item.text[item.body_start :], start=start, end=start + len(quote))
    cited = replace(cited, quote=quote, matched=(after,), path=title or "p", place=source)
    cited = replace(cited, words_start=start + 1, words_end=start + max(1, len(quote) - 1))
    for made in (
        answer(cited, question=before),
        answer(question=after, nearest=(cited,), filters=Filters(source=source, since=before)),
    ):
        text = rendering.answer_html(made, {"a.txt": item})
        assert "\n" not in text and "\r" not in text
        assert not set(text) & set("`${}\\")
        tree = _Tree(text)
        assert tree.tags <= OURS
        assert {name for name, _ in tree.attributes} <= {"class", "href", "aria-label"}
        links = [value for name, value in tree.attributes if name == "href"]
        assert all(link.startswith(("#cite=", "#article=")) for link in links)
        assert tree.marks == [_shown(quote)]


def _shown(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


@settings(deadline=None)  # a machine may be busy
@given(NASTY)
def test_a_question_is_shown_as_text(question):
    assert _Tree(rendering.question_html(question)).tags == {"div"}
    assert _Tree(rendering.problem_html(question)).tags == {"section", "h2", "p"}


# ---- answers ------------------------------------------------------------------------------


def test_quotations_are_marked_in_their_passage_under_their_article():
    ferry, moss = ARTICLES[:2]
    first = cite(moss, "Birds were the surprise, said Doctor Lena Vrba.", 1)
    second = cite(ferry, "Cars still pay eighteen crowns.", 2)
    third = cite(ferry, "Nobody had expected it so soon.", 3)
    tree = _Tree(rendering.answer_html(answer(first, second, third), {a.id: a for a in ARTICLES}))
    assert "3 quotations from 2 articles" in tree.text
    assert tree.text.index(moss.title) < tree.text.index(ferry.title)
    # In a passage the order is that of the text.
    assert tree.marks == [first.quote, third.quote, second.quote]
    assert "Eleven species now nest above the gymnasium." in tree.text
    assert "Velden Weekly · 4 Oct 2025" in tree.text


def test_the_words_that_answer_stand_out_in_their_quotation():
    ferry = ARTICLES[0]
    cited = cite(ferry, "Cars still pay eighteen crowns.")
    start = ferry.text.index("eighteen")
    exact = replace(cited, words_start=start, words_end=start + len("eighteen crowns"))
    for articles in ({}, {ferry.id: ferry}):
        text = rendering.answer_html(answer(exact), articles)
        assert "Cars still pay <b>eighteen crowns</b>.</mark>" in text
        assert "<b>" not in rendering.answer_html(answer(cited), articles)


def test_a_quotation_stands_alone_when_its_article_is_another_now():
    ferry = ARTICLES[0]
    cited = cite(ferry, "Cars still pay eighteen crowns.")
    moved = replace(ferry, text=ferry.text.replace("night", "midnight"))
    for articles in ({}, {ferry.id: moved}):
        tree = _Tree(rendering.answer_html(answer(cited), articles))
        assert tree.marks == [cited.quote]
        assert "Bicycles travel free" not in tree.text


def test_a_headline_is_not_said_twice_unless_it_is_the_quotation():
    ferry = ARTICLES[0]
    whole = cite(ferry, ferry.text, context_start=0)
    tree = _Tree(rendering.answer_html(answer(nearest=(whole,)), {ferry.id: ferry}))
    assert tree.marks == [ferry.body]
    headline = cite(ferry, ferry.title, context_start=0)
    tree = _Tree(rendering.answer_html(answer(headline), {ferry.id: ferry}))
    assert tree.marks == [ferry.title]
    assert "Nobody had expected it so soon." in tree.text


def test_no_answer_says_so_and_shows_the_nearest_as_nearest():
    near = cite(ARTICLES[1], "Birds were the surprise, said Doctor Lena Vrba.")
    filters = Filters(source="Velden Weekly", since="2025", until="2025-12")
    text = rendering.answer_html(answer(nearest=(near,), filters=filters), {})
    tree = _Tree(text)
    assert "The articles don’t say." in tree.text
    assert "which are not an answer" in tree.text
    for limit in ("only Velden Weekly", "from 2025", "until Dec 2025", "Ask all articles"):
        assert limit in tree.text
    assert 'class="ans none"' in text


def test_why_this_gives_the_scores_and_the_words():
    cited = cite(ARTICLES[0], "Cars still pay eighteen crowns.", matched=("cars", "pay"))
    tree = _Tree(rendering.answer_html(answer(cited), {}))
    for words in ("0.90 of 1", "0.50 of 1", "3.0 (BM25)", "cars, pay", "ferry.txt · line 3"):
        assert words in tree.text


def test_an_answer_is_copied_as_markdown_with_its_citations():
    ferry = ARTICLES[0]
    hostile = replace(ferry, title="A [link](javascript:x) <b>", url="javascript:alert(1)")
    text = rendering.markdown(
        answer(cite(ferry, "Cars still pay eighteen crowns."), cite(hostile, "Nobody", 2))
    )
    assert "> Cars still pay eighteen crowns. [1]\n" in text
    assert f"[1] [{ferry.title}](<https://courier.example/ferry>) · Corran Courier" in text
    assert "javascript:alert" not in text
    assert r"A \[link\](javascript:x) \<b\>" in text


def test_a_link_to_a_question_carries_its_filters():
    link = rendering.question_link("what & where?", Filters(source="A&B", since="2024"))
    assert link == "?q=what%20%26%20where%3F&source=A%26B&since=2024"


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=30))
def test_a_page_gives_back_the_turns_that_it_was_given(question, word, reply):
    understood = {"added": (word,), "read_as": word, "reply": reply}
    answer = replace(Answer(question, (), (), 0.0, "g1"), **understood)
    html = rendering.answer_html(answer, {})
    message = {"role": "assistant", "content": [{"type": "text", "text": html}]}
    (turn,) = rendering.turns([{"role": "user", "content": "x"}, message])
    assert Answer.from_dict(turn) == answer
    assert "\n" not in html
