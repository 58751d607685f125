"""One record, as a raw tree, to one article: every key of every generation of the format.

Where a record comes from (front matter, a page, a list) is left to the callers; single fields to `fields.py`;
what courses, people and events add to `details.py`.
"""

from __future__ import annotations

import re
from typing import Any

from newstui.formats.details import read_actions, read_authors, read_details
from newstui.formats.fields import Reading, Record, describe
from newstui.formats.html import embedded_address, is_html
from newstui.formats.tree import Nothing
from newstui.formats.urls import canonical_url, host_of
from newstui.identity import identity_of_name, key_of
from newstui.model import NO_PROVIDER, Article, Image, Provider, RelatedItem, Urls
from newstui.text import clean_block, clean_line

_LOOKS_LIKE_HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_MOST_REMEMBERED = 5_000


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
    urls = _read_urls(reading, record, is_news)
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
            provider_images = _read_images(reading, "provider.images", own_provider["images"])
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
        _read_images(reading, "images", images) if images is not None else (),
        () if is_news else read_actions(reading, record),
        _read_related(reading, related, canonical, identity, urls) if related is not None else (),
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
    return reading.address("featuredContent", address)


# --- addresses -----------------------------------------------------------------------------------------------


def _read_urls(reading: Reading, record: Record, is_news: bool) -> Urls:
    get = record.get
    raw_web, raw_original = get("webUrl"), get("originalUrl")
    web_field, original_field = "webUrl", "originalUrl"
    if not is_news:
        if not raw_web:
            web_field, raw_web = _other_address(record, *_addresses_besides(reading, record))
        elif not raw_original:
            # A person's or an event's own page; their `webUrl`, in the API, is a page of the site.
            original_field, raw_original = _other_address(record, *_OWN_PAGES)
    web = reading.address(web_field, raw_web) if raw_web else None
    if raw_original == raw_web:
        original = web
    else:
        original = reading.address(original_field, raw_original) if raw_original else None
    if is_news and "ampWebUrl" not in record and "cdnAmpWebUrl" not in record:
        return Urls(original, web)
    raw_amp = get("ampWebUrl") or get("ampUrl")
    raw_cdn = get("cdnAmpWebUrl") or get("cdnAmpUrl")
    amp = reading.address("ampWebUrl", raw_amp) if raw_amp else None
    cdn = reading.address("cdnAmpWebUrl", raw_cdn) if raw_cdn else None
    exported = get("urls")
    if exported.__class__ is dict:
        original = original or reading.address("urls.original", exported.get("original"))
        web = web or reading.address("urls.web", exported.get("web"))
        amp = amp or reading.address("urls.amp", exported.get("amp"))
        cdn = cdn or reading.address("urls.cdn_amp", exported.get("cdn_amp"))
    return Urls(original, web, amp, cdn)


_OWN_PAGES = ("website", "wikipedia", "twitter", "linkedin", "youtube", "twitch", "weibo")
"""Where people and events keep the address of their own page; the first one found counts."""


def _addresses_besides(reading: Reading, record: Record) -> tuple[str, ...]:
    """Return where the address may be written when not under ``webUrl``: records of old, of other makers, people."""
    if reading.api and ("webUrl" in record or record.get("originalUrl")):
        return ("url", "link", *_OWN_PAGES)
    return ("sourceUrl", "url", "link", *_OWN_PAGES)


def _other_address(record: Record, *names: str) -> tuple[str, Any]:
    """Return the first of the names under which an address is written, and what is written there."""
    for name in names:
        value = record.get(name)
        if isinstance(value, dict):
            value = value.get("url")
        if isinstance(value, str) and value and not value.isspace():
            return name, value
    return names[0], None


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


# --- providers and pictures ----------------------------------------------------------------------------------

