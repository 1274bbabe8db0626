"""Turns markup that is the story already (of a feed, a mail, a table's cell) into blocks."""

from __future__ import annotations

import html
import re

from lxml import etree

from askarticles.reading.blocks import Block, tidy, tidy_lines
from askarticles.reading.powers import with_powers

LINE = "\u2028"
"""Stands for <br> in what `fragment_lines` gives."""

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|h[1-6]|header|hr|html|legend|li|main|menu|nav|noscript|ol|"
    "optgroup|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_UNSEEN = re.compile(
    "applet|audio|button|canvas|datalist|embed|head|iframe|map|object|script|select|style|svg|"
    "template|textarea|title|video|del|s|strike"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:max-height|font-size)\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.I,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_TAGS = re.compile(
    r"</(?:p|div|li|h[1-6]|blockquote|span|em|strong|b|i|a)\s*>|<(?:br|p)\s*/?>", re.I
)
# Without one of these, blank lines part the paragraphs: plain text, and old posts of WordPress.
_PARAGRAPH = re.compile(r"<(?:p|br|div|pre)\b", re.I)
_BLANK_LINES = re.compile(r"\n[ \t\r]*(?:<!--[^<>]*-->[ \t\r]*)?\n")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def unescape(text: str) -> str:
    """Text with its HTML entities as signs; only those with their semicolon, others are words."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)


def markup_in(text: str) -> str:
    """The HTML that a text evidently is, also when it was escaped once too often; else ""."""
    for form in (text, unescape(text)):
        if _TAGS.search(form):
            return form
    return ""


def with_paragraphs(markup: str) -> str:
    """The markup with its blank lines as paragraphs, when nothing else in it parts them."""
    return markup if _PARAGRAPH.search(markup) else _BLANK_LINES.sub("\n<p>\n", markup)


def parse_fragment(markup: str) -> etree._Element | None:
    """The tree of a piece of HTML, without comments; None when there is nothing in it."""
    clean = _CONTROLS.sub("", markup).encode("utf-8")
    # Without huge_tree whatever is nested deeper than 256 levels or longer than 10 MB is lost.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        tree = etree.fromstring(clean, parser)
    except etree.XMLSyntaxError:
        return None
    return tree if tree is None else with_powers(tree)


def fragment_blocks(tree: etree._Element | None, label: str) -> list[Block]:
    """Paragraphs, headings, lists and tables of a tree, in their order, each with one place.

    Tables that only make the layout are taken apart. What a reader does not see is left out.
    """
    return [
        Block(text, label)
        for raw in fragment_lines(tree)
        for part in re.split(rf"(?:[ \t\r\n]*{LINE}){{2,}}", raw)
        if (text := tidy_lines(re.sub(rf"[ \t]*{LINE}[ \t]*", " ", part).split("\n")))
    ]


def fragment_lines(tree: etree._Element | None) -> list[str]:
    """The text of each block, untidied: `LINE` for <br>, "\\n" between list items."""
    if tree is None:
        return []
    blocks: list[str] = []
    pieces: list[str] = []
    # Lists and tables of data that are open: inside them a block is a line, or a part of one.
    kept: list[etree._Element] = []

    def close() -> None:
        text = "".join(pieces)
        if tidy(text):
            blocks.append(text)
        pieces.clear()

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if (
                _UNSEEN.fullmatch(tag)
                or "hidden" in element.attrib
                or _HIDDEN.search(element.get("style", ""))
            ):
                walk.skip_subtree()
                continue
            if tag in ("ul", "ol") or (tag == "table" and _is_data(element)):
                if not kept:
                    close()
                kept.append(element)
            elif kept:
                pieces.append(_inside(tag, kept[-1].tag, element))
            elif _BLOCK.fullmatch(tag):
                close()
            if tag == "br":
                pieces.append(LINE)
            pieces.append(_flat(element.text))
            continue
        if kept and element is kept[-1]:
            kept.pop()
            if kept:
                pieces.append("\n")
            else:
                close()
        elif kept and _BLOCK.fullmatch(tag) and kept[-1].tag != "table":
            pieces.append("\n")
        elif _BLOCK.fullmatch(tag) and not kept:
            close()
        if element is not tree:
            pieces.append(_flat(element.tail))
    close()
    return blocks


def _inside(tag: str, kept: str, element: etree._Element) -> str:
    """What stands before an element inside a list or a table of data."""
    if kept != "table":
        return "\n" if _BLOCK.fullmatch(tag) else ""
    if tag in ("td", "th"):
        return " | " if element.getprevious() is not None else ""
    return "\n" if tag in ("tr", "caption") else ""


def _is_data(table: etree._Element) -> bool:
    """Whether a table holds data: two cells or more in a row, and no blocks inside the cells."""
    if table.get("role") == "presentation":
        return False
    if any(re.fullmatch("table|p|div|ul|ol|h[1-6]", cell.tag) for cell in table.iterdescendants()):
        return False
    return any(len(row) > 1 for row in table.iter("tr"))


def _flat(text: str | None) -> str:
    """Source line ends are spaces in HTML."""
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
