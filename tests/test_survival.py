"""Whatever stops a rebuild, the index opens afterwards with the old answers or the new ones."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from askarticles.errors import AskArticlesError, IndexProblem
from askarticles.index import Index
from askarticles.library import Library
from askarticles.rebuilding import rebuild
from tests.conftest import BRIDGE, FERRY, HashedWords

if os.name == "nt":
    pytest.skip("kills and limits are of POSIX", allow_module_level=True)

QUESTIONS = (
    "What does a ticket to Hallow Isle cost?",
    "Who found cracks in the bridge?",
    "How many visitors had the museum?",
    "Who bought the mill?",
)
# Children are forked from a process that has imported all this and started no thread.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.test_survival"])


def answers(folder: Path, index: Path) -> str:
    """All that the index in use answers, without the name of its generation."""
    opened = Index.open(index)
    library = Library(folder, opened, HashedWords())
    found = [library.ask(question, caution=0).to_dict() for question in QUESTIONS]
    opened.close()
    return json.dumps([{k: v for k, v in a.items() if k != "generation"} for a in found])


@pytest.fixture
def scene(folder, tmp_path):
    """A folder that has changed, the index from before, and the answers of before and after."""
    before, after = tmp_path / "before", tmp_path / "after"
    (folder / "old.txt").write_text("Old story\n\nIt is told.\n", encoding="utf-8")
    rebuild(folder, before, embedder=HashedWords())
    (folder / "old.txt").unlink()
    rebuild(folder, before, embedder=HashedWords())
    (folder / "ferry.txt").write_text(FERRY.replace("18 crowns", "21 crowns"), encoding="utf-8")
    (folder / "bridge.txt").unlink()
    (folder / "mill.txt").write_text("The mill is sold\n\nA baker bought the mill.\n")
    rebuild(folder, after, embedder=HashedWords())
    old, new = answers(folder, before), answers(folder, after)
    assert old != new
    return Scene(folder, before, tmp_path / "index", old, new)


class Scene:
    def __init__(self, folder: Path, before: Path, index: Path, old: str, new: str) -> None:
        self.folder, self.before, self.index, self.old, self.new = folder, before, index, old, new

    def reset(self) -> None:
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.before, self.index)

    def check(self) -> None:
        """The old answers or the new, and after the next rebuild the new and nothing left over."""
        assert answers(self.folder, self.index) in (self.old, self.new)
        rebuild(self.folder, self.index, embedder=HashedWords())
        assert answers(self.folder, self.index) == self.new
        names = {path.name for path in self.index.iterdir() if not path.name.startswith("g0")}
        assert names <= {"current", "current.new", "lock"}, names
        assert len(list(self.index.glob("g0*"))) <= 2


def in_child(function, *arguments):
    """Runs a function in a process of its own; its exit code."""
    process = processes.Process(target=function, args=arguments)
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    return code


def killed_at(folder: Path, index: Path, call: int, count: Path | None) -> None:
    """Rebuilds and is killed before the nth call of a function, of Python or C."""
    calls = 0

    def profile(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(profile)
    rebuild(folder, index, embedder=HashedWords())
    sys.setprofile(None)
    if count is not None:
        count.write_text(str(calls))


@pytest.mark.parametrize(
    "kills", [pytest.param(5, id="5"), pytest.param(200, id="200", marks=pytest.mark.slow)]
)
def test_killed_at_any_moment(scene, tmp_path, kills):
    scene.reset()
    assert in_child(killed_at, scene.folder, scene.index, 0, tmp_path / "calls") == 0
    calls = int((tmp_path / "calls").read_text())
    moments = random.Random(kills).sample(range(1, calls), kills)
    for moment in moments:
        scene.reset()
        code = in_child(killed_at, scene.folder, scene.index, moment, None)
        assert code in (-signal.SIGKILL, 0)  # 0 where the last run was a few calls shorter
        scene.check()


class Crash(BaseException):
    """Stands for the end of the process: nothing that it would still do to a file is done."""


class Faults:
    """Lets the nth operation on a file of the index fail, or it and all after it."""

    EVENTS = (
        "open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate",
        "os.listdir", "os.scandir", "shutil.copyfile", "shutil.rmtree", "sqlite3.connect",
    )  # fmt: skip

    def __init__(self, index: Path) -> None:
        self.place, self.armed = str(index), False
        self.fsync = os.fsync
        setattr(os, "fsync", self.synced)  # noqa: B010 - a stand-in
        sys.addaudithook(self.audited)

    def arm(self, fatal: int, crash: bool) -> None:
        self.fatal, self.crash, self.done, self.armed = fatal, crash, 0, True

    def audited(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.armed and event in self.EVENTS and self.place in str(arguments[0]):
            self.operate()

    def synced(self, descriptor: int) -> None:
        if self.armed:
            self.operate()
        self.fsync(descriptor)

    def operate(self) -> None:
        self.done += 1
        if self.crash and self.done >= self.fatal:
            raise Crash
        if self.done == self.fatal:
            raise OSError(errno.ENOSPC, "No space left on device")


def all_faults(scene: Scene, crash: bool, step: int) -> None:
    """Rebuilds once for every `step`th operation, which fails."""
    faults = Faults(scene.index)
    fatal, failed = 1, 0
    while True:
        scene.reset()
        faults.arm(fatal, crash)
        try:
            rebuild(scene.folder, scene.index, embedder=HashedWords())
        except (Crash, AskArticlesError) as error:
            assert isinstance(error, Crash if crash else IndexProblem), repr(error)
            failed += 1
        faults.armed = False
        scene.check()
        if faults.done < fatal:
            break
        fatal += step
    assert failed >= 40 // step


@pytest.mark.parametrize("crash", [False, True], ids=["full disk", "crash"])
@pytest.mark.parametrize(
    "step", [pytest.param(11, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_every_operation_on_a_file_may_fail(scene, crash, step):
    assert in_child(all_faults, scene, crash, step) == 0


def all_limits(scene: Scene) -> None:
    """Rebuilds with less and less room in a file, which SQLite and NumPy meet as well."""
    import resource

    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    failed = 0
    for room in (0, 100, 3_000, 10_000, 40_000, 100_000_000):
        scene.reset()
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
        try:
            rebuild(scene.folder, scene.index, embedder=HashedWords())
        except IndexProblem:
            failed += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        scene.check()
    assert 3 <= failed < 6


@pytest.mark.slow
def test_a_full_disk(scene):
    assert in_child(all_limits, scene) == 0


def stated(answer) -> str:
    """An answer without the names of generation and state, which change while all rebuild."""
    plain = answer.to_dict()
    for quoted in plain["citations"] + plain["nearest"]:
        del quoted["state"]
    del plain["generation"]
    return json.dumps(plain)


def ask_until(folder: Path, index: Path, known: set[str], end: Path) -> None:
    """Opens and asks, again and again, in a process of its own."""
    while not end.exists():
        library = Library(folder, Index.open(index), HashedWords())
        assert {stated(library.ask(question, caution=0)) for question in QUESTIONS} <= known


@pytest.mark.slow
def test_many_ask_while_one_rebuilds(folder, index_folder, tmp_path):
    known = set()

    def put(number: int) -> None:
        bridge = BRIDGE.replace("eleven weeks", f"{number + 2} weeks")
        (folder / "bridge.txt").write_text(bridge, encoding="utf-8")
        if number % 2:
            (folder / "ferry.txt").unlink()
        else:
            (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
        rebuild(folder, index_folder, embedder=HashedWords())

    for number in (1, 0):
        put(number)
        library = Library(folder, Index.open(index_folder), HashedWords())
        known |= {stated(library.ask(question, caution=0)) for question in QUESTIONS}
    end, stop = tmp_path / "end", threading.Event()

    def ask() -> None:
        while not stop.is_set():
            library.refresh()
            assert {stated(library.ask(question, caution=0)) for question in QUESTIONS} <= known

    askers = [
        processes.Process(target=ask_until, args=(folder, index_folder, known, end))
        for _ in range(2)
    ]
    for asker in askers:
        asker.start()
    with ThreadPoolExecutor(4) as pool:
        threads = [pool.submit(ask) for _ in range(4)]
        try:
            for number in (1, 0) * 2:
                put(number)
        finally:
            stop.set()
            end.touch()
        for thread in threads:
            thread.result()
    for asker in askers:
        asker.join()
        assert asker.exitcode == 0
        asker.close()
