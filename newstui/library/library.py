"""The verbs: open, find, read, mark, undo, refresh. Both front ends, screen and command line, call these.

Wording is left to `present/`, deciding what a refresh would write to `plan.py`, doing it to `refresh.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

from newstui.library.events import RefreshEvent
from newstui.library.listing import Listing
from newstui.model import (
    Article,
    Change,
    CollectionHealth,
    Coverage,
    Headline,
    Problem,
    Subscription,
    Topic,
)
from newstui.query import Query

MarkAction = Literal["read", "unread", "starred", "unstarred", "tag", "untag", "note"]


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The two folders the library writes in. Both are created with mode 0700."""

    data: Path
    """Marks: precious."""
    cache: Path
    """Articles, indexes, pictures: may be deleted at any time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything from outside is accepted (`docs/reliability.md`). Each hit is a `Problem`."""

    record_bytes: int = 2_000_000
    front_matter_bytes: int = 262_144
    page_bytes: int = 10_000_000
    feed_articles: int = 5_000
    archive_members: int = 200_000
    archive_bytes: int = 1_000_000_000
    problems_kept: int = 1_000


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Everything the library can be told; read from the configuration by `config/`."""

    subscriptions: tuple[Subscription, ...] = ()
    every_seconds: int = 1_800
    """How often remote collections are refreshed while the reader is open, unless they say otherwise."""
    limits: Limits = field(default_factory=Limits)


class Library:
    """The reader's chosen collections, what is remembered of them, and the marks."""

    @classmethod
    def open(
        cls,
        paths: LibraryPaths,
        settings: LibrarySettings = LibrarySettings(),
        *,
        locations: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
    ) -> Library:
        """Open the stores. `locations` replace the subscriptions (nothing is subscribed by that).

        Cheap (a few ms at any size): columns load on first `find` or in `load`. Raises StoreError.
        """
        raise NotImplementedError

    # -- reading ------------------------------------------------------------------------------
    def first_page(self, count: int) -> list[Headline]:
        """Return the newest articles by SQL alone, for the first paint, before `load`."""
        raise NotImplementedError

    def load(self) -> None:
        """Bring the columns into memory (about 0.1 s at 1,000,000 articles); safe to call from a thread."""
        raise NotImplementedError

    def find(self, query: Query | str = "", *, sort: str | None = None, keep_rows: Iterable[int] = ()) -> Listing:
        """Return what matches. `keep_rows` stay in the result even when they no longer match (just read).

        Raises QueryError.
        """
        raise NotImplementedError

    def article(self, row: int) -> Article | None:
        """Return one whole article; None when it has gone since."""
        raise NotImplementedError

    def headline(self, row: int) -> Headline | None:
        raise NotImplementedError

    def resolve(self, text: str) -> list[int]:
        """Return the rows meant by an id, a unique prefix of one, or any address of an article.

        Raises NotFoundError (nothing), UsageError (a prefix that fits several articles, naming some).
        """
        raise NotImplementedError

    def coverage(self, row: int) -> list[Coverage]:
        """Return given and found coverage of an article, best first, deduplicated by address and copy."""
        raise NotImplementedError

    def topics(self) -> list[Topic]:
        """Topics as the sites describe them, in display order."""
        raise NotImplementedError

    # -- marks --------------------------------------------------------------------------------
    def mark(self, rows: Sequence[int], action: MarkAction, value: str = "", *, dry_run: bool = False) -> Change:
        """Change the marks of articles; on disk when this returns. Only real changes count. Raises StoreError."""
        raise NotImplementedError

    def undo(self) -> Change | None:
        """Take back the newest change that is not undone yet, from any session."""
        raise NotImplementedError

    def redo(self) -> Change | None:
        raise NotImplementedError

    def history(self, limit: int = 100) -> list[Change]:
        """Newest first."""
        raise NotImplementedError

    def note(self, row: int) -> str:
        raise NotImplementedError

    # -- collections --------------------------------------------------------------------------
    def refresh(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RefreshEvent]:
        """Scan and fetch now; yields as it goes. One failing collection is an event, not an exception."""
        raise NotImplementedError

    def health(self) -> list[CollectionHealth]:
        raise NotImplementedError

    def problems(self) -> list[Problem]:
        raise NotImplementedError

    def poll(self) -> bool:
        """Return True when articles or marks changed since the last look, by this or another program."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
