"""Markdown to a Story, by the CommonMark rules with tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from askarticles.datatypes import Story
from askarticles.reading.decoding import tidy
from askarticles.reading.fragments import LINE, fragment_lines, parse_fragment
from askarticles.reading.frontmatter import Facts, take_front_matter
from askarticles.reading.head import begins_title
from askarticles.reading.language import guess_language
from askarticles.reading.plaintext import Part, read_parts, read_text
from askarticles.reading.reflow import Line, squeezed

if TYPE_CHECKING:
    from markdown_it.token import Token

# What has more lines than a long book, or more signs of markup, nobody wrote as Markdown; it is
# read as plain text. The parser takes up to 60 µs for a line and 40 µs for a sign.
_MOST_LINES = 40_000
_MOST_SIGNS = 100_000
# Lines that are looked through for the place of a paragraph of HTML.
_NEAR = 50
_SIGN = re.compile(r"[\[*_`<~]")
_FENCE = re.compile(r"\s{0,3}(?:```[^`]*|~~~.*)$")
# Commands to the programs that make pages of Markdown (Hugo, Jekyll), and the classes that they
# give to a paragraph or heading.
_COMMAND = re.compile(
    r"(?P<code>`[^`]*`)|\{\{[<%].{0,500}?[%>]\}\}|\{%.{0,500}?%\}"
    r"|(?<!\\)\{(?::\s?[.#\w]|[.#][a-z])[^{}]*\}(?=\s*$)"
)
# What note programs add (Obsidian, Logseq): ![[picture]], [[page#part|words]], %%comment%%, the
# kind of a box and the mark to which others link.
_EMBED = re.compile(
    r"!\[\[[^\[\]]+\]\]|(?<![\w%])%%[^%]+%%(?![\w%])|^\[![a-z]+\][+-]?"
    r"|(?<=\s)\^(?=[\w-]*[a-z])[\w-]+$"
)
_WIKI = re.compile(r"(?<![\w\]])\[\[(?:[^\[\]|]*\|)?([^\[\]|#]*)(?:#[^\[\]|]*)?\]\]")

# Obsidian's way to mark words; "a == b" has blanks, and in "a ==b and c== d" single letters are
# compared.
_MARKED = re.compile(r"(?<![=\w])==(?=[^\s=])(?![^\W\dAI]\b)([^=\n]*[^\s=])==(?![=\w])")
_NOTE = re.compile(r"(?P<indent>\s{0,3})(?P<mark>\[\^(?P<name>[^\[\]\s]+)\]):\s*")
_NOTE_NAME = re.compile(r"^\s{0,3}\[\^([^\[\]\s]+)\]\\:", re.M)
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]+)\]")
_TASK = re.compile(r"\[[ xX]\]\s+")


def read_markdown(text: str, title: str = "") -> Story:
    """Read Markdown: its front matter or first heading gives the title.

    title: the headline where it is given outside the text, or "".

    Headings come out as paragraphs, items as "- item", rows of tables with cells apart by " | ",
    links as their words, notes as paragraphs where they stand; images, deleted words, boxes of
    tasks and commands to the program that makes the page are left out. places are lines of the
    text, from 1.
    """
    if text.count("\n") > _MOST_LINES or len(_SIGN.findall(text)) > _MOST_SIGNS:
        return read_text(text, title)
    raw = tidy(text).split("\n")
    lines = [Line(number, line.strip()) for number, line in enumerate(raw, 1)]
    facts = Facts(title=title)
    taken = take_front_matter(lines, raw, facts)
    language = facts.language or guess_language(text)
    parts = _Reader("\n".join(_without_commands(raw, taken, facts)), taken, facts).parts()
    # A picture, a date or the section's name may stand over the headline.
    first = next((n for n, part in enumerate(parts[:3]) if part.heading), -1)
    if first >= 0 and not facts.title and len(parts) > 1:
        number = parts[first].lines[0].number
        facts.note("title", _text_of(parts.pop(first)), f"line {number}: heading")
    elif first == 0 and begins_title(heading := _text_of(parts[0]), facts.title):
        facts.title = heading
    return read_parts(parts, facts, language)


def _text_of(part: Part) -> str:
    return " ".join(line.text for line in part.lines)


def _without_commands(raw: Sequence[str], taken: int, facts: Facts) -> list[str]:
    """The lines from `taken` on without commands; what stands in a block of code stays."""
    lines: list[str] = []
    in_code = False
    for number, line in enumerate(raw[taken:], taken + 1):
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code and (note := _NOTE.match(line)):
            # With the colon it might be read as the address of a link.
            line = f"{note['indent']}{note['mark']}\\: {line[note.end() :]}"
        elif not in_code and "{" in line and not line.startswith(("    ", "\t")):
            for match in _COMMAND.finditer(line):
                if not match["code"]:
                    facts.remove(number, match[0], "a command to the program that makes the page")
            line = _COMMAND.sub(lambda match: match["code"] or "", line)
        lines.append(line)
    return lines


class _Reader:
    """Walks the parser's tokens and gathers them into parts."""

    def __init__(self, text: str, skipped: int, facts: Facts) -> None:
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        self._tokens = parser.parse(text)
        self._notes = set(_NOTE_NAME.findall(text))
        self._skipped = skipped
        self._facts = facts
        self._parts: list[Part] = []
        self._items: list[Line] = []  # of the list being read, however deep it is nested
        self._marker = ""
        self._depth = 0
        self._rows: list[Line] = []
        self._cells: list[str] = []
        self._in_cell = False

    def parts(self) -> list[Part]:
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
            self._parts.append(Part(kept, keeps_lines, heading))

    def _inline(self, token: Token, number: int, heading: bool) -> None:
        texts = [squeezed(text).strip() for text in self._words(token, number).split("\n")]
        if self._in_cell:
            self._cells.append(" ".join(texts).strip())
        elif self._depth:
            text = " ".join(texts).strip()
            if self._marker and (task := _TASK.match(text)):
                self._facts.remove(number, task[0].strip(), "the box of a task")
                text = text[task.end() :]
            if self._marker or not self._items:
                self._items.append(Line(number, f"{self._marker}{text}" if text else ""))
            else:
                # A second paragraph of the same item.
                last = self._items[-1]
                self._items[-1] = Line(last.number, f"{last.text} {text}".strip())
            self._marker = ""
        else:
            lines: list[Line] = []
            for n, text in enumerate(texts):
                if note := _NOTE.match(text):
                    self._add(lines)
                    lines = []
                    text = text[note.end() :]
                lines.append(Line(number + n, text))
            self._add(lines, heading=heading)

    def _words(self, token: Token, number: int) -> str:
        """The words of a paragraph; its line ends stay, for the lines of a head."""
        words: list[str] = []
        deleted = -1  # where the words between ~~ begin
        for child in token.children or ():
            match child.type:
                case "text":
                    words.append(self._text(child.content, number))
                case "code_inline":
                    words.append(child.content)
                case "s_open":
                    deleted = len(words)
                case "s_close":
                    self._facts.remove(number, "".join(words[deleted:]), "deleted words")
                    del words[deleted:]
                case "softbreak" | "hardbreak":
                    words.append("\n")
                case "image":
                    self._facts.remove(number, child.content or str(child.attrs["src"]), "image")
                case "html_inline" if child.content.lower().startswith("<br"):
                    words.append("\n")
        return "".join(words)

    def _text(self, text: str, number: int) -> str:
        """Words without what note programs put between them; links as what they show."""
        if "[[" in text or "[!" in text or "%%" in text or "^" in text:
            for match in _EMBED.finditer(text):
                self._facts.remove(number, match.group(), "a mark of the note program")
            text = _WIKI.sub(r"\1", _EMBED.sub("", text))
        if "[^" in text:
            start = note.end() if (note := _NOTE.match(text)) else 0
            text = text[:start] + self._without_note_marks(text[start:], number)
        return _MARKED.sub(r"\1", text)

    def _without_note_marks(self, text: str, number: int) -> str:
        """Words without the marks of notes; others in such brackets are signs that a text names."""
        kept: list[str] = []
        end = 0
        for match in _NOTE_MARK.finditer(text):
            if match[1] in self._notes:
                self._facts.remove(number, match[0], "the mark of a note")
                kept.append(text[end : match.start()])
                end = match.end()
        return "".join((*kept, text[end:]))

    def _code(self, token: Token, number: int) -> None:
        texts = [text.strip() for text in token.content.split("\n")]
        fence = token.type == "fence"
        lines = [Line(number + n + fence, text) for n, text in enumerate(texts)]
        self._add(lines, keeps_lines=True)

    def _html(self, source: str, number: int) -> None:
        """A block of HTML as the paragraphs that it shows."""
        from lxml import etree, html

        try:
            tree = html.fromstring(f"<div>{source}</div>")
        except etree.ParserError:
            return
        for element in tree.iter("script", "style", etree.Comment):
            text = " ".join((element.text or "").split())
            if text:
                self._facts.remove(number, text, "markup")
        written = source.split("\n")
        at = 0
        for block in fragment_lines(parse_fragment(source)):
            items = [squeezed(item).strip() for item in block.replace(LINE, "\n").split("\n")]
            items = [item for item in items if item]
            # Text has lost its place by now: its first word has kept it, unless it was an entity.
            first = items[0].split()[0]
            near = range(at, min(at + _NEAR, len(written)))
            at = next((n for n in near if first in written[n]), at)
            lists = "\n" in block
            self._add([Line(number + at, item) for item in items], keeps_lines=lists)
