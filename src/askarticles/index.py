"""The index: articles, words and vectors of one generation, searched together.

articles.sqlite    articles, passages, files, near-duplicates (`store`)
terms.sqlite       the words of the passages (`lexical`)
vectors.*          their vectors (`vectors`)
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from askarticles.articles import READING_VERSION
from askarticles.datatypes import Filters, Hit, Vectors
from askarticles.errors import IndexDamaged, IndexMismatch, IndexProblem
from askarticles.generations import (
    FORMAT,
    check_files,
    current_generation,
    manifest_of,
    publish,
    start_generation,
)
from askarticles.lexical import TERMS_VERSION, Ids, Scores, TermIndex, change_terms
from askarticles.neighbours import PART, side_by_side
from askarticles.passages import Splitter
from askarticles.store import Addition, Store, Withdrawal
from askarticles.vectors import VECTORS, VectorIndex, change_vectors

DEPTH = 100
# Share of the dense score in the hybrid. R@1 / R@8 (which is what the reader gets to see) with our
# encoder for .4, .45, .5, on sets that it never saw: xquad 94.4 / 99.1, 94.4 / 99.3, 94.4 / 99.3;
# canard's rewrites 89.4 / 99.0, 89.0 / 99.0, 88.6 / 99.0; cmu_qa 76.7 / 97.5, 76.2 / 97.5,
# 75.9 / 97.8; news (SquadShifts, training/README.md) 77.7 / 92.1, 77.0 / 92.3, 76.0 / 92.1; forum
# posts 48.3 / 66.9, 47.9 / 68.1, 44.8 / 66.7. clapnq, which it learned from: 92.0 / 99.3,
# 93.3 / 99.7, 93.7 / 100.
DENSE_WEIGHT = 0.45
# Passages that all are equally good are all taken, but not more than so many times DEPTH.
_MOST_TIES = 10

# A slip in a word of three letters or fewer makes another word as often as not.
_SHORTEST_CORRECTED = 4
_TWO_SLIPS = 8

_STORE, _TERMS = "articles.sqlite", "terms.sqlite"


class SearchIndex(Protocol):
    """What the rest of the program asks of an index; FAISS, BM25 and SQLite are one way to it.

    generation names its contents, so that the same name always gives the same answers. passages
    is their number.
    """

    @property
    def generation(self) -> str: ...
    @property
    def passages(self) -> int: ...
    @property
    def store(self) -> Store: ...
    def search(
        self, words: Sequence[str], vector: Vectors, *, filters: Filters, depth: int = ...
    ) -> list[Hit]:
        """The passages nearest to a question, best first."""

    def document_frequency(self, term: str) -> int:
        """How many passages hold a term."""

    def spelled(self, term: str) -> str:
        """The term, or the one in the index that it is a slip of the finger away from."""

    def check(self) -> None:
        """Raises IndexDamaged unless all of it is what was written."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what an index holds for the same articles.

    reading: version of the readers. terms: of the words. embedded_text: what is put into words
    for the embedder.
    """

    model: str
    model_sha256: str
    dimension: int
    splitter: Splitter
    format: int = FORMAT
    reading: int = READING_VERSION
    terms: int = TERMS_VERSION
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
        manifest = manifest_of(self.path)
        self.recipe = _recipe(manifest, self.path)
        check_files(self.path, manifest)
        self.built = str(manifest["built"])
        self.store = Store(self.path / _STORE)
        self._terms = TermIndex(self.path / _TERMS)
        self._vectors = VectorIndex(self.path, self.recipe.dimension)
        self.passages = len(self._vectors.ids)
        # Closed when the last that reads this generation lets go of it.
        self.close = weakref.finalize(self, _close, self.store, self._terms)

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

    def check(self) -> None:
        """Raises IndexDamaged unless all of it is what was written.

        Most of that is checked on opening; of many vectors, each only when it is read.
        """
        self._vectors.check()

    def search(
        self, words: Sequence[str], vector: Vectors, *, filters: Filters, depth: int = DEPTH
    ) -> list[Hit]:
        """The passages nearest to a question, best first: `depth`, and more if others tie.

        words: the terms of the question. vector: its vector, shape (dimension,). Cosine and BM25
        are each min-max normalised over their own best `depth` and added with weights (convex
        combination; Bruch, Gai, Ingber 2022, "An Analysis of Fusion Functions for Hybrid
        Retrieval"). The filters are applied before ranking. Equal scores are ordered by article id
        and offset.
        """
        allowed = self._allowed(filters)
        if self.passages < PART:
            worded = self._terms.search(words, depth, allowed)
            nearest = self._vectors.search(vector, depth, allowed)
        else:
            beside = side_by_side().submit(self._terms.search, words, depth, allowed)
            nearest = self._vectors.search(vector, depth, allowed)
            worded = beside.result()
        dense, near = _normalised(*nearest, depth)
        lexical, alike = _normalised(*worded, depth)
        scores = {
            passage: DENSE_WEIGHT * near.get(passage, 0.0)
            + (1 - DENSE_WEIGHT) * alike.get(passage, 0.0)
            for passage in near | alike
        }
        if len(scores) > depth:
            least = sorted(scores.values())[-depth]
            scores = {passage: score for passage, score in scores.items() if score >= least}
        missing = [passage for passage in scores if passage not in dense]
        cosines = self._vectors.cosines(missing, vector).tolist()
        dense |= dict(zip(missing, cosines, strict=True))
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
            for other, count in self._terms.beginning(term[0], len(term) - slips, len(term) + slips)
            if other.isalpha()
        ]
        distance, _, other = min(near, default=(slips + 1, 0, term))
        return other if distance <= slips else term

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Vectors of the passages, shape (n, dimension)."""
        return self._vectors.vectors(ids)

    def _allowed(self, filters: Filters) -> Ids | None:
        if filters == Filters():
            return None
        numbers = np.asarray(self.store.filtered(filters), np.int64)
        return self._vectors.ids[np.isin(self._vectors.articles, numbers)]


class Draft:
    """A generation in the making: a copy of `base`, or an empty one, that takes changes.

    store: its articles, to be changed by the caller.
    """

    def __init__(self, folder: Path, base: Index | None) -> None:
        self._folder = folder
        self._base = base.path if base is not None else None
        self._path = start_generation(folder)
        if self._base is not None:
            shutil.copyfile(self._base / _STORE, self._path / _STORE)
            self.store = Store(self._path / _STORE, writable=True)
        else:
            self.store = Store.create(self._path / _STORE)

    def publish(
        self, recipe: Recipe, removed: Sequence[Withdrawal], added: Sequence[Addition]
    ) -> str:
        """Completes the generation and puts it in use; its name. Closes the store.

        removed, added: the passages that were taken out of the store and put in.
        """
        self.store.close()
        gone = [i for withdrawal in removed for i in withdrawal.ids]
        change_vectors(self._path, self._base, recipe.dimension, gone, added)
        base = self._base / _TERMS if self._base is not None else None
        change_terms(self._path / _TERMS, base, removed, added)
        built = datetime.now(UTC).isoformat(timespec="seconds")
        return publish(self._folder, {"built": built, "recipe": asdict(recipe)}, VECTORS)


def stored_model(folder: Path) -> str:
    """The model that the index in use was made with, or "" when there is none to be read."""
    try:
        return str(manifest_of(folder / current_generation(folder))["recipe"]["model"])
    except (IndexProblem, KeyError, TypeError):
        return ""


def store_of(folder: Path, generation: str) -> Store:
    """The articles of a generation, unchecked."""
    return Store(folder / generation / _STORE)


def _close(*parts: Store | TermIndex) -> None:
    for part in parts:
        part.close()


def _normalised(ids: Ids, scores: Scores, depth: int) -> tuple[dict[int, float], dict[int, float]]:
    """The scores by passage, as they are and min-max normalised.

    More than `depth` come when some tie with the last: those would get 0 and are left out, so that
    what is found does not depend on the order in which passages were added.
    """
    if not len(scores):
        return {}, {}
    low, high = float(scores.min()), float(scores.max())
    if len(scores) > depth:
        kept = scores > low if high > low or len(scores) > _MOST_TIES * depth else scores == low
        ids, scores = ids[kept], scores[kept]
    found = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    if high == low:
        return found, dict.fromkeys(found, 1.0)
    return found, {key: (score - low) / (high - low) for key, score in found.items()}


def _recipe(manifest: dict[str, Any], path: Path) -> Recipe:
    try:
        written = dict(manifest["recipe"])
        if set(written) != {part.name for part in fields(Recipe)}:
            raise KeyError(", ".join(sorted(written)))
        return Recipe(**{**written, "splitter": Splitter(**written["splitter"])})
    except (KeyError, TypeError) as error:
        raise IndexMismatch(
            f"the index in {path} was made with other settings ({error}); run `askarticles rebuild`"
        ) from error
