"""Questions paired with passages, as the reader learns from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from askarticles.datatypes import Span
from askarticles.embedder import Embedder
from askarticles.passages import Splitter
from askarticles.sentences import split_sentences
from askarticles.terms import terms
from training.data import Corpus, Question, plain_text, read_sets
from training.measures import hybrid_best

Rng: TypeAlias = np.random.Generator
# Of dense in the hybrid search that mines hard negatives, and how deep it looks.
_DENSE_WEIGHT = 0.5
_DEPTH = 20
_BARE = 0.3  # share of questions without their mark
# Shares of the answerable questions that give an example more: see `draw`.
_SWAPPED, _ALTERED, _TURNED, _EMPTIED, _ECHOED = 0.3, 0.15, 0.3, 0.2, 0.1
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
# Words that turn a question into another one about the same, which its passage seldom answers.
_OPPOSITES = tuple(
    tuple(words.split())
    for line in (
        "first last, before after, largest smallest, biggest smallest, highest lowest, most least",
        "more less, more fewer, longest shortest, oldest youngest, oldest newest, best worst",
        "early late, earliest latest, increase decrease, increased decreased, rise fall, rose fell",
        "northern southern, north south, eastern western, east west, left right, upper lower",
        "above below, inside outside, major minor, maximum minimum, positive negative, good bad",
        "winner loser, won lost, win lose, support oppose, supported opposed, allow forbid",
        "allowed forbidden, accepted rejected, begin end, began ended, start stop, started stopped",
        "open close, opened closed, same different, similar different, always never, with without",
        "strong weak, stronger weaker, hot cold, rich poor, old new, young old, high low",
        "large small, fast slow, common rare, former current, men women, public private",
        "internal external, domestic foreign, enter leave, entered left, buy sell, bought sold",
        "import export, gain lose, gained lost, built destroyed, created destroyed, joined left",
    )
    for words in line.split(", ")
)
_WORD = re.compile(r"[a-z][a-z'’]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with a passage.

    label: 1 where the passage answers, else 0. spans: of the answer's words in the passage;
    empty where there is no answer, or where it stands is unknown (then label is 1).
    """

    question: str
    passage: str
    label: int
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Mined:
    """Sets with the passages that our own search finds for each of their questions, best first."""

    corpus: Corpus
    hits: tuple[tuple[int, ...], ...]


def mine(folders: Sequence[Path], embedder: Embedder) -> list[Mined]:
    """The sets, each searched by itself."""
    return [_mined(folder, embedder) for folder in folders]


def _mined(folder: Path, embedder: Embedder) -> Mined:
    corpus = read_sets([folder], embedder.count_tokens, embedder.max_tokens, Splitter())
    return Mined(corpus, tuple(hybrid_best(corpus, embedder, _DENSE_WEIGHT, _DEPTH)))


def draw(sets: Sequence[Mined], rng: Rng, hits: int = 3) -> list[Pair]:
    """The pairs of one pass, in the order to read them; other negatives with each generator.

    A question with answer strings gives a passage that holds one, at most so many `hits` that hold
    none and, with more than one, a passage at random; and now and then one that nearly fits: its
    passage without the sentences that hold the answer, that with the question itself put in, its
    passage under the question with another name or number or with a word turned into its opposite,
    and its passage with another name or number in place of one of the question's. One without
    strings gives the passage of its article that it has most words in common with. One without an
    answer gives a passage that is near, and hits.
    """
    pairs = [
        pair
        for mined in sets
        for question, found in zip(mined.corpus.questions, mined.hits, strict=True)
        for pair in _pairs(mined.corpus, question, found, hits, rng)
    ]
    return [pairs[n] for n in rng.permutation(len(pairs))]


def _pairs(
    corpus: Corpus,
    question: Question,
    hits: Sequence[int],
    most: int,
    rng: Rng,
) -> list[Pair]:
    texts = corpus.passages
    asked = typed(question.text, rng)
    if not question.article_passages:
        near = [n for n in hits if n in question.related][:1] or list(question.related[:1])
        others = [n for n in hits[:10] if n not in near]
        drawn = [int(n) for n in rng.choice(others, 1)] if others else []
        return [Pair(asked, texts[n], 0) for n in [*near, *drawn]]
    golds = {n for group in question.article_passages for n in group}
    if not question.answers:
        best = max(golds, key=lambda n: (_in_common(question, texts[n]), -n))
        others = [n for n in hits if corpus.article_of[n] != corpus.article_of[best]]
        drawn = [int(n) for n in rng.choice(others[:8], min(2, len(others[:8])), replace=False)]
        return [Pair(asked, texts[best], 1), *(Pair(asked, texts[n], 0) for n in drawn)]
    if not question.holding:
        return []
    answers = [plain_text(a) for a in question.answers]
    gold = int(rng.choice(question.holding))
    spans = answer_spans(texts[gold], question.answers)
    if not spans:
        return []
    pairs = [Pair(asked, texts[gold], 1, spans)]
    wrong = [n for n in hits if not any(a in plain_text(texts[n]) for a in answers)]
    count = min(most, len(wrong))
    drawn = [int(n) for n in rng.choice(wrong, count, replace=False)] if wrong else []
    if most > 1:
        drawn.append(int(rng.integers(len(texts))))
    pairs += [Pair(asked, texts[n], 0) for n in drawn if n != gold]
    return [*pairs, *(Pair(*made, 0) for made in _made(corpus, asked, gold, spans, wrong, rng))]


