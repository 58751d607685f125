"""Opening, going back, and reading on: the way through the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.actions import links, marking
from newstui.app.widgets.status_line import Hint
from newstui.model import Coverage

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.app.widgets.article_list import ListItem
    from newstui.commands import Pressed


MOST_PASSED = 1_000
"""Rows passed over when looking for an unread one, before giving up."""


def open_here(screen: ReadingScreen, pressed: Pressed) -> None:
    """Open what the cursor is on: a row, a line of the sidebar, a source of related coverage."""
    if screen.pane == "sidebar":
        screen.sidebar.pick()
    elif screen.pane == "article":
        if pressed.key in ("enter", "") and (chosen := screen.article_view.chosen_coverage()) is not None:
            open_coverage(screen, chosen)
        else:
            others = screen.key_of("coverage.next")
            screen.say("The article is open", offer=Hint(others, "goes to related coverage", "coverage.next"))
    else:
        open_current(screen)


def open_current(screen: ReadingScreen, *, go: bool = True, unread: bool = False) -> None:
    """Open the article under the cursor: show it, mark it read, and (with `go`) go to it.

    `unread`: of a story that was read in part, open the earliest article that was not.
    """
    item = screen.article_list.current
    if item is None:
        return
    screen.opened.trail.clear()
    row = _earliest_unread(screen, item) if unread else item.headline.row
    if screen.opened.row != row:
        screen.opened.show(row)
    _opened(screen, row, read=item.headline.read)
    if go or not screen.arrangement.article:
        screen.go_to_pane("article")


def _earliest_unread(screen: ReadingScreen, item: ListItem) -> int:
    """Return the head of a story while that is unread, else the earliest of it that is."""
    unread = _unread_rows(screen, item)
    return item.headline.row if item.headline.row in unread or not unread else unread[0]


def _unread_rows(screen: ReadingScreen, item: ListItem) -> list[int]:
    """Return what of a row is unread and not just being marked."""
    pending = screen.saver.pending
    return [one.row for one in screen.library.headlines(item.all_rows) if not one.read and one.row not in pending]


def _opened(screen: ReadingScreen, row: int, *, read: bool) -> None:
    screen.opened.is_open = True
    if screen.settings.reader.mark_read_on_open and not read:
        marking.mark_quietly(screen, (row,), "read")


def open_coverage(screen: ReadingScreen, coverage: Coverage) -> None:
    """Open related coverage in place when it is in a collection, else in the browser."""
    if coverage.row is None:
        if coverage.url:
            links.open_url(screen, coverage.url)
        else:
            screen.say("The record gives no address for it")
        return
    if screen.opened.row is not None:
        screen.opened.trail.append(screen.opened.row)
    screen.opened.show(coverage.row)
    _opened(screen, coverage.row, read=coverage.read)
    screen.go_to_pane("article")


def _go_back(screen: ReadingScreen) -> bool:
    """Take one step back. Returns False when there is nothing to go back from."""
    rows = screen.article_list
    if screen.pane == "article" and screen.opened.trail:
        screen.opened.show(screen.opened.trail.pop())
    elif screen.pane == "article" and screen.zoomed:
        screen.zoomed = False
        screen.go_to_pane("article")
    elif screen.pane != "list":
        screen.go_to_pane("list")
    elif rows.selection:
        rows.select(())
    elif screen.results.is_narrowed:
        row = rows.current.headline.row if rows.current else None
        screen.results.set_query(screen.results.query_of_view, row=row)
    else:
        return False
    return True


def go_back(screen: ReadingScreen, pressed: Pressed) -> None:
    """Go back one step: article, sidebar, selection, query."""
    if not _go_back(screen):
        if pressed.key in ("h", "left"):
            screen.go_to_pane("sidebar")
        else:
            screen.say(f"This is the whole view; {screen.key_of('app.quit')} leaves newstui")


def back_or_quit(screen: ReadingScreen, pressed: Pressed) -> None:
    """Go back one step; where there is none, leave newstui."""
    if not _go_back(screen):
        screen.app.exit(0)


def read_on(screen: ReadingScreen, pressed: Pressed) -> None:
    """Page down; at the end of the article, on to the next unread one, in other views too."""
    if screen.pane == "sidebar":
        screen.sidebar.move_page(1)
        return
    item = screen.article_list.current
    if item is None:
        _other_view(screen)
        return
    if screen.pane == "list" and not screen.arrangement.article:
        if item.headline.read:
            _go_unread(screen, 1, go=True)
        else:
            open_current(screen, unread=True)
        return
    if screen.opened.row is None:
        open_current(screen, go=False, unread=True)
        return
    if not screen.opened.is_open:
        _opened(screen, item.headline.row, read=item.headline.read)
    if not screen.article_view.page_down():
        _go_unread(screen, 1, go=screen.pane == "article")


def next_unread(screen: ReadingScreen, pressed: Pressed) -> None:
    _unread(screen, pressed.count or 1)


def previous_unread(screen: ReadingScreen, pressed: Pressed) -> None:
    _unread(screen, -(pressed.count or 1))


def _unread(screen: ReadingScreen, steps: int) -> None:
    """Go to the next unread row: in the list the cursor moves, from the article the next one opens."""
    step = 1 if steps > 0 else -1
    for _ in range(min(abs(steps), 1_000)):
        if screen.pane == "article":
            _go_unread(screen, step, go=True)
        elif (position := _find_unread(screen, step)) is not None:
            screen.article_list.go_to(position, step)
        else:
            screen.say("Nothing unread in this list")
            return


def _find_unread(screen: ReadingScreen, step: int) -> int | None:
    """Return the next unread position; from the other end of the list when there is none further on."""
    rows = screen.article_list
    for start in (rows.cursor, -1 if step > 0 else rows.count):
        found = rows.source.next_unread(start, step)
        # A result held while articles arrive may not know of the latest marks; its rows do.
        for _ in range(MOST_PASSED):
            if found is None:
                break
            item = rows.item(found)
            if item is not None and not item.headline.read and _unread_rows(screen, item):
                return found
            found = rows.source.next_unread(found, step)
    return None


def _go_unread(screen: ReadingScreen, step: int, *, go: bool) -> None:
    """Open the next unread article, or look for a view that has one."""
    position = _find_unread(screen, step)
    if position is None:
        if screen.pane == "article":
            screen.go_to_pane("list")
        _other_view(screen)
        return
    screen.article_list.go_to(position, step)
    open_current(screen, go=go, unread=True)


def _other_view(screen: ReadingScreen) -> None:
    """Go to the first view that still has something unread, and say so."""
    results = screen.results
    wanted = results.find_first([name for name in results.views if name != "All"]) or results.find_first(["All"])
    if wanted is None:
        screen.say("Everything is read")
        return
    screen.say(f"Nothing unread left here: on to {wanted}")
    results.set_query(results.views[wanted], view=wanted)
