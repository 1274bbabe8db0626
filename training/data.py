"""Question sets in folders (articles.jsonl, questions.jsonl) as passages, questions and golds.

    python -m training.data SET FIRST SECOND [SHARE]

cuts a set in two by article (or, with a share in percent for the second, by title), so that one
part can be kept out of training.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askarticles.datatypes import Article
from askarticles.passages import CountTokens, Splitter, embedded_text, split_article

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'"})
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the passages that may answer it, grouped by article.

    article_passages: for each gold article the numbers of its passages that hold an answer
    string, or all of its passages where none does; empty for a question without an answer.
    holding: the numbers of all passages of gold articles that hold an answer string; where the
    set gives no strings for the question, all passages of its gold articles. answers: strings
    that answer it. written: answers in somebody's own words. related: passages of articles that
    are near and do not answer.
    """

    set_name: str
    id: str
    text: str
    article_passages: tuple[tuple[int, ...], ...]
    holding: tuple[int, ...]
    answers: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    related: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages as they are embedded, and questions that name them by number.

    article_of: for each passage, "set/id" of its article.
    """

    passages: tuple[str, ...]
    article_of: tuple[str, ...]
    questions: tuple[Question, ...]

    def answerable(self) -> Corpus:
        """The corpus with only the questions that some passage answers."""
        kept = tuple(question for question in self.questions if question.holding)
        return Corpus(self.passages, self.article_of, kept)

    def shifted_questions(self, by: int) -> tuple[Question, ...]:
        """The questions as they are when so many passages stand before these."""
        return tuple(
            replace(
                q,
                article_passages=tuple(tuple(n + by for n in g) for g in q.article_passages),
                holding=tuple(n + by for n in q.holding),
                related=tuple(n + by for n in q.related),
            )
            for q in self.questions
        )


def read_sets(
    folders: Sequence[Path], count_tokens: CountTokens, max_tokens: int, splitter: Splitter
) -> Corpus:
    """The sets in the folders as one corpus; passages are cut and titled as the product does.

    A question that needs the turns before it is taken in its rewritten form, or left out when
    the set has none.
    """
    passages: list[str] = []
    article_of: list[str] = []
    questions: list[Question] = []
    for folder in folders:
        numbers: dict[str, list[int]] = {}
        for row in read_rows(folder / "articles.jsonl"):
            article = _article(row)
            numbers[article.id] = []
            for passage in split_article(article, count_tokens, max_tokens, splitter):
                numbers[article.id].append(len(passages))
                passages.append(embedded_text(article, passage, count_tokens, splitter))
                article_of.append(f"{folder.name}/{article.id}")
        plain = {n: plain_text(passages[n]) for group in numbers.values() for n in group}
        for row in read_rows(folder / "questions.jsonl"):
            text = row.get("rewrite") or ("" if row.get("history") else row["question"])
            if text:
                questions.append(_question(folder.name, text, row, numbers, plain))
    return Corpus(tuple(passages), tuple(article_of), tuple(questions))


def without_shared_articles(corpus: Corpus, other: Corpus) -> Corpus:
    """The corpus without questions about passages whose words also stand in `other`.

    The passages stay, as distractors. Compared by the last 200 plain characters, because the
    same paragraph may carry another title.
    """
    seen = {plain_text(passage)[-200:] for passage in other.passages}
    shared = {n for n, p in enumerate(corpus.passages) if plain_text(p)[-200:] in seen}
    kept = [
        question
        for question in corpus.questions
        if not shared.intersection(n for group in question.article_passages for n in group)
    ]
    return Corpus(corpus.passages, corpus.article_of, tuple(kept))


def plain_text(text: str) -> str:
    """The text with case, white space and the shape of quotation marks taken away."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().casefold()


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file that has one a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _article(row: dict[str, Any]) -> Article:
    title = _SPACE.sub(" ", row.get("title") or "").strip()
    body = row["text"].strip()
    # Some sets repeat the title as the first line of the text.
    if title and body.startswith(title):
        body = body[len(title) :].lstrip()
    text = f"{title}\n\n{body}" if title else body
    return Article(
        id=row["id"],
        path=row["id"],
        title=title,
        text=text,
        body_start=len(text) - len(body),
        source="",
        author="",
        published="",
        url="",
        language="",
        places=(),
        sha256="",
    )


def _question(
    set_name: str,
    text: str,
    row: dict[str, Any],
    numbers: dict[str, list[int]],
    plain: dict[int, str],
) -> Question:
    answers = [answer for answer in map(plain_text, row.get("answers") or ()) if answer]
    groups: list[tuple[int, ...]] = []
    holding: list[int] = []
    for article in row.get("article_ids") or () if row["answerable"] else ():
        here = numbers.get(article, [])
        with_answer = [n for n in here if any(answer in plain[n] for answer in answers)]
        if here:
            groups.append(tuple(with_answer or here))
        holding += with_answer if answers else here
    near = [*(row.get("distractor_article_ids") or ()), *(row.get("related_article_ids") or ())]
    return Question(
        set_name,
        row["id"],
        text.strip().strip('"').strip(),
        tuple(groups),
        tuple(holding),
        tuple(row.get("answers") or ()),
        tuple(row.get("reference_answers") or ()),
        tuple(n for article in near for n in numbers.get(article, [])),
    )


def split_set(folder: Path, first: Path, second: Path, share: float = 0.0) -> None:
    """Writes a set as two; a question goes with all its articles.

    By a hash of the article's id into halves, or with a share in (0, 1) by one of its title, so
    that what is told of one thing stays together. Questions without an article, or with articles
    in both parts, go with the first.
    """
    parts = {first: set[str](), second: set[str]()}
    for part in parts:
        part.mkdir(parents=True, exist_ok=True)
    articles = read_rows(folder / "articles.jsonl")
    for row in articles:
        digest = hashlib.sha256((row["title"] if share else row["id"]).encode()).digest()
        in_second = digest[1] < 256 * share if share else digest[0] % 2
        parts[second if in_second else first].add(row["id"])
    questions = read_rows(folder / "questions.jsonl")
    named = [
        {*(row.get("article_ids") or ()), *(row.get("distractor_article_ids") or ())}
        for row in questions
    ]
    for part, ids in parts.items():
        kept = [row for row in articles if row["id"] in ids]
        asked = [
            row
            for row, about in zip(questions, named, strict=True)
            if (bool(about) and about <= parts[second]) == (part is second)
        ]
        for name, rows in (("articles.jsonl", kept), ("questions.jsonl", asked)):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (part / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    source, *parts = map(Path, sys.argv[1:4])
    split_set(source, parts[0], parts[1], *(int(share) / 100 for share in sys.argv[4:]))
