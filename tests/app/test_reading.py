"""Reading: moving, opening, going back, reading on."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.app.actions import HANDLERS, handler_of
from newstui.commands import COMMAND_BY_ID
from newstui.model import Coverage
from tests.app.driving import KEYS, Reader, five_articles, reading
from tests.app.fake_library import FakeLibrary
from tests.builders import an_article


def test_every_command_has_a_handler_and_every_handler_a_command() -> None:
    assert set(HANDLERS) == set(COMMAND_BY_ID)
    assert all(callable(handler_of(command)) for command in HANDLERS)


async def test_the_newest_article_is_on_top_and_under_the_cursor(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        assert reader.titles[0] == reader.here == "Alpha lands"


async def test_moving_stops_at_the_ends(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("move.up")
        assert reader.here == "Alpha lands"
        await reader.press("9", "j")
        assert reader.here == "Epsilon lands"
        await reader.do("move.top")
        assert reader.here == "Alpha lands"
        await reader.do("move.bottom")
        assert reader.here == "Epsilon lands"


@pytest.mark.parametrize("size", [(160, 40), (40, 12)])
async def test_a_key_that_does_nothing_says_why(tmp_path: Path, size: tuple[int, int]) -> None:
    """Moving at an end is left out: it is seen, and said nowhere else either."""
    async with reading(five_articles(), tmp_path, size=size) as reader:
        for command, key in KEYS.items():
            if command.startswith(("move.", "app.quit")) or command in ("go.back", "link.open"):
                continue
            for pane in ("list", "article"):
                reader.screen.go_to_pane(pane)
                await reader.settle()
                reader.screen.status.hush()
                before = _everything(reader)
                await reader.press(key)
                assert reader.said or _everything(reader) != before, f"{command} ({key}) in the {pane} at {size}"
                for _ in range(3):
                    if reader.app.screen is not reader.screen:
                        await reader.press("escape")
        await reader.press("Q")
        assert reader.said == "Q does nothing · ? shows every key"


def _everything(reader: Reader) -> object:
    screen, view = reader.screen, reader.screen.article_view
    return reader.text(), reader.app.screen, screen.pane, view.scroll_offset, screen.presses.reader.pending


async def test_a_count_moves_so_many_rows(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.press("3", "j")
        assert reader.here == "Delta lands"
        await reader.press("2", "G")
        assert reader.here == "Beta lands"


async def test_moving_previews_the_article_and_marks_nothing(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("move.down")
        assert "The whole of Beta" in reader.text()
        assert not any(mark.read for mark in reader.library.marks.values())


async def test_opening_marks_read_and_goes_to_the_article(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.open")
        assert reader.screen.pane == "article"
        assert reader.library.marks[1].read
        await reader.do("go.back")
        assert reader.screen.pane == "list"


async def test_opening_marks_nothing_when_the_setting_says_so(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.app.driving import SETTINGS

    settings = replace(SETTINGS, reader=replace(SETTINGS.reader, mark_read_on_open=False))
    async with reading(five_articles(), tmp_path, settings=settings) as reader:
        await reader.do("article.open")
        assert not reader.library.marks[1].read


async def test_what_was_just_read_stays_in_an_unread_view_until_it_is_left(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.press("/")
        await reader.type("is:unread")
        await reader.press("enter")
        await reader.do("article.open", "go.back")
        reader.screen.results.articles_changed()
        await reader.settle()
        assert reader.titles[0] == "Alpha lands"
        assert len(reader.titles) == 5
        reader.screen.results.set_query("is:unread")
        await reader.settle()
        assert "Alpha lands" not in reader.titles


async def test_reading_on_goes_through_everything_unread(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        for _ in range(60):
            await reader.do("read.on")
            if reader.said == "Everything is read":
                break
        assert all(mark.read for mark in reader.library.marks.values())


@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
async def test_reading_on_works_on_a_narrow_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with reading(five_articles(), tmp_path, size=size) as reader:
        await reader.do("read.on")
        assert reader.screen.pane == "article"
        for _ in range(80):
            await reader.do("read.on")
            if reader.said == "Everything is read":
                break
        assert all(mark.read for mark in reader.library.marks.values())


async def test_reading_on_leads_to_another_view_when_this_one_is_read(tmp_path: Path) -> None:
    library = five_articles()
    library.marks[1].read = library.marks[3].read = library.marks[5].read = True
    async with reading(library, tmp_path) as reader:
        reader.screen.results.set_query("topic:AI")
        await reader.settle()
        for _ in range(10):
            await reader.do("read.on")
            if reader.screen.results.view_name == "Unread":
                break
        assert reader.screen.results.view_name == "Unread"
        assert reader.titles == ["Beta lands", "Delta lands"]


async def test_next_unread_passes_over_what_is_read(tmp_path: Path) -> None:
    library = five_articles()
    library.marks[2].read = True
    async with reading(library, tmp_path) as reader:
        await reader.do("read.next_unread")
        assert reader.here == "Gamma lands"
        await reader.do("read.previous_unread")
        assert reader.here == "Alpha lands"


async def test_next_unread_opens_from_within_an_article(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.open", "read.next_unread")
        assert reader.here == "Beta lands"
        assert reader.screen.pane == "article"
        assert reader.library.marks[2].read


async def test_related_coverage_opens_in_place_and_back_leads_to_where_it_came_from(tmp_path: Path) -> None:
    library = five_articles()
    other = library.articles[4]
    library.coverage_of[1] = [
        Coverage(other.key, 4, other.title or "", other.urls.web, other.provider, other.published, 60, "", "given", 1.0)
    ]
    async with reading(library, tmp_path) as reader:
        await reader.do("article.open", "coverage.next")
        await reader.press("enter")
        assert reader.screen.opened.row == 4
        assert library.marks[4].read
        await reader.do("go.back")
        assert reader.screen.opened.row == 1
        assert reader.screen.pane == "article"


async def test_a_link_follows_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("newstui.app.actions.links.open_link", lambda url, app, browser="": opened.append(url) or "")
    library = FakeLibrary()
    library.add(an_article(body="See [one](https://a.example/1) and [two](https://b.example/2)."))
    async with reading(library, tmp_path) as reader:
        await reader.do("article.open")
        numbered = dict(enumerate((url for _, url in reader.screen.article_view.links()), 1))
        wanted = next(number for number, url in numbered.items() if url.startswith("https://b.example"))
        await reader.press(str(wanted))
        assert opened == [numbered[wanted]]


async def test_opening_in_the_browser_hands_over_exactly_the_address_and_marks_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("newstui.app.actions.links.open_link", lambda url, app, browser="": opened.append(url) or "")
    library = FakeLibrary()
    address = "https://news.example/a?b=1&c=%2F%25#d"
    library.add(an_article(url=address))
    async with reading(library, tmp_path) as reader:
        await reader.do("link.open")
        assert opened == [address]
        assert library.marks[1].read


async def test_quitting_from_the_list_leaves_and_from_an_article_goes_back(tmp_path: Path) -> None:
    async with reading(five_articles(), tmp_path) as reader:
        await reader.do("article.open", "app.quit")
        assert reader.screen.pane == "list"
        assert reader.app.return_value is None
        await reader.pilot.press("q")
        await reader.pilot.pause()
        assert reader.app.return_value == 0


async def test_place_view_and_panes_are_remembered(tmp_path: Path) -> None:
    library = five_articles()
    async with reading(library, tmp_path, size=(130, 30)) as reader:
        reader.screen.results.set_query("topic:AI")
        await reader.settle()
        await reader.do("move.down", "pane.wider")
        share = reader.screen.memory.list_share
        await reader.pilot.press("ctrl+q")
        await reader.pilot.pause()
    async with reading(library, tmp_path, size=(130, 30)) as reader:
        assert reader.screen.results.query_text == "topic:AI"
        assert reader.here == "Gamma lands"
        assert reader.screen.memory.list_share == share


async def test_an_article_with_hostile_words_is_shown_letter_for_letter(tmp_path: Path) -> None:
    library = FakeLibrary()
    title = "[/foo] [@click=app.quit]Update[/] :smile: [b]not bold[/b]"
    library.add(an_article(title=title, provider="[red]Red[/red]", topics=("[x]",), excerpt="[/]"))
    async with reading(library, tmp_path, size=(160, 30)) as reader:
        assert "[@click=app.quit]" in reader.text()
        assert "[red]Red[/red]" in reader.text()
        for command in ("app.help", "app.palette", "topic.pick", "provider.pick", "link.choose", "marks.history"):
            await reader.do(command)
            await reader.press("escape")
        assert reader.app.return_value is None
