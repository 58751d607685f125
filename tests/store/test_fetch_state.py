"""What is remembered between fetches comes back as it was saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newstui.store import fetch_state
from newstui.store.fetch_state import FetchState, PageState

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STATE = FetchState(
    "https://feed.example/rss", "api", "https://feed.example/api/", "A feed", 3, "it did not answer", AT, AT, AT, AT,
    (PageState("https://feed.example/1", '"a"', "Mon", -5, "https://feed.example/2", (1, -2, 3)), PageState("2")),
)  # fmt: skip


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(fetch_state.DDL)
    yield connection
    connection.close()


def test_a_state_comes_back_as_it_was_saved(connection: sqlite3.Connection) -> None:
    fetch_state.save(connection, STATE)
    assert fetch_state.load(connection, STATE.location) == STATE
    assert fetch_state.load_all(connection) == {STATE.location: STATE}


def test_saving_again_replaces_pages_too(connection: sqlite3.Connection) -> None:
    fetch_state.save(connection, STATE)
    shorter = replace(STATE, pages=STATE.pages[:1], next_try=None, not_before=None)
    fetch_state.save(connection, shorter)
    assert fetch_state.load(connection, STATE.location) == shorter


def test_nothing_known_is_a_blank_state(connection: sqlite3.Connection) -> None:
    fetch_state.save(connection, STATE)
    fetch_state.forget(connection, STATE.location)
    assert fetch_state.load(connection, STATE.location) == FetchState(STATE.location)
    assert fetch_state.load_all(connection) == {}


def test_a_damaged_list_of_keys_is_read_as_far_as_it_goes(connection: sqlite3.Connection) -> None:
    fetch_state.save(connection, STATE)
    connection.execute("UPDATE fetch_page SET keys = ? WHERE number = 0", (b"\1" + b"\0" * 7 + b"cut",))
    assert fetch_state.load(connection, STATE.location).pages[0].keys == (1,)
