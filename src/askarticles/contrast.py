"""Short questions that put something else where the one before named its like: "And in Vell?".

The question before is asked again with that in its place. Only what is sure to be alike is put
there: a name for a name, a weekday for a weekday, a month, a code, a number, or the noun behind the
same word. Rules over English wordings, no model. Of 64 such questions about three towers 60 get the
right sentence first, 16 when words were only added; of the 3,611 follow-ups of canard and mtrag,
which have none of the kind, it reads not one otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from askarticles.datatypes import Span
from askarticles.numbers import MONTH
from askarticles.terms import STOP_WORDS, fold, placed_words, terms

_PREPOSITIONS = "about against at by for from in near of on over to under with"
_PREPOSITION = rf"(?:{'|'.join(_PREPOSITIONS.split())})"
_GOES_ON = r"(?:and|but|so|or|then|now|ok(?:ay)?)\b[\s,]*"
_ABOUT = (
    r"(?:(?:what|how) about|what of|(?:the )?same(?: question| thing)? for|ditto(?: for)?)\b\s*"
)
_FORM = re.compile(
    rf"\W*(?P<lead>(?:{_GOES_ON})*(?:{_ABOUT})?)(?:(?:the|that|those) ones? (?={_PREPOSITION}\b))?"
    rf"(?:(?P<before>{_PREPOSITION})\s+)?(?:(?P<article>the|an?)\s+)?(?P<what>\w.{{0,60}}?)"
    r"(?P<end>[\s?.!]*)",
    re.IGNORECASE,
)
_MOST_WORDS, _LONGEST = 5, 1000  # of what is named, of the question before; chosen, not measured
# Behind "and the" these are no things of their own but point at what was said.
_POINTING_WORDS = """
else other others another more less one ones same rest latter former first second third last next
instead again not no yes ago today yesterday tomorrow tonight now later earlier before after
"""
_POINTING = frozenset(_POINTING_WORDS.split())
_LINKS = frozenset(_PREPOSITIONS.split()) | {"the", "a", "an"}
# Times, which stand in the place of times only.
_SEASONS = "winter summer spring autumn fall morning afternoon evening night day week weekend"
_TIMES = frozenset(_SEASONS.split())
_ALIKE = (frozenset({"in", "at", "of", "near", "from"}), frozenset({"for", "of"}))
# A noun ends before these, too, with which a question ends: "for a walker cost?".
_LAST_VERB = re.compile(
    r"(?:cost|open|close|start|begin|end|last|run|go|come|leave|arrive|weigh|happen|live|stand|built"
    r"|made|paid|sold|held|found|\w{2,}ed)"
)
_IN_NAME = frozenset({"da", "de", "del", "der", "di", "du", "la", "le", "van", "von"})
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_MONTH_OR_DAY = rf"(?:{_DAY}(?: of)? {MONTH}|{MONTH} {_DAY}|{MONTH})(?!\w)"
_YEAR = r"\b(?:19|20)\d\d\b(?![,.]\d)"
_YEAR_BEFORE = re.compile(
    r"(?:the |a )?(?:(?P<back>year (?:before|earlier)|previous year|year before that)"
    r"|(?:year (?:after|later)|(?:next|following) year|year after that))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question before: where it stands, its terms, and whether it names something."""

    span: Span
    text: str
    terms: tuple[str, ...]
    name: bool

    @property
    def plain(self) -> str:
        return fold(self.text)


def contrasted(question: str, before: str) -> str:
    """The question before asked of what this one names, or "" where this names nothing like it.

    "And in Vell?" after "When was the tower of Hask built?" is "When was the tower of Vell built?".
    """
    match = _FORM.fullmatch(question)
    if not match or len(before) > _LONGEST or not (match["lead"].strip() or "?" in match["end"]):
        return ""
    what, preposition = match["what"], fold(match["before"] or "")
    article = fold(match["article"] or "")
    # One word with a capital may be a name or just begin: "Vell?", "Tickets?".
    if not (match["lead"].strip() or preposition) and _kind(what) == "name" and " " not in what:
        return ""
    year = _YEAR_BEFORE.fullmatch(f"{article} {what}".strip())
    if year and match["lead"].strip():
        return _other_year(before, -1 if year["back"] else 1)
    said = what.split()
    plain = [fold(word.strip(",;:\"'“”")) for word in said]
    if len(said) > _MOST_WORDS or not terms(what):
        return ""
    if any(w in _POINTING or (w in STOP_WORDS and w not in _LINKS) for w in plain):
        return ""
    if re.fullmatch(f"{_WEEKDAY}|{_MONTH_OR_DAY}", what, re.IGNORECASE):
        return _of_days(what, preposition, before)
    return (
        _of_like_words(what, preposition, before)
        or _of_names(what, preposition, before)
        or _of_nouns(what, preposition, article, before)
        or ("" if preposition else _of_pronouns(f"{article} {what}".strip(), before))
    )


