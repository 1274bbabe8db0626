"""Brings the index up to date with the articles: what is new is embedded, what is gone dropped."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from askarticles.articles import (
    READING_VERSION,
    check_folder,
    find_files,
    load_file,
    read_file,
)
from askarticles.datatypes import Article, Problem, Vectors
from askarticles.duplicates import SAME_STORY, bands, resemblance, signature
from askarticles.embedder import Embedder, load_embedder
from askarticles.errors import (
    ArticleError,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexProblem,
    UsageError,
)
from askarticles.index import (
    BUILDING,
    FORMAT,
    Index,
    Recipe,
    remove_old_generations,
    remove_tree,
    start_generation,
    stored_model,
    write_generation,
)
from askarticles.lexical import Addition
from askarticles.passages import Splitter, embedded_text, split_article
from askarticles.reading.archives import Limits
from askarticles.store import Store

# Passages between two reports of progress: about two seconds of embedding on two cores.
_REPORT_EVERY = 128


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: stage is "reading" (files) or "embedding" (passages)."""

    stage: str
    done: int
    total: int


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rebuild did, by article id.

    renamed: (old id, new id). unchanged: their number. failed: what could not be read, and why.
    same_story: pairs of articles that tell one story in nearly the same words. passages: in the
    index now; embedded: computed in this rebuild. reason: why all was done anew, or "".
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    failed: tuple[Problem, ...]
    same_story: tuple[tuple[str, str], ...]
    passages: int
    embedded: int
    seconds: float
    generation: str
    reason: str = ""

    @property
    def idle(self) -> bool:
        """Whether index and articles agreed already."""
        return not (self.added or self.changed or self.removed or self.renamed or self.reason)

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between the articles and an index.

    unchanged: number of articles. files, problems: as they are now. written: whether the index
    has to be written, which it also is when only files or problems changed.
    """

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, Article], ...]
    unchanged: int
    files: dict[str, str]
    problems: tuple[Problem, ...]
    written: bool


def rebuild(
    articles: str | Path = "seeds",
    index: str | Path = "embeddings",
    *,
    model: str = "",
    embedder: Embedder | None = None,
    splitter: Splitter = Splitter(),  # noqa: B008 - a frozen value
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    report: Report = lambda progress: None,
) -> Receipt:
    """Makes the index in a folder agree with the articles in another.

    The index in use answers until the new generation is complete. model: a sentence-transformers
    model, by name or folder; "" for the one that the index was made with, or the default one.
    embedder: one that is loaded already, instead. report is called with the progress. Raises
    UsageError when there is no folder of articles, IndexBusy when another rebuild is at it,
    ModelError.
    """
    articles, index = Path(articles), Path(index)
    check_folder(articles)
    _check_apart(articles, index)
    embedder = embedder or load_embedder(model or stored_model(index))
    recipe = _recipe(embedder, splitter)
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / "lock", timeout=0):
            return _locked_rebuild(articles, index, recipe, embedder, limits, report)
    except Timeout:
        raise IndexBusy(
            f"another rebuild of {index} is running; wait until it is done, or stop it"
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise IndexProblem(
            f"the index in {index} cannot be written ({error}); what was there is still in use. "
            "Free space, or pass another folder with --index"
        ) from error


def _recipe(embedder: Embedder, splitter: Splitter) -> Recipe:
    return Recipe(
        FORMAT, embedder.name, embedder.sha256, embedder.dimension, splitter, READING_VERSION
    )


def _check_apart(articles: Path, index: Path) -> None:
    """Raises UsageError when the index would be among the articles or hold them."""
    library, place = articles.resolve(), index.resolve()
    if place == library or place in library.parents:
        raise UsageError(
            f"the index in {index} would lie around the articles in {articles}; pass a folder of "
            "its own with --index"
        )


def _locked_rebuild(
    articles: Path,
    index: Path,
    recipe: Recipe,
    embedder: Embedder,
    limits: Limits,
    report: Report,
) -> Receipt:
    start = time.monotonic()
    base, donor, reason = _base(index, recipe)
    try:
        changes = find_changes(articles, index, base, limits, report)
        embedded = 0
        generation = base.generation if base else ""
        if changes.written:
            before = generation
            generation, embedded = _write(index, base, donor, recipe, changes, embedder, report)
            remove_old_generations(index, generation, before)
    finally:
        remove_tree(index / BUILDING)
        for opened in {id(i): i for i in (base, donor) if i is not None}.values():
            opened.close()
    written = Store(index / generation / "articles.sqlite")
    passages, pairs = written.count()[1], written.pairs()
    written.close()
    return Receipt(
        added=tuple(article.id for article in changes.added),
        changed=tuple(article.id for article in changes.changed),
        removed=changes.removed,
        renamed=tuple((old, article.id) for old, article in changes.renamed),
        unchanged=changes.unchanged,
        failed=changes.problems,
        same_story=tuple(pairs),
        passages=passages,
        embedded=embedded,
        seconds=round(time.monotonic() - start, 3),
        generation=generation,
        reason=reason,
    )


def find_changes(
    articles: Path,
    index: Path,
    base: Index | None,
    limits: Limits,
    report: Report = lambda progress: None,
) -> Changes:
    """Compares the articles in a folder with an index; a file is read only if its bytes changed.

    index: the folder of the index, which is passed over where it lies among the articles. What
    is indexed of a file that cannot be read for the moment stays.
    """
    known_files = base.store.files() if base else {}
    versions = base.store.versions() if base else {}
    paths, unfound = find_files(articles, index)
    problems = list(unfound)
    files: dict[str, str] = {}
    fresh: dict[str, Article] = {}
    kept = 0
    stale = set(versions)
    known_problems = base.store.problems() if base else ()
    others = set(paths)
    for done, path in enumerate(paths, 1):
        report(Progress("reading", done, len(paths)))
        try:
            data = load_file(articles, path, limits)
        except ArticleError as error:
            problems.append(Problem(path, str(error)))
            if base and path in known_files and isinstance(error.__cause__, OSError):
                files[path] = known_files[path]
                ids = base.store.ids_of_file(path)
                kept += len(ids)
                stale.difference_update(ids)
            continue
        digest = hashlib.sha256(data).hexdigest()
        if known_files.get(path) == digest and base:
            files[path] = digest
            ids = base.store.ids_of_file(path)
            kept += len(ids)
            stale.difference_update(ids)
            problems += [p for p in known_problems if _of_file(p, path) and p.path not in others]
            continue
        reading = read_file(path, data, limits)
        problems += reading.problems
        if reading.readings:
            # A file that gave nothing is read again next time: what was in the way may be gone.
            files[path] = digest
        fresh |= {r.article.id: r.article for r in reading.readings}
    same = {i for i, article in fresh.items() if i in stale and versions[i] == article.sha256}
    stale -= same
    renamed = _renamed(fresh, same, stale, versions)
    stale.difference_update(old for old, _ in renamed)
    moved = {article.id for _, article in renamed}
    rest = [fresh[i] for i in sorted(fresh) if i not in same and i not in moved]
    changed = tuple(article for article in rest if article.id in stale)
    added = tuple(article for article in rest if article.id not in stale)
    removed = tuple(sorted(stale - {article.id for article in changed}))
    problems.sort(key=lambda p: (p.path, p.reason))
    written = (
        base is None
        or bool(rest or renamed or removed)
        or files != known_files
        or tuple(problems) != known_problems
    )
    return Changes(
        added, changed, removed, renamed, kept + len(same), files, tuple(problems), written
    )


def _of_file(problem: Problem, path: str) -> bool:
    return problem.path.startswith((f"{path}#", f"{path}/"))


def _renamed(
    fresh: dict[str, Article], same: set[str], stale: set[str], versions: dict[str, str]
) -> tuple[tuple[str, Article], ...]:
    """Articles that are at another place word for word; each old one is taken once."""
    by_version: dict[str, list[str]] = {}
    for old in sorted(stale, reverse=True):
        by_version.setdefault(versions[old], []).append(old)
    pairs = []
    for new in sorted(fresh):
        candidates = by_version.get(fresh[new].sha256)
        if new not in same and candidates:
            pairs.append((candidates.pop(), fresh[new]))
    return tuple(pairs)


def build(
    articles: Sequence[Article],
    index: Path,
    embedder: Embedder,
    *,
    splitter: Splitter = Splitter(),  # noqa: B008 - a frozen value
    report: Report = lambda progress: None,
) -> str:
    """Makes a new index of these articles, whatever the folder held; name of its generation."""
    recipe = _recipe(embedder, splitter)
    changes = Changes(tuple(articles), (), (), (), 0, {}, (), True)
    index.mkdir(parents=True, exist_ok=True)
    return _write(index, None, None, recipe, changes, embedder, report)[0]


@dataclass(frozen=True, slots=True)
class Check:
    """How an index and the articles differ, by article id; see Receipt for the fields."""

    agrees: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    failed: tuple[Problem, ...]
    same_story: tuple[tuple[str, str], ...]
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values for JSON."""
        return asdict(self)


