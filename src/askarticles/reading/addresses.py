"""The address of a page's story, among those that the page gives."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import html

from askarticles.reading.pagedata import Node, is_article, text_of

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
# Browsers write that comment right after the doctype.
_SAVED_WITHIN = 5000
_USABLE = re.compile(r"https?://[^/\s]+\.[^/\s]\S*")


def read_address(
    root: html.HtmlElement, meta: dict[str, list[str]], nodes: list[Node], text: str, given: str
) -> tuple[str, str]:
    """The address of the story and where it stands, both "" when the page gives none.

    Best is what the page declares canonical; the home page and the AMP copy come last.
    text: the page's source. given: where the page was fetched from, or "".
    """
    saved = _SAVED_FROM.search(text[:_SAVED_WITHIN])
    shared = next(iter(meta.get("og:url", ())), "")
    near = given or (saved[1] if saved else "") or shared
    base = root.find(".//base")
    if base is not None:
        near = _join(near, base.get("href") or "")
    candidates = [
        (link.get("href") or "", "link rel=canonical")
        for link in root.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    candidates.append((shared, "og:url"))
    for node in nodes:
        if is_article(node):
            candidates.append((text_of(node.get("mainEntityOfPage")), "JSON-LD mainEntityOfPage"))
            candidates.append((text_of(node.get("url")), "JSON-LD url"))
    for name in ("twitter:url", "al:web:url", "parsely-link"):
        candidates += [(link, f"meta {name}") for link in meta.get(name, ())]
    candidates += [(given, "the address given"), (saved[1] if saved else "", "saved-from comment")]
    usable = [
        (link, origin)
        for link, origin in ((_join(near, link), origin) for link, origin in candidates if link)
        if _USABLE.fullmatch(link)
    ]
    for fits in (_is_story, _is_inside, bool):
        for link, origin in usable:
            if fits(link):
                return link, origin
    return "", ""


def host_of(address: str) -> str:
    """The address's host without "www.", or ""."""
    return (_split(address).hostname or "").removeprefix("www.")


def is_home_link(link: html.HtmlElement, address: str) -> bool:
    """Whether an <a> of the page at `address` leads to its site's home page."""
    href = (link.get("href") or "").strip()
    if href in ("/", "./", "index.html", "/index.html"):
        return True
    parts = _split(href)
    if parts.scheme not in ("http", "https") or parts.path.strip("/"):
        return False
    site = ".".join(host_of(address).split(".")[-2:])
    return not site or (parts.hostname or "").endswith(site)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _is_inside(address: str) -> bool:
    parts = _split(address)
    return bool(parts.path.strip("/") or parts.query)


def _is_story(address: str) -> bool:
    """Neither the home page nor an AMP copy."""
    parts = _split(address)
    host = parts.hostname or ""
    amp = (
        host.startswith("amp.")
        or host.endswith("cdn.ampproject.org")
        or re.search(r"(?:^|/)amp(?:/|$)|\.amp(?:\.|$)", parts.path)
        or re.search(r"(?:^|&)(?:amp|outputType=amp)(?:=|&|$)", parts.query)
    )
    return _is_inside(address) and not amp
