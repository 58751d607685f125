"""The verbs: naming articles, marking them, what waits to be saved, marks in and out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import FormatError, NotFoundError, StoreError, UsageError
from newstui.identity import format_id
from newstui.library import Library, LibraryPaths
from newstui.library.exchange import read_mark, read_marks, write_mark
from newstui.model import Mark
from newstui.text import clean_block, clean_line
from tests.cli.conftest import write_record

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[[], Library]]:
    for day in range(1, 6):
        write_record(tmp_path / "news", f"Story {day}", date=f"2024-05-0{day}")
    opened: list[Library] = []

    def open_one() -> Library:
        paths = LibraryPaths(tmp_path / "own/data", tmp_path / "own/cache")
        opened.append(Library.open(paths, locations=[str(tmp_path / "news")], clock=lambda: NOW))
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[[], Library]) -> Library:
    opened = open_library()
    list(opened.refresh())
    return opened


def rows(library: Library) -> list[int]:
    return list(library.find("").rows())


# --- naming articles -----------------------------------------------------------------------------------------


def test_an_article_is_named_by_its_id_a_prefix_of_it_or_its_address(library: Library):
    row = rows(library)[0]
    article = library.article(row)
    assert article is not None and article.urls.web is not None
    id = format_id(article.key)
    for name in (id, id.upper(), id[:8], article.urls.web, article.urls.web + "?utm_source=x", f" {id} "):
        assert library.resolve(name) == [row], name


def test_a_prefix_of_several_articles_is_a_mistake_that_names_them(library: Library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newstui.library.resolve.parse_id", lambda text: (0, 2**64 - 1))
    with pytest.raises(UsageError, match="fits several articles"):
        library.resolve("x")


def test_what_names_nothing_is_not_found(library: Library):
    for name in ("0000000000000", "https://nowhere.example/", "", "%", "no such thing"):
        with pytest.raises(NotFoundError):
            library.resolve(name)


# --- marking -------------------------------------------------------------------------------------------------


def test_each_action_changes_what_it_says(library: Library):
    row = rows(library)[0]
    for action, value in (("read", ""), ("starred", ""), ("tag", "to read"), ("tag", "AI"), ("note", "Look\nagain")):
        assert library.mark([row], action, value).count == 1
        assert library.mark([row], action, value).count == 0
    headline = library.headline(row)
    assert headline is not None
    assert (headline.read, headline.starred, headline.tags, headline.noted) == (True, True, ("to read", "AI"), True)
    assert library.note(row) == "Look\nagain"
    assert library.mark([row], "tag", "TO READ").count == 0
    assert library.mark([row], "untag", "ai").count == 1
    assert library.mark([row], "unread").count == library.mark([row], "unstarred").count == 1
    assert [mark.tags for mark in library.marks()] == [("to read",)]
    assert [change.label for change in library.history()][:3] == ["unstarred", "unread", "untag ai"]


def test_marks_show_at_once_in_every_view(library: Library):
    some = rows(library)[:2]
    listing = library.find("is:unread")
    assert len(listing) == 5
    library.mark(some, "read")
    assert len(library.find("is:unread")) == 3
    assert library.health()[0].unread == 3
    library.undo()
    assert len(library.find("is:unread")) == 5
    library.redo()
    assert len(library.find("is:read")) == 2
    assert [headline.read for headline in library.first_page(3)] == [True, True, False]


def test_own_tags_are_found_by_name(library: Library):
    row = rows(library)[3]
    library.mark([row], "tag", "Später")
    assert list(library.find("tag:spater").rows()) == [row]
    library.mark([row], "untag", "Später")
    assert len(library.find("tag:spater")) == 0


def test_a_tag_needs_a_name(library: Library):
    with pytest.raises(UsageError):
        library.mark(rows(library)[:1], "tag", " \n ")


def test_a_mark_that_cannot_be_saved_waits_and_is_saved_when_it_can_be(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    row = rows(library)[0]
    full = sqlite3.OperationalError("database or disk is full")

    def fails(*unused: object) -> None:
        raise full

    monkeypatch.setattr("newstui.store.history.write", fails)
    for action in ("read", "starred"):
        with pytest.raises(StoreError, match="full") as caught:
            library.mark([row], action)
        assert "tried again" in caught.value.hint
    assert library.pending() == 2
    library.poll()
    assert library.pending() == 2
    assert library.headline(row).read is False  # type: ignore[union-attr]
    monkeypatch.undo()
    assert library.poll()
    assert library.pending() == 0
    headline = library.headline(row)
    assert headline is not None and headline.read and headline.starred


def test_a_dry_run_changes_nothing(library: Library):
    assert library.mark(rows(library), "read", dry_run=True).count == 5
    assert list(library.marks()) == []
    assert library.history() == []


def test_another_session_can_undo(library: Library, open_library: Callable[[], Library]):
    library.mark(rows(library), "read")
    other = open_library()
    undone = other.undo()
    assert undone is not None and undone.count == 5
    assert library.poll()
    library.load()
    assert len(library.find("is:read")) == 0


def test_the_reader_is_told_when_a_store_was_damaged(library: Library, open_library: Callable[[], Library]):
    library.mark(rows(library), "read")
    path = library.paths.data / "marks.db"
    library.close()
    path.write_bytes(b"oh no" * 1000)
    again = open_library()
    assert [notice.path for notice in again.notices()] == [str(next(path.parent.glob("marks.db.damaged-*")))]
    assert len(again.find("is:read")) == 5


def test_collections_are_only_read(library: Library, tmp_path: Path):
    before = {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "news").rglob("*"))}
    library.mark(rows(library), "starred")
    list(library.refresh(force=True))
    assert {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "news").rglob("*"))} == before
    assert sorted(os.listdir(tmp_path)) == ["news", "own"]


# --- marks in and out ----------------------------------------------------------------------------------------


def test_exported_marks_come_back_whole(library: Library, tmp_path: Path):
    some = rows(library)
    library.mark(some[:2], "read")
    library.mark(some[1:3], "starred")
    library.mark(some[:1], "tag", "Später")
    library.mark(some[:1], "note", "two\nlines")
    lines = [write_mark(mark) for mark in library.marks()]
    empty = Library.open(LibraryPaths(tmp_path / "new/data", tmp_path / "new/cache"), clock=lambda: NOW)
    assert empty.import_marks(read_marks(lines)) == 3
    assert list(empty.marks()) == list(library.marks())
    assert empty.import_marks(list(library.marks())) == 0
    empty.close()


texts = st.text(max_size=30)


@given(
    st.builds(
        Mark,
        key=st.integers(-(2**63), 2**63 - 1),
        url=texts.map(clean_line),
        read=st.booleans(),
        starred=st.booleans(),
        tags=st.lists(texts.map(lambda text: clean_line(text, 100)).filter(bool), max_size=3, unique=True).map(tuple),
        note=texts.map(lambda text: clean_block(text).strip()),
    )
)
@settings(derandomize=True)
def test_a_mark_read_back_from_its_line_is_the_same(mark: Mark):
    assert read_mark(write_mark(mark)) == mark


@given(
    st.one_of(st.text(), st.from_type(dict).map(str), st.sampled_from(["{}", "[]", "1", '{"id": 5}', '{"url": []}']))
)
@settings(derandomize=True)
def test_any_line_is_a_mark_or_a_mistake(line: str):
    with suppress(FormatError):
        read_mark(line)


def test_a_mark_may_be_named_by_its_address_alone():
    by_address = read_mark('{"url": "https://daily.example/story-1", "read": true}')
    assert by_address.read and by_address.key == read_mark('{"url": "http://www.daily.example/story-1"}').key


def test_a_mistake_in_marks_names_its_line():
    with pytest.raises(FormatError) as caught:
        list(read_marks(['{"url": "https://daily.example/"}', "", "nonsense"]))
    assert caught.value.line == 3


def test_a_backup_is_restored_by_name(library: Library):
    library.mark(rows(library)[:1], "read")
    (backup,) = library.backups()
    library.mark(rows(library)[1:], "read")
    kept = library.restore_backup(backup)
    assert len(library.find("is:read")) == 1
    assert Path(kept).exists()