def check(articles: str | Path = "seeds", index: str | Path = "embeddings") -> Check:
    """Compares an index with the articles, and its files with what was written; changes nothing.

    Raises UsageError, IndexMissing, IndexDamaged, IndexMismatch.
    """
    opened = Index.open(Path(index))
    try:
        changes = find_changes(Path(articles), Path(index), opened, Limits())
        old = opened.recipe
        parts = [
            f"{name} {before} -> {now}"
            for name, before, now in (
                ("splitter", old.splitter, Splitter()),
                ("reading", old.reading, READING_VERSION),
            )
            if before != now
        ]
        return Check(
            agrees=not changes.written and not parts,
            added=tuple(article.id for article in changes.added),
            changed=tuple(article.id for article in changes.changed),
            removed=changes.removed,
            renamed=tuple((before, article.id) for before, article in changes.renamed),
            unchanged=changes.unchanged,
            failed=changes.problems,
            same_story=tuple(opened.store.pairs()),
            reason="other settings: " + ", ".join(parts) if parts else "",
        )
    finally:
        opened.close()


def _base(folder: Path, recipe: Recipe) -> tuple[Index | None, Index | None, str]:
    """The index to go on from, one whose vectors may be taken over, and why all is done anew."""
    try:
        index = Index.open(folder)
    except IndexMissing:
        return None, None, ""
    except (IndexDamaged, IndexMismatch) as error:
        return None, None, str(error)
    if index.recipe == recipe:
        return index, index, ""
    old, new = asdict(index.recipe), asdict(recipe)
    parts = [f"{key} {old[key]} -> {new[key]}" for key in old if old[key] != new[key]]
    same_model = index.recipe.model_sha256 == recipe.model_sha256
    if not same_model:
        index.close()
    return None, index if same_model else None, "other settings: " + ", ".join(parts)


