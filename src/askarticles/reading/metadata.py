"""Who wrote a web page, when, where and under what headline, and where each of these stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

from askarticles.reading.authors import clean_authors, read_visible_authors
from askarticles.reading.blocks import tidy
from askarticles.reading.dates import find_date, parse_date
from askarticles.reading.pagetree import PageBlock, words_of

_ARTICLE_TYPES = re.compile(r"(?:article|posting|report|review)$", re.I)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_JSON_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|(?://)?\s*<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|(?://)?\s*\]\]>)\s*;?\s*$"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_SEPARATOR = re.compile(r"\s+[-–—|·•»«:]+\s+|\s*\|\s*|\s*::\s*|(?<=[^\s\d]):\s+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_LOGO = re.compile(
    r"(?:^| |-)(?:logo|brand|masthead|site-title|site-name|site-header|sitename)(?:-| |$)"
)
_UPDATED = re.compile(
    r"(?:updat|modif|edited|revis|aktualis|geändert|actualiz|actualis|mis[e]? à jour|atualiz"
    r"|aggiorn|bijgewerkt|uppdater|oppdater|opdater|обновл|更新|수정)",
    re.I,
)
_PUBLISHED = re.compile(
    r"(?:publi|posted|veröffentlicht|erstellt|pubblicat|geplaatst|first|issued|опубл|发布|公開)",
    re.I,
)
_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_date",
    "publication_date",
    "published",
    "pdate",
    "originalpublicationdate",
    "og:pubdate",
    "date",
)
_META_AUTHORS = (
    "author",
    "byl",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "article:author",
    "og:article:author",
    "article:author_name",
    "cxenseparse:author",
)


@dataclass(slots=True)
class Facts:
    """What is known about a page besides its text; the fields are those of Story.

    locale: the page's language with its region ("pt-BR"), which orders the numbers of a date.
    article_body: the story's text as the page's own data for search engines give it, or "".
    """

    title: str = ""
    author: str = ""
    published: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    locale: str = ""
    article_body: str = ""
    origins: dict[str, str] = field(default_factory=dict)


def read_facts(root: html.HtmlElement, blocks: list[PageBlock], text: str, address: str) -> Facts:
    """Read title, author, date, outlet, address and language of a page.

    blocks: of the page, as `read_blocks` gives them. text: the page's source. address: where the
    page was fetched from, or "".
    """
    return _Page(root, blocks, text, address).facts


class _Page:
    def __init__(
        self, root: html.HtmlElement, blocks: list[PageBlock], text: str, address: str
    ) -> None:
        self.root = root
        self.blocks = blocks
        self.address = address
        self.facts = Facts()
        self.meta = _meta(root)
        self.nodes = list(_json_ld(root))
        self._language()
        self._url(text)
        self.headings = self._headings()
        self.node = self._article_node()
        self._source()
        self._title()
        self.near = self._near_headline()
        self._author()
        self._published()
        self.facts.article_body = _string(self.node.get("articleBody"))

    def _found(self, name: str, value: str, origin: str) -> bool:
        """Keep the first value found for a field."""
        if value and not getattr(self.facts, name):
            setattr(self.facts, name, value)
            self.facts.origins[name] = origin
        return bool(value)

    def _language(self) -> None:
        tags = [(self.root.get("lang") or self.root.get("xml:lang") or "", "html lang")]
        body = self.root.find(".//body")
        if body is not None:
            tags.append((body.get("lang") or "", "body lang"))
        tags += [
            (self._meta("content-language"), "meta content-language"),
            (self._meta("og:locale"), "og:locale"),
        ]
        for tag, origin in tags:
            locale = tag.strip().split(",")[0].replace("_", "-")
            if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*", locale):
                self.facts.locale = locale
                self._found("language", locale.split("-")[0].lower()[:2], origin)
                return

    def _meta(self, *names: str) -> str:
        return next((value for name in names for value in self.meta.get(name, ())), "")

    # The address

    def _url(self, text: str) -> None:
        saved = _SAVED_FROM.search(text[:5000])
        base = self.root.find(".//base")
        near = self.address or (saved[1] if saved else "") or self._meta("og:url")
        if base is not None and base.get("href"):
            near = urljoin(near, base.get("href") or "")
        candidates = [
            (link.get("href") or "", "link rel=canonical")
            for link in self.root.iter("link")
            if "canonical" in (link.get("rel") or "").lower().split()
        ]
        candidates.append((self._meta("og:url"), "og:url"))
        for node in self.nodes:
            if _is_article(node):
                entity = node.get("mainEntityOfPage")
                if isinstance(entity, dict):
                    entity = entity.get("@id") or entity.get("url")
                candidates += [
                    (_string(entity), "JSON-LD mainEntityOfPage"),
                    (_string(node.get("url")), "JSON-LD url"),
                ]
        candidates += [
            (self._meta("twitter:url", "al:web:url", "parsely-link"), "meta"),
            (self.address, "the address given"),
            (saved[1] if saved else "", "the browser's comment"),
        ]
        absolute = [(urljoin(near, link.strip()), origin) for link, origin in candidates if link]
        usable = [
            (link, origin)
            for link, origin in absolute
            if re.match(r"https?://[^/\s]+\.[^/\s]", link) and " " not in link
        ]
        for fits in (_is_story_address, _is_no_home, bool):
            for link, origin in usable:
                if fits(link):
                    self._found("url", link, origin)
                    return

    # The outlet

    def _source(self) -> None:
        self._found("source", _outlet(self._meta("og:site_name")), "og:site_name")
        for node in [self.node, *self.nodes]:
            publisher = node.get("publisher") or node.get("sourceOrganization")
            for name in _names(publisher, self.nodes):
                self._found("source", _outlet(name), "JSON-LD publisher")
        for node in self.nodes:
            if "website" in _types(node):
                self._found("source", _outlet(_string(node.get("name"))), "JSON-LD WebSite")
        for name in ("application-name", "publisher", "dc.publisher", "cre", "copyright"):
            if not re.search(r"\d{4}|©|\(c\)", self._meta(name)):
                self._found("source", _outlet(self._meta(name)), f"meta {name}")
        if not self.facts.source:
            self._source_from_title()
        if not self.facts.source:
            for link in self.root.iter("a"):
                name = tidy(link.text_content())
                if _is_home_link(link, self.facts.url) and 2 < len(name) <= 40:
                    if name.lower() not in ("home", "homepage", "start", "startseite", "inicio"):
                        self._found("source", name, "link to the home page")
                    break
        if self.facts.url:
            host = (urlsplit(self.facts.url).hostname or "").removeprefix("www.")
            self._found("source", host, "host of the address")

    def _source_from_title(self) -> None:
        """The end of <title> is the outlet when the page's head or foot says it by itself."""
        parts = [part for part in _SEPARATOR.split(self._document_title()) if part]
        if len(parts) < 2:
            return
        edges = [block.text for block in self.blocks[:40] + self.blocks[-25:]]
        host = re.sub(r"\W", "", urlsplit(self.facts.url).hostname or "").lower()
        for part in (parts[-1], parts[0]):
            squeezed = re.sub(r"\W", "", part).lower()
            if len(part.split()) <= 6 and (
                any(
                    part == edge or re.search(rf"(?:©|\d{{4}}) {re.escape(part)}\b", edge)
                    for edge in edges
                )
                or (len(squeezed) > 4 and squeezed in host)
            ):
                # The headline itself may stand alone at the head of the page.
                if not any(tidy(h.text_content()) == part for h in self.headings):
                    self._found("source", part, "<title>")
                    return

    # The headline

    def _document_title(self) -> str:
        title = self.root.find(".//head/title")
        if title is None:
            title = self.root.find(".//title")
        return _clean(title.text_content()) if title is not None else ""

    def _headings(self) -> list[html.HtmlElement]:
        """First headings that may be the headline: no logo, not in a sidebar or menu."""
        found = []
        for heading in self.root.iter("h1"):
            text = tidy(heading.text_content())
            if not text or _LOGO.search(words_of(heading)):
                continue
            if any(
                parent.tag in ("aside", "nav", "footer") or _LOGO.search(words_of(parent))
                for parent in list(heading.iterancestors())[:3]
            ):
                continue
            links = heading.findall(".//a")
            if len(links) == 1 and _is_home_link(links[0], self.facts.url):
                continue
            found.append(heading)
        return found

    def _article_node(self) -> dict[str, Any]:
        """The page's own article among the articles that its data describe."""
        articles = [node for node in self.nodes if _is_article(node)]
        titles = [self._document_title(), _clean(self._meta("og:title"))]
        titles += [tidy(heading.text_content()) for heading in self.headings]

        def fit(node: dict[str, Any]) -> float:
            headline = _clean(_string(node.get("headline")) or _string(node.get("name")))
            return max((_likeness(headline, title) for title in titles), default=0.0)

        best = max(articles, key=fit, default={})
        return best if best and (len(articles) == 1 or fit(best) > 0.5) else (articles or [{}])[0]

    def _title(self) -> None:
        source = self.facts.source
        machine = [
            (_clean(_string(self.node.get("headline"))), "JSON-LD headline"),
            (_clean(self._meta("og:title")), "og:title"),
            (
                _clean(
                    self._meta(
                        "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title"
                    )
                ),
                "meta title",
            ),
            (self._document_title(), "<title>"),
        ]
        printed = [_clean(heading.text_content()) for heading in self.headings]
        machine = [(self._without_outlet(title, printed), origin) for title, origin in machine]
        machine = [
            (title, origin)
            for title, origin in machine
            if title and title.lower() != source.lower()
        ]
        printed = [text for text in printed if text.lower() != source.lower()]
        scored = [
            (max((_likeness(text, title) for title, _ in machine), default=0.0), -number, text)
            for number, text in enumerate(printed)
        ]
        if scored:
            likeness, _, text = max(scored)
            # A first heading of one or two words may be the section's name.
            if likeness > 0.5 or not machine or (len(printed) == 1 and len(text) >= 20):
                self._found("title", text, "h1")
        for title, origin in machine:
            self._found("title", title, origin)
        if not self.facts.title:
            for tag in ("h2", "h3"):
                for heading in self.root.iter(tag):
                    self._found("title", _clean(heading.text_content()), tag)

    def _without_outlet(self, title: str, printed: list[str]) -> str:
        """A title without the outlet's name at its end or start; other dashes stay."""
        if title in printed:
            return title
        source = re.sub(r"\W", "", self.facts.source).lower()
        host = (urlsplit(self.facts.url).hostname or "").removeprefix("www.").lower()
        names = {source, re.sub(r"\W", "", host), re.sub(r"\W", "", host.rsplit(".", 1)[0])}
        names |= {name.removeprefix("the") for name in names}
        names.discard("")
        for _ in range(3):
            cuts = list(_SEPARATOR.finditer(title))
            if not cuts:
                break
            # The outlet's own name may have a dash in it, so every cut is tried.
            for cut in reversed(cuts):
                end = re.sub(r"\W", "", title[cut.end() :]).lower()
                if end in names or end.removeprefix("the") in names:
                    title = title[: cut.start()]
                    break
            else:
                for cut in cuts:
                    if re.sub(r"\W", "", title[: cut.start()]).lower() in names:
                        title = title[cut.end() :]
                        break
                else:
                    if cuts and title[: cuts[-1].start()] in printed:
                        title = title[: cuts[-1].start()]
                    break
            if title in printed:
                break
        return title

    # The byline

    def _near_headline(self) -> list[PageBlock]:
        """Short blocks around the headline, where bylines and dates stand, nearest first."""
        index = next(
            (n for n, block in enumerate(self.blocks) if block.text == self.facts.title),
            -1,
        )
        usable = [
            block
            for block in self.blocks[index + 1 : index + 26]
            if block.rule in ("", "sharing", "caption or credit", "boilerplate by its element")
            and len(block.text) < 250
        ]
        # The first real paragraphs end it: what follows them is the story.
        near: list[PageBlock] = []
        prose = 0
        for block in usable:
            if len(block.text) > 120 and block.text[-1:] in '.!?”"':
                prose += 1
                if prose == 2:
                    break
                continue
            if block.rule != "caption or credit":
                near.append(block)
        before = [
            block for block in self.blocks[max(0, index - 4) : max(0, index)] if not block.rule
        ]
        return near + before[::-1]

    def _author(self) -> None:
        def keep(names: Iterable[str], origin: str) -> bool:
            cleaned = clean_authors(names, self.facts.source, self.facts.title)
            return self._found("author", "; ".join(cleaned), origin)

        people = list(_names(self.node.get("author") or self.node.get("creator"), self.nodes))
        if keep(people, "JSON-LD author"):
            return
        if keep(read_visible_authors(self.root, self.near), "byline"):
            return
        for name in _META_AUTHORS:
            if keep(self.meta.get(name, []), f"meta {name}"):
                return
        for number in ("1", "2"):
            if re.search(
                r"writ|author|by|von|par|por|verfasst|escrito|écrit",
                self._meta(f"twitter:label{number}"),
                re.I,
            ):
                keep([self._meta(f"twitter:data{number}")], "twitter:data")

    def _published(self) -> None:
        locale = self.facts.locale
        for key in ("datePublished", "dateCreated"):
            self._found(
                "published", parse_date(_string(self.node.get(key)), locale), f"JSON-LD {key}"
            )
        for name in _META_DATES:
            self._found("published", parse_date(self._meta(name), locale), f"meta {name}")
        if self.facts.published:
            return
        for element, value in self._marked_times():
            self._found("published", parse_date(value, locale), f"<{element.tag}> of the page")
        if self.facts.published:
            return
        for labelled in (True, False):
            for block in self.near:
                if labelled and not _PUBLISHED.search(block.text):
                    continue
                self._found(
                    "published", _first_publication(block.text, locale), "text by the headline"
                )
        for block in reversed(self.blocks[-60:]):
            # At the foot of a story only what calls itself the publication.
            if not block.rule and len(block.text) < 120 and _PUBLISHED.match(block.text):
                self._found(
                    "published", _first_publication(block.text, locale), "text below the story"
                )

    def _marked_times(self) -> Iterator[tuple[html.HtmlElement, str]]:
        """Elements that mark a time as the page's own, publication before anything else."""
        marked = []
        for element in self.root.xpath("//time | //*[@itemprop='datePublished'] | //*[@pubdate]"):
            if any(
                parent.tag in ("aside", "nav", "footer", "li")
                or "comment" in words_of(parent)
                or re.search(r"related|sidebar|teaser|card|river|list", words_of(parent))
                for parent in element.iterancestors()
                if parent.tag not in ("body", "html", "main")
            ):
                continue
            own = words_of(element) + " " + words_of(element.getparent())
            label = (
                tidy(element.text_content())
                + " "
                + (
                    tidy(
                        element.getprevious().text_content()
                        if element.getprevious() is not None
                        and isinstance(element.getprevious().tag, str)
                        else (element.getparent().text or "")
                    )
                )
            )
            prop = element.get("itemprop") or ""
            if prop == "dateModified" or _UPDATED.search(own) or _UPDATED.search(label):
                continue
            value = element.get("datetime") or element.get("content") or element.text_content()
            first = prop == "datePublished" or element.get("pubdate") is not None
            first = first or bool(_PUBLISHED.search(own))
            marked.append((not first, len(marked), element, value))
        if marked and (marked[0][0] is False or len(marked) <= 3 or True):
            for _, _, element, value in sorted(marked, key=lambda item: item[:2]):
                yield element, tidy(value)


