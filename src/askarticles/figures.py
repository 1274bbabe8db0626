"""Figures of what was measured, each with an interval, as a table, as JSON and against floors.

Every figure is a function of how often each question counts: once for the figure itself, and as
often as it was drawn for each bootstrap resample (Efron 1979). So one matrix of counts serves all
figures, and two ways of answering are compared over the same draws, which pairs them by question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from askarticles.errors import UsageError

# Of a normal figure, either end of its interval then has a standard error of 2 % of its width.
RESAMPLES = 1000
SEED = 0
BINS = 10
COVERAGES = (0.25, 0.5, 0.75, 0.9)
DEPTH = 10

_Bools: TypeAlias = npt.NDArray[np.bool_]
_Floats: TypeAlias = npt.NDArray[np.float64]
Statistic: TypeAlias = Callable[[_Floats], _Floats]
"""Counts of shape (resamples, questions) to a figure for each resample, nan where it has none."""

# Figures that are no shares and are shown with three digits instead of in percent.
_DIGITS = ("AUROC", "calibration error", "AURC")
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of answering gave for one question.

    golds: how many articles are named as right. passage: rank, from 1, of the first passage that
    answers; article: of the first right article, among different articles; each 0 when it is not
    among the first ten. gain: nDCG@10 of the right articles, in [0, 1]. first, some: whether the
    first quotation, or any, holds the answer when nothing is refused. confidence: in [0, 1] where
    it is a probability. milliseconds: nan where no time was taken.
    """

    answerable: bool
    golds: int
    passage: int
    article: int
    gain: float
    first: bool
    some: bool
    confidence: float
    milliseconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A figure and the same from every resample."""

    value: float
    resampled: _Floats

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval (percentiles of the resamples that have the figure)."""
        low, high = np.quantile(self.resampled[np.isfinite(self.resampled)], [0.025, 0.975])
        return float(low), float(high)

    def minus(self, other: Estimate) -> Estimate:
        """The difference, paired: both have to be from the same draws."""
        return Estimate(self.value - other.value, self.resampled - other.resampled)

    def to_dict(self) -> dict[str, float]:
        """Value and interval, rounded to six digits, so that no machine's last digit shows."""
        low, high = self.interval
        return {"value": round(self.value, 6), "low": round(low, 6), "high": round(high, 6)}


@dataclass(frozen=True, slots=True)
class Floors:
    """The least, and for what should be small the most, that figures may be."""

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured, by way of answering; the first way is the one that is evaluated.

    ids: of the questions, in order, as are the outcomes. threshold: the confidence from which an
    answer is shown. about: what was measured, in numbers and names.
    """

    about: Mapping[str, int | str]
    threshold: float
    ids: Sequence[str]
    outcomes: Mapping[str, Sequence[Outcome]]
    figures: Mapping[str, Mapping[str, Estimate]]
    latency: Mapping[str, Mapping[str, Estimate]]

    @property
    def differences(self) -> dict[str, dict[str, Estimate]]:
        """By other way: each figure of the first way less that of the other."""
        first, *others = self.figures
        ours = self.figures[first]
        return {
            way: {name: ours[name].minus(e) for name, e in self.figures[way].items()}
            for way in others
        }

    def to_dict(self) -> dict[str, Any]:
        """All as plain values for JSON; the same each time, but for what is under "latency"."""
        return {
            "about": dict(self.about),
            "threshold": self.threshold,
            "figures": _plain(self.figures),
            "differences": _plain(self.differences),
            "latency": _plain(self.latency),
            "questions": {
                way: [_shown(i, o) for i, o in zip(self.ids, outcomes, strict=True)]
                for way, outcomes in self.outcomes.items()
            },
        }

    def __str__(self) -> str:
        """The figures as a table."""
        first, *others = self.figures
        lines = [f"{name}: {value}" for name, value in self.about.items()]
        lines += _table("95 % intervals", self.figures, _cell)
        if others:
            lines += _table(f"{first}, less", self.differences, _signed)
        lines.append("")
        for way, times in self.latency.items():
            shown = (f"{name} {_cell('ms', e)} ms" for name, e in times.items())
            lines.append(f"time for a question, {way}: {', '.join(shown)}")
        lines.append(f"answered, refused and right when shown are at confidence {self.threshold}")
        return "\n".join(lines)

    def below(self, floors: Floors) -> list[str]:
        """What fell below its floor, or above its ceiling, in words; of the first way."""
        found = next(iter(self.figures.values()))
        failed = []
        for sign, word, bounds in ((1, "below", floors.at_least), (-1, "above", floors.at_most)):
            for name, bound in bounds.items():
                if name not in found:
                    failed.append(f"{name} was not measured; its bound is {bound}")
                elif not sign * (round(found[name].value, 6) - bound) >= 0:  # nor for nan
                    failed.append(f"{name} is {found[name].value:.4f}, {word} {bound}")
        return failed


def load_floors(path: Path) -> Floors:
    """The floors in a JSON file: {"at least": {figure: share}, "at most": {...}}.

    Raises UsageError when the file is not of this form.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        parts = {key: {str(k): float(v) for k, v in part.items()} for key, part in data.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f'{path} cannot be read as floors ({error}); it needs {{"at least": {{figure: '
            'number}}, "at most": {...}}}'
        ) from error
    if unknown := sorted(set(parts) - {"at least", "at most"}):
        raise UsageError(f'{path} has {unknown[0]!r}; only "at least" and "at most" are known')
    return Floors(parts.get("at least", {}), parts.get("at most", {}))


