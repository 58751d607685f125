"""Refreshing a folder: what is new comes in, what is not stays untouched, and nothing a reader did is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.library.events import (
    CollectionFailed,
    CollectionProgress,
    CollectionStarted,
    CollectionStored,
)
from newstui.library.library import Limits
from newstui.model import Subscription
from tests.cli.conftest import write_record


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2024, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    for day in range(1, 6):
        age(write_record(folder, f"Story {day}", date=f"2024-05-0{day}"))
    return folder


def age(path: Path) -> Path:
    """Make a file old enough for its time stamp to be trusted."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


Open = Callable[..., Library]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Open]:
    opened: list[Library] = []

    def open_one(*locations: Path | str, **settings: object) -> Library:
        library = Library.open(
            LibraryPaths(tmp_path / "own/data", tmp_path / "own/cache"),
            LibrarySettings(**settings),  # type: ignore[arg-type]
            locations=[str(location) for location in locations],
            clock=Clock(),
        )
        opened.append(library)
        return library

    yield open_one
    for library in opened:
        library.close()


def refresh(library: Library, **options: object) -> CollectionStored:
    *_, last = library.refresh(**options)  # type: ignore[arg-type]
    assert isinstance(last, CollectionStored), last
    return last


def titles(library: Library) -> list[str]:
    return [headline.title for headline in library.headlines(library.find("").rows())]


def writes(library: Library) -> int:
    """A number that changes when articles are written."""
    return library.catalog.version


# --- first time ----------------------------------------------------------------------------------------------


def test_a_folder_comes_in_newest_first(open_library: Open, folder: Path):
    library = open_library(folder)
    events = list(library.refresh())
    assert events[0] == CollectionStarted("news", "folder", 5)
    assert events[-1] == CollectionStored("news", 5, 0, 0, 0, 0)
    assert all(isinstance(event, CollectionProgress) for event in events[1:-1])
    assert [headline.title for headline in library.first_page(2)] == ["Story 5", "Story 4"]
    assert titles(library) == [f"Story {day}" for day in (5, 4, 3, 2, 1)]
    assert list(library.catalog.rowids) == [library.catalog.rowids[0] - place for place in range(5)]


