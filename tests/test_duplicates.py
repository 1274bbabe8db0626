"""Which articles tell the same story depends on the articles, not on how they came."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles import duplicates
from askarticles.duplicates import SAME_STORY, bands, enter, leave, resemblance, signature
from askarticles.index import Index
from askarticles.rebuilding import rebuild
from askarticles.store import Store
from tests.conftest import BRIDGE, FERRY, HashedWords, article_of

NOTICE = "The council of {} will meet on Monday at ten to talk about roads and bins. "
# Notices of one template, some word for word the same, a story in two versions, and two others.
TEXTS = (
    *((NOTICE * 3).format(*[f"Town{i % 7}"] * 3) for i in range(10)),
    FERRY,
    FERRY.rsplit("\n\n", 1)[0],
    BRIDGE,
    "",
)
marks_of = cache(signature)


@contextmanager
def tables() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(duplicates.SCHEMA)
        yield connection


def pairs_of(connection: sqlite3.Connection, names: Mapping[int, str]) -> set[tuple[str, ...]]:
    rows = connection.execute("SELECT a, b FROM pairs")
    return {tuple(sorted((names[a], names[b]))) for a, b in rows}


def pairs_by_the_rule(library: Mapping[str, str], neighbours: int) -> set[tuple[str, ...]]:
    """What the module says a pair is, looked for among all."""
    marks = {name: marks_of(text) for name, text in library.items()}
    members: dict[int, list[str]] = {}
    for name in library:
        for band in set(bands(marks[name])):
            members.setdefault(band, []).append(name)
    near = set()
    for names in members.values():
        names.sort(key=lambda name: duplicates._place(marks[name], name))
        for (i, a), (j, b) in combinations(enumerate(names), 2):
            if j - i <= neighbours and resemblance(marks[a], marks[b]) >= SAME_STORY:
                near.add(tuple(sorted((a, b))))
    return near


@settings(max_examples=25, deadline=None)
@given(
    neighbours=st.integers(1, 4),
    steps=st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.sampled_from(TEXTS)), max_size=30),
)
def test_any_order_of_comings_and_goings_gives_the_same_pairs(neighbours, steps):
    library: dict[str, str] = {}
    numbers: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch, tables() as connection:
        patch.setattr(duplicates, "NEIGHBOURS", neighbours)
        for number, (name, text) in enumerate(steps, 1):
            if name in library:
                leave(connection, numbers.pop(name))
                del library[name]
            if text:
                enter(connection, number, name, marks_of(text))
                library[name], numbers[name] = text, number
        expected = pairs_by_the_rule(library, neighbours)
        assert pairs_of(connection, {n: name for name, n in numbers.items()}) == expected
        for number in numbers.values():
            leave(connection, number)
        for table in ("signatures", "bands", "pairs"):
            assert connection.execute(f"SELECT * FROM {table}").fetchall() == []


def test_the_texts_of_this_test_crowd():
    """Else the test above would pass with no neighbours counted at all."""
    library = {f"{i}": text for i, text in enumerate(TEXTS)}
    found = [len(pairs_by_the_rule(library, n)) for n in (1, 2, 3, 10)]
    assert found == sorted(set(found))


def test_a_new_name_stands_elsewhere_and_pairs_as_if_it_had_come_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(duplicates, "NEIGHBOURS", 1)
    names = [f"{i}.txt" for i in range(10)]
    # Each takes the name of the next, and the last that of the first.
    moved = [(old, names[i - 9]) for i, old in enumerate(names)]
    told = []
    for steps in ("moved", "at once"):
        with closing(Store.create(tmp_path / steps)) as store:
            for (old, new), text in zip(moved, TEXTS, strict=False):
                name = old if steps == "moved" else new
                store.add(article_of(text, article_id=name), [], [])
            if steps == "moved":
                store.move(
                    [
                        (old, article_of(text, article_id=new))
                        for (old, new), text in zip(moved, TEXTS, strict=False)
                    ]
                )
            told.append(store.pairs())
    assert told[0] == told[1] != []


def test_a_template_does_not_make_all_pairs_and_copies_in_it_are_found(folder, index_folder):
    for i in range(60):
        town = "Town7" if i in (7, 50) else f"Town{i}"
        text = f"Notice {i}\n\n{(NOTICE * 3).format(town, town, town)}"
        (folder / f"notice{i:02d}.txt").write_text(text, encoding="utf-8")
    pairs = rebuild(folder, index_folder, embedder=HashedWords()).same_story
    assert ("notice07.txt", "notice50.txt") in pairs
    assert len(pairs) < 60 * 20
    with closing(Index.open(index_folder)) as index:
        copies = [copy.article_id for copy in index.store.copies("notice07.txt")]
    assert "notice50.txt" in copies
    assert len(copies) == 20


def test_twelve_edited_copies_all_find_each_other(tmp_path):
    words = [f"word{i}" for i in range(200)]
    with closing(Store.create(tmp_path / "store")) as store:
        for i in range(12):
            edited = [f"other{i}" if n % 20 == i else word for n, word in enumerate(words)]
            store.add(article_of(" ".join(edited), article_id=f"{i}.txt"), [], [])
        assert len(store.pairs()) == 12 * 11 / 2
        assert len(store.copies("0.txt")) == 11


def test_copies_resemble_and_other_reports_do_not():
    shortened = FERRY.rsplit("\n\n", 1)[0]
    edited = FERRY.replace("ten in the evening", "22:00").replace("Friday", "next Friday")
    assert resemblance(signature(FERRY), signature(shortened)) > 0.6
    assert resemblance(signature(FERRY), signature(edited)) > 0.6
    assert resemblance(signature(FERRY), signature(BRIDGE)) < 0.1
    assert resemblance(signature(""), signature(FERRY)) == 0
