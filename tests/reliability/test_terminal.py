"""Promise 7 where it counts: every byte the program sends to its terminal while hostile text is on the screen."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newstui.serve import Site
from tests.command_line import write_record
from tests.reliability.home import QUIET, REPOSITORY, Home, catch_up, write_news
from tests.terminal import KEYS, Terminal

SHARED = REPOSITORY.parent / "shared"
CSI = re.compile(r"\x1b\[([<=>?]?)[0-9:;]*([ -/]*[@-~])")
OSC = re.compile(r"\x1b\]([0-9]*)[^\x07\x1b]*(?:\x07|\x1b\\)")
USUAL = {"OSC 22", "OSC 52"}
"""What a walk may send or not: shapes of the mouse, and an address that is copied (xterm)."""
FORBIDDEN = re.compile("[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\udc80-\udcff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

WALK = (
    *("j" for _ in range(14)), "enter", "space", "space", "]", "O", "escape", "escape", "k", "enter", "escape",
    "?", "escape", "!", "j", "escape", ":", "p", "r", "escape", "t", "escape", "p", "escape", "c", "escape", "v", "escape",
    "G", "enter", "escape", "pageup", "enter", "escape", "g", "i", "i", "H", "escape", "m", "s", "u", "o", "y", "R",
)  # fmt: skip
"""List, article, links, help, problems, palette, pickers, stories, history, marks, opening, copying, refresh."""

INVENTED = (
    "Bell \\a and \\e[31mred\\e[0m",
    "Clipboard \\e]52;c;SGVsbG8=\\a end",
    "Window \\e]0;owned\\a title",
    "C1 \\x9b31m and \\x9d0;x\\x9c",
    "Turned \\u202Egnp.exe around",
    "[/foo] [@click=app.quit]markup[/]",
    "Nothing \\u200b\\ufeff to see",
    "Device \\eP+q544e\\e\\\\ string",
    "Line one\\nline two\\r\\x08over",
)
"""Titles as YAML spells them; each is also a topic, a provider and a body in its record."""


def walk(terminal: Terminal, query: str, shows: str) -> bytes:
    """Press the keys of the walk and a query; return every byte the program wrote."""
    terminal.wait(shows)
    terminal.wait_live()
    for key in WALK:
        terminal.keys(key)
        terminal.settle(0.06, 2)  # most keys have a frame of their own; what they bring is not needed for the next
    terminal.keys("escape", "escape", "escape")
    catch_up(terminal)
    terminal.press("/", shows="enter to the list")
    terminal.keys(*query)
    terminal.wait(rf"/ {re.escape(query)} ")
    terminal.keys("enter", "enter")
    catch_up(terminal)
    terminal.keys("ctrl+q")
    assert terminal.wait_exit() == 0
    assert "Traceback" not in terminal.text
    return bytes(terminal.raw)


def capture(home: Home, folder: Path, target: Path, query: str, shows: str, **environment: str) -> Path:
    home.configure(QUIET)
    with home.open([folder], BROWSER="true", **environment) as terminal:
        target.write_bytes(walk(terminal, query, shows))
    return target


def shapes(captured: Path) -> set[str]:
    """Return what kinds of control sequence and control character a capture holds."""
    text = captured.read_bytes().decode("utf-8", "surrogateescape")
    found = {"CSI " + match[1] + match[2] for match in CSI.finditer(text)}
    found |= {"OSC " + match[1] for match in OSC.finditer(text)}
    rest = CSI.sub("", OSC.sub("", text))
    return found | {f"U+{ord(letter):04X}" for letter in rest if FORBIDDEN.match(letter)}


def check_capture(captured: Path, benign: Path) -> None:
    """Ask the stricter check that lies beside the repository, where it is."""
    script = SHARED / "hostile" / "termcheck.py"
    if script.exists():
        done = subprocess.run(
            [sys.executable, str(script), str(captured), "--benign", str(benign), "--osc", "52"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def check_plain(output: bytes) -> None:
    """Check that output that goes to no screen is text and line ends alone."""
    text = output.decode("utf-8")
    wrong = sorted(
        {
            f"U+{ord(letter):04X}"
            for letter in text
            if (letter < " " and letter not in "\n\t") or "\x7f" <= letter <= "\x9f"
        }
    )
    assert not wrong, wrong


def write_hostile(folder: Path) -> Path:
    """Write invented records that try to reach the terminal."""
    for number, text in enumerate(INVENTED):
        title = f"Case {number} {text}"
        path = folder / f"case-{number}.md"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'---\ntitle: "{title}"\nexcerpt: "{text}"\npublishedDateTime: 2024-05-01T12:00:00Z\n'
            f'webUrl: "https://case.example/{number}"\nquality: "{text}"\n'
            f'provider:\n  name: "{text}"\n  domain: case.example\ntopics:\n  - "{text}"\n---\n# {title}\n\n'
            f"Body [link](https://case.example/{number}) `code`\n\n&#27;[31m &amp;#27;]0;x\x07\n",
            "utf-8",
        )
    (folder / "broken \x1b[31mred\x9b.md").write_text("no front matter \x1b]0;x\x07", "utf-8")
    return folder


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the program sends for harmless records."""
    place = tmp_path_factory.mktemp("benign")
    folder = write_news(place / "news", 40)
    (folder / "broken.md").write_text("no front matter")
    return capture(Home(place / "home"), folder, place / "capture", "report topic:Space", "Report number")


