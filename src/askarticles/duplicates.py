"""Finds articles that tell the same story in nearly the same words (MinHash).

Broder 1997, "On the resemblance and containment of documents"; banding as in Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import numpy as np
from datasketch import MinHash

from askarticles.terms import terms

_PERMUTATIONS = 128
# Bands of 4 rows bring together 87 % of pairs that share half of their shingles and 12 % of those
# that share a quarter, which the comparison of the whole signatures then turns away.
_ROWS = 4
_SHINGLE = 3
# Share of three-word shingles in common from which two articles count as one story. See
# benchmarks/duplicates.py: agency copies cut and edited by other papers share .45 to .95, two
# reports of one event in other words at most .2.
SAME_STORY = 0.4


def signature(text: str) -> bytes:
    """The MinHash signature of a text's three-word shingles; b"" for fewer than three words."""
    words = terms(text)
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    if not shingles:
        return b""
    minhash = MinHash(num_perm=_PERMUTATIONS)
    minhash.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return bytes(minhash.hashvalues.astype("<u8").tobytes())


def bands(signature: bytes) -> list[bytes]:
    """The parts of a signature; articles that share one are worth comparing as a whole."""
    size = 8 * _ROWS
    return [signature[i : i + size] for i in range(0, len(signature), size)]


def resemblance(a: bytes, b: bytes) -> float:
    """Estimated share of shingles that two texts have in common, in [0, 1]."""
    if not a or not b:
        return 0.0
    return float(np.mean(np.frombuffer(a, "<u8") == np.frombuffer(b, "<u8")))
