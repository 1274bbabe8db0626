"""Fits src/askarticles/scoring.json on question sets and shows what the threshold does.

    python -m benchmarks.fit_scoring SET [SET ...] [--fixed SET ...] [--write]

A set is a folder with articles.jsonl and questions.jsonl (see askarticles.evaluation); none may be
one that the reader learned from, which is surer of those than it has a right to be. Three logistic
regressions over the features of askarticles.scoring: which passages answer (the weights by pairs
of passages of one question, of which one does), which sentences of them, and how likely the first
of those does. Each set counts alike, however many questions it has, and is reported on by models
fitted on the others (--fixed: only reported on), so every figure is of questions that the models
did not see. Each set is asked some questions of the next one as well, which nothing in it answers.
Needs scikit-learn, which sentence-transformers brings.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from askarticles.answer import READ
from askarticles.asking import Question
from askarticles.datatypes import Filters, Hit
from askarticles.embedder import load_embedder
from askarticles.evaluation import load_articles, normalised
from askarticles.figures import auroc
from askarticles.index import Index
from askarticles.library import Library
from askarticles.picture import COLOURS, STROKES, risk_curve
from askarticles.rebuilding import build
from askarticles.scoring import (
    ConfidenceFeatures,
    PassageFeatures,
    SentenceFeatures,
    passage_features,
    sentence_features,
    tells,
)
from askarticles.sentences import split_sentences

PASSAGE = tuple(field.name for field in fields(PassageFeatures))
SENTENCE = tuple(field.name for field in fields(SentenceFeatures))
CONFIDENCE = tuple(field.name for field in fields(ConfidenceFeatures))
# Not fitted, because the public sets are encyclopedia articles without dates. headline: their
# titles are no headlines; of 0, -.5, -1, -2 the first that leaves the body's sentence in front
# where it says the same, on our own questions about the news stories in seeds/. opening, recent: a
# tenth of 5, the weight of `score` when it stands without `dense`; on news a tenth of the score was
# best (see askarticles.scoring). told: the sets ask hardly anything like it; with 0, 1 and 2 of 41
# questions about people in seeds/ (askarticles.examples) 7, 27 and 35 are answered from the article
# that they are made of.
HEADLINE = -1.0
TOLD = 2.0
OPENING, RECENT = 0.5, 0.5
# Not fitted either, for want of such questions. counted: see askarticles.numbers; of all sentences
# read for 80 such questions 22 of 154 that count the thing answer, 31 of 1,612 with another number,
# 11 of 2,808 with none. other_year: for questions of SQuAD 1.1 that name a year 77 of 6,287
# sentences that answer name only others, and 3,438 of the 25,403 beside them: the logarithm of how
# much rarer that is. unnamed: of passages that answer 14 in 1,311 are of an article without any of
# the question's names, of the others 4,253 in 13,697. Right first sentences and AUROC on the sets
# are with all three what they are without, within chance; with `unnamed` at -1, -2 and -3 71.7,
# 71.7 and 71.5 % are right.
COUNTED = {"sentence": 2.0, "confidence": 2.0}
OTHER_YEAR = -2.4
# As fitted on SQuAD 1.1, see askarticles.telling.
DENIED = 1.5
UNNAMED = -2.0
# The logarithm of how much rarer it is where a question has an answer, see askarticles.telling,
# less a little, for not every sentence of a paragraph is quoted.
NAMESAKE = -2.5
_FOREIGN = 4  # a set is asked one question of another for so many of its own

Rows = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Read:
    """One passage: its features, whether it answers, its sentences' features and which do.

    order: of the passage in the hybrid search, from 0.
    """

    features: Rows
    answers: bool
    sentences: Rows
    right: Flags
    order: int


@dataclass(frozen=True)
class Asked:
    """One question: the passages read for it, and whether the set has an answer.

    foreign: whether it was asked about another set.
    """

    passages: list[Read]
    answerable: bool
    foreign: bool = False


@dataclass(frozen=True)
class Fitted:
    """The three models as scoring.json holds them."""

    passage: dict[str, Any]
    sentence: dict[str, Any]
    confidence: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--fixed", nargs="*", type=Path, default=[])
    parser.add_argument("--sample", type=int, default=600, help="questions of a set")
    parser.add_argument("--threshold", type=float, default=0.25)
    parser.add_argument("--without", nargs="*", default=[], help="features to leave out")
    parser.add_argument("--read", type=int, default=READ, help="passages, at most those read")
    parser.add_argument("--cache", type=Path, help="folder in which to keep what was read")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--picture", type=Path, help="risk and coverage of each set; .png, .svg")
    options = parser.parse_args()
    paths = [*options.sets, *options.fixed]
    seen = {
        path.name: [
            replace(asked, passages=[p for p in asked.passages if p.order < options.read])
            for asked in look(path, options.sample, options.cache, foreign=other)
        ]
        for path, other in zip(paths, [*paths[1:], paths[0]], strict=True)
    }
    fitted_on = [path.name for path in options.sets]
    judged = []
    for name, questions in seen.items():
        others = [seen[other] for other in fitted_on if other != name]
        judged.append(judge(name, questions, fit(others, options.without)))
        show(judged[-1])
    if options.picture:
        draw(judged, options.threshold, options.picture)
    data = asdict(fit([seen[name] for name in fitted_on], options.without))
    data["threshold"] = options.threshold
    print(json.dumps(data, indent=1))
    if options.write:
        target = Path(__file__).parents[1] / "src/askarticles/scoring.json"
        target.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def look(
    folder: Path,
    sample: int,
    cache: Path | None,
    count: int = READ,
    foreign: Path | None = None,
) -> list[Asked]:
    """What is read for the questions of a set, and of another one, so many passages for each."""
    import pickle

    kept = cache / f"{folder.name}-{sample}-{count}.pickle" if cache else None
    if kept and kept.exists():
        return list(pickle.loads(kept.read_bytes()))
    questions = _questions(folder, sample)
    if foreign:
        others = _questions(foreign, max(1, sample // _FOREIGN))
        questions += [
            {**row, "answers": [], "answerable": False, "foreign": True} for row in others
        ]
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as place:
        build(load_articles(folder / "articles.jsonl"), Path(place), embedder)
        library = Library(Path(place), Index.open(Path(place)), embedder)
        found = [_look(library, row, count) for row in tqdm(questions, desc=folder.name)]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def _questions(folder: Path, sample: int) -> list[dict[str, Any]]:
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [
        row
        for row in rows
        if (row.get("answers") or not row["answerable"])
        and (row.get("rewrite") or not row.get("history"))
    ]
    return rows[:: max(1, len(rows) // sample)]


def _look(library: Library, row: dict[str, Any], count: int) -> Asked:
    prepared, hits = library.read(row.get("rewrite") or row["question"], Filters(), count)
    order = sorted(hits, key=lambda h: (-h.score, h.article.id, h.passage.start))
    newest = max((hit.article.published[:10] for hit in hits), default="")
    answers = [normalised(a) for a in row.get("answers") or ()]
    read = [
        _read(prepared, hit, newest, answers, row["article_ids"], number)
        for number, hit in enumerate(order[:count])
    ]
    return Asked(read, bool(row["answerable"]), bool(row.get("foreign")))


def _read(
    question: Question,
    hit: Hit,
    newest: str,
    answers: Sequence[str],
    article_ids: Sequence[str],
    order: int,
) -> Read:
    rows, right = [], []
    gold = hit.article.id in article_ids
    for a, b in split_sentences(hit.text, hit.article.language):
        if tells(question, hit.text, (a, b)):
            span = (hit.passage.start + a, hit.passage.start + b)
            features = sentence_features(question, hit, span)
            rows.append([float(getattr(features, name)) for name in SENTENCE])
            words = normalised(hit.article.text[slice(*span)])
            right.append(gold and any(answer in words for answer in answers))
    values = asdict(passage_features(question, hit, newest))
    return Read(
        np.array([values[name] for name in PASSAGE]),
        gold and any(answer in normalised(hit.text) for answer in answers),
        np.array(rows).reshape(-1, len(SENTENCE)),
        np.array(right, bool),
        order,
    )


def fit(sets: Sequence[Sequence[Asked]], without: Sequence[str]) -> Fitted:
    """The models from all questions of the sets."""
    passage = _fit_passage(sets, without)
    sentence = _fit_sentence(sets, passage, without)
    rows, right, weight = [], [], []
    for questions in sets:
        for asked in questions:
            first = best(asked, passage, sentence)
            rows.append(first.confidence)
            right.append(first.right and asked.answerable)
            weight.append(1 / len(questions))
    names = [name for name in CONFIDENCE if name not in (*_GIVEN, *without)]
    chosen = np.array(rows)[:, [CONFIDENCE.index(name) for name in names]]
    confidence = _logistic(names, chosen, np.array(right), np.array(weight))
    confidence["weights"] |= _given("confidence")
    return Fitted(passage, sentence, confidence)


_OF_SENTENCE = {"headline": HEADLINE, "denied": DENIED, "unnamed": UNNAMED}
_GIVEN = ("told", "counted", "other_year", "namesake")


def _given(model: str) -> dict[str, float]:
    given = {"told": TOLD, "counted": COUNTED[model], "other_year": OTHER_YEAR}
    return given | ({"namesake": NAMESAKE} if model == "confidence" else {})


def _fit_passage(sets: Sequence[Sequence[Asked]], without: Sequence[str]) -> dict[str, Any]:
    names = [n for n in PASSAGE if n not in ("opening", "recent", *without)]
    columns = [PASSAGE.index(name) for name in names]
    pairs, weight = [], []
    for questions in sets:
        for asked in questions:
            good = [r.features[columns] for r in asked.passages if r.answers and asked.answerable]
            bad = [r.features[columns] for r in asked.passages if not r.answers]
            for one in good if bad else ():
                pairs += [one - other for other in bad]
                weight += [1 / len(questions) / len(good) / len(bad)] * len(bad)
    ordered = np.concatenate([pairs, -np.array(pairs)])
    first = np.arange(len(ordered)) < len(pairs)
    ranking = LogisticRegression(C=10, fit_intercept=False, max_iter=5000)
    ranking.fit(ordered, first, np.array(weight * 2) * len(ordered) / (2 * sum(weight)))
    direction = ranking.coef_[0]
    # What the sum is worth as a probability, from all passages of all questions.
    sums, right, weight = [], [], []
    for questions in sets:
        for asked in questions:
            for read in asked.passages:
                sums.append([float(read.features[columns] @ direction)])
                right.append(read.answers and asked.answerable)
                weight.append(1 / len(questions))
    scaled = _logistic(["sum"], np.array(sums), np.array(right), np.array(weight))
    factor = scaled["weights"]["sum"]
    weights = {n: round(float(factor * w), 3) for n, w in zip(names, direction, strict=True)}
    weights |= {"opening": OPENING, "recent": RECENT}
    return {"bias": scaled["bias"], "weights": weights}


def _fit_sentence(
    sets: Sequence[Sequence[Asked]], passage: dict[str, Any], without: Sequence[str]
) -> dict[str, Any]:
    names = [n for n in SENTENCE if n not in ("share", *_OF_SENTENCE, *_GIVEN, *without)]
    rows, right, weight = [], [], []
    for questions in sets:
        usable = [q for q in questions if any(read.right.any() for read in q.passages)]
        for asked in usable:
            for read in asked.passages:
                table = _with_passage(read, passage)
                body = table[:, SENTENCE.index("headline")] == 0
                rows.append(table[body])
                right.append(read.right[body])
                weight.append(np.full(int(body.sum()), 1 / len(usable)))
    chosen = np.concatenate(rows)[:, [SENTENCE.index(name) for name in names]]
    model = _logistic(names, chosen, np.concatenate(right), np.concatenate(weight))
    model["weights"] |= _OF_SENTENCE | _given("sentence")
    return model


def _with_passage(read: Read, passage: dict[str, Any]) -> Rows:
    table = read.sentences.copy()
    log_odds = _values(passage, PASSAGE, read.features[None])[0]
    table[:, SENTENCE.index("passage")] = np.clip(log_odds / 10, -1, 1)
    return table


@dataclass(frozen=True)
class Best:
    """The best sentence of a question: its confidence features, and whether it is right."""

    confidence: Rows
    right: bool
    first_passage_answers: bool
    first_hit_answers: bool


def best(asked: Asked, passage: dict[str, Any], sentence: dict[str, Any]) -> Best:
    """The sentence that the models put first, or one of nothing where none was read."""
    odds = [float(_values(passage, PASSAGE, read.features[None])[0]) for read in asked.passages]
    tops = []
    for number, read in enumerate(asked.passages):
        scores = _values(sentence, SENTENCE, _with_passage(read, passage))
        if len(scores):
            place = int(np.argmax(scores))
            tops.append((float(scores[place]), number, place))
    if not tops:
        return Best(np.zeros(len(CONFIDENCE)), False, False, False)
    _, number, place = max(tops, key=lambda top: (top[0], -top[1]))
    read = asked.passages[number]
    of_passage = dict(zip(PASSAGE, read.features, strict=True))
    of_sentence = dict(zip(SENTENCE, read.sentences[place], strict=True))
    values = {
        **of_passage,
        **of_sentence,
        "covered": of_sentence["covered"],
    }
    return Best(
        np.array([values[name] for name in CONFIDENCE]),
        bool(read.right[place]),
        asked.passages[int(np.argmax(odds))].answers,
        min(asked.passages, key=lambda r: r.order).answers,
    )


def _sigmoid(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def _logistic(names: Sequence[str], rows: Rows, right: Flags, weight: Rows) -> dict[str, Any]:
    share = weight * len(rows) / weight.sum()
    fitted = LogisticRegression(C=10, max_iter=5000).fit(rows, right, share)
    weights = {name: round(float(w), 3) for name, w in zip(names, fitted.coef_[0], strict=True)}
    return {"bias": round(float(fitted.intercept_[0]), 3), "weights": weights}


def _values(model: dict[str, Any], names: Sequence[str], rows: Rows) -> Rows:
    weights = model["weights"]
    columns = [names.index(name) for name in weights]
    return np.asarray(model["bias"] + rows[:, columns] @ np.array(list(weights.values())))


@dataclass(frozen=True)
class Judged:
    """A set by models fitted on others: of each question what is sure, right and so on.

    first, hybrid: whether the first passage answers, as scored and in the hybrid search.
    """

    name: str
    sure: Rows
    right: Flags
    answerable: Flags
    foreign: Flags
    first: Flags
    hybrid: Flags


def judge(name: str, questions: Sequence[Asked], models: Fitted) -> Judged:
    """What the models make of a set."""
    found = [best(asked, models.passage, models.sentence) for asked in questions]
    answerable = np.array([asked.answerable for asked in questions])
    rows = np.array([one.confidence for one in found])
    return Judged(
        name,
        np.array([_sigmoid(x) for x in _values(models.confidence, CONFIDENCE, rows)]),
        np.array([one.right for one in found]) & answerable,
        answerable,
        np.array([asked.foreign for asked in questions]),
        np.array([one.first_passage_answers for one in found]),
        np.array([one.first_hit_answers for one in found]),
    )


def show(judged: Judged) -> None:
    """Prints what the models make of a set."""
    sure, right, answerable, foreign = judged.sure, judged.right, judged.answerable, judged.foreign
    elsewhere = answerable | foreign
    print(
        f"{judged.name}: {len(sure)} questions; R@1 hybrid "
        f"{100 * judged.hybrid[answerable].mean():.1f}, read "
        f"{100 * judged.first[answerable].mean():.1f}; first sentence right "
        f"{100 * right[answerable].mean():.1f} %; AUROC "
        f"answerable {auroc(sure[~foreign], answerable[~foreign]):.3f}, off the subject "
        f"{auroc(sure[elsewhere], answerable[elsewhere]):.3f}, right {auroc(sure, right):.3f}"
    )
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        shown = sure >= threshold
        near = ~answerable & ~foreign
        refused = f"{100 * (~shown[near]).mean():5.1f}" if near.any() else "    -"
        refused += (
            f" (other subjects {100 * (~shown[foreign]).mean():5.1f})" if foreign.any() else ""
        )
        print(
            f"   from {threshold:.2f}: answered {100 * shown[answerable].mean():5.1f} %, "
            f"refused {refused} %, right of shown {100 * right[shown].mean():5.1f} %"
        )


def draw(sets: Sequence[Judged], threshold: float, file: Path) -> None:
    """Draws risk and coverage of each set, and how many are refused against how many answered."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.8), layout="constrained")
    risks, refusals = figure.subplots(1, 2)
    thresholds = [*np.linspace(0, 1, 201), threshold]
    for number, one in enumerate(sets):
        own, colour = ~one.foreign, COLOURS[number]
        risks.plot(*risk_curve(one.sure[own], one.right[own]), label=one.name, color=colour,
                   linestyle=STROKES[number], linewidth=1.8)  # fmt: skip
        shown = one.sure[own] >= threshold
        risks.plot(shown.mean(), (~one.right[own][shown]).mean(), "o", color=colour)
        answered = [(one.sure[one.answerable] >= least).mean() for least in thresholds]
        for without, style in ((own & ~one.answerable, "-"), (one.foreign, ":")):
            if without.any():
                refused = [(one.sure[without] < least).mean() for least in thresholds]
                refusals.plot(answered[:-1], refused[:-1], color=colour, linestyle=style)
                refusals.plot(answered[-1], refused[-1], "o", color=colour)
    risks.set(title="Risk and coverage", xlabel="share of the set's questions answered",
              ylabel="share of wrong answers among them", xlim=(0, 1), ylim=(0, 1))  # fmt: skip
    refusals.set(title="Refused: about the subject (line), about another (dots)", xlim=(0, 1),
                 ylim=(0, 1), xlabel="answered, of those with an answer",
                 ylabel="refused, of those without")  # fmt: skip
    for axes in (risks, refusals):
        axes.grid(alpha=0.3)
    figure.legend(*risks.get_legend_handles_labels(), loc="outside lower center", ncols=6,
                  title=f"point: shown from {threshold:g}")  # fmt: skip
    figure.savefig(file, dpi=110)


if __name__ == "__main__":
    main()
