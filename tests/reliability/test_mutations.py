"""Promise 5 by the thousand: damaged copies of good files cost themselves, never a neighbour, and the same each time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths, LibrarySettings, Limits
from newstui.library.events import CollectionFailed
from newstui.model import Article, Problem
from tests.reliability.home import REPOSITORY

EVERYTHING = LibrarySettings(limits=replace(Limits(), problems_kept=1_000_000))

SEEDS = {
    "page.json": '{"value": [{"path": "_news/2024-05-01-a.md", "title": "One: a page", "webUrl": "https://one.example/a",'
    ' "publishedDateTime": "2024-05-01T12:00:00Z", "topics": ["Space", "Trains"], "quality": 50},'
    ' {"path": "_news/2024-05-02-b.md", "title": "Two", "webUrl": "https://two.example/b"}]}',
    "feed.xml": '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>'
    "<item><title>Café &amp; tea</title><link>https://three.example/c</link><guid>c</guid>"
    "<pubDate>Mon, 02 Jan 2023 00:00:00 GMT</pubDate><description>&lt;p&gt;Text&lt;/p&gt;</description></item>"
    "</channel></rss>",
    "atom.xml": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><entry><id>d</id><title type="html">D</title>'
    '<link href="https://four.example/d"/><updated>2024-01-01T00:00:00Z</updated></entry></feed>',
    "lines.jsonl": '{"title": "Five", "webUrl": "https://five.example/e"}\n{"title": "Six", "webUrl": "https://six.example/f"}\n',
}  # fmt: skip
"""Damaged besides the records of the sample."""


def mutated(shared: Path, tmp_path: Path, count: int, seed: int) -> Path:
    """Write damaged files among a hundred good neighbours."""
    seeds, folder = tmp_path / "seeds", tmp_path / "mutated"
    seeds.mkdir()
    for name, text in SEEDS.items():
        (seeds / name).write_text(text, "utf-8")
    records = sorted((REPOSITORY / "sample_feed").rglob("*.md"))[:40]
    subprocess.run(
        [sys.executable, str(shared / "hostile" / "mutate.py"), str(folder), *map(str, [seeds, *records]),
         "--count", str(count), "--seed", str(seed)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return folder


def read(folder: Path, own: Path) -> tuple[list[tuple[int, Article]], list[Problem]]:
    """Read a folder from nothing and return every article with its key, and every problem."""
    library = Library.open(LibraryPaths(own / "data", own / "cache"), EVERYTHING, locations=[str(folder)])
    failures = [event for event in library.refresh() if isinstance(event, CollectionFailed)]
    assert not failures
    found = []
    for row in library.find("").rows():
        headline, article = library.headline(row), library.article(row)
        assert headline is not None and article is not None
        found.append((headline.key, article))
    problems = library.problems()
    library.close()
    return found, problems


def files_with_articles(own: Path) -> set[str]:
    """Return which files gave an article (the path of a feed's article is its entry, not its file)."""
    (cache,) = (own / "cache" / "from").glob("*[0-9a-f].db")
    with closing(sqlite3.connect(cache)) as connection:
        return {Path(path).name for (path,) in connection.execute("SELECT path FROM file JOIN rec ON rec.file=file.id")}


def check(shared: Path, tmp_path: Path, count: int, seed: int) -> None:
    folder = mutated(shared, tmp_path, count, seed)
    started = time.perf_counter()
    articles, problems = read(folder, tmp_path / "first")
    seconds = time.perf_counter() - started
    names = files_with_articles(tmp_path / "first")
    assert {f"good-{number:03}.md" for number in range(100)} <= names
    refused = {Path(problem.file).name for problem in problems if problem.severity == "refused"}
    silent = sorted({path.name for path in folder.iterdir()} - names - refused)
    assert not silent, f"{len(silent)} files gave neither an article nor a reason: {silent[:5]}"
    again = read(folder, tmp_path / "second")
    order = sorted(map(repr, articles))
    assert order == sorted(map(repr, again[0]))
    assert sorted(map(repr, problems)) == sorted(map(repr, again[1]))
    print(f"\n{count} mutated files, seed {seed}: {len(articles)} articles, {len(refused)} refused, {seconds:.1f} s")


@pytest.mark.shared
def test_2000_mutated_files_cost_no_neighbour_and_come_out_alike_twice(shared: Path, tmp_path: Path):
    check(shared, tmp_path, 2_000, seed=1)


@pytest.mark.shared
@pytest.mark.full
def test_many_more_mutated_files_cost_no_neighbour(shared: Path, tmp_path: Path):
    check(shared, tmp_path, int(os.environ.get("NEWSTUI_MUTATIONS", "10000")), int(os.environ.get("NEWSTUI_SEED", "2")))
