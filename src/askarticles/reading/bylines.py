"""What the lines around a headline say: who wrote the article and when; and junk that says not."""

from __future__ import annotations

import re

from askarticles.reading.dates import find_date, parse_date

_BY = re.compile(
    r"(?:(?:(?:story|text|words|report|written) )?(?:by|von|par|por|di|door):?"
    r"|(?:text|texte|texto|testo|words|story|author|autor(?:in|a)?|auteur|autore):) (.+)",
    re.I,
)
_LABEL = re.compile(
    r"(?:published|posted|date|datum|fecha|data|veröffentlicht|publié)\b:?(?: on)?", re.I
)
_BETWEEN = re.compile(r"\s*(?:[,;|·•/&]|\s[–—-]\s|\s(?:and|und|et|y|e|en)\s)\s*")
_ROLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|columnist|staff|bureau|desk|news|redaktion|"
    r"special to|contributor|for the)\b",
    re.I,
)
_NAME = re.compile(
    r"(?:(?:[A-Z]\.)+|[^\W\d_a-z][\w'’.-]*)"
    r"(?: (?:(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|al|el|bin|ter|of) )*"
    r"(?:(?:[A-Z]\.)+|(?:d['’])?[^\W\d_a-z][\w'’.-]*)){0,4}"
)
_LONGEST_BYLINE = 120
_WORDS_OF_A_MONTH = 3  # "mayo de 2024"
_WORDS_OF_A_DATE = 8  # "Wednesday, 10 de enero de 2024, 14:05 h"

_NO_TITLE = re.compile(
    r"|untitled.*|.*\.(?:docx?|odt|rtf|pdf|indd|qxp|qxd|pages|tex|dvi|html?|pptx?|xlsx?|txt)"
    r"|microsoft (?:word|powerpoint|excel)\b.*|powerpoint presentation|word document"
    r"|(?:new )?(?:document|dokument|doc|title|titel|scan|layout|print|unknown|slide)\s*[\d()_-]*"
    r"|about:blank|https?://\S*|file:.*|[\W\d_]*",
    re.I,
)
_NO_AUTHOR = re.compile(
    r"|python-docx|unknown|anonymous|author|user|owner|admin(?:istrator)?|guest|root|default|scan\w*"
    r"|(?:microsoft|windows|office|hp|dell|lenovo|apple)\b.*|un-?named|none|n/?a|[\W\d_]*|\S*@\S*",
    re.I,
)


def is_title(text: str) -> bool:
    """Whether a title in a file's properties was given by a person, not left by a program."""
    return not _NO_TITLE.fullmatch(text.strip())


def is_author(text: str) -> bool:
    """Whether an author in a file's properties names somebody, not an account or a program."""
    return not _NO_AUTHOR.fullmatch(text.strip())


def read_byline(line: str) -> tuple[str, str]:
    """The authors (apart by "; ") and the ISO date of a line that holds nothing else.

    Both "" when the line is anything but a byline or a date; either "" when it gives only one.
    """
    line = " ".join(line.split())
    if not line or len(line) > _LONGEST_BYLINE:
        return "", ""
    match = _BY.fullmatch(line)
    if not match:
        bare = _LABEL.sub("", line, count=1).strip(" :")
        words = len(bare.split())
        # Asked about any line of text, the parser would try 200 languages on it.
        likely = words <= _WORDS_OF_A_MONTH or (words <= _WORDS_OF_A_DATE and find_date(bare))
        return "", parse_date(bare) if likely else ""
    names: list[str] = []
    rest = match[1].rstrip(" .")
    published = find_date(rest)
    for part in _BETWEEN.split(rest):
        if not part or _ROLE.search(part):
            continue
        if any(sign.isdigit() for sign in part):
            if not published:
                return "", ""
            continue
        if published and find_date(f"{part}, 2000"):
            continue
        if not _NAME.fullmatch(part):
            return "", ""
        names.append(part)
    return "; ".join(names), published
