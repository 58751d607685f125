"""The front door: bytes of any kind to articles, recognised by looking at them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from newstui.errors import FormatError
from newstui.formats import lists
from newstui.formats.decode import decode
from newstui.formats.fields import Reading
from newstui.formats.front_matter import has_front_matter, split_bytes, split_front_matter
from newstui.formats.given import read_quickly
from newstui.formats.parsed import DEFAULT_LIMITS, Limits, Notes, Parsed, refused
from newstui.formats.records import read_record
from newstui.formats.site import NO_SITE, Site
from newstui.formats.tree import Tree
from newstui.text import clean_line, repair


def parse(
    data: bytes, *, path: str, now: datetime, site: Site = NO_SITE, limits: Limits = DEFAULT_LIMITS, address: str = ""
) -> Parsed:
    """Return everything the bytes tell. Never raises: what cannot be read is among the problems.

    Args:
        path: where the bytes came from, as shown; its folders and ending are hints, never trusted.
        now: the moment after which dates cannot be true, UTC.
        site: what the records are completed with.
        address: the http(s) address the bytes were fetched from; relative links of feeds resolve against it.
    """
    try:
        if data[:3] == b"---" and len(data) <= limits.record_bytes:
            split = split_bytes(data)
            if split is not None and len(split.matter) <= limits.front_matter_bytes:
                tree = read_quickly(split.matter, split.encoded)
                if tree is not None:  # nearly always: the rest is for what is rare
                    notes = Notes(path, limits.problems, matter=split.matter)
                    return _read_tree(tree, split.body, notes, now, site, limits)
        return _parse_anything(data, lists.Given(path, "", now, site, limits, address))
    except FormatError as error:
        return refused(path, "", error.reason, line=error.line, field=error.field)


_YAML = (".yaml", ".yml")
_JSON = (".json", ".jsonl", ".ndjson")
_TEMPLATES = (".json", ".xml", ".css", ".js")
"""Endings under which Jekyll keeps templates with front matter of their own (a title, perhaps, but no address)."""


def _read_tree(
    tree: dict[str, Any], body: str, notes: Notes, now: datetime, site: Site, limits: Limits, malformed: bool = False
) -> Parsed:
    """Make one article of the names and values of a front matter."""
    path = notes.file
    article = read_record(tree, Reading(notes, site, now, limits), path=clean_line(path), body=body)
    if article is None or (path.endswith(_TEMPLATES) and article.urls.best is None):
        if path.endswith(_TEMPLATES):
            notes.refuse("a template of the site, not a record: neither a title nor a URL")
        else:
            notes.refuse("neither a title nor a URL")
        return Parsed(problems=notes.problems(), kind="record")
    if malformed:
        article = article._replace(malformed=True)
    return Parsed((article,), notes.problems() if notes.found else (), "record")


def _parse_record(text: str, given: lists.Given) -> Parsed:
    """Read one file of front matter and body with care: everything the quick way left."""
    limits = given.limits
    matter, body, _ = split_front_matter(text)
    if len(matter) > limits.front_matter_bytes:
        reason = f"the front matter is longer than {limits.front_matter_bytes:,} characters"
        return refused(given.path, "record", reason)
    notes = Notes(given.path, limits.problems, matter=matter)
    if given.note:
        notes.add("", given.note)
    tree, malformed = _read_with_care(matter, notes)
    if not isinstance(tree, dict):
        return refused(given.path, "record", "the front matter holds no names and values", line=2)
    return _read_tree(tree, body, notes, given.now, given.site, limits, malformed)


def _read_with_care(matter: str, notes: Notes) -> tuple[Tree, bool]:
    """Return the tree of a front matter the fast reader left alone, and whether it had to be salvaged."""
    from newstui.formats.salvage import salvage, why_beyond_repair  # PyYAML comes with the first record that needs it
    from newstui.formats.yaml_full import read_yaml

    cleaned = repair(matter)
    if cleaned != matter:
        notes.add("", "control or invisible characters in the front matter were removed or repaired")
    try:
        tree, duplicates = read_yaml(cleaned, line_offset=1)
    except FormatError as error:
        hopeless = why_beyond_repair(cleaned, 2)
        if hopeless is not None:
            raise hopeless from error
        tree = salvage(cleaned)
        if not tree:
            raise
        notes.add("", f"{error.reason}; what could be read was kept", line=error.line)
        return tree, True
    for key, line in duplicates:
        notes.add(key, f"{key} came twice; the last one counts", line=line)
    return tree, False


def _has_no_second_fence(text: str) -> bool:
    """Say whether a YAML file only opens with ``---``: a document of its own, not front matter."""
    return re.search(r"^---[ \t]*$", text[3:], re.MULTILINE) is None


def _parse_anything(data: bytes, given: lists.Given) -> Parsed:
    """Read what is not plainly a record in UTF-8 with LF line ends."""
    path, limits = given.path, given.limits
    if len(data) > limits.page_bytes:
        return refused(path, "", f"larger than {limits.page_bytes:,} bytes")
    text, note = decode(data)
    given = given._replace(note=note)
    start = text.lstrip()
    if not start:
        raise FormatError("empty")
    if has_front_matter(text):
        if path.endswith(_YAML) and _has_no_second_fence(text):
            return lists.parse_yaml(text, given)
        if len(data) > limits.record_bytes:
            return refused(path, "record", f"larger than {limits.record_bytes:,} bytes")
        return _parse_record(text, given)
    if start[0] in "{[" and not path.endswith(_YAML):
        return lists.parse_json(data, start, given)
    if start[0] == "<" and (path.endswith((".xml", ".rss", ".atom", ".rdf")) or lists.is_feed(data)):
        return lists.parse_feed(data, given)
    if path.endswith(_YAML):
        if path.rpartition("/")[2] in ("_config.yml", "_config.yaml"):
            raise FormatError("the configuration of a site, not a record")
        return lists.parse_yaml(text, given)
    if path.endswith(_JSON):
        what = "HTML" if start[0] == "<" else "something else"
        raise FormatError(f"{what} where JSON was expected", line=1)
    split_front_matter(text)  # raises with what was found instead
    raise FormatError("no front matter")
