"""The visible blocks of a web page, in order, and which of them are plainly not the story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from askarticles.reading.blocks import tidy
from askarticles.reading.layout import read_header_line
from askarticles.reading.pagenames import Names
from askarticles.reading.pagenotes import is_note_mark

# fmt: off
# What a browser shows nothing of, or what holds no running text.
_UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "svg", "math",
    "canvas", "audio", "video", "object", "embed", "iframe", "frame", "frameset", "map", "area",
    "applet", "datalist", "rp", "rt", "param", "source", "track", "amp-ad", "amp-analytics",
    "amp-sidebar", "amp-iframe", "amp-consent",
))
_CONTROLS = frozenset((
    "button", "select", "option", "optgroup", "textarea", "input", "label", "legend", "progress",
))
# Elements whose text runs on in the line; all others begin a new block.
_INLINE = frozenset((
    "a", "abbr", "acronym", "amp-img", "b", "bdi", "bdo", "big", "br", "cite", "code", "data",
    "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark", "nobr", "noindex", "o", "output",
    "picture", "q", "ruby", "rb", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))
# fmt: on
_DELETED = frozenset(("del", "s", "strike"))
# A button that explains a word holds the word.
_WORDS_IN_CONTROLS = frozenset(("button", "label"))
_WORDS_BEFORE = re.compile(r"[^\W_],?\s*$")
_GOES_ON = re.compile(r"\s+[^\W\d_A-ZÀ-Þ]|[,;.?!’]")
_MADE_UP = re.compile(r"[-:]")
_LINES = frozenset(("p", "li", "td", "dd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"))
_LINE_BOXES = frozenset(("div", "p", "section", "header", "hgroup", "li", "ul", "ol", "center"))
# A line neither ends at an opening bracket or a hyphen nor begins at a stop or an apostrophe.
_LINE_END = re.compile(r"[\w.,:;!?…”’)\]%]$")
_LINE_START = re.compile(r"[^\W_]|[“‘„«(\[¿¡$€£]")
_ONE_LETTER = re.compile(r"(?:^|\s)[^\W\d_AI]$")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))

# Text cut down to nothing is read aloud only.
_NOT_SHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|clip\s*:\s*rect\(\s*([01])(?:px)?(?:[\s,]+\1(?:px)?){3}\s*\)",
    re.I,
)
_PAGE = frozenset(("html", "body", "main", "article"))


@dataclass(slots=True)
class PageBlock:
    """One paragraph, heading, list item or table row as a browser would set it.

    kind: "p", "h" (heading), "li" or "tr". element: the block element that its text stands in;
    home: the element whose child the block is as a whole. linked: letters inside links. group:
    number of the list or table it belongs to, 0 for none. rule: why it is left out, "" while it is
    not. spot: the text node (of an element, and whether its tail) that it begins in.
    """

    text: str
    kind: str
    element: html.HtmlElement
    line: int
    linked: int
    group: int
    rule: str
    spot: tuple[html.HtmlElement, bool]
    home: html.HtmlElement | None = None

    @property
    def link_share(self) -> float:
        """Share of the letters that are inside links, 0 to 1."""
        return min(1.0, self.linked / max(1, len(self.text)))


def read_blocks(
    root: html.HtmlElement,
) -> tuple[list[PageBlock], list[html.HtmlElement], list[html.HtmlElement]]:
    """All visible blocks of the page in order, and two kinds of elements.

    The first hold nothing of the story; a block inside one carries the name of the rule that took
    it. The second are the story's although their names say something else.
    """
    reader = _Reader(root)
    return reader.blocks, reader.dropped, reader.misnamed


def part_headings(root: html.HtmlElement) -> None:
    """Put spaces between the lines of headings: breaks, boxes, and spans of words side by side.

    Stylesheets, which are not read, set such spans on lines of their own.
    """
    for heading in root.iter(*_HEADINGS):
        for inner in heading.iterdescendants():
            if inner.tag == "br":
                inner.tail = f" {inner.tail or ''}"
            elif inner.tag in _LINE_BOXES:
                inner.text = f" {inner.text or ''}"
                inner.tail = f" {inner.tail or ''}"
            elif inner.tag == "span":
                before = inner.getprevious()
                if before is not None and before.tag == "span" and not before.tail:
                    apart = _are_apart(before.text_content(), inner.text_content())
                    before.tail = " " if apart else None


def _are_apart(before: str, after: str) -> bool:
    """Whether two texts side by side are lines: one word may be a part, "<span>T</span>he ..."."""
    several = min(len(before.split()), len(after.split())) > 1
    cut = _ONE_LETTER.search(before) and after[:1].islower()
    return several and not cut and bool(_LINE_END.search(before) and _LINE_START.match(after))


def end_of_list(blocks: list[PageBlock], start: int) -> int:
    """Number of the first block after the list that blocks[start] is in; for others the next."""
    end = start + 1
    while (
        blocks[start].kind == "li"
        and end < len(blocks)
        and (blocks[end].kind, blocks[end].group) == ("li", blocks[start].group)
    ):
        end += 1
    return end


@dataclass(slots=True)
class _Piece:
    """Text of a block between two line breaks, and the text node it begins in."""

    text: str = ""
    spot: tuple[html.HtmlElement, bool] | None = None
    linked: int = 0


class _Reader:
    def __init__(self, root: html.HtmlElement) -> None:
        self.blocks: list[PageBlock] = []
        self.dropped: list[html.HtmlElement] = []
        self.misnamed: list[html.HtmlElement] = []
        self._names = Names(root)
        self._open = [_Piece()]
        self._rules: list[tuple[html.HtmlElement, str]] = []
        self._kinds: list[tuple[html.HtmlElement, str]] = []
        self._links = 0
        self._pre = 0
        self._row: html.HtmlElement | None = None
        self._group = 0
        self._groups = 0
        self._tables: set[html.HtmlElement] = set()
        # Whether a headline or words of a story were met, so that what follows is no head.
        self._told = False
        self._walk(root)
        self._find_homes()

    def _walk(self, root: html.HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        self._element = root
        for event, element in walker:
            tag = element.tag
            if not isinstance(tag, str):
                if event == "end":
                    self._text(element, True)
                continue
            if event == "start":
                if self._unseen(element, tag):
                    if not self._inline(element, tag) and tag not in _UNSEEN:
                        self._flush()
                    walker.skip_subtree()
                    self.dropped.append(element)
                    self._kinds.append((element, "skip"))
                    continue
                self._start(element, tag)
            else:
                self._end(element, tag)
        self._flush()

    def _inline(self, element: html.HtmlElement, tag: str) -> bool:
        """Whether the text of an element runs on in the line.

        Of elements that sites make up ("x-term", "st1:city") those that stand in a line do.
        """
        if tag in _INLINE:
            return True
        if tag in _WORDS_IN_CONTROLS:
            return self._in_sentence(element)
        if not _MADE_UP.search(tag):
            return False
        parent = element.getparent()
        return (
            parent is not None
            and (parent.tag in _LINES or parent.tag in _INLINE)
            and all(child.tag in _INLINE for child in element)
        )

    def _in_sentence(self, element: html.HtmlElement) -> bool:
        """Whether a button or label is a word of a sentence: words before it, and it goes on."""
        previous, parent = element.getprevious(), element.getparent()
        if parent is None or parent.tag not in _LINES:
            return False
        before = (parent.text if previous is None else previous.tail) or ""
        return bool(_GOES_ON.match(element.tail or "") and _WORDS_BEFORE.search(before))

    def _unseen(self, element: html.HtmlElement, tag: str) -> bool:
        if tag in _CONTROLS:
            return tag not in _WORDS_IN_CONTROLS or not self._in_sentence(element)
        if tag in _UNSEEN or tag in _DELETED or (tag in ("a", "sup") and is_note_mark(element)):
            return True
        if tag in _PAGE:
            return False
        if element.get("hidden") is not None or element.get("type") == "hidden":
            return True
        style = element.get("style")
        if style and _NOT_SHOWN.search(style):
            return True
        return self._names.unread(element)

    def _rule(self, element: html.HtmlElement, tag: str) -> str:
        """Why nothing in this element belongs to the story, or ""."""
        if tag in _PAGE:
            return ""
        role = (element.get("role") or "").lower()
        if tag == "nav" or role in ("navigation", "menu", "menubar", "search", "contentinfo"):
            return "navigation"
        if tag == "figcaption":
            return "caption or credit"
        if tag in ("footer", "aside", "dialog", "form") or role in (
            "dialog",
            "alertdialog",
            "complementary",
        ):
            rule = "boilerplate by its element"
        else:
            rule = self._names.rule(element)
        if rule and self._names.holds_story(element, rule, self._inline(element, tag)):
            self.misnamed.append(element)
            return ""
        return rule

    def _start(self, element: html.HtmlElement, tag: str) -> None:
        rule = "" if self._rules else self._rule(element, tag)
        block = not self._inline(element, tag)
        if block or rule:
            if self._row is None or rule:
                self._flush()
            else:
                self._add(" ")
        if rule:
            self._rules.append((element, rule))
            self.dropped.append(element)
        if tag == "br":
            if self._row is None:
                self._open.append(_Piece())
            else:
                self._add(" ")
        elif tag == "hr":
            self._flush()
        elif tag in ("ul", "ol") or (tag == "table" and _is_data(element)):
            if not any(kind == "group" for _, kind in self._kinds):
                self._groups += 1
                self._group = self._groups
                self._kinds.append((element, "group"))
            if tag == "table":
                self._tables.add(element)
        elif tag == "li" and _is_item(element):
            self._kinds.append((element, "li"))
        elif tag in _HEADINGS or element.get("role") == "heading":
            self._kinds.append((element, "h"))
        elif tag == "tr" and self._row is None:
            table = next(element.iterancestors("table"), None)
            if table is not None and table in self._tables:
                self._row = element
                self._kinds.append((element, "tr"))
        elif tag in _CELLS and self._row is not None and self._open[-1].text:
            self._add(" | ")
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "q":
            self._add("“")
        if block and self._row is None:
            self._element = element
        self._text(element, False)

    def _end(self, element: html.HtmlElement, tag: str) -> None:
        if self._kinds and self._kinds[-1] == (element, "skip"):
            self._kinds.pop()
            self._text(element, True)
            return
        block = not self._inline(element, tag)
        ruled = bool(self._rules) and self._rules[-1][0] is element
        if tag == "q":
            self._add("”")
        if element is self._row:
            self._flush()
            self._row = None
        elif block or ruled:
            if self._row is None or ruled:
                self._flush()
            else:
                self._add(" ")
        if ruled:
            self._rules.pop()
        if tag == "a":
            self._links -= 1
        elif tag == "pre":
            self._pre -= 1
        while self._kinds and self._kinds[-1][0] is element:
            if self._kinds.pop()[1] == "group":
                self._group = 0
        if block and self._row is None:
            parent = element.getparent()
            self._element = element if parent is None else parent
        self._text(element, True)

    def _add(self, text: str) -> None:
        self._open[-1].text += text

    def _text(self, element: html.HtmlElement, tail: bool) -> None:
        text = element.tail if tail else element.text
        if not text:
            return
        lines = _BLANK_LINE.split(text) if self._pre else [text]
        for number, line in enumerate(lines):
            if number:
                self._open += [_Piece(), _Piece()]
            piece = self._open[-1]
            piece.text += line
            if line.isspace():
                continue
            if piece.spot is None:
                piece.spot = (element, tail)
            if self._links:
                piece.linked += len(line.strip())

    def _flush(self) -> None:
        if len(self._open) == 1 and self._open[0].spot is None:
            self._open[0].text = ""
            return
        done, self._open = self._open, [_Piece()]
        kinds = [kind for _, kind in self._kinds if kind not in ("group", "skip")]
        kind = kinds[-1] if kinds else "p"
        rule = self._rules[-1][1] if self._rules else ""
        for piece in _paragraphs(done, kind == "p" and not self._told):
            text = tidy(piece.text)
            if kind == "tr":
                text = _EMPTY_CELLS.sub("", text)
            if not text or piece.spot is None:
                continue
            line = piece.spot[0].sourceline or 0
            self._told |= not rule and (kind == "h" or bool(_ENDED.search(text[-40:])))
            self.blocks.append(
                PageBlock(
                    text, kind, self._element, line, piece.linked, self._group, rule, piece.spot
                )
            )

    def _find_homes(self) -> None:
        """A block that is all of its element is a child of the parent, else of the element."""
        held: dict[html.HtmlElement, int] = {}
        for block in self.blocks:
            held[block.element] = held.get(block.element, 0) + 1
        outer = {parent for element in held for parent in element.iterancestors()}
        for block in self.blocks:
            element = block.element
            alone = held[element] == 1 and element not in outer
            parent = element.getparent()
            block.home = parent if alone and parent is not None else element


def _is_data(table: html.HtmlElement) -> bool:
    """Whether a table holds data (rows of short cells) and not the layout of the page."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    if table.find(".//table") is not None or table.find(".//h1") is not None:
        return False
    rows = list(table.iter("tr"))
    if not any(sum(child.tag in _CELLS for child in row) > 1 for row in rows):
        return False
    return all(len(cell.findall(".//p")) < 2 for row in rows for cell in row)


