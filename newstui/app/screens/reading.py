"""The reading screen: a switchboard between the panes, the library, and what the reader is doing.

What is asked and found is `app/results.py`, what is typed `app/querying.py`, the article shown `app/opened.py`,
refreshing `app/refresher.py`; what a key means is `app/presses.py`, what a command does `app/actions/`, where the
panes are `app/panes.py`, and what the lines around them say `app/words.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from newstui.app.actions import handler_of
from newstui.app.arrangement import Arrangement
from newstui.app.availability import reason_against, situation_of
from newstui.app.lanes import Lanes
from newstui.app.memory import Memory
from newstui.app.opened import Opened
from newstui.app.panes import Panes
from newstui.app.presses import Presses
from newstui.app.querying import Querying
from newstui.app.refresher import Refresher
from newstui.app.results import Results
from newstui.app.saving import MarkSaver
from newstui.app.start import collect_garbage_again
from newstui.app.widgets.article_list import ArticleList
from newstui.app.widgets.blank import EmptyNote
from newstui.app.widgets.divider import Divider
from newstui.app.widgets.line_list import LineList
from newstui.app.widgets.query_line import QueryLine, Suggestions
from newstui.app.widgets.sidebar import Sidebar
from newstui.app.widgets.status_line import Hint, StatusLine
from newstui.app.words import Words
from newstui.commands import Place, Pressed, describe_key
from newstui.config.settings import Settings
from newstui.errors import NewstuiError
from newstui.present.sentences import describe_error

if TYPE_CHECKING:
    from newstui.app.app import ReaderApp
    from newstui.app.widgets.article_view import ArticleView
    from newstui.config import Paths
    from newstui.library import Library
    from newstui.model import Coverage

Result = TypeVar("Result")

POLL_SECONDS = 2.0
"""How often another newstui's marks and articles are looked for."""
LEAST_REFRESH_SECONDS = 60


