"""The values that pass between the stages; every one is frozen.

File --read--> Story --identify--> Article --split--> Passage --embed, search--> Hit
--compose--> Answer with Citations.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from askarticles.errors import UsageError, plain

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Embeddings, shape (n, dimension), float32, every row of length 1."""

Span: TypeAlias = tuple[int, int]
"""Character offsets (start, end) into a text, end exclusive."""

_LONGEST_ANSWER = 30  # tokens; 998 of 1,000 answers in squad2 are no longer

# Least probability of beginning and end together, given that the answer is in the sentence, for
# words to stand out. Of 1,034 sentences that answer, on four sets that the reader never saw, it
# marks 46 %, with 6 words and an F1 of .77 against the known answers; in the others they had .43.
_SURE = 0.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file the text from `offset` on stands, until the next place.

    offset: character offset into the text. label: "line 12", "page 3", "paragraph 5".
    """

    offset: int
    label: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of the file that was left out of the text, and the rule that took it."""

    text: str
    rule: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What a reader found in a file: the words that the author wrote, and about them.

    title: the headline, or "". body: paragraphs (and headings) apart by one blank line; items of
    a list and rows of a table on lines of their own inside one paragraph; no other line ends.
    author: several names apart by "; ". published: ISO 8601, as long as it is precise ("2024",
    "2024-01", "2024-01-10", "2024-01-10T14:05:00+00:00"), or "" when the file gives none.
    language: two-letter code, or "" when unknown. places: in rising order of offset into body.
    origins: (name of a field, where its value came from), for `askarticles show`.
    """

    title: str
    body: str
    source: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    language: str = ""
    places: tuple[Place, ...] = ()
    removed: tuple[Removal, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article at one version.

    id: path relative to the library, with "/" on every system, and "#n" (from 1) for the nth
    article of a file that holds several. text: the headline (if the file gives one), a blank
    line, the body; body_start: offset of the body in text. The other fields are as in Story.
    sha256: hex digest over all that is shown of the article, so it names the version.
    """

    id: str
    path: str
    title: str
    text: str
    body_start: int
    source: str
    author: str
    published: str
    url: str
    language: str
    places: tuple[Place, ...]
    sha256: str

    @property
    def name(self) -> str:
        """What to call the article: its headline, or the name of its file."""
        return self.title or self.path.rsplit("/", 1)[-1]

    @property
    def body(self) -> str:
        """The text without the headline."""
        return self.text[self.body_start :]

    def content_sha256(self) -> str:
        """Hex digest over everything that is shown of the article but where its file lies.

        Equal to `sha256` unless somebody changed one of the two.
        """
        shown = [self.title, self.text, self.body_start, self.source, self.author]
        shown += [self.published, self.url, self.language]
        shown += [[place.offset, place.label] for place in self.places]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()

    def place(self, offset: int) -> str:
        """Where in the file the text at `offset` stands, or "" when unknown."""
        label = ""
        for place in self.places:
            if place.offset > offset:
                break
            label = place.label
        return label


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or one article in a file, that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of an article: `article.text[start:end]`.

    id: number of the passage in its index, never used again after a deletion; 0 outside one.
    """

    article_id: str
    start: int
    end: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer; an empty value filters nothing.

    since, until: ISO dates (year, month or day), both inclusive. An article is in when the time
    its date names overlaps the range; an undated one is out as soon as either is given.
    source: name of an outlet, compared without regard to case.
    """

    since: str = ""
    until: str = ""
    source: str = ""

    def __str__(self) -> str:
        """The filters in words, "" when there are none."""
        if self.since and self.since == self.until:
            days = self.since
        elif self.since and self.until:
            days = f"{self.since} to {self.until}"
        elif self.since:
            days = f"since {self.since}"
        else:
            days = f"until {self.until}" if self.until else ""
        return ", ".join(part for part in (self.source, days) if part)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage for a question.

    answers: log odds that the passage answers. spans: of its tokens in the article's text, in
    order. starts, ends: for each token the probability that the answer's words begin or end with
    it; what is missing to 1 says that no word of the passage does.
    """

    answers: float = 0.0
    spans: tuple[Span, ...] = ()
    starts: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()

    def share(self, start: int, end: int) -> float:
        """How much of the answer lies in a span of the article's text, in [0, 1]."""
        inside = self._inside(start, end)
        return (sum(self.starts[inside]) + sum(self.ends[inside])) / 2

    def words(self, start: int, end: int) -> Span:
        """The words of the answer in a span of the article's text, or (start, start) if unsure."""
        inside = self._inside(start, end)
        best, found = _SURE * self.share(start, end) ** 2, (start, start)
        for first in range(inside.start, inside.stop):
            for last in range(first, min(first + _LONGEST_ANSWER, inside.stop)):
                if self.starts[first] * self.ends[last] > best:
                    best = self.starts[first] * self.ends[last]
                    found = self.spans[first][0], self.spans[last][1]
        return found

    def _inside(self, start: int, end: int) -> slice:
        """The numbers of the tokens that lie in a span of the article's text."""
        return slice(
            bisect_left(self.spans, start, key=itemgetter(0)),
            bisect_right(self.spans, end, key=itemgetter(1)),
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question.

    dense: cosine in [-1, 1]. lexical: BM25, at least 0. score: both combined, in [0, 1].
    reading: what the reader makes of it, empty for one that it was not given. answers: estimated
    probability that the passage answers, in [0, 1]; 0 for one that was not read.
    """

    article: Article
    passage: Passage
    dense: float
    lexical: float
    score: float
    reading: Reading = Reading()
    answers: float = 0.0

    @property
    def text(self) -> str:
        """The passage's words."""
        return self.article.text[self.passage.start : self.passage.end]


CitationState: TypeAlias = Literal["as indexed", "changed", "missing"]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells the same story in nearly the same words."""

    article_id: str
    title: str
    source: str
    published: str
    path: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands: `quote == article.text[start:end]`.

    number: from 1, given by code. context_start, context_end: the passage around the quotation.
    sha256: the version of the article. place: where in the file ("line 12"). state: whether the
    file still is as it was indexed. dense, lexical: scores of the passage (see Hit); score: how
    well the quotation answers, in [0, 1]. words_start, words_end: of the words in the quotation
    that answer most likely, equal when none stand out. matched: words of the question that the
    passage holds.
    """

    number: int
    quote: str
    title: str
    source: str
    author: str
    published: str
    url: str
    path: str
    place: str
    article_id: str
    sha256: str
    start: int
    end: int
    context_start: int
    context_end: int
    score: float
    dense: float
    lexical: float
    words_start: int = 0
    words_end: int = 0
    matched: tuple[str, ...] = ()
    also_in: tuple[Copy, ...] = ()
    state: CitationState = "as indexed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The quotations that answer a question, or none and the nearest passages.

    citations: best first, empty when the articles don't say. nearest: the nearest passages when
    citations is empty, each a whole passage. confidence: estimated probability that the first
    quotation answers, in [0, 1]. generation: name of the index generation that answered.

    read_as: the sentence of the question that asks, where there are others beside it, or the
    question before as this one asks it anew ("And in Vell?"). added: words of those sentences and
    of earlier questions that it was read with. limits: filters that the
    question's own words name ("according to the Courier"). preferred: days that they name, whose
    articles come first. today: the day that "last week" was counted from, or "" when the question
    says nothing of the kind. reply: words of the program itself, where there is something to say
    besides quotations. articles: a list of articles, where that is what was asked for.
    """

    question: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    confidence: float
    generation: str
    filters: Filters = field(default_factory=Filters)
    read_as: str = ""
    added: tuple[str, ...] = ()
    limits: Filters = field(default_factory=Filters)
    preferred: Filters = field(default_factory=Filters)
    today: str = ""
    reply: str = ""
    articles: tuple[Copy, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the articles answer."""
        return bool(self.citations)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values for JSON, with "found" added."""
        return {"found": self.found, **asdict(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` gave these values; UsageError when they are not such.

        Only "question" has to be there.
        """
        if not isinstance(values, Mapping):
            raise UsageError(_NO_ANSWER)
        given = {name: value for name, value in values.items() if value is not None}
        empty: dict[str, Any] = {"citations": (), "nearest": (), "confidence": 0.0}
        return _restored(cls, {**empty, "generation": "", **given})

    def __str__(self) -> str:
        """The answer as text for a terminal."""
        lines = [plain(self.reply)] if self.reply else []
        if self.read_as or self.added:
            added = f" + {', '.join(self.added)}" if self.added else ""
            lines.append(plain(f"read as: {self.read_as or self.question}{added}"))
        for about, filters in (("limited to", self.limits), ("first", self.preferred)):
            if filters != Filters():
                lines.append(plain(f"{about}: {filters}"))
        lines += [_printed(citation) for citation in self.citations]
        if self.articles:
            lines.append("\n".join(_listed(copy) for copy in self.articles))
        if not (self.citations or self.articles or (self.reply and not self.nearest)):
            lines.append("The articles don't say.")
        if self.nearest:
            lines.append("The nearest passages (not an answer):")
            lines += [_printed(citation) for citation in self.nearest]
        return "\n\n".join(lines)


# What the fields that are not plain values hold, and whether it is a tuple of that.
_HELD: dict[str, tuple[type, bool]] = {
    "citations": (Citation, True), "nearest": (Citation, True), "also_in": (Copy, True),
    "articles": (Copy, True), "filters": (Filters, False), "limits": (Filters, False),
    "preferred": (Filters, False), "added": (str, True), "matched": (str, True),
}  # fmt: skip
_NO_ANSWER = "the history holds what is no earlier answer; pass answers or their dicts"
_PLAIN = {"int": (int,), "float": (int, float)}

_T = TypeVar("_T")


def _restored(kind: type[_T], values: object) -> _T:
    """A value of a dataclass, or a text, from what JSON made of it; UsageError if it is none."""
    if kind is str and isinstance(values, kind):
        return values
    known = getattr(kind, "__dataclass_fields__", None)
    if not isinstance(values, Mapping) or known is None:
        raise UsageError(_NO_ANSWER)
    made: dict[str, Any] = {}
    for name, about in known.items():
        if name not in values:
            continue
        value, (inner, many) = values[name], _HELD.get(name, (str, False))
        if many and isinstance(value, list | tuple):
            made[name] = tuple(_restored(inner, part) for part in value)
        elif name in _HELD and not many:
            made[name] = _restored(inner, value)
        elif isinstance(value, _PLAIN.get(about.type, (str,))) and not isinstance(value, bool):
            made[name] = value
        else:
            raise UsageError(f"the history holds an answer whose {name} is not what was given")
    try:
        return kind(**made)
    except TypeError as error:
        raise UsageError(f"the history holds an answer that is not whole ({error})") from error


def _listed(copy: Copy) -> str:
    parts = (copy.title, copy.source, copy.published[:10], copy.path)
    return "- " + plain(" · ".join(part for part in parts if part))


def _printed(citation: Citation) -> str:
    about = [plain(part) for part in (citation.title, citation.source, citation.published[:10])]
    quote = "\n".join(plain(line) for line in citation.quote.split("\n"))
    lines = [f"[{citation.number}] {quote}"]
    lines.append("    " + " · ".join(part for part in about if part))
    where = plain(citation.path + (f", {citation.place}" if citation.place else ""))
    if citation.state != "as indexed":
        where += f" ({citation.state} since it was indexed)"
    lines.append("    " + where)
    if citation.also_in:
        names = [f"{c.source} ({c.path})" if c.source else c.path for c in citation.also_in]
        lines.append("    also in " + plain(", ".join(names)))
    return "\n".join(lines)
