"""What is said that is no question: greetings, thanks, lists, summaries, a bare keyword.

Patterns of English wordings, no model.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from askarticles.terms import STOP_WORDS, fold, terms

Kind: TypeAlias = Literal[
    "question", "greeting", "thanks", "goodbye", "nod", "help", "outlets", "list", "about",
    "summary", "source", "more", "keyword", "author", "doubt", "over", "again", "manner",
]  # fmt: skip

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
ARTICLES = r"(?:articles?|stor(?:y|ies)|documents?|texts?|files?|pieces?|reports?)"
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
    r"|(?:no,? )?that(?:'s| is| was) (?:all|just|exactly)? ?(?:what )?i (?:needed|need|wanted"
    r"|was looking for)"
    r"|(?:great|good|nice) (?:answer|job|work)|forget it)"
)
_BYE = r"(?:(?:good ?)?bye(?:[- ]?bye)?(?: for now)?|see you(?: later)?|good ?night|cya|ciao)"
_TALK_WORDS: tuple[tuple[Kind, str], ...] = (
        ("greeting", rf"{_GREETING}(?:[\s,!.]+{_HOW_ARE_YOU})?|{_HOW_ARE_YOU}"),
        ("goodbye", rf"(?:(?:{_FINE}|{_THANKS})[,!. ]*)*{_BYE}"),
        ("thanks", rf"(?:{_NOD}[,!. ]*)*{_THANKS}(?:[,!. ]+{_NOD})*"),
        (
            "doubt",
            r"(?:no,? )?(?:but )?(?:(?:that|this|it)(?:'s| is| was) (?:wrong|incorrect|false"
            r"|not (?:right|true|correct))|you(?:'re| are) (?:wrong|mistaken)"
            r"|(?:wrong|incorrect|bad)(?: answer)?"
            r"|are you (?:really )?(?:sure|certain)(?: (?:about|of) (?:that|this|it))?)",
        ),
        (
            "over",
            r"(?:let'?s |please )?(?:start|begin) (?:over|again|anew|from scratch)|reset"
            r"|(?:a |the )?(?:new|next|another|different) (?:question|chat|conversation)"
            r"|forget (?:all of )?(?:that|this|everything)",
        ),
        (
            "again",
            r"(?:(?:can|could|would) you )?(?:please )?(?:repeat|say)(?: (?:that|it|this|the answer"
            r"|your answer))?(?: again| once more)?(?: please)?|come again|pardon(?: me)?",
        ),
        (
            "manner",
            r"(?:(?:a )?(?:shorter|simpler|longer)(?: answer)?|in (?:plain |simple )?(?:english"
            r"|german|french|spanish|other words))(?:,? please)?"
            r"|i (?:don'?t|do not) (?:understand|get it)(?: (?:that|this|it))?"
            r"|(?:(?:can|could) you |please )*(?:explain|translate|rephrase|simplify|shorten"
            r"|reword)(?: (?:that|this|it))?(?: (?:in|into|to) [a-z ]{1,20})?",
        ),
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
            r"(?:what|which|list|show(?: me)?)(?: are)?(?: other| all)?(?: the| your)?"
            r" (?:outlets?|sources?"
            r"|(?:news)?papers?|publications?|magazines?)"
            r"(?: (?:do you|have you|can you|are|is|there|have|got|know|here|available|use))*"
            r"|where (?:are|do) (?:the|your) articles (?:come )?from",
        ),
        (
            "list",
            rf"(?:what|which) (?:other )?{ARTICLES}"
            r"(?: (?:do you|have you|can you|are|is|were|was|did you|have|got|there|read|know|here"
            r"|available|in here|published|written|appeared|come|from))*"
            rf"|(?:please )?(?:list|show|give)(?: me)?(?: all)?(?: of)?(?: the| your)?"
            rf"(?: latest| newest)? (?:{ARTICLES}|everything)|list everything"
            rf"|(?:all |the |your |latest |newest |recent )*(?:{ARTICLES}|news)"
            r"|(?:what|which)(?:'s| is| are) (?:the |your )?(?:newest|latest|most recent|last)"
            r" (?:articles?|story|stories)"
            r"|(?:what|which) (?:articles?|story|stories) (?:is|are) (?:the )?(?:newest|latest"
            r"|most recent)"
            r"|what do you (?:know|have)"
            rf"|how many {ARTICLES} (?:do you have|are there|have you(?: got)?)(?: here)?"
            rf"|what (?:are|is) (?:the|your|these|all) (?:{ARTICLES} )about"
            r"|(?:what|which) (?:topics|subjects|themes) (?:do you (?:cover|know|have)|are there)"
            r"|what(?:'s| is| was) (?:in here|here|new|(?:in )?the (?:latest )?news)"
            r"|(?:any )?news(?: from)?|what(?: has|'s)? happened",
        ),
        (
            "more",
            r"(?:(?:some|any|tell me|show me|give me|and) )?more(?: please| answers?| quotes?"
            r"| quotations?| results?| details?| info(?:rmation)?)?"
            r"(?: (?:about|on) (?:it|that|this))?\??"
            r"|(?:and |is there |is that )?(?:anything|something) else\??"
            r"|(?:and )?what else\??|(?:is that |and that is )all\?|go on|continue|next"
            r"|(?:any )?others?\??",
        ),
)  # fmt: skip
_TALK = tuple(
    (kind, re.compile(rf"^\W*(?:{pattern}){_END}", re.IGNORECASE)) for kind, pattern in _TALK_WORDS
)
# One of the articles that were shown.
_ONE_SHOWN = r"(?:the )?(?:first|second|third|fourth|fifth|last) (?:article|story|text|one|report)"
_SUBJECT_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "about",
        rf"(?:what|which|are there(?: any)?|is there|any|do you have|have you(?: got)?|list"
        rf"|find|show(?: me)?|give me)(?: all| any| some| other| the| an?)* {ARTICLES}"
        r"(?: do you have| have you got| are there| you have| there are)?"
        r"(?: that)?(?: are| is)? (?:about|on|regarding|concerning|mention(?:s|ing)?"
        r"|deal(?:s|ing)? with) (?P<subject>.+?)"
        r"|(?:what (?:do|have) you (?:have|got|know)|do you (?:have|know)|have you(?: got)?"
        r"|is there|got)(?: anything| something)? (?:about|on) (?P<subject2>.+?)"
        r"|(?:anything|something|everything) (?:about|on) (?P<subject3>.+?)"
        rf"|(?:(?:is|are) there |do you have |have you(?: got)? )?(?:(?:any|some|the|latest|recent"
        rf"|newest|new|all|your) )*(?:{ARTICLES}|news|updates?) (?:about|on|regarding|concerning)"
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
        r"(?P<subject> (?:(?:this|that|the open) (?:article|story|report|text)"
        r"|the article(?: about .+?)?))"
        r"(?: (?:published|written|printed|from|by|in))*"
        r"|(?:who (?:wrote|reported)|(?:when|where|by whom) was) (?P<subject2>this|that)"
        r"(?: (?:published|written|printed|reported))?"
        r"|which (?:article|outlet|(?:news)?paper)(?: (?:is|was)"
        r" (?P<subject3>this|that|it(?! p))(?: (?:from|in|published in|printed in))?"
        r"| (?:reported|published|printed|said) (?:this|that)| (?:reported|said) it)"
        r"|where (?:did|do) you (?:get|have|find) (?:this|that|it)(?: from)?"
        r"|(?:what(?:'s| is) (?:the|your) )?source|sources|says who|who says(?: so| that)?"
        r"|where (?:is|does) (?:this|that) (?:come )?from",
    ),
    ("summary", rf"(?:open|show(?: me)?|read) (?P<subject>{_ONE_SHOWN})"),
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
    rf"^(?:the|an?|that|your) (?:(?:first|newest|latest) )?{ARTICLES} (?:about|on|called|titled) ",
    re.IGNORECASE,
)
_IN_SENTENCES = re.compile(
    r"(?:^| )in (?:an?|one|two|three|four|five|a few|\d+) (?:sentences?|words?|lines?|points?)$",
    re.I,
)
_ALL = re.compile(rf"^(?:all|the|your|everything|of| )*(?:{ARTICLES}|news|everything)$", re.I)
# Signs that people answer with.
_WAVES, _HANDS = frozenset("👋🖐✋"), frozenset("👍🙏❤💯😊🙂👏")
# Two or three words without a word that asks: "Oduya", "harbour bridge", "mayor of Quarle".
KEYWORDS = 3
_LONGEST_KEYWORD = 80
_LONGEST_TALK = 200
_LINKS = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the"})
_IMPERATIVES = """
not no yes really sure add show list define explain describe compare
"""
_ASKS = frozenset(_IMPERATIVES.split())
_STANDS_FOR = re.compile(r"^(?:it|that|this|them|those|these|him|her|there)\W*$", re.IGNORECASE)
# A question of a script that has no spaces between words is no keyword.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff][^?？]*[?？]")
_ENDS_WITHIN = re.compile(r"\?\s|[^\W\d_]{3}[.!]\s")


# What is asked about the article that was shown last, where the articles themselves don't say.
_OF_SHOWN = re.compile(
    r"^\W*(?:and )?(?:who (?:wrote|reported) it|who(?:'s| is| was)"
    r" (?:the|its) (?:author|writer|reporter)"
    r"|(?:when|where|by whom) was it (?:published|written|printed|reported)"
    r"|which (?:outlet|(?:news)?paper) (?:(?:published|printed) it"
    r"|was it (?:published|printed) in))[\s.!?]*$",
    re.IGNORECASE,
)
_OF_AUTHOR = re.compile(
    r"^\W*(?:(?:which|what|list|show|find|give|me|are|there|do|you|have|all|any|the|other|latest"
    rf"|newest) )*(?:{ARTICLES}|anything|everything)(?: (?:do you have|are there|were|was|are|is))*"
    r"(?: written| published)? (?P<link>by|from) (?P<name>\w[^\s?!]*(?: [^\s?!]+){0,3}?)"
    r"(?: (?:are|is) there)?[\s.!?]*$"
    r"|^\W*what (?:did|has|have|does) (?P<name2>\w\S*(?: \S+){0,3}?)"
    r" (?:write|written|report|reported|publish|published)[\s.!?]*$",
    re.IGNORECASE,
)


def asks_of_shown(text: str) -> bool:
    """Whether a text may ask who wrote the article that was shown last, or when: "who wrote it"."""
    return bool(_OF_SHOWN.match(text.replace("’", "'")))


def author_asked(text: str) -> str:
    """The name whose articles are asked for ("What did Ruth Abel write?"), or "".

    One word alone is a town in "stories from Brell", and anybody in "What did Abel write?".
    """
    match = _OF_AUTHOR.match(text)
    name = (match["name"] or match["name2"]).rstrip(".") if match else ""
    return name if match and (" " in name or (match["link"] or "").lower() == "by") else ""


def is_one_shown(text: str) -> bool:
    """Whether a text only points at one of the articles that were listed: "the second one"."""
    return bool(re.fullmatch(rf"\W*{_ONE_SHOWN}\W*", text, re.IGNORECASE))


def is_open_article(subject: str) -> bool:
    """Whether the subject of a summary is the article in front of the reader."""
    return bool(_OPEN.match(subject.strip()))


def without_greeting(text: str) -> str:
    """A text without the greeting or the thanks that it begins with."""
    return _START.sub("", text)


def talk_kind(text: str) -> Kind:
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


def with_subject(text: str) -> tuple[Kind, str]:
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


def is_keyword(text: str) -> bool:
    words = fold(text).strip("?!. \"'").split()
    if not re.search(r"[^\W\d_]{2}|\d{3}", text):
        return False
    plain = [word for word in words if word not in _LINKS]
    return (
        0 < len(plain) <= KEYWORDS
        and len(words) <= KEYWORDS + 2
        and not any(word in STOP_WORDS or word in _ASKS for word in plain)
        and bool(terms(text))
        and len(text) <= _LONGEST_KEYWORD
        and not _UNSPACED.search(text)
    )
