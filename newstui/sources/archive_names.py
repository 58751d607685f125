"""Which members of an archive are read, judged by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from newstui.sources.folder_walk import NOT_RECORDS, SITE_FOLDERS_LEFT_OUT
from newstui.text import clean_line

_DRIVE = re.compile(r"[A-Za-z]:")
_CONFIGURATIONS = ("_config.yml", "_config.yaml")
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


def is_site(paths: Iterable[str]) -> bool:
    """Say whether an archive is laid out as a site, as `folder.is_site` does for folders."""
    paths = list(paths)
    return any(path in _CONFIGURATIONS for path in paths) and any(
        "/" in path and _is_collection(path.partition("/")[0]) for path in paths
    )


def is_site_file(path: str) -> bool:
    """Say whether a member describes a site."""
    if path in _CONFIGURATIONS:
        return True
    return path.startswith(("_data/topics/", "_data/organizations/")) and path.endswith((".yaml", ".yml", ".md"))


def may_be_record(path: str, site: bool) -> bool:
    """Say whether a member is worth looking into; the same choice a folder makes."""
    if PurePosixPath(path).suffix.lower().encode("utf-8", "replace") in NOT_RECORDS:
        return False
    top, slash, _ = path.partition("/")
    return not site or (bool(slash) and _is_collection(top))


def _is_collection(folder: str) -> bool:
    return folder.startswith("_") and folder.encode("utf-8", "replace") not in SITE_FOLDERS_LEFT_OUT


def newest_first(path: str) -> str:
    """Return what sorts records by the date in their file name; sort with ``reverse=True``."""
    return PurePosixPath(path).name
