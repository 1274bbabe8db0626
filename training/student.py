"""The encoder in training: how it reads texts, and its gradients by several workers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
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


class Rounded:
    """A network that computes in bfloat16, or as told, and learns in float32.

    untrained: beginnings of the names of weights that stay as they are.
    """

    def __init__(
        self,
        network: nn.Module,
        untrained: tuple[str, ...],
        precision: torch.dtype = torch.bfloat16,
    ) -> None:
        self._weights = {name: value.clone() for name, value in network.state_dict().items()}
        # Plain bfloat16 takes 30 % less time than autocast to it.
        self.module = network.to(precision).train()
        self._trained = [
            name for name, _ in network.named_parameters() if not name.startswith(untrained)
        ]

    def weights(self) -> dict[str, Tensor]:
        """All weights by name, float32."""
        return self._weights

    def load(self, weights: dict[str, Tensor]) -> None:
        """Takes weights such as `weights` gives."""
        for name, value in weights.items():
            self._weights[name].copy_(value)
        self.module.load_state_dict(self._weights)  # those that stay as they are, too

    def trained(self) -> list[Tensor]:
        """The float32 weights that training changes; after it has, call `settle`."""
        return [self._weights[name] for name in self._trained]

    def rounded(self) -> list[nn.Parameter]:
        """The bfloat16 weights of the same, in the same order."""
        named = dict(self.module.named_parameters())
        return [named[name] for name in self._trained]

    def add_gradients(self, found: Sequence[Sequence[Tensor]]) -> None:
        """Sets the gradients to the sum of several, in their order: it never depends on timing."""
        for number, weight in enumerate(self.trained()):
            weight.grad = found[0][number].float()
            for one in found[1:]:
                weight.grad += one[number]

    def settle(self) -> None:
        """Rounds the trained weights to the ones computed with."""
        with torch.no_grad():
            for rounded, exact in zip(self.rounded(), self.trained(), strict=True):
                rounded.copy_(exact)


def quick_encoder(folder: Path) -> nn.Module:
    """The BERT encoder of a folder, for training on a processor.

    Without dropout a step takes half the time, and soft targets seen once or twice leave little
    to overfit. Torch's fused attention takes twice as long backwards in bfloat16.
    """
    encoder: nn.Module = AutoModel.from_pretrained(
        folder,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    return encoder


class Student(Rounded):
    """A BERT encoder with mean pooling and unit rows.

    workers: threads that each take pieces of a step. They meet twice in a step, where torch's own
    threads meet at every operation: on a machine that others use too, two of those took twice the
    processor time of one for the same step. Run it with OMP_NUM_THREADS=1.
    """

    def __init__(self, folder: Path, max_tokens: int, workers: int) -> None:
        # Not trained is BERT's pooler, which mean pooling leaves out.
        super().__init__(quick_encoder(folder), ("pooler.",))
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.max_tokens = max_tokens
        self._pool = ThreadPoolExecutor(workers)
        self._parts: list[Tensor] = []
        self._order: list[int] = []

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
        """Sets the gradients of the trained weights from that of the rows `embed` gave last."""
        ordered = gradient[self._order]
        ends = list(accumulate(len(part) for part in self._parts))
        pairs = list(zip(self._parts, ordered.tensor_split(ends[:-1]), strict=True))[::-1]
        parameters = self.rounded()

        def gradients(pair: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
            part, of_part = pair
            return torch.autograd.grad(part, parameters, of_part)

        self.add_gradients(list(self._pool.map(gradients, pairs)))
        self._parts = []

    def _encode(self, batch: BatchEncoding) -> Tensor:
        hidden = self.module(**batch).last_hidden_state
        return mean_pooled(hidden, batch["attention_mask"])
