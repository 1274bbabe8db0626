"""Distils the teacher and the gold passages of question sets into the small encoder.

    python -m training.train_encoder RUN --train SET [SET ...] [--resume] [--steps 759 ...]

RUN gets settings.json, curve.json, curve.png, checkpoint.pt and encoder/, which
SentenceTransformer(path) opens. The same command gives the same weights again on the same
machine; interrupted and started again with --resume it gives what it would have given.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from askarticles.datatypes import Vectors
from training.schedule import draw_curve, learning_rate_at
from training.student import Student

_EVERY = 50  # steps from one checkpoint to the next


@dataclass(frozen=True, slots=True)
class Settings:
    """How the encoder is trained; training/README.md says what each was tried at.

    questions: in a step. fewest, most: candidates drawn for each besides a gold passage, from
    the teacher's best `teacher_best` and our own hybrid search's best `own_best`. companions: at
    most so many more questions whose gold or best passage is in the step already; they cost
    little beside the passages. gold_share: of the target, in [0, 1]; the rest is the teacher's.
    cloze: sentences of passages that serve as questions, for each real question. headlines: 1
    where titles do too. max_tokens: of a text, special ones included.
    """

    seed: int = 0
    steps: int = 759
    questions: int = 24
    fewest: int = 2
    most: int = 3
    teacher: str = "enpt"
    teacher_best: int = 20
    own_best: int = 0
    companions: int = 0
    gold_share: float = 0.5
    teacher_temperature: float = 0.02
    student_temperature: float = 0.05
    learning_rate: float = 4e-5
    warm_up: float = 0.05
    cloze: float = 0.0
    headlines: int = 0
    max_tokens: int = 192


@dataclass(frozen=True)
class TrainingData:
    """Questions and passages with the teacher's vectors of both.

    golds: for each question the numbers of its gold passages, maybe none. candidates: for each
    the numbers of passages that look like answers, the teacher's best first.
    """

    questions: tuple[str, ...]
    passages: tuple[str, ...]
    golds: tuple[tuple[int, ...], ...]
    candidates: tuple[tuple[int, ...], ...]
    question_vectors: Vectors
    passage_vectors: Vectors

    @cached_property
    def asked_of(self) -> list[list[int]]:
        """For each passage the questions that it is a gold of, or first candidate without one."""
        questions: list[list[int]] = [[] for _ in self.passages]
        for n, (golds, candidates) in enumerate(zip(self.golds, self.candidates, strict=True)):
            for passage in golds or candidates[:1]:
                questions[passage].append(n)
        return questions


@dataclass(frozen=True, slots=True)
class Batch:
    """The questions and passages of one step, by number, and what to learn about them.

    target: shape (questions, passages), float32; each row is a distribution.
    """

    questions: tuple[int, ...]
    passages: tuple[int, ...]
    target: npt.NDArray[np.float32]


def compose_batch(data: TrainingData, settings: Settings, step: int) -> Batch:
    """The batch of a step; it depends on nothing but the arguments.

    Every question is taken once before any is taken twice, companions apart. All candidates are
    shared: each question is compared with those of every other.
    """
    total, size = len(data.questions), settings.questions
    chosen: list[int] = []
    for place in range(step * size, (step + 1) * size):
        order = np.random.default_rng([settings.seed, 0, place // total]).permutation(total)
        chosen.append(int(order[place % total]))
    rng = np.random.default_rng([settings.seed, 1, step])
    passages: dict[int, None] = {}
    for question in chosen:
        gold = data.golds[question]
        others = [n for n in data.candidates[question] if n not in gold]
        count = min(int(rng.integers(settings.fewest, settings.most + 1)), len(others))
        drawn = rng.choice(others, count, replace=False).tolist() if count else []
        passages |= dict.fromkeys([*([int(rng.choice(gold))] if gold else []), *drawn])
    columns = {passage: column for column, passage in enumerate(passages)}
    about = {n for passage in passages for n in data.asked_of[passage]} - set(chosen)
    if about and settings.companions:
        count = min(settings.companions, len(about))
        chosen += rng.choice(sorted(about), count, replace=False).tolist()
    cosines = data.question_vectors[chosen] @ data.passage_vectors[list(columns)].T
    target = _softmax(cosines / settings.teacher_temperature)
    for row, question in enumerate(chosen):
        here = [columns[n] for n in data.golds[question] if n in columns]
        if here:
            target[row] *= 1 - settings.gold_share
            target[row, here] += settings.gold_share / len(here)
    return Batch(tuple(chosen), tuple(columns), target.astype(np.float32))


def _softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def distillation_loss(
    questions: Tensor, passages: Tensor, target: Tensor, temperature: float
) -> Tensor:
    """Mean KL divergence from the target to the student's softmax over the passages.

    questions (n, d) and passages (m, d) are unit rows; target (n, m) holds distributions.
    """
    logits = questions @ passages.T / temperature
    return nn.functional.kl_div(
        nn.functional.log_softmax(logits, dim=1), target, reduction="batchmean"
    )


def train(
    data: TrainingData,
    settings: Settings,
    start: Path,
    run: Path,
    until: int = 0,
    workers: int = 2,
    report: Callable[[str], None] = lambda line: None,
) -> list[float]:
    """Trains from the encoder in `start` and returns the loss of every step.

    A checkpoint in `run` made with the same settings is gone on from. until: stop before this
    step, as an interruption would; 0 goes to the end. workers: see Student. Raises ValueError
    when the checkpoint was made with other settings.
    """
    torch.manual_seed(settings.seed)
    student = Student(start, settings.max_tokens, workers)
    optimizer = torch.optim.AdamW(student.trained(), lr=settings.learning_rate, fused=True)
    run.mkdir(parents=True, exist_ok=True)
    checkpoint = run / "checkpoint.pt"
    losses: list[float] = []
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["settings"] != asdict(settings):
            raise ValueError(f"{checkpoint} was made with other settings; choose another folder")
        student.load(state["student"])
        optimizer.load_state_dict(state["optimizer"])
        losses = list(state["losses"])
    began, first = time.monotonic(), len(losses)
    for step in range(first, until or settings.steps):
        batch = compose_batch(data, settings, step)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(
                step, settings.steps, settings.learning_rate, settings.warm_up
            )
        texts = [data.questions[n] for n in batch.questions]
        rows = student.embed([*texts, *(data.passages[n] for n in batch.passages)])
        questions, passages = rows.tensor_split([len(batch.questions)])
        target = torch.from_numpy(batch.target)
        loss = distillation_loss(questions, passages, target, settings.student_temperature)
        student.learn(*torch.autograd.grad(loss, rows))
        optimizer.step()
        student.settle()
        losses.append(float(loss.detach()))
        if len(losses) % _EVERY == 0 or len(losses) == (until or settings.steps):
            _save(checkpoint, settings, student, optimizer, losses)
            pace = (time.monotonic() - began) / (len(losses) - first)
            recent = float(np.mean(losses[-_EVERY:]))
            report(f"step {len(losses)}: loss {recent:.4f}, {pace:.2f} s a step")
    save_encoder(student, start, run / "encoder")
    return losses


def _save(
    path: Path,
    settings: Settings,
    student: Student,
    optimizer: torch.optim.Optimizer,
    losses: list[float],
) -> None:
    state = {
        "settings": asdict(settings),
        "student": student.weights(),
        "optimizer": optimizer.state_dict(),
        "losses": losses,
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def save_encoder(student: Student, start: Path, folder: Path) -> None:
    """Writes the encoder in sentence-transformers form, float32, beside the start's settings."""
    shutil.copytree(
        start, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.safetensors", "*.md")
    )
    save_file(student.weights(), folder / "model.safetensors", metadata={"format": "pt"})


