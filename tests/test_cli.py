"""Commands say what they did; errors are one line and an exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time

import pytest
from filelock import FileLock

from askarticles.cli import main
from tests.conftest import HashedWords


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The commands with an embedder that needs no model."""
    embedder = HashedWords()
    for module in ("rebuilding", "library", "evaluation"):
        monkeypatch.setattr(f"askarticles.{module}.load_embedder", lambda model="": embedder)


@pytest.fixture
def run(folder, index_folder, capsys):
    def run(command, *arguments, code=0, folders=True):
        places = ["--articles", str(folder), "--index", str(index_folder)] if folders else []
        assert main([command, *places, *arguments]) == code
        return capsys.readouterr()

    return run


def test_rebuild_ask_check(run, folder):
    (folder / "empty.txt").write_bytes(b"")
    shown = run("rebuild").out
    assert "+ bridge.txt" in shown
    assert "! empty.txt: is empty" in shown
    assert "3 added, 0 changed, 0 removed, 0 renamed, 0 unchanged, 1 failed" in shown
    answer = run("ask", "Why was the bridge closed?", "--caution", "0").out
    assert answer.startswith("[1] The bridge on Harrow Street was closed on Monday")
    assert "bridge.txt, line " in answer
    assert "the index agrees" in run("check").out
    (folder / "bridge.txt").unlink()
    assert "1 removed" in run("check", code=1).out
    assert "- bridge.txt" in run("rebuild").out


def test_json(run):
    receipt = json.loads(run("rebuild", "--json").out)
    assert (len(receipt["added"]), receipt["changed"], receipt["unchanged"]) == (3, [], 0)
    answer = json.loads(run("ask", "--json", "--caution", "0", "--", "-why: bridge closed").out)
    assert answer["found"] is True
    assert {"quote", "path", "start", "end", "title", "source", "published", "url", "score"} <= set(
        answer["citations"][0]
    )
    report = json.loads(run("check", "--json").out)
    assert report["agrees"] is True


def test_filters_and_limit(run):
    run("rebuild")
    asked = ("ask", "Why was the bridge closed?", "--json", "--caution", "0")
    old = json.loads(run(*asked, "--until", "2024-05-31").out)
    assert {c["path"] for c in old["citations"]} <= {"ferry.txt"}
    one = json.loads(run(*asked, "--limit", "1").out)
    assert len(one["citations"]) == 1
    wrong = run(*asked, "--since", "soonish", code=2).err
    assert "soonish" in wrong
    assert wrong.count("\n") == 1


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_an_error(run, question):
    run("rebuild")
    shown = run("ask", question, code=2)
    assert (shown.out, shown.err) == (
        "",
        "error: the question is empty; type what you want to know\n",
    )


def test_no_index_and_no_articles(run, tmp_path, capsys):
    assert "run `askarticles rebuild`" in run("ask", "Why?", code=1).err
    assert main(["ask", "Why?", "--articles", str(tmp_path / "nowhere")]) == 2
    shown = capsys.readouterr().err
    assert "--articles" in shown
    assert shown.count("\n") == 1


def test_show(run, folder, capsys):
    assert main(["show", str(folder / "ferry.txt")]) == 0
    shown = capsys.readouterr().out
    assert "title:     Night ferry to Hallow Isle sails again" in shown
    assert "author:    Nerissa Valdt" in shown
    assert "published: 2024-05-02" in shown
    assert "left out at line 2" in shown
    assert main(["show", str(folder / "ferry.txt"), "--json"]) == 0
    article = json.loads(capsys.readouterr().out)[0]
    cut = [article["text"][a:b] for a, b in article["sentences"]]
    assert "Bicycles travel free." in cut


def test_show_names_what_it_cannot_read(folder, capsys):
    (folder / "empty.txt").write_bytes(b"")
    assert main(["show", str(folder / "empty.txt")]) == 1
    assert capsys.readouterr().err == "error: empty.txt: is empty\n"
    assert main(["show", str(folder / "nowhere.txt")]) == 2


