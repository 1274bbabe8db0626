"""FAISS indexes that are looked through side by side, and the threads that do it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import faiss
import numpy as np
import numpy.typing as npt

from askarticles.transformer import processors

Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]
"""Numbers of vectors in a collection, from 0."""

# Vectors that a thread of their own is worth, and the most threads that share a search.
PART, MOST_PARTS = 20_000, 4


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest of a part, best first: what FAISS says of each, and its place among all.

    more: whether the part has others.
    """

    values: npt.NDArray[Any]
    places: Places
    more: bool


class Parts:
    """FAISS indexes of one collection, looked through side by side, as many as processors help.

    Each holds every so manieth vector, so that those of one article, which stand together, are in
    all of them.
    """

    def __init__(self, size: int, make: Callable[[], Any]) -> None:
        self.count = max(1, min(processors(), MOST_PARTS, size // PART))
        self._indexes = [make() for _ in range(self.count)]

    def add(self, first: int, rows: npt.NDArray[Any]) -> None:
        """Adds vectors; first: the place of the first among all."""
        for part, index in enumerate(self._indexes):
            index.add(np.ascontiguousarray(rows[(part - first) % self.count :: self.count]))

    def search(self, query: npt.NDArray[Any], wanted: int, chosen: Flags | None) -> list[Found]:
        """Of each part the nearest `wanted`; chosen: of every place, whether it may be found."""
        others = [
            side_by_side().submit(self._in_part, part, query, wanted, chosen)
            for part in range(1, self.count)
        ]
        return [self._in_part(0, query, wanted, chosen), *(other.result() for other in others)]

    def _in_part(
        self, part: int, query: npt.NDArray[Any], wanted: int, chosen: Flags | None
    ) -> Found:
        index, parameters = self._indexes[part], None
        count = int(index.ntotal)
        if chosen is not None:
            mine = chosen[part :: self.count]
            count = int(mine.sum())
            # FAISS's own hints know its C++ alone.
            selector: Any = faiss.IDSelectorBitmap
            wrapped: Any = faiss.SearchParameters
            parameters = wrapped(sel=selector(np.packbits(mine, bitorder="little")))
        if count == 0:
            return Found(np.empty(0), np.empty(0, np.intp), False)
        threads = faiss.omp_get_max_threads()
        # With one question a second thread of FAISS's has nothing to do but to keep a core busy.
        faiss.omp_set_num_threads(1)
        try:
            values, places = index.search(query, min(wanted, count), params=parameters)
        finally:
            faiss.omp_set_num_threads(threads)
        return Found(values[0], places[0] * self.count + part, wanted < count)


def bytes_index(dimension: int) -> Any:
    """An empty index of vectors whose numbers are whole and fit a byte."""
    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    return faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)


def signs_index(bits: int) -> Any:
    """An empty index of bits."""
    index: Any = faiss.IndexBinaryFlat(bits)
    # Counting sorts thousands of candidates in half the time of a heap.
    index.use_heap = False
    return index


@cache
def side_by_side() -> ThreadPoolExecutor:
    """Threads for the parts of one search."""
    return ThreadPoolExecutor(MOST_PARTS, thread_name_prefix="askarticles-search")
