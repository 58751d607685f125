"""Refreshing collections of a library: the local ones in turn, then the remote ones together.

One local collection is `refresh.py`, storing what remote ones say `refresh_remote.py`; what another process does while
a person is reading is `refresh_apart.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from newstui.errors import NewstuiError, SourceError, StoreError
from newstui.library.collections import is_remote, open_location
from newstui.library.events import CollectionFailed, CollectionStarted, CollectionStored, RefreshEvent
from newstui.library.refresh import LocalRefresh
from newstui.library.refresh_apart import LocalWish, Order, refresh_apart
from newstui.library.remote_events import RemoteWish
from newstui.library.settings import LibrarySettings
from newstui.model import Subscription
from newstui.sources import Source
from newstui.store.cache import ArticleCache
from newstui.store.marks import MarksStore

OrderOf = Callable[[LocalWish | RemoteWish], Order]
"""Makes of a wish the order for another process."""


class Refresher:
    """Refreshes collections. One that fails is an event, not an exception."""

    def __init__(
        self, cache: ArticleCache, marks: MarksStore, settings: LibrarySettings, clock: Callable[[], datetime]
    ) -> None:
        self._cache = cache
        self._marks = marks
        self._settings = settings
        self._clock = clock
        self._standard_input: Source | None = None
        """Kept, since it can be read once only."""

    def refresh(
        self,
        subscriptions: Sequence[Subscription],
        *,
        asked: bool,
        insisted: bool,
        force: bool,
        is_cancelled: Callable[[], bool],
        order_of: OrderOf | None,
    ) -> Iterator[RefreshEvent]:
        """Scan and fetch; yields as it goes.

        Args:
            asked: as in `RemoteWish`, like the next two.
            order_of: lets another process do what takes long; None: this one does everything.
        """
        for one in subscriptions:
            if not is_remote(one.location) and not is_cancelled():
                yield from self._refresh_local(one, force, is_cancelled, order_of)
        remotes = [one for one in subscriptions if is_remote(one.location)]
        if remotes and not is_cancelled():
            wish = RemoteWish(tuple(one.name for one in remotes), asked, insisted, force)
            if order_of is None:
                yield from self.refresh_remote(remotes, wish, is_cancelled)
            else:
                yield from self._refresh_remote_apart(remotes, wish, is_cancelled, order_of)

    def _refresh_local(
        self, subscription: Subscription, force: bool, is_cancelled: Callable[[], bool], order_of: OrderOf | None
    ) -> Iterator[RefreshEvent]:
        name = subscription.name
        try:
            order = order_of(LocalWish(name, force)) if order_of is not None else None
            yield from self._local(
                name,
                self._source(subscription.location),
                force=force,
                is_cancelled=is_cancelled,
                apart=(lambda: refresh_apart(order, is_cancelled)) if order is not None else None,
            ).run()
        except NewstuiError as error:
            yield self._failed(name, error)

    def refresh_remote(
        self, subscriptions: Sequence[Subscription], wish: RemoteWish, is_cancelled: Callable[[], bool]
    ) -> Iterator[RefreshEvent]:
        """Fetch collections in this process; yields as it goes."""
        from newstui.library.refresh_remote import RemoteRefresh

        refresh = RemoteRefresh(
            self._cache, self._settings, self._clock,
            lambda name, source: self._local(name, source, force=wish.force, is_cancelled=is_cancelled),
        )  # fmt: skip
        yield from refresh.run(subscriptions, asked=wish.asked, insisted=wish.insisted, is_cancelled=is_cancelled)

    def _refresh_remote_apart(
        self,
        subscriptions: Sequence[Subscription],
        wish: RemoteWish,
        is_cancelled: Callable[[], bool],
        order_of: OrderOf,
    ) -> Iterator[RefreshEvent]:
        """Fetch in another process, so that the one somebody reads in has nothing to do but to say so."""
        from newstui.library.refresh_remote import is_anything_due

        if not wish.asked and not is_anything_due(self._cache, subscriptions, self._clock()):
            return
        begun: set[str] = set()
        try:
            for event in refresh_apart(order_of(wish), is_cancelled):
                if isinstance(event, CollectionStarted):
                    begun.add(event.name)
                elif isinstance(event, CollectionStored | CollectionFailed):
                    begun.discard(event.name)
                yield event
        except SourceError as error:
            if is_cancelled():
                return
            for name in sorted(begun) or wish.names[:1]:
                yield self._failed(name, error)

    def _local(
        self,
        name: str,
        source: Source,
        *,
        force: bool,
        is_cancelled: Callable[[], bool],
        apart: Callable[[], Iterator[RefreshEvent]] | None = None,
    ) -> LocalRefresh:
        return LocalRefresh(
            self._cache, name, source, limits=self._settings.limits, now=self._clock(), carry=self._carry,
            is_cancelled=is_cancelled, force=force, apart=apart,
        )  # fmt: skip

    def _carry(self, moves: list[tuple[int, int, str]]) -> None:
        """Let marks go along with records whose address changed; where that fails they stay with the old one."""
        with suppress(StoreError):
            self._marks.carry(moves)

    def _source(self, location: str) -> Source:
        """Recognise what a location is now. Raises SourceError."""
        if location != "-":
            return open_location(location, self._settings)
        if self._standard_input is None:
            self._standard_input = open_location(location, self._settings)
        return self._standard_input

    def _failed(self, name: str, error: NewstuiError) -> CollectionFailed:
        with suppress(StoreError):
            self._cache.note_failure(name, error.reason, self._clock())
        return CollectionFailed(name, error.reason, "")
