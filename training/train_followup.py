"""Trains the model that marks which words of earlier questions belong to a follow-up.

    python -m training.train_followup RUN --start ENCODER --rewrites rewrites_all.jsonl \
        --articles SET [SET ...] --unseen SET [SET ...] [--resume] [--layers 3 ...]

--rewrites: one JSON object a line with id ("dialogue#turn"), history (question, answer, question,
...), question and rewrite. --articles: sets whose questions are put after one another. --unseen:
sets whose articles are not trained on. RUN gets settings.json, curve.json, curve.png,
checkpoint.pt and followup/, which `askarticles.followup.TermModel` opens. The same command gives
the same weights again on the same kind of machine; interrupted and started again with --resume it
gives what it would have given.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from askarticles.followup import WEIGHTS, Encoded, encode
from askarticles.terms import terms
from training.data import plain_text
from training.schedule import draw_curve

_EVERY = 50  # steps from one checkpoint to the next
_LONGEST = 192  # tokens of an example; more than are read afterwards
# Of the questions before a stranger: asked about the same article, and still not needed.
_SAME_SUBJECT = 0.25
_OWNED = {"he": "his", "she": "her", "it": "its", "they": "their"}
_OBJECT = {"he": "him", "she": "her", "it": "it", "they": "them"}
_BEFORE_OBJECT = re.compile(r"\b(?:of|in|on|at|by|to|from|for|with|about|against|near)\s*$")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the model is trained.

    layers: the first so many of the encoder's. batch: examples in a step. positive: how much
    more a word that belongs counts than one that doesn't. held_out: one dialogue in so many is
    kept for measuring. pronouns, strangers: examples made of each kind (see `invented`).
    """

    seed: int = 0
    layers: int = 6
    epochs: int = 4
    batch: int = 32
    learning_rate: float = 8e-5
    warm_up: float = 0.05
    positive: float = 2.0
    held_out: int = 10
    pronouns: int = 1500
    strangers: int = 1500


@dataclass(frozen=True, slots=True)
class Example:
    """A question after others, and the terms that it means and doesn't say."""

    earlier: tuple[str, ...]
    question: str
    meant: frozenset[str]