def _put(before: str, span: Span, what: str) -> str:
    start, end = span
    if re.search(r"['’]s$", before[start:end]) and not re.search(r"['’]s$", what):
        what += "'s"
    elif not re.search(r"['’]s$", before[start:end]):
        what = re.sub(r"['’]s$", "", what)
    return f"{before[:start]}{what}{before[end:]}"


def _other_year(before: str, step: int) -> str:
    """The question with the year before or after the only one that it names."""
    years = list(re.finditer(_YEAR, before))
    if len(years) != 1:
        return ""
    return _put(before, years[0].span(), str(int(years[0].group()) + step))


def _of_days(what: str, preposition: str, before: str) -> str:
    """A weekday in place of the weekday; a month or day in place of that, or beside the year."""
    if re.fullmatch(_WEEKDAY, what, re.IGNORECASE):
        days = list(re.finditer(rf"\b{_WEEKDAY}\b", before, re.IGNORECASE))
        return _put(before, days[-1].span(), what) if days else ""
    # "May" and "March" alone are people and things as well.
    if not preposition:
        return ""
    month = rf"\b(?:in|on|of|for|during) (?P<day>(?:the )?{_MONTH_OR_DAY}(?P<year>,? {_YEAR})?)"
    found = re.search(month, before, re.IGNORECASE)
    year = re.search(rf"\b(?:in|of|for|during) (?P<day>{_YEAR})", before, re.IGNORECASE)
    if found:
        start, end = found.start(), found.end()
        return _put(before, (start, end), f"{preposition} {what}{found['year'] or ''}")
    if year:
        return _put(before, year.span(), f"{preposition} {what} {year['day']}")
    return f"{before.rstrip(' ?!.')} {preposition} {what}?"


def _of_like_words(what: str, preposition: str, before: str) -> str:
    """Where both name the same kind of thing: "the tower of Vell", "the upper dam"."""
    known = {term for word in _words(before) for term in word.terms}
    said = _words(what)
    shared = [bool(word.terms) and known.issuperset(word.terms) for word in said]
    if not any(shared) or all(s or not w.terms for s, w in zip(shared, said, strict=True)):
        return ""
    behind = re.fullmatch(rf"(?P<head>.+?) (?P<link>{_PREPOSITION}) (?:the )?(?P<what>.+)", what)
    if behind and known.issuperset(terms(behind["head"])):
        return _of_names(behind["what"], fold(behind["link"]), before) or _of_nouns(
            behind["what"], fold(behind["link"]), "", before
        )
    first = shared.index(True)
    if first == 0 and sorted(shared, reverse=True) == shared and what[0].islower():
        # "Bus 7" for "bus 5".
        return _of_names(what[said[shared.index(False)].span[0] :], "", before)
    if not (first and all(shared[first:]) and all(word.terms for word in said)):
        return ""
    # The words right before the same noun are the ones that tell it from others.
    words, head = _words(before), [word.terms for word in said[first:]]
    for place in range(len(words) - len(head), 0, -1):
        if [word.terms for word in words[place : place + len(head)]] == head:
            start = place
            while start > 1 and words[start - 1].terms:
                start -= 1
            if start < place <= start + len(said):
                old = words[start].span[0], words[place - 1].span[1]
                return _put(before, old, " ".join(word.text for word in said[:first]))
    return ""


def _of_names(what: str, preposition: str, before: str) -> str:
    """A name in place of a name, a code of a code, a number of a number."""
    said = [word for word in _said(what) if word.terms]
    if not all(word.name for word in said):
        return ""
    kind, held = _kind(what), set(terms(what))
    places = [
        (before_it, span)
        for before_it, span in _named(before)
        if _kind(before[slice(*span)]) == kind and not held.issubset(terms(before[slice(*span)]))
    ]
    if not places:
        return ""
    same = [span for link, span in places if link == preposition and preposition]
    if preposition:
        # "The tower of Hask" is in Hask, but what was said about the roof is not the roof's.
        alike = next((links for links in _ALIKE if preposition in links), frozenset())
        same = same or [span for link, span in places if link in alike]
        return _put(before, same[-1], what) if same else ""
    # Of several names the one that the question is about has no preposition, or "of" or "for".
    about = [span for link, span in places if not link] or [
        span for link, span in places if link in ("of", "for")
    ]
    return _put(before, (about or [span for _, span in places])[-1], what)


