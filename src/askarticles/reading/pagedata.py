"""What a web page says about itself to machines: its meta elements and its JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, TypeAlias

from lxml import html

from askarticles.reading.blocks import tidy

Node: TypeAlias = dict[str, Any]
"""An object of a page's JSON-LD."""

_ARTICLE_TYPE = re.compile(r"(?:article|posting|report|review)$", re.I)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|(?://)?\s*<!\[CDATA\[)"
    r"|(?:-->|/\*\s*\]\]>\s*\*/|(?://)?\s*\]\]>)\s*;?\s*$"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_BREAK = re.compile(r"</?(?:br|div|p)\b[^<>]{0,300}>", re.I)


def clean(text: str) -> str:
    """Text without entities (nor entities of entities), tags and odd white space."""
    for _ in range(2):
        text = unescape(text)
    return tidy(_TAG.sub("", _BREAK.sub(" ", text)))


def read_meta(root: html.HtmlElement) -> dict[str, list[str]]:
    """All meta elements of a page: name in lower case -> contents in order, tidied."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = tidy(element.get("content") or "")
        if content:
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                for name in (element.get(attribute) or "").lower().split():
                    found.setdefault(name, []).append(content)
    return found


def read_nodes(root: html.HtmlElement) -> list[Node]:
    """The objects of the page's JSON-LD: top level, lists and @graph.

    What these refer to (posts of a live blog, lists of other stories) is left inside them. A
    script that is no JSON even with leniency is passed over.
    """
    found: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        pending = [_loads(script.text_content())]
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending = node + pending
            elif isinstance(node, dict):
                found.append(node)
                pending += [node[key] for key in ("@graph", "mainEntity") if key in node]
    return found


def is_article(node: Node) -> bool:
    """Whether the node describes an article, of whatever kind."""
    return any(_ARTICLE_TYPE.search(kind) for kind in types_of(node))


def types_of(node: Node) -> list[str]:
    """The node's types in lower case, without their address."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].lower() for kind in kinds if isinstance(kind, str)]


def text_of(value: Any) -> str:
    """The text of a value that may be a list or an object with its text inside; "" if none."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        keys = ("@value", "@id", "url", "name")
        value = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
    return value.strip() if isinstance(value, str) else ""


def names_of(value: Any, nodes: list[Node], depth: int = 0) -> Iterator[str]:
    """The names in an author or publisher: a text, an object, a list or a reference to a node."""
    if depth > 4:  # an author has a name in a list in an object; deeper is a circle
        return
    if isinstance(value, str):
        yield clean(value)
    elif isinstance(value, list):
        for item in value:
            yield from names_of(item, nodes, depth + 1)
    elif isinstance(value, dict):
        if value.get("name"):
            yield from names_of(value["name"], nodes, depth + 1)
        elif value.get("familyName"):
            given = text_of(value.get("givenName"))
            yield clean(f"{given} {text_of(value['familyName'])}")
        elif value.get("@id"):
            for node in nodes:
                if node.get("@id") == value["@id"] and node.get("name"):
                    yield from names_of(node["name"], nodes, depth + 1)
                    return


def _loads(source: str) -> Any:
    """JSON as pages have it: in comments, with trailing commas, raw line ends; None if hopeless."""
    for _ in range(2):
        source = _WRAPPING.sub("", source)
    for text in (source, _TRAILING_COMMA.sub("", source)):
        try:
            return json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None
