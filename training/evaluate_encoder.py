"""Compares encoders: how often a passage that holds the answer comes first or among five.

    python -m training.evaluate_encoder SET [SET ...] --models NAME [NAME ...] [--pool]

A model is a folder in sentence-transformers form, or a name that the product knows. --pool puts
the passages of all the sets into one heap, which makes each set harder; --without SET leaves out
questions about passages that also stand in that set (one that was trained on).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from askarticles.datatypes import Vectors
from askarticles.embedder import load_embedder
from askarticles.passages import Splitter
from training.data import Corpus, read_sets, without_shared_articles
from training.measures import (
    Recall,
    Scores,
    dense_scores,
    hybrid_scores,
    lexical_scores,
    mean_recall,
    recall,
)

_WEIGHTS = (0.3, 0.4, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class Row:
    """What one way of searching finds in each set, in the order of the sets."""

    name: str
    recalls: tuple[Recall, ...]


def evaluate(
    corpora: Sequence[Corpus], dense: Sequence[Scores], lexical: Sequence[Scores], name: str
) -> list[Row]:
    """Rows for the dense scores alone and for hybrids over several weights."""
    rows = [Row(name, tuple(recall(c, s) for c, s in zip(corpora, dense, strict=True)))]
    for weight in _WEIGHTS:
        recalls = tuple(
            recall(c, hybrid_scores(d, b, weight))
            for c, d, b in zip(corpora, dense, lexical, strict=True)
        )
        rows.append(Row(f"{name}, hybrid {weight:.1f}", recalls))
    return rows


def pooled(corpora: Sequence[Corpus]) -> list[Corpus]:
    """Each set's questions over the passages of all the sets."""
    passages = tuple(p for corpus in corpora for p in corpus.passages)
    article_of = tuple(a for corpus in corpora for a in corpus.article_of)
    shift, together = 0, []
    for corpus in corpora:
        together.append(Corpus(passages, article_of, corpus.shifted_questions(shift)))
        shift += len(corpus.passages)
    return together


def table(sets: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table, R@1 / R@5 in percent, with the mean over the sets last."""
    lines = ["| | " + " | ".join([*sets, "mean"]) + " |", "|---" * (len(sets) + 2) + "|"]
    for row in rows:
        cells = [*map(str, row.recalls), str(mean_recall(row.recalls))]
        lines.append(f"| {row.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _thinned(corpus: Corpus, most: int) -> Corpus:
    step = -(-len(corpus.questions) // most)
    return Corpus(corpus.passages, corpus.article_of, corpus.questions[::step])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--models", nargs="+", required=True)
    parser.add_argument("--pool", action="store_true", help="search all sets together")
    parser.add_argument("--without", type=Path, help="a set that was trained on")
    parser.add_argument("--at-most", type=int, default=10**9, help="questions of a set, evenly")
    options = parser.parse_args()
    first = load_embedder(options.models[0])
    corpora = []
    for folder in options.sets:
        corpus = read_sets([folder], first.count_tokens, first.max_tokens, Splitter())
        if options.without:
            other = read_sets([options.without], first.count_tokens, first.max_tokens, Splitter())
            corpus = without_shared_articles(corpus, other)
        corpora.append(_thinned(corpus.answerable(), options.at_most))
    sizes = [f"{len(c.questions)} questions, {len(c.passages)} passages" for c in corpora]
    if options.pool:
        corpora = pooled(corpora)
    lexical = [lexical_scores(corpus) for corpus in corpora]
    rows = [Row("BM25", tuple(recall(c, s) for c, s in zip(corpora, lexical, strict=True)))]
    for model in options.models:
        embedder = load_embedder(model)
        vectors: dict[tuple[str, ...], Vectors] = {}
        dense = []
        for corpus in corpora:
            if corpus.passages not in vectors:
                vectors[corpus.passages] = embedder.embed_passages(corpus.passages)
            asked = [question.text for question in corpus.questions]
            questions = np.stack([embedder.embed_question(text) for text in asked])
            dense.append(dense_scores(vectors[corpus.passages], questions))
        rows += evaluate(corpora, dense, lexical, model)
    print("; ".join(f"{f.name}: {s}" for f, s in zip(options.sets, sizes, strict=True)))
    print(table([folder.name for folder in options.sets], rows))


if __name__ == "__main__":
    main()
