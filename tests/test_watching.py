"""A folder is followed, and one bad article or one bad moment stops nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from pathlib import Path
from queue import Empty, Queue

import pytest

from askarticles import watching
from askarticles.index import Index
from askarticles.library import Library
from askarticles.rebuilding import rebuild
from askarticles.renewal import Renewal, follow
from askarticles.shelf import Shelf


@pytest.fixture
def changes(folder, index_folder):
    """A queue that gets an item for each change that is seen."""
    seen, stop = Queue[bool](), threading.Event()

    def run():
        for _ in watching.watch(folder, index_folder, stop):
            seen.put(True)

    thread = threading.Thread(target=run)
    thread.start()
    yield seen
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.parametrize("polling", ["", "1"])
def test_a_change_is_seen(folder, changes, monkeypatch, polling):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", polling)
    assert changes.get(timeout=30)  # the watch has begun
    (folder / "deep").mkdir()
    (folder / "deep" / "new.txt").write_text("A new story.\n", encoding="utf-8")
    assert changes.get(timeout=30)


def test_the_index_is_no_change_and_a_folder_that_vanishes_is_waited_for(folder, changes):
    assert changes.get(timeout=30)
    shutil.rmtree(folder)
    while changes.get(timeout=30) and folder.exists():
        pass
    while not changes.empty():
        changes.get()
    folder.mkdir()
    assert changes.get(timeout=30)


@pytest.mark.skipif(os.name == "nt", reason="a folder that is watched cannot be replaced there")
def test_a_folder_that_is_replaced_in_a_moment_is_followed_on(folder, changes):
    assert changes.get(timeout=30)
    folder.rename(folder.with_name("old"))
    folder.mkdir()
    assert changes.get(timeout=30)
    with contextlib.suppress(Empty):  # until what was seen of the replacing is over
        while changes.get(timeout=2):
            pass
    (folder / "new.txt").write_text("A new story.\n", encoding="utf-8")
    assert changes.get(timeout=30)


def test_file_systems_of_elsewhere_are_looked_through(tmp_path, monkeypatch):
    mounts = f"disk / ext4 rw 0 0\nserver:/x {tmp_path}/far\\040off nfs4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: mounts)
    assert watching._is_silent(tmp_path / "far off" / "news")
    assert not watching._is_silent(tmp_path / "far")
    assert not watching._is_silent(tmp_path / "near")


@pytest.mark.skipif(os.name == "nt", reason="a file that is read cannot be replaced there")
def test_a_library_that_is_followed_answers_from_what_is_new(
    folder, index_folder, embedder, monkeypatch
):
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    renewal = Renewal(Shelf.holding(library))
    stop = follow(renewal)
    renewed = threading.Event()
    real = library.refresh

    def refresh():
        found = real()
        if library.generation != first:
            renewed.set()
        return found

    first = library.generation
    monkeypatch.setattr(library, "refresh", refresh)
    try:
        (folder / "broken.pdf").write_bytes(b"%PDF-1.4 half of a fi")
        (folder / "mill.txt").write_text("The mill is sold\n\nA baker bought the mill.\n")
        while not any(item.path == "mill.txt" for item in library.listing()):
            assert renewed.wait(30)
            renewed.clear()
            first = library.generation
        answer = library.ask("Who bought the mill?", caution=0)
        assert answer.citations[0].path == "mill.txt"
    finally:
        stop()
    assert not renewal.status()["running"]
