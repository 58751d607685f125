"""Whole screens as text, one per screen and state that matters. Look at the picture before accepting one.

``NEWSTUI_ACCEPT_SNAPSHOTS=1`` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newstui.model import Coverage
from tests.app.driving import reading
from tests.app.fake_library import FakeLibrary
from tests.builders import an_article

SNAPSHOTS = Path(__file__).resolve().parent.parent / "snapshots"


def a_morning() -> FakeLibrary:
    """Return a small, complete morning: states, topics, providers, coverage, wide characters."""
    library = FakeLibrary()
    library.add(
        an_article(
            url="https://news.example/1", excerpt="The story of number 1.", path="1.md",
            title="A lander wakes up on the Moon and looks at dogs", days_old=0.02, provider="Space Weekly",
            topics=("Space", "Robots"), quality=85, heat=210, body="It *came to rest* on its nose.\n\n- one\n- two",
        ),
        an_article(
            url="https://news.example/2", excerpt="The story of number 2.", path="2.md",title="月着陸機が目を覚ます", days_old=0.1, provider="Asahi Sample", topics=("Space",), quality=66, heat=-1),
        an_article(
            url="https://news.example/3", excerpt="The story of number 3.", path="3.md",title="New release of a language people like", days_old=1, topics=("Languages",), quality=120),
        an_article(
            url="https://news.example/4", excerpt="The story of number 4.", path="4.md",title="Why the old release was fine too, says nobody in particular", days_old=2, heat=None, quality=None),
        an_article(
            url="https://news.example/5", excerpt="The story of number 5.", path="5.md",title="A video about gardens", days_old=20, type="video", provider="", domain="garden.example"),
        an_article(
            url="https://news.example/6", excerpt="The story of number 6.", path="6.md",title="An archive opens its doors", days_old=400, topics=("History",), removed=True),
    )  # fmt: skip
    other = library.articles[2]
    library.coverage_of[1] = [
        Coverage(
            other.key, 2, other.title or "", other.urls.web, other.provider, other.published, 66, "From Japan.",
            "given", 1.0,
        ),
        Coverage(None, None, "The lander, seen from afar", "https://far.example/1", other.provider, None, 40, None, "found", 0.8),
    ]  # fmt: skip
    library.marks[3].starred = True
    library.marks[4].read = True
    return library


STATES: dict[str, tuple[tuple[int, int], list[str]]] = {
    "wide": ((140, 32), ["article.open"]),
    "medium": ((80, 24), ["move.down", "select.toggle"]),
    "narrow-list": ((40, 12), []),
    "narrow-article": ((40, 12), ["article.open"]),
    "sidebar-over-the-list": ((100, 24), ["sidebar.toggle"]),
    "help": ((80, 24), ["app.help"]),
    "palette": ((80, 24), ["app.palette"]),
    "topics": ((80, 24), ["topic.pick"]),
}


@pytest.mark.parametrize("state", STATES)
async def test_a_screen_looks_as_it_did_when_somebody_looked_at_it(tmp_path: Path, state: str) -> None:
    size, commands = STATES[state]
    async with reading(a_morning(), tmp_path, size=size) as reader:
        for command in commands:
            await reader.do(command)
        reader.screen.status.hush()
        await reader.settle()
        seen = "\n".join(line.rstrip() for line in reader.lines()) + "\n"
    file = SNAPSHOTS / f"{state}.txt"
    if os.environ.get("NEWSTUI_ACCEPT_SNAPSHOTS"):
        file.write_text(seen, encoding="utf-8")
    assert seen == file.read_text(encoding="utf-8")


async def test_a_search_shows_its_hits(tmp_path: Path) -> None:
    async with reading(a_morning(), tmp_path, size=(100, 24)) as reader:
        await reader.do("query.edit")
        await reader.type("release")
        seen = "\n".join(line.rstrip() for line in reader.lines()) + "\n"
    file = SNAPSHOTS / "search.txt"
    if os.environ.get("NEWSTUI_ACCEPT_SNAPSHOTS"):
        file.write_text(seen, encoding="utf-8")
    assert seen == file.read_text(encoding="utf-8")
