"""A library of articles that is opened once and asked many times."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Self

from askarticles.answer import READ
from askarticles.articles import check_folder
from askarticles.asking import Question
from askarticles.conversation import Conversation
from askarticles.datatypes import Answer, Article, Citation, CitationState, Filters, Hit
from askarticles.days import tellings
from askarticles.embedder import Embedder, load_embedder
from askarticles.errors import IndexDamaged, IndexMismatch, UsageError, sound
from askarticles.followup import Marker, load_marker
from askarticles.generations import current_generation
from askarticles.index import Index
from askarticles.limits import both, readable
from askarticles.meaning import (
    Meaning,
    Turn,
    last_asked,
    preferring,
    read_turns,
    spoken_of,
    understand,
)
from askarticles.outlets import called, outlet_names
from askarticles.quoting import Quoter
from askarticles.reader import PassageReader, load_reader
from askarticles.rebuilding import Receipt, Report, rebuild
from askarticles.replies import ASKS_ARTICLES, by_author, no_outlet, nothing_within, reply
from askarticles.several import joined
from askarticles.store import Listing
from askarticles.talk import asks_of_shown, author_asked
from askarticles.terms import terms
from askarticles.wording import Wording, read_several, read_wording
from askarticles.wrappings import unmarked

DEFAULT_ARTICLES = "seeds"
DEFAULT_INDEX = "embeddings"
DEFAULT_LIMIT = 3
_QUOTED = frozenset({"question", "keyword"})


class Library:
    """Articles with their index and embedder; safe to share by threads.

    articles: the folder that the index was made of, looked at only to tell whether a cited file
    is still as it was. marker: says which words of earlier questions belong to the next one.
    In a `with` statement it is closed at the end; see `close`.
    """

    def __init__(
        self,
        articles: Path,
        index: Index,
        embedder: Embedder,
        reader: PassageReader | None = None,
        marker: Marker | None = None,
    ) -> None:
        check_folder(articles)
        self.articles_folder = articles
        self.index_folder = index.folder
        self.embedder = embedder
        self.reader: PassageReader = reader or load_reader()
        self._marker = marker
        # Names of outlets, and the generation that they are of.
        self._known: tuple[str, dict[str, str]] = ("", {})
        self._swap = threading.Lock()
        self._current = _checked(index, embedder)
        self._closed = False

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files of the index, which a folder on Windows needs before it can go.

        Whatever is asked afterwards raises UsageError. Closing again does nothing.
        """
        with self._swap:
            self._closed = True
            self._current.close()

    @property
    def _index(self) -> Index:
        if self._closed:
            raise UsageError("the library is closed; open it again to ask it")
        return self._current

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
            self._current = fresh
        return True

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = DEFAULT_LIMIT,
        caution: float | None = None,
        as_typed: bool = False,
        without: Sequence[str] = (),
        more: bool = False,
        article: str = "",
        today: str = "",
    ) -> Answer:
        """The sentences that answer a question, quoted word for word, or the nearest passages.

        history: the turns before, oldest first: answers, their dicts, or bare questions. limit:
        the most quotations, at least 1. caution: the confidence in [0, 1] from which an answer is
        shown; the default is the one that was chosen by measurement. as_typed: take the question
        word for word, with no words of earlier ones and no limits. without: added words, and
        values of limits, to leave out. more: the next quotations on the question of the last
        turn, or on this one. article: id of the one in front of the reader, for "summarise this".
        today: ISO date that "last week" is counted from, by default this day; the answer says it.
        Raises UsageError when the question is empty or an argument cannot be read.
        """
        if limit < 1:
            raise UsageError(f"the limit of quotations is {limit}; it has to be at least 1")
        if caution is not None and not 0 <= caution <= 1:
            raise UsageError(f"the caution is {caution}; it has to lie between 0 and 1")
        if not question.strip() and not more:
            raise UsageError("the question is empty; type what you want to know")
        index = self._index
        filters = self._readable(filters, index)
        turns = read_turns(history)
        read, day = self._read_wording(index), _day(today)

        def answered(text: str, before: Sequence[Answer]) -> Answer:
            meaning = understand(
                text, before, read, self._followup, today=day, as_typed=as_typed, without=without,
                more=more,
            )  # fmt: skip
            return self._answered(index, meaning, before, filters, limit, caution, article)

        place = -1
        if not (as_typed or more) and read(sound(question), day).kind == "again":
            place = last_asked(turns, read, day)
        if place >= 0:
            again = turns[place]
            return self.ask(
                again.question, history=turns[:place], filters=filters, limit=limit,
                caution=caution, without=without, article=article, today=again.today or today,
            )  # fmt: skip
        told, parts = ("", ()) if as_typed or more else read_several(sound(question))
        if parts and all(read(part, day).kind in _QUOTED for part in parts):
            # Bare questions before: what one was answered with may answer the next, too.
            before = [Answer(part, (), (), 0.0, "") for part in parts]
            answers = [
                answered(f"{told} {part}", [*turns, *before[:number]])
                for number, part in enumerate(parts)
            ]
            if any(answer.found for answer in answers):
                return joined(sound(question).strip(), parts, answers, limit)
        return answered(question, turns)

    def _answered(
        self,
        index: Index,
        meaning: Meaning,
        turns: Sequence[Answer],
        filters: Filters,
        limit: int,
        caution: float | None,
        article: str,
    ) -> Answer:
        """The answer to what a question means."""
        quoter, kind = self._quoter(index), meaning.wording.kind
        shown = spoken_of(turns, meaning.wording.subject)

        def replied(meant: Meaning) -> Answer:
            return reply(
                meant, index, filters, limit, article or shown,
                lambda text, within: quoter.found(text, within)[1],
            )  # fmt: skip

        nothing = nothing_within(filters, index.store) if kind in ASKS_ARTICLES else ""
        if nothing:
            answer = Answer(meaning.question, (), (), 0.0, index.generation, reply=nothing)
        elif kind in _QUOTED:
            answer = quoter.quoted(meaning, filters, limit, caution)
            # "Who wrote it?" asks of a book that the articles tell of, or else of the article.
            if not answer.found and shown and asks_of_shown(meaning.wording.text):
                source = replace(meaning.wording, kind="source", subject="this")
                meaning = replace(meaning, wording=source, added=())
                answer = replied(meaning)
        else:
            answer = replied(meaning)
        if meaning.wording.unknown and not nothing:
            answer = replace(answer, reply=_said(meaning.wording.unknown, answer, index))
        return replace(
            answer,
            question=meaning.question,
            citations=tuple(self._checked(index, c) for c in answer.citations),
            nearest=tuple(self._checked(index, c) for c in answer.nearest),
            filters=filters,
            read_as=meaning.read_as,
            added=meaning.added,
            today=meaning.today,
        )

    def conversation(self) -> Conversation:
        """A conversation that remembers its turns."""
        return Conversation(self.ask)

    def rebuild(self, report: Report = lambda progress: None) -> Receipt:
        """Brings the index up to date with the articles and opens it; see `rebuild`.

        Questions are answered from the generation in use meanwhile.
        """
        folder = self._index.folder
        receipt = rebuild(self.articles_folder, folder, embedder=self.embedder, report=report)
        self.refresh()
        return receipt

    def search(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = 10,
        today: str = "",
    ) -> list[Hit]:
        """The passages that answer most likely, best first; history, today: as in `ask`."""
        turns = read_turns(history)
        index = self._index
        filters = self._readable(filters, index)
        read = self._read_wording(index)
        meaning = understand(question, turns, read, self._followup, today=_day(today))
        wording = meaning.wording
        within = both(filters, wording.limits)
        quoter = self._quoter(index)
        asked, hits = quoter.meant(meaning, wording.text, within)
        for tells in tellings(wording.preferred, wording.month)[-1:]:
            hits = preferring(hits, tells)
        return quoter.ranked(asked, hits, READ)[:limit]

    def read(
        self, question: str, filters: Filters, count: int = READ
    ) -> tuple[Question, list[Hit]]:
        """A question made ready for scoring, and its hits, the first `count` of them read."""
        quoter = self._quoter(self._index)
        asked, hits = quoter.found(question, readable(filters))
        return asked, quoter.ranked(asked, hits, count)

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

    def _readable(self, filters: Filters, index: Index) -> Filters:
        """The filters with the whole name of the outlet where it is one that is asked for so."""
        filters = readable(filters)
        name = called(filters.source, self._outlets(index)) if filters.source else ""
        return replace(filters, source=name or filters.source)

    def _quoter(self, index: Index) -> Quoter:
        return Quoter(index, self.embedder, self.reader)

    def _followup(self) -> Marker:
        return self._marker or load_marker()

    def _read_wording(self, index: Index) -> Callable[[str, date], Wording]:
        outlets = self._outlets(index)

        def mentioned(name: str) -> bool:
            return all(index.document_frequency(term) for term in terms(name))

        def read(text: str, today: date) -> Wording:
            name = author_asked(unmarked(text))
            if name and not called(name, outlets) and by_author(name, index.store.listing()):
                return Wording(text, "author", name)
            return read_wording(text, outlets, today, mentioned)

        return read

    def _outlets(self, index: Index) -> dict[str, str]:
        generation, outlets = self._known
        if generation != index.generation:
            outlets = outlet_names(item.source for item in index.store.listing() if item.source)
            self._known = (index.generation, outlets)
        return outlets

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
    history: Sequence[Turn] = (),
    since: str = "",
    until: str = "",
    source: str = "",
    limit: int = DEFAULT_LIMIT,
    caution: float | None = None,
    as_typed: bool = False,
    without: Sequence[str] = (),
    more: bool = False,
    today: str = "",
) -> Answer:
    """The sentences of a folder of articles that answer a question, quoted word for word.

    articles, index: the folders of the articles and of their index (see `rebuild`). history: the
    answers before, for a question such as "And when?"; see `Library.ask`, also for what is not
    named here. since, until: ISO dates (year, month or day), both inclusive. source: only articles
    of this outlet.
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
    return library.ask(
        question,
        history=history,
        filters=filters,
        limit=limit,
        caution=caution,
        as_typed=as_typed,
        without=without,
        more=more,
        today=today,
    )


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


def _said(unknown: str, answer: Answer, index: Index) -> str:
    """What to say of a source that is no outlet here, before what else there is to say."""
    said = no_outlet(unknown, index.store.listing())
    if answer.found and not answer.reply:
        return f"{said} Elsewhere:"
    return f"{said} {answer.reply}".strip()


def _day(today: str) -> date:
    try:
        return date.fromisoformat(today) if today else date.today()
    except ValueError:
        raise UsageError(f"{today!r} is not a day; write it as 2024-01-10") from None


def _verified(index: Index, citation: Citation) -> bool:
    try:
        article = index.store.article(citation.article_id)
    except UsageError:
        return False
    return (
        article.sha256 == citation.sha256 == article.content_sha256()
        and article.text[citation.start : citation.end] == citation.quote
    )