def read_provider(reading: Reading, value: Any) -> Provider:
    """Return who published; name and domain complete each other with what the site knows."""
    if value.__class__ is not dict:
        if isinstance(value, str) and value and not value.isspace() and not value.isdigit():
            return _complete(reading, reading.name("provider", value), None)
        reading.mapping("provider", value)
        return NO_PROVIDER
    name, domain = value.get("name"), value.get("domain") or value.get("id")
    if name.__class__ is not str or domain.__class__ is not str:
        return _complete(reading, reading.name("provider.name", name), reading.name("provider.domain", domain))
    remembered = reading.site.providers
    provider = remembered.get((name, domain))
    if provider is None:
        found = len(reading.notes.found)
        provider = _complete(reading, reading.name("provider.name", name), reading.name("provider.domain", domain))
        if len(reading.notes.found) == found:
            if len(remembered) >= _MOST_REMEMBERED:
                remembered.clear()
            remembered[name, domain] = provider
    return provider


def _complete(reading: Reading, name: str | None, domain: str | None) -> Provider:
    site = reading.site
    if domain is not None:
        domain = host_of(domain) if "/" in domain or ":" in domain else domain.lower().removeprefix("www.")
        if "." not in domain:
            domain = site.provider_domains.get(domain)
    if domain is None and name is not None and site.provider_domains:
        domain = site.domain_of(name)
    if name is None:
        name = site.provider_names.get(domain or "")
    elif site.provider_names and _LOOKS_LIKE_HOST.fullmatch(name) is not None:
        host = host_of(name)  # `Node.js` looks like a host too, so it has to be the provider's own
        if domain is None and host in site.provider_names:
            domain = host
        if domain is not None and ("/" in name or _is_under(host, domain) or _is_under(domain, host)):
            name = site.provider_names.get(domain, name)
    if name is None and domain is None:
        return NO_PROVIDER
    return Provider(name, domain)


def _is_under(host: str, domain: str) -> bool:
    return f".{host}".endswith(f".{domain}")


def _read_images(reading: Reading, field: str, value: Any) -> tuple[Image, ...]:
    images: list[Image] = []
    if value.__class__ is not list or len(value) > reading.limits.names:
        value = reading.items(field, value, reading.limits.names)
    for item in value:
        if item.__class__ is not dict:
            if not isinstance(item, str):
                reading.mapping(field, item)
                continue
            item = {"url": item}
        address = _image_address(reading, field, item.get("url"))
        if address is not None:
            width = reading.number("images.width", item.get("width"), 1, 100_000)
            height = reading.number("images.height", item.get("height"), 1, 100_000)
            title = item.get("title")
            images.append(Image(address, width, height, reading.line("images.title", title, 300) if title else None))
    return tuple(images)


def _image_address(reading: Reading, field: str, value: Any) -> str | None:
    """Return an absolute address, or a path in the site; relative names such as ``id5_1.jpg`` lead nowhere."""
    if value.__class__ is str and value[0:1] == "/" != value[1:2]:
        path = clean_line(value)
        return reading.site.resolve(path) if ".." not in path.split("/") else None
    return reading.address(field, value)


# --- related coverage ----------------------------------------------------------------------------------------


def _read_related(
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
    for item in reading.items("related", value, reading.limits.related):
        if item.__class__ is not dict:
            reading.notes.add("related", f"an item of related should hold names and values, not {describe(item)}")
            continue
        get = item.get
        raw = get("webUrl") or get("sourceUrl") or get("originalUrl") or get("url")
        url = reading.address("related.webUrl", raw) if raw else None
        title = get("title")
        title = reading.line("related.title", title, 1_000) if title is not None else None
        if url is None and title is None:
            reading.notes.add("related", "an item of related has neither a title nor an address")
            continue
        if url is not None:
            same = canonical_url(url)
            if same in seen:
                continue
            seen.add(same)
        excerpt = get("excerpt") or get("abstract")
        date = get("publishedDateTime") or get("published")
        provider = get("provider")
        quality = get("quality", get("score"))
        kind = get("type")
        found.append(
            RelatedItem(
                title,
                reading.line("related.excerpt", excerpt, 20_000) if excerpt is not None else None,
                reading.date("related.publishedDateTime", date) if date is not None else None,
                url,
                read_provider(reading, provider) if provider is not None else NO_PROVIDER,
                reading.number("related.quality", quality) if quality is not None else None,
                reading.name("related.type", kind) if kind is not None else None,
            )
        )
    return tuple(found)
