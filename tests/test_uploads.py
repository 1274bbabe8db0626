"""Files that people add: what is taken, under which name, and what is refused."""

from __future__ import annotations

import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from askarticles.articles import FORMS
from askarticles.errors import UsageError
from askarticles.reading.archives import Limits
from askarticles.uploads import FOLDER, Taken, Uploads, route, safe_name

TEXT = b"Kettle factory reopens\n\nThe kettle factory of Brannock reopened on Monday.\n"
OTHER = b"Kettle factory closes\n\nThe kettle factory of Brannock closed on Friday.\n"


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("kettle.txt", "kettle.txt"),
        ("../../etc/kettle.txt", "kettle.txt"),
        ("C:\\Users\\ada\\kettle.txt", "kettle.txt"),
        ("..\\..\\kettle.txt", "kettle.txt"),
        (".hidden.txt", "hidden.txt"),
        ("~$kettle.docx", "kettle.docx"),
        ("ket\0tle\u202e\n.txt", "kettle.txt"),
        ('a<b>:"c|?*.html', "a_b___c___.html"),
        ("con.txt", "_con.txt"),
        ("Lpt1.old.txt", "_Lpt1.old.txt"),
        ("kettle.txt. ", "kettle.txt"),
        ("Cre\u0301me.TXT", "Cr\u00e9me.TXT"),
        ("words.txt.gz", "words.txt.gz"),
    ],
)
def test_a_name_leads_nowhere(given, safe):
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    "name", ["", ".txt", "..", "/", "a.exe", "a", "a.txt/", "a.js", "x.html.exe"]
)
def test_other_forms_are_refused(name):
    with pytest.raises(UsageError, match=r"form that is not read.*\.docx"):
        safe_name(name)


@settings(deadline=None)  # a machine may be busy
@given(st.text(max_size=300), st.sampled_from(sorted(FORMS)))
def test_every_name_is_one_file_in_the_folder(stem, suffix):
    try:
        name = safe_name(stem + suffix)
    except UsageError:
        return
    assert not set(name) & set('/\\<>:"|?*\0') and name[0] not in ".~ "
    assert len(name.encode()) <= 150 and name.lower().endswith(suffix)
    assert Path(name).name == name == safe_name(name)


def test_a_file_is_added_whole_and_named_by_its_article(uploads, tmp_path):
    saved = uploads.save("kettle.txt", TEXT)
    assert (saved.path, saved.titles) == ("added/kettle.txt", ("Kettle factory reopens",))
    assert [p.name for p in (tmp_path / FOLDER).iterdir()] == ["kettle.txt"]
    assert (tmp_path / FOLDER / "kettle.txt").read_bytes() == TEXT
    assert uploads.save("kettle.txt", TEXT) == saved  # again: nothing to do


def test_no_other_article_is_written_over_unless_said(uploads, tmp_path):
    uploads.save("kettle.txt.gz", _gz(TEXT))
    uploads.save("kettle.txt", TEXT)
    with pytest.raises(Taken, match=r"another kettle\.txt"):
        uploads.save("kettle.txt", OTHER)
    assert (tmp_path / FOLDER / "kettle.txt").read_bytes() == TEXT
    assert uploads.save("kettle.txt", OTHER, "both").path == "added/kettle (2).txt"
    assert uploads.save("kettle.txt.gz", _gz(OTHER), "both").path == "added/kettle (2).txt.gz"
    assert uploads.save("kettle.txt", OTHER, "replace").path == "added/kettle.txt"
    assert (tmp_path / FOLDER / "kettle.txt").read_bytes() == OTHER
    with pytest.raises(UsageError, match="existing"):
        uploads.save("kettle.txt", TEXT, "anything")


def _gz(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty.txt is empty"),
        ("broken.pdf", b"%PDF-1.4 nothing", "broken.pdf "),
        ("broken.docx", b"PK\x03\x04nothing", "broken.docx "),
        ("broken.zip", b"nothing", "broken.zip "),
    ],
)
def test_what_holds_no_article_is_not_kept(uploads, tmp_path, name, data, reason):
    with pytest.raises(UsageError, match=reason):
        uploads.save(name, data)
    assert not (tmp_path / FOLDER).exists()


def test_the_folder_takes_no_more_than_so_much(tmp_path):
    few = Uploads(tmp_path, most_files=2)
    few.save("a.txt", TEXT)
    few.save("b.txt", TEXT)
    with pytest.raises(UsageError, match=r"is full \(2 files\)"):
        few.save("c.txt", TEXT)
    small = Uploads(tmp_path, most_bytes=200)
    with pytest.raises(UsageError, match="is full"):
        small.save("c.txt", TEXT)
    with pytest.raises(UsageError, match="over the limit"):
        Uploads(tmp_path, limits=Limits(file_bytes=10)).save("c.txt", TEXT)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be written to"):
        Uploads(tmp_path).save("a.txt", TEXT)


def test_many_at_once_lose_nothing(uploads, tmp_path):
    def send(number: int) -> None:
        uploads.save("kettle.txt", TEXT + b"\n\nAnd %d more." % number, "both")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({p.read_bytes() for p in (tmp_path / FOLDER).iterdir()}) == 12


def test_over_http(tmp_path):
    uploads = Uploads(tmp_path, limits=Limits(file_bytes=1000))
    client = TestClient(Starlette(routes=[route(uploads)]))
    bytes_ = {"content-type": "application/octet-stream"}

    def send(data: bytes, headers: dict[str, str] = bytes_, **query: str) -> tuple[int, Any]:
        response = client.post("/articles", params=query, content=data, headers=headers)
        return response.status_code, response.json()

    code, saved = send(TEXT, name="../kettle.txt")
    assert (code, saved["path"]) == (200, "added/kettle.txt")
    assert saved["titles"] == ["Kettle factory reopens"]
    assert send(OTHER, name="kettle.txt")[1]["taken"] is True
    assert "error" not in send(OTHER, name="kettle.txt", existing="both")[1]
    assert "form that is not read" in send(TEXT, name="kettle.exe")[1]["error"]
    assert "error" in send(TEXT)[1]
    assert send(b"x" * 1001, name="a.txt")[0] == 413
    # What a form of another site could send.
    assert send(TEXT, {"content-type": "text/plain"}, name="a.txt")[0] == 415
    assert sorted(p.name for p in (tmp_path / FOLDER).iterdir()) == [
        "kettle (2).txt",
        "kettle.txt",
    ]


def test_an_archive_adds_all_its_articles(uploads):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("../b.txt", OTHER)
    saved = uploads.save("pack.zip", packed.getvalue())
    assert saved.titles == ("Kettle factory reopens", "Kettle factory closes")
