"""OPML, the list of subscriptions every reader can write and read (http://opml.org/spec2.opml), in and out.

Folders become groups. Passwords inside addresses are read, so that the subscription works, and never written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from newstui.errors import FormatError
from newstui.formats.feed_xml import read_xml
from newstui.formats.parsed import Notes
from newstui.formats.urls import canonical_url, clean_address, why_unusable
from newstui.model import Problem, Subscription
from newstui.records import dataclass, field
from newstui.text import clean_line

_DEEPEST = 8
"""Folders inside folders; what lies deeper goes into the last one counted."""
_MOST = 20_000
_NAME = 200
_USER = re.compile(r"(?<=://)[^/?#]*@")
_NOT_ADDRESSES = ("exec:", "filter:", "query:")
"""newsboat's programs and queries: never run."""


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a list of subscriptions holds."""

    found: tuple[Subscription, ...] = ()
    """In file order, no address twice, no name twice. An address may hold a password: split it off at once."""
    problems: tuple[Problem, ...] = field(default=())


def is_opml(beginning: bytes) -> bool:
    """Say whether a file that begins so is OPML."""
    return b"<opml" in beginning[:4096].lower()


def parse_opml(data: bytes, path: str = "") -> Subscriptions:
    """Return the subscriptions of an OPML file and what was lost. Raises FormatError when it is none."""
    document = read_xml(data)
    if str(document.root.tag).lower() != "opml":
        raise FormatError("not OPML: its first element is something else", file=path)
    collector = Collector(path)
    if document.note:
        collector.notes.add("", document.note)
    body = next((child for child in document.root if str(child.tag).lower() == "body"), document.root)
    for outline, folders in _outlines(body):
        collector.add(_get(outline, "xmlUrl"), _get(outline, "text") or _get(outline, "title"), "/".join(folders))
    return collector.result()


class Collector:
    """Gathers subscriptions: checks addresses, drops doubles, gives names that are all different."""

    def __init__(self, path: str) -> None:
        self.notes = Notes(clean_line(path))
        self._found: list[Subscription] = []
        self._seen: set[str] = set()
        self._names: set[str] = set()

    def add(self, address: str, title: str, group: str) -> None:
        """Take one subscription, or note why not."""
        location = clean_address(address)
        name = clean_line(title, _NAME)
        shown = name or f"entry {len(self._found) + 1}"
        reason = self._why_not(location)
        if reason:
            self.notes.refuse(reason, field=shown)
        elif canonical_url(location) in self._seen:
            return
        elif len(self._found) >= _MOST:
            self.notes.refuse(f"more than {_MOST} subscriptions", field=shown)
        else:
            self._seen.add(canonical_url(location))
            self._found.append(Subscription(self._named(name or _host(location)), location, None, group))

    def result(self) -> Subscriptions:
        return Subscriptions(tuple(self._found), self.notes.problems())

    def _why_not(self, location: str) -> str:
        if not location:
            return "it names no address"
        if location.lower().startswith(_NOT_ADDRESSES):
            return f"{location.partition(':')[0]}: is a program or query of another reader, not an address"
        return why_unusable(location)

    def _named(self, name: str) -> str:
        base, number = name, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{base} ({number})"
        self._names.add(name.casefold())
        return name


def print_opml(subscriptions: Iterable[Subscription], title: str = "newstui") -> str:
    """Return an OPML file, folders nested again. User names and passwords inside addresses stay at home."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{_text(title)}</title></head>", "  <body>"]
    by_group: defaultdict[str, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions:
        by_group[subscription.group].append(subscription)
    open_folders: list[str] = []
    for group in sorted(by_group):
        folders = [folder for folder in group.split("/") if folder]
        lines += _moved(open_folders, folders)
        open_folders = folders
        lines += [f"{'  ' * (len(folders) + 2)}{_outline(item)}" for item in by_group[group]]
    lines += _moved(open_folders, [])
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _moved(open_folders: list[str], folders: list[str]) -> Iterator[str]:
    """Close and open folders to get from one to another."""
    shared = 0
    while shared < min(len(open_folders), len(folders)) and open_folders[shared] == folders[shared]:
        shared += 1
    for depth in range(len(open_folders), shared, -1):
        yield "  " * (depth + 1) + "</outline>"
    for depth in range(shared, len(folders)):
        yield "  " * (depth + 2) + f"<outline text={_attribute(folders[depth])}>"


def _outline(item: Subscription) -> str:
    name = _attribute(item.name)
    return f'<outline type="rss" text={name} title={name} xmlUrl={_attribute(_USER.sub("", item.location))}/>'


def _attribute(text: str) -> str:
    return quoteattr(clean_line(text))


def _text(text: str) -> str:
    return clean_line(text).replace("&", "&amp;").replace("<", "&lt;")


def _outlines(body: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Walk without recursion, in file order; yields every outline that could be a subscription, with its folders."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(child, ()) for child in reversed(body)]
    while stack:
        outline, folders = stack.pop()
        if str(outline.tag).lower() != "outline":
            continue
        kind = _get(outline, "type").lower()
        if "xmlUrl" in outline.attrib or "xmlurl" in outline.attrib or (not len(outline) and kind in ("rss", "atom")):
            yield outline, folders
        if len(outline) and kind not in ("include", "link"):
            name = clean_line(_get(outline, "text") or _get(outline, "title"), 80).replace("/", "∕")
            inner = (*folders, name) if name and len(folders) < _DEEPEST else folders
            stack.extend((child, inner) for child in reversed(outline))


def _get(outline: Any, name: str) -> str:
    return str(outline.get(name) or outline.get(name.lower()) or "")


def _host(location: str) -> str:
    return canonical_url(location).partition("/")[0] or "feed"
