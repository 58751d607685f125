"""newsboat's list of subscriptions, ``urls``: one address a line, then tags and a title in quotes.

https://newsboat.org/releases/2.38/docs/newsboat.html#_first_steps. Lines that run programs (``exec:``,
``filter:``) or hold saved queries are noted, never followed. Read marks live in ``cache.db``: `library/transfer.py`.
"""

from __future__ import annotations

import re

from newstui.formats.decode import decode
from newstui.formats.opml import Collector, Subscriptions

_WORD = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|(\S+)")


def is_newsboat_urls(name: str, beginning: bytes) -> bool:
    """Say whether a file is newsboat's list: by its name, or because its first line is an address."""
    if name == "urls" or name.endswith("/urls"):
        return True
    lines = (line.strip() for line in beginning.decode("utf-8", "replace").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return first.startswith(("http://", "https://", "feed:"))


def parse_newsboat_urls(data: bytes, path: str = "") -> Subscriptions:
    """Return the subscriptions; the first tag becomes the group, ``"~Title"`` the name. Raises FormatError."""
    text, note = decode(data)
    collector = Collector(path)
    if note:
        collector.notes.add("", note)
    for line in text.splitlines():
        words = [(quoted or bare).replace('\\"', '"') for quoted, bare in _WORD.findall(line)]
        if not words or words[0].startswith("#"):
            continue
        address, tags = words[0], words[1:]
        if address.startswith("feed:"):
            address = address.removeprefix("feed:").removeprefix("//")
            address = address if address.startswith("http") else f"http://{address}"
        title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
        group = next((tag for tag in tags if not tag.startswith(("~", "!"))), "")
        collector.add(address, title, group.replace("/", "∕"))
    return collector.result()
