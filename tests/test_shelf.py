"""A library that is not there yet, is broken, or is made anew while it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from askarticles.changes import Receipt
from askarticles.errors import IndexDamaged, IndexMissing, UsageError
from askarticles.rebuilding import rebuild
from askarticles.shelf import Shelf
from tests.conftest import HashedWords

QUESTION = "Why was the bridge closed?"


@pytest.fixture(autouse=True)
def models(monkeypatch):
    """Two models by name, neither of which has to be loaded."""
    for module in ("library", "rebuilding"):
        monkeypatch.setattr(
            f"askarticles.{module}.load_embedder",
            lambda model="": HashedWords(model or "hashed-words"),
        )


@pytest.fixture
def shelf(folder: Path, index_folder: Path) -> Shelf:
    return Shelf(folder, index_folder)


def quote(shelf: Shelf) -> str:
    return shelf.library.ask(QUESTION, caution=0).citations[0].quote


def test_an_index_that_is_missing_is_made_and_opened(shelf, folder):
    shelf.refresh()
    assert (shelf.state, shelf.generation) == ("missing", "")
    assert "there is no index" in shelf.problem
    with pytest.raises(IndexMissing):
        _ = shelf.library
    (folder / "empty.txt").write_bytes(b"")
    told: list[Receipt] = []
    shelf.renewed = told.append
    receipt = shelf.rebuild()
    assert (shelf.state, shelf.problem, shelf.generation) == ("open", "", receipt.generation)
    assert "Harrow Street was closed" in quote(shelf)
    assert told == [receipt]
    assert [problem.path for problem in shelf.unread] == ["empty.txt"]


def test_an_index_that_another_process_makes_is_found(shelf, folder, index_folder):
    shelf.refresh()
    rebuild(folder, index_folder)
    assert "Harrow Street was closed" in quote(shelf)


def spoil(index_folder: Path) -> None:
    for file in index_folder.glob("*/articles.sqlite"):
        file.write_bytes(b"nothing")


def test_a_broken_index_is_looked_at_once_and_mended(shelf, folder, index_folder):
    rebuild(folder, index_folder)
    spoil(index_folder)
    shelf.refresh()
    assert shelf.state == "broken"
    first = shelf.problem
    with pytest.raises(IndexDamaged):
        _ = shelf.library
    assert shelf.problem == first
    shelf.rebuild()
    assert shelf.state == "open" and "Harrow Street was closed" in quote(shelf)


def test_what_is_open_goes_on_answering_when_the_index_is_gone(shelf, index_folder):
    shelf.rebuild()
    (index_folder / "current").unlink()
    with pytest.raises(IndexMissing):
        shelf.refresh()
    assert shelf.state == "open" and "Harrow Street was closed" in quote(shelf)


def test_an_index_made_with_another_model_is_taken_up(shelf, folder, index_folder):
    shelf.rebuild()
    before = shelf.generation
    rebuild(folder, index_folder, model="other-words")
    assert "Harrow Street was closed" in quote(shelf)
    assert shelf.generation != before
    assert shelf.library.embedder.name == "other-words"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    shelf = Shelf(tmp_path / "nowhere", tmp_path / "index")
    shelf.refresh()
    assert "nowhere" in shelf.problem
    with pytest.raises(UsageError, match="nowhere"):
        shelf.rebuild()
