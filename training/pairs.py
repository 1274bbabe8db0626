"""Questions paired with passages, as the reader learns from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from askarticles.datatypes import Span
from askarticles.embedder import Embedder
from askarticles.passages import Splitter
from askarticles.sentences import split_sentences
from askarticles.terms import terms
from training.data import Corpus, Question, plain_text, read_sets
from training.measures import hybrid_best

# Of dense in the hybrid search that mines hard negatives, and how deep it looks.
_DENSE_WEIGHT = 0.5
_DEPTH = 20
# Shares of the answerable questions that give an example more: see `draw`.
_SWAPPED, _EMPTIED, _ECHOED = 0.15, 0.2, 0.1
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")


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


def draw(sets: Sequence[Mined], rng: np.random.Generator, hits: int = 3) -> list[Pair]:
    """The pairs of one pass, in the order to read them; other negatives with each generator.

    A question with answer strings gives a passage that holds one, at most so many `hits` that hold
    none and, with more than one, a passage at random; and now and then its passage without the
    sentences that hold the answer, that with the question itself put in, and its passage under the
    question with another name or number. One without strings gives the passage of its article that
    it has most words in common with. One without an answer gives a passage that is near, and hits.
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
    rng: np.random.Generator,
) -> list[Pair]:
    texts = corpus.passages
    asked = question.text
    if rng.random() < 0.3:  # as people type it into a search box
        asked = asked.rstrip("? ")
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
    chance = rng.random(3)
    if chance[0] < _SWAPPED:
        pairs += _swapped(corpus, asked, texts[gold], rng)
    emptied = _without(texts[gold], spans)
    if emptied and chance[1] < _EMPTIED:
        pairs.append(Pair(asked, emptied, 0))
    if emptied and chance[2] < _ECHOED:
        pairs.append(Pair(asked, f"{emptied} {question.text}", 0))
    return pairs


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


def _without(passage: str, spans: Sequence[Span]) -> str:
    """The passage without the sentences that hold one of the spans, or "" when none is left."""
    kept = [
        passage[a:b]
        for a, b in split_sentences(passage)
        if not any(a < end and start < b for start, end in spans)
    ]
    return " ".join(kept) if len(kept) > 1 else ""


def _swapped(corpus: Corpus, asked: str, passage: str, rng: np.random.Generator) -> list[Pair]:
    """The question about another name or number, which the passage does not tell of."""
    for pattern in (_NUMBER, _NAME):
        own = [m for m in pattern.finditer(asked) if m.group() in passage]
        other = corpus.questions[int(rng.integers(len(corpus.questions)))].text
        for match, new in zip(own, pattern.finditer(other), strict=False):
            if new.group() not in passage:
                changed = asked[: match.start()] + new.group() + asked[match.end() :]
                return [Pair(changed, passage, 0)]
    return []
