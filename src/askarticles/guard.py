"""What the page's server refuses, and the safety headers on all that it answers."""

from __future__ import annotations

import base64
import binascii
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio builds its components with `Function` and sets styles inline, hence the two "unsafe"
# words; nothing may come from, or go to, another place than this server.
_CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = (
    ("content-security-policy", _CONTENT_POLICY),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
# Gradio's doors to files (reading them, sending them, fetching them from elsewhere) and to what
# it tells developers. The page uses none of them.
_FILES = ("file", "upload", "proxy", "stream", "deep_link")
_CLOSED = (*_FILES, "monitoring", "dev", "vibe", "openapi", "docs", "redoc")


class Guard:
    """Closes Gradio's doors to files, refuses strangers and other sites, sets safety headers.

    account: "USER:PASSWORD" that everything but `/health` asks for, "" for none. By the Basic
    scheme (RFC 7617), which browsers, curl and clients of MCP know alike; it hides nothing from
    who can listen on the network.
    """

    def __init__(self, app: ASGIApp, account: str = "") -> None:
        self.app = app
        self.account = account.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers[name] = value
                if path.startswith("page/"):
                    headers["cache-control"] = "no-cache"  # else an old script meets a new page
            await send(message)

        headers = Headers(scope=scope)
        path = scope["path"].lstrip("/").removeprefix("gradio_api/").lstrip("/")
        origin = headers.get("origin")
        answer: ASGIApp = self.app
        if path.startswith(_CLOSED):
            answer = PlainTextResponse("Not found", status_code=404)
        elif origin is not None and origin.partition("://")[2] != headers.get("host"):
            answer = PlainTextResponse("Requests from other sites are refused", status_code=403)
        elif self.account and path != "health" and not self._known(headers):
            asks = {"www-authenticate": 'Basic realm="askarticles", charset="UTF-8"'}
            answer = PlainTextResponse("An account is needed", status_code=401, headers=asks)
        await answer(scope, receive, send_with_headers)

    def _known(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        try:
            account = base64.b64decode(given.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and secrets.compare_digest(account, self.account)
