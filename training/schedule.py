"""What every training here shares: the learning rate of a step, and the picture of the losses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

_MEAN_OF = 25  # steps


def learning_rate_at(step: int, steps: int, highest: float, warm_up: float) -> float:
    """The rate of a step: a linear rise over the warm-up, a share of all, then a fall to zero."""
    warm = max(1, round(warm_up * steps))
    if step < warm:
        return highest * (step + 1) / warm
    return highest * (steps - step) / max(1, steps - warm)


def draw_curve(losses: Sequence[float], path: Path, label: str) -> None:
    """Draws the loss of every step, and its mean over 25 steps, as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3), layout="constrained")
    axes.plot(losses, color="0.8", linewidth=0.7)
    width = min(_MEAN_OF, len(losses))
    means = np.convolve(losses, np.ones(width) / width, mode="valid")
    axes.plot(np.arange(len(means)) + width - 1, means, color="C0")
    axes.set_xlabel("step")
    axes.set_ylabel(label)
    figure.savefig(path, dpi=120, metadata={"Software": None})
    pyplot.close(figure)
