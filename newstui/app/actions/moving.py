"""Moving in the pane the reader is in: rows in a list, lines in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.widgets.line_list import LineList

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed


def _rows(screen: ReadingScreen) -> LineList | None:
    """Return the list the reader is in, None in the article."""
    if screen.pane == "article":
        return None
    return screen.sidebar if screen.pane == "sidebar" else screen.article_list


def down(screen: ReadingScreen, pressed: Pressed) -> None:
    _move(screen, pressed.count or 1)


def up(screen: ReadingScreen, pressed: Pressed) -> None:
    _move(screen, -(pressed.count or 1))


def _move(screen: ReadingScreen, steps: int) -> None:
    if (rows := _rows(screen)) is not None:
        rows.move(steps)
    else:
        screen.article_view.scroll_lines(steps)


def half_down(screen: ReadingScreen, pressed: Pressed) -> None:
    _half(screen, pressed.count or 1)


def half_up(screen: ReadingScreen, pressed: Pressed) -> None:
    _half(screen, -(pressed.count or 1))


def _half(screen: ReadingScreen, halves: int) -> None:
    if (rows := _rows(screen)) is not None:
        rows.move_page(halves / 2)
    else:
        screen.article_view.half_page(halves)


def page_down(screen: ReadingScreen, pressed: Pressed) -> None:
    if (rows := _rows(screen)) is not None:
        rows.move_page(pressed.count or 1)
    else:
        screen.article_view.page_down()


def page_up(screen: ReadingScreen, pressed: Pressed) -> None:
    if (rows := _rows(screen)) is not None:
        rows.move_page(-(pressed.count or 1))
    else:
        screen.article_view.page_up()


def top(screen: ReadingScreen, pressed: Pressed) -> None:
    """Go to the first row; 12g goes to the twelfth."""
    if (rows := _rows(screen)) is None:
        screen.article_view.to_start()
    elif pressed.count:
        rows.go_to(pressed.count - 1)
    else:
        rows.go_home()


def bottom(screen: ReadingScreen, pressed: Pressed) -> None:
    """Go to the last row; 12G goes to the twelfth, as in vim."""
    if (rows := _rows(screen)) is None:
        screen.article_view.to_end()
    elif pressed.count:
        rows.go_to(pressed.count - 1)
    else:
        rows.go_end()


def next_hit(screen: ReadingScreen, pressed: Pressed) -> None:
    _hit(screen, 1)


def previous_hit(screen: ReadingScreen, pressed: Pressed) -> None:
    _hit(screen, -1)


def _hit(screen: ReadingScreen, step: int) -> None:
    if screen.opened.article is None:
        screen.say("There is no article here")
    elif not screen.article_view.next_hit(step):
        screen.say("Not found in this article")