def _of_nouns(what: str, preposition: str, article: str, before: str) -> str:
    """A noun in place of the one behind the same preposition, or behind "a" as this is."""
    words = _words(before)
    if not preposition and (article not in ("a", "an") or any(w.name for w in _said(what))):
        return ""
    for place in range(len(words) - 1, 0, -1):
        word = words[place]
        after = words[place + 1 :]
        verb = len(after) == 1 and bool(_LAST_VERB.fullmatch(after[0].plain))
        ends = not after or not after[0].terms or verb
        behind = [w.plain for w in words[max(0, place - 2) : place]]
        led = _led_by(behind)
        # "In winter" is no other museum than "in the museum".
        seasons = [fold(noun.split()[-1]) in _TIMES for noun in (word.text, what)]
        if preposition and not all(seasons) and (any(seasons) or led != article[:1]):
            continue
        link = behind[0] if led else behind[-1]
        alike = link == preposition if preposition else behind[-1] in ("a", "an")
        if word.terms and not word.name and ends and alike:
            start = words[place - 1].span[0] if led else word.span[0]
            return _put(before, (start, word.span[1]), f"{article} {what}".strip())
    return ""


def _led_by(behind: list[str]) -> str:
    """The first letter of the article that ends these words, "" for none."""
    return behind[-1][:1] if behind[-1] in ("the", "a", "an") else ""


def _of_pronouns(what: str, before: str) -> str:
    """A thing that is named whole in place of "it", a name alone in place of "she" or "he"."""
    said = _said(what)
    whole = any(word.name for word in said) and any(w.terms and not w.name for w in said)
    pronouns = r"\b(?:it|they|them)\b" if whole else r"\b(?:he|she|him)\b"
    found = list(re.finditer(pronouns, before, re.IGNORECASE))
    if len(found) != 1 or not (whole or all(word.name for word in said)):
        return ""
    return _put(before, found[0].span(), what)


def _kind(text: str) -> str:
    if re.fullmatch(r"[\d.,]+", text):
        return "year" if re.fullmatch(_YEAR, text) else "number"
    return "code" if any(c.isdigit() for c in text) else "name"


def _said(what: str) -> list[_Word]:
    """The words of what is named, the first of which does not begin a sentence."""
    return _words(f"x {what}")[1:]


def _words(text: str) -> list[_Word]:
    return [
        _Word(
            (start, end),
            text[start:end],
            said,
            bool(said) and ((text[start].isupper() and n > 0) or text[start].isdigit()),
        )
        for n, (start, end, said) in enumerate(placed_words(text))
    ]


def _named(before: str) -> list[tuple[str, Span]]:
    """The names of a question, each with the preposition that it stands behind, or ""."""
    words = _words(before)
    found: list[tuple[str, Span]] = []
    n = 0
    while n < len(words):
        if not words[n].name or re.fullmatch(rf"{MONTH}|{_WEEKDAY}", words[n].plain):
            n += 1
            continue
        first = n
        coded = _kind(words[n].text) != "name"
        while not coded and n + 1 < len(words) and _joined(before, words, n):
            n += 1
        behind = [w.plain for w in words[max(0, first - 2) : first]]
        if behind and behind[-1] in ("the", "a", "an"):
            behind.pop()
        link = behind[-1] if behind and behind[-1] in _LINKS else ""
        while not words[n].name:
            n -= 1
        found.append((link, (words[first].span[0], words[n].span[1])))
        n += 1
    return found


def _joined(before: str, words: list[_Word], n: int) -> bool:
    """Whether the next word goes on with the name that this one belongs to."""
    gap = before[words[n].span[1] : words[n + 1].span[0]]
    after = words[n + 1]
    named = after.name and _kind(after.text) == "name"
    abbreviated = gap.strip() == "." and len(words[n].text) <= len("Mrs")
    return (abbreviated or not gap.strip()) and (named or after.plain in _IN_NAME)
