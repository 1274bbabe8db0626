"""Mends words that a PDF breaks at the end of a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from askarticles.reading.pdf_columns import Line

_HYPHENS = "-\u2010\u00ad"
_SOFT = "\u00ad"
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00a0": " ",
        "\u2010": "-",
        "\u2011": "-",
    }
)
# Old TeX fonts draw "ó" as an accent and a letter. "´s" is left alone: people write "it´s".
_COMBINING = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¸": "\u0327",
    "ˇ": "\u030c",
    "˚": "\u030a",
}
_LOOSE_ACCENT = re.compile(
    r"([´ˆ¨˜¸ˇ˚]|(?<=[^\W\d_])`)((?<=[´ˆ¨`])[aeiouyıAEIOUY]|(?<=˜)[anoANO]|(?<=¸)[cC]"
    r"|(?<=ˇ)[cdenrstzCDENRSTZ]|(?<=˚)[auAU])"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TAIL = re.compile(r"[^\W_]+(?:-[^\W_]+)*-$")
_HEAD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "pre- and post-war": the hyphen stands for what follows later.
_SUSPENDING = re.compile("and|or|to|und|oder|bis|et|ou|y|o|e|og|och|en|of")
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a document spells its words in the middle of its lines.

    words: every word. compounds: those with a hyphen. Both in lower case.
    """

    words: frozenset[str]
    compounds: frozenset[str]


def spelling_of(lines: Iterable[Line]) -> Spelling:
    """Collect the words that no line end breaks."""
    words: set[str] = set()
    compounds: set[str] = set()
    for line in lines:
        texts = [clean(word.text).lower() for word in line.words]
        if texts and texts[-1].endswith("-"):
            texts.pop()
        for word in _WORD.findall(" ".join(texts)):
            (compounds if "-" in word else words).add(word)
            words.update(word.split("-"))
    return Spelling(frozenset(words), frozenset(compounds))


def clean(text: str) -> str:
    """Text with ligatures as letters, loose accents on theirs, hyphens as the plain one."""
    return _LOOSE_ACCENT.sub(_accented, text.translate(_LIGATURES))


def _accented(match: re.Match[str]) -> str:
    letter = {"ı": "i", "ȷ": "j"}.get(match[2], match[2])
    return unicodedata.normalize("NFC", letter + _COMBINING[match[1]])


def join_lines(
    texts: Iterable[tuple[str, int]], spelling: Spelling
) -> tuple[str, list[tuple[int, int]]]:
    """Lines as running text, with the offset at which each page starts.

    texts: each line with its page. Returns the text and pairs (offset, page) for the first page
    and each later one.
    """
    done = ""
    starts: list[tuple[int, int]] = []
    for raw, page in texts:
        soft = done.endswith(_SOFT)
        text = clean(raw)
        done = done.rstrip(_SOFT)
        if soft:
            between = ""
        elif done.endswith("-"):
            done, between = _at_hyphen(done, text, spelling)
        else:
            between = _between(done, text)
        if not starts or starts[-1][1] != page:
            starts.append((len(done) + len(between), page))
        done += between + text
    return done.replace(_SOFT, ""), starts


def _between(before: str, after: str) -> str:
    """What separates two lines: nothing around a dash set close, or between Chinese signs."""
    if not before or (_CJK.match(before[-1]) and _CJK.match(after[:1])):
        return ""
    if re.search(r"\w[—/]$", before) or (re.match(r"—\w", after) and before[-1].isalnum()):
        return ""
    return " "


def _at_hyphen(before: str, after: str, spelling: Spelling) -> tuple[str, str]:
    """The text before a hyphen at a line end, mended, and what separates it from the rest.

    The hyphen stays where the document writes the word with one elsewhere, where both parts are
    words of the document, or where no word is broken so ("Anglo-Saxon", "mid-1990s", "state-of-
    the-art", an address). It goes where the document writes the word without one, and otherwise:
    most hyphens at a line end were put there to break a word.
    """
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if tail is None or head is None:
        # " - " is a dash, "(-" an odd sign.
        return before, " " if before.endswith(" -") or head is None else ""
    first, second = tail[0][:-1].lower(), head[0].lower()
    if _SUSPENDING.fullmatch(second) and f"{first}{second}" not in spelling.words:
        return before, " "
    last_word = before.rsplit(None, 1)[-1]
    if "://" in last_word or last_word.startswith("www.") or "@" in last_word:
        return before, ""
    if f"{first}-{second}" in spelling.compounds:
        return before, ""
    if f"{first}{second}" in spelling.words:
        return before[:-1], ""
    upper = head[0][:1].isupper() and not tail[0][:-1].isupper()
    if upper or head[0][:1].isdigit() or first[-1:].isdigit() or "-" in first:
        return before, ""
    both = first in spelling.words and second in spelling.words
    if both and min(len(first), len(second)) > 2:
        return before, ""
    return before[:-1], ""
