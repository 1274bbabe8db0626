"""Measures retrieval, quotations and refusals on questions whose answers are known.

A question file has one JSON object a line: question, answerable, answers (strings of which the
answer holds one; may be empty), article_ids. Articles are a folder, whose ids are its paths, or
one articles.jsonl with id, title, text, source, date.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askarticles.articles import identified, read_folder
from askarticles.datatypes import Article, Citation, Hit, Story
from askarticles.embedder import load_embedder
from askarticles.errors import ArticleError, UsageError
from askarticles.index import Index
from askarticles.library import Library
from askarticles.reading.dates import parse_date
from askarticles.rebuilding import Progress, Report, build
from askarticles.scoring import load_scorer

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "`": "'"}
)
_DOUBLED = re.compile(r"''|\"")
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what is known of its answer."""

    question: str
    answers: tuple[str, ...]
    article_ids: frozenset[str]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """Shares in [0, 1] of the questions with the answering passage among the first k; mean
    reciprocal rank, counted to rank 10."""

    recall_1: float
    recall_5: float
    recall_10: float
    mrr_10: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; shares lie in [0, 1], times are in milliseconds.

    first_quote, any_quote: share of the answerable questions where the first quotation, or one
    of them, holds the answer when none is refused. auroc: that a question with an answer gets
    more confidence than one without, or nan when all have one. answered: share of answerable
    questions that are answered at the threshold; right: share of the shown answers whose first
    quotation holds the answer, over all questions; refused: share of the unanswerable ones.
    """

    questions: int
    answerable: int
    passages: int
    hybrid: Ranking
    dense: Ranking
    lexical: Ranking
    first_quote: float
    any_quote: float
    auroc: float
    threshold: float
    answered: float
    right: float
    refused: float
    p50: float
    p95: float

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """The figures as a table."""
        lines = [
            f"{self.questions} questions, {self.answerable} with an answer; "
            f"{self.passages} passages",
            "",
            "ranking          R@1    R@5   R@10  MRR@10",
        ]
        for name, ranking in (
            ("hybrid", self.hybrid),
            ("dense alone", self.dense),
            ("BM25 alone", self.lexical),
        ):
            values = (ranking.recall_1, ranking.recall_5, ranking.recall_10, ranking.mrr_10)
            lines.append(f"{name:<13}" + "".join(f"{100 * value:7.1f}" for value in values))
        lines += [
            "",
            f"first quotation holds the answer {100 * self.first_quote:5.1f} %"
            f" (one of all: {100 * self.any_quote:.1f} %)",
            f"AUROC answerable or not          {self.auroc:7.3f}",
            f"at confidence {self.threshold:.2f}: {100 * self.answered:.1f} % of answerable "
            f"questions answered, {100 * self.refused:.1f} % of others refused,",
            f"  {100 * self.right:.1f} % of the shown answers hold the answer",
            f"time for a question: p50 {self.p50:.0f} ms, p95 {self.p95:.0f} ms",
        ]
        return "\n".join(lines)


def evaluate(
    questions: Path,
    articles: Path,
    *,
    model: str = "",
    sample: int = 0,
    report: Report = lambda progress: None,
) -> Figures:
    """Builds an index of the articles in a folder of its own and asks it the questions.

    sample: how many of the questions, evenly spread; 0 for all. Raises UsageError when a file is
    not in the form described above.
    """
    judged = load_questions(questions)
    if sample:
        judged = judged[:: -(-len(judged) // sample)]
    embedder = load_embedder(model)
    found = load_articles(articles)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        build(found, Path(folder), embedder, report=report)
        library = Library(Path(folder), Index.open(Path(folder)), embedder)
        return measure(library, judged, report)


def measure(library: Library, judged: Sequence[Judged], report: Report) -> Figures:
    """Asks an open library the questions; the figures."""
    ranks: dict[str, list[int]] = {"hybrid": [], "dense": [], "lexical": []}
    first, some, confidence, milliseconds = [], [], [], []
    threshold = load_scorer().threshold
    for number, question in enumerate(judged, 1):
        report(Progress("asking", number, len(judged)))
        start = time.perf_counter()
        answer = library.ask(question.question, caution=0.0)
        milliseconds.append(1000 * (time.perf_counter() - start))
        confidence.append(answer.confidence)
        held = [holds(question, c) for c in answer.citations]
        first.append(bool(held) and held[0])
        some.append(any(held))
        if question.answerable:
            hits = library.search(question.question, limit=1000)
            for name, order in _ORDERS.items():
                ranks[name].append(_rank(question, sorted(hits, key=order)))
    answerable = np.array([q.answerable for q in judged], bool)
    shown = np.array(confidence) >= threshold
    right = np.array(first, bool)
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return Figures(
        questions=len(judged),
        answerable=int(answerable.sum()),
        passages=library.passages,
        hybrid=_ranking(ranks["hybrid"]),
        dense=_ranking(ranks["dense"]),
        lexical=_ranking(ranks["lexical"]),
        first_quote=_mean(right[answerable]),
        any_quote=_mean(np.array(some, bool)[answerable]),
        auroc=auroc(np.array(confidence), answerable),
        threshold=threshold,
        answered=_mean(shown[answerable]),
        right=_mean(right[shown]),
        refused=_mean(~shown[~answerable]),
        p50=float(p50),
        p95=float(p95),
    )


_ORDERS: dict[str, Callable[[Hit], tuple[float, str, int]]] = {
    "hybrid": lambda h: (-h.score, h.article.id, h.passage.start),
    "dense": lambda h: (-h.dense, h.article.id, h.passage.start),
    "lexical": lambda h: (-h.lexical, h.article.id, h.passage.start),
}


def load_questions(path: Path) -> list[Judged]:
    """The questions of a file; UsageError when it is not in the form described above."""
    judged = []
    for number, record in _records(path):
        try:
            judged.append(
                Judged(
                    str(record["question"]),
                    tuple(str(a) for a in record["answers"]),
                    frozenset(str(i) for i in record["article_ids"]),
                    bool(record["answerable"]),
                )
            )
        except (KeyError, TypeError) as error:
            raise UsageError(
                f"line {number} of {path} is no question ({error}); it needs question, answers, "
                "article_ids and answerable"
            ) from error
    if not judged:
        raise UsageError(f"{path} holds no question")
    return judged


def load_articles(path: Path) -> list[Article]:
    """The articles of a folder or of an articles.jsonl, with the ids that questions name."""
    if path.is_dir():
        return [r.article for file in read_folder(path) for r in file.readings]
    articles = []
    ids: set[str] = set()
    for number, record in _records(path):
        try:
            story = Story(
                title=str(record.get("title") or ""),
                body=str(record["text"]).strip(),
                source=str(record.get("source") or ""),
                published=parse_date(str(record.get("date") or "")),
            )
            article_id = str(record["id"])
        except (KeyError, AttributeError) as error:
            raise UsageError(
                f"line {number} of {path} is no article ({error}); it needs id, title and text"
            ) from error
        if article_id in ids:
            raise UsageError(f"line {number} of {path} has the id {article_id!r} a second time")
        ids.add(article_id)
        try:
            articles.append(identified(story, article_id, article_id))
        except ArticleError:
            continue  # An article without text answers nothing; the figures show it.
    return articles


def holds(question: Judged, citation: Citation) -> bool:
    """Whether a quotation is from a right article and holds one of the answers."""
    if citation.article_id not in question.article_ids:
        return False
    quote = normalised(citation.quote)
    return not question.answers or any(normalised(a) in quote for a in question.answers)


def normalised(text: str) -> str:
    """A text without differences of case, spacing and quotation marks."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(_DOUBLED.sub("'", folded).split())


def auroc(scores: npt.NDArray[Any], positive: npt.NDArray[np.bool_]) -> float:
    """Probability that a positive has the higher score, ties counted half; nan without both."""
    high, low = scores[positive], np.sort(scores[~positive])
    if not len(high) or not len(low):
        return float("nan")
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / len(low))


def _rank(question: Judged, hits: Sequence[Hit]) -> int:
    """Rank, from 1, of the first passage that answers; 0 when it is not in the first ten."""
    for rank, hit in enumerate(hits[:_DEPTH], 1):
        if hit.article.id in question.article_ids and (
            not question.answers
            or any(normalised(a) in normalised(hit.text) for a in question.answers)
        ):
            return rank
    return 0


def _ranking(ranks: Sequence[int]) -> Ranking:
    found = np.array(ranks)
    reciprocal = np.where(found > 0, 1 / np.maximum(found, 1), 0.0)
    return Ranking(
        _mean((found > 0) & (found <= 1)),
        _mean((found > 0) & (found <= 5)),
        _mean(found > 0),
        _mean(reciprocal),
    )


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, dict(json.loads(line))
            except (ValueError, TypeError) as error:
                raise UsageError(f"line {number} of {path} is not JSON: {error}") from error
