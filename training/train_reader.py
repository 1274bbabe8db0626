"""Trains the reader: does a passage answer a question, and with which words.

    python -m training.train_reader RUN --start ENCODER [--reader READER]
        [--first SET ...] [--train SET ...] [--misleading FILE SET] [--resume]

Begins from the encoder, or from a reader made from that encoder. --misleading: questions made from
a file in SQuAD's form and the real ones of a set, as `training.misleading` says; they are read
once, mixed among those of --first, before the passes over --train.

RUN gets settings.json, curve.json, curve.png, checkpoint.pt and reader/ (model.safetensors and
config.json, as the product reads them). The same command gives the same weights again on the same
machine; interrupted and started again with --resume it gives what it would have given.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from askarticles.embedder import load_embedder
from askarticles.transformer import TextTokenizer, Tokens, read_config
from training.misleading import misleading_pairs
from training.pairs import Mined, Pair, draw, mine
from training.schedule import draw_curve, learning_rate_at
from training.student import Rounded, quick_encoder

_EVERY = 100  # steps from one checkpoint to the next
_PIECES = 4  # of a step, by length: less padding, same loss
_PRECISIONS = {"bfloat16": torch.bfloat16, "float32": torch.float32}


@dataclass(frozen=True, slots=True)
class Settings:
    """How the reader is trained; training/README.md says what each was tried at.

    passes: over the questions, each with other negatives. first_hits: negatives found by search
    for each question of the sets that are read once, before those passes. pairs: in a step.
    span_weight: of the loss for the answer's place, beside that for whether there is one.
    max_tokens: of a pair, special ones included. paragraphs: that misleading questions are made
    about. tabled: pairs about tables, lists and labels among those. most: pairs read in all; 0
    reads every one. still: layers from below, the embeddings with them, that stay as they are.
    precision: that it computes in, bfloat16 or, where a processor has no instructions for that,
    float32.
    """

    seed: int = 0
    passes: int = 2
    first_hits: int = 1
    pairs: int = 32
    span_weight: float = 0.5
    learning_rate: float = 6e-5
    warm_up: float = 0.05
    max_tokens: int = 224
    paragraphs: int = 3300
    tabled: int = 0
    most: int = 0
    still: int = 0
    precision: str = "bfloat16"


class ReaderNetwork(nn.Module):
    """BERT with two heads: whether the passage answers, from [CLS], and where, from each token."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.answers = nn.Linear(hidden, 1)
        self.place = nn.Linear(hidden, 2)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (n,) and places (n, t, 2), float32; tokens outside the mask get -1e4."""
        hidden = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        places = self.place(hidden).float() + (mask.unsqueeze(-1).float() - 1) * 1e4
        return self.answers(hidden[:, 0]).float().squeeze(-1), places


@dataclass(frozen=True, slots=True)
class Example:
    """A pair as tokens; starts, ends: numbers of the tokens where the answer begins and ends.

    Both are (0,), [CLS], where there is none, and empty where its place is unknown.
    """

    tokens: Tokens
    label: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def tokenized(pairs: Sequence[Pair], tokenizer: TextTokenizer) -> list[Example]:
    """The pairs as tokens; an answer that the longest input cuts off is left out of the places."""
    read = tokenizer.read([(pair.question, pair.passage) for pair in pairs])
    return [_example(pair, tokens) for pair, tokens in zip(pairs, read, strict=True)]


def _example(pair: Pair, tokens: Tokens) -> Example:
    if not pair.label:
        return Example(tokens, 0, (0,), (0,))
    starts, ends = [], []
    for start, end in pair.spans:
        covered = [
            n
            for n, (kind, (a, b)) in enumerate(zip(tokens.types, tokens.spans, strict=True))
            if kind == 1 and a < b and a < end and start < b
        ]
        if covered:
            starts.append(covered[0])
            ends.append(covered[-1])
    return Example(tokens, 1, tuple(starts), tuple(ends))


def reading_loss(
    network: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]],
    examples: Sequence[Example],
    span_weight: float,
) -> Tensor:
    """The sum over the examples of both losses.

    Whether: binary cross-entropy. Where: cross-entropy of the start and of the end token against
    a target shared evenly by all places where the answer stands.
    """
    longest = max(len(example.tokens.ids) for example in examples)
    ids = torch.zeros(len(examples), longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    target = torch.zeros(len(examples), longest, 2)
    known = torch.zeros(len(examples))
    for row, example in enumerate(examples):
        size = len(example.tokens.ids)
        ids[row, :size] = torch.tensor(example.tokens.ids)
        types[row, :size] = torch.tensor(example.tokens.types)
        mask[row, :size] = 1
        for side, numbers in enumerate((example.starts, example.ends)):
            for number in numbers:
                target[row, number, side] += 1 / len(numbers)
        known[row] = float(bool(example.starts))
    logits, places = network(ids, mask, types)
    labels = torch.tensor([float(example.label) for example in examples])
    whether = nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="sum")
    where = -(target * nn.functional.log_softmax(places, dim=1)).sum((1, 2)) * known
    total: Tensor = whether + span_weight * where.sum() / 2
    return total


def train(
    sets: Sequence[Mined],
    settings: Settings,
    start: Path,
    run: Path,
    first: Sequence[Mined] = (),
    reader: Mapping[str, Tensor] = MappingProxyType({}),
    misleading: Sequence[Pair] = (),
    until: int = 0,
    workers: int = 2,
    report: Callable[[str], None] = lambda line: None,
) -> list[float]:
    """Trains from the encoder in `start` and returns the mean loss a pair of every step.

    first: sets that are read once, before all passes over the others. reader: weights as
    `save_reader` wrote them, in place of the encoder's. misleading: pairs that are read once, mixed
    among those of `first`. until: stop before this step, as an interruption would; 0 goes to the
    end.
    Raises ValueError when the run's checkpoint was made with other settings.
    """
    torch.manual_seed(settings.seed)
    tokenizer = TextTokenizer(start / "tokenizer.json", settings.max_tokens)
    hidden = int(read_config(start)["hidden_size"])
    # Word vectors stay as they are, so that the product keeps one table of them for both.
    still = ["encoder.pooler.", "encoder.embeddings.word_embeddings."]
    if settings.still:
        still += ["encoder.embeddings."]
        still += [f"encoder.encoder.layer.{n}." for n in range(settings.still)]
    network = Rounded(
        ReaderNetwork(quick_encoder(start), hidden), tuple(still), _PRECISIONS[settings.precision]
    )
    names = {_kept_name(name): name for name in network.weights()}
    network.load({names[name]: value.float() for name, value in reader.items()})
    optimizer = torch.optim.AdamW(network.trained(), lr=settings.learning_rate, fused=True)
    rng = np.random.default_rng([settings.seed])
    once = [*misleading, *draw(first, rng, settings.first_hits)]
    if first and misleading:
        once = [once[n] for n in rng.permutation(len(once))]
    order = [once]
    order += [
        draw(sets, np.random.default_rng([settings.seed, number]))
        for number in range(settings.passes)
    ]
    pairs = [pair for one in order for pair in one][: settings.most or None]
    steps = len(pairs) // settings.pairs
    run.mkdir(parents=True, exist_ok=True)
    checkpoint = run / "checkpoint.pt"
    losses: list[float] = []
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["settings"] != asdict(settings):
            raise ValueError(f"{checkpoint} was made with other settings; choose another folder")
        network.load(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        losses = list(state["losses"])
    pool = ThreadPoolExecutor(workers)

    def gradients(piece: Sequence[Example]) -> tuple[float, tuple[Tensor, ...]]:
        loss = reading_loss(network.module, piece, settings.span_weight) / settings.pairs
        return float(loss.detach()), torch.autograd.grad(loss, network.rounded())

    began, done = time.monotonic(), len(losses)
    for step in range(done, until or steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate_at(step, steps, settings.learning_rate, settings.warm_up)
        batch = tokenized(pairs[step * settings.pairs : (step + 1) * settings.pairs], tokenizer)
        batch.sort(key=lambda example: -len(example.tokens.ids))
        size = -(-len(batch) // _PIECES)
        pieces = [batch[n : n + size] for n in range(0, len(batch), size)]
        found = list(pool.map(gradients, pieces))
        network.add_gradients([gradient for _, gradient in found])
        optimizer.step()
        network.settle()
        losses.append(sum(loss for loss, _ in found))
        if len(losses) % _EVERY == 0 or len(losses) == (until or steps):
            state = {
                "settings": asdict(settings),
                "network": network.weights(),
                "optimizer": optimizer.state_dict(),
                "losses": losses,
            }
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            pace = (time.monotonic() - began) / (len(losses) - done)
            recent = float(np.mean(losses[-_EVERY:]))
            report(f"step {len(losses)} of {steps}: loss {recent:.4f}, {pace:.2f} s a step")
    save_reader(network.weights(), start, run / "reader")
    return losses


def save_reader(weights: dict[str, Tensor], start: Path, folder: Path) -> None:
    """Writes what the product reads: float16, without the word vectors that the encoder has."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        _kept_name(name): value.half().contiguous()
        for name, value in weights.items()
        if not name.startswith(("encoder.pooler.", "encoder.embeddings.word_embeddings."))
        and "position_ids" not in name
    }
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_bytes((start / "config.json").read_bytes())


