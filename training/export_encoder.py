"""Writes a trained encoder as a package would ship it, and measures what rounding costs.

    python -m training.export_encoder RUN FOLDER [--mix 1.0] [--check SET]

FOLDER is in sentence-transformers form with float16 weights, which open as float32. Prints their
sha256.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from askarticles.datatypes import Vectors
from askarticles.embedder import load_embedder
from askarticles.passages import Splitter
from training.data import read_sets
from training.prepare import start_folder

_FILES = (
    "1_Pooling/config.json",
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
)
Precision = Literal["float32", "float16", "int8"]


def mixed(trained: dict[str, Tensor], start: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights between the start (share 0) and the trained encoder (share 1).

    Wortsman et al. 2022 (Robust fine-tuning of zero-shot models): such a mean can be better
    than both on data unlike that which was trained on.
    """
    return {
        key: torch.lerp(start[key].float(), value.float(), share) for key, value in trained.items()
    }


def rounded(weights: dict[str, Tensor], precision: Precision) -> dict[str, Tensor]:
    """The weights after a round trip through the precision, float32.

    int8 keeps a scale for each row of a matrix; vectors stay float32.
    """
    if precision == "float16":
        return {key: value.half().float() for key, value in weights.items()}
    if precision == "int8":
        return {key: _by_row(v) if v.dim() == 2 else v for key, v in weights.items()}
    return dict(weights)


def _by_row(matrix: Tensor) -> Tensor:
    scales = matrix.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
    return (matrix / scales).round() * scales


def write_encoder(folder: Path, source: Path, weights: dict[str, Tensor]) -> str:
    """Writes float16 weights beside the source's settings; returns the file's sha256."""
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copyfile(source / name, folder / name)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # Opened as float32 wherever it runs: float16 is for the disk alone.
    config = {key: v for key, v in config.items() if not key.startswith("_")}
    config |= {"dtype": "float32", "torch_dtype": "float32"}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    file = folder / "model.safetensors"
    save_file({k: v.half().contiguous() for k, v in weights.items()}, file, {"format": "pt"})
    file.chmod(0o644)  # save_file lets nobody else read it
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of a training run")
    parser.add_argument("folder", type=Path, help="where the encoder goes")
    parser.add_argument("--mix", type=float, default=1.0, help="share of the trained weights")
    parser.add_argument("--check", type=Path, help="a set on which to measure the rounding")
    options = parser.parse_args()
    trained = load_file(options.run / "encoder" / "model.safetensors")
    start = load_file(start_folder() / "model.safetensors")
    weights = mixed(trained, start, options.mix)
    print(write_encoder(options.folder, options.run / "encoder", weights))
    if options.check:
        from sentence_transformers import SentenceTransformer

        reader = load_embedder(str(options.folder))
        corpus = read_sets([options.check], reader.count_tokens, reader.max_tokens, Splitter())
        asked = [question.text for question in corpus.questions]
        vectors: dict[Precision, tuple[Vectors, Vectors]] = {}
        tried: tuple[Precision, ...] = ("float32", "float16", "int8")
        for precision in tried:
            model = SentenceTransformer(str(options.folder), device="cpu")
            state = rounded(weights, precision)
            model.load_state_dict({f"0.model.{key}": v for key, v in state.items()}, strict=False)
            vectors[precision] = (
                np.asarray(model.encode(list(corpus.passages), normalize_embeddings=True)),
                np.asarray(model.encode(asked, normalize_embeddings=True)),
            )
        exact_passages, exact_questions = vectors["float32"]
        first = (exact_questions @ exact_passages.T).argmax(1)
        for precision in tried[1:]:
            passages, questions = vectors[precision]
            cosines = (passages * exact_passages).sum(1)
            same = float(np.mean((questions @ passages.T).argmax(1) == first))
            print(f"{precision}: cosine >= {cosines.min():.6f}, same first passage {same:.4f}")


if __name__ == "__main__":
    main()
