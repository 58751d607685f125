"""While a person reads, remote collections are refreshed by another process, and nothing of it is ever left behind."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths, LibrarySettings, refresh_apart
from newstui.library.events import CollectionFailed, CollectionStored, RefreshEvent
from newstui.model import Subscription
from tests.library.test_parse_apart import SPOILT, a_feed
from tests.serving import Reply, Site, serving, silence

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def a_session(folder: Path, **locations: str) -> Library:
    settings = LibrarySettings(subscriptions=tuple(Subscription(name, where) for name, where in locations.items()))
    library = Library.open(LibraryPaths(folder / "data", folder / "cache"), settings)
    library.begin_session()
    library.load()
    return library


def ends(events: list[RefreshEvent]) -> list[RefreshEvent]:
    return sorted(
        (event for event in events if isinstance(event, CollectionStored | CollectionFailed)), key=lambda e: e.name
    )


def programs(sign: str) -> list[int]:
    """Running processes with this in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if sign.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_until_gone(sign: str) -> None:
    for _ in range(600):
        if not programs(sign):
            return
        time.sleep(0.05)
    raise AssertionError(f"still running: {programs(sign)}")


def spoil(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    """Let the refreshing process start spoilt parsers; both carry a sign in their command line."""
    parser = SPOILT.format(here=str(REPOSITORY)) + f" # {sign}"
    start = refresh_apart._START.replace(
        "from newstui", f"from newstui.library import parse_apart; parse_apart.START = {parser!r}; from newstui", 1
    )
    monkeypatch.setattr(refresh_apart, "_START", start + f" # {sign}")


def test_a_session_fetches_by_another_process_and_sees_what_came(tmp_path: Path, site: Site) -> None:
    site.answers["/good"] = a_feed("good")
    library = a_session(tmp_path, good=site / "good", missing=site / "missing")
    stored, failed = ends(list(library.refresh()))
    assert stored == CollectionStored("good", 1, 0, 0, 0, 0)
    assert isinstance(failed, CollectionFailed)
    assert "nothing at this address" in failed.reason
    assert [one.title for one in library.find("").window(0, 5)] == ["good"]
    site.asked.clear()
    assert ends(list(library.refresh(due_only=True))) == []
    assert site.asked == []
    library.close()


def test_what_kills_the_parser_is_named_there_too(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, "spoilt-for-naming")
    site.answers["/a"], site.answers["/b"] = a_feed("ABORT"), a_feed("b")
    library = a_session(tmp_path, a=site / "a", b=site / "b")
    failed, stored = ends(list(library.refresh()))
    assert isinstance(failed, CollectionFailed)
    assert "crash" in failed.reason
    assert stored == CollectionStored("b", 1, 0, 0, 0, 0)
    library.close()
    wait_until_gone("spoilt-for-naming")


def test_a_refresh_that_dies_is_a_failure_and_no_exception(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh_apart, "_START", "raise SystemExit(3)")
    library = a_session(tmp_path, good=site / "good")
    (failed,) = ends(list(library.refresh()))
    assert isinstance(failed, CollectionFailed)
    assert "ended early" in library.health()[0].failure
    library.close()


def test_stopping_ends_all_its_processes_at_once(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, "spoilt-for-stopping")
    came = threading.Event()

    def answer(_: object) -> Reply:
        came.set()
        return Reply(a_feed("SPIN"))

    site.answers["/a"] = answer
    library = a_session(tmp_path, a=site / "a")

    stopped = threading.Event()

    def is_cancelled() -> bool:
        if came.is_set() and len(programs("spoilt-for-stopping")) > 1:
            stopped.set()
        return stopped.is_set()

    assert ends(list(library.refresh(is_cancelled=is_cancelled))) == []
    wait_until_gone("spoilt-for-stopping")
    library.close()


def test_a_reader_that_is_killed_takes_its_refresh_along(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from newstui.library import Library, LibraryPaths, LibrarySettings, refresh_apart
from newstui.model import Subscription
refresh_apart._START += " # orphan-of-a-test"
folder = Path({str(tmp_path)!r})
settings = LibrarySettings(subscriptions=(Subscription("silent", sys.argv[1]),))
library = Library.open(LibraryPaths(folder / "data", folder / "cache"), settings)
library.begin_session()
list(library.refresh())
"""
    with silence() as address:
        reader = subprocess.Popen([sys.executable, "-c", program, address])
        for _ in range(400):
            if programs("orphan-of-a-test"):
                break
            time.sleep(0.05)
        assert programs("orphan-of-a-test")
        time.sleep(1.0)
        reader.kill()
        reader.wait()
        wait_until_gone("orphan-of-a-test")


@pytest.mark.parametrize("is_sample", [True, False])
def test_what_was_subscribed_while_reading_is_fetched_there_too(tmp_path: Path, site: Site, is_sample: bool) -> None:
    site.answers["/old"], site.answers["/new"] = a_feed("old"), a_feed("new")
    if is_sample:  # a location named instead of subscriptions
        (tmp_path / "sample").mkdir()
        library = Library.open(
            LibraryPaths(tmp_path / "data", tmp_path / "cache"), locations=[str(tmp_path / "sample")]
        )
        library.begin_session()
        library.load()
    else:
        library = a_session(tmp_path, old=site / "old")
    library.subscribe(Subscription("new", site / "new"))
    assert ends(list(library.refresh(["new"], force=True))) == [CollectionStored("new", 1, 0, 0, 0, 0)]
    assert [one.title for one in library.find("").window(0, 5)] == ["new"]
    assert [state.articles for state in library.health()] == [0, 1]
    library.close()
