"""RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0: the element tree, read as written into `RawFeed`.

https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287,
https://www.rssboard.org/media-rss. One reader for all: feeds mix their elements freely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from newstui.errors import FormatError
from newstui.formats.feed_entries import BodyFormat, RawEntry, RawFeed

_PREFIXES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/net/rss1.1#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
"""Short names by namespace (lower case: feeds get the case wrong). Elements of other namespaces are not read."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ATOM_LINKS = ("alternate", "")
_KINDS = {"rss": "rss", "rdf:RDF": "rdf", "RDF": "rdf", "feed": "atom", "channel": "rss"}


class _Names(dict[Any, str]):
    """Short name by the tag lxml gives; filled as tags are met."""

    def __missing__(self, tag: Any) -> str:
        name = self[tag] = _short(tag)
        return name


def _short(tag: Any) -> str:
    if not isinstance(tag, str):
        return "?"  # a comment or an instruction that was left in
    if tag[:1] != "{":
        return tag  # also "media:content" whose prefix nobody declared
    space, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(space.lower())
    return f"?{local}" if prefix is None else prefix + local


def read_feed(root: Any, url: str, limit: int) -> RawFeed:
    """Return the feed of which `root` is the first element. Raises FormatError when it is none."""
    names = _Names()
    kind = _KINDS.get(names[root.tag])
    if kind is None:
        what = "a web page, not a feed" if names[root.tag].lower().endswith("html") else "not a feed"
        raise FormatError(f"{what} (its first element is {str(root.tag)[:60]})")
    feed = RawFeed(kind, base=_web_base(root, ""))
    head = root if kind == "atom" or names[root.tag] == "channel" else _first(root, "channel", names)
    if head is not None:
        _read_head(feed, head, names)
    if kind == "atom":
        feed.base = feed.base or url
    places = [root] if head is None or head is root else [head, root]
    for place in places:
        for child in place:
            if names[child.tag] in ("item", "entry"):
                if len(feed.entries) >= limit:
                    feed.left_out += 1
                else:
                    feed.entries.append(_read_entry(child, names))
    feed.base = feed.base or (feed.home if feed.home.startswith("http") else url)
    return feed


def _first(parent: Any, name: str, names: _Names) -> Any:
    return next((child for child in parent if names[child.tag] == name), None)


def _read_head(feed: RawFeed, head: Any, names: _Names) -> None:
    feed.base = _web_base(head, feed.base)
    for child in head:
        name = names[child.tag]
        if name == "title" and not feed.title:
            feed.title = _text(child)
        elif name == "link" or name == "atom:link":
            _read_head_link(feed, child)
        elif name in ("author", "itunes:author", "managingEditor") and feed.kind == "atom":
            feed.authors.append(_person(child, names))


def _read_head_link(feed: RawFeed, link: Any) -> None:
    relation, target = link.get("rel", ""), link.get("href", "")
    if not target:
        feed.home = feed.home or _text(link).strip()
    elif relation in _ATOM_LINKS:
        feed.home = feed.home or target
    elif relation == "next":
        feed.next_page = target
    else:
        feed.links.append((relation, target))


# --- entries -------------------------------------------------------------------------------------------------


def _read_entry(element: Any, names: _Names) -> RawEntry:
    entry = RawEntry()
    if element.attrib:
        entry.base = _web_base(element, "")
        entry.id = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    for child in element:
        read = _READERS.get(names[child.tag])
        if read is not None:
            read(entry, child, names)
    return entry


def _read_title(entry: RawEntry, element: Any, names: _Names) -> None:
    if not entry.title:
        entry.title = _text(element)
        entry.title_is_html = element.get("type", "html") != "text"


def _read_link(entry: RawEntry, element: Any, names: _Names) -> None:
    target = element.get("href")
    if target is None:
        entry.link = entry.link or _text(element).strip()
        return
    relation = element.get("rel", "")
    if relation in _ATOM_LINKS:
        # RFC 4287 §4.2.7: several alternates differ in type; the page for people is text/html.
        if not entry.link or element.get("type", "text/html") == "text/html":
            entry.link = entry.link if entry.link and entry.link.startswith("http") else target
    elif relation == "enclosure":
        _add_media(entry, target, element.get("type", ""), element.get("length", ""))
    elif relation == "via" and not entry.source[1]:
        entry.source = (entry.source[0], "")
    elif relation == "replies" and element.get("type", "text/html") == "text/html":
        entry.comments = entry.comments or target


