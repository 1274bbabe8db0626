"""Sentences that say outright who somebody is, or what somebody said, when a question asks that."""

from __future__ import annotations

import re
from functools import lru_cache

from askarticles.terms import fold

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
