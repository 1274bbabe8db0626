"""Brings the index up to date with the articles: what is new is embedded, what is gone dropped."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from askarticles.articles import check_folder
from askarticles.changes import (
    Changes,
    Progress,
    Receipt,
    Report,
    find_changes,
    receipt_of,
    settings_changed,
)
from askarticles.datatypes import Article, Vectors
from askarticles.embedder import Embedder, load_embedder
from askarticles.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexProblem,
    UsageError,
)
from askarticles.generations import drop_leftovers, generations, retire
from askarticles.index import Draft, Index, Recipe, store_of, stored_model
from askarticles.passages import Splitter, embedded_text, split_article
from askarticles.reading.archives import Limits
from askarticles.store import Addition
from askarticles.unfinished import Unfinished
from askarticles.vectors import kept_vectors

__all__ = ["Progress", "Receipt", "Report", "build", "rebuild"]

# Passages between two reports of progress, and the most that a rebuild that is killed embeds in
# vain: about two seconds of embedding on two cores.
_BATCH = 128
_LOCK, _HOLDER, _UNFINISHED = "lock", "lock.holder", "unfinished"

Load = Callable[[], Embedder]


def rebuild(
    articles: str | Path = "seeds",
    index: str | Path = "embeddings",
    *,
    model: str = "",
    embedder: Embedder | None = None,
    splitter: Splitter = Splitter(),  # noqa: B008 - a frozen value
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    report: Report = lambda progress: None,
    wait: bool = True,
) -> Receipt:
    """Makes the index in a folder agree with the articles in another.

    The index in use answers until the new generation is complete; a rebuild that is stopped
    leaves it, and what it embedded for the next one. model: a sentence-transformers model, by name
    or folder; "" for the one that the index was made with, or the default one. It is loaded only
    when there is something to embed. embedder: one that is loaded already, instead. report is
    called with the progress. wait: whether to wait for another rebuild of the index. Raises
    UsageError when there is no folder of articles, or an empty one where the index holds some,
    IndexBusy when another rebuild is at it and wait is false, ModelError, IndexProblem.
    """
    articles, index = Path(articles), Path(index)
    check_folder(articles)
    _check_apart(articles, index)

    @cache
    def load() -> Embedder:
        return embedder or load_embedder(model or stored_model(index))

    known = bool(model) or embedder is not None
    try:
        index.mkdir(parents=True, exist_ok=True)
        with _locked(index, wait):
            return _locked_rebuild(articles, index, load, known, splitter, limits, report)
    except (OSError, sqlite3.Error) as error:
        raise IndexProblem(
            f"the index in {index} cannot be written ({error}); what was there is still in use. "
            "Free space, or pass another folder with --index"
        ) from error


def build(
    articles: Sequence[Article],
    index: Path,
    embedder: Embedder,
    *,
    splitter: Splitter = Splitter(),  # noqa: B008 - a frozen value
    report: Report = lambda progress: None,
) -> str:
    """Makes a new index of these articles, whatever the folder held; name of its generation."""
    changes = Changes(tuple(articles), (), (), (), 0, {}, (), True)
    index.mkdir(parents=True, exist_ok=True)
    recipe = _recipe(embedder, splitter)
    return _write(index, None, recipe, changes, lambda: embedder, report).generation


@contextmanager
def _locked(index: Path, wait: bool) -> Iterator[None]:
    """Holds the lock of the index; the system frees that of a process that died."""
    try:
        with FileLock(index / _LOCK, timeout=-1 if wait else 0):
            holder = index / _HOLDER
            since = datetime.now(UTC).isoformat(timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
            try:
                yield
            finally:
                _forget(holder)
    except Timeout:
        raise IndexBusy(
            f"another rebuild of {index} is running{_holder(index)}; wait until it is done, or "
            "stop it"
        ) from None


def _forget(path: Path) -> None:
    """Removes a file, or leaves it where that is hindered: it is written over the next time."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _holder(index: Path) -> str:
    try:
        said = json.loads((index / _HOLDER).read_bytes())
        return f" (process {said['pid']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it holds the lock and has not yet said who it is


def _check_apart(articles: Path, index: Path) -> None:
    """Raises UsageError when the index would be among the articles or hold them."""
    library, place = articles.resolve(), index.resolve()
    if place == library or place in library.parents:
        raise UsageError(
            f"the index in {index} would lie around the articles in {articles}; pass a folder of "
            "its own with --index"
        )


def _recipe(embedder: Embedder, splitter: Splitter) -> Recipe:
    return Recipe(embedder.name, embedder.sha256, embedder.dimension, splitter)


