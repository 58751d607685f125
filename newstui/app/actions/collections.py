"""Collections: refresh, stop, add, import, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.present.counts import describe_count

if TYPE_CHECKING:
    from newstui.app.screens.add import Added
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed
    from newstui.model import CollectionHealth, Problem


def show_new(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show what arrived."""
    screen.results.show_waiting()


def refresh(screen: ReadingScreen, pressed: Pressed) -> None:
    """Refresh the collections of the targets."""
    names: dict[str, None] = {}
    entry = screen.sidebar.current if screen.pane == "sidebar" else None
    if entry is not None and entry.kind == "collection":
        names[entry.value] = None
    else:
        for row in screen.targets()[:500]:
            if (headline := screen.library.headline(row)) is not None:
                names[headline.collection] = None
    screen.refresher.refresh(tuple(names), force=True)


def refresh_all(screen: ReadingScreen, pressed: Pressed) -> None:
    """Refresh every collection."""
    screen.refresher.refresh()


def stop(screen: ReadingScreen, pressed: Pressed) -> None:
    """Ask the refresh to stop."""
    screen.refresher.stop()


def add(screen: ReadingScreen, pressed: Pressed) -> None:
    """Ask for a location, say what it is, and subscribe to it."""
    from newstui.app.screens.add import AddScreen

    def answered(added: Added | None) -> None:
        if added is not None:
            screen.refresher.add(added)

    screen.app.push_screen(AddScreen(screen.library, screen.lanes, screen.refresher.not_added), answered)


def import_file(screen: ReadingScreen, pressed: Pressed) -> None:
    """Ask for a file of another reader, and take over what it holds."""
    from pathlib import Path

    from newstui.app.screens.ask import AskScreen
    from newstui.app.takeover import find_other_readers

    found = find_other_readers(Path.home())

    def answered(text: str | None) -> None:
        if text:
            screen.refresher.take_over(Path(text).expanduser())

    screen.app.push_screen(
        AskScreen(
            "Take over from another reader",
            str(found[0]) if found else "",
            explain="A file with OPML, or newsboat's urls or cache.db",
            placeholder="path of the file",
        ),
        answered,
    )


def show_problems(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show how every collection does, and what of it could not be read."""
    from newstui.app.screens.reports import ReportScreen, mistake_lines, problem_lines

    sheet = ReportScreen("Collections", None)

    def show(found: tuple[list[CollectionHealth], list[Problem]]) -> None:
        health, problems = found
        lines = [*mistake_lines(screen.greeting), *problem_lines(health, problems, screen.clock(), screen.zone)]
        sheet.fill(lines, describe_count(len(problems), "problem") if problems else "")

    screen.app.push_screen(sheet)

    screen.in_thread(lambda: (screen.library.health(), screen.library.problems()), show, group="problems")
