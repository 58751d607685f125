"""Values in whole sentences: errors, changes of marks, progress, and what an empty pane says.

Everything here is shown as plain text; nothing in it means anything to the terminal or the framework.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from newstui.errors import NewstuiError, QueryError
from newstui.model import Change, CollectionHealth
from newstui.present.ages import age_ago, short_age
from newstui.present.counts import describe_count
from newstui.text import clean_line


def describe_error(error: BaseException) -> str:
    """Return what went wrong, and what to do about it, in one or two sentences."""
    if isinstance(error, NewstuiError):
        return " ".join(_sentence(part) for part in (error.reason, error.hint) if part)
    return _sentence(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


class QueryMistake(NamedTuple):
    """A mistake in a query, ready to be shown under it."""

    column: int
    """0-based character the caret stands under."""
    message: str
    """The nearest spelling first, which must not be cut off, then what is wrong; or what was expected."""


def describe_query_error(error: QueryError) -> QueryMistake:
    """Return where the caret goes and what stands beside it."""
    parts = [clean_line(error.reason)]
    if error.hint:  # says more in fewer words than the list of all that could stand there
        parts.insert(0 if error.hint.startswith("did you mean") else 1, clean_line(error.hint))
    elif error.expected:
        parts.append(f"expected {clean_line(error.expected)}")
    return QueryMistake(min(max(error.column, 0), len(error.text)), " · ".join(parts))


_DONE = {
    "read": "marked read",
    "unread": "marked unread",
    "starred": "starred",
    "unstarred": "no longer starred",
    "note": "noted",
}


def describe_change(change: Change, *, undo_key: str = "") -> str:
    """Return what a command did: ``12 articles marked read · u takes it back``."""
    if not change.count:
        return "Nothing to change"
    said = f"{describe_count(change.count, 'article')} {_describe_label(clean_line(change.label))}"
    return f"{said} · {undo_key} takes it back" if undo_key else said


def _describe_label(label: str) -> str:
    action, _, name = label.partition(" ")
    if action in ("tag", "untag") and name:
        return f"tagged {name}" if action == "tag" else f"no longer tagged {name}"
    return _DONE.get(label, label)


def describe_undone(change: Change | None, *, again: bool = False) -> str:
    """Return what undo (or redo, with `again`) did."""
    if change is None:
        return "Nothing to do again" if again else "Nothing to take back"
    return f"{'Done again' if again else 'Taken back'}: {describe_change(change)}"


def describe_health(health: CollectionHealth, age: str, next_try: str) -> str:
    """Return how a collection does, on one line."""
    if health.failure:
        parts = [f"failed: {clean_line(health.failure)}", f"last read {age_ago(age)}" if age else "never read yet"]
        return " · ".join([*parts, f"tried again {next_try}"] if next_try else parts)
    parts = [describe_count(health.articles, "article"), f"refreshed {age_ago(age)}" if age else "never refreshed"]
    if health.problems:
        parts.append(describe_count(health.problems, "problem"))
    return " · ".join(parts)


def describe_health_at(health: CollectionHealth, now: datetime, zone: tzinfo | None) -> str:
    """Return how a collection does at a moment, on one line."""
    seconds = int(now.timestamp())
    age = short_age(int(health.last_success.timestamp()), seconds, zone) if health.last_success else ""
    again = ""
    if health.next_try is not None:
        is_due = health.next_try <= now
        again = "at the next refresh" if is_due else short_age(int(health.next_try.timestamp()), seconds, zone)
    return describe_health(health, age, again)


class EmptyPane(NamedTuple):
    """What a pane says when it has nothing to show."""

    title: str
    hints: tuple[str, ...]
    """What to do next, most useful first."""
    keys: frozenset[str] = frozenset()
    """What of the words in the hints are keys."""


def empty_list(
    *,
    loading: bool,
    collections: int,
    articles: int,
    query: str,
    view: str,
    failed: int,
    keys: Mapping[str, str],
    nearest: Sequence[str] = (),
) -> EmptyPane:
    """Say why a list is empty and what to do next.

    Args:
        articles: How many there are in all collections together.
        keys: Command id → its first key, as people read it.
        nearest: Conditions such as ``topic:Astronomy`` that may have been meant.
    """

    def say(title: str, *hints: str) -> EmptyPane:
        return EmptyPane(title, hints, frozenset(keys.values()))

    if loading and not articles:
        return say("Reading your collections…", "What is found shows up here as it comes.")
    if not collections:
        adds = f"{keys['collections.add']} adds a folder, a site, an archive or a feed"
        takes_over = f"{keys['app.palette']} then “import” takes over feeds from another reader"
        return say("No collection yet", adds, takes_over)
    if not articles:
        refreshes = f"{keys['collections.refresh_all']} refreshes them"
        if not failed:
            return say("Nothing in your collections", refreshes)
        why = f"{keys['collections.problems']} says why {describe_count(failed, 'collection')} failed"
        return say("Nothing in your collections", why, refreshes)
    if query:
        hints = [f"{keys['go.back']} clears the query", f"{keys['query.edit']} changes it"]
        if nearest:
            hints.insert(0, f"Did you mean {clean_line(' '.join(nearest))}?")
        return say("Nothing matches", *hints)
    another = f"{keys['view.pick']} shows another view"
    if view.casefold() == "unread":
        return say("All read", another, f"{keys['collections.refresh_all']} looks for more")
    if view.casefold() == "starred":
        return say("Nothing starred yet", f"{keys['article.toggle_star']} stars an article")
    return say("Nothing in this view", another)


def _sentence(text: str) -> str:
    cleaned = clean_line(text)
    return cleaned if not cleaned or cleaned[-1] in ".!?…" else cleaned + "."
