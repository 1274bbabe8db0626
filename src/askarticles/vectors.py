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

import faiss
import numpy as np
import numpy.typing as npt

from askarticles.datatypes import Vectors
from askarticles.errors import IndexDamaged
from askarticles.lexical import Ids, Scores, best_of
from askarticles.store import Addition

VECTORS, BITS, ROWS = "vectors.f32", "vectors.bits", "vectors.rows"
_ROW = np.dtype([("key", "V16"), ("id", "<i8"), ("article", "<i4"), ("sum", "<u4")])

# Up to so many passages all vectors are compared, rounded to a byte a number, and the nearest then
# as they are: the result is exact, and 100,000 take 4.6 ms instead of the 11.9 ms of a flat index
# (half precision: 8.8). Above, those are compared whose signs differ least: 1.8 ms for 100,000.
EXACT_UP_TO = 150_000
# Of so many vectors, with the fewest different signs, the cosine is computed. Of a million,
# recall@10 against all is .954, .965, .979 and .986 with 1,500, 2,000, 3,000 and 4,000.
CANDIDATES = 3_000
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
            self._index, self._scale, self._error = self._rounded(dimension)
        else:
            size = _bit_bytes(dimension)
            bits = np.fromfile(folder / BITS, np.uint8, len(table) * size).reshape(-1, size)
            self._index = faiss.IndexBinaryFlat(8 * size)
            # Counting sorts thousands of candidates in half the time of a heap.
            self._index.use_heap = False
            self._index.add(bits[self._rows])

    def search(self, vector: Vectors, depth: int, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Ids and cosines of the nearest `depth` passages, and of all that tie with the last.

        vector: shape (dimension,). allowed: the only passages that may be found; None for all.
        """
        parameters, count = None, len(self.ids)
        if allowed is not None:
            count = len(allowed)
            chosen = np.zeros(len(self.ids), np.bool_)
            chosen[np.searchsorted(self.ids, allowed)] = True
            # FAISS's own hints know its C++ alone.
            selector: Any = faiss.IDSelectorBitmap
            wrapped: Any = faiss.SearchParameters
            parameters = wrapped(sel=selector(np.packbits(chosen, bitorder="little")))
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        find = self._nearest if self._exact else self._alike
        return find(vector, depth, count, parameters)

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

    def _rounded(self, dimension: int) -> tuple[Any, float, float]:
        """All vectors rounded to bytes; what a number is multiplied by; how far a row moved."""
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        index = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        parts = [self._rows[i : i + _CHUNK] for i in range(0, len(self._rows), _CHUNK)]
        largest = max((float(np.abs(self._read(part)).max()) for part in parts), default=1.0)
        scale, error = 127 / largest, 0.0
        for part in parts:
            rounded, apart = _rounded(self._vectors[part], scale)
            index.add(rounded)
            error = max(error, apart)
        return index, scale, error

    def _nearest(
        self, vector: Vectors, depth: int, count: int, parameters: Any
    ) -> tuple[Ids, Scores]:
        # FAISS compares bytes with bytes, so that the question is rounded as well.
        scale = 127 / float(np.abs(vector).max())
        query, apart = _rounded(vector.reshape(1, -1), scale)
        # By Cauchy and Schwarz a cosine changes no more than its two unit vectors did.
        error = self._error + apart * (1 + self._error) + _SLACK
        wanted = 16 * depth  # of 100,000 enough nearly always, at a quarter of it seldom
        while True:
            near, found = self._index.search(query, min(wanted, count), params=parameters)
            scores = self._scores(found[0], vector)
            ids, best = best_of(self.ids[found[0]], scores, depth)
            # What was not found is no nearer than the last that was, but for the rounding.
            if wanted >= count or near[0, -1] / (self._scale * scale) + error < best.min():
                return ids, best
            wanted *= 4

    def _alike(
        self, vector: Vectors, depth: int, count: int, parameters: Any
    ) -> tuple[Ids, Scores]:
        query = signs(vector.reshape(1, -1))
        wanted = CANDIDATES + 1
        while True:
            apart, found = self._index.search(query, min(wanted, count), params=parameters)
            # Of those that are as far apart as the last some were left out, so all of them are.
            kept = found[0] if wanted >= count else found[0][apart[0] < apart[0, -1]]
            if len(kept) >= depth or wanted >= count:
                return best_of(self.ids[kept], self._scores(kept, vector), depth)
            wanted *= 4

    def _positions(self, ids: Sequence[int]) -> npt.NDArray[np.intp]:
        return np.searchsorted(self.ids, np.asarray(ids, np.int64))

    def _scores(self, positions: npt.NDArray[np.intp], vector: Vectors) -> Scores:
        # Row by row, so that a cosine is the same wherever its row stands.
        rows = self._read(self._rows[positions])
        return np.asarray((rows * vector).sum(axis=1, dtype=np.float64))

    def _read(self, rows: npt.NDArray[np.intp]) -> Vectors:
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
