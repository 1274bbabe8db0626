"""Passages hold all of an article, in whole sentences, within the embedder's limit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.passages import Splitter, embedded_text, group_sentences, split_article
from askarticles.sentences import split_sentences
from tests.conftest import HashedWords, article_of

COUNT = HashedWords().count_tokens
WORDS = st.text(alphabet="abcdefgh", min_size=1, max_size=40)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(lambda w: " ".join(w).capitalize() + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=8).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=8).map("\n\n".join)


@settings(deadline=None)
@given(TEXTS, st.integers(5, 300))
def test_cover_in_order_and_fit(text, limit):
    _check(text, limit)


@settings(deadline=None)
@given(st.text(), st.integers(1, 60))
def test_cover_any_text(text, limit):
    _check(text, limit)


def _check(text, limit):
    spans = group_sentences(text, "", COUNT, limit, Splitter())
    position = 0
    for start, end in spans:
        assert not text[position:start].strip()
        assert start < end
        assert COUNT([text[start:end]])[0] <= limit
        position = end
    assert not text[position:].strip()


@given(TEXTS)
@settings(deadline=None)
def test_whole_sentences_where_they_fit(text):
    ends = {end for _, end in split_sentences(text)}
    assert all(end in ends for _, end in group_sentences(text, "", COUNT, 10_000, Splitter()))


def test_about_a_hundred_words_along_paragraphs():
    paragraph = " ".join(f"Word{i} stands in sentence number {i} of the text." for i in range(8))
    text = "\n\n".join([paragraph] * 10)
    lengths = [len(text[a:b].split()) for a, b in group_sentences(text, "", COUNT, 254, Splitter())]
    assert all(60 <= length <= 130 for length in lengths), lengths


def test_a_heading_goes_with_what_follows():
    body = "It rained all day in the valley of the two rivers and nobody went out to look. " * 6
    text = f"{body.strip()}\n\nWhat the mayor said\n\n{body.strip()}"
    spans = group_sentences(text, "", COUNT, 254, Splitter())
    assert any(text[a:b].startswith("What the mayor said") for a, b in spans)


def test_what_is_embedded_has_the_title_once():
    body = "The boat leaves at ten. " * 60
    article = article_of(body.strip(), "Night ferry sails again")
    splitter = Splitter()
    passages = split_article(article, COUNT, 254, splitter)
    texts = [embedded_text(article, p, COUNT, splitter) for p in passages]
    assert len(texts) > 1
    assert all(text.count("Night ferry sails again") == 1 for text in texts)
    assert all(COUNT([text])[0] <= 254 for text in texts)
    assert article.text[passages[0].start : passages[0].end].startswith("Night ferry")


def test_a_title_of_any_length_leaves_room():
    article = article_of("The boat leaves at ten. " * 60, "Very long title " * 100)
    splitter = Splitter()
    for passage in split_article(article, COUNT, 254, splitter):
        assert COUNT([embedded_text(article, passage, COUNT, splitter)])[0] <= 254


@pytest.mark.model
def test_nothing_is_cut_by_the_real_tokenizer():
    from askarticles.embedder import load_embedder

    embedder = load_embedder()
    body = "Überraschend schön: naïve cafés in Łódź 報告 " * 120 + "x" * 3000 + " end."
    article = article_of(body, "A headline of some length about cafés")
    splitter = Splitter()
    passages = split_article(article, embedder.count_tokens, embedder.max_tokens, splitter)
    texts = [embedded_text(article, p, embedder.count_tokens, splitter) for p in passages]
    assert max(embedder.count_tokens(texts)) <= embedder.max_tokens
