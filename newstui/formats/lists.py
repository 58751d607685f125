"""Many records in one file: JSON pages of a site's API, JSON lines, YAML lists; and the way to feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import urljoin

from newstui.errors import FormatError
from newstui.formats.fields import Reading, describe
from newstui.formats.parsed import Limits, Notes, Parsed
from newstui.formats.records import read_record
from newstui.formats.site import Site
from newstui.formats.urls import host_of, why_unusable
from newstui.model import Article
from newstui.text import clean_line

_LISTS = ("value", "news", "articles", "items")
"""Keys under which a page keeps its records: API pages, the region shape, other people's."""


class Given(NamedTuple):
    """What is known about some bytes besides the bytes."""

    path: str
    note: str
    """What was odd about their encoding; empty when nothing was."""
    now: datetime
    site: Site
    limits: Limits
    address: str
    """Where they were fetched from; empty for files."""


def is_feed(data: bytes) -> bool:
    """Say whether the bytes begin as a feed does. Its reader is imported only when something looks like markup."""
    from newstui.formats import feeds

    return feeds.is_feed(data[:4096])


def parse_feed(data: bytes, given: Given) -> Parsed:
    """Hand a feed to its own reader."""
    from newstui.formats import feeds

    return feeds.parse_feed(data, path=given.path, address=given.address, now=given.now)


# --- JSON ----------------------------------------------------------------------------------------------------


def parse_json(data: bytes, text: str, given: Given) -> Parsed:
    """Read a JSON page, list or single record, JSON lines, or hand on a JSON Feed."""
    if given.path.endswith((".jsonl", ".ndjson")):
        return _parse_json_lines(text, given)
    if sum(map(text.count, "[{,")) > _MOST_JSON_VALUES:
        raise FormatError(f"more than {_MOST_JSON_VALUES:,} values")
    try:
        tree = _load(text)
    except FormatError as error:
        if error.reason == _EXTRA:
            return _parse_json_lines(text, given)
        raise
    if isinstance(tree, dict) and isinstance(tree.get("version"), str) and "jsonfeed.org" in tree["version"]:
        return parse_feed(data, given)
    return _parse_tree(tree, given)


_MOST_JSON_VALUES = 1_000_000
"""A full page of 10 MB has about 300,000; three million empty records in as many bytes take 210 MB."""
_EXTRA = "more follows after the end of the JSON"


def _load(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_whole, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise FormatError(_EXTRA, line=error.lineno) from error
        reason = f"not whole JSON (line {error.lineno}, column {error.colno}: {error.msg.lower()})"
        raise FormatError(reason, line=error.lineno) from error
    except RecursionError as error:
        raise FormatError("nested too deep") from error


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _not_a_number(written: str) -> float:
    return float(written.replace("Infinity", "inf"))


def _parse_tree(tree: Any, given: Given) -> Parsed:
    """Read a page, a list or a single record, whatever it was written in."""
    if isinstance(tree, list):
        return _read_entries(tree, "list", given)
    for key in _LISTS:
        if _is_page(tree, key):
            if not isinstance(tree[key], list):
                raise FormatError(f'"{key}" should be a list of records, not {describe(tree[key])}', field=key)
            parsed = _read_entries(tree[key], "page", given)
            notes = Notes(given.path)
            following = _next_page(tree, notes, given.address)
            return replace(
                parsed,
                problems=(*parsed.problems, *notes.found),
                title=clean_line(tree["title"], 300) or None if isinstance(tree.get("title"), str) else None,
                next_page=following,
                page=_page_number(tree.get("page")),
            )
    notes = Notes(given.path, given.limits.problems)
    reading = Reading(notes, given.site, given.now, given.limits, api=True)
    article = read_record(tree, reading, path=clean_line(given.path), folder=_folder(tree))
    if article is None:
        notes.refuse("neither a list of records nor a record: it has no title and no URL")
        return Parsed(problems=notes.problems(), kind="item")
    return Parsed((article,), notes.problems(), "item")


def _is_page(tree: dict[str, Any], key: str) -> bool:
    """Say whether a mapping is a page with its records under this key, not a record that has such a key itself."""
    if key not in tree or "webUrl" in tree or "originalUrl" in tree:
        return False
    entries = tree[key]
    return key == "value" or not isinstance(entries, list) or not entries or any(isinstance(e, dict) for e in entries)


def _next_page(tree: dict[str, Any], notes: Notes, address: str) -> int | str | None:
    """Return where the list goes on: a later page, or an address on the host the page came from."""
    value = tree.get("nextPage")
    number = _page_number(value)
    if number is not None:
        page = _page_number(tree.get("page"))
        if page is None or number > page:
            return number
        notes.add("nextPage", f"nextPage: page {page} is followed by page {number}: the pages go round in a circle")
    elif isinstance(value, str) and value.strip():
        target = urljoin(address, value.strip())
        if address and why_unusable(target) == "" and host_of(target) == host_of(address):
            return target
        notes.add("nextPage", f"nextPage: {value[:200]} is not on the host of this page and was not followed")
    return None


def _page_number(value: Any) -> int | None:
    """Return a page number as it can be true; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000_000 else None


def _folder(record: dict[str, Any]) -> str:
    path = record.get("path")
    return path if isinstance(path, str) else ""


def _read_entries(entries: Iterable[Any], kind: str, given: Given) -> Parsed:
    notes = Notes(given.path, given.limits.problems)
    if given.note:
        notes.add("", given.note)
    reading = Reading(notes, given.site, given.now, given.limits, api=True)
    articles: list[Article] = []
    shown = clean_line(given.path)
    paths: set[str] = set()
    for number, entry in enumerate(entries, 1):
        notes.entry = f"entry {number}"
        if number > given.limits.entries:
            notes.entry = ""
            notes.add("", f"more than {given.limits.entries} entries; the rest was left out")
            break
        if isinstance(entry, FormatError):
            notes.refuse(f"entry {number} is {entry.reason}", line=entry.line)
        elif not isinstance(entry, dict):
            notes.refuse(f"entry {number} is {describe(entry)}, not a record")
        else:
            own_path = clean_line(_folder(entry), 500)
            if not own_path or own_path in paths:
                own_path = f"{own_path or shown}#{number}"
            paths.add(own_path)
            article = read_record(entry, reading, path=own_path)
            if article is None:
                notes.refuse(f"entry {number} has neither a title nor a URL")
            else:
                articles.append(article)
    return Parsed(tuple(articles), notes.problems(), kind)


def _parse_json_lines(text: str, given: Given) -> Parsed:
    return _read_entries(_load_lines(text), "jsonl", given)


def _load_lines(text: str) -> Iterable[Any]:
    for number, line in enumerate(StringIO(text), 1):
        if not line.isspace():
            try:
                yield _load(line)
            except FormatError as error:
                yield FormatError(error.reason, line=number)


# --- YAML ----------------------------------------------------------------------------------------------------


def parse_yaml(text: str, given: Given) -> Parsed:
    """Read a YAML file that holds a list of records, a page, or one record."""
    from newstui.formats.yaml_full import read_yaml

    tree, _ = read_yaml(text, aliases=True, values=400_000)
    if not isinstance(tree, (list, dict)):
        raise FormatError("neither a list of records nor a record")
    return _parse_tree(tree, given)
