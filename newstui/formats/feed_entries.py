"""From what a feed says of an entry, as written, to an `Article`: identity, text, dates, addresses.

The readers of the formats (`feed_xml_entries.py`, `jsonfeed.py`) fill `RawEntry`; what any of them means is
decided here, once for all formats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from html import unescape
from typing import Literal
from urllib.parse import urljoin

from newstui.formats.feed_dates import parse_feed_date
from newstui.formats.html import to_text
from newstui.formats.parsed import DEFAULT_LIMITS, Limits, Notes, Parsed
from newstui.formats.urls import canonical_url, clean_address, host_of, why_unusable
from newstui.identity import key_of
from newstui.model import Action, Article, Image, Provider, Urls
from newstui.records import dataclass, field
from newstui.text import clean_block, clean_line

BodyFormat = Literal["markdown", "html", "text"]

_MARKUP_LOOKED_AT = 6_000
"""Characters of HTML an excerpt is taken from; more would not be shown."""
_EXCERPT = 600
"""Characters of an excerpt that is taken from a body; what a feed gives as summary is kept whole up to the limit."""
_RICH = re.compile(r"<(?:p|a|img|ul|ol|h\d|blockquote|table|pre|div|figure|br|iframe)\b", re.IGNORECASE)
"""Markup that says: this description is the article, not a summary."""
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strike|strong|"
    r"sub|sup|time|tt|u|var|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!(?:--.*?--|[^<>]*)>", re.DOTALL)
"""A summary is known to be HTML, so every tag is one; between blocks goes a blank."""
_HIDING = re.compile(r"<(?:script|style|noscript|template)\b", re.IGNORECASE)
_CUT_TAG = re.compile(r"<[^<>]*$")
_RELATIVE = re.compile(
    r"(\s(?:href|src)\s*=\s*)([\"'])(?![A-Za-z][A-Za-z0-9+.-]*:|#|//)([^\"'<>]{1,2000})\2", re.IGNORECASE
)
_MAIL = re.compile(r"\s*[^\s@()<>]+@[^\s@()<>]+\s*\((.{1,200})\)\s*|\s*(.{1,200}?)\s*<[^\s@<>]+@[^\s@<>]+>\s*")
"""``a@b.example (Name)`` as RSS 2.0 asks for, and ``Name <a@b.example>``."""
_GLOBAL_ID = re.compile(r"(?:tag:|urn:|https?:).{6,}|[0-9a-fA-F-]{32,}")
"""Ids that are unique in the world, not only in their feed."""
_LONGEST_PATH = 200


@dataclass(slots=True)
class RawEntry:
    """One entry as the feed wrote it: decoded, not cleaned."""

    id: str = ""
    """guid or id."""
    link: str = ""
    original: str = ""
    """Where the link really leads, when the link is a redirector or a page about it."""
    title: str = ""
    title_is_html: bool = True
    """RSS does not say, and writers disagree; entities are then decoded once more."""
    summary: str = ""
    content: str = ""
    content_format: BodyFormat = "html"
    published: str = ""
    updated: str = ""
    topics: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    source: tuple[str, str] = ("", "")
    """(name, address) of who published it first."""
    images: list[tuple[str, str, str]] = field(default_factory=list)
    """(address, width, height)."""
    enclosures: list[tuple[str, str, str]] = field(default_factory=list)
    """(address, media type, bytes)."""
    comments: str = ""
    duration: str = ""
    base: str = ""
    """What relative addresses of the entry are relative to; empty: the feed's."""


@dataclass(slots=True)
class RawFeed:
    """A whole feed as written."""

    kind: str
    title: str = ""
    home: str = ""
    base: str = ""
    """What relative addresses are relative to."""
    links: list[tuple[str, str]] = field(default_factory=list)
    next_page: str = ""
    authors: list[str] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
    left_out: int = 0
    """Entries beyond the limit."""


def to_parsed(feed: RawFeed, *, path: str, now: datetime, notes: Notes, limits: Limits = DEFAULT_LIMITS) -> Parsed:
    """Return the articles of a feed; every loss becomes a note."""
    home = _address(feed.home, feed.base)
    feed.base = feed.base or home
    title = clean_line(to_text(feed.title[:10_000]), limits.title_characters)
    adapter = _Adapter(feed, title, home, now, notes, limits)
    articles = tuple(adapter.articles())
    if feed.left_out:
        notes.add("", f"it has {feed.left_out} more entries; only the first {len(articles)} are read")
    if not articles and not feed.entries:
        notes.add("", "the feed has no entries")
    return Parsed(
        articles=articles,
        problems=notes.problems(),
        kind=feed.kind,
        title=title or None,
        home=home or None,
        next_page=_address(feed.next_page, feed.base) or None,
        links=tuple((clean_line(name, 40), to) for name, link in feed.links if (to := _address(link, feed.base))),
    )


