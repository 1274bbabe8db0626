"""Small BERT networks run by OpenVINO, straight from the weights that PyTorch trained.

Opened in half a second where torch and transformers take four, and three times as fast: on two
cores with bfloat16 instructions 220 passages of 150 tokens a second, 80 in float32, where torch
manages 30. A processor without such instructions computes in float32.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from askarticles.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Weights: TypeAlias = Mapping[str, npt.NDArray[np.float32]]
"""Arrays by the names that Hugging Face's BERT gives them."""

Node: TypeAlias = Any
"""A value in an OpenVINO graph."""

PACKAGED = Path(__file__).parent / "weights"
"""The folder of the weights that come with the package."""

_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text, or a pair of texts, as the network reads it.

    ids: of the tokens, special ones included. types: 0 for the first text, 1 for the second.
    spans: character offsets (start, end) of each token in its own text.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


Head: TypeAlias = Callable[[Node, Weights], Sequence[Node]]
"""Makes the outputs from the last hidden states, shape (1, tokens, hidden)."""


class Network:
    """A BERT encoder with a head; safe to share by threads.

    Every text runs by itself, on one thread: what comes out depends on nothing else that is read
    at the same time, to the byte. As many run at once as there are processors (at most 8).
    """

    def __init__(self, weights: Weights, config: Mapping[str, Any], head: Head) -> None:
        import openvino

        threads = min(_MOST_THREADS, processors())
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads,
        }
        model = _graph(weights, config, head)
        self._outputs = len(model.outputs)
        self._compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(threads):
            self._idle.put(self._compiled.create_infer_request())
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="askarticles-network")

    def run(self, tokens: Tokens) -> list[npt.NDArray[np.float32]]:
        """The outputs of the head for one text."""
        request = self._idle.get()
        try:
            ids, types = (np.array([row], np.int32) for row in (tokens.ids, tokens.types))
            request.infer([ids, types])
            return [
                np.array(request.get_output_tensor(n).data, np.float32)
                for n in range(self._outputs)
            ]
        finally:
            self._idle.put(request)

    def run_all(self, texts: Iterable[Tokens]) -> list[list[npt.NDArray[np.float32]]]:
        """The outputs for each of several texts, in their order."""
        return list(self._pool.map(self.run, texts))


def read_weights(file: Path) -> Weights:
    """The arrays of a safetensors file as float32; ModelError when it cannot be read."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(file.read_bytes())
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(f"the weights {file} cannot be read ({error})") from error
    return {name: np.asarray(array, np.float32) for name, array in arrays.items()}


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """The settings of a model from its folder; ModelError when they cannot be read."""
    try:
        return dict(json.loads((folder / name).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{folder / name} cannot be read ({error})") from error


def check_weights(file: Path, expected: str) -> None:
    """Raises ModelError unless the sha256 of a weights file is the one expected."""
    found = sha256_of(file)
    if found != expected:
        raise ModelError(
            f"the weights {file} are not those that belong to this version of askarticles (sha256 "
            f"{found}, expected {expected}); reinstall the package"
        )


def sha256_of(file: Path) -> str:
    """Hex digest of a file; ModelError when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the weights {file} cannot be read ({error})") from error


class TextTokenizer:
    """Cuts texts into the tokens of a model; safe to share by threads.

    max_tokens: of a text or pair, special ones included.
    """

    def __init__(self, file: Path, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self._whole = _tokenizer(file)
        self._whole.no_truncation()
        self._cut = _tokenizer(file)
        # Of a pair the longer one is cut: a passage loses its end, not the question.
        self._cut.enable_truncation(max_tokens, strategy="longest_first")

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones left out."""
        encoded = self._whole.encode_batch(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def read(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Tokens]:
        """The texts, or pairs of texts, as tokens."""
        encoded = self._cut.encode_batch(list(texts))
        return [Tokens(tuple(e.ids), tuple(e.type_ids), tuple(e.offsets)) for e in encoded]


def _tokenizer(file: Path) -> Tokenizer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(file.read_text(encoding="utf-8"))
    # The library raises nothing narrower for a file that is no tokenizer.
    except Exception as error:
        raise ModelError(f"the tokenizer {file} cannot be read ({error})") from error
    tokenizer.no_padding()
    return tokenizer


def processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _graph(weights: Weights, config: Mapping[str, Any], head: Head) -> Any:
    """BERT (Devlin et al. 2019) over one text without padding, as an OpenVINO model."""
    import openvino
    from openvino import opset13 as op

    def constant(value: Any) -> Node:
        return op.constant(np.asarray(value, order="C"))

    def numbers(*values: int) -> Node:
        return constant(np.array(values, np.int64))

    def linear(x: Node, name: str) -> Node:
        product = op.matmul(x, constant(weights[f"{name}.weight"]), False, True)
        return op.add(product, constant(weights[f"{name}.bias"]))

    def norm(x: Node, name: str) -> Node:
        x = op.mvn(x, numbers(-1), True, float(config["layer_norm_eps"]), "inside_sqrt")
        scaled = op.multiply(x, constant(weights[f"{name}.weight"]))
        return op.add(scaled, constant(weights[f"{name}.bias"]))

    def rows(name: str, indices: Node) -> Node:
        table = constant(weights[f"embeddings.{name}_embeddings.weight"])
        return op.gather(table, indices, constant(np.int64(0)))

    heads, hidden = int(config["num_attention_heads"]), int(config["hidden_size"])
    apart, swap = numbers(0, 0, heads, hidden // heads), numbers(0, 2, 1, 3)
    ids = op.parameter([1, -1], np.int32, name="ids")
    types = op.parameter([1, -1], np.int32, name="types")
    zero, one = constant(np.int64(0)), constant(np.int64(1))
    positions = op.range(zero, op.gather(op.shape_of(ids), one, zero), one, "i64")
    words = op.add(rows("word", ids), rows("token_type", types))
    x = norm(op.add(words, rows("position", positions)), "embeddings.LayerNorm")
    for number in range(int(config["num_hidden_layers"])):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            op.transpose(op.reshape(linear(x, f"{layer}.attention.self.{part}"), apart, True), swap)
            for part in ("query", "key", "value")
        )
        seen = op.transpose(op.scaled_dot_product_attention(query, key, value), swap)
        together = op.reshape(seen, numbers(0, 0, hidden), True)
        attended = op.add(x, linear(together, f"{layer}.attention.output.dense"))
        x = norm(attended, f"{layer}.attention.output.LayerNorm")
        inner = op.gelu(linear(x, f"{layer}.intermediate.dense"), "erf")
        x = norm(op.add(x, linear(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")
    return openvino.Model([op.result(node) for node in head(x, weights)], [ids, types])
