"""The nearest vectors are found, exactly or nearly, whatever came and went before."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from askarticles import neighbours, vectors
from askarticles.errors import IndexDamaged
from askarticles.store import Addition
from askarticles.vectors import BITS, ROWS, VECTORS, VectorIndex, change_vectors, kept_vectors

DIMENSION = 32


def rows(count, seed=0):
    made = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def addition(first, made):
    ids = range(first, first + len(made))
    return Addition(1, ids, [""] * len(made), [key(i) for i in ids], made)


def key(number):
    return number.to_bytes(16, "big")


@pytest.fixture
def generations(tmp_path):
    """Makes the files of one generation after another."""

    class Generations:
        made: ClassVar[list[Path]] = []

        def __call__(self, removed, *added):
            folder = tmp_path / f"g{len(self.made)}"
            folder.mkdir()
            base = self.made[-1] if self.made else None
            change_vectors(folder, base, DIMENSION, removed, added)
            self.made.append(folder)
            return VectorIndex(folder, DIMENSION)

    return Generations()


@pytest.fixture
def in_parts(monkeypatch):
    """Makes what is opened from now on be searched by so many threads."""

    def in_parts(count):
        monkeypatch.setattr(neighbours, "PART", 1)
        monkeypatch.setattr(neighbours, "MOST_PARTS", count)
        monkeypatch.setattr(neighbours, "processors", lambda: count)

    return in_parts


# FAISS has another way for whole blocks of 64 numbers.
@pytest.mark.parametrize("dimension", [32, 64, 384])
@pytest.mark.parametrize("parts", [1, 3])
def test_the_nearest_are_those_of_all_cosines(generations, monkeypatch, in_parts, dimension, parts):
    in_parts(parts)
    monkeypatch.setattr(f"{__name__}.DIMENSION", dimension)
    made = rows(3_000)
    made[1_000:] = made[:2_000] + 0.01 * rows(2_000, 4)  # many that are nearly as near
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    index = generations([], addition(1, made))
    for query in (*rows(20, 1), *made[:5]):
        cosines = made.astype(np.float64) @ query
        best = np.argsort(-cosines)[:10]
        ids, scores = index.search(query, 10)
        assert set(ids) == set(best + 1)
        assert np.allclose(np.sort(scores), np.sort(cosines[best]))


@pytest.mark.parametrize("parts", [1, 3])
def test_filters_let_through_only_what_is_allowed(generations, monkeypatch, in_parts, parts):
    in_parts(parts)
    made, query = rows(3_000), rows(1, 1)[0]
    allowed = np.arange(2, 3_000, 7)
    expected = set(allowed[np.argsort(-(made[allowed - 1] @ query))[:10]])
    assert set(generations([], addition(1, made)).search(query, 10, allowed)[0]) == expected
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 0)
    monkeypatch.setattr(vectors, "CANDIDATES", 400)
    index = VectorIndex(generations.made[0], DIMENSION)
    assert set(index.search(query, 10, allowed)[0]) == expected
    assert set(index.search(query, 10, allowed[:5])[0]) == set(allowed[:5])
    assert len(index.search(query, 10, allowed[:0])[0]) == 0


def test_many_are_found_by_their_signs_as_good_as_all(generations, monkeypatch):
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 0)
    monkeypatch.setattr(vectors, "CANDIDATES", 1_500)
    monkeypatch.setattr(vectors, "READ", 300)
    centres = rows(100, 2)
    made = np.repeat(centres, 50, axis=0) + 0.8 * rows(5_000, 3)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    index = generations([], addition(1, made.astype(np.float32)))
    found = 0
    for query in centres:
        best = np.argsort(-(made @ query))[:10] + 1
        found += len(set(index.search(query, 10)[0]) & set(best))
    assert found > 0.97 * 10 * len(centres)


@pytest.mark.parametrize("exact", [True, False])
def test_step_by_step_finds_the_same_as_at_once(
    generations, tmp_path, monkeypatch, in_parts, exact
):
    if not exact:
        monkeypatch.setattr(vectors, "READ", 20)
        monkeypatch.setattr(vectors, "EXACT_UP_TO", 0)
        monkeypatch.setattr(vectors, "CANDIDATES", 50)
    made = rows(400)
    made[100:150] = made[7]  # ties
    generations([], addition(1, made[:200]))
    generations(range(1, 40), addition(201, made[200:300]))
    generations(range(210, 220))
    in_parts(3)  # processors are no part of an answer
    steps = generations([], addition(301, made[300:]))
    in_parts(2)
    kept = [i for i in range(400) if not (i < 39 or 209 <= i < 219)]
    fresh_folder = tmp_path / "fresh"
    fresh_folder.mkdir()
    change_vectors(fresh_folder, None, DIMENSION, [], [addition(1, made[kept][::-1])])
    fresh = VectorIndex(fresh_folder, DIMENSION)
    back = {new: old + 1 for new, old in zip(range(1, len(kept) + 1), kept[::-1], strict=True)}
    for query in (*rows(20, 1), made[7]):
        left = dict(zip(*(a.tolist() for a in steps.search(query, 10)), strict=True))
        right = dict(zip(*(a.tolist() for a in fresh.search(query, 10)), strict=True))
        assert left == {back[i]: score for i, score in right.items()}
        assert len(left) >= 10


def test_a_generation_shares_its_rows_with_the_next_and_loses_none(generations):
    made = rows(300)
    first = generations([], addition(1, made[:200]))
    second = generations([5], addition(201, made[200:]))
    a, b = (folder / VECTORS for folder in generations.made)
    assert a.samefile(b)
    assert np.array_equal(first.vectors(range(1, 201)), made[:200])
    assert np.array_equal(second.vectors([4, 6, 300]), made[[3, 5, 299]])
    # Half of them go: the rows are written anew, and who reads the old ones still can.
    third = generations(range(1, 150))
    assert third.vectors([300]).tobytes() == made[299:].tobytes()
    assert (generations.made[2] / VECTORS).stat().st_size == 151 * 4 * DIMENSION
    assert np.array_equal(VectorIndex(generations.made[1], DIMENSION).vectors([4]), made[[3]])


def test_what_a_killed_rebuild_had_appended_is_written_over(generations):
    made = rows(120)
    generations([], addition(1, made[:100]))
    for name in (VECTORS, BITS):
        with (generations.made[0] / name).open("ab") as stream:
            stream.write(b"left over" * 3_000)
    index = generations([], addition(101, made[100:]))
    assert np.array_equal(index.vectors(range(1, 121)), made)
    assert (generations.made[1] / VECTORS).stat().st_size == made.nbytes


def test_where_there_are_no_links_the_rows_are_copied(generations, monkeypatch):
    def link(*_):
        raise OSError("no links here")

    monkeypatch.setattr("os.link", link)
    made = rows(120)
    generations([], addition(1, made[:100]))
    assert np.array_equal(generations([], addition(101, made[100:])).vectors([120]), made[119:])
    a, b = (folder / VECTORS for folder in generations.made)
    assert not a.samefile(b)


@pytest.mark.parametrize("exact", [True, False])
def test_a_flipped_byte_is_found_before_it_is_used(generations, monkeypatch, exact):
    made = rows(200)
    generations([], addition(1, made))
    file = generations.made[0] / VECTORS
    data = bytearray(file.read_bytes())
    data[100 * 4 * DIMENSION + 3] ^= 1
    file.write_bytes(data)
    if exact:
        with pytest.raises(IndexDamaged, match="askarticles rebuild"):
            VectorIndex(generations.made[0], DIMENSION)
        return
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 0)
    index = VectorIndex(generations.made[0], DIMENSION)
    for use in (index.check, lambda: index.search(made[100], 10), lambda: index.vectors([101])):
        with pytest.raises(IndexDamaged, match=r"vectors\.f32"):
            use()
    assert np.array_equal(index.vectors([100]), made[[99]])


def test_a_missing_or_short_file_is_named(generations):
    generations([], addition(1, rows(20)))
    file = generations.made[0] / VECTORS
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"vectors\.f32"):
        VectorIndex(generations.made[0], DIMENSION)
    (generations.made[0] / ROWS).unlink()
    with pytest.raises(IndexDamaged, match="askarticles rebuild"):
        VectorIndex(generations.made[0], DIMENSION)


def test_sound_vectors_outlive_any_damage(generations):
    made = rows(100)
    generations([], addition(1, made))
    generations([7])
    folder = generations.made[1]
    file = folder / VECTORS
    data = bytearray(file.read_bytes())
    data[4 * DIMENSION * 10] ^= 1
    file.write_bytes(data)
    keys = {key(i) for i in (7, 10, 11, 12, 999)}
    found = dict(kept_vectors(folder, DIMENSION, keys))
    assert set(found) == keys - {key(999), key(11)}  # row 10 is that of passage 11
    assert np.array_equal(found[key(7)], made[6])
    table = bytearray((folder / ROWS).read_bytes())
    table[32 * 9 + 3] ^= 1  # the key of passage 10
    (folder / ROWS).write_bytes(table[:-5])
    assert set(dict(kept_vectors(folder, DIMENSION, keys))) == {key(7), key(12)}
    assert not list(kept_vectors(folder, 2 * DIMENSION, keys))
    assert not list(kept_vectors(folder / "nowhere", DIMENSION, keys))
