"""From a web page to the collection it stands for: the feed it names, the API beside it, the site's own list.

In this order: feeds named in the head; ``index.json`` at the same place; ``api/news/`` below; the addresses in
``_data/topics`` of a site that is published with its sources.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urljoin, urlsplit

from newstui.errors import SourceError
from newstui.formats import feeds
from newstui.formats.html_feeds import NamedFeed, find_feeds, find_links, is_html
from newstui.records import dataclass
from newstui.sources.fetch import Answer, FetchError
from newstui.sources.fetch_address import check_address, origin_of
from newstui.text import clean_line

_TOPIC_FILES = 60
_SHOWN = 6
"""Feeds of one page that are named in the sentence; the rest follows in the hint."""
_FILE_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".jsonl", ".md", ".zip", ".gz", ".xz", ".tar")
"""A web page at such an address is an error page or a log-in, not a site."""

Ask = Callable[[str], Awaitable[Answer]]
Services = Callable[[list[tuple[str, bytes]]], Awaitable[list[tuple[str, str]]]]
"""Topic files, as (path, bytes) → (kind, address) of every service they name."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a page led to."""

    address: str
    answer: Answer


class SeveralFeedsError(SourceError):
    """A page names more than one feed; the reader has to choose."""

    def __init__(self, found: tuple[NamedFeed, ...]) -> None:
        named = [f"{feed.address} ({clean_line(feed.title) or feed.kind})" for feed in found]
        super().__init__(
            f"the page names {len(found)} feeds, and one has to be chosen: {', '.join(named[:_SHOWN])}",
            hint=f"newstui add {found[0].address}" + "".join(f"; or {other}" for other in named[_SHOWN:]),
            temporary=False,
        )
        self.found = found


async def find_collection(page: Answer, ask: Ask, read_services: Services) -> Discovery:
    """Return what a page stands for. Raises SeveralFeedsError, or SourceError when it stands for nothing."""
    named = find_feeds(page.body, page.url)
    if len(named) > 1:
        raise SeveralFeedsError(named)
    if named:
        address = check_address(named[0].address)
        answer = await ask(address)
        if is_html(answer.body):
            raise SourceError("the feed this page names is a web page too", temporary=False)
        return Discovery(address, answer)
    if not urlsplit(page.url).path.lower().endswith(_FILE_ENDINGS):
        found = await _first(_well_known(page.url), ask)
        found = found or await _first(await _services(page.url, ask, read_services), ask)
        if found is not None:
            return found
    raise SourceError("a web page that names no feed", hint="look for a link called RSS, Atom or feed on the page")


def _well_known(page: str) -> list[str]:
    folder = page if urlsplit(page).path.endswith("/") else page + "/"
    folder = folder if not urlsplit(page).path.endswith((".html", ".htm", ".php")) else urljoin(page, ".")
    names = ("index.json", "api/news/", "api/news/index.json")
    return [urljoin(folder, name) for name in names]


async def _services(page: str, ask: Ask, read_services: Services) -> list[str]:
    """Return the addresses of news a site's topic files name, its root topic first."""
    folder = urljoin(page if urlsplit(page).path.endswith("/") else page + "/", "_data/topics/")
    try:
        listing = await ask(folder)
        links = [link for link in find_links(listing.body, listing.url) if link.startswith(listing.url)]
        names = sorted(link for link in links if link.endswith((".yaml", ".yml")))[:_TOPIC_FILES]
        files = [(f"_data/topics/{link.rpartition('/')[2]}", (await ask(link)).body) for link in names]
    except FetchError:
        return []
    services = [address for kind, address in await read_services(files) if kind == "news"]
    return [checked for address in services[:1] if (checked := _checked(address))]


def _checked(address: str) -> str:
    try:
        return check_address(address)
    except SourceError:
        return ""


async def _first(addresses: Iterable[str], ask: Ask) -> Discovery | None:
    for address in addresses:
        if (answer := await _try(address, ask)) is not None:
            return Discovery(address, answer)
    return None


async def _try(address: str, ask: Ask) -> Answer | None:
    try:
        answer = await ask(address)
    except FetchError:
        return None
    if answer.file is not None:
        answer.file.close()
        return None
    looks_right = answer.body.lstrip()[:1] in (b"{", b"[") or feeds.is_feed(answer.body)
    return answer if looks_right and origin_of(answer.url) else None