def _is_item(item: html.HtmlElement) -> bool:
    """Whether a list item is one line, not an article of its own such as a live blog's post."""
    if any(item.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3", "h4", "article")):
        return False
    return len(item.findall(".//p")) < 2


def _paragraphs(pieces: list[_Piece], at_top: bool) -> Iterator[_Piece]:
    """Join pieces apart by a line break, except where the break ends a paragraph.

    It does so when it is doubled, follows the end of a sentence, precedes a bullet, or stands at
    a line of author or date between the headline of a whole page in one cell and its story.
    """
    held: list[_Piece] = []
    lines = [piece.text.strip() for piece in pieces[: _HEAD + 1]]
    head = lines.index("") if at_top and "" in lines else 0
    for number, piece in enumerate(pieces):
        text = piece.text.strip()
        ended = bool(held) and bool(_ENDED.search(held[-1].text[-40:]))
        header = 0 < number < head and read_header_line(tidy(text)).strong
        if held and (not text or ended or header or _BULLET.match(text)):
            yield _joined(held)
            held = []
        if header:
            yield piece
            continue
        if _ENDED.search(text[-40:]):
            head = 0
        if text:
            held.append(piece)
    if held:
        yield _joined(held)


def _joined(pieces: list[_Piece]) -> _Piece:
    spot = next((piece.spot for piece in pieces if piece.spot), None)
    linked = sum(piece.linked for piece in pieces)
    return _Piece("\n".join(piece.text for piece in pieces), spot, linked)


_ENDED = re.compile(r"[.!?:…。！？][\"'”’»)\]]*\s*$")
# Lines of a box that begins with headline, outlet, author and date.
_HEAD = 6
_BULLET = re.compile(r"[•*–—·-]\s|\d{1,2}[.)]\s")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_EMPTY_CELLS = re.compile(r"(?:\s*\|\s*)+$|^(?:\s*\|\s*)+")
