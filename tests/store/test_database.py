"""One file for many threads: closing is safe whenever it comes, and nothing stays open behind a thread."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newstui.errors import StoreError
from newstui.store.database import Database, transaction

ROWS = 3_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "store.db", lambda connection: None)
    with transaction(opened.connection()) as connection:
        connection.execute("CREATE TABLE thing(number INTEGER PRIMARY KEY, text)")
        connection.executemany("INSERT INTO thing(text) VALUES(?)", [("some words",)] * ROWS)
    yield opened
    opened.close()


def in_threads(count: int, database: Database) -> tuple[list[threading.Thread], list[Exception]]:
    """Start threads that read and write until they are refused; return them, and what ended each."""
    ended: list[Exception] = []

    def work() -> None:
        try:
            while True:
                connection = database.connection()
                for _row in connection.execute("SELECT * FROM thing WHERE text LIKE '%d' OR number % 100 = 1"):
                    pass
                with transaction(connection):
                    connection.execute("UPDATE thing SET text = 'other words' WHERE number = 5")
        except (StoreError, sqlite3.Error) as error:
            ended.append(error.with_traceback(None))

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, ended


@pytest.mark.parametrize("interrupt", [False, True])
def test_closing_in_the_middle_of_the_work_of_other_threads_ends_it_with_an_error(tmp_path: Path, interrupt: bool):
    for turn in range(20):
        path = tmp_path / f"{turn}.db"
        database = Database(path, lambda connection: None)
        database.connection().execute("CREATE TABLE thing(number INTEGER PRIMARY KEY, text)")
        database.connection().executemany("INSERT INTO thing(text) VALUES(?)", [("some words",)] * 300)
        threads, ended = in_threads(4, database)
        threads[0].join(0.002 * turn)
        assert database.close(interrupt=interrupt)
        for thread in threads:
            thread.join(30)
        assert len(ended) == 4
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_transaction_that_is_open_when_the_store_is_closed_leaves_no_trace(database: Database):
    begun, closed = threading.Event(), threading.Event()
    ended: list[Exception] = []

    def work() -> None:
        try:
            with transaction(database.connection()) as connection:
                connection.execute("DELETE FROM thing")
                begun.set()
                closed.wait(30)
                connection.execute("DELETE FROM thing")
        except sqlite3.ProgrammingError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    assert database.close()
    closed.set()
    thread.join(30)
    assert len(ended) == 1
    again = Database(database.path, lambda connection: None)
    assert again.connection().execute("SELECT count(*) FROM thing").fetchone() == (ROWS,)
    again.close()


def test_a_closed_store_is_not_opened_again(database: Database):
    database.close()
    with pytest.raises(StoreError, match="closed"):
        database.connection()


@pytest.mark.skipif(sys.platform != "linux", reason="counts the files this program has open")
def test_the_connections_of_threads_that_have_ended_do_not_stay_open(database: Database):
    before = len(os.listdir("/proc/self/fd"))
    for _turn in range(10):
        thread = threading.Thread(target=lambda: database.connection().execute("SELECT * FROM thing").fetchall())
        thread.start()
        thread.join()
    assert len(os.listdir("/proc/self/fd")) <= before + 2
