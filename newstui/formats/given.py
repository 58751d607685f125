"""Given coverage: the list of related articles a record brings along, often the larger half of its front matter.

Programs write it in one form, which is read with a pattern before the rest is read as YAML (`read_quickly`); any other
form comes through the YAML readers. `read_related` takes either, and gives the same articles and the same notes.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from newstui.formats.fields import Reading, describe
from newstui.formats.providers import read_provider
from newstui.formats.tree import Nothing
from newstui.formats.urls import canonical_url
from newstui.formats.yaml_subset import is_simple, read_lines, read_scalar
from newstui.model import NO_PROVIDER, RelatedItem, Urls

RawItem: TypeAlias = "tuple[Any, Any, Any, Any, Any, Any, Any]"
"""What an item says, as written: title, excerpt, date, address, provider, quality, type."""

_WORD = r"((?!null\n)[a-z][a-z0-9.-]*)"
_ITEM = re.compile(
    r"  - title: (.+)\n"
    r"    excerpt: (.+)\n"
    r"(?:    publishedDateTime: ([0-9][0-9TZ:+-]*[0-9Z])\n)?"
    r"    (?:webUrl|sourceUrl): (.+)\n"
    r"(?:    (?:ampWebUrl|ampUrl): (.+)\n)?"
    r"(?:    (?:cdnAmpWebUrl|cdnAmpUrl): (.+)\n)?"
    rf"    type: {_WORD}\n"
    r"    provider:\n"
    r"      name: (.+)\n"
    rf"      domain: {_WORD}\n"
    r"(?:    quality: (-?[0-9]+)\n)?"
    r"(    images:\n(?:      - url: \".+\"\n"
    r"(?:        width: [0-9]+\n)?(?:        height: [0-9]+\n)?(?:        isCached: (?:true|false)\n)?)+)?"
)
"""An item as programs write it. A dot is the quick part of a pattern: what it took is looked at afterwards."""
_NEXT_KEY = re.compile(r"\n*(?:[A-Za-z_]|\Z)")
"""What ends the list for certain: a key of the record itself, or the end."""
_START = "\nrelated:\n"


def read_quickly(matter: str, encoded: bytes = b"") -> dict[str, Any] | None:
    """Return what `read_subset` does, but given coverage as raw items where it has its usual form."""
    if not is_simple(matter, encoded):
        return None
    cut = _cut_given(matter)
    if cut is not None:
        rest, items = cut
        tree: dict[str, Any] | None = read_lines(rest)
        if tree is not None and "related" not in tree:
            tree["related"] = items
            return tree
    return read_lines(matter)


def _cut_given(matter: str) -> tuple[str, list[RawItem]] | None:
    """Return a front matter without its given coverage, and the items of that; None when its form is another."""
    start = matter.find(_START) + 1
    if not start:
        return None
    position = start + len(_START) - 1
    items: list[RawItem] = []
    while (match := _ITEM.match(matter, position)) is not None:
        title, excerpt, published, address, amp, cdn, kind, name, domain, quality, images = match.groups()
        title, excerpt, address, name = (
            read_scalar(title),
            read_scalar(excerpt),
            read_scalar(address),
            read_scalar(name),
        )
        if (
            title is None or excerpt is None or address is None or name is None
            or (amp is not None and read_scalar(amp) is None) or (cdn is not None and read_scalar(cdn) is None)
            or (images is not None and not _are_quoted(images))
        ):  # fmt: skip
            return None
        provider = {"name": name, "domain": domain}
        items.append((title, excerpt or None, published, address or None, provider, quality, kind))
        position = match.end()
    if not items or _NEXT_KEY.match(matter, position) is None:
        return None
    return matter[:start] + matter[position:], items


def _are_quoted(images: str) -> bool:
    """Say whether each address of these lines stands in two quotes and holds none."""
    return "\\" not in images and images.count('"') == 2 * images.count("\n      - url: ")


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
        if item.__class__ is tuple:
            title, excerpt, published, raw, provider, quality, kind = item
        elif item.__class__ is dict:
            title, excerpt, published, raw, provider, quality, kind = raw_item(item)
        else:
            reading.notes.add("related", f"an item of related should hold names and values, not {describe(item)}")
            continue
        url = address("related.webUrl", raw) if raw else None
        title = line("related.title", title, 1_000) if title is not None else None
        if url is not None:
            same = canonical_url(url)
            if same in seen:
                continue
            seen.add(same)
        elif title is None:
            reading.notes.add("related", "an item of related has neither a title nor an address")
            continue
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


def raw_item(item: dict[str, Any]) -> RawItem:
    """Pick what counts from an item, by every name it goes by."""
    get = item.get
    return (
        get("title"),
        get("excerpt") or get("abstract") or None,
        get("publishedDateTime") or get("published"),
        get("webUrl") or get("sourceUrl") or get("originalUrl") or get("url") or None,
        get("provider"),
        get("quality", get("score")),
        get("type"),
    )
