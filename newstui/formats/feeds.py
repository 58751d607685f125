"""Feeds of every kind: recognise one by its first bytes, and read it into articles.

Fetching is left to `sources/`, a second try with another parser for what this one cannot read to
`feed_rescue.py` (in a process of its own).
"""

from __future__ import annotations

import re
from datetime import datetime

from newstui.errors import FormatError
from newstui.formats.feed_entries import to_parsed
from newstui.formats.feed_xml import read_xml
from newstui.formats.feed_xml_entries import read_feed
from newstui.formats.jsonfeed import is_json_feed, parse_json_feed
from newstui.formats.parsed import DEFAULT_LIMITS, Limits, Notes, Parsed, refused
from newstui.text import clean_line

LOOK_BYTES = 4_096
"""So many bytes tell what something is."""
FEED_ARTICLES = 5_000
_FEED_ELEMENT = re.compile(r"<(?:rss|(?:\w+:)?RDF|(?:\w+:)?feed|channel)[\s>/]")
_BEFORE = re.compile(
    r"(?:\s|\ufeff|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>)*", re.IGNORECASE
)


def is_feed(beginning: bytes) -> bool:
    """Say whether something that begins so is a feed: RSS, RDF, Atom or JSON Feed."""
    text = beginning[:LOOK_BYTES].decode("utf-8", "replace").replace("\0", "").lstrip("\ufffd")  # UTF-16, roughly
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return is_json_feed(beginning[:LOOK_BYTES])
    before = _BEFORE.match(text)
    return bool(_FEED_ELEMENT.match(text, before.end() if before else 0))


def parse_feed(
    data: bytes,
    *,
    path: str = "",
    address: str = "",
    charset: str = "",
    now: datetime,
    limits: Limits = DEFAULT_LIMITS,
    most: int = FEED_ARTICLES,
) -> Parsed:
    """Return the articles of a feed and what was lost. Never raises; what is no feed is a refusal.

    `address` is where it came from, for relative links; `charset` what the server said of its encoding.
    """
    path = clean_line(path or address, 300)
    url = address if address.startswith(("http://", "https://")) else ""
    if len(data) > limits.page_bytes:
        return refused(path, "", f"it is bigger than {limits.page_bytes // 1_000_000} MB")
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return parse_json_feed(data, path=path, url=url, now=now, limits=limits, most=most)
    try:
        document = read_xml(data, charset)
        feed = read_feed(document.root, url, most)
    except FormatError as error:
        return refused(path, "", error.reason, line=error.line)
    if document.note and not feed.entries:
        return refused(path, "", f"a feed without one entry that can be read: {document.note.partition(';')[0]}")
    notes = Notes(path, limits.problems)
    if document.note:
        notes.add("", document.note)
    return to_parsed(feed, path=path, now=now, notes=notes, limits=limits)
