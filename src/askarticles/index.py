"""The index: generations in a folder, each with its vectors (FAISS), terms (tantivy) and store.

embeddings/
    current                the name of the generation in use, swapped in one step
    g000001-5f2a90c1/      one complete generation; nothing in it changes once it has its name
        manifest.json      what made it, and the size and sha256 of each of its files
        articles.sqlite    articles, passages, files, near-duplicates
        vectors.faiss      one vector a passage
        terms/             the words of the passages
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import weakref
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import DamerauLevenshtein

from askarticles.articles import READING_VERSION
from askarticles.datatypes import Filters, Hit, Vectors
from askarticles.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexProblem
from askarticles.lexical import LOCK_FILES, Addition, TermIndex, change_terms
from askarticles.passages import Splitter
from askarticles.store import Store

FORMAT = 1
DEPTH = 100
# Share of the dense score in the hybrid. R@1 / R@5 for .4, .5, .55, .6: clapnq 90.3 / 99.3, 92.0 /
# 99.7, 92.6 / 99.7, 93.3 / 99.7; xquad 93.9 / 99.2, 94.1 / 99.4, 94.3 / 99.7, 93.7 / 99.7; squad2
# 83.8 / 97.0, 83.8 / 97.3, 83.3 / 97.3, 82.2 / 97.0; canard's rewrites 91.7 / 97.3, 91.8 / 97.1,
# 91.7 / 97.0, 91.4 / 97.0.
DENSE_WEIGHT = 0.55

# A slip in a word of three letters or fewer makes another word as often as not.
_SHORTEST_CORRECTED = 4
_TWO_SLIPS = 8

BUILDING = ".building"
_GENERATION = re.compile(r"g\d{6}-[0-9a-f]{8}")
_POINTER = "current"
_STORE, _VECTORS, _TERMS, _MANIFEST = "articles.sqlite", "vectors.faiss", "terms", "manifest.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what an index holds for the same articles.

    reading: version of the readers. embedded_text: what is put into words for the embedder.
    """

    model: str
    model_sha256: str
    dimension: int
    splitter: Splitter
    format: int = FORMAT
    reading: int = READING_VERSION
    embedded_text: str = "title, line end, passage"

    def renewed(self, splitter: Splitter) -> Recipe:
        """What this version of askarticles would do with the same model."""
        return Recipe(self.model, self.model_sha256, self.dimension, splitter)


