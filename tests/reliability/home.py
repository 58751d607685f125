"""Somebody's newstui as a program of its own: its folders, its commands, its screen, and invented records to read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.command_line import write_record
from tests.terminal import Terminal

REPOSITORY = Path(__file__).resolve().parents[2]
QUIET = '[reader]\nreduced_motion = true\n[refresh]\nevery = "never"\n'
"""A configuration under which nothing moves and nothing happens by itself."""


@dataclass
class Home:
    """Where one reader's newstui keeps what it writes."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def marks(self) -> Path:
        return self.data / "marks.db"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of its programs."""
        own = {f"NEWSTUI_{kind}_DIR": str(self.folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
        return own | {"HOME": str(self.folder), "TZ": "UTC", "PYTHONPATH": str(REPOSITORY)} | more

    def configure(self, text: str) -> None:
        """Write its configuration."""
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        (self.folder / "config" / "config.toml").write_text(text, "utf-8")

    def run(
        self, *arguments: str, seconds: float = 60, stdin: int = subprocess.DEVNULL, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one command; what it says on standard error holds no traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "newstui", *arguments], stdin=stdin, capture_output=True, check=False,
            env=os.environ | self.environment(**environment), timeout=seconds,
        )  # fmt: skip
        assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
        return done

    def open(
        self, locations: Sequence[str | Path] = (), *, columns: int = 120, rows: int = 36, **environment: str
    ) -> Terminal:
        """Start the reader on a screen."""
        command = [sys.executable, "-m", "newstui", *map(str, locations)]
        return Terminal(command, columns=columns, rows=rows, environment=self.environment(**environment))


def write_news(folder: Path, count: int) -> Path:
    """Write so many invented records."""
    for number in range(count):
        topic = ("Space", "Oceans", "Trains")[number % 3]
        write_record(
            folder, f"Report number {number}", topic=topic, date=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
        )
    return folder


def catch_up(terminal: Terminal) -> None:
    """Wait until every key pressed so far has been dealt with: keys take turns, so the sheet of help comes after them."""
    heading = r"\bKeys {5,}"
    terminal.wait_gone(heading)
    terminal.press("?", shows=heading)
    terminal.keys("escape")
    terminal.wait_gone(heading)
