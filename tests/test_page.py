"""What the page shows and what its server answers, without a browser."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from askarticles import doors, rendering, serving
from askarticles.datatypes import Answer, Article, Citation, Filters
from askarticles.errors import UsageError
from askarticles.renewal import Renewal
from askarticles.serving import Options
from askarticles.shelf import Shelf
from tests.browser_library import ARTICLES, HOSTILE, FakeLibrary, article, shelf

if TYPE_CHECKING:
    import fastapi

QUESTION = "How many bicycle hooks does the night ferry boat have?"
# Ordinary text with the characters mixed in that mean something to HTML, Markdown or templates.
NASTY = st.text(
    st.one_of(
        st.sampled_from("<>&\"'`${}\\/[]()*_#!|~=:;\n\r\t\0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
OURS = {"section", "article", "h2", "p", "blockquote", "mark", "a", "span", "details", "summary"}
OURS |= {"dl", "div", "dt", "dd", "button", "pre"}


class _Tree(HTMLParser):
    """Tags, attributes and text of a piece of HTML, and the text of each mark."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.marks: list[str] = []
        self._inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "mark":
            self._inside = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.marks[-1] += data


def cite(item: Article, quote: str, number: int = 1, **changes: Any) -> Citation:
    """A citation of words in an article, with the whole article around them."""
    start = item.text.index(quote)
    made = Citation(
        number=number,
        quote=quote,
        title=item.title,
        source=item.source,
        author=item.author,
        published=item.published,
        url=item.url,
        path=item.path,
        place="line 3",
        article_id=item.id,
        sha256=item.sha256,
        start=start,
        end=start + len(quote),
        context_start=item.body_start,
        context_end=len(item.text),
        score=0.9,
        dense=0.5,
        lexical=3.0,
    )
    return replace(made, **changes)


def answer(*citations: Citation, question: str = QUESTION, **changes: Any) -> Answer:
    return replace(Answer(question, citations, (), 0.9, "one"), **changes)


# ---- text stays text ----------------------------------------------------------------------


@settings(deadline=None)  # a machine may be busy
@given(NASTY)
def test_escaped_text_is_one_line_without_markup_and_reads_as_it_was(text):
    escaped = rendering.escape(text)
    assert not set(escaped) & set("<>\"'`${}\\\n\r\0")
    shown = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    # html.unescape drops the control characters that browsers keep as they are.
    assert html.unescape(escaped) == shown


@settings(deadline=None)  # a machine may be busy
@given(NASTY, NASTY, NASTY, NASTY, NASTY.filter(str.strip), NASTY)
def test_nothing_in_an_article_or_a_question_becomes_markup(
    title, source, author, before, quote, after
):
    item = article("a.txt", title, f"{before}{quote}{after}", source, author=author, url=after)
    start = item.body_start + len(before)
    cited = cite(item, item.text[item.body_start :], start=start, end=start + len(quote))
    cited = replace(cited, quote=quote, matched=(after,), path=title or "p", place=source)
    for made in (
        answer(cited, question=before),
        answer(question=after, nearest=(cited,), filters=Filters(source=source, since=before)),
    ):
        text = rendering.answer_html(made, {"a.txt": item})
        assert "\n" not in text and "\r" not in text
        assert not set(text) & set("`${}\\")
        tree = _Tree(text)
        assert tree.tags <= OURS
        assert {name for name, _ in tree.attributes} <= {"class", "href"}
        links = [value for name, value in tree.attributes if name == "href"]
        assert all(link.startswith(("#cite=", "#article=")) for link in links)
        assert tree.marks == [_shown(quote)]


