"""Who wrote a web page, when, where and under what headline, and where each of these stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import html

from askarticles.reading.addresses import host_of, is_home_link, read_address
from askarticles.reading.authors import clean_authors, letters_of, read_visible_authors
from askarticles.reading.blocks import tidy
from askarticles.reading.dates import find_date, is_short_date, parse_date
from askarticles.reading.layout import has_outlet_word, read_header_line
from askarticles.reading.pagedata import (
    Node,
    clean,
    is_article,
    names_of,
    read_meta,
    read_nodes,
    text_of,
    types_of,
)
from askarticles.reading.pagenames import words_of
from askarticles.reading.pagetree import PageBlock

_SEPARATOR = re.compile(r"\s+[-–—|·•»«:]+\s+|\s*[|｜]\s*|\s*::\s*|(?<=[^\s\d]):\s+")
_LOGO = re.compile(
    r"(?:^|[ -])(?:logo|brand|masthead|site-?title|site-?name|site-header)(?:[ -]|$)"
)
_UPDATED = re.compile(
    r"updat|modif|edited|revis|aktualis|geändert|actualiz|actualis|mise? à jour|atualiz|aggiorn"
    r"|bijgewerkt|uppdater|oppdater|opdater|обновл|更新|수정",
    re.I,
)
_UPDATE = re.compile(rf"(?=\b(?:last |zuletzt |última )?(?:{_UPDATED.pattern}))", re.I)
_PUBLISHED = re.compile(
    r"publi|posted|veröffentlicht|erstellt|pubblicat|geplaatst|issued|опубл|发布|公開|게재", re.I
)
_STATEMENT = re.compile(rf"{_UPDATE.pattern}|(?=\b(?:{_PUBLISHED.pattern}))", re.I)
_WRITTEN_BY = re.compile(r"writ|author|autor|by|von|par|por|verfasst|escrito|écrit", re.I)
# Boxes with dates of other stories or of comments.
_OTHERS = re.compile(r"comment|related|sidebar|teaser|card|river|list|recommend|popular|trending")
_HOME_WORDS = frozenset(
    ("home", "homepage", "start", "startseite", "inicio", "início", "accueil", "front page")
)
# English with the month first is American; these sites write the day first.
_DAY_FIRST_HOST = re.compile(r"\.(?:uk|ie|au|nz|in|za|pk|ng|ke|eu|sg|my|hk)$")
# Pages older than the web exist only where their data say so.
_FIRST_PAGE = "1991"
# fmt: off
_META_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "citation_publication_date", "citation_date", "pubdate", "publishdate",
    "publish-date", "publish_date", "published_date", "publication_date", "published", "pdate",
    "originalpublicationdate", "og:pubdate", "date",
)
_META_AUTHORS = (
    "author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "citation_author", "article:author", "og:article:author", "article:author_name",
    "cxenseparse:author",
)
# fmt: on
_META_TITLES = ("twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")


@dataclass(slots=True)
class Facts:
    """What is known about a page besides its text; the fields are those of Story.

    locale: the page's language with its region ("pt-BR"), which orders the numbers of a date.
    article_body: the story's text as the page's own data for search engines give it, or "".
    origins: name of a field -> where its value stands.
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
        self.facts = Facts()
        self.meta = read_meta(root)
        self.nodes = read_nodes(root)
        self._found("url", *read_address(root, self.meta, self.nodes, text, address))
        self._language()
        self.document_title = self._document_title()
        self.headings = self._headings()
        self.node = self._article_node()
        self._source()
        self._title()
        self.place, self.near = self._near_headline()
        self._author()
        self._published()
        for header in [read_header_line(block.text) for block in self.near]:
            if header.strong and has_outlet_word(header.source):
                self._found("source", header.source, "line by the headline")
        self.facts.article_body = text_of(self.node.get("articleBody"))

    def _found(self, name: str, value: str, origin: str) -> None:
        """Keep the first value found for a field."""
        if value and not getattr(self.facts, name):
            setattr(self.facts, name, value)
            self.facts.origins[name] = origin

    def _meta(self, *names: str) -> str:
        return next((value for name in names for value in self.meta.get(name, ())), "")

    def _language(self) -> None:
        body = self.root.find(".//body")
        tags = [
            (self.root.get("lang") or self.root.get("xml:lang") or "", "html lang"),
            ("" if body is None else body.get("lang") or "", "body lang"),
            (self._meta("content-language"), "meta content-language"),
            (self._meta("og:locale"), "og:locale"),
        ]
        for tag, origin in tags:
            locale = tag.strip().split(",")[0].replace("_", "-")
            if re.fullmatch(r"[A-Za-z]{2}(?:-[A-Za-z0-9]+)*", locale):
                self._found("language", locale[:2].lower(), origin)
                if locale.lower() == "en" and _DAY_FIRST_HOST.search(host_of(self.facts.url)):
                    locale = "en-GB"
                self.facts.locale = locale
                return

    # The outlet

    def _source(self) -> None:
        self._found("source", _outlet(self._meta("og:site_name")), "og:site_name")
        for node in [self.node, *self.nodes]:
            for name in names_of(node.get("publisher"), self.nodes):
                self._found("source", _outlet(name), "JSON-LD publisher")
        for node in self.nodes:
            if "website" in types_of(node):
                self._found("source", _outlet(text_of(node.get("name"))), "JSON-LD WebSite")
        for key in ("application-name", "publisher", "dc.publisher"):
            self._found("source", _outlet(self._meta(key)), f"meta {key}")
        if not self.facts.source:
            self._source_from_title()
        if not self.facts.source:
            self._source_from_home_link()
        self._found("source", host_of(self.facts.url), "host of the address")

    def _source_from_title(self) -> None:
        """An end of <title> is the outlet when the head or foot of the page or its host says so."""
        parts = [part for part in _SEPARATOR.split(self.document_title) if part]
        if len(parts) < 2:
            return
        around = self.blocks[:40] + self.blocks[-25:]
        edges = [block.text for block in around if block.kind != "h"]
        printed = [tidy(heading.text_content()) for heading in self.headings]
        ends = [
            part for part in (parts[-1], parts[0]) if len(part.split()) <= 6 and part not in printed
        ]
        for part in ends:
            if self._is_owner(part, edges):
                self._found("source", part, "<title>")
        for part in ends:
            rest = [other for other in parts if other != part]
            # "The headline - The Pell Courier"
            shown = any(other in printed for other in rest)
            shown = shown or any(block.text in rest for block in around)
            # Without a heading the other end may be the headline, and stand on the page as well.
            outlet = part in edges and (bool(printed) or (shown and _is_shortest(part, rest)))
            if outlet or (has_outlet_word(part) and shown):
                self._found("source", part, "<title>")

    def _is_owner(self, name: str, edges: list[str]) -> bool:
        """Whether the page says that it belongs to a name, or its address is of this name."""
        squeezed = letters_of(name)
        # Four letters, since shorter names stand in hosts by chance.
        hosted = len(squeezed) > 4 and squeezed in letters_of(host_of(self.facts.url))
        return hosted or bool(re.search(rf"(?:©|\d{{4}}) {re.escape(name)}\b", "\n".join(edges)))

    def _source_from_home_link(self) -> None:
        """A link to the home page that is a logo, or whose words the title or the foot repeat."""
        foot = " ".join(block.text for block in self.blocks[-25:])
        parts = _SEPARATOR.split(self.document_title)
        for link in self.root.iter("a"):
            if not is_home_link(link, self.facts.url):
                continue
            name = tidy(link.text_content())
            if not 3 <= len(name) <= 40 or name.lower() in _HOME_WORDS:
                continue
            boxes = [link, *list(link.iterancestors())[:2]]
            if (
                name in parts
                or re.search(rf"(?:©|\(c\)|copyright)[^.]{{0,30}}{re.escape(name)}", foot, re.I)
                or any(_LOGO.search(words_of(box)) for box in boxes)
            ):
                self._found("source", name, "link to the home page")
                return

    # The headline

    def _document_title(self) -> str:
        title = self.root.find(".//title")
        return "" if title is None else _short(title.text_content())

    def _headings(self) -> list[html.HtmlElement]:
        """First headings that may be the headline: no logo, not in a sidebar or menu."""
        found = []
        for heading in self.root.iter("h1"):
            links = heading.findall(".//a")
            boxes = [heading, *list(heading.iterancestors())[:3]]
            if (
                tidy(heading.text_content())
                and not (len(links) == 1 and is_home_link(links[0], self.facts.url))
                and not any(_LOGO.search(words_of(box)) for box in boxes if box.tag != "body")
                and not any(box.tag in ("aside", "nav", "footer") for box in boxes)
            ):
                found.append(heading)
        return found

    def _article_node(self) -> Node:
        """The page's own article among the articles that its data describe."""
        articles = [node for node in self.nodes if is_article(node)]
        titles = [self.document_title, clean(self._meta("og:title"))]
        titles += [tidy(heading.text_content()) for heading in self.headings]

        def fit(node: Node) -> float:
            headline = clean(text_of(node.get("headline")) or text_of(node.get("name")))
            return max((_likeness(headline, title) for title in titles), default=0.0)

        return max(articles, key=fit, default={})

    def _title(self) -> None:
        given = [
            (_short(text_of(self.node.get("headline"))), "JSON-LD headline"),
            (_short(self._meta("og:title")), "og:title"),
            (_short(self._meta(*_META_TITLES)), "meta title"),
            (self.document_title, "<title>"),
        ]
        printed = [_short(heading.text_content()) for heading in self.headings]
        printed = [text for text in printed if letters_of(text) != letters_of(self.facts.source)]
        given = [(self._without_outlet(title, printed), origin) for title, origin in given]
        given = [(title, origin) for title, origin in given if title]
        likeness, _, text = max(
            (
                (max((_likeness(text, title) for title, _ in given), default=0.0), -number, text)
                for number, text in enumerate(printed)
            ),
            default=(0.0, 0, ""),
        )
        # A first heading that no title repeats may be the section's name; one of a sentence's
        # length that stands alone is the headline all the same.
        if likeness >= 0.4 or not given or (len(printed) == 1 and len(text) >= 20):
            kicked = [
                title for title, _ in given if text != title and text.endswith(title)
            ]  # "Opinion" inside the heading
            self._found("title", kicked[0] if kicked else text, "h1")
        for title, origin in given:
            self._found("title", title, origin)
        for tag in ("h2", "h3"):
            heading = self.root.find(f".//{tag}")
            if heading is not None:
                self._found("title", clean(heading.text_content()), tag)

    def _without_outlet(self, title: str, printed: list[str]) -> str:
        """A title without the outlet's name at its end or start; other dashes stay."""
        host = host_of(self.facts.url)
        names = {
            letters_of(self.facts.source),
            letters_of(host),
            letters_of(host.rpartition(".")[0]),
        }
        names = {name.removeprefix("the") for name in names} - {""}
        if letters_of(title).removeprefix("the") in names:
            return ""
        for _ in range(2):  # an outlet at either end
            if title in printed:
                break
            for cut in _SEPARATOR.finditer(title):
                before, after = title[: cut.start()], title[cut.end() :]
                if before in printed or letters_of(after).removeprefix("the") in names:
                    title = before
                    break
                if after in printed or letters_of(before).removeprefix("the") in names:
                    title = after
                    break
        return title

    # The byline

    def _near_headline(self) -> tuple[html.HtmlElement | None, list[PageBlock]]:
        """The headline's element, and short blocks around it, where byline and date stand.

        Those after the headline, down to the second long paragraph, come before those above it.
        """
        title = self.facts.title
        found = [n for n, block in enumerate(self.blocks) if title and block.text.endswith(title)]
        headings = [n for n in found if self.blocks[n].kind == "h"]
        if not found:
            return None, []
        index = (headings or found)[0]
        near: list[PageBlock] = []
        long = 0
        for block in self.blocks[index + 1 : index + 26]:
            if len(block.text) > 120 and block.text[-1:] in '.!?”"':
                long += 1
                if long == 2:
                    break
            elif block.kind != "tr" and block.rule in ("", "sharing", "byline or date"):
                near.append(block)
        place = self.blocks[index].element
        # Above it only what shares its box, since the masthead may print the day's date.
        boxes = [
            box
            for box in list(place.iterancestors())[:2]
            if box.tag not in ("body", "html") and len(box.text_content()) < 600
        ]
        above = [
            block
            for block in self.blocks[max(0, index - 4) : index]
            if block.home is self.blocks[index].home
            or any(box in boxes for box in (block.element, *block.element.iterancestors()))
        ]
        return place, near + above[::-1]

    def _author(self) -> None:
        def keep(names: Iterable[str], origin: str) -> None:
            if not self.facts.author:
                cleaned = clean_authors(names, self.facts.source, self.facts.title)
                self._found("author", "; ".join(cleaned), origin)

        keep(names_of(self.node.get("author") or self.node.get("creator"), self.nodes), "JSON-LD")
        if not self.facts.author:
            for origin, names in read_visible_authors(self.root, self.near):
                keep(names, origin)
        for name in _META_AUTHORS:
            keep(self.meta.get(name, []), f"meta {name}")
        for number in ("1", "2"):
            if _WRITTEN_BY.search(self._meta(f"twitter:label{number}")):
                keep([self._meta(f"twitter:data{number}")], "meta twitter:data")

    def _published(self) -> None:
        locale = self.facts.locale
        for key in ("datePublished", "dateCreated"):
            found = parse_date(text_of(self.node.get(key)), locale)
            self._found("published", found, f"JSON-LD {key}")
        for name in _META_DATES:
            self._found("published", parse_date(self._meta(name), locale), f"meta {name}")
        if self.facts.published:
            return
        for value in self._marked_times():
            self._found("published", parse_date(value, locale), "time of the page")
        for labelled in (True, False):
            for block in self.near:
                if _PUBLISHED.search(block.text) if labelled else _is_dateline(block.text):
                    found = _first_publication(block.text, locale)
                    self._found("published", found, "text by the headline")
        for block in reversed(self.blocks[-60:]):
            # Below a story only what calls itself the publication.
            if not block.rule and len(block.text) < 120 and _PUBLISHED.match(block.text):
                found = _first_publication(block.text, locale)
                self._found("published", found, "text below the story")

    def _marked_times(self) -> Iterator[str]:
        """What the page marks as its own time, publication before anything else."""
        marked: list[tuple[bool, int, str]] = []
        article = None
        if self.place is not None:
            article = next(self.place.iterancestors("article"), None)
        for element in self.root.xpath("//time | //*[@itemprop='datePublished'] | //*[@pubdate]"):
            boxes = [box for box in element.iterancestors() if box.tag not in ("body", "html")]
            if any(box.tag in ("aside", "nav", "footer", "li") for box in boxes) or any(
                _OTHERS.search(words_of(box)) for box in boxes if box.tag not in ("main", "article")
            ):
                continue
            if article is not None and article not in boxes:
                continue
            names = " ".join(words_of(box) for box in (element, *boxes[:1]))
            label = f"{_text_before(element)} {element.text_content()}"
            prop = element.get("itemprop") or ""
            if prop == "dateModified" or _UPDATED.search(names) or _UPDATED.search(label):
                continue
            value = element.get("datetime") or element.get("content") or element.text_content()
            first = prop == "datePublished" or element.get("pubdate") is not None
            first = first or bool(_PUBLISHED.search(f"{names} {label}"))
            marked.append((not first, len(marked), tidy(value)))
        # Several unnamed times on a page without an <article> may be those of a list of stories.
        if article is not None or len(marked) <= 2 or (marked and not min(marked)[0]):
            yield from (value for _, _, value in sorted(marked))