def _made(
    corpus: Corpus, asked: str, gold: int, spans: Sequence[Span], wrong: Sequence[int], rng: Rng
) -> list[tuple[str, str]]:
    """Questions and passages which nearly fit: see `draw`."""
    passage = corpus.passages[gold]
    emptied = without(passage, spans)
    near = [corpus.passages[n] for n in wrong[:5]]
    chance = rng.random(5)
    made = []
    if chance[0] < _SWAPPED:
        # Of the same passage, the answer's sentence apart: as near as a wrong name can be.
        made.append((swapped(asked, passage, [emptied, *near], rng), passage))
    if chance[1] < _ALTERED:
        made.append((asked, altered(asked, passage, near, rng)))
    if chance[2] < _TURNED:
        made.append((turned(asked, passage, rng), passage))
    if chance[3] < _EMPTIED:
        made.append((asked, emptied))
    if emptied and chance[4] < _ECHOED:
        made.append((asked, f"{emptied} {asked}"))
    return [(question, text) for question, text in made if question and text]


def typed(question: str, rng: Rng) -> str:
    """The question, now and then without its mark, as people type it into a search box."""
    return question.rstrip("? ") if rng.random() < _BARE else question


def answer_spans(passage: str, answers: Sequence[str]) -> tuple[Span, ...]:
    """Where the answer strings stand in a passage, the longest at each place."""
    head = passage.find("\n") + 1
    found: list[Span] = []
    for answer in sorted(set(answers), key=lambda a: (-len(a), a)):
        pattern = r"\s+".join(map(re.escape, answer.split()))
        if not pattern:
            continue
        whole = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
        for match in whole.finditer(passage, head):
            start, end = match.span()
            if not any(s < end and start < e for s, e in found):
                found.append((start, end))
    return tuple(sorted(found))


def _in_common(question: Question, passage: str) -> int:
    wanted = set(terms(" ".join([question.text, *question.written])))
    return len(wanted & set(terms(passage)))


def without(passage: str, spans: Sequence[Span]) -> str:
    """The passage without the sentences that hold one of the spans, or "" when none is left."""
    head = passage.find("\n") + 1
    kept = [
        passage[head + a : head + b]
        for a, b in split_sentences(passage[head:])
        if not any(head + a < end and start < head + b for start, end in spans)
    ]
    return passage[:head] + " ".join(kept) if kept else ""


def swapped(question: str, passage: str, others: Sequence[str], rng: Rng) -> str:
    """The question about another name or number of `others`, or "" where it has none to change."""
    (start, end), new = _exchange(question, passage, question, others, rng)
    return question[:start] + new + question[end:] if new else ""


def altered(question: str, passage: str, others: Sequence[str], rng: Rng) -> str:
    """The passage telling of another name or number than the question, or "" where it can't."""
    (start, end), new = _exchange(question, passage, question + passage, others, rng)
    return passage.replace(question[start:end], new) if new else ""


def _exchange(
    question: str, passage: str, known: str, others: Sequence[str], rng: Rng
) -> tuple[Span, str]:
    """Where the question names what the passage does, and what else, not known, it could be."""
    for pattern in [NUMBER, _NAME] if rng.random() < 0.5 else [_NAME, NUMBER]:
        own = [m.span() for m in pattern.finditer(question) if m.group() in passage]
        new = _not_in(known, pattern, others)
        if own and new:
            return own[int(rng.integers(len(own)))], new[int(rng.integers(len(new)))]
    return (0, 0), ""


def turned(question: str, passage: str, rng: Rng) -> str:
    """The question with a word turned into its opposite, or "" where none fits."""
    known = set(_WORD.findall(passage.casefold()))
    turned = [
        question[: match.start()] + other + question[match.end() :]
        for match in _WORD.finditer(question)
        for pair in _OPPOSITES
        for word, other in (pair, pair[::-1])
        if word == match.group() and other not in known
    ]
    return turned[int(rng.integers(len(turned)))] if turned else ""


def _not_in(text: str, pattern: re.Pattern[str], others: Sequence[str]) -> list[str]:
    """What the pattern finds in the first of the others that has any which the text has not."""
    for other in others:
        body = other.partition("\n")[2] or other
        found = sorted({name for name in pattern.findall(body) if name not in text})
        if found:
            return found
    return []