class _Adapter:
    """Turns the entries of one feed into articles."""

    def __init__(self, feed: RawFeed, title: str, home: str, now: datetime, notes: Notes, limits: Limits) -> None:
        self.feed = feed
        self.now = now
        self.notes = notes
        self.limits = limits
        self.home_form = canonical_url(home) if home else ""
        self.provider = Provider(title or None, host_of(home) or None)

    def articles(self) -> list[Article]:
        addressed = [(entry, self.link_of(entry, number)) for number, entry in enumerate(self.feed.entries, 1)]
        identities = self.identities(addressed)
        found: list[Article] = []
        seen: set[str] = set()
        for number, ((entry, link), identity) in enumerate(zip(addressed, identities, strict=True), 1):
            if not identity:
                self.notes.refuse("neither a title nor an address nor any text", field=f"entry {number}")
            elif identity in seen:
                self.notes.add(f"entry {number}", "the same entry a second time")
            else:
                seen.add(identity)
                found.append(self.article(entry, link, identity, number))
        return found

    def link_of(self, entry: RawEntry, number: int) -> str:
        written = entry.link or (entry.id if entry.id.startswith(("http://", "https://")) else "")
        if not written:
            return ""
        link = _address(written, entry.base or self.feed.base)
        if not link:
            self.notes.add(f"entry {number}, link", _why(written))
        return link

    def identities(self, addressed: Sequence[tuple[RawEntry, str]]) -> list[str]:
        """Return what each entry is known by: its address, or its id where the address is not its own.

        Of several entries with one address the oldest (the last written) keeps it, so that an article does
        not change its identity when a newer one appears.
        """
        forms = [self.form_of(entry, link) for entry, link in addressed]
        shared = {form for form, count in Counter(forms).items() if count > 1 and form}
        owner = {form: self.oldest(addressed, forms, form) for form in shared}
        identities: list[str] = []
        for (entry, _), form in zip(addressed, forms, strict=True):
            keeper = addressed[owner[form]][0] if form in owner else entry
            is_own = form and form != self.home_form and (keeper.id, keeper.title) == (entry.id, entry.title)
            identities.append(form if is_own else self.identity_without_link(entry, form))
        return identities

    def form_of(self, entry: RawEntry, link: str) -> str:
        original = _address(entry.original, entry.base or self.feed.base) if entry.original else ""
        return canonical_url(original or link) if original or link else ""

    def oldest(self, addressed: Sequence[tuple[RawEntry, str]], forms: Sequence[str], form: str) -> int:
        sharers = [index for index, other in enumerate(forms) if other == form]
        dates = {index: parse_feed_date(addressed[index][0].published, self.now)[0] for index in sharers}
        if None in dates.values():
            return sharers[-1]
        return min(sharers, key=lambda index: (dates[index], -index))

    def identity_without_link(self, entry: RawEntry, form: str) -> str:
        own = " ".join(entry.id.split())
        if not form and own and _GLOBAL_ID.match(own):
            return f"id:{own}"
        own = own or " ".join((entry.title or entry.summary[:500] or entry.content[:500]).split())
        return f"{form or self.home_form or canonical_url(self.feed.base)}#{own}" if own else ""

    def article(self, entry: RawEntry, link: str, identity: str, number: int) -> Article:
        base = entry.base or self.feed.base
        title = entry.title[:10_000]
        title = clean_line(to_text(title) if entry.title_is_html else title, self.limits.title_characters)
        excerpt, body, body_format = self.text(entry, base)
        published, updated = self.dates(entry, number)
        original = _address(entry.original, base) if entry.original else ""
        images = self.images(entry, base)
        return Article(
            key=key_of(identity),
            path=_path(identity),
            title=title or None,
            excerpt=excerpt or None,
            body=body or None,
            body_format=body_format,
            published=published,
            updated=updated,
            urls=Urls(original or None, link or None),
            type=_type(entry),
            category="news",
            provider=self.provider_of(entry, link, base),
            topics=self.names(entry.topics),
            tags=self.names(entry.tags),
            authors=self.names([_author(name) for name in entry.authors or self.feed.authors]),
            images=images,
            actions=self.actions(entry, base, number),
            details=(("Length", clean_line(entry.duration, 40)),) if entry.duration.strip() else (),
        )

    def text(self, entry: RawEntry, base: str) -> tuple[str, str, BodyFormat]:
        """Return excerpt and body: a long or rich description without content beside it is the article itself."""
        summary, content, body_format = entry.summary, entry.content, entry.content_format
        if not content and len(summary) > _EXCERPT and _RICH.search(summary[:_MARKUP_LOOKED_AT]):
            content, summary, body_format = summary, "", "html"
        if summary:
            excerpt = self.excerpt(summary, self.limits.excerpt_characters)
        elif body_format == "html":
            excerpt = self.excerpt(content, _EXCERPT)
        else:
            excerpt = clean_line(content[:_MARKUP_LOOKED_AT], _EXCERPT)
        if not content:
            if "<" in summary and _RICH.search(summary[:_MARKUP_LOOKED_AT]):
                content, body_format = summary, "html"
            else:
                return excerpt, "", "html"
        body = content[: self.limits.body_characters]
        if body_format == "html" and base and "<" in body:
            body = _RELATIVE.sub(lambda found: f"{found[1]}{found[2]}{_joined(base, found[3])}{found[2]}", body)
        return excerpt, clean_block(body), body_format

    @staticmethod
    def excerpt(markup: str, limit: int) -> str:
        if len(markup) > _MARKUP_LOOKED_AT:
            markup = _CUT_TAG.sub("", markup[:_MARKUP_LOOKED_AT])
        if "<" in markup:
            if _HIDING.search(markup):
                markup = to_text(markup)
            markup = _ANY_TAG.sub(" ", _INLINE_TAG.sub("", markup))
        if "&" in markup:
            markup = unescape(markup)
        return clean_line(markup, limit)

    def dates(self, entry: RawEntry, number: int) -> tuple[datetime | None, datetime | None]:
        moments: list[datetime | None] = []
        for name, written in (("published", entry.published), ("updated", entry.updated)):
            moment: datetime | None = None
            if written:
                moment, reason = parse_feed_date(written, self.now)
                if reason:
                    self.notes.add(f"entry {number}, {name}", reason)
            moments.append(moment)
        published, updated = moments
        return published or updated, updated if updated != published else None

    def provider_of(self, entry: RawEntry, link: str, base: str) -> Provider:
        name, address = entry.source
        if name or address:
            own = clean_line(to_text(name[:1000]), 200)
            return Provider(own or None, host_of(_address(address, base)) or None)
        if self.provider.domain is None and link:
            return Provider(self.provider.name, host_of(link) or None)
        return self.provider

    def names(self, written: Sequence[str]) -> tuple[str, ...]:
        if not written:
            return ()
        cleaned = [_clean_name(name[:500]) for name in written[: self.limits.names]]
        return tuple(dict.fromkeys(filter(None, cleaned)))

    def images(self, entry: RawEntry, base: str) -> tuple[Image, ...]:
        found: dict[str, Image] = {}
        for written, width, height in entry.images[: self.limits.names]:
            if (address := _address(written, base)) and address not in found:
                found[address] = Image(address, _pixels(width), _pixels(height))
        return tuple(found.values())

    def actions(self, entry: RawEntry, base: str, number: int) -> tuple[Action, ...]:
        if not (entry.enclosures or entry.comments):
            return ()
        found: dict[str, Action] = {}
        for written, media_type, size in entry.enclosures[: self.limits.names]:
            if address := _address(written, base):
                found.setdefault(address, Action(address, _enclosure_title(media_type, size), None, "download"))
            else:
                self.notes.add(f"entry {number}, enclosure", _why(written))
        if entry.comments and (address := _address(entry.comments, base)):
            found.setdefault(address, Action(address, "Comments", None, "comments"))
        return tuple(found.values())