def _kept_name(name: str) -> str:
    return name.removeprefix("encoder.")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of this run")
    parser.add_argument("--start", type=Path, required=True, help="encoder to start from")
    parser.add_argument("--train", type=Path, nargs="*", default=[], help="folders of sets")
    parser.add_argument(
        "--first", type=Path, nargs="*", default=[], help="sets to read once, first"
    )
    parser.add_argument("--misleading", type=Path, nargs=2, metavar=("FILE", "SET"))
    parser.add_argument("--reader", type=Path, help="folder of a reader to go on from")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--workers", type=int, default=2, help="threads; set OMP_NUM_THREADS=1")
    for setting in fields(Settings):
        parser.add_argument(
            "--" + setting.name.replace("_", "-"),
            type=type(setting.default),
            default=setting.default,
        )
    options = parser.parse_args()
    if not (options.train or options.first or options.misleading):
        parser.error("there is nothing to read; add --train, --first or --misleading")
    if (options.run / "checkpoint.pt").exists() and not options.resume:
        parser.error(f"{options.run} holds a run; add --resume to go on with it")
    torch.set_num_threads(1)
    settings = Settings(**{s.name: getattr(options, s.name) for s in fields(Settings)})
    embedder = load_embedder(str(options.start))
    first, sets = mine(options.first, embedder), mine(options.train, embedder)
    misleading: Sequence[Pair] = ()
    if options.misleading:
        source, real = options.misleading
        misleading = misleading_pairs(
            source, settings.paragraphs, real, settings.seed, settings.tabled
        )
        print(f"{len(misleading)} pairs, misleading questions among them", flush=True)
    print(f"{sum(len(one.hits) for one in [*first, *sets])} questions", flush=True)
    losses = train(
        sets,
        settings,
        options.start,
        options.run,
        first,
        load_file(options.reader / "model.safetensors") if options.reader else {},
        misleading,
        workers=options.workers,
        report=_print,
    )
    about = {
        "reader": options.reader.parent.name if options.reader else "",
        "first": sorted(f.name for f in options.first),
        "sets": sorted(f.name for f in options.train),
        "misleading": [one.name for one in options.misleading or ()],
        "settings": asdict(settings),
    }
    (options.run / "settings.json").write_text(json.dumps(about, indent=1) + "\n")
    (options.run / "curve.json").write_text(json.dumps([round(x, 4) for x in losses]) + "\n")
    draw_curve(losses, options.run / "curve.png", "loss a pair")


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
