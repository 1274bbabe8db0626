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
    r"|\b(?:free of charge|for (?:free|nothing)|costs? nothing|no (?:charge|fee))\b"
    r"|\b(?:is|are|was|were|be|remains?|stays?|travels?|admission|entry|entrance|parking) free\b"
    r"(?! (?:of|from|to)\b)"
    r"|\bfree (?:admission|entry|entrance|parking|rides?|tickets?|travel)\b"
)
# How units are written short: "15 MW", "2,100 t".
_SHORT_UNITS = """
acres: ac, centimetres: cm, centimeters: cm, cubic metres: m3, feet: ft, gigawatts: gw, grams: g,
hectares: ha, inches: in, kilograms: kg, kilos: kg, kilometres: km, kilometers: km, kilowatts: kw,
kilowatt-hours: kwh, knots: kn, litres: l, liters: l, megabytes: mb, megawatts: mw,
megawatt-hours: mwh, metres: m, meters: m, miles: mi, milligrams: mg, millilitres: ml,
millimetres: mm, minutes: min, ounces: oz, pounds: lb, pounds: lbs, seconds: s, square feet: sq ft,
square kilometres: km2, square kilometres: sq km, square metres: m2, square metres: sqm,
square metres: sq m, square miles: sq mi, tonnes: t, tons: t, volts: v, watts: w, yards: yd
"""
_DIGIT = re.compile(r"\d")
# A number stands so many words before what it counts at most: "31 brass hooks".
_NEAR = 3


def counted(question: str, sentence: str, head: str = "") -> float:
    """How far a sentence lacks the number that a question asks for; only for one that asks for one.

    0: a quantity beside one of the things of "how many", "no patient" among them, or of the unit
    asked for, a sum where one of money is asked for, or any where no thing is named; -0.5:
    another quantity; -1: none, or only dates, hours and how long something took. head: of the
    table that the sentence is a row of; what it names is counted in the row. For 422 questions
    about money in SQuAD 1.1 and SquadShifts 333 of 878 sentences with a sum answer, 88 of 1,465
    with another number, 84 of 3,942 with none. Of 80 questions "how many" in five public sets the
    sentence that came first was right for 31 of 43, 7 of 28 and 2 of 9; in questions that avoid
    an article's words those in the middle are right more often.
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
    if _DIGIT.search(plain) and (
        _OF_MONEY.search(fold(head)) if money else things.intersection(terms(head))
    ):
        return 0.0
    if things and _in_unit(question, plain):
        return 0.0
    for quantity in (*found, *_OF_THINGS.finditer(plain)) if things else ():
        if things.intersection(terms(" ".join(plain[quantity.end() :].split()[:_NEAR]))):
            return 0.0
    if not found:
        return -1.0
    return -0.5 if money or things else 0.0


_NONE = re.compile(r"(?<![\w-])(?:no|none of (?:the|its)|not one|not a single)(?: [\w'-]+){1,2}")
# Nobody, and what befell them: "no one on board was hurt", "the quake killed nobody".
_NOBODY = re.compile(
    r"(?P<verb>[\w'-]+ )?(?<![\w-])(?:nobody|no[ -]one|none)(?P<what>(?: [\w'-]+){0,5})"
)
_OF_PEOPLE = re.compile(
    r"\b(?:how many(?: of them)?(?: (?:people|persons|others|were|was|have|had))+|anyone|anybody"
    r"|someone|somebody)\b(?P<what>.*)|^who (?:was|were)\b(?P<who>.*)|\bhow many\b(?P<things>.*)"
)
_DOER_FIRST = re.compile(r" (?:did|do|does|will|would) ")
_ASKING = frozenset(terms("how many people persons anyone anybody someone somebody"))
_HARM = frozenset(terms("casualties dead deaths died harmed hurt injured injuries killed wounded"))


def none_of_them(question: str, sentence: str, around: frozenset[str] = frozenset()) -> bool:
    """Whether a sentence says of what is asked for that there was none, or nobody.

    "No patient was harmed in the power cut", of "how many": one of the things, and at least half of
    the question's other terms. In SQuAD 1.1 so do 9 of 5,040 sentences that answer such a question,
    and of the 20,909 others in the same paragraphs one. "Nobody was hurt", of how many, of anyone
    or of "who was": what befell nobody is asked for, in the same words or as another harm, and two
    thirds of the question's other terms are around: in the passage and its title.
    """
    things, befell = _things(question), _befell(question)
    plain = fold(sentence) if things or befell else ""
    others = set(terms(question)) - things - _ASKING
    event = others - befell - _HARM
    for found in _NOBODY.finditer(plain):
        told = set(terms(f"{found['verb'] or ''} {found['what']}"))
        same = told & befell or (told & _HARM and befell & _HARM)
        if same and 3 * len(event & around) >= 2 * len(event):
            return True
    if not any(things.intersection(terms(found.group())) for found in _NONE.finditer(plain)):
        return False
    return 2 * len(others.intersection(terms(plain))) >= len(others)


@lru_cache(maxsize=64)
def _befell(question: str) -> frozenset[str]:
    """The terms of what is asked to have happened to people: "died" of "how many children died"."""
    match = _OF_PEOPLE.search(fold(question))
    if not match:
        return frozenset()
    if match["what"] and _DOER_FIRST.match(match["what"]):
        return frozenset(terms(match["what"])[-2:])  # "did the quake kill in Osk"
    first = 1 if match["things"] is None else 2  # the things come before it
    return frozenset(terms(match["what"] or match["who"] or match["things"] or "")[:first])


@lru_cache(maxsize=64)
def _things(question: str) -> frozenset[str]:
    """The terms of what a question asks "how many" of, which every sentence is looked at for."""
    match = _COUNTED.search(fold(question))
    return frozenset(terms(match["things"])) if match else frozenset()


def _in_unit(question: str, plain: str) -> bool:
    """Whether a folded sentence has a number of the unit, written short, of "how many"."""
    signs = _short_units(question)
    return bool(signs and re.search(rf"\d ?(?:{signs})(?![\w-])", plain))


@lru_cache(maxsize=64)
def _short_units(question: str) -> str:
    match = _COUNTED.search(fold(question))
    things = match["things"].strip() if match else ""
    pairs = (pair.split(": ") for pair in " ".join(_SHORT_UNITS.split()).split(", "))
    return "|".join(short for unit, short in pairs if f"{things} ".startswith(f"{unit} "))


_YEARS = re.compile(rf"\b{_YEAR}\b")
_NAMED_MONTH = re.compile(rf"\b{MONTH}\b")
# When something was; what it is compared with or lasts until may be of any year.
_THEN = re.compile(rf"(?<!than )\b(?:(?:in|during) {_YEAR}\b|the {_YEAR} [a-z])", re.IGNORECASE)


def other_year(question: str, sentence: str) -> bool:
    """Whether a sentence tells of another year than the question names, and not of that."""
    asked = set(_YEARS.findall(question))
    return bool(asked and _THEN.search(sentence) and asked.isdisjoint(_YEARS.findall(sentence)))


def names_a_time(question: str) -> bool:
    """Whether a question names a year or, perhaps, a month ("may")."""
    folded = fold(question)
    return bool(_YEARS.search(folded) or _NAMED_MONTH.search(folded))
