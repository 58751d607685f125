"""Pictures for whoever shows articles: may this one be loaded, and what does it look like.

A picture of a collection's own folder is always shown. Asking the web tells a publisher who reads what and when,
so that is done only where the reader said so, or says so now.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Literal

from newstui.errors import SourceError
from newstui.links import check_link
from newstui.model import Article, Image
from newstui.sources.fetch_settings import RemoteSettings
from newstui.sources.picture_decoder import MOST_BYTES, Decoded
from newstui.sources.pictures import Fetch, Graphics, PictureCache, decode_apart, find_local, read_local

__all__ = ("Choice", "Graphics", "Pictures", "fetch_from_web")

Choice = Literal["never", "ask", "always"]

_KEPT = 32
"""Scaled pictures kept in memory; the largest is 60 × 36 pixels of a half-block, or 1 MB for a graphics terminal."""


class Pictures:
    """Pictures of articles, by the reader's choice. Safe to use from several threads."""

    def __init__(
        self,
        cache: Path,
        *,
        choice: Choice = "never",
        choice_by_collection: Mapping[str, Choice] | None = None,
        root_of: Callable[[str], Path | None] = lambda name: None,
        fetch: Fetch | None = None,
    ) -> None:
        """Create it; nothing is read or asked yet.

        Args:
            cache: Folder for what the web gave; made when needed.
            root_of: The folder of a collection, None for one that is not a folder.
            fetch: Asks the web; None never does.
        """
        self._cache = PictureCache(cache)
        self._choice = choice
        self._choices = dict(choice_by_collection or {})
        self._root_of = root_of
        self._fetch = fetch
        self._kept: OrderedDict[tuple[str, str, int, int, Graphics | None], Decoded] = OrderedDict()
        self._lock = Lock()

    def choice(self, article: Article, image: Image) -> Choice:
        """Say whether a picture may be loaded: always for local ones, else as the reader chose."""
        if find_local(image.url, self._root_of(article.collection)) is not None:
            return "always"
        if self._fetch is None or check_link(image.url).verdict != "open":
            return "never"
        return self._choices.get(article.collection, self._choice)

    def load(
        self, article: Article, image: Image, width: int, height: int, graphics: Graphics | None = None
    ) -> Decoded:
        """Get, decode and scale a picture to at most so many pixels. Slow; raises SourceError."""
        key = (article.collection, image.url, width, height, graphics)
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return known
        pixels = decode_apart(self._bytes(article, image), width, height, graphics)
        with self._lock:
            self._kept[key] = pixels
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return pixels

    def _bytes(self, article: Article, image: Image) -> bytes:
        local = find_local(image.url, self._root_of(article.collection))
        if local is not None:
            return read_local(local)
        link = check_link(image.url)
        if self._fetch is None or link.verdict != "open":
            raise SourceError(link.reason or "pictures are not loaded from the web", temporary=False)
        return self._cache.get(link.address, self._fetch)


def fetch_from_web(settings: RemoteSettings) -> Fetch:
    """Return what asks the web for a picture: bounded, without credentials, never into the local network."""
    settings = replace(settings, page_bytes=MOST_BYTES, credentials={})

    def fetch(url: str) -> bytes:
        return asyncio.run(_fetch(url, settings))

    return fetch


async def _fetch(url: str, settings: RemoteSettings) -> bytes:
    from newstui.sources.fetch import Fetcher, Request  # httpx takes 0.2 s to import

    fetcher = Fetcher(settings)
    try:
        answer = await fetcher.get(Request(url, found=True))
    finally:
        await fetcher.close()
    if answer.file is not None:
        answer.file.close()
        raise SourceError("an archive, not a picture", temporary=False)
    return answer.body
