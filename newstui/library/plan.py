"""Deciding what a refresh writes, by comparing what a file gives now with what is stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from newstui.records import dataclass, field
from newstui.store.packing import Packed
from newstui.store.writer import Known


@dataclass(slots=True)
class Plan:
    """What one file changes."""

    added: list[Packed] = field(default_factory=list)
    """In the order of the file."""
    changed: list[tuple[int, Packed]] = field(default_factory=list)
    """(row, new form)."""
    moved: list[tuple[int, str | None]] = field(default_factory=list)
    """(row, entry): the same article, found at another place."""
    removed: list[int] = field(default_factory=list)
    """Rows."""
    rekeyed: list[tuple[int, int, str]] = field(default_factory=list)
    """(old key, new key, new address): the record at this place now has another address; its marks go along."""
    unchanged: int = 0


def plan_file(
    known: Sequence[Known], found: Sequence[Packed], *, refused: bool = False, homeless: Mapping[int, Known] = {}
) -> Plan:
    """Compare the stored articles of a file with what it gives now.

    Args:
        refused: the file could not be read; what is known of it stays.
        homeless: articles by key whose files have gone: one of them found here has moved.
    """
    plan = Plan()
    if refused and not found:
        plan.unchanged = len(known)
        return plan
    by_key: dict[int, list[Known]] = {}
    for stored in known:
        by_key.setdefault(stored.key, []).append(stored)
    strangers: list[Packed] = []
    for article in found:
        same = by_key.get(article.key)
        if same:
            _compare(plan, same.pop(0), article, moved=False)
        elif article.key in homeless:
            _compare(plan, homeless[article.key], article, moved=True)
        else:
            strangers.append(article)
    left = [stored for stored in known if stored in by_key.get(stored.key, ())]
    if len(known) == len(found) == len(strangers) == 1:
        _replace(plan, left.pop(), strangers.pop())
    plan.added = strangers
    plan.removed = [stored.row for stored in left]
    return plan


def plan_page(known: Sequence[Known], found: Sequence[Packed]) -> Plan:
    """Compare a page of a remote collection with what is stored of the collection under the same keys.

    Two records with one address stay two, as in a folder: they are told apart by their paths. Nothing is removed;
    what a collection does not hold any more shows only when all its pages are known.
    """
    plan = Plan()
    stored_by_place = {(stored.key, stored.entry): stored for stored in known}
    for article in found:
        stored = stored_by_place.get((article.key, article.entry))
        if stored is None:
            plan.added.append(article)
        else:
            _compare(plan, stored, article, moved=False)
    return plan


def _compare(plan: Plan, stored: Known, article: Packed, *, moved: bool) -> None:
    if stored.digest != article.digest:
        plan.changed.append((stored.row, article))
    elif moved or stored.entry != article.entry:
        plan.moved.append((stored.row, article.entry))
    else:
        plan.unchanged += 1


def _replace(plan: Plan, stored: Known, article: Packed) -> None:
    """The one record of a file got another address: it is still the same record."""
    plan.changed.append((stored.row, article))
    plan.rekeyed.append((stored.key, article.key, article.url))


def homeless_by_key(articles: Iterable[Known]) -> dict[int, Known]:
    """Return the articles of files that have gone, by key; of several with one key the first."""
    found: dict[int, Known] = {}
    for article in articles:
        found.setdefault(article.key, article)
    return found