def _shown(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


@settings(deadline=None)  # a machine may be busy
@given(NASTY)
def test_a_question_is_shown_as_text(question):
    assert _Tree(rendering.question_html(question)).tags == {"div"}
    assert _Tree(rendering.problem_html(question)).tags == {"section", "h2", "p"}


# ---- answers ------------------------------------------------------------------------------


def test_quotations_are_marked_in_their_passage_under_their_article():
    ferry, moss = ARTICLES[:2]
    first = cite(moss, "Birds were the surprise, said Doctor Lena Vrba.", 1)
    second = cite(ferry, "Cars still pay eighteen crowns.", 2)
    third = cite(ferry, "Nobody had expected it so soon.", 3)
    tree = _Tree(rendering.answer_html(answer(first, second, third), {a.id: a for a in ARTICLES}))
    assert "3 quotations from 2 articles" in tree.text
    assert tree.text.index(moss.title) < tree.text.index(ferry.title)
    # In a passage the order is that of the text.
    assert tree.marks == [first.quote, third.quote, second.quote]
    assert "Eleven species now nest above the gymnasium." in tree.text
    assert "Velden Weekly · 4 Oct 2025" in tree.text


def test_a_quotation_stands_alone_when_its_article_is_another_now():
    ferry = ARTICLES[0]
    cited = cite(ferry, "Cars still pay eighteen crowns.")
    moved = replace(ferry, text=ferry.text.replace("night", "midnight"))
    for articles in ({}, {ferry.id: moved}):
        tree = _Tree(rendering.answer_html(answer(cited), articles))
        assert tree.marks == [cited.quote]
        assert "Bicycles travel free" not in tree.text


def test_a_headline_is_not_said_twice_unless_it_is_the_quotation():
    ferry = ARTICLES[0]
    whole = cite(ferry, ferry.text, context_start=0)
    tree = _Tree(rendering.answer_html(answer(nearest=(whole,)), {ferry.id: ferry}))
    assert tree.marks == [ferry.body]
    headline = cite(ferry, ferry.title, context_start=0)
    tree = _Tree(rendering.answer_html(answer(headline), {ferry.id: ferry}))
    assert tree.marks == [ferry.title]
    assert "Nobody had expected it so soon." in tree.text


def test_no_answer_says_so_and_shows_the_nearest_as_nearest():
    near = cite(ARTICLES[1], "Birds were the surprise, said Doctor Lena Vrba.")
    filters = Filters(source="Velden Weekly", since="2025", until="2025-12")
    text = rendering.answer_html(answer(nearest=(near,), filters=filters), {})
    tree = _Tree(text)
    assert "The articles don’t say." in tree.text
    assert "which are not an answer" in tree.text
    for limit in ("only Velden Weekly", "from 2025", "until Dec 2025", "Ask all articles"):
        assert limit in tree.text
    assert 'class="ans none"' in text


def test_why_this_gives_the_scores_and_the_words():
    cited = cite(ARTICLES[0], "Cars still pay eighteen crowns.", matched=("cars", "pay"))
    tree = _Tree(rendering.answer_html(answer(cited), {}))
    for words in ("0.90 of 1", "0.50 of 1", "3.0 (BM25)", "cars, pay", "ferry.txt · line 3"):
        assert words in tree.text


def test_an_answer_is_copied_as_markdown_with_its_citations():
    ferry = ARTICLES[0]
    hostile = replace(ferry, title="A [link](javascript:x) <b>", url="javascript:alert(1)")
    text = rendering.markdown(
        answer(cite(ferry, "Cars still pay eighteen crowns."), cite(hostile, "Nobody", 2))
    )
    assert "> Cars still pay eighteen crowns. [1]\n" in text
    assert f"[1] [{ferry.title}](<https://courier.example/ferry>) · Corran Courier" in text
    assert "javascript:alert" not in text
    assert r"A \[link\](javascript:x) \<b\>" in text


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2026-02-08", "8 Feb 2026"),
        ("2026-02-08T14:05:00+00:00", "8 Feb 2026"),
        ("2026-02", "Feb 2026"),
        ("2026", "2026"),
        ("2026-13", "2026"),
        ("", ""),
    ],
)
def test_dates_are_shown_as_precisely_as_they_are_known(published, shown):
    assert rendering.shown_date(published) == shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "file:///etc", "http://[", ""]
)
def test_only_addresses_of_the_web_are_links(url):
    assert rendering.web_link(url) == ""
    assert rendering.web_link("https://x.example/a") == "https://x.example/a"


