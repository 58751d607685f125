"""Marks as the library changes them: on disk before they show, and never forgotten when they cannot be saved."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from threading import RLock
from typing import Any, Literal

from newstui.errors import StoreError, UsageError
from newstui.library.articles import MarkedArticles
from newstui.model import Change
from newstui.records import dataclass
from newstui.store.cache import ArticleCache
from newstui.store.history import Field
from newstui.store.mark_rows import pack_tags, unpack_tags
from newstui.store.marks import MarksStore
from newstui.text import clean_block, clean_line

MarkAction = Literal["read", "unread", "starred", "unstarred", "tag", "untag", "note"]

MAX_TAG_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """A change of marks that is asked for."""

    action: MarkAction
    value: str
    keys: Sequence[int]
    address_of: Callable[[Sequence[int]], Mapping[int, str]]
    """Gives the addresses to keep beside marks that are new."""


class Marking:
    """Carries out changes in the order they came; those that cannot be saved wait. Safe in several threads."""

    def __init__(self, store: MarksStore, cache: ArticleCache, articles: MarkedArticles) -> None:
        self._store = store
        self._cache = cache
        self._articles = articles
        """Shows what is on disk."""
        self._waiting: deque[Wish] = deque()
        self._lock = RLock()

    def pending(self) -> int:
        """How many changes wait to be saved."""
        return len(self._waiting)

    def mark(self, rows: Sequence[int], action: MarkAction, value: str, *, dry_run: bool) -> Change:
        """Change marks; they are on disk afterwards. What cannot be saved waits, and StoreError says why."""
        row_by_key = self._articles.rows_by_key(rows)

        def address_of(keys: Sequence[int]) -> dict[int, str]:
            of_keys = [row_by_key[key] for key in keys]
            return dict(zip(keys, map(self._cache.urls(of_keys).get, of_keys, repeat("")), strict=True))

        wish = Wish(action, value, list(row_by_key), address_of)
        if dry_run:
            return self._apply(wish, dry_run=True)
        with self._lock:
            self._waiting.append(wish)
            change = None
            try:
                while self._waiting:
                    change = self._apply(self._waiting[0])
                    self._waiting.popleft()
            except StoreError as error:
                error.hint = error.hint or "the change is kept and tried again"
                raise
            assert change is not None
            return change

    def retry(self) -> bool:
        """Try to save what waits; say whether anything was saved."""
        saved = False
        with self._lock:
            try:
                while self._waiting:
                    self._apply(self._waiting[0])
                    self._waiting.popleft()
                    saved = True
            except StoreError:
                return saved
        return saved

    def _apply(self, wish: Wish, *, dry_run: bool = False) -> Change:
        field, label, update = meaning_of(wish.action, wish.value)
        return self._store.change(
            field, label, wish.keys, update, wish.address_of, self._articles.show_marks, dry_run=dry_run
        )

    def undo(self) -> Change | None:
        """Take back the newest change that is not undone; None when there is none. Raises StoreError."""
        return self._shown(self._store.undo())

    def redo(self) -> Change | None:
        """Make again the change that was undone last, unless something was changed since. Raises StoreError."""
        return self._shown(self._store.redo())

    def _shown(self, change: Change | None) -> Change | None:
        if change is not None:
            self._articles.show_marks(self._store.bits(self._store.keys_of(change.number)))
        return change


def meaning_of(action: MarkAction, value: str) -> tuple[Field, str, Callable[[Any], Any]]:
    """Return which field an action changes, what history calls it, and how it changes the value. Raises UsageError."""
    if action in ("read", "unread"):
        return "read", action, lambda now: int(action == "read")
    if action in ("starred", "unstarred"):
        return "starred", action, lambda now: int(action == "starred")
    if action == "note":
        text = clean_block(value).strip()
        return "note", "note", lambda now: text
    tag = clean_line(value, MAX_TAG_CHARACTERS)
    if not tag:
        raise UsageError("a tag needs a name")
    folded = tag.casefold()

    def add(now: str) -> str:
        tags = unpack_tags(now)
        return now if any(other.casefold() == folded for other in tags) else pack_tags((*tags, tag))

    def remove(now: str) -> str:
        return pack_tags(other for other in unpack_tags(now) if other.casefold() != folded)

    return "tags", f"{action} {tag}", add if action == "tag" else remove
