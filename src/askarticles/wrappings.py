"""What a question comes wrapped in and does not ask: markup, "based on the articles", "pls".

Of 205 questions about made articles that were answered right, "in the articles?" behind them lost
73, "Based on the provided documents," before them 39, a bold type 16.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

# Markup that came along when a question was copied; "<no name given>" is not markup.
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]{0,9}|[a-z]{1,10}\s[^<>=]*=[^<>]*)/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
# Letters of another width or face. "½" and "²" are something else than their plain digits.
_LIGATURES = frozenset("ﬀﬁﬂﬃﬄﬅﬆ")
_FACES = ("<wide>", "<narrow>", "<font>")
_BOLD = re.compile(
    r"(?<![\w*_~`])(\*{1,3}|_{1,3}|~~|`{1,3})(?=[^\s*_~`])(.+?)(?<=\S)\1(?![\w*_~`])"
)
_LEADING_MARK = re.compile(r"^(?:(?:#{1,6}|>+|[*•–—-])\s+)+(?=[\w\"'“‘«(\[])")
_PAIRS = {
    '"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’", "«": "»", "»": "«", "(": ")", "[": "]",
}  # fmt: skip
_JOINERS = "\u200c\u200d"  # inside Persian and Indian words, as in the articles
# Patterns take the square of a length.
_LONGEST = 1000

_MANY = r"(?:articles|documents|texts|files|passages|excerpts)"
_GIVEN = r"(?:provided|given|above|attached|following|supplied|uploaded|retrieved|available)"
_WHOSE = r"(?:(?:only|just|solely|all|of|the|these|those|your|my|our)\s+)"
# The articles that were given, in other words; "the articles about eels" are some of them.
_ONES = (
    rf"(?:{_WHOSE}*{_GIVEN}\s+(?:news\s+)?(?:{_MANY}|sources|articles?|document|text|passage|context"
    rf"|information|material)|(?:{_WHOSE}+(?:news\s+)?{_MANY}|(?:news\s+)?articles)(?:\s+(?:{_GIVEN}"
    r"|below|here|(?:that )?you have"
    r"|(?:that )?(?:i|we)(?: have)? (?:gave|given|provided|uploaded)(?: you)?))?)"
)
_ONE = rf"(?:{_ONES}|{_WHOSE}+(?:article|document|text|passage|context)(?:\s+(?:{_GIVEN}|below))?)"
_BASED = (
    r"(?:based (?:only |solely |purely )?(?:up)?on|according to|going by|judging by|as per"
    r"|(?:by )?(?:using|referring to|considering)|with reference to)"
)
_ONLY = r"(?:only |just |solely |purely )?"
_ON_THEM_BEFORE = re.compile(
    rf"^\W*(?:{_ONLY}(?:{_BASED}\s+{_ONE}|(?:in|from)\s+(?:{_ONES}|(?:the\s+)?context))\s*[,:–—-]\s*"
    # "In the News" may be a paper.
    rf"|(?-i:[Ii]n the (?:news|press))\s*[,:]\s+)(?=\w)",
    re.IGNORECASE,
)
_ON_THEM_WITHIN = re.compile(rf",\s+{_ONLY}(?:{_BASED}|in|from)\s+{_ONES},(?=\s+\w)", re.IGNORECASE)
_ON_THEM_BEHIND = re.compile(
    rf"(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)[\s,(]{{1,5}}{_ONLY}"
    rf"(?:{_BASED}\s+{_ONE}|(?:in|from)\s+(?:{_WHOSE}*{_GIVEN}\s+{_MANY}"
    rf"|{_WHOSE}*articles(?:\s+{_GIVEN})?))\)?(?=[\s?.!]*$)",
    re.IGNORECASE,
)

_POLITE = r"(?:please|pls+|plz+|thanks|thank you|thx|tnx|ty|tia|cheers)"
_POLITE_BEHIND = re.compile(
    rf"(?:(?:[\s,;–—-]{{0,5}}[,;–—-]\s*|(?<=[?.!])\s+)(?:many )?{_POLITE}"
    r"|\s+(?:pls+|plz+|thx|(?-i:tia|exactly))|(?<!\bsay)(?<!\bsaid)(?<!\bsays)\s+please)"
    r"(?: (?:so much|very much|a lot|in advance|and thank you|and thanks))*[\s.!]*(?=[\s?.!]*$)",
    re.IGNORECASE,
)
_POLITE_BEFORE = re.compile(r"^\W*(?:please|pls+|plz+)[\s,:]+(?=\w)", re.IGNORECASE)
_LENGTH = (
    r"in (?:only |just )?(?:an?|one|two|three|a few|a couple of)"
    r" (?:short |single |full |complete |brief )?(?:sentences?|words|lines?|paragraphs?)"
)
_LENGTH_BEFORE = re.compile(rf"^\W*(?:{_LENGTH}|briefly|in short|in brief)\s*[,:]\s+(?=\w)", re.I)
_LENGTH_BEHIND = re.compile(rf"[\s,]+{_LENGTH}(?=[\s?.!]*$)", re.I)
# "My question is:", "Could you please tell me:", "New topic -"
_CALL_WORDS = """
a an another answer anyone ask can could different explain first following for have here hi hello
here's hey i i'd is just know last let like me my need new next now okay ok one other please pls
query question q quick second short simple small somebody tell the then third this to topic user
want with would you
"""
_CALLS = frozenset(_CALL_WORDS.split())
_CALLING = frozenset({"question", "query", "q", "topic", "answer", "tell", "explain", "ask"})
_CALL = re.compile(
    r"^\W*(?P<words>[^\W\d]+(?:[\s,.!]+[\w'’]+){0,11})\s*(?::|\s[–—-])\s*(?=[\w\"'“(])"
)

# Sentences that say how to answer, and nothing of what is asked.
_TELLING_WORDS = """
add always answer avoid base be brief cite don't explain format give ignore include keep limit
list make mention name never no only output please provide quote quoting refer reply respond return
say show speak state stay stick summarise summarize take tell think use using without work write if
in based just max maximum one short two
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_HOW_WORDS = """
a about above accurate accurately actual again all also an and answer answers any anything are
article articles as assume at attached aware based basis be below best both brief briefly bullet but
by can can't careful carefully certain citation citations cited citing clear clearly concise
concisely context correct deep detail detailed details direct do document documents don't
doesn't each else english ensure every exact exactly explain explanation explanations fact
facts few file files find following for format french from full german given guess guesses
hallucinate hallucinations have honest how i i'd idea if in information invent is isn't it
its itself json just keep knowledge know language length let's line lines links list long
made make markdown maximum me mention money more most must my need no not nothing of on one only or
other out outside own paragraph paragraphs passage passages plain please points possible possibly
precise precisely proof provide provided quotation quotations quote quotes reason reasoning refer
reference references reply respond response say search sentence sentences short should simple simply
single so source sources spanish speculate speculation state step stick stuff sure take terms text
texts than that the them then there things think this three through time to two unknown unsure up
use using verbatim very way web what whole with within without word words would write you your
yourself five four ten 1 2 3 5 10 50 100
"""
_HOW = frozenset(_HOW_WORDS.split()) | _TELLING
_PURPOSE = re.compile(
    r"^\W*(?:(?:it|this|that)(?:['’]s| is)(?: all)? for|i(?:['’]m| am) asking(?: this)? for"
    r"|i (?:need|want)(?: (?:it|this|that|the answer))? for|for) (?:an?|the|my|our)"
    r"(?: \w+){0,2} (?:project|paper|essay|homework|presentation|class|course|exam|test|quiz|thesis"
    r"|report|blog|newsletter|podcast|assignment)\W*$|^\W*(?:this is|it['’]s|it is) (?:very )?"
    r"(?:urgent|important)\W*$",
    re.IGNORECASE,
)
_OPENERS = re.compile(r"^(?:(?:and|but|also|so|please|kindly|can you|could you|would you)\s+)+")


