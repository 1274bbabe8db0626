"""An article beside the answers: every word, and its quotations where they stand."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles import panel
from tests.browser_library import ARTICLES, article, cite
from tests.test_rendering import NASTY


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2026-02-08", "8 Feb 2026"),
        ("2026-02-08T14:05:00+00:00", "8 Feb 2026"),
        ("2026-02", "Feb 2026"),
        ("2026", "2026"),
        ("2026-13", "2026"),
        ("", ""),
    ],
)
def test_dates_are_shown_as_precisely_as_they_are_known(published, shown):
    assert panel.shown_date(published) == shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "file:///etc", "http://[", ""]
)
def test_only_addresses_of_the_web_are_links(url):
    assert panel.web_link(url) == ""
    assert panel.web_link("https://x.example/a") == "https://x.example/a"


@settings(deadline=None)  # a machine may be busy
@given(
    st.lists(NASTY, min_size=1, max_size=6),
    st.data(),
)
def test_the_reader_holds_every_word_and_marks_the_quotations_exactly(paragraphs, data):
    body = "\n\n".join(paragraphs)
    item = article("a.txt", "Title", body)
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(item.text)), st.integers(0, len(item.text))), max_size=3
        )
    )
    pointers = [
        panel.Pointer(n, "a.txt", s, e, item.sha256, panel.digest(item.text[s:e]))
        for n, (s, e) in enumerate(spans, 1)
        if s < e
    ]
    shown = panel.reader(item, "as indexed", pointers, 1)
    words = "".join(words for block in shown["blocks"] for words, _ in block)
    assert words.replace("\n", "").strip() == item.body.replace("\n", "").strip() or (
        _squeezed(words) == _squeezed(item.body)
    )
    if len(pointers) == 1:
        pieces = [*shown["headline"], *(p for block in shown["blocks"] for p in block)]
        marked = "".join(words for words, number in pieces if number)
        quote = item.text[pointers[0].start : pointers[0].end]
        assert _squeezed(marked) == _squeezed(quote)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_reader_says_what_has_become_of_the_article():
    ferry = ARTICLES[0]
    pointer = panel.Pointer.to(cite(ferry, "Cars still pay eighteen crowns."))
    assert panel.reader(ferry, "as indexed", [pointer], 1)["notice"] == ""
    assert "changed since it was indexed" in panel.reader(ferry, "changed", [], 0)["notice"]
    assert "gone" in panel.reader(ferry, "missing", [pointer], 1)["notice"]
    other = replace(ferry, sha256="f" * 64)
    assert "still stands" in panel.reader(other, "as indexed", [pointer], 1)["notice"]
    moved = replace(ferry, text=ferry.text.replace("eighteen", "nineteen"), sha256="e" * 64)
    shown = panel.reader(moved, "as indexed", [pointer], 1)
    assert "no longer where it stood" in shown["notice"]
    assert not any(number for block in shown["blocks"] for _, number in block)


def test_a_pointer_survives_its_link_and_others_are_refused():
    pointer = panel.Pointer.to(cite(ARTICLES[4], "burned for ninety nights"))
    value = json.loads(unquote(pointer.href.removeprefix("#cite=")))
    assert panel.Pointer.read(value) == pointer
    bad: object
    for bad in (None, {}, [], [1] * 6, [1, "a", -1, 2, "b", "c"], [True, "a", 1, 2, "b", "c"]):
        with pytest.raises(ValueError, match="pointer"):
            panel.Pointer.read(bad)
