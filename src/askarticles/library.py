"""A library of articles that is opened once and asked many times."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from askarticles.answer import READ, compose
from askarticles.articles import check_folder
from askarticles.datatypes import Answer, Article, Citation, CitationState, Filters, Hit
from askarticles.embedder import Embedder, load_embedder
from askarticles.errors import IndexDamaged, IndexMismatch, UsageError
from askarticles.generations import current_generation
from askarticles.index import Index
from askarticles.reader import Reader, load_reader
from askarticles.reading.dates import date_bounds, parse_bound
from askarticles.rebuilding import Receipt, Report, rebuild
from askarticles.scoring import Question, load_scorer, prepare, ranked
from askarticles.store import Listing, filter_clause
from askarticles.terms import terms

DEFAULT_ARTICLES = "seeds"
DEFAULT_INDEX = "embeddings"
DEFAULT_LIMIT = 3

_WORD = re.compile(r"[^\W_]")
# Markup that came along when a question was copied; "<no name given>" is not markup.
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]{0,9}|[a-z]{1,10}\s[^<>]*=[^<>]*)/?>", re.IGNORECASE)


class Library:
    """Articles with their index and embedder; safe to share by threads.

    articles: the folder that the index was made of, looked at only to tell whether a cited file
    is still as it was.
    """

    def __init__(
        self, articles: Path, index: Index, embedder: Embedder, reader: Reader | None = None
    ) -> None:
        check_folder(articles)
        self.articles_folder = articles
        self.index_folder = index.folder
        self.embedder = embedder
        self.reader = reader or load_reader()
        self._swap = threading.Lock()
        self._index = _checked(index, embedder)

    @classmethod
    def open(cls, articles: str | Path, index: str | Path, *, model: str = "") -> Self:
        """The library with the model that its index was made with, or `model` if it is that.

        Raises UsageError, IndexMissing, IndexDamaged, IndexMismatch, ModelError.
        """
        articles, index = Path(articles), Path(index)
        check_folder(articles)
        opened = Index.open(index)
        stored = opened.recipe.model
        if model and model != stored:
            raise _mismatch(index, stored, model)
        return cls(articles, opened, load_embedder(stored))

    @property
    def generation(self) -> str:
        """Name of the index generation in use."""
        return self._index.generation

    @property
    def built(self) -> str:
        """When that generation was made, ISO 8601 in UTC."""
        return self._index.built

    @property
    def passages(self) -> int:
        """Number of passages in the index."""
        return self._index.store.count()[1]

    def refresh(self) -> bool:
        """Opens the newest generation if another has been built; whether it did."""
        if current_generation(self.index_folder) == self._index.generation:
            return False
        with self._swap:
            if current_generation(self.index_folder) == self._index.generation:
                return True
            fresh = _checked(Index.open(self.index_folder), self.embedder)
            # The older one stays open for those who are reading it, and closes after the last.
            self._index = fresh
        return True

    def ask(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = DEFAULT_LIMIT,
        caution: float | None = None,
    ) -> Answer:
        """The sentences that answer a question, quoted word for word, or the nearest passages.

        limit: the most quotations, at least 1. caution: the confidence in [0, 1] from which an
        answer is shown; the default is the one that was chosen by measurement. Raises UsageError
        when the question is empty or a filter cannot be read.
        """
        if limit < 1:
            raise UsageError(f"the limit of quotations is {limit}; it has to be at least 1")
        if caution is not None and not 0 <= caution <= 1:
            raise UsageError(f"the caution is {caution}; it has to lie between 0 and 1")
        index = self._index
        scorer = load_scorer()
        filters = _readable(filters)
        asked, hits = self._read(index, question, filters)
        answer = compose(
            asked,
            hits,
            index,
            scorer,
            filters=filters,
            limit=limit,
            caution=scorer.threshold if caution is None else caution,
        )
        return replace(
            answer,
            question=question.strip(),
            citations=tuple(self._checked(index, c) for c in answer.citations),
            nearest=tuple(self._checked(index, c) for c in answer.nearest),
        )

    def rebuild(self, report: Report = lambda progress: None) -> Receipt:
        """Brings the index up to date with the articles and opens it; see `rebuild`.

        Questions are answered from the generation in use meanwhile.
        """
        receipt = rebuild(
            self.articles_folder, self.index_folder, embedder=self.embedder, report=report
        )
        self.refresh()
        return receipt

    def search(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = 10,
    ) -> list[Hit]:
        """The passages nearest to a question, best first."""
        return self.read(question, filters)[1][:limit]

    def read(
        self, question: str, filters: Filters, count: int = READ
    ) -> tuple[Question, list[Hit]]:
        """A question made ready for scoring, and its hits, the first `count` of them read."""
        return self._read(self._index, question, _readable(filters), count)

    def article(self, article_id: str) -> Article:
        """The article of this id as it was indexed; UsageError when there is none."""
        return self._index.store.article(article_id)

    def listing(self) -> tuple[Listing, ...]:
        """All articles, the newest first."""
        return self._index.store.listing()

    def state(self, article: Article) -> CitationState:
        """Whether the file of an article is as it was when it was indexed."""
        return self._state(self._index, article.path)

    def verify(self, citation: Citation) -> bool:
        """Whether a quotation is, word for word, in the version of the article that it cites."""
        return _verified(self._index, citation)

    def _read(
        self, index: Index, question: str, filters: Filters, count: int = READ
    ) -> tuple[Question, list[Hit]]:
        if not question.strip():
            raise UsageError("the question is empty; type what you want to know")
        text = " ".join(_TAG.sub(" ", question).split()) or question.strip()
        words = [index.spelled(term) for term in terms(text)]
        vector = self.embedder.embed_question(text)
        asked = prepare(text, index.passages, index.document_frequency, words)
        # Signs alone ask for nothing; whatever came first would be no answer to them.
        if not _WORD.search(text):
            return asked, []
        hits = index.search(asked.terms, vector, filters=filters)
        readings = self.reader.read(text, hits[:count])
        read = [replace(hit, reading=one) for hit, one in zip(hits, readings, strict=False)]
        return asked, ranked(asked, [*read, *hits[count:]], load_scorer().passage)

    def _checked(self, index: Index, citation: Citation) -> Citation:
        if not _verified(index, citation):
            raise IndexDamaged(
                f"the index in {self.index_folder} no longer holds {citation.path} as it was "
                "indexed; run `askarticles rebuild`"
            )
        return replace(citation, state=self._state(index, citation.path))

    def _state(self, index: Index, path: str) -> CitationState:
        try:
            data = (self.articles_folder / path).read_bytes()
        except OSError:
            return "missing"
        same = hashlib.sha256(data).hexdigest() == index.store.file_sha256(path)
        return "as indexed" if same else "changed"


def ask(
    question: str,
    *,
    articles: str | Path = DEFAULT_ARTICLES,
    index: str | Path = DEFAULT_INDEX,
    since: str = "",
    until: str = "",
    source: str = "",
    limit: int = DEFAULT_LIMIT,
    caution: float | None = None,
) -> Answer:
    """The sentences of a folder of articles that answer a question, quoted word for word.

    articles, index: the folders of the articles and of their index (see `rebuild`). since,
    until: ISO dates (year, month or day), both inclusive. source: only articles of this outlet.
    The library stays open for the next question; `Library` is the same with that in your hands.
    Raises UsageError, IndexMissing, IndexDamaged, IndexMismatch, ModelError.
    """
    library = _opened(Path(articles).absolute(), Path(index).absolute())
    try:
        library.refresh()
    except IndexMismatch:
        # Built anew with another model since it was opened.
        _opened.cache_clear()
        library = _opened(Path(articles).absolute(), Path(index).absolute())
    filters = Filters(since=since, until=until, source=source)
    return library.ask(question, filters=filters, limit=limit, caution=caution)


@lru_cache(maxsize=4)
def _opened(articles: Path, index: Path) -> Library:
    return Library.open(articles, index)


def _checked(index: Index, embedder: Embedder) -> Index:
    if index.recipe.model_sha256 != embedder.sha256:
        raise _mismatch(index.folder, index.recipe.model, embedder.name)
    return index


def _mismatch(folder: Path, stored: str, wanted: str) -> IndexMismatch:
    return IndexMismatch(
        f"the index in {folder} was made with the model {stored}, not with {wanted} or not with "
        f"these weights of it; run `askarticles rebuild --model {wanted}`"
    )


def _readable(filters: Filters) -> Filters:
    filter_clause(filters)
    since = parse_bound(filters.since) if filters.since else ""
    until = parse_bound(filters.until) if filters.until else ""
    if since and until and date_bounds(since)[0] > date_bounds(until)[1]:
        raise UsageError(f"nothing lies between {since} and {until}: the first is the later one")
    return Filters(since, until, filters.source.strip())


def _verified(index: Index, citation: Citation) -> bool:
    try:
        article = index.store.article(citation.article_id)
    except UsageError:
        return False
    return (
        article.sha256 == citation.sha256 == article.content_sha256()
        and article.text[citation.start : citation.end] == citation.quote
    )
