"""The article pane as a reader meets it: keys, mouse, resize, hostile text."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from newstui.app import themes
from newstui.app.widgets import article_view
from newstui.app.widgets.article_view import ArticleView
from newstui.app.widgets.picture import LEAST_PANE_ROWS
from newstui.errors import SourceError
from newstui.model import Coverage, Headline, Image, Provider
from newstui.query import Query
from newstui.query.nodes import Word
from newstui.sources.picture_decoder import Decoded
from newstui.text import clean_block, clean_line
from tests.builders import NOW, an_article

LONG = "\n\n".join(f"Paragraph {number} with some words that fill a line or two of the pane." for number in range(60))


class Pane(App[None]):
    CSS_PATH = str(Path(article_view.__file__).with_suffix(".tcss"))

    def __init__(self, theme: str = "dark") -> None:
        super().__init__()
        for one in themes.THEMES:
            self.register_theme(one)
        self.theme = theme
        self.heard: list[object] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLE_DEFAULTS)

    def compose(self) -> ComposeResult:
        view = ArticleView()
        view.clock = lambda: NOW
        view.zone = UTC
        yield view

    @property
    def view(self) -> ArticleView:
        return self.query_one(ArticleView)

    def on_article_view_link_followed(self, message: ArticleView.LinkFollowed) -> None:
        self.heard.append((message.number, message.url))

    def on_article_view_coverage_chosen(self, message: ArticleView.CoverageChosen) -> None:
        self.heard.append(message.coverage)

    def screen_lines(self) -> list[str]:
        return ["".join(part.text for part in self.view.render_line(y)).rstrip() for y in range(self.view.size.height)]


def related(number: int, **fields) -> Coverage:
    values = {"row": number, "excerpt": None, "origin": "given", "score": 1.0, "quality": 50} | fields
    return Coverage(number, title=f"Report {number}", url=f"https://other.example/{number}", provider=Provider(f"Paper {number}", None),
                    published=NOW - timedelta(hours=number), **values)  # fmt: skip


async def test_an_article_shows_its_title_first():
    app = Pane()
    async with app.run_test(size=(80, 24)):
        app.view.show(an_article(title="The [bold]title[/bold] as written", body="Body."))
        assert app.screen_lines()[1] == "  The [bold]title[/bold] as written"


async def test_nothing_chosen_shows_nothing_and_takes_keys():
    app = Pane()
    async with app.run_test(size=(80, 24)):
        app.view.show(None)
        assert not "".join(app.screen_lines()).strip()
        app.view.show_message("This article has gone from its collection.")
        assert "has gone" in "\n".join(app.screen_lines())
        assert app.view.links() == []
        assert not app.view.page_down()


async def test_pages_follow_each_other_until_the_end():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(body=LONG))
        seen, pages = set(app.screen_lines()), 0
        while app.view.page_down():
            await pilot.pause()
            now = set(app.screen_lines())
            assert seen & now, "two lines stay in view"
            seen |= now
            pages += 1
            assert pages < 50
        assert all(any(f"Paragraph {number} " in line for line in seen) for number in range(60))
        assert any("Nobody else wrote" in line for line in seen)
        assert not app.view.page_down()
        assert app.view.page_up()


async def test_a_long_body_is_set_between_keys_and_the_first_page_at_once():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(body=LONG * 40))
        assert "Paragraph 0" in "\n".join(app.screen_lines())
        first = app.view.virtual_size.height
        app.view.to_end()
        await pilot.pause()
        assert app.view.virtual_size.height > 20 * first
        assert "Nobody else wrote" in "\n".join(app.screen_lines())


async def test_the_rest_of_a_long_body_arrives_by_itself():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(body=LONG * 3))
        for _ in range(2_000):
            await pilot.pause(0.01)
            if app.view.is_complete:
                break
        assert app.view.is_complete


async def test_the_same_paragraph_stays_on_top_when_the_width_changes():
    app = Pane()
    async with app.run_test(size=(100, 30)) as pilot:
        app.view.show(an_article(body=LONG))
        app.view.scroll_lines(70)
        await pilot.pause()
        top = next(line for line in app.screen_lines() if "Paragraph" in line).split()[1]
        for width in (40, 72, 55, 100):
            await pilot.resize_terminal(width, 30)
            await pilot.pause()
            lines = [line.split()[1] for line in app.screen_lines() if "Paragraph" in line]
            assert top in lines[:2]


async def test_another_width_of_text_keeps_the_place_too():
    app = Pane()
    async with app.run_test(size=(100, 30)) as pilot:
        app.view.show(an_article(body=LONG))
        app.view.scroll_lines(70)
        await pilot.pause()
        top = next(line for line in app.screen_lines() if "Paragraph" in line).split()[1]
        app.view.measure = 40
        await pilot.pause()
        assert top in [line.split()[1] for line in app.screen_lines() if "Paragraph" in line][:2]
        assert max(len(line.rstrip("┃").strip()) for line in app.screen_lines()) <= 40


async def test_an_article_that_is_opened_again_is_where_it_was_left():
    app = Pane()
    one, other = an_article(body=LONG), an_article(body=LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(one)
        app.view.scroll_lines(50)
        await pilot.pause()
        app.view.show(other)
        await pilot.pause()
        assert app.view.scroll_offset.y == 0
        app.view.show(one)
        await pilot.pause()
        assert app.view.scroll_offset.y == 50


async def test_coverage_that_arrives_later_does_not_move_the_text():
    app = Pane()
    article = an_article(body=LONG)
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(article)
        app.view.scroll_lines(40)
        await pilot.pause()
        before = app.screen_lines()
        app.view.show(article, None, [related(1)])
        await pilot.pause()
        assert app.screen_lines() == before


async def test_a_number_follows_its_link():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(
            an_article(body="[one](https://a.example/%2F1) and [two](https://b.example/)", url="https://c.example/")
        )
        assert app.view.links() == [
            ("one", "https://a.example/%2F1"), ("two", "https://b.example/"), ("The article itself", "https://c.example/"),
        ]  # fmt: skip
        assert app.view.follow(2)
        assert not app.view.follow(4)
        await pilot.pause()
        assert app.heard == [(2, "https://b.example/")]


async def test_a_click_follows_a_link_and_only_a_link():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(title="T", body="before [the link](https://a.example/) after", topics=()))
        y = next(index for index, line in enumerate(app.screen_lines()) if "the link" in line)
        x = app.screen_lines()[y].index("the link")
        await pilot.click(ArticleView, offset=(x - 3, y))
        await pilot.click(ArticleView, offset=(x + 12, y))
        assert app.heard == []
        await pilot.click(ArticleView, offset=(x, y))
        await pilot.click(ArticleView, offset=(x + 7, y))
        assert app.heard == [(1, "https://a.example/")] * 2


async def test_coverage_is_chosen_with_keys_and_stays_in_view():
    app = Pane()
    coverage = [related(number) for number in range(12)]
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(body=LONG), None, coverage)
        assert app.view.chosen_coverage() is None
        assert not app.view.move_coverage(-1)
        for expected in coverage:
            assert app.view.move_coverage(1)
            await pilot.pause()
            assert app.view.chosen_coverage() == expected
            assert any(expected.title in line for line in app.screen_lines())
        assert not app.view.move_coverage(1)
        assert app.view.leave_coverage()
        assert app.view.chosen_coverage() is None


async def test_coverage_is_chosen_with_one_click_and_opened_with_the_next():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        app.view.show(an_article(), None, [related(1), related(2)])
        y = next(index for index, line in enumerate(app.screen_lines()) if "Report 2" in line)
        await pilot.click(ArticleView, offset=(5, y))
        assert app.view.chosen_coverage() == related(2) and app.heard == []
        await pilot.click(ArticleView, offset=(5, y))
        assert app.heard == [related(2)]


async def test_what_was_searched_for_is_marked_and_walked_through():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(title="Nothing", body=LONG), asked=Query(Word("paragraph")))
        assert app.view.next_hit(1)
        for _ in range(30):
            assert app.view.next_hit(1)
        await pilot.pause()
        assert any("Paragraph 30 " in line for line in app.screen_lines())
        assert app.view.next_hit(-1)
        hit = app.view.get_component_rich_style("article--hit")
        line = next(y for y, text in enumerate(app.screen_lines()) if "Paragraph" in text)
        assert [part.text for part in app.view.render_line(line) if part.style.bgcolor == hit.bgcolor] == ["Paragraph"]
        app.view.show(an_article(body="text"))
        assert not app.view.next_hit(1)


async def test_reasons_are_shown_on_request():
    app = Pane()
    async with app.run_test(size=(80, 40)):
        app.view.show(an_article(), None, [related(1, origin="found", score=0.7, reason=("battery", "tariff"))])
        assert "battery" not in "\n".join(app.screen_lines())
        app.view.toggle_reasons()
        assert "shared words: battery, tariff" in "\n".join(app.screen_lines())


@pytest.mark.parametrize("theme", [theme.name for theme in themes.THEMES])
@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12), (10, 3)])
async def test_every_theme_and_size_shows_the_page(theme, size):
    app = Pane(theme)
    article = an_article(
        body="# H\n\n`code` *i* **b** ~~s~~ [l](https://a.example/)\n\n> q\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```\nx\n```"
    )
    async with app.run_test(size=size) as pilot:
        app.view.focus()
        app.view.show(
            article, Headline(1, 1, "t", "p", 0, 1, 1, 1, True, True, "a", "", "c", ("tag",)), [related(1), related(2)]
        )
        app.view.move_coverage(1)
        await pilot.pause()
        assert all(
            sum(part.cell_length for part in app.view.render_line(y)) == app.view.size.width
            for y in range(app.view.size.height)
        )


async def test_the_chosen_report_is_told_by_more_than_colour_in_the_terminals_theme():
    app = Pane("terminal")
    async with app.run_test(size=(80, 40)) as pilot:
        app.view.focus()
        app.view.show(an_article(), None, [related(1), related(2)])
        app.view.move_coverage(1)
        await pilot.pause()
        y = next(index for index, line in enumerate(app.screen_lines()) if "Report 1" in line)
        assert all(part.style.reverse for part in app.view.render_line(y))


class Pictures:
    """A source of pictures that answers what a test tells it."""

    def __init__(self, choice: str, failure: str = "") -> None:
        self._choice, self._failure = choice, failure
        self.loaded: list[str] = []

    def choice(self, article, image):
        return self._choice

    def load(self, article, image, width, height, graphics=None):
        self.loaded.append(image.url)
        self.graphics = graphics
        if self._failure:
            raise SourceError(self._failure)
        return Decoded(4, 4, bytes(range(48)), b"DRAWN" if graphics else b"")


async def settled(app: Pane, pilot) -> list[str]:
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()
    return app.screen_lines()


WITH_PICTURE = an_article(body="Text below.", images=(Image("https://pics.example/a.jpg", 320, 160),))


async def test_a_picture_is_painted_into_rows_that_were_free_before():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        source = app.view.picture.source = Pictures("always")
        app.view.show(WITH_PICTURE)
        before = next(index for index, line in enumerate(app.screen_lines()) if "Text below." in line)
        lines = await settled(app, pilot)
        assert sum("▀▀▀▀" in line for line in lines) == 2
        assert lines.index("  Text below.") == before
        assert source.loaded == ["https://pics.example/a.jpg"]


async def test_kitty_is_sent_a_picture_and_gets_placeholders(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.delenv("TMUX", raising=False)
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        written = []
        monkeypatch.setattr(app._driver, "write", written.append)
        source = app.view.picture.source = Pictures("always")
        app.view.show(WITH_PICTURE)
        lines = await settled(app, pilot)
        assert source.graphics.form == "png"
        assert sum("\U0010eeee" in line for line in lines) == source.graphics.height // 16
        assert any("f=100" in sequence and "U=1" in sequence for sequence in written)
        assert all(app.view.render_line(y).cell_length == app.view.size.width for y in range(40))
        app.view.show(an_article())
        assert "a=d" in written[-1]


async def test_sixels_are_drawn_while_the_whole_picture_is_in_view(monkeypatch):
    monkeypatch.setenv("TERM", "foot")
    monkeypatch.delenv("TMUX", raising=False)
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        app.view.picture.source = Pictures("always")
        app.view.show(WITH_PICTURE._replace(body=LONG))
        lines = await settled(app, pilot)
        rows = [y for y, line in enumerate(lines) if "▀▀▀▀" in line]

        def drawn() -> list[str]:
            return ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]

        (line,) = [line for line in drawn() if "DRAWN" in line]
        assert f"\x1b[{rows[0] + 1};3HDRAWN" in line
        app.view.scroll_lines(rows[0] + 1)
        await pilot.pause()
        assert not any("DRAWN" in line for line in drawn())


async def test_a_picture_that_is_asked_about_first_is_loaded_only_then():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        source = app.view.picture.source = Pictures("ask")
        app.view.show(WITH_PICTURE)
        lines = await settled(app, pilot)
        assert "  ▣ Picture on pics.example · P shows it" in lines and source.loaded == []
        assert app.view.show_pictures()
        assert any("▀▀▀▀" in line for line in await settled(app, pilot))


async def test_a_low_pane_is_left_to_the_text_until_the_picture_is_asked_for():
    app = Pane()
    async with app.run_test(size=(80, LEAST_PANE_ROWS - 1)) as pilot:
        source = app.view.picture.source = Pictures("always")
        app.view.show(WITH_PICTURE)
        lines = await settled(app, pilot)
        assert "  ▣ Picture · P shows it" in lines and source.loaded == []
        assert any("Text below." in line for line in lines)
        assert app.view.show_pictures()
        assert any("▀▀▀▀" in line for line in await settled(app, pilot))
        app.view.show(an_article())
        await pilot.resize_terminal(80, LEAST_PANE_ROWS)
        app.view.show(WITH_PICTURE._replace(key=99))
        assert any("▀▀▀▀" in line for line in await settled(app, pilot))


async def test_every_picture_of_the_article_is_shown_in_turn():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        source = app.view.picture.source = Pictures("ask")
        body = "![The map](https://pics.example/map.png) and ![The map](https://pics.example/map.png)"
        app.view.show(WITH_PICTURE._replace(body=body))
        for expected in (
            "  1 of 2 · P shows the next",
            "  2 of 2 · The map · P shows the next",
            "  1 of 2 · P shows the next",
        ):
            assert app.view.show_pictures()
            assert expected in await settled(app, pilot)
        assert source.loaded == [
            "https://pics.example/a.jpg",
            "https://pics.example/map.png",
            "https://pics.example/a.jpg",
        ]
        app.view.show(an_article(body="No picture."))
        assert not app.view.show_pictures()


async def test_a_picture_is_never_loaded_unasked():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        source = app.view.picture.source = Pictures("never")
        app.view.show(WITH_PICTURE)
        assert "pics.example" not in "\n".join(await settled(app, pilot)) and source.loaded == []


async def test_a_picture_that_fails_says_why_in_its_own_rows():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        app.view.picture.source = Pictures("always", "larger than 16 million pixels")
        app.view.show(WITH_PICTURE)
        before = next(index for index, line in enumerate(app.screen_lines()) if "Text below." in line)
        lines = await settled(app, pilot)
        assert any("picture not shown: larger than" in line for line in lines)
        assert lines.index("  Text below.") == before


async def test_a_picture_of_an_article_left_behind_is_not_shown():
    app = Pane()
    async with app.run_test(size=(80, 40)) as pilot:
        app.view.picture.source = Pictures("always")
        app.view.show(WITH_PICTURE)
        app.view.show(an_article(body="Another."))
        assert not any("▀▀▀▀" in line for line in await settled(app, pilot))


async def test_selected_text_is_what_was_read():
    app = Pane()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show(an_article(title="A title", body="Some words here."))
        app.view.text_select_all()
        await pilot.pause()
        text = app.screen.get_selected_text() or ""
        assert "A title" in text and "Some words here." in text
        assert app.view.render_line(1).cell_length == app.view.size.width


@pytest.mark.shared
async def test_no_hostile_text_gets_through_or_breaks_the_pane(shared):
    app = Pane()
    forbidden = {
        chr(code)
        for code in (*range(32), *range(127, 160), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    }
    async with app.run_test(size=(60, 30)):
        for line in (shared / "hostile" / "text.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            text = clean_line(row["text"])
            for body_format in ("markdown", "html", "text"):
                body = clean_block(row["text"])
                app.view.show(an_article(title=text, excerpt=text or None, body=body, body_format=body_format, topics=(text,)), None,
                              [replace_title(related(1), text)])  # fmt: skip
                shown = "".join(app.screen_lines())
                assert not forbidden & set(shown), row
                for y in range(app.view.size.height):
                    assert app.view.render_line(y).cell_length == app.view.size.width


def replace_title(coverage: Coverage, title: str) -> Coverage:
    return coverage._replace(title=title, excerpt=title)


@pytest.mark.shared
async def test_hostile_records_are_shown_letter_for_letter(shared):
    app = Pane()
    article = an_article(title="[/foo] [@click=app.quit] [Update] x")
    body = (shared / "hostile" / "records" / "markdown-traps.md").read_text("utf-8").split("---\n", 2)[2]
    async with app.run_test(size=(80, 60)):
        app.view.show(article._replace(body=body))
        shown = "\n".join(app.screen_lines())
        assert "[/foo] [@click=app.quit] [Update] x" in shown
        assert "[@click=app.quit]Heading[/]" in shown
