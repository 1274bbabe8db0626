"""The numbers of a sentence beside a question: whether they count what it asks for, or name
another year."""

from __future__ import annotations

import re
from functools import lru_cache

from askarticles.terms import NUMBER_WORDS, fold, terms

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
"""The months in a folded text, as a regular expression."""

_NUMBER = rf"(?:\d[\d,.]*\d|\d|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
_YEAR = r"(?:1[5-9]|20)\d\d"
_UNIT = r"(?:second|minute|hour|day|night|week|weekend|month|year|decade|centur)(?:s|y|ies)?"
_QUANTITY = re.compile(
    rf"(?<![\w-])(?:{_NUMBER}|hundreds?|thousands?|millions?|billions?|dozens?|half|both|twice"
    r"|double|none|nobody|couple|quarter|third|majority)(?![\w-])"
)
# These say how many only beside what is counted: "no patient", but not "no longer".
_OF_THINGS = re.compile(r"(?<![\w-])(?:no|all|every|each|few|many|most|several|single)(?![\w-])")
# What is no count of things: days and hours, and how long something took.
_WHEN = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\b(?: \d{{4}})?"
    rf"|\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?|\b{MONTH} {_YEAR}\b"
    rf"|\b(?:in|since|of|by|from|until|before|after|to|between|late|early) {_YEAR}\b(?! \w+s\b)"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|\b(?:at|by|until|till|before|after|past|since|around|about) "
    rf"(?:(?:half|quarter) (?:past|to) )?{_NUMBER}"
    r"(?= ?(?:[.,;)]|$|[ap]\.?m\b|o'clock|in the|on |and |every ))"
    rf"|(?<![\w-])(?:{_NUMBER}|half an?|several|few|an?)[ -](?:and a half )?{_UNIT}\b"
)
_COUNTED = re.compile(
    r"\bhow many\b(?: of)?(?: (?:the|his|her|its|their|these|those))?(?P<things>(?: [\w'-]+){0,2})"
)
_OF_TIME = re.compile(
    rf"\bhow (?:long|old|late|early|often|soon|fast|far)\b|\bhow many (?:\w+ )?{_UNIT}\b"
    r"|\b(?:what|which) (?:age|time|speed)\b|\b(?:age|time) (?:is|was|of|at)\b"
)
_OF_MONEY = re.compile(
    r"\b(?:costs?|price[sdy]?|expensive|fees?|fares?|fined?|rents?|tolls?|salar(?:y|ies)|wages?"
    r"|budget|pa(?:y|ys|id)|earn(?:s|ed)?|charge[sd]?|worth|money)\b"
)
_CURRENCY = (
    r"(?:dollar|euro|pound|cent|pence|crown|kron(?:a|or|er|e)|franc|mark|shilling|peso|ruble|rouble"
    r"|rupee|yen|yuan|zloty|florin|guilder|ducat|dinar|lira|rand|usd|eur|gbp|chf)s?"
)
_MONEY = re.compile(
    rf"[$€£¥]\s?\d|\d\s?[€£$]|(?<![\w-])(?:{_NUMBER}|half a|a|few|several|hundreds?|thousands?"
    r"|millions?|billions?)(?: (?:hundred|thousand|million|billion|us|euro))?(?: of)? "
    rf"{_CURRENCY}\b"
    r"|\bfree of charge\b|\bfor free\b"
)
# A number stands so many words before what it counts at most: "31 brass hooks".
_NEAR = 3


def counted(question: str, sentence: str) -> float:
    """How far a sentence lacks the number that a question asks for; only for one that asks for one.

    0: a quantity beside one of the things of "how many", "no patient" among them, a sum where one
    of money is asked for, or any where no thing is named; -0.5: another quantity; -1: none, or only
    dates, hours and how long something took. For 422 questions about money in SQuAD 1.1 and
    SquadShifts 333 of 878 sentences with a sum answer, 88 of 1,465 with another number, 84 of 3,942
    with none. Of 80 questions "how many" in five public sets the sentence that came first was right
    for 31 of 43, 7 of 28 and 2 of 9; in questions that avoid an article's words those in the middle
    are right more often.
    """
    asked = fold(question)
    plain = fold(sentence)
    if not _OF_TIME.search(asked):
        plain = _WHEN.sub(" ", plain)
    known = set(re.findall(r"[\w'-]+", asked))
    found = [match for match in _QUANTITY.finditer(plain) if match.group() not in known]
    money = _OF_MONEY.search(asked) and not _OF_TIME.search(asked)
    things = frozenset() if money else _things(question)
    if money and _MONEY.search(plain):
        return 0.0
    for quantity in (*found, *_OF_THINGS.finditer(plain)) if things else ():
        if things.intersection(terms(" ".join(plain[quantity.end() :].split()[:_NEAR]))):
            return 0.0
    if not found:
        return -1.0
    return -0.5 if money or things else 0.0


_NONE = re.compile(r"(?<![\w-])(?:no|none of (?:the|its)|not one|not a single)(?: [\w'-]+){1,2}")


def none_of_them(question: str, sentence: str) -> bool:
    """Whether a sentence says of what "how many" asks for that there was none.

    "No patient was harmed in the power cut": one of the things, and at least half of the question's
    other terms. In SQuAD 1.1 so do 9 of 5,040 sentences that answer such a question, and of the
    20,909 others in the same paragraphs one.
    """
    things = _things(question)
    plain = fold(sentence) if things else ""
    if not any(things.intersection(terms(found.group())) for found in _NONE.finditer(plain)):
        return False
    others = set(terms(question)) - things - set(terms("how many"))
    return 2 * len(others.intersection(terms(plain))) >= len(others)


@lru_cache(maxsize=64)
def _things(question: str) -> frozenset[str]:
    """The terms of what a question asks "how many" of, which every sentence is looked at for."""
    match = _COUNTED.search(fold(question))
    return frozenset(terms(match["things"])) if match else frozenset()


_YEARS = re.compile(rf"\b{_YEAR}\b")
# When something was; what it is compared with or lasts until may be of any year.
_THEN = re.compile(rf"(?<!than )\b(?:in|during) ({_YEAR})\b", re.IGNORECASE)


def other_year(question: str, sentence: str) -> bool:
    """Whether a sentence tells of another year than the question names, and not of that."""
    asked = set(_YEARS.findall(question))
    return bool(asked and _THEN.search(sentence) and asked.isdisjoint(_YEARS.findall(sentence)))
