"""Names of the people who wrote a page, and nothing else that pages call an author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html

from askarticles.reading.blocks import tidy
from askarticles.reading.pagetree import PageBlock, words_of

_BY = re.compile(
    r"(?:(?:story|text|words|report|reported|written|posted|published|exclusive|analysis|opinion"
    r"|article|escrito|écrit|verfasst|texto|texte) )?"
    r"(?:by|von|par|por|di|da|door|af|av|autor(?:in)?|author|auteur|autore|text|texte|texto|автор|作者)"
    r"(?:\s*[:：]\s*|\s+)",
    re.I,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|·•/&\n]|\s[–—-]\s|\s(?:and|und|et|with)\s|(?<=\w)\s+(?:y|e|i|og|och|en)\s+(?=[A-ZÀ-Þ]\S* [A-ZÀ-Þ]))\s*"
)
# What ends a byline: a dash, a date, a digit, or a word that begins another statement.
_END = re.compile(
    r"\s+[—–|•·-]\s|\d|\b(?:published|updated|posted|publicado|publié|veröffentlicht|pubblicato"
    r"|aktualisiert|special to|for the|in collaboration|follow|@|https?:|last)\b|\s@|\bis an?\b",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:(?:co-?)?reporters?|correspondents?|editors?|writers?|journalists?|columnists?|contributors?"
    r"|contributing|producers?|bureau|desk|newsroom|staff|team|director|professor|chief|critic|anchor"
    r"|photographers?|fellow|researcher|redaktion\w*|redakteur\w*|korrespondent\w*|autorin|journalistin"
    r"|redacción|redacção|redação|rédaction|redazione|redactie|redaktör\w*|redaktor\w*|periodista"
    r"|redactora?|corresponsal|journaliste|correspondante?|rédact\w+|repórter|reportero|reportera"
    r"|jornalista|editora?|giornalista|redattore|verslaggever|redacteur|news|admin(?:istrator)?"
    r"|webmaster|guest|user|unknown|anonymous|author|editorial|press release|agencies|agentur|subscribe|"
    r"follow|contact|read more|share|bio|profile|email|comments?|minutes?|hours?|ago|today|yesterday)\b",
    re.I,
)
_INITIALS = re.compile(r"(?:[A-Z]\.\s?)+[A-Z]?\S*")
_CAPITAL = re.compile(
    r"^(?:(?:de|del|della|van|von|der|den|ter|di|da|dos|el|al|bin|la|le|du|d['’])\s+)*[^\W\d_]"
)
_PARTICLES = frozenset(
    ["de", "del", "della", "der", "den", "di", "da", "dos", "das", "do", "du", "la", "le", "las", "los", "van", "von", "zu", "zur", "ter", "ten", "te", "al", "el", "bin", "ibn", "abu", "of", "y", "e", "af", "och"]
)
_JUNIOR = re.compile(r"(?:jr|sr|ii|iii|iv|md|phd|esq|m\.d|ph\.d)\.?", re.I)


def clean_authors(names: Iterable[str], outlet: str, title: str) -> list[str]:
    """The names of people among what a page gives as authors, each once, in order.

    Left out are job titles, addresses and handles, the outlet itself, its staff as a whole, and
    whatever has no form of a name. outlet, title: of the page, or "".
    """
    found: list[str] = []
    house = _squeezed(outlet)
    for given in names:
        text = tidy(re.sub(r"<[^>]*>|\([^)]*\)", " ", given))
        if "://" in text or len(text) > 300 or (title and text == title):
            continue
        text = _BY.sub("", text, count=1) if _BY.match(text) else text
        parts = [part for part in _SPLIT.split(text) if part]
        for part in parts:
            name = re.sub(r"\s+in\s+[A-Z].*$", "", part).strip(" .,;:-–—*'\"")
            name = re.sub(r"\s*@\S+", "", name)
            if part.endswith(".") and re.search(r"\b(?:Jr|Sr)$", name):
                name += "."
            if _JUNIOR.fullmatch(name) and found:
                found[-1] = f"{found[-1]}, {part}"
            elif (
                _is_name(name)
                and not (house and _squeezed(name) in (house, "the" + house))
                and name not in found
            ):
                if not (house and house in _squeezed(name) and len(house) > 5):
                    found.append(name)
    return found


def read_visible_authors(root: html.HtmlElement, near: list[PageBlock]) -> list[str]:
    """Authors as the page prints them: in elements marked as byline, or as "By ..." by the headline.

    near: blocks around the headline.
    """
    for marked in (_by_rel, _by_class):
        names = list(dict.fromkeys(marked(root)))
        if names and len(names) <= 6:
            return names
    for block in near:
        match = _BY.match(block.text)
        if match and len(block.text) < 200:
            names = _END.split(block.text[match.end() :], maxsplit=1)[0]
            if clean_authors([names], "", ""):
                return [names]
    return []


def _by_rel(root: html.HtmlElement) -> Iterator[str]:
    for element in root.xpath("//*[@rel='author' or @itemprop='author' or @rel='author external']"):
        if element.tag in ("link", "meta") or _elsewhere(element):
            continue
        name = element.find(".//*[@itemprop='name']")
        chosen = element if name is None else name
        yield (chosen.get("content") or "") if chosen.tag == "meta" else tidy(chosen.text_content())


def _by_class(root: html.HtmlElement) -> Iterator[str]:
    taken: list[html.HtmlElement] = []
    for element in root.iter(
        "a", "address", "div", "p", "span", "strong", "b", "li", "cite", "h4", "h5"
    ):
        words = words_of(element)
        if "author" not in words and "byline" not in words and "byl" not in words.split():
            continue
        if any(parent in taken for parent in element.iterancestors()) or _elsewhere(element):
            continue
        text = tidy(element.text_content())
        if not text or len(text) > 150:
            continue
        inner = [
            tidy(part.text_content())
            for part in element.iter()
            if isinstance(part.tag, str)
            and part is not element
            and re.search(r"name\b", words_of(part))
        ]
        match = _BY.match(text)
        if inner:
            taken.append(element)
            yield inner[0]
        elif match or re.search(r"(?:^|[ -])(?:author|byline|author-name)(?: |$)", words):
            taken.append(element)
            rest = text[match.end() :] if match else text
            yield _END.split(rest, maxsplit=1)[0]


def _elsewhere(element: html.HtmlElement) -> bool:
    """Whether an element belongs to another story, a comment or the foot of the page."""
    for parent in element.iterancestors():
        if parent.tag in ("aside", "footer", "nav"):
            return True
        if parent.tag in ("body", "html", "main"):
            continue
        if re.search(
            r"(?:^|[ -])(?:comments?|related|sidebar|river|teasers?|recommended|trending|popular|cards?"
            r"|promo|more-stories|bio|footer|widget)(?:-| |$)",
            words_of(parent),
        ) and not re.search(r"author|byline", words_of(parent)):
            return True
    return False


def _is_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > 60 or not _CAPITAL.match(text):
        return False
    if any(sign.isdigit() or sign in "@#:/<>{}=_?!" for sign in text) or _ROLE.search(text):
        return False
    if re.search(r"\.(?:com|org|net|co|de|fr|es|it)\b|www\.", text, re.I):
        return False
    # Names are written with capitals, in scripts that have them; a sentence is not.
    small = [word for word in words if word[0].islower() and word.lower() not in _PARTICLES]
    return not [word for word in small if "'" not in word and "’" not in word]


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
