"""Which outlet a question names as its source: "according to the Courier"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from askarticles.terms import STOP_WORDS, fold

_SUFFIX = re.compile(r"\.(?:com|org|net|info|news|co\.\w\w|\w\w)$", re.IGNORECASE)
_LAST_WORDS = """
bulletin chronicle courier daily dispatch echo examiner express gazette globe guardian herald
independent inquirer journal ledger mail mercury mirror monitor news observer post press radio
record reporter review sentinel standard star sun telegraph times tribune weekly world
"""
_PAPERS = frozenset(_LAST_WORDS.split())
# In small letters these are things ("in the news", "what did the press say"), never one paper.
_THINGS = frozenset({"daily", "news", "press", "radio", "weekly", "world"})
_MOST_WORDS = 8
_SIGNS = " ,;:?!.\"'“”"
_SAY = r"(?:says?|said|reports?|reported|writes?|wrote|tells?|told|claims?|claimed|states?|stated)"
# What "gone" holds goes with the name: "articles from Reuters" leaves articles.
_SOURCE = (
    r"(?:according to|as (?:told|written|reported|said) (?:by|in)|(?:reported|published|written)"
    r" (?:by|in)|as per)"
)
_BEFORE_NAME = re.compile(
    rf"\b(?:(?P<gone>{_SOURCE})|(?:articles?|stor(?:y|ies)|reports?|coverage|news|everything|anything"
    r"|(?:do you|you|have you) (?:have|got)|are there)\s+(?P<of>of|in|from|by))\s+(?=\w)",
    re.IGNORECASE,
)
_IN_NAME = re.compile(r"\b(?:in|from|per)\s+(?=\w)", re.IGNORECASE)
_DOES_NAME_SAY = re.compile(
    rf"\b(?:do|does|did|has|have|had|is|was)\s+(?P<name>\S+(?:\s\S+){{0,{_MOST_WORDS - 1}}}?)\s+"
    rf"(?:{_SAY}|saying|reporting|writing)\b",
    re.IGNORECASE,
)
_NAME_SAYS = re.compile(
    rf"(?<!\S)(?P<name>\S+(?:\s\S+){{0,{_MOST_WORDS - 1}}}?)(?:['’]s?)?\s+"
    r"(?:(?P<noun>articles?|story|stories|coverage|report|account|version)|reported|wrote"
    r"|says|said)\b",
    re.IGNORECASE,
)


# "According to" goes before these, too, none of which is a paper.
_NO_SOURCES_WORDS = """
analysts authorities budget calendar critics data doctors estimates experts forecast government law
locals media neighbours officials plan plans people police polls prosecutors report reports
researchers residents rule rules schedule science scientists sources statistics studies study survey
surveys tradition witnesses workers
"""
_NO_SOURCES = frozenset(_NO_SOURCES_WORDS.split())
_LINKS = frozenset({"and", "at", "by", "de", "du", "from", "in", "la", "le", "near", "of", "the"})
_FOREIGN = frozenset({"Das", "Der", "Die", "El", "Il", "La", "Le"})
_NAME_FIRST = re.compile(r"^(?:from |in )?(?P<name>[^\s:]+(?:\s[^\s:]+){0,5}):\s+(?=\w)", re.I)
_NAME_ALONE = re.compile(
    r"\W*(?:(?:and|or|but|so)\s+)?(?:(?:what about|how about)\s+)?(?:(?:only|just)\s+)?"
    r"(?:(?:in|from|by|of)\s+)?(?P<name>\w\S*(?:\s\S+){0,5}?)"
    r"(?:,?\s+(?:only|alone|instead|please))*[\s?.!]*",
    re.IGNORECASE,
)
# A name in small letters: not "the mayor", but "le monde", up to where the question begins.
_SMALL_NAME = re.compile(
    r"(?!(?:the|an?|this|that|these|those|his|her|their|its|our|your|my|you|him|them|us|me|it)\b)"
    r"[\w.&'’-]+(?:\s[\w.&'’-]+){0,2}?"
    r"(?=\s*(?:[,;:?!.]|$)|\s(?:what|who|whom|whose|when|where|why|which|how|is|are|was|were|do|does"
    r"|did|has|have|had|can|will)\b)",
    re.IGNORECASE,
)


def outlet_names(outlets: Iterable[str]) -> dict[str, str]:
    """The names, folded, under which each outlet is asked for.

    The whole name, without "The", without the ending of a web address, its last word where that
    is a paper's ("the Post"), "the BBC" for BBC News, and its initials ("NYT"). A name that
    fits two outlets is neither's.
    """
    found: dict[str, set[str]] = {}
    whole: dict[str, str] = {}
    for outlet in outlets:
        name = _SUFFIX.sub("", outlet.strip())
        words = name.split()
        if words and fold(words[0]) == "the":
            words = words[1:]
        if not words:
            continue
        for written in (outlet, name, " ".join(words)):
            whole[_key(written)] = outlet
        if len(words) > 1 and fold(words[-1]) in _PAPERS:
            found.setdefault(_key(words[-1]), set()).add(outlet)
        if len(words) > 1 and fold(words[-1]) == "news" and words[-2].isupper():
            found.setdefault(_key(" ".join(words[:-1])), set()).add(outlet)  # the BBC
        initials = "".join(word[0] for word in words if word[0].isupper())
        # "IT" is asked about more often than The Irish Times is called so.
        if len(initials) > 1 and len(initials) == len(words) and fold(initials) not in STOP_WORDS:
            found.setdefault(initials, set()).add(outlet)
    known = {name: next(iter(of)) for name, of in found.items() if len(of) == 1}
    return known | whole


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def named_outlet(text: str, outlets: Mapping[str, str]) -> tuple[str, str]:
    """The question without the words that name an outlet as its source, and that outlet."""
    if not outlets:
        return text, ""
    for cue in _BEFORE_NAME.finditer(text):
        length, outlet = _beginning(text[cue.end() :], outlets)
        if outlet:
            return without(text, _start(cue), cue.end() + length), outlet
    for cue in _DOES_NAME_SAY.finditer(text):
        outlet = called(cue["name"], outlets)
        if outlet:
            return without(text, cue.start(), cue.end()), outlet
    for cue in _IN_NAME.finditer(text):
        rest = text[cue.end() :]
        length, outlet = _beginning(rest, outlets)
        # "in Norvale" is a place though a paper is called so; "in the Post" and its kind are not,
        # but "in the post" and "in the times of" are something else again.
        name = rest[:length].split()
        first, paper = fold(name[0]) if name else "", name[-1] if name else ""
        alone = len(name) - (first == "the") == 1
        if alone and fold(paper) in _PAPERS and not paper.istitle():
            continue
        if outlet and len(name) > 1 and (first == "the" or fold(paper) in _PAPERS):
            return without(text, cue.start(), cue.end() + length), outlet
    for cue in _NAME_SAYS.finditer(text):
        words = cue["name"].split()
        for first_word in range(len(words)):
            outlet = called(" ".join(words[first_word:]), outlets)
            # "The mayor of Norvale said": that is the mayor, whatever else is called Norvale.
            if outlet and not (first_word and fold(words[first_word - 1]) in _LINKS):
                start = cue.end("name") - len(" ".join(words[first_word:]))
                end = cue.end("name") if cue["noun"] else cue.end()
                return without(text, start, end), outlet
    match = _NAME_FIRST.match(text)
    if match and (outlet := called(match["name"], outlets)):
        return text[match.end() :], outlet
    return text, ""


def outlet_alone(text: str, outlets: Mapping[str, str], mentioned: Callable[[str], bool]) -> str:
    """The outlet that is all a text names ("Reuters", "and the BBC?"), or "".

    mentioned: whether articles hold the words of a name. One that they hold is not taken for an
    outlet, but for what they say of it, unless it is a paper's.
    """
    match = _NAME_ALONE.fullmatch(text)
    name = match["name"] if match else ""
    paper = name.split()[-1] if name else ""
    if name and ((paper.istitle() and fold(paper) in _PAPERS) or not mentioned(name)):
        return called(name, outlets)
    return ""


def unknown_outlet(
    text: str, outlets: Mapping[str, str], mentioned: Callable[[str], bool]
) -> tuple[str, str]:
    """The question without the words that name a source that is no outlet here, and that name.

    mentioned: as for `outlet_alone`. "According to" goes before people, too: a name counts when it
    looks like a paper's or when no article mentions it. Elsewhere it has to look like an outlet's.
    """
    cues = [(_start(cue), cue.end(), bool(cue["gone"])) for cue in _BEFORE_NAME.finditer(text)]
    named = len(cues)
    cues += [(cue.start(), cue.end(), False) for cue in _IN_NAME.finditer(text)]
    for number, (start, after, surely) in enumerate(cues):
        length = _called(text[after:], small=surely)
        name = text[after : after + length]
        place = number >= named
        if name and _outside(name, outlets, mentioned, surely=surely, place=place):
            return without(text, start, after + length), name
    for cue in _DOES_NAME_SAY.finditer(text):
        name = cue["name"]
        if _called(name, small=False) == len(name) and _outside(name, outlets, mentioned):
            return without(text, cue.start(), cue.end()), name
    return text, ""


def _start(cue: re.Match[str]) -> int:
    return cue.start() if cue["gone"] else cue.start("of")


def _called(text: str, *, small: bool) -> int:
    """Length of the name that a text begins with: words with capitals, and small ones between.

    small: where there are none with capitals, up to three words before a sign or a question word.
    """
    end = 0
    for count, word in enumerate(re.finditer(r"\s*([^\s,;:?!]+)([,;:?!]?)", text)):
        if not (word[1][0].isupper() or fold(word[1]) in _LINKS):
            break
        if word[1][0].isupper():
            end = word.end(1)
        if word[2] or count == _MOST_WORDS:
            break
    if not end and small and (match := _SMALL_NAME.match(text)):
        end = match.end()
    return len(text[:end].rstrip(_SIGNS))


def _outside(
    name: str,
    outlets: Mapping[str, str],
    mentioned: Callable[[str], bool],
    *,
    surely: bool = False,
    place: bool = False,
) -> bool:
    """Whether a name is that of a source that is no outlet here.

    surely: it stands where a source is named. place: it stands where a place may be: "in the UK".
    """
    words = re.sub(r"^the\s+", "", name, flags=re.IGNORECASE).split()
    if not words or not re.search(r"[^\W\d_]", name):
        return False
    last, key = fold(words[-1]), _key(" ".join(words))
    if any(known == key or known.endswith(f" {key}") for known in outlets):
        return False  # one of two that are called so
    if last in _PAPERS and (words[-1].istitle() or (len(words) > 1 and surely)):
        return True
    foreign = len(words) > 1 and words[0] in _FOREIGN
    acronym = len(words) == 1 and words[0].isupper() and 1 < len(last) < len("REUTERS")
    like = foreign or (acronym and not place) or bool(_SUFFIX.search(name))
    return (surely or like) and last not in _NO_SOURCES and not mentioned(name)


def _beginning(text: str, outlets: Mapping[str, str]) -> tuple[int, str]:
    """Length of the longest beginning of a text that names an outlet, and the outlet."""
    ends = [m.end() for m in re.finditer(r"\S+", text)][: _MOST_WORDS + 1]
    for end in reversed(ends):
        outlet = called(text[:end], outlets)
        if outlet:
            return len(text[:end].rstrip(_SIGNS)), outlet
    return 0, ""


def called(name: str, outlets: Mapping[str, str]) -> str:
    """The outlet that is called so, or "" when none is."""
    bare = re.sub(r"['’]s$", "", name.strip(_SIGNS))
    short = re.sub(r"^the\s+", "", bare, flags=re.IGNORECASE)
    for written in (bare, short):
        outlet = outlets.get(_key(written)) or outlets.get(written, "")
        # A paper's last word is its name only behind an article: "the Post", not "post".
        alone = written == bare and _key(written) in _PAPERS and _key(outlet) != _key(written)
        thing = _key(short) in _THINGS and not short.istitle()
        if outlet and not alone and not thing:
            return outlet
    return ""


def without(text: str, start: int, end: int) -> str:
    """A text without a piece of it."""
    return f"{text[:start]} {text[end:]}"
