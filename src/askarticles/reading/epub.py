"""Reads an e-book (.epub): its chapters in reading order, as one story."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import Block, join_blocks, tidy, tidy_lines
from askarticles.reading.dates import parse_date
from askarticles.reading.package import Element, Package, parse_xml, with_characters
from askarticles.reading.powers import with_powers
from askarticles.reading.properties import is_author, is_title

# Scrambled fonts, which any reader may undo; all other encryption is a lock.
_FONT_SCRAMBLING = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_PAGES_OUT = {"cover", "toc", "titlepage", "title-page", "halftitlepage", "landmarks", "loi", "lot"}
_TEXT_TYPES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_SILENT = {
    "head", "script", "style", "nav", "svg", "template", "audio", "video", "object", "iframe",
    "rt", "rp", "noscript", "form", "button", "annotation", "annotation-xml",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "q", "ruby", "rb", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "br", "math",
}  # fmt: skip
_UNDATED = "0101-01-01"  # what calibre writes for "no date"
_FIELDS = {"publisher": "source"}  # a Story calls it so
_LINKS_OF_A_CONTENTS_PAGE = 5


def read_epub(data: bytes) -> Story:
    """Read an e-book as one story.

    Chapters come in the order of the spine, headings as paragraphs, items of a list as lines
    "- item", rows of a table as lines with cells apart by " | ". Cover, title page and tables of
    contents are left out. Places are "chapter N". Raises ArticleError when the book is locked,
    damaged or without text.
    """
    package = Package(data, "EPUB book")
    _refuse_locked(package)
    book = _Book(package)
    blocks: list[Block] = []
    removed: list[Removal] = []
    chapter = 0
    for part, known_as in book.spine():
        if part not in package.names:
            continue
        body = _body(package.read(part))
        if body is None:
            continue
        lines = _paragraphs(body)
        if not lines:
            continue
        rule = _left_out(body, known_as)
        if rule:
            removed.append(Removal(" ".join(lines), rule, posixpath.basename(part)))
            continue
        chapter += 1
        blocks += (Block(text, f"chapter {chapter}") for text in lines)
    if not blocks:
        raise ArticleError(
            "is an EPUB book without text; if its pages are pictures, it needs text recognition"
        )
    body_text, places = join_blocks(blocks)
    about = book.about()
    return Story(
        title=about.get("title", ""),
        body=body_text,
        source=about.get("publisher", ""),
        author=about.get("author", ""),
        published=about.get("published", ""),
        url=about.get("url", ""),
        language=about.get("language", ""),
        places=places,
        removed=tuple(removed),
        origins=tuple((_FIELDS.get(name, name), "the book's own description") for name in about),
    )


class _Book:
    """The package document: what the book is called and in which order its parts are read."""

    def __init__(self, package: Package) -> None:
        root = package.xml("META-INF/container.xml")
        paths = [unquote(e.get("full-path", "")) for e in _all(root, "rootfile")]
        path = next((path for path in paths if path in package.names), "")
        if not path:
            raise ArticleError(
                "is a zip package but not a complete EPUB book; fetch it again, or give it the "
                "ending of what it is"
            )
        self._folder = posixpath.dirname(path)
        self._root = package.xml(path)

    def spine(self) -> Iterator[tuple[str, set[str]]]:
        """The text parts in reading order, once each, with what the book calls each of them."""
        items = {e.get("id", ""): e for e in _all(self._root, "item")}
        guide: dict[str, set[str]] = {}
        for reference in _all(self._root, "reference"):
            part = self._part(reference.get("href", ""))
            guide.setdefault(part, set()).add(reference.get("type", "").lower())
        order = [e for e in _all(self._root, "itemref") if e.get("linear") != "no"]
        order += [e for e in _all(self._root, "itemref") if e.get("linear") == "no"]
        told: set[str] = set()
        for reference in order:
            item = items.get(reference.get("idref", ""))
            if item is None or item.get("media-type") not in _TEXT_TYPES:
                continue
            part = self._part(item.get("href", ""))
            if part in told:
                continue
            told.add(part)
            known_as = guide.get(part, set()) | set(item.get("properties", "").split())
            # A title page is often where the guide says the text begins.
            yield part, known_as if "text" not in known_as else known_as - {"cover"}

    def about(self) -> dict[str, str]:
        """Title, author, published, publisher, language and url, those that the book gives."""
        refined: dict[str, dict[str, str]] = {}
        for meta in _all(self._root, "meta"):
            subject = meta.get("refines", "").lstrip("#")
            refined.setdefault(subject, {})[meta.get("property", "")] = tidy(meta.text or "")
        found: dict[str, str] = {}
        titles = [(tidy(e.text or ""), refined.get(e.get("id", ""), {})) for e in self._dc("title")]
        titles.sort(key=lambda title: title[1].get("title-type", "main") != "main")
        if titles and is_title(titles[0][0]):
            found["title"] = titles[0][0]
        authors = [
            tidy(e.text or "")
            for e in self._dc("creator")
            if (_plain(e).get("role") or refined.get(e.get("id", ""), {}).get("role", "aut"))
            in ("aut", "")
        ]
        if authors := [name for name in authors if is_author(name)]:
            found["author"] = "; ".join(dict.fromkeys(authors))
        dates = [(_plain(e).get("event", ""), tidy(e.text or "")) for e in self._dc("date")]
        dates = [(event, d) for event, d in dates if event in ("", "publication")]
        dates.sort(key=lambda date: date[0] != "publication")
        for _, date in dates:
            if not date.startswith(_UNDATED) and (published := parse_date(date)):
                found["published"] = published
                break
        for element in self._dc("publisher"):
            if publisher := tidy(element.text or ""):
                found.setdefault("publisher", publisher)
        for element in self._dc("language"):
            code = re.match("[A-Za-z]{2}(?![A-Za-z])", tidy(element.text or ""))
            if code and code[0].lower() != "un":
                found.setdefault("language", code[0].lower())
        for element in [*self._dc("identifier"), *self._dc("source")]:
            if re.match(r"https?://\S+$", address := tidy(element.text or "")):
                found.setdefault("url", address)
        return found

    def _dc(self, name: str) -> list[Element]:
        space = "http://purl.org/dc/elements/1.1/"
        return [e for e in _all(self._root, name) if e.tag.startswith(f"{{{space}}}")]

    def _part(self, href: str) -> str:
        path = unquote(href.partition("#")[0])
        return posixpath.normpath(posixpath.join("/", self._folder, path)).lstrip("/")


@dataclass(slots=True)
class _Lines:
    """The paragraphs of a chapter as they are gathered."""

    done: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def close(self) -> None:
        """End the paragraph that is open."""
        if text := tidy("".join(self.words)):
            self.done.append(text)
        self.words.clear()


def _paragraphs(body: Element) -> list[str]:
    """The paragraphs of a chapter."""
    lines = _Lines()
    _walk(body, lines)
    lines.close()
    return lines.done


def _walk(element: Element, lines: _Lines) -> None:
    lines.words.append(element.text or "")
    for child in element:
        _step(child, lines)
        lines.words.append(child.tail or "")


def _step(element: Element, lines: _Lines) -> None:
    """Gather what one element holds."""
    name = _local(element)
    if not name or name in _SILENT or _is_hidden(element) or _is_note_mark(element):
        return
    if name == "br":
        lines.words.append(" ")
    elif name in _INLINE:
        _walk(element, lines)
    elif name in ("ul", "ol"):
        lines.close()
        if text := tidy_lines(_items(element)):
            lines.done.append(text)
    elif name == "table":
        lines.close()
        lines.done += _table(element)
    else:
        lines.close()
        _walk(element, lines)
        lines.close()


def _items(element: Element) -> Iterator[str]:
    """The items of a list, those of lists inside it after their own."""
    for item in element:
        if _local(item) in ("ul", "ol"):
            yield from _items(item)
        elif _local(item):
            lines = _Lines(words=[item.text or ""])
            for child in item:
                if _local(child) not in ("ul", "ol"):
                    _step(child, lines)
                lines.words.append(child.tail or "")
            lines.close()
            if lines.done:
                yield "- " + " ".join(lines.done)
            for child in item:
                if _local(child) in ("ul", "ol"):
                    yield from _items(child)


def _table(table: Element) -> list[str]:
    """A table as one paragraph, a line for each row; a frame around prose as its paragraphs."""
    rows = [
        [_paragraphs(cell) for cell in row if _local(cell) in ("td", "th")]
        for row in table.iter()
        if _local(row) == "tr"
    ]
    if all(len(row) < 2 for row in rows) or any(len(cell) > 1 for row in rows for cell in row):
        return [paragraph for row in rows for cell in row for paragraph in cell]
    lines = (" | ".join(text for cell in row for text in cell) for row in rows)
    text = tidy_lines(lines)
    return [text] if text else []


def _left_out(body: Element, known_as: set[str]) -> str:
    """The rule by which a page of the book is left out, or ""."""
    first = [body, *(e for e in body if _local(e) in ("section", "div", "nav"))]
    called = known_as | {word for e in first[:2] for word in _plain(e).get("type", "").split()}
    if "nav" in called:
        return "table of contents"
    for name in sorted(called & _PAGES_OUT):
        return "table of contents" if name == "toc" else f"{name} page"
    links = [e for e in body.iter() if _local(e) == "a" and e.get("href")]
    linked = sum(len(_words(e)) for e in links)
    if len(links) >= _LINKS_OF_A_CONTENTS_PAGE and 2 * linked > len(_words(body)):
        return "table of contents"
    return ""


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or "pagebreak" in _kinds(element)


def _is_note_mark(element: Element) -> bool:
    """Whether an element is the mark of a note, which is not part of its sentence."""
    if _local(element) not in ("a", "sup", "span"):
        return False
    if "noteref" in _kinds(element):
        return True
    text = _words(element)
    if len(text) > 5 or not re.fullmatch(r"[\[(]?(?:\d+|[*†‡§]+|[a-z])[\])]?", text):
        return False
    inner = [element, *element.iter()]
    links = any(_local(e) == "a" and "#" in e.get("href", "") for e in inner)
    raised = any(_local(e) == "sup" for e in inner)
    return links and (raised or not text[0].isalpha())


def _kinds(element: Element) -> set[str]:
    about = _plain(element)
    return set(about.get("type", "").split()) | {about.get("role", "").removeprefix("doc-")}


def _plain(element: Element) -> dict[str, str]:
    """An element's attributes by their names without prefix or namespace."""
    return {re.split("[}:]", str(name))[-1]: str(value) for name, value in element.attrib.items()}


def _body(data: bytes) -> Element | None:
    """The body of a chapter: XHTML by its own rules, anything else by the rules of web pages."""
    data = with_characters(data)
    root = parse_xml(data, mend=False)
    body = None if root is None else next(iter(_all(root, "body")), None)
    if body is None or not _words(body):
        parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        try:
            page = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            return body
        if page is not None:
            body = next(iter(_all(page, "body")), None)
    return body if body is None else with_powers(body)


def _refuse_locked(package: Package) -> None:
    if "META-INF/encryption.xml" not in package.names:
        return
    for method in _all(package.xml("META-INF/encryption.xml"), "encryptionmethod"):
        if method.get("Algorithm", "") not in _FONT_SCRAMBLING:
            raise ArticleError(
                "is locked by its seller (DRM), so its text cannot be read; get a copy without"
            )


def _all(root: Element, name: str) -> list[Element]:
    return [e for e in root.iter() if _local(e) == name]


def _words(element: Element) -> str:
    return tidy("".join(str(text) for text in element.itertext()))


def _local(element: Element) -> str:
    """An element's name without its namespace; "" for entities and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
