"""What a question means after those before it, and which passages that makes the best.

Everything is a function of the question and its history, so the same history gives the same
answer whoever keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from askarticles.datatypes import Answer, Filters, Hit
from askarticles.days import told_in
from askarticles.errors import UsageError
from askarticles.followup import Marker, added_words
from askarticles.terms import fold
from askarticles.wording import Wording, read_wording

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

    question: as typed; for "more" the one that more is wanted of. added: words of earlier
    questions that belong to it. shown: quotations shown before, for other questions. used: those
    that are not to be shown again. today: the day that its words were counted from, or "".
    """

    question: str
    wording: Wording
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
    return tuple(turns)


def understand(
    question: str,
    turns: Sequence[Answer],
    outlets: Mapping[str, str],
    marker: Marker,
    *,
    today: date,
    as_typed: bool = False,
    without: Sequence[str] = (),
    more: bool = False,
) -> Meaning:
    """What a question means after some turns.

    outlets: see `wording.outlet_names`. as_typed: take it word for word, with nothing added and
    no limits. without: added words and values of limits to leave out. more: go on with the
    question of the last turn that asked one, or with this one if it is another.
    """
    asked = question.strip()
    wording = Wording(asked) if as_typed else read_wording(asked, outlets, today)
    more = more or wording.kind == "more"
    if more:
        place = _last(turns, "" if wording.kind == "more" else asked)
        if place >= 0:
            return _more(turns, place, outlets, marker, today)
        if wording.kind == "more" or not asked:
            return Meaning(asked, Wording(asked, "more"))
    earlier = _earlier(turns, outlets, today)
    wording = _in_conversation(wording, bool(earlier))
    added: tuple[str, ...] = ()
    if not as_typed and wording.kind == "question":
        added = added_words(earlier, wording.text, marker)
    left_out = {fold(value) for value in without}
    return Meaning(
        question=asked,
        wording=_without_limits(wording, left_out),
        added=tuple(word for word in added if fold(word) not in left_out),
        shown=_quotations(turn for turn in turns if not _same(turn.question, asked)),
        today=today.isoformat() if wording.relative else "",
    )


def _more(
    turns: Sequence[Answer], same: int, outlets: Mapping[str, str], marker: Marker, today: date
) -> Meaning:
    """The meaning of the question of a turn as it was understood then, less what was shown."""
    turn = turns[same]
    day = date.fromisoformat(turn.today) if turn.today else today
    first = next(n for n, other in enumerate(turns) if _same(other.question, turn.question))
    meaning = understand(turn.question, turns[:first], outlets, marker, today=day)
    if turn.generation:
        # A bare question is understood anew; an answer says how it was understood.
        wording = replace(meaning.wording, limits=turn.limits, preferred=turn.preferred)
        meaning = replace(meaning, wording=wording, added=turn.added, today=turn.today)
    used = _quotations(other for other in turns if _same(other.question, turn.question))
    return replace(meaning, used=used)


def _last(turns: Sequence[Answer], question: str) -> int:
    """Place of the last turn with this question, or of the last that quoted; -1 for none."""
    for place in range(len(turns) - 1, -1, -1):
        turn = turns[place]
        if _same(turn.question, question) if question else _asked(turn):
            return place
    return -1


def _asked(turn: Answer) -> bool:
    """Whether a turn asked something of the articles; a bare question is taken to have."""
    return bool(turn.citations or turn.nearest or not turn.generation)


def _earlier(turns: Sequence[Answer], outlets: Mapping[str, str], today: date) -> tuple[str, ...]:
    """What was asked before, oldest first, without greetings and the like."""
    found: dict[str, None] = {}
    for turn in turns:
        wording = read_wording(turn.question, outlets, today)
        if wording.kind in ("question", "keyword", "about"):
            found.pop(wording.text, None)
            found[wording.text] = None
    return tuple(found)


def _in_conversation(wording: Wording, follows: bool) -> Wording:
    """A word or two with a question mark, and "what happened?", ask on when something was asked."""
    asks = wording.kind == "keyword" and wording.text.endswith("?")
    happened = wording.kind == "list" and "happen" in wording.text.lower()
    if follows and (asks or (happened and wording.limits == Filters())):
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

    return replace(wording, limits=less(wording.limits), preferred=less(wording.preferred))


def _quotations(turns: Any) -> tuple[Quotation, ...]:
    return tuple((c.article_id, c.start, c.end) for turn in turns for c in turn.citations)


def _same(a: str, b: str) -> bool:
    return fold(a).strip(" ?!.") == fold(b).strip(" ?!.")


def together(hits: Sequence[Hit], typed: Sequence[Hit]) -> list[Hit]:
    """The hits of a question with added words and of the same as typed, best first."""
    found = {hit.passage.id: hit for hit in (*typed, *hits)}
    scores = dict.fromkeys(found, 0.0)
    for weight, part in ((1.0, hits), (_TYPED, typed)):
        for hit in part:
            scores[hit.passage.id] += weight * hit.score / (1 + _TYPED)
    return _ordered(replace(hit, score=scores[number]) for number, hit in found.items())


def preferring(hits: list[Hit], days: Filters) -> list[Hit]:
    """The hits, best first, with less of a score for articles of other days."""
    if days == Filters():
        return hits
    return _ordered(
        hit if told_in(hit.article.published, days) else replace(hit, score=hit.score * _OTHER_DAYS)
        for hit in hits
    )


def _ordered(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda h: (-h.score, h.article.id, h.passage.start))


def last_article(turns: Sequence[Answer]) -> str:
    """The article that was quoted first last, or ""."""
    return next((t.citations[0].article_id for t in reversed(turns) if t.citations), "")
