"""A second try at a feed that our own reader makes nothing of, by feedparser: what it finds, as RSS.

feedparser understands formats and faults nobody else does, but takes half a minute over some inputs of a
megabyte, so it runs in `parse_worker.py` alone.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

_MOST_BYTES = 2_000_000
_SIGNS = (b"<item", b"<entry", b"<ITEM", b"<Item", b":item", b":entry")


def is_worth_rescuing(data: bytes) -> bool:
    """Say whether bytes hold entries at all, however broken."""
    return len(data) <= _MOST_BYTES and any(sign in data for sign in _SIGNS)


def rewrite(data: bytes) -> str:
    """Return what feedparser reads, as RSS that our own reader understands."""
    import feedparser

    # No DOCTYPE: feedparser opens files named there (its issue 107) and expands entities without an end.
    if b"<!ENTITY" in data or b"<!DOCTYPE" in data[:100_000]:
        return ""
    parse: Any = vars(feedparser)["parse"]  # feedparser has no types
    feed = parse(data, sanitize_html=False, resolve_relative_uris=False)
    head = f"<title>{escape(feed.feed.get('title', ''))}</title><link>{escape(feed.feed.get('link', ''))}</link>"
    items = "".join(_item(entry) for entry in feed.entries)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel>{head}{items}</channel></rss>"
    )


def _item(entry: Any) -> str:
    dates = entry.get("published") or entry.get("updated")
    pairs = (("title", "title"), ("link", "link"), ("guid", "id"), ("description", "summary"), ("author", "author"))
    parts = [_element(name, entry.get(key)) for name, key in pairs] + [_element("pubDate", dates)]
    parts += [_element("category", tag.get("term")) for tag in entry.get("tags", ())]
    parts += [_element("content:encoded", content.get("value")) for content in entry.get("content", ())[:1]]
    for enclosure in entry.get("enclosures", ()):
        url, kind = quoteattr(str(enclosure.get("href", ""))), quoteattr(str(enclosure.get("type", "")))
        parts.append(f"<enclosure url={url} type={kind}/>")
    return f"<item>{''.join(parts)}</item>"


def _element(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value))}</{name}>" if value else ""
