"""What a question means after those before it, and which passages that makes the best.

Everything is a function of the question and its history, so the same history gives the same
answer whoever keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from askarticles.asides import tells_much
from askarticles.asking import form
from askarticles.contrast import contrasted
from askarticles.datatypes import Answer, Filters, Hit
from askarticles.days import named_days, named_month, without_days
from askarticles.errors import UsageError, sound
from askarticles.followup import Marker, added_words
from askarticles.talk import is_one_shown, is_open_article
from askarticles.terms import fold, terms, words_with_terms
from askarticles.wording import Wording
from askarticles.wrappings import ended

Turn: TypeAlias = Answer | Mapping[str, Any] | str
"""An earlier answer, what its `to_dict` gave, or the bare question."""

Quotation: TypeAlias = tuple[str, int, int]
"""An article's id and the offsets of a quotation in its text."""

# Of the score for the question as typed, beside the one with words of earlier questions. R@1 / R@5
# / R@10 on mtrag's follow-ups for 0.25, 0.5, 1: 56.8 / 83.0 / 89.3, 59.7 / 84.0 / 89.8, 58.3 /
# 85.4 / 89.3.
_TYPED = 0.5
# What an article of other years than the question names keeps of its score: at .85 the bridge that
# was closed twice was answered with the other closing.
_OTHER_DAYS = 0.7

