"""Articles and passages of one index generation, in a SQLite file that is read, never loaded."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from askarticles import duplicates
from askarticles.abbreviations import Abbreviation, abbreviations, key
from askarticles.datatypes import Article, Copy, Filters, Passage, Place, Problem, Vectors
from askarticles.errors import IndexDamaged, UsageError
from askarticles.reading.dates import date_bounds, parse_bound

_SCHEMA = """
CREATE TABLE files (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE problems (path TEXT, reason TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, body_start INTEGER NOT NULL, source TEXT NOT NULL,
    author TEXT NOT NULL, published TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL,
    places TEXT NOT NULL, sha256 TEXT NOT NULL, outlet TEXT NOT NULL,
    first_day INTEGER NOT NULL, last_day INTEGER NOT NULL);
CREATE INDEX articles_path ON articles (path);
CREATE INDEX articles_days ON articles (first_day, last_day, outlet);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, head INTEGER NOT NULL);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE abbreviations (
    article INTEGER NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL,
    short_key TEXT NOT NULL, long_key TEXT NOT NULL);
CREATE INDEX abbreviations_article ON abbreviations (article);
CREATE INDEX abbreviations_short ON abbreviations (short_key);
CREATE INDEX abbreviations_long ON abbreviations (long_key);
"""
_ARTICLE = ", ".join(field.name for field in fields(Article))
# An answer names no more places where its story is told too; see `duplicates.NEIGHBOURS`.
_MOST_COPIES = 20
# Of articles that stay read, some 500 of the usual length: in a small library all, which spares a
# question a tenth of its processor time.
_KEPT_CHARACTERS = 4_000_000
_NO_PLACES = json.dumps(())


@dataclass(frozen=True, slots=True)
class Addition:
    """Passages of one article that come in; article is its number.

    texts: what is embedded and searched for each; keys: of 16 bytes, name text and model;
    vectors: of shape (n, dimension).
    """

    article: int
    ids: Sequence[int]
    texts: Sequence[str]
    keys: Sequence[bytes]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Passages of one article that go, with what was embedded and searched for each."""

    ids: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """An article as the list of the library shows it; passages is their number."""

    article_id: str
    title: str
    source: str
    author: str
    published: str
    path: str
    passages: int


