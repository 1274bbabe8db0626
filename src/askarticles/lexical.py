"""The words of the passages, in tantivy.

tantivy and not bm25s: both rank equally well (R@1 / R@5 on squad2 78.0 / 93.7 and 77.7 / 93.6,
clapnq and xquad the same to a tenth) and answer in a tenth of a millisecond, but one article more
in 6,450 passages takes tantivy 0.05 s and bm25s, which is computed anew as a whole, 1 s
(benchmarks/lexical.py).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from askarticles.datatypes import Filters, Vectors
from askarticles.errors import IndexDamaged
from askarticles.reading.dates import date_bounds, parse_bound
from askarticles.terms import terms

# Bytes that tantivy may hold of new documents before it writes a segment; its least is 15 MB.
_HEAP = 50_000_000
LOCK_FILES = (".tantivy-writer.lock", ".tantivy-meta.lock")


@dataclass(frozen=True, slots=True)
class Addition:
    """Passages that come in: their ids, their article's number, texts, vectors, days, outlet."""

    ids: Sequence[int]
    article: int
    texts: Sequence[str]
    vectors: Vectors
    published: str
    source: str


class TermIndex:
    """The words of the passages, ranked by BM25 (k1 1.2, b 0.75); safe to share by threads.

    Raises IndexDamaged when the folder holds no such index.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._index = self._opened(path)
        except (ValueError, OSError) as error:
            raise IndexDamaged(
                f"{path} is not readable as part of an index ({error}); run `askarticles rebuild`"
            ) from error
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def _opened(self, path: Path) -> tantivy.Index:
        try:
            return tantivy.Index.open(str(path))
        except ValueError as error:
            if "ockfile" not in str(error):
                raise
        # tantivy takes a lock even to read; where nothing can be written it reads a copy.
        self._copy = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        copy = shutil.copytree(path, Path(self._copy.name) / "terms")
        return tantivy.Index.open(str(copy))

    def search(self, words: Sequence[str], filters: Filters, depth: int) -> dict[int, float]:
        """Ids of the best passages for some terms, at most `depth`, with their scores."""
        distinct = list(dict.fromkeys(words))
        if not distinct or self._searcher.num_docs == 0:
            return {}
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        query = tantivy.Query.boolean_query(
            [(should, tantivy.Query.term_query(self._schema, "terms", word)) for word in distinct]
        )
        limits = self._limits(filters)
        if limits:
            parts = [(must, query)]
            parts += [(must, tantivy.Query.const_score_query(part, 0.0)) for part in limits]
            query = tantivy.Query.boolean_query(parts)
        hits = self._searcher.search(query, depth).hits
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits])
        return {int(i or 0): float(score) for i, (score, _) in zip(ids, hits, strict=True)}

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return int(self._searcher.doc_freq("terms", term))

    def beginning(self, prefix: str) -> list[tuple[str, int]]:
        """The terms that begin so, each with the number of passages that hold it."""
        return list(self._searcher.terms_with_prefix("terms", prefix))

    def _limits(self, filters: Filters) -> list[tantivy.Query]:
        limits = []
        if filters.since:
            first = date_bounds(parse_bound(filters.since))[0]
            limits.append(self._range("last_day", first, 99_999_999))
        if filters.until:
            last = date_bounds(parse_bound(filters.until))[1]
            limits.append(self._range("first_day", 1, last))
        if filters.source:
            outlet = filters.source.casefold()
            limits.append(tantivy.Query.term_query(self._schema, "outlet", outlet))
        return limits

    def _range(self, field: str, low: int, high: int) -> tantivy.Query:
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, field, kind, low, high)


def change_terms(
    path: Path,
    base: Path | None,
    removed: Sequence[tuple[int, Sequence[int]]],
    added: Sequence[Addition],
) -> None:
    """Makes the index of words in a new folder: that of `base`, less and more some passages.

    removed: (article number, passage ids).
    """
    path.mkdir(parents=True)
    if base is None:
        builder = tantivy.SchemaBuilder()
        for name in ("passage", "article", "first_day", "last_day"):
            builder.add_integer_field(name, stored=False, indexed=True, fast=True)
        builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(path))
    else:
        for file in base.iterdir():
            if file.name not in LOCK_FILES:
                _link_or_copy(file, path / file.name)
        index = tantivy.Index.open(str(path))
    # One thread, so that the same changes always give the same segments.
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for article, _ in removed:
        writer.delete_documents_by_term("article", article)
    for addition in added:
        first, last = date_bounds(addition.published) if addition.published else (0, 0)
        for passage, text in zip(addition.ids, addition.texts, strict=True):
            document = tantivy.Document()
            document.add_integer("passage", passage)
            document.add_integer("article", addition.article)
            document.add_integer("first_day", first)
            document.add_integer("last_day", last)
            document.add_text("outlet", addition.source.casefold())
            document.add_text("terms", " ".join(terms(text)))
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    readers = path.stat().st_mode & 0o444
    for file in path.iterdir():
        # tantivy makes some readable to their owner alone; who may read the folder may read them.
        file.chmod(file.stat().st_mode | readers)


def _link_or_copy(source: Path, target: Path) -> None:
    # Segments never change; the lists of them do, in place on some systems, so those are copied.
    if source.suffix != ".json":
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(source, target)
