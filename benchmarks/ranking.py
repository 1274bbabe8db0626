"""Tries other ways of ranking passages, each against the plain hybrid, as a Markdown table.

    python -m benchmarks.ranking SET [SET ...] [--without SET] [--cache FOLDER]

A set is a folder with articles.jsonl and questions.jsonl (see training.data); our own questions
about seeds/ are always added. Asked are questions whose answer stands, as whole words, in one
passage at every length that is tried, so that no way of cutting is favoured by the answers that
another one cuts in two. A passage counts when it is of the right article and holds the answer.
Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import bm25s
import numpy as np
import numpy.typing as npt
from tqdm import tqdm
from training.data import read_sets, without_shared_articles
from training.measures import Scores, dense_scores, hybrid_scores

from askarticles.datatypes import Article, Passage, Vectors
from askarticles.embedder import load_embedder
from askarticles.evaluation import load_articles, normalised
from askarticles.passages import Splitter, embedded_text, split_article
from askarticles.sentences import split_sentences
from askarticles.terms import terms
from askarticles.transformer import PACKAGED, Network, TextTokenizer, read_config, read_weights

Query: TypeAlias = Mapping[str, float]
"""Weights of terms."""
Flags: TypeAlias = npt.NDArray[np.bool_]
"""For each question whether an answer is among the first 1, 5 and 10 passages, and within the
first 100 and 500 words read in ranked order; shape (questions, 5)."""
Way: TypeAlias = tuple[str, Flags]
"""A name and what was found."""

BASELINE = "plain hybrid, passages of 100 words"
DENSE_WEIGHT = 0.5
# The product's proportions (40, 100 and 130 words) at every length; the encoder's 254 tokens cut
# the longest ones shorter.
LENGTHS = {
    n: Splitter(words=n, shortest=4 * n // 10, longest=13 * n // 10)
    for n in (60, 80, 100, 140, 180)
}
AT = (1, 5, 10)
READ = (100, 500)
RERANKED = 20
RESAMPLES = 4000
_CHUNK = 512
# Points; what rounding leaves of a change of zero.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the strings that answer it and the articles they must stand in."""

    id: str
    text: str
    answers: tuple[str, ...]
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cut:
    """Articles cut into passages.

    titled: each passage as it is embedded. bare: without a title, the headline's own passage too.
    words: number of words of each. answers: for each question its answering passages, each with
    the words read of it until the first answer ends.
    """

    passages: tuple[tuple[Article, Passage], ...]
    titled: tuple[str, ...]
    bare: tuple[str, ...]
    words: npt.NDArray[np.int64]
    answers: tuple[Mapping[int, int], ...]

    def only(self, questions: Sequence[int]) -> Cut:
        """The same passages with only some of the questions."""
        return replace(self, answers=tuple(self.answers[i] for i in questions))

    def judged(self, scores: Scores) -> Flags:
        """What ranking the passages by these scores finds; ties go to the earlier passage."""
        rows = []
        for found, row in zip(self.answers, scores, strict=True):
            order = np.argsort(-row, kind="stable")
            rank = int(np.argmax(np.isin(order, list(found))))
            read = int(self.words[order[:rank]].sum()) + found[int(order[rank])]
            rows.append([*(rank < k for k in AT), *(read <= n for n in READ)])
        return np.array(rows, bool)


