"""When a remote collection is asked again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.library.remote_schedule import is_due, plan_failure, plan_success
from newstui.store.fetch_state import FetchState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HALF_HOUR = 1_800
NEW = FetchState("https://feed.example/")


def succeeded(state: FetchState, at: datetime, **told: int | None) -> FetchState:
    return plan_success(state, at, HALF_HOUR, kind="rss", address="", title="T", pages=(), **told)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_collection_that_was_never_tried_is_due() -> None:
    assert is_due(NEW, NOON)


def test_after_a_success_it_is_due_again_after_its_interval() -> None:
    state = succeeded(NEW, NOON)
    assert not is_due(state, after(HALF_HOUR - 1))
    assert is_due(state, after(HALF_HOUR))
    assert is_due(state, after(1), asked=True)


def test_a_server_may_ask_for_longer_pauses_up_to_a_day_and_not_for_shorter_ones() -> None:
    assert succeeded(NEW, NOON, fresh_seconds=7_200).next_try == after(7_200)
    assert succeeded(NEW, NOON, fresh_seconds=10).next_try == after(HALF_HOUR)
    assert succeeded(NEW, NOON, fresh_seconds=10**9).next_try == after(86_400)


def test_the_pause_doubles_with_each_failure_up_to_a_day() -> None:
    state, pauses = NEW, []
    for _ in range(9):
        state = plan_failure(state, NOON, HALF_HOUR, "busy")
        assert state.next_try is not None
        pauses.append((state.next_try - NOON).total_seconds())
    assert pauses == [1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 86_400, 86_400]
    assert state.failures == 9


def test_a_success_forgets_the_failures_and_a_failure_keeps_the_last_success() -> None:
    good = succeeded(NEW, NOON)
    bad = plan_failure(good, after(HALF_HOUR), HALF_HOUR, "it did not answer")
    assert (bad.last_success, bad.failure, bad.failures) == (NOON, "it did not answer", 1)
    assert (bad.kind, bad.title) == ("rss", "T")
    again = succeeded(bad, after(HALF_HOUR * 3))
    assert (again.failures, again.failure, again.not_before) == (0, "", None)


def test_failures_of_one_moment_do_not_come_back_in_one_moment() -> None:
    tries = {plan_failure(NEW, NOON, HALF_HOUR, "x", spread=dice / 10).next_try for dice in range(11)}
    assert len(tries) == 11
    assert max(tries) - min(tries) < timedelta(seconds=HALF_HOUR)  # type: ignore[type-var, operator]


def test_what_a_server_asks_counts_also_when_everything_is_refreshed_by_hand() -> None:
    state = plan_failure(NEW, NOON, HALF_HOUR, "too many requests", retry_seconds=7_200)
    assert not is_due(state, after(7_199))
    assert not is_due(state, after(7_199), asked=True)
    assert is_due(state, after(7_199), insisted=True)
    assert is_due(state, after(7_200))


def test_a_server_cannot_ask_for_more_than_a_day_and_the_reader_need_not_wait_that_long() -> None:
    state = plan_failure(NEW, NOON, HALF_HOUR, "too many requests", retry_seconds=10**12)
    assert not is_due(state, after(86_399))
    assert is_due(state, after(86_400))
    assert is_due(state, after(1), asked=True)


def test_what_is_gone_for_good_is_asked_only_when_the_reader_wants_it() -> None:
    state = plan_failure(NEW, NOON, HALF_HOUR, "gone", gone=True)
    assert state.next_try is None
    assert not is_due(state, after(86_400 * 365))
    assert is_due(state, after(1), asked=True)


@given(st.integers(60, 7_200), st.sampled_from([None, 0, 30, 3_600]), st.integers(0, 1_000))
@settings(derandomize=True, max_examples=60)
def test_a_failing_collection_is_asked_less_than_sixty_times_a_week(every: int, retry: int | None, seed: int) -> None:
    dice, state, now, requests = random.Random(seed), NEW, NOON, 0
    while now < NOON + timedelta(days=7):
        if is_due(state, now):
            requests += 1
            state = plan_failure(state, now, every, "x", retry_seconds=retry, spread=dice.random())
        now += timedelta(seconds=300)
    assert 6 < requests < 60
