"""``newstui list --stories``: one row per story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from newstui.cli.articles import update_coverage
from newstui.cli.objects import iso
from newstui.cli.output import Row, Terminal, table, write, write_rows
from newstui.identity import format_id
from newstui.library import Library, Listing

COLUMNS = ("story", "id", "title", "articles", "providers", "first", "last", "unread")
_BATCH = 500


def write_stories(library: Library, listing: Listing, limit: int | None, form: str) -> bool:
    """Write the stories of a result in its order and return whether there were any."""
    update_coverage(library)
    return write_rows(form, _objects(library, listing, limit), COLUMNS, _write_text)


def _objects(library: Library, listing: Listing, limit: int | None) -> Iterator[Row]:
    stories = library.stories(listing)
    count = len(stories) if limit is None else min(limit, len(stories))
    for start in range(0, count, _BATCH):
        for story in stories.window(start, min(start + _BATCH, count)):
            members = [headline for row in story.rows if (headline := library.headline(row))]
            yield {
                "story": story.story or None,
                "id": format_id(story.headline.key),
                "title": story.headline.title,
                "provider": story.headline.provider or None,
                "articles": [format_id(member.key) for member in members],
                "providers": story.providers,
                "first": _iso(story.first),
                "last": _iso(story.last),
                "unread": story.unread,
            }


def _iso(seconds: int | None) -> Any:
    return None if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))


def _write_text(rows: Iterable[Row]) -> None:
    lines = [
        (
            row["id"],
            f"{len(row['articles']):>3} by {row['providers']}" if len(row["articles"]) > 1 else "  1",
            row["last"] or "",
            row["provider"] or "",
            row["title"],
        )
        for row in rows
    ]
    for line in table(lines, Terminal(), {3: 20}):
        write(line)
