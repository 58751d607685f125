"""The reader line by line: each state in words, nothing drawn."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

import pytest

from newstui.app.plain import PlainReader, run
from newstui.config import Paths, Settings
from newstui.model import Coverage
from tests.app.driving import five_articles
from tests.app.fake_library import FakeLibrary
from tests.builders import NOW
from tests.library.coverage_world import STRIKE, World, rows_by_name


def a_reader(library: FakeLibrary | None = None) -> tuple[PlainReader, list[str]]:
    said: list[str] = []
    reader = PlainReader(library or five_articles(), Settings(), said.append, clock=lambda: NOW, zone=UTC)  # type: ignore[arg-type]
    reader.search("")
    return reader, said


def test_the_list_says_states_in_words() -> None:
    library = five_articles()
    library.marks[1].read = library.marks[2].starred = True
    _, said = a_reader(library)
    assert said[0] == "5 articles, 4 unread."
    assert said[1].startswith("1. Alpha lands (Example Times")
    assert said[2].startswith("2. unread, starred: Beta lands")


def test_a_number_reads_an_article_and_marks_it_read() -> None:
    reader, said = a_reader()
    reader.answer("2")
    assert any("The whole of Beta" in line for line in said)
    assert said[-1] == "Marked read."
    assert reader.library.marks[2].read  # type: ignore[attr-defined]


def test_an_empty_line_goes_on_with_the_next_unread_article() -> None:
    reader, said = a_reader()
    reader.answer("1")
    reader.answer("")
    assert any("The whole of Beta" in line for line in said)


def test_searching_and_its_mistakes() -> None:
    reader, said = a_reader()
    reader.answer("/ topic:Space")
    assert "2 articles, 2 unread, for topic:Space." in said
    reader.answer("/ (")
    assert said[-1].startswith("Mistake in the search at character 1")


def test_marks_are_set_and_taken_back() -> None:
    reader, said = a_reader()
    reader.answer("star 3")
    assert said[-1] == "1 article starred · undo takes it back."
    reader.answer("undo")
    assert not reader.library.marks[3].starred  # type: ignore[attr-defined]
    reader.answer("all")
    assert all(mark.read for mark in reader.library.marks.values())  # type: ignore[attr-defined]


def test_notes_views_and_coverage() -> None:
    library = five_articles()
    other = library.articles[4]
    library.coverage_of[1] = [
        Coverage(None, None, "Elsewhere", "https://x.example/1", other.provider, None, None, None, "found", 0.8)
    ]
    reader, said = a_reader(library)
    reader.answer("note 1 read again")
    reader.answer("note 1")
    assert said[-1] == "read again"
    reader.answer("v")
    assert said[-1].startswith("Views: All, Unread")
    reader.answer("more 1")
    assert said[-1] == "Daily Sample: Elsewhere (found, 80 percent sure) https://x.example/1"


def test_a_story_is_marked_read_followed_and_told_of(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write_background()
    world.write_strike(2)
    with world.library() as library:
        rows = rows_by_name(library)
        said: list[str] = []
        reader = PlainReader(library, Settings(), said.append, clock=lambda: NOW, zone=UTC)
        reader.search("provider:strike0")
        reader.answer("story 1")
        assert all(one.read for one in library.headlines([rows["strike0"], rows["strike1"]]))
        assert "2 articles" in said[-1]
        reader.answer("follow 1")
        assert said[-1].startswith("Following")
        world.write("strike2", *STRIKE[2], hours=10)
        world.write("copy", *STRIKE[0], hours=11)
        reader.answer("refresh")
        assert f"New coverage of a story you follow: {STRIKE[1][0]}." in said
        reader.answer("more 1")
        assert any(line.startswith("copy: ") and "(the same text)" in line for line in said)
        reader.answer("follow 1")
        assert said[-1] == "No longer followed."


@pytest.mark.parametrize(
    "line", ["999", "0", "read", "star 77", "frobnicate", "links", "open 99", "v nothing", "note", "redo"]
)
def test_nothing_that_is_typed_ends_in_a_traceback(line: str) -> None:
    reader, said = a_reader()
    before = len(said)
    assert reader.answer(line)
    assert len(said) > before


def test_a_session_ends_with_quit_or_with_the_input(tmp_path: Path) -> None:
    for text in ("quit\n", ""):
        library, out = five_articles(), io.StringIO()
        paths = Paths(tmp_path, tmp_path, tmp_path)
        code = run(library, Settings(), paths, stdin=io.StringIO(text), stdout=out)  # type: ignore[arg-type]
        assert code == 0
        assert library.closed
        assert "\x1b" not in out.getvalue()


def test_mistakes_in_the_configuration_are_said_first(tmp_path: Path) -> None:
    out = io.StringIO()
    paths = Paths(tmp_path, tmp_path, tmp_path)
    run(five_articles(), Settings(), paths, greeting=("line 3 is wrong.",), stdin=io.StringIO(""), stdout=out)  # type: ignore[arg-type]
    assert out.getvalue().startswith("line 3 is wrong.\n")
