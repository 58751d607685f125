"""The pages of an API, one after the other: where the next one is, which need reading, when to stop.

Pages are static files: ``api/news/index.json`` is the first, ``api/news/page/2/index.json`` the second, and the
page itself names only the number (record-format.md §8).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit, urlunsplit

from newstui.errors import SourceError
from newstui.formats.html_feeds import is_html
from newstui.library.parse_worker import Page
from newstui.records import dataclass, replace
from newstui.sources.fetch import Answer, FetchError
from newstui.sources.fetch_address import origin_of
from newstui.store.fetch_state import PageState

_NUMBERED = re.compile(r"page/\d+/?$")
_QUERY_NUMBER = re.compile(r"(?<![^&])(page|p|offset_page)=\d+")
_AHEAD = 3
"""Pages known from last time that are asked for before their turn; a host gets four requests at once at most."""

Ask = Callable[[str, PageState | None], Awaitable[Answer]]
Parse = Callable[[Answer, str], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page that was read because it is new or changed."""

    page: Page
    number: int
    """Which one it is, from 1."""
    last: bool
    """It names no other page to follow."""


class PageAddresses:
    """Where the pages of one API are; learns from what answers which way its server writes them."""

    def __init__(self, first: str) -> None:
        parts = urlsplit(first)
        self._origin = origin_of(first)
        if _QUERY_NUMBER.search(parts.query):
            query = _QUERY_NUMBER.sub(r"\1=\0", parts.query)
            self._ways = [urlunsplit(parts._replace(query=query))]
            return
        explicit = parts.path.endswith(".json")
        folder = _NUMBERED.sub("", parts.path.removesuffix("index.json").rstrip("/") + "/" if explicit else parts.path)
        base = urlunsplit((parts.scheme, parts.netloc, folder.rstrip("/") + "/page/\0/", "", ""))
        ways = [base + "index.json", base] if explicit else [base, base + "index.json"]
        self._ways = [*ways, urlunsplit(parts._replace(query=f"{parts.query}{'&' if parts.query else ''}page=\0"))]

    def of(self, number: int) -> list[str]:
        """Return the addresses a page may have, the likeliest first."""
        return [way.replace("\0", str(number)) for way in self._ways]

    def settle(self, number: int, address: str) -> None:
        """Remember which way worked."""
        self._ways = [way for way in self._ways if way.replace("\0", str(number)) == address] or self._ways

    def is_here(self, address: str) -> bool:
        """Say whether an address is on the same server; others are not followed."""
        return origin_of(address) == self._origin


def digest_of(body: bytes) -> int:
    """Return 64 bits over a body; never 0."""
    return int.from_bytes(blake2b(body, digest_size=8).digest(), "big", signed=True) or 1


def remember(answer: Answer, address: str, page: Page | None = None) -> PageState:
    """Return what to keep of an answer, so that the next request can be a conditional one."""
    digest = digest_of(answer.body) if answer.body else 0
    return PageState(address, answer.etag, answer.last_modified, digest, "", tuple(page.places) if page else ())


class PageWalk:
    """One walk from the first page to the last."""

    def __init__(self, known: Sequence[PageState], ask: Ask, parse: Parse, most_pages: int) -> None:
        self._known = {page.url: page for page in known}
        self._order = [page.url for page in known]
        self._ask = ask
        self._parse = parse
        self._most_pages = most_pages
        self._ahead: dict[str, asyncio.Task[Answer]] = {}
        self.pages: list[PageState] = []
        """What to remember of those seen, in order."""
        self.problems: list[tuple[str, str]] = []
        """(page, reason) of pages that are missing."""
        self.whole = True
        """Every page was read to the last; False when one was damaged, missing, or there were too many."""

    async def run(self, answer: Answer, address: str) -> AsyncIterator[PageRead]:
        """Yield the pages that changed. Raises SourceError when the first cannot be read, or fetching fails.

        One page that is damaged or missing does not end the walk, two in a row do.
        """
        addresses = PageAddresses(answer.url)
        number, stumbled = 1, False
        try:
            while True:
                following, page = await self._read(answer, address, number)
                if page is not None:
                    if page.refusal:
                        if number == 1:
                            raise SourceError(page.refusal)
                        following, stumbled = (0 if stumbled else number + 1), True
                        self.whole = False
                    else:
                        stumbled = False
                    yield PageRead(page, number, not following)
                found = None
                while following and found is None:
                    number = following if isinstance(following, int) else number + 1
                    if number > self._most_pages:
                        self.whole = False
                        return
                    found = await self._next(following, addresses)
                    if found is None:
                        again = isinstance(following, int) and not stumbled
                        following, stumbled = (number + 1 if again else 0), True
                if found is None:
                    return
                answer, address = found
                self.pages[-1] = replace(self.pages[-1], next_url=address)
        finally:
            for task in self._ahead.values():
                task.cancel()

    async def _read(self, answer: Answer, address: str, number: int) -> tuple[int | str, Page | None]:
        """Remember a page; return the number or address of the one that follows, and what it holds if it changed."""
        known = self._known.get(address)
        if known is not None and (answer.unchanged or digest_of(answer.body) == known.digest):
            self.pages.append(replace(known, etag=answer.etag, last_modified=answer.last_modified))
            return known.next_url, None
        read = await self._parse(answer, address)
        self.pages.append(remember(answer, address, read))
        following = read.next_page
        if isinstance(following, int) and following <= number:
            following = None
        return following or 0, read

    async def _next(self, following: int | str, addresses: PageAddresses) -> tuple[Answer, str] | None:
        """Fetch the next page. None when it is not there, or on another server; raises when it may come back."""
        ways = addresses.of(following) if isinstance(following, int) else [following]
        reason = "it is on another server"
        for way in filter(addresses.is_here, ways):
            try:
                answer = await self._fetch(way)
            except FetchError as error:
                if error.temporary:
                    raise FetchError(f"page {len(self.pages) + 1}: {error.reason}") from error
                reason = error.reason
                continue
            if is_html(answer.body):
                reason = "a web page came instead"
            elif any(page.url == way or (answer.body and page.digest == digest_of(answer.body)) for page in self.pages):
                reason = "the pages go round in a circle"
            else:
                if isinstance(following, int):
                    addresses.settle(following, way)
                return answer, way
        self.problems.append((str(following), f"page {following} was not read: {reason}"))
        self.whole = False
        return None

    async def _fetch(self, address: str) -> Answer:
        """Fetch a page, and begin with those that followed it last time."""
        task = self._ahead.pop(address, None)
        if address in self._known:
            place = self._order.index(address)
            for later in self._order[place + 1 : place + 1 + _AHEAD]:
                if later not in self._ahead:
                    self._ahead[later] = asyncio.ensure_future(self._ask(later, self._known[later]))
        return await (task or self._ask(address, self._known.get(address)))
