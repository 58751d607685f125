"""Which members of an archive are read, judged by their names alone."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from newstui.text import clean_line

_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".7z", ".rar")


def why_refused(name: str) -> str:
    """Return why a member's name is not accepted, or nothing. Names are never used to write; these only pretend."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return "its name begins at the root of a disk"
    if ".." in plain.split("/"):
        return "its name climbs out of the archive"
    return ""


def is_archive_name(name: str) -> bool:
    """Say whether a member is itself an archive, going by its name."""
    return name.lower().endswith(_ARCHIVES)


def shown_name(name: str) -> str:
    """Return a member's name as it may be shown: one clean line, undecodable bytes as replacement characters."""
    decodable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return clean_line(decodable).removeprefix("./") or "(no name)"


def common_top(names: list[str]) -> str:
    """Return the one folder that holds everything (as in archives of repositories), with its slash, or nothing.

    A folder that means something by its name (``_news``) is not taken off.
    """
    tops = {name.removeprefix("./").partition("/")[0] for name in names}
    if len(tops) != 1 or not all("/" in name.removeprefix("./") for name in names):
        return ""
    top = tops.pop()
    return "" if top[:1] in ("_", ".", "") else f"{top}/"


def newest_first(path: str) -> str:
    """Return what sorts records by the date in their file name; sort with ``reverse=True``."""
    return PurePosixPath(path).name
