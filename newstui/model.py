"""The values newstui is about, frozen; no I/O. Reading bytes into them is `formats/`, keeping them `store/`.

Times are UTC. Text is already clean (`text.py`): no control, bidirectional or invisible character is left
in any string of an `Article`, so every room above may show, copy, log or export it as it is.

What is made by the million while a collection is read is a `NamedTuple`: a frozen dataclass with the fields of an
`Article` takes six to nine times as long to make (docs/notes/reading-records.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from newstui.records import dataclass

Severity = Literal["note", "refused"]
Origin = Literal["given", "found"]


class Image(NamedTuple):
    """A picture of an article or a provider; not loaded, only named."""

    url: str
    """Absolute http(s) address, or a path inside the collection that begins with ``/``."""
    width: int | None = None
    """Pixels; None when the record does not say or the number is unusable."""
    height: int | None = None
    title: str | None = None


class Provider(NamedTuple):
    """Who published an article."""

    name: str | None
    domain: str | None
    """Lower case, without ``www.``; may differ from the host of the article's address."""


NO_PROVIDER = Provider(None, None)


class Urls(NamedTuple):
    """The addresses of one article as the record gives them (entities decoded, spaces trimmed)."""

    original: str | None = None
    web: str | None = None
    amp: str | None = None
    cdn_amp: str | None = None

    @property
    def best(self) -> str | None:
        """The address to open when none is asked for: web, else original, else amp."""
        return self.web or self.original or self.amp or self.cdn_amp


class Action(NamedTuple):
    """Something an article offers besides reading: a download, an enclosure."""

    url: str
    title: str | None
    attribution: str | None = None
    type: str | None = None


class RelatedItem(NamedTuple):
    """One item of a record's own list of related coverage."""

    title: str | None
    excerpt: str | None
    published: datetime | None
    url: str | None
    """None when the record has no address for it (videos of one site)."""
    provider: Provider = NO_PROVIDER
    quality: int | None = None
    type: str | None = None


class Article(NamedTuple):
    """One record as published. Never written to; what the reader did with it is a `Mark`."""

    key: int
    """Identity: signed 64 bits, see `identity.py`. The same on every machine and through every collection."""
    path: str
    """Where in the collection it came from: file path, archive member, ``page#entry`` or feed entry id."""
    title: str | None
    """One line. None when the record has none; show `display_title`."""
    excerpt: str | None = None
    """Plain text, one paragraph, white space collapsed."""
    body: str | None = None
    """Markdown or HTML exactly as `body_format` says; may hold line ends and tabs, no other controls."""
    body_format: Literal["markdown", "html", "text"] = "markdown"
    published: datetime | None = None
    """UTC. None when the collection gives no date, or one we cannot read."""
    updated: datetime | None = None
    urls: Urls = Urls()
    type: str | None = None
    """article, video, course, profile, … Unknown kinds are kept."""
    category: str | None = None
    """news, learning, samples, people, … from the record, else from its folder."""
    quality: int | None = None
    heat: int | None = None
    """-1 says: not the head of its story. Shown as a badge, never a reason to hide."""
    front_page: bool | None = None
    """The record's ``published`` flag: the site's own front-page choice. None when it does not say."""
    removed: bool = False
    """The record says ``removed: true``. Shown with a badge."""
    provider: Provider = NO_PROVIDER
    provider_images: tuple[Image, ...] = ()
    topics: tuple[str, ...] = ()
    """In record order, no duplicates, no empty names."""
    tags: tuple[str, ...] = ()
    """Tags the record brings. The reader's own tags belong to the mark."""
    authors: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    actions: tuple[Action, ...] = ()
    related: tuple[RelatedItem, ...] = ()
    """Given coverage in record order, without self-links and without the same address twice."""
    featured: str | None = None
    """Address of an embedded video (from ``featuredContent``), never its HTML."""
    details: tuple[tuple[str, str], ...] = ()
    """Other facts worth a line in the article: ("Length", "57 min"), ("Level", "Beginner"), ("Location", …)."""
    malformed: bool = False
    """True when the front matter could not be read as YAML and the fields were salvaged line by line."""
    collection: str = ""
    """Name of the collection it was read from; filled in by the library."""

    @property
    def display_title(self) -> str:
        """The title, or what can stand in its place; never empty."""
        return self.title or self.urls.best or self.path or "(no title)"


