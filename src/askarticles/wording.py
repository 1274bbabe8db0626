"""What a question's own words ask: within which outlet and days, or no question at all.

Rules over English wordings, no model and no clock: `today` is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from askarticles.asides import asks_enough, parted, unmarked
from askarticles.datatypes import Filters
from askarticles.days import last_period, limiting_days, named_days, without_days
from askarticles.outlets import named_outlet, outlet_alone, unknown_outlet
from askarticles.terms import STOP_WORDS, fold, terms

Kind: TypeAlias = Literal[
    "question", "greeting", "thanks", "goodbye", "nod", "help", "outlets", "list", "about",
    "summary", "source", "more", "keyword",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question's words ask.

    text: the question without its greeting and without the words of `limits`. asides: what else
    was said with it, a sentence each. subject: what a list, a summary or the keyword is about, or
    "". limits: articles that alone may answer.
    preferred: days whose articles come first, since what happened in a year is told later, too.
    undated: the text without the days preferred, which articles of that time seldom write out.
    relative: whether days were counted from today.
    unknown: what the question names as its source and no outlet is called. bare: whether it names
    nothing but an outlet or days ("and in 2021?").
    """

    text: str
    kind: Kind = "question"
    subject: str = ""
    limits: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)
    undated: str = ""
    relative: bool = False
    unknown: str = ""
    bare: bool = False
    asides: tuple[str, ...] = ()

    @property
    def within(self) -> Filters:
        """The limits of a list of articles, for which days that are named are limits, too."""
        days = self.limits if self.preferred == Filters() else self.preferred
        return Filters(days.since, days.until, self.limits.source)


# ---- no question ---------------------------------------------------------------------------

