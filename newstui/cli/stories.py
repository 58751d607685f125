"""``newstui list --stories``: one row per story."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from newstui.cli.articles import update_coverage
from newstui.cli.objects import iso
from newstui.cli.output import Row, Terminal, table, write, write_rows
from newstui.identity import format_id
from newstui.library import Library, Listing
from newstui.library.stories import StoryListing, StoryRow
from newstui.present.ages import short_age

COLUMNS = (
    "story",
    "id",
    "title",
    "articles",
    "providers",
    "first",
    "last",
    "unread",
    "coverage",
    "followed",
    "missing",
)
_BATCH = 500


def write_stories(library: Library, listing: Listing, limit: int | None, form: str) -> bool:
    """Write the stories of a result in its order and return whether there were any."""
    update_coverage(library)
    stories = library.stories(listing)
    rows = stories_of(stories, len(stories) if limit is None else min(limit, len(stories)))
    if form == "text":
        return _write_text(rows)
    return write_rows(form, (_object(library, story) for story in rows), COLUMNS, lambda rows: None)


def stories_of(stories: StoryListing, count: int) -> Iterator[StoryRow]:
    for start in range(0, count, _BATCH):
        yield from stories.window(start, min(start + _BATCH, count))


def _object(library: Library, story: StoryRow) -> Row:
    members = library.headlines(story.rows)
    whole = library.story(story.rows[0]) if story.story else None
    return {
        "story": story.story or None,
        "id": format_id(story.headline.key),
        "title": story.headline.title,
        "provider": story.headline.provider or None,
        "articles": [format_id(member.key) for member in members],
        "providers": story.providers,
        "coverage": story.headline.coverage,
        "first": _iso(story.first),
        "last": _iso(story.last),
        "unread": story.unread,
        "followed": story.followed,
        "missing": list(whole.missing) if whole else [],
    }


def _iso(seconds: int | None) -> Any:
    return None if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))


def _write_text(stories: Iterable[StoryRow]) -> bool:
    terminal, now, rows = Terminal(), int(time.time()), list(stories)
    lines = table(
        [
            (
                format_id(story.headline.key),
                ("·" if story.headline.read else "●") + ("★" if story.headline.starred else " "),
                f"{len(story.rows):>3} by {story.providers}" if story.story else "  1",
                short_age(story.last, now),
                story.headline.provider,
                story.headline.title,
            )
            for story in rows
        ],
        terminal,
        {4: 20},
    )
    for line, story in zip(lines, rows, strict=True):
        write(terminal.style(line, "2" if story.headline.read else "1"))
    return bool(rows)
