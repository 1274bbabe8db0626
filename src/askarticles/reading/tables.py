"""Reads files that hold many articles: JSON Lines, JSON, CSV and TSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from askarticles.datatypes import Problem, Story
from askarticles.errors import ArticleError
from askarticles.reading.decoding import decode
from askarticles.reading.records import (
    columns_of,
    has_text,
    is_name,
    no_text_column,
    numeric_dates,
    read_record,
    text_column,
)

_JSON_FEED = "https://jsonfeed.org/version/"
# A comma that nothing follows; strings are passed over, one that is cut off to the end of the
# text: else each quotation mark in it would be tried as the beginning of another.
_LAST_COMMA = re.compile(r'("(?:[^"\\]++|\\.)*+"?)|,(?=\s*[\]}])', re.S)
_BETWEEN = re.compile(r"[\s,]+")


def read_jsonl(data: bytes) -> Iterator[Story | Problem]:
    """The articles of a JSON Lines file, one record a line.

    The nth thing that comes out is about the nth line that is not blank: a Story, or a Problem
    whose path is "#n". Raises ArticleError when no record has a column of text.
    """
    return _stories(_jsonl_records(data))


def _jsonl_records(data: bytes) -> Iterator[tuple[str, Any]]:
    """(place, record or an error) of each line."""
    # Line by line, so that one broken byte does not change how the other lines are decoded; only
    # at "\n", as JSON texts may hold the other line ends of Unicode.
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        data = decode(data).encode("utf-8")
    stream = io.BytesIO(data.removeprefix(b"\xef\xbb\xbf"))
    number = 0
    for line_number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        number += 1
        try:
            record = json.loads(_utf8(line), strict=False)
        except (ValueError, RecursionError, ArticleError) as error:
            record = ArticleError(f"line {line_number} is not JSON ({_json_fault(error)}); mend it")
        yield f"record {number}, line {line_number}", record


def read_json(data: bytes) -> Iterator[Story | Problem]:
    """The articles of a JSON file.

    It may hold a list of articles, an object with such a list somewhere in it, columns with a
    value for each article, one article, or (as many sets do under the name .json) JSON Lines.
    Comes out as from `read_jsonl`. Raises ArticleError when it is not JSON or holds no article.
    """
    text = _utf8(data) if b"\x00" not in data[:4] else decode(data)
    text = text.removeprefix("\ufeff")
    try:
        value = json.loads(text, strict=False)
    except RecursionError:
        raise ArticleError("the JSON is nested too deeply to be articles; flatten it") from None
    except ValueError as error:
        first = text.strip().partition("\n")[0]
        if _is_object(first) and "\n" in text.strip():
            return read_jsonl(text.encode("utf-8", "replace"))
        value = _loose_values(text)
        if not value:
            raise ArticleError(f"not valid JSON ({_json_fault(error)}); export it again") from error
    if isinstance(value, dict) and str(value.get("version")).startswith(_JSON_FEED):
        value = _feed_items(value)
    # A value without texts is looked at as it stands, for the reasons to come out.
    return _placed(_records(value) or (value if isinstance(value, list) else [value]))


def read_csv(data: bytes) -> Iterator[Story | Problem]:
    """The articles of a table whose first row names the columns.

    The delimiter (comma, semicolon, tab or |) is the one that splits the first row into the most
    names that are known. The nth thing that comes out is about the nth row after the first: a
    Story, or a Problem whose path is "#n". Raises ArticleError when no column of text is named.
    """
    text = decode(data).removeprefix("\ufeff").lstrip("\r\n")
    # Excel's way to name the delimiter.
    if declared := re.match(r'"?sep=[,;\t|]"?[\r\n]+', text):
        text = text[declared.end() :]
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = max(",;\t|", key=lambda candidate: _known_columns(first, candidate))
    header, *rows = _rows(text, first, delimiter)
    if not rows:
        raise ArticleError("the table has no rows under its first; export it again")
    if all(len(row) == len(header) + 1 and row[0].strip().isdigit() for row in rows):
        header = ["", *header]  # R and pandas write the numbers of rows without a name
    if text_column(header) < 0:
        raise ArticleError(no_text_column(header))
    return _placed([_record(header, row, delimiter) for row in rows])


# Tables


def _known_columns(first: str, delimiter: str) -> int:
    return sum(map(is_name, _parsed(first, delimiter=delimiter)[0]))


def _rows(text: str, first: str, delimiter: str) -> list[list[str]]:
    """The rows that are not blank; at least one, which may be empty.

    Most writers double a quotation mark inside a cell, some put a backslash before it, and tables
    with tabs often quote nothing. The first way in which the whole text is well-formed is right.
    When none is (the text is cut off, a quotation mark is loose), the way in which most rows are
    as long as the first is.
    """
    # A space after the delimiter hides that the cell is quoted.
    shape: dict[str, Any] = {"delimiter": delimiter, "skipinitialspace": f'{delimiter} "' in first}
    doubled: dict[str, Any] = {"doublequote": True}
    ways = [doubled, {"doublequote": False, "escapechar": "\\"}]
    # Without doubling, "strict" accepts anything, so that there must be a sign of the second way.
    for way in ways if '\\"' in text else ways[:1]:
        try:
            return _parsed(text, strict=True, **shape, **way)
        except csv.Error:
            continue
    tried = [_parsed(text, **shape, **doubled)]
    if not first.startswith('"'):
        tried.insert(0, _parsed(text, quoting=csv.QUOTE_NONE, **shape))
    return max(tried, key=lambda rows: sum(len(row) == len(rows[0]) for row in rows) / len(rows))


def _parsed(text: str, **dialect: Any) -> list[list[str]]:
    # The csv module has one limit for the length of a cell, for the whole process: 131,072
    # characters, which long articles pass.
    before = csv.field_size_limit(max(len(text), 131_072))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), **dialect)
        return [row for row in reader if any(cell.strip() for cell in row)] or [[]]
    finally:
        csv.field_size_limit(before)


def _record(header: Sequence[str], row: list[str], delimiter: str) -> dict[str, Any]:
    """Cells by the names of their columns; the first of two columns of one name counts."""
    while len(row) > len(header) and not row[-1].strip():
        row.pop()
    surplus = len(row) - len(header)
    if surplus > 0:
        # A delimiter that should have been quoted; nearly all of them stand in the text.
        at = text_column(header)
        row = [*row[:at], delimiter.join(row[at : at + surplus + 1]), *row[at + surplus + 1 :]]
    record: dict[str, Any] = {}
    for name, cell in zip(header, row, strict=False):
        record.setdefault(name, cell)
    return record


# JSON


def _records(value: Any, depth: int = 6) -> Sequence[Any]:
    """The records in a JSON value: the outermost list that has texts, or a single record.

    depth: how far to look; Ghost's {"db": [{"data": {"posts": [...]}}]} is the deepest known.
    """
    if not depth or not isinstance(value, dict | list):
        return []
    inner = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, list):
        if any(map(has_text, value)):
            return value
    elif has_text(value, full=True):
        return [value]
    elif columns := _by_columns(value):
        return columns
    elif all(isinstance(item, dict) for item in inner) and any(map(has_text, inner)):
        return inner
    for item in sorted(inner, key=lambda item: not isinstance(item, list)):
        if found := _records(item, depth - 1):
            return found
    return [value] if has_text(value) else []


def _by_columns(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Records from {"title": {"0": ...}, "text": {"0": ...}}, as pandas writes tables."""
    at = text_column(value)
    rows = list(value.values())[at] if at >= 0 else None
    if not isinstance(rows, dict) or not all(isinstance(column, dict) for column in value.values()):
        return []
    return [{name: column.get(row) for name, column in value.items()} for row in rows]


