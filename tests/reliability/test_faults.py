"""Feeds that misbehave, through `newstui import` and `newstui refresh`: the good are read, the bad are named, no secret leaks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.reliability.home import Home

READ_ANYWAY = {"charset-wild", "cookie-flood", "to-other", "304-unasked"}
"""Odd, but a feed comes of it, or nothing that could be called a failure."""
READ_IN_PART = {"half-feed", "length-short"}
ITEMS = 5


@contextmanager
def fault_server(shared: Path, plan: Path, feeds: int, bad: float) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve feeds; yields the base address and the kind of fault by number."""
    command = [sys.executable, str(shared / "hostile" / "fault_server.py"), "--feeds", str(feeds), "--bad", str(bad)]
    with subprocess.Popen(
        [*command, "--items", str(ITEMS), "--plan", str(plan)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        yield base, json.loads(plan.read_text())["feeds"]
        server.kill()


def stats(base: str) -> dict[str, Any]:
    with urlopen(f"{base}/stats") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def collections(home: Home) -> dict[str, dict[str, Any]]:
    listed = home.run("collections", "--format", "ndjson").stdout.decode().splitlines()
    return {row["name"]: row for row in map(json.loads, listed)}


def check_faults(shared: Path, tmp_path: Path, *, feeds: int, bad: float, patience: int, seconds: float) -> None:
    home = Home(tmp_path / "home")
    # All feeds are on one host here, which in life would be asked by four connections only.
    home.configure(f'[refresh]\nevery = "never"\ntimeout_seconds = {patience}\nconnections_per_host = 32\n')
    with fault_server(shared, tmp_path / "plan.json", feeds, bad) as (base, kinds):
        (tmp_path / "all.opml").write_bytes(urlopen(f"{base}/subscriptions.opml").read())
        assert home.run("import", str(tmp_path / "all.opml")).returncode == 0
        started = time.perf_counter()
        refreshed = home.run("refresh", seconds=600)
        took = time.perf_counter() - started
        assert refreshed.returncode == 3
        assert b"\x1b[31m" not in refreshed.stdout + refreshed.stderr
        health = collections(home)
        assert len(health) == feeds
        for number in range(feeds):
            row, kind = health[f"Feed {number}"], kinds.get(str(number), "good")
            if kind == "good" or kind in READ_ANYWAY - {"304-unasked"}:
                assert row["articles"] == ITEMS and not row["failure"], (kind, row)
            elif kind not in READ_ANYWAY | READ_IN_PART and not row["articles"]:
                assert row["failure"] or row["problems"], (kind, row)
        seen = stats(base)
        assert seen["leaks"] == []
        assert seen["most_open"] <= 32
        urlopen(Request(f"{base}/heal", method="POST")).close()
        home.run("refresh", "--force", seconds=600)
        assert [row for row in collections(home).values() if row["articles"] < ITEMS or row["failure"]] == []
    assert not list(home.folder.rglob("newstui-was-here"))
    print(
        f"\n{feeds} feeds, {len(kinds)} faulty: {took:.1f} s, at most {seen['most_open']} connections, {len(seen['leaks'])} leaks"
    )
    assert took < seconds


@pytest.mark.shared
def test_of_60_feeds_the_good_are_read_and_the_bad_are_named(shared: Path, tmp_path: Path):
    check_faults(shared, tmp_path, feeds=60, bad=0.6, patience=2, seconds=60)


@pytest.mark.full
@pytest.mark.shared
def test_of_1000_feeds_the_good_are_read_and_the_bad_are_named(shared: Path, tmp_path: Path):
    check_faults(shared, tmp_path, feeds=1_000, bad=0.3, patience=10, seconds=300)