class Store:
    """The SQLite file of one generation; safe to share by threads.

    Raises IndexDamaged when the file is not one.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._closed = False
        self._writable = writable
        self._kept: dict[int, Article] = {}
        self._room = _KEPT_CHARACTERS
        mode = "rwc" if writable else "ro&immutable=1"
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False
            )
            if writable:
                # A generation is built beside the one in use and thrown away when interrupted.
                self._connection.execute("PRAGMA journal_mode = OFF")
                self._connection.execute("PRAGMA synchronous = OFF")
            self._rows("SELECT count(*) FROM sqlite_schema")
        except sqlite3.Error as error:
            raise _damaged(path, error) from error

    @classmethod
    def create(cls, path: Path) -> Store:
        """An empty, writable store in a new file."""
        store = cls(path, writable=True)
        store._connection.executescript(_SCHEMA + duplicates.SCHEMA)
        return store

    def close(self) -> None:
        """Closes the file; what was written is on disk afterwards. Closing again does nothing."""
        if not self._closed:
            self._closed = True
            self._connection.commit()
            self._connection.close()

    # Reading

    def article(self, article_id: str) -> Article:
        """The article of this id; UsageError when there is none."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (article_id,))
        if not rows:
            raise UsageError(f"there is no article {article_id!r} in the index")
        return _article(rows[0])

    def articles(self) -> Iterator[Article]:
        """All articles in the order of their ids."""
        for (article_id,) in self._rows("SELECT id FROM articles ORDER BY id"):
            yield self.article(article_id)

    def listing(self) -> tuple[Listing, ...]:
        """All articles for a list, the newest first, undated ones last, then by id."""
        rows = self._rows(
            "SELECT id, title, source, author, published, path, "
            "(SELECT count(*) FROM passages WHERE passages.article = articles.number) "
            "FROM articles ORDER BY published DESC, id"
        )
        return tuple(Listing(*row) for row in rows)

    def files(self) -> dict[str, str]:
        """The sha256 of every file that was read, by its path."""
        return dict(self._rows("SELECT path, sha256 FROM files"))

    def file_sha256(self, path: str) -> str:
        """The sha256 of a file when it was read, or "" for one that was not."""
        rows = self._rows("SELECT sha256 FROM files WHERE path = ?", (path,))
        return str(rows[0][0]) if rows else ""

    def problems(self) -> tuple[Problem, ...]:
        """What could not be read."""
        rows = self._rows("SELECT path, reason FROM problems ORDER BY path, reason")
        return tuple(Problem(*row) for row in rows)

    def versions(self) -> dict[str, str]:
        """The sha256 of every article, by its id."""
        return dict(self._rows("SELECT id, sha256 FROM articles"))

    def ids_of_file(self, path: str) -> list[str]:
        """Ids of the articles that a file holds."""
        return [row[0] for row in self._rows("SELECT id FROM articles WHERE path = ?", (path,))]

    def count(self) -> tuple[int, int]:
        """Numbers of articles and of passages."""
        articles = self._rows("SELECT count(*) FROM articles")[0][0]
        return articles, self._rows("SELECT count(*) FROM passages")[0][0]

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Article, Passage]]:
        """The passages of these ids, each with its article."""
        rows = self._rows(
            f'SELECT id, article, start, "end" FROM passages WHERE id IN ({_marks(ids)})',
            tuple(ids),
        )
        articles = self._numbered({row[1] for row in rows})
        return {
            i: (articles[number], Passage(articles[number].id, start, end, i))
            for i, number, start, end in rows
        }

    def _numbered(self, numbers: set[int]) -> dict[int, Article]:
        """The articles of these numbers; the last ones read are kept."""
        kept = {number: self._kept.get(number) for number in numbers}
        found = {number: article for number, article in kept.items() if article is not None}
        missing = numbers.difference(found)
        if missing:
            for number, *row in self._rows(
                f"SELECT number, {_ARTICLE} FROM articles WHERE number IN ({_marks(missing)})",
                tuple(missing),
            ):
                found[number] = _article(row)
            if not self._writable:
                self._keep({number: found[number] for number in missing})
        return found

    def _keep(self, articles: dict[int, Article]) -> None:
        with self._lock:
            for number, article in articles.items():
                if number not in self._kept:
                    self._kept[number] = article
                    self._room -= len(article.text)
            while self._room < 0:
                oldest = next(iter(self._kept))
                self._room += len(self._kept.pop(oldest).text)

    def filtered(self, filters: Filters) -> list[int]:
        """Numbers of the articles that the filters let through."""
        where, values = filter_clause(filters)
        return [
            row[0] for row in self._rows(f"SELECT number FROM articles a WHERE {where}", values)
        ]

    def copies(self, article_id: str) -> tuple[Copy, ...]:
        """The other articles that tell the same story in nearly the same words, newest first.

        Of more than 20, those that agree with it in most of their bands.
        """
        rows = self._rows(
            "SELECT * FROM (SELECT b.id, b.title, b.source, b.published, b.path FROM articles a "
            "JOIN pairs ON pairs.a = a.number OR pairs.b = a.number "
            "JOIN articles b ON b.number = pairs.a + pairs.b - a.number "
            "WHERE a.id = ? ORDER BY pairs.bands DESC, b.published DESC, b.id LIMIT ?) "
            "ORDER BY published DESC, id",
            (article_id, _MOST_COPIES),
        )
        return tuple(Copy(*row) for row in rows)

    def abbreviations(self, keys: Sequence[str]) -> tuple[Abbreviation, ...]:
        """Those of which one form is among the keys, but for any that stands for several things.

        keys: see `abbreviations.key`. Each comes as most articles write it.
        """
        rows = self._rows(
            "SELECT short_key, long_key, short, long, count(*) FROM abbreviations WHERE short_key "
            f"IN (SELECT short_key FROM abbreviations WHERE short_key IN ({_marks(keys)}) "
            f"OR long_key IN ({_marks(keys)})) GROUP BY 1, 2, 3, 4 ORDER BY 1, 5 DESC, 3, 4",
            (*keys, *keys),
        )
        meant: dict[str, dict[str, Abbreviation]] = {}
        for short_key, long_key, short, long, _ in rows:
            meant.setdefault(short_key, {}).setdefault(long_key, Abbreviation(short, long))
        return tuple(one for longs in meant.values() if len(longs) == 1 for one in longs.values())

    def pairs(self) -> list[tuple[str, str]]:
        """All pairs of such articles, by their ids."""
        return self._rows(
            "SELECT min(x.id, y.id), max(x.id, y.id) FROM pairs JOIN articles x ON "
            "x.number = pairs.a JOIN articles y ON y.number = pairs.b ORDER BY 1, 2"
        )

    def passage_ids(self) -> list[int]:
        """Ids of all passages, in rising order."""
        return [row[0] for row in self._rows("SELECT id FROM passages ORDER BY id")]

    # Writing

    def set_files(self, files: dict[str, str], problems: Sequence[Problem]) -> None:
        """Replaces what is known of the files and of what could not be read."""
        with self._lock:
            self._connection.execute("DELETE FROM files")
            self._connection.execute("DELETE FROM problems")
            self._connection.executemany("INSERT INTO files VALUES (?, ?)", sorted(files.items()))
            self._connection.executemany(
                "INSERT INTO problems VALUES (?, ?)", [(p.path, p.reason) for p in problems]
            )

    def remove(self, article_id: str) -> Withdrawal:
        """Takes an article out; its passages."""
        article = self.article(article_id)
        number = self._rows("SELECT number FROM articles WHERE id = ?", (article_id,))[0][0]
        passages = self._rows(
            'SELECT id, start, "end", head FROM passages WHERE article = ? ORDER BY id', (number,)
        )
        with self._lock:
            for statement in (
                "DELETE FROM articles WHERE number = ?",
                "DELETE FROM passages WHERE article = ?",
                "DELETE FROM abbreviations WHERE article = ?",
            ):
                self._connection.execute(statement, (number,))
            duplicates.leave(self._connection, number)
        texts = []
        for _, start, end, head in passages:
            before = f"{article.title[: head - 1]}\n" if head else ""
            texts.append(before + article.text[start:end])
        return Withdrawal([row[0] for row in passages], texts)

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        texts: Sequence[str],
    ) -> tuple[int, list[int]]:
        """Puts an article in with its passages; its number and the ids of its passages.

        texts: what is embedded and searched for each passage (see `embedded_text`).
        """
        first, last = date_bounds(article.published) if article.published else (0, 0)
        values = (
            article.id, article.path, article.title, article.text, article.body_start,
            article.source, article.author, article.published, article.url, article.language,
            json.dumps([[p.offset, p.label] for p in article.places]), article.sha256,
            article.source.casefold(), first, last,
        )  # fmt: skip
        with self._lock:
            cursor = self._connection.execute(
                f"INSERT INTO articles ({_ARTICLE}, outlet, first_day, last_day) "
                f"VALUES ({','.join('?' * len(values))})",
                values,
            )
            number = int(cursor.lastrowid or 0)
            ids = []
            for passage, text in zip(passages, texts, strict=True):
                head = len(text) - (passage.end - passage.start)
                row = self._connection.execute(
                    'INSERT INTO passages (article, start, "end", head) VALUES (?, ?, ?, ?)',
                    (number, passage.start, passage.end, head),
                )
                ids.append(int(row.lastrowid or 0))
            self._connection.executemany(
                "INSERT INTO abbreviations VALUES (?, ?, ?, ?, ?)",
                [
                    (number, one.short, one.long, key(one.short), key(one.long))
                    for one in abbreviations(article.text)
                ],
            )
            marks = duplicates.signature(article.body)
            duplicates.enter(self._connection, number, article.id, marks)
        return number, ids

    def move(self, moved: Sequence[tuple[str, Article]]) -> None:
        """Gives articles that are the same but for their place, by old id, their new one."""
        numbers = [
            self._rows("SELECT number FROM articles WHERE id = ?", (old,))[0][0] for old, _ in moved
        ]
        with self._lock:
            marks = []
            # Through names that no file has, since a row's new place may be another's old one.
            for number in numbers:
                marks.append(duplicates.leave(self._connection, number))
                self._connection.execute(
                    "UPDATE articles SET id = ? WHERE number = ?", (f"\0{number}", number)
                )
            for number, (_, article), own in zip(numbers, moved, marks, strict=True):
                self._connection.execute(
                    "UPDATE articles SET id = ?, path = ? WHERE number = ?",
                    (article.id, article.path, number),
                )
                duplicates.enter(self._connection, number, article.id, own)

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(statement, tuple(values)).fetchall()
            except sqlite3.DatabaseError as error:
                raise _damaged(self.path, error) from error


def filter_clause(filters: Filters) -> tuple[str, list[object]]:
    """The filters as an SQL condition on the table of articles `a`, and its values.

    Raises UsageError when a date cannot be read.
    """
    parts, values = ["1"], list[object]()
    if filters.since:
        parts.append("a.last_day >= ?")
        values.append(date_bounds(parse_bound(filters.since))[0])
    if filters.until:
        parts.append("a.first_day > 0 AND a.first_day <= ?")
        values.append(date_bounds(parse_bound(filters.until))[1])
    if filters.source:
        parts.append("a.outlet = ?")
        values.append(filters.source.casefold())
    return " AND ".join(parts), values


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def _article(row: Sequence[Any]) -> Article:
    *shown, places, sha256 = row
    read = json.loads(places) if places != _NO_PLACES else ()
    shown += [tuple(Place(offset, label) for offset, label in read), sha256]
    return Article(*shown)


def _damaged(path: Path, error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"{path} is not readable as part of an index ({error}); run `askarticles rebuild`"
    )
