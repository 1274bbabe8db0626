"""The generations in the folder of an index: written beside each other, swapped in one step.

embeddings/
    current                the name of the generation in use
    g000001-5f2a90c1/      one complete generation; nothing of it changes once it has its name
        manifest.json      what made it, and the size and hash of each of its files
    .building/             one that is being made
    .gone-g000001-.../     one that is being removed
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from xxhash import xxh3_128

from askarticles.errors import IndexDamaged, IndexMismatch, IndexMissing
from askarticles.vectors import ROWS

FORMAT = 5

_BUILDING, _GONE, _POINTER, _MANIFEST = ".building", ".gone-", "current", "manifest.json"
_GENERATION = re.compile(r"g\d{6}-[0-9a-f]{8}")
_MEND = "run `askarticles rebuild`"
_CHUNK = 2**20


def current_generation(folder: Path) -> str:
    """The name of the generation in use; IndexMissing when there is none."""
    try:
        name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(
            f"there is no index in {folder}; run `askarticles rebuild` (with --articles and "
            "--index if they are not in this folder)"
        ) from None
    except OSError as error:
        raise IndexDamaged(f"{folder / _POINTER} cannot be read: {error}") from error
    except ValueError:
        name = ""
    if not _GENERATION.fullmatch(name):
        raise IndexDamaged(f"{folder / _POINTER} does not name a generation; {_MEND}")
    return name


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest of a generation, as it is. Raises IndexDamaged, IndexMismatch."""
    file = path / _MANIFEST
    try:
        manifest = json.loads(file.read_bytes())
        found = manifest["recipe"]["format"]
        str(manifest["built"])
        if found == FORMAT:
            {name: (int(part["size"]), str(part["xxh3"])) for name, part in _files(manifest)}
    except FileNotFoundError:
        raise IndexDamaged(f"{file} is missing; {_MEND}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{file} is not readable ({error}); {_MEND}") from error
    if found != FORMAT:
        raise IndexMismatch(
            f"the index in {path} has format {found}, this version of askarticles "
            f"reads format {FORMAT}; {_MEND}"
        )
    return dict(manifest)


def check_files(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raises IndexDamaged unless every file of a generation is what was written."""
    for name, part in _files(manifest):
        file = path / name
        try:
            # A file that a later generation continues has grown.
            whole = file.stat().st_size >= part["size"]
            as_written = whole and part["xxh3"] in ("", _hash(file, part["size"]))
        except FileNotFoundError:
            raise IndexDamaged(f"{file} is missing; {_MEND}") from None
        except OSError as error:
            raise IndexDamaged(f"{file} cannot be read ({error}); {_MEND}") from error
        if not as_written:
            raise IndexDamaged(f"{file} is not what was written; {_MEND}")


def generations(folder: Path) -> list[Path]:
    """The generations in a folder: nothing else in it, whatever its name, is ours to remove."""
    return sorted(
        path
        for path in folder.iterdir()
        if _GENERATION.fullmatch(path.name)
        and ((path / _MANIFEST).is_file() or (path / ROWS).is_file())
    )


def start_generation(folder: Path) -> Path:
    """An empty folder to make a generation in."""
    building = folder / _BUILDING
    drop_leftovers(folder)
    building.mkdir(parents=True)
    return building


def drop_leftovers(folder: Path) -> None:
    """Removes what was being made or removed, as far as nobody hinders it."""
    shutil.rmtree(folder / _BUILDING, ignore_errors=True)
    for path in folder.glob(f"{_GONE}*"):
        if _GENERATION.fullmatch(path.name.removeprefix(_GONE)):
            shutil.rmtree(path, ignore_errors=True)


def publish(folder: Path, manifest: Mapping[str, Any], unhashed: str) -> str:
    """Puts the generation that has been made in use; its name.

    manifest: what made it. unhashed: the file in it that has checksums of its own.
    """
    building = folder / _BUILDING
    files = {
        path.name: {
            "size": path.stat().st_size,
            "xxh3": "" if path.name == unhashed else _hash(path, path.stat().st_size),
        }
        for path in sorted(building.iterdir())
    }
    (building / _MANIFEST).write_bytes(
        json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1).encode()
    )
    for path in building.iterdir():
        _sync(path)
    _sync(building)
    name = _next_name(folder, building / _MANIFEST)
    building.rename(folder / name)
    _sync(folder)
    pointer = folder / f"{_POINTER}.new"
    pointer.write_bytes(f"{name}\n".encode())
    _sync(pointer)
    pointer.replace(folder / _POINTER)
    _sync(folder)
    return name


def retire(folder: Path, keep: str, before: str) -> None:
    """Sets all generations but `keep` and the one in use before it aside, to be dropped.

    That one, if any, stays for readers that read the pointer just before it was swapped. What
    another program holds open, where that hinders, is left as a whole for the next time.
    """
    for path in generations(folder):
        if path.name not in (keep, before):
            with suppress(OSError):
                path.rename(folder / f"{_GONE}{path.name}")


def _files(manifest: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(manifest["files"].items())


def _next_name(folder: Path, manifest: Path) -> str:
    """A number, and a piece of the manifest's hash: a name is never given to two contents."""
    last = max((int(path.name[1:7]) for path in generations(folder)), default=0)
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    return f"g{last + 1:06d}-{digest[:8]}"


def _hash(path: Path, size: int) -> str:
    """Of the first bytes of a file. XXH3 and not SHA-256: 10 GB/s, not 1, on the same core."""
    digest = xxh3_128()
    with path.open("rb") as stream:
        while size > 0 and (part := stream.read(min(size, _CHUNK))):
            digest.update(part)
            size -= len(part)
    return str(digest.hexdigest())


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder, and does not need it.
    # Windows syncs only what is open for writing.
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
