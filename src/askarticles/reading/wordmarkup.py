"""The markup of Word files: names, values, and the parts of a package beside the text."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from askarticles.datatypes import Removal
from askarticles.errors import ArticleError
from askarticles.reading.blocks import tidy
from askarticles.reading.package import Element, Package

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@dataclass(slots=True)
class Style:
    """What a paragraph style says that matters here."""

    name: str = ""
    heading: bool = False
    listed: bool = False


def text_of(element: Element) -> str:
    """All printed or printable text in an element, tidied."""
    return tidy("".join(t.text or "" for t in element.iter() if name_of(t) == "t"))


def name_of(element: Element) -> str:
    """The local name of an element of Word's text (or the text of a formula); "" for the rest."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    if space[1:] in (_WORD, _STRICT, _MATH) or name == "AlternateContent":
        return name
    return ""


def first_child(element: Element | None, name: str) -> Element | None:
    """The first child of that name; None when it, or the element, is missing."""
    if element is None:
        return None
    return next((child for child in element if name_of(child) == name), None)


def find_path(element: Element | None, *names: str) -> Element | None:
    """What `first_child` finds, name after name."""
    for name in names:
        element = first_child(element, name)
    return element


def attribute_of(element: Element, name: str) -> str:
    """An attribute of Word's own, or ""."""
    for space in (_WORD, _STRICT):
        if (value := element.get(f"{{{space}}}{name}")) is not None:
            return value
    return ""


def value_of(element: Element | None, name: str) -> str:
    """The value that the child of that name gives, or ""."""
    child = first_child(element, name)
    return "" if child is None else attribute_of(child, "val")


def main_part(package: Package) -> str:
    """The name of the part that holds the text; ArticleError when the package is no Word file."""
    for kind, target in _targets(package, ""):
        if kind == "officeDocument" and target in package.names:
            if not target.lower().endswith(".xml") or target.startswith(("xl/", "ppt/")):
                break
            return target
    if "word/document.xml" in package.names:
        return "word/document.xml"
    raise ArticleError(
        "is a zip package but not a Word file; give it its right ending, or save it as .docx"
    )


def links_of(package: Package, part: str) -> dict[str, list[str]]:
    """The parts that a part refers to, by kind."""
    links: dict[str, list[str]] = {}
    for kind, target in _targets(package, part):
        if target in package.names:
            links.setdefault(kind, []).append(target)
    return links


def _targets(package: Package, part: str) -> Iterator[tuple[str, str]]:
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in package.names:
        for element in package.xml(relations):
            if element.get("TargetMode") != "External":
                target = posixpath.join("/", folder, element.get("Target", ""))
                kind = element.get("Type", "").rsplit("/", 1)[-1]
                yield kind, posixpath.normpath(target).lstrip("/")


def styles_of(package: Package, links: dict[str, list[str]]) -> dict[str, Style]:
    """Styles by id, each with what it has from the style that it is based on."""
    elements: dict[str, Element] = {}
    for part in links.get("styles", []):
        for element in package.xml(part):
            if name_of(element) == "style" and attribute_of(element, "type") == "paragraph":
                elements[attribute_of(element, "styleId")] = element
    styles: dict[str, Style] = {}
    for key in elements:
        style = Style()
        step, seen = key, set[str]()
        while step in elements and step not in seen:
            seen.add(step)
            element = elements[step]
            name = value_of(element, "name").lower()
            properties = first_child(element, "pPr")
            style.name = style.name or name
            style.heading |= (
                name.startswith("heading ") or find_path(properties, "outlineLvl") is not None
            )
            style.listed |= name.startswith("list ") or find_path(properties, "numPr") is not None
            step = value_of(element, "basedOn")
        styles[key] = style
    return styles


def notes_of(package: Package, links: dict[str, list[str]]) -> dict[tuple[str, str], Element]:
    """The footnotes and endnotes by kind and id, without the lines that separate them."""
    notes: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote"):
        for part in links.get(f"{kind}s", []):
            for element in package.xml(part):
                if name_of(element) == kind and attribute_of(element, "type") in ("", "normal"):
                    notes[kind, attribute_of(element, "id")] = element
    return notes


def unread_parts(package: Package, links: dict[str, list[str]]) -> Iterator[Removal]:
    """Headers, footers and comments, each text once."""
    for kind, rule in (
        ("header", "page header"),
        ("footer", "page footer"),
        ("comments", "comment"),
    ):
        told: set[str] = set()
        for part in links.get(kind, []):
            root = package.xml(part)
            for element in [root] if kind != "comments" else list(root):
                text = text_of(element)
                if text and text not in told:
                    told.add(text)
                    yield Removal(text, rule)


def properties_of(package: Package) -> dict[str, str]:
    """Title, creator and time of creation from the core properties."""
    found: dict[str, str] = {}
    for kind, part in _targets(package, ""):
        if kind == "core-properties" and part in package.names:
            for element in package.xml(part):
                if isinstance(element.tag, str):
                    name = element.tag.rpartition("}")[2]
                    found.setdefault(name, tidy(element.text or ""))
    return found
