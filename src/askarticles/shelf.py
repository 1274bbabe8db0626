"""The library that the page serves, or what keeps it from being opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self, TypeAlias

from askarticles.articles import check_folder
from askarticles.datatypes import Problem
from askarticles.errors import AskArticlesError, IndexMismatch, IndexMissing, IndexProblem
from askarticles.generations import current_generation
from askarticles.library import Library
from askarticles.rebuilding import Receipt, Report, rebuild

State: TypeAlias = Literal["open", "missing", "broken"]
"""Whether there is an index that answers, none yet, or one that cannot be used."""


class Shelf:
    """A place for a library that may not be there yet; safe to share by threads.

    A server has to answer, and to say what to do, also where there is no index or a damaged one.
    renewed: told of every rebuild that succeeded. unread: what the last one could not read.
    """

    def __init__(
        self,
        articles: Path,
        index: Path,
        *,
        model: str = "",
        renewed: Callable[[Receipt], None] = lambda receipt: None,
    ) -> None:
        self.articles_folder = articles
        self.index_folder = index
        self.model = model
        self.renewed = renewed
        self.unread: tuple[Problem, ...] = ()
        self._opening = threading.Lock()
        self._library: Library | None = None
        self._problem: AskArticlesError | None = None
        self._tried: str | None = None

    @classmethod
    def holding(cls, library: Library) -> Self:
        """The shelf of a library that is open."""
        shelf = cls(library.articles_folder, library.index_folder)
        shelf._library = library
        return shelf

    @property
    def library(self) -> Library:
        """The open library, of the newest generation; raises what keeps it from opening."""
        with suppress(IndexProblem):  # then the generation in use goes on answering
            self.refresh()
        if self._library is None:
            raise self._problem or IndexMissing("there is no index yet")
        return self._library

    @property
    def state(self) -> State:
        """What a person can expect of it now."""
        if self._library is not None:
            return "open"
        return "missing" if isinstance(self._problem, IndexMissing) else "broken"

    @property
    def problem(self) -> str:
        """Why it is not open, "" when it is."""
        return "" if self._library is not None else str(self._problem or "")

    @property
    def generation(self) -> str:
        """Name of the index generation in use, "" when there is none."""
        return self._library.generation if self._library is not None else ""

    def refresh(self) -> None:
        """Opens the newest generation if it is not in use; see `problem` for why it could not.

        Raises IndexProblem when a newer one than that in use cannot be opened. A generation that
        could not be opened is not tried again: it is never written to.
        """
        if self._library is not None:
            try:
                self._library.refresh()
                return
            except IndexMismatch:  # built anew with another model
                pass
        with self._opening:
            try:
                check_folder(self.articles_folder)
                newest = current_generation(self.index_folder)
                if newest == self._tried:
                    return
                self._tried = newest
                opened = Library.open(self.articles_folder, self.index_folder, model=self.model)
                self._library, self._problem = opened, None
            except AskArticlesError as error:
                self._problem = error
                if isinstance(error, IndexMissing):
                    self._tried = None

    def rebuild(self, report: Report = lambda progress: None) -> Receipt:
        """Brings the index up to date, or makes it, and opens it; see `rebuilding.rebuild`."""
        with suppress(IndexProblem):  # else an index made with another model would be made back
            self.refresh()
        if self._library is not None:
            receipt = self._library.rebuild(report)
        else:
            receipt = rebuild(
                self.articles_folder, self.index_folder, model=self.model, report=report
            )
            self._tried = None
            self.refresh()
        self.unread = receipt.failed
        self.renewed(receipt)
        return receipt
