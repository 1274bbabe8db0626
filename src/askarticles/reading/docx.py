"""Reads a Word file (.docx) as Word prints it: insertions in, deletions out, notes kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import Block, join_blocks, tidy, tidy_lines
from askarticles.reading.dates import parse_date
from askarticles.reading.furniture import furniture
from askarticles.reading.layout import read_address, read_header_line
from askarticles.reading.package import Element, Package
from askarticles.reading.properties import is_headline, is_title, people, read_byline
from askarticles.reading.wordmarkup import (
    Style,
    attribute_of,
    find_path,
    first_child,
    links_of,
    main_part,
    name_of,
    notes_of,
    properties_of,
    styles_of,
    text_of,
    unread_parts,
    value_of,
)

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
    main = main_part(package)
    links = links_of(package, main)
    reader = _Reader(styles=styles_of(package, links), notes=notes_of(package, links))
    body = first_child(package.xml(main), "body")
    if body is not None:
        reader.read(body)
    reader.flush_notes()
    if not any(paragraph.text for paragraph in reader.paragraphs):
        raise ArticleError(
            "is a Word file without text; if its pages are pictures, it needs text recognition"
        )
    removed = [*reader.removed, *unread_parts(package, links)]
    return _story(reader.paragraphs, properties_of(package), removed)


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

    styles: dict[str, Style]
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
            name = name_of(element)
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
            texts = [self._words(p, collected) for p in self.notes[key].iter() if name_of(p) == "p"]
            self.waiting += collected.notes
            number = len(self.told)
            for text in filter(None, texts):
                self.paragraphs.append(_Paragraph(text, "note", f"footnote {number}"))

    def _paragraph(self, element: Element) -> None:
        properties = first_child(element, "pPr")
        style = self.styles.get(value_of(properties, "pStyle"), Style())
        collected = _Collected()
        text = self._words(element, collected)
        if find_path(properties, "rPr", "del") is not None or (
            find_path(properties, "rPr", "moveFrom") is not None
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
            name = name_of(child)
            if name in _UNPRINTED:
                continue
            if name == "r" and _is_hidden(child):
                self._drop(child, "hidden text")
            elif name == "fldChar":
                self._field(attribute_of(child, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                collected.notes.append((name.removesuffix("Reference"), attribute_of(child, "id")))
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
        if text := text_of(element):
            self.removed.append(Removal(text, rule))


def _story(
    paragraphs: list[_Paragraph], properties: dict[str, str], removed: list[Removal]
) -> Story:
    """Title, byline and date taken off the paragraphs, or from the properties."""
    origins: list[tuple[str, str]] = []
    title = ""
    paragraphs, around = _without_furniture(paragraphs)
    at = _title_at(paragraphs, properties.get("title", ""))
    if at >= 0:
        title = paragraphs.pop(at).text
        origins.append(("title", "first heading"))
    elif is_title(properties.get("title", "")):
        title = properties["title"]
        origins.append(("title", "document properties"))
    near = paragraphs[: max(at, 0) + _LINES_BEFORE_BYLINE_ENDS]
    byline = read_byline([(paragraph.text, paragraph.label) for paragraph in near])
    paragraphs = [p for n, p in enumerate(paragraphs) if n not in byline.taken]
    origins += byline.origins
    author, published = byline.author, byline.published
    if not author and (author := people(properties.get("creator", ""))):
        origins.append(("author", "document properties"))
    created = properties.get("created", "")
    if not published and created != _TEMPLATE_DATE and (published := parse_date(created)):
        origins.append(("published", "document properties: when the file was created"))
    body, places = join_blocks(_blocks(paragraphs))
    return Story(
        title=title,
        body=body,
        source=byline.source,
        author=author,
        published=published,
        url=byline.url,
        places=places,
        removed=(*removed, *around, *byline.removed),
        origins=tuple(origins),
    )


def _without_furniture(
    paragraphs: list[_Paragraph],
) -> tuple[list[_Paragraph], list[Removal]]:
    """The paragraphs without credits, sign-offs and notices, as in plain text; and these."""
    rules = [furniture(p.text) if p.kind == "text" else "" for p in paragraphs]
    if all(rules):
        return paragraphs, []
    pairs = list(zip(paragraphs, rules, strict=True))
    removed = [Removal(p.text, rule, p.label) for p, rule in pairs if rule]
    return [p for p, rule in pairs if not rule], removed


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


def _title_at(paragraphs: list[_Paragraph], given: str) -> int:
    """Index of the headline, or -1: a title, an opening heading, a striking or a plain line.

    given: the title in the document's properties; a line near the start that repeats it is one.
    """
    first = next((at for at, p in enumerate(paragraphs) if not read_address(p.text)), 0)
    at = _title_in(paragraphs[first:], given)
    return at + first if at >= 0 else -1


def _title_in(paragraphs: list[_Paragraph], given: str) -> int:
    for at, paragraph in enumerate(paragraphs):
        if paragraph.kind == "title":
            return at
    for at, paragraph in enumerate(paragraphs[: _LINES_BEFORE_TITLE + 1]):
        if paragraph.kind == "heading" or paragraph.text.casefold() == given.casefold():
            return at
    if len(paragraphs) < 2 or paragraphs[0].kind != "text":
        return -1
    first, *rest = paragraphs
    if first.striking:
        return 0
    under = rest[0]
    if len(rest) > 1:
        # A bare name may stand over the date, an address over anything.
        named = read_header_line(under.text).rule and read_header_line(rest[1].text).strong
        under = rest[1] if named or read_address(under.text) else under
    below = under.text if under.kind == "text" else ""
    return 0 if is_headline(first.text, below, is_title(given)) else -1


def _kind(properties: Element | None, style: Style) -> str:
    if style.name in ("title", "heading"):
        return style.name
    if style.heading or value_of(properties, "outlineLvl") in set("012345678"):
        return "heading"
    numbering = find_path(properties, "numPr")
    if numbering is not None:
        return "item" if value_of(numbering, "numId") not in ("", "0") else "text"
    return "item" if style.listed else "text"


def _striking(element: Element, properties: Element | None) -> bool:
    """Whether a paragraph looks like a headline: all bold or centred, and no sentence."""
    runs = [r for r in element.iter() if name_of(r) == "r" and text_of(r)]
    text = text_of(element)
    if not runs or text.endswith((".", ":", ";", ",")):
        return False
    bold = all(_is_on(find_path(first_child(run, "rPr"), "b")) for run in runs)
    return bold or value_of(properties, "jc") == "center"


def _is_hidden(run: Element) -> bool:
    return _is_on(find_path(first_child(run, "rPr"), "vanish"))


def _is_on(element: Element | None) -> bool:
    return element is not None and attribute_of(element, "val") not in ("0", "false", "off")


def _symbol(element: Element) -> str:
    """A sign given by its number; those in private places belong to a picture font."""
    try:
        sign = chr(int(attribute_of(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= sign <= "\uf8ff" else sign


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        name = name_of(element)
        if name == "tr" and find_path(first_child(element, "trPr"), "del") is None:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(element)


def _cells(row: Element) -> list[Element]:
    cells: list[Element] = []
    for element in row:
        name = name_of(element)
        if name == "tc" and find_path(first_child(element, "tcPr"), "cellDel") is None:
            cells.append(element)
        elif name in ("sdt", "sdtContent", "customXml"):
            cells += _cells(element)
    return cells


def _is_prose(cell: Element) -> bool:
    """Whether a cell holds paragraphs of running text: a page laid out by a table."""
    texts = [text_of(p) for p in cell if name_of(p) == "p"]
    return sum(text.endswith((".", "!", "?", "”", '"')) for text in texts) > 1


def _choice(element: Element) -> Element | None:
    """The newest of the forms in which a drawing is given, if it holds text, else the older."""
    forms = list(element)
    with_text = [form for form in forms if text_of(form)]
    return with_text[0] if with_text else (forms[0] if forms else None)


def _gallery(sdt: Element) -> str:
    part = find_path(first_child(sdt, "sdtPr"), "docPartObj", "docPartGallery")
    return "" if part is None else attribute_of(part, "val")
