"""Archives: what is in them comes out whole; what is wrong with them is said."""

import gzip
import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askarticles.datatypes import Problem
from askarticles.reading.archives import Limits, unpack

LIMITS = Limits(file_bytes=10_000, unpacked_bytes=25_000, members=20)


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def files(data, name="stories.zip", limits=LIMITS):
    return [item for item in unpack(data, name, limits) if not isinstance(item, Problem)]


def problems(data, name="stories.zip", limits=LIMITS):
    return [item for item in unpack(data, name, limits) if isinstance(item, Problem)]


def test_members_come_in_the_order_of_their_names_without_folders_and_hidden_ones():
    data = zipped(
        [
            ("b/2.txt", b"two"),
            ("a.txt", b"one"),
            ("b/", b""),
            ("__MACOSX/b/._2.txt", b"x"),
            (".git/config", b"x"),
            ("b/.DS_Store", b"x"),
        ]
    )
    assert list(unpack(data, "x.zip", LIMITS)) == [("a.txt", b"one"), ("b/2.txt", b"two")]


def test_a_gz_holds_one_file_under_the_name_without_the_ending():
    assert list(unpack(gzip.compress(b"{}"), "news.jsonl.gz", LIMITS)) == [("news.jsonl", b"{}")]


def test_a_gz_inside_a_folder_gives_the_name_alone():
    assert files(gzip.compress(b"x"), "2020/May.TXT.GZ") == [("May.TXT", b"x")]


def test_a_gz_of_several_parts_is_read_to_its_end():
    data = gzip.compress(b"first\n") + gzip.compress(b"second\n")
    assert files(data, "x.txt.gz") == [("x.txt", b"first\nsecond\n")]


def test_archives_inside_are_opened_one_level_deep():
    deepest = zipped([("c.txt", b"c")])
    inner = zipped([("b.txt", b"b"), ("more.zip", deepest)])
    data = zipped([("in.zip", inner), ("list.jsonl.gz", gzip.compress(b"{}"))])
    assert files(data) == [("in.zip/b.txt", b"b"), ("list.jsonl", b"{}")]
    assert [p.path for p in problems(data)] == ["in.zip/more.zip"]


@pytest.mark.parametrize("name", ["Überblick.txt", "市場.txt", "résumé/été.txt"])
def test_names_are_read_with_and_without_the_utf8_flag(name):
    data = zipped([(name, b"x")])
    assert files(data) == [(name, b"x")]
    assert files(_without_utf8_flag(data)) == [(name, b"x")]


def test_a_name_in_the_dos_code_page_is_read_as_such():
    data = zipped([("Zurich.txt", b"x")]).replace(b"Zurich", "Zürich".encode("cp437"))
    assert files(data) == [("Zürich.txt", b"x")]


def test_names_never_lead_out_of_the_folder():
    data = zipped([("../../etc/a.txt", b"1"), ("/b.txt", b"2"), ("C:\\d\\c.txt", b"3")])
    assert [name for name, _ in files(data)] == ["b.txt", "d/c.txt", "etc/a.txt"]


def test_a_name_that_stands_twice_is_told():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("a.txt", b"old"), ("a.txt", b"new")])
    assert files(data) == [("a.txt", b"new")]
    assert "twice" in problems(data)[0].reason


def test_a_locked_member_is_a_problem_and_the_rest_goes_on():
    data = bytearray(zipped([("a.txt", b"open"), ("b.txt", b"locked")]))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + flags] |= 1
    assert files(bytes(data)) == [("a.txt", b"open")]
    assert [(p.path, "password" in p.reason) for p in problems(bytes(data))] == [("b.txt", True)]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_measured_are_refused(compression):
    data = zipped([("a.txt", b"0" * 9_000)], compression)
    assert files(data) == []
    assert "method" in problems(data)[0].reason


def test_a_damaged_member_is_a_problem_and_the_rest_goes_on():
    data = zipped([("a.txt", b"good"), ("b.txt", b"harmed")], zipfile.ZIP_STORED)
    data = data.replace(b"harmed", b"hurt!!")
    assert files(data) == [("a.txt", b"good")]
    assert "damaged" in problems(data)[0].reason


def test_a_large_member_is_a_problem_and_the_rest_goes_on():
    data = zipped([("a.txt", b"0" * 10_001), ("b.txt", b"0" * 10_000)])
    assert [name for name, _ in files(data)] == ["b.txt"]
    assert [p.path for p in problems(data)] == ["a.txt"]


def test_the_size_is_measured_not_believed():
    data = zipped([("a.txt", b"0" * 20_000)])
    data = data.replace(struct.pack("<L", 20_000), struct.pack("<L", 5))
    assert files(data) == []
    assert len(problems(data)) == 1


def test_unpacking_stops_when_the_archive_is_too_large_as_a_whole():
    data = zipped([(f"{n}.txt", b"0" * 9_000) for n in range(5)])
    assert [name for name, _ in files(data)] == ["0.txt", "1.txt"]
    assert [p.path for p in problems(data)] == ["2.txt"]


def test_too_many_members_are_refused():
    data = zipped([(f"{n}.txt", b"") for n in range(21)])
    assert list(unpack(data, "x.zip", LIMITS)) == [
        Problem("", "holds more than 20 files; unpack it by hand")
    ]


def test_a_bomb_ends_fast_and_in_little_memory():
    deflated = io.BytesIO()
    with (
        zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("zeros.txt", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))
    data = deflated.getvalue()
    limits = Limits(file_bytes=5_000_000, unpacked_bytes=50_000_000)
    for bomb, name in ((data, "x.zip"), (zipped([("in.zip", data)]), "x.zip")):
        tracemalloc.start()
        began = time.perf_counter()
        found = list(unpack(bomb, name, limits))
        spent = time.perf_counter() - began
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [type(item) for item in found] == [Problem]
        assert spent < 2
        assert peak < 20_000_000


@pytest.mark.parametrize("data", [b"", b"PK", b"\x1f\x8b", b"plain words"])
def test_what_is_no_archive_is_a_problem_of_the_whole(data):
    for name in ("x.zip", "x.gz"):
        found = list(unpack(data, name, LIMITS))
        if not (data == b"" and name == "x.gz"):
            assert [p.path for p in found if isinstance(p, Problem)] == [""]


MEMBERS = st.lists(
    st.tuples(st.from_regex(r"[a-z]{1,8}\.txt", fullmatch=True), st.binary(max_size=200)),
    max_size=4,
    unique_by=lambda member: member[0],
)


@given(MEMBERS)
def test_what_was_packed_comes_out(members):
    assert files(zipped(members)) == sorted(members)


@given(MEMBERS, st.data())
def test_harmed_archives_give_problems_and_nothing_else(members, draw):
    data = bytearray(zipped(members) if draw.draw(st.booleans()) else gzip.compress(b"abc" * 50))
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    cut = bytes(data[: draw.draw(st.integers(0, len(data)))])
    for name in ("x.zip", "x.txt.gz"):
        for harmed in (bytes(data), cut):
            list(unpack(harmed, name, LIMITS))


def _without_utf8_flag(data):
    harmed = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        harmed[data.index(signature) + flags] &= ~0x08
    return bytes(harmed)