def _read_id(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.id = _text(element).strip()
    if element.get("isPermaLink", "").lower() == "false" and entry.id.startswith("http"):
        entry.id = f"id {entry.id}"  # not an address, whatever it looks like


def _read_summary(entry: RawEntry, element: Any, names: _Names) -> None:
    markup, kind = _markup(element)
    if markup and not entry.summary:
        entry.summary = markup if kind == "html" else _escaped(markup)


def _read_content(entry: RawEntry, element: Any, names: _Names) -> None:
    if element.get("src") and element.get("type", "").startswith(("audio/", "video/", "image/")):
        _add_media(entry, element.get("src"), element.get("type", ""), "")
        return
    markup, kind = _markup(element)
    if len(markup) > len(entry.content):
        entry.content, entry.content_format = markup, kind


def _read_published(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.published = entry.published or _text(element).strip()


def _read_updated(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.updated = entry.updated or _text(element).strip()


def _read_topic(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.topics.append(element.get("label") or element.get("term") or _text(element) or element.get("text", ""))


def _read_author(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.authors.append(_person(element, names))


def _read_source(entry: RawEntry, element: Any, names: _Names) -> None:
    """RSS: ``<source url="feed">Name</source>``; Atom: the head of the feed the entry was copied from."""
    title, link = element, element.get("url", "")
    for child in element:
        if names[child.tag] == "title":
            title = child
        elif names[child.tag] == "link" and child.get("rel", "") in _ATOM_LINKS:
            link = child.get("href", "")
    if title is not element or not len(element):
        entry.source = (_text(title), link)


def _read_enclosure(entry: RawEntry, element: Any, names: _Names) -> None:
    url = element.get("url") or element.get("href") or ""
    _add_media(entry, url, element.get("type", ""), element.get("length", ""))


def _read_media_content(entry: RawEntry, element: Any, names: _Names) -> None:
    url, kind, medium = element.get("url", ""), element.get("type", ""), element.get("medium", "")
    if url and (medium == "image" or kind.startswith("image/") or not (medium or kind)):
        entry.images.append((url, element.get("width", ""), element.get("height", "")))
    elif url:
        _add_media(entry, url, kind or f"{medium}/*", element.get("fileSize", ""))
    _read_media_group(entry, element, names)


def _read_media_thumbnail(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.images.append((element.get("url", ""), element.get("width", ""), element.get("height", "")))


def _read_media_group(entry: RawEntry, element: Any, names: _Names) -> None:
    for child in element:
        read = _MEDIA_READERS.get(names[child.tag])
        if read is not None:
            read(entry, child, names)


def _read_media_description(entry: RawEntry, element: Any, names: _Names) -> None:
    text = _text(element)
    if text and not entry.summary and not entry.content:
        entry.summary = text if element.get("type") == "html" else _escaped(text)


def _read_media_title(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.title = entry.title or _text(element)


def _read_keywords(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.tags.extend(word for word in _text(element).split(",") if word.strip())


def _read_itunes_image(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.images.append((element.get("href", ""), "", ""))


def _read_original(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.original = _text(element).strip()


def _read_comments(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.comments = _text(element).strip()


def _read_duration(entry: RawEntry, element: Any, names: _Names) -> None:
    entry.duration = _text(element)


_Reader = Callable[[RawEntry, Any, _Names], None]

_MEDIA_READERS: dict[str, _Reader] = {
    "media:thumbnail": _read_media_thumbnail,
    "media:description": _read_media_description,
    "media:title": _read_media_title,
    "media:keywords": _read_keywords,
}
_READERS: dict[str, _Reader] = {
    "title": _read_title,
    "dc:title": _read_title,
    "link": _read_link,
    "atom:link": _read_link,
    "guid": _read_id,
    "id": _read_id,
    "description": _read_summary,
    "summary": _read_summary,
    "dc:description": _read_summary,
    "itunes:summary": _read_summary,
    "content:encoded": _read_content,
    "content": _read_content,
    "xhtml:body": _read_content,
    "pubDate": _read_published,
    "published": _read_published,
    "issued": _read_published,
    "created": _read_published,
    "dc:date": _read_published,
    "dcterms:created": _read_published,
    "updated": _read_updated,
    "modified": _read_updated,
    "dcterms:modified": _read_updated,
    "category": _read_topic,
    "dc:subject": _read_topic,
    "itunes:keywords": _read_keywords,
    "author": _read_author,
    "dc:creator": _read_author,
    "itunes:author": _read_author,
    "source": _read_source,
    "enclosure": _read_enclosure,
    "media:content": _read_media_content,
    "media:group": _read_media_content,
    "itunes:image": _read_itunes_image,
    "feedburner:origLink": _read_original,
    "comments": _read_comments,
    "itunes:duration": _read_duration,
    **_MEDIA_READERS,
}
_MEDIA_READERS["media:content"] = _read_media_content


# --- text of elements ----------------------------------------------------------------------------------------


def _text(element: Any) -> str:
    """Return all text below an element."""
    if len(element):
        return "".join(cast(Iterator[str], element.itertext()))
    return element.text or ""


def _markup(element: Any) -> tuple[str, BodyFormat]:
    """Return what an element holds, as HTML or as plain text (RFC 4287 §3.1)."""
    kind = element.get("type", "html").lower()
    if len(element):
        return _inner(element), "html"
    text = element.text or ""
    if element.get("mode") == "base64" or not kind.startswith(("text", "html", "xhtml", "application/xhtml")):
        return "", "html"
    return text, "text" if kind in ("text", "text/plain") else "html"


def _inner(element: Any) -> str:
    """Return the markup below an element: XHTML, or HTML somebody forgot to escape."""
    from lxml import etree

    parts = [_escaped(element.text or "")]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _person(element: Any, names: _Names) -> str:
    """Return a name: the element's text in RSS, its ``name`` in Atom (RFC 4287 §3.2)."""
    if not len(element):
        return element.text or ""
    parts = {names[child.tag]: child.text or "" for child in element}
    return parts.get("name") or parts.get("email") or ""


def _add_media(entry: RawEntry, url: str, kind: str, size: str) -> None:
    if kind.startswith("image/"):
        entry.images.append((url, "", ""))
    elif url:
        entry.enclosures.append((url, kind, size))


def _web_base(element: Any, otherwise: str) -> str:
    base = element.get(_BASE, "")
    return base if base.startswith(("http://", "https://")) else otherwise
