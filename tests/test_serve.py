"""The reader in a web page: open to its own page, closed to everything else."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from newstui import serve as serving
from newstui.errors import SourceError, UsageError
from newstui.serve import LARGEST, Site, clamp, serve

aiohttp = pytest.importorskip("aiohttp")
web = pytest.importorskip("aiohttp.web")
textual_serve = pytest.importorskip("textual_serve")

TOKEN = "a-token-only-the-reader-knows"
READER = """
import os
from textual.app import App
from textual.widgets import Label

class Tiny(App):
    def compose(self):
        yield Label(f"size {os.environ['COLUMNS']}x{os.environ['ROWS']}")
    def on_key(self, event):
        if event.key == "q":
            self.exit()
        elif event.key == "o":
            self.open_url("https://paper.example/a b")
        elif event.key == "x":
            self.open_url("javascript:alert(1)")
        else:
            self.pressed = [*getattr(self, "pressed", ()), event.key]
            self.query_one(Label).update(f"key {' '.join(self.pressed)} at {self.size.width}x{self.size.height}")

Tiny().run()
"""


@asynccontextmanager
async def a_site(tmp_path: Path):
    script = tmp_path / "tiny.py"
    script.write_text(READER)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    site = Site(
        [sys.executable, str(script)], port, statics=Path(textual_serve.__file__).parent / "static", token=TOKEN
    )
    runner = web.AppRunner(site.make_app(), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        try:
            yield client, port
        finally:
            await site.end_session()
            await runner.cleanup()


async def read_until(page, words: str, seconds: float = 20) -> str:
    """Return what the page was sent, once the words are among it."""
    seen = ""
    async with asyncio.timeout(seconds):
        async for message in page:
            data = message.data
            seen += data if isinstance(data, str) else data.decode("utf-8", "replace")
            if words in seen:
                return seen
    raise AssertionError(f"{words!r} never came: {seen[-500:]!r}")


def own(port: int) -> dict[str, str]:
    return {"Origin": f"http://127.0.0.1:{port}"}


async def test_the_page_is_there_for_who_knows_the_token(tmp_path):
    async with a_site(tmp_path) as (client, port):
        answer = await client.get(f"/{TOKEN}/")
        page = await answer.text()
        assert answer.status == 200
        assert f"ws://127.0.0.1:{port}/{TOKEN}/ws" in page
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "http://" not in page.replace("http://127.0.0.1", "") and "https://" not in page
        for name in ("css/xterm.css", "js/textual.js", "fonts/RobotoMono-VariableFont_wght.ttf"):
            assert (await client.get(f"/{TOKEN}/static/{name}")).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/wrong/", f"/{TOKEN}x/", "/ws", "/static/js/textual.js", f"/{TOKEN}/static/../server.py", f"/{TOKEN}/static/%2e%2e/server.py",
             f"/{TOKEN}/static/", f"/{TOKEN}/download/x"],
)  # fmt: skip
async def test_everything_else_is_not(tmp_path, path):
    async with a_site(tmp_path) as (client, _):
        assert (await client.get(path)).status in (403, 404)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80", "localhost.evil.example"])
async def test_another_name_for_this_machine_is_turned_away(tmp_path, host):
    async with a_site(tmp_path) as (client, port):
        assert (await client.get(f"/{TOKEN}/", headers={"Host": host})).status == 403
        assert (await client.get(f"/{TOKEN}/", headers={"Host": f"localhost:{port}"})).status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
async def test_another_page_cannot_drive_the_reader(tmp_path, origin):
    async with a_site(tmp_path) as (client, _):
        headers = {} if origin is None else {"Origin": origin}
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await client.ws_connect(f"/{TOKEN}/ws", headers=headers)
        assert caught.value.status == 403


async def test_the_page_drives_the_reader_and_hears_its_end(tmp_path):
    async with a_site(tmp_path) as (client, port):
        page = await client.ws_connect(f"/{TOKEN}/ws?width=90&height=20", headers=own(port))
        await read_until(page, "size 90x20")
        await page.send_str(json.dumps(["stdin", "k"]))
        await read_until(page, "key k at 90x20")
        for junk in (
            "",
            "{",
            "[]",
            "5",
            '["stdin"]',
            '["stdin", 5]',
            '["resize", 5]',
            '["resize", {"width": "x"}]',
            '["nonsense", 1]',
            "[" * 9000,
        ):
            await page.send_str(junk)
        await page.send_str(json.dumps(["ping", 7]))
        assert '["pong", 7]' in await read_until(page, '["pong", 7]')
        await page.send_str(json.dumps(["stdin", "q"]))
        async with asyncio.timeout(20):
            while (await page.receive()).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
                pass


async def test_escape_and_the_next_key_are_two_keys_however_fast_they_come(tmp_path):
    async with a_site(tmp_path) as (client, port):
        page = await client.ws_connect(f"/{TOKEN}/ws?width=90&height=20", headers=own(port))
        await read_until(page, "size 90x20")
        for key in ("\x1b", "j", "\x1bz"):
            await page.send_str(json.dumps(["stdin", key]))
        await read_until(page, "key escape j alt+z at 90x20")


async def test_no_size_is_larger_than_a_screen(tmp_path):
    async with a_site(tmp_path) as (client, port):
        page = await client.ws_connect(f"/{TOKEN}/ws?width=1000000&height=100000", headers=own(port))
        await read_until(page, f"size {LARGEST[0]}x{LARGEST[1]}")
        await page.send_str(json.dumps(["resize", {"width": 10**9, "height": -5}]))
        await page.send_str(json.dumps(["stdin", "k"]))
        await read_until(page, "key k at 500x3")


async def test_only_checked_addresses_leave_the_reader(tmp_path):
    async with a_site(tmp_path) as (client, port):
        page = await client.ws_connect(f"/{TOKEN}/ws", headers=own(port))
        await read_until(page, "size 80x24")
        await page.send_str(json.dumps(["stdin", "xo"]))
        seen = await read_until(page, "open_url")
        assert '"https://paper.example/a%20b"' in seen
        assert "javascript" not in seen


async def test_a_second_page_takes_the_reader_over(tmp_path):
    async with a_site(tmp_path) as (client, port):
        first = await client.ws_connect(f"/{TOKEN}/ws", headers=own(port))
        await read_until(first, "size")
        second = await client.ws_connect(f"/{TOKEN}/ws?width=70", headers=own(port))
        await read_until(second, "size 70x24")
        async with asyncio.timeout(20):
            while not first.closed:
                await first.receive()


@pytest.mark.parametrize(
    ("value", "number"),
    [("90", 90), (90, 90), ("9999", 500), ("-4", 10), ("0", 10), (None, 80), ("", 80), ("9e9", 80), (True, 80), (5.5, 80), ("٣", 80), ("9" * 5000, 80),
     (10**30, 500), ("--5", 80), ([], 80)],
)  # fmt: skip
def test_a_size_is_a_number_within_bounds_whatever_was_sent(value, number):
    assert clamp(value, 10, 500, 80) == number


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SourceError, match="cannot listen"):
            serve([], port=taken.getsockname()[1], say=print)
    with pytest.raises(SourceError, match="cannot listen"):
        serve([], port=70_000, say=print)


def test_without_textual_serve_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    with pytest.raises(UsageError) as caught:
        serve([], say=print)
    assert "pip install textual-serve" in caught.value.hint


def test_stdin_cannot_be_served():
    with pytest.raises(UsageError, match="stdin"):
        serve(["-"], say=print)


def test_only_this_machine_is_listened_on():
    listener = serving._listen(0)
    with listener:
        assert listener.getsockname()[0] == "127.0.0.1"


class Browser:
    """A headless Chromium, told what to do and overheard through its debugging port."""

    def __init__(self, page: aiohttp.ClientWebSocketResponse) -> None:
        self._page = page
        self._number = 0
        self.heard: list[dict] = []

    async def do(self, method: str, **params: object) -> dict:
        self._number += 1
        await self._page.send_json({"id": self._number, "method": method, "params": params})
        while True:
            message = json.loads((await self._page.receive()).data)
            if message.get("id") == self._number:
                return message.get("result", {})
            self.heard.append(message)

    async def until(self, expression: str) -> None:
        async with asyncio.timeout(30):
            while not (await self.do("Runtime.evaluate", expression=expression))["result"].get("value"):
                await asyncio.sleep(0.1)

    def frames(self, direction: str) -> str:
        return "".join(
            message["params"]["response"]["payloadData"]
            for message in self.heard
            if message.get("method") == f"Network.webSocketFrame{direction}"
        )


@asynccontextmanager
async def a_browser(tmp_path: Path):
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    profile = tmp_path / "profile"
    process = await asyncio.create_subprocess_exec(
        program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "--window-size=800,400", "about:blank",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30), aiohttp.ClientSession() as client:
            while (
                not (profile / "DevToolsActivePort").is_file()
                or not (profile / "DevToolsActivePort").read_text().strip()
            ):
                await asyncio.sleep(0.1)
            port = (profile / "DevToolsActivePort").read_text().split()[0]
            targets = await (await client.get(f"http://127.0.0.1:{port}/json")).json()
            address = next(target for target in targets if target["type"] == "page")["webSocketDebuggerUrl"]
            async with client.ws_connect(address, max_msg_size=0) as page:
                yield Browser(page)
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.screen
def test_the_real_program_serves_its_own_page_only(tmp_path):
    """The command as typed: its sample behind a token, and shut for every other name, page and address."""
    folders = {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    command = [sys.executable, "-m", "newstui", "serve"]
    with subprocess.Popen(
        command, env=os.environ | folders, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stderr is not None
            address = next(line.split()[-1] for line in program.stderr if "newstui is at" in line)
            asyncio.run(_knock(address))
        finally:
            program.send_signal(signal.SIGINT)
    assert program.returncode == 0


async def _knock(address: str) -> None:
    origin = address.rsplit("/", 2)[0]
    async with aiohttp.ClientSession() as client:
        async with client.get(address) as answer:
            assert answer.status == 200 and "default-src 'none'" in answer.headers["Content-Security-Policy"]
        for wrong in (origin + "/", origin + "/another-token/", origin + "/another-token/ws"):
            async with client.get(wrong, headers={"Origin": origin}) as answer:
                assert answer.status == 404
        async with client.get(address, headers={"Host": "reader.example"}) as answer:
            assert answer.status == 403
        for stranger in ({}, {"Origin": "https://elsewhere.example"}):
            async with client.get(address + "ws", headers=stranger) as answer:
                assert answer.status == 403
        shown = b""
        size = "ws?width=1000000&height=1000000"
        async with client.ws_connect(address + size, headers={"Origin": origin}) as page:
            async with asyncio.timeout(40):
                async for message in page:
                    shown += message.data if isinstance(message.data, bytes) else message.data.encode()
                    if b"SLIM wakes up" in shown:
                        break
        columns = [int(found) for found in re.findall(rb"\x1b\[\d+;(\d+)H", shown)]
        assert max(columns) <= LARGEST[0] + 1


async def test_a_browser_shows_the_reader_takes_keys_and_asks_nobody_else(tmp_path):
    async with a_site(tmp_path) as (_, port), a_browser(tmp_path) as browser:
        for domain in ("Log", "Runtime", "Network", "Page"):
            await browser.do(f"{domain}.enable")
        await browser.do("Page.navigate", url=f"http://127.0.0.1:{port}/{TOKEN}/")
        await browser.until("document.body.classList.contains('-first-byte')")
        await browser.until("document.activeElement.classList.contains('xterm-helper-textarea')")
        await browser.do("Input.dispatchKeyEvent", type="keyDown", text="k", key="k")
        for _ in range(100):
            await browser.do("Runtime.evaluate", expression="1")
            if '["stdin","k"]' in browser.frames("Sent"):
                break
            await asyncio.sleep(0.1)
        assert '["stdin","k"]' in browser.frames("Sent")
        assert (await browser.do("Runtime.evaluate", expression="document.fonts.check('16px \"Roboto Mono\"')"))[
            "result"
        ]["value"]
        asked = [
            message["params"]["request"]["url"]
            for message in browser.heard
            if message.get("method") == "Network.requestWillBeSent"
        ]
        assert asked and all(url.startswith((f"http://127.0.0.1:{port}/{TOKEN}/", "data:")) for url in asked)
        complaints = [
            message["params"]["entry"]["text"] for message in browser.heard if message.get("method") == "Log.entryAdded"
        ]
        assert not [text for text in complaints if "WebGL" not in text]


async def test_the_page_is_as_large_as_the_window_and_no_line_is_out_of_sight(tmp_path):
    async with a_site(tmp_path) as (_, port), a_browser(tmp_path) as browser:
        await browser.do("Page.navigate", url=f"http://127.0.0.1:{port}/{TOKEN}/")
        await browser.until("document.body.classList.contains('-first-byte')")
        for width, height in ((1280, 720), (600, 400), (900, 500)):
            await browser.do(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
            )
            await browser.until(
                f"innerHeight === {height} && (screen => screen.height > {height - 40} && screen.height <= {height}"
                f" && screen.width > {width - 40} && screen.width <= {width})"
                "(document.querySelector('.xterm-screen').getBoundingClientRect())"
            )
            shown = "document.documentElement"
            await browser.until(f"{shown}.scrollHeight <= innerHeight && {shown}.clientWidth === innerWidth")
