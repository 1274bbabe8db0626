"""A saved web page in, the story out.

Trafilatura finds the story among the blocks of the page; this module asks it which blocks it would
keep, corrects its known faults and sets the blocks as a browser shows them, so that each has its
line in the file and whatever is left out has its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lxml import etree, html

from askarticles.datatypes import Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.authors import letters_of
from askarticles.reading.blocks import Block, join_blocks, tidy
from askarticles.reading.decoding import decode
from askarticles.reading.metadata import read_facts
from askarticles.reading.pagenames import forget_heading_ids, is_named_furniture
from askarticles.reading.pagetree import PageBlock, part_headings, read_blocks
from askarticles.reading.powers import with_powers
from askarticles.reading.selection import select_story
from askarticles.reading.surroundings import mark_surroundings

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)",
    re.I,
)
# Browsers look at 1,024 bytes first, and read the page anew when they meet one later.
_CHARSET_WITHIN = 8192
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ANY_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)[^<>]*>")
_FLAT_KEPT = re.compile(
    r"html|head|title|meta|link|script|style|noscript|template|body|p|br|h[1-6]", re.I
)
_FLAT_INLINE = re.compile(r"a|abbr|b|big|em|font|i|s|small|span|strong|su[bp]|time|tt|u", re.I)

# Letters of a body under which the text in the page's data for search engines is looked at: pages
# that a script fills when opened are saved without their story.
_STUB = 250
# How much longer the text in the data is than a body which it begins with, where that body is what
# a paywall shows; less is a byline or a notice that was left out.
_MUCH_LONGER = 1.5
_CUT = re.compile(r"(?:…|\.\.\.)[\s\]\)]*$")
_OFFERS = frozenset(("subscription offer", "sign-up"))
# Offers of newsletters under a whole story do not say that it goes on.
_WALL = re.compile(
    r"\b(?:(?:continue|keep|finish) reading|to continue|read on"
    r"|full (?:story|article|text|access)|already (?:a |an )?(?:subscri|member|registered)"
    r"|for subscribers|subscribers?[- ]only|weiterlesen|weiterzulesen|lire la suite"
    r"|seguir leyendo|continuar (?:lendo|leyendo)|continua a leggere|lees verder|läs vidare)",
    re.I,
)
# What a page says to those who have turned its scripts off.
_ABOUT_SCRIPTS = re.compile(
    r"\b(?:java ?scripts?|scripts|browsers?|cookies|extensions|ad ?blockers?)\b", re.I
)
# Enough for a person to see what went, little enough that a long menu does not fill the screen.
_LONGEST_REMOVAL = 1000


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
    _open_boxes(root)
    part_headings(root)
    forget_heading_ids(root)
    blocks, dropped, misnamed = read_blocks(root)
    facts = read_facts(root, blocks, text, url)
    mark_surroundings(blocks, facts.title, facts.author)
    kept = select_story(root, blocks, dropped, misnamed)
    for block, keep in zip(blocks, kept, strict=True):
        if not keep:
            block.rule = block.rule or "boilerplate by extraction"
    body, places = join_blocks(_set([block for block in blocks if not block.rule]))
    stub = len(body) < _STUB and len(facts.article_body) > 2 * len(body)
    if stub or (_is_cut(blocks) and _is_beginning(body, facts.article_body)):
        body, places = _plain_paragraphs(facts.article_body), ()
        facts.origins["body"] = "JSON-LD articleBody"
    if not body:
        raise _nothing_found(name)
    return Story(
        title=facts.title,
        body=body,
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
    """The tree of a page, of whatever nesting, or None when there is nothing in it."""
    text = _CONTROLS.sub(" ", text)
    if declaration := _XML_DECLARATION.match(text):
        # XHTML, where CDATA is text; elsewhere browsers take it for a comment.
        text = _CDATA.sub(lambda match: escape(match[1]), text)
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    root, whole = _parse_once(text)
    # libxml2 leaves out whatever is nested deeper than 256 elements; then a page without its boxes
    # is better than half a page.
    return root if whole else _parse_once(_ANY_TAG.sub(_flatten, text))[0]


def _open_boxes(root: html.HtmlElement) -> None:
    """Make ordinary boxes of those elements without a picture on the screen that hold the story.

    A shadow tree is saved as a template; pages that a script fills may have it in <noscript>.
    """
    for template in root.iter("template"):
        shadow = "shadowroot" in template.attrib or "shadowrootmode" in template.attrib
        host = template.getparent()
        if shadow and (host is None or not is_named_furniture(host.tag)):
            template.tag = "div"
    closed = list(root.iter("noscript"))
    texts = [tidy(p.text_content()) for box in closed for p in box.iter("p")]
    held = sum(len(text) for text in texts if not _ABOUT_SCRIPTS.search(text))
    if held > _STUB and held > 2 * _letters_shown(root):
        for box in closed:
            box.tag = "div"


def _letters_shown(root: html.HtmlElement) -> int:
    """Letters of a page outside the elements that a browser shows nothing of."""
    shown = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element.tag in ("head", "noscript", "script", "style", "template"):
            walker.skip_subtree()
        elif event == "start":
            shown += len(tidy(element.text or ""))
        if event == "end":
            shown += len(tidy(element.tail or ""))
    return shown


def _parse_once(text: str) -> tuple[html.HtmlElement | None, bool]:
    """The tree, and whether all of the text is in it."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None, True
    return with_powers(root), not any(
        "Excessive depth" in error.message for error in parser.error_log
    )


