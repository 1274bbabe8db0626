"""What a question's own words ask: within which outlet and days, or no question at all.

Rules over English wordings, no model and no clock: `today` is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from askarticles.datatypes import Filters
from askarticles.days import last_period, limiting_days, named_days
from askarticles.outlets import named_outlet
from askarticles.terms import STOP_WORDS, fold, terms

Kind: TypeAlias = Literal[
    "question", "greeting", "thanks", "goodbye", "help", "list", "about", "summary", "more",
    "keyword",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question's words ask.

    text: the question without its greeting and without the words of `limits`. subject: what a
    list, a summary or the keyword is about, or "". limits: articles that alone may answer.
    preferred: days whose articles come first, since what happened in a year is told later, too.
    undated: the text without the month or day preferred, which articles of that time seldom
    write out; a year they do, so it stays. relative: whether days were counted from today.
    """

    text: str
    kind: Kind = "question"
    subject: str = ""
    limits: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)
    undated: str = ""
    relative: bool = False


# ---- no question ---------------------------------------------------------------------------

_END = r"[\s.!,:;)(]*$"
_GREETING = (
    r"(?:hi+|hello+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|again|all|everyone|askarticles|bot))?"
)
_HOW_ARE_YOU = r"(?:how are you(?: doing)?(?: today)?|what'?s up|how do you do)[?]*"
_ARTICLES = r"(?:articles?|stor(?:y|ies)|documents?|texts?|files?|pieces?|reports?)"
_TALK_WORDS: tuple[tuple[Kind, str], ...] = (
        ("greeting", rf"{_GREETING}(?:[\s,!.]+{_HOW_ARE_YOU})?|{_HOW_ARE_YOU}"),
        (
            "thanks",
            r"(?:(?:ok(?:ay)?|great|cool|perfect|nice|good|got it|fine|super|wonderful)[,!. ]*)*"
            r"(?:thanks?(?: you)?|thx|cheers|ta|much appreciated)"
            r"(?: (?:a lot|so much|very much|again|for .{1,40}))?"
            r"|(?:ok(?:ay)?|great|cool|perfect|nice|got it|i see|that helps|well done|good)",
        ),
        ("goodbye", r"(?:good ?)?bye(?:[- ]?bye)?(?: for now)?|see you(?: later)?|good ?night|cya"),
        (
            "help",
            r"(?:please )?help(?: me)?|\?+|(?:what|which questions) (?:can|could|should|may) i ask"
            r"(?: you| here| about)?\??|what can you (?:do|answer|tell me)(?: for me)?\??"
            r"|how (?:do|can|should) i (?:use|ask)(?: this| you| it| a question| questions)?\??"
            r"|how does (?:this|it) work\??|who are you\??|what are you\??|what is this\??"
            r"|what do you do\??|can you help(?: me)?\??",
        ),
        (
            "list",
            rf"(?:what|which) (?:other )?{_ARTICLES} (?:do you|have you|can you|are|is|did you)"
            r"(?: have| got| there| read| know| here| available| in here)*\??"
            rf"|(?:please )?(?:list|show|give)(?: me)?(?: all)?(?: of)?(?: the| your)? {_ARTICLES}"
            rf"|(?:all )?(?:the |your )?articles\??|what do you (?:know|have)\??"
            rf"|how many {_ARTICLES} (?:do you have|are there|have you(?: got)?)(?: here)?\??"
            r"|what(?:'s| is) (?:in here|here|new|in the news|the news)\??|(?:any )?news\??"
            r"|what (?:has )?happened\??",
        ),
        (
            "more",
            r"(?:(?:some|any|tell me|show me|give me|and) )?more(?: please| answers?| quotes?"
            r"| quotations?| results?)?\??|(?:and |is there |is that )?(?:anything|something)"
            r" else\??|(?:and )?what else\??|(?:is that |and that is )all\?|go on|continue|next"
            r"|(?:any )?others?\??",
        ),
)  # fmt: skip
_TALK = tuple(
    (kind, re.compile(rf"^\W*(?:{pattern}){_END}", re.IGNORECASE)) for kind, pattern in _TALK_WORDS
)
_SUBJECT_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "about",
        rf"(?:what|which|are there(?: any)?|is there|any|do you have|have you(?: got)?|list"
        rf"|find|show(?: me)?|give me)(?: all| any| some| other| the| an?)* {_ARTICLES}"
        r"(?: do you have| have you got| are there| you have| there are)?"
        r"(?: that)?(?: are| is)? (?:about|on|regarding|concerning|mention(?:s|ing)?"
        r"|deal(?:s|ing)? with) (?P<subject>.+?)"
        r"|(?:what (?:do|have) you (?:have|got|know)|do you (?:have|know)|have you(?: got)?"
        r"|is there|got)(?: anything| something)? (?:about|on) (?P<subject2>.+?)"
        r"|(?:anything|something) (?:about|on) (?P<subject3>.+?)",
    ),
    (
        "summary",
        r"(?:summari[sz]e|sum up|(?:give me |write )?(?:a |the )?(?:short |brief )?summary of"
        r"|tl;?dr:?)(?: for me)?(?P<subject> .+?)?"
        r"|what(?:'s| is) (?P<subject2>(?:this|that|the(?: open)?) (?:article|story|text))"
        r" about"
        r"|what does (?P<subject3>(?:this|that|the(?: open)?) (?:article|story|text)) say",
    ),
    (
        "keyword",
        r"(?:tell me|more|something|everything|info(?:rmation)?) about (?P<subject>.+?)",
    ),
)
_SUBJECT = tuple(
    (kind, re.compile(rf"^\W*(?:please )?(?:can you |could you )?(?:{pattern})[\s.!?]*$", re.I))
    for kind, pattern in _SUBJECT_WORDS
)
_OPEN = re.compile(
    r"^(?:it|this|that|(?:this|that|the)(?: open| current| last| first)?"
    r" (?:article|story|text|one|page|document))?$",
    re.IGNORECASE,
)
_START = re.compile(rf"^\W*{_GREETING}[\s,.!:;-]+(?=\w)", re.IGNORECASE)
# Two or three words without a word that asks: "Oduya", "harbour bridge", "mayor of Quarle".
_KEYWORDS = 3
_LINKS = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the"})
_IMPERATIVES = """
not no yes really sure add show list define explain describe compare
"""
_ASKS = frozenset(_IMPERATIVES.split())


