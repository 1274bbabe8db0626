"""Reads the XML in which agencies and newsrooms pass stories on: NITF, and NewsML around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from askarticles.datatypes import Story
from askarticles.reading.blocks import join_blocks, tidy
from askarticles.reading.dates import parse_date
from askarticles.reading.fragments import fragment_blocks
from askarticles.reading.layout import read_header_line
from askarticles.reading.package import parse_xml, with_characters
from askarticles.reading.powers import with_powers

# Names of NITF for what HTML calls otherwise.
_HTML_NAMES = {"hl1": "h1", "hl2": "h2", "block": "div"}
# Pictures with their captions, and what is no word of the story.
_BESIDE = ("media", "media-caption", "nitf-table-metadata", "body.end", "object", "title")
_STORIES = "//nitf | //newsItem[not(.//nitf)][.//inlineXML]"
_CONTENT = ".//body.content | .//inlineXML"
_TITLE = ("hedline//hl1", "hedline", "contentMeta/headline", "head/title")
_DATE = (
    "@norm[parent::date.issue]", "@norm[parent::story.date]", "@date.publication",
    "contentMeta/contentCreated", "itemMeta/firstCreated", "itemMeta/versionCreated",
)  # fmt: skip
_SOURCE = ("distributor", "@name[parent::pubdata]", "@holder", "rightsInfo/copyrightHolder/name")
_BYLINE = ("body.head//byline", "contentMeta/by", "contentMeta/creator/name")


def read_news_xml(text: str) -> Iterator[Story]:
    """The stories of a NITF or NewsML-G2 file that carry their text; none of any other file."""
    root = parse_xml(with_characters(text.encode("utf-8", "replace")))
    if root is None:
        return
    etree.strip_elements(root, etree.Entity, "byttl", with_tail=False)
    for element in root.iter():
        element.tag = re.split("[}:]", str(element.tag))[-1]
    for number, item in enumerate(_found(root, _STORIES), 1):
        if story := _story(item, f"item {number}"):
            yield story


def _story(item: etree._Element, label: str) -> Story | None:
    byline = _first(item, _BYLINE)
    author = read_header_line(byline).author or read_header_line(f"By {byline}").author
    title, published, source = (_first(item, paths) for paths in (_TITLE, _DATE, _SOURCE))
    content = next(iter(_found(item, _CONTENT)), None)
    if content is None:
        return None
    etree.strip_elements(content, *_BESIDE, "hedline", "byline", with_tail=False)
    for element in content.iter():
        element.tag = _HTML_NAMES.get(str(element.tag), element.tag)
    body, places = join_blocks(fragment_blocks(with_powers(content), label))
    if not body:
        return None
    return Story(
        title=title,
        body=body,
        source=source,
        author=author or byline,
        published=parse_date(published),
        places=places,
        origins=(("body", label),),
    )


def _first(item: etree._Element, paths: tuple[str, ...]) -> str:
    """The text at the first of the paths that leads to one."""
    for path in paths:
        for found in _found(item, f".//{path}"):
            text = tidy(found if isinstance(found, str) else "".join(map(str, found.itertext())))
            if text:
                return text
    return ""


def _found(item: etree._Element, path: str) -> list[Any]:
    found: Any = item.xpath(path)
    return list(found)
