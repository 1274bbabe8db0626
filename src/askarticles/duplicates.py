"""Finds articles that tell the same story in nearly the same words (MinHash).

Broder 1997, "On the resemblance and containment of documents"; banding as in Leskovec,
Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import numpy as np
from datasketch import MinHash
from xxhash import xxh3_64_intdigest

from askarticles.terms import terms

_PERMUTATIONS = 128
# Bands of 3 rows bring together 84 % of pairs that share .35 of their shingles, 99.6 % of those
# that share half and 1 in 200 of those that share a twentieth; their signatures are compared.
_ROWS = 3
_SHINGLE = 3
# Share of three-word shingles in common from which two articles count as one story. Measured by
# benchmarks/duplicates.py on encyclopedia and government articles and on seeds/: an article with
# its last third cut keeps .66 (5 % of them under .40), with its first sentence rewritten .9, with
# one word in 20 replaced .68; of 290,000 pairs of different articles nearly all share .02 or less,
# and those over .35 are versions of one text.
SAME_STORY = 0.35


def signature(text: str) -> bytes:
    """The MinHash signature of a text's three-word shingles; b"" for fewer than three words."""
    words = terms(text)
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    if not shingles:
        return b""
    minhash = MinHash(num_perm=_PERMUTATIONS)
    minhash.update_batch([shingle.encode() for shingle in sorted(shingles)])
    # Its values are below 2^32.
    return bytes(minhash.hashvalues.astype("<u4").tobytes())


def bands(signature: bytes) -> list[int]:
    """Hashes, of 64 bits with a sign, of the parts of a signature.

    Articles that share one are worth comparing as a whole.
    """
    size = 4 * _ROWS
    parts = [signature[i : i + size] for i in range(0, len(signature) - size + 1, size)]
    return [xxh3_64_intdigest(part, seed=i) - 2**63 for i, part in enumerate(parts)]


def resemblance(a: bytes, b: bytes) -> float:
    """Estimated share of shingles that two texts have in common, in [0, 1]."""
    if not a or not b:
        return 0.0
    return float(np.mean(np.frombuffer(a, "<u4") == np.frombuffer(b, "<u4")))