_END = r"[\W_]*$"
_GREETING = (
    r"(?:hi+|hello+|hey+a?|hiya|heya|howdy|yo|sup|greetings|g'?day|good ?(?:morning|afternoon"
    r"|evening|day)|hola|hallo|bonjour|salut|ciao|moin|servus|guten (?:tag|morgen|abend))"
    r"(?: (?:there|again|all|everyone|everybody|askarticles|bot|world))?"
)
_HOW_ARE_YOU = (
    r"(?:how are you(?: doing)?(?: today)?|what'?s up|how do you do|how(?:'s| is) it going"
    r"|nice to meet you)"
)
_ARTICLES = r"(?:articles?|stor(?:y|ies)|documents?|texts?|files?|pieces?|reports?)"
_FINE = (
    r"(?:ok(?:ay)?|great|cool|perfect|nice|good|got it|fine|super|wonderful|awesome|excellent"
    r"|brilliant|amazing|i see|well done|all right|alright)"
)
_THANKS = (
    r"(?:many )?(?:thanks?(?: you)?|thx|tnx|ty|cheers|ta|much appreciated|merci|danke|gracias"
    r"|grazie)(?: (?:a lot|so much|very much|again|for .{1,40}))?"
)
_NOD = (
    rf"(?:{_FINE}|that helps|that helped|you(?:'re| are) (?:the best|great|amazing|very helpful)"
    r"|yes|yeah|yep|no|nope|sure|really|wow|lol|haha|hmm+|sorry"
    r"|never ?mind|(?:no,? )?that(?:'s| is| was) (?:all|it|great|good|fine|helpful|nice|cool)"
    r"|(?:great|good|nice) (?:answer|job|work)|forget it)"
)
_BYE = r"(?:(?:good ?)?bye(?:[- ]?bye)?(?: for now)?|see you(?: later)?|good ?night|cya|ciao)"
_TALK_WORDS: tuple[tuple[Kind, str], ...] = (
        ("greeting", rf"{_GREETING}(?:[\s,!.]+{_HOW_ARE_YOU})?|{_HOW_ARE_YOU}"),
        ("goodbye", rf"(?:(?:{_FINE}|{_THANKS})[,!. ]*)*{_BYE}"),
        ("thanks", rf"(?:{_NOD}[,!. ]*)*{_THANKS}(?:[,!. ]+{_NOD})*"),
        ("nod", rf"{_NOD}(?:[,!. ]+{_NOD})*"),
        (
            "help",
            r"(?:no,? )?that(?:'s| is| was) not what i (?:asked|meant|wanted)"
            r"|(?:please )?help(?: me)?|(?:what|which(?: kinds? of)? questions|what(?: (?:sorts?"
            r"|kinds?|types?) of)? (?:questions|things)) (?:can|could|should|may)"
            r" (?:i ask|you answer)(?: you| here| about)?|what can you"
            r" (?:do|answer|tell me)(?: for me)?"
            r"|how (?:do|can|should) i (?:use|ask)(?: this| you| it| a question| questions)?"
            r"|how does (?:this|it) work|who are you|what are you|what is this"
            r"|what do you do|can you help(?: me)?|commands|instructions"
            r"|are you (?:an? )?(?:(?:ro)?bot|human|person|chat ?gpt|ai|llm|machine|real|there)",
        ),
        (
            "outlets",
            r"(?:what|which|list|show(?: me)?)(?: other| all)?(?: the| your)? (?:outlets?|sources?"
            r"|(?:news)?papers?|publications?|magazines?)"
            r"(?: (?:do you|have you|can you|are|is|there|have|got|know|here|available|use))*"
            r"|where (?:are|do) (?:the|your) articles (?:come )?from",
        ),
        (
            "list",
            rf"(?:what|which) (?:other )?{_ARTICLES}"
            r"(?: (?:do you|have you|can you|are|is|were|was|did you|have|got|there|read|know|here"
            r"|available|in here|published|written|appeared|come|from))*"
            rf"|(?:please )?(?:list|show|give)(?: me)?(?: all)?(?: of)?(?: the| your)?"
            rf"(?: latest| newest)? (?:{_ARTICLES}|everything)|list everything"
            rf"|(?:all |the |your |latest |newest |recent )*(?:{_ARTICLES}|news)"
            r"|what do you (?:know|have)"
            rf"|how many {_ARTICLES} (?:do you have|are there|have you(?: got)?)(?: here)?"
            rf"|what (?:are|is) (?:the|your|these|all) (?:{_ARTICLES} )about"
            r"|(?:what|which) (?:topics|subjects|themes) (?:do you (?:cover|know|have)|are there)"
            r"|what(?:'s| is| was) (?:in here|here|new|(?:in )?the (?:latest )?news)"
            r"|(?:any )?news(?: from)?|what(?: has|'s)? happened",
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
_ONE_SHOWN = r"(?:the )?(?:first|second|third|fourth|fifth|last) (?:article|story|text|one|report)"
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
        r"|(?:anything|something|everything) (?:about|on) (?P<subject3>.+?)"
        rf"|(?:(?:is|are) there |do you have |have you(?: got)? )?(?:(?:any|some|the|latest|recent"
        rf"|newest|new|all|your) )*(?:{_ARTICLES}|news|updates?) (?:about|on|regarding|concerning)"
        r" (?P<subject4>.+?)|what(?:'s| is) new (?:about|on|with|in) (?P<subject5>.+?)",
    ),
    (
        "summary",
        r"(?:summari[sz]e|sum up|(?:(?:give me|write|i want) )?(?:a |the )?(?:short |brief )?"
        r"summary(?: of)?|tl;?dr:?)(?: for me)?(?P<subject> .+?)?(?: please)?"
        r"|what(?:'s| is) (?P<subject2>(?:this|that|the(?: open)?) (?:article|story|text)"
        r"(?: (?:about|on) .+?)?) about"
        r"|what does (?P<subject3>(?:this|that|the(?: open)?) (?:article|story|text)) say",
    ),
    (
        "keyword",
        r"(?:what (?:can|could) you )?(?:tell me(?: more)?|more|info(?:rmation)?) about"
        r" (?P<subject>.+?)",
    ),
    (
        "source",
        r"(?:and )?(?:who (?:wrote|reported|is the author of)|(?:when|where|by whom) was"
        r"|which (?:outlet|(?:news)?paper) (?:is|published|printed)"
        r"|what is the (?:author|date|source) of)"
        r"(?P<subject> (?:this|that|the(?: open)?) (?:article|story|report|text)(?: about .+?)?)"
        r"(?: (?:published|written|printed|from|by|in))*"
        r"|(?:what(?:'s| is| are) (?:the|your) )?sources?|says who|who says(?: so| that)?"
        r"|where (?:is|does) (?:this|that) (?:come )?from",
    ),
    # "The second one", of articles that were shown.
    ("summary", rf"(?:(?:open|show(?: me)?|read|and) )?(?P<subject>{_ONE_SHOWN})"),
)
_SUBJECT = tuple(
    (kind, re.compile(rf"^\W*(?:please )?(?:can you |could you )?(?:{pattern})[\s.!?]*$", re.I))
    for kind, pattern in _SUBJECT_WORDS
)
_OPEN = re.compile(
    r"^(?:it|this|that|(?:this|that|the)"
    r"(?: open| current| last| first| second| third| fourth| fifth)?"
    r" (?:article|story|report|text|one|page|document))?$",
    re.IGNORECASE,
)
_START = re.compile(
    rf"^\W*(?:{_GREETING}[\s,.!:;-]+|(?:{_THANKS}|{_FINE})[,.!:;-]+\s*)(?=\w)", re.IGNORECASE
)
# Of a summary's subject: what only says that an article is meant, and how long it may be.
_THE_ARTICLE = re.compile(
    rf"^(?:the|an?|that|your) (?:(?:first|newest|latest) )?{_ARTICLES} (?:about|on|called|titled) ",
    re.IGNORECASE,
)
_IN_SENTENCES = re.compile(
    r"(?:^| )in (?:an?|one|two|three|four|five|a few|\d+) (?:sentences?|words?|lines?|points?)$",
    re.I,
)
_ALL = re.compile(rf"^(?:all|the|your|everything|of| )*(?:{_ARTICLES}|news|everything)$", re.I)
# "What happened in Pell in May?" asks for whatever there is of that time.
_HAPPENED = re.compile(r"^\W*[Ww]hat happened in (?P<subject>[A-Z][^?]*?)[\s?.!]*$")
_WHAT_SAID = re.compile(r"\b(?:say|write|report|tell|claim|state)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^what(?: (?:about|on|regarding)) (?P<subject>.+?)[\s?.!]*$", re.I)
# Signs that people answer with.
_WAVES, _HANDS = frozenset("👋🖐✋"), frozenset("👍🙏❤💯😊🙂👏")
# Two or three words without a word that asks: "Oduya", "harbour bridge", "mayor of Quarle".
_KEYWORDS = 3
_LONGEST_KEYWORD = 80
_LONGEST_TALK = 200
# Patterns take the square of a length: of six that were tried, "in" 333 times took most, .25 s.
_LONGEST_READ = 1000
# All that is left of "and in 2021?" and of "What did Reuters report?" without what they name.
_NOTHING_WORDS = """
and or but so then what how about is are was were does did do has have the a an of from by in on
it they there not only just please
"""
_NOTHING = frozenset(_NOTHING_WORDS.split())
_LINKS = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the"})
_IMPERATIVES = """
not no yes really sure add show list define explain describe compare
"""
_ASKS = frozenset(_IMPERATIVES.split())


