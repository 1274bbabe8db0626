"""Draws an evaluation: how much it may answer at which risk, whether it knows, what it finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from askarticles.errors import UsageError
from askarticles.figures import BINS, Evaluation, bins

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

_FORMS = (".png", ".svg", ".pdf")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Six that are told apart by those who see no red or green (Okabe, Ito 2008)."""
STROKES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
"""Six that are told apart in print."""


def check_drawable(file: Path) -> None:
    """Raises UsageError when nothing can be drawn, or not in the form of this file."""
    if file.suffix.lower() not in _FORMS:
        raise UsageError(f"{file} cannot be drawn; its name has to end with {', '.join(_FORMS)}")
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError:
        raise UsageError(
            "a picture needs matplotlib; run `python -m pip install 'askarticles[evaluate]'`, "
            "or leave out --picture"
        ) from None


def draw(measured: Evaluation, file: Path) -> None:
    """Draws the risk-coverage curve, the reliability diagram and recall at k into a file.

    Raises UsageError as `check_drawable`, or when the file cannot be written.
    """
    check_drawable(file)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 4.8), layout="constrained")
    risk, reliability, recall = figure.subplots(1, 3)
    _draw_risk(risk, measured)
    _draw_reliability(reliability, measured)
    _draw_recall(recall, measured)
    figure.legend(*risk.get_legend_handles_labels(), loc="outside lower center", ncols=7)
    try:
        # Without the date the same figures give the same file.
        stamped = {"Date": None} if file.suffix.lower() == ".svg" else None
        figure.savefig(file, dpi=150, metadata=stamped)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error}") from error


def _draw_risk(axes: Axes, measured: Evaluation) -> None:
    for number, way in enumerate(measured.outcomes):
        outcomes = measured.outcomes[way]
        confidence = np.array([o.confidence for o in outcomes])
        coverage, risk = risk_curve(confidence, np.array([bool(o.first) for o in outcomes]))
        axes.plot(coverage, risk, color=COLOURS[number], linestyle=STROKES[number],
                  linewidth=1.2 if number else 2.2, label=way)  # fmt: skip
    first = next(iter(measured.outcomes.values()))
    shown = sum(o.confidence >= measured.threshold for o in first)
    if shown:
        wrong = sum(not o.first for o in first if o.confidence >= measured.threshold)
        axes.plot(shown / len(first), wrong / shown, "o", color=COLOURS[0], markersize=8,
                  label=f"shown from {measured.threshold:g}")  # fmt: skip
    axes.set(title="Risk and coverage", xlabel="share of questions answered, the surest first",
             ylabel="share of wrong answers among them", xlim=(0, 1), ylim=(0, 1))  # fmt: skip
    axes.grid(alpha=0.3)


def risk_curve(
    confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]
) -> tuple[list[float], list[float]]:
    """Coverage and risk for each confidence from which answers could be shown."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    return ((ends + 1) / len(right)).tolist(), (wrong[ends] / (ends + 1)).tolist()


def _draw_reliability(axes: Axes, measured: Evaluation) -> None:
    way, outcomes = next(iter(measured.outcomes.items()))
    confidence = np.array([o.confidence for o in outcomes])
    right = np.array([o.first for o in outcomes])
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="as sure as it is right")
    place = bins(confidence)
    for number in range(BINS):
        held = place == number
        if held.any():
            middle = (number + 0.5) / BINS
            share = right[held].mean()
            axes.bar(middle, share, 0.9 / BINS, color=COLOURS[0], alpha=0.35)
            axes.plot(confidence[held].mean(), share, "o", color=COLOURS[0])
            axes.annotate(str(held.sum()), (middle, share), (0, 5), textcoords="offset points",
                          ha="center", fontsize=8, color="#444444")  # fmt: skip
    axes.set(title=f"Reliability, {way}", xlabel="confidence (point: mean; number: questions)",
             ylabel="share of them that are right", xlim=(0, 1), ylim=(0, 1.05))  # fmt: skip
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left")


def _draw_recall(axes: Axes, measured: Evaluation) -> None:
    names = [f"passage R@{k}" for k in (1, 5, 10)]
    width = 0.8 / len(measured.figures)
    for number, found in enumerate(measured.figures.values()):
        for group, name in enumerate(names):
            if name not in found:
                continue
            value, (low, high) = found[name].value, found[name].interval
            axes.bar(
                group + (number - (len(measured.figures) - 1) / 2) * width, value, 0.9 * width,
                # The ends of percentile intervals may lie on one side of the figure.
                yerr=[[max(0.0, value - low)], [max(0.0, high - value)]],
                color=COLOURS[number], ecolor="#444444", capsize=2,
            )  # fmt: skip
    axes.set(title="Recall, with 95 % intervals", ylim=(0, 1.02), xticks=range(len(names)),
             xticklabels=names, ylabel="share of answerable questions")  # fmt: skip
    axes.grid(axis="y", alpha=0.3)
