"""Which outlet a question names as its source: "according to the Courier"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from askarticles.terms import fold

_SUFFIX = re.compile(r"\.(?:com|org|net|info|news|co\.\w\w|\w\w)$", re.IGNORECASE)
_LAST_WORDS = """
bulletin chronicle courier daily dispatch echo examiner express gazette globe guardian herald
independent inquirer journal ledger mail mercury mirror monitor news observer post press radio
record reporter review sentinel standard star sun telegraph times tribune weekly world
"""
_PAPERS = frozenset(_LAST_WORDS.split())
_MOST_WORDS = 8
_SIGNS = " ,;:?!.\"'“”"
_SAY = r"(?:says?|said|reports?|reported|writes?|wrote|tells?|told|claims?|claimed|states?|stated)"
_BEFORE_NAME = re.compile(
    r"\b(?:according to|as (?:told|written|reported|said) (?:by|in)|(?:reported|published|written)"
    r" (?:by|in)|(?:articles?|stor(?:y|ies)|reports?|coverage) (?:of|in|from|by)|as per)"
    r"\s+(?=\w)",
    re.IGNORECASE,
)
_IN_NAME = re.compile(r"\b(?:in|from|per)\s+(?=\w)", re.IGNORECASE)
_DOES_NAME_SAY = re.compile(
    rf"\b(?:do|does|did|has|have|had|is|was)\s+(?P<name>\S+(?:\s\S+){{0,{_MOST_WORDS - 1}}}?)\s+"
    rf"(?:{_SAY}|saying|reporting|writing)\b",
    re.IGNORECASE,
)
_NAME_SAYS = re.compile(
    rf"\b(?P<name>\S+(?:\s\S+){{0,{_MOST_WORDS - 1}}}?)(?:['’]s?)?\s+"
    r"(?:articles?|story|stories|coverage|report|account|version|reported|wrote)\b",
    re.IGNORECASE,
)


def outlet_names(outlets: Iterable[str]) -> dict[str, str]:
    """The names, folded, under which each outlet is asked for.

    The whole name, without "The", without the ending of a web address, its last word where that
    is a paper's ("the Post"), and its initials ("NYT"). A name that fits two outlets is neither's.
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
        initials = "".join(word[0] for word in words if word[0].isupper())
        if len(initials) > 1 and len(initials) == len(words):
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
            return without(text, cue.start(), cue.end() + length), outlet
    for cue in _DOES_NAME_SAY.finditer(text):
        outlet = _named(cue["name"], outlets)
        if outlet:
            return without(text, cue.start(), cue.end()), outlet
    for cue in _IN_NAME.finditer(text):
        rest = text[cue.end() :]
        length, outlet = _beginning(rest, outlets)
        # "in Norvale" is a place though a paper is called so; "in the Post" and its kind are not.
        name = fold(rest[:length]).split()
        if outlet and len(name) > 1 and (name[0] == "the" or name[-1] in _PAPERS):
            return without(text, cue.start(), cue.end() + length), outlet
    for cue in _NAME_SAYS.finditer(text):
        words = cue["name"].split()
        for first in range(len(words)):
            outlet = _named(" ".join(words[first:]), outlets)
            if outlet:
                start = cue.end("name") - len(" ".join(words[first:]))
                return without(text, start, cue.end()), outlet
    return text, ""


def _beginning(text: str, outlets: Mapping[str, str]) -> tuple[int, str]:
    """Length of the longest beginning of a text that names an outlet, and the outlet."""
    ends = [m.end() for m in re.finditer(r"\S+", text)][: _MOST_WORDS + 1]
    for end in reversed(ends):
        outlet = _named(text[:end], outlets)
        if outlet:
            return len(text[:end].rstrip(_SIGNS)), outlet
    return 0, ""


def _named(name: str, outlets: Mapping[str, str]) -> str:
    bare = re.sub(r"['’]s$", "", name.strip(_SIGNS))
    short = re.sub(r"^the\s+", "", bare, flags=re.IGNORECASE)
    for written in (bare, short):
        outlet = outlets.get(_key(written)) or outlets.get(written, "")
        # A paper's last word is its name only behind an article: "the Post", not "post".
        alone = written == bare and _key(written) in _PAPERS and _key(outlet) != _key(written)
        if outlet and not alone:
            return outlet
    return ""


def without(text: str, start: int, end: int) -> str:
    """A text without a piece of it."""
    return f"{text[:start]} {text[end:]}"
