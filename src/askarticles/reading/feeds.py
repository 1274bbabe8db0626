"""Reads RSS and Atom files, each entry an article."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from askarticles.datatypes import Problem, Removal, Story
from askarticles.errors import ArticleError
from askarticles.reading.blocks import Block, join_blocks, tidy
from askarticles.reading.blogexports import author_names, is_post, without_shortcodes
from askarticles.reading.dates import parse_date
from askarticles.reading.decoding import decode
from askarticles.reading.fragments import (
    fragment_blocks,
    markup_in,
    parse_fragment,
    unescape,
    with_paragraphs,
)
from askarticles.reading.newsxml import read_news_xml

_DECLARATION = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']"
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.I
)
# WordPress adds this line to each entry, in the language of the site.
_ADDED = re.compile(
    r"(?:the post|der beitrag|l['’]article|la entrada|el art[ií]culo|l['’]articolo|o post|"
    r"het bericht|inlägget|indlægget|artykuł)\s.{1,400}?\s"
    r"(?:appeared first on|first appeared on|erschien zuerst (?:auf|bei)|est apparu en premier sur|"
    r"(?:se publicó|apareció) primero en|(?:proviene da|sembra essere il primo su)|"
    r"apareceu primeiro em|verscheen eerst op|dök först upp på|blev først udgivet på|"
    r"pochodzi z serwisu)\s.{1,200}",
    re.I | re.S,
)
_MORE = re.compile(
    r"(?:(?:read|continue reading|keep reading)\b.{0,80}|(?:(?:read|see|learn|show) )?more|"
    r"weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|leia mais|continue a ler|"
    r"leggi tutto|continua a leggere|lees (?:meer|verder)|läs mer|czytaj (?:dalej|więcej))"
    r"(?:\s*[»›→>…]|\s*\.\.\.|\s*[“\"].{0,200})*\s*",
    re.I,
)
_TEASER_END = re.compile(
    r"\s*(?:[\[(]\s*(?:…|\.{3,})\s*[\])]|"
    r"(?:…|\.{3})\s*"
    r"(?:read more|continue reading|more|weiterlesen|lire la suite|leer más|leggi tutto)"
    r"\s*[»›→>]*)\s*$",
    re.I,
)
_NO_POST = "what the blog's export holds beside published posts"
_SENTENCE_END = (".", "!", "?", "…", "]", ")", "”", '"', "»")


def read_feed(data: bytes) -> Iterator[Story | Problem]:
    """The articles of an RSS or Atom file, of a blog's export in that form, or of NITF or NewsML.

    The nth thing that comes out is about the nth post: a Story, or a Problem whose path is "#n".
    The longest of an entry's contents is its text. Nothing is fetched. Raises ArticleError when
    the file is no feed or holds no post.
    """
    import feedparser

    declared = _DECLARATION.match(data)
    text = decode(data, declared[1].decode("ascii") if declared else "")
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text.removeprefix("\ufeff"))
    # A stream, as feedparser takes a string for an address or a path.
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")))
    if not feed.get("version") and not feed.entries:
        if stories := list(read_news_xml(text)):
            return iter(stories)
        raise ArticleError("is not an RSS or Atom feed; save the feed itself, not its page")
    if not feed.entries:
        raise ArticleError("the feed has no entries; save it again when it has some")
    posts = [(number, entry) for number, entry in enumerate(feed.entries, 1) if is_post(entry)]
    if not posts:
        raise ArticleError("the export holds no published post, only drafts, pages and the like")
    return _entries(feed, posts, author_names(text))


def _entries(
    feed: Any, posts: list[tuple[int, Any]], authors: dict[str, str]
) -> Iterator[Story | Problem]:
    others = [_plain(entry.get("title")) for entry in feed.entries if not is_post(entry)]
    for number, (item, entry) in enumerate(posts, 1):
        found = _story(entry, feed.feed, number, f"item {item}")
        if isinstance(found, Story):
            author = "; ".join(authors.get(name, name) for name in found.author.split("; "))
            found = replace(found, author=author)
            if others:
                left_out = Removal("; ".join(filter(None, others)), _NO_POST)
                found, others = replace(found, removed=(*found.removed, left_out)), []
        yield found


def _story(entry: Any, feed: Any, number: int, label: str) -> Story | Problem:
    title = _plain(entry.get("title"))
    blocks, removed = _fullest(entry, title, label)
    body, places = join_blocks(blocks)
    if not body:
        return Problem(f"#{number}", f"{label} of the feed has no text; only its link leads to it")
    source = entry.get("source", {})
    language = str(entry.get("language") or feed.get("language") or "")[:2].lower()
    language = language if re.fullmatch("[a-z]{2}", language) else ""
    written = str(entry.get("published") or entry.get("updated") or "")
    link = str(entry.get("feedburner_origlink") or entry.get("link") or "")
    return Story(
        title=title,
        body=body,
        source=_plain(source.get("title") if hasattr(source, "get") else "")
        or _plain(feed.get("title")),
        author=_names(entry) or _names(feed),
        published=parse_date(written, language),
        url=link if link.startswith(("http://", "https://")) else "",
        language=language,
        places=places,
        removed=tuple(removed),
        origins=(("body", label), ("published", f"date of {label}")),
    )


def _fullest(entry: Any, title: str, label: str) -> tuple[list[Block], list[Removal]]:
    """The blocks of the entry's longest content, without what the blog software added."""
    details = [*entry.get("content", []), entry.get("summary_detail") or {}]
    texts = [str(detail.get("value") or "") for detail in details]
    texts.append(str(entry.get("summary") or ""))
    best: list[Block] = []
    removed: list[Removal] = []
    length = 0
    for text in dict.fromkeys(filter(None, texts)):
        marks: list[Removal] = []
        if "wp_post_type" in entry:
            text, marks = without_shortcodes(text, label)
        markup = with_paragraphs(markup_in(text) or text)
        blocks, left_out = _trimmed(fragment_blocks(parse_fragment(markup), label), title, label)
        left_out += marks
        size = sum(len(block.text) for block in blocks)
        if size > length:
            best, removed, length = blocks, left_out, size
    return best, removed


