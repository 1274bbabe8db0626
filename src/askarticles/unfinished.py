"""Vectors that a rebuild computed and did not live to use: kept in a file for the next one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from askarticles.datatypes import Vectors

_KEY_BYTES = 16


class Unfinished:
    """Vectors by the key of their text, in a file to which whole batches are appended.

    Every vector has a checksum of its own; what follows the first that does not agree with it, as
    after a power cut, is dropped. keys are of 16 bytes. Raises OSError.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._kind = np.dtype(
            [("key", f"V{_KEY_BYTES}"), ("vector", "<f4", (dimension,)), ("sum", "<u4")]
        )
        self._records = self._sound_records()
        self._rows = {record["key"].tobytes(): row for row, record in enumerate(self._records)}
        self._stream = path.open("ab")
        self._stream.truncate(len(self._records) * self._kind.itemsize)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the file; an empty one is removed."""
        self._stream.close()
        if not self._path.stat().st_size:
            self._path.unlink()

    def __contains__(self, key: bytes) -> bool:
        return key in self._rows

    def vectors(self, keys: Sequence[bytes]) -> Vectors:
        """The vectors of keys that are in, shape (n, dimension)."""
        found = self._records["vector"][[self._rows[key] for key in keys]]
        return np.asarray(found, np.float32)

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Appends vectors, shape (n, dimension); they are in the file when this comes back."""
        batch = np.empty(len(keys), self._kind)
        batch["key"] = np.frombuffer(b"".join(keys), f"V{_KEY_BYTES}")
        batch["vector"] = vectors
        batch["sum"] = [_sum(record) for record in batch]
        self._stream.write(batch.tobytes())
        self._stream.flush()

    def _sound_records(self) -> npt.NDArray[np.void]:
        try:
            count = self._path.stat().st_size // self._kind.itemsize
        except FileNotFoundError:
            count = 0
        records: npt.NDArray[np.void] = np.empty(0, self._kind)
        if count:
            records = np.fromfile(self._path, self._kind, count)
        sound = next((i for i, r in enumerate(records) if _sum(r) != r["sum"]), len(records))
        return records[:sound]


def _sum(record: np.void) -> int:
    return zlib.crc32(record["key"].tobytes() + record["vector"].tobytes())