_STANDS_FOR = re.compile(r"^(?:it|that|this|them|those|these|him|her|there)\W*$", re.IGNORECASE)
_ENDS_WITHIN = re.compile(r"\?\s|[^\W\d_]{3}[.!]\s")


def is_open_article(subject: str) -> bool:
    """Whether the subject of a summary is the article in front of the reader."""
    return bool(_OPEN.match(subject.strip()))


def _anything(name: str) -> bool:
    return True


def read_wording(
    question: str,
    outlets: Mapping[str, str],
    today: date,
    mentioned: Callable[[str], bool] = _anything,
) -> Wording:
    """What a question asks by its words.

    outlets: names to outlets (see `outlets.outlet_names`). today: what "last week" is counted from.
    mentioned: whether articles hold all words of a name, by which a person is told from an outlet
    that is not here.
    """
    text = unmarked(question)
    if text.isupper() and len(text.split()) > _KEYWORDS - 1:
        text = text.lower()  # where all are capitals they name nothing
    whole = _read(text, outlets, today, mentioned)
    asking, beside = parted(whole.text)
    if whole.bare or asking == whole.text or whole.kind not in ("question", "keyword"):
        return whole
    alone = _read(asking, outlets, today, mentioned)
    if alone.bare or alone.kind in ("help", "outlets", "more"):
        return alone
    if len(text) > _LONGEST_READ:
        whole = alone  # in which no limits were looked for
    listed = alone.kind in ("about", "summary")
    told = alone.kind == "keyword" and alone.subject != alone.text.strip("?!. ")
    if listed and not asks_enough(alone.subject, 1):
        return whole
    if not listed and not ((told or alone.kind == "question") and asks_enough(asking)):
        return whole
    return replace(
        whole,
        text=alone.text,
        kind=alone.kind,
        subject=alone.subject,
        undated=parted(whole.undated)[0],
        asides=tuple(aside for aside in beside if _talk(aside) == "question"),
    )