def _first_publication(text: str, locale: str) -> str:
    """The first date in a short text that is not said to be that of an update."""
    for part in re.split(
        r"(?=\b(?:updat|last updat|modif|aktualis|actualiz|atualiz|aggiorn|mis à jour))",
        text,
        flags=re.I,
    ):
        if not _UPDATED.match(part.removeprefix("last ").removeprefix("Last ")) and (
            found := find_date(part, locale)
        ):
            return found
    return ""


def _meta(root: html.HtmlElement) -> dict[str, list[str]]:
    """All meta elements: name in lower case -> contents in order."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = tidy(element.get("content") or "")
        if content:
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                for name in (element.get(attribute) or "").lower().split():
                    found.setdefault(name, []).append(content)
    return found


def _json_ld(root: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The nodes of the page's JSON-LD: top level, lists and @graph, not what they refer to."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        source = script.text_content()
        pending = [_loads(source)]
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending = node + pending
            elif isinstance(node, dict):
                yield node
                pending += [
                    node[key]
                    for key in ("@graph", "mainEntity")
                    if isinstance(node.get(key), (list, dict))
                ]


def _loads(source: str) -> Any:
    """JSON as pages have it: in comments, with trailing commas, raw line ends; None if hopeless."""
    text = source
    for _ in range(2):
        text = _JSON_WRAPPING.sub("", text)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].lower() for kind in kinds if isinstance(kind, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE_TYPES.search(kind) for kind in _types(node))


def _string(value: Any) -> str:
    """The text of a value that may be a list of texts or an object with @value or @id."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = (
            value.get("@value") or value.get("@id") or value.get("url") or value.get("name") or ""
        )
    return value.strip() if isinstance(value, str) else ""


