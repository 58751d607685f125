"""``github:owner/repo[@ref][/folder]``: a repository, by way of the archive its host offers of it.

https://docs.github.com/en/repositories/working-with-files/using-files/downloading-source-code-archives
"""

from __future__ import annotations

import re
from urllib.parse import quote

from newstui.errors import SourceError
from newstui.records import dataclass

PREFIX = "github:"
_LOCATION = re.compile(
    r"github:(?://)?(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<repository>[A-Za-z0-9._-]{1,100})"
    r"(?:@(?P<ref>[^\s/@?#\\]{1,200}))?(?:/(?P<folder>[^\s?#\\]{1,500}))?/?"
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A place in a repository."""

    owner: str
    name: str
    ref: str
    """Branch, tag or commit; ``HEAD`` for the default branch. One with a slash in it: its commit instead."""
    folder: str
    """Without slashes at its ends; empty for all of it."""

    def archive_address(self, base: str) -> str:
        """Return where the archive is; `base` such as ``https://codeload.github.com``."""
        return f"{base.rstrip('/')}/{self.owner}/{self.name}/zip/{quote(self.ref, safe='')}"


def parse_github(location: str) -> Repository:
    """Return what a ``github:`` location means. Raises SourceError."""
    match = _LOCATION.fullmatch(location.strip())
    folder = (match["folder"] or "").strip("/") if match else ""
    if match is None or ".." in folder.split("/"):
        raise SourceError(
            "a repository is written github:owner/repo[@ref][/folder]", location=location[:200], temporary=False
        )
    return Repository(match["owner"], match["repository"].removesuffix(".git"), match["ref"] or "HEAD", folder)