def test_a_link_to_a_question_carries_its_filters():
    link = rendering.question_link("what & where?", Filters(source="A&B", since="2024"))
    assert link == "?q=what%20%26%20where%3F&source=A%26B&since=2024"


# ---- the reader ---------------------------------------------------------------------------


@settings(deadline=None)  # a machine may be busy
@given(
    st.lists(NASTY, min_size=1, max_size=6),
    st.data(),
)
def test_the_reader_holds_every_word_and_marks_the_quotations_exactly(paragraphs, data):
    body = "\n\n".join(paragraphs)
    item = article("a.txt", "Title", body)
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(item.text)), st.integers(0, len(item.text))), max_size=3
        )
    )
    pointers = [
        rendering.Pointer(n, "a.txt", s, e, item.sha256, rendering.digest(item.text[s:e]))
        for n, (s, e) in enumerate(spans, 1)
        if s < e
    ]
    shown = rendering.reader(item, "as indexed", pointers, 1)
    words = "".join(words for block in shown["blocks"] for words, _ in block)
    assert words.replace("\n", "").strip() == item.body.replace("\n", "").strip() or (
        _squeezed(words) == _squeezed(item.body)
    )
    if len(pointers) == 1:
        pieces = [*shown["headline"], *(p for block in shown["blocks"] for p in block)]
        marked = "".join(words for words, number in pieces if number)
        quote = item.text[pointers[0].start : pointers[0].end]
        assert _squeezed(marked) == _squeezed(quote)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_reader_says_what_has_become_of_the_article():
    ferry = ARTICLES[0]
    pointer = rendering.Pointer.to(cite(ferry, "Cars still pay eighteen crowns."))
    assert rendering.reader(ferry, "as indexed", [pointer], 1)["notice"] == ""
    assert "changed since it was indexed" in rendering.reader(ferry, "changed", [], 0)["notice"]
    assert "gone" in rendering.reader(ferry, "missing", [pointer], 1)["notice"]
    other = replace(ferry, sha256="f" * 64)
    assert "still stands" in rendering.reader(other, "as indexed", [pointer], 1)["notice"]
    moved = replace(ferry, text=ferry.text.replace("eighteen", "nineteen"), sha256="e" * 64)
    shown = rendering.reader(moved, "as indexed", [pointer], 1)
    assert "no longer where it stood" in shown["notice"]
    assert not any(number for block in shown["blocks"] for _, number in block)


def test_a_pointer_survives_its_link_and_others_are_refused():
    pointer = rendering.Pointer.to(cite(ARTICLES[4], "burned for ninety nights"))
    value = json.loads(unquote(pointer.href.removeprefix("#cite=")))
    assert rendering.Pointer.read(value) == pointer
    bad: object
    for bad in (None, {}, [], [1] * 6, [1, "a", -1, 2, "b", "c"], [True, "a", 1, 2, "b", "c"]):
        with pytest.raises(ValueError, match="pointer"):
            rendering.Pointer.read(bad)


# ---- the server ---------------------------------------------------------------------------


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


def test_the_curl_line_of_the_documentation_works(client):
    url, body = re.findall(r"curl -s (\S+)(?:.|\n)*?-d '(.*?)'", doors.__doc__ or "")[0]
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
    pointer = rendering.Pointer.to(cite(hostile, "The lamp keeper warned everyone."))
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
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.strip() == "asked: []", done.stderr


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
        (b'{"question": "Why?", "more": 1}', "send an object in JSON"),
        (b"[" * 60_000, "send an object in JSON"),
        (b'{"question": " "}', "the question is empty"),
        (b'{"question": 7}', "have to be text"),
        (b'{"question": "Why?", "limit": true}', "whole number"),
        (b'{"question": "' + b"why " * 400 + b'"}', "1600 characters long"),
        (b" " * 70_000, "longer than"),
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
