"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), read forgivingly: a wrong type costs its field."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from newstui.formats.feed_entries import RawEntry, RawFeed, to_parsed
from newstui.formats.parsed import DEFAULT_LIMITS, Limits, Notes, Parsed, refused

_VERSION = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_DEEPEST = 64
"""Brackets inside brackets; the format itself needs six. Python's reader recurses on them."""


def is_json_feed(beginning: bytes) -> bool:
    """Say whether JSON that begins so is a JSON Feed."""
    return _VERSION.search(beginning) is not None


def parse_json_feed(
    data: bytes, *, path: str, url: str, now: datetime, limits: Limits = DEFAULT_LIMITS, most: int = 5_000
) -> Parsed:
    """Return the articles of a JSON Feed and what was lost; never raises."""
    if _depth(data) > _DEEPEST:
        return refused(path, "jsonfeed", "its brackets are nested too deeply")
    try:
        # Numbers stay text: one of a million digits takes minutes to become an int, and ids are names anyway.
        document = json.loads(data.decode("utf-8-sig", "replace"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        return refused(path, "jsonfeed", f"it is not whole JSON{place}")
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return refused(path, "jsonfeed", "not a JSON Feed: it has no list of items")
    notes = Notes(path, limits.problems)
    feed = RawFeed("jsonfeed", base=url)
    feed.title = _text(document, "title", notes, "title")
    feed.home = _text(document, "home_page_url", notes, "home_page_url")
    feed.next_page = _text(document, "next_url", notes, "next_url")
    feed.authors = _authors(document)
    if self_url := document.get("feed_url"):
        feed.links.append(("self", str(self_url)))
    items = document["items"]
    feed.left_out = max(0, len(items) - most)
    for number, item in enumerate(items[:most], 1):
        if isinstance(item, dict):
            feed.entries.append(_entry(item, notes, f"entry {number}"))
        else:
            notes.refuse("an entry should be an object", field=f"entry {number}")
    return to_parsed(feed, path=path, now=now, notes=notes, limits=limits)


def _entry(item: dict[str, Any], notes: Notes, place: str) -> RawEntry:
    def text(name: str) -> str:
        return _text(item, name, notes, f"{place}, {name}")

    entry = RawEntry(
        id=text("id"), link=text("url"), original=text("external_url"), title=text("title"), title_is_html=False,
        published=text("date_published"), updated=text("date_modified"), authors=_authors(item),
    )  # fmt: skip
    summary = text("summary")
    entry.summary = summary.replace("&", "&amp;").replace("<", "&lt;") if summary else ""
    entry.content = text("content_html")
    if not entry.content and (plain := text("content_text")):
        entry.content, entry.content_format = plain, "text"
    entry.topics = [name for name in _list(item, "tags", notes, place) if isinstance(name, str)]
    entry.images = [(address, "", "") for name in ("image", "banner_image") if (address := text(name))]
    for attachment in _list(item, "attachments", notes, place):
        if isinstance(attachment, dict):
            _add_attachment(entry, attachment)
    return entry


def _add_attachment(entry: RawEntry, attachment: dict[str, Any]) -> None:
    address, kind, size = (str(attachment.get(name) or "") for name in ("url", "mime_type", "size_in_bytes"))
    if kind.startswith("image/"):
        entry.images.append((address, "", ""))
    elif address:
        entry.enclosures.append((address, kind, size))


def _authors(holder: dict[str, Any]) -> list[str]:
    """Version 1.1 has ``authors``, 1.0 has ``author``."""
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) else [holder.get("author")]
    return [person["name"] for person in people if isinstance(person, dict) and isinstance(person.get("name"), str)]


def _text(holder: dict[str, Any], name: str, notes: Notes, place: str) -> str:
    value = holder.get(name)
    if isinstance(value, str):
        return value
    if value is not None:
        notes.add(place, "it should be text")
    return ""


def _list(holder: dict[str, Any], name: str, notes: Notes, place: str) -> list[Any]:
    value = holder.get(name)
    if isinstance(value, list):
        return value
    if value is not None:
        notes.add(f"{place}, {name}", "it should be a list")
    return []


def _depth(data: bytes) -> int:
    """Return how deep brackets go, counted without understanding strings: never too low where it matters."""
    depth = deepest = 0
    for bracket in re.finditer(rb"[\[\]{}]|\"(?:[^\"\\]|\\.)*\"", data, re.DOTALL):
        letter = bracket[0]
        if letter in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > _DEEPEST:
                break
        elif letter in (b"]", b"}"):
            depth -= 1
    return deepest
