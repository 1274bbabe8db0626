"""Sentences that say outright what a question asks: who somebody is, what somebody said, or what
did not happen; and those that say it of another than the question names."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from askarticles.terms import STOP_WORDS, fold, terms

_WHO = re.compile(r"^who(?:'s| is| was| are| were) (?P<name>[^?,]+?)\s*\??$")
_SAY = re.compile(
    r"^what (?:did|does|do|has|have) (?P<name>[^?,]+?) "
    r"(?:say|said|tell|told|announced?|warn(?:ed)?)(?: (?:about|on|of|that)\b.*)?\s*\??$"
)
_LONGEST_NAME = 6  # words
_ROLE = (
    r"\b(?:actor|actress|author|banker|captain|chair|chief|clerk|coach|commissioner|director|doctor|"
    r"driver|editor|engineer|farmer|founder|governor|head|inspector|judge|keeper|lawyer|leader|"
    r"manager|master|mayor|minister|officer|owner|painter|player|poet|president|professor|reporter|"
    r"researcher|secretary|senator|singer|speaker|teacher|trader|warden|worker|writer|"
    r"\w{3,}(?:ist|man|woman|keeper|owner|master))"
)
_SAID = r"(?:sa(?:id|ys)|told|warned|added|explained|announced|wrote|argued)"

# "who did not vote", "hasn't been closed": the word behind is what did not happen.
_NOT = re.compile(
    r"(?:\b(?:not|never|cannot)|n't)"
    r"(?: (?:actually|already|also|always|be|been|being|currently|ever|have|yet))* (\w+)"
)
_DENIAL = re.compile(
    r"\b(?:cannot|except|neither|never|no|nobody|none|nor|not|nothing|unable|without"
    r"|declin\w+|fail\w*|refus\w+|reject\w+)\b|n't\b"
)
_OPPOSITE_WORDS = """
accept reject, agree disagree, allow ban, allow forbid, allow prohibit, approve reject, attend miss,
close open, close remain, die live, die survive, exclude include, fail pass, fail succeed, finish
unfinished, guilty innocent, keep scrap, leave remain, leave stay, lose win, oppose support, reopen
shut, sell keep, shut open, shut remain, successful unsuccessful
"""


def told(question: str, sentence: str) -> bool:
    """Whether a sentence tells who the person in a question is, or what they said.

    Who: the name with what follows a comma ("Odile Brandt, the harbour master"), with what it is
    or was, or after its office ("harbour master Odile Brandt"). What: the name beside "said" or the
    like. False for all other questions.
    """
    patterns = _patterns(question)
    folded = fold(sentence) if patterns else ""
    return any(pattern.search(folded) for pattern in patterns)


@lru_cache(maxsize=64)
def _patterns(question: str) -> tuple[re.Pattern[str], ...]:
    folded = fold(question).strip()
    for asked, kinds in ((_WHO, _IS), (_SAY, _SAYS)):
        match = asked.match(folded)
        if match and len(match["name"].split()) <= _LONGEST_NAME:
            name = r"\b" + re.escape(match["name"].removeprefix("the ")) + r"\b"
            return tuple(re.compile(kind.replace("NAME", name)) for kind in kinds)
    return ()


_IS = (
    r"NAME,? (?:who|whose|the|an?|his|her|its|their|one of|[\w'-]+ (?:of|at|for|from) )\b",
    r"NAME,? (?:aged? )?\d+, (?:who|the|an?|of|from)\b",
    r"NAME (?:is|was|became|has been|had been|works as|worked as) (?:the|an?|one|its|his|her)\b",
    rf"{_ROLE} NAME",
)
_SAYS = (rf"{_SAID} NAME", rf"NAME(?:, [^.]{{1,80}},)? (?:has |had |also )?{_SAID}\b")


_NAMES = re.compile(r"(?<!^)\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+")
_TITLE = re.compile(
    rf"{_ROLE}$|^(?:capt|col|count|dame|dr|duke|emperor|gen|general|gov|king|lady|lord|lt|mr|mrs|ms"
    r"|pope|prince|princess|prof|queen|rep|rev|saint|sen|sgt|sheikh|sir|st)$"
)
_MOST_SLIPS = 2


def of_a_namesake(question: str, sentence: str, text: str) -> bool:
    """Whether a sentence names another with the last word of a question's name, as none is here.

    "Fenn Bank" of a question about "Merrow Bank", where the folded `text` of the article has no
    "Merrow". A title before a name and a word that may be misspelled name nobody else. In SQuAD 1.1
    so does the sentence that answers 75 of 21,812 questions with such a name, of SquadShifts' news
    2 of 2,369 and of CANARD 3 of 3,182; of 749 questions of SQuAD 2 without an answer 46 have such
    a sentence in their paragraph.
    """
    for own, head in _last_words(question):
        if own in text:
            continue
        for match in re.finditer(rf"\b([A-Z][\w-]+) {re.escape(head)}\b", sentence):
            other = fold(match[1])
            slips = DamerauLevenshtein.distance(other, own)
            if other not in STOP_WORDS and not _TITLE.search(other) and slips > _MOST_SLIPS:
                return True
    return False


@lru_cache(maxsize=64)
def _last_words(question: str) -> tuple[tuple[str, str], ...]:
    """Of each name of several words the last but one, folded, and the last."""
    names = (match.group().split() for match in _NAMES.finditer(question))
    pairs = ((fold(name[-2]), re.sub(r"['’]s$", "", name[-1])) for name in names)
    return tuple((own, head) for own, head in pairs if own not in STOP_WORDS)


def denied(question: str, sentence: str) -> bool:
    """Whether a sentence says that what a question asks about with "not" is not so.

    It holds the word that "not" goes before and denies something, or an opposite of that word: of
    "Which school will not close?" both "Osk will not close" and "Osk stays open". For 1,270 such
    questions of SQuAD 1.1 573 of 723 sentences that do answer, 103 of 374 that hold the word and
    deny nothing, and 796 of 4,825 others; of 22 with an opposite, in three sets, 7. A fit beside
    the share of the question's other words that a sentence holds gives it 1.55 there, and 2.3 for
    204 questions of SquadShifts about news.
    """
    words, opposites = _denied_words(question)
    found = set(terms(sentence)) if words else set()
    if words & found:
        return bool(_DENIAL.search(fold(sentence)))
    return bool(opposites & found)


@lru_cache(maxsize=64)
def _denied_words(question: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a question says is not so, and the opposites of that, as terms."""
    words = frozenset(term for match in _NOT.finditer(fold(question)) for term in terms(match[1]))
    return words, frozenset(b for a, b in _opposites() if a in words)


@lru_cache(maxsize=1)
def _opposites() -> tuple[tuple[str, str], ...]:
    pairs = [terms(pair) for pair in _OPPOSITE_WORDS.split(",")]
    return tuple(way for a, b in pairs for way in ((a, b), (b, a)))
