"""Where other readers keep what a person chose there, so that it can be offered."""

from __future__ import annotations

from pathlib import Path

USUAL_PLACES = (
    ".newsboat/urls",
    ".config/newsboat/urls",
    ".newsbeuter/urls",
    ".config/eilmeldung/feeds.opml",
    ".local/share/newsflash/feeds.opml",
    ".config/liferea/feedlist.opml",
    ".local/share/liferea/feedlist.opml",
    ".config/sfeed/sfeedrc.opml",
    ".sfeed/feeds.opml",
)
"""Below the home folder; from the manual pages of the readers."""


def find_other_readers(home: Path) -> list[Path]:
    """Return the files of other readers that are in their usual place. Looks, and reads nothing."""
    return [home / place for place in USUAL_PLACES if (home / place).is_file()]


def name_of_reader(file: Path) -> str:
    """Return which reader a file in its usual place belongs to."""
    return file.parent.name.lstrip(".")