def _address(written: str, base: str) -> str:
    """Return a usable absolute http(s) address, or nothing."""
    if not written:
        return ""
    address = clean_address(written)
    if not address[:8].lower().startswith(("http://", "https://")):
        address = _joined(base, address) if base else address
    return "" if why_unusable(address) else address


def _why(written: str) -> str:
    return why_unusable(clean_address(written[:9_000])) or "it is not an address"


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _path(identity: str) -> str:
    path = clean_line(identity)
    if len(path) <= _LONGEST_PATH:
        return path
    return f"{path[:_LONGEST_PATH]}…{blake2b(identity.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


@lru_cache(maxsize=4_096)
def _clean_name(written: str) -> str:
    """Return a topic or a person as shown; the same few come with every entry."""
    return clean_line(to_text(written), 200)


@lru_cache(maxsize=4_096)
def _author(written: str) -> str:
    match = _MAIL.fullmatch(written[:500])
    return (match[1] or match[2] or "") if match else written


def _pixels(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 6 and int(written) else None


def _enclosure_title(media_type: str, size: str) -> str | None:
    kind = clean_line(media_type, 60)
    if size.isdecimal() and 4 < len(size) < 13:
        kind += f"{', ' if kind else ''}{int(size) / 1_000_000:.1f} MB"
    return kind or None


def _type(entry: RawEntry) -> str:
    for _, media_type, _ in entry.enclosures:
        if media_type.startswith(("audio/", "video/")):
            return media_type[:5]
    return "article"
