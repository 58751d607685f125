"""Marks: read, star, tags, notes, many at once, and taking it all back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from newstui.app.saving import MarkJob
from newstui.app.widgets.status_line import Hint
from newstui.model import Change, Headline
from newstui.present.sentences import describe_change, describe_undone

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.app.widgets.article_list import ItemSource
    from newstui.commands import Pressed
    from newstui.library.library import MarkAction

MOST_SHOWN = 10_000
"""Articles of one change that are shown as pending and kept in place; nobody looks through more."""


def mark(
    screen: ReadingScreen, rows: Sequence[int], action: MarkAction, value: str = "", *, quiet: bool = False
) -> None:
    """Queue a change of marks; it shows once it is on disk."""
    chosen = tuple(rows)
    _queue(screen, chosen, lambda: screen.library.mark(chosen, action, value), quiet=quiet)


def _queue(screen: ReadingScreen, rows: tuple[int, ...], save: Callable[[], Change], *, quiet: bool) -> None:
    """Queue what changes the marks of some articles; they stay in place whether the query still matches or not."""
    if not rows:
        return
    shown = rows[:MOST_SHOWN]
    screen.article_list.kept |= set(shown)

    def saved(change: Change | None) -> None:
        screen.marks_changed()
        if change is None:
            screen.say("Saved now")
        elif not quiet:
            _tell(screen, change)

    screen.saver.add(MarkJob(shown, save, saved))


def mark_quietly(screen: ReadingScreen, rows: Sequence[int], action: MarkAction) -> None:
    """The same without a sentence: what the reader sees anyway."""
    mark(screen, rows, action, quiet=True)


def toggle_read(screen: ReadingScreen, pressed: Pressed) -> None:
    """Mark the targets read; unread again when all of them are."""
    _toggle(screen, _counted(screen, pressed, whole_story=True), "read", "unread", lambda one: one.read)
    if pressed.count and pressed.count > 1 and screen.pane == "list":
        screen.article_list.move(pressed.count)


def toggle_star(screen: ReadingScreen, pressed: Pressed) -> None:
    """Star the targets; take the stars away when all have one."""
    _toggle(screen, _counted(screen, pressed), "starred", "unstarred", lambda one: one.starred)


def _toggle(
    screen: ReadingScreen,
    rows: tuple[int, ...],
    on: MarkAction,
    off: MarkAction,
    is_on: Callable[[Headline], bool],
) -> None:
    """Set a mark on all that lack it, or take it away when none does. Decided when its turn to be saved comes."""
    library = screen.library

    def save() -> Change:
        lacking = [one.row for one in library.headlines(rows) if not is_on(one)]
        return library.mark(lacking or rows, on if lacking else off)

    _queue(screen, rows, save, quiet=len(rows) == 1)


def _counted(screen: ReadingScreen, pressed: Pressed, *, whole_story: bool = False) -> tuple[int, ...]:
    """Return the targets; with a number, those of so many rows from the cursor on."""
    rows = screen.article_list
    if not pressed.count or pressed.count < 2 or screen.pane != "list" or rows.selection:
        return screen.targets(whole_story=whole_story)
    items = rows.source.items(rows.cursor, min(rows.cursor + pressed.count, rows.count))
    return tuple(row for item in items for row in (item.all_rows if whole_story else (item.headline.row,)))


def mark_all_read(screen: ReadingScreen, pressed: Pressed) -> None:
    """Mark the selection, else the whole result, read; the sentence says how many and how to take it back."""
    chosen = tuple(screen.article_list.selection)
    if chosen:
        mark(screen, chosen, "read")
        screen.article_list.select(())
    elif screen.results.listing is None:
        screen.say("Still loading")
    else:
        _mark_result(screen, screen.article_list.source)


def _mark_result(screen: ReadingScreen, source: ItemSource) -> None:
    rows: list[int] = []

    def save() -> Change:
        found = source.all_rows()  # off the screen's thread: a million rows take a moment
        rows.extend(found[:MOST_SHOWN])
        return screen.library.mark(found, "read")

    def saved(change: Change | None) -> None:
        screen.article_list.kept |= set(rows)
        screen.marks_changed()
        if change is not None:
            _tell(screen, change)

    screen.saver.add(MarkJob((), save, saved))


def _tell(screen: ReadingScreen, change: Change) -> None:
    """Say what was done, and how to take it back."""
    offer = Hint(screen.key_of("marks.undo"), "takes it back", "marks.undo") if change.count else None
    screen.say(describe_change(change), offer=offer)


def undo(screen: ReadingScreen, pressed: Pressed) -> None:
    _turn_back(screen, again=False)


def redo(screen: ReadingScreen, pressed: Pressed) -> None:
    _turn_back(screen, again=True)


def _turn_back(screen: ReadingScreen, *, again: bool) -> None:
    def saved(change: Change | None) -> None:
        screen.marks_changed()
        screen.say(describe_undone(change, again=again))
        _show_history_again(screen)

    screen.saver.add(MarkJob((), screen.library.redo if again else screen.library.undo, saved, is_kept=False))


def show_history(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show what was marked when."""
    from newstui.app.screens.reports import HistoryScreen

    screen.app.push_screen(HistoryScreen(screen.run_command))
    _show_history_again(screen)


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
        for name in filter(None, added):
            if name not in before:
                mark(screen, rows, "tag", name)
        for name in filter(None, removed):
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
        screen.article_list.select(screen.article_list.source.all_rows())
    _say_selected(screen)


def _say_selected(screen: ReadingScreen) -> None:
    from newstui.present.counts import describe_count

    selected = len(screen.article_list.selection)
    screen.say(f"{describe_count(selected, 'article')} selected" if selected else "Nothing selected")
