"""Articles as the cache keeps them: a flat tuple of plain values, cheap to send between processes and to insert.

`pack` and `unpack` are inverse (times are kept to the second). What the tuple's columns are called in SQL
is `cache_schema.py`'s business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, NamedTuple, cast

from newstui.model import Action, Article, Image, Provider, RelatedItem, Urls
from newstui.text import fold, words

HAS_IMAGE, HAS_BODY, HAS_RELATED, FRONT_PAGE, NOT_FRONT_PAGE, REMOVED, MALFORMED = (1 << bit for bit in range(7))
"""Bits of `Packed.flags`. Neither of the two front-page bits: the record does not say."""

SEARCH_FORM = 1
"""Version of `searchable`; a cache written with another one is rebuilt, since text can only be taken out of the
search index in exactly the form in which it was put in."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class Packed(NamedTuple):
    """One article, ready to be stored; only str, int, None and tuples of them, so that `marshal` takes it."""

    key: int
    entry: str | None
    """Where in its file; None when the file is the article."""
    published: int | None
    """Seconds since 1970-01-01 UTC."""
    quality: int | None
    heat: int | None
    flags: int
    provider: tuple[str, str]
    """Name and domain, empty for none."""
    type: str
    """Empty for none, like `category`."""
    category: str
    topics: tuple[str, ...]
    labels: tuple[tuple[int, str], ...]
    """(AUTHOR or RECORD_TAG, folded name) for each value that can be asked for with ``author:`` and ``tag:``."""
    title: str | None
    excerpt: str | None
    body: str | None
    url: str
    """The best address, empty for none."""
    extra: str
    """Everything else as a JSON array."""
    digest: int
    """64 bits over every field that matters to a reader: equal digests mean nothing to write."""
    search: str
    """Text for the search index."""


def _make_dump() -> Callable[[Any], str]:
    """Return `_JSON.encode` for lists, without the encoder that it makes anew for every value: a third of the time."""
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _JSON.encode
    write = json.encoder.encode_basestring
    encode = make(None, _JSON.default, write, None, ":", ",", False, False, True)
    return lambda value: "".join(encode(value, 0))


_dump = _make_dump()

AUTHOR, RECORD_TAG = 1, 2
"""Kinds of `Packed.labels`."""


def searchable(title: str | None, excerpt: str | None, body: str | None, body_format: str) -> str:
    """Return the text of an article in the form in which it is indexed."""
    text = f"{title or ''} {excerpt or ''}"
    if body:
        from newstui.query.shown import shown_text  # with bodies only: most records have none

        text = f"{text} {shown_text(body, body_format)}"
    # The index's own tokenizer splits and folds plain ASCII exactly as `words` and `fold` do, only faster.
    if text.isascii():
        return text
    # Nothing in `fold` and `words` reaches across a space, so the pieces can be looked at, and remembered, one by one.
    return " ".join([piece if piece.isascii() else _folded.get(piece) or _fold(piece) for piece in text.split(" ")])


_folded: dict[str, str] = {}
"""Words with other letters than ASCII as they are indexed; a few thousand make up most of any language."""
_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 24
"""Characters; this and the line above keep it below 2 MB."""


def _fold(piece: str) -> str:
    folded = " ".join(words(fold(piece)))
    if len(piece) <= _LONGEST_REMEMBERED:
        if len(_folded) >= _MOST_REMEMBERED:
            _folded.clear()
        _folded[piece] = folded
    return folded