def _names(value: Any, nodes: list[dict[str, Any]], depth: int = 0) -> Iterator[str]:
    """The names in an author or publisher: a text, an object, a list, a reference to a node."""
    if depth > 4:
        return
    if isinstance(value, str):
        yield _clean(value)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item, nodes, depth + 1)
    elif isinstance(value, dict):
        if value.get("name"):
            yield from _names(value["name"], nodes, depth + 1)
        elif value.get("@id"):
            for node in nodes:
                if node.get("@id") == value["@id"] and node.get("name"):
                    yield from _names(node["name"], nodes, depth + 1)
                    return


def _clean(text: str) -> str:
    """Text without entities (also entities of entities), tags and odd white space."""
    for _ in range(2):
        text = unescape(text)
    return tidy(_TAG.sub("", text))


def _outlet(name: str) -> str:
    name = _clean(name).lstrip("@")
    return "" if "://" in name or len(name) > 80 else name


def _likeness(one: str, other: str) -> float:
    """Shared words over the words of the shorter title, 0 to 1."""
    first, second = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    if not first or not second:
        return 0.0
    return (
        len(first & second) / min(len(first), len(second))
        if min(len(first), len(second)) > 1
        else float(first == second)
    )


def _is_no_home(link: str) -> bool:
    return bool(urlsplit(link).path.strip("/") or urlsplit(link).query)


def _is_story_address(link: str) -> bool:
    """Neither the home page nor an AMP copy."""
    parts = urlsplit(link)
    amp = (
        (parts.hostname or "").startswith("amp.")
        or re.search(r"(?:^|/)amp(?:/|$)|\.amp(?:\.|$)", parts.path)
        or re.search(r"(?:^|&)(?:amp|outputType=amp)(?:=|&|$)", parts.query)
        or "cdn.ampproject.org" in (parts.hostname or "")
    )
    return _is_no_home(link) and not amp


def _is_home_link(link: html.HtmlElement, url: str) -> bool:
    href = (link.get("href") or "").strip()
    if href in ("/", "./", "index.html", "/index.html"):
        return True
    parts = urlsplit(href)
    here = urlsplit(url).hostname or ""
    return bool(
        parts.scheme in ("http", "https")
        and not parts.path.strip("/")
        and (not here or (parts.hostname or "").endswith(".".join(here.split(".")[-2:])))
    )
