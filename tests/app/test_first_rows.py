"""What is kept of the first rows is painted at the next start, and only while it is still so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newstui.app.at_once import cache_folder
from newstui.app.first_rows import FILE_NAME, Look, parse_first_rows, stamp_of, write_first_rows
from newstui.config import find_paths
from newstui.model import Headline
from newstui.present.rows import RowState, article_row, choose_layout
from tests.terminal import Terminal

LOOK = Look("dark", "age", True, 28, 0.42, False)
ROWS = [
    Headline(
        9, 1, "Comet “Émile” over 東京 🚀", "Sky & Co", 1_700_000_000, 80, 300, 4, False, True, "news", "Bright.", "c"
    ),
    Headline(8, 2, "Second", "", None, None, None, 0, True, False, "video", "", "", ("a b", "c"), True, removed=True),
]


def keep(folder: Path, rows: list[Headline] = ROWS, arguments: tuple[str, ...] = ()) -> str | None:
    file = folder / "cache.db"
    if not file.exists():
        file.write_text("articles")
    return write_first_rows(arguments, os.environ, {str(file): stamp_of(str(file))}, LOOK, rows)


def test_rows_come_back_as_they_are_painted(tmp_path: Path):
    text = keep(tmp_path)
    assert text is not None
    found = parse_first_rows(text, (), os.environ)
    assert found is not None
    layout = choose_layout(60, 20)
    for kept, headline in zip(found[1], ROWS, strict=True):
        assert article_row(kept, layout, RowState(), 1_700_003_600) == article_row(
            headline, layout, RowState(), 1_700_003_600
        )
    assert found[0].theme == "dark"
    assert found[0].list_share == 0.42


def test_rows_are_those_of_one_start_only(tmp_path: Path):
    text = keep(tmp_path)
    assert text is not None
    assert parse_first_rows(text, ("elsewhere",), os.environ) is None
    assert parse_first_rows(text, (), os.environ | {"NEWSTUI_DATA_DIR": "/elsewhere"}) is None
    assert parse_first_rows(text.replace("0.1.0", "0.0.9"), (), os.environ) is None
    assert parse_first_rows(text[:-40], (), os.environ) is None


def test_rows_are_not_believed_once_a_file_has_changed(tmp_path: Path):
    text = keep(tmp_path)
    assert text is not None
    (tmp_path / "cache.db").write_text("other articles")
    assert parse_first_rows(text, (), os.environ) is None


def test_an_empty_log_is_like_none(tmp_path: Path):
    assert stamp_of(str(tmp_path / "log")) == "-"
    (tmp_path / "log").touch()
    assert stamp_of(str(tmp_path / "log")) == "-"


def test_what_would_break_the_lines_is_not_kept(tmp_path: Path):
    assert keep(tmp_path, [ROWS[1]._replace(title="one\ttwo")]) is None
    assert keep(tmp_path, arguments=("a\nb",)) is None


@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/home/me"},
        {"HOME": "/home/me", "XDG_CACHE_HOME": "/var/me"},
        {"HOME": "/home/me", "XDG_CACHE_HOME": "relative"},
        {"HOME": "/home/me", "NEWSTUI_CACHE_DIR": "/own", "XDG_CACHE_HOME": "/var/me"},
    ],
)
def test_the_cache_folder_is_where_the_settings_find_it(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    for name in ("XDG_CACHE_HOME", "NEWSTUI_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    assert cache_folder(environment) == str(find_paths(environment).cache)


PAINTED = """
import newstui.cli, newstui.app.at_once, newstui.app.first_picture
from newstui.app.first_rows import FirstRow
from newstui.present.rows import RowState, article_row, choose_layout
for value in range(-1, 1500, 50):
    for mark in range(6):
        marks = "".join(str(int(place == mark)) for place in range(6))
        row = FirstRow(f"Élan…\tÆgir\tvideo\t“Ω” – Ж\t1700000000 {value} {value} 3\t{marks}\ttag")
        article_row(row, choose_layout(60, 20), RowState(cursor=True), 1_700_000_060)
"""


def test_nothing_is_imported_for_the_picture_that_it_does_not_need():
    kept_out = {"typing", "re", "dataclasses", "sqlite3", "json", "pathlib", "collections", "rich"}
    code = f"import sys; sys.path[:] = {sys.path!r}\n{PAINTED}\nprint(*{kept_out!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


class Starts:
    """A reader that has been opened once: its folders, and how to start it again."""

    def __init__(self, folder: Path, collection: Path) -> None:
        self.environment = {f"NEWSTUI_{kind}_DIR": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
        self.command = [sys.executable, "-m", "newstui", str(collection)]
        self.config, self.kept = folder / "config" / "config.toml", folder / "cache" / FILE_NAME

    def again(self, **more: str) -> Terminal:
        return Terminal(self.command, environment=self.environment | more)


@pytest.fixture(scope="module")
def first_start(sample_feed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a reader that was opened and left."""
    starts = Starts(folder := tmp_path_factory.mktemp("first"), sample_feed)
    with starts.again() as terminal:
        terminal.wait("100 articles, 100 unread")
        terminal.keys("q")
        assert terminal.wait_exit() == 0
    return folder


@pytest.fixture
def starts(first_start: Path, sample_feed: Path) -> Starts:
    return Starts(first_start, sample_feed)


@pytest.mark.screen
def test_the_second_start_paints_what_the_first_one_left(starts: Starts):
    kept = starts.kept.read_text("utf-8")
    title = kept.split("\n")[7].split("\t")[0]
    telltale = kept.replace(title, "Telltale")
    starts.kept.write_text(telltale, "utf-8")
    with starts.again() as terminal:
        terminal.wait_live()
        terminal.wait_gone("Telltale")
        terminal.wait("100 articles, 100 unread")
        assert b"Telltale" in terminal.raw
        assert bytes(terminal.raw).count(b"\x1b[?1049h") == 1
    starts.kept.write_text(telltale, "utf-8")
    starts.config.parent.mkdir(exist_ok=True)
    starts.config.write_text("[reader]\narticle_width = 70\n")
    with starts.again() as terminal:
        terminal.wait("100 articles, 100 unread")
        assert b"Telltale" not in terminal.raw


@pytest.mark.screen
def test_a_start_that_fails_after_the_picture_gives_the_terminal_back(starts: Starts, tmp_path: Path):
    broken = tmp_path / "sitecustomize.py"
    broken.write_text("import builtins\nreal = builtins.__import__\ndef refuse(name, *rest, **more):\n"
                      "    if name == 'newstui.app.app': raise KeyboardInterrupt\n    return real(name, *rest, **more)\n"
                      "builtins.__import__ = refuse\n")  # fmt: skip
    python_path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    with starts.again(PYTHONPATH=python_path) as terminal:
        assert terminal.wait_exit() == 130
        assert b"\x1b[?1049h" in terminal.raw
        assert bytes(terminal.raw).rstrip().endswith(b"\x1b[?1049l\x1b[?25h")
