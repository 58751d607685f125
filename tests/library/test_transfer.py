"""Files of other readers are recognised by looking, and taken over without their passwords."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newstui.errors import FormatError, SourceError
from newstui.identity import key_of
from newstui.library.exchange import write_mark
from newstui.library.transfer import read_import, write_opml
from newstui.model import Mark, Subscription

OPML = '<opml version="2.0"><body><outline text="{name}" xmlUrl="{address}"/></body></opml>'


def a_newsboat_cache(path: Path, *rows: tuple[str, str, int, int]) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE rss_item (id INTEGER, guid TEXT, url TEXT, unread INTEGER, deleted INTEGER)")
    connection.executemany("INSERT INTO rss_item (guid, url, unread, deleted) VALUES (?,?,?,?)", rows)
    connection.commit()
    connection.close()
    return path


def test_opml_brings_subscriptions_and_passwords_go_apart(tmp_path: Path) -> None:
    file = tmp_path / "list.xml"
    file.write_text(OPML.format(name="A", address="https://me:hunter2@a.example/rss"))
    found = read_import(file)
    assert found.subscriptions == (Subscription("A", "https://a.example/rss"),)
    assert found.credentials["A"].to_header()[1] == "Basic bWU6aHVudGVyMg=="
    assert "hunter2" not in repr(found)


def test_newsboats_list_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "urls").write_text('https://a.example/rss news "~A"\n')
    assert read_import(tmp_path / "urls").subscriptions == (Subscription("A", "https://a.example/rss", group="news"),)


def test_what_newsboat_knows_as_read_is_read_here(tmp_path: Path) -> None:
    cache = a_newsboat_cache(
        tmp_path / "cache.db",
        ("1", "http://www.a.example/read?utm_source=x", 0, 0),
        ("2", "https://a.example/read", 0, 0),
        ("3", "https://a.example/unread", 1, 0),
        ("4", "https://a.example/deleted", 0, 1),
        ("https://a.example/guid", "", 0, 0),
        ("5", "javascript:alert(1)", 0, 0),
    )
    before = cache.read_bytes()
    assert read_import(cache).marks == (
        Mark(key_of("a.example/read"), "a.example/read", read=True),
        Mark(key_of("a.example/guid"), "a.example/guid", read=True),
    )
    assert cache.read_bytes() == before


def test_our_own_marks_come_back(tmp_path: Path) -> None:
    marks = (Mark(key_of("a.example/1"), "a.example/1", read=True), Mark(5, "", starred=True, tags=("x",), note="n"))
    (tmp_path / "marks.jsonl").write_text("".join(write_mark(mark) + "\n" for mark in marks))
    assert read_import(tmp_path / "marks.jsonl").marks == marks


def test_other_files_say_what_they_are_not(tmp_path: Path) -> None:
    for name, data in (("x.txt", b"hello"), ("x.db", b"SQLite format 3\x00" + b"\0" * 100)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises((FormatError, SourceError)):
            read_import(tmp_path / name)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (a)")
    other.commit()
    other.close()
    with pytest.raises(SourceError, match="not a cache of newsboat"):
        read_import(tmp_path / "other.db")
    with pytest.raises(SourceError, match="no such file"):
        read_import(tmp_path / "missing")


def test_what_other_readers_can_use_goes_out_without_passwords() -> None:
    text = write_opml(
        [
            Subscription("A", "https://me:hunter2@a.example/rss"),
            Subscription("Folder", "/home/x/news"),
            Subscription("Repository", "github:a/b"),
        ]
    )
    assert "https://a.example/rss" in text
    assert "hunter2" not in text
    assert "Folder" not in text
    assert "Repository" not in text
