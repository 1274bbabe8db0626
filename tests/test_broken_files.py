"""No file stops the others: whatever is in it, there is an article or a reason, in time."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askarticles.articles import read_file
from askarticles.reading.archives import Limits

SEEDS = Path(__file__).parents[1] / "seeds"
FILES = {
    path.suffix: path.read_bytes() for path in sorted(p for p in SEEDS.rglob("*") if p.is_file())
}
_SUFFIXES = """
.txt .md .html .htm .xhtml .mhtml .pdf .docx .epub .jsonl .json .csv .tsv .xml .rss .eml .gz .zip
"""
SUFFIXES = _SUFFIXES.split()
# Seconds after which a file counts as hung; the slowest here takes two on a quiet machine.
PATIENCE = 30


def outcome(name, data):
    """Reads a file; each of its articles holds what its offsets say, or a reason is given."""
    start = time.monotonic()
    read = read_file(name, data, Limits())
    assert time.monotonic() - start < PATIENCE
    assert read.readings or read.problems
    for problem in read.problems:
        assert problem.reason
        assert "\n" not in problem.reason
    for reading in read.readings:
        article = reading.article
        assert article.body.strip()
        assert "\x00" not in article.text
        assert article.text.startswith(article.title)
        offsets = [place.offset for place in article.places]
        assert offsets == sorted(offsets)
        article.text.encode()
    return read


@pytest.mark.parametrize("suffix", sorted(FILES))
def test_truncated(suffix):
    data = FILES[suffix]
    for share in (0.02, 0.3, 0.5, 0.9, 0.999):
        outcome(f"cut{suffix}", data[: int(len(data) * share)])


@pytest.mark.parametrize("suffix", sorted(FILES))
def test_flipped_bytes(suffix):
    chance = random.Random(suffix)
    for _ in range(5):
        data = bytearray(FILES[suffix])
        for _ in range(20):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        outcome(f"flipped{suffix}", bytes(data))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_wrong_ending(suffix):
    for data in (FILES[".txt"], FILES[".html"], FILES[".docx"][:4000], b"\xff\xfe\x00\x01" * 300):
        outcome(f"wrong{suffix}", data)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_any_bytes(suffix, data):
    outcome(f"any{suffix}", data)


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "shift_jis", "nonsense", "hex", "utf-7"])
def test_a_wrongly_declared_encoding(declared):
    page = f"""<html><head><meta charset="{declared}"><title>Fête à Øster</title></head><body>
    <article><h1>Fête à Øster</h1><p>La fête a réuni 900 personnes samedi, dit la mairie.</p>
    <p>“C’était très beau”, a dit une habitante de soixante ans.</p></article></body></html>"""
    read = outcome("page.html", page.encode("cp1252"))
    if declared in ("utf-8", "nonsense", "hex", "utf-7"):
        assert "900 personnes" in read.readings[0].article.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.html", b"<div>" * 20_000 + b"text of a story" + b"</div>" * 20_000),
        ("deep.json", b"[" * 100_000 + b"]" * 100_000),
        ("deep.xml", b"<?xml version='1.0'?><rss>" + b"<a>" * 20_000),
        ("deep.md", b"> " * 5_000 + b"text of a story"),
        ("lists.md", b"".join(b" " * i + b"- item\n" for i in range(600))),
        (
            "entities.xml",
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
            + b"]><rss><channel><item><title>&m;</title><description>&m;</description></item>"
            b"</channel></rss>",
        ),
        ("headers.eml", b"X: y\n" * 50_000 + b"\nA story is told here.\n"),
        ("quotes.csv", b'title,text\n"' + b'""' * 200_000),
        ("dashes.txt", b"- " * 200_000),
        ("brackets.txt", b"[" * 200_000),
        ("dots.txt", b"..." * 200_000),
        ("spaces.txt", b"word" + b" " * 500_000 + b"word."),
    ],
)
def test_hostile(name, data):
    outcome(name, data)


def test_archives_that_grow_without_end():
    packed = gzip.compress(bytes(200_000_000), 9)
    start = time.monotonic()
    assert outcome("bomb.txt.gz", packed).problems
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(100_000_000))
        archive.writestr("b.txt", FILES[".txt"])
    read = outcome("bomb.zip", buffer.getvalue())
    assert [r.article.id for r in read.readings] == ["bomb.zip#2"]
    assert time.monotonic() - start < PATIENCE


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".csv", ".jsonl", ".eml"])
def test_forty_megabytes_of_one_line(suffix):
    line = ("The harbour council of Brackenholt voted on Monday. " * 800_000)[:40_000_000]
    head = {".csv": "title,text\nT,", ".jsonl": '{"title": "T", "text": "', ".html": "<p>"}
    tail = {".jsonl": '"}'}
    tracemalloc.start()
    start = time.monotonic()
    data = f"{head.get(suffix, '')}{line}{tail.get(suffix, '')}".encode()
    read = read_file(f"line{suffix}", data, Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read.readings or read.problems
    assert peak < 2_000_000_000
    # Following every allocation makes Python several times slower; that is not the reader's time.
    assert time.monotonic() - start < 3 * PATIENCE
