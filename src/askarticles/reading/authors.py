"""Names of the people who wrote a page, and nothing else that pages call an author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html

from askarticles.reading.blocks import tidy
from askarticles.reading.layout import read_header_line
from askarticles.reading.pagenames import words_of
from askarticles.reading.pagetree import PageBlock

_BY = re.compile(
    r"(?:(?:story|text|words|report|reported|written|posted|published|exclusive|analysis|opinion"
    r"|article|escrito|écrit|verfasst|texto|texte) )?"
    r"(?:(?:by|von|par|por|di|da|door|af|av)(?:\s*[:：]\s*|\s+)"
    r"|(?:autor(?:in)?|author|auteur|autore|text|texte|texto|words|story|автор|作者)\s*[:：]\s*)",
    re.I,
)
# "y", "e" and their like also stand inside names (Ortega y Gasset): they part two whole names only.
_BETWEEN = re.compile(
    r"\s*(?:[,;|·•/&]|\s[–—-]\s|\s(?:and|und|et|with)\s"
    r"|(?<=\w)\s+(?:y|e|og|och|en)\s+(?=[A-ZÀ-Þ]\S* [A-ZÀ-Þ]))\s*"
)
# What ends a byline: a dash, a date ("February 4, 2025"), or a word that begins another statement.
_DAY_WORD = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_END = re.compile(
    rf"\s+[—–|•·-]\s|(?:(?:^|[\s,(]+){_DAY_WORD}\b\.?)*[\s,(]*\d|\s@|\bis an?\b|https?:"
    r"|\b(?:published|updated|posted|publicado|publié|veröffentlicht|pubblicato|aktualisiert"
    r"|special to|for the|in collaboration|follow|last)\b",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:(?:co-?)?reporters?|correspondents?|editors?|writers?|journalists?|columnists?"
    r"|contributors?|contributing|producers?|bureau|desk|newsroom|staff|team|director|professor"
    r"|chief|critic|anchor|photographers?|fellow|researcher|redaktion\w*|redakteur\w*"
    r"|korrespondent\w*|autorin|journalistin|redacción|redacção|redação|rédaction|redazione"
    r"|redactie|redaktör\w*|redaktor\w*|periodista|redactora?|corresponsal|journaliste"
    r"|correspondante?|rédact\w+|repórter|reportero|reportera|jornalista|editora?|giornalista"
    r"|redattore|verslaggever|redacteur|admin(?:istrator)?|webmaster|guest|user|unknown"
    r"|anonymous|author|editorial|press release|agencies|subscribe|follow|contact|read more|share"
    r"|bio|profile|e-?mail|comments?|minutes?|hours?|ago|today|yesterday)\b",
    re.I,
)
# Houses, which stand beside the names of their people and count only where there are none.
_HOUSE = re.compile(
    r"\b(?:press|news|times|post|magazine|agency|agentur|agencia|service|wire|media|university"
    r"|institute|group|network|tv|radio|reuters|afp|dpa|ap|efe|ansa|bbc|cnn|npr)\b",
    re.I,
)
_PARTICLE = re.compile(
    r"de|del|della|der|den|di|da|dos|das|do|du|la|le|las|los|van|von|zu|zur|ter|ten|te|al|el|bin"
    r"|ibn|abu|of|y|e|af|och|d['’]\S+|\S*['’-]\S+"
)
_JUNIOR = re.compile(r"(?:jr|sr|ii|iii|iv|md|phd|esq|m\.d|ph\.d)\.?", re.I)
_ADDRESS = re.compile(r"\w\.(?:com|org|net|co|de|fr|es|it|info)\b|www\.", re.I)
_NO_SIGN_OF_A_NAME = re.compile(r"[\d@#/<>{}=_?!:]")
_ELSEWHERE = re.compile(
    r"(?:^|[ -])(?:comments?|related|sidebar|river|teasers?|recommended|trending|popular|cards?"
    r"|promo|more-stories|bio|footer|widget)(?:[ -]|$)"
)
_OF_A_PERSON = re.compile(r"/(?:@[\w.-]+|(?:authors?|people|profile|staff|by)/[^/?#]+)/?$")
_BYLINE_NAME = re.compile(r"(?:^|[ -])(?:author|byline|author-name)(?: |$)")
# A byline of six people exists; more are the writers of a list of stories.
_MOST_BYLINES = 6
_LONGEST_BYLINE = 200


def clean_authors(names: Iterable[str], outlet: str, title: str) -> list[str]:
    """The names of people among what a page gives as authors, each once, in order.

    Left out are job titles, addresses and handles, the outlet itself, its staff as a whole, and
    whatever has no form of a name. outlet, title: of the page, or "".
    """
    house = re.sub(r"^the|(?:com|org|net)$", "", letters_of(outlet))
    found: list[str] = []
    for given in names:
        text = tidy(re.sub(r"<[^>]*>|\([^)]*\)", " ", given))
        if "://" in text or len(text) > 300 or text == title or _BY.fullmatch(text + " "):
            continue
        if match := _BY.match(text):
            text = text[match.end() :]
        for part in _BETWEEN.split(text):
            name = re.sub(r"\s+in\s+[A-Z].*$|\s*@\S+", "", part).strip(" ,;:–—*'\"")
            name = name if re.search(r"\b(?:Jr|Sr|[A-Z])\.$", name) else name.rstrip(".")
            if name and _JUNIOR.fullmatch(name) and found:
                found[-1] = f"{found[-1]}, {name}"
            elif _is_name(name) and name not in found and not _is_house(name, house):
                found.append(name)
    people = [name for name in found if not _HOUSE.search(name)]
    return people or found


def read_visible_authors(
    root: html.HtmlElement, near: list[PageBlock]
) -> Iterator[tuple[str, list[str]]]:
    """Authors as the page prints them, the surest way first: (where they stand, texts).

    near: blocks around the headline, where a line may begin with "By".
    """
    for origin, marked in (("link rel=author", _by_rel), ("byline by its class", _by_class)):
        names = list(dict.fromkeys(marked(root)))
        if 1 <= len(names) <= _MOST_BYLINES:
            # One word that is not the outlet is more often a label than a name.
            yield origin, [name for name in names if " " in name or not name.isascii()]
    for block in near:
        header = read_header_line(block.text)
        if header.strong and header.author:
            yield "line by the headline", header.author.split("; ")
        match = _BY.match(block.text)
        if match and len(block.text) < _LONGEST_BYLINE:
            line = _END.split(block.text[match.end() :], maxsplit=1)[0]
            if " " in line.strip() or not line.isascii():
                yield "byline", [line]


def _by_rel(root: html.HtmlElement) -> Iterator[str]:
    for element in root.xpath("//*[contains(@rel, 'author') or @itemprop='author']"):
        if element.tag in ("link", "meta") or _is_elsewhere(element):
            continue
        name = element.find(".//*[@itemprop='name']")
        chosen = element if name is None else name
        yield (chosen.get("content") or "") if chosen.tag == "meta" else tidy(chosen.text_content())


def _by_class(root: html.HtmlElement) -> Iterator[str]:
    taken: list[html.HtmlElement] = []
    for element in root.xpath("//*[@class or @id]"):
        words = words_of(element)
        if "author" not in words and "byline" not in words and "byl" not in words.split():
            continue
        text = tidy(element.text_content())
        if not text or len(text) > _LONGEST_BYLINE or _is_elsewhere(element):
            continue
        if any(parent in taken for parent in element.iterancestors()):
            continue
        inner = [
            tidy(part.text_content())
            for part in element.iterdescendants()
            if isinstance(part.tag, str)
            and (
                re.search(r"name\b", words_of(part))
                or (part.tag == "a" and _OF_A_PERSON.search(part.get("href") or ""))
            )
        ]
        match = _BY.match(text)
        if inner or match or _BYLINE_NAME.search(words):
            taken.append(element)
            line = text[match.end() :] if match else text
            yield from inner[:1] or [_END.split(line, maxsplit=1)[0]]


def _is_elsewhere(element: html.HtmlElement) -> bool:
    """Whether an element belongs to another story, a comment or the foot of the page."""
    for parent in element.iterancestors():
        if parent.tag in ("aside", "footer", "nav"):
            return True
        if parent.tag not in ("body", "html", "main"):
            words = words_of(parent)
            if _ELSEWHERE.search(words) and "author" not in words and "byline" not in words:
                return True
    return False


def _is_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > 60 or not re.search(r"[^\W\d_]", text):
        return False
    if _NO_SIGN_OF_A_NAME.search(text) or _ROLE.search(text) or _ADDRESS.search(text):
        return False
    # Names are written with capitals, in scripts that have them; a sentence is not.
    return all(not word[0].islower() or _PARTICLE.fullmatch(word.lower()) for word in words) and (
        not words[-1][0].islower()
    )


def _is_house(name: str, house: str) -> bool:
    """Whether a name is the outlet's; short names of outlets stand in other names by chance."""
    squeezed = re.sub(r"^the", "", letters_of(name))
    return bool(house) and (squeezed == house or (len(house) > 5 and house in squeezed))


def letters_of(text: str) -> str:
    """The letters and digits of a name, by which two spellings of it are the same."""
    return re.sub(r"\W", "", text).lower()
