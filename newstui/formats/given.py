"""Given coverage: the list of related articles a record brings along."""

from __future__ import annotations

from typing import Any

from newstui.formats.fields import Reading, describe
from newstui.formats.providers import read_provider
from newstui.formats.tree import Nothing
from newstui.formats.urls import canonical_url
from newstui.model import NO_PROVIDER, RelatedItem, Urls


def read_related(
    reading: Reading, value: Any, canonical: str, identity: str | None, urls: Urls
) -> tuple[RelatedItem, ...]:
    """Return given coverage without links to the article itself and without the same address twice.

    `canonical` is the form of `identity` in which addresses are compared.
    """
    if value.__class__ is Nothing:
        return ()
    seen = {canonical}
    for own in (urls.web, urls.original):
        if own is not None and own != identity:
            seen.add(canonical_url(own))
    found: list[RelatedItem] = []
    address, line, date, name, number = reading.address, reading.line, reading.date, reading.name, reading.number
    for item in reading.items("related", value, reading.limits.related):
        if item.__class__ is not dict:
            reading.notes.add("related", f"an item of related should hold names and values, not {describe(item)}")
            continue
        get = item.get
        raw = get("webUrl") or get("sourceUrl") or get("originalUrl") or get("url")
        url = address("related.webUrl", raw) if raw else None
        title = get("title")
        title = line("related.title", title, 1_000) if title is not None else None
        if url is not None:
            same = canonical_url(url)
            if same in seen:
                continue
            seen.add(same)
        elif title is None:
            reading.notes.add("related", "an item of related has neither a title nor an address")
            continue
        excerpt = get("excerpt") or get("abstract")
        published = get("publishedDateTime") or get("published")
        provider = get("provider")
        quality = get("quality", get("score"))
        kind = get("type")
        found.append(
            RelatedItem(
                title,
                line("related.excerpt", excerpt, 20_000) if excerpt is not None else None,
                date("related.publishedDateTime", published) if published is not None else None,
                url,
                read_provider(reading, provider) if provider is not None else NO_PROVIDER,
                number("related.quality", quality) if quality is not None else None,
                name("related.type", kind) if kind is not None else None,
            )
        )
    return tuple(found)