def statistics(
    outcomes: Sequence[Outcome], threshold: float, *, calibrated: bool
) -> dict[str, Statistic]:
    """The figures of one way of answering, by name.

    calibrated: whether its confidence is a probability. Ranking and quotations are over the
    answerable questions, at article level over those that name articles; nDCG only where some
    question names several. Calibration, risk and coverage are over all questions: an answer is
    right when the first quotation holds it, so every answer to an unanswerable question is wrong.
    """
    answerable = np.array([o.answerable for o in outcomes], bool)
    golds = np.array([o.golds for o in outcomes])
    confidence = np.array([o.confidence for o in outcomes], float)
    right = np.array([o.first for o in outcomes], bool)
    some = np.array([o.some for o in outcomes], bool)
    shown = confidence >= threshold
    found = {}
    named = answerable & (golds > 0)
    for level, rank, where in (
        ("passage", np.array([o.passage for o in outcomes]), answerable),
        ("article", np.array([o.article for o in outcomes]), named),
    ):
        for k in (1, 5, 10):
            found[f"{level} R@{k}"] = mean((rank > 0) & (rank <= k), where)
        found[f"{level} MRR@{DEPTH}"] = mean(
            np.where(rank > 0, 1 / np.maximum(rank, 1), 0.0), where
        )
    if (golds > 1).any():
        found[f"article nDCG@{DEPTH}"] = mean(np.array([o.gain for o in outcomes]), named)
    found["first quotation"] = mean(right, answerable)
    found["any quotation"] = mean(some, answerable)
    found["AUROC"] = _auroc(confidence, answerable)
    if calibrated:
        found["calibration error"] = calibration_error(confidence, right)
    found["AURC"] = area_under_risk(confidence, ~right)
    for coverage in COVERAGES:
        found[f"risk at {100 * coverage:.0f} %"] = risk_at(coverage, confidence, ~right)
    if calibrated:
        found["answered"] = mean(shown, answerable)
        found["refused"] = mean(~shown, ~answerable)
        found["right when shown"] = mean(right, shown)
    return found


def estimate(found: Mapping[str, Statistic], counts: _Floats) -> dict[str, Estimate]:
    """The figures that these questions have. counts: as from `draws`."""
    once = np.ones((1, counts.shape[1]))
    values = {name: float(statistic(once)[0]) for name, statistic in found.items()}
    return {
        name: Estimate(value, found[name](counts))
        for name, value in values.items()
        if np.isfinite(value)
    }


def draws(questions: int) -> _Floats:
    """How often each question is drawn in each resample, shape (RESAMPLES, questions)."""
    drawn = np.random.default_rng(SEED).integers(0, questions, (RESAMPLES, questions))
    cells = drawn + questions * np.arange(RESAMPLES)[:, None]
    counts = np.bincount(cells.ravel(), minlength=RESAMPLES * questions)
    return counts.reshape(RESAMPLES, questions).astype(float)


def mean(values: npt.NDArray[Any], where: _Bools) -> Statistic:
    """The mean of the values over some of the questions."""
    return lambda counts: _ratio(counts @ (values * where), counts @ where.astype(float))


def percentile(share: float, values: _Floats) -> Statistic:
    """The least value that this share of the questions does not exceed."""
    order = np.argsort(values, kind="stable")

    def statistic(counts: _Floats) -> _Floats:
        reached = _reached(share, counts[:, order], counts)
        return np.asarray(values[order][reached], float)

    return statistic


def auroc(scores: npt.NDArray[Any], positive: _Bools) -> float:
    """Probability that a positive has the higher score, ties counted half; nan without both."""
    return float(_auroc(scores, positive)(np.ones((1, len(scores))))[0])


