"""What other readers, and newstui itself, leave behind: subscriptions and marks, recognised by looking at the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from newstui.errors import FormatError, SourceError
from newstui.formats import canonical_url
from newstui.formats.decode import decode
from newstui.formats.newsboat import is_newsboat_urls, parse_newsboat_urls
from newstui.formats.opml import Subscriptions, is_opml, print_opml
from newstui.formats.urls import clean_address, why_unusable
from newstui.identity import key_of
from newstui.library.exchange import read_marks
from newstui.library.remote import is_remote, state_location
from newstui.model import Mark, Problem, Subscription
from newstui.records import dataclass, field, replace
from newstui.sources.credentials import Credential
from newstui.sources.fetch_address import split_credentials
from newstui.sources.newsboat_cache import SQLITE_BEGINNING, read_newsboat_cache

_LOOK_BYTES = 4_096
_MOST_BYTES = 200_000_000
"""A million marks are 150 MB of JSON lines."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds that can be taken over."""

    subscriptions: tuple[Subscription, ...] = ()
    """Locations are without user names and passwords."""
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    credentials: Mapping[str, Credential] = field(default_factory=dict, repr=False)
    """Subscription name → who the reader is there, where an address held a password."""


def read_import(path: Path) -> Imported:
    """Read OPML, newsboat's ``urls`` or ``cache.db``, or marks as JSON lines. Raises SourceError, FormatError."""
    beginning = _read(path, _LOOK_BYTES)
    if beginning.startswith(SQLITE_BEGINNING):
        return Imported(marks=tuple(_newsboat_marks(path)))
    data = _read(path, _MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise FormatError(f"it is bigger than {_MOST_BYTES // 1_000_000} MB", file=str(path))
    if is_opml(beginning):
        return _without_passwords(_read_opml(data, path.name))
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return Imported(marks=tuple(read_marks(decode(data)[0].splitlines())))
    if is_newsboat_urls(path.name, beginning):
        return _without_passwords(parse_newsboat_urls(data, path.name))
    raise FormatError("neither OPML, nor marks, nor a list of feeds", file=str(path))


def _read_opml(data: bytes, name: str) -> Subscriptions:
    """Parse in another process, as all markup of strangers. Raises SourceError, FormatError."""
    from newstui.library.parse_apart import WaitingParser

    with closing(WaitingParser()) as parser:
        reason, line, found, problems = parser.ask("outline", data, name)
    if reason:
        raise FormatError(reason, file=name, line=line)
    return Subscriptions(
        tuple(Subscription(*one) for one in found), tuple(Problem("", *problem) for problem in problems)
    )


def is_feed(location: str) -> bool:
    """Say whether a location is an address, which is all that OPML can hold."""
    return is_remote(location) and not location.startswith("github:")


def write_opml(subscriptions: Iterable[Subscription]) -> str:
    """Return the subscriptions other readers can use, as OPML without passwords; folders stay at home."""
    return print_opml(
        replace(one, location=state_location(one.location)) for one in subscriptions if is_feed(one.location)
    )


def _without_passwords(read: Subscriptions) -> Imported:
    plain: list[Subscription] = []
    credentials: dict[str, Credential] = {}
    for subscription in read.found:
        location, credential = split_credentials(subscription.location)
        plain.append(replace(subscription, location=location))
        if credential is not None:
            credentials[subscription.name] = credential
    return Imported(tuple(plain), (), read.problems, credentials)


def _newsboat_marks(path: Path) -> Iterator[Mark]:
    """Yield a read mark for every address newsboat knows as read."""
    seen: set[int] = set()
    for url, guid in read_newsboat_cache(path):
        address = clean_address(url) if url else clean_address(guid)
        if why_unusable(address):
            continue
        canonical = canonical_url(address)
        key = key_of(canonical)
        if key not in seen:
            seen.add(key)
            yield Mark(key, canonical, read=True)


def _read(path: Path, most: int) -> bytes:
    try:
        if not path.is_file():
            raise SourceError("there is no such file", location=str(path), temporary=False)
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise SourceError("the file cannot be read", location=str(path)) from error