def _flatten(match: re.Match[str]) -> str:
    """A tag as it is, or for one that only wraps: the start of a paragraph, or nothing."""
    if _FLAT_KEPT.fullmatch(match[1]):
        return match[0]
    lines = "\n" * match[0].count("\n")
    return lines if _FLAT_INLINE.fullmatch(match[1]) else f"<p>{lines}"


def _set(body: list[PageBlock]) -> Iterator[Block]:
    """Blocks of a Story: items of one list and rows of one table on lines of one paragraph."""
    start = 0
    while start < len(body):
        first = body[start]
        end = start + 1
        if first.kind in ("li", "tr"):
            while end < len(body) and (body[end].kind, body[end].group) == (
                first.kind,
                first.group,
            ):
                end += 1
        sign = "- " if first.kind == "li" else ""
        text = "\n".join(sign + block.text for block in body[start:end])
        yield Block(text, _label(first))
        start = end


def _label(block: PageBlock) -> str:
    return f"line {block.line}" if block.line else ""


def _is_cut(blocks: list[PageBlock]) -> bool:
    """Whether the story breaks off, or the offer to read on stands under it.

    The text in the data may be longer than a whole story by menus and lists of other stories.
    """
    last = max((number for number, block in enumerate(blocks) if not block.rule), default=-1)
    if last < 0 or _CUT.search(blocks[last].text):
        return True
    return any(block.rule in _OFFERS and _WALL.search(block.text) for block in blocks[last + 1 :])


def _is_beginning(body: str, whole: str) -> bool:
    """Whether a body, or what follows its standfirst, is the beginning of a much longer text."""
    letters = letters_of(whole)
    return len(whole) > _MUCH_LONGER * len(body) and any(
        part and letters.startswith(letters_of(part)) for part in (body, body.partition("\n\n")[2])
    )


def _plain_paragraphs(text: str) -> str:
    return "\n\n".join(line for line in map(tidy, text.splitlines()) if line)


def _removals(blocks: list[PageBlock]) -> Iterator[Removal]:
    """What was left out, neighbouring blocks of one rule together."""
    texts: list[str] = []
    for number, block in enumerate(blocks):
        if not block.rule:
            continue
        texts.append(block.text)
        if number + 1 == len(blocks) or blocks[number + 1].rule != block.rule:
            joined = " / ".join(texts)
            if len(joined) > _LONGEST_REMOVAL:
                joined = joined[: _LONGEST_REMOVAL - 1] + "…"
            yield Removal(joined, block.rule, _label(blocks[number + 1 - len(texts)]))
            texts = []
