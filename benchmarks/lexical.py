"""Compares our index of words with tantivy and bm25s: ranking, time, one new article.

    python -m pip install bm25s tantivy && python benchmarks/lexical.py SET [SET ...]

A set is a folder with articles.jsonl and questions.jsonl (see askarticles.evaluation). All get
the same terms, and k1 1.2 and b 0.75.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import tantivy

from askarticles.embedder import load_embedder
from askarticles.evaluation import load_articles, load_questions, normalised
from askarticles.lexical import TermIndex, change_terms
from askarticles.passages import Splitter, embedded_text, split_article
from askarticles.store import Addition
from askarticles.terms import terms

Rank = Callable[[Sequence[str]], list[int]]


def main(folders: list[str]) -> None:
    splitter, counter = Splitter(), load_embedder()
    for name in folders:
        folder = Path(name)
        texts: list[str] = []
        owners: list[str] = []
        for article in load_articles(folder / "articles.jsonl"):
            for p in split_article(article, counter.count_tokens, counter.max_tokens, splitter):
                texts.append(embedded_text(article, p, counter.count_tokens, splitter))
                owners.append(article.id)
        judged = [q for q in load_questions(folder / "questions.jsonl") if q.answers][:1000]
        print(f"{folder.name}: {len(texts)} passages, {len(judged)} questions")
        found = {i: normalised(text) for i, text in enumerate(texts)}
        for engine, make in ENGINES.items():
            start = time.perf_counter()
            rank, add_one = make(texts)
            built = time.perf_counter() - start
            ranks = []
            start = time.perf_counter()
            for question in judged:
                best = rank(list(dict.fromkeys(terms(question.question))))
                answers = [normalised(a) for a in question.answers]
                ranks.append(
                    next(
                        (
                            n
                            for n, i in enumerate(best)
                            if owners[i] in question.article_ids
                            and any(a in found[i] for a in answers)
                        ),
                        99,
                    )
                )
            asked = (time.perf_counter() - start) / len(judged)
            start = time.perf_counter()
            add_one("A new article about one thing that was not there before.")
            added = time.perf_counter() - start
            recall = [100 * float(np.mean(np.array(ranks) < k)) for k in (1, 5)]
            print(
                f"   {engine:8} R@1 {recall[0]:.1f} R@5 {recall[1]:.1f}; built in {built:.2f} s, "
                f"a question {1000 * asked:.2f} ms, one article more {1000 * added:.0f} ms"
            )


def with_ours(texts: Sequence[str]) -> tuple[Rank, Callable[[str], None]]:
    folder = Path(tempfile.mkdtemp())
    nothing = np.empty((0, 1), np.float32)

    def addition(first: int, added: Sequence[str]) -> Addition:
        return Addition(1, range(first, first + len(added)), added, [], nothing)

    change_terms(folder / "a", None, [], [addition(0, texts)])
    index = TermIndex(folder / "a")

    def rank(words: Sequence[str]) -> list[int]:
        ids, scores = index.search(words, 100)
        return [int(i) for i in ids[np.argsort(-scores, kind="stable")]]

    def add_one(text: str) -> None:
        change_terms(folder / "b", folder / "a", [], [addition(len(texts), [text])])

    return rank, add_one


def with_tantivy(texts: Sequence[str]) -> tuple[Rank, Callable[[str], None]]:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=False, indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=tempfile.mkdtemp())

    def add(first: int, added: Sequence[str]) -> None:
        writer = index.writer(num_threads=1)
        for i, text in enumerate(added, first):
            writer.add_document(tantivy.Document(passage=i, terms=" ".join(terms(text))))
        writer.commit()
        writer.wait_merging_threads()

    add(0, texts)
    index.reload()
    searcher = index.searcher()

    def rank(words: Sequence[str]) -> list[int]:
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", w)) for w in words]
        )
        hits = searcher.search(query, 100).hits
        found = searcher.fast_field_values("passage", [address for _, address in hits])
        return [int(i or 0) for i in found]

    def add_one(text: str) -> None:
        add(len(texts), [text])

    return rank, add_one


def with_bm25s(texts: Sequence[str]) -> tuple[Rank, Callable[[str], None]]:
    def index(all_texts: Sequence[str]) -> bm25s.BM25:
        engine = bm25s.BM25(k1=1.2, b=0.75)
        engine.index([terms(text) for text in all_texts], show_progress=False)
        return engine

    engine = index(texts)

    def rank(words: Sequence[str]) -> list[int]:
        known = [word for word in words if word in engine.vocab_dict]
        if not known:
            return []
        scores = engine.get_scores(known)
        return [int(i) for i in np.argsort(-scores, kind="stable")[:100]]

    def add_one(text: str) -> None:
        index([*texts, text])

    return rank, add_one


ENGINES = {"ours": with_ours, "tantivy": with_tantivy, "bm25s": with_bm25s}

if __name__ == "__main__":
    main(sys.argv[1:])