class Index:
    """One opened generation; safe to share by threads, and never changed.

    Raises IndexMissing, IndexDamaged, IndexMismatch.
    """

    def __init__(self, folder: Path, generation: str) -> None:
        self.folder = folder
        self.generation = generation
        self.path = folder / generation
        manifest = _checked_manifest(self.path)
        self.recipe = _recipe(manifest, self.path)
        self.built = str(manifest["built"])
        self.store = Store(self.path / _STORE)
        self._vectors = _read_vectors(self.path / _VECTORS)
        self._terms = TermIndex(self.path / _TERMS)
        self.passages = int(self._vectors.ntotal)
        # Closed when the last that reads this generation lets go of it.
        self.close = weakref.finalize(self, self.store.close)

    @classmethod
    def open(cls, folder: Path) -> Index:
        """The generation in use, checked against its manifest."""
        for _ in range(3):
            generation = current_generation(folder)
            try:
                return cls(folder, generation)
            except (IndexDamaged, OSError):
                # A rebuild may have swapped the pointer and removed the older generation since.
                if current_generation(folder) == generation:
                    raise
        raise IndexDamaged(f"the index in {folder} changes faster than it can be opened; try again")

    def search(
        self, words: Sequence[str], vector: Vectors, *, filters: Filters, depth: int = DEPTH
    ) -> list[Hit]:
        """The passages nearest to a question, best first, at most 2 * depth.

        words: the terms of the question. vector: its vector, shape (dimension,). Cosine and BM25
        are each min-max normalised over their own best `depth` and added with weights (convex
        combination; Bruch, Gai, Ingber 2022, "An Analysis of Fusion Functions for Hybrid
        Retrieval"). The filters are applied before ranking. Equal scores are ordered by article id
        and offset.
        """
        allowed = self.store.filtered(filters) if filters != Filters() else None
        dense = self._nearest(vector, allowed, depth)
        lexical = self._terms.search(words, filters, depth)
        near, alike = _min_max(dense), _min_max(lexical)
        scores = {
            passage: DENSE_WEIGHT * near.get(passage, 0.0)
            + (1 - DENSE_WEIGHT) * alike.get(passage, 0.0)
            for passage in near | alike
        }
        missing = [passage for passage in scores if passage not in dense]
        dense |= dict(zip(missing, self._cosines(missing, vector), strict=True))
        found = self.store.passages(list(scores))
        hits = [
            Hit(article, passage, dense[number], lexical.get(number, 0.0), scores[number])
            for number, (article, passage) in found.items()
        ]
        return sorted(hits, key=lambda h: (-h.score, h.article.id, h.passage.start))

    def document_frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return self._terms.frequency(term)

    def spelled(self, term: str) -> str:
        """The term, or the one in the index that it is a slip of the finger away from.

        Only a term of letters that no passage holds is looked up: among those with the same first
        letter, the nearest by Damerau-Levenshtein distance (one slip, two from eight letters on),
        the more frequent if several are as near.
        """
        if len(term) < _SHORTEST_CORRECTED or not term.isalpha() or self.document_frequency(term):
            return term
        slips = 1 if len(term) < _TWO_SLIPS else 2
        near = [
            (DamerauLevenshtein.distance(term, other, score_cutoff=slips), -count, other)
            for other, count in self._terms.beginning(term[0])
            if abs(len(other) - len(term)) <= slips and other.isalpha()
        ]
        distance, _, other = min(near, default=(slips + 1, 0, term))
        return other if distance <= slips else term

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Vectors of the passages, shape (n, dimension)."""
        if not ids:
            return np.empty((0, self.recipe.dimension), np.float32)
        found = self._vectors.reconstruct_batch(np.asarray(ids, np.int64))
        return np.asarray(found, np.float32)

    def _nearest(self, vector: Vectors, allowed: list[int] | None, depth: int) -> dict[int, float]:
        count = self._vectors.ntotal if allowed is None else len(allowed)
        if count == 0:
            return {}
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, np.int64))
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        query = np.ascontiguousarray(vector.reshape(1, -1), np.float32)
        scores, ids = self._vectors.search(query, min(depth, count), params=parameters)
        return {int(i): float(s) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0}

    def _cosines(self, ids: Sequence[int], vector: Vectors) -> list[float]:
        return [float(row @ vector) for row in self.vectors(ids)]


def current_generation(folder: Path) -> str:
    """The name of the generation in use; IndexMissing when there is none."""
    try:
        name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(
            f"there is no index in {folder}; run `askarticles rebuild` (with --articles and "
            "--index if they are not in this folder)"
        ) from None
    except OSError as error:
        raise IndexDamaged(f"{folder / _POINTER} cannot be read: {error}") from error
    except ValueError:
        name = ""
    if not _GENERATION.fullmatch(name):
        raise IndexDamaged(
            f"{folder / _POINTER} does not name a generation; run `askarticles rebuild`"
        )
    return name


def stored_model(folder: Path) -> str:
    """The model that the index in use was made with, or "" when there is none to be read."""
    try:
        manifest = json.loads((folder / current_generation(folder) / _MANIFEST).read_bytes())
        return str(manifest["recipe"]["model"])
    except (IndexProblem, OSError, ValueError, KeyError, TypeError):
        return ""


def write_generation(
    folder: Path,
    base: Index | None,
    store: Store,
    building: Path,
    recipe: Recipe,
    removed: Sequence[tuple[int, Sequence[int]]],
    added: Sequence[Addition],
    built: str,
) -> str:
    """Completes the generation in `building` and puts it in use; its name.

    base: the generation that it goes on from, if any. store: its store, already up to date and
    closed by this function. removed: (article number, passage ids) taken out of base.
    """
    store.close()
    vectors = _changed_vectors(base, recipe.dimension, removed, added)
    # Through bytes, as FAISS cannot open a path with non-ASCII letters on Windows.
    (building / _VECTORS).write_bytes(faiss.serialize_index(vectors).tobytes())
    change_terms(building / _TERMS, base.path / _TERMS if base else None, removed, added)
    files = {
        path.relative_to(building).as_posix(): {
            "size": path.stat().st_size,
            "sha256": _sha256(path),
        }
        for path in sorted(building.rglob("*"))
        if path.is_file() and path.name not in LOCK_FILES
    }
    with_articles = Store(building / _STORE)
    versions = with_articles.versions()
    with_articles.close()
    manifest = {"built": built, "recipe": asdict(recipe), "articles": versions, "files": files}
    (building / _MANIFEST).write_bytes(
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode(),
    )
    for path in building.rglob("*"):
        _sync(path)
    _sync(building)
    name = _next_name(folder, building / _MANIFEST)
    building.rename(folder / name)
    _sync(folder)
    pointer = folder / f"{_POINTER}.new"
    pointer.write_bytes(f"{name}\n".encode())
    _sync(pointer)
    pointer.replace(folder / _POINTER)
    _sync(folder)
    return name


def store_of(folder: Path, generation: str) -> Store:
    """The articles of a generation, unchecked."""
    return Store(folder / generation / _STORE)


def start_generation(folder: Path, base: Index | None) -> tuple[Path, Store]:
    """A folder to build a generation in and its store, begun from `base` if there is one."""
    building = folder / BUILDING
    remove_tree(building)
    building.mkdir(parents=True)
    if base is None:
        return building, Store.create(building / _STORE)
    shutil.copyfile(base.path / _STORE, building / _STORE)
    return building, Store(building / _STORE, writable=True)


def remove_old_generations(folder: Path, keep: str, before: str) -> None:
    """Removes all generations but `keep` and the one that was in use before it.

    That one stays for readers that opened the pointer just before it was swapped.
    """
    for path in _generations(folder):
        if path.name not in (keep, before):
            remove_tree(path)


def remove_tree(path: Path) -> None:
    """Removes a folder, or leaves for the next time what another program holds open."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _min_max(scores: dict[int, float]) -> dict[int, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def _changed_vectors(
    base: Index | None,
    dimension: int,
    removed: Sequence[tuple[int, Sequence[int]]],
    added: Sequence[Addition],
) -> Any:
    if base is None:
        vectors = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    else:
        vectors = _read_vectors(base.path / _VECTORS)
        gone = [i for _, ids in removed for i in ids]
        if gone:
            vectors.remove_ids(np.asarray(gone, np.int64))
    for addition in added:
        if len(addition.ids):
            rows = np.ascontiguousarray(addition.vectors, np.float32)
            if rows.shape != (len(addition.ids), dimension):
                raise ValueError(
                    f"vectors of shape {rows.shape} for {len(addition.ids)} passages "
                    f"and dimension {dimension}"
                )
            vectors.add_with_ids(rows, np.asarray(addition.ids, np.int64))
    return vectors


