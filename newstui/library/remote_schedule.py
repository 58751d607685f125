"""When to ask a remote collection again. Pure: the clock and the dice are arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from newstui.store.fetch_state import FetchState, PageState

DAY_SECONDS = 86_400
_FIRST_WAIT_SECONDS = 600
"""A collection that is refreshed every minute still gets ten to recover."""


def is_due(state: FetchState, now: datetime, *, asked: bool = False, insisted: bool = False) -> bool:
    """Say whether to fetch now.

    Args:
        asked: the reader wants everything refreshed; only what a server itself asked for still counts.
        insisted: the reader named this very collection.
    """
    if insisted:
        return True
    if state.not_before is not None and now < state.not_before:
        return False
    if asked or state.last_attempt is None:
        return True
    return state.next_try is not None and now >= state.next_try


def plan_success(
    state: FetchState,
    now: datetime,
    every_seconds: int,
    *,
    kind: str,
    address: str,
    title: str,
    pages: tuple[PageState, ...],
    fresh_seconds: int | None = None,
) -> FetchState:
    """Return what to remember of a refresh that went well. A server may ask for longer pauses, up to a day."""
    wait = max(every_seconds, min(fresh_seconds or 0, DAY_SECONDS))
    return FetchState(
        location=state.location,
        kind=kind or state.kind,
        address=address,
        title=title or state.title,
        last_success=now,
        last_attempt=now,
        next_try=now + timedelta(seconds=wait),
        pages=pages,
    )


def plan_failure(
    state: FetchState,
    now: datetime,
    every_seconds: int,
    reason: str,
    *,
    retry_seconds: int | None = None,
    gone: bool = False,
    spread: float = 0.5,
) -> FetchState:
    """Return what to remember of a refresh that failed: the pause doubles with each, up to a day.

    Args:
        retry_seconds: the server asks to wait so long; None when it does not.
        gone: the server says for good; it is asked again only when the reader does.
        spread: a random number from 0 to 1, so that collections that failed together do not come back together.
    """
    failures = state.failures + 1
    wait = max(every_seconds, _FIRST_WAIT_SECONDS) * 2.0 ** min(failures - 1, 12)
    wait = min(wait, DAY_SECONDS) * (0.8 + 0.4 * spread)
    asked_for = min(retry_seconds or 0, DAY_SECONDS)
    # A server that asks for a day or for ten thousand years does not mean it when the reader asks.
    not_before = now + timedelta(seconds=asked_for) if 0 < asked_for < DAY_SECONDS else None
    next_try = now + timedelta(seconds=max(wait, asked_for))
    return replace(
        state,
        failures=failures,
        failure=reason,
        last_attempt=now,
        next_try=None if gone else next_try,
        not_before=not_before,
    )
