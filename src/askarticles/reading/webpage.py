"""A saved web page in, the story out.

Trafilatura finds the story among the blocks of the page; this module asks it which blocks it would
keep, corrects its known faults and sets the blocks as a browser shows them, so that each has its
line in the file and whatever is left out has its reason.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from html import escape

from lxml import etree, html

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import Block, join_blocks
from askarticles.reading.decoding import decode
from askarticles.reading.furniture import mark_furniture, mend
from askarticles.reading.metadata import Facts, read_facts
from askarticles.reading.pagetree import PageBlock, read_blocks

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)",
    re.I,
)
# Browsers look at 1,024 bytes; pages that put it later are read the same by reloading.
_CHARSET_WITHIN = 8192
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

# Each block that trafilatura sees begins with three braille signs that name it: printable, no
# letters, and never part of a page that it could meet here.
_OPEN, _ZERO, _BASE = "\u28ff", 0x2800, 255
_MARK = re.compile("\u28ff([\u2800-\u28fe])([\u2800-\u28fe])")


def read_webpage(data: bytes | str, url: str = "", name: str = "") -> Story:
    """Read the story of a saved web page.

    data: the page as bytes (decoded as browsers do) or text. url: its address, if known.
    name: the file's name, for error messages.
    Raises ArticleError when the page holds no readable text.
    """
    text = decode(data, _declared_charset(data)) if isinstance(data, bytes) else data
    root = _parse(text)
    if root is None:
        raise _nothing_found(name)
    blocks, dropped = read_blocks(root)
    facts = read_facts(root, blocks, text, url)
    body = _body(root, blocks, dropped, facts)
    if not body:
        raise _nothing_found(name)
    joined, places = join_blocks(_set(body))
    return Story(
        title=facts.title,
        body=joined,
        source=facts.source,
        author=facts.author,
        published=facts.published,
        url=facts.url,
        language=facts.language,
        places=places,
        removed=tuple(_removals(blocks)),
        origins=tuple(facts.origins.items()),
    )


def _nothing_found(name: str) -> ArticleError:
    where = f"{name}: " if name else ""
    return ArticleError(
        f"{where}no article text was found in the page; save it again with the story open on the "
        "screen, or copy the story into a text file"
    )


def _declared_charset(data: bytes) -> str:
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _parse(text: str) -> html.HtmlElement | None:
    """The tree of a page, of whatever nesting, or None when there is no element in it."""
    text = _SIGNS.sub(" ", text)
    declaration = _XML_DECLARATION.match(text)
    if declaration:
        # XHTML, where CDATA is text; elsewhere browsers take it for a comment.
        text = _CDATA.sub(lambda match: escape(match[1]), text)
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    if not text.strip():
        return None
    for markup in (text, None):
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        flat = _ANY_TAG.sub(_flat_tag, text) if markup is None else markup
        try:
            root = html.document_fromstring(flat.encode("utf-8"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError):
            return None
        # libxml2 leaves out whatever is nested deeper than 256 elements: then a page without
        # its boxes is better than half a page.
        if not any("Excessive depth" in error.message for error in parser.error_log):
            break
    return root


def _flat_tag(match: re.Match[str]) -> str:
    """A tag as it is, or for one that only wraps: the start of a paragraph, or nothing."""
    tag = match[1].lower()
    if tag in _FLAT_KEPT:
        return match[0]
    lines = "\n" * match[0].count("\n")
    return lines if tag in _FLAT_INLINE else f"<p>{lines}"


_ANY_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)[^<>]*>")
_FLAT_KEPT = frozenset(
    ["html", "head", "title", "meta", "link", "script", "style", "noscript", "template", "body", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "time"]
)
_FLAT_INLINE = frozenset(["a", "abbr", "b", "big", "em", "font", "i", "s", "small", "span", "strong", "sub", "sup", "tt", "u"])


# Finding the story


def _body(
    root: html.HtmlElement,
    blocks: list[PageBlock],
    dropped: list[html.HtmlElement],
    facts: Facts,
) -> list[PageBlock]:
    """The blocks of the story in order; those left out get the rule that took them."""
    mark_furniture(blocks, facts.title, facts.author)
    chosen = _chosen(root, blocks, dropped)
    kept = mend(blocks, chosen)
    for block in blocks:
        if not block.rule and id(block) not in kept:
            block.rule = "boilerplate by extraction"
    return [block for block in blocks if not block.rule]


def _chosen(
    root: html.HtmlElement, blocks: list[PageBlock], dropped: list[html.HtmlElement]
) -> list[bool]:
    """For each block whether trafilatura takes it for the story. The tree is used up."""
    from trafilatura import extract

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    # Blocks that share a text node share its mark. From the last on, so that marks set in a tail
    # stay at the start of their own block.
    spots: dict[tuple[int, bool], int] = {}
    names: list[int] = []
    for number, block in enumerate(blocks):
        element, tail = block.spot
        names.append(spots.setdefault((id(element), tail), number))
    marked = {name: block.spot for name, block in reversed(list(zip(names, blocks, strict=True)))}
    for name, (element, tail) in marked.items():
        if name >= _BASE * _BASE:
            continue
        sign = _OPEN + chr(_ZERO + name // _BASE) + chr(_ZERO + name % _BASE)
        text = (element.tail if tail else element.text) or ""
        start = len(text) - len(text.lstrip())
        text = text[:start] + sign + text[start:]
        if tail:
            element.tail = text
        else:
            element.text = text
    for element in dropped:
        if element.getparent() is not None:
            element.drop_tree()
    for block in blocks:
        if block.rule and block.home is not block.element and block.element.getparent() is not None:
            block.element.drop_tree()
    _free_leads(root)
    found = extract(root, include_comments=False, include_tables=True) or ""
    seen = {
        (ord(match[1]) - _ZERO) * _BASE + ord(match[2]) - _ZERO for match in _MARK.finditer(found)
    }
    return [name in seen for name in names]


def _free_leads(root: html.HtmlElement) -> None:
    """Take the name "teaser" off boxes of plain prose, which trafilatura throws away unread.

    https://github.com/adbar/trafilatura/issues/164
    """
    for box in root.xpath("//*[contains(translate(@class, 'T', 't'), 'teaser')]"):
        if box.find(".//h2") is None and box.find(".//h3") is None and box.tag != "li":
            prose = [p for p in box.iter("p") if len(p.text_content()) > 60 and p.find("a") is None]
            if prose and not any(
                parent.tag in ("a", "li", "aside") for parent in box.iterancestors()
            ):
                del box.attrib["class"]


# Setting it


def _set(body: list[PageBlock]) -> Iterable[Block]:
    """Blocks of a Story: items of one list and rows of one table on lines of one paragraph."""
    lines: list[str] = []
    first = body[0]
    for block in body:
        grouped = block.kind in ("li", "tr")
        if lines and not (grouped and block.group == first.group and block.kind == first.kind):
            yield Block("\n".join(lines), _label(first))
            lines = []
        if not lines:
            first = block
        lines.append(f"- {block.text}" if block.kind == "li" else block.text)
        if not grouped:
            yield Block(block.text, _label(block), block.kind == "h")
            lines = []
    if lines:
        yield Block("\n".join(lines), _label(first))


def _label(block: PageBlock) -> str:
    return f"line {block.line}" if block.line else ""


def _removals(blocks: list[PageBlock]) -> Iterable[Removal]:
    """What was left out, neighbouring blocks of one rule together."""
    texts: list[str] = []
    for number, block in enumerate(blocks):
        if not block.rule:
            continue
        texts.append(block.text)
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if after is None or after.rule != block.rule:
            joined = " / ".join(texts)
            if len(joined) > _LONGEST_REMOVAL:
                joined = joined[: _LONGEST_REMOVAL - 1] + "…"
            yield Removal(joined, block.rule, _label(block))
            texts = []


# Enough for a person to see what went, little enough that a long menu does not fill the screen.
_LONGEST_REMOVAL = 1000