# Only so many of the last turns are looked at, to bound the work that a request can ask for.
MOST_TURNS = 100


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means after the turns before it.

    question: as typed; for "more" the one that more is wanted of. read_as: the question that it is
    taken for where that is not all that was typed, or "". added: words beside it and of earlier
    questions that belong to it. shown: quotations shown before, for other questions. used: those
    that are not to be shown again. today: the day that its words were counted from, or "".
    """

    question: str
    wording: Wording
    read_as: str = ""
    added: tuple[str, ...] = ()
    shown: tuple[Quotation, ...] = ()
    used: tuple[Quotation, ...] = ()
    today: str = ""


def read_turns(history: Sequence[Turn]) -> tuple[Answer, ...]:
    """The last turns of a history as answers; UsageError when it holds anything else."""
    if isinstance(history, str | Mapping | Answer) or not isinstance(history, Sequence):
        raise UsageError("the history has to be a list of earlier answers or questions")
    turns = []
    for turn in history[-MOST_TURNS:]:
        if isinstance(turn, Answer):
            turns.append(turn)
        elif isinstance(turn, str):
            turns.append(Answer(turn.strip(), (), (), 0.0, ""))
        else:
            turns.append(Answer.from_dict(turn))
    return tuple(replace(turn, question=sound(turn.question)) for turn in turns)


def understand(
    question: str,
    turns: Sequence[Answer],
    read: Callable[[str, date], Wording],
    marker: Callable[[], Marker],
    *,
    today: date,
    as_typed: bool = False,
    without: Sequence[str] = (),
    more: bool = False,
) -> Meaning:
    """What a question means after some turns.

    read: what a question asks by its words (see `wording.read_wording`). marker: gives the model
    of the words that belong to it, where it is needed. as_typed: take it word
    for word, with nothing added and no limits. without: added words and values of limits to leave
    out. more: go on with the question of the last turn that asked one, or with this one if it is
    another.
    """
    asked = sound(question).strip()
    wording = Wording(asked) if as_typed else read(asked, today)
    more = more or wording.kind == "more"
    said = [read(turn.question, today) for turn in turns]
    if more:
        place = _last(turns, said, "" if wording.kind == "more" else asked)
        if place >= 0:
            return _more(turns, place, read, marker, today)
        if wording.kind == "more" or not asked:
            return Meaning(asked, Wording(asked, "more"))
    left_out = {fold(value) for value in without}
    known = _earlier(turns, said, read, today)
    earlier = tuple(known)
    added: tuple[str, ...] = ()
    anew = "" if as_typed else _contrast(wording, known)
    if wording.bare and earlier:
        wording, added = _with_question_before(wording, known, marker(), left_out)
    elif anew:
        wording, earlier = _anew(wording, anew, known, read, today), earlier[:-1]
    wording = _in_conversation(wording, bool(earlier))
    if turns and turns[-1].articles and is_one_shown(wording.text):
        wording = replace(wording, kind="summary", subject=wording.text.strip("?!. "))
    if not as_typed and not added and wording.kind == "question":
        before = (*earlier, *filter(tells_much, wording.asides))
        added = added_words(before, ended(wording.text), marker()) if before else ()
    wording, added = _of_those_days(wording, added, known)
    return Meaning(
        question=asked,
        wording=_without_limits(wording, left_out),
        read_as=wording.text if anew or wording.beside else "",
        added=tuple(word for word in added if fold(word) not in left_out),
        # What is asked in full may well be told in a sentence that was shown for something else.
        shown=_quotations(
            turn
            for turn in turns
            if not _same(turn.question, asked) and (added or _asks_again(turn.question, asked))
        ),
        today=today.isoformat() if wording.relative else "",
    )


def _more(
    turns: Sequence[Answer],
    same: int,
    read: Callable[[str, date], Wording],
    marker: Callable[[], Marker],
    today: date,
) -> Meaning:
    """The meaning of the question of a turn as it was understood then, less what was shown."""
    turn = turns[same]
    day = date.fromisoformat(turn.today) if turn.today else today
    first = next(n for n, other in enumerate(turns) if _same(other.question, turn.question))
    whole = bool(turn.generation and not turn.read_as and read(turn.question, day).beside)
    meaning = understand(turn.question, turns[:first], read, marker, today=day, as_typed=whole)
    if turn.generation:
        # A bare question is understood anew; an answer says how it was understood.
        wording = replace(meaning.wording, limits=turn.limits, preferred=turn.preferred, month="")
        meaning = replace(meaning, wording=wording, added=turn.added, today=turn.today)
    again = [other for other in turns if _same(other.question, turn.question)]
    listed = tuple((one.article_id, 0, 0) for other in again for one in other.articles)
    return replace(meaning, used=_quotations(again) + listed)


def last_asked(turns: Sequence[Answer], read: Callable[[str, date], Wording], today: date) -> int:
    """Place of the last turn that asked something of the articles; -1 for none."""
    return _last(turns, [read(turn.question, today) for turn in turns], "")


def _last(turns: Sequence[Answer], said: Sequence[Wording], question: str) -> int:
    """Place of the last turn with this question, or of the last that asked; -1 for none."""
    for place in range(len(turns) - 1, -1, -1):
        turn = turns[place]
        if _same(turn.question, question) if question else _asked(turn, said[place]):
            return place
    return -1


def _asked(turn: Answer, said: Wording) -> bool:
    """Whether a turn asked something of the articles that there may be more of."""
    if said.kind == "source":
        return False
    return bool(turn.citations or turn.nearest or turn.articles) or (
        not turn.generation and said.kind in _ASKING
    )


_ASKING = frozenset({"question", "keyword", "about", "list", "summary"})


def _earlier(
    turns: Sequence[Answer],
    said: Sequence[Wording],
    read: Callable[[str, date], Wording],
    today: date,
) -> dict[str, Wording]:
    """What was asked before, oldest first, without greetings and what named only an outlet.

    What leans on the question before it stands there as what it asks: "and in 2021?".
    """
    found: dict[str, Wording] = {}
    for turn, one in zip(turns, said, strict=True):
        wording = one
        if anew := _contrast(one, found):
            wording = _anew(one, anew, found, read, today)
            found.popitem()
        elif one.bare and one.preferred != Filters() and found:
            wording = _of_days(one, _undated(found.popitem()[0]))
        elif one.preferred == Filters() and _is_year(turn.preferred):
            # It was taken over from a question before it.
            wording = replace(_in(one, turn.preferred.since), preferred=turn.preferred)
        if wording.bare:
            continue
        named = wording.kind in ("about", "summary")
        text = wording.subject if named else " ".join((*wording.asides, wording.text))
        if wording.kind in ("question", "keyword") or (named and not is_open_article(text)):
            found.pop(text, None)
            found[text] = wording
    return found


def _is_year(days: Filters) -> bool:
    return days.since == days.until and bool(re.fullmatch(r"\d{4}", days.since))


def _contrast(wording: Wording, known: dict[str, Wording]) -> str:
    """The question before with something else in the place of its like, or "": see `contrast`."""
    if wording.bare or wording.kind not in ("question", "keyword") or not known:
        return ""
    return contrasted(wording.text, list(known.values())[-1].text)


def _anew(
    wording: Wording,
    text: str,
    known: dict[str, Wording],
    read: Callable[[str, date], Wording],
    today: date,
) -> Wording:
    """The question before asked anew, within its limits where this one names none."""
    before = list(known.values())[-1]
    limits = wording.limits if wording.limits != Filters() else before.limits
    return replace(read(text, today), limits=limits, asides=wording.asides or before.asides)


def _in(wording: Wording, named: str) -> Wording:
    """A question that names no days with these beside it."""
    text = f"{wording.text.rstrip(' ?!.')} in {named}?"
    return replace(wording, text=text, undated=wording.text)


def _undated(text: str) -> str:
    return named_month(named_days(without_days(text))[1])[1]


def _of_those_days(
    wording: Wording, added: tuple[str, ...], known: dict[str, Wording]
) -> tuple[Wording, tuple[str, ...]]:
    """The wording with the days of the question that a word of days was taken over from.

    "Who won?" + 2022 prefers that year as "Who won in 2022?" does; where days are named, none of
    an earlier question's belong to them.
    """
    for earlier in reversed(known.values()):
        days = set(terms(earlier.text)) - set(terms(earlier.undated))
        over = [word for word in added if days.intersection(terms(word))]
        if not over:
            continue
        added = tuple(word for word in added if word not in over)
        own = (wording.month, wording.preferred, wording.limits.since, wording.limits.until)
        if own == ("", Filters(), "", ""):
            said = words_with_terms(earlier.text)
            named = " ".join(word for word, found in said if days.intersection(found))
            wording = replace(
                _in(wording, named), preferred=earlier.preferred, month=earlier.month,
                relative=earlier.relative,
            )  # fmt: skip
    return wording, added


def _with_question_before(
    wording: Wording, known: dict[str, Wording], marker: Marker, left_out: set[str]
) -> tuple[Wording, tuple[str, ...]]:
    """The question before asked with these limits: "and in 2021?"; and the words taken over.

    Where these are none of days, its own days stay: "and the Courier?".
    """
    earlier = tuple(known)
    dated = bool(wording.preferred != Filters() or wording.limits.since or wording.limits.until)
    before = _spaced(_undated(earlier[-1]) if dated else earlier[-1]).rstrip(" ?!.")
    from_before = [word for word, said in words_with_terms(before) if said]
    words = dict.fromkeys((*from_before, *added_words(earlier[:-1], earlier[-1], marker)))
    text = " ".join(w for w in before.split() if fold(w.strip(",;:?!.\"'")) not in left_out)
    named = _of_days(wording, text)
    if not dated:
        days = known[earlier[-1]]
        named = replace(named, undated=days.undated, preferred=days.preferred, month=days.month)
    return named, tuple(words)


def _of_days(wording: Wording, before: str) -> Wording:
    """A question without its days asked of those that a wording names."""
    text = _spaced(before).rstrip(" ?!.")
    days = _LEADING.sub("", wording.text).rstrip(" ?!.") if wording.preferred != Filters() else ""
    return replace(
        wording, kind="question", subject="", undated=f"{text}?", text=_spaced(f"{text} {days}?"),
        bare=False,
    )  # fmt: skip


_LEADING = re.compile(r"^\W*(?:(?:and|or|but|so|then|what about|how about)\s+)*", re.IGNORECASE)


def _spaced(text: str) -> str:
    return re.sub(r"\s+([,.?!])", r"\1", " ".join(text.split()))


def _in_conversation(wording: Wording, follows: bool) -> Wording:
    """A word or two with a question mark, and "what happened?", ask on when something was asked."""
    asks = wording.kind == "keyword" and wording.text.endswith("?")
    happened = wording.kind == "list" and "happen" in wording.text.lower()
    if follows and (asks or (happened and wording.within == Filters())):
        return replace(wording, kind="question", subject="")
    return wording


def _without_limits(wording: Wording, left_out: set[str]) -> Wording:
    def less(filters: Filters) -> Filters:
        kept = {
            name: value if fold(value) not in left_out else ""
            for name, value in (
                ("since", filters.since), ("until", filters.until), ("source", filters.source),
            )
        }  # fmt: skip
        return Filters(**kept)

    month = "" if any(value[4:].startswith(wording.month) for value in left_out) else wording.month
    return replace(
        wording, limits=less(wording.limits), preferred=less(wording.preferred), month=month
    )


def _quotations(turns: Any) -> tuple[Quotation, ...]:
    return tuple((c.article_id, c.start, c.end) for turn in turns for c in turn.citations)


def _same(a: str, b: str) -> bool:
    return fold(a).strip(" ?!.") == fold(b).strip(" ?!.")


def _asks_again(a: str, b: str) -> bool:
    return form(a) == form(b) and set(terms(a)) == set(terms(b))


def together(hits: Sequence[Hit], typed: Sequence[Hit]) -> list[Hit]:
    """The hits of a question with added words and of the same as typed, best first."""
    found = {hit.passage.id: hit for hit in (*typed, *hits)}
    scores = dict.fromkeys(found, 0.0)
    for weight, part in ((1.0, hits), (_TYPED, typed)):
        for hit in part:
            scores[hit.passage.id] += weight * hit.score / (1 + _TYPED)
    return _ordered(replace(hit, score=scores[number]) for number, hit in found.items())


def preferring(hits: Sequence[Hit], tells: Callable[[str], bool]) -> list[Hit]:
    """The hits, best first, with less of a score for articles whose date does not tell of days."""
    return _ordered(
        hit if tells(hit.article.published) else replace(hit, score=hit.score * _OTHER_DAYS)
        for hit in hits
    )


def _ordered(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda h: (-h.score, h.article.id, h.passage.start))


_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4}


def spoken_of(turns: Sequence[Answer], subject: str) -> str:
    """The article that was quoted first last, or of those shown last "the second one"; or ""."""
    said = subject.lower().split()
    places = [place for word, place in _PLACES.items() if word in said]
    for turn in reversed(turns):
        shown = [citation.article_id for citation in turn.citations]
        if places or len(turn.articles) == 1:
            shown = shown or [listed.article_id for listed in turn.articles]
        if shown:
            place = sum(places)
            shown = list(dict.fromkeys(shown))
            return shown[place] if place < len(shown) else ""
    return ""