def pack(article: Article, path: str) -> Packed:
    """Return the article as stored; `path` is that of its file, so that only the rest need be kept."""
    (
        key, own_path, title, excerpt, body, body_format, published, updated, urls, type_, category, quality, heat,
        front_page, removed, provider, provider_images, topics, tags, authors, images, actions, related, featured,
        details, malformed, _,
    ) = article  # fmt: skip
    rest: list[Any] = [
        body_format[0],
        _seconds(updated),
        urls,
        topics,
        [_image_out(image) for image in images],
        [(*item[:2], _seconds(item[2]), item[3], *item[4], *item[5:]) for item in related],
        authors,
        tags,
        [_image_out(image) for image in provider_images],
        actions,
        featured,
        details,
    ]
    while not rest[-1]:
        rest.pop()
    extra = _dump(rest)
    flags = (
        (HAS_IMAGE if images else 0)
        | (HAS_BODY if body and not body.isspace() else 0)
        | (HAS_RELATED if related else 0)
        | (FRONT_PAGE if front_page else NOT_FRONT_PAGE if front_page is not None else 0)
        | (REMOVED if removed else 0)
        | (MALFORMED if malformed else 0)
    )
    name, domain = provider
    seconds = _seconds(published)
    told = (
        f"{key}\0{seconds}\0{quality}\0{heat}\0{flags}\0{name}\0{domain}\0{type_}\0{category}\0"
        f"{title}\0{excerpt}\0{body}\0{extra}"
    )
    digest = sha256(told.encode("utf-8", "surrogatepass")).digest()[:8]  # processors have it built in
    return Packed(
        key,
        None if own_path == path else own_path,
        seconds,
        quality,
        heat,
        flags,
        (name or "", domain or ""),
        type_ or "",
        category or "",
        topics,
        _labels(authors, tags) if authors or tags else (),
        title,
        excerpt,
        body,
        urls.best or "",
        extra,
        int.from_bytes(digest, "little", signed=True),
        searchable(title, excerpt, body, body_format),
    )


def _labels(authors: tuple[str, ...], tags: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    named = [(AUTHOR, fold(author)) for author in authors] + [(RECORD_TAG, fold(tag)) for tag in tags]
    return tuple(dict.fromkeys(named))


def _image_out(image: Image) -> tuple[Any, ...]:
    return image if image[3] else image[:3]


_FORMATS: dict[str, Literal["markdown", "html", "text"]] = {"m": "markdown", "h": "html", "t": "text"}


class StoredArticle(NamedTuple):
    """The columns of the cache that make up an article."""

    key: int
    path: str
    published: int | None
    quality: int | None
    heat: int | None
    flags: int
    provider_name: str
    provider_domain: str
    type: str
    category: str
    title: str | None
    excerpt: str | None
    body: str | None
    extra: str
    collection: str


def unpack(stored: StoredArticle) -> Article:
    """Return the article that was packed."""
    rest = json.loads(stored.extra)
    rest += [None] * (12 - len(rest))
    form, updated, urls, topics, images, related, authors, tags, logos, actions, featured, details = rest
    flags = stored.flags
    return Article(
        key=stored.key,
        path=stored.path,
        title=stored.title,
        excerpt=stored.excerpt,
        body=stored.body,
        body_format=_FORMATS[form or "m"],
        published=time_of(stored.published),
        updated=time_of(updated),
        urls=Urls(*urls) if urls else Urls(),
        type=stored.type or None,
        category=stored.category or None,
        quality=stored.quality,
        heat=stored.heat,
        front_page=front_page_of(flags),
        removed=bool(flags & REMOVED),
        provider=Provider(stored.provider_name or None, stored.provider_domain or None),
        provider_images=tuple(Image(*image) for image in logos or ()),
        topics=tuple(topics or ()),
        tags=tuple(tags or ()),
        authors=tuple(authors or ()),
        images=tuple(Image(*image) for image in images or ()),
        actions=tuple(Action(*action) for action in actions or ()),
        related=tuple(_related_in(item) for item in related or ()),
        featured=featured,
        details=tuple((name, value) for name, value in details or ()),
        malformed=bool(flags & MALFORMED),
        collection=stored.collection,
    )


def _related_in(item: Sequence[Any]) -> RelatedItem:
    title, excerpt, published, url, name, domain, quality, kind = item
    return RelatedItem(title, excerpt, time_of(published), url, Provider(name, domain), quality, kind)


def body_format_of(extra: str) -> str:
    """Return the body format out of packed extras without reading all of them."""
    return _FORMATS.get(extra[2:3], "markdown")


def topics_of(extra: str) -> tuple[str, ...]:
    """Return the topics out of packed extras."""
    rest = json.loads(extra)
    return tuple(cast("list[str]", rest[3])) if len(rest) > 3 and rest[3] else ()


def related_of(extra: str) -> tuple[RelatedItem, ...]:
    """Return the record's own list of related coverage out of packed extras."""
    rest = json.loads(extra)
    return tuple(_related_in(item) for item in (rest[5] or () if len(rest) > 5 else ()))


def front_page_of(flags: int) -> bool | None:
    """Return what the flags say of the site's front page."""
    return True if flags & FRONT_PAGE else False if flags & NOT_FRONT_PAGE else None


def time_of(seconds: int | None) -> datetime | None:
    """Return the UTC time of a stored number of seconds."""
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def _seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds  # a division would take four times as long