def _read(
    text: str, outlets: Mapping[str, str], today: date, mentioned: Callable[[str], bool]
) -> Wording:
    kind = _talk(text)
    if kind not in ("question", "list") or len(text) > _LONGEST_READ:
        return Wording(text, kind, undated=text)
    text = _START.sub("", text)
    if alone := outlet_alone(text, outlets, mentioned):
        return Wording(text, "list", limits=Filters(source=alone), undated=text, bare=True)
    left, outlet = named_outlet(text, outlets)
    unknown = ""
    if not outlet:
        left, unknown = unknown_outlet(left, outlets, mentioned)
    left, limits, relative = limiting_days(left, today)
    preferred, undated = Filters(), left
    if limits == Filters():
        preferred, undated = named_days(left)
        if preferred == Filters():
            preferred, undated = last_period(left, today)
            relative = preferred != Filters()
    limits = Filters(limits.since, limits.until, outlet)
    left = _tidied(left)
    plain = _tidied(without_days(left))
    named = bool(unknown) or (limits, preferred) != (Filters(), Filters())
    found = Wording(
        left or text, "list", "", limits, preferred, _tidied(undated) or left or text, relative,
        unknown, bare=named and _NOTHING.issuperset(re.findall(r"[^\W_]+", fold(plain))),
    )  # fmt: skip
    if found.bare:
        return found
    kind, subject = _talk(plain), ""
    if kind == "question":
        kind, subject = _with_subject(left)
        if kind == "about":
            kind, subject = _with_subject(plain)
    happened = _HAPPENED.match(plain)
    if kind == "question" and happened and found.within != Filters():
        kind, subject = "about", happened["subject"]
    # "What does the Courier say about the mill?" asks for whatever it says.
    match = _WHAT_ABOUT.match(left) if outlet or unknown else None
    if kind == "question" and match and _WHAT_SAID.search(text):
        kind, subject = "keyword", match["subject"]
    if kind == "question" and _is_keyword(left):
        kind, subject = "keyword", left.strip("?!. ")
    return replace(found, kind=kind, subject=subject)


def _talk(text: str) -> Kind:
    plain = text.replace("’", "'")
    if len(plain) > _LONGEST_TALK:
        return "question"
    if not re.search(r"\w", plain):
        signs = set(plain)
        return "greeting" if signs & _WAVES else "nod" if signs & _HANDS else "help"
    for kind, pattern in _TALK:
        if pattern.match(plain):
            return kind
    return "question"


def _with_subject(text: str) -> tuple[Kind, str]:
    plain = text.replace("’", "'")
    for kind, pattern in _SUBJECT:
        match = pattern.match(plain)
        if match:
            found = next((v for v in match.groupdict().values() if v), "").strip()
            # "Anything about it?" goes on, and what ends before the text does is no subject of it.
            if _ENDS_WITHIN.search(found) or (
                kind not in ("summary", "source") and _STANDS_FOR.match(found)
            ):
                return "question", ""
            if kind in ("summary", "source"):
                of, found = _one_or_all(found)
                return of or kind, found
            return ("summary" if re.fullmatch(_ONE_SHOWN, found, re.IGNORECASE) else kind), found
    return "question", ""


def _one_or_all(subject: str) -> tuple[Kind | None, str]:
    """Which article is meant, or that a list is, of all."""
    subject = _THE_ARTICLE.sub("", _IN_SENTENCES.sub("", subject.strip()))
    every = _ALL.match(subject) and not is_open_article(subject)
    return ("list", "") if every else (None, subject)


def _is_keyword(text: str) -> bool:
    words = fold(text).strip("?!. \"'").split()
    if not re.search(r"[^\W\d_]{2}|\d{3}", text):
        return False
    plain = [word for word in words if word not in _LINKS]
    return (
        0 < len(plain) <= _KEYWORDS
        and len(words) <= _KEYWORDS + 2
        and not any(word in STOP_WORDS or word in _ASKS for word in plain)
        and bool(terms(text))
        and len(text) <= _LONGEST_KEYWORD
        and "？" not in text
    )


def _tidied(text: str) -> str:
    """The text without the spaces and commas that a phrase left behind."""
    text = re.sub(r"\s+([,.?!])", r"\1", " ".join(text.split()))
    text = re.sub(r"^[\s,;:–-]+|,(?=[?!.])", "", text)
    return text if re.search(r"\w", text) else ""
