"""What the page's server answers, and whom, without a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from askarticles import doors, panel, serving
from askarticles.datatypes import Filters
from askarticles.errors import UsageError
from askarticles.renewal import Renewal
from askarticles.serving import Options
from askarticles.shelf import Shelf
from tests.browser_library import ARTICLES, HOSTILE, FakeLibrary, cite, shelf

if TYPE_CHECKING:
    import fastapi

QUESTION = "How many bicycle hooks does the night ferry boat have?"


@pytest.fixture(scope="module")
def library() -> FakeLibrary:
    return FakeLibrary()


def application(library: FakeLibrary | Shelf, **options: Any) -> fastapi.FastAPI:
    held = library if isinstance(library, Shelf) else shelf(library)
    return serving.application(held, Options(**options), Renewal(held))


@pytest.fixture(scope="module")
def client(library: FakeLibrary) -> Iterator[TestClient]:
    app = application(library)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


BYTES = {"content-type": "application/octet-stream"}


def call(client: TestClient, name: str, argument: object = None) -> Any:
    """What one of the functions of the page's script answers."""
    component = next(
        c["id"]
        for c in client.get("/config").json()["components"]
        if c["props"].get("elem_id") == "panel"
    )
    body = {"session_hash": "s", "component_id": component, "fn_name": name, "data": argument}
    response = client.post("/gradio_api/component_server", json=body)
    assert response.status_code == 200, response.text
    return json.loads(response.json())


def test_the_page_is_served_with_headers_that_close_it_to_the_outside(client):
    response = client.get("/")
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.get("/page/inter.woff2").status_code == 200


