"""The lines between a headline and its story: who wrote it, when, for whom, and from where."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from askarticles.reading.dates import parse_date

# A line longer than this is prose (the longest header line in the tests has 116 characters).
_LONGEST = 160


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AGENCIES = _words(
    "reuters ap afp dpa efe ansa tass interfax xinhua upi pa apa ntb tt ritzau lusa belga anp pap"
    " čtk "
    "mti kyodo yonhap bloomberg sda-ats aap bernama anadolu"
) | {"associated press", "the associated press", "agence france-presse", "thomson reuters"}
_PARTICLES = _words(
    "de del della delle dei der den di da do dos das du la le las los van von vom zu zum zur al el"
    " bin "
    "ibn ben abu ter ten te y e i d af av of und the"
)
_NO_NAMES = _words(
    "the a an this that his her their our my its monday tuesday wednesday thursday friday saturday"
    " sunday january february march april may june july august september october november december"
    " noon midnight morning evening night spring summer autumn winter then now next last all"
    " contrast comparison law design default sea land air car train bus foot boat hand accident"
    " chance"
)
_ROLE = re.compile(
    r"\b(?:writers?|reporters?|correspondents?|editors?|columnists?|staff|bureau|desk|chief"
    r"|contributors?|analyst|producer|critic|photographer|redaktion|redakteur(?:in)?"
    r"|korrespondent(?:in)?|corresponsal|redacción|redactora?|correspondante?|envoyée? spéciale?"
    r"|agencies|agency)\b",
    re.I,
)
_OUTLET = re.compile(
    r"\b(?:courier|times|post|news|gazette|press|herald|journal|tribune|ledger|record|weekly|daily"
    r"|chronicle|observer|guardian|telegraph|independent|lantern|mail|express|mirror|standard|star"
    r"|sun|globe|examiner|inquirer|dispatch|bulletin|review|magazine|radio|tv|television|today"
    r"|agency|media|wire|newswire|service|network|online|voice"
    r"|sentinel|advertiser|argus|echo|register|republic|enquirer|beacon|monitor|insider|digest"
    r"|quarterly|monthly|newspaper|channel|broadcasting|blog|zeitung|nachrichten|anzeiger|tagblatt|kurier|bote|rundschau|presse|diario"
    r"|periódico|noticias|correo|jornal|folha|correio|corriere|giornale|gazzetta|journal|monde"
    r"|dépêche|krant|tidende|dagblad|tidning|gazeta|dziennik|noviny|газета|новости|вестник|报|新聞|新闻"
    r"|日報)\b|报$|新聞$|新闻$",
    re.I,
)
_ARTICLES = ("The ", "El ", "La ", "Le ", "Les ", "Der ", "Die ", "Das ", "Il ", "De ", "O ", "A ")
SMALL = _words("the of and for de la le el los las del der die das und & du des y e et")

_BYLINE = re.compile(
    r"[(\[]?(?:(?:a |an )?(?:review|story|text|words|report|reporting|article|written|analysis"
    r"|opinion|interview|column|commentary|essay|guest post|posted|published|photographs and"
    r" text)\s+)?(?P<word>by|von|por|par|di|door|af|av|autor|przez)\s*:?\s+(?P<names>\S.*)",
    re.I,
)
_AUTHOR_LABEL = re.compile(
    r"(?:authors?|writers?|reporters?|autor(?:a|in|es|en)?|auteure?s?|autor[ei]|escrito por"
    r"|texto(?: de)?|texte(?: de)?|text|tekst|words|автор|текст|作者|記者|记者"
    r"|文)\s*[:：]\s*(?P<names>\S.*)",
    re.I,
)
_SOURCE_LABEL = re.compile(
    r"(?:source|via|quelle|fuente|fonte|bron|källa|kilde|źródło|zdroj|источник|来源|來源"
    r"|出典)\s*[:：]\s*(?P<source>\S.{1,60})",
    re.I,
)
_DATE_LABEL = re.compile(
    r"(?:(?:first |originally |last |date )?(?:published|posted|updated?|modified|date|issued"
    r"|created)|datum|stand|veröffentlicht|aktualisiert|erstellt|erschienen|veröffentlichungsdatum"
    r"|fecha(?: de publicación)?|publicado|publicada"
    r"|actualizado|data(?: publikacji| de publicação| di pubblicazione)?|publicação|atualizado"
    r"|publié|mis à jour|date de publication|pubblicato"
    r"|aggiornato|gepubliceerd|bijgewerkt|geplaatst|publicerad|uppdaterad|publisert|udgivet"
    r"|oppdatert|opublikowano|publikacja|publikováno|дата|опубликовано|обновлено|发布时间|發布時間|日期|更新"
    r"|公開|発行)(?:\s+(?:on|at|am|vom|el|em|le|il|op|den|dne|в|о))?\s*[:：]?\s*",
    re.I,
)
_UPDATED = re.compile(
    r"(?:last )?(?:updated?|modified)|aktualisiert|actualizado|atualizado|mis à jour|aggiornato"
    r"|bijgewerkt|uppdaterad|oppdatert|обновлено|更新",
    re.I,
)
# Where a new part begins although nothing but a blank stands before it.
_NEW_PART = re.compile(
    r"[\s,;|·•–—(-]+(?=(?i:(?:last )?(?:updated|modified)|update:|aktualisiert|actualizado"
    r"|atualizado|mis à jour)\b)"
    r"|(?<=\d)\s+(?=(?:by|By|BY|von|por|par) [^\W\d_a-z])"
    r"|(?<=[^\W\d_])\s+(?=(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
    r"|\d{1,2}\.? [^\W\d_]{3,12} \d{4})$)"
)
_PARTS = re.compile(r"\s*[|·•;]\s*|\s+(?:[–—-]{1,2}|/)\s+")
# What stands behind a name and is none: degrees and honours, and the letters of an outlet, unless
# they are those of a country.
_HONOUR = re.compile(r"(?:ph\.?d|m\.?d|m\.?a|mba|msc|esq|rn|obe|cbe|mbe|mp)\.?", re.I)
_JUNIOR = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.I)
_LETTERS = re.compile(r"[A-Z]{2,5}|[A-Z]{3,5} [A-Z][a-z].*")
_COUNTRIES = _words("us usa uk eu uae nyc dc")
# "By Ida Loft on May 3, 2024": after other words "on" is a sentence's.
_BY_ON = re.compile(r"(?P<by>(?i:by)\s.{2,100}?)\s+on\s+(?=(?:[^\W\d_]+[.,]* ){0,2}\d)")
_SPECIAL = re.compile(r"(?:^|,?\s+)special (?:to|for)\s+(?P<outlet>(?:the )?[A-Z].*)$", re.I)
_TOGETHER = re.compile(r"\s*\((?:with|and|mit|avec|con|com)\s+(?P<name>[^()]{2,60})\)$", re.I)
_PICTURES = re.compile(
    r"(?:photos?|photograph(?:s|er|y)|pictures?|images?|illustrations?|graphics?|videos?|fotos?"
    r"|bild(?:er)?|fotografías?|illustrationen)(?:\s*[:：]|\s+(?:by|von|por|par|di)\s)\s*\S",
    re.I,
)
_NAMES = re.compile(r"\s*[,;/]\s*|\s+(?:and|und|et|y|e|en|och|og|i|и|&|with)\s+", re.I)
# Parts that say nothing of author, date or outlet: how long reading takes, a time of day.
_FILLER = re.compile(
    r"\d{1,3}[- ]?min(?:ute)?s?\.?(?: read| lesezeit| de lectura)?"
    r"|\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: uhr)?(?: [a-z]{2,4})?",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:(?:url|link|permalink|source|original|website|lien|quelle|fuente|enlace|fonte)\s*[:：]\s*)?"
    r"<?(?P<url>https?://[^\s<>]+)>?",
    re.I,
)
_STOP = re.compile("[。！？；，、؟।]")
_DIGITAL = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """What one line under a headline says.

    rule: "byline", "date line", "source line" or "outlet line"; "" when the line is none of these.
    certain: whether the line can be nothing else, wherever it stands near the top. An outlet is
    known only by its neighbours ("Family Law | Superior Court" is the title of a page, and looks
    like "Ida Loft | Polar Wire"), a bare date may also be a heading. strong: whether it holds a
    date or says "by", so that its neighbours are known by it.
    """

    rule: str = ""
    author: str = ""
    published: str = ""
    source: str = ""
    updated: bool = False
    certain: bool = False

    @property
    def strong(self) -> bool:
        return self.certain or bool(self.published)


NO_HEADER = HeaderLine()


def read_header_line(line: str, language: str = "") -> HeaderLine:
    """Read a line that may stand between a headline and a story; NO_HEADER when it is prose."""
    bare = line.strip(" \t|*_")
    bracketed = bare[:1] in "[(" and bare[-1:] in "])"
    bare = bare.strip("[]()").strip() if bracketed else bare
    if not bare or len(bare) > _LONGEST:
        return NO_HEADER
    if _DATE_LABEL.fullmatch(bare):
        return HeaderLine("date line")  # its date is the next line
    source = _SOURCE_LABEL.fullmatch(bare)
    if source and (is_outlet(source["source"]) or has_outlet_word(source["source"])):
        return HeaderLine("source line", source=source["source"].strip(), certain=True)
    split = bare
    if _DIGITAL.search(bare):
        split = _NEW_PART.sub(" | ", _BY_ON.sub(r"\g<by> | ", bare, count=1))
    found = _read_date(split, language, bracketed)
    if found.rule:
        return found
    parts = [part for part in _PARTS.split(split) if part and not _FILLER.fullmatch(part)]
    if not 1 < len(parts) <= 5:
        return _read_part(split, language)
    # "Kestering Review | 21 November 2024 | by Lavinia Holtby": every part has to be understood.
    merged = NO_HEADER
    updated = ""
    for number, part in enumerate(parts):
        found = _read_date(part, language, False)
        found = found if found.rule else _read_part(part, language)
        if number and _PICTURES.match(part):
            continue
        if number and (special := _SPECIAL.match(part)):
            found = HeaderLine("outlet line", source=special["outlet"])
        if found.rule == "outlet line" and is_person(part) and not merged.author:
            found = HeaderLine("byline", part)
        elif not found.published and _DATE_LABEL.match(part) and len(part.split()) <= 6:
            continue  # "Updated two hours ago", or a label whose date is the next part
        if not found.rule and not (number and _ROLE.search(part)):
            return NO_HEADER
        updated = updated or (found.published if found.updated else "")
        merged = HeaderLine(
            "byline" if merged.author or found.author else "date line",
            merged.author or found.author,
            merged.published or ("" if found.updated else found.published),
            merged.source or found.source,
            certain=merged.certain
            or found.certain
            or bool(found.published)
            or bool(_ROLE.search(part) and (found.author or merged.author)),
        )
    if not merged.published:
        merged = replace(merged, published=updated, updated=bool(updated))
    return merged if merged.author or merged.published else NO_HEADER


def read_address(line: str) -> str:
    """The address that a line is, with or without a label such as "URL:"; "" when it is none."""
    match = _ADDRESS.fullmatch(line)
    return match["url"] if match else ""


def _read_part(text: str, language: str) -> HeaderLine:
    """Read a line, or a part of one between bars, that is no date as a whole."""
    rest, published = _split_date(text, language)
    byline = _read_byline(rest)
    if byline.rule:
        return HeaderLine("byline", byline.author, published, byline.source, certain=True)
    if published:
        if not is_outlet(rest):
            return NO_HEADER
        if is_person(rest):
            return HeaderLine("byline", rest, published)
        return HeaderLine("date line", published=published, source=rest)
    located = re.fullmatch(r"(?P<name>.+?) in (?:the )?[^\W\d_a-z][^.,]{2,30}", text)
    if located and len(located["name"].split()) <= 4 and is_name(located["name"]):
        return HeaderLine("byline", located["name"])
    name, _, outlet = text.partition(", ")
    if is_person(name) and has_outlet_word(outlet) and is_outlet(outlet):
        return HeaderLine("byline", name, source=outlet)
    return HeaderLine("outlet line", source=text) if is_outlet(text) else NO_HEADER


def is_person(text: str) -> bool:
    """Whether a name without "By" is rather a person's than an outlet's."""
    return is_name(text) and not has_outlet_word(text) and not text.startswith(_ARTICLES)


def parse_day(text: str, language: str = "") -> str:
    """The date that a text is, as parse_date gives it; "" at once for what has not its shape.

    Reading dates in every language takes 20 ms a text, and many lines of prose name a year.
    """
    words = re.findall(r"[^\W\d_]{3,}", text)
    numbers = re.findall(r"\d+", text)
    if len(text) > 70 or len(words) > 4 or not 1 <= len(numbers) <= 8:
        return ""
    # A year alone, or with words before it, is read only when a month stands there, too.
    if len(numbers) == 1 and len(words) != 1 and words:
        return ""
    return parse_date(text, language)


def _read_date(text: str, language: str, bracketed: bool) -> HeaderLine:
    if not _DIGITAL.search(text):
        return NO_HEADER
    label = _DATE_LABEL.match(text)
    labelled = bool(label and len(text) > label.end())
    rest = text[label.end() :] if label and labelled else text
    # "3 May 2024 | 5 min read"
    pieces = [piece for piece in _PARTS.split(rest) if piece and not _FILLER.fullmatch(piece)]
    for tried in (rest, pieces[0] if len(pieces) == 1 else ""):
        published = parse_day(tried.strip(" ()"), language) if tried else ""
        # A bare year or month says too little to be the date of an article, unless labelled.
        if published and (len(published) >= 10 or labelled or bracketed):
            return HeaderLine(
                "date line",
                published=published,
                updated=bool(_UPDATED.match(text)),
                certain=labelled or bracketed,
            )
    return NO_HEADER


def _split_date(text: str, language: str) -> tuple[str, str]:
    """A line without the date at its start or end, and the date in ISO form ("" for none)."""
    if not _DIGITAL.search(text):
        return text, ""
    cuts = [match.span() for match in re.finditer(r"\s*[|·•/;,–—]\s*|\s+-\s+|\s+\(|\.\s+", text)]
    # Longest date first: "June 14, 2022" has a comma of its own.
    for start, end in cuts[:6]:
        tail = _DATE_LABEL.sub("", text[end:], count=1).strip(" ()")
        published = parse_day(tail, language)
        if len(published) >= 10:
            return text[:start].strip(), published
    for start, end in reversed(cuts[:6]):
        head = _DATE_LABEL.sub("", text[:start], count=1).strip(" ()")
        published = parse_day(head, language)
        if len(published) >= 10:
            return text[end:].strip(), published
    return text, ""


def _read_byline(text: str) -> HeaderLine:
    parts = [part for part in _PARTS.split(text) if part and not _FILLER.fullmatch(part)]
    if not parts:
        return NO_HEADER
    label = _AUTHOR_LABEL.fullmatch(parts[0])
    match = label or _BYLINE.fullmatch(parts[0])
    if not match:
        return NO_HEADER
    # In other languages than English the word is short and common: two names prove the line.
    least = 1 if label else 2
    said = match["names"].strip(" .[]*_:")
    said = said if "(" in said else said.strip(" .)")
    source = ""
    said = _TOGETHER.sub(r" and \g<name>", said)
    if special := _SPECIAL.search(said):
        said, source = said[: special.start()], special["outlet"]
    if place := re.search(r"\s+(?:for|of|at|from)\s+(?P<outlet>(?:the |The )?[A-Z].*)$", said):
        said, source = said[: place.start()], place["outlet"]
    if agency := re.search(r"\s*\((?P<agency>[^()]{2,40})\)$", said):
        said, source = said[: agency.start()], agency["agency"]
    said = re.sub(r"\s+in\s+[A-Z\u00c0-\u00de][^.]*$", "", said)
    names: list[str] = []
    for name in [*_NAMES.split(said), *parts[1:]]:
        if name.lower() in AGENCIES:
            source = source or name
        elif _ROLE.search(name) or _PICTURES.match(name):
            continue
        elif names and (name.startswith("The ") or _OUTLET.search(name)) and is_outlet(name):
            source = source or name
        elif names and _JUNIOR.fullmatch(name):
            names[-1] += f", {name}"
        elif names and (_HONOUR.fullmatch(name) or name.lower() in _COUNTRIES):
            continue
        elif names and _LETTERS.fullmatch(name):
            source = source or name
        elif is_name(name, least):
            names.append(_cased(name))
        else:
            return NO_HEADER
    if not names and not source and not _ROLE.search(said):
        return NO_HEADER
    return HeaderLine("byline", "; ".join(dict.fromkeys(names)), source=source)


def is_name(text: str, least: int = 2) -> bool:
    """Whether a text reads as the name of one person, of `least` to six words."""
    words = text.split()
    if not least <= len(words) <= 6 or len(text) > 60:
        return False
    for word in words:
        letters = word.strip(".,'’-").replace("'", "").replace("’", "")
        letters = letters.replace("-", "").replace(".", "")
        if not letters.isalpha() or word.lower() in _NO_NAMES:
            return False
        if word[0].islower() and word.lower() not in _PARTICLES and word[:2] not in ("d'", "d’"):
            return False
    # "Jr." and initials end in a stop, sentences too.
    return not words[-1][0].islower() and not (words[-1].endswith(".") and len(words[-1]) > 4)


def _cased(name: str) -> str:
    """A name written in capitals throughout, as names are written."""
    if not name.isupper() or len(name) < 6:
        return name
    return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), name)


def is_outlet(text: str) -> bool:
    """Whether a text can be the name of a newspaper or site: a few words, all with capitals."""
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > 50 or re.search(r"[.!?:,;\d]$", text):
        return False
    if words[0][0].islower() or len(text) < 2 or _STOP.search(text):
        return False
    # Where words are not apart by blanks, a clause may be one "word".
    if not text.isascii() and max(map(len, words)) > 16 and not has_outlet_word(text):
        return False
    # "France 24", but not "The Great Storm’s 30th Anniversary".
    if len(words) > 3 and any(map(str.isdigit, text)) and not has_outlet_word(text):
        return False
    return all(
        word.lower() in SMALL or not word[0].islower() or word.lower().endswith((".com", ".org"))
        for word in words
    )


def has_outlet_word(text: str) -> bool:
    """Whether a name holds a word that newspapers and stations are called by."""
    return bool(_OUTLET.search(text)) or text.lower() in AGENCIES
