"""The page's server: what it is made of, who may reach it, how it starts and stops."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askarticles import doors, page, tools, uploads
from askarticles.errors import AskArticlesError, UsageError
from askarticles.guard import Guard
from askarticles.renewal import Renewal, follow

if TYPE_CHECKING:
    import fastapi
    import uvicorn

    from askarticles.shelf import Shelf


# Seconds for which a thread keeps the interpreter. An answer is made of many short steps that let
# go of it, and waits for it after each; of 16 people who ask at once 95 % have an answer within
# 0.60 s with Python's own 5 ms, 0.51 s with 1 ms.
_SWITCH = 0.001


@dataclass(frozen=True, slots=True)
class Options:
    """How a library is served.

    host: the address to listen at, which is also the one that the page is opened at. port: 0 for
    any free one. account: "USER:PASSWORD" that all but `/health` asks for, "" for none.
    open_to_network: whether a host beyond this machine needs no account. read_only: whether
    nobody may add articles or rebuild. watch: whether a changed article is read at
    once. mcp: whether assistants get `tools`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    account: str = ""
    open_to_network: bool = False
    read_only: bool = False
    watch: bool = True
    mcp: bool = False


def check(options: Options) -> None:
    """Raises UsageError when a library cannot, or should not, be served like that."""
    if options.host in ("", "0.0.0.0", "::"):
        raise UsageError(
            "the page answers only to the address that it is opened at, so pass the one that "
            "others will use, for example --host 192.168.1.5"
        )
    user, _, password = options.account.partition(":")
    if options.account and not (user and password):
        raise UsageError("--auth takes USER:PASSWORD, or @FILE with a file whose first line is it")
    if not (_loopback(options.host) or options.account or options.open_to_network):
        raise UsageError(
            f"at --host {options.host} other machines can read your articles; pass --auth "
            "USER:PASSWORD, or --open-to-network if everybody there may"
        )
    if options.mcp:
        tools.check_mcp()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def account(given: str) -> str:
    """The account in the value of --auth: USER:PASSWORD, or @FILE for the first line of a file."""
    if not given.startswith("@"):
        return given
    try:
        lines = Path(given[1:]).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"the account cannot be read from {given[1:]}: {error}") from error
    return lines[0].strip() if lines else ":"


def host_names(host: str) -> tuple[str, ...]:
    """Names under which a page that listens at `host` is opened: that, and this machine's own."""
    own = ("127.0.0.1", "localhost", "::1", host)
    return (*own, *(f"[{name}]" for name in own if ":" in name))


def application(shelf: Shelf, options: Options, renewal: Renewal) -> fastapi.FastAPI:
    """The page and the doors for programs, answering only to the names of its host."""
    blocks = page.build(shelf, renewal, read_only=options.read_only)
    import fastapi
    import gradio as gr
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.staticfiles import StaticFiles

    routes = doors.http_routes(shelf)
    if not options.read_only:
        routes.append(uploads.route(uploads.Uploads(shelf.articles_folder)))
    lifespan = None
    if options.mcp:
        more, lifespan = tools.mcp_routes(shelf)
        routes += more
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.router.routes.extend(routes)
    app.mount("/page", StaticFiles(directory=page.ASSETS))
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size="1kb",
        show_error=True,
        # What shows until page.css is there; plain names, since others are fetched from a host.
        theme=gr.themes.Base(font=["system-ui"], font_mono=["monospace"]).set(
            body_background_fill="#f6f4ee",
            body_background_fill_dark="#161412",
            loader_color="#1f5c4d",
            loader_color_dark="#83cbb3",
        ),
        head='<link rel="icon" type="image/svg+xml" href="page/icon.svg">'
        '<link rel="stylesheet" href="page/page.css">',
    )
    app.add_middleware(Guard, account=options.account)
    names = list(host_names(options.host))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    return app


@dataclass(frozen=True, slots=True)
class Serving:
    """A page that answers at `url` until it is closed."""

    url: str
    renewal: Renewal
    server: uvicorn.Server
    thread: threading.Thread

    def close(self) -> None:
        """Stop answering and free the port."""
        # An open page keeps a connection; that it is cut off is no news.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self.server.should_exit = True
        self.thread.join(timeout=10)


def serve(shelf: Shelf, options: Options) -> Serving:
    """Start the page in a thread and come back when it answers.

    Raises UsageError as `check` does, and when the address cannot be had.
    """
    check(options)
    host, port = options.host, options.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"the page cannot listen at {host}, port {port} ({why}); pass another --port or --host"
        ) from error
    import uvicorn

    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    renewal = Renewal(shelf)
    app = application(shelf, options, renewal)
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise UsageError(f"the page could not start at {url}; see the messages above")
        time.sleep(0.01)
    return Serving(url, renewal, server, thread)


def _warm(shelf: Shelf) -> None:
    """Asks once, so that the first person does not wait for what is made ready by being used.

    The networks are compiled for the first text that they read, and Gradio imports matplotlib,
    where that is installed, with the first question: 0.57 s for it instead of 0.13 s.
    """
    with suppress(ImportError):
        import matplotlib  # noqa: F401 - only so that it is there
    with suppress(AskArticlesError):
        shelf.library.ask("What is there to read?")


def launch(
    shelf: Shelf,
    options: Options,
    *,
    open_browser: bool = True,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page until the process is interrupted, and bring its index up to date meanwhile.

    Raises UsageError as `serve` does.
    """
    sys.setswitchinterval(_SWITCH)
    serving = serve(shelf, options)
    # Afterwards, since the page says first what matplotlib is to draw with.
    threading.Thread(target=_warm, args=(shelf,), name="warm", daemon=True).start()
    announce(f"The page is at {serving.url} (stop it with Ctrl-C)")
    if options.mcp:
        announce(f"Assistants find its tools at {serving.url}/mcp")
    try:
        if not options.read_only:
            serving.renewal.start()
            if options.watch:
                follow(serving.renewal)
        if open_browser:
            webbrowser.open(serving.url)
        while serving.thread.is_alive():
            serving.thread.join(timeout=1)
    except KeyboardInterrupt:
        pass
    finally:
        serving.close()