def test_health_tells_what_is_in_use(client, library):
    assert client.get("/health").json() == {
        "status": "ok",
        "generation": "one",
        "articles": len(ARTICLES),
        "passages": 30,
    }


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860"])
def test_the_names_of_this_machine_are_answered(library, host):
    with TestClient(application(library)) as client:
        assert client.get("/health", headers={"host": host}).status_code == 200
        assert client.get("/health", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1"])
def test_requests_from_other_sites_are_refused(client, origin):
    response = client.post(
        "/gradio_api/run/ask", json={"data": [QUESTION]}, headers={"origin": origin}
    )
    assert response.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://evil.example/x",
        "/file=/etc/passwd",
        "//gradio_api//file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/%66ile=/etc/passwd",
        "/gradio_api/proxy=http://evil.example",
        "/page/../page.py",
        "/page/%2e%2e/page.py",
        "/page/..%2fpage.py",
        "/monitoring/summary",
        "/static/../../../../../../etc/passwd",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_file_outside_the_page_can_be_read(client, path):
    response = client.get(path)
    assert response.status_code in (403, 404), path
    assert "root:" not in response.text and "import" not in response.text


def test_no_file_can_be_sent(client):
    response = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")})
    assert response.status_code == 404


def test_only_ask_is_a_public_endpoint(client):
    assert list(client.get("/gradio_api/info").json()["named_endpoints"]) == ["/ask"]


def test_ask_over_http_gives_the_answer_of_the_library(client, library):
    body = {"data": [QUESTION, "", "", "", 2]}
    response = client.post("/gradio_api/run/ask", json=body)
    wanted = json.loads(json.dumps(library.ask(QUESTION, limit=2).to_dict()))
    assert response.json()["data"] == [wanted]
    assert wanted["found"] and len(wanted["citations"]) == 2


def test_the_filters_of_ask_reach_the_library(client):
    body = {"data": [QUESTION, "Velden Weekly", "", "", 3]}
    found = client.post("/gradio_api/run/ask", json=body).json()["data"][0]
    assert found["filters"]["source"] == "Velden Weekly"
    assert not found["found"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([" ", "", "", "", 3], "the question is empty"),
        (["why? " * 300, "", "", "", 3], "1500 characters long"),
        ([None, "", "", "", 3], "have to be text"),
        ([QUESTION, {}, "", "", 3], "have to be text"),
        ([QUESTION, "", "", "", "many"], "whole number"),
        ([QUESTION], "input values"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(client, data, reason):
    response = client.post("/gradio_api/run/ask", json={"data": data})
    assert response.status_code >= 400
    assert reason in response.json()["error"]


README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("documentation", [doors.__doc__, README])
def test_the_curl_line_of_the_documentation_works(client, documentation):
    url, body = re.findall(r"curl -s (\S+)(?:.|\n)*?-d '(.*?)'", documentation)[0]
    path = url.removeprefix("http://127.0.0.1:7860")
    response = client.post(path, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert response.json()["question"] == json.loads(body)["question"]


def test_half_a_character_in_a_question_does_no_harm(client):
    body = '{"data": ["' + QUESTION + ' \\ud83d", "", "", "", 3]}'
    response = client.post(
        "/gradio_api/run/ask", content=body, headers={"content-type": "application/json"}
    )
    assert response.json()["data"][0]["found"]


def test_the_contents_list_the_articles(client):
    contents = call(client, "contents")
    assert contents["articles"][0]["id"] == "ferry.txt"
    assert contents["articles"][0]["meta"] == "Corran Courier · 18 Feb 2026"
    assert contents["passages"] == 30


def test_an_article_is_opened_at_its_quotation(client):
    hostile = ARTICLES[4]
    pointer = panel.Pointer.to(cite(hostile, "The lamp keeper warned everyone."))
    value = json.loads(unquote(pointer.href.removeprefix("#cite=")))
    shown = call(client, "article", {"id": hostile.id, "wanted": 1, "pointers": [value]})
    marked = [words for block in shown["blocks"] for words, number in block if number]
    assert marked == ["The lamp keeper warned everyone."]
    assert "".join(words for words, _ in shown["blocks"][0]) == HOSTILE
    assert shown["link"] == ""


@pytest.mark.parametrize(
    "request_",
    [
        None,
        "ferry.txt",
        {"id": "/etc/passwd"},
        {"id": "../page.py"},
        {"id": ["ferry.txt"]},
        {"id": "ferry.txt", "pointers": 7},
        {"id": "ferry.txt", "pointers": [[1, 2, 3]]},
        {"id": "ferry.txt", "pointers": [["1", "ferry.txt", 0, 1, "", ""]]},
    ],
)
def test_what_is_no_article_is_refused_in_words(client, request_):
    assert set(call(client, "article", request_)) == {"problem"}


def test_the_server_asks_nothing_of_the_network():
    script = """
import socket, time, urllib.request
asked = []
connect, find = socket.socket.connect, socket.getaddrinfo
def watched_connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
        asked.append(address)
        raise OSError("no network here")
    return connect(self, address)
def watched_find(host, *rest, **more):
    if host not in ("127.0.0.1", "localhost", None):
        asked.append(host)
        raise socket.gaierror("no network here")
    return find(host, *rest, **more)
socket.socket.connect, socket.getaddrinfo = watched_connect, watched_find
from askarticles.serving import Options, serve
from tests.browser_library import FakeLibrary, shelf
serving = serve(shelf(FakeLibrary()), Options(mcp=True))
urllib.request.urlopen(serving.url).read()
body = b'{"data": ["Who is Odile Brandt?", "", "", "", 3]}'
request = urllib.request.Request(serving.url + "/gradio_api/run/ask", body)
request.add_header("content-type", "application/json")
assert b"harbour master" in urllib.request.urlopen(request).read()
time.sleep(0.5)  # what Gradio would send, it sends from threads
serving.close()
print("asked:", asked)
"""
    root = Path(__file__).parents[1]
    # Set for other programs of the person; FastAPI would report every request to that address.
    reporting = {
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={**os.environ, **reporting},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.strip() == "asked: []", done.stderr
    assert "telemetry" not in done.stderr  # not even begun


def test_read_only_never_rebuilds_and_takes_no_articles():
    with TestClient(
        application(FakeLibrary(), read_only=True), base_url="http://127.0.0.1"
    ) as closed:
        assert call(closed, "contents")["readOnly"]
        assert not call(closed, "rebuild")["rebuild"]["running"]
        sent = closed.post("/articles?name=a.txt", content=b"A\n\nText.", headers=BYTES)
        assert sent.status_code in (404, 405)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_listening_everywhere_is_refused_with_what_to_do_instead(host):
    with pytest.raises(UsageError, match="pass the one that others will use"):
        serving.serve(shelf(FakeLibrary()), Options(host=host))


def test_an_address_in_use_is_named_in_the_error():
    first = serving.serve(shelf(FakeLibrary()), Options())
    port = int(first.url.rpartition(":")[2])
    try:
        with pytest.raises(UsageError, match=f"port {port}.*pass another --port"):
            serving.serve(shelf(FakeLibrary()), Options(port=port))
    finally:
        first.close()


# ---- doors for programs -------------------------------------------------------------------


def test_the_door_for_programs_gives_the_answer_of_the_library(client, library):
    request = {"question": QUESTION, "source": "Corran Courier", "limit": 2}
    wanted = library.ask(QUESTION, filters=Filters(source="Corran Courier"), limit=2)
    response = client.post("/ask", json=request)
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(wanted.to_dict()))


def test_the_shape_of_the_answer_is_as_documented(client):
    found = client.post("/ask", json={"question": QUESTION}).json()
    named = re.findall(r'"(\w+)"', (doors.__doc__ or "").partition("The answer is")[2])
    outer = {"found", "confidence", "citations", "nearest", "question", "filters", "generation"}
    inner = set(named[: named.index("nearest")]) - outer
    assert outer <= set(named) and outer <= set(found)
    assert len(inner) == 12 and inner <= set(found["citations"][0])
    ferry = ARTICLES[0]
    for citation in found["citations"]:
        assert ferry.text[citation["start"] : citation["end"]] == citation["quote"]
    nothing = client.post("/ask", json={"question": "Who invented the zeppelin?"}).json()
    assert not nothing["found"] and set(nothing["nearest"][0]) == set(found["citations"][0])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "send an object in JSON"),
        (b"[]", "send an object in JSON"),
        (b'{"q": "Why?"}', "send an object in JSON"),
        (b'{"question": "Why?", "better": 1}', "send an object in JSON"),
        (b'{"question": "Why?", "more": 1}', "true or false"),
        (b'{"question": "Why?", "history": 1}', "a list"),
        (b"[" * 60_000, "send an object in JSON"),
        (b'{"question": " "}', "the question is empty"),
        (b'{"question": 7}', "have to be text"),
        (b'{"question": "Why?", "limit": true}', "whole number"),
        (b'{"question": "' + b"why " * 400 + b'"}', "1600 characters long"),
        (b" " * 510_000, "longer than"),
    ],
)
def test_what_the_door_cannot_use_is_refused_in_words(client, body, reason):
    response = client.post("/ask", content=body)
    assert response.status_code == 400
    assert reason in response.json()["error"]


def test_without_an_index_the_server_answers_what_to_do(tmp_path):
    (tmp_path / "seeds").mkdir()
    missing = Shelf(tmp_path / "seeds", tmp_path / "none")
    missing.refresh()
    with TestClient(application(missing), base_url="http://127.0.0.1") as client:
        assert client.get("/").status_code == 200
        assert call(client, "contents")["state"] == "missing"
        refused = client.post("/ask", json={"question": QUESTION})
        assert refused.status_code == 503
        assert "there is no index" in refused.json()["error"]
        assert client.get("/health").json() == {"status": "not ready"}
        assert "problem" in call(client, "article", {"id": "a.txt"})


# ---- who may reach it ---------------------------------------------------------------------


ACCOUNT = ("Ada", "pass:wörd")


@pytest.fixture(scope="module")
def guarded(library: FakeLibrary) -> Iterator[TestClient]:
    app = application(library, account=":".join(ACCOUNT), mcp=True)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/config", "/page/page.js", "/gradio_api/info", "/mcp"])
def test_strangers_get_nothing(guarded, path):
    for account in (None, ("Ada", "password"), ("", "")):
        response = guarded.get(path, auth=account)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Basic")
        assert response.headers["x-frame-options"] == "DENY"
    for value in ("Basic", "Basic ====", "Bearer x", "Basic QWRh"):
        assert guarded.get(path, headers={"authorization": value}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/ask", "/articles?name=a.txt", "/gradio_api/run/ask", "/gradio_api/component_server"]
)
def test_strangers_can_send_nothing(guarded, path):
    assert guarded.post(path, json={}).status_code == 401
    assert guarded.post(f"//{path}", json={}).status_code in (401, 404)


def test_an_account_opens_the_page_and_its_doors(guarded):
    assert guarded.get("/", auth=ACCOUNT).status_code == 200
    assert guarded.post("/ask", json={"question": QUESTION}, auth=ACCOUNT).json()["found"]


def test_health_needs_no_account(guarded):
    assert guarded.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"host": "192.168.1.5"}, "pass --auth USER:PASSWORD, or --open-to-network"),
        ({"host": "example.org"}, "pass --auth USER:PASSWORD, or --open-to-network"),
        ({"account": "Ada"}, "--auth takes USER:PASSWORD"),
        ({"account": ":secret"}, "--auth takes USER:PASSWORD"),
        ({"account": "Ada:"}, "--auth takes USER:PASSWORD"),
    ],
)
def test_a_page_that_would_be_open_is_refused(options, reason):
    with pytest.raises(UsageError, match=re.escape(reason)):
        serving.check(Options(**options))


@pytest.mark.parametrize(
    "options",
    [
        {"host": "127.0.0.2"},
        {"host": "::1"},
        {"host": "localhost"},
        {"host": "192.168.1.5", "account": "Ada:secret"},
        {"host": "192.168.1.5", "open_to_network": True},
    ],
)
def test_a_page_that_is_meant_is_served(options):
    serving.check(Options(**options))


def test_an_account_is_read_from_a_file(tmp_path):
    (tmp_path / "account").write_text("Ada:pass:wörd\nmore\n", encoding="utf-8")
    assert serving.account(f"@{tmp_path / 'account'}") == "Ada:pass:wörd"
    assert serving.account("Ada:secret") == "Ada:secret"
    (tmp_path / "empty").write_text("")
    with pytest.raises(UsageError, match="takes USER:PASSWORD"):
        serving.check(Options(account=serving.account(f"@{tmp_path / 'empty'}")))
    with pytest.raises(UsageError, match="cannot be read from"):
        serving.account(f"@{tmp_path / 'nowhere'}")
