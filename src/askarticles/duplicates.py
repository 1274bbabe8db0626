"""Finds articles that tell the same story in nearly the same words (MinHash).

Broder 1997, "On the resemblance and containment of documents"; banding as in Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.

Which articles are a pair depends on nothing but the articles that are there: those that share a
band stand in one order, made of the articles themselves, and each is compared with its neighbours.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from datasketch import MinHash
from xxhash import xxh3_64_intdigest

from askarticles.terms import terms

_PERMUTATIONS = 128
# Bands of 3 rows bring together 84 % of pairs that share .35 of their shingles, 99.6 % of those
# that share half and 1 in 200 of those that share a twentieth; their signatures are compared.
_ROWS = 3
_SHINGLE = 3
# Share of three-word shingles in common from which two articles count as one story. Measured by
# benchmarks/duplicates.py on encyclopedia and government articles and on seeds/: an article with
# its last third cut keeps .66 (5 % of them under .40), with its first sentence rewritten .9, with
# one word in 20 replaced .68; of 290,000 pairs of different articles nearly all share .02 or less,
# and those over .35 are versions of one text.
SAME_STORY = 0.35
# How many before and after it in a band an article is compared with, since notices made from one
# template resemble each other by the thousand. Of 3,000 notices that differ in one word of 20, with
# 5 half are in 85 pairs and none in more than 147, and one takes 5 ms to note; with 10 it is 159,
# 264 and 7 ms. Of a story that is there word for word, 6 copies all find each other, and of 12
# edited ones (that share half their shingles) too, since no band holds more than a few of them.
NEIGHBOURS = 5

SCHEMA = """
CREATE TABLE signatures (
    article INTEGER PRIMARY KEY, place INTEGER NOT NULL, signature BLOB NOT NULL);
CREATE TABLE bands (
    hash INTEGER, place INTEGER, article INTEGER, PRIMARY KEY (hash, place, article)
) WITHOUT ROWID;
CREATE TABLE pairs (
    a INTEGER, b INTEGER, bands INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX pairs_b ON pairs (b);
"""

_Pairs = Counter[tuple[int, int]]


def signature(text: str) -> bytes:
    """The MinHash signature of a text's three-word shingles; b"" for fewer than three words."""
    words = terms(text)
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    if not shingles:
        return b""
    minhash = MinHash(num_perm=_PERMUTATIONS)
    minhash.update_batch([shingle.encode() for shingle in sorted(shingles)])
    # Its values are below 2^32.
    return bytes(minhash.hashvalues.astype("<u4").tobytes())


def bands(signature: bytes) -> list[int]:
    """Hashes, of 64 bits with a sign, of the parts of a signature.

    Articles that share one are worth comparing as a whole.
    """
    size = 4 * _ROWS
    parts = [signature[i : i + size] for i in range(0, len(signature) - size + 1, size)]
    return [xxh3_64_intdigest(part, seed=i) - 2**63 for i, part in enumerate(parts)]


def resemblance(a: bytes, b: bytes) -> float:
    """Estimated share of shingles that two texts have in common, in [0, 1]."""
    if not a or not b:
        return 0.0
    return float(np.mean(np.frombuffer(a, "<u4") == np.frombuffer(b, "<u4")))


def enter(connection: sqlite3.Connection, number: int, article_id: str, marks: bytes) -> None:
    """Notes the article of this number among those of `SCHEMA`, and what is a pair now.

    marks: its signature.
    """
    if not marks:
        return
    place = _place(marks, article_id)
    own = set(bands(marks))
    nearer, farther = _around(connection, own, place, number)
    connection.execute("INSERT INTO signatures VALUES (?, ?, ?)", (number, place, marks))
    connection.executemany(
        "INSERT INTO bands VALUES (?, ?, ?)", [(band, place, number) for band in own]
    )
    _gain(connection, nearer)
    _lose(connection, farther)


def leave(connection: sqlite3.Connection, number: int) -> bytes:
    """Takes the article of this number out of the tables of `SCHEMA`; undoes `enter`.

    Gives its signature, b"" when it had none.
    """
    row = connection.execute(
        "SELECT place, signature FROM signatures WHERE article = ?", (number,)
    ).fetchone()
    if row is None:
        return b""
    place, marks = int(row[0]), bytes(row[1])
    own = set(bands(marks))
    connection.execute("DELETE FROM signatures WHERE article = ?", (number,))
    connection.executemany(
        "DELETE FROM bands WHERE hash = ? AND place = ? AND article = ?",
        [(band, place, number) for band in own],
    )
    connection.execute("DELETE FROM pairs WHERE a = ? OR b = ?", (number, number))
    _, nearer = _around(connection, own, place, number)
    _gain(connection, nearer)
    return marks


def _place(marks: bytes, article_id: str) -> int:
    """Where an article stands in its bands: equal texts side by side, else by chance.

    63 bits, so that no two are likely to have the same: 24 of the signature, 39 of the id.
    """
    text, name = xxh3_64_intdigest(marks), xxh3_64_intdigest(article_id.encode())
    return text >> 40 << 39 | name >> 25


def _around(
    connection: sqlite3.Connection, own: Iterable[int], place: int, number: int
) -> tuple[_Pairs, _Pairs]:
    """The article with its neighbours, and those of its neighbours that it stands between.

    Each by the number of bands: pairs that are neighbours with the article in the band, and pairs
    that are neighbours only without it.
    """
    with_it, without_it = _Pairs(), _Pairs()
    for band in own:
        before, after = (
            [
                row[0]
                for row in connection.execute(
                    "SELECT article FROM bands WHERE hash = ? AND (place, article) "
                    f"{sign} (?, ?) ORDER BY place {way}, article {way} LIMIT ?",
                    (band, place, number, NEIGHBOURS),
                )
            ]
            for sign, way in (("<", "DESC"), (">", "ASC"))
        )
        with_it.update(_pair(number, other) for other in (*before, *after))
        # The nearest before and the farthest after, the second and the last but one, and so on.
        across = zip(before, (*[0] * (NEIGHBOURS - len(after)), *reversed(after)), strict=False)
        without_it.update(_pair(a, b) for a, b in across if b)
    return with_it, without_it


def _pair(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)


def _gain(connection: sqlite3.Connection, pairs: _Pairs) -> None:
    """Pairs are neighbours in so many bands more."""
    if not pairs:
        return
    numbers = sorted({number for pair in pairs for number in pair})
    marks = dict(_signatures(connection, numbers))
    connection.executemany(
        "INSERT INTO pairs VALUES (?, ?, ?) "
        "ON CONFLICT (a, b) DO UPDATE SET bands = bands + excluded.bands",
        [
            (a, b, count)
            for (a, b), count in pairs.items()
            if resemblance(marks[a], marks[b]) >= SAME_STORY
        ],
    )


def _lose(connection: sqlite3.Connection, pairs: _Pairs) -> None:
    """Pairs are neighbours in so many bands fewer."""
    connection.executemany(
        "UPDATE pairs SET bands = bands - ? WHERE a = ? AND b = ?",
        [(count, a, b) for (a, b), count in pairs.items()],
    )
    connection.executemany("DELETE FROM pairs WHERE a = ? AND b = ? AND bands = 0", list(pairs))


def _signatures(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
    marks = ",".join("?" * len(numbers))
    return connection.execute(
        f"SELECT article, signature FROM signatures WHERE article IN ({marks})", numbers
    ).fetchall()
