"""Feeds that misbehave in every way we know: no crash, no hang, no leaked secret, every good one read, every bad one explained."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from newstui.library.remote import (
    Credential,
    RemoteBatch,
    RemoteDone,
    RemoteFailed,
    RemoteJob,
    RemoteSettings,
    refresh_remote,
)
from newstui.store.fetch_state import FetchState

FEEDS, ITEMS = 120, 5
READ_ANYWAY = {"charset-wild", "cookie-flood", "to-other"}
"""Odd, but the feed is there."""
READ_IN_PART = {"half-feed", "length-short"}
SETTINGS = RemoteSettings(timeout_seconds=1.5, patience_seconds=0.3)


@dataclass
class Faults:
    """The server that misbehaves."""

    base: str
    kinds: dict[str, str]
    """Kind of fault by the number of the feed."""

    def stats(self) -> dict[str, Any]:
        with urlopen(f"{self.base}/stats") as answer:
            return json.load(answer)  # type: ignore[no-any-return]

    def heal(self) -> None:
        urlopen(Request(f"{self.base}/heal", method="POST")).close()


@pytest.fixture
def faults(shared: Path, tmp_path: Path) -> Iterator[Faults]:
    plan = tmp_path / "plan.json"
    command = [sys.executable, str(shared / "hostile" / "fault_server.py"), "--feeds", str(FEEDS), "--bad", "0.7"]
    with subprocess.Popen(
        [*command, "--items", str(ITEMS), "--plan", str(plan)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        yield Faults(base, json.loads(plan.read_text())["feeds"])
        server.kill()


@pytest.mark.shared
def test_good_feeds_are_read_and_bad_ones_explained(faults: Faults) -> None:
    states: dict[str, FetchState] = {}
    problems: dict[str, int] = {}
    articles: dict[str, int] = {}
    reasons: dict[str, str] = {}
    order: list[str] = []

    def refresh() -> None:
        for store in (problems, articles, reasons, order):
            store.clear()
        jobs = [
            RemoteJob(
                str(number), f"{faults.base}/feed/{number}.xml",
                states.get(str(number), FetchState(f"{faults.base}/feed/{number}.xml")),
                credential=Credential(user="me", password="hunter2"),
            )
            for number in range(FEEDS)
        ]  # fmt: skip
        for event in refresh_remote(jobs, settings=SETTINGS, now=lambda: datetime.now(UTC)):
            if isinstance(event, RemoteBatch):
                articles[event.name] = len(event.articles)
                problems[event.name] = len(event.problems)
            elif isinstance(event, RemoteDone | RemoteFailed):
                states[event.name] = event.state
                order.append(event.name)
                if isinstance(event, RemoteFailed):
                    reasons[event.name] = event.reason

    refresh()
    assert len(set(faults.kinds.values())) > 25
    assert sorted(order) == sorted(map(str, range(FEEDS)))
    for number in map(str, range(FEEDS)):
        kind = faults.kinds.get(number, "good")
        if kind == "good" or kind in READ_ANYWAY:
            assert articles.get(number) == ITEMS, kind
        elif kind in READ_IN_PART:
            assert articles.get(number, 0) > 0, kind
            assert problems[number], kind
        else:
            assert reasons.get(number), kind
            assert articles.get(number) is None, kind
    slow = [number for number, kind in faults.kinds.items() if kind in ("silent", "drip-body", "drip-head")]
    good = [number for number in map(str, range(FEEDS)) if number not in faults.kinds]
    assert max(map(order.index, good)) < min(map(order.index, slow))
    text = " ".join(reasons.values()) + repr(states)
    assert "hunter2" not in text
    assert "aHVudGVyMg" not in text
    assert text.isprintable()
    assert faults.stats()["leaks"] == []

    faults.heal()
    refresh()
    assert reasons == {}
    assert all(state.failures == 0 for state in states.values())
