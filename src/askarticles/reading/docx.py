"""Reads a Word file (.docx) as Word prints it: insertions in, deletions out, notes kept."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import Block, join_blocks, tidy, tidy_lines
from askarticles.reading.bylines import is_author, is_title, read_byline
from askarticles.reading.dates import parse_date
from askarticles.reading.package import Element, Package

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The date that python-docx's template carries into every file made from it.
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"

# What is in the file but not in the text that Word prints.
_UNPRINTED = {
    "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "rt",
    "footnoteRef", "endnoteRef", "annotationRef", "commentReference", "tblPr", "trPr", "tcPr",
}  # fmt: skip
_SPACE = {"tab", "ptab", "br", "cr"}
_LINES_BEFORE_BYLINE_ENDS = 4
_LINES_BEFORE_TITLE = 2


def read_docx(data: bytes) -> Story:
    """Read a Word file into its final text.

    Tracked insertions and moves are in, deletions, comments, headers and footers out; footnotes
    and endnotes stand as paragraphs at the end of their section; list items as lines "- item";
    table rows as lines with cells apart by " | ". Places are "paragraph N" and "footnote N".
    Raises ArticleError when the file is an old .doc, locked, damaged or without text.
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ArticleError("is locked with a password; open it in Word and save it without one")
        raise ArticleError(
            "is in the old Word form (.doc); open it in Word or LibreOffice and save it as .docx"
        )
    package = Package(data, "Word file")
    main = _main_part(package)
    links = _links(package, main)
    reader = _Reader(styles=_styles(package, links), notes=_notes(package, links))
    body = _child(package.xml(main), "body")
    if body is not None:
        reader.read(body)
    reader.flush_notes()
    if not any(paragraph.text for paragraph in reader.paragraphs):
        raise ArticleError(
            "is a Word file without text; if its pages are pictures, it needs text recognition"
        )
    removed = [*reader.removed, *_unread_parts(package, links)]
    return _story(reader.paragraphs, _properties(package), removed)


@dataclass(slots=True)
class _Style:
    """What a paragraph style says that matters here."""

    name: str = ""
    heading: bool = False
    listed: bool = False


@dataclass(slots=True)
class _Paragraph:
    """A paragraph or table in reading order; kind: text, item, table, heading, title, note."""

    text: str
    kind: str
    label: str
    striking: bool = False


