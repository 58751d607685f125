"""The first rows as the reader was last left, in a file that the next start paints before it imports anything.

Reading the settings and opening the stores costs 0.1 s of imports; reading this file costs none. It is believed only
while nothing has changed that it was made of: arguments, folders, settings, articles, marks, and how the screen was
left. Nothing depends on it; it lies in the cache folder and may be deleted at any time.
"""

from __future__ import annotations

import os

from newstui import __version__

TYPE_CHECKING = False  # `typing` would take longer than everything here together
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newstui.model import Headline
    from newstui.present.ages import DateStyle

FILE_NAME = "first-rows.txt"
_FORM = f"newstui first rows 2, written by {__version__}"
_END = "end"
_FOLDERS = (
    "HOME", "NEWSTUI_CONFIG_DIR", "NEWSTUI_DATA_DIR", "NEWSTUI_CACHE_DIR",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
)  # fmt: skip
"""What of the environment says where files lie."""
_ABSENT = "-"
_MARKS = ("read", "starred", "new", "removed", "malformed", "noted")


class Look:
    """What of the settings and of the screen's memory the picture shows."""

    __slots__ = ("down", "list_share", "sidebar", "sidebar_cells", "style", "theme", "up", "zoomed")

    def __init__(
        self,
        theme: str,
        style: DateStyle,
        sidebar: bool,
        sidebar_cells: int,
        list_share: float,
        zoomed: bool,
        down: tuple[str, ...] = (),
        up: tuple[str, ...] = (),
    ) -> None:
        self.theme = theme
        """Name of a built-in theme."""
        self.style: DateStyle = style
        self.sidebar = sidebar
        """As in `Memory`, like the rest."""
        self.sidebar_cells = sidebar_cells
        self.list_share = list_share
        self.zoomed = zoomed
        self.down = down
        """Keys that go to the next row."""
        self.up = up
        """Keys that go to the row before."""


class FirstRow:
    """What a row of the list shows of an article: as much of a `Headline` as `article_row` asks for."""

    __slots__ = (
        "coverage", "excerpt", "heat", "malformed", "new", "noted", "provider", "published", "quality", "read",
        "removed", "starred", "tags", "title", "type",
    )  # fmt: skip

    def __init__(self, line: str) -> None:
        """Take a line of the file apart. Raises ValueError."""
        self.title, self.provider, self.type, self.excerpt, numbers, marks, tags = line.split("\t")
        self.published, self.quality, self.heat, coverage = map(_number, numbers.split(" "))
        self.coverage = coverage or 0
        self.read, self.starred, self.new, self.removed, self.malformed, self.noted = (mark == "1" for mark in marks)
        self.tags = tuple(tags.split("\x1f")) if tags else ()


def parse_first_rows(
    text: str, arguments: Sequence[str], environment: Mapping[str, str]
) -> tuple[Look, list[FirstRow]] | None:
    """Return what is to be painted; None when it is of another start, or of what is not so any more.

    Raises ValueError, IndexError and OSError where the file is damaged.
    """
    lines = text.split("\n")
    if lines[-1] != _END or "\x1b" in text or lines[:4] != _circumstances(arguments, environment):
        return None
    files, stamps = lines[4].split("\t"), lines[5].split("\t")
    if [stamp_of(file) for file in files] != stamps:
        return None
    theme, style, sidebar, cells, share, zoomed, *keys = lines[6].split("\t")
    down, up = (tuple(names.split(" ")) for names in keys)
    chosen: DateStyle = "date" if style == "date" else "age"
    look = Look(theme, chosen, sidebar == "1", int(cells), float(share), zoomed == "1", down, up)
    return look, [FirstRow(line) for line in lines[7:-1]]


def write_first_rows(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    stamps: Mapping[str, str],
    look: Look,
    headlines: Iterable[Headline],
) -> str | None:
    """Return the text that `parse_first_rows` takes apart; None when it cannot be said in lines and tabs."""
    given = (
        look.theme, look.style, str(int(look.sidebar)), str(look.sidebar_cells), repr(look.list_share),
        str(int(look.zoomed)), *(" ".join(key for key in keys if " " not in key) for keys in (look.down, look.up)),
    )  # fmt: skip
    rows = [
        (
            one.title, one.provider, one.type, one.excerpt,
            " ".join("" if number is None else str(number)
                     for number in (one.published, one.quality, one.heat, one.coverage)),
            "".join(str(int(getattr(one, mark))) for mark in _MARKS),
            "\x1f".join(one.tags),
        )
        for one in headlines
    ]  # fmt: skip
    table = [tuple(stamps), tuple(stamps.values()), given, *rows]
    if any("\t" in cell or "\n" in cell for row in [tuple(arguments), *table] for cell in row):
        return None
    lines = [*_circumstances(arguments, environment), *("\t".join(row) for row in table), _END]
    return "\n".join(lines) if sum(line.count("\n") for line in lines) == 0 else None


def stamp_of(file: str) -> str:
    """Return what differs whenever a file has been written; the same for an empty one and none."""
    try:
        found = os.stat(file)
    except OSError:
        return _ABSENT
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}" if found.st_size else _ABSENT


def _circumstances(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return lines that say which start this is."""
    try:
        here = os.getcwd() if arguments else ""
    except OSError:  # the folder is gone
        here = ""
    there = "".join(str(int(os.path.exists(argument))) for argument in arguments)
    folders = "\t".join(environment.get(name, "") for name in _FOLDERS)
    return [_FORM, "\t".join(arguments), f"{here}\t{there}", folders]


def _number(text: str) -> int | None:
    return int(text) if text else None