@pytest.mark.screen
def test_hostile_text_sends_nothing_of_its_own_to_the_terminal(tmp_path: Path, benign: Path):
    folder = write_hostile(tmp_path / "news")
    for record in (SHARED / "hostile" / "records").glob("*.md"):
        shutil.copyfile(record, folder / record.name)
    captured = capture(Home(tmp_path / "home"), folder, tmp_path / "capture", "case topic:x", "articles")
    assert shapes(captured) <= shapes(benign) | USUAL
    check_capture(captured, benign)


async def walk_in_a_page(home: Home, folder: Path, query: str, shows: str) -> tuple[bytes, list[str]]:
    """Press the keys of the walk in a web page; return every byte it was to write, and what else it was told."""
    aiohttp, web = pytest.importorskip("aiohttp"), pytest.importorskip("aiohttp.web")
    statics = Path(pytest.importorskip("textual_serve").__file__).parent / "static"
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port, written, told = listener.getsockname()[1], bytearray(), []
    site = Site([sys.executable, "-m", "newstui", str(folder)], port, statics=statics, token="known")
    runner = web.AppRunner(site.make_app(), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()

    async def hear(page: Any) -> None:
        async for message in page:
            if isinstance(message.data, str):
                told.append(message.data)
            else:
                written.extend(message.data)

    async def quiet(seconds: float, most: float) -> None:
        deadline = time.monotonic() + most
        before = -1
        while len(written) != before and time.monotonic() < deadline:
            before = len(written)
            await asyncio.sleep(seconds)

    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            page = await client.ws_connect(
                "/known/ws?width=120&height=36", headers={"Origin": f"http://127.0.0.1:{port}"}
            )
            hearing = asyncio.create_task(hear(page))
            async with asyncio.timeout(30):
                while shows.encode() not in written:
                    await asyncio.sleep(0.05)
            await quiet(0.2, 10)
            for key in (*WALK, "escape", "escape", "/", *query, "enter", "enter", "ctrl+q"):
                await page.send_str(json.dumps(["stdin", KEYS.get(key, key)]))
                await quiet(0.06, 2)
            async with asyncio.timeout(20):
                await hearing
    finally:
        await site.end_session()
        await runner.cleanup()
    return bytes(written), told


@pytest.mark.screen
async def test_hostile_text_sends_nothing_of_its_own_to_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    captured = {}
    hostile, harmless = write_hostile(tmp_path / "hostile"), write_news(tmp_path / "harmless", 40)
    (harmless / "broken.md").write_text("no front matter")
    for folder, query, shows in ((harmless, "report topic:Space", "Report"), (hostile, "case topic:x", "Case")):
        home = Home(tmp_path / f"home of {folder.name}")
        home.configure(QUIET)
        for name, value in home.environment(BROWSER="true").items():
            monkeypatch.setenv(name, value)
        written, told = await walk_in_a_page(home, folder, query, shows)
        assert len(written) > 10_000
        assert not [line for line in told if any(FORBIDDEN.search(text) for text in texts_of(json.loads(line)))]
        captured[folder] = tmp_path / f"capture of {folder.name}"
        captured[folder].write_bytes(written)
    assert shapes(captured[hostile]) <= shapes(captured[harmless]) | USUAL
    check_capture(captured[hostile], captured[harmless])


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in what JSON can hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.items() if isinstance(value, dict) else value:
            yield from texts_of(list(part) if isinstance(part, tuple) else part)


@pytest.mark.screen
def test_a_terminal_that_calls_itself_dumb_is_left_as_it_was(tmp_path: Path):
    home, folder = Home(tmp_path / "home"), write_hostile(tmp_path / "news")
    home.configure(QUIET)
    with home.open([folder], TERM="dumb") as terminal:
        terminal.wait("Case|terminal")
        terminal.keys("j", "enter", "ctrl+q")
        assert terminal.wait_exit() in (0, 2)
        assert b"Traceback" not in terminal.raw
        assert b"\x9b" not in terminal.raw and b"\x1b]52" not in terminal.raw


@pytest.mark.parametrize(
    "arguments", [("list",), ("list", "--format", "tsv"), ("doctor",), ("facets",), ("list", "--stories")]
)
def test_what_commands_print_of_hostile_text_is_plain(tmp_path: Path, arguments: tuple[str, ...]):
    home, folder = Home(tmp_path / "home"), write_hostile(tmp_path / "news")
    done = home.run(*arguments, "--from", str(folder))
    assert done.stdout
    check_plain(done.stdout)
    check_plain(done.stderr)


def test_what_errors_repeat_of_the_command_line_is_plain(tmp_path: Path):
    home = Home(tmp_path / "home")
    write_record(tmp_path / "news", "Report")
    for arguments in (
        ("list", "topic:\x1b[31m(", "--from", str(tmp_path / "news")),
        ("show", "\x1b]0;x\x07", "--from", str(tmp_path / "news")),
        ("\x1b[31mnothing",),
        ("list", "--\x9b31m"),
        ("list", "--from", "/nowhere/\x1b[31m"),
        ("--help",),
        ("list", "--help"),
    ):
        done = home.run(*arguments)
        check_plain(done.stdout)
        check_plain(done.stderr)