def _loose_values(text: str) -> list[Any]:
    """The values of a text that would be JSON but for commas before a closing bracket.

    Also of one in which objects follow each other with nothing between. [] when it is neither.
    """
    text = _LAST_COMMA.sub(lambda match: match[1] or "", text).strip()
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    try:
        while position < len(text):
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            if between := _BETWEEN.match(text, position):
                position = between.end()
    except (ValueError, RecursionError):
        return []
    if len(values) == 1 and isinstance(values[0], list):
        return values[0]
    return values if all(isinstance(value, dict) for value in values) else []


def _feed_items(feed: dict[str, Any]) -> list[Any]:
    """The items of a JSON Feed with what it says of all of them."""
    items = feed.get("items")
    shared = {"source": feed.get("title"), "authors": feed.get("authors")}
    shared["language"] = feed.get("language")
    given = {name: value for name, value in shared.items() if value}
    listed = items if isinstance(items, list) else []
    return [{**given, **item} if isinstance(item, dict) else item for item in listed]


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _json_fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _utf8(data: bytes) -> str:
    """JSON is UTF-8 by its standard; what is not is decoded as any other text."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data)


# Records


def _placed(records: Sequence[Any]) -> Iterator[Story | Problem]:
    dates = numeric_dates(records)
    return _stories(((f"record {n}", record) for n, record in enumerate(records, 1)), dates)


def _stories(records: Iterator[tuple[str, Any]], dates: str = "") -> Iterator[Story | Problem]:
    """Each record as a Story or a Problem; ArticleError when none can have a text."""
    waiting: list[Story | Problem] = []
    columns: dict[str, None] = {}
    for number, (place, record) in enumerate(records, 1):
        waiting.append(_read(record, number, place, dates))
        if isinstance(record, dict):
            columns.update(dict.fromkeys(columns_of(record)))
            if has_text(record) or text_column(record) >= 0:
                break
    if not waiting:
        raise ArticleError("the file holds no records; export it again")
    if columns and text_column(columns) < 0:
        raise ArticleError(no_text_column(columns))
    rest = enumerate(records, len(waiting) + 1)
    return chain(waiting, (_read(record, n, place, dates) for n, (place, record) in rest))


def _read(record: Any, number: int, place: str, dates: str) -> Story | Problem:
    if isinstance(record, ArticleError):
        return Problem(f"#{number}", str(record))
    return read_record(record, number, place, dates)
