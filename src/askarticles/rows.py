"""Rows of tables in the text of an article, the head that says what stands in them, and lists."""

from __future__ import annotations

import re
from itertools import takewhile

from askarticles.datatypes import Span

_CELLS = " | "  # as the readers put them apart
_ENTRY = re.compile(r"\s*(?:-|\d{1,3}[.)]) \S")  # as the readers begin them
_FIGURE = re.compile(r"[^\w\s]?\d[\d.,]*\s?\S?")


def is_row(words: str) -> bool:
    """Whether a line, or a sentence, is a row of a table."""
    return _CELLS in words


def has_number(row: str) -> bool:
    """Whether a cell of a row is a number."""
    return any(_FIGURE.fullmatch(cell.strip()) for cell in row.split(_CELLS))


def table_around(text: str, sentence: Span) -> list[str]:
    """The rows of the table that a sentence of a text is in, its head first."""
    above = takewhile(_goes_on, reversed(text[: sentence[0]].splitlines()))
    below = takewhile(_goes_on, text[sentence[0] :].splitlines())
    rows = [line for line in (*reversed([*above]), *below) if line.strip()]
    return rows or [text[slice(*sentence)]]


def entries_around(text: str, sentence: Span) -> list[str]:
    """The entries of the list that a sentence of a text is in, its own first.

    None where it is in no list, or in one of whole sentences: there one may lean on another.
    """
    start = text.rfind("\n", 0, sentence[0]) + 1
    own, *below = text[start:].split("\n")
    above = text[:start].split("\n")[-2::-1]
    if not _is_entry(own):
        return []
    return [own, *takewhile(_is_entry, above), *takewhile(_is_entry, below)]


def _is_entry(line: str) -> bool:
    return bool(_ENTRY.match(line)) and not line.rstrip().endswith((".", "!", "?"))


def under_head(text: str, sentence: Span) -> str:
    """The words of a sentence, after the head of the table that it is a row of."""
    words = text[slice(*sentence)]
    return f"{table_around(text, sentence)[0]}\n{words}" if is_row(words) else words


def _goes_on(line: str) -> bool:
    return is_row(line) or not line.strip()
