"""Links opened from the screen: asked about when they may deceive, refused with a reason, handed on exactly."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from newstui.app import themes
from newstui.app.opener import open_link, refusal
from newstui.app.widgets.confirm_link import ConfirmLink
from newstui.errors import NotFoundError
from newstui.library import opener


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("page")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLE_DEFAULTS)


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """What was handed to programs instead of being started."""
    commands: list[list[str]] = []
    monkeypatch.setattr(opener, "start", commands.append)
    monkeypatch.setattr(opener, "run_in_terminal", commands.append)
    return commands


def opened(url: str, app: App, browser: str = "some-browser") -> str:
    return open_link(url, app, browser)


@pytest.fixture(autouse=True)
def _every_program_is_installed(monkeypatch):
    build = opener.build_command
    monkeypatch.setattr(opener, "build_command", lambda link, browser: build(link, browser, find=lambda name: name))


async def test_an_ordinary_link_is_handed_on_at_once(started):
    async with Page().run_test() as pilot:
        assert opened("https://paper.example/%2F?a=b&c", pilot.app) == ""
        assert started == [["some-browser", "https://paper.example/%2F?a=b&c"]]


async def test_what_may_not_open_is_said_and_starts_nothing(started):
    async with Page().run_test() as pilot:
        assert "javascript" in opened("javascript:alert(1)", pilot.app)
        assert started == []
    assert refusal("javascript:alert(1)") and not refusal("https://a.example/") and not refusal("https://a@b.example/")


@pytest.mark.parametrize(("key", "count"), [("enter", 1), ("y", 1), ("escape", 0), ("n", 0)])
async def test_a_link_that_may_deceive_shows_its_host_first(started, key, count):
    async with Page().run_test() as pilot:
        assert opened("https://bank.example@thief.example/[/x]", pilot.app) == ""
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, ConfirmLink) and started == []
        shown = {label.id: str(label.render()) for label in screen.query(Static)}
        assert shown["host"] == "thief.example"
        assert "bank.example" in shown["reason"]
        assert shown["address"] == "https://thief.example/[/x]"
        await pilot.press(key)
        await pilot.pause()
        assert [command[1] for command in started] == ["https://thief.example/[/x]"] * count


async def test_a_browser_of_the_terminal_needs_the_terminal(started):
    async with Page().run_test() as pilot:
        assert "needs the terminal" in opened("https://a.example/", pilot.app, "w3m")
        assert started == []


async def test_a_browser_that_cannot_be_started_is_said(monkeypatch):
    def fail(command):
        raise NotFoundError("gone-browser could not be started: No such file or directory")

    monkeypatch.setattr(opener, "start", fail)
    async with Page().run_test() as pilot:
        assert (
            opened("https://a.example/", pilot.app)
            == "Not opened: gone-browser could not be started: No such file or directory"
        )


async def test_in_a_web_page_the_page_opens_it(monkeypatch, started):
    urls: list[str] = []
    monkeypatch.setattr(Page, "is_web", property(lambda self: True))
    monkeypatch.setattr(Page, "open_url", lambda self, url: urls.append(url))
    async with Page().run_test() as pilot:
        assert opened("https://paper.example/ä", pilot.app) == ""
    assert urls == ["https://paper.example/%C3%A4"] and started == []