def test_an_article_knows_everything_its_record_says(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    article = library.article(library.find("title:3").rows()[0])
    assert article is not None
    assert (article.title, article.collection, article.path) == ("Story 3", "news", "2024-05-03-story-3.md")
    assert article.urls.web == "https://daily.example/story-3"
    assert (article.provider.name, article.topics, article.quality) == ("The Daily", ("Space",), 50)


def test_the_cache_can_be_deleted_and_costs_nothing_but_time(open_library: Open, folder: Path, tmp_path: Path):
    library = open_library(folder)
    refresh(library)
    library.mark(library.find("").rows()[:2], "starred")
    library.close()
    for path in (tmp_path / "own/cache").rglob("*.db*"):
        path.unlink()
    library = open_library(folder)
    assert refresh(library).added == 5
    assert len(library.find("is:starred")) == 2


# --- again ---------------------------------------------------------------------------------------------------


def test_an_unchanged_folder_writes_nothing(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    before = writes(library)
    assert refresh(library) == CollectionStored("news", 0, 0, 0, 5, 0)
    assert writes(library) == before


def test_a_touched_file_and_one_whose_secret_part_changed_write_no_article(open_library: Open, folder: Path):
    secret = age(write_record(folder, "Secret", date="2024-04-01"))
    text = secret.read_text()
    secret.write_text(text.replace("---\n", "---\nsecured: AAAA;BBBB\n", 1))
    age(secret)
    library = open_library(folder)
    refresh(library)
    before = writes(library)
    os.utime(folder / "2024-05-01-story-1.md", (1_700_000_009, 1_700_000_009))
    secret.write_text(text.replace("---\n", "---\nsecured: CCCC;DDDDDD\n", 1))
    age(secret)
    assert refresh(library) == CollectionStored("news", 0, 0, 0, 6, 0)
    assert writes(library) == before
    assert next(iter(library.refresh())) == CollectionStarted("news", "folder", 0)


def test_changed_new_renamed_and_deleted_files_are_noticed_and_marks_stay(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    library.mark(library.find("").rows(), "starred")
    row_of = {headline.title: headline.row for headline in library.headlines(library.find("").rows())}
    first = folder / "2024-05-01-story-1.md"
    first.write_text(first.read_text().replace("Story 1", "Story one"))
    (folder / "sub").mkdir()
    (folder / "2024-05-02-story-2.md").rename(folder / "sub/renamed.md")
    (folder / "2024-05-03-story-3.md").unlink()
    write_record(folder, "Story 6", date="2024-05-06")
    assert refresh(library) == CollectionStored("news", 1, 1, 1, 3, 0)
    assert titles(library) == ["Story 6", "Story 5", "Story 4", "Story 2", "Story one"]
    moved = library.article(row_of["Story 2"])
    assert moved is not None and moved.path == "sub/renamed.md"
    assert library.headline(row_of["Story 1"]) is not None
    assert [library.headlines(library.find("").rows())[place].starred for place in range(5)] == [False] + [True] * 4
    write_record(folder, "Story 3", date="2024-05-03")
    refresh(library)
    assert len(library.find("is:starred")) == 5


def test_a_record_whose_address_changes_keeps_its_marks(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    library.mark(library.find("title:4").rows(), "starred")
    path = folder / "2024-05-04-story-4.md"
    path.write_text(path.read_text().replace("daily.example/story-4", "daily.example/corrected"))
    refresh(library)
    article = library.article(library.find("is:starred").rows()[0])
    assert article is not None and article.urls.web == "https://daily.example/corrected"


def test_search_finds_the_new_words_of_a_changed_article_and_not_the_old(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    path = folder / "2024-05-04-story-4.md"
    path.write_text(path.read_text().replace("Story 4", "Zeppelins over Zürich"))
    refresh(library)
    assert len(library.find("zeppelin zurich")) == 1
    assert len(library.find("story")) == 4
    path.unlink()
    refresh(library)
    assert len(library.find("zeppelin")) == 0


def test_forcing_reads_everything_again_and_finds_nothing_new(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    events = list(library.refresh(force=True))
    assert events[0] == CollectionStarted("news", "folder", 5)
    assert events[-1] == CollectionStored("news", 0, 0, 0, 5, 0)


def test_a_refresh_that_is_cancelled_keeps_what_it_read_and_goes_on_later(
    open_library: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("newstui.library.refresh.FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr("newstui.library.refresh.BATCH_SECONDS", 0)
    library = open_library(folder)
    seen: list[object] = []
    for event in library.refresh(is_cancelled=lambda: len(seen) >= 2):
        seen.append(event)
    assert isinstance(seen[-1], CollectionFailed) and "cancelled" in seen[-1].reason
    assert 0 < len(library.find("")) < 5
    assert refresh(library).added == 5 - len(seen[1:-1])
    assert titles(library) == [f"Story {day}" for day in (5, 4, 3, 2, 1)]


def test_articles_that_arrive_later_have_higher_rows(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    highest = library.catalog.rowids[0]
    write_record(folder, "An old story found late", date="2019-01-01")
    refresh(library)
    assert library.catalog.rowids[0] > highest
    assert titles(library)[-1] == "An old story found late"


# --- trouble -------------------------------------------------------------------------------------------------


def test_a_bad_file_costs_itself_and_is_named(open_library: Open, folder: Path):
    (folder / "cut.md").write_text('---\ntitle: "never')
    (folder / "README.md").write_text("# About\n")
    (folder / "notes.md").write_text("Just some words.\n")
    (folder / "page.html").write_text("<html></html>")
    library = open_library(folder)
    assert refresh(library) == CollectionStored("news", 5, 0, 0, 0, 2)
    assert [(problem.file, problem.severity) for problem in library.problems()] == [
        ("cut.md", "refused"),
        ("notes.md", "refused"),
    ]
    assert refresh(library).problems == 2
    (folder / "cut.md").unlink()
    write_record(folder, "notes", date="2024-01-01").rename(folder / "notes.md")
    assert refresh(library) == CollectionStored("news", 1, 0, 0, 5, 0)


def test_prose_in_a_folder_without_records_is_none_of_our_business(open_library: Open, folder: Path):
    (folder / "docs").mkdir()
    (folder / "docs/howto.md").write_text("# How to\n")
    library = open_library(folder)
    assert refresh(library).problems == 0
    write_record(folder / "docs", "A record").rename(folder / "docs/record.md")
    refresh(library, force=True)
    assert [problem.file for problem in library.problems()] == ["docs/howto.md"]


def test_a_file_that_breaks_keeps_its_article_and_is_named(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    (folder / "2024-05-02-story-2.md").write_text('---\ntitle: "cut')
    assert refresh(library).removed == 0
    assert "Story 2" in titles(library)
    assert [problem.file for problem in library.problems()] == ["2024-05-02-story-2.md"]


def test_a_folder_that_disappears_or_is_empty_keeps_its_articles_and_says_why(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    folder.rename(folder.with_name("away"))
    *_, failed = library.refresh()
    assert isinstance(failed, CollectionFailed)
    assert len(library.find("")) == 5
    assert library.health()[0].failure == failed.reason != ""
    folder.mkdir()
    *_, failed = library.refresh()
    assert isinstance(failed, CollectionFailed) and "kept" in failed.reason
    folder.rmdir()
    folder.with_name("away").rename(folder)
    refresh(library)
    assert library.health()[0].failure == ""


def test_one_failing_collection_does_not_keep_the_others_from_coming_in(
    open_library: Open, folder: Path, tmp_path: Path
):
    library = open_library(tmp_path / "nowhere", folder)
    events = list(library.refresh())
    assert isinstance(events[0], CollectionFailed) and events[0].name == "nowhere"
    assert isinstance(events[-1], CollectionStored) and events[-1].name == "news"


def test_limits_are_held_and_named(open_library: Open, folder: Path):
    (folder / "long.md").write_text("---\ntitle: x\n---\n" + "word " * 1000)
    library = open_library(folder, limits=Limits(record_bytes=1000))
    refresh(library)
    assert [(problem.file, problem.reason[:23]) for problem in library.problems()] == [
        ("long.md", "larger than 1,000 bytes")
    ]


# --- subscriptions -------------------------------------------------------------------------------------------


def test_two_collections_share_marks_of_the_same_article(open_library: Open, folder: Path, tmp_path: Path):
    write_record(tmp_path / "other", "Story 1", date="2024-05-01")
    library = open_library(
        subscriptions=(Subscription("one", str(folder)), Subscription("two", str(tmp_path / "other")))
    )
    list(library.refresh())
    first, second = library.find("title:1").rows()
    assert library.mark([first], "read").count == 1
    assert [library.headline(row).read for row in (first, second)] == [True, True]  # type: ignore[union-attr]
    assert {health.name: health.unread for health in library.health()} == {"one": 4, "two": 0}


def test_unsubscribing_takes_articles_out_and_leaves_marks(open_library: Open, folder: Path, tmp_path: Path):
    write_record(tmp_path / "other", "Other")
    both = (Subscription("one", str(folder)), Subscription("two", str(tmp_path / "other")))
    library = open_library(subscriptions=both)
    list(library.refresh())
    library.mark(library.find("collection:one").rows(), "starred")
    library.close()
    library = open_library(subscriptions=both[1:])
    assert titles(library) == ["Other"]
    assert len(list(library.marks())) == 5
    library.close()
    library = open_library(subscriptions=both)
    list(library.refresh(["one"]))
    assert len(library.find("is:starred collection:one")) == 5


def test_a_renamed_subscription_keeps_its_articles(open_library: Open, folder: Path):
    library = open_library(subscriptions=(Subscription("one", str(folder)),))
    list(library.refresh())
    library.close()
    library = open_library(subscriptions=(Subscription("uno", str(folder), group="local"),))
    assert len(library.find("collection:uno")) == 5
    assert [(health.name, health.group, health.articles) for health in library.health()] == [("uno", "local", 5)]


def test_a_collection_can_be_subscribed_while_the_library_is_open(open_library: Open, folder: Path):
    library = open_library(subscriptions=())
    found = library.recognise(str(folder))
    assert (found.kind, found.records, found.is_whole) == ("folder", 5, True)
    assert not library.recognise(str(folder), is_cancelled=lambda: True).is_whole
    library.subscribe(Subscription("late", str(folder)))
    refresh(library, names=["late"])
    assert len(library.find("collection:late")) == 5
    assert library.collections == ("late",)


def test_locations_named_instead_of_subscriptions_leave_those_alone(open_library: Open, folder: Path, tmp_path: Path):
    subscribed = open_library(subscriptions=(Subscription("one", str(folder)),))
    list(subscribed.refresh())
    write_record(tmp_path / "other", "Other")
    named = open_library(tmp_path / "other", subscriptions=(Subscription("one", str(folder)),))
    refresh(named)
    assert titles(named) == ["Other"]
    assert len(subscribed.find("")) == 5


def test_articles_new_since_the_last_session_are_told(open_library: Open, folder: Path):
    library = open_library(folder)
    library.begin_session()
    refresh(library)
    assert len(library.find("is:new")) == 5
    assert not any(headline.new for headline in library.first_page(100))
    library.close()
    library = open_library(folder)
    write_record(folder, "Fresh", date="2024-05-09")
    refresh(library)
    assert [headline.title for headline in library.headlines(library.find("is:new").rows())] == ["Fresh"]
    assert [headline.title for headline in library.first_page(100) if headline.new] == ["Fresh"]


def test_after_a_session_that_was_killed_what_it_fetched_is_still_new(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    killed = open_library(folder)
    killed.begin_session()
    write_record(folder, "Fresh", date="2024-05-09")
    refresh(killed)
    library = open_library(folder)
    assert [headline.title for headline in library.headlines(library.find("is:new").rows())] == ["Fresh"]


def test_after_a_first_session_that_was_killed_everything_is_new(open_library: Open, folder: Path):
    killed = open_library(folder)
    killed.begin_session()
    refresh(killed)
    assert len(open_library(folder).find("is:new")) == 5


def test_another_program_sees_what_was_refreshed_and_marked(open_library: Open, folder: Path):
    library, other = open_library(folder), open_library(folder)
    refresh(library)
    assert other.poll()
    other.load()
    assert len(other.find("")) == 5
    assert not other.poll()
    library.mark(library.find("").rows(), "read")
    assert other.poll()
    other.load()
    assert len(other.find("is:read")) == 5


def test_a_site_whose_description_changes_is_read_again(open_library: Open, tmp_path: Path):
    site = tmp_path / "site"
    age(write_record(site / "_news", "Story"))
    (site / "_config.yml").write_text("title: My site\n")
    library = open_library(site)
    refresh(library)
    assert library.health()[0].name == "My site"
    topics = site / "_data/topics"
    topics.mkdir(parents=True)
    (topics / "00-space.yaml").write_text("_id: space\nname: Space\n")
    refresh(library)
    assert [topic.name for topic in library.topics()] == ["Space"]


def test_the_clock_may_stand_in_the_past(open_library: Open, folder: Path):
    library = open_library(folder)
    refresh(library)
    library._clock.now -= timedelta(days=365)  # type: ignore[attr-defined]
    write_record(folder, "Later", date="2024-05-09")
    assert refresh(library).added == 1


def test_programs_that_read_a_collection_for_the_first_time_at_once_read_it_once(
    open_library: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("newstui.library.refresh.FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr("newstui.library.refresh.BATCH_SECONDS", 0)
    library, other = open_library(folder), open_library(folder)
    for ours, theirs in zip(library.refresh(), other.refresh(), strict=False):
        assert not isinstance(ours, CollectionFailed) and not isinstance(theirs, CollectionFailed)
    library.load()
    assert titles(library) == [f"Story {day}" for day in (5, 4, 3, 2, 1)]
    assert refresh(other).unchanged == 5
    assert other.health()[0].articles == 5


def test_while_a_person_reads_a_big_collection_is_read_by_another_process(
    open_library: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("newstui.library.refresh.FEWEST_FILES_APART", 5)
    monkeypatch.setattr("newstui.library.refresh.ingest_file", None)  # this process reads nothing
    library = open_library(folder)
    library.begin_session()
    library.load()
    assert refresh(library).added == 5
    assert titles(library) == [f"Story {day}" for day in (5, 4, 3, 2, 1)]
    looks = iter([False])
    *_, failed = library.refresh(force=True, is_cancelled=lambda: next(looks, True))
    assert isinstance(failed, CollectionFailed) and "cancelled" in failed.reason


def test_while_a_person_reads_whether_a_big_collection_changed_is_seen_by_another_process(
    open_library: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    library = open_library(folder)
    assert refresh(library).added == 5
    library.begin_session()
    monkeypatch.setattr("newstui.library.refresh.FEWEST_FILES_LOOKED_AT_APART", 5)
    monkeypatch.setattr("newstui.sources.folder_walk.signatures_of", None)  # this process looks at nothing
    assert refresh(library).unchanged == 5
    write_record(folder, "Later", date="2024-05-09")
    assert refresh(library).added == 1


def test_a_reading_process_that_dies_is_a_failed_refresh(
    open_library: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("newstui.library.refresh.FEWEST_FILES_APART", 5)
    monkeypatch.setattr("newstui.library.refresh_apart._START", "raise SystemExit(3)")
    library = open_library(folder)
    library.begin_session()
    *_, failed = library.refresh()
    assert isinstance(failed, CollectionFailed)
    assert "ended early" in library.health()[0].failure
