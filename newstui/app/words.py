"""What the lines around the panes say: how much is shown, what waits, which keys help. `present/` has the sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Input, Static

from newstui.app.availability import reason_against, situation_of
from newstui.app.takeover import find_other_readers, name_of_reader
from newstui.app.widgets.blank import EmptyNote
from newstui.app.widgets.status_line import Aside, Hint
from newstui.commands import COMMANDS, describe_key
from newstui.present.counts import describe_count, describe_number
from newstui.present.sentences import describe_health_at, empty_list
from newstui.text import cell_width

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.app.widgets.sidebar import Entry


class Words:
    """The top line, the status line, the sidebar and the note of an empty list, as things are now."""

    def __init__(self, screen: ReadingScreen) -> None:
        self.screen = screen
        self._names: dict[str, str] = {}
        """What the parts of the top line say."""

    def greet(self) -> None:
        """Say what the reader should know first: mistakes in the configuration, or that this is the sample."""
        screen = self.screen
        if screen.greeting:
            several = len(screen.greeting) > 1
            sentence = f"{len(screen.greeting)} mistakes in the configuration" if several else screen.greeting[0]
            is_cut = several or cell_width(sentence) > screen.size.width - 2
            key = screen.key_of("collections.problems")
            offer = Hint(key, "says which" if several else "shows it whole", "collections.problems")
            screen.say(sentence, failed=True, offer=offer if is_cut else None)
        elif screen.is_sample:
            key, adds = screen.key_of("collections.add"), "adds your own collection"
            if found := find_other_readers(Path.home()):
                reader = name_of_reader(found[0])
                takes = Hint(screen.key_of("app.palette"), f"then “import” takes over {reader}", "collections.import")
                screen.say(f"This is a sample · {key} {adds}", offer=takes)
            else:
                screen.say("This is a sample", offer=Hint(key, adds, "collections.add"))

    def describe_failure(self, entry: Entry) -> str:
        """Say why a collection failed, when it was read last, and when it is tried again."""
        counts = self.screen.results.counts
        health = next((one for one in counts.health if one.name == entry.value), None) if counts else None
        if health is None or health.failure != entry.failure:  # it failed this moment
            return f"{entry.value} failed: {entry.failure}"
        return f"{entry.value} {describe_health_at(health, self.screen.clock(), self.screen.zone)}"

    def show_sidebar(self) -> None:
        """Show the views, topics and collections as counted last."""
        results = self.screen.results
        if results.counts is not None:
            from newstui.app.counting import sidebar_content

            board = self.screen.refresher.board
            self.screen.sidebar.show(
                sidebar_content(results.counts, results.asked, results.view_name, results.views, board)
            )

    def show_names(self) -> None:
        """Show the view's name and how much it holds."""
        screen, results = self.screen, self.screen.results
        unread = results.unread
        what = describe_count(screen.article_list.count, "story" if results.stories else "article")
        of_what = " articles" if results.stories and unread and screen.size.width >= 80 else ""
        if screen.size.width < 60:
            text = f"{describe_number(unread)} unread " if unread else f"{what} "
        else:
            text = f"{what}, {describe_number(unread)} unread{of_what} " if unread else f"{what} "
        for part, shown in (("#view-name", f" {results.view_name} "), ("#result", text)):
            if self._names.get(part) != shown:  # an update lays the whole screen out anew, whether it changed or not
                self._names[part] = shown
                screen.query_one(part, Static).update(Content(shown))

    def show_note(self) -> None:
        """Say what an empty list means, or show the list."""
        screen, results = self.screen, self.screen.results
        empty = None
        if not screen.article_list.count:
            counts = results.counts
            health = counts.health if counts else ()
            empty = empty_list(
                loading=screen.is_loading or screen.refresher.board.is_running or counts is None,
                collections=len(health) if counts else 1,
                articles=counts.total if counts else 0,
                query=results.query_text if results.is_narrowed else "",
                view=results.view_name,
                failed=sum(bool(one.failure) for one in health),
                keys={command: screen.key_of(command) for command in screen.keys},
                nearest=results.nearest,
            )
        screen.query_one("#list-note", EmptyNote).tell(empty)
        screen.article_list.display = empty is None

    def show_news(self) -> None:
        """Say how many articles wait to be shown."""
        new = self.screen.results.new
        key = self.screen.key_of("list.show_new")
        news = Aside(f"{describe_number(new)} new: press ", key, " to show", "list.show_new")
        self.screen.status.show(news=news if new else Aside())

    def show_work(self) -> None:
        """Show how a refresh is getting on, else how many collections failed."""
        screen = self.screen
        board, counts = screen.refresher.board, screen.results.counts
        failed = {one.name for one in counts.health if one.failure} if counts else set()
        work = Aside(board.line(screen.size.width))
        if not work.before and (failed := failed | board.failures.keys()):
            before, after = ("failed · ", " says why") if screen.size.width >= 60 else ("· ", " why")
            key = screen.key_of("collections.problems")
            work = Aside(f"✗ {len(failed)} {before}", key, after, "collections.problems")
        screen.status.show(work=work)
        self.show_sidebar()

    def show_hints(self) -> None:
        """Show the keys that help where the reader is."""
        screen = self.screen
        if isinstance(screen.focused, Input):
            screen.status.show(hints=[Hint("enter", "to the list"), Hint("tab", "complete"), Hint("esc", "clear")])
            return
        now = situation_of(screen)
        screen.status.show(
            hints=[
                Hint(describe_key(screen.keys[command.id][0]), command.title.lower(), command.id)
                for command in COMMANDS
                if screen.pane in command.footer and screen.keys[command.id] and not reason_against(command.id, now)
            ]
        )