@dataclass(slots=True)
class _Collected:
    """What one paragraph holds beside its properties."""

    words: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Walks the body once. fields: for every open field, whether its code or its result runs."""

    styles: dict[str, _Style]
    notes: dict[tuple[str, str], Element]
    paragraphs: list[_Paragraph] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    carried: str = ""
    count: int = 0

    def read(self, container: Element) -> None:
        """Add the paragraphs and tables of a body, box, cell or content control."""
        for element in container:
            name = _name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "sdt" and _gallery(element) == "Table of Contents":
                self._drop(element, "table of contents")
            elif name == "AlternateContent":
                if (chosen := _choice(element)) is not None:
                    self.read(chosen)
            elif name not in _UNPRINTED and name not in ("footnote", "sectPr"):
                self.read(element)

    def flush_notes(self) -> None:
        """Add the notes that the section referred to."""
        # A note can refer to a note; `told` ends the circle.
        while self.waiting:
            key = self.waiting.pop(0)
            if key in self.told or key not in self.notes:
                continue
            self.told.add(key)
            collected = _Collected()
            texts = [self._words(p, collected) for p in self.notes[key].iter() if _name(p) == "p"]
            self.waiting += collected.notes
            number = len(self.told)
            for text in filter(None, texts):
                self.paragraphs.append(_Paragraph(text, "note", f"footnote {number}"))

    def _paragraph(self, element: Element) -> None:
        properties = _child(element, "pPr")
        style = self.styles.get(_value(properties, "pStyle"), _Style())
        collected = _Collected()
        text = self._words(element, collected)
        if _path(properties, "rPr", "del") is not None or (
            _path(properties, "rPr", "moveFrom") is not None
        ):
            # The end of the paragraph was deleted: it runs on into the next one.
            self.carried = f"{self.carried}{text} " if text else self.carried
            self.waiting += collected.notes
            return
        text = tidy(self.carried + text)
        self.carried = ""
        if style.name.startswith("toc ") and text:
            self.removed.append(Removal(text, "table of contents"))
            text = ""
        if text:
            self.count += 1
            kind = _kind(properties, style)
            if kind in ("heading", "title"):
                self.flush_notes()
            striking = _striking(element, properties)
            self.paragraphs.append(_Paragraph(text, kind, f"paragraph {self.count}", striking))
        self.waiting += collected.notes
        for box in collected.boxes:
            self.read(box)

    def _table(self, table: Element) -> None:
        rows = [_cells(row) for row in _rows(table)]
        if all(len(row) < 2 for row in rows) or any(_is_prose(c) for row in rows for c in row):
            # A frame around text, not a table.
            for row in rows:
                for cell in row:
                    self.read(cell)
            return
        collected = _Collected()
        lines = []
        for row in rows:
            texts = (tidy(self._words(cell, collected)) for cell in row)
            lines.append(" | ".join(filter(None, texts)))
        if text := tidy_lines(lines):
            self.count += 1
            self.paragraphs.append(_Paragraph(text, "table", f"paragraph {self.count}"))
        self.waiting += collected.notes
        for box in collected.boxes:
            self.read(box)

    def _words(self, element: Element, collected: _Collected) -> str:
        """The printed words in an element; notes and boxes on the way go to `collected`."""
        start = len(collected.words)
        self._walk(element, collected)
        # A field's code does not run past its paragraph; an unclosed one must not eat the rest.
        self.fields = [state for state in self.fields if state == "result"]
        return tidy("".join(collected.words[start:]))

    def _walk(self, element: Element, collected: _Collected) -> None:
        for child in element:
            name = _name(child)
            if name in _UNPRINTED:
                continue
            if name == "r" and _is_hidden(child):
                self._drop(child, "hidden text")
            elif name == "fldChar":
                self._field(_attribute(child, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                collected.notes.append((name.removesuffix("Reference"), _attribute(child, "id")))
            elif name == "txbxContent":
                collected.boxes.append(child)
            elif name == "AlternateContent":
                if (chosen := _choice(child)) is not None:
                    self._walk(chosen, collected)
            elif "code" in self.fields:
                self._walk(child, collected)
            elif name == "t":
                collected.words.append(child.text or "")
            elif name in _SPACE or (name == "p" and collected.words):
                collected.words.append(" ")
                self._walk(child, collected)
            elif name == "noBreakHyphen":
                collected.words.append("-")
            elif name == "sym":
                collected.words.append(_symbol(child))
            else:
                self._walk(child, collected)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append("code")
        elif kind == "separate" and self.fields:
            self.fields[-1] = "result"
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _drop(self, element: Element, rule: str) -> None:
        if text := _all_text(element):
            self.removed.append(Removal(text, rule))


def _story(
    paragraphs: list[_Paragraph], properties: dict[str, str], removed: list[Removal]
) -> Story:
    """Title, byline and date taken off the paragraphs, or from the properties."""
    origins: list[tuple[str, str]] = []
    title = ""
    at = _title_at(paragraphs)
    if at >= 0:
        title = paragraphs.pop(at).text
        origins.append(("title", "first heading"))
    elif is_title(properties.get("title", "")):
        title = properties["title"]
        origins.append(("title", "document properties"))
    author = published = ""
    for paragraph in list(paragraphs[: max(at, 0) + _LINES_BEFORE_BYLINE_ENDS]):
        who, when = read_byline(paragraph.text)
        if (who and not author) or (when and not published):
            paragraphs.remove(paragraph)
            removed.append(
                Removal(paragraph.text, "byline, shown as author and date", paragraph.label)
            )
            if who and not author:
                author = who
                origins.append(("author", "byline"))
            if when and not published:
                published = when
                origins.append(("published", "line under the headline"))
    if not author and is_author(properties.get("creator", "")):
        author = "; ".join(tidy(name) for name in properties["creator"].split(";") if tidy(name))
        origins.append(("author", "document properties"))
    created = properties.get("created", "")
    if not published and created != _TEMPLATE_DATE and (published := parse_date(created)):
        origins.append(("published", "document properties: when the file was created"))
    body, places = join_blocks(_blocks(paragraphs))
    return Story(
        title=title,
        body=body,
        author=author,
        published=published,
        places=places,
        removed=tuple(removed),
        origins=tuple(origins),
    )


def _blocks(paragraphs: list[_Paragraph]) -> Iterator[Block]:
    """Items of one list together, everything else by itself."""
    items: list[_Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.kind == "item":
            items.append(paragraph)
            continue
        if items:
            yield _listed(items)
            items = []
        yield Block(paragraph.text, paragraph.label)
    if items:
        yield _listed(items)


def _listed(items: list[_Paragraph]) -> Block:
    return Block("\n".join(f"- {item.text}" for item in items), items[0].label)


def _title_at(paragraphs: list[_Paragraph]) -> int:
    """Index of the headline, or -1: a title, else an opening heading or striking line."""
    for at, paragraph in enumerate(paragraphs):
        if paragraph.kind == "title":
            return at
    for at, paragraph in enumerate(paragraphs[: _LINES_BEFORE_TITLE + 1]):
        if paragraph.kind == "heading":
            return at
    if len(paragraphs) > 1 and paragraphs[0].striking and paragraphs[0].kind == "text":
        return 0
    return -1


def _kind(properties: Element | None, style: _Style) -> str:
    if style.name in ("title", "heading"):
        return style.name
    if style.heading or _value(properties, "outlineLvl") in set("012345678"):
        return "heading"
    numbering = _path(properties, "numPr")
    if numbering is not None:
        return "item" if _value(numbering, "numId") not in ("", "0") else "text"
    return "item" if style.listed else "text"


def _striking(element: Element, properties: Element | None) -> bool:
    """Whether a paragraph looks like a headline: all bold or centred, and no sentence."""
    runs = [r for r in element.iter() if _name(r) == "r" and _all_text(r)]
    text = _all_text(element)
    if not runs or text.endswith((".", ":", ";", ",")):
        return False
    bold = all(_is_on(_path(_child(run, "rPr"), "b")) for run in runs)
    return bold or _value(properties, "jc") == "center"


def _is_hidden(run: Element) -> bool:
    return _is_on(_path(_child(run, "rPr"), "vanish"))


def _is_on(element: Element | None) -> bool:
    return element is not None and _attribute(element, "val") not in ("0", "false", "off")


def _symbol(element: Element) -> str:
    """A sign given by its number; those in private places belong to a picture font."""
    try:
        sign = chr(int(_attribute(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= sign <= "\uf8ff" else sign


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        name = _name(element)
        if name == "tr" and _path(_child(element, "trPr"), "del") is None:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(element)


def _cells(row: Element) -> list[Element]:
    cells: list[Element] = []
    for element in row:
        name = _name(element)
        if name == "tc" and _path(_child(element, "tcPr"), "cellDel") is None:
            cells.append(element)
        elif name in ("sdt", "sdtContent", "customXml"):
            cells += _cells(element)
    return cells


def _is_prose(cell: Element) -> bool:
    """Whether a cell holds paragraphs of running text: a page laid out by a table."""
    texts = [_all_text(p) for p in cell if _name(p) == "p"]
    return sum(text.endswith((".", "!", "?", "”", '"')) for text in texts) > 1


def _choice(element: Element) -> Element | None:
    """The newest of the forms in which a drawing is given, if it holds text, else the older."""
    forms = list(element)
    with_text = [form for form in forms if _all_text(form)]
    return with_text[0] if with_text else (forms[0] if forms else None)


def _gallery(sdt: Element) -> str:
    part = _path(_child(sdt, "sdtPr"), "docPartObj", "docPartGallery")
    return "" if part is None else _attribute(part, "val")


def _all_text(element: Element) -> str:
    return tidy("".join(t.text or "" for t in element.iter() if _name(t) == "t"))


def _name(element: Element) -> str:
    """The local name of an element of Word's text (or the text of a formula); "" for the rest."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    if space[1:] in (_WORD, _STRICT, _MATH) or name == "AlternateContent":
        return name
    return ""


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((child for child in element if _name(child) == name), None)


