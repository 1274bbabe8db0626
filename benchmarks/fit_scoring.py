"""Fits src/askarticles/scoring.json on question sets and shows what the threshold does.

    python benchmarks/fit_scoring.py TRAIN [TRAIN ...] --held-out SET [SET ...] [--write]

A set is a folder with articles.jsonl and questions.jsonl (see askarticles.evaluation). Two
logistic regressions over the features of askarticles.scoring: one orders the sentences of the
hits (does this one hold the answer?), one says how likely the first of them answers. Each set
counts alike, however many questions it has. Needs scikit-learn, which sentence-transformers
brings.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from askarticles.answer import read_sentences
from askarticles.datatypes import Filters
from askarticles.embedder import load_embedder
from askarticles.evaluation import load_articles, load_questions, normalised
from askarticles.figures import auroc
from askarticles.index import Index
from askarticles.library import Library
from askarticles.rebuilding import build

SENTENCE = ("covered", "score", "margin", "form", "short")
CONFIDENCE = ("covered", "dense", "form", "codes")
# Titles of encyclopedia articles, which most public sets are made of, are no headlines, so this
# weight is not fitted: of 0, -.5, -1, -2 the first to leave the body's sentence in front where it
# says the same as the headline, on 92 questions about the news stories in seeds/.
HEADLINE = -1.0
READ = 10


@dataclass(frozen=True)
class Seen:
    """One question: features of its sentences, (n, features), which of them are right."""

    features: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    answerable: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("--held-out", nargs="*", type=Path, default=[])
    parser.add_argument("--sample", type=int, default=1000, help="questions of a set")
    parser.add_argument("--threshold", type=float, default=0.25)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    seen = {p.name: look(p, options.sample) for p in (*options.train, *options.held_out)}
    train = [seen[path.name] for path in options.train]
    sentence = fit_sentence(train)
    confidence = fit_confidence(train, sentence)
    for name, questions in seen.items():
        show(name, questions, sentence, confidence)
    data = {"sentence": sentence, "confidence": confidence, "threshold": options.threshold}
    print(json.dumps(data, indent=1))
    if options.write:
        target = Path(__file__).parents[1] / "src/askarticles/scoring.json"
        target.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def look(folder: Path, sample: int) -> list[Seen]:
    """The features of all sentences that are read for the questions of a set."""
    judged = load_questions(folder / "questions.jsonl")
    judged = [q for q in judged if q.answers or not q.answerable]
    judged = judged[:: max(1, len(judged) // sample)]
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as place:
        build(load_articles(folder / "articles.jsonl"), Path(place), embedder)
        library = Library(Path(place), Index.open(Path(place)), embedder)
        found = []
        for question in judged:
            prepared, hits = library.read(question.question, Filters())
            sentences = read_sentences(prepared, hits[:READ])
            answers = [normalised(a) for a in question.answers]
            right = [
                s.hit.article.id in question.article_ids
                and any(a in normalised(s.text) for a in answers)
                for s in sentences
            ]
            rows = [[getattr(s.features, name) for name in NAMES] for s in sentences]
            found.append(Seen(np.array(rows), np.array(right, bool), question.answerable))
    return found


NAMES = tuple(dict.fromkeys((*SENTENCE, *CONFIDENCE, "headline")))


def fit_sentence(sets: list[list[Seen]]) -> dict[str, Any]:
    """Weights that order sentences, from the answerable questions whose answer was found."""
    rows, right, weight = [], [], []
    for questions in sets:
        usable = [q for q in questions if q.answerable and q.right.any()]
        for question in usable:
            body = question.features[:, NAMES.index("headline")] == 0
            rows.append(question.features[body][:, columns(SENTENCE)])
            right.append(question.right[body])
            weight.append(np.full(int(body.sum()), 1 / len(usable)))
    fitted = logistic(np.concatenate(rows), np.concatenate(right), np.concatenate(weight))
    return named(fitted, SENTENCE, {"headline": HEADLINE})


def fit_confidence(sets: list[list[Seen]], sentence: dict[str, Any]) -> dict[str, Any]:
    """Weights that say how likely the first sentence answers, from all questions."""
    rows, right, weight = [], [], []
    for questions in sets:
        for question in questions:
            first = int(np.argmax(values(question, sentence)))
            rows.append(question.features[first][columns(CONFIDENCE)])
            right.append(bool(question.right[first]) and question.answerable)
            weight.append(1 / len(questions))
    return named(logistic(np.array(rows), np.array(right), np.array(weight)), CONFIDENCE, {})


def logistic(rows: Any, right: Any, weight: Any) -> LogisticRegression:
    return LogisticRegression(max_iter=5000).fit(rows, right, weight * len(rows) / weight.sum())


def named(fitted: Any, names: tuple[str, ...], fixed: dict[str, float]) -> dict[str, Any]:
    weights = {name: round(float(w), 3) for name, w in zip(names, fitted.coef_[0], strict=True)}
    return {"bias": round(float(fitted.intercept_[0]), 3), "weights": weights | fixed}


def columns(names: tuple[str, ...]) -> list[int]:
    return [NAMES.index(name) for name in names]


def values(question: Seen, model: dict[str, Any]) -> npt.NDArray[np.float64]:
    weights = model["weights"]
    found = question.features[:, columns(tuple(weights))] @ np.array(list(weights.values()))
    return np.asarray(found, np.float64)


def show(
    name: str, questions: list[Seen], sentence: dict[str, Any], confidence: dict[str, Any]
) -> None:
    right, sure = [], []
    for question in questions:
        first = int(np.argmax(values(question, sentence)))
        right.append(bool(question.right[first]) and question.answerable)
        sure.append(1 / (1 + np.exp(-confidence["bias"] - values(question, confidence)[first])))
    ok, p = np.array(right), np.array(sure)
    answerable = np.array([q.answerable for q in questions])
    print(
        f"{name}: first sentence right {100 * ok[answerable].mean():.1f} %, "
        f"AUROC answerable {auroc(p, answerable):.3f}, right {auroc(p, ok):.3f}"
    )
    for threshold in (0.2, 0.3, 0.35, 0.4, 0.5, 0.6):
        shown = p >= threshold
        refused = f"{100 * (~shown[~answerable]).mean():5.1f}" if not answerable.all() else "    -"
        print(
            f"   from {threshold:.2f}: answered {100 * shown[answerable].mean():5.1f} %, "
            f"refused {refused} %, right of shown {100 * ok[shown].mean():5.1f} %"
        )


if __name__ == "__main__":
    main()