def _locked_rebuild(
    articles: Path,
    index: Path,
    load: Load,
    known: bool,
    splitter: Splitter,
    limits: Limits,
    report: Report,
) -> Receipt:
    """known: whether the model is asked for, rather than taken from the index."""
    start = time.monotonic()
    opened, reason = _opened(index)
    held = opened.store.count()[0] if opened is not None else 0
    try:
        if opened is None or known:
            recipe = _recipe(load(), splitter)
        else:
            recipe = opened.recipe.renewed(splitter)
        base = opened if opened is not None and opened.recipe == recipe else None
        changes = find_changes(articles, index, base, limits, report, held=held)
        if base is not None and (changes.added or changes.changed):
            recipe = _recipe(load(), splitter)
            if base.recipe != recipe:
                # The same name now stands for other weights.
                base = None
                changes = find_changes(articles, index, base, limits, report, held=held)
        if opened is not None and base is None:
            reason = settings_changed(opened.recipe, recipe)
        written = _Written(opened.generation if opened is not None else "", 0, 0)
        before = ""
        if changes.any:
            before = written.generation
            written = _write(index, base, recipe, changes, load, report)
        retire(index, written.generation, before)
        _forget(index / _UNFINISHED)
    finally:
        drop_leftovers(index)
        if opened is not None:
            opened.close()
    with closing(store_of(index, written.generation)) as store:
        return receipt_of(
            changes,
            store,
            written.generation,
            seconds=time.monotonic() - start,
            reason=reason,
            embedded=written.embedded,
            reused=written.reused,
        )


def _opened(folder: Path) -> tuple[Index | None, str]:
    """The index in a folder, or none and why what is there cannot be gone on from."""
    try:
        index = Index.open(folder)
        index.check()
        return index, ""
    except IndexMissing:
        return None, ""
    except (IndexDamaged, IndexMismatch) as error:
        return None, str(error)


@dataclass(frozen=True, slots=True)
class _Written:
    generation: str
    embedded: int
    reused: int


def _write(
    folder: Path,
    base: Index | None,
    recipe: Recipe,
    changes: Changes,
    load: Load,
    report: Report,
) -> _Written:
    """Makes a generation of `base` and the changes."""
    draft = Draft(folder, base)
    store = draft.store
    with closing(store):
        gone = [*changes.removed, *(article.id for article in changes.changed)]
        removed = [store.remove(article_id) for article_id in gone]
        store.move(changes.renamed)
        fresh = sorted((*changes.added, *changes.changed), key=lambda article: article.id)
        texts: list[list[str]] = []
        split = []
        if fresh:
            embedder = load()
            count, most = embedder.count_tokens, embedder.max_tokens
            split = [split_article(a, count, most, recipe.splitter) for a in fresh]
            texts = [
                [embedded_text(a, p, count, recipe.splitter) for p in passages]
                for a, passages in zip(fresh, split, strict=True)
            ]
        flat = [text for group in texts for text in group]
        keys = [_key(recipe.model_sha256, text) for text in flat]
        vectors, embedded = _vectors(folder, flat, keys, recipe.dimension, load, report)
        added = []
        row = 0
        for article, passages, group in zip(fresh, split, texts, strict=True):
            end = row + len(group)
            number, ids = store.add(article, passages, group)
            added.append(Addition(number, ids, group, keys[row:end], vectors[row:end]))
            row = end
        store.set_files(changes.files, changes.problems)
        name = draft.publish(recipe, removed, added)
        return _Written(name, embedded, len(flat) - embedded)


def _key(model_sha256: str, text: str) -> bytes:
    """Names what is embedded and by which model; equal keys have equal vectors."""
    return hashlib.sha256(f"{model_sha256}\n{text}".encode()).digest()[:16]


def _vectors(
    folder: Path,
    texts: Sequence[str],
    keys: Sequence[bytes],
    dimension: int,
    load: Load,
    report: Report,
) -> tuple[Vectors, int]:
    """Vectors of the texts, shape (n, dimension), and how many had to be computed.

    Those that any generation in the folder has, sound or not, or that an unfinished rebuild
    computed, are taken over.
    """
    vectors = np.empty((len(texts), dimension), np.float32)
    first: dict[bytes, int] = {}
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    missing = set(first)
    for generation in reversed(generations(folder)):
        if missing:
            for key, vector in kept_vectors(generation, dimension, frozenset(missing)):
                vectors[first[key]] = vector
                missing.remove(key)
    with Unfinished(folder / _UNFINISHED, dimension) as unfinished:
        begun = [key for key in missing if key in unfinished]
        vectors[[first[key] for key in begun]] = unfinished.vectors(begun)
        new = [key for key in first if key in missing and key not in unfinished]
        for i in range(0, len(new), _BATCH):
            report(Progress("embedding", i, len(new)))
            batch = new[i : i + _BATCH]
            computed = load().embed_passages([texts[first[key]] for key in batch])
            unfinished.add(batch, computed)
            vectors[[first[key] for key in batch]] = computed
    if new:
        report(Progress("embedding", len(new), len(new)))
    return vectors[[first[key] for key in keys]], len(new)