def test_evaluate(tmp_path, capsys):
    articles = [
        {"id": "a", "title": "Ferry", "text": "The night ferry leaves at ten. It is blue."},
        {"id": "b", "title": "Bridge", "text": "The bridge was closed for cracks."},
    ]
    questions = [
        {"question": "When does the ferry leave?", "answers": ["at ten"], "article_ids": ["a"],
         "answerable": True},
        {"question": "Who plays chess?", "answers": [], "article_ids": [], "answerable": False},
    ]  # fmt: skip
    for name, rows in (("articles", articles), ("questions", questions)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    files = [str(tmp_path / "questions.jsonl"), "--articles", str(tmp_path / "articles.jsonl")]
    assert main(["evaluate", *files]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"passage R@1 +100\.0 \[100\.0, 100\.0\]", shown)
    assert re.search(r"AUROC +1\.000", shown)
    figures, floors = tmp_path / "figures.json", tmp_path / "floors.json"
    bounds = {"at least": {"first quotation": 1.0}, "at most": {"risk at 50 %": 0.0}}
    floors.write_text(json.dumps(bounds), encoding="utf-8")
    assert main(["evaluate", *files, "--json", str(figures), "--floors", str(floors)]) == 0
    assert json.loads(figures.read_bytes())["figures"]["ours"]["AUROC"]["value"] == 1.0
    floors.write_text('{"at most": {"AURC": 0.1}, "at least": {"AUROC": 1.1}}', encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", *files, "--floors", str(floors)]) == 1
    assert capsys.readouterr().err.split("\n")[:2] == [
        f"error: AUROC is 1.0000, below 1.1 in {floors}",
        f"error: AURC is 0.2500, above 0.1 in {floors}",
    ]
    nowhere = str(tmp_path / "nowhere" / "figures.json")
    assert main(["evaluate", *files, "--json", nowhere]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "questions.jsonl").write_text("{}", encoding="utf-8")
    assert main(["evaluate", *files]) == 2
    assert "line 1" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["chat", "ask", "rebuild", "check", "show", "evaluate"])
def test_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert f"example: askarticles {command}" in shown


def test_wrong_usage_is_two():
    with pytest.raises(SystemExit, match="2"):
        main(["nonsense"])


def test_interrupted(monkeypatch, run):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("askarticles.rebuilding.rebuild", interrupted)
    assert run("rebuild", code=130).err == "stopped\n"


def test_as_a_module():
    shown = subprocess.run(
        [sys.executable, "-m", "askarticles", "--help"], capture_output=True, text=True, check=True
    )
    assert "rebuild" in shown.stdout


def test_a_prompt_needs_a_terminal(run):
    run("rebuild")
    for more in ((), ("--json",)):
        assert run("ask", *more, code=2).err == (
            "error: the question is missing; type it behind `askarticles ask`\n"
        )


def test_questions_one_after_the_other_at_a_terminal(run, monkeypatch):
    run("rebuild")
    lines = iter(["What does a ticket to Hallow Isle cost?", "1", "quit"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("askarticles.prompt.input", lambda prompt: next(lines), raising=False)
    shown = run("ask", "--caution", "0", "--limit", "1").out
    assert "Night ferry to Hallow Isle sails again · Northline · 2024-05-02" in shown
    assert "\n> " in shown
    assert "\n  The council found the money" in shown


def test_watch_rebuilds_after_every_change_and_after_a_bad_moment(run, folder, monkeypatch):
    def watch(articles, index):
        yield
        (folder / "new.txt").write_text("A new story\n\nIt is told.\n", encoding="utf-8")
        yield
        folder.rename(folder.parent / "away")
        yield
        (folder.parent / "away").rename(folder)
        (folder / "bridge.txt").unlink()
        yield

    monkeypatch.setattr("askarticles.watching.watch", watch)
    shown = run("rebuild", "--watch")
    later = shown.out.partition(" passages, ")[2]
    assert re.findall(r"^[+-] .*", later, re.MULTILINE) == ["+ new.txt", "- bridge.txt"]
    assert "error: there is no folder of articles" in shown.err


def test_another_rebuild_is_waited_for_unless_told_not_to(run, index_folder):
    index_folder.mkdir()
    held, asked = threading.Event(), threading.Event()

    def hold():
        with FileLock(index_folder / "lock"):
            held.set()
            asked.wait(30)
            time.sleep(0.3)  # the other is waiting by now, or else finds the lock free

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(30)
    assert "another rebuild of" in run("rebuild", "--no-wait", code=1).err
    asked.set()
    shown = run("rebuild")
    thread.join()
    assert shown.err.startswith("waiting: another rebuild of") or not shown.err
    assert "3 added" in shown.out
