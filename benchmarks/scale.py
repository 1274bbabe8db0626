"""Measures an index from ten thousand to a million passages, and draws it.

    python -m pip install matplotlib && python benchmarks/scale.py [--sizes N [N ...]] [--folder F]
    python benchmarks/scale.py --files 5000

The library is made up: words of a made-up language, as frequent as Zipf's law has it of all but the
50 commonest, so that a word is in 12 % of the passages at most; vectors in topics, articles in
topics and passages in articles, with the spectrum of all-MiniLM-L6-v2's on encyclopedia passages
(the nth eigenvalue about 1 / (n + 4)) and as near each other (the next passage of an article at a
cosine of .64, a question at .68 from the passage that answers it).
It grows in one folder from size to size; every size is asked in a process of its own. With --files
the articles are files, and a rebuild after one was edited is timed, all but embedding.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askarticles import duplicates, lexical
from askarticles import vectors as vectors_module
from askarticles.articles import identified
from askarticles.datatypes import Article, Filters, Passage, Story, Vectors
from askarticles.generations import drop_leftovers, retire
from askarticles.index import Draft, Index, Recipe
from askarticles.passages import Splitter
from askarticles.rebuilding import rebuild
from askarticles.store import Addition
from askarticles.terms import terms

DIMENSION = 384
PASSAGES = 12  # of an article
WORDS = 100  # of a passage, of which
CONTENT = 55  # are no stop words
VOCABULARY = 200_000
COMMONEST = 50  # words, the stop words, are not among those
ARTICLES_A_TOPIC = 20
OUTLETS = 20
PART = 10_000  # articles that come in at once
ASKED = 200
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu bra cle dri flo gru".split()  # noqa: SIM905
STOP = "the of and to in that was with for on".split()  # noqa: SIM905


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where the index is made, 8 GB for a million")
    parser.add_argument("--picture", type=Path, default=Path("scale.png"))
    parser.add_argument("--files", type=int, default=0, metavar="N", help="N articles as files")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure)))
    elif options.files:
        one_file_edited(options.files)
    elif options.folder:
        all_sizes(options.folder, sorted(options.sizes), options.picture)
    else:
        with tempfile.TemporaryDirectory() as folder:
            all_sizes(Path(folder), sorted(options.sizes), options.picture)


def all_sizes(folder: Path, sizes: Sequence[int], picture: Path) -> None:
    results = []
    for size in sizes:
        start = time.perf_counter()
        grow(folder, size)
        print(f"{size:>9,} passages made in {time.perf_counter() - start:.0f} s", flush=True)
        command = [sys.executable, __file__, "--measure", str(folder)]
        result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        result["update"] = one_article_changed(folder)
        results.append(result)
        print("   " + ", ".join(f"{key} {value:,.3f}" for key, value in result.items()), flush=True)
    picture.with_suffix(".json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    draw(results, picture)


class Fiction:
    """Makes up articles; the same number always gives the same one."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        parts = random.choice(SYLLABLES, (VOCABULARY, 4))
        self.words = np.array(["".join(row[: 2 + i % 3]) + str(i // 8_000 or "") for i, row in
                               enumerate(parts)], object)  # fmt: skip
        odds = 1 / (np.arange(VOCABULARY) + COMMONEST)
        self.cumulative = np.cumsum(odds / odds.sum())
        self.spread = np.sqrt(1 / (np.arange(DIMENSION) + 4)).astype(np.float32)

    def article(self, number: int) -> tuple[Article, list[Passage], list[str], Vectors]:
        """An article with its passages, their texts and their vectors."""
        random = np.random.default_rng(number)
        texts, spans, start = [], [], 0
        for i in range(PASSAGES):
            ranks = np.searchsorted(self.cumulative, random.random(CONTENT))
            content = self.words[np.minimum(ranks, VOCABULARY - 1)]
            filler = random.choice(STOP, WORDS - CONTENT - 1)
            words = np.concatenate([content, filler])[random.permutation(WORDS - 1)]
            texts.append(f"{' '.join(words)} {number}x{i}.")
            spans.append((start, start + len(texts[-1])))
            start += len(texts[-1]) + 2
        year, month = 2000 + number % 25, 1 + number % 12
        story = Story(
            "", "\n\n".join(texts), source=f"Outlet {number % OUTLETS}",
            published=f"{year}-{month:02d}-01",
        )  # fmt: skip
        article = identified(story, f"{number}.txt", f"{number}.txt")
        topic = self.directions(np.random.default_rng((1, number // ARTICLES_A_TOPIC)), 1)
        own = unit(0.75 * topic + 0.66 * self.directions(random, 1))
        vectors = unit(0.8 * own + 0.6 * self.directions(random, PASSAGES))
        return article, [Passage(article.id, a, b) for a, b in spans], texts, vectors

    def directions(self, random: np.random.Generator, count: int) -> Vectors:
        return unit(random.standard_normal((count, DIMENSION), np.float32) * self.spread)

    def question(self, number: int) -> tuple[list[str], Vectors]:
        """Six words of a passage of an article, and a vector near its own."""
        random = np.random.default_rng((2, number))
        _, _, texts, vectors = self.article(number)
        which = int(random.integers(PASSAGES))
        words = list(dict.fromkeys(terms(texts[which])))
        near = unit(0.68 * vectors[which] + 0.73 * self.directions(random, 1)[0])
        return [str(word) for word in random.choice(words, 6, replace=False)], near


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


@cache
def terms_of(word: str) -> tuple[str, ...]:
    return tuple(terms(word))


def quick_terms(text: str) -> list[str]:
    """The terms of a made-up text, in a tenth of the time."""
    return [term for word in text.split() for term in terms_of(word)]


RECIPE = Recipe("made up", "0" * 64, DIMENSION, Splitter())


def grow(folder: Path, size: int) -> None:
    """Adds articles until the index holds so many passages."""
    folder.mkdir(parents=True, exist_ok=True)
    fiction = Fiction()
    lexical.terms = quick_terms  # type: ignore[attr-defined]
    try:
        base: Index | None = Index.open(folder)
    except Exception:  # noqa: BLE001 - whatever was there, it is made anew
        base = None
    while (base.passages if base else 0) < size:
        first = base.store.count()[0] if base else 0
        last = min(first + PART, -(-size // PASSAGES))
        draft = Draft(folder, base)
        duplicates.signature = fictive_signature
        added = [put(draft, fiction, number) for number in range(first, last)]
        name = draft.publish(RECIPE, [], added)
        if base:
            base.close()
        retire(folder, name, "")
        drop_leftovers(folder)
        base = Index.open(folder)
    if base:
        base.close()


def fictive_signature(text: str) -> bytes:
    """As long as a real one, and as rarely near another's, which those of tiled texts are not."""
    return np.random.default_rng(zlib.crc32(text.encode())).bytes(512)


def put(draft: Draft, fiction: Fiction, number: int, words: str = "") -> Addition:
    article, passages, texts, vectors = fiction.article(number)
    if words:
        texts[-1] += words
        article = replace(article, text=article.text + words)
        passages[-1] = replace(passages[-1], end=passages[-1].end + len(words))
    keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
    row, ids = draft.store.add(article, passages, texts)
    return Addition(row, ids, texts, keys, vectors)


def one_article_changed(folder: Path) -> float:
    """Seconds until one changed article is on disk and can be asked for."""
    fiction = Fiction()
    with closing(Index.open(folder)) as base:
        duplicates.signature = fictive_signature
        start = time.perf_counter()
        draft = Draft(folder, base)
        removed = [draft.store.remove("5.txt")]
        name = draft.publish(RECIPE, removed, [put(draft, fiction, 5, " Edited.")])
        retire(folder, name, "")
        drop_leftovers(folder)
        Index.open(folder).close()
        return time.perf_counter() - start


def measured(folder: Path) -> dict[str, float]:
    """Figures of the index in a folder; times in ms but for opening, memory in MB."""
    start = time.perf_counter()
    index = Index.open(folder)
    opened = time.perf_counter() - start
    fiction = Fiction()
    count = index.store.count()[0]
    random = np.random.default_rng(1)
    asked = [fiction.question(int(n)) for n in random.integers(0, count, ASKED + 20)]
    times = timed(index, asked, Filters())[20:]
    filtered = timed(index, asked[:60], Filters(since="2010", until="2012"))[10:]
    outlet = timed(index, asked[:60], Filters(source="Outlet 3"))[10:]
    memory = resident()
    vectors = [vector for _, vector in asked[:100]]
    return {
        "passages": index.passages,
        "open_s": opened,
        "p50": float(np.median(times)),
        "p95": float(np.quantile(times, 0.95)),
        "years_p50": float(np.median(filtered)),
        "outlet_p50": float(np.median(outlet)),
        "memory": memory,
        "disk": sum(f.stat().st_size for f in index.path.iterdir()) / 1e6,
        **recalls(index, np.array(vectors)),
        **parts(index, asked[20:120]),
    }


def timed(
    index: Index, asked: Sequence[tuple[list[str], Vectors]], filters: Filters
) -> npt.NDArray[np.float64]:
    times = []
    for words, vector in asked:
        start = time.perf_counter()
        assert index.search(words, vector, filters=filters)
        times.append(1000 * (time.perf_counter() - start))
    return np.array(times)


def parts(index: Index, asked: Sequence[tuple[list[str], Vectors]]) -> dict[str, float]:
    """Where the time of a question goes: its words, its vector."""
    found: dict[str, list[float]] = {"words_p50": [], "vector_p50": []}
    for words, vector in asked:
        start = time.perf_counter()
        index._terms.search(words, 100)
        middle = time.perf_counter()
        index._vectors.search(vector, 100)
        found["words_p50"].append(1000 * (middle - start))
        found["vector_p50"].append(1000 * (time.perf_counter() - middle))
    return {name: float(np.median(times)) for name, times in found.items()}


def recalls(index: Index, vectors: Vectors) -> dict[str, float]:
    """Share of the ten nearest of all vectors that are among the ten nearest found."""
    ids = index._vectors.ids
    best = np.full((len(vectors), 10), -2.0, np.float32)
    names = np.zeros((len(vectors), 10), np.int64)
    for i in range(0, len(ids), 20_000):
        part = ids[i : i + 20_000]
        scores = np.hstack([best, vectors @ index.vectors(part.tolist()).T])
        both = np.hstack([names, np.broadcast_to(part, (len(vectors), len(part)))])
        order = np.argpartition(-scores, 10, axis=1)[:, :10]
        best = np.take_along_axis(scores, order, 1)
        names = np.take_along_axis(both, order, 1)
    chosen = vectors_module.CANDIDATES
    shares = {}
    for candidates in (chosen // 4, chosen // 2, chosen, 2 * chosen):
        vectors_module.CANDIDATES = candidates
        right = 0
        for vector, expected in zip(vectors, names, strict=True):
            found, scores = index._vectors.search(vector, 100)
            right += len(set(expected.tolist()) & set(found[np.argsort(-scores)[:10]].tolist()))
        shares[f"recall_{candidates}"] = right / (10 * len(vectors))
    vectors_module.CANDIDATES = chosen
    return {"recall": shares[f"recall_{chosen}"], **shares}


def resident() -> float:
    """Megabytes of memory that this process holds, with the parts of files that it has mapped."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def draw(results: Sequence[dict[str, float]], picture: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    passages = [r["passages"] for r in results]
    figure, axes = plt.subplots(1, 4, figsize=(13, 3.2), layout="constrained")
    panels: list[tuple[str, list[tuple[str, list[float]]]]] = [
        ("a question, ms", [(name, [r[name] for r in results]) for name in ("p50", "p95")]),
        ("opening, s", [("", [r["open_s"] for r in results])]),
        ("memory, MB", [("", [r["memory"] for r in results])]),
        ("one article changed, s", [("", [r["update"] for r in results])]),
    ]
    for axis, (title, lines) in zip(axes, panels, strict=True):
        for label, values in lines:
            axis.plot(passages, values, marker="o", label=label)
        axis.set(xscale="log", yscale="log", title=title, xlabel="passages")
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(picture, dpi=110)


class NoModel:
    """Gives every text a vector at once: what is timed is all but embedding."""

    name, sha256, dimension, max_tokens = "made up", "0" * 64, DIMENSION, 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        return unit(np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32))


def one_file_edited(count: int) -> None:
    """Times rebuilds of a folder of articles."""
    fiction = Fiction()
    with tempfile.TemporaryDirectory() as place:
        folder, index = Path(place) / "articles", Path(place) / "index"
        folder.mkdir()
        for number in range(count):
            body = fiction.article(number)[0].body
            (folder / f"{number}.txt").write_text(f"Story {number}\n\n{body}\n", encoding="utf-8")

        def run(what: str) -> Any:
            receipt = rebuild(folder, index, embedder=NoModel())
            print(f"{what}: {receipt.seconds:.2f} s, {receipt.passages:,} passages", flush=True)
            return receipt

        run(f"{count:,} articles")
        run("nothing changed")
        with (folder / "7.txt").open("a", encoding="utf-8") as stream:
            stream.write("\nOne more line was added.\n")
        assert run("one edited").changed == ("7.txt",)
        (folder / "8.txt").unlink()
        run("one removed")


if __name__ == "__main__":
    main()
