"""A conversation at a terminal: questions after a prompt, quotations opened by their number."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from importlib import import_module

from askarticles.conversation import Conversation
from askarticles.datatypes import Answer, Citation, Filters
from askarticles.errors import AskArticlesError, UsageError, plain
from askarticles.library import Library
from askarticles.terms import fold

_HELP = (
    "Ask a question. A number opens that quotation's article; “more” goes on, “as typed” asks "
    "again without the words of earlier questions, “without WORD” without one of them or without "
    "a limit, “new” forgets what was said, “quit” ends."
)
_QUIT = frozenset({"quit", "exit", "bye", "q", ":q"})
_NUMBER = re.compile(r"\[?(\d{1,3})\]?")
_WITHOUT = re.compile(r"without (.+)", re.IGNORECASE)


def talk(
    library: Library,
    *,
    filters: Filters = Filters(),  # noqa: B008 - a frozen value
    limit: int = 3,
    caution: float | None = None,
    read: Callable[[str], str] = lambda prompt: input(prompt),
    write: Callable[[str], None],
) -> None:
    """Answers what is typed until "quit" or the end of what there is to read.

    read: gives a line for a prompt, or raises EOFError. write: shows a text.
    """
    # Arrow keys and a history of lines, where the system has them.
    with contextlib.suppress(ImportError):
        import_module("readline")
    write(_HELP)
    conversation = library.conversation()
    without: list[str] = []
    while True:
        try:
            line = read("\n> ").strip()
        except (EOFError, KeyboardInterrupt):
            write("")
            return
        if line.lower() in _QUIT:
            return
        try:
            if not line:
                continue
            if line.lower() == "new":
                conversation = library.conversation()
                write("What was said is forgotten.")
                continue
            if match := _NUMBER.fullmatch(line):
                write(_opened(library, conversation, int(match[1])))
                continue
            match = _WITHOUT.fullmatch(line)
            taken = _understood(conversation, match[1]) if match else ()
            if taken:
                without += taken
                answer = conversation.again(limit=limit, caution=caution, without=without)
                write(str(answer))
            elif line.lower() == "as typed":
                write(str(conversation.again(limit=limit, caution=caution, as_typed=True)))
            else:
                without = []
                answer = conversation.ask(line, filters=filters, limit=limit, caution=caution)
                write(str(answer))
        except AskArticlesError as error:
            write(f"error: {error}")


def _understood(conversation: Conversation, named: str) -> tuple[str, ...]:
    """What "without ..." takes out of the last question: a word added, or what limits it."""
    if not conversation.turns:
        return ()
    last, wanted = conversation.turns[-1], fold(named).strip(" .,\"'“”")
    for limits in (last.limits, last.preferred):
        values = tuple(v for v in (limits.source, limits.since, limits.until) if v)
        if values and wanted == fold(str(limits)):
            return values
        if match := tuple(value for value in values if fold(value) == wanted):
            return match
    return tuple(word for word in last.added if fold(word) == wanted)


def _opened(library: Library, conversation: Conversation, number: int) -> str:
    """The article of a quotation of the last answer; its paragraph is marked."""
    shown = (turn for turn in reversed(conversation.turns) if _cited(turn) or turn.articles)
    last = next(shown, None)
    cited = _cited(last) if last else ()
    if last and not cited and 1 <= number <= len(last.articles):
        article = library.article(last.articles[number - 1].article_id)
        return "\n".join(plain(line) for line in article.text.split("\n"))
    if not 1 <= number <= len(cited):
        raise UsageError(f"the last answer has no quotation {number}")
    citation = cited[number - 1]
    article = library.article(citation.article_id)
    paragraphs, offset = [], 0
    for paragraph in article.text.split("\n\n"):
        end = offset + len(paragraph)
        holds = offset < citation.end and citation.start < end
        lines = [plain(line) for line in paragraph.split("\n")]
        paragraphs.append("\n".join(("> " if holds else "  ") + line for line in lines))
        offset = end + 2
    return "\n\n".join(paragraphs)


def _cited(answer: Answer) -> tuple[Citation, ...]:
    return answer.citations or answer.nearest
