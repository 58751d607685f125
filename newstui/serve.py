"""``newstui serve``: the same reader in a web page, on this machine alone.

textual-serve as it is lets any web page the reader visits drive the app: it accepts a WebSocket from every Origin
and Host without a password, any size, opens addresses unchecked and loads a font from Google. Here only 127.0.0.1
is listened on, everything lies below a random token, Host and Origin are checked, sizes are clamped, there is one
session, links pass `links.py` once more, and nothing is loaded from elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import re
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from newstui.errors import SourceError, UsageError
from newstui.links import check_link

if TYPE_CHECKING:
    from aiohttp import web
    from textual_serve.app_service import AppService

HOST = "127.0.0.1"
SMALLEST = (10, 3)
LARGEST = (500, 200)
"""Columns and rows of the page's terminal. Unclamped, a size of 1,000,000 × 100,000 costs 1.2 GB."""
MOST_MESSAGE_BYTES = 65_536
"""Of one message from the page: a long paste."""
_PATIENCE_SECONDS = 3.0
"""How long a reader may take to end; marks are on disk long before."""
FIRST_SIZE = (80, 24)
_ESCAPE = "\x1b[27u"
"""Escape in kitty's keyboard protocol. The page sends each key by itself; for the reader they run together, and a lone
escape before another key would be that key with alt."""

Handler = Callable[["web.Request"], Awaitable["web.StreamResponse"]]

PAGE = Path(__file__).with_name("serve_page.html")
"""The page: a terminal, and a button when the reader has ended. Nothing in it comes from elsewhere."""


def serve(locations: Sequence[str], *, port: int = 0, say: Callable[[str], object]) -> int:
    """Serve the reader until ctrl+c; `port` 0 takes a free one. Raises UsageError, SourceError."""
    try:
        import textual_serve
    except ImportError as error:
        raise UsageError(
            "newstui serve needs textual-serve", hint="pip install textual-serve, into the same place as newstui"
        ) from error
    if any(location == "-" for location in locations):
        raise UsageError("records on stdin cannot be served")
    listener = _listen(port)
    command = [sys.executable, "-m", "newstui", *locations]
    site = Site(command, listener.getsockname()[1], statics=Path(textual_serve.__file__).parent / "static")
    with listener:
        say(f"newstui is at {site.address}")
        say("Only this machine can open it. ctrl+c ends it.")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(site.run(listener))
    return 0


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # the address is said before the first page can be answered
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "no port has this number"
        raise SourceError(f"cannot listen on port {port}: {reason}", temporary=False) from error
    return listener


