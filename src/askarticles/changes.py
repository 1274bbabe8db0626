"""What differs between the articles in a folder and an index of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askarticles.articles import find_files, load_file, read_file
from askarticles.datatypes import Article, Problem
from askarticles.errors import ArticleError, UsageError
from askarticles.index import Index, Recipe
from askarticles.reading.archives import Limits
from askarticles.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: stage is "reading" (files) or "embedding" (passages)."""

    stage: str
    done: int
    total: int


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between the articles and an index.

    unchanged: number of articles. files, problems: as they are now. noted: whether those are not
    as the index has them.
    """

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, Article], ...]
    unchanged: int
    files: dict[str, str]
    problems: tuple[Problem, ...]
    noted: bool

    @property
    def any(self) -> bool:
        """Whether the index has to be written."""
        return bool(self.added or self.changed or self.removed or self.renamed or self.noted)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rebuild did, or, from a check, what one would do; by article id.

    renamed: (old id, new id). unchanged: their number. failed: what could not be read, and why.
    same_story: pairs of articles that tell one story in nearly the same words. passages: in the
    index now; embedded: computed in this rebuild; reused: passages of new and changed articles
    whose vector was there already. reason: why all was done anew, or "". noted: whether files or
    problems changed, even if no article did.
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
    reused: int = 0
    reason: str = ""
    noted: bool = False

    @property
    def agrees(self) -> bool:
        """Whether index and articles agreed already."""
        changed = self.added or self.changed or self.removed or self.renamed
        return not (changed or self.noted or self.reason)

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain values for JSON, with "agrees" added."""
        return {"agrees": self.agrees, **asdict(self)}


# So many articles are embedded again in ten seconds (218 passages a second on two cores, 12 in
# an article): it harms nobody much to take an emptied folder at its word.
_QUICKLY_MADE = 180


def find_changes(
    articles: Path,
    index: Path,
    base: Index | None,
    limits: Limits,
    report: Report = lambda progress: None,
    *,
    held: int,
) -> Changes:
    """Compares the articles in a folder with an index; a file is read only if its bytes changed.

    index: the folder of the index, which is passed over where it lies among the articles. What
    is indexed of a file or folder that cannot be read for the moment stays. held: number of
    articles in the index in use, whether or not that is `base`. Raises UsageError when the folder
    goes away meanwhile, or is empty while the index holds many, as where a drive is not connected.
    """
    folder = _identity(articles)
    known_files = base.store.files() if base else {}
    versions = base.store.versions() if base else {}
    known_problems = base.store.problems() if base else ()
    found = find_files(articles, index)
    problems = list(found.problems)
    files: dict[str, str] = {}
    fresh: dict[str, Article] = {}
    kept = 0
    stale = set(versions)

    def keep(path: str) -> None:
        nonlocal kept
        files[path] = known_files[path]
        ids = base.store.ids_of_file(path) if base else []
        kept += len(ids)
        stale.difference_update(ids)

    there = bool(found.problems)
    others = set(found.paths)
    for path in known_files:
        if path not in others and _is_within(path, found.unread):
            keep(path)
            problems += [p for p in known_problems if p.path == path or _of_file(p, path)]
    for done, path in enumerate(found.paths, 1):
        report(Progress("reading", done, len(found.paths)))
        try:
            data = load_file(articles, path, limits)
        except ArticleError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                continue  # deleted since the folder was listed
            there = True
            problems.append(Problem(path, str(error)))
            if path in known_files and isinstance(error.__cause__, OSError):
                keep(path)
            continue
        there = True
        digest = hashlib.sha256(data).hexdigest()
        if known_files.get(path) == digest:
            keep(path)
            problems += [p for p in known_problems if _of_file(p, path) and p.path not in others]
            continue
        reading = read_file(path, data, limits)
        problems += reading.problems
        if reading.readings:
            # A file that gave nothing is read again next time: what was in the way may be gone.
            files[path] = digest
        fresh |= {r.article.id: r.article for r in reading.readings}
    if _identity(articles) != folder:
        raise UsageError(
            f"the folder of articles {articles} went away while it was read; the index is as it "
            "was. Run it again when the folder is back"
        )
    if held > _QUICKLY_MADE and not there:
        raise UsageError(
            f"there is no file in {articles}, but the index in {index} holds {held} articles; is a "
            f"drive not connected? If they are meant to be gone, delete {index}"
        )
    same = {i for i, article in fresh.items() if i in stale and versions[i] == article.sha256}
    stale -= same
    renamed = _renamed(fresh, same, stale, versions)
    stale.difference_update(old for old, _ in renamed)
    moved = {article.id for _, article in renamed}
    rest = [fresh[i] for i in sorted(fresh) if i not in same and i not in moved]
    changed = tuple(article for article in rest if article.id in stale)
    problems.sort(key=lambda p: (p.path, p.reason))
    return Changes(
        added=tuple(article for article in rest if article.id not in stale),
        changed=changed,
        removed=tuple(sorted(stale - {article.id for article in changed})),
        renamed=renamed,
        unchanged=kept + len(same),
        files=files,
        problems=tuple(problems),
        noted=base is None or files != known_files or tuple(problems) != known_problems,
    )


def receipt_of(
    changes: Changes,
    store: Store,
    generation: str,
    *,
    seconds: float,
    reason: str = "",
    embedded: int = 0,
    reused: int = 0,
) -> Receipt:
    """What the changes are, in names; store, generation: what is in use afterwards."""
    return Receipt(
        added=tuple(article.id for article in changes.added),
        changed=tuple(article.id for article in changes.changed),
        removed=changes.removed,
        renamed=tuple((old, article.id) for old, article in changes.renamed),
        unchanged=changes.unchanged,
        failed=changes.problems,
        same_story=tuple(store.pairs()),
        passages=store.count()[1],
        embedded=embedded,
        reused=reused,
        seconds=round(seconds, 3),
        generation=generation,
        reason=reason,
        noted=changes.noted,
    )


def settings_changed(old: Recipe, new: Recipe) -> str:
    """Which settings differ between two recipes, old -> new, or ""."""
    before, now = asdict(old), asdict(new)
    parts = [f"{key} {before[key]} -> {now[key]}" for key in before if before[key] != now[key]]
    return "other settings: " + ", ".join(parts) if parts else ""


def _identity(folder: Path) -> tuple[int, int]:
    """What tells a folder from another that comes into its place, as where a drive goes."""
    try:
        found = folder.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _is_within(path: str, unread: Collection[str]) -> bool:
    """Whether a path is, or lies in, one of those that could not be looked at; "" is all."""
    return any(not place or path == place or path.startswith(f"{place}/") for place in unread)


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
