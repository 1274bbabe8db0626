"""What happens to a folder of articles in a life: names, links, drives that go, files that grow."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from askarticles import changes
from askarticles.checking import check
from askarticles.errors import UsageError
from askarticles.index import Index
from askarticles.reading.archives import Limits
from askarticles.rebuilding import rebuild
from askarticles.shelf import Shelf
from tests.conftest import BRIDGE, FERRY, HashedWords


@pytest.fixture
def indexed(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    embedder.embedded = []
    return folder


def ids(index_folder: Path) -> set[str]:
    with closing(Index.open(index_folder)) as index:
        return set(index.store.versions())


ALL = {"ferry.txt", "bridge.txt", "museum.txt"}


@pytest.mark.parametrize("new", ["Ferry.TXT", "fe\u0301rry.txt", "ferry.txt.txt"])
def test_a_name_that_changes_a_little_is_a_new_name(indexed, index_folder, embedder, new):
    (indexed / "ferry.txt").rename(indexed / new)
    receipt = rebuild(indexed, index_folder, embedder=embedder)
    assert receipt.renamed == (("ferry.txt", new),)
    assert embedder.embedded == []
    assert rebuild(indexed, index_folder, embedder=embedder).agrees


def test_one_name_in_two_forms_of_unicode_is_two_files_or_one(indexed, index_folder, embedder):
    for name, text in (("Br\u00fccke.txt", FERRY), ("Bru\u0308cke.txt", BRIDGE)):
        (indexed / name).write_text(text, encoding="utf-8")
    there = {path.name for path in indexed.iterdir()}
    rebuild(indexed, index_folder, embedder=embedder)
    assert ids(index_folder) == there
    assert rebuild(indexed, index_folder, embedder=embedder).agrees


def test_a_file_becomes_a_folder_and_a_file_again(indexed, index_folder, embedder):
    (indexed / "ferry.txt").unlink()
    (indexed / "ferry.txt").mkdir()
    (indexed / "ferry.txt" / "ferry.txt").write_text(FERRY, encoding="utf-8")
    receipt = rebuild(indexed, index_folder, embedder=embedder)
    assert receipt.renamed == (("ferry.txt", "ferry.txt/ferry.txt"),)
    shutil.rmtree(indexed / "ferry.txt")
    (indexed / "ferry.txt").write_text(FERRY, encoding="utf-8")
    receipt = rebuild(indexed, index_folder, embedder=embedder)
    assert receipt.renamed == (("ferry.txt/ferry.txt", "ferry.txt"),)
    assert receipt.failed == ()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_a_circle_end(indexed, index_folder, embedder):
    (indexed / "self.txt").symlink_to("self.txt")
    (indexed / "up").symlink_to(indexed)
    (indexed / "a").symlink_to("b")
    (indexed / "b").symlink_to("a")
    receipt = rebuild(indexed, index_folder, embedder=embedder)
    assert ids(index_folder) == ALL
    assert {p.path for p in receipt.failed} == {"self.txt", "up", "a", "b"}
    assert rebuild(indexed, index_folder, embedder=embedder).agrees


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders there")
def test_a_pipe_is_not_waited_for(indexed, index_folder, embedder):
    os.mkfifo(indexed / "pipe.txt")
    assert rebuild(indexed, index_folder, embedder=embedder).agrees


def test_a_file_that_grows_while_it_is_read_stays_under_the_limit(
    indexed, index_folder, embedder, monkeypatch
):
    (indexed / "log.txt").write_text("It grows. " * 200, encoding="utf-8")
    real = Path.stat

    def small(self, **how):
        found = real(self, **how)
        if self.name != "log.txt":
            return found
        return os.stat_result((*found[:6], 10, *found[7:]))

    monkeypatch.setattr(Path, "stat", small)
    receipt = rebuild(indexed, index_folder, embedder=embedder, limits=Limits(file_bytes=1000))
    assert [p.path for p in receipt.failed] == ["log.txt"]
    assert "over the limit" in receipt.failed[0].reason


def test_a_folder_that_is_empty_of_a_sudden_is_asked_about(
    indexed, index_folder, embedder, monkeypatch
):
    monkeypatch.setattr(changes, "_QUICKLY_MADE", 2)
    away = indexed.with_name("away")
    indexed.rename(away)
    indexed.mkdir()  # what is left where a drive was
    for look in (
        lambda: rebuild(indexed, index_folder, embedder=embedder),
        lambda: rebuild(indexed, index_folder, embedder=HashedWords("other", 32)),
        lambda: check(indexed, index_folder),
    ):
        with pytest.raises(UsageError, match=r"holds 3 articles.*delete"):
            look()
        assert ids(index_folder) == ALL
    indexed.rmdir()
    away.rename(indexed)
    assert rebuild(indexed, index_folder, embedder=embedder).agrees


def test_a_small_folder_that_is_emptied_empties_the_index(indexed, index_folder, embedder):
    for path in indexed.iterdir():
        path.unlink()
    assert len(rebuild(indexed, index_folder, embedder=embedder).removed) == 3
    assert ids(index_folder) == set()


def test_a_folder_that_goes_while_it_is_read_takes_nothing_along(
    indexed, index_folder, embedder, monkeypatch
):
    (indexed / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    real = Path.open

    def going(self, *how, **more):
        if self.name == "ferry.txt" and self.exists():
            indexed.rename(indexed.with_name("away"))
            indexed.mkdir()
        return real(self, *how, **more)

    monkeypatch.setattr(Path, "open", going)
    with pytest.raises(UsageError, match="went away"):
        rebuild(indexed, index_folder, embedder=embedder)
    assert ids(index_folder) == ALL


def test_a_server_follows_the_model_of_another_rebuild(folder, index_folder, monkeypatch):
    for module in ("library", "rebuilding"):
        monkeypatch.setattr(
            f"askarticles.{module}.load_embedder",
            lambda model="": HashedWords(model or "hashed-words"),
        )
    shelf = Shelf(folder, index_folder)
    shelf.rebuild()
    rebuild(folder, index_folder, model="other-words")
    (folder / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    receipt = shelf.rebuild()  # as by the page's button, or when the folder is followed
    assert (receipt.reason, receipt.added) == ("", ("new.txt",))
    assert Index.open(index_folder).recipe.model == "other-words"
    assert shelf.generation == receipt.generation
