"""The words of the passages, in a SQLite file, ranked by BM25.

The postings are kept here and not in a search library because a score has to be the same whether
an index was reached step by step or made at once: tantivy counts deleted documents among its
statistics until it happens to merge them away, bm25s computes all anew for one article more, and
SQLite's FTS5 looks up the length of every passage that it finds. Ours, tantivy and bm25s rank
equally well (R@1 / R@5 91.8 / 98.4 on xquad, 85.3 / 97.0 on clapnq); one article more
takes a tenth of tantivy's time or less (benchmarks/lexical.py).
"""

from __future__ import annotations

import math
import shutil
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askarticles.errors import IndexDamaged
from askarticles.store import Addition, Withdrawal
from askarticles.terms import terms

# Raised whenever the same text begins to have other terms or another score.
TERMS_VERSION = 1
# Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the values
# that Lucene and tantivy have.
_K1, _B = 1.2, 0.75
# Passages, by their ids, whose postings of a word are one row. Their scores fit in a core's cache,
# and a place among them in two bytes.
_BLOCK = 2**16

_SCHEMA = """
CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE,
    frequency INTEGER NOT NULL);
CREATE TABLE postings (word INTEGER, block INTEGER, places BLOB NOT NULL, counts BLOB NOT NULL,
    PRIMARY KEY (word, block)) WITHOUT ROWID;
CREATE TABLE lengths (block INTEGER PRIMARY KEY, lengths BLOB NOT NULL);
"""

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class TermIndex:
    """The words of the passages; safe to share by threads.

    Raises IndexDamaged when the file holds no such index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
            lengths = self._rows("SELECT block, lengths FROM lengths ORDER BY block")
        except sqlite3.Error as error:
            raise _damaged(path, error) from error
        counts = {block: np.frombuffer(data, "<u2") for block, data in lengths}
        # Ids only grow; blocks whose passages are all gone take no room.
        counts = {block: words for block, words in counts.items() if words.any()}
        self._blocks = np.array(list(counts), np.int64)
        self._passages = sum(int(np.count_nonzero(a)) for a in counts.values())
        total = sum(int(a.sum(dtype=np.int64)) for a in counts.values())
        mean = max(total / max(self._passages, 1), 1.0)
        self._norms = np.zeros(_BLOCK * len(counts), np.float32)
        for row, words in zip(self._norms.reshape(-1, _BLOCK), counts.values(), strict=True):
            row[: len(words)] = _K1 * (1 - _B) + _K1 * _B / mean * words

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def search(
        self, words: Sequence[str], depth: int, allowed: Ids | None = None
    ) -> tuple[Ids, Scores]:
        """Ids and scores of the best `depth` passages, and of all that tie with the last of them.

        allowed: the only passages that may be found, in rising order; None for all.
        """
        scores = np.zeros(len(self._norms), np.float32)
        found = []
        for word in dict.fromkeys(words):
            frequency = self.frequency(word)
            if frequency:
                rarity = math.log(1 + (self._passages - frequency + 0.5) / (frequency + 0.5))
                at, times = self._postings(word)
                found.append(at)
                scores[at] += np.float32(rarity * (_K1 + 1)) * (times / (times + self._norms[at]))
        if allowed is not None:
            out = np.ones(len(scores), np.bool_)
            out[self._places(allowed[np.isin(allowed // _BLOCK, self._blocks)])] = False
            scores[out] = 0.0
        # The best of those that hold a rare word are as good as the best of all are at least.
        least = np.float32(0)
        for at in sorted(found, key=len):
            if len(at) >= depth and least == 0:
                least = np.partition(scores[at], -depth)[-depth]
        near = np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores)
        ids = self._blocks[near // _BLOCK] * _BLOCK + near % _BLOCK
        return best_of(ids, scores[near].astype(np.float64), depth)

    def _places(self, ids: Ids) -> Ids:
        """Where passages stand among those of all blocks that there are."""
        return np.searchsorted(self._blocks, ids // _BLOCK) * _BLOCK + ids % _BLOCK

    def _postings(self, word: str) -> tuple[Ids, npt.NDArray[np.float32]]:
        """The places of the passages that hold a word, and how often each does."""
        rows = self._rows(
            "SELECT block, places, counts FROM postings JOIN words ON number = postings.word "
            "WHERE words.word = ? ORDER BY block",
            (word,),
        )
        held = np.frombuffer(b"".join(counts for _, _, counts in rows), np.uint8)
        firsts = [block * _BLOCK for block, _, _ in rows]
        at = np.repeat(self._places(np.array(firsts)), [len(counts) for _, _, counts in rows])
        at += np.frombuffer(b"".join(places for _, places, _ in rows), "<u2")
        return at, held.astype(np.float32)

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        rows = self._rows("SELECT frequency FROM words WHERE word = ?", (term,))
        return int(rows[0][0]) if rows else 0

    def beginning(self, prefix: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """The terms of some length that begin so, each with the number of passages that hold it."""
        return self._rows(
            "SELECT word, frequency FROM words WHERE word >= ? AND word < ? "
            "AND length(word) BETWEEN ? AND ? ORDER BY word",
            (prefix, f"{prefix}\U0010ffff", shortest, longest),
        )

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(statement, tuple(values)).fetchall()
            except sqlite3.DatabaseError as error:
                raise _damaged(self.path, error) from error


def best_of(ids: Ids, scores: Scores, depth: int) -> tuple[Ids, Scores]:
    """The best `depth` of some scores, and all that tie with the last of them."""
    if len(scores) <= depth:
        return ids, scores
    kept = scores >= np.partition(scores, -depth)[-depth]
    return ids[kept], scores[kept]


def change_terms(
    path: Path, base: Path | None, removed: Sequence[Withdrawal], added: Sequence[Addition]
) -> None:
    """Makes the index of words in a new file: that of `base`, less and more some passages."""
    if base is not None:
        shutil.copyfile(base, path)
    with closing(sqlite3.connect(path)) as connection:
        # The file is thrown away when its making is interrupted.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        if base is None:
            connection.executescript(_SCHEMA)
        edits: dict[int, _Edit] = defaultdict(_Edit)
        for gone in removed:
            for passage, text in zip(gone.ids, gone.texts, strict=True):
                edits[passage // _BLOCK].remove(passage % _BLOCK, text)
        for addition in added:
            for passage, text in zip(addition.ids, addition.texts, strict=True):
                block = passage // _BLOCK
                if block not in edits and len(edits) > 1:
                    # Passages come in rising order, so that all but the last block are complete.
                    _apply(connection, edits)
                edits[block].add(passage % _BLOCK, text)
        _apply(connection, edits)
        connection.commit()


@dataclass(slots=True)
class _Edit:
    """What changes in one block: the places that go, and the postings that come, by word."""

    lengths: dict[int, int] = field(default_factory=dict)
    gone: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    new: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def remove(self, place: int, text: str) -> None:
        self.lengths[place] = 0
        for word in set(terms(text)):
            self.gone[word].add(place)

    def add(self, place: int, text: str) -> None:
        words = terms(text)
        self.lengths[place] = len(words)
        for word, times in Counter(words).items():
            self.new[word].append((place, min(times, 255)))


def _apply(connection: sqlite3.Connection, edits: dict[int, _Edit]) -> None:
    """Writes the changes and forgets them."""
    for block, edit in sorted(edits.items()):
        found = connection.execute("SELECT lengths FROM lengths WHERE block = ?", (block,))
        lengths = np.zeros(_BLOCK, "<u2")
        for (data,) in found:
            lengths[: len(data) // 2] = np.frombuffer(data, "<u2")
        for place, length in edit.lengths.items():
            lengths[place] = min(length, 2**16 - 1)
        used = int(np.flatnonzero(lengths)[-1]) + 1 if lengths.any() else 0
        connection.execute(
            "INSERT OR REPLACE INTO lengths VALUES (?, ?)", (block, lengths[:used].tobytes())
        )
        for word in _in_order(edit.gone, edit.new):
            _change_word(connection, block, word, edit.gone.get(word), edit.new.get(word, ()))
    edits.clear()


def _in_order(*words: Iterable[str]) -> list[str]:
    return sorted(set().union(*words))


def _change_word(
    connection: sqlite3.Connection,
    block: int,
    word: str,
    gone: set[int] | None,
    new: Sequence[tuple[int, int]],
) -> None:
    row = connection.execute("SELECT number, frequency FROM words WHERE word = ?", (word,))
    number, frequency = row.fetchone() or (0, 0)
    old = connection.execute(
        "SELECT places, counts FROM postings WHERE word = ? AND block = ?", (number, block)
    ).fetchone() or (b"", b"")
    places, counts = np.frombuffer(old[0], "<u2"), np.frombuffer(old[1], np.uint8)
    before = len(places)
    if gone:
        kept = ~np.isin(places, list(gone))
        places, counts = places[kept], counts[kept]
    places = np.concatenate([places, np.array([p for p, _ in new], "<u2")])
    counts = np.concatenate([counts, np.array([c for _, c in new], np.uint8)])
    frequency += len(places) - before
    if not number:
        cursor = connection.execute(
            "INSERT INTO words (word, frequency) VALUES (?, ?)", (word, frequency)
        )
        number = cursor.lastrowid
    elif frequency:
        connection.execute("UPDATE words SET frequency = ? WHERE number = ?", (frequency, number))
    else:
        connection.execute("DELETE FROM words WHERE number = ?", (number,))
    if len(places):
        connection.execute(
            "INSERT OR REPLACE INTO postings VALUES (?, ?, ?, ?)",
            (number, block, places.tobytes(), counts.tobytes()),
        )
    else:
        connection.execute("DELETE FROM postings WHERE word = ? AND block = ?", (number, block))


def _damaged(path: Path, error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"{path} is not readable as part of an index ({error}); run `askarticles rebuild`"
    )