class Headline(NamedTuple):
    """What one row of the list needs of an article; built by the hundred, so a tuple."""

    row: int
    """Identity of the stored row in the cache. Valid until the cache is rebuilt; not stable across machines."""
    key: int
    title: str
    """Never empty."""
    provider: str
    """Name, else domain, else empty."""
    published: int | None
    """Seconds since 1970-01-01 UTC."""
    quality: int | None
    heat: int | None
    coverage: int
    """How many other articles cover the same story, given and found together."""
    read: bool
    starred: bool
    type: str
    excerpt: str
    collection: str
    tags: tuple[str, ...] = ()
    """The reader's own tags."""
    noted: bool = False
    """The reader wrote a note on it."""
    front_page: bool | None = None
    removed: bool = False
    malformed: bool = False
    new: bool = False
    """It came since the reader's last session, as ``is:new`` has it; read or not."""


class Coverage(NamedTuple):
    """One article about the same story, as seen from another article."""

    key: int | None
    """None when it is not in any collection."""
    row: int | None
    title: str
    url: str | None
    provider: Provider
    published: datetime | None
    quality: int | None
    excerpt: str | None
    origin: Origin
    score: float
    """0..1: how sure we are that it is the same event. Of those shown with .8 about 80 % are."""
    copy: bool = False
    """The same text elsewhere (syndication), not another report."""
    reason: tuple[str, ...] = ()
    """Shared words that made the score, strongest first. Empty for given coverage."""
    read: bool = False
    starred: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a site describes it."""

    name: str
    order: int
    """Display order; lower comes first."""
    parent: str | None = None
    id: str | None = None
    services: tuple[tuple[str, str], ...] = ()
    """(collection kind, API address), such as ("news", "https://…/api/news/ai/")."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A loss that was noticed while reading a collection. Listed until dismissed."""

    collection: str
    file: str
    line: int | None
    """1-based; None when the whole file is meant."""
    field: str
    """The key in the record; empty when the file is meant."""
    severity: Severity
    """``refused``: the file (or entry) gave no article. ``note``: the article is there, something of it is not."""
    reason: str
    """In words, clean, without a full stop."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader did with one article."""

    key: int
    url: str
    """The canonical address behind the key, so that the key function can change one day. Empty if none."""
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history of marks: what one command did."""

    number: int
    """Grows by one per change on this machine."""
    at: datetime
    """UTC."""
    label: str
    """Such as ``read``, ``starred``, ``tag ai``."""
    count: int
    """How many articles it changed."""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A collection the reader chose, as the configuration says it."""

    name: str
    location: str
    every_seconds: int | None = None
    """How often to refresh it; None follows the global setting."""
    group: str = ""
    """Folder of an OPML import; empty for none."""


@dataclass(frozen=True, slots=True)
class CollectionHealth:
    """How a collection does."""

    name: str
    location: str
    articles: int
    unread: int
    kind: str
    """What the location was recognised as: folder, site, file, archive, api, rss, atom, jsonfeed, …"""
    last_success: datetime | None
    """UTC; None when it was never read."""
    last_attempt: datetime | None
    next_try: datetime | None
    failure: str
    """Why the last refresh failed; empty when it did not."""
    problems: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many articles of the current result share one value."""

    facet: Literal["topic", "provider", "category", "collection", "type"]
    value: str
    count: int
    unread: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything from outside is accepted: the ``[limits]`` table. Each one that is hit is a `Problem`."""

    record_bytes: int = 2_000_000
    """Largest record file."""
    front_matter_bytes: int = 262_144
    """Largest front matter of a record."""
    page_bytes: int = 10_000_000
    """Largest page, feed or list of records, after decompression."""
    feed_articles: int = 5_000
    """Most articles of one feed; the newest stay."""
    archive_members: int = 200_000
    """Most files in an archive."""
    archive_bytes: int = 1_000_000_000
    """Most bytes of all files of an archive together, unpacked."""
    problems_kept: int = 1_000
    """Most problems remembered of one collection; a thousand alike are one line."""
