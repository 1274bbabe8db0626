"""What is said beside a question in one breath: "I am a veteran. What help can I get?"

All that is said helps to find passages; what asks is answered. Of MTRAG's questions, which people
typed, one in ten has more than one sentence. For 87 of them, read as one and read so: R@1 of the 69
with an answer 77 and 75 %, R@5 93 and 91, AUROC .81 and .84, answered 34 and 37, refused of the 18
without one 17 and 18.
"""

from __future__ import annotations

import re

from askarticles.sentences import split_sentences
from askarticles.terms import terms
from askarticles.wrappings import instructs

_MARKED = re.compile(r"\?[^\w?]*$")
_BE = (
    r"(?:is|are|was|were|am|do|does|did|can|could|will|would|shall|should|has|have|had|may|might"
    r"|must)"
)
# Without a question mark: "why did he leave", but not "when I was there" or "what bothers me".
_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|also|anyway|please)\b\W*)*"
    r"(?:(?:in|on|at|for|to|of|from|by|with|under|since)\s+)?"
    rf"(?:(?:who|whom|what|when|where|why|how)(?:['’]s|\s+{_BE})\b"
    rf"|(?:which|whose)\s+(?:[\w'’-]+\s+){{1,2}}{_BE}\b"
    r"|how\s+(?:many|much|long|old|far|often|big|large|tall|high|deep|fast|late|expensive)\b"
    r"|(?:explain|describe|list|define|compare|summari[sz]e)\b)"
    # "I want to know why"
    r"|\b(?:i|we)(?:['’]d| would| do| really| just| also)* (?:want|need|like|wish|love) to"
    r" (?:know|find out|hear|learn|understand|see)\b|\bi wonder\b|\b(?:tell|give|show) me\b"
    r"|^\W*(?:i |we )?(?:just )?(?:want|need) (?:the|an?|some|all|to know)\b",
    re.IGNORECASE,
)
# Words of "Any ideas?", "Can anyone help?" and "Could you look it up for me?", which ask nothing of
# their own.
_EMPTY_WORDS = """
any anyone anybody someone somebody something anything everything know knows help helpful out idea
ideas clue clues thought thoughts find answer answers tell say look check question questions update
updates new news urgent request info information article articles story matter right sure think
opinion opinions explain clarify please possible want need like give show details lookup true
am here isn't aren't wasn't don't doesn't didn't can't won't i'd i'm i've
"""
_EMPTY = frozenset(terms(_EMPTY_WORDS))
# What asks with fewer terms of its own leans on what stands beside it: "Can you clarify?"
_ENOUGH_TERMS = 2
# Nor does "How many?", while "When is it?" leans on something else than the question before.
_HOW_MUCH = re.compile(r"^\W*how (?:many|much|long|far|often|old|big)\W*$", re.IGNORECASE)
_OF_IT = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which)\b.*\b(?:he|she|it|they|him|her|them)\b",
    re.IGNORECASE,
)
# "2. And", before one of several questions.
_COUNTED = re.compile(
    r"^(?:(?:\(?\d{1,2}[.)]|\(?[a-e]\)|[-*•])\s*(?=\D|$))?(?:(?:and|also|plus)\b,?\s+)*",
    re.IGNORECASE,
)
# "7 crowns?" behind a question guesses its answer, "In winter?" goes on with it.
_ASKS_ITSELF = re.compile(
    r"^\W*(?:\w+\s+){0,2}(?:who|whose|whom|what|when|where|why|how|which|is|are|was|were|do|does|did"
    r"|can|could|will|would|has|have|had|should|must|may|tell|name|list|give|explain|describe)\b",
    re.IGNORECASE,
)
_MOST_ASKED = 4  # chosen, not measured: a longer list is no message to answer at once
_EXCEPT = re.compile(r"^\W*(?:not|except|besides|other than|apart from|without)\b", re.IGNORECASE)


def uninstructed(text: str) -> str:
    """A text without its sentences that only say how to answer, where others say something."""
    parts = [text[a:b].strip() for a, b in split_sentences(text)]
    kept = [part for part in parts if not instructs(part)]
    return " ".join(kept) if len(kept) < len(parts) and any(map(_own_terms, kept)) else text


def parted(text: str) -> tuple[str, tuple[str, ...]]:
    """The sentence of a text that asks, and those beside it that say something.

    All of it and none where not just one asks; one that asks nothing of its own counts only alone.
    """
    # A quotation may hold a semicolon.
    clauses = [text] if re.search(r"[\"“”]", text) else re.split(r";(?=\s)", text)
    parts = [clause[a:b].strip() for clause in clauses for a, b in split_sentences(clause)]
    asking = [part for part in parts if _MARKED.search(part) or _ASKING.search(part)]
    asking = [part for part in asking if _own_terms(part)] or asking
    if len(asking) != 1:
        return text, ()
    return asking[0], tuple(
        part for part in parts if part is not asking[0] and _says(part) and not _EXCEPT.search(part)
    )


def asked_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """What is told before the questions of a text, and these where there are several.

    One that asks nothing of its own goes with the one before it: "Is it open? When?"
    """
    told: list[str] = []
    asked: list[str] = []
    for part in (text[a:b].strip() for a, b in split_sentences(text)):
        part = _COUNTED.sub("", part)
        if not (_MARKED.search(part) or _ASKING.search(part)):
            if not asked and _says(part) and not _EXCEPT.search(part):
                told.append(part)
        elif _ASKS_ITSELF.search(part) and (
            _OF_IT.search(part) or (_own_terms(part) and not _HOW_MUCH.search(part))
        ):
            asked.append(part)
        elif asked:
            asked[-1] += f" {part}"
    return " ".join(told), tuple(asked) if 1 < len(asked) <= _MOST_ASKED else ()


def asks_enough(text: str, terms_needed: int = _ENOUGH_TERMS) -> bool:
    """Whether a sentence that asks can be answered without those beside it."""
    return len(_own_terms(text)) >= terms_needed


def tells_much(text: str) -> bool:
    """Whether words of a sentence may belong to the question beside it: none of "Poor man!"."""
    return not text.endswith("!") and asks_enough(text)


def _says(text: str) -> bool:
    return any(re.search(r"[^\W\d_]{2}", term) for term in terms(text))


def _own_terms(text: str) -> set[str]:
    return set(terms(text)) - _EMPTY
