"""Pictures as terminals with graphics get them: what the real program sends is taken apart and looked at."""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reliability.home import catch_up
from tests.terminal import Terminal

Image = pytest.importorskip("PIL.Image", reason="Pillow makes and reads the pictures")

pytestmark = pytest.mark.screen

CORNERS = ((250, 20, 20), (20, 250, 20), (20, 20, 250), (250, 250, 20))
"""Colours of the quarters of the picture: left and right above, left and right below."""
LOGO = (200, 90, 10)
SIXELS = re.compile(rb"\x1b\[(\d+);(\d+)H\x1bP[^\x1b]*?q([^\x1b]*)\x1b\\")
KITTY = re.compile(rb"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles, newest first; all but the second have the picture."""
    news, assets = tmp_path / "site" / "_news", tmp_path / "site" / "assets"
    news.mkdir(parents=True)
    assets.mkdir()
    picture = Image.new("RGB", (320, 160))
    for index, colour in enumerate(CORNERS):
        left, top = 160 * (index % 2), 80 * (index // 2)
        picture.paste(colour, (left, top, left + 160, top + 80))
    picture.save(assets / "quarters.png")
    Image.new("RGB", (50, 50), LOGO).save(assets / "logo.png")
    logo = "provider: {name: Daily, domain: daily.example, images: [{url: /assets/logo.png, width: 50, height: 50}]}\n"
    for number, name in enumerate(("First", "Second", "Third")):
        images = "" if name == "Second" else "images:\n- {url: /assets/quarters.png, width: 320, height: 160}\n"
        (news / f"{name}.md").write_text(
            f'---\ntitle: "{name} of all"\npublishedDateTime: 2024-01-0{9 - number}T10:00:00Z\n'
            f'webUrl: "https://news.example/{name}"\n{images}{logo if name == "Third" else ""}---\n'
            + "A line of text.\n\n"
            * 60,
            "utf-8",
        )
    return tmp_path


@contextmanager
def reader(folder: Path, term: str, **environment: str) -> Iterator[Terminal]:
    folders = {f"NEWSTUI_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    command = [sys.executable, "-m", "newstui", str(folder / "site")]
    with Terminal(command, columns=120, rows=40, environment=folders | {"TERM": term} | environment) as terminal:
        terminal.wait("A line of text")
        yield terminal


def wait_for(terminal: Terminal, pattern: re.Pattern[bytes], start: int = 0) -> None:
    terminal.wait_until(lambda: pattern.search(bytes(terminal.raw), start) is not None, "no picture was sent")


def decode_sixels(data: str) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return the colour of every pixel drawn (DEC STD 070 §9: colours in hundredths, six rows a band)."""
    palette: dict[int, tuple[int, int, int]] = {}
    pixels: dict[tuple[int, int], tuple[int, int, int]] = {}
    x = y = colour = 0
    for found in re.finditer(r'"[\d;]*|#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)(.)|([$-])|([?-~])', data):
        number, red, green, blue, times, repeated, move, sixel = found.groups()
        if number is not None:
            colour = int(number)
            if red is not None:
                palette[colour] = (int(red) * 255 // 100, int(green) * 255 // 100, int(blue) * 255 // 100)
        elif move is not None:
            x, y = 0, y + 6 * (move == "-")
        elif sixel or repeated:
            bits, end = ord(sixel or repeated) - 63, x + int(times or 1)
            pixels |= {(a, y + bit): palette[colour] for a in range(x, end) for bit in range(6) if bits >> bit & 1}
            x = end
    return pixels


def assert_quarters(pixel_at, width: int, height: int) -> None:
    """Each quarter has its colour, so nothing is turned, shifted or cut off."""
    for index, colour in enumerate(CORNERS):
        x, y = width * (1 + 2 * (index % 2)) // 4, height * (1 + 2 * (index // 2)) // 4
        assert all(abs(got - wanted) < 16 for got, wanted in zip(pixel_at((x, y)), colour, strict=True)), (x, y)


def test_kitty_is_sent_the_picture_and_told_where_it_stands_and_when_it_goes(folder: Path) -> None:
    with reader(folder, "xterm-kitty") as terminal:
        wait_for(terminal, re.compile(rb"\x1b_Ga=p,"))
        terminal.wait("\U0010eeee")
        parts = KITTY.findall(bytes(terminal.raw))
        sent = b"".join(data for head, data in parts if b"f=100" in head)
        picture = Image.open(io.BytesIO(base64.b64decode(sent))).convert("RGB")
        assert_quarters(picture.getpixel, *picture.size)
        (place,) = [head.decode() for head, _ in parts if head.startswith(b"a=p")]
        values = dict(pair.split("=") for pair in place.split(","))
        rows = [y for y, line in enumerate(terminal.screen.display) if "\U0010eeee" in line]
        assert rows == list(range(rows[0], rows[0] + int(values["r"])))
        marked = terminal.screen.display[rows[0]].count("\U0010eeee")
        assert marked == int(values["c"])
        before = len(terminal.raw)
        terminal.press("j", shows="Second of all[\\s\\S]*Second of all")  # an article without a picture
        terminal.wait_gone("\U0010eeee")
        wait_for(terminal, re.compile(rb"\x1b_Ga=d,d=I,i=" + values["i"].encode()), before)
        terminal.keys("k")
        wait_for(terminal, re.compile(rb"\x1b_Ga=p,"), before)
        number = dict(pair.split(b"=") for pair in KITTY.findall(bytes(terminal.raw))[-1][0].split(b","))[b"i"]
        before = len(terminal.raw)
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
        assert b"\x1b_Ga=d,d=I,i=" + number in bytes(terminal.raw[before:])


def test_sixels_are_the_picture_at_its_place_and_nothing_is_left_of_them(folder: Path) -> None:
    with reader(folder, "foot") as terminal:
        wait_for(terminal, SIXELS)
        terminal.wait("▀▀▀▀")
        row, column, data = SIXELS.findall(bytes(terminal.raw))[-1]
        pixels = decode_sixels(data.decode())
        width, height = 1 + max(x for x, _ in pixels), 1 + max(y for _, y in pixels)
        assert len(pixels) == width * height
        assert_quarters(pixels.__getitem__, width, height)
        blocks = [y for y, line in enumerate(terminal.screen.display) if "▀▀▀▀" in line]
        assert int(row) == blocks[0] + 1
        assert terminal.screen.display[blocks[0]].index("▀") == int(column) - 1
        assert "[" not in terminal.screen.display[blocks[-1]]

        terminal.press("enter", shows="h back ")
        terminal.keys("5j")
        terminal.wait_until(lambda: terminal.screen.display[blocks[0] - 5].count("▀") > 8)
        terminal.wait_until(lambda: int(SIXELS.findall(bytes(terminal.raw))[-1][0]) == int(row) - 5, "it stayed behind")
        before = len(terminal.raw)
        terminal.keys("20j")
        catch_up(terminal)
        assert not SIXELS.search(bytes(terminal.raw[before:]))  # half out of view: only text is written over it
        terminal.press("g", "h", "?", shows="Half a page down")
        before, help_ = len(terminal.raw), terminal.text
        terminal.keys("j", "j")
        terminal.wait_until(lambda: terminal.text != help_)
        assert not SIXELS.search(bytes(terminal.raw[before:]))  # a sheet lies over it
        terminal.keys("ctrl+q")


def test_the_logo_of_a_provider_stands_in_the_head_where_pixels_are_drawn(folder: Path) -> None:
    with reader(folder, "foot") as terminal:
        wait_for(terminal, SIXELS)
        terminal.press("G", shows="Daily · Sun 7 Jan")
        lines = terminal.screen.display
        row = next(y for y, line in enumerate(lines) if "Daily · Sun" in line)
        place = f"{row + 1};{lines[row].index('Daily') - 7}".encode()
        wait_for(terminal, re.compile(rb"\x1b\[" + place + rb"H\x1bP"))
        data = next(data for *at, data in SIXELS.findall(bytes(terminal.raw)) if b";".join(at) == place)
        pixels = decode_sixels(data.decode())
        assert len(pixels) == 48 * 48
        assert all(abs(got - wanted) < 16 for got, wanted in zip(pixels[24, 24], LOGO, strict=True))
        terminal.keys("ctrl+q")
    with reader(folder, "xterm-256color") as terminal:
        terminal.keys("G")  # where the first reader left it, perhaps
        terminal.wait("│ +Daily · Sun 7 Jan")
        line = next(line for line in terminal.screen.display if "Daily · Sun" in line)
        title = next(line for line in terminal.screen.display[:6] if line.count("Third of all"))
        assert line.index("Daily") == title.rindex("Third of all")  # no room is kept for what is not shown
        terminal.keys("ctrl+q")


@pytest.mark.parametrize("environment", [{"TMUX": "/tmp/tmux-1000/default,1,0"}, {"STY": "1.pts"}])
def test_a_multiplexer_is_sent_cells_only(folder: Path, environment: dict[str, str]) -> None:
    with reader(folder, "foot", **environment) as terminal:
        terminal.wait("▀▀▀▀")
        assert not SIXELS.search(bytes(terminal.raw))
        assert b"\x1b_G" not in bytes(terminal.raw)
        terminal.keys("ctrl+q")


def test_a_terminal_that_its_environment_says_nothing_of_is_asked_and_keys_meanwhile_are_keys(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.terminal.QUERIES", ())  # here the test answers
    with reader(folder, "xterm-256color") as terminal:
        wait_for(terminal, re.compile(rb"\x1b\[>0q\x1b\[c"))
        terminal.wait("▀▀▀▀")  # drawn in cells until there is an answer
        terminal.keys("j\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62;22ck")
        wait_for(terminal, re.compile(rb"\x1b_G[^;]*a=q"))
        assert b"\x1b_Ga=p," not in bytes(terminal.raw)
        terminal.keys("jj\x1b_Gi=1;OK\x1b\\\x1b[?62;22c")
        wait_for(terminal, re.compile(rb"\x1b_Ga=p,"))
        terminal.wait("\U0010eeee")
        terminal.wait("Daily · Sun 7 Jan")  # the third article: j, k, j and j moved the cursor, in this order
        terminal.keys("ctrl+q")
        assert terminal.wait_exit() == 0
    with reader(folder, "xterm-256color") as terminal:
        wait_for(terminal, re.compile(rb"\x1b\[>0q\x1b\[c"))
        terminal.keys("\x1b[?62;4;22c")
        wait_for(terminal, SIXELS)
        terminal.keys("ctrl+q")
