"""How often a passage that holds the answer comes first, by vectors, by words and by both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askarticles.datatypes import Vectors
from askarticles.embedder import Embedder
from askarticles.terms import terms
from training.data import Corpus

Scores = npt.NDArray[np.float32]
"""Scores of every passage for every question, shape (questions, passages)."""

# Both scores are normalised over their best 100, as the product's search does it.
_POOL = 100
_CHUNK = 500  # questions scored at once, for the memory that takes


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of questions, in percent, with an answering passage among the first 1 and 5."""

    at_1: float
    at_5: float

    def __str__(self) -> str:
        return f"{self.at_1:.1f} / {self.at_5:.1f}"


def lexical_scores(corpus: Corpus) -> Scores:
    """BM25 of every passage for every question, over the product's own terms."""
    return lexical_scorer(corpus.passages)([question.text for question in corpus.questions])


def lexical_scorer(passages: Sequence[str]) -> Callable[[Sequence[str]], Scores]:
    """BM25 over the product's own terms, indexed once: of every passage for each text given."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([terms(passage) for passage in passages], show_progress=False)

    def scores(texts: Sequence[str]) -> Scores:
        rows = []
        for text in texts:
            known = [term for term in terms(text) if term in retriever.vocab_dict]
            rows.append(
                retriever.get_scores(known) if known else np.zeros(len(passages), np.float32)
            )
        return np.asarray(rows, np.float32)

    return scores


def dense_scores(passages: Vectors, questions: Vectors) -> Scores:
    """Cosine of every passage for every question."""
    return np.asarray(questions @ passages.T, np.float32)


def hybrid_scores(dense: Scores, lexical: Scores, dense_weight: float) -> Scores:
    """Both scores min-max normalised over their own best 100 and added with weights.

    A passage outside the best 100 of one side gets nothing from that side.
    """
    return dense_weight * _normalised(dense) + (1 - dense_weight) * _normalised(lexical)


def hybrid_best(
    corpus: Corpus, embedder: Embedder, dense_weight: float, count: int
) -> list[tuple[int, ...]]:
    """For each question the passages that our own search puts first, best first."""
    passages, by_words = embedder.embed_passages(corpus.passages), lexical_scorer(corpus.passages)
    found: list[tuple[int, ...]] = []
    for start in range(0, len(corpus.questions), _CHUNK):
        asked = [question.text for question in corpus.questions[start : start + _CHUNK]]
        dense = dense_scores(passages, embedder.embed_passages(asked))
        scores = hybrid_scores(dense, by_words(asked), dense_weight)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        found += [tuple(row) for row in best.tolist()]
    return found


def recall(corpus: Corpus, scores: Scores) -> Recall:
    """Recall over the questions that some passage answers; ties go to the earlier passage."""
    found: list[tuple[bool, bool]] = []
    for question, row in zip(corpus.questions, scores, strict=True):
        if question.holding:
            first = np.argsort(-row, kind="stable")[:5]
            hits = np.isin(first, question.holding)
            found.append((bool(hits[0]), bool(hits.any())))
    at_1, at_5 = 100 * np.mean(found, axis=0)
    return Recall(float(at_1), float(at_5))


def mean_recall(recalls: Sequence[Recall]) -> Recall:
    """The mean over sets, each counting the same."""
    return Recall(
        float(np.mean([r.at_1 for r in recalls])), float(np.mean([r.at_5 for r in recalls]))
    )


def _normalised(scores: Scores) -> Scores:
    size = min(_POOL, scores.shape[1])
    best = -np.partition(-scores, size - 1, axis=1)[:, :size]
    low, high = best.min(axis=1, keepdims=True), best.max(axis=1, keepdims=True)
    spread = np.where(high > low, high - low, 1)
    return np.asarray(np.clip((scores - low) / spread, 0, 1), np.float32)