def _read_vectors(path: Path) -> Any:
    try:
        data: npt.NDArray[np.uint8] = np.frombuffer(path.read_bytes(), np.uint8)
        return faiss.deserialize_index(data)
    except (RuntimeError, OSError) as error:
        raise IndexDamaged(
            f"{path} is not readable as part of an index ({error}); run `askarticles rebuild`"
        ) from error


def _checked_manifest(path: Path) -> dict[str, Any]:
    file = path / _MANIFEST
    mend = "run `askarticles rebuild`"
    try:
        manifest = json.loads(file.read_bytes())
        found = manifest["recipe"]["format"]
        files = {name: (part["size"], part["sha256"]) for name, part in manifest["files"].items()}
        str(manifest["built"])
    except FileNotFoundError:
        raise IndexDamaged(f"{file} is missing; {mend}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{file} is not readable ({error}); {mend}") from error
    if found != FORMAT:
        raise IndexMismatch(
            f"the index in {path} has format {found}, this version of askarticles "
            f"reads format {FORMAT}; {mend}"
        )
    for name, written in files.items():
        part = path / name
        try:
            as_written = (part.stat().st_size, _sha256(part)) == written
        except FileNotFoundError:
            raise IndexDamaged(f"{part} is missing; {mend}") from None
        except OSError as error:
            raise IndexDamaged(f"{part} cannot be read ({error}); {mend}") from error
        if not as_written:
            raise IndexDamaged(f"{part} is not what was written; {mend}")
    return dict(manifest)


def _recipe(manifest: dict[str, Any], path: Path) -> Recipe:
    try:
        written = dict(manifest["recipe"])
        if set(written) != {field.name for field in fields(Recipe)}:
            raise KeyError(", ".join(sorted(written)))
        return Recipe(**{**written, "splitter": Splitter(**written["splitter"])})
    except (KeyError, TypeError) as error:
        raise IndexMismatch(
            f"the index in {path} was made with other settings ({error}); run `askarticles rebuild`"
        ) from error


def _generations(folder: Path) -> list[Path]:
    """The generations in a folder: nothing else in it, whatever its name, is ours to remove."""
    return sorted(
        path
        for path in folder.iterdir()
        if _GENERATION.fullmatch(path.name) and (path / _MANIFEST).is_file()
    )


def _next_name(folder: Path, manifest: Path) -> str:
    """A number, and a piece of the manifest's hash: a name is never given to two contents."""
    last = max((int(path.name[1:7]) for path in _generations(folder)), default=0)
    return f"g{last + 1:06d}-{_sha256(manifest)[:8]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder, and does not need it.
    # Windows syncs only what is open for writing.
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
