"""The words in a JSON value, as programs for newsrooms and their editors write texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Which part of an object is its text: JSON-LD, The New York Times, WordPress, MongoDB, Arc,
# Editor.js.
_INNER = (
    *("name", "main", "original", "title", "text", "content", "value", "rendered"),
    *("$date", "$numberLong", "basic", "content_elements", "blocks", "data", "items"),
    *("children", "fit_markdown", "raw_markdown"),
)
# Paragraphs that hold runs of letters of one look (ProseMirror, Slate, Lexical, Contentful,
# Sanity).
_KINDS = ("type", "_type", "nodeType")
_PARAGRAPHS = ("paragraph", "heading", "block", *(f"heading-{level}" for level in range(1, 7)))
_RUNS = ("content", "children")
# What stands among the paragraphs of a text and is none.
_NO_PARAGRAPHS = frozenset(
    ("image", "video", "gallery", "embed", "oembed_response", "raw_html", "interstitial_link")
)
_EMPTY = {"", "nan", "none", "null", "n/a", "na", "nat", "\\n", "undefined"}
_EMPTY |= {"[removed]", "[deleted]"}  # what Reddit leaves of a post

# The cells of a table in an editor's text stand eleven lists and objects deep.
_DEPTH = 12


def words_of(value: Any, depth: int = _DEPTH) -> str:
    """The text of a value: paragraphs of a list, the main part of an object; "" for none.

    depth: how far into lists and objects.
    """
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, bool) or value is None or value != value or not depth:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        parts = (words_of(item, depth - 1) for item in value if not _is_no_paragraph(item))
        return "\n\n".join(filter(None, parts))
    if isinstance(value, Mapping):
        if any(value.get(kind) in _PARAGRAPHS for kind in _KINDS) and (
            runs := _sound(_runs(value, depth))
        ):
            return runs
        parts = (words_of(value.get(name), depth - 1) for name in _INNER)
        return next(filter(None, parts), "")
    return ""


def _sound(text: str) -> str:
    # An escaped half of a surrogate pair is valid JSON, but no text that could be stored.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    return "" if text.casefold() in _EMPTY else text


def _runs(value: Any, depth: int) -> str:
    """The runs of a paragraph as they follow each other: a look may change inside a word."""
    if not isinstance(value, Mapping) or not depth:
        return ""
    said = value.get("text", value.get("value"))
    if isinstance(said, str):
        return said
    lists = (value[name] for name in _RUNS if isinstance(value.get(name), list))
    return "".join(_runs(part, depth - 1) for part in next(lists, ()))


def _is_no_paragraph(item: Any) -> bool:
    return isinstance(item, Mapping) and str(item.get("type")) in _NO_PARAGRAPHS