class Site:
    """One served reader: who may ask what, and the one session that is open."""

    def __init__(self, command: Sequence[str], port: int, *, statics: Path, token: str = "") -> None:
        self._command = list(command)
        self._statics = statics
        self._token = token or secrets.token_urlsafe(24)
        self._hosts = (f"{HOST}:{port}", f"localhost:{port}")
        self._session: _Session | None = None
        self._turn = asyncio.Lock()
        self.address = f"http://{HOST}:{port}/{self._token}/"
        """What to type into a browser. Whoever has it can use the reader."""

    async def run(self, listener: socket.socket) -> None:
        """Serve until a signal comes."""
        from aiohttp import web

        logging.getLogger("textual-serve").setLevel(logging.CRITICAL)
        runner = web.AppRunner(self.make_app(), access_log=None, handle_signals=False)  # the token is in every address
        await runner.setup()
        await web.SockSite(runner, listener).start()
        done = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows raises KeyboardInterrupt instead
                asyncio.get_running_loop().add_signal_handler(number, done.set)
        try:
            await done.wait()
        finally:
            await self.end_session()
            await runner.cleanup()

    def make_app(self) -> web.Application:
        """Return the web application: three kinds of address, all below the token."""
        from aiohttp import web

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        app = web.Application(middlewares=[guard], client_max_size=1_024)
        app.add_routes([
            web.get("/{token}/", self._show_page),
            web.get("/{token}/ws", self._open_session),
            web.get("/{token}/static/{path:.+}", self._show_file),
        ])  # fmt: skip
        return app

    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn away whoever does not come from the page itself: other hosts' names, other pages, no token."""
        from aiohttp import web

        if request.headers.get("Host", "") not in self._hosts:
            raise web.HTTPForbidden(text="wrong host")
        origin = request.headers.get("Origin")
        is_own = origin == f"http://{request.headers['Host']}"
        if not is_own and (origin is not None or request.path.endswith("/ws")):
            raise web.HTTPForbidden(text="wrong origin")
        token = request.match_info.get("token", "")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            raise web.HTTPNotFound(text="nothing here")
        response = await handler(request)
        if not response.prepared:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            response.headers["Cache-Control"] = "no-store"
        return response

    async def _show_page(self, request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        host = request.headers["Host"]
        nonce = secrets.token_urlsafe(12)
        size = clamp(request.query.get("fontsize"), 6, 40, 16)
        values = {"nonce": nonce, "socket": f"ws://{host}/{self._token}/ws", "font_size": size}
        page = Template(PAGE.read_text("utf-8")).substitute(values)
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
            f"font-src 'self'; img-src 'self' data:; connect-src ws://{host}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def _show_file(self, request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        file = (self._statics / request.match_info["path"]).resolve()
        if not file.is_relative_to(self._statics.resolve()) or not file.is_file():
            raise web.HTTPNotFound(text="nothing here")
        return web.FileResponse(file)

    async def _open_session(self, request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        page = web.WebSocketResponse(heartbeat=15, max_msg_size=MOST_MESSAGE_BYTES)
        await page.prepare(request)
        async with self._turn:
            await self.end_session()  # the newest page has the reader: two would be two readers of one store
            session = self._session = _Session(page, make_service(self._command, page))
            width = clamp(request.query.get("width"), SMALLEST[0], LARGEST[0], FIRST_SIZE[0])
            height = clamp(request.query.get("height"), SMALLEST[1], LARGEST[1], FIRST_SIZE[1])
            await session.service.start(width, height)
        try:
            async for message in page:
                if message.type is web.WSMsgType.TEXT:
                    await forward(message.data, page, session.service)
        finally:
            await session.end()
        return page

    async def end_session(self) -> None:
        """End the session that is open, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            await session.end()


class _Session:
    """One page with its reader."""

    def __init__(self, page: web.WebSocketResponse, service: AppService) -> None:
        self.page = page
        self.service = service

    async def end(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.service.stop()
        if not self.page.closed:
            await self.page.close()


def make_service(command: Sequence[str], page: web.WebSocketResponse) -> AppService:
    """Return what runs the reader behind a page: textual-serve's, started without a shell, its links checked again."""
    from asyncio.subprocess import PIPE, Process, create_subprocess_exec

    from textual_serve.app_service import AppService
    from textual_serve.download_manager import DownloadManager

    class Service(AppService):  # type: ignore[misc, unused-ignore]
        """textual-serve's service, started without a shell and ended for certain."""

        async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
            process = await create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self._build_environment(width=width, height=height)
            )
            self._process, self._stdin = process, process.stdin
            return process

        async def stop(self) -> None:
            """Ask the reader to end, and see that it does."""
            with contextlib.suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await super().stop()
            process, self._process = self._process, None
            if process is None or process.stdin is None:
                return
            process.stdin.close()
            with contextlib.suppress(ConnectionError, BrokenPipeError):
                await process.stdin.wait_closed()
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

        async def on_meta(self, data: bytes) -> None:
            meta = json.loads(data)
            if meta.get("type") == "exit":
                await self.remote_close()
            elif meta.get("type") == "open_url" and (address := check_link(str(meta.get("url"))).address):
                await self.remote_write_str(json.dumps(["open_url", {"url": address, "new_tab": True}]))

    async def close() -> None:
        await page.close()

    return Service(
        "newstui", write_bytes=page.send_bytes, write_str=page.send_str, close=close, download_manager=DownloadManager()
    )


async def forward(text: str, page: web.WebSocketResponse, service: AppService) -> None:
    """Hand what the page says to the reader; anything that is not as it should be is dropped."""
    try:
        message: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(message, list) or not message:
        return
    kind, data = message[0], message[1] if len(message) > 1 else None
    if kind == "stdin" and isinstance(data, str):
        await service.send_bytes((_ESCAPE if data == "\x1b" else data).encode("utf-8", "replace"))
    elif kind == "resize" and isinstance(data, dict):
        width = clamp(data.get("width"), SMALLEST[0], LARGEST[0], FIRST_SIZE[0])
        height = clamp(data.get("height"), SMALLEST[1], LARGEST[1], FIRST_SIZE[1])
        await service.set_terminal_size(width, height)
    elif kind == "ping" and isinstance(data, str | int | float):
        await page.send_json(["pong", data])
    elif kind == "blur":
        await service.blur()
    elif kind == "focus":
        await service.focus()


def clamp(value: object, low: int, high: int, default: int) -> int:
    """Return a whole number within bounds, whatever was sent."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return default
    if isinstance(value, str):
        if not re.fullmatch("-?[0-9]{1,10}", value):
            return default
        value = int(value)
    return max(low, min(value, high))
