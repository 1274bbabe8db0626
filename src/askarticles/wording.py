"""What a question's own words ask: within which outlet and days, or no question at all.

Rules over English wordings, no model and no clock: `today` is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from askarticles.asides import asked_apart, asks_enough, parted, tells_much, uninstructed
from askarticles.datatypes import Filters
from askarticles.days import last_period, limiting_days, named_days, named_month, without_days
from askarticles.outlets import named_outlet, outlet_alone, unknown_outlet
from askarticles.talk import (
    ARTICLES,
    KEYWORDS,
    Kind,
    is_keyword,
    is_open_article,
    talk_kind,
    with_subject,
    without_greeting,
)
from askarticles.terms import fold
from askarticles.wrappings import instructs, unmarked, unwrapped


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question's words ask.

    text: the question without its greeting and without the words of `limits`. asides: what else
    was said with it, a sentence each. beside: whether anything was, be it only how to answer.
    subject: what a list, a summary or the keyword is about, or "". limits: articles that alone may
    answer.
    preferred: days whose articles come first, since what happened in a year is told later, too.
    month: a month or day of any year ("-05", "-05-12"), whose articles come first, too.
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
    month: str = ""
    undated: str = ""
    relative: bool = False
    unknown: str = ""
    bare: bool = False
    asides: tuple[str, ...] = ()
    beside: bool = False

    @property
    def within(self) -> Filters:
        """The limits of a list of articles, for which days that are named are limits, too."""
        days = self.limits if self.preferred == Filters() else self.preferred
        return Filters(days.since, days.until, self.limits.source)


# "What happened in Pell last week?" asks for whatever there is of that time; what happened in a
# year is told later, too.
_YEAR = len("2024")
_HAPPENED = re.compile(r"^\W*[Ww]hat happened in (?P<subject>[A-Z][^?]*?)[\s?.!]*$")
_WHAT_SAID = re.compile(r"\b(?:say|write|report|tell|claim|state)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^what(?: (?:about|on|regarding)) (?P<subject>.+?)[\s?.!]*$", re.I)
# Patterns take the square of a length: of six that were tried, "in" 333 times took most, .25 s.
_LONGEST_READ = 1000
# Sentences are told apart in the square of a length, too, where it is nothing but brackets.
_LONGEST_PARTED = 20_000
_MOST_ASIDES = 10
_OF_ARTICLES = re.compile(rf"\b(?:{ARTICLES}|news|only)\b", re.IGNORECASE)
# All that is left of "and in 2021?" and of "What did Reuters report?" without what they name.
_NOTHING_WORDS = """
and or but so then what how about is are was were does did do has have the a an of from by in on
it they there not only just please
"""
_NOTHING = frozenset(_NOTHING_WORDS.split())


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
    text, beside = _bare(question)
    wording = _read_parted(text, outlets, today, mentioned)
    return replace(wording, beside=beside or bool(wording.asides))


def read_several(question: str) -> tuple[str, tuple[str, ...]]:
    """What is told before the questions of a message, and these, none where it asks but one."""
    text, _ = _bare(question)
    return asked_apart(text) if len(text) <= _LONGEST_PARTED else ("", ())


def _bare(question: str) -> tuple[str, bool]:
    """A message without what it is wrapped in, and whether sentences on how to answer went."""
    text, beside = unmarked(question), False
    if talk_kind(text) == "question" and len(text) <= _LONGEST_PARTED:
        asked = uninstructed(text)
        # "Great. Tell me more." asks for more.
        if asked != text and talk_kind(asked) == "question":
            text, beside = asked, True
        text = unwrapped(text)
    # Where all are capitals they name nothing.
    shouted = text.isupper() and len(text.split()) > KEYWORDS - 1
    return text.lower() if shouted else text, beside


def _read_parted(
    text: str, outlets: Mapping[str, str], today: date, mentioned: Callable[[str], bool]
) -> Wording:
    """What the one sentence asks that does, with those beside it."""
    whole = _read(text, outlets, today, mentioned)
    if whole.bare or whole.kind not in ("question", "keyword") or len(text) > _LONGEST_PARTED:
        return whole
    asking, beside = parted(text)
    if asking == text:
        return whole
    alone = _read(asking, outlets, today, mentioned)
    one = alone.kind in ("summary", "source") and is_open_article(alone.subject)
    if alone.bare or one or alone.kind in ("outlets", "more"):
        return alone
    if alone.kind == "help":
        return whole if any(map(tells_much, beside)) else alone
    listed = alone.kind in ("about", "summary", "source")
    told = alone.kind == "keyword" and alone.subject != alone.text.strip("?!. ")
    if listed and not asks_enough(alone.subject, 1):
        return whole
    if not listed and not ((told or alone.kind == "question") and asks_enough(asking)):
        return whole
    for aside in [aside for aside in beside if talk_kind(aside) == "question"][:_MOST_ASIDES]:
        alone = _beside(alone, _read(aside, outlets, today, mentioned), aside)
    return alone


def _beside(wording: Wording, aside: Wording, said: str) -> Wording:
    """The wording of a question with a sentence beside it, and with what that limits.

    Of a year in which something was the articles come first; other days limit only where the
    sentence speaks of articles: "I have lived here since 2010" does not.
    """
    limits, preferred, text = wording.limits, wording.preferred, said
    if aside.limits.source and not limits.source:
        limits, text = replace(limits, source=aside.limits.source), aside.text
    undated = not (limits.since or limits.until) and preferred == Filters()
    days = aside.within
    if undated and _OF_ARTICLES.search(said) and (days.since or days.until):
        limits, text = replace(limits, since=days.since, until=days.until), aside.undated
    elif undated and aside.preferred.since and aside.preferred.until:
        preferred, text = aside.preferred, aside.undated
    taken = (limits, preferred) != (wording.limits, wording.preferred)
    return replace(
        wording,
        limits=limits,
        preferred=preferred,
        relative=wording.relative or (aside.relative and taken),
        asides=(*wording.asides, text),
    )


def _read(
    text: str, outlets: Mapping[str, str], today: date, mentioned: Callable[[str], bool]
) -> Wording:
    kind = talk_kind(text)
    if kind not in ("question", "list") or len(text) > _LONGEST_READ:
        return Wording(text, kind, undated=text)
    text = without_greeting(text)
    if alone := outlet_alone(text, outlets, mentioned):
        return Wording(text, "list", limits=Filters(source=alone), undated=text, bare=True)
    left, outlet = named_outlet(text, outlets)
    unknown = ""
    if not outlet:
        left, unknown = unknown_outlet(left, outlets, mentioned)
    left, limits, relative = limiting_days(left, today)
    preferred, undated, month = Filters(), left, ""
    if limits == Filters():
        preferred, undated = named_days(left)
        if preferred == Filters():
            preferred, undated = last_period(left, today)
            relative = preferred != Filters()
        if preferred == Filters():
            month, undated = named_month(left)
    limits = Filters(limits.since, limits.until, outlet)
    left = _tidied(left)
    plain = _tidied(without_days(left))
    named = bool(unknown) or (limits, preferred) != (Filters(), Filters())
    found = Wording(
        left or text, "list", "", limits, preferred, month, _tidied(undated) or left or text,
        relative, unknown, bare=named and _NOTHING.issuperset(re.findall(r"[^\W_]+", fold(plain))),
    )  # fmt: skip
    if found.bare:
        return found
    kind, subject = talk_kind(plain), ""
    if kind == "question":
        kind, subject = with_subject(left)
        if kind == "about":
            kind, subject = with_subject(plain)
    happened = _HAPPENED.match(plain)
    named = max(len(preferred.since), len(preferred.until)) > _YEAR or bool(limits.since)
    if kind == "question" and happened and named:
        kind, subject = "about", happened["subject"]
    # "What does the Courier say about the mill?" asks for whatever it says.
    match = _WHAT_ABOUT.match(left) if outlet or unknown else None
    if kind == "question" and match and _WHAT_SAID.search(text):
        kind, subject = "keyword", match["subject"]
    if kind == "question" and is_keyword(left):
        kind, subject = "keyword", left.strip("?!. ")
    if kind in ("question", "keyword") and _is_order(left) and instructs(left):
        kind, subject = "manner", ""
    return replace(found, kind=kind, subject=subject)


def _is_order(text: str) -> bool:
    """Whether a whole message may say how to answer; "for the exam?", "state language" do not."""
    asks = text.endswith("?") and not re.match(r"(?:can|could|would) you\b", text, re.IGNORECASE)
    return not asks and (len(text.split()) > KEYWORDS or text.endswith((".", "!")))


def _tidied(text: str) -> str:
    """The text without the spaces and commas that a phrase left behind."""
    text = re.sub(r"\s+([,.?!])", r"\1", " ".join(text.split()))
    text = re.sub(r"^[\s,;:–.!?-]+(?=\w)|,(?=[?!.])|(?<=[?!.]) ?\.$", "", text)
    return text if re.search(r"\w", text) else ""
