"""One polite, bounded and private HTTP request: what is asked, where redirects may lead, when to stop.

What the bytes mean is left to `formats/`, which addresses to ask to `library/remote_walk.py`. httpx is
imported here and nowhere else, so the first remote collection pays for it and the first frame does not.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.request import getproxies, proxy_bypass

import httpx

from newstui import __version__
from newstui.errors import SourceError
from newstui.records import dataclass
from newstui.sources.archive_kind import LOOK_BYTES, archive_kind
from newstui.sources.fetch_address import check_address, is_public, names_local, origin_of
from newstui.sources.fetch_body import Inflater, too_big
from newstui.sources.fetch_settings import RemoteSettings
from newstui.sources.fetch_slots import Slots

USER_AGENT = f"newstui/{__version__} (terminal news reader)"
MAX_REDIRECTS = 10
MAX_RETRY_SECONDS = 86_400
"""A server may ask to be left alone for a day; ``Retry-After: 99999999999999`` is a mistake or a joke."""
_MOVED_FOR_GOOD = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = "application/feed+json, application/atom+xml, application/rss+xml, application/json;q=0.9, */*;q=0.5"
_CRAWLING_BYTES = 2_000
"""An answer that brought less than this within the patience is not on its way."""
_MAX_LATE = 8
"""After so many full time-outs a host is not waited for any more in this refresh."""
_LOCAL = "it leads into the local network, which only an address you typed may do"
_REASONS = {
    400: "the server does not understand the request",
    401: "it wants a user name and password, or those it was given are wrong",
    403: "the server does not allow it",
    404: "there is nothing at this address",
    410: "it is gone for good",
    429: "too many requests; the server asks to wait",
    451: "it is withheld for legal reasons",
    503: "the server is busy or under repair",
}
_LASTING = (400, 401, 403, 404, 405, 406, 410, 414, 451)
"""Trying again without changing something is pointless, although servers do recover."""


class FetchError(SourceError):
    """A request that gave nothing, and what the server said about trying again."""

    def __init__(
        self, reason: str, *, temporary: bool = True, retry_seconds: int | None = None, gone: bool = False
    ) -> None:
        super().__init__(reason, temporary=temporary)
        self.retry_seconds = retry_seconds
        """The server asks to wait so long, at most a day; None when it does not."""
        self.gone = gone
        """The server says 410: for good."""


Told = Callable[[int, int | None], None]
"""Hears how many bytes of an archive came, of how many."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask for."""

    url: str
    """Has passed `check_address`."""
    secret: tuple[str, str] | None = None
    """Header (name, value) that says who asks; sent to the origin of `url` only."""
    etag: str = ""
    last_modified: str = ""
    found: bool = False
    """The address stood in something fetched and was not typed: it must not lead into the local network."""

    def __repr__(self) -> str:
        return f"Request({origin_of(self.url)[1]})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status 200 with a body, or 304 without."""

    url: str
    """Where it came from, after redirects."""
    moved_to: str
    """Where it lives from now on, when only permanent redirects led there; else empty (RFC 9110 §15.4)."""
    unchanged: bool
    body: bytes
    """Decompressed; empty when `file` is set."""
    file: IO[bytes] | None
    """An archive: an open file without a name. Whoever gets it closes it. None for everything else."""
    content_type: str
    etag: str
    last_modified: str
    fresh_seconds: int | None
    """How long the server wants it kept (Cache-Control: max-age); None when it does not say."""
    public: bool
    """The server has an address in the internet at large, as opposed to this machine or the local network."""


class _LateError(Exception):
    """The request gave way to others that wait for the same host."""