def rewritten(path: Path, held_out: int) -> tuple[list[Example], list[Example]]:
    """The follow-ups of a file of rewrites: those to learn from, and those to measure on.

    Split by a hash of the dialogue: no dialogue is in both.
    """
    learn: list[Example] = []
    measure: list[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["history"]:
            continue
        dialogue = row["id"].rpartition("#")[0]
        kept = hashlib.sha256(dialogue.encode()).digest()[0] % held_out == 0
        meant = frozenset(terms(row["rewrite"])) - set(terms(row["question"]))
        example = Example(tuple(row["history"][::2]), row["question"], meant)
        (measure if kept else learn).append(example)
    return learn, measure


def invented(articles: Sequence[Path], unseen: Sequence[Path], settings: Settings) -> list[Example]:
    """Follow-ups made of questions that were asked about articles by themselves.

    Pronouns: a question about an article with the name that it shares with one asked before it
    replaced by a pronoun; the name is meant. Strangers: a question that says everything after one
    or two others, most about something else; nothing is meant.
    """
    rng = np.random.default_rng([settings.seed, 1])
    groups = _questions_by_title(articles, unseen)
    titles = sorted(groups)
    pronouns: list[Example] = []
    for number in rng.permutation(sum(map(len, groups.values()))):
        title, question = _nth(groups, titles, int(number))
        name = _shared_name(title, question)
        before = [q for q in groups[title] if q != question and name and name in q]
        if not before or len(pronouns) == settings.pronouns:
            continue
        replaced = _with_pronoun(rng, name, question)
        if replaced == question:
            continue
        earlier = [str(rng.choice(before))]
        if rng.random() < 0.5:
            earlier.insert(0, _other(rng, groups, titles, title))
        meant = frozenset(terms(name)) - set(terms(replaced))
        pronouns.append(Example(tuple(earlier), replaced, meant))
    strangers = []
    for _ in range(settings.strangers):
        title = titles[int(rng.integers(len(titles)))]
        question = str(rng.choice(groups[title]))
        count = 1 + int(rng.integers(2))
        earlier = [
            str(rng.choice(groups[title]))
            if rng.random() < _SAME_SUBJECT
            else _other(rng, groups, titles, title)
            for _ in range(count)
        ]
        strangers.append(Example(tuple(earlier), question, frozenset()))
    return [*pronouns, *strangers]


def _questions_by_title(articles: Sequence[Path], unseen: Sequence[Path]) -> dict[str, list[str]]:
    hidden = {
        plain_text(row["text"])[-200:]
        for folder in unseen
        for row in _rows(folder / "articles.jsonl")
    }
    groups: dict[str, list[str]] = {}
    for folder in articles:
        titles = {
            row["id"]: row["title"]
            for row in _rows(folder / "articles.jsonl")
            if plain_text(row["text"])[-200:] not in hidden
        }
        for row in _rows(folder / "questions.jsonl"):
            about = [*row["article_ids"], *row.get("distractor_article_ids", ())]
            if about and about[0] in titles:
                groups.setdefault(titles[about[0]], []).append(row["question"].strip('" '))
    return groups


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _nth(groups: dict[str, list[str]], titles: Sequence[str], n: int) -> tuple[str, str]:
    for title in titles:
        if n < len(groups[title]):
            return title, groups[title][n]
        n -= len(groups[title])
    raise IndexError(n)


def _other(
    rng: np.random.Generator, groups: dict[str, list[str]], titles: Sequence[str], title: str
) -> str:
    other = titles[int(rng.integers(len(titles)))]
    while other == title:
        other = titles[int(rng.integers(len(titles)))]
    return str(rng.choice(groups[other]))


def _shared_name(title: str, question: str) -> str:
    """The longest run of the question's words that names something; the title's if it is there."""
    if title in question:
        return title
    runs = re.findall(r"(?<=\w )[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+)*", question)
    return max(runs, key=len, default="")


def _with_pronoun(rng: np.random.Generator, name: str, question: str) -> str:
    if name.endswith("s"):
        pronoun = "they"
    elif " " in name and rng.random() < 0.4:
        pronoun = str(rng.choice(["he", "she"]))
    else:
        pronoun = "it"

    def put(match: re.Match[str]) -> str:
        if match.group(1):
            return _OWNED[pronoun]
        return _OBJECT[pronoun] if _BEFORE_OBJECT.search(question[: match.start()]) else pronoun

    # Not a part of a longer name.
    pattern = rf"(?<![A-Z]\w )(?:\b[Tt]he )?\b{re.escape(name)}\b('s?)?(?! [A-Z])(?![\w-])"
    return re.sub(pattern, put, question, count=1)


class Marker(nn.Module):
    """The first layers of a BERT encoder with one output a token."""

    def __init__(self, folder: Path, layers: int) -> None:
        super().__init__()
        # Word vectors stay as they are: most words of other people's questions are not seen here.
        self.encoder = AutoModel.from_pretrained(
            folder, num_hidden_layers=layers, attn_implementation="eager", add_pooling_layer=False
        )
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
        self.mark = nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Log odds of every token, (n, tokens)."""
        hidden = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask)
        return torch.as_tensor(self.mark(hidden.last_hidden_state).squeeze(-1))


def labels(example: Example, encoded: Encoded) -> list[float]:
    """For each word that could be taken over whether it is meant: all its terms are."""
    return [float(example.meant.issuperset(word.terms)) for word in encoded.words]


def batch(encoded: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, types and mask, each (n, tokens), padded with 0."""
    longest = max(len(e.ids) for e in encoded)
    ids = torch.zeros((len(encoded), longest), dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, one in enumerate(encoded):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        types[row, : len(one.ids)] = torch.tensor(one.types)
        mask[row, : len(one.ids)] = 1
    return ids, types, mask


def order_of(sizes: Sequence[int], settings: Settings, epoch: int) -> list[list[int]]:
    """The steps of an epoch: examples of like length together, the steps in random order."""
    rng = np.random.default_rng([settings.seed, 2, epoch])
    noisy = np.asarray(sizes) * rng.uniform(0.8, 1.25, len(sizes))
    sorted_ = np.argsort(noisy, kind="stable")
    steps = [sorted_[i : i + settings.batch].tolist() for i in range(0, len(sizes), settings.batch)]
    return [steps[int(n)] for n in rng.permutation(len(steps))]


def train(
    examples: Sequence[Example],
    settings: Settings,
    start: Path,
    run: Path,
    until: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> tuple[Marker, list[float]]:
    """Trains from the encoder in `start`; the model and the loss of every step.

    A checkpoint in `run` made with the same settings is gone on from. until: stop before this
    step, as an interruption would; 0 goes to the end. Raises ValueError when the checkpoint was
    made with other settings.
    """
    torch.manual_seed(settings.seed)
    model = Marker(start, settings.layers).train()
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pairs = [(e, encode(tokenizer, e.earlier, e.question, _LONGEST)) for e in examples]
    pairs = [(e, encoded) for e, encoded in pairs if encoded.words]
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=settings.learning_rate)
    sizes = [len(encoded.ids) for _, encoded in pairs]
    steps = [s for epoch in range(settings.epochs) for s in order_of(sizes, settings, epoch)]
    run.mkdir(parents=True, exist_ok=True)
    checkpoint = run / "checkpoint.pt"
    losses: list[float] = []
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["settings"] != asdict(settings):
            raise ValueError(f"{checkpoint} was made with other settings; choose another folder")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        losses = list(state["losses"])
    began, first = time.monotonic(), len(losses)
    warm = max(1, round(settings.warm_up * len(steps)))
    weight = torch.tensor(settings.positive)
    for step in range(first, min(until, len(steps)) if until else len(steps)):
        rate = min((step + 1) / warm, (len(steps) - step) / max(1, len(steps) - warm))
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * rate
        chosen = [pairs[n] for n in steps[step]]
        ids, types, mask = batch([encoded for _, encoded in chosen])
        with torch.autocast("cpu", torch.bfloat16):
            odds = model(ids, types, mask)
        places = [(row, w.token) for row, (_, e) in enumerate(chosen) for w in e.words]
        found = odds.float()[tuple(torch.tensor(places).T)]
        wanted = torch.tensor([y for example, e in chosen for y in labels(example, e)])
        loss = nn.functional.binary_cross_entropy_with_logits(found, wanted, pos_weight=weight)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if len(losses) % _EVERY == 0 or len(losses) == (until or len(steps)):
            state = {
                "settings": asdict(settings),
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "random": torch.get_rng_state(),
                "losses": losses,
            }
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            pace = (time.monotonic() - began) / (len(losses) - first)
            recent = float(np.mean(losses[-_EVERY:]))
            report(f"step {len(losses)} of {len(steps)}: loss {recent:.4f}, {pace:.2f} s a step")
    return model.eval(), losses


def measure(
    model: Marker, start: Path, examples: Sequence[Example], threshold: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 over the words of the examples, each in [0, 1]."""
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    right = said = meant = 0
    for example in examples:
        encoded = encode(tokenizer, example.earlier, example.question, _LONGEST)
        if not encoded.words:
            continue
        with torch.inference_mode():
            odds = model(*batch([encoded]))[0].float().sigmoid()
        for word, wanted in zip(encoded.words, labels(example, encoded), strict=True):
            marked = float(odds[word.token]) >= threshold
            right += int(marked and wanted > 0)
            said += int(marked)
            meant += int(wanted > 0)
    precision, recall = right / max(said, 1), right / max(meant, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def save(model: Marker, folder: Path) -> None:
    """Writes the weights as float16, without the word vectors, which are the encoder's."""
    folder.mkdir(parents=True, exist_ok=True)
    config = model.encoder.config
    names = ("hidden_size", "num_attention_heads", "num_hidden_layers", "layer_norm_eps")
    about = {name: getattr(config, name) for name in names}
    (folder / "config.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    kept = {
        name.removeprefix("encoder."): value.half().contiguous()
        for name, value in model.state_dict().items()
        if value.is_floating_point() and "word_embeddings" not in name
    }
    positions = "embeddings.position_embeddings.weight"
    kept[positions] = kept[positions][:_LONGEST].contiguous()
    save_file(kept, folder / WEIGHTS, metadata={"format": "pt"})


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of this run")
    parser.add_argument("--start", type=Path, required=True, help="encoder to start from")
    parser.add_argument("--rewrites", type=Path, required=True)
    parser.add_argument("--articles", type=Path, nargs="*", default=[])
    parser.add_argument("--unseen", type=Path, nargs="*", default=[])
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--at-most", type=int, default=0, help="examples, to try it out")
    for setting in fields(Settings):
        parser.add_argument(
            "--" + setting.name.replace("_", "-"),
            type=type(setting.default),
            default=setting.default,
        )
    options = parser.parse_args()
    if (options.run / "checkpoint.pt").exists() and not options.resume:
        parser.error(f"{options.run} holds a run; add --resume to go on with it")
    settings = Settings(**{s.name: getattr(options, s.name) for s in fields(Settings)})
    learn, held_out = rewritten(options.rewrites, settings.held_out)
    learn += invented(options.articles, options.unseen, settings) if options.articles else []
    learn = learn[: options.at_most or None]
    print(f"{len(learn)} examples, {len(held_out)} held out", flush=True)
    start: Path = options.start
    model, losses = train(
        learn, settings, start, options.run, report=lambda line: print(line, flush=True)
    )
    save(model, options.run / "followup")
    figures = {
        str(threshold): measure(model, start, held_out, threshold) for threshold in (0.3, 0.5, 0.7)
    }
    for threshold, values in figures.items():
        print(threshold, "precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*values))
    about = {"examples": len(learn), "settings": asdict(settings), "held out": figures}
    (options.run / "settings.json").write_text(json.dumps(about, indent=1) + "\n")
    (options.run / "curve.json").write_text(json.dumps([round(x, 4) for x in losses]) + "\n")
    draw_curve(losses, options.run / "curve.png", "loss a word")


if __name__ == "__main__":
    main()
