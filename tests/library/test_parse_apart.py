"""Bytes that crash, stall or bloat the parser: one of them is lost, with a reason, and the others are read."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from newstui.errors import SourceError
from newstui.library import Library, LibraryPaths, LibrarySettings, parse_apart
from newstui.library.events import CollectionFailed, CollectionStored
from newstui.library.parse_apart import ParserLostError, ParserProcess
from newstui.library.parse_worker import Page
from newstui.library.transfer import read_import
from newstui.model import Subscription
from tests.serving import serving

SPOILT = (
    "import sys; sys.path[:] = sys.argv[1].split('\\n');"
    "sys.path.append({here!r}); from tests.library.spoilt_parser import main; main()"
)
SIGNS = {
    "CRASH": "its bytes crash the program that reads it",
    "ABORT": "its bytes crash the program that reads it",
    "MEMORY": "reading it takes more memory than it may",
    "SLEEP": "reading it took more than 3 seconds",
}


@pytest.fixture(autouse=True)
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_apart, "START", SPOILT.format(here=str(Path(__file__).parents[2])))


def a_feed(title: str) -> bytes:
    return f"<rss><channel><item><title>{title}</title><link>https://a.example/{title}</link></item></channel></rss>".encode()


async def titles(parser: ParserProcess, title: str) -> list[Any]:
    page = Page._make(await parser.ask("feed", a_feed(title), "p", "https://a.example/", "", 1.8e9, 100))
    return [article[11] for article in page.articles]


def with_parser(work: Callable[[ParserProcess], Awaitable[Any]], seconds: float = 20) -> Any:
    async def run() -> Any:
        parser = ParserProcess(seconds=seconds)
        try:
            return await work(parser)
        finally:
            await parser.close()

    return asyncio.run(run())


@pytest.mark.parametrize("sign", SIGNS)
def test_the_guilty_one_is_lost_and_its_neighbours_are_read(sign: str) -> None:
    async def work(parser: ParserProcess) -> list[Any]:
        asked = [f"a{number}" for number in range(6)] + [sign] + [f"b{number}" for number in range(6)]
        return await asyncio.gather(*(titles(parser, one) for one in asked), return_exceptions=True)

    found = with_parser(work, seconds=3 if sign == "SLEEP" else 20)
    guilty = found.pop(6)
    assert found == [[f"{letter}{number}"] for letter in "ab" for number in range(6)]
    assert isinstance(guilty, ParserLostError)
    assert guilty.reason == SIGNS[sign]


def test_work_without_an_end_is_stopped_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parse_apart,
        "START",
        parse_apart.START.replace(
            "main()", "from newstui.library import parse_worker as w; w.MOST_SECONDS = 0; main()"
        ),
    )

    async def work(parser: ParserProcess) -> list[Any]:
        return await asyncio.gather(titles(parser, "SPIN"), titles(parser, "good"), return_exceptions=True)

    lost, good = with_parser(work)
    assert isinstance(lost, ParserLostError)
    assert "seconds of work" in lost.reason
    assert good == ["good"]


def test_a_mistake_of_our_own_costs_what_it_was_made_with() -> None:
    async def work(parser: ParserProcess) -> list[Any]:
        return await asyncio.gather(titles(parser, "MISTAKE"), titles(parser, "good"), return_exceptions=True)

    mistake, good = with_parser(work)
    assert isinstance(mistake, SourceError)
    assert "RuntimeError" in mistake.reason
    assert good == ["good"]


def test_a_worker_that_was_killed_between_two_orders_costs_nothing() -> None:
    async def work(parser: ParserProcess) -> list[Any]:
        first = await titles(parser, "first")
        assert parser._process is not None
        os.kill(parser._process.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        return [first, await titles(parser, "second")]

    assert with_parser(work) == [["first"], ["second"]]


def test_closing_ends_a_worker_that_is_busy(tmp_path: Path) -> None:
    async def work() -> int:
        parser = ParserProcess()
        asked = asyncio.create_task(titles(parser, "SPIN"))
        while parser._process is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        asked.cancel()
        pid = parser._process.pid
        await parser.close()
        return pid

    pid = asyncio.run(work())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_that_cannot_start_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_apart, "START", "raise SystemExit(1)")

    async def work(parser: ParserProcess) -> list[Any]:
        return await asyncio.gather(*(titles(parser, one) for one in "ab"), return_exceptions=True)

    assert [str(one) for one in with_parser(work)] == ["the program that reads what came could not be started"] * 2


def test_of_many_feeds_those_that_kill_the_parser_are_named_and_the_rest_is_stored(tmp_path: Path) -> None:
    names = ["a", "CRASH", "b", "MEMORY", "c"]
    with serving() as site:
        for name in names:
            site.answers[f"/{name}"] = a_feed(name)
        settings = LibrarySettings(subscriptions=tuple(Subscription(name, site / name) for name in names))
        library = Library.open(LibraryPaths(tmp_path / "data", tmp_path / "cache"), settings)
        events = list(library.refresh())
        failed = {event.name: event.reason for event in events if isinstance(event, CollectionFailed)}
        assert failed == {name: SIGNS[name] for name in ("CRASH", "MEMORY")}
        assert {event.name for event in events if isinstance(event, CollectionStored)} == {"a", "b", "c"}
        assert sorted(str(one.title) for one in library.find("").window(0, 10)) == ["a", "b", "c"]
        health = {one.name: one.failure for one in library.health()}
        assert health["CRASH"] == SIGNS["CRASH"]
        library.close()


def test_a_list_of_subscriptions_that_kills_the_parser_is_an_error(tmp_path: Path) -> None:
    outline = '<opml version="2.0"><body><outline text="Sea"><outline text="{}" xmlUrl="https://a.example/"/></outline></body></opml>'
    (tmp_path / "good.opml").write_text(outline.format("Harbour"))
    (tmp_path / "bad.opml").write_text(outline.format("CRASH"))
    (found,) = read_import(tmp_path / "good.opml").subscriptions
    assert (found.name, found.location, found.group) == ("Harbour", "https://a.example/", "Sea")
    with pytest.raises(ParserLostError, match="crash"):
        read_import(tmp_path / "bad.opml")


def test_a_local_feed_that_kills_the_parser_is_named_and_the_other_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "CRASH", "b"):
        (folder / f"{name}.xml").write_bytes(a_feed(name))
    (folder / "record.md").write_text('---\ntitle: "r"\nwebUrl: "https://a.example/r"\n---\n')
    library = Library.open(LibraryPaths(tmp_path / "data", tmp_path / "cache"), locations=[str(folder)])
    assert [event for event in library.refresh() if isinstance(event, CollectionFailed)] == []
    assert sorted(str(one.title) for one in library.find("").window(0, 10)) == ["a", "b", "r"]
    assert [(one.file, one.severity, one.reason) for one in library.problems()] == [
        ("CRASH.xml", "refused", SIGNS["CRASH"])
    ]
    library.close()
