"""Questions made of what passages tell of people: who somebody is, and what somebody said.

Question sets hardly have them, and people ask them of news.

    python -m training.told SET [SET ...] OUT

writes a set of such questions about the articles of others, one of an article, to fit and to
measure with.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from askarticles.datatypes import Span
from askarticles.examples import told
from askarticles.sentences import split_sentences
from training.data import Corpus
from training.pairs import Pair

_AWAY = 3  # other passages that are drawn for a question, at most
_FEW = 3  # words, with which nothing is said
_TELLS = re.compile(r"\b(?:said|says|say|told|warned|added|explained|announced|wrote|asked)\b|,")
# More than the page's examples are made of: those have to be answered for certain.
_NAME = r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|[A-Z][\w’'-]+|of|de|von|van)){0,2} [A-Z][\w’-]+)"
_ROLE = (
    r"(?:(?:act|advis|bank|paint|sing|writ|play|lead|rul|compos|manag|produc|research|teach|campaign|"
    r"lawy|found|own|work|report|design|direct|govern|edit|do|invent|senat|train|train|officer|"
    r"command|offic|minist)(?:or|er|ress|er’s|ess)\b|\b\w+(?:ist|ian|man|woman|king|queen)\b|"
    r"\b(?:king|queen|emperor|president|general|chief|poet|judge|pilot|coach|scholar|soldier|priest|"
    r"bishop|pope|monk|nurse|member|son|daughter|wife|husband|brother|sister|father|mother|friend)\b)"
)
_WHO = (
    (re.compile(rf"{_NAME}, (?:who|(?:the|an?|his|her) (?:[\w’'-]+ ){{0,3}}?{_ROLE})"), "is"),
    (re.compile(rf"{_NAME} was (?:the|an?) (?:[\w’'-]+ ){{0,4}}?{_ROLE}"), "was"),
    (re.compile(rf"{_NAME} is (?:the|an?) (?:[\w’'-]+ ){{0,4}}?{_ROLE}"), "is"),
)
_SPEAKS = re.compile(
    r"\b(?:sa(?:id|ys?)|t(?:old|ells)|warn|add|expl|announc|wr[io]t|ask|call|claim|argu|stat|speech)"
    r"|[\"“”]"
)
_SAID_BEFORE = re.compile(r"^(?:said|says|told|warned|added|explained|announced)\b")


def draw_told(corpora: Sequence[Corpus], rng: np.random.Generator) -> list[Pair]:
    """Such questions, one of a passage, each with that passage and others.

    The others are passages of the same article that name the person and tell nothing, and some
    at random that don't. Half as many more ask what somebody said of a passage in which nobody
    says anything.
    """
    places = [(corpus, n) for corpus in corpora for n in range(len(corpus.passages))]
    groups: list[tuple[Pair, ...]] = []
    for number in rng.permutation(len(places)):
        corpus, n = places[int(number)]
        text = corpus.passages[n]
        found = [
            (question, span)
            for question, match in _asked(text)
            for span in telling(text, match)
            if match[0] > text.find("\n")
        ]
        if found:
            question, span = found[int(rng.integers(len(found)))]
            groups.append(_pairs(corpus, n, question, span, rng))
    silent = [
        (Pair(f"What did {name.group('name')} say?", corpus.passages[n], 0),)
        for corpus, n in (places[int(m)] for m in rng.permutation(len(places)))
        if not _SPEAKS.search(corpus.passages[n])
        for name in islice(re.finditer(_NAME, corpus.passages[n]), 1, 2)
    ]
    return [pair for group in [*groups, *silent[: len(groups) // 2]] for pair in group]


def _asked(text: str) -> Iterator[tuple[str, Span]]:
    yield from told(text)
    for pattern, verb in _WHO:
        for match in pattern.finditer(text):
            yield f"Who {verb} {match.group('name')}?", match.span()


def telling(text: str, match: Span) -> list[Span]:
    """The words that tell what `examples.told` found a question for: one span, or none."""
    words = text[slice(*match)]
    start, end = next(((a, b) for a, b in split_sentences(text) if a <= match[0] < b), match)
    if ", " in words:  # "NAME, the harbour master", up to the next comma
        first = match[0] + words.index(", ") + 2
        border = re.compile(r"[,.;:!?)]").search(text, match[1])
        span = first, border.start() if border else end
    elif is_ := re.search(r" (?:was|is) ", words):
        span = match[0] + is_.end(), end
    elif _SAID_BEFORE.match(words) or len(text[match[1] : end].split()) < _FEW:
        span = start, match[0]
    else:
        span = match[1], end
    while span[0] < span[1] and not text[span[0]].isalnum():
        span = span[0] + 1, span[1]
    while span[0] < span[1] and not text[span[1] - 1].isalnum():
        span = span[0], span[1] - 1
    return [span] if len(text[slice(*span)].split()) > 1 else []


def _pairs(
    corpus: Corpus, n: int, question: str, span: Span, rng: np.random.Generator
) -> tuple[Pair, ...]:
    texts = corpus.passages
    surname = question.removesuffix("?").removesuffix(" say").split()[-1]
    wrong = [
        m
        for m, article in enumerate(corpus.article_of)
        if article == corpus.article_of[n]
        and surname in texts[m]
        and not _TELLS.search(texts[m][max(0, texts[m].index(surname) - 40) :][:80])
    ]
    drawn = [int(m) for m in rng.integers(len(texts), size=_AWAY)]
    strangers = [m for m in drawn if surname not in texts[m]]
    away = [*(int(m) for m in rng.permutation(wrong)[: _AWAY - 1]), *strangers][:_AWAY]
    asked = question.rstrip("?") if rng.random() < 0.3 else question
    return (
        Pair(asked, texts[n], 1, (span,)),
        *(Pair(asked, texts[m], 0) for m in away if m != n),
    )


def main() -> None:
    """The command line."""
    folders, out = [Path(name) for name in sys.argv[1:-1]], Path(sys.argv[-1])
    out.mkdir(parents=True, exist_ok=True)
    written = [json.loads(line) for f in folders for line in _lines(f / "articles.jsonl")]
    questions = []
    rng = np.random.default_rng(0)
    for row in written:
        found = [(q, s) for q, m in _asked(row["text"]) for s in telling(row["text"], m)]
        for question, (start, end) in [found[int(rng.integers(len(found)))]] if found else []:
            answers = [row["text"][start:end]]
            questions.append({"question": question, "answers": answers, "article_ids": [row["id"]]})
        names = [m.group("name") for m in re.finditer(_NAME, row["text"])]
        if names and not _SPEAKS.search(row["text"]):
            asked = f"What did {names[-1]} say?"
            questions.append({"question": asked, "answers": [], "article_ids": []})
    rows = [
        {"id": f"told-{n}", **row, "answerable": bool(row["answers"])}
        for n, row in enumerate(questions)
    ]
    for name, lines in (("articles", written), ("questions", rows)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (out / f"{name}.jsonl").write_text(text, encoding="utf-8")
    print(f"{len(rows)} questions, {sum(bool(row['answers']) for row in rows)} with an answer")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