def _auroc(scores: npt.NDArray[Any], positive: _Bools) -> Statistic:
    tied = _tied(-scores)

    def statistic(counts: _Floats) -> _Floats:
        high, low = tied(counts * positive), tied(counts * ~positive)
        # Of the negatives, those that come after a group, and half of those in it.
        after = low.sum(axis=1, keepdims=True) - np.cumsum(low, axis=1) + low / 2
        return _ratio((high * after).sum(axis=1), high.sum(axis=1) * low.sum(axis=1))

    return statistic


def calibration_error(confidence: _Floats, right: _Bools) -> Statistic:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015).

    The mean over all questions of the distance, in each bin, of mean confidence and share right.
    Chance alone makes it larger than nothing, and more so the fewer the questions.
    """
    member = np.eye(BINS)[bins(confidence)]
    gap = (confidence - right)[:, None] * member
    return lambda counts: _ratio(np.abs(counts @ gap).sum(axis=1), counts.sum(axis=1))


def bins(confidence: _Floats) -> npt.NDArray[np.int64]:
    """Which of the ten bins of equal width each confidence falls in; 1.0 in the last."""
    return np.clip((confidence * BINS).astype(np.int64), 0, BINS - 1)


def area_under_risk(confidence: _Floats, wrong: _Bools) -> Statistic:
    """Area under the risk-coverage curve, in [0, 1], less is better (Geifman, El-Yaniv 2017).

    The mean over the questions of the share of wrong answers among those that are shown when all
    with at least that question's confidence are.
    """
    tied = _tied(-confidence)

    def statistic(counts: _Floats) -> _Floats:
        size = tied(counts)
        risk = _ratio(np.cumsum(tied(counts * wrong), axis=1), np.cumsum(size, axis=1))
        return np.asarray(np.nansum(size * risk, axis=1) / counts.sum(axis=1), float)

    return statistic


def risk_at(coverage: float, confidence: _Floats, wrong: _Bools) -> Statistic:
    """Share of wrong answers when the surest of the questions, at least this share, are shown."""
    tied = _tied(-confidence)

    def statistic(counts: _Floats) -> _Floats:
        size = tied(counts)
        risk = _ratio(np.cumsum(tied(counts * wrong), axis=1), np.cumsum(size, axis=1))
        reached = _reached(coverage, size, counts)
        return np.take_along_axis(risk, reached[:, None], axis=1)[:, 0]

    return statistic


def _tied(scores: npt.NDArray[Any]) -> Statistic:
    """Sums over the questions with the same score, in rising order of the score."""
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    return lambda counts: np.add.reduceat(counts[:, order], starts, axis=1)


def _reached(share: float, sizes: _Floats, counts: _Floats) -> npt.NDArray[np.int64]:
    """For each resample, where the sizes, added up, come to this share of the questions."""
    wanted = share * counts.sum(axis=1, keepdims=True)
    # Less by what rounding may have added to it.
    return np.asarray(np.argmax(np.cumsum(sizes, axis=1) >= wanted - 1e-9, axis=1), np.int64)


def _ratio(above: _Floats, below: _Floats) -> _Floats:
    out = np.full(above.shape, np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


def _plain(by_way: Mapping[str, Mapping[str, Estimate]]) -> dict[str, dict[str, Any]]:
    return {way: {n: e.to_dict() for n, e in found.items()} for way, found in by_way.items()}


def _shown(question: str, outcome: Outcome) -> dict[str, Any]:
    shown = asdict(outcome)
    del shown["milliseconds"]
    return {"id": question, **shown, "gain": round(outcome.gain, 6)}


def _table(
    title: str,
    columns: Mapping[str, Mapping[str, Estimate]],
    cell: Callable[[str, Estimate], str],
) -> list[str]:
    """Lines of a table, at most four ways beside each other."""
    ways = list(columns)
    lines: list[str] = []
    for start in range(0, len(ways), _COLUMNS):
        some = ways[start : start + _COLUMNS]
        lines += ["", f"{title:<18}" + "".join(f"{way:>21}" for way in some)]
        names = dict.fromkeys(name for way in some for name in columns[way])
        for name in names:
            found = (columns[way].get(name) for way in some)
            cells = (cell(name, estimate) if estimate else "-" for estimate in found)
            lines.append(f"{name:<18}" + "".join(f"{text:>21}" for text in cells))
    return lines


def _cell(name: str, estimate: Estimate) -> str:
    return _written(name, estimate, "")


def _signed(name: str, estimate: Estimate) -> str:
    return _written(name, estimate, "+")


def _written(name: str, estimate: Estimate, sign: str) -> str:
    low, high = estimate.interval
    values = (estimate.value, low, high)
    if name in _DIGITS:
        shown = [f"{value:{sign}.3f}".replace("0.", ".", 1) for value in values]
    elif name == "ms":
        shown = [f"{value:.0f}" for value in values]
    else:
        shown = [f"{100 * value:{sign}.1f}" for value in values]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]"
