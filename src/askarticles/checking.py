"""Says whether an index agrees with the articles and is what was written; changes nothing."""

from __future__ import annotations

import time
from pathlib import Path

from askarticles.articles import check_folder
from askarticles.changes import Receipt, find_changes, receipt_of, settings_changed
from askarticles.index import Index
from askarticles.passages import Splitter
from askarticles.reading.archives import Limits


def check(articles: str | Path = "seeds", index: str | Path = "embeddings") -> Receipt:
    """Compares an index with the articles, and its files with what was written.

    The receipt says what a rebuild would do. Raises UsageError, IndexMissing, IndexDamaged,
    IndexMismatch.
    """
    start = time.monotonic()
    articles, index = Path(articles), Path(index)
    check_folder(articles)
    opened = Index.open(index)
    try:
        opened.check()
        reason = settings_changed(opened.recipe, opened.recipe.renewed(Splitter()))
        held = opened.store.count()[0]
        changes = find_changes(articles, index, opened, Limits(), held=held)
        return receipt_of(
            changes,
            opened.store,
            opened.generation,
            seconds=time.monotonic() - start,
            reason=reason,
        )
    finally:
        opened.close()