def _path(element: Element | None, *names: str) -> Element | None:
    for name in names:
        element = _child(element, name)
    return element


def _attribute(element: Element, name: str) -> str:
    for space in (_WORD, _STRICT):
        if (value := element.get(f"{{{space}}}{name}")) is not None:
            return value
    return ""


def _value(element: Element | None, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else _attribute(child, "val")


def _main_part(package: Package) -> str:
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


def _links(package: Package, part: str) -> dict[str, list[str]]:
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


def _styles(package: Package, links: dict[str, list[str]]) -> dict[str, _Style]:
    """Styles by id, each with what it has from the style that it is based on."""
    elements: dict[str, Element] = {}
    for part in links.get("styles", []):
        for element in package.xml(part):
            if _name(element) == "style" and _attribute(element, "type") == "paragraph":
                elements[_attribute(element, "styleId")] = element
    styles: dict[str, _Style] = {}
    for key in elements:
        style = _Style()
        step, seen = key, set[str]()
        while step in elements and step not in seen:
            seen.add(step)
            element = elements[step]
            name = _value(element, "name").lower()
            properties = _child(element, "pPr")
            style.name = style.name or name
            style.heading |= (
                name.startswith("heading ") or _path(properties, "outlineLvl") is not None
            )
            style.listed |= name.startswith("list ") or _path(properties, "numPr") is not None
            step = _value(element, "basedOn")
        styles[key] = style
    return styles


def _notes(package: Package, links: dict[str, list[str]]) -> dict[tuple[str, str], Element]:
    """The footnotes and endnotes by kind and id, without the lines that separate them."""
    notes: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote"):
        for part in links.get(f"{kind}s", []):
            for element in package.xml(part):
                if _name(element) == kind and _attribute(element, "type") in ("", "normal"):
                    notes[kind, _attribute(element, "id")] = element
    return notes


def _unread_parts(package: Package, links: dict[str, list[str]]) -> Iterator[Removal]:
    for kind, rule in (
        ("header", "page header"),
        ("footer", "page footer"),
        ("comments", "comment"),
    ):
        told: set[str] = set()
        for part in links.get(kind, []):
            root = package.xml(part)
            for element in [root] if kind != "comments" else list(root):
                text = _all_text(element)
                if text and text not in told:
                    told.add(text)
                    yield Removal(text, rule)


def _properties(package: Package) -> dict[str, str]:
    """Title, creator and time of creation from the core properties."""
    found: dict[str, str] = {}
    for kind, part in _targets(package, ""):
        if kind == "core-properties" and part in package.names:
            for element in package.xml(part):
                if isinstance(element.tag, str):
                    name = element.tag.rpartition("}")[2]
                    found.setdefault(name, tidy(element.text or ""))
    return found
