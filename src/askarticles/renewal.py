"""The rebuild that a page can start: one at a time, told to all who look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askarticles.errors import AskArticlesError
from askarticles.rendering import sentence
from askarticles.watching import watch

if TYPE_CHECKING:
    from askarticles.changes import Progress, Receipt
    from askarticles.shelf import Shelf


@dataclass(slots=True)
class Renewal:
    """At most one rebuild at a time, in its own thread, so that questions go on."""

    library: Shelf
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: bool = False
    stage: str = ""
    started: float = 0.0
    done: int = 0
    total: int = 0
    outcome: str = ""
    _thread: threading.Thread | None = None

    def start(self, *, quiet: bool = False) -> bool:
        """Begin, unless one is running; whether it did.

        quiet: whether to say nothing when nothing has changed.
        """
        with self.lock:
            if self.running:
                return False
            self.running, self.outcome, self.stage = True, "", ""
            self.done, self.total = 0, 0
            self._thread = threading.Thread(
                target=self._run, args=(quiet,), name="rebuild", daemon=True
            )
            self._thread.start()
        return True

    def wait(self) -> None:
        """Come back when none is running."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, quiet: bool) -> None:
        outcome = "The rebuild failed; the reason is in the terminal."
        try:
            receipt = self.library.rebuild(self._progress)
            outcome = "" if quiet and receipt.agrees else _outcome(receipt)
        except AskArticlesError as error:
            outcome = sentence(str(error))
        finally:  # whatever happened, the button works again
            with self.lock:
                self.running, self.outcome = False, outcome

    def _progress(self, progress: Progress) -> None:
        with self.lock:
            if progress.stage != self.stage:
                self.stage, self.started = progress.stage, time.monotonic()
            self.done, self.total = progress.done, progress.total

    def status(self) -> dict[str, Any]:
        """Where it stands; "left" is in seconds, -1 when unknown."""
        with self.lock:
            passed = time.monotonic() - self.started
            left = passed / self.done * (self.total - self.done) if self.done else -1
            return {
                "running": self.running,
                "stage": self.stage,
                "done": self.done,
                "total": self.total,
                "left": round(left),
                "outcome": self.outcome,
            }


def follow(renewal: Renewal) -> Callable[[], None]:
    """Rebuild whenever the folder of articles has changed; what ends that.

    A change during a rebuild is the cause of another one.
    """
    stop = threading.Event()
    library = renewal.library

    def run() -> None:
        for _ in watch(library.articles_folder, library.index_folder, stop):
            while not renewal.start(quiet=True):
                renewal.wait()
            renewal.wait()

    thread = threading.Thread(target=run, name="watch", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end


def _outcome(receipt: Receipt) -> str:
    parts = [
        f"{len(receipt.added)} added" if receipt.added else "",
        f"{len(receipt.changed)} changed" if receipt.changed else "",
        f"{len(receipt.renamed)} renamed" if receipt.renamed else "",
        f"{len(receipt.removed)} removed" if receipt.removed else "",
        f"{len(receipt.failed)} could not be read" if receipt.failed else "",
    ]
    done = ", ".join(part for part in parts if part)
    return f"Rebuilt: {done}." if done else "Nothing has changed; the index is up to date."
