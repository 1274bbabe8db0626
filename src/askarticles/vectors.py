"""The vectors of the passages, in files that only grow, and the nearest of them, by FAISS.

vectors.f32    a row of float32 for each passage; a generation shares it with the one before
vectors.bits   the signs of each row, turned by a fixed rotation; shared likewise
vectors.rows   for each row the key of what was embedded, the passage, its article (0 once it is
               gone) and a checksum of key and row
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askarticles.datatypes import Vectors
from askarticles.errors import IndexDamaged
from askarticles.lexical import Ids, Scores, best_of
from askarticles.neighbours import Flags, Parts, Places, bytes_index, signs_index
from askarticles.store import Addition

VECTORS, BITS, ROWS = "vectors.f32", "vectors.bits", "vectors.rows"
_ROW = np.dtype([("key", "V16"), ("id", "<i8"), ("article", "<i4"), ("sum", "<u4")])

# Up to so many passages all vectors are compared, rounded to a byte a number, and the nearest then
# as they are: the result is exact, and 100,000 take 4.6 ms instead of the 11.9 ms of a flat index
# (half precision: 8.8). Above, those are compared whose signs differ least: 1.8 ms for 100,000.
EXACT_UP_TO = 150_000
# So many vectors with the fewest different signs are compared with the question's own numbers, and
# of those so many nearest are read and their cosines computed. Recall@10 among a million for 3,000
# and 400 .977, 4,000 and 600 .985, 6,000 and 800 .993, in 8.8, 9.7 and 11.7 ms; all 3,000 read, it
# took 10.8 for .979.
CANDIDATES, READ = 4_000, 600
_LARGEST = 2**15  # of a question's numbers when rounded
# The eight bits of every byte, shape (8, 256).
_BYTES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).T.astype(np.int32)
# FAISS adds up in another order than we do, in single precision.
_SLACK = 1e-5
# Rows that are read at a time.
_CHUNK = 8_192


class VectorIndex:
    """The vectors of one generation; safe to share by threads.

    ids: of the passages, rising. articles: the number of each one's article. Raises IndexDamaged.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._path = folder / VECTORS
        try:
            table = np.fromfile(folder / ROWS, _ROW)
            self._vectors = _mapped(self._path, len(table), dimension)
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"{self._path} is not readable as part of an index ({error}); run `askarticles "
                "rebuild`"
            ) from error
        self._rows = np.flatnonzero(table["article"])
        self.ids: Ids = table["id"][self._rows]
        self.articles = table["article"][self._rows]
        self._table = table
        self._sound = np.zeros(len(table), np.bool_)
        self._exact = len(self.ids) <= EXACT_UP_TO
        if self._exact:
            self._parts, self._scale, self._error = self._rounded(dimension)
        else:
            size = _bit_bytes(dimension)
            bits = np.fromfile(folder / BITS, np.uint8, len(table) * size).reshape(-1, size)
            self._bits = bits[self._rows]
            self._parts = Parts(len(self.ids), lambda: signs_index(8 * size))
            self._parts.add(0, self._bits)

    def search(self, vector: Vectors, depth: int, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Ids and cosines of the nearest `depth` passages, and of all that tie with the last.

        vector: shape (dimension,). allowed: the only passages that may be found; None for all.
        """
        chosen, count = None, len(self.ids)
        if allowed is not None:
            count = len(allowed)
            chosen = np.zeros(len(self.ids), np.bool_)
            chosen[np.searchsorted(self.ids, allowed)] = True
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        return (self._nearest if self._exact else self._alike)(vector, depth, count, chosen)

    def cosines(self, ids: Sequence[int], vector: Vectors) -> Scores:
        """The cosine of each passage's vector and a vector, shape (n,)."""
        return self._scores(self._positions(ids), vector)

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Vectors of the passages, shape (n, dimension)."""
        return self._read(self._rows[self._positions(ids)])

    def check(self) -> None:
        """Raises IndexDamaged unless every row is what was written; few are read on opening."""
        if self._exact:
            return
        for i in range(0, len(self._rows), _CHUNK):
            self._read(self._rows[i : i + _CHUNK])

    def _rounded(self, dimension: int) -> tuple[Parts, float, float]:
        """All vectors rounded to bytes; what a number is multiplied by; how far a row moved."""
        parts = Parts(len(self.ids), lambda: bytes_index(dimension))
        starts = range(0, len(self._rows), _CHUNK)
        rows = [self._rows[i : i + _CHUNK] for i in starts]
        largest = max((float(np.abs(self._read(part)).max()) for part in rows), default=1.0)
        scale, error = 127 / largest, 0.0
        for start, part in zip(starts, rows, strict=True):
            rounded, apart = _rounded(self._vectors[part], scale)
            parts.add(start, rounded)
            error = max(error, apart)
        return parts, scale, error

    def _nearest(
        self, vector: Vectors, depth: int, count: int, chosen: Flags | None
    ) -> tuple[Ids, Scores]:
        # FAISS compares bytes with bytes, so that the question is rounded as well.
        scale = 127 / float(np.abs(vector).max())
        query, apart = _rounded(vector.reshape(1, -1), scale)
        # By Cauchy and Schwarz a cosine changes no more than its two unit vectors did.
        error = self._error + apart * (1 + self._error) + _SLACK
        wanted = 16 * depth  # of 100,000 enough nearly always, at a quarter of it seldom
        while True:
            found = self._parts.search(query, -(-wanted // self._parts.count), chosen)
            near = np.concatenate([part.values for part in found]) / (self._scale * scale)
            places = np.concatenate([part.places for part in found])
            if len(near) > depth:
                # The others are farther than so many are at most.
                places = places[near >= np.partition(near, -depth)[-depth] - 2 * error]
            ids, best = best_of(self.ids[places], self._scores(places, vector), depth)
            # What was not found is no nearer than the last that was, but for the rounding.
            left = max((float(part.values[-1]) for part in found if part.more), default=-np.inf)
            if left / (self._scale * scale) + error < best.min():
                return ids, best
            wanted *= 4

    def _alike(
        self, vector: Vectors, depth: int, count: int, chosen: Flags | None
    ) -> tuple[Ids, Scores]:
        query = signs(vector.reshape(1, -1))
        wanted = CANDIDATES + 1
        while True:
            found = self._parts.search(query, wanted, chosen)
            places = np.concatenate([part.places for part in found])
            if wanted < count:
                # Of those that are as far apart as the last some were left out, so all of them are.
                apart = np.concatenate([part.values for part in found])
                places = places[apart < np.partition(apart, wanted - 1)[wanted - 1]]
            if len(places) >= depth or wanted >= count:
                places = self._closer(places, vector, max(READ, 2 * depth))
                return best_of(self.ids[places], self._scores(places, vector), depth)
            wanted *= 4

    def _closer(self, places: Places, vector: Vectors, count: int) -> Places:
        """Of some places the `count` whose signs go best with a vector's own numbers.

        That is the one's rounding less than where signs are compared with signs.
        """
        if len(places) <= count:
            return places
        turned = vector.astype(np.float64) @ _axes(len(vector))
        weights = np.zeros(8 * self._bits.shape[1], np.int32)
        # In whole numbers, whose sums are the same whatever computes them.
        weights[: len(turned)] = np.rint(turned * (_LARGEST / np.abs(turned).max()))
        # What each of the values of a byte adds, byte by byte.
        worth = weights.reshape(-1, 8) @ _BYTES
        near = np.zeros(len(places), np.int32)
        for values, column in zip(worth, self._bits[places].T, strict=True):
            near += values[column]
        closer: Places = places[near >= np.partition(near, -count)[-count]]
        return closer

    def _positions(self, ids: Sequence[int]) -> Places:
        return np.searchsorted(self.ids, np.asarray(ids, np.int64))

    def _scores(self, positions: Places, vector: Vectors) -> Scores:
        # Row by row, so that a cosine is the same wherever its row stands.
        rows = self._read(self._rows[positions])
        return np.asarray((rows * vector).sum(axis=1, dtype=np.float64))

    def _read(self, rows: Places) -> Vectors:
        """The rows, each checked against its checksum when it is first read."""
        found = np.asarray(self._vectors[rows])
        unchecked = ~self._sound[rows]
        if unchecked.any():
            _checked(found[unchecked], self._table[rows[unchecked]], self._path)
            self._sound[rows] = True
        return found


def change_vectors(
    folder: Path,
    base: Path | None,
    dimension: int,
    removed: Sequence[int],
    added: Sequence[Addition],
) -> None:
    """Makes the files of vectors in a new folder: those of `base`, less and more some passages.

    The files of `base` are continued, not copied, where the system has links; who reads `base`
    reads no further than its own rows. Once a third of the rows is gone they are written anew.
    """
    table = np.fromfile(base / ROWS, _ROW) if base is not None else np.empty(0, _ROW)
    if removed:
        table["article"][np.isin(table["id"], np.asarray(removed, np.int64))] = 0
    live = np.flatnonzero(table["article"])
    anew = base is None or 3 * (len(table) - len(live)) > len(table)
    source = (base or folder) / VECTORS
    if base is not None and anew:
        old = _mapped(source, len(table), dimension)
        table = table[live]
    else:
        live = live[:0]
    kept = 0 if anew else len(table)
    new = [_table(addition, dimension) for addition in added if len(addition.ids)]
    for name in (VECTORS, BITS):
        size = kept * (4 * dimension if name == VECTORS else _bit_bytes(dimension))
        target = folder / name
        if base is not None and not anew:
            _link_or_copy(base / name, target, size)
        with target.open("wb" if anew else "r+b") as stream:
            stream.seek(size)
            for i in range(0, len(live), _CHUNK):
                rows = live[i : i + _CHUNK]
                part = _checked(old[rows], table[i : i + _CHUNK], source)
                stream.write(part.tobytes() if name == VECTORS else signs(part).tobytes())
            for addition in added:
                part = np.ascontiguousarray(addition.vectors, "<f4").reshape(-1, dimension)
                stream.write(part.tobytes() if name == VECTORS else signs(part).tobytes())
            # What a rebuild that was killed had put there goes.
            if stream.tell() < target.stat().st_size:
                stream.truncate()
    np.concatenate([table, *new]).tofile(folder / ROWS)


def kept_vectors(
    folder: Path, dimension: int, keys: Collection[bytes]
) -> Iterator[tuple[bytes, Vectors]]:
    """The vectors that the files in a folder hold of some keys, whatever has become of the rest.

    A row that is not what was written is left out, and one whose passage is gone is as good.
    """
    try:
        table = np.fromfile(folder / ROWS, _ROW)
        vectors = _mapped(folder / VECTORS, len(table), dimension)
    except (OSError, ValueError):
        return
    rows = {key: row for row, key in enumerate(table["key"].tolist()) if key in keys}
    for key, row in rows.items():
        if _sums(table["key"][row : row + 1], vectors[row : row + 1])[0] == table["sum"][row]:
            yield key, vectors[row]


def signs(vectors: Vectors) -> npt.NDArray[np.uint8]:
    """The signs of vectors along fixed axes, 8 in a byte, shape (n, dimension / 8, rounded up).

    Of two vectors at the angle a, signs along axes of any direction differ at a share of a / pi
    (Charikar 2002, "Similarity estimation techniques from rounding algorithms").
    """
    # In double precision no sign depends on how many vectors are multiplied at once.
    return np.packbits(vectors.astype(np.float64) @ _axes(vectors.shape[1]) > 0, axis=1)


def _bit_bytes(dimension: int) -> int:
    return -(-dimension // 8)


@cache
def _axes(dimension: int) -> npt.NDArray[np.float64]:
    """An orthogonal basis, always the same: a model's own axes are not alike."""
    random = np.random.default_rng(0).standard_normal((dimension, dimension))
    return np.asarray(np.linalg.qr(random)[0])


def _table(addition: Addition, dimension: int) -> npt.NDArray[np.void]:
    rows = np.ascontiguousarray(addition.vectors, "<f4")
    if rows.shape != (len(addition.ids), dimension):
        raise ValueError(
            f"vectors of shape {rows.shape} for {len(addition.ids)} passages and dimension "
            f"{dimension}"
        )
    table = np.empty(len(rows), _ROW)
    table["id"], table["article"] = addition.ids, addition.article
    table["key"] = np.frombuffer(b"".join(addition.keys), "V16")
    table["sum"] = _sums(table["key"], rows)
    return table


def _mapped(path: Path, rows: int, dimension: int) -> Vectors:
    if not rows:
        return np.empty((0, dimension), np.float32)
    return np.memmap(path, "<f4", "r", shape=(rows, dimension))


def _rounded(vectors: Vectors, scale: float) -> tuple[Vectors, float]:
    """The vectors times `scale` in whole numbers, and how far at most one of them has moved."""
    rounded = np.rint(vectors * np.float32(scale))
    apart = np.linalg.norm(vectors - rounded / np.float32(scale), axis=1)
    return np.ascontiguousarray(rounded, np.float32), float(apart.max())


def _sums(keys: npt.NDArray[np.void], rows: Vectors) -> npt.NDArray[np.uint32]:
    """A checksum of each row with its key, shape (n,).

    The upper half of a sum of their words times fixed numbers (multilinear hashing; Lemire, Kaser
    2014, "Strongly universal string hashing is fast"): 0.8 ms for 4,000 rows, which a search among
    a million reads, where a CRC of each took 6.
    """
    named = np.ascontiguousarray(keys).view("<u4").reshape(-1, 4)
    words = np.ascontiguousarray(rows, "<f4").view("<u4")
    factors = _factors(4 + words.shape[1])
    total = _products(named, factors[:4]) + _products(words, factors[4:])
    return np.asarray(total >> np.uint64(32), np.uint32)


def _products(words: npt.NDArray[Any], factors: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    added = np.einsum("ij,j->i", words, factors, dtype=np.uint64, casting="unsafe")
    return np.asarray(added, np.uint64)


@cache
def _factors(count: int) -> npt.NDArray[np.uint64]:
    return np.random.default_rng(1).integers(0, 2**64, count, np.uint64) | np.uint64(1)


def _checked(rows: Vectors, table: npt.NDArray[np.void], path: Path) -> Vectors:
    """The rows; IndexDamaged unless each has the checksum that the table gives it."""
    rows = np.ascontiguousarray(rows)
    if (_sums(table["key"], rows) != table["sum"]).any():
        raise IndexDamaged(f"{path} is not what was written; run `askarticles rebuild`")
    return rows


def _link_or_copy(source: Path, target: Path, size: int) -> None:
    try:
        os.link(source, target)
    except OSError:
        with source.open("rb") as old, target.open("wb") as new:
            shutil.copyfileobj(old, new, 2**20)
            new.truncate(size)
