"""Every command and every block of code in the README does what the README shows."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from askarticles.cli import _parser, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
TIMES = re.compile(r"\d+(?:\.\d+)? s$", re.MULTILINE)


def commands():
    """(command, what it prints) of the blocks that show a terminal."""
    for kind, block in BLOCKS:
        if kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield command, output


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample articles and their index in it and nothing else."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "seeds", home / "seeds")
    main(["rebuild", "--articles", str(home / "seeds"), "--index", str(home / "embeddings")])
    return home


@pytest.mark.model
def test_the_session_is_real(home, monkeypatch, capsys):
    monkeypatch.chdir(home)
    shown = [(c, o) for c, o in commands() if c.startswith("askarticles ") and o.strip()]
    assert {command.split()[1] for command, _ in shown} >= {"rebuild", "ask", "check"}
    capsys.readouterr()
    for command, output in shown:
        main(shlex.split(command)[1:])
        printed = capsys.readouterr().out
        assert TIMES.sub("", printed).strip() == TIMES.sub("", output).strip(), command


@pytest.mark.model
def test_the_python_is_real(home, monkeypatch):
    monkeypatch.chdir(home)
    [code] = [block for kind, block in BLOCKS if kind == "python"]
    source = re.sub(r"^(?:>>>|\.\.\.) ?", "", "\n".join(
        line for line in code.splitlines() if line.startswith((">>>", "..."))
    ), flags=re.MULTILINE)  # fmt: skip
    wanted = "\n".join(line for line in code.splitlines() if not line.startswith((">>>", "...")))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "README.md", "exec"), {})
    assert printed.getvalue().strip() == wanted.strip()


def test_every_command_that_is_named_is_one():
    named = re.findall(r"(?:^\$ |`|&& )(askarticles [^`\n]*?)(?=`|$)", README, re.MULTILINE)
    assert len(named) > 8
    for command in named:
        words = shlex.split(command)[1:]
        if words == ["show", "FILE"] or len(words) > 1 or words[0] in ("chat", "rebuild", "check"):
            _parser().parse_args(words)


def test_every_command_is_in_the_readme():
    for command in ("chat", "ask", "rebuild", "check", "show", "evaluate"):
        assert f"askarticles {command}" in README


def test_every_module_is_in_the_readme():
    package = ROOT / "src" / "askarticles"
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    # Those that a reader of the table does not have to know.
    small = {"errors", "datatypes", "terms", "examples", "rendering", "guard", "renewal"}
    table = README[README.index("## How it works") : README.index("## What it reads")]
    assert {name for name in modules - small if f"`{name}`" not in table} == set()


def test_the_two_commands_come_first():
    first = [command for command, _ in commands()][:2]
    assert first == [
        "python -m pip install . && askarticles chat",
        "python -m pip install '.[test]' && pytest",
    ]
