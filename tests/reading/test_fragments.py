"""Pieces of HTML: what a reader sees of them, as blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.reading.fragments import fragment_blocks, markup_in, parse_fragment, unescape


def texts(markup):
    return [block.text for block in fragment_blocks(parse_fragment(markup), "item 1")]


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("", []),
        ("<!-- nothing -->", []),
        ("Ebb &amp; flow", ["Ebb & flow"]),
        ("<p>Eb<b>b</b>\n tide</p>then<div>flow</div>", ["Ebb tide", "then", "flow"]),
        ("Ebb<br>tide<br> <br>flow", ["Ebb tide", "flow"]),
        ("<ul><li>Ebb<li><p>Flow</p><ul><li>Neap</ul></ul>Spring", ["Ebb\nFlow\nNeap", "Spring"]),
        ("<table><tr><th>Port<th>Ebb<tr><td>Dale<td>4:10</table>", ["Port | Ebb\nDale | 4:10"]),
        ("<table><tr><td><p>Ebb</p><td><p>Flow</p></table>", ["Ebb", "Flow"]),
        ("<p>Ebb<!-- x --> tide<script>x()</script>s</p>", ["Ebb tides"]),
        ('<p>Ebb</p><p style="display: none">x</p><i hidden>x</i>Flow', ["Ebb", "Flow"]),
        ("<div>" * 1000 + "Ebb" + "</div>" * 1000, ["Ebb"]),
    ],
)
def test_blocks_are_what_a_reader_sees(markup, blocks):
    assert texts(markup) == blocks


def test_headings_stand_alone():
    blocks = fragment_blocks(parse_fragment("<h2>Tides</h2><p>Ebb</p>"), "item 1")
    assert [block.text for block in blocks] == ["Tides", "Ebb"]


def test_markup_is_told_from_text_that_only_has_angles():
    assert markup_in("a <b and b> c, 3 < 4") == ""
    assert markup_in("&lt;p&gt;Ebb&lt;/p&gt;") == "<p>Ebb</p>"


def test_only_entities_with_their_semicolon_are_signs():
    assert unescape("Ebb &amp; flow&#8217;s ?a=1&copy=2") == "Ebb & flow’s ?a=1&copy=2"


WORDS = st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), min_size=1, max_size=12)


@given(WORDS, st.lists(st.sampled_from(["p", "div", "b", "li", "ul", "td", "tr", "table", "br"])))
def test_no_word_is_lost_whatever_stands_around_it(words, tags):
    pieces = [f"<{tag}>{word} " for tag, word in zip(tags, words, strict=False)]
    markup = " ".join([*pieces, *words[len(pieces) :]])
    assert sorted(" ".join(texts(markup)).replace("|", " ").split()) == sorted(words)
