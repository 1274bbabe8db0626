"""Follows a folder of articles, and says when something in it has changed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# A save is often several events, and a download or checkout many; they count as one change when
# they lie less than the first figure apart, but none is held back longer than the second.
_QUIET_MS, _LONGEST_MS = 200, 2000
# How soon a stop is noticed, and how often a missing folder is looked for.
_STEP_MS = 500
_POLL_MS = 1000
# File systems over a network or out of another machine, on which what others write gives no event.
_SILENT = ("nfs", "cifs", "smb", "9p", "fuse", "vboxsf", "vmhgfs", "drvfs", "prl_fs", "afs", "ceph")


def watch(articles: Path, index: Path, stop: threading.Event | None = None) -> Iterator[None]:
    """Yields once when the folder is watched, and then after every change in it, until `stop`.

    index: the folder of the index, whose changes are passed over. Where file events do not
    arrive the folder is looked through once a second; WATCHFILES_FORCE_POLLING=1 in the
    environment asks for that. A folder that vanishes is waited for.
    """
    from watchfiles import watch as events

    stop = stop or threading.Event()
    own = os.path.realpath(index)

    def of_articles(_: object, path: str) -> bool:
        place = os.path.realpath(path)
        return place != own and not place.startswith(own + os.sep)

    while not stop.is_set():
        if not articles.is_dir():
            time.sleep(_STEP_MS / 1000)
            continue
        with _held(articles) as stands:
            first = True
            for changes in events(
                articles,
                watch_filter=of_articles,
                debounce=_LONGEST_MS,
                step=_QUIET_MS,
                stop_event=stop,
                rust_timeout=_STEP_MS,
                yield_on_timeout=True,
                force_polling=True if _is_silent(articles) else None,
                poll_delay_ms=_POLL_MS,
                ignore_permission_denied=True,
            ):
                if first or changes:
                    yield
                first = False
                if not stands():
                    yield  # for the message that says so
                    break


@contextmanager
def _held(folder: Path) -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether the folder is still the one that it was.

    One that is removed and made anew gives no events any more. It is held open, so that the new
    one cannot get its number.
    """
    if os.name == "nt":  # where a folder that is watched cannot be removed
        yield folder.is_dir
        return
    try:
        held = os.open(folder, os.O_RDONLY)
    except OSError:
        yield folder.is_dir
        return

    def stands() -> bool:
        try:
            return os.path.samestat(os.fstat(held), folder.stat())
        except OSError:
            return False

    try:
        yield stands
    finally:
        os.close(held)


def _is_silent(folder: Path) -> bool:
    """Whether the folder lies on a file system that does not tell of changes, as far as known."""
    place = os.path.realpath(folder)
    if place.startswith("\\\\"):
        return True  # a share on Windows
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    best = ("", "")
    for line in lines:
        _, mount, kind = line.split(" ", 3)[:3]
        mount = mount.replace("\\040", " ")
        if f"{place}/".startswith(f"{mount.rstrip('/')}/") and len(mount) >= len(best[0]):
            best = (mount, kind)
    return best[1].startswith(_SILENT)