def _trimmed(blocks: list[Block], title: str, label: str) -> tuple[list[Block], list[Removal]]:
    """Blocks without the lines that lead to the site, which stand at the end."""
    blocks = [Block(unescape(block.text), block.label) for block in blocks]
    removed: list[Removal] = []
    while blocks:
        last = blocks[-1]
        if (match := _ADDED.search(last.text)) and _links_back(match, title):
            rule = "the blog software's link to the post"
        elif match := _TEASER_END.search(last.text):
            rule = "the mark of a text that was cut"
        elif match := _MORE.fullmatch(last.text):
            rule = "the link to the whole text"
        else:
            break
        removed.append(Removal(match.group().strip(), rule, label))
        kept = last.text[: match.start()].rstrip()
        blocks[-1:] = [Block(kept, label)] if kept else []
    return blocks, removed


def _links_back(match: re.Match[str], title: str) -> bool:
    """Whether a line about the post names it, so that it is no sentence of the article."""
    before = match.string[: match.start()].rstrip()
    named = " ".join(title.split())[:30].casefold() in " ".join(match.group().split()).casefold()
    return named and (not before or before.endswith(_SENTENCE_END))


def _plain(value: Any) -> str:
    """A headline or name on one line; feeds escape its entities once, twice or not at all."""
    return tidy(_INLINE.sub("", unescape(unescape(str(value or "")))))


def _names(holder: Any) -> str:
    """Authors apart by "; ", without their addresses."""
    names = [_plain(author.get("name")) for author in holder.get("authors", [])]
    if len(names) < 2:
        # The name is cut from "ann@mill.example (Ann Lee)" wrongly, so the whole line is read.
        names = [_plain(holder.get("author"))]
        detail = holder.get("author_detail") or {}
        if names == [f"{detail.get('name')} ({detail.get('email')})"]:
            names = [_plain(detail.get("name"))]
    names = [re.sub(r"<?\b[\w.+-]+@[\w.-]+>?", "", name).strip() for name in names]
    names = [re.sub(r"^\(([^()]*)\)$|\(\s*\)$", r"\1", name).strip() for name in names]
    return "; ".join(dict.fromkeys(name for name in names if name))
