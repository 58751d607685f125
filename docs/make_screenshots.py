"""Takes the pictures of the documentation: ``python docs/make_screenshots.py [NAME…]``.

The real program runs headless on the sample collection, with the clock stopped, and keys are pressed as a reader
would. Run it after a change of the screen, look at every picture, and commit them with the change.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from newstui.app import ReaderApp
from newstui.config import Paths, Settings, sample_location
from newstui.config.settings import ReaderSettings
from newstui.library import Library, LibraryPaths
from newstui.text import cell_width

IMAGES = Path(__file__).resolve().parent / "images"
NOW = datetime(2024, 1, 31, 7, 0, tzinfo=UTC)
"""A morning a few days after the newest record of the sample."""

ENDLESS = frozenset({"saver", "poll"})
"""Groups of workers that run as long as the program."""
QUIET_SECONDS = 0.4
"""Longer than any pause the screen makes before it asks or previews."""
PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    keys: Sequence[str]
    """Names of keys, pressed one after the other; what begins with ``=`` is typed letter by letter."""
    size: tuple[int, int] = (140, 40)
    """Columns and rows."""
    theme: str = "dark"


SHOTS = (
    Shot("reader", ("enter",), (150, 42)),
    Shot("search", ("slash", "=asteroid", "enter"), (120, 32)),
    Shot("article", ("slash", "=title:shortens", "enter", "enter", "z", "G"), (100, 40)),
    Shot("found", ("slash", "=title:galaxy title:black", "enter", "enter", "z", "G"), (100, 40)),
    Shot("typesetting", ("slash", "=what's new 3.11", "enter", "enter", "z", "space"), (100, 44)),
    Shot("stories", ("i",), (120, 32)),
    Shot("palette", ("ctrl+p",), (120, 32)),
    Shot("narrow", ("j",), (60, 20)),
    Shot("light", ("enter",), (120, 32), "light"),
    Shot("high-contrast", ("enter",), (120, 32), "high-contrast"),
    Shot("terminal", ("enter",), (120, 32), "terminal"),
)


async def take(shot: Shot, folder: Path) -> str:
    """Return one picture as SVG text."""
    paths = Paths(folder / "config", folder / "data", folder / "cache")
    settings = Settings(reader=ReaderSettings(theme=shot.theme, reduced_motion=True))
    library = Library.open(
        LibraryPaths(paths.data, paths.cache), locations=[sample_location()], clock=lambda: NOW, zone=UTC
    )
    for _ in library.refresh():
        pass
    for _ in library.update_coverage():
        pass
    app = ReaderApp(library, settings, paths, clock=lambda: NOW, zone=UTC)
    async with app.run_test(size=shot.size) as pilot:
        await settle(pilot)
        for key in shot.keys:
            for press in typed(key[1:]) if key.startswith("=") else [key]:
                await pilot.press(press)
            await settle(pilot)
        return app.export_screenshot(title="newstui")


def typed(text: str) -> list[str]:
    """Return the keys that type a text."""
    names = {" ": "space", ":": "colon", "'": "apostrophe", ".": "full_stop", "-": "minus"}
    return [names.get(letter, letter) for letter in text]


async def settle(pilot: Pilot[int]) -> None:
    """Wait until nothing happens any more: timers of typing and previewing run out, workers done."""
    await pilot.pause(QUIET_SECONDS)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(
        worker.is_running and worker.group not in ENDLESS for worker in pilot.app.workers
    ):
        await pilot.pause(0.05)
    await pilot.pause(QUIET_SECONDS)


CELL_WIDTH = 12.2
"""Of one cell in these pictures, in their own units."""


def steady(svg: str) -> str:
    """Return the picture without what differs from run to run, without fonts from elsewhere, wide characters wide."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    # The export gives every character one cell (Rich 15), and viewers squeeze Japanese into half its width.
    return re.sub(r'textLength="[\d.]+"([^>]*)>([^<]*)<', _with_length, svg)


def _with_length(found: re.Match[str]) -> str:
    cells = cell_width(html.unescape(found[2]))
    return f'textLength="{cells * CELL_WIDTH:g}"{found[1]}>{found[2]}<'


def main(names: list[str]) -> None:
    """Take the pictures named, else all of them."""
    IMAGES.mkdir(exist_ok=True)
    for shot in SHOTS:
        if not names or shot.name in names:
            with tempfile.TemporaryDirectory() as folder:
                svg = asyncio.run(take(shot, Path(folder)))
            (IMAGES / f"{shot.name}.svg").write_text(steady(svg), "utf-8")
            print(f"{shot.name}.svg  {shot.size[0]}×{shot.size[1]}")


if __name__ == "__main__":
    main(sys.argv[1:])
