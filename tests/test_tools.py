"""What an assistant gets over MCP, asked by the client of the mcp package."""

from __future__ import annotations

import builtins
import json
from typing import Any

import pytest

from askarticles import tools
from askarticles.errors import UsageError
from askarticles.serving import Options, check, serve
from tests.browser_library import ARTICLES, FakeLibrary, shelf

QUESTION = "How many bicycle hooks does the night ferry boat have?"


@pytest.fixture(scope="module")
def url():
    pytest.importorskip("mcp.server.mcpserver", reason="no mcp here: pip install 'mcp>=2,<3'")
    serving = serve(shelf(FakeLibrary()), Options(mcp=True))
    yield f"{serving.url}/mcp"
    serving.close()


def run(url: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The tools, then the result of each call."""
    import anyio
    from mcp import Client

    async def talk() -> list[Any]:
        async with Client(url) as client:
            listed = (await client.list_tools()).tools
            return [listed, *[await client.call_tool(name, given) for name, given in calls]]

    return anyio.run(talk)


def test_an_assistant_gets_two_tools(url):
    [listed] = run(url)
    assert [tool.name for tool in listed] == ["ask", "read_article"]
    ask, read = (tool.input_schema for tool in listed)
    assert ask["required"] == ["question"] and read["required"] == ["article_id"]
    assert set(ask["properties"]) == {
        "question", "source", "since", "until", "limit", "history",
    }  # fmt: skip
    for tool in listed:
        assert tool.annotations.read_only_hint and tool.description
        assert all(value.get("description") for value in tool.input_schema["properties"].values())


def test_it_asks_and_reads_the_article_of_a_citation(url):
    ferry = ARTICLES[0]
    _, asked, read = run(
        url,
        ("ask", {"question": QUESTION, "limit": 1}),
        ("read_article", {"article_id": ferry.id}),
    )
    assert asked.structured_content == json.loads(asked.content[0].text)
    wanted = FakeLibrary().ask(QUESTION, limit=1).to_dict()
    assert asked.structured_content == json.loads(json.dumps(wanted))
    [citation] = asked.structured_content["citations"]
    article = read.structured_content
    assert article["text"] == ferry.text and article["state"] == "as indexed"
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert (article["source"], article["published"]) == ("Corran Courier", "2026-02-18")


def test_it_reads_a_part(url):
    _, read = run(url, ("read_article", {"article_id": "ferry.txt", "start": 10, "characters": 5}))
    article = read.structured_content
    assert article["text"] == ARTICLES[0].text[10:15]
    assert (article["start"], article["end"]) == (10, 15)
    assert article["characters"] == len(ARTICLES[0].text)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "why " * 500}, "2000 characters long"),
        ("ask", {}, "question"),
        ("ask", {"question": "Why?", "limit": 0}, "limit"),
        ("read_article", {"article_id": "../secret"}, "not in the library"),
        ("read_article", {"article_id": "ferry.txt", "start": -1}, "start"),
    ],
)
def test_what_it_cannot_have_is_refused_in_words(url, name, given, reason):
    _, result = run(url, (name, given))
    assert result.is_error
    assert reason in result.content[0].text


def test_without_the_package_the_line_that_installs_it_is_given(monkeypatch):
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("mcp"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match=r"python -m pip install 'mcp>=2,<3'"):
        tools.check_mcp()
    with pytest.raises(UsageError, match=r"python -m pip install 'mcp>=2,<3'"):
        check(Options(mcp=True))