def _text_before(element: html.HtmlElement) -> str:
    """The last words before an element in its parent."""
    previous = element.getprevious()
    if previous is not None:
        return tidy(f"{previous.text_content()} {previous.tail or ''}")[-40:]
    parent = element.getparent()
    return tidy((parent.text if parent is not None else "") or "")[-40:]


def _is_dateline(text: str) -> bool:
    """Whether a text may be the line of author and date, not a sentence with a date in it."""
    if re.search(r"\b[ap]\.m\.$", text, re.I):
        return bool(read_header_line(text).published)
    small = re.findall(r"(?<![^\W\d_])[a-zà-ÿ]{2,}(?![^\W\d_])", text)
    return len(text) <= 120 and text[-1:] not in ".!?:;,”" and len(small) <= 6


def _first_publication(text: str, locale: str) -> str:
    """The first date in a short text that is not said to be that of an update."""
    if is_short_date(text):
        return parse_date(text, locale)
    for part in _STATEMENT.split(text):
        if not _UPDATE.match(part):
            found = find_date(part, locale)
            if found >= _FIRST_PAGE:
                return found
    return ""


def _short(text: str) -> str:
    """A cleaned text that may be a headline, "" for a longer one: 500 letters are 80 words."""
    return "" if len(text) > 2000 or len(clean(text)) > 500 else clean(text)


def _outlet(name: str) -> str:
    """A name as that of an outlet, "" for an address, a copyright line or a slogan."""
    name = clean(name).lstrip("@")
    return "" if "://" in name or "©" in name or len(name) > 80 else name


def _is_shortest(part: str, rest: list[str]) -> bool:
    """Whether one part of a title has fewer words than all others, as an outlet's name has."""
    return all(len(part.split()) < len(other.split()) for other in rest)


def _likeness(one: str, other: str) -> float:
    """How many words two titles share (Dice's coefficient), 0 to 1."""
    first, second = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))
