"""A small library in memory that answers by shared words, and a hostile article in it."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from askarticles.datatypes import (
    Answer,
    Article,
    Citation,
    CitationState,
    Copy,
    Filters,
    Problem,
)
from askarticles.embedder import load_embedder
from askarticles.errors import UsageError
from askarticles.index import Index
from askarticles.library import Library
from askarticles.rebuilding import Progress, Receipt, Report, rebuild
from askarticles.shelf import Shelf
from askarticles.store import Listing

NO_FILTERS = Filters()
HOSTILE = (
    "<script>window.__ran = 1; alert(1)</script> The lamp keeper warned everyone. "
    "<img src=x onerror=\"window.__ran = 2; fetch('http://evil.example/a')\"> "
    "<img src='http://evil.example/pixel.png'> <svg onload=\"window.__ran = 3\"> "
    '<iframe srcdoc="<script>parent.__ran = 4</script>"></iframe> '
    "${window.__ran = 5} {{window.__ran = 6}} {{{value}}} `${alert(2)}` "
    '[a link](javascript:window.__ran=7) <a href="javascript:window.__ran=8">x</a> '
    "![picture](http://evil.example/b.png) $$\\href{javascript:window.__ran=9}{x}$$ "
    "</section></blockquote></mark><style>@import 'http://evil.example/c.css';</style> "
    "The hostile beacon of Quillmouth burned for ninety nights \\u003cscript>."
)


def article(
    article_id: str, title: str, body: str, source: str = "", published: str = "", **more: str
) -> Article:
    """An article as the reader would make it."""
    text = f"{title}\n\n{body}"
    return Article(
        id=article_id,
        path=article_id,
        title=title,
        text=text,
        body_start=len(title) + 2,
        source=source,
        author=more.get("author", ""),
        published=published,
        url=more.get("url", ""),
        language="en",
        places=(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


ARTICLES = (
    article(
        "ferry.txt",
        "Night ferry to Hallow Isle carries its ten thousandth bicycle",
        "The night ferry between Corran Quay and Hallow Isle carried its ten thousandth bicycle "
        "on Tuesday. Nobody had expected it so soon. The crew tied a ribbon around the bell. 🚲\n\n"
        "The boat has forty-two bicycle hooks, twice as many as the ferry that it replaced. "
        "Bicycles travel free from October to March, a rule that the islanders voted for. "
        "Cars still pay eighteen crowns.\n\n"
        + "\n\n".join(
            f"On crossing number {number} the crew noted calm water and wrote the names of all "
            "who came aboard into the long green book that lies beside the wheel, as every "
            "crew has done since the first boat."
            for number in range(1, 16)
        )
        + "\n\nOdile Brandt, the harbour master of Corran, counts the bicycles by hand. She found "
        "that one passenger in six now brings a bicycle on the night ferry. A second boat joins "
        "in the spring of 2027.\n\nTickets are sold at the quay.",
        "Corran Courier",
        "2026-02-18",
        author="Isla Munro",
        url="https://courier.example/ferry",
    ),
    article(
        "moss.md",
        "Rooftop moss cools a school by three degrees",
        "A school in Velden planted moss on its roof in 2024. On hot afternoons the moss roof "
        "kept the classrooms three degrees cooler. The caretaker waters it twice a week.\n\n"
        "Birds were the surprise, said Doctor Lena Vrba. Eleven species now nest above the "
        "gymnasium.",
        "Velden Weekly",
        "2025-10-04",
    ),
    article(
        "library.html",
        "A town ended library fines, and the books came back",
        "Ostrava Mill ended library fines four years ago. More books came back, not fewer: "
        "late returns fell by a third within a year. The town pays the difference of nine "
        "thousand crowns from parking fees. The old fines had kept children away, Tomas Rell said.",
        "The Civic Review",
        "2025-11",
    ),
    article("undated.txt", "A note on copper kettles", "Copper kettles boil water quickly.", ""),
    article(
        "hostile.html",
        'Beacon <img src=x onerror="window.__ran=10"> ${window.__ran=11} {{value}}',
        HOSTILE,
        "<b onclick=window.__ran=12>Evil</b> ${window.__ran=13} Gazette",
        "2024",
        author="<script>window.__ran=14</script>",
        url="javascript:window.__ran=15",
    ),
)

NEW = article(
    "new.txt",
    "Glass lighthouse opens at Tarn Head",
    "The glass lighthouse at Tarn Head opened with a choir of ninety-one singers.",
    "Corran Courier",
    "2026-03-01",
)


def cite(item: Article, quote: str, number: int = 1, **changes: Any) -> Citation:
    """A citation of words in an article, with the whole article around them."""
    start = item.text.index(quote)
    made = Citation(
        number=number,
        quote=quote,
        title=item.title,
        source=item.source,
        author=item.author,
        published=item.published,
        url=item.url,
        path=item.path,
        place="line 3",
        article_id=item.id,
        sha256=item.sha256,
        start=start,
        end=start + len(quote),
        context_start=item.body_start,
        context_end=len(item.text),
        score=0.9,
        dense=0.5,
        lexical=3.0,
    )
    return replace(made, **changes)


def shelf(library: FakeLibrary | Library) -> Shelf:
    """The shelf that holds a library."""
    return Shelf.holding(cast(Library, library))


@dataclass
class FakeLibrary:
    """The page's side of askarticles.library.Library, over ARTICLES."""

    articles_folder: Path = Path("seeds")
    index_folder: Path = Path("embeddings")
    generation: str = "one"
    passages: int = 30
    kept: dict[str, Article] = field(default_factory=lambda: {a.id: a for a in ARTICLES})
    states: dict[str, CitationState] = field(default_factory=dict)
    failure: Exception | None = None
    also_in: tuple[Copy, ...] = ()
    go_on: threading.Event = field(default_factory=threading.Event)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Any] = (),
        filters: Filters = NO_FILTERS,
        limit: int = 3,
        as_typed: bool = False,
        without: Sequence[str] = (),
        more: bool = False,
        caution: float | None = None,
        article: str = "",
        today: str = "",
    ) -> Answer:
        if self.failure is not None:
            raise self.failure
        if not question.strip():
            raise UsageError("the question is empty; type one")
        wanted = {word for word in _words(question) if len(word) > 3}
        found = []
        for item in self.kept.values():
            if filters.source and item.source != filters.source:
                continue
            for start, end in _sentences(item.body):
                start, end = start + item.body_start, end + item.body_start
                matched = wanted & _words(item.text[start:end])
                if len(matched) >= 2:
                    found.append(_citation(item, start, end, tuple(sorted(matched))))
        found.sort(key=lambda c: (-len(c.matched), c.article_id, c.start))
        numbered = tuple(
            replace(c, number=n, also_in=self.also_in, state=self.states.get(c.path, c.state))
            for n, c in enumerate(found[:limit], start=1)
        )
        first = next(iter(self.kept.values()), None)
        nearest = () if numbered or first is None else (_nearest(first),)
        return Answer(question, numbered, nearest, 0.9, self.generation, filters)

    def article(self, article_id: str) -> Article:
        if article_id not in self.kept:
            raise UsageError(f"{article_id} is not in the library any more.")
        return self.kept[article_id]

    def state(self, article: Article) -> CitationState:
        return self.states.get(article.id, "as indexed")

    def listing(self) -> tuple[Listing, ...]:
        newest = sorted(self.kept.values(), key=lambda a: a.published, reverse=True)
        return tuple(
            Listing(a.id, a.title, a.source, a.author, a.published, a.path, 3) for a in newest
        )

    def refresh(self) -> bool:
        return False

    def rebuild(self, report: Report) -> Receipt:
        """Half-way at once, and complete when the test says `go_on`: one article is new."""
        report(Progress("embedding", 5, 10))
        assert self.go_on.wait(20)
        self.kept = self.kept | {NEW.id: NEW}
        self.generation = "rebuilt"
        return Receipt(
            added=(NEW.id,),
            changed=(),
            removed=(),
            renamed=(),
            unchanged=len(ARTICLES),
            failed=(Problem("broken.pdf", "no text in it"),),
            same_story=(),
            passages=31,
            embedded=1,
            seconds=0.1,
            generation=self.generation,
        )


