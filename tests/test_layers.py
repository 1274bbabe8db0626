"""Each module imports only from those before it, and the package stays light to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import askarticles

PACKAGE = Path(askarticles.__file__).parent
# "reading" is one stage, the readers of the forms; within it nothing may go in a circle.
_ORDER = """
errors datatypes terms abbreviations sentences reading articles passages transformer embedder
duplicates store lexical neighbours vectors generations index unfinished changes checking rebuilding
watching telling numbers rows asking scoring reader answer outlets days limits wrappings asides talk
wording contrast followup meaning replies quoting conversation several library shelf examples
figures evaluation picture panel rendering guard renewal uploads doors tools page serving prompt
commands cli __main__
"""
ORDER = _ORDER.split()


def _modules() -> dict[str, Path]:
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "__init__.py"
    }


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module.startswith("askarticles."):
                found.add(node.module.removeprefix("askarticles."))
            elif node.module == "askarticles":
                found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("askarticles.")
                for alias in node.names
                if alias.name.startswith("askarticles.")
            }
    return found


def _stage(module: str) -> str:
    return module.split(".")[0]


def test_every_module_has_its_place():
    assert sorted({_stage(module) for module in _modules()}) == sorted(ORDER)


@pytest.mark.parametrize("module", sorted(_modules()))
def test_imports_come_from_before(module):
    stage = _stage(module)
    before = {*ORDER[: ORDER.index(stage)], *(["reading"] if stage == "reading" else [])}
    assert {_stage(imported) for imported in _imports(_modules()[module])} <= before


def test_readers_do_not_go_in_a_circle():
    graph = {
        module: {i for i in _imports(path) if _stage(i) == "reading"}
        for module, path in _modules().items()
        if _stage(module) == "reading"
    }
    assert list(TopologicalSorter(graph).static_order())


def test_import_loads_neither_torch_nor_gradio():
    code = (
        "import sys, askarticles; from askarticles import ask, rebuild, Library;"
        "heavy = {'torch', 'gradio', 'sentence_transformers', 'trafilatura', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_help_loads_nothing_but_the_command_line():
    code = (
        "import sys; from askarticles.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "{'numpy', 'faiss', 'watchfiles', 'lxml', 'torch', 'gradio', 'tqdm'}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip().endswith("[]")


def test_public_names_are_sorted_and_there():
    assert askarticles.__all__ == sorted(askarticles.__all__)
    for name in askarticles.__all__:
        assert getattr(askarticles, name).__name__ == name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = askarticles.nonsense
