"""A rebuild does what changed, leaves the old index until the new one is whole, and says so."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askarticles.checking import check
from askarticles.datatypes import Filters
from askarticles.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexProblem,
    UsageError,
)
from askarticles.index import Index
from askarticles.library import Library
from askarticles.passages import Splitter
from askarticles.rebuilding import rebuild
from tests.conftest import BRIDGE, FERRY, MUSEUM, HashedWords


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_adds_all_and_then_does_nothing(folder, index_folder, embedder):
    first = rebuild(folder, index_folder, embedder=embedder)
    assert (len(first.added), first.unchanged, len(first.failed)) == (3, 0, 0)
    assert first.embedded == first.passages > 0
    before, embedder.embedded = contents(index_folder), []
    second = rebuild(folder, index_folder, embedder=embedder)
    assert (second.added, second.changed, second.removed, second.unchanged) == ((), (), (), 3)
    assert (second.embedded, embedder.embedded) == (0, [])
    assert contents(index_folder) == before
    assert second.generation == first.generation


def test_embeds_only_what_is_new(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    embedder.embedded = []
    (folder / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert receipt.added == ("new.txt",)
    assert (receipt.unchanged, receipt.embedded, len(embedder.embedded)) == (3, 1, 1)


def test_an_edit_keeps_the_vectors_of_what_did_not_change(folder, index_folder, embedder):
    paragraphs = [f"Paragraph {i} tells of a thing. " * 20 for i in range(6)]
    story = folder / "long.txt"
    story.write_text("Long story\n\n" + "\n\n".join(paragraphs), encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    paragraphs[5] = "The end is quite another one. " * 20
    story.write_text("Long story\n\n" + "\n\n".join(paragraphs), encoding="utf-8")
    embedder.embedded = []
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert receipt.changed == ("long.txt",)
    assert 0 < receipt.embedded < 3


def test_nothing_to_embed_loads_no_model(folder, index_folder, embedder, monkeypatch):
    rebuild(folder, index_folder, embedder=embedder)

    def load(model):
        raise AssertionError(f"{model} was loaded")

    monkeypatch.setattr("askarticles.rebuilding.load_embedder", load)
    assert rebuild(folder, index_folder).agrees
    (folder / "bridge.txt").rename(folder / "closed.txt")
    (folder / "ferry.txt").unlink()
    receipt = rebuild(folder, index_folder)
    assert (len(receipt.removed), len(receipt.renamed)) == (1, 1)
    assert (receipt.embedded, receipt.reused) == (0, 0)


def test_other_weights_under_the_same_name_build_anew(folder, index_folder, embedder, monkeypatch):
    rebuild(folder, index_folder, embedder=embedder)
    other = HashedWords()
    other.sha256 = "0" * 64
    monkeypatch.setattr("askarticles.rebuilding.load_embedder", lambda model: other)
    (folder / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    receipt = rebuild(folder, index_folder)
    assert "model_sha256" in receipt.reason
    assert receipt.embedded == receipt.passages == len(other.embedded)


def test_a_passage_keeps_its_vector_in_another_article(folder, index_folder, embedder):
    told = "The mill was sold on Monday to a baker. " * 12
    (folder / "a.jsonl").write_text(json.dumps({"text": told}), encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    (folder / "a.jsonl").unlink()
    more = {"text": f"{told}\n\n{'Another thing happened in the valley too. ' * 12}"}
    (folder / "b.jsonl").write_text(json.dumps(more), encoding="utf-8")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (receipt.added, receipt.removed) == (("b.jsonl#1",), ("a.jsonl#1",))
    assert (receipt.embedded, receipt.reused) == (1, 1)
    opened = Index.open(index_folder)
    passages = opened.store.passages(opened.store.passage_ids()).values()
    for article, passage in passages:
        if article.id == "b.jsonl#1":
            vector = opened.vectors([passage.id])[0]
            text = article.text[passage.start : passage.end]
            assert np.array_equal(vector, embedder.embed_question(text))


class Interrupted(HashedWords):
    """Is stopped by Ctrl-C in its third batch."""

    def embed_passages(self, texts):
        if len(self.embedded) >= 4:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


@pytest.mark.parametrize("damage", ["none", "cut", "flip", "other model"])
def test_what_a_stopped_rebuild_embedded_is_not_embedded_again(
    folder, index_folder, embedder, monkeypatch, damage
):
    rebuild(folder, index_folder, embedder=embedder)
    before = contents(index_folder)
    for i in range(6):
        (folder / f"new{i}.txt").write_text(f"Story {i}\n\nIt is {i}.\n", encoding="utf-8")
    monkeypatch.setattr("askarticles.rebuilding._BATCH", 2)
    with pytest.raises(KeyboardInterrupt):
        rebuild(folder, index_folder, embedder=Interrupted())
    left = index_folder / "unfinished"
    assert {k: v for k, v in contents(index_folder).items() if k != "unfinished"} == before
    data = left.read_bytes()
    if damage == "cut":
        left.write_bytes(data[:-7])
    elif damage == "flip":
        left.write_bytes(data[:-7] + bytes([data[-7] ^ 1]) + data[-6:])
    again = HashedWords("other", 32) if damage == "other model" else HashedWords()
    receipt = rebuild(folder, index_folder, embedder=again)
    expected = {"none": 2, "cut": 3, "flip": 3, "other model": receipt.passages}[damage]
    assert len(again.embedded) == receipt.embedded == expected
    assert not left.exists()
    assert rebuild(folder, index_folder.parent / "fresh", embedder=again).agrees is False
    query = again.embed_question("It is 3.")
    steps, fresh = (Index.open(index_folder.parent / name) for name in ("index", "fresh"))
    assert found(steps, query) == found(fresh, query)


def found(index, query):
    hits = index.search(["it"], query, filters=Filters())
    return [(h.article.id, h.passage.start, h.dense, h.lexical, h.score) for h in hits]


def test_the_old_index_answers_while_another_model_is_embedding(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)

    class Other(HashedWords):
        def embed_passages(self, texts):
            assert Index.open(index_folder).recipe.model == "hashed-words"
            return super().embed_passages(texts)

    receipt = rebuild(folder, index_folder, embedder=Other("other", 32))
    assert receipt.reason
    assert Index.open(index_folder).recipe.model == "other"


def test_a_path_may_be_of_any_letters(folder, tmp_path, embedder):
    place = tmp_path / "Zeitungen – 新聞" / "índice"
    rebuild(folder, place, embedder=embedder)
    library = Library(folder, Index.open(place), embedder)
    assert library.ask("What does a ticket cost?", caution=0).found


def test_a_clock_that_jumps_changes_nothing(folder, index_folder, embedder, monkeypatch):
    rebuild(folder, index_folder, embedder=embedder)
    for when in (0, 2**33):
        for file in folder.iterdir():
            os.utime(file, (when, when))
        monkeypatch.setattr("time.time", lambda when=when: float(when))
        assert rebuild(folder, index_folder, embedder=embedder).agrees
    (folder / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    assert rebuild(folder, index_folder, embedder=embedder).added == ("new.txt",)


@pytest.mark.parametrize("place", ["deep", "."])
def test_a_folder_that_cannot_be_looked_into_keeps_its_articles(
    folder, index_folder, embedder, monkeypatch, place
):
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "bridge.txt").rename(folder / "deep" / "er" / "bridge.txt")
    rebuild(folder, index_folder, embedder=embedder)
    real = os.scandir

    def closed(path):
        if Path(path) == folder / place:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", closed)
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (receipt.removed, receipt.unchanged) == ((), 3)
    assert [(p.path, p.reason) for p in receipt.failed] == [
        (place, "cannot be opened: permission denied")
    ]
    monkeypatch.undo()
    assert rebuild(folder, index_folder, embedder=embedder).failed == ()


def test_an_article_deleted_while_it_is_read_is_gone(folder, index_folder, embedder, monkeypatch):
    rebuild(folder, index_folder, embedder=embedder)
    real = Path.open

    def vanishing(self, *how, **more):
        if self.name == "ferry.txt":
            self.unlink(missing_ok=True)
        return real(self, *how, **more)

    monkeypatch.setattr(Path, "open", vanishing)
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (receipt.removed, receipt.failed, receipt.unchanged) == (("ferry.txt",), (), 2)


def test_removed_is_gone_and_all_removed_refuses(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    assert library.ask("Who found cracks in the bridge?", caution=0).citations
    (folder / "bridge.txt").unlink()
    assert rebuild(folder, index_folder, embedder=embedder).removed == ("bridge.txt",)
    assert library.refresh()
    found = library.search("cracks in the cables of the bridge")
    assert all(hit.article.id != "bridge.txt" for hit in found)
    for file in folder.iterdir():
        file.unlink()
    (folder / "picture.png").write_bytes(b"no article")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (len(receipt.removed), receipt.passages) == (2, 0)
    library.refresh()
    assert not library.ask("Who found cracks in the bridge?", caution=0).found
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    library.refresh()
    assert library.ask("Who found cracks in the bridge?", caution=0).found


def test_moved_is_renamed_and_embeds_nothing(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    (folder / "archive").mkdir()
    (folder / "bridge.txt").rename(folder / "archive" / "Brücke (closed).txt")
    embedder.embedded = []
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert receipt.renamed == (("bridge.txt", "archive/Brücke (closed).txt"),)
    assert (receipt.added, receipt.removed, receipt.embedded) == ((), (), 0)
    library = Library(folder, Index.open(index_folder), embedder)
    answer = library.ask("cracks in the cables of the bridge", caution=0)
    assert answer.citations[0].path == "archive/Brücke (closed).txt"
    assert answer.citations[0].state == "as indexed"


def test_rows_that_move_up_keep_their_vectors(folder, index_folder, embedder):
    rows = [json.dumps({"title": f"T{i}", "text": f"Story number {i} is here."}) for i in range(5)]
    (folder / "news.jsonl").write_text("\n".join(rows), encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    (folder / "news.jsonl").write_text("\n".join(rows[1:]), encoding="utf-8")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert receipt.embedded == 0
    opened = Index.open(index_folder)
    assert opened.store.article("news.jsonl#1").title == "T1"
    assert opened.store.count()[0] == 7


def test_touched_and_same_length_edits(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    os.utime(folder / "ferry.txt", (1, 1))
    assert rebuild(folder, index_folder, embedder=embedder).unchanged == 3
    times = (folder / "ferry.txt").stat()
    (folder / "ferry.txt").write_text(FERRY.replace("18 crowns", "19 crowns"), encoding="utf-8")
    os.utime(folder / "ferry.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert rebuild(folder, index_folder, embedder=embedder).changed == ("ferry.txt",)


def test_two_files_with_one_text_both_count(folder, index_folder, embedder):
    (folder / "copy.txt").write_text(BRIDGE, encoding="utf-8")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert len(receipt.added) == 4
    assert receipt.same_story == (("bridge.txt", "copy.txt"),)
    (folder / "bridge.txt").unlink()
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (receipt.removed, receipt.same_story) == (("bridge.txt",), ())


def test_failed_files_are_named_again_and_tried_again(folder, index_folder, embedder):
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert [p.path for p in rebuild(folder, index_folder, embedder=embedder).failed] == ["bad.pdf"]
    again = rebuild(folder, index_folder, embedder=embedder)
    assert [p.path for p in again.failed] == ["bad.pdf"]
    assert [p.path for p in check(folder, index_folder).failed] == ["bad.pdf"]


def test_another_model_or_splitter_builds_anew_and_says_so(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    other = HashedWords("other-words", 32)
    with pytest.raises(IndexMismatch, match="hashed-words"):
        Library(folder, Index.open(index_folder), other)
    receipt = rebuild(folder, index_folder, embedder=other)
    assert "hashed-words -> other-words" in receipt.reason
    assert receipt.embedded == receipt.passages
    receipt = rebuild(folder, index_folder, embedder=other, splitter=Splitter(words=30))
    assert "splitter" in receipt.reason


def test_an_index_keeps_its_model_until_another_is_asked_for(
    folder, index_folder, embedder, monkeypatch
):
    wanted = []

    def load(model):
        wanted.append(model)
        return embedder

    monkeypatch.setattr("askarticles.rebuilding.load_embedder", load)
    first = rebuild(folder, index_folder)
    again = rebuild(folder, index_folder)
    rebuild(folder, index_folder, model="other")
    # The second had nothing to embed.
    assert wanted == ["", "other"]
    assert (first.agrees, again.agrees) == (False, True)
    (folder / "new.txt").write_text("A new story\n\nIt is told in a line.\n", encoding="utf-8")
    rebuild(folder, index_folder)
    assert wanted == ["", "other", "hashed-words"]


def test_check_tells_agreement(folder, index_folder, embedder):
    with pytest.raises(IndexMissing, match="askarticles rebuild"):
        check(folder, index_folder)
    rebuild(folder, index_folder, embedder=embedder)
    assert check(folder, index_folder).agrees
    (folder / "new.txt").write_text("A new story\n\nIt is told.\n", encoding="utf-8")
    report = check(folder, index_folder)
    assert (report.agrees, report.added) == (False, ("new.txt",))


def test_no_folder_of_articles(tmp_path, index_folder, embedder):
    with pytest.raises(UsageError, match="--articles"):
        rebuild(tmp_path / "nowhere", index_folder, embedder=embedder)
    assert not index_folder.exists()


def test_nothing_of_others_is_removed(folder, index_folder, embedder):
    names = ("g20-summit", "building", "g000001", "g000002-0123abcd", "2024")
    for name in names:
        (index_folder / name).mkdir(parents=True)
        (index_folder / name / "notes.txt").write_text("mine", encoding="utf-8")
    for i in range(3):
        (folder / "new.txt").write_text(f"Story {i}\n\nIt is {i}.\n", encoding="utf-8")
        rebuild(folder, index_folder, embedder=embedder)
    assert all((index_folder / name / "notes.txt").is_file() for name in names)


def test_the_index_has_a_folder_of_its_own(folder, embedder):
    for place in (folder, folder.parent):
        with pytest.raises(UsageError, match="--index"):
            rebuild(folder, place, embedder=embedder)
    first = rebuild(folder, folder / "index", embedder=embedder)
    again = rebuild(folder, folder / "index", embedder=embedder)
    assert (first.failed, again.failed) == ((), ())
    assert again.generation == first.generation


def test_an_index_made_anew_in_the_same_place_is_noticed(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    shutil.rmtree(index_folder)
    (folder / "bridge.txt").unlink()
    library.rebuild()
    assert "bridge.txt" not in [item.article_id for item in library.listing()]


def test_what_cannot_be_written_is_said_in_a_line(folder, tmp_path, embedder):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexProblem, match="cannot be written"):
            rebuild(folder, place, embedder=embedder)


def test_a_file_that_cannot_be_read_for_the_moment_stays(
    folder, index_folder, embedder, monkeypatch
):
    rebuild(folder, index_folder, embedder=embedder)
    real = Path.open

    def failing(self, *how, **more):
        if self.name == "ferry.txt":
            raise OSError(5, "Input/output error")
        return real(self, *how, **more)

    monkeypatch.setattr(Path, "open", failing)
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert (receipt.removed, receipt.unchanged) == ((), 3)
    assert [p.path for p in receipt.failed] == ["ferry.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index_answers(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    for path in (index_folder, *index_folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    library = Library(folder, Index.open(index_folder), embedder)
    assert library.ask("What does a ticket cost?", caution=0).found


@pytest.mark.parametrize("pointer", [b"", b"\xff\xfe\x00", b"../../etc", b"g1"])
def test_any_broken_pointer_is_mended(folder, index_folder, embedder, pointer):
    rebuild(folder, index_folder, embedder=embedder)
    (index_folder / "current").write_bytes(pointer)
    with pytest.raises(IndexDamaged, match="rebuild"):
        Index.open(index_folder)
    assert rebuild(folder, index_folder, embedder=embedder).reason
    Index.open(index_folder)


@pytest.mark.parametrize("manifest", ['{"recipe": null}', "[]", '{"recipe": {"format": 1}}', "{"])
def test_any_broken_manifest_is_mended(folder, index_folder, embedder, manifest):
    generation = rebuild(folder, index_folder, embedder=embedder).generation
    (index_folder / generation / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="rebuild"):
        Index.open(index_folder)
    rebuild(folder, index_folder, embedder=embedder)
    Index.open(index_folder)


def test_the_second_rebuild_says_who_is_at_it_or_waits(folder, index_folder, embedder):
    begun, go_on = threading.Event(), threading.Event()

    class Held(HashedWords):
        def embed_passages(self, texts):
            begun.set()
            assert go_on.wait(60)
            return super().embed_passages(texts)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(rebuild, folder, index_folder, embedder=Held())
        assert begun.wait(60)
        with pytest.raises(IndexBusy, match=rf"process {os.getpid()}, since \d{{4}}-"):
            rebuild(folder, index_folder, embedder=embedder, wait=False)
        second = pool.submit(rebuild, folder, index_folder, embedder=embedder)
        go_on.set()
        assert first.result(60).embedded == first.result().passages
        assert second.result(60).agrees
    assert not (index_folder / "lock.holder").exists()


def test_what_the_dead_left_behind_holds_nobody_up(folder, index_folder, embedder):
    index_folder.mkdir()
    (index_folder / "lock").touch()
    (index_folder / "lock.holder").write_text('{"pid": 1, "since": "2020-01-01"}')
    assert len(rebuild(folder, index_folder, embedder=embedder, wait=False).added) == 3


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_damage_is_found_named_and_mended(folder, index_folder, embedder, damage):
    generation = rebuild(folder, index_folder, embedder=embedder).generation
    files = [p for p in (index_folder / generation).rglob("*") if p.is_file()]
    for file in sorted(files):
        data = file.read_bytes()
        if damage == "flip":
            file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
        elif damage == "truncate":
            file.write_bytes(data[:-1])
        else:
            file.unlink()
        with pytest.raises((IndexDamaged, IndexMismatch)) as raised:
            Index.open(index_folder)
        assert "askarticles rebuild" in str(raised.value)
        file.write_bytes(data)
    whole = rebuild(folder, index_folder, embedder=embedder)
    store = index_folder / generation / "articles.sqlite"
    store.write_bytes(store.read_bytes()[:-1])
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert "articles.sqlite" in receipt.reason
    assert (receipt.embedded, receipt.reused) == (0, whole.passages)
    (index_folder / receipt.generation / "vectors.f32").write_bytes(b"")
    receipt = rebuild(folder, index_folder, embedder=embedder)
    assert "vectors.f32" in receipt.reason
    assert receipt.embedded == whole.passages
    Index.open(index_folder)


def test_a_reader_keeps_its_generation(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    before = library.ask("What does a ticket cost?", caution=0).to_dict()
    for i in range(4):
        (folder / f"new{i}.txt").write_text(f"Story {i}\n\nIt is {i}.\n", encoding="utf-8")
        rebuild(folder, index_folder, embedder=embedder)
    assert library.ask("What does a ticket cost?", caution=0).to_dict() == before
    assert library.refresh()
    assert len([p for p in index_folder.glob("g*") if p.is_dir()]) == 2


def test_filters_apply_before_ranking(folder, index_folder, embedder):
    for i in range(30):
        text = f"Ferry notes {i}\n[March {i % 28 + 1}, 2020]\n\nThe night ferry sails at ten.\n"
        (folder / f"old{i:02d}.txt").write_text(text, encoding="utf-8")
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    hits = library.search("night ferry", filters=Filters(since="2024"), limit=10)
    assert {h.article.id for h in hits} == {"ferry.txt", "bridge.txt", "museum.txt"}
    assert len(library.search("night ferry", filters=Filters(until="2020-03"), limit=10)) == 10
    with pytest.raises(UsageError, match="soonish"):
        library.search("night ferry", filters=Filters(since="soonish"))


TEXTS = ("", FERRY, BRIDGE, FERRY[:200], MUSEUM, BRIDGE.replace("bridge", "ferry"), FERRY[200:])
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(TEXTS)), max_size=3), max_size=5
)
ASKED = (
    ("What does a ticket for the night ferry cost?", Filters()),
    ("Why was the bridge closed?", Filters(since="2024-06")),
    ("When sails the ferri to Hallow Isle?", Filters(until="2024")),
    ("ferry", Filters()),
)


def told(library):
    """All that a library answers, without the name of its generation."""
    plain = []
    for question, filters in ASKED:
        answer = library.ask(question, filters=filters, caution=0).to_dict()
        hits = library.search(question, filters=filters)
        del answer["generation"]
        plain.append(answer)
        plain.append([(h.article.id, h.passage.start, h.dense, h.lexical, h.score) for h in hits])
    return json.dumps(plain)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "by signs"])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_step_by_step_answers_the_same_as_at_once(tmp_path_factory, exact, changes):
    with pytest.MonkeyPatch.context() as patch:
        if not exact:
            patch.setattr("askarticles.vectors.EXACT_UP_TO", 0)
            patch.setattr("askarticles.vectors.CANDIDATES", 3)
            patch.setattr("askarticles.duplicates.NEIGHBOURS", 1)
        root = tmp_path_factory.mktemp("steps")
        folder, embedder = root / "articles", HashedWords()
        folder.mkdir()
        for step in changes:
            for name, text in step:
                file = folder / f"{name}.txt"
                if text:
                    file.write_text(text, encoding="utf-8")
                else:
                    file.unlink(missing_ok=True)
            rebuild(folder, root / "steps", embedder=embedder)
        rebuild(folder, root / "steps", embedder=embedder)
        rebuild(folder, root / "once", embedder=embedder)
        a, b = Index.open(root / "steps"), Index.open(root / "once")
        assert list(a.store.articles()) == list(b.store.articles())
        assert a.store.pairs() == b.store.pairs()
        assert a.passages == a.store.count()[1]
        for term in ("ferri", "bridg", "nothing"):
            assert a.document_frequency(term) == b.document_frequency(term)
        left, right = (told(Library(folder, index, embedder)) for index in (a, b))
        assert left == right
        a.close()
        b.close()


def test_vectors_come_back_bit_for_bit(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    opened = Index.open(index_folder)
    ids = opened.store.passage_ids()
    texts = list(embedder.embedded)
    assert np.array_equal(
        np.sort(opened.vectors(ids), axis=0), np.sort(embedder.embed_passages(texts), axis=0)
    )


SLOW = """
import sys, time
from pathlib import Path
from tests.conftest import HashedWords
from askarticles.rebuilding import rebuild

class Slow(HashedWords):
    def embed_passages(self, texts):
        print("embedding", flush=True)
        time.sleep(30)
        return super().embed_passages(texts)

rebuild(sys.argv[1], sys.argv[2], embedder=Slow())
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")
def test_killed_half_way_the_old_index_answers(folder, index_folder, embedder):
    rebuild(folder, index_folder, embedder=embedder)
    library = Library(folder, Index.open(index_folder), embedder)
    before = library.ask("What does a ticket cost?", caution=0).to_dict()
    (folder / "new.txt").write_text("A new story\n\nA ticket costs 99 crowns.\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(folder), str(index_folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "embedding\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    fresh = Library(folder, Index.open(index_folder), embedder)
    assert fresh.ask("What does a ticket cost?", caution=0).to_dict() == before
    # The lock of the dead is taken over, and the rebuild is done.
    start = time.monotonic()
    assert rebuild(folder, index_folder, embedder=embedder).added == ("new.txt",)
    assert time.monotonic() - start < 20
