"""Splits an article into passages: whole sentences, along paragraph borders, about 100 words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askarticles.datatypes import Article, Passage, Span
from askarticles.sentences import split_sentences

CountTokens = Callable[[Sequence[str]], list[int]]
"""Tokens of each text by the embedder's own tokenizer, special tokens left out."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """How passages are cut; kept in the index, which is rebuilt when it changes.

    words: the length aimed at. shortest: a passage of fewer words is joined to its neighbour
    where that fits. longest: a passage is closed before a sentence that takes it over this many
    words. title_tokens: at most this much of the title is put in front of what is embedded.
    version: raised when the same settings begin to cut otherwise.
    """

    words: int = 100
    shortest: int = 40
    longest: int = 130
    title_tokens: int = 48
    version: int = 1


@dataclass(frozen=True, slots=True)
class _Unit:
    start: int
    end: int
    words: int
    tokens: int
    opens_paragraph: bool
    heading: bool


_SENTENCE_END = re.compile(r"[.!?…:;,।。！？][\"'”’»)\]]*$")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\S+")
# A heading is a line of few words that does not end as a sentence does.
_HEADING_WORDS = 14


def split_article(
    article: Article, count_tokens: CountTokens, max_tokens: int, splitter: Splitter
) -> list[Passage]:
    """The passages of an article, in order and apart; together they hold all its sentences.

    max_tokens: the most tokens, special ones left out, that the embedder reads of a text.
    """
    budget = max_tokens - len(_title_cut(article.title, count_tokens, splitter)[1])
    spans = group_sentences(article.text, article.language, count_tokens, budget, splitter)
    return [Passage(article.id, start, end) for start, end in spans]


def embedded_text(
    article: Article, passage: Passage, count_tokens: CountTokens, splitter: Splitter
) -> str:
    """What is embedded and searched for a passage: its words with the title in front.

    The passage that holds the headline already begins with it.
    """
    words = article.text[passage.start : passage.end]
    if passage.start < article.body_start or not article.title:
        return words
    return f"{_title_cut(article.title, count_tokens, splitter)[0]}\n{words}"


def _title_cut(title: str, count_tokens: CountTokens, splitter: Splitter) -> tuple[str, range]:
    words = title.split()
    counts = count_tokens(words) if words else []
    kept = total = 0
    for count in counts:
        if total + count > splitter.title_tokens:
            break
        total += count
        kept += 1
    return " ".join(words[:kept]), range(total)


def group_sentences(
    text: str, language: str, count_tokens: CountTokens, max_tokens: int, splitter: Splitter
) -> list[Span]:
    """Spans of a text, each of whole sentences and at most max_tokens tokens.

    A sentence of more tokens is cut between words, a word of more between characters; nothing
    but white space lies outside the spans.
    """
    groups: list[list[_Unit]] = []
    for unit in _units(text, language, count_tokens, max_tokens):
        if groups and _fits(groups[-1], unit, max_tokens, splitter):
            groups[-1].append(unit)
        else:
            groups.append(_taken_heading(groups, unit, max_tokens))
    _join_short(groups, max_tokens, splitter)
    return [(group[0].start, group[-1].end) for group in groups if group]


def _fits(group: list[_Unit], unit: _Unit, max_tokens: int, splitter: Splitter) -> bool:
    words = sum(u.words for u in group)
    if sum(u.tokens for u in group) + unit.tokens > max_tokens:
        return False
    if unit.opens_paragraph and words + unit.words > splitter.words:
        return words < splitter.words // 2 and words + unit.words <= splitter.longest
    return words + unit.words <= splitter.longest


def _taken_heading(groups: list[list[_Unit]], unit: _Unit, max_tokens: int) -> list[_Unit]:
    """A new group for the unit; headings that ended the group before come along with it."""
    moved: list[_Unit] = []
    while groups and len(groups[-1]) > 1 and groups[-1][-1].heading:
        if sum(u.tokens for u in moved) + groups[-1][-1].tokens + unit.tokens > max_tokens:
            break
        moved.insert(0, groups[-1].pop())
    return [*moved, unit]


def _join_short(groups: list[list[_Unit]], max_tokens: int, splitter: Splitter) -> None:
    for i in range(len(groups) - 1, 0, -1):
        both = groups[i - 1] + groups[i]
        words = sum(u.words for u in groups[i])
        total = sum(u.words for u in both)
        tokens = sum(u.tokens for u in both)
        if (
            words < splitter.shortest
            and total <= splitter.longest + splitter.shortest
            and tokens <= max_tokens
        ):
            groups[i - 1 : i + 1] = [both]


def _units(text: str, language: str, count_tokens: CountTokens, max_tokens: int) -> list[_Unit]:
    spans = split_sentences(text, language)
    counts = count_tokens([text[start:end] for start, end in spans]) if spans else []
    units: list[_Unit] = []
    previous = 0
    for (start, end), tokens in zip(spans, counts, strict=True):
        opens = not units or bool(_PARAGRAPH_BREAK.search(text, previous, start))
        words = len(_WORD.findall(text, start, end))
        if tokens <= max_tokens:
            units.append(_Unit(start, end, words, tokens, opens, False))
        else:
            units += _cut_long(text, (start, end), count_tokens, max_tokens, opens)
        previous = end
    return [_marked_heading(text, units, i) for i in range(len(units))]


def _marked_heading(text: str, units: list[_Unit], i: int) -> _Unit:
    unit = units[i]
    alone = unit.opens_paragraph and (i + 1 == len(units) or units[i + 1].opens_paragraph)
    if (
        alone
        and i + 1 < len(units)
        and unit.words <= _HEADING_WORDS
        and not _SENTENCE_END.search(text, unit.start, unit.end)
    ):
        return _Unit(unit.start, unit.end, unit.words, unit.tokens, True, True)
    return unit


def _cut_long(
    text: str, span: Span, count_tokens: CountTokens, max_tokens: int, opens: bool
) -> list[_Unit]:
    """A sentence over the limit, cut between words (and a word over it between characters)."""
    words = [match.span() for match in _WORD.finditer(text, *span)]
    counts = count_tokens([text[start:end] for start, end in words])
    pieces: list[_Unit] = []
    start, last, tokens, number = span[0], span[0], 0, 0
    for (word_start, word_end), count in zip(words, counts, strict=True):
        if tokens and tokens + count > max_tokens:
            pieces.append(_Unit(start, last, number, tokens, opens and not pieces, False))
            start, tokens, number = word_start, 0, 0
        if count > max_tokens:
            # A token is at least one character, so pieces of so many characters always fit.
            for cut in range(word_start, word_end, max_tokens):
                end = min(cut + max_tokens, word_end)
                pieces.append(_Unit(cut, end, 1, max_tokens, opens and not pieces, False))
            start = last = word_end
            continue
        last, tokens, number = word_end, tokens + count, number + 1
    if tokens:
        pieces.append(_Unit(start, last, number, tokens, opens and not pieces, False))
    return pieces
