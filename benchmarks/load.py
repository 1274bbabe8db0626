"""Many people at once: how long each waits for an answer, and whether it is the right one.

    python benchmarks/load.py --articles seeds --people 16 --questions 20

The people ask through the page's own queue, as its script does in a browser, from a process of
their own, as browsers do; what comes back has to be, to the byte, the answer that `Library.ask`
gives. Prints one person's median, the median and the 95th percentile of all together, and how many
times the first the last is: for questions that the page was not asked before, and for the same
again.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx

from askarticles import rendering
from askarticles.datatypes import Answer
from askarticles.examples import questions as askable
from askarticles.library import Library
from askarticles.page import message, quoted_articles
from askarticles.shelf import Shelf

Talk: TypeAlias = list[dict[str, Any]]
"""A conversation as the page keeps it: messages, questions and answers in turn."""


class Person:
    """Somebody with the page open."""

    def __init__(self, url: str) -> None:
        self.browser = httpx.Client(base_url=url, timeout=300, trust_env=False)
        config = self.browser.get("/config").json()
        ids = {c["props"].get("elem_id"): c["id"] for c in config["components"]}
        asking = [ids["chat"], ids["asked"]]
        self.session = uuid.uuid4().hex  # one for as long as the page is open
        self.event = next(e["id"] for e in config["dependencies"] if e["inputs"] == asking)

    def ask(self, question: str) -> str:
        """The answer as the page shows it, to a question with none before it."""
        return shown(self.go_on([], question))

    def go_on(self, talk: Talk, question: str) -> Talk:
        """The conversation with the question and its answer at the end."""
        # As the page does: the question, and what stands for its answer until it is there.
        begun = [message("user", rendering.question_html(question)), message("assistant", "")]
        data = [[*talk, *begun], json.dumps({"question": question})]
        body = {"data": data, "fn_index": self.event, "session_hash": self.session}
        self.browser.post("/gradio_api/queue/join", json=body).raise_for_status()
        stream = self.browser.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self.session}
        )
        with stream as lines:
            for line in lines.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line else {}
                if told.get("msg") == "process_completed":
                    if not told["success"]:
                        raise RuntimeError(told["output"])
                    return list(told["output"]["data"][0])
        raise RuntimeError("the page closed without an answer")


def shown(talk: Talk) -> str:
    """The last answer of a conversation, as the page shows it."""
    return str(talk[-1]["content"][0]["text"])


def wanted(library: Library, answer: Answer) -> str:
    """What the page has to show."""
    return rendering.answer_html(answer, quoted_articles(library, answer))


Told: TypeAlias = set[tuple[str, str]]
"""Questions with what came back."""


def crowd(url: str, questions: Sequence[str], people: int) -> tuple[list[float], Told]:
    """Seconds that each answer took, and what was told, people asking all questions each.

    Each has the page open before anyone asks, and begins at another question, so that no two ask
    the same at the same time.
    """
    pages = [Person(url) for _ in range(people)]

    def one(number: int) -> list[tuple[float, tuple[str, str]]]:
        person = pages[number]
        first = number * len(questions) // people
        asked = []
        for question in [*questions[first:], *questions[:first]]:
            begin = time.perf_counter()
            answer = person.ask(question)
            asked.append((time.perf_counter() - begin, (question, answer)))
        return asked

    with ThreadPoolExecutor(people) as pool:
        done = [item for asked in pool.map(one, range(people)) for item in asked]
    return [seconds for seconds, _ in done], {told for _, told in done}


@contextmanager
def page(articles: Path, index: Path) -> Iterator[str]:
    """The address of a page that a process of its own serves."""
    command = [sys.executable, "-m", "askarticles", "chat", "--read-only", "--no-browser"]
    where = ["--articles", str(articles), "--index", str(index), "--port", "0"]
    with subprocess.Popen([*command, *where], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            for line in server.stdout:
                address = re.search(r"http://\S+", line)
                if address:
                    yield address[0]
                    return
            raise SystemExit("the page did not start; see the messages above")
        finally:
            server.terminate()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--index", type=Path, default=Path("embeddings"))
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--questions", type=int, default=20)
    options = parser.parse_args()
    shelf = Shelf(options.articles, options.index)
    library = shelf.library
    found = dict.fromkeys(
        question
        for item in library.listing()
        for question in askable(library.article(item.article_id))
    )
    questions = list(found)[: options.questions]
    right = {(question, wanted(library, library.ask(question))) for question in questions}
    # Each on a page that was just opened, so that nothing was read before for either; and again.
    with page(options.articles, options.index) as url:
        alone, told = crowd(url, questions, 1)
        alone_again, told_again = crowd(url, questions, 1)
    with page(options.articles, options.index) as url:
        together, told_all = crowd(url, questions, options.people)
        together_again, told_all_again = crowd(url, questions, options.people)
    if any(one != right for one in (told, told_again, told_all, told_all_again)):
        raise SystemExit("an answer differs from that of Library.ask")
    print(f"{len(questions)} questions each, every answer as Library.ask gives it")
    compare("first asked", alone, together)
    compare("asked before", alone_again, together_again)


def compare(when: str, alone: Sequence[float], together: Sequence[float]) -> None:
    """Prints what many wait beside what one does."""
    median = statistics.median(alone)
    p95 = statistics.quantiles(together, n=20)[-1]
    print(
        f"{when}: one person's median {median * 1000:.0f} ms; of many "
        f"{statistics.median(together) * 1000:.0f} ms, 95 % within {p95 * 1000:.0f} ms, "
        f"{p95 / median:.1f} times one person's median"
    )


if __name__ == "__main__":
    main()
