"""Asks questions whose answers are known, and measures ranking, quotations and refusals.

A question file has one JSON object a line: question, answerable, answers (strings of which the
answer holds one; may be empty, then any passage of a right article answers), article_ids (of the
right articles; may be empty, then any article that holds an answer is right); and where there are,
id, history (earlier turns, as [speaker, text] with "user" for the asker, or as texts in turn) and
rewrite (the question as a person would ask it without the history). Articles are a folder, whose
ids are its paths, or one file of JSON lines, each a record as in any file of articles, and an id.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from askarticles.articles import load_file, read_file, read_folder
from askarticles.datatypes import Article, Filters, Hit, Span, Vectors
from askarticles.embedder import Embedder, load_embedder
from askarticles.errors import ArticleError, UsageError
from askarticles.figures import (
    DEPTH,
    Evaluation,
    Outcome,
    draws,
    estimate,
    percentile,
    statistics,
)
from askarticles.index import Index
from askarticles.library import Library
from askarticles.reading.archives import Limits
from askarticles.rebuilding import Progress, Report, build
from askarticles.scoring import load_scorer
from askarticles.sentences import split_sentences
from askarticles.terms import terms

OURS, AS_TYPED, REWRITE = "ours", "as typed", "rewrite"
# The plain ways: how each orders the hits.
_PLAIN: dict[str, Callable[[Hit], float]] = {
    "BM25 only": lambda hit: hit.lexical,
    "dense only": lambda hit: hit.dense,
    "plain hybrid": lambda hit: hit.score,
}
# What "last week" is counted from: the same figures on any day.
_TODAY = "2025-01-01"
# Passages of whose sentences a plain way quotes the nearest; as many as ours reads.
_READ = 8

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "`": "'"}
)
_DOUBLED = re.compile(r"''|\"")


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what is known of its answer.

    history: the questions of the earlier turns. rewrite: "" when there is none.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article_ids: frozenset[str]
    answerable: bool
    history: tuple[str, ...] = ()
    rewrite: str = ""

    def answered_by(self, article_id: str, text: str) -> bool:
        """Whether a text answers: it is of a right article and holds one of the answers."""
        if not self.answerable or (self.article_ids and article_id not in self.article_ids):
            return False
        held = normalised(text)
        return not self.answers or any(normalised(answer) in held for answer in self.answers)


_Way: TypeAlias = Callable[[Judged], tuple[str, Outcome]]
"""Asks a question in one way; the name of the way, and what it gave."""


def evaluate(
    questions: Path,
    articles: Path,
    *,
    model: str = "",
    sample: int = 0,
    compare: bool = False,
    as_typed: bool = False,
    rewrite: bool = False,
    report: Report = lambda progress: None,
) -> Evaluation:
    """Builds an index of the articles in a folder of its own and asks it the questions.

    sample: at most how many of the questions, evenly spread; 0 for all. compare: the plain ways
    beside ours. as_typed, rewrite: the question alone, and a person's rewrite of it, beside ours;
    then only questions with a history (and a rewrite) are asked. Raises UsageError when a file is
    not in the form described above.
    """
    if sample < 0:
        raise UsageError(f"the sample is {sample}; it has to be at least 1, or 0 for all")
    judged = load_questions(questions)
    total = len(judged)
    if as_typed or rewrite:
        judged = [q for q in judged if q.history and (q.rewrite or not rewrite)]
        if not judged:
            also = " and a rewrite" if rewrite else ""
            raise UsageError(f"no question of {questions} has a history{also}")
    if sample:
        judged = judged[:: -(-len(judged) // sample)]
    embedder = load_embedder(model)
    found = load_articles(articles)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        build(found, Path(folder), embedder, report=report)
        index = Index.open(Path(folder))
        library = Library(Path(folder), index, embedder)
        asked = {OURS: True, AS_TYPED: as_typed, REWRITE: rewrite}
        ways = [partial(_ask, library, way) for way, wanted in asked.items() if wanted]
        if compare:
            sentences = _Nearest(index, embedder)
            ways += [partial(_ask_plainly, sentences, way) for way in _PLAIN]
        outcomes = _outcomes(judged, ways, report)
        passages = library.passages
    answerable = [q for q in judged if q.answerable]
    return measure(
        [q.id for q in judged],
        outcomes,
        about={
            "questions": len(judged),
            "of": total,
            "with an answer": len(answerable),
            "judged by the article alone": sum(not q.answers for q in answerable),
            "with an answer that is in no right article": _unfindable(answerable, found),
            "articles": len(found),
            "passages": passages,
            "model": embedder.name,
        },
    )


def measure(
    ids: Sequence[str], outcomes: dict[str, list[Outcome]], about: dict[str, int | str]
) -> Evaluation:
    """The figures of what the ways of answering gave for the questions with these ids."""
    threshold = load_scorer().threshold
    counts = draws(len(ids))
    times = {
        way: np.array([o.milliseconds for o in found])
        for way, found in outcomes.items()
        if way not in _PLAIN
    }
    return Evaluation(
        about=about,
        threshold=threshold,
        ids=ids,
        outcomes=outcomes,
        figures={
            # A cosine is no probability.
            way: estimate(statistics(found, threshold, calibrated=way not in _PLAIN), counts)
            for way, found in outcomes.items()
        },
        latency={
            way: estimate({f"p{share}": percentile(share / 100, ms) for share in (50, 95)}, counts)
            for way, ms in times.items()
        },
    )


def _outcomes(
    judged: Sequence[Judged], ways: Sequence[_Way], report: Report
) -> dict[str, list[Outcome]]:
    outcomes: dict[str, list[Outcome]] = {}
    for number, question in enumerate(judged):
        report(Progress("asking", number, len(judged)))
        for ask in ways:
            way, outcome = ask(question)
            outcomes.setdefault(way, []).append(outcome)
    report(Progress("asking", len(judged), len(judged)))
    return outcomes


def _ask(library: Library, way: str, question: Judged) -> tuple[str, Outcome]:
    """What the library answers: to the question in its conversation, to it alone, or rewritten."""
    text = question.rewrite if way == REWRITE else question.question
    turns = [{"question": turn} for turn in question.history] if way == OURS else []
    start = time.perf_counter()
    answer = library.ask(text, history=turns, caution=0.0, today=_TODAY)
    milliseconds = 1000 * (time.perf_counter() - start)
    hits = library.search(text, history=turns, limit=1000, today=_TODAY)
    quotes = [(c.article_id, c.quote) for c in answer.citations]
    return way, _outcome(question, hits, quotes, answer.confidence, milliseconds)


def _ask_plainly(nearest: _Nearest, way: str, question: Judged) -> tuple[str, Outcome]:
    """What a plain way answers to the question alone; see _Nearest for its quotations."""
    vector, hits = nearest.read(question.question)
    key = _PLAIN[way]
    # Hits of the other side alone are none of this one's.
    hits = [hit for hit in hits if key(hit) > 0]
    hits.sort(key=lambda h: (-key(h), h.article.id, h.passage.start))
    quotes, confidence = nearest.quotes(vector, hits[:_READ])
    return way, _outcome(question, hits, quotes, confidence, float("nan"))


class _Nearest:
    """Quotes, of some passages, the sentences nearest to a question by cosine."""

    def __init__(self, index: Index, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        self._vectors: dict[tuple[str, Span], Vectors] = {}
        # The plain ways ask the same question one after the other.
        self.read = lru_cache(maxsize=1)(self._read)

    def _read(self, question: str) -> tuple[Vectors, list[Hit]]:
        vector = self._embedder.embed_question(question)
        words = [self._index.spelled(term) for term in terms(question)]
        return vector, self._index.search(words, vector, filters=Filters())

    def quotes(self, vector: Vectors, hits: Sequence[Hit]) -> tuple[list[tuple[str, str]], float]:
        """(article id, sentence) of the three nearest, and the cosine of the first."""
        spans = {
            (hit.article.id, (hit.passage.start + a, hit.passage.start + b)): hit.text[a:b]
            for hit in hits
            for a, b in split_sentences(hit.text, hit.article.language)
        }
        new = [span for span in spans if span not in self._vectors]
        rows = self._embedder.embed_passages([spans[span] for span in new])
        self._vectors |= dict(zip(new, rows, strict=True))
        cosines = {span: float(self._vectors[span] @ vector) for span in spans}
        best = sorted(spans, key=lambda span: (-cosines[span], span))[:3]
        return [(s[0], spans[s]) for s in best], cosines[best[0]] if best else 0.0


def _outcome(
    question: Judged,
    hits: Sequence[Hit],
    quotes: Sequence[tuple[str, str]],
    confidence: float,
    milliseconds: float,
) -> Outcome:
    held = [question.answered_by(*quote) for quote in quotes]
    passages = [question.answered_by(hit.article.id, hit.text) for hit in hits[:DEPTH]]
    ids = list(dict.fromkeys(hit.article.id for hit in hits))[:DEPTH]
    articles = [i in question.article_ids for i in ids]
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    ideal = discounts[: len(question.article_ids)].sum()
    return Outcome(
        answerable=question.answerable,
        golds=len(question.article_ids),
        passage=passages.index(True) + 1 if any(passages) else 0,
        article=articles.index(True) + 1 if any(articles) else 0,
        gain=float(discounts[: len(articles)] @ articles / ideal) if ideal else 0.0,
        first=any(held[:1]),
        some=any(held),
        confidence=confidence,
        milliseconds=milliseconds,
    )


def load_questions(path: Path) -> list[Judged]:
    """The questions of a file; UsageError when it is not in the form described above."""
    judged = []
    for number, record in _records(path):
        try:
            question = Judged(
                str(record.get("id", number)),
                str(record["question"]),
                tuple(str(a) for a in record["answers"]),
                frozenset(str(i) for i in record["article_ids"]),
                bool(record["answerable"]),
                _earlier_questions(record.get("history") or []),
                str(record.get("rewrite") or ""),
            )
        except (KeyError, TypeError) as error:
            raise UsageError(
                f"line {number} of {path} is no question ({error}); it needs question, answers, "
                "article_ids and answerable"
            ) from error
        if not question.question.strip():
            raise UsageError(f"line {number} of {path} has an empty question")
        if question.answerable and not question.answers and not question.article_ids:
            raise UsageError(
                f"line {number} of {path} has an answer, but neither answers nor article_ids say "
                "which; add them, or make answerable false"
            )
        judged.append(question)
    if not judged:
        raise UsageError(f"{path} holds no question")
    return judged


def _earlier_questions(history: Sequence[Any]) -> tuple[str, ...]:
    """Of [["user", "Why?"], ["agent", "So."]], or of ["Why?", "So."], the questions."""
    if all(isinstance(turn, str) for turn in history):
        return tuple(history[::2])
    if not all(isinstance(turn, list) and len(turn) == 2 for turn in history):
        raise TypeError("history holds neither texts nor [speaker, text]")
    return tuple(str(text) for speaker, text in history if speaker == "user")


def load_articles(path: Path) -> list[Article]:
    """The articles of a folder or of a file of JSON lines, with the ids that questions name."""
    if path.is_dir():
        return [r.article for file in read_folder(path) for r in file.readings]
    ids = []
    for number, record in _records(path):
        if "id" not in record:
            raise UsageError(f"line {number} of {path} is no article; it needs id, title and text")
        ids.append(str(record["id"]))
    if len(set(ids)) < len(ids):
        twice = next(i for place, i in enumerate(ids) if i in ids[:place])
        raise UsageError(f"{path} has the id {twice!r} twice; an article has its own")
    limits = Limits()
    # Under a name that says what is in it, whatever the file's own is; its nth article is the
    # record of the nth id.
    name = "articles.jsonl"
    known = {f"{name}#{number}": i for number, i in enumerate(ids, 1)}
    try:
        read = read_file(name, load_file(path.parent, path.name, limits), limits)
    except ArticleError as error:
        raise UsageError(f"{path} {error}") from error
    # An article without text answers nothing; the figures show it.
    return [replace(r.article, id=known[r.article.id]) for r in read.readings]


def normalised(text: str) -> str:
    """A text without differences of case, spacing and quotation marks."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(_DOUBLED.sub("'", folded).split())


def _unfindable(judged: Sequence[Judged], articles: Sequence[Article]) -> int:
    """How many questions have an answer that stands in no right article."""
    texts = {article.id: normalised(article.text) for article in articles}
    return sum(
        not any(
            normalised(answer) in texts.get(article_id, "")
            for article_id in question.article_ids or texts
            for answer in question.answers
        )
        for question in judged
        if question.answers
    )


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