class ReadingScreen(Screen[None]):
    """List, article, sidebar, query line and status line."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS: ClassVar[str | None] = ""  # the list gets it; the query line would have it for a moment, and be styled

    class HandedOver(Message):
        """A worker has something for the screen's thread to do."""

        def __init__(self, call: Callable[[], object]) -> None:
            super().__init__()
            self.call = call

    def __init__(
        self,
        library: Library,
        settings: Settings,
        paths: Paths,
        keys: dict[str, tuple[str, ...]],
        memory: Memory,
        *,
        greeting: Sequence[str] = (),
        is_sample: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        starts_at: Callable[[], int] | None = None,
    ) -> None:
        super().__init__()
        self.library = library
        self.settings = settings
        self.paths = paths
        self.keys = keys
        """Command id → its keys."""
        self.memory = memory
        self.greeting = tuple(greeting)
        """Sentences to say first: mistakes in the configuration."""
        self.is_sample = is_sample
        self.clock = clock
        self.zone = zone
        self._starts_at = starts_at
        self._is_styled = False
        self.pane: Place = "list"
        """Where the reader is."""
        self.zoomed = memory.zoomed
        self.is_loading = True
        self.results = Results(self, memory, settings.views)
        self.opened = Opened(self)
        self.panes = Panes(self)
        self.querying = Querying(self)
        self.words = Words(self)
        self.refresher = Refresher(self)
        self.saver = MarkSaver(library, self._pending_changed, self._save_failed)
        self.lanes = Lanes(self.hand_over)
        self.presses = Presses(self, keys, settings.views)
        self._pauses: dict[str, Timer] = {}
        self.article_pane: ArticleView | None = None
        """None until there is an article to show."""

    # -- composing ---
    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static("", id="view-name", markup=False)
            yield Static(Content("/"), id="query-sign", markup=False)
            yield QueryLine(id="query")
            yield Static("", id="result", markup=False)
        yield Suggestions(id="suggestions")
        yield Static("", id="mistake", markup=False)
        with Horizontal(id="panes"):
            yield Sidebar(id="sidebar")
            yield Divider(id="sidebar-divider")
            with Vertical(id="list-pane"):
                yield ArticleList(
                    now=lambda: self.clock().timestamp(), zone=self.zone, starts_at=self._starts_at, id="list"
                )
                yield EmptyNote(id="list-note")
            yield Divider(id="list-divider")
        yield StatusLine(id="status")

    @property
    def is_composed(self) -> bool:
        """Whether the panes are there; not yet, when the reader leaves while newstui starts."""
        return self.is_attached and bool(self.query("#list")) and bool(self.query("#status"))

    def on_mount(self) -> None:
        if not self.is_composed:
            return
        self.article_list.date_style = "date" if self.settings.reader.dates == "date" else "age"
        self.querying.begin()
        self.results.show_first_page()
        if not self.article_list.count:
            self.article_list.begin()  # the picture shows what is not so any more
        self.set_focus(self.article_list, scroll_visible=False)
        self.panes.rearrange()
        self.words.show_names()
        self.words.show_hints()  # with the first frame: each change after it paints the screen once more
        self.words.greet()
        self.run_worker(self.saver.run(), group="saver")
        self.call_after_refresh(self._begin_to_load)

    def update_node_styles(self, animate: bool = True) -> None:
        """Give all parts their styles again, save for the first time: each has just been given them as it was made."""
        if self._is_styled:
            super().update_node_styles(animate)
        self._is_styled = True

    def on_unmount(self) -> None:
        self.refresher.board.cancelled = True
        self.lanes.cancel()

    def _begin_to_load(self) -> None:
        """Bring the columns once the list is on the screen: two threads would hold each other up until then."""
        collect_garbage_again()
        self.in_thread(self._load, self._loaded, group="load")

    def _load(self) -> int | None:
        self.library.begin_session()
        self.library.load()
        try:
            return self.library.resolve(self.memory.article)[0] if self.memory.article else None
        except NewstuiError:
            return None

    def _loaded(self, row: int | None) -> None:
        self.is_loading = False
        has_moved = self.article_list.cursor or self.opened.is_open
        goes_to = None if has_moved else row
        self.results.find(row=goes_to, awaited=goes_to is not None)
        for notice in self.library.notices():
            self.say(describe_error(notice), failed=True)
        self.set_interval(POLL_SECONDS, self._poll)
        if self.settings.refresh.on_start:
            self.refresher.refresh(quiet=True)
        if every := self.settings.every_seconds:
            self.set_interval(max(every, LEAST_REFRESH_SECONDS), lambda: self.refresher.refresh(quiet=True))

    def _poll(self) -> None:
        def looked(changed: bool) -> None:
            if changed:
                self.results.articles_changed()

        self.in_thread(self.library.poll, looked, group="poll")

    # -- parts ---
    @property
    def article_list(self) -> ArticleList:
        return self.query_one("#list", ArticleList)

    @property
    def article_view(self) -> ArticleView:
        """The article pane; made for the first article, behind the first frame."""
        if self.article_pane is None:
            from newstui.app.article_pane import mount_article_pane

            self.article_pane = mount_article_pane(self)
        return self.article_pane

    @property
    def sidebar(self) -> Sidebar:
        return self.query_one("#sidebar", Sidebar)

    @property
    def query_line(self) -> QueryLine:
        return self.query_one("#query", QueryLine)

    @property
    def suggestions(self) -> Suggestions:
        return self.query_one("#suggestions", Suggestions)

    @property
    def status(self) -> StatusLine:
        return self.query_one("#status", StatusLine)

    # -- workers and pauses ---
    def in_thread(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], object],
        *,
        group: str,
        failed: Callable[[NewstuiError], object] | None = None,
    ) -> None:
        """Do work off the screen's thread, then hand the result over; a newer one of the group takes its place."""
        self.lanes.put(group, work, then, failed or self._say_failed)

    def hand_over(self, call: Callable[[], object]) -> None:
        """Let the screen's thread do something; may be called from any thread."""
        self.post_message(self.HandedOver(call))

    def on_reading_screen_handed_over(self, message: HandedOver) -> None:
        message.call()

    def _say_failed(self, error: NewstuiError) -> None:
        self.say(describe_error(error), failed=True)

    def later(self, name: str, seconds: float, call: Callable[[], object], *, keep: bool = False) -> None:
        """Call once, after a pause. A newer call of the same name takes its place; with `keep` the older one stays."""
        if keep and name in self._pauses:
            return
        self.give_up(name)

        def due() -> None:
            self._pauses.pop(name, None)
            call()

        self._pauses[name] = self.set_timer(seconds, due)

    def give_up(self, name: str) -> bool:
        """Do not make the call of this name that waits; return whether there was one."""
        if name not in self._pauses:
            return False
        self._pauses.pop(name).stop()
        return True

    # -- the query line ---
    @on(Input.Changed, "#query")
    def _query_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.querying.typed(event.value)

    @on(QueryLine.Steered)
    def _steered(self, event: QueryLine.Steered) -> None:
        self.querying.steer(event.step)

    @on(LineList.Opened, "#suggestions")
    def _suggestion_clicked(self) -> None:
        self.querying.take_suggestion()

    @on(QueryLine.Left)
    def _query_left(self, event: QueryLine.Left) -> None:
        self.querying.leave(keep=event.keep)

    # -- panes ---
    @property
    def arrangement(self) -> Arrangement:
        """Where the panes are now."""
        return self.panes.arrangement

    def on_resize(self) -> None:
        if not self.is_composed:
            return
        self.panes.rearrange()
        self.words.show_names()
        self.words.show_hints()
        self.words.show_work()
        self.querying.fit()

    def go_to_pane(self, pane: Place) -> None:
        """Go to a pane; it is shown if it was not."""
        self.pane = pane
        self.panes.rearrange()
        widget = self.article_view if pane == "article" else self.sidebar if pane == "sidebar" else self.article_list
        self.set_focus(widget, scroll_visible=False)
        self.words.show_hints()
        if self.arrangement.article:
            self.opened.show_current()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        panes: dict[object, Place] = {self.article_list: "list", self.article_pane: "article", self.sidebar: "sidebar"}
        pane = panes.get(event.widget)
        if pane is not None and pane != self.pane:
            self.pane = pane
            self.panes.rearrange()
        self.words.show_hints()

    @on(Divider.Dragged, "#list-divider")
    def _list_dragged(self, event: Divider.Dragged) -> None:
        self.panes.widen_list(event.x)

    @on(Divider.Dragged, "#sidebar-divider")
    def _sidebar_dragged(self, event: Divider.Dragged) -> None:
        self.panes.widen_sidebar(event.x)

    # -- news from the panes ---
    @on(LineList.Highlighted, "#list")
    def _row_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        if self.arrangement.article and self.pane != "article":
            self.opened.preview_soon()

    @on(StatusLine.Clicked)
    def _status_clicked(self, event: StatusLine.Clicked) -> None:
        self.run_command(event.command)

    @on(events.Click, "#view-name")
    def _view_clicked(self) -> None:
        self.run_command("view.pick")

    @on(events.Click, "#result")
    def _result_clicked(self) -> None:
        self.run_command("sort.pick")

    @on(LineList.Opened, "#list")
    def _row_opened(self, event: LineList.Opened) -> None:
        event.stop()
        self.run_command("article.open")

    @on(ArticleList.SignClicked)
    def _sign_clicked(self, event: ArticleList.SignClicked) -> None:
        self.run_command("article.toggle_read" if event.sign == "read" else "article.toggle_star")

    @on(LineList.Highlighted, "#sidebar")
    def _entry_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        entry = self.sidebar.current
        if self.pane == "sidebar" and entry is not None and entry.kind == "collection" and entry.failure:
            self.say(self.words.describe_failure(entry), failed=True)

    @on(Sidebar.Picked)
    def _entry_picked(self, event: Sidebar.Picked) -> None:
        from newstui.app.actions import finding

        finding.pick_entry(self, event.entry)

    def on_article_view_link_followed(self, event: ArticleView.LinkFollowed) -> None:
        from newstui.app.actions import links

        links.open_url(self, event.url)

    def on_article_view_coverage_chosen(self, event: ArticleView.CoverageChosen) -> None:
        from newstui.app.actions import reading

        reading.open_coverage(self, event.coverage)

    # -- commands ---
    def run_command(self, command: str, number: int | None = None, key: str = "") -> None:
        """Do what a command says, or say why it makes no sense now."""
        if reason := reason_against(command, situation_of(self)):
            self.say(reason)
            return
        handler_of(command)(self, Pressed(command, number, key=key))

    def take_key(self, event: events.Key) -> None:
        """Do what a key means, at once: it need not come up from the pane that has the focus."""
        with self._context():
            self.article_list.begin()
            self.on_key(event)
            if isinstance(self.focused, LineList):
                self.focused.paint_now()

    def on_key(self, event: events.Key) -> None:
        if self.presses.take(event, typing=isinstance(self.focused, Input)):
            event.stop()
            event.prevent_default()

    @property
    def keys_must_wait(self) -> bool:
        """Whether what the next key is meant for is not there yet: the answer to a query, the end of a word."""
        if isinstance(self.focused, Input):
            return bool(self.querying.steering)
        return bool(self.results.awaited)

    def keys_may_go_on(self) -> None:
        """Say that what keys waited for is there."""
        app = cast("ReaderApp", self.app)
        app.turns.go_on()

    # -- marks ---
    def targets(self, *, whole_story: bool = False) -> tuple[int, ...]:
        """Return the articles a command acts on: the selection, else the article shown or under the cursor.

        On a source of related coverage that is the source; nothing when it is in no collection. On the row of a story
        it is the article the row shows, or with `whole_story` every one.
        """
        if self.article_list.selection:
            return tuple(sorted(self.article_list.selection))
        if (source := self.chosen_source()) is not None:
            return (source.row,) if source.row is not None else ()
        if self.pane == "article" and self.opened.row is not None:
            return (self.opened.row,)
        item = self.article_list.current
        if item is None:
            return ()
        return item.all_rows if whole_story else (item.headline.row,)

    def chosen_source(self) -> Coverage | None:
        """Return the source of related coverage that the cursor is on."""
        return self.article_pane.chosen_coverage() if self.pane == "article" and self.article_pane else None

    def _pending_changed(self) -> None:
        if self.is_mounted:
            self.article_list.pending = self.saver.pending
            self.article_list.repaint()

    def _save_failed(self, error: NewstuiError) -> None:
        self.say(f"Not saved yet, trying again: {describe_error(error)}", failed=True)

    def marks_changed(self) -> None:
        """Show marks as they are on disk now."""
        self.article_list.forget_marks()
        self.opened.refresh_marks()
        self.results.count_soon()
        self.words.show_hints()

    # -- words ---
    def say(self, sentence: str, *, failed: bool = False, offer: Hint | None = None) -> None:
        """Say one sentence in the status line, and what a key does about it."""
        self.status.say(sentence, failed=failed, offer=offer)

    def key_of(self, command: str) -> str:
        """Return the key of a command as people read it; without one, the way to it by its name."""
        keys = self.keys.get(command, ())
        if command == "go.back" and "escape" in keys:
            return describe_key("escape")
        return describe_key(keys[0]) if keys else "the palette"

    def result_changed(self, *, is_empty: bool) -> None:
        """Take up that the list shows another result."""
        self.words.show_names()
        self.words.show_note()
        self.words.show_news()
        if is_empty:
            self.opened.forget()
        self.words.show_hints()

    def counts_changed(self) -> None:
        """Take up other counts."""
        self.words.show_work()
        self.words.show_names()
        self.words.show_note()
