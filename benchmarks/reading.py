"""How many passages are worth reading: what each costs, and what it brings.

    python -m benchmarks.reading SET [SET ...] [--picture FILE]

A set is a folder with articles.jsonl and questions.jsonl. For 1 to 12 passages a question: the
time that the reader takes, how often the first passage answers and how often the first sentence
does, by models fitted on the other sets (see fit_scoring); and the same for what the product does,
two at first and the others only where neither answers. Prints a table, and draws it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from askarticles import answer
from askarticles.datatypes import Filters
from askarticles.embedder import load_embedder
from askarticles.evaluation import load_articles
from askarticles.index import Index
from askarticles.library import Library
from askarticles.reader import load_reader
from askarticles.rebuilding import build
from benchmarks.fit_scoring import PASSAGE, Asked, Fitted, best, fit, look

READ = (1, 2, 3, 4, 5, 6, 8, 10, 12)
_TIMED = 60  # questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=400, help="questions of a set")
    parser.add_argument("--cache", type=Path, help="folder in which to keep what was read")
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    seen = [look(path, options.sample, options.cache, max(READ)) for path in options.sets]
    spent = milliseconds(options.sets[0])
    rows = []
    models = [
        fit([s for n, s in enumerate(seen) if n != number], ()) for number in range(len(seen))
    ]
    for count, cost in zip(READ, spent, strict=True):
        first, sentence = quality(
            [[cut(a, count) for a in questions] for questions in seen], models
        )
        rows.append((count, cost, first, sentence))
        print(f"{count:3} passages {cost:6.1f} ms  R@1 {first:5.1f}  sentence {sentence:5.1f}")
    asked = [a for questions in seen for a in questions if a.answerable]
    few = float(np.mean([sure(a) for a in asked]))
    cost = few * spent[READ.index(answer.READ_FIRST)] + (1 - few) * spent[READ.index(answer.READ)]
    first, sentence = quality([[cut(a, needed(a)) for a in qs] for qs in seen], models)
    print(
        f"{answer.READ_FIRST} or {answer.READ} passages {cost:6.1f} ms  R@1 {first:5.1f}  "
        f"sentence {sentence:5.1f}; {100 * few:.0f} % of questions take {answer.READ_FIRST}"
    )
    if options.picture:
        draw(rows, (cost, first, sentence), options.picture)


def cut(asked: Asked, count: int) -> Asked:
    """The question with only its first passages read."""
    return replace(asked, passages=[read for read in asked.passages if read.order < count])


def sure(asked: Asked) -> bool:
    """Whether the reader is sure enough of one of the first passages to leave the others."""
    log_odds = PASSAGE.index("reader")
    first = [read for read in asked.passages if read.order < answer.READ_FIRST]
    return any(10 * read.features[log_odds] >= answer.SURE for read in first)


def needed(asked: Asked) -> int:
    """How many passages the product reads."""
    return answer.READ_FIRST if sure(asked) else answer.READ


def quality(sets: list[list[Asked]], models: list[Fitted]) -> tuple[float, float]:
    """R@1 and right first sentences in percent, over the answerable, the mean of the sets."""
    first, sentence = [], []
    for questions, fitted in zip(sets, models, strict=True):
        found = [best(q, fitted.passage, fitted.sentence) for q in questions if q.answerable]
        first.append(np.mean([one.first_passage_answers for one in found]))
        sentence.append(np.mean([one.right for one in found]))
    return 100 * float(np.mean(first)), 100 * float(np.mean(sentence))


def milliseconds(folder: Path) -> list[float]:
    """The median time of reading so many passages, on questions of a set."""
    embedder, reader = load_embedder(), load_reader()
    with tempfile.TemporaryDirectory() as place:
        build(load_articles(folder / "articles.jsonl"), Path(place), embedder)
        library = Library(Path(place), Index.open(Path(place)), embedder)
        asked = [
            library.read(question, Filters())
            for question in _questions(folder)[:: max(1, len(_questions(folder)) // _TIMED)]
        ]
    medians = []
    for count in READ:
        spent = []
        for question, hits in asked:
            reader._kept.clear()  # what was just read is not read again
            began = time.perf_counter()
            reader.read(question.text, hits[:count])
            spent.append(1000 * (time.perf_counter() - began))
        medians.append(float(np.median(spent)))
    return medians


def _questions(folder: Path) -> list[str]:
    import json

    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        return [str(json.loads(line)["question"]) for line in lines]


def draw(
    rows: list[tuple[int, float, float, float]], ours: tuple[float, float, float], path: Path
) -> None:
    """Draws quality against time; ours: mean time and both qualities of what the product does."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3.4), layout="constrained")
    spent = [cost for _, cost, _, _ in rows]
    for shown, (label, values) in enumerate(
        (
            ("a passage that answers is first", [r[2] for r in rows]),
            ("a sentence that answers is first", [r[3] for r in rows]),
        )
    ):
        (line,) = axes.plot(spent, values, marker="o", label=label)
        axes.plot(ours[0], ours[1 + shown], marker="*", markersize=14, color=line.get_color())
    for count, cost, _, sentence in rows:
        axes.annotate(str(count), (cost, sentence), textcoords="offset points", xytext=(0, -13))
    axes.set_xlabel("ms a question for reading (numbers: passages; star: two, or eight)")
    axes.set_ylabel("% of answerable questions")
    axes.legend()
    figure.savefig(path, dpi=120, metadata={"Software": None})
    pyplot.close(figure)


if __name__ == "__main__":
    main()
