"""Markdown to a Story, by the CommonMark rules with tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askarticles.datatypes import Story
from askarticles.reading.blocks import Block
from askarticles.reading.decoding import tidy
from askarticles.reading.frontmatter import Facts, take_front_matter
from askarticles.reading.head import take_head
from askarticles.reading.language import guess_language
from askarticles.reading.plaintext import finish, without_furniture
from askarticles.reading.reflow import Line, measure, squeezed

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class _Part:
    """A block as lines: whether each line stays one (lists, tables, code), and is a heading."""

    lines: tuple[Line, ...]
    keeps_lines: bool = False
    heading: bool = False


def read_markdown(text: str) -> Story:
    """Read Markdown: its front matter or first heading gives the title.

    Headings come out as paragraphs, items as "- item", rows of tables with cells apart by " | ",
    links as their words; images are left out. places are lines of the text, from 1.
    """
    raw = tidy(text).split("\n")
    lines = [Line(number, line.strip()) for number, line in enumerate(raw, 1)]
    facts = Facts()
    taken = take_front_matter(lines, raw, facts)
    language = facts.language or guess_language(text)
    parts = _Reader("\n".join(raw[taken:]), taken, facts).parts()
    # A picture, a date or the section's name may stand over the headline.
    first = next((n for n, part in enumerate(parts[:3]) if part.heading), -1)
    if first >= 0 and not facts.title and len(parts) > 1:
        heading = parts.pop(first)
        title = " ".join(line.text for line in heading.lines)
        facts.note("title", title, f"line {heading.lines[0].number}: heading")
    return finish(_blocks(parts, facts, language), facts, language)


def _blocks(parts: Sequence[_Part], facts: Facts, language: str) -> list[Block]:
    """The parts without furniture and the lines of the head, as paragraphs."""
    flat: list[Line] = []
    for part in parts:
        flat += [*part.lines, Line(0, "")]
    shape = measure(flat)
    cleared = take_head(without_furniture(flat, shape, facts), shape, facts, language)
    blocks: list[Block] = []
    position = 0
    for part in parts:
        kept = [line for line in cleared[position : position + len(part.lines)] if line.text]
        position += len(part.lines) + 1
        if kept:
            text = ("\n" if part.keeps_lines else " ").join(line.text for line in kept)
            blocks.append(Block(text, f"line {kept[0].number}"))
    return blocks


class _Reader:
    """Walks the parser's tokens and gathers them into parts."""

    def __init__(self, text: str, skipped: int, facts: Facts) -> None:
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        self._tokens = parser.parse(text)
        self._skipped = skipped
        self._facts = facts
        self._parts: list[_Part] = []
        self._items: list[Line] = []  # of the list being read, however deep it is nested
        self._marker = ""
        self._depth = 0
        self._rows: list[Line] = []
        self._cells: list[str] = []
        self._in_cell = False

    def parts(self) -> list[_Part]:
        """All parts in order."""
        heading = False
        line = self._skipped + 1
        for token in self._tokens:
            if token.map:
                line = token.map[0] + 1 + self._skipped
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self._depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    self._depth -= 1
                    if not self._depth:
                        self._add(self._items, keeps_lines=True)
                        self._items = []
                case "list_item_open":
                    self._marker = f"{token.info}{token.markup} " if token.info else "- "
                case "heading_open":
                    heading = True
                case "heading_close":
                    heading = False
                case "tr_open":
                    self._cells = []
                case "th_open" | "td_open":
                    self._in_cell = True
                case "th_close" | "td_close":
                    self._in_cell = False
                case "tr_close":
                    self._rows.append(Line(line, " | ".join(self._cells)))
                case "table_close":
                    self._add(self._rows, keeps_lines=True)
                    self._rows = []
                case "inline":
                    self._inline(token, line, heading)
                case "fence" | "code_block":
                    self._code(token, line)
                case "html_block":
                    self._html(token.content, line)
        return self._parts

    def _add(self, lines: Sequence[Line], keeps_lines: bool = False, heading: bool = False) -> None:
        kept = tuple(line for line in lines if line.text)
        if kept:
            self._parts.append(_Part(kept, keeps_lines, heading))

    def _inline(self, token: Token, number: int, heading: bool) -> None:
        texts = [squeezed(text).strip() for text in self._words(token, number).split("\n")]
        if self._in_cell:
            self._cells.append(" ".join(texts).strip())
        elif self._depth:
            text = " ".join(texts).strip()
            if self._marker or not self._items:
                self._items.append(Line(number, f"{self._marker}{text}" if text else ""))
            else:
                # A second paragraph of the same item.
                last = self._items[-1]
                self._items[-1] = Line(last.number, f"{last.text} {text}".strip())
            self._marker = ""
        else:
            self._add([Line(number + n, text) for n, text in enumerate(texts)], heading=heading)

    def _words(self, token: Token, number: int) -> str:
        """The words of a paragraph; its line ends stay, for the lines of a head."""
        words: list[str] = []
        for child in token.children or ():
            match child.type:
                case "text" | "code_inline":
                    words.append(child.content)
                case "softbreak" | "hardbreak":
                    words.append("\n")
                case "image":
                    self._facts.remove(number, child.content or str(child.attrs["src"]), "image")
                case "html_inline" if child.content.lower().startswith("<br"):
                    words.append("\n")
        return "".join(words)

    def _code(self, token: Token, number: int) -> None:
        texts = [text.strip() for text in token.content.split("\n")]
        fence = token.type == "fence"
        lines = [Line(number + n + fence, text) for n, text in enumerate(texts)]
        self._add(lines, keeps_lines=True)

    def _html(self, source: str, number: int) -> None:
        """A block of HTML as its text, a paragraph for each line of it."""
        from lxml import etree, html

        try:
            tree = html.fromstring(f"<div>{source}</div>")
        except etree.ParserError:
            return
        for element in list(tree.iter("script", "style", etree.Comment)):
            text = " ".join((element.text or "").split())
            if text:
                self._facts.remove(number, text, "markup")
            element.text = ""
        texts = "".join(map(str, tree.itertext())).split("\n")
        for n, text in enumerate(texts):
            self._add([Line(number + n, squeezed(text).strip())])
