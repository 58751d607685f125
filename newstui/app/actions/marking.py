"""Marks: read, star, tags, notes, many at once, and taking it all back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newstui.app.saving import MarkJob
from newstui.model import Change
from newstui.present.sentences import describe_change, describe_undone

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed
    from newstui.library.library import MarkAction


def mark(
    screen: ReadingScreen, rows: Sequence[int], action: MarkAction, value: str = "", *, quiet: bool = False
) -> None:
    """Queue a change of marks; it shows once it is on disk."""
    if not rows:
        return
    if action == "read":
        screen.article_list.kept |= set(rows[:10_000])

    def saved(change: Change | None) -> None:
        screen.marks_changed()
        if change is not None and not quiet:
            screen.say(describe_change(change, undo_key=screen.key_of("marks.undo")))

    chosen = tuple(rows)
    screen.saver.add(MarkJob(chosen, lambda: screen.library.mark(chosen, action, value), saved))


def mark_quietly(screen: ReadingScreen, rows: Sequence[int], action: MarkAction) -> None:
    """The same without a sentence: what the reader sees anyway."""
    mark(screen, rows, action, quiet=True)


def toggle_read(screen: ReadingScreen, pressed: Pressed) -> None:
    """Mark the targets read; unread again when all of them are."""
    rows = _counted(screen, pressed)
    unread = [row for row in rows if (one := screen.library.headline(row)) is not None and not one.read]
    mark(screen, unread or rows, "read" if unread else "unread", quiet=len(rows) == 1)
    _move_on(screen, pressed)


def toggle_star(screen: ReadingScreen, pressed: Pressed) -> None:
    """Star the targets; take the stars away when all have one."""
    rows = _counted(screen, pressed)
    plain = [row for row in rows if (one := screen.library.headline(row)) is not None and not one.starred]
    mark(screen, plain or rows, "starred" if plain else "unstarred", quiet=len(rows) == 1)


def _counted(screen: ReadingScreen, pressed: Pressed) -> tuple[int, ...]:
    """Return the targets; with a number, so many rows from the cursor on."""
    rows = screen.article_list
    if not pressed.count or pressed.count < 2 or screen.pane != "list" or rows.selection:
        return screen.targets()
    items = rows.source.items(rows.cursor, min(rows.cursor + pressed.count, rows.count))
    return tuple(row for item in items for row in item.all_rows)


def _move_on(screen: ReadingScreen, pressed: Pressed) -> None:
    """After marking with a number, the cursor stands behind what was marked."""
    if pressed.count and pressed.count > 1 and screen.pane == "list":
        screen.article_list.move(pressed.count)


def mark_all_read(screen: ReadingScreen, pressed: Pressed) -> None:
    """Mark the selection, else the whole result, read; the sentence says how many and how to take it back."""
    chosen = tuple(screen.article_list.selection)
    if chosen:
        mark(screen, chosen, "read")
        screen.article_list.select(())
        return
    listing = screen.results.listing
    if listing is None:
        screen.say("Still loading")
        return

    def saved(change: Change | None) -> None:
        screen.marks_changed()
        if change is not None:
            screen.say(describe_change(change, undo_key=screen.key_of("marks.undo")))

    screen.article_list.kept |= set(list(listing.rows())[:10_000])
    screen.saver.add(MarkJob((), lambda: screen.library.mark(listing.rows(), "read"), saved))


def undo(screen: ReadingScreen, pressed: Pressed) -> None:
    _turn_back(screen, again=False)


def redo(screen: ReadingScreen, pressed: Pressed) -> None:
    _turn_back(screen, again=True)


def _turn_back(screen: ReadingScreen, *, again: bool) -> None:
    def saved(change: Change | None) -> None:
        screen.marks_changed()
        screen.say(describe_undone(change, again=again))
        _show_history_again(screen)

    screen.saver.add(MarkJob((), screen.library.redo if again else screen.library.undo, saved))


def show_history(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show what was marked when."""
    from newstui.app.screens.reports import HistoryScreen

    def show(changes: list[Change]) -> None:
        screen.app.push_screen(HistoryScreen(changes, screen.clock(), screen.run_command, screen.zone))

    screen.in_thread(lambda: screen.library.history(500), show, group="history")


def _show_history_again(screen: ReadingScreen) -> None:
    from newstui.app.screens.reports import HistoryScreen

    top = screen.app.screen
    if isinstance(top, HistoryScreen):
        screen.in_thread(
            lambda: screen.library.history(500),
            lambda changes: top.show(changes, screen.clock(), screen.zone),
            group="history",
        )


def edit_note(screen: ReadingScreen, pressed: Pressed) -> None:
    """Ask for the note of one article."""
    from newstui.app.screens.ask import AskScreen

    rows = screen.targets()[:1]
    if not rows:
        return
    row = rows[0]
    before = screen.library.note(row)
    headline = screen.library.headline(row)

    def answered(text: str | None) -> None:
        if text is not None and text != before:
            mark(screen, (row,), "note", text, quiet=True)
            screen.say("Note kept" if text else "Note taken away")

    screen.app.push_screen(AskScreen("Note", before, explain=headline.title if headline else ""), answered)


def edit_tags(screen: ReadingScreen, pressed: Pressed) -> None:
    """Ask for tags: names to add, names with a minus to take away."""
    from newstui.app.screens.ask import AskScreen

    rows = screen.targets()
    if not rows:
        return
    one = screen.library.headline(rows[0]) if len(rows) == 1 else None
    before = list(one.tags) if one else []
    explain = "Names with blanks between them" + ("" if one else "; -name takes one away from all that are selected")

    def answered(text: str | None) -> None:
        if text is None:
            return
        typed = text.replace(",", " ").split()
        added = [name.lstrip("#") for name in typed if not name.startswith("-")]
        removed = [name[1:].lstrip("#") for name in typed if name.startswith("-")]
        removed += [name for name in before if name not in added]
        for name in added:
            if name and name not in before:
                mark(screen, rows, "tag", name)
        for name in removed:
            if name:
                mark(screen, rows, "untag", name)

    screen.app.push_screen(AskScreen("Tags", " ".join(before), explain=explain), answered)


def toggle_selected(screen: ReadingScreen, pressed: Pressed) -> None:
    """Select the row, and move on to the next; with a number, so many rows."""
    rows = screen.article_list
    for _ in range(min(pressed.count or 1, rows.count - rows.cursor)):
        rows.toggle_selected(rows.cursor)
        rows.move(1)
    _say_selected(screen)


def select_all(screen: ReadingScreen, pressed: Pressed) -> None:
    """Select every row of the result; none when something is selected."""
    if screen.article_list.selection:
        screen.article_list.select(())
    elif screen.results.listing is not None:
        screen.article_list.select(screen.results.listing.rows())
    _say_selected(screen)


def _say_selected(screen: ReadingScreen) -> None:
    from newstui.present.counts import describe_count

    selected = len(screen.article_list.selection)
    screen.say(f"{describe_count(selected, 'article')} selected" if selected else "Nothing selected")
