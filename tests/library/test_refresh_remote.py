"""Remote collections through the whole library: stored, kept when they fail, told apart, left alone when they ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.library.events import CollectionFailed, CollectionStored, RefreshEvent
from newstui.model import Subscription
from newstui.store import word_sets
from tests.serving import Reply, Site, serving

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_feed(*titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title><link>https://a.example/{title}</link></item>" for title in titles)
    return (
        f'<rss version="2.0"><channel><title>F</title><link>https://a.example/</link>{items}</channel></rss>'.encode()
    )


def a_page(following: str, *records: tuple[str, str, str]) -> bytes:
    """Records are (path, title, address)."""
    items = ",".join(
        f'{{"path": "_news/{path}.md", "title": "{title}", "webUrl": "https://a.example/{address}"}}'
        for path, title, address in records
    )
    return f'{{"page": 1, "value": [{items}], "nextPage": {following}}}'.encode()


class Desk:
    """A library with one remote collection, and a clock that the test moves."""

    def __init__(self, folder: Path, location: str) -> None:
        self.now = NOON
        settings = LibrarySettings(subscriptions=(Subscription("it", location),))
        self.library = Library.open(LibraryPaths(folder / "data", folder / "cache"), settings, clock=lambda: self.now)

    def refresh(self, **how: bool) -> list[RefreshEvent]:
        return list(self.library.refresh(**how))

    def titles(self) -> list[str]:
        self.library.load()
        listing = self.library.find("")
        return sorted(headline.title for headline in listing.window(0, len(listing)))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def feed(site: Site, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, site / "feed")
    yield desk
    desk.library.close()


@pytest.fixture
def api(site: Site, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, site / "api/index.json")
    yield desk
    desk.library.close()


def ends(events: list[RefreshEvent]) -> list[RefreshEvent]:
    return [event for event in events if isinstance(event, CollectionStored | CollectionFailed)]


def test_what_a_feed_does_not_hold_any_more_stays(feed: Desk, site: Site) -> None:
    site.answers["/feed"] = a_feed("one", "two")
    assert ends(feed.refresh()) == [CollectionStored("it", 2, 0, 0, 0, 0)]
    site.answers["/feed"] = a_feed("two", "three")
    assert ends(feed.refresh()) == [CollectionStored("it", 1, 0, 0, 1, 0)]
    assert feed.titles() == ["one", "three", "two"]


def test_what_an_api_does_not_hold_any_more_goes(api: Desk, site: Site) -> None:
    site.answers["/api/index.json"] = a_page("2", ("1", "one", "1"), ("2", "two", "2"))
    site.answers["/api/page/2/index.json"] = a_page("null", ("3", "three", "3"))
    api.refresh()
    assert api.titles() == ["one", "three", "two"]
    site.answers["/api/index.json"] = a_page("2", ("2", "Two", "2"))
    assert ends(api.refresh()) == [CollectionStored("it", 0, 1, 1, 0, 0)]
    assert api.titles() == ["Two", "three"]


def test_two_records_with_one_address_stay_two(api: Desk, site: Site) -> None:
    site.answers["/api/index.json"] = a_page("2", ("1", "one", "same"), ("2", "two", "same"))
    site.answers["/api/page/2/index.json"] = a_page("null", ("3", "three", "same"))
    assert ends(api.refresh()) == [CollectionStored("it", 3, 0, 0, 0, 0)]
    assert api.titles() == ["one", "three", "two"]
    site.answers["/api/page/2/index.json"] = a_page("null", ("4", "four", "same"))
    api.refresh()
    assert api.titles() == ["four", "one", "two"]


def test_a_failure_keeps_the_articles_and_is_told_with_the_next_try(feed: Desk, site: Site) -> None:
    site.answers["/feed"] = a_feed("one")
    feed.refresh()
    site.answers["/feed"] = Reply(status=500)
    feed.now += timedelta(hours=1)
    (failed,) = ends(feed.refresh())
    assert isinstance(failed, CollectionFailed)
    assert "has a fault" in failed.reason
    assert failed.next_try > f"{feed.now:%Y-%m-%dT%H:%M:%SZ}"
    assert feed.titles() == ["one"]
    (health,) = feed.library.health()
    assert (health.failure, health.last_success, health.kind) == (failed.reason, NOON, "rss")
    assert health.next_try is not None


def test_a_collection_is_fetched_by_itself_only_when_it_is_due(feed: Desk, site: Site) -> None:
    site.answers["/feed"] = a_feed("one")
    feed.refresh()
    assert feed.refresh(due_only=True) == []
    feed.now += timedelta(hours=1)
    assert ends(feed.refresh(due_only=True)) == [CollectionStored("it", 0, 0, 0, 0, 0)]
    assert len(site.asked) == 2


def test_a_server_that_asks_to_be_left_alone_is_and_that_is_told(feed: Desk, site: Site) -> None:
    site.answers["/feed"] = Reply(status=503, headers={"Retry-After": "120"})
    feed.refresh()
    (failed,) = ends(feed.refresh())
    assert isinstance(failed, CollectionFailed)
    assert "left alone until then" in failed.reason
    assert failed.next_try == "2026-01-01T12:02:00Z"
    assert len(site.asked) == 1
    feed.now += timedelta(minutes=2)
    site.answers["/feed"] = a_feed("one")
    assert ends(feed.refresh()) == [CollectionStored("it", 1, 0, 0, 0, 0)]


def test_an_interrupted_first_walk_is_taken_up_without_doubles(api: Desk, site: Site) -> None:
    site.answers["/api/index.json"] = a_page("2", ("1", "one", "1"))
    site.answers["/api/page/2/index.json"] = Reply(status=500)
    assert isinstance(ends(api.refresh())[0], CollectionFailed)
    assert api.titles() == ["one"]
    site.answers["/api/page/2/index.json"] = a_page("null", ("2", "two", "2"))
    api.refresh()
    assert api.titles() == ["one", "two"]


def test_frequent_words_are_kept_after_much_was_fetched(
    site: Site, feed: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(word_sets, "FEWEST_TO_KEEP_WORDS", 20)
    monkeypatch.setattr(word_sets, "FEWEST_TO_MAKE", 10)

    def kept() -> set[str]:
        with closing(sqlite3.connect(next((tmp_path / "cache").rglob("*.db")))) as connection:
            return {expression for (expression,) in connection.execute("SELECT expression FROM word_set")}

    site.answers["/feed"] = a_feed(*(f"tide{number}" for number in range(9)))
    feed.refresh()
    assert not kept()
    site.answers["/feed"] = a_feed(*(f"tide{number}" for number in range(40)))
    feed.refresh()
    assert '"tide"*' in kept()