def _write(
    folder: Path,
    base: Index | None,
    donor: Index | None,
    recipe: Recipe,
    changes: Changes,
    embedder: Embedder,
    report: Report,
) -> tuple[str, int]:
    building, store = start_generation(folder, base)
    with closing(store):
        gone = [*changes.removed, *(article.id for article in changes.changed)]
        removed = [store.remove(article_id) for article_id in gone]
        # Through names that no file has, since a row's new place may be another's old one.
        for number, (old, article) in enumerate(changes.renamed):
            store.move(old, replace(article, id=f"\0{number}"))
        for number, (_, article) in enumerate(changes.renamed):
            store.move(f"\0{number}", article)
        fresh = sorted((*changes.added, *changes.changed), key=lambda article: article.id)
        split = [
            split_article(article, embedder.count_tokens, embedder.max_tokens, recipe.splitter)
            for article in fresh
        ]
        texts = [
            [embedded_text(a, p, embedder.count_tokens, recipe.splitter) for p in passages]
            for a, passages in zip(fresh, split, strict=True)
        ]
        flat = [text for group in texts for text in group]
        keys = [_key(recipe.model_sha256, text) for text in flat]
        vectors, embedded = _vectors(flat, keys, donor, embedder, report)
        added = []
        row = 0
        for article, passages, group in zip(fresh, split, texts, strict=True):
            end = row + len(group)
            number, ids = store.add(article, passages, keys[row:end])
            added.append(
                Addition(ids, number, group, vectors[row:end], article.published, article.source)
            )
            row = end
            _note_copies(store, number, article)
        store.set_files(changes.files, changes.problems)
        built = datetime.now(UTC).isoformat(timespec="seconds")
        name = write_generation(folder, base, store, building, recipe, removed, added, built)
        return name, embedded


def _note_copies(store: Store, number: int, article: Article) -> None:
    marks = signature(article.body)
    if not marks:
        return
    store.add_signature(number, marks, bands(marks))
    for other, theirs in sorted(store.band_mates(number).items()):
        if resemblance(marks, theirs) >= SAME_STORY:
            store.add_pair(number, other)


def _key(model_sha256: str, text: str) -> bytes:
    return hashlib.sha256(f"{model_sha256}\n{text}".encode()).digest()[:16]


def _vectors(
    texts: Sequence[str],
    keys: Sequence[bytes],
    donor: Index | None,
    embedder: Embedder,
    report: Report,
) -> tuple[Vectors, int]:
    """Vectors of the texts, shape (n, dimension), and how many had to be computed."""
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    known = donor.store.rows_of_keys(keys) if donor else {}
    old = [row for row, key in enumerate(keys) if key in known]
    if donor and old:
        vectors[old] = donor.vectors([known[keys[row]] for row in old])
    first: dict[bytes, int] = {}
    for row, key in enumerate(keys):
        if key not in known:
            first.setdefault(key, row)
    new = list(first.values())
    for i in range(0, len(new), _REPORT_EVERY):
        report(Progress("embedding", i, len(new)))
        rows = new[i : i + _REPORT_EVERY]
        vectors[rows] = embedder.embed_passages([texts[row] for row in rows])
    if new:
        report(Progress("embedding", len(new), len(new)))
    for row, key in enumerate(keys):
        if key not in known and first[key] != row:
            vectors[row] = vectors[first[key]]
    return vectors, len(new)