def is_open_article(subject: str) -> bool:
    """Whether the subject of a summary is the article in front of the reader."""
    return bool(_OPEN.match(subject.strip()))


def read_wording(question: str, outlets: Mapping[str, str], today: date) -> Wording:
    """What a question asks by its words.

    outlets: names to outlets (see `outlets.outlet_names`). today: what "last week" is counted from.
    """
    text = " ".join(question.split())
    kind = _talk(text)
    if kind not in ("question", "list"):
        return Wording(text, kind)
    text = _START.sub("", text)
    without_outlet, outlet = named_outlet(text, outlets)
    without_days, limits, relative = limiting_days(without_outlet, today)
    preferred, undated = Filters(), without_days
    if limits == Filters():
        preferred, undated = named_days(without_days)
    if preferred == Filters() and limits == Filters():
        preferred, relative = last_period(without_days, today)
    limits = Filters(limits.since, limits.until, outlet)
    left = _tidied(without_days) or text
    kind = _talk(left)
    subject = ""
    if kind == "question":
        kind, subject = _with_subject(left)
    if kind == "question" and _is_keyword(left):
        kind, subject = "keyword", left.strip("?!. ")
    return Wording(left, kind, subject, limits, preferred, _tidied(undated) or left, relative)


def _talk(text: str) -> Kind:
    plain = text.replace("’", "'")
    for kind, pattern in _TALK:
        if pattern.match(plain):
            return kind
    return "question"


def _with_subject(text: str) -> tuple[Kind, str]:
    plain = text.replace("’", "'")
    for kind, pattern in _SUBJECT:
        match = pattern.match(plain)
        if match:
            found = next((v for v in match.groupdict().values() if v), "")
            return kind, found.strip()
    return "question", ""


def _is_keyword(text: str) -> bool:
    words = fold(text).strip("?!. \"'").split()
    plain = [word for word in words if word not in _LINKS]
    return (
        0 < len(plain) <= _KEYWORDS
        and len(words) <= _KEYWORDS + 2
        and not any(word in STOP_WORDS or word in _ASKS for word in plain)
        and bool(terms(text))
    )


def _tidied(text: str) -> str:
    """The text without the spaces and commas that a phrase left behind."""
    text = re.sub(r"\s+([,.?!])", r"\1", " ".join(text.split()))
    text = re.sub(r"^[\s,;:–-]+|,(?=[?!.])", "", text)
    return text if re.search(r"\w", text) else ""
