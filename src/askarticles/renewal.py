"""The rebuild that a page can start: one at a time, told to all who look."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askarticles.errors import AskArticlesError
from askarticles.rendering import sentence

if TYPE_CHECKING:
    from askarticles.rebuilding import Progress, Receipt
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

    def start(self) -> None:
        """Begin, unless one is running."""
        with self.lock:
            if self.running:
                return
            self.running, self.outcome, self.stage = True, "", ""
            self.done, self.total = 0, 0
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def _run(self) -> None:
        outcome = "The rebuild failed; the reason is in the terminal."
        try:
            receipt = self.library.rebuild(self._progress)
            outcome = _outcome(receipt)
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
