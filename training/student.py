"""The encoder in training: how it reads texts, and its gradients by several workers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, BatchEncoding

# Texts of a step go through the encoder in so many pieces, by length: less padding, same loss.
_PIECES = 4


def mean_pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """Unit vectors (n, dimension), float32: the mean over the tokens that the mask (n, t) marks."""
    weights = mask.unsqueeze(-1).float()
    means = (hidden.float() * weights).sum(1) / weights.sum(1)
    return nn.functional.normalize(means, dim=1)


class Student(nn.Module):
    """A BERT encoder with mean pooling and unit rows, in bfloat16 autocast.

    workers: threads that each take pieces of a step. They meet twice in a step, where torch's own
    threads meet at every operation: half the processor time for the same step, and far less
    waiting on a machine that others use too. Run it with OMP_NUM_THREADS=1.
    """

    def __init__(self, folder: Path, max_tokens: int, workers: int) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        # Without dropout a step takes half the time on a processor, and a pass and a half over
        # soft targets does not overfit. "eager" attention: torch's fused one takes twice as long
        # backwards in bfloat16 here.
        self.encoder = AutoModel.from_pretrained(
            folder,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="eager",
        )
        self.max_tokens = max_tokens
        self._pool = ThreadPoolExecutor(workers)
        self._parts: list[Tensor] = []
        self._order: list[int] = []

    def trained(self) -> list[nn.Parameter]:
        """The parameters that training changes.

        Not the word vectors: most words of other people's articles are not seen in training. Not
        BERT's pooler, which mean pooling leaves out.
        """
        return [
            parameter
            for name, parameter in self.encoder.named_parameters()
            if not name.startswith(("pooler.", "embeddings.word_embeddings."))
        ]

    def embed(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors of the texts, (n, dimension), float32; `learn` takes their gradient."""
        self._order = sorted(range(len(texts)), key=lambda n: (len(texts[n]), n))
        size = -(-len(texts) // _PIECES)
        batches = [
            self.tokenizer(
                [texts[n] for n in self._order[start : start + size]],
                padding=True,
                truncation=True,
                max_length=self.max_tokens,
                return_tensors="pt",
            )
            for start in range(0, len(texts), size)
        ]
        # Longest first: the short ones fill the end.
        self._parts = list(self._pool.map(self._encode, batches[::-1]))[::-1]
        sorted_rows = torch.cat([part.detach() for part in self._parts])
        rows = torch.empty_like(sorted_rows)
        rows[self._order] = sorted_rows
        return rows.requires_grad_()

    def learn(self, gradient: Tensor) -> None:
        """Sets the parameters' gradients from that of the rows which `embed` gave last."""
        ordered = gradient[self._order]
        sizes = [len(part) for part in self._parts]
        pairs = list(zip(self._parts, ordered.split(sizes), strict=True))[::-1]
        parameters = self.trained()

        def gradients(pair: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
            part, of_part = pair
            return torch.autograd.grad(part, parameters, of_part)

        # Added in the order of the pieces, so the sum does not depend on who came first.
        sums = list(self._pool.map(gradients, pairs))
        for number, parameter in enumerate(parameters):
            parameter.grad = torch.stack([found[number] for found in sums]).sum(0)
        self._parts = []

    def _encode(self, batch: BatchEncoding) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.encoder(**batch).last_hidden_state
        return mean_pooled(hidden, batch["attention_mask"])