def main() -> None:
    """The command line."""
    from training.prepare import prepare, start_folder

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of this run")
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="folders of sets")
    parser.add_argument("--cache", type=Path, help="of the teacher's vectors; beside the run")
    parser.add_argument("--start", type=Path, help="encoder to start from, not all-MiniLM-L6-v2")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--workers", type=int, default=2, help="threads; set OMP_NUM_THREADS=1")
    for setting in fields(Settings):
        parser.add_argument(
            "--" + setting.name.replace("_", "-"),
            type=type(setting.default),
            default=setting.default,
        )
    options = parser.parse_args()
    if (options.run / "checkpoint.pt").exists() and not options.resume:
        parser.error(f"{options.run} holds a run; add --resume to go on with it")
    torch.set_num_threads(1)
    settings = Settings(**{s.name: getattr(options, s.name) for s in fields(Settings)})
    cache = options.cache or options.run.parent / "teacher"
    data = prepare(options.train, settings, cache)
    print(f"{len(data.questions)} questions, {len(data.passages)} passages", flush=True)
    losses = train(
        data,
        settings,
        options.start or start_folder(),
        options.run,
        workers=options.workers,
        report=_print,
    )
    sizes = {"questions": len(data.questions), "passages": len(data.passages)}
    about = {"sets": sorted(f.name for f in options.train), **sizes, "settings": asdict(settings)}
    (options.run / "settings.json").write_text(json.dumps(about, indent=1) + "\n")
    (options.run / "curve.json").write_text(json.dumps([round(x, 4) for x in losses]) + "\n")
    draw_curve(losses, options.run / "curve.png", "KL divergence to the target")


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
