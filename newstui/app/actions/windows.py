"""Panes, sheets, themes, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.choices import Choice
from newstui.commands import Place
from newstui.errors import NewstuiError
from newstui.present.sentences import describe_error

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed


def next_pane(screen: ReadingScreen, pressed: Pressed) -> None:
    _step_pane(screen, 1)


def previous_pane(screen: ReadingScreen, pressed: Pressed) -> None:
    _step_pane(screen, -1)


def _step_pane(screen: ReadingScreen, step: int) -> None:
    order: list[Place] = ["list", "article", "sidebar"]
    if screen.zoomed:
        screen.zoomed = False
    screen.go_to_pane(order[(order.index(screen.pane) + step) % len(order)])


def zoom(screen: ReadingScreen, pressed: Pressed) -> None:
    """Give the article the whole screen, or take it back."""
    screen.zoomed = not (screen.zoomed and screen.pane == "article")
    screen.go_to_pane("article")


def toggle_sidebar(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show the sidebar, or put it away; where it only fits over the list, go to it."""
    if screen.arrangement.width == "wide":
        screen.memory.sidebar = not screen.memory.sidebar
        screen.go_to_pane("list" if screen.pane == "sidebar" else screen.pane)
    else:
        screen.go_to_pane("list" if screen.pane == "sidebar" else "sidebar")


def wider(screen: ReadingScreen, pressed: Pressed) -> None:
    _resize(screen, pressed.count or 1)


def narrower(screen: ReadingScreen, pressed: Pressed) -> None:
    _resize(screen, -(pressed.count or 1))


def _resize(screen: ReadingScreen, steps: int) -> None:
    before = screen.arrangement.list_cells
    screen.memory.list_share = min(max(screen.memory.list_share + 0.03 * steps, 0.15), 0.85)
    screen.panes.rearrange()
    if screen.arrangement.list_cells == before:
        screen.say("The list cannot be wider" if steps > 0 else "The list cannot be narrower")


def show_picture(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show the picture of the article, where pictures are not shown unasked; again for the next one."""
    if not screen.article_view.show_pictures():
        screen.say("This article has no picture that can be shown")


def pick_theme(screen: ReadingScreen, pressed: Pressed) -> None:
    """Let the reader choose how newstui looks."""
    from newstui.app.screens.pick import PickScreen
    from newstui.config.edit import set_value

    app = screen.app
    own = [name for name in app.available_themes if not name.startswith("textual-")]
    first = [name for name in ("dark", "light", "high-contrast", "terminal", *screen.settings.themes) if name in own]
    names = first + sorted(set(own) - set(first))
    choices = [Choice(name, name, picked=name == app.theme) for name in names]

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            app.theme = choice.value
            try:
                set_value(screen.paths.config_file, "reader", "theme", choice.value)
            except NewstuiError as error:
                screen.say(f"Not kept for the next time: {describe_error(error)}", failed=True)

    app.push_screen(PickScreen("Theme", choices), answered)


def open_palette(screen: ReadingScreen, pressed: Pressed) -> None:
    """Offer everything by its name."""
    from newstui.app.palette import open_palette as show

    show(screen)


def open_help(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show every key."""
    from newstui.app.screens.help import HelpScreen

    screen.app.push_screen(HelpScreen(screen.keys))


def quit_now(screen: ReadingScreen, pressed: Pressed) -> None:
    """Leave; marks are saved already."""
    screen.app.exit(0)
