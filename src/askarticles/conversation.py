"""What a question means after those before it, and a conversation that remembers them.

Everything is a function of the question and its history, so the same history gives the same
answer whoever keeps it: a `Conversation`, the page, or a program that passes `history=`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeAlias

from askarticles.datatypes import Answer, Filters
from askarticles.errors import UsageError
from askarticles.followup import Marker, added_words
from askarticles.terms import fold
from askarticles.wording import Wording, read_wording

Turn: TypeAlias = Answer | Mapping[str, Any] | str
"""An earlier answer, what its `to_dict` gave, or the bare question."""

Quotation: TypeAlias = tuple[str, int, int]
"""An article's id and the offsets of a quotation in its text."""

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


class Ask(Protocol):
    """`Library.ask`, or one that takes the same."""

    def __call__(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = 3,
        caution: float | None = None,
        as_typed: bool = False,
        without: Sequence[str] = (),
        more: bool = False,
        article: str = "",
        today: str = "",
    ) -> Answer: ...


@dataclass(slots=True)
class Conversation:
    """Asks with the turns before as history; `turns` are their answers, oldest first."""

    library: Ask
    turns: list[Answer] = field(default_factory=list)

    def ask(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008 - a frozen value
        limit: int = 3,
        caution: float | None = None,
        as_typed: bool = False,
        without: Sequence[str] = (),
        article: str = "",
        today: str = "",
    ) -> Answer:
        """The answer to a question after the turns before; see `Library.ask`."""
        answer = self.library(
            question, history=self.turns, filters=filters, limit=limit, caution=caution,
            as_typed=as_typed, without=without, article=article, today=today,
        )  # fmt: skip
        self.turns.append(answer)
        return answer

    def more(self, *, limit: int = 3, caution: float | None = None) -> Answer:
        """The next quotations on the last question, none that was shown for it."""
        filters = self.turns[-1].filters if self.turns else Filters()
        answer = self.library(
            "", history=self.turns, filters=filters, limit=limit, caution=caution, more=True
        )
        self.turns.append(answer)
        return answer

    def again(self, *, as_typed: bool = False, without: Sequence[str] = ()) -> Answer:
        """The last question asked otherwise, in place of its answer; UsageError when none was."""
        if not self.turns:
            raise UsageError("nothing was asked yet")
        last = self.turns.pop()
        return self.ask(last.question, filters=last.filters, as_typed=as_typed, without=without)


def ask_json(ask: Ask, values: object) -> dict[str, Any]:
    """The answer, as plain values, to a question in plain values, as a door gets them.

    values: {"question": text, "history": [answers as given, or questions], "source", "since",
    "until", "article", "today": texts, "limit": count, "caution": number, "as_typed", "more":
    booleans, "without": [texts]}; all but the question may be missing or null. Raises UsageError,
    also when something else is among them.
    """
    if not isinstance(values, Mapping):
        raise UsageError("what is asked has to be an object with a question")
    given = {name: value for name, value in values.items() if value is not None}
    unknown = sorted(str(name) for name in given.keys() - _TEXTS - _OTHERS.keys())
    if unknown:
        raise UsageError(f"a question knows no {', '.join(unknown)}")
    for name, kinds in _OTHERS.items():
        value = given.get(name)
        fits = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
        if value is not None and not fits:
            raise UsageError(f"{name} is not what it has to be: {_WANTED[kinds]}")
    texts = {name: _text(name, given.get(name, "")) for name in _TEXTS}
    answer = ask(
        texts["question"],
        history=given.get("history", ()),
        filters=Filters(texts["since"], texts["until"], texts["source"]),
        limit=given.get("limit", 3),
        caution=given.get("caution"),
        as_typed=given.get("as_typed", False),
        without=[_text("without", word) for word in given.get("without", ())],
        more=given.get("more", False),
        article=texts["article"],
        today=texts["today"],
    )
    return answer.to_dict()


_TEXTS = frozenset({"question", "source", "since", "until", "article", "today"})
_OTHERS: dict[str, tuple[type, ...]] = {
    "history": (list,), "without": (list,), "as_typed": (bool,), "more": (bool,), "limit": (int,),
    "caution": (int, float),
}  # fmt: skip
_WANTED: dict[tuple[type, ...], str] = {
    (list,): "a list", (bool,): "true or false", (int,): "a whole number", (int, float): "a number",
}  # fmt: skip


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name} has to be text")
    return value.encode("utf-8", "replace").decode()
