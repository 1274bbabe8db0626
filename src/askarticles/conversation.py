"""A conversation that remembers its turns, and the door's way to ask with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from askarticles.datatypes import Answer, Filters
from askarticles.errors import UsageError, sound
from askarticles.meaning import Turn


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

    def again(
        self,
        *,
        limit: int = 3,
        caution: float | None = None,
        as_typed: bool = False,
        without: Sequence[str] = (),
    ) -> Answer:
        """The last question asked otherwise, in place of its answer; UsageError when none was.

        "Last week" is counted from the day from which it was counted then.
        """
        if not self.turns:
            raise UsageError("nothing was asked yet")
        last = self.turns.pop()
        return self.ask(
            last.question, filters=last.filters, limit=limit, caution=caution,
            as_typed=as_typed, without=without, today=last.today,
        )  # fmt: skip


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
    return sound(value)