def real_library(folder: Path) -> Library:
    """A library as the product makes it, over the first three of ARTICLES as files."""
    articles, index = folder / "seeds", folder / "embeddings"
    articles.mkdir()
    for item in ARTICLES[:3]:
        write(articles, item)
    embedder = load_embedder()
    rebuild(articles, index, embedder=embedder)
    return Library(articles, Index.open(index), embedder)


def write(folder: Path, item: Article) -> None:
    """An article as a text file."""
    (folder / f"{item.id}.txt").write_text(f"{item.title}\n\n{item.body}\n", encoding="utf-8")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"\S[^\n]*?[.!?](?=\s|$)", text):
        yield match.span()


def _citation(item: Article, start: int, end: int, matched: tuple[str, ...]) -> Citation:
    left = item.text.rfind("\n\n", 0, start) + 2
    right = item.text.find("\n\n", end)
    return Citation(
        number=1,
        quote=item.text[start:end],
        title=item.title,
        source=item.source,
        author=item.author,
        published=item.published,
        url=item.url,
        path=item.path,
        place="line 3",
        article_id=item.id,
        sha256=item.sha256,
        start=start,
        end=end,
        context_start=left,
        context_end=right if right >= 0 else len(item.text),
        score=0.87,
        dense=0.61,
        lexical=12.4,
        matched=matched,
    )


def _nearest(item: Article) -> Citation:
    end = item.text.index("\n\n", item.body_start)
    return _citation(item, item.body_start, end, ())
