"""Words of a text in the form in which questions and passages are compared."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import snowballstemmer

# Words of English that say nothing of what a passage is about. Negations, directions and
# quantities ("not", "against", "more") stay: they turn an answer round.
_STOP_WORDS = """
a an and are as at be been being but by can could did do does doing for from had has have having
he her hers him his how i if in into is it its me my of on or our ours she should so some such
than that the their theirs them then there these they this those to too us was we were what when
where which who whom whose why will with would you your yours tell please about
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_UNITS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# Numbers below a hundred, which newspapers write out, as the digits that people type.
NUMBER_WORDS = {word: str(n) for n, word in enumerate(_UNITS.split())}
NUMBER_WORDS |= {word: str(10 * n) for n, word in enumerate(_TENS.split(), 2)}
NUMBER_WORDS |= {
    f"{tens}-{unit}": str(10 * t + u)
    for t, tens in enumerate(_TENS.split(), 2)
    for u, unit in enumerate(_UNITS.split()[1:10], 1)
}

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_APOSTROPHES = dict.fromkeys("’‘ʼ`´′", "'")
_SIGNS = str.maketrans(_APOSTROPHES | dict.fromkeys("‐‑‒–−", "-"))
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,:/]\d+)*(?:-\d+(?:[.,:/]\d+)*)*(?:-?[^\W\d_]+)*"  # 3.5 1,900 03-2387 12-storey
    r"|[^\W_]+(?:['-][^\W_]+)*"  # words, O'Darrow's, B-71, twelve-storey
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# It keeps the word it is at in itself: of two threads at once one gets the other's stem, or fails.
_stemmer = snowballstemmer.stemmer("english")
_stemming = threading.Lock()


def fold(text: str) -> str:
    """The text in lower case, without accents, with plain apostrophes and hyphens."""
    plain = _plain(text).casefold()
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
    # Once more: letters of a mathematical script are capitals only now.
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _plain(text: str) -> str:
    """The text with plain apostrophes and hyphens, at the same places."""
    # Most text has nothing else, and to look for it takes a twentieth of the time.
    return text if text.isascii() and "`" not in text else text.translate(_SIGNS)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English (Snowball) stem of a folded word; numbers and codes stay as they are."""
    if any(c.isdigit() for c in word):
        return word
    with _stemming:
        return str(_stemmer.stemWord(word))


@lru_cache(maxsize=200_000)
def _word_terms(token: str) -> tuple[str, ...]:
    folded = fold(token)
    if "." in folded and folded[0].isalpha():
        return (folded.replace(".", ""),)
    folded = _THOUSANDS.sub("", folded)
    if folded in NUMBER_WORDS:
        return (NUMBER_WORDS[folded],)
    word = folded.removesuffix("'s").replace("'", "")
    if "-" not in word:
        # All capitals name something (US, WHO, IT); in small letters they are stop words.
        if word in STOP_WORDS and not (len(token) > 1 and token.isupper()):
            return ()
        return (stem(NUMBER_WORDS.get(word, word)),) if word else ()
    parts = [NUMBER_WORDS.get(part, part) for part in word.split("-") if part]
    stems = [stem(part) for part in parts if part not in STOP_WORDS]
    if any(c.isdigit() for c in word):
        # A code is one name: lot B-71 is not lot B-17, nor any 71.
        stems.append("-".join(parts))
    return tuple(stems)


def terms(text: str) -> list[str]:
    """The terms of a text in order: folded, stemmed, without stop words.

    Numbers up to ninety-nine come out as digits however they are written, thousands without
    separators, and a code such as "B-71" as its parts and as a whole.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(_plain(text)):
        found += _word_terms(match.group())
    return found


def placed_words(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Where each word of a text begins and ends, with its terms (none for stop words)."""
    found = _TOKEN.finditer(_plain(text))
    return [(m.start(), m.end(), _word_terms(m.group())) for m in found]


def words_with_terms(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The words of a text as they are written, each with its terms (none for stop words)."""
    return [(text[start:end], found) for start, end, found in placed_words(text)]


def respelled(text: str, slips: Mapping[str, str], passage: str) -> str:
    """The text with a passage's own words for those that are misspelled; slips: right terms."""
    if not slips:
        return text
    held = {found[0]: word for word, found in words_with_terms(passage) if len(found) == 1}
    for start, end, found in reversed(placed_words(text)):
        right = slips.get(found[0], "") if len(found) == 1 else ""
        if right in held:
            text = text[:start] + held[right] + text[end:]
    return text


def names(question: str) -> list[str]:
    """The words of a question that name something: capitals after the first word, digits."""
    found = []
    for place, (word, said) in enumerate(words_with_terms(question)):
        capital = word[0].isupper() and place > 0
        if said and (capital or word[0].isdigit() or (len(word) > 1 and word.isupper())):
            found.append(word)
    return found
