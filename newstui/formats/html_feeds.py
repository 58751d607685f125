"""The feeds a web page names in its head (https://html.spec.whatwg.org/#rel-alternate), and the page's links.

Read with regular expressions over the first part of the page: a head is short, and HTML parsers can be made
to take minutes over a hostile one.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

from newstui.records import dataclass
from newstui.text import clean_line

_LOOKED_AT = 400_000
"""Characters; the longest head seen on real pages has about 200,000 (styles inline)."""
_LINK = re.compile(r"<(link|a|base)\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>=]+))")
_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RDF",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",
}
_NOT_THE_NEWS = re.compile(r"comment|/wp-json/|oembed", re.IGNORECASE)
_MOST = 50


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed that a page names."""

    address: str
    """Absolute."""
    title: str
    """What the page calls it; empty when it does not say."""
    kind: str
    """RSS, Atom, RDF or JSON Feed."""


def is_html(beginning: bytes) -> bool:
    """Say whether an answer that begins so is a web page."""
    start = beginning[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start[:1024]


def find_feeds(page: bytes, address: str) -> tuple[NamedFeed, ...]:
    """Return the feeds a page names, in its order, without those of comments when there are others."""
    found: dict[str, NamedFeed] = {}
    base = address
    for name, attributes in _tags(page):
        if name == "base" and attributes.get("href"):
            base = _joined(address, attributes["href"])
        if name != "link" or "alternate" not in attributes.get("rel", "").lower().split():
            continue
        kind = _TYPES.get(attributes.get("type", "").lower().partition(";")[0].strip())
        target = _joined(base, attributes.get("href", ""))
        if kind and target.startswith(("http://", "https://")) and "/wp-json/" not in target and len(found) < _MOST:
            found.setdefault(target, NamedFeed(target, clean_line(attributes.get("title", ""), 100), kind))
    feeds = _without_twins(list(found.values()))
    news = [feed for feed in feeds if not _NOT_THE_NEWS.search(feed.address + " " + feed.title)]
    return tuple(news or feeds)


def find_links(page: bytes, address: str) -> tuple[str, ...]:
    """Return the absolute addresses a page links to, such as the files of a folder a server lists."""
    links = (_joined(address, attributes.get("href", "")) for name, attributes in _tags(page) if name == "a")
    return tuple(dict.fromkeys(link for link in links if link.startswith(("http://", "https://"))))


def _without_twins(feeds: list[NamedFeed]) -> list[NamedFeed]:
    """Drop a feed that is another one in another format: same title, same place, as WordPress themes do."""
    kept: dict[tuple[str, str], NamedFeed] = {}
    for feed in feeds:
        place = re.sub(r"(?i)[/?=.]?(rss2?|atom|rdf|feed|index|xml|json)\b", "", feed.address).rstrip("/")
        title = re.sub(r"(?i)\b(rss|atom|json|rdf|feed|[\d.]+)\b|\W", "", feed.title)
        kept.setdefault((place, title.lower()), feed)
    return list(kept.values())


def _tags(page: bytes) -> list[tuple[str, dict[str, str]]]:
    text = page[:_LOOKED_AT].decode("utf-8", "replace")
    return [(tag[1].lower(), _attributes(tag[2])) for tag in _LINK.finditer(text)]


def _attributes(written: str) -> dict[str, str]:
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "").strip()
        for match in _ATTRIBUTE.finditer(written)
    }


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return ""
