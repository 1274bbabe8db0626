"""Measures the threshold for "the same story": what edited copies share, and what others do.

    python benchmarks/duplicates.py ARTICLES [ARTICLES ...]

ARTICLES: a folder of articles or an articles.jsonl. Each article of at least 120 words is edited
as other papers edit an agency's story (its last third cut, its headline sentence rewritten, one
word in N replaced), and compared with itself; and all pairs of different articles are compared.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from askarticles.datatypes import Article
from askarticles.duplicates import SAME_STORY, resemblance, signature
from askarticles.evaluation import load_articles
from askarticles.sentences import split_sentences

_SAMPLE = 400


def main(paths: list[str]) -> None:
    for path in paths:
        articles = [a for a in load_articles(Path(path)) if len(a.body.split()) >= 120]
        articles = articles[:: max(1, len(articles) // _SAMPLE)]
        print(f"{path}: {len(articles)} articles; a pair counts from {SAME_STORY}")
        own = [signature(article.body) for article in articles]
        for name, edit in EDITS.items():
            shares = [
                resemblance(s, signature(edit(a))) for s, a in zip(own, articles, strict=True)
            ]
            low, middle = np.percentile(shares, [5, 50])
            found = np.mean(np.array(shares) >= SAME_STORY)
            print(f"   {name:34} median {middle:.2f}, 5 % {low:.2f}, found {100 * found:.0f} %")
        others = sorted(
            (
                (resemblance(own[i], own[j]), articles[i].name, articles[j].name)
                for i in range(len(own))
                for j in range(i)
            ),
            reverse=True,
        )
        print(f"   different articles, most alike of {len(others)} pairs:")
        for share, a, b in others[:5]:
            print(f"      {share:.2f}  {a[:44]} / {b[:44]}")


def cut_last_third(article: Article) -> str:
    spans = split_sentences(article.body)
    return article.body[: spans[max(0, 2 * len(spans) // 3 - 1)][1]]


def cut_last_half(article: Article) -> str:
    spans = split_sentences(article.body)
    return article.body[: spans[max(0, len(spans) // 2 - 1)][1]]


def without_first(article: Article) -> str:
    spans = split_sentences(article.body)
    return article.body[spans[min(1, len(spans) - 1)][0] :]


def replaced(article: Article, one_in: int) -> str:
    chance = random.Random(article.id)
    words = article.body.split(" ")
    return " ".join("otherwise" if chance.randrange(one_in) == 0 else word for word in words)


EDITS: dict[str, Callable[[Article], str]] = {
    "last third cut": cut_last_third,
    "last half cut": cut_last_half,
    "first sentence rewritten": without_first,
    "one word in 20 replaced": lambda a: replaced(a, 20),
    "one word in 10 replaced": lambda a: replaced(a, 10),
    "third cut, one word in 20 replaced": lambda a: replaced(a, 20)[: 2 * len(a.body) // 3],
}


if __name__ == "__main__":
    main(sys.argv[1:])