class Fetcher:
    """Everything that is shared between requests: connections, turns, and which hosts were late.

    Lives in one event loop. Keeps no cookies, knows no netrc, logs nothing.
    """

    def __init__(self, settings: RemoteSettings) -> None:
        self._settings = settings
        self._slots = Slots(settings.connections, settings.connections_per_host)
        self._late: Counter[str] = Counter()
        self._proxies = getproxies()
        self._asked = _Clients(settings.connections)
        self._found = _Clients(settings.connections)
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).disabled = True  # they write whole addresses and headers

    async def close(self) -> None:
        await self._asked.close()
        await self._found.close()

    async def get(self, request: Request, told: Told = lambda done, total: None) -> Answer:
        """Ask, follow redirects, and return the answer. Raises FetchError.

        `told` is called with every piece of an archive: bytes that came, and bytes in all, None when not known.
        """
        try:
            return await self._attempt(request, told, patient=False)
        except _LateError:
            return await self._attempt(request, told, patient=True)

    async def _attempt(self, request: Request, told: Told, patient: bool) -> Answer:
        host = origin_of(request.url)[1]
        async with self._slots.turn(host):
            if patient and self._late[host] >= _MAX_LATE:
                raise FetchError("it did not answer in time, like other addresses on this server")
            progress = _Progress(told)
            try:
                async with asyncio.timeout(self._settings.timeout_seconds) as limit:
                    progress.limit = limit
                    if not patient:
                        self._watch(host, progress)
                    try:
                        return await self._follow(request, progress)
                    finally:
                        progress.stop()
            except TimeoutError:
                if progress.gave_way:
                    raise _LateError from None
                self._late[host] += 1
                raise FetchError(_late_reason(progress, self._settings.timeout_seconds)) from None
            except httpx.InvalidURL as error:
                raise FetchError("it is not a valid address", temporary=False) from error
            except (httpx.HTTPError, OSError, ValueError) as error:
                if isinstance(error, httpx.ReadTimeout | httpx.ConnectTimeout):
                    self._late[host] += 1
                raise FetchError(_describe(error)) from error

    def _watch(self, host: str, progress: _Progress) -> None:
        """Look after a while whether the answer is on its way; if not, let others go first."""
        loop = asyncio.get_running_loop()
        before = progress.size

        def look() -> None:
            if progress.size - before < _CRAWLING_BYTES and self._slots.is_wanted(host) and progress.limit:
                progress.gave_way = True
                progress.limit.reschedule(loop.time())
            else:
                self._watch(host, progress)

        progress.timer = loop.call_later(self._settings.patience_seconds, look)

    async def _follow(self, request: Request, progress: _Progress) -> Answer:
        url, lasting, home = request.url, True, origin_of(request.url)
        public_only = request.found
        for _ in range(MAX_REDIRECTS + 1):
            headers = _headers(request, url, home)
            proxied = is_proxied(url, self._proxies)
            if public_only and proxied and names_local(url):
                raise FetchError(_LOCAL)
            async with self._sent(url, headers, public_only, proxied) as response:
                public = proxied or _is_answered_publicly(response)
                if response.status_code not in _REDIRECTS or "location" not in response.headers:
                    return await self._take(request, response, url, lasting, public, progress)
                lasting = lasting and response.status_code in _MOVED_FOR_GOOD
                public_only = public_only or public
                try:
                    url = check_address(response.headers["location"], base=url)
                except SourceError as error:
                    raise FetchError(f"it redirects to a place that is not fetched: {error.reason}") from error
        raise FetchError(f"it redirects more than {MAX_REDIRECTS} times")

    @asynccontextmanager
    async def _sent(
        self, url: str, headers: Mapping[str, str], public_only: bool, proxied: bool
    ) -> AsyncIterator[httpx.Response]:
        clients, origin = self._found if public_only else self._asked, origin_of(url)
        client = clients.take(origin)
        # Behind a proxy the connection is to the proxy, which may be local and looks names up itself.
        extensions = {"trace": _refuse_private} if public_only and not proxied else {}
        message = client.build_request("GET", url, headers=headers, extensions=extensions)
        try:
            response = await client.send(message, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except httpx.InvalidURL as error:  # httpx reads the Location header although it is not asked to follow
            clients.give_back(origin, client)
            raise FetchError("it redirects to a place that is not an address") from error
        except FetchError:
            clients.give_back(origin, client)
            raise
        except BaseException:  # its connection may be in any state
            await clients.drop(client)
            raise
        clients.give_back(origin, client)

    async def _take(
        self, request: Request, response: httpx.Response, url: str, lasting: bool, public: bool, progress: _Progress
    ) -> Answer:
        conditional = bool(request.etag or request.last_modified)
        if response.status_code != 200 and not (response.status_code == 304 and conditional):
            raise _refusal(response)
        unchanged = response.status_code == 304
        body, file = (b"", None) if unchanged else await self._body(response, progress)
        headers = response.headers
        return Answer(
            url=url,
            moved_to=url if lasting and url != request.url else "",
            unchanged=unchanged,
            body=body,
            file=file,
            content_type=headers.get("content-type", "")[:200],
            etag=headers.get("etag", "")[:500] or (request.etag if unchanged else ""),
            last_modified=headers.get("last-modified", "")[:100] or (request.last_modified if unchanged else ""),
            fresh_seconds=_fresh_seconds(headers.get("cache-control", "")),
            public=public,
        )

    async def _body(self, response: httpx.Response, progress: _Progress) -> tuple[bytes, IO[bytes] | None]:
        """Read the body within the limits; an archive goes to a file without a name as it comes."""
        said = response.headers.get("content-length", "")
        file: IO[bytes] | None = None
        looked = False
        try:
            inflater = Inflater(response.headers.get("content-encoding", ""), self._settings.page_bytes)
            async for chunk in response.aiter_raw():
                progress.size += len(chunk)
                inflater.feed(chunk)
                if file is not None:
                    progress.told(progress.size, int(said) if said.isdecimal() and len(said) < 16 else None)
                if not looked and inflater.size >= LOOK_BYTES:
                    looked = True
                    if archive_kind(inflater.peek()):
                        file = TemporaryFile(dir=self._settings.spool_folder)  # noqa: SIM115
                        inflater.raise_limit(self._settings.download_bytes)
                        progress.extend(self._settings.download_seconds)
                    elif said.isdigit() and int(said) > self._settings.page_bytes:
                        raise too_big(self._settings.page_bytes)
                if file is not None:
                    file.write(inflater.take())
            rest = inflater.finish()
        except SourceError as error:
            if file is not None:
                file.close()
            raise FetchError(error.reason, temporary=error.temporary) from error
        except BaseException:
            if file is not None:
                file.close()
            raise
        if file is None:
            return rest, None
        file.write(rest)
        file.seek(0)
        return b"", file


class _Progress:
    """How far one attempt has come."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.size = 0
        self.gave_way = False
        self.limit: asyncio.Timeout | None = None
        self.timer: asyncio.TimerHandle | None = None

    def extend(self, seconds: float) -> None:
        if self.limit is not None:
            self.limit.reschedule(asyncio.get_running_loop().time() + seconds)

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


class _NoCookies(httpx.Cookies):
    """Takes none: a feed needs no session, and one server's cookies would reach others on the same machine."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are."""


class _Clients:
    """httpx clients of one connection each, as many as there are requests at once.

    One client of many connections looks at all of them before and after each request: with sixteen that was a third
    of the time a fetch took.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: dict[tuple[str, str, int], list[httpx.AsyncClient]] = {}
        """By the origin they are connected to; the one that was left alone for longest comes first."""
        self._all: list[httpx.AsyncClient] = []
        self._tls: ssl.SSLContext | None = None

    def take(self, origin: tuple[str, str, int]) -> httpx.AsyncClient:
        """Return a client for one request: one that is connected already, else a new one, else any idle one."""
        place = origin
        if origin not in self._idle:
            if len(self._all) < self._most or not self._idle:
                return self._new()
            place = next(iter(self._idle))
        clients = self._idle[place]
        client = clients.pop()
        if not clients:
            del self._idle[place]
        return client

    def give_back(self, origin: tuple[str, str, int], client: httpx.AsyncClient) -> None:
        """Let others have it; it keeps its connection until somebody else needs another."""
        clients = self._idle.pop(origin, [])
        clients.append(client)
        self._idle[origin] = clients

    async def drop(self, client: httpx.AsyncClient) -> None:
        """Close one that is not to be used again."""
        self._all.remove(client)
        await client.aclose()

    async def close(self) -> None:
        for client in self._all:
            await client.aclose()

    def _new(self) -> httpx.AsyncClient:
        self._tls = self._tls or httpx.create_ssl_context()  # takes 0.02 s
        client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(15, connect=10),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=False,
            verify=self._tls,
        )
        client._cookies = _NoCookies()
        self._all.append(client)
        return client


def _headers(request: Request, url: str, home: tuple[str, str, int]) -> dict[str, str]:
    headers: dict[str, str] = {}
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    if request.secret and origin_of(url) == home:
        headers[request.secret[0]] = request.secret[1]
    return headers


async def _refuse_private(event: str, info: Mapping[str, Any]) -> None:
    """Stop a connection that was just made into the local network, before anything is sent on it."""
    if event == "connection.connect_tcp.complete":
        peer = info["return_value"].get_extra_info("server_addr")
        if peer and not is_public(str(peer[0])):
            await info["return_value"].aclose()
            raise FetchError(_LOCAL)


def is_proxied(url: str, proxies: Mapping[str, str]) -> bool:
    """Say whether `getproxies` (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) puts a proxy before an address."""
    scheme, host, _ = origin_of(url)
    return bool(proxies.get(scheme) or proxies.get("all")) and not proxy_bypass(host)


def _is_answered_publicly(response: httpx.Response) -> bool:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return peer is None or is_public(str(peer[0]))


def _refusal(response: httpx.Response) -> FetchError:
    status = response.status_code
    if status == 304:
        return FetchError("the server says that nothing changed, although it was not asked that")
    if status in _REDIRECTS:
        return FetchError("it redirects without saying where")
    words = _REASONS.get(status) or ("the server has a fault" if status >= 500 else "the server refuses")
    retry = retry_seconds(response.headers.get("retry-after", ""), datetime.now(UTC))
    reason, temporary = f"{words} (HTTP {status})", status not in _LASTING
    return FetchError(reason, temporary=temporary, retry_seconds=retry, gone=status == 410)


def retry_seconds(header: str, now: datetime) -> int | None:
    """Return how long a Retry-After header asks to wait, seconds or date (RFC 9110 §10.2.3), at most a day."""
    if re.fullmatch(r"\s*\d{1,20}\s*", header):
        return min(int(header), MAX_RETRY_SECONDS)
    try:
        when = parsedate_to_datetime(header)
        wait = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0, min(int(wait), MAX_RETRY_SECONDS))


def _fresh_seconds(header: str) -> int | None:
    if re.search(r"(?i)\bno-(cache|store)\b", header):
        return 0
    found = re.search(r"(?i)\bmax-age\s*=\s*\"?(\d{1,9})", header)
    return min(int(found[1]), MAX_RETRY_SECONDS) if found else None


def _late_reason(progress: _Progress, seconds: float) -> str:
    came = "it did not answer" if not progress.size else "it did not answer completely"
    return f"{came} within {seconds:g} seconds"


def _describe(error: Exception) -> str:
    """Say in words what went wrong; the text of the exception is for programmers and may hold anything."""
    if isinstance(error, httpx.ConnectTimeout):
        return "it could not be reached in time"
    if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
        return "it stopped answering"
    text = str(error).lower()
    if isinstance(error, httpx.ConnectError):
        if "certificate" in text or "ssl" in text or "tls" in text:
            return "its certificate cannot be trusted, or there is no safe connection"
        if "name" in text or "nodename" in text or "address associated" in text or "getaddrinfo" in text:
            return "its host is not known (or there is no network)"
        return "it cannot be reached"
    if isinstance(error, httpx.RemoteProtocolError):
        if "without sending complete" in text or "incomplete" in text:
            return "the answer was cut off"
        if "disconnected without sending a response" in text:
            return "the server closed the connection without an answer"
        return "the server does not speak HTTP as it should"
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return "the connection broke"
    return "the answer cannot be understood"
