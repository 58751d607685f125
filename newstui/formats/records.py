"""One record, as a raw tree, to one article: every key of every generation of the format.

Where a record comes from (front matter, a page, a list) is left to the callers; single fields to `fields.py`, the
larger parts to `addresses.py`, `providers.py`, `given.py`, and what courses, people and events add to `details.py`.
"""

from __future__ import annotations

from typing import Any

from newstui.formats.addresses import read_urls
from newstui.formats.details import read_actions, read_authors, read_details
from newstui.formats.fields import Reading, Record, describe
from newstui.formats.given import read_related
from newstui.formats.html import embedded_address, is_html
from newstui.formats.providers import read_images, read_provider
from newstui.formats.tree import Nothing
from newstui.formats.urls import canonical_url
from newstui.identity import identity_of_name, key_of
from newstui.model import NO_PROVIDER, Article, Image
from newstui.text import clean_block, clean_line


def read_record(record: Record, reading: Reading, *, path: str, body: str = "", folder: str = "") -> Article | None:
    """Return the article a record tells of, or None when it has neither a title nor an address.

    Args:
        path: where it came from, as `Article.path` says it.
        folder: path inside a site whose folders name the category; `path` when empty.
    """
    get = record.get
    limits = reading.limits
    is_news = record.keys() <= _NEWS_KEYS
    title = reading.line("title", get("title") or _first(record, "title", "name"), limits.title_characters)
    featured = _read_featured(reading, get("featuredContent")) if "featuredContent" in record else None
    urls = read_urls(reading, record, is_news)
    identity = urls.original or urls.web or featured or urls.amp or urls.cdn_amp
    if title is None and identity is None:
        return None
    if not is_news and title is not None and urls.original is None and get("type") == "collection":
        identity = None  # its only address, in the API, is a page of the site; files have none
    category = _read_category(reading, record, folder or path)
    published, front_page = _read_published(reading, record)
    canonical = canonical_url(identity) if identity is not None else ""
    key = key_of(canonical or identity_of_name(category or "", title or "", published))

    provider = NO_PROVIDER
    provider_images: tuple[Image, ...] = ()
    own_provider, is_bare = get("provider"), True
    if own_provider is not None:
        provider = read_provider(reading, own_provider)
        is_bare = own_provider.__class__ is dict and own_provider.keys() <= _BARE_PROVIDER
        if not is_bare and own_provider.__class__ is dict and "images" in own_provider:
            provider_images = read_images(reading, "provider.images", own_provider["images"])
    if not is_news and (not body or body.isspace()):
        body = _read_body(reading, record)
    text = _clean_body(reading, body) if body and not body.isspace() else None
    excerpt = get("excerpt") or _first(record, *_EXCERPTS)
    tags, images, related, kind = get("tags"), get("images"), get("related"), get("type")
    return Article(
        key,
        path,
        title,
        reading.line("excerpt", excerpt, limits.excerpt_characters) if excerpt is not None else None,
        text,
        "html" if text is not None and is_html(text) else "markdown",
        published,
        None if is_news else reading.date("updatedDateTime", _first(record, *_UPDATED)),
        urls,
        reading.name("type", kind) if kind is not None else None,
        category,
        reading.number("quality", get("quality", get("score"))),
        reading.number("heat", get("heat")),
        front_page,
        (reading.truth("removed", get("removed")) or False) if "removed" in record else False,
        provider,
        provider_images,
        reading.names("topics", get("topics")),
        reading.names("tags", tags) if tags is not None else (),
        () if is_news and is_bare else read_authors(reading, record),
        read_images(reading, "images", images) if images is not None else (),
        () if is_news else read_actions(reading, record),
        read_related(reading, related, canonical, identity, urls) if related is not None else (),
        featured,
        () if is_news and is_bare else read_details(reading, record),
    )


_NEWS_KEYS = frozenset(
    "category title excerpt publishedDateTime webUrl originalUrl ampWebUrl cdnAmpWebUrl type quality heat published "  # noqa: SIM905
    "removed provider topics tags images featuredContent related secured".split()
)
"""What news records hold; one with other keys besides is looked at more closely."""
_BARE_PROVIDER = frozenset(("name", "domain"))


def _clean_body(reading: Reading, body: str) -> str | None:
    text = clean_block(body)
    limit = reading.limits.body_characters
    if len(text) > limit:
        reading.notes.add("body", f"the body has {len(text):,} characters; the first {limit:,} were kept")
        text = text[:limit]
    return text or None


_EXCERPTS = ("excerpt", "abstract", "bio", "overview", "description", "summary")
_UPDATED = ("updatedDateTime", "updated", "modified", "last_modified_at")


def _first(record: Record, *names: str) -> Any:
    """Return the value under the first of the names that has one."""
    value = None
    for name in names:
        value = record.get(name)
        if value is not None and value != "" and value.__class__ is not Nothing:
            return value
    return value


def _read_published(reading: Reading, record: Record) -> tuple[Any, bool | None]:
    """Return the date and the front-page choice: ``published`` is the one in records, the other in exports."""
    get = record.get
    flag = get("published")
    moment = None
    if flag is not None and flag.__class__ is str and flag[:1].isdigit():
        moment = reading.date("published", flag)
        flag = None
    for name in ("publishedDateTime", "date"):
        if moment is None and name in record:
            moment = reading.date(name, get(name))
    if moment is None and "startDateTime" in record:
        start = reading.date("startDateTime", get("startDateTime"), may_be_ahead=True)
        moment = start if start is not None and start <= reading.now else None
    return moment, reading.truth("published", flag) if flag is not None else None


def _read_body(reading: Reading, record: Record) -> str:
    for name in ("content", "body"):
        value = record.get(name)
        if isinstance(value, str):
            return "" if value.isspace() else value
        if value is not None:
            reading.notes.add(name, f"{name} should be text, not {describe(value)}")
    return ""


def _read_featured(reading: Reading, value: Any) -> str | None:
    """Return the address of an embedded video; the HTML around it is dropped."""
    if value is None or value.__class__ is Nothing or value == "":
        return None
    if not isinstance(value, str):
        reading.notes.add("featuredContent", f"featuredContent should be text, not {describe(value)}")
        return None
    address = embedded_address(value)
    if not address:
        if "<" not in value and value.strip().startswith(("http://", "https://")):
            address = value
        else:
            return None
    return reading.address("featuredContent", address, has_base=True)


def _read_category(reading: Reading, record: Record, path: str) -> str | None:
    own = record.get("category")
    if own is not None:
        name = reading.name("category", own)
        if name:
            return name
    several = record.get("categories")
    if several is not None:
        names = reading.names("categories", several)
        if names:
            return names[0]
    return folder_category(path.rpartition("/")[0])


def folder_category(folder: str) -> str | None:
    """Return the category a folder of a site stands for: the innermost ``_name``, ``_posts`` being news of old."""
    if "_" not in folder:
        return None
    for part in reversed(folder.split("/")):
        if part[:1] == "_" and len(part) > 1 and part not in ("_archive", "_data"):
            return "news" if part == "_posts" else clean_line(part[1:], 100) or None
    return None
