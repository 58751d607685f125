"""One remote collection from its location to its articles: recognise what answers, follow it to its end.

Runs inside the event loop of `remote.py`. Getting bytes is left to `sources/fetch.py`, understanding them to
`formats/`; when to come back is `remote_schedule.py`.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from io import BytesIO
from random import random
from typing import Any
from urllib.parse import unquote, urlsplit

from newstui.errors import NewstuiError, SourceError
from newstui.formats import feeds
from newstui.formats.html_feeds import is_html
from newstui.library.parse_apart import ParserLostError, ParserProcess
from newstui.library.parse_worker import Page
from newstui.library.remote_discover import Discovery, find_collection
from newstui.library.remote_events import (
    RemoteBatch,
    RemoteDone,
    RemoteDownload,
    RemoteEvent,
    RemoteFailed,
    RemoteJob,
    RemoteSource,
)
from newstui.library.remote_pages import PageWalk, digest_of, remember
from newstui.library.remote_rescue import is_worth_rescuing
from newstui.library.remote_schedule import plan_failure, plan_success
from newstui.model import Problem
from newstui.records import dataclass
from newstui.sources.archive import ArchiveSource
from newstui.sources.archive_kind import LOOK_BYTES, archive_kind
from newstui.sources.fetch import Answer, Fetcher, FetchError, Request
from newstui.sources.fetch_address import check_address, origin_of, split_credentials
from newstui.sources.fetch_settings import RemoteSettings
from newstui.sources.github import PREFIX as GITHUB
from newstui.sources.github import parse_github
from newstui.store.fetch_state import PageState
from newstui.store.packing import Packed
from newstui.text import clean_line

_TELL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Parsers:
    """Who parses, for all collections of a refresh."""

    first: ParserProcess
    """Quick, and nearly always right."""
    second: ParserProcess
    """For what the first makes nothing of: slow, so nobody else waits behind it."""

    async def close(self) -> None:
        """End both at once."""
        await self.first.close()
        await self.second.close()


@dataclass(slots=True)
class _Outcome:
    """What a walk learnt, for the state that is saved."""

    kind: str = ""
    address: str = ""
    title: str = ""
    pages: tuple[PageState, ...] = ()
    fresh_seconds: int | None = None
    unchanged: bool = False
    present: frozenset[int] | None = None


class Walk:
    """Refreshes one collection."""

    def __init__(
        self,
        fetcher: Fetcher,
        parsers: Parsers,
        job: RemoteJob,
        settings: RemoteSettings,
        clock: Callable[[], datetime],
        tell: Callable[[RemoteDownload], None],
    ) -> None:
        """`tell` hears how a download gets on; everything else comes out of `run`."""
        self._fetcher = fetcher
        self._parsers = parsers
        self._job = job
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._told_at = 0.0
        self._state = job.state
        self._folder = ""
        self._label = ""
        """What to call it when it says nothing of itself."""
        self._secret: tuple[str, str] | None = None
        self._home = ""

    async def run(self) -> AsyncIterator[RemoteEvent]:
        """Yield what comes of it; the last event is RemoteDone or RemoteFailed. Never raises but for cancelling."""
        outcome = _Outcome()
        try:
            async for event in self._walk(outcome):
                yield event
        except NewstuiError as error:
            yield self._failed(error)
            return
        state = plan_success(
            self._state, self._clock(), self._job.every_seconds, kind=outcome.kind, address=outcome.address,
            title=outcome.title, pages=outcome.pages, fresh_seconds=outcome.fresh_seconds,
        )  # fmt: skip
        yield RemoteDone(self._job.name, state, outcome.unchanged, outcome.present)

    def _failed(self, error: NewstuiError) -> RemoteFailed:
        reason = clean_line(error.reason, 1_000)
        state = plan_failure(
            self._state, self._clock(), self._job.every_seconds, reason,
            retry_seconds=error.retry_seconds if isinstance(error, FetchError) else None,
            gone=error.gone if isinstance(error, FetchError) else False,
            spread=random(),  # noqa: S311 - spreads visits, guards nothing
        )  # fmt: skip
        return RemoteFailed(self._job.name, reason, getattr(error, "temporary", True), state, error.hint)

    async def _walk(self, outcome: _Outcome) -> AsyncIterator[RemoteEvent]:
        typed = await self._set_out()
        address = self._state.address or typed
        try:
            answer = await self._ask(address, self._page_of(address))
        except FetchError as error:
            if error.temporary or (address == typed and not self._may_be_a_home(typed)):
                raise
            if address == typed:
                answer = Answer(typed, "", False, b"<html>", None, "", "", "", None, True)
            else:
                address = typed  # where it had moved to, it is no more
                answer = await self._ask(typed, None)
        if not answer.unchanged and not answer.file and is_html(answer.body):
            address, answer = await self._discover(answer)
        outcome.address = answer.moved_to or ("" if address == typed else address)
        outcome.fresh_seconds = answer.fresh_seconds
        async for event in self._read(answer, answer.moved_to or address, outcome):
            yield event

    def _may_be_a_home(self, address: str) -> bool:
        """Say whether a place that answers with nothing may still be a folder with a collection in it."""
        return not self._state.kind and urlsplit(address).path.endswith("/")

    async def _set_out(self) -> str:
        """Return the address the location means, and find out who the reader is there."""
        location, own = split_credentials(self._job.location)
        credential = self._job.credential or self._settings.credentials.get(self._job.name) or own
        if location.startswith(GITHUB):
            repository = parse_github(location)
            self._folder, self._label = repository.folder, f"{repository.owner}/{repository.name}"
            address = check_address(repository.archive_address(self._settings.github))
        else:
            address = check_address(plain_location(location))
        if credential is not None:
            self._secret = await asyncio.to_thread(credential.to_header)
        self._home = address
        return address

    def _page_of(self, address: str) -> PageState | None:
        return next((page for page in self._state.pages if page.url == address), None)

    async def _ask(self, address: str, known: PageState | None, *, found: bool = False) -> Answer:
        """Fetch; the secret goes along only to the origin that was typed."""
        at_home = origin_of(address) == origin_of(self._home)
        request = Request(
            address, self._secret if at_home else None, known.etag if known else "",
            known.last_modified if known else "", found and not at_home,
        )  # fmt: skip
        return await self._fetcher.get(request, self._downloading)

    def _downloading(self, done: int, total: int | None) -> None:
        """Tell, now and then, how much of an archive has come."""
        now = time.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            self._tell(RemoteDownload(self._job.name, done, total))

    async def _discover(self, page: Answer) -> tuple[str, Answer]:
        """Go from a web page to what it stands for. Raises SourceError when it stands for nothing."""
        if self._state.kind or self._state.last_success:
            raise SourceError("a web page came instead of the collection")

        async def ask(address: str) -> Answer:
            return await self._ask(address, None, found=page.public)

        async def services(files: list[tuple[str, bytes]]) -> list[tuple[str, str]]:
            found: list[tuple[str, str]] = await self._parsers.first.ask("topics", files)
            return found

        found: Discovery = await find_collection(page, ask, services)
        return found.address, found.answer

    async def _read(self, answer: Answer, address: str, outcome: _Outcome) -> AsyncIterator[RemoteEvent]:
        if answer.unchanged and not self._is_paged():
            outcome.kind, outcome.unchanged, outcome.pages = self._state.kind, True, self._state.pages
        elif answer.file is not None or archive_kind(answer.body[:LOOK_BYTES]):
            yield await self._archive(answer, outcome)
        elif self._is_same(answer, address):
            outcome.kind, outcome.unchanged = self._state.kind, True
            outcome.pages = (remember(answer, address),)
        elif not answer.unchanged and not answer.body.strip():
            raise SourceError("the server answered with nothing")
        elif not answer.unchanged and (feeds.is_feed(answer.body) or _may_be_a_feed(answer.body)):
            yield await self._feed(answer, address, outcome)
        else:
            async for event in self._pages(answer, address, outcome):
                yield event

    def _is_paged(self) -> bool:
        return self._state.kind == "api"

    def _is_same(self, answer: Answer, address: str) -> bool:
        """Say whether an answer without validators is byte for byte what it was."""
        known = self._page_of(address)
        return bool(known and not self._is_paged() and answer.body and known.digest == digest_of(answer.body))

    async def _archive(self, answer: Answer, outcome: _Outcome) -> RemoteSource:
        file = answer.file or BytesIO(answer.body)
        source = ArchiveSource(file, self._state.location, folder=self._folder, limits=self._settings.archive)
        try:
            listing = await asyncio.to_thread(source.list_entries, {})
            if not listing.changed:
                raise SourceError("the archive holds no records" + (f" in {self._folder}" if self._folder else ""))
        except BaseException:
            source.close()
            raise
        outcome.kind, outcome.title = "archive", self._label
        # The address asked is what the next If-None-Match belongs to, wherever it was redirected to.
        outcome.pages = (remember(answer, outcome.address or self._home),)
        return RemoteSource(self._job.name, source)

    async def _feed(self, answer: Answer, address: str, outcome: _Outcome) -> RemoteBatch:
        page = await self._parse_feed(answer)
        if page.refusal:
            raise SourceError(page.refusal)
        outcome.kind, outcome.title = page.kind, page.title
        outcome.pages = (remember(answer, address),)
        return self._batch(page, page.kind, 1, 1)

    async def _parse_feed(self, answer: Answer) -> Page:
        body, charset, now = answer.body, _charset(answer.content_type), self._clock().timestamp()
        given = (body, _path_of(answer.url), answer.url, charset, now, self._settings.feed_articles)
        page = Page._make(await self._parsers.first.ask("feed", *given))
        if not page.articles and is_worth_rescuing(body):
            try:
                rescued = await self._parsers.second.ask("rescue", *given)
            except ParserLostError:
                return page
            if rescued is not None and (again := Page._make(rescued)).articles:
                notes = [(file, line, field, "note", reason) for file, line, field, _, reason in page.problems]
                return again._replace(problems=notes + again.problems)
        return page

    def _batch(self, page: Page, kind: str, done: int, total: int | None, title: str = "") -> RemoteBatch:
        problems: Any = page.problems
        return RemoteBatch(
            self._job.name, kind, tuple(map(Packed._make, page.articles)),
            tuple(Problem("", *problem) for problem in problems), done, total, title or page.title,
        )  # fmt: skip

    async def _pages(self, answer: Answer, address: str, outcome: _Outcome) -> AsyncIterator[RemoteEvent]:
        """Follow an API from page to page; also reads what is no API but one page: a record, a list."""
        known = self._state.pages if self._is_paged() else ()
        walk = PageWalk(known, self._ask, self._parse_page, self._settings.pages)
        changed = False
        async for read in walk.run(answer, address):
            page, changed = read.page, True
            outcome.kind = outcome.kind or ("api" if page.kind == "page" else page.kind)
            outcome.title = outcome.title or page.title
            yield self._batch(page, outcome.kind, read.number, read.number if read.last else None, outcome.title)
        if walk.problems:
            place = _path_of(address)
            notes = tuple(Problem("", place, None, "nextPage", "note", reason) for _, reason in walk.problems)
            yield RemoteBatch(self._job.name, outcome.kind or self._state.kind, (), notes, len(walk.pages), None)
        outcome.kind = outcome.kind or self._state.kind
        outcome.pages = tuple(walk.pages)
        outcome.unchanged = not changed
        if walk.whole and changed:
            outcome.present = frozenset(key for page in walk.pages for key in page.keys)

    async def _parse_page(self, answer: Answer, address: str) -> Page:
        now, site = self._clock().timestamp(), _site_of(answer.url)
        return Page._make(await self._parsers.first.ask("page", answer.body, _path_of(address), answer.url, site, now))


def plain_location(location: str) -> str:
    """Return the http(s) address that is meant by what readers type and browsers hand over."""
    location = location.strip()
    if location.lower().startswith("feed:"):
        rest = location[5:]
        return f"https:{rest}" if rest.startswith("//") else rest
    return location


def _may_be_a_feed(body: bytes) -> bool:
    """Say whether markup that begins like no feed we know holds entries all the same."""
    return body.lstrip()[:1] == b"<" and is_worth_rescuing(body)


def _charset(content_type: str) -> str:
    found = re.search(r"(?i)charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", content_type)
    return found[1] if found else ""


def _path_of(address: str) -> str:
    """Return the path of an address, by which problems name a page and records their kind."""
    return clean_line(unquote(urlsplit(address).path).strip("/"), 300) or "index"


def _site_of(address: str) -> str:
    """Return the address of the site an API belongs to, so that ``/assets/…`` can be found; or nothing."""
    before, found, _ = address.partition("/api/")
    return before if found else ""