class Encoder:
    """The product's own encoder, with its vectors kept on disk where there is a cache."""

    def __init__(self, cache: Path | None) -> None:
        self.embedder = load_embedder()
        self._cache = cache
        folder = PACKAGED / "encoder"
        most = int(read_config(folder, "sentence_bert_config.json")["max_seq_length"])
        self._tokenizer = TextTokenizer(folder / "tokenizer.json", most)
        self._network = Network(
            read_weights(folder / "model.safetensors"),
            read_config(folder),
            lambda hidden, weights: [hidden],
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (n, dimension)."""
        starts = tqdm(range(0, len(texts), _CHUNK), leave=False)
        return np.concatenate([self._chunk(texts[start : start + _CHUNK]) for start in starts])

    def _chunk(self, texts: Sequence[str]) -> Vectors:
        return self.kept(texts, lambda: self.embedder.embed_passages(texts))

    def kept(self, key: Sequence[str], make: Callable[[], Vectors]) -> Vectors:
        """What `make` gives, kept under the texts it is made from."""
        if self._cache is None:
            return make()
        name = hashlib.sha256("\0".join([self.embedder.sha256, *key]).encode()).hexdigest()
        file = self._cache / f"{name}.npy"
        if not file.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            np.save(file, make())
        return np.asarray(np.load(file), np.float32)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, dimension)."""
        return np.stack([self.embedder.embed_question(text) for text in texts])

    def tokens(self, text: str) -> Vectors:
        """Vectors of the tokens of a text, special ones left out, shape (tokens, dimension)."""
        (row,) = self._network.run(self._tokenizer.read([text])[0])
        vectors = row[0, 1:-1]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


class Words:
    """BM25 as the product has it (k1 1.2, b 0.75), for queries with weighted terms."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.documents = [terms(text) for text in texts]
        self._engine = bm25s.BM25(k1=1.2, b=0.75)
        self._engine.index(self.documents, show_progress=False)
        self._columns: dict[str, npt.NDArray[np.float32]] = {}

    def scores(self, queries: Sequence[Query]) -> Scores:
        """BM25 of every text for every query."""
        nothing = np.zeros(len(self.documents), np.float32)
        return np.stack(
            [sum((w * self._column(t) for t, w in query.items()), nothing) for query in queries]
        )

    def _column(self, term: str) -> npt.NDArray[np.float32]:
        if term not in self._columns:
            known = term in self._engine.vocab_dict
            empty = np.zeros(len(self.documents), np.float32)
            self._columns[term] = self._engine.get_scores([term]) if known else empty
        return self._columns[term]

    def expanded(self, query: Query, documents: Mapping[int, float], share: float) -> Query:
        """The query with ten terms of some documents (RM3, Abdul-Jaleel et al. 2004).

        documents: their weights. share: of the query itself in the new one, in [0, 1].
        """
        model: Counter[str] = Counter()
        for number, weight in documents.items():
            for term in self.documents[number]:
                model[term] += weight / len(self.documents[number])  # type: ignore[assignment]
        best = dict(sorted(model.items(), key=lambda item: (-item[1], item[0]))[:10])
        total, own = sum(best.values()) or 1, sum(query.values()) or 1
        return {
            term: share * query.get(term, 0) / own + (1 - share) * best.get(term, 0) / total
            for term in {**query, **best}
        }


def cut(articles: Sequence[Article], asked: Sequence[Asked], splitter: Splitter) -> Cut:
    """The articles cut, and where in the passages the answers are."""
    embedder = load_embedder()
    passages: list[tuple[Article, Passage]] = []
    titled: list[str] = []
    bare: list[str] = []
    numbers: dict[str, list[int]] = {}
    for article in articles:
        for p in split_article(article, embedder.count_tokens, embedder.max_tokens, splitter):
            numbers.setdefault(article.id, []).append(len(passages))
            passages.append((article, p))
            titled.append(embedded_text(article, p, embedder.count_tokens, splitter))
            bare.append(article.text[max(p.start, article.body_start) : p.end])
    texts = [normalised(article.text[p.start : p.end]) for article, p in passages]
    answers = []
    for question in asked:
        found = {}
        wanted = [_whole_words(answer) for answer in question.answers]
        for number in (n for a in sorted(question.articles) for n in numbers.get(a, [])):
            ends = [m.end() for m in (w.search(texts[number]) for w in wanted) if m]
            if ends:
                found[number] = len(texts[number][: min(ends)].split())
        answers.append(found)
    words = np.array([len(article.text[p.start : p.end].split()) for article, p in passages])
    return Cut(tuple(passages), tuple(titled), tuple(bare), words, tuple(answers))


def _whole_words(answer: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(normalised(answer))}(?!\w)")


def ways(cuts: Mapping[int, Cut], asked: Sequence[Asked], encoder: Encoder) -> Iterator[Way]:
    """Every way of ranking that is tried, with what it finds; the baseline first."""
    texts = [question.text for question in asked]
    vectors = encoder.questions(texts)
    queries = [dict.fromkeys(terms(text), 1.0) for text in texts]
    plain = cuts[100]
    passages = encoder.passages(plain.titled)
    words = Words(plain.titled)
    dense, lexical = dense_scores(passages, vectors), words.scores(queries)
    base = hybrid_scores(dense, lexical, DENSE_WEIGHT)

    def both(by_vectors: Scores, by_words: Scores) -> Flags:
        return plain.judged(hybrid_scores(by_vectors, by_words, DENSE_WEIGHT))

    yield BASELINE, plain.judged(base)
    for length, other in cuts.items():
        if length != 100:
            near = dense_scores(encoder.passages(other.titled), vectors)
            scores = hybrid_scores(near, Words(other.titled).scores(queries), DENSE_WEIGHT)
            yield f"passages of {length} words", other.judged(scores)

    untitled = dense_scores(encoder.passages(plain.bare), vectors)
    body = Words(plain.bare).scores(queries)
    yield "no title in the vectors", both(untitled, lexical)
    yield "no title in BM25", both(dense, body)
    yield "no title in either", both(untitled, body)
    headings = Words([article.title for article, _ in plain.passages]).scores(queries)
    for weight in (0.25, 0.5, 1.0):
        yield f"BM25 of body + {weight} BM25 of title", both(dense, body + weight * headings)

    late = _late_interaction(plain, base, texts, encoder)
    first = np.argsort(-base, axis=1, kind="stable")[:, :RERANKED]
    before = _scaled(np.take_along_axis(base, first, 1))
    for name, scores in (
        (f"MaxSim of token vectors over the first {RERANKED}", late),
        ("MaxSim and hybrid, halves", _mean(_scaled(late), before)),
        ("MaxSim and hybrid, a quarter and three", _mean(_scaled(late), before, before, before)),
    ):
        ranked = base.copy()
        # Above all that was not reranked.
        np.put_along_axis(ranked, first, 10 + scores, 1)
        yield name, plain.judged(ranked)

    for name, scores, count, share in (
        ("RM3: ten terms of BM25's first 10, half", lexical, 10, 0.5),
        ("RM3: ten terms of BM25's first 10, a fifth", lexical, 10, 0.8),
        ("RM3: ten terms of the hybrid's first 3, a fifth", base, 3, 0.8),
    ):
        more = [
            words.expanded(query, _first(row, count), share)
            for query, row in zip(queries, scores, strict=True)
        ]
        yield name, both(dense, words.scores(more))
    for name, scores, weight in (
        ("vector + mean of its own first 3", dense, 1.0),
        ("vector + mean of the hybrid's first 3", base, 1.0),
        ("vector + .3 mean of the hybrid's first 3", base, 0.3),
    ):
        top = np.argsort(-scores, axis=1, kind="stable")[:, :3]
        moved = vectors + weight * passages[top].mean(axis=1)
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        yield name, both(dense_scores(passages, moved), lexical)

    windows = _by_windows(plain, dense, vectors, encoder)
    yield "vectors of sentences with their neighbours", both(windows, lexical)
    yield "the same and the passage's own vector, halves", both(_mean(windows, dense), lexical)


def _first(scores: npt.NDArray[np.float32], count: int) -> dict[int, float]:
    """The best of some documents, each with its share of their scores."""
    best = np.argsort(-scores, kind="stable")[:count]
    total = float(scores[best].sum()) or 1.0
    return {int(n): float(scores[n]) / total for n in best}


def _mean(*scores: Scores) -> Scores:
    return np.asarray(np.mean(scores, axis=0), np.float32)


def _scaled(scores: Scores) -> Scores:
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return np.asarray((scores - low) / np.where(high > low, high - low, 1), np.float32)


def _by_windows(plain: Cut, dense: Scores, vectors: Vectors, encoder: Encoder) -> Scores:
    """Cosine of each passage's best window: one of its sentences, the one before and after it.

    A passage in which no sentence begins keeps its own.
    """
    texts: list[str] = []
    owners: list[int] = []
    spans: dict[str, list[tuple[int, int]]] = {}
    for number, (article, passage) in enumerate(plain.passages):
        if article.id not in spans:
            spans[article.id] = split_sentences(article.text, article.language)
        sentences = spans[article.id]
        for i, (start, _) in enumerate(sentences):
            if passage.start <= start < passage.end:
                begin = sentences[max(i - 1, 0)][0]
                end = sentences[min(i + 1, len(sentences) - 1)][1]
                title = (
                    f"{article.title}\n" if article.title and begin >= article.body_start else ""
                )
                texts.append(title + article.text[begin:end])
                owners.append(number)
    windows = dense_scores(encoder.passages(texts), vectors)
    best = np.full_like(dense, -1)
    for column, owner in enumerate(owners):
        np.maximum(best[:, owner], windows[:, column], out=best[:, owner])
    return np.where(best > -1, best, dense)


def _late_interaction(plain: Cut, base: Scores, texts: Sequence[str], encoder: Encoder) -> Scores:
    """Mean over the question's tokens of the best cosine to one of the passage's (Khattab, Zaharia
    2020), for the first passages of each question in their order."""
    first = np.argsort(-base, axis=1, kind="stable")[:, :RERANKED]

    def scores() -> Scores:
        asked = [encoder.tokens(text) for text in texts]
        best = np.zeros(first.shape, np.float32)
        for number in tqdm(np.unique(first), leave=False):
            tokens = encoder.tokens(plain.titled[number])
            for i, place in np.argwhere(first == number):
                best[i, place] = (asked[i] @ tokens.T).max(axis=1).mean()
        return best

    return encoder.kept([*texts, *plain.titled, str(first.tolist())], scores)


def read_questions(path: Path) -> list[Asked]:
    """The questions of a file that have answer strings, in their rewritten form."""
    asked = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        text = row.get("rewrite") or ("" if row.get("history") else row["question"])
        answers = tuple(a for a in row["answers"] if normalised(a))
        if text and answers and row["answerable"]:
            asked.append(Asked(row["id"], text, answers, frozenset(row["article_ids"])))
    return asked


def unshared(folder: Path, other: Path) -> set[str]:
    """Ids of the questions about paragraphs that do not stand in another set."""
    counter = load_embedder()
    here, there = (
        read_sets([path], counter.count_tokens, counter.max_tokens, Splitter())
        for path in (folder, other)
    )
    return {question.id for question in without_shared_articles(here, there).questions}


def changes(found: Mapping[str, list[Flags]]) -> dict[str, npt.NDArray[np.float64]]:
    """For each way the change of the mean over the sets and its 95 % interval, in points.

    Shape (3, 5): change, low, high. Paired bootstrap (Efron, Tibshirani 1993) over the questions
    of each set, the same draws for every way.
    """
    random = np.random.default_rng(0)
    sizes = [len(flags) for flags in found[BASELINE]]
    draws = [random.multinomial(n, np.full(n, 1 / n), RESAMPLES) / n for n in sizes]
    result = {}
    for name, flags in found.items():
        gains = [
            100.0 * (one.astype(float) - plain)
            for one, plain in zip(flags, found[BASELINE], strict=True)
        ]
        means = np.mean([d @ gain for d, gain in zip(draws, gains, strict=True)], axis=0)
        change = np.mean([gain.mean(axis=0) for gain in gains], axis=0)
        result[name] = np.stack([change, *np.percentile(means, [2.5, 97.5], axis=0)])
    return result


def table(sets: Sequence[str], found: Mapping[str, list[Flags]]) -> str:
    """A Markdown table; a change whose interval leaves out zero is bold."""
    measured = [f"R@{k}" for k in AT] + [f"{n} words" for n in READ]
    lines = ["| | " + " | ".join([*sets, *measured]) + " |"]
    lines.append("|---" * (1 + len(sets) + len(measured)) + "|")
    for name, (change, low, high) in changes(found).items():
        means = [100 * flags.mean(axis=0) for flags in found[name]]
        cells = [" / ".join(f"{value:.1f}" for value in mean[: len(AT)]) for mean in means]
        if name == BASELINE:
            cells += [f"{value:.1f}" for value in np.mean(means, axis=0)]
        else:
            for by, least, most in zip(change, low, high, strict=True):
                mark = "**" if least > _NOTHING or most < -_NOTHING else ""
                cells.append(f"{mark}{by:+.1f}{mark} [{least:+.1f}, {most:+.1f}]")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", type=Path, nargs="*")
    parser.add_argument("--without", type=Path, help="a set that was trained on")
    parser.add_argument("--at-most", type=int, default=300, help="questions of a set, evenly")
    parser.add_argument("--cache", type=Path, help="folder in which to keep vectors")
    options = parser.parse_args()
    here = Path(__file__).parents[1]
    sources = [(f.name, f / "articles.jsonl", f / "questions.jsonl") for f in options.sets]
    sources.append(("our own", here / "seeds", here / "tests/questions.jsonl"))
    encoder = Encoder(options.cache)
    found: dict[str, list[Flags]] = {}
    for name, articles_from, questions_from in sources:
        asked = read_questions(questions_from)
        if options.without and articles_from.is_file():
            kept = unshared(articles_from.parent, options.without)
            asked = [question for question in asked if question.id in kept]
        articles = load_articles(articles_from)
        cuts = {n: cut(articles, asked, splitter) for n, splitter in LENGTHS.items()}
        whole = [i for i in range(len(asked)) if all(c.answers[i] for c in cuts.values())]
        whole = whole[:: -(-len(whole) // options.at_most)]
        cuts = {n: c.only(whole) for n, c in cuts.items()}
        counts = ", ".join(f"{len(c.passages)} of {c.words.mean():.0f}" for c in cuts.values())
        print(
            f"{name}: {len(whole)} questions; passages and their mean words: {counts}", flush=True
        )
        for way, flags in ways(cuts, [asked[i] for i in whole], encoder):
            found.setdefault(way, []).append(flags)
    print("\n" + table([name for name, _, _ in sources], found))


if __name__ == "__main__":
    main()