def unmarked(text: str) -> str:
    """A question without the markup and the invisible signs that were copied with it."""
    plain = " ".join(_TAG.sub(" ", text).split())
    plain = _ENTITY.sub(lambda entity: unescape(entity[0]), plain)
    if not plain.isascii():
        plain = " ".join("".join(map(_plain_sign, plain)).split())
        plain = unicodedata.normalize("NFC", plain)
    plain = _LEADING_MARK.sub("", plain)
    if len(plain) <= _LONGEST and re.search(r"[*_~`]", plain):
        plain = _BOLD.sub(r"\2", plain)
    return _unpaired(plain) or text.strip()


def unwrapped(text: str) -> str:
    """A question without the words that say whom, from what and how politely it asks.

    They stay where nothing else is said.
    """
    if len(text) > _LONGEST:
        return text
    for pattern in (
        _ON_THEM_BEFORE, _LENGTH_BEFORE, _POLITE_BEFORE, _POLITE_BEHIND, _LENGTH_BEHIND,
        _ON_THEM_BEHIND, _POLITE_BEHIND,
    ):  # fmt: skip
        text = _without(pattern, _uncalled(text))
    return _unpaired(_without(_ON_THEM_WITHIN, _uncalled(text)))


def ended(text: str) -> str:
    """A question with one question mark at its end, however it was typed."""
    end = len(text)
    while end and (text[end - 1] in " \t?!…\ufe0f" or _is_picture(text[end - 1])):
        end -= 1
    kept = text[:end]
    if re.search(r"\w\w\.$", kept):
        kept = kept[:-1]
    return f"{kept}?" if re.search(r"\w", kept) else text


def instructs(sentence: str) -> bool:
    """Whether a sentence beside a question only says how or what for to answer."""
    if _PURPOSE.search(sentence):
        return True
    said = sentence.lower().replace("’", "'").replace("do not", "don't").strip()
    words = re.findall(r"[\w']+", _OPENERS.sub("", said))
    return len(words) > 1 and words[0] in _TELLING and _HOW.issuperset(words)


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.category(sign) == "Cf":
        return sign if sign in _JOINERS else ""
    other_face = unicodedata.decomposition(sign).startswith(_FACES) or sign in _LIGATURES
    return unicodedata.normalize("NFKC", sign) if other_face else sign


def _is_picture(sign: str) -> bool:
    return sign > "\u2190" and unicodedata.category(sign) in ("So", "Sk")


def _unpaired(text: str) -> str:
    """The text without a pair of quotation marks or brackets around all of it."""
    while text and text[0] in _PAIRS:
        end = len(text.rstrip(" ?.!,;"))
        inside = text[1 : end - 1]
        closing = end > 1 and text[end - 1] in _PAIRS[text[0]]
        if not closing or not inside.strip() or set(text[0] + text[end - 1]) & set(inside):
            break
        marks = "" if inside.rstrip()[-1] in "?.!" else text[end:]
        text = f"{inside.strip()}{marks.strip()}"
    return text


def _uncalled(text: str) -> str:
    call = _CALL.match(text)
    words = re.findall(r"[\w'’]+", call["words"].lower().replace("’", "'")) if call else []
    if call and _CALLS.issuperset(words) and _CALLING.intersection(words):
        return text[call.end() :]
    return text


def _without(pattern: re.Pattern[str], text: str) -> str:
    left = " ".join(pattern.sub("", text, count=1).split())
    return left if len(re.findall(r"\w+", left)) > 1 else text
