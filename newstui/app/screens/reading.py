"""The reading screen: a switchboard between the panes and the library.

It holds what the reader is doing (view, query, pane, selection), asks the library in workers, and hands what
comes back to the panes. What each command does is in `app/actions/`, one function per command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from newstui.app.actions import HANDLERS
from newstui.app.actions import reading as read_actions
from newstui.app.arrangement import Arrangement, arrange
from newstui.app.availability import Situation, reason_against
from newstui.app.counting import Counts, count, sidebar_content
from newstui.app.memory import Memory
from newstui.app.refreshing import RefreshBoard
from newstui.app.saving import MarkSaver
from newstui.app.sources import ArticleItems, FirstPage, StoryItems
from newstui.app.widgets.article_list import ArticleList, ItemSource
from newstui.app.widgets.article_view import ArticleView
from newstui.app.widgets.blank import EmptyNote
from newstui.app.widgets.divider import Divider
from newstui.app.widgets.line_list import LineList
from newstui.app.widgets.query_line import QueryLine, Suggestions
from newstui.app.widgets.sidebar import Sidebar
from newstui.app.widgets.status_line import StatusLine
from newstui.commands import COMMANDS, KeyReader, Place, Pressed, describe_key
from newstui.config.settings import Settings
from newstui.errors import NewstuiError, QueryError
from newstui.library.events import RefreshEvent
from newstui.model import Article, Coverage, Headline, Subscription
from newstui.present.counts import describe_count, describe_number
from newstui.present.sentences import describe_error, describe_query_error, empty_list
from newstui.query import Query
from newstui.query.complete import Candidate
from newstui.query.hits import wanted_of
from newstui.query.shown import shown_text
from newstui.query.views import expand, known_views
from newstui.text import cell_width

if TYPE_CHECKING:
    from newstui.config import Paths
    from newstui.library import Library, Listing

Result = TypeVar("Result")

PREVIEW_SECONDS = 0.05
"""An article is shown once the cursor rests this long: a held key stays smooth (docs/performance.md)."""
TYPING_SECONDS = 0.06
"""A query is asked once no key came for this long."""
COUNTS_SECONDS = 0.12
"""Counts follow the list; they never hold it up."""
ARRIVAL_SECONDS = 0.7
"""While a refresh runs, the list looks for new articles at most this often."""
POLL_SECONDS = 2.0
"""How often another newstui's marks and articles are looked for."""
LINK_SECONDS = 0.6
"""How long a digit waits for another one, where links have two."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave."""

    serial: int
    """Which question this answers; an answer to an older one is dropped."""
    query: Query
    listing: Listing
    source: ItemSource
    total: int
    """Rows."""
    unread: int
    """Articles."""


class ReadingScreen(Screen[None]):
    """List, article, sidebar, query line and status line."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Ready(Message):
        """A worker has something to hand over on the screen's thread."""

        def __init__(self, hand_over: Callable[[], None]) -> None:
            super().__init__()
            self.hand_over = hand_over

    def __init__(
        self,
        library: Library,
        settings: Settings,
        paths: Paths,
        keys: dict[str, tuple[str, ...]],
        memory: Memory,
        *,
        is_sample: bool = False,
        greeting: Sequence[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self.library = library
        self.settings = settings
        self.paths = paths
        self.keys = keys
        self.memory = memory
        self.is_sample = is_sample
        self.greeting = tuple(greeting)
        """Sentences to say first: mistakes in the configuration."""
        self.clock = clock
        self.zone = zone
        self.saved_views: dict[str, str] = {view.name: view.query for view in settings.views}
        self.view_keys: dict[str, str] = {view.key: view.name for view in settings.views if view.key}
        self.key_reader = KeyReader(keys)
        self.view_name = memory.view if memory.view in self.views else "All"
        self.query_text = memory.query or self.views[self.view_name]
        """What the list shows; the query line says the same."""
        self.asked = Query()
        """The same, understood."""
        self.listing: Listing | None = None
        """The last good result; None until the library has loaded."""
        self.total_articles = 0
        """Articles in all collections."""
        self.unread_in_list = 0
        self.stories = memory.stories
        """Whether the list has a row per story."""
        self.pane: Place = "list"
        """Where the reader is."""
        self.zoomed = memory.zoomed
        self.article: Article | None = None
        """The article shown."""
        self.article_row: int | None = None
        self.coverage: Sequence[Coverage] = ()
        self.trail: list[int] = []
        """Articles left for their related coverage, to come back to."""
        self.is_open = False
        """Whether the article was opened; else it is a preview of the row under the cursor."""
        self.waiting: Found | None = None
        """A result with articles that arrived, not shown yet."""
        self.counts: Counts | None = None
        self.board = RefreshBoard()
        self.is_loading = True
        self.saver = MarkSaver(self._pending_changed, self._save_failed)
        self._serial = 0
        self._list_grows = False
        """Whether new articles are shown as they come: while nobody has begun to read."""
        self._link_digits = ""
        self._pauses: dict[str, Timer] = {}

    # -- composing ---
    def compose(self) -> ComposeResult:
        now = lambda: self.clock().timestamp()  # noqa: E731
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
                yield ArticleList(now=now, zone=self.zone, id="list")
                yield EmptyNote(id="list-note")
            yield Divider(id="list-divider")
            yield ArticleView(id="article")
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        self.article_list.date_style = "date" if self.settings.reader.dates == "date" else "age"
        self.article_view.measure = self.settings.reader.article_width
        self.article_view.zone = self.zone
        self.suggestions.display = self.mistake.display = False
        with self.prevent(Input.Changed):
            self.query_line.value = self.query_text
        self._show_names()
        self._show_first_page()
        self.article_list.focus()
        self._arrange()
        self._show_hints()
        self._greet()
        self.run_worker(self.saver.run(), group="saver")
        self.in_thread(self._load, self._loaded, group="load")

    def _greet(self) -> None:
        if self.greeting:
            self.say(" · ".join(self.greeting), failed=True)
        elif self.is_sample:
            key = self.key_of("collections.add")
            self.say(f"This is the sample that comes with newstui: {key} adds a collection of your own")

    def on_unmount(self) -> None:
        self.board.cancelled = True

    # -- parts ---
    @property
    def article_list(self) -> ArticleList:
        return self.query_one("#list", ArticleList)

    @property
    def article_view(self) -> ArticleView:
        return self.query_one("#article", ArticleView)

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
    def mistake(self) -> Static:
        return self.query_one("#mistake", Static)

    @property
    def status(self) -> StatusLine:
        return self.query_one("#status", StatusLine)

    @property
    def views(self) -> dict[str, str]:
        """Name → query of every view, in the order the sidebar shows them."""
        return known_views(self.saved_views)

    # -- workers ---
    def in_thread(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        *,
        group: str,
        failed: Callable[[NewstuiError], None] | None = None,
    ) -> None:
        """Do work off the screen's thread, then hand the result over; a newer one of the group takes its place."""

        def job() -> None:
            worker = get_current_worker()
            try:
                result = work()
            except NewstuiError as error:
                told = failed or (lambda problem: self.say(describe_error(problem), failed=True))
                reason = error
                self.post_message(self.Ready(lambda: told(reason)))
                return
            if not worker.is_cancelled:
                self.post_message(self.Ready(lambda: then(result)))

        self.run_worker(job, group=group, exclusive=True, thread=True)

    def on_reading_screen_ready(self, message: Ready) -> None:
        message.hand_over()

    def later(self, name: str, seconds: float, call: Callable[[], object], *, keep: bool = False) -> None:
        """Call once, after a pause. A newer call of the same name takes its place; with `keep` the older one stays."""
        if (timer := self._pauses.pop(name, None)) is not None:
            if keep:
                self._pauses[name] = timer
                return
            timer.stop()

        def due() -> None:
            self._pauses.pop(name, None)
            call()

        self._pauses[name] = self.set_timer(seconds, due)

    # -- loading ---
    def _show_first_page(self) -> None:
        if self.query_text or self.stories:
            self._show_note()
            return
        try:
            headlines = self.library.first_page(200)
        except NewstuiError as error:
            self.say(describe_error(error), failed=True)
            return
        if headlines:
            self.article_list.show(FirstPage(headlines), at_top=True)
        self._show_note()

    def _load(self) -> int | None:
        self.library.load()
        wanted = self.memory.article
        if not wanted:
            return None
        try:
            return self.library.resolve(wanted)[0]
        except NewstuiError:
            return None

    def _loaded(self, row: int | None) -> None:
        self.is_loading = False
        self.find(row=row)
        self.set_interval(POLL_SECONDS, self._poll)
        if self.settings.refresh.on_start:
            self.refresh_collections(quiet=True)
        every = self.settings.every_seconds
        if every:
            self.set_interval(max(every, 60), lambda: self.refresh_collections(quiet=True))

    def _poll(self) -> None:
        self.in_thread(self.library.poll, lambda changed: self.articles_changed() if changed else None, group="poll")

    # -- finding ---
    def find(self, *, row: int | None = None, at_top: bool = False) -> None:
        """Ask for what the query line says, and show it.

        Args:
            row: The article to stay on; by default the one under the cursor.
            at_top: Begin at the first row instead.
        """
        try:
            query = expand(self.query_text, self.saved_views)
        except QueryError as error:
            self._show_mistake(error)
            return
        self.hide_mistake()
        self._serial += 1
        serial, stories, kept = self._serial, self.stories, set(self.article_list.kept)
        stay = (
            row if row is not None else (self.article_list.current.headline.row if self.article_list.current else None)
        )
        self.in_thread(
            lambda: self._ask(serial, query, stories, kept),
            lambda found: self._show_found(found, row=stay, at_top=at_top),
            group="find",
            failed=self._find_failed,
        )

    def _ask(self, serial: int, query: Query, stories: bool, kept: Iterable[int]) -> Found:
        listing = self.library.find(query, keep_rows=kept)
        source: ItemSource
        if stories:
            source = StoryItems(self.library.stories(listing), query, self._body_of)
        else:
            source = ArticleItems(listing, query, self._body_of)
        return Found(serial, query, listing, source, len(source), listing.unread())

    def _body_of(self, row: int) -> str:
        article = self.library.article(row)
        return shown_text(article.body, article.body_format) if article else ""

    def _show_found(self, found: Found, *, row: int | None, at_top: bool) -> None:
        if found.serial != self._serial:
            return
        self.asked, self.listing, self.waiting = found.query, found.listing, None
        self.unread_in_list = found.unread
        wanted = bool(wanted_of(found.query))
        shape_changes = wanted != self.article_list.with_snippets
        self.article_list.with_snippets = wanted
        if shape_changes:
            self.article_list.relayout()
        self.article_list.show(found.source, row=row, at_top=at_top)
        self._show_names()
        self._show_note()
        self._show_news()
        self.count_soon()
        if not found.total:
            self._forget_article()

    def _find_failed(self, error: NewstuiError) -> None:
        if isinstance(error, QueryError):
            self._show_mistake(error)
        else:
            self.say(describe_error(error), failed=True)

    def set_query(self, text: str, *, view: str | None = None, row: int | None = None) -> None:
        """Show another query; the query line says it, and what was kept in place is let go."""
        if view is not None:
            self.view_name = view
        self.query_text = " ".join(text.split())
        with self.prevent(Input.Changed):
            self.query_line.value = self.query_text
        self.leave_view()
        self.find(row=row, at_top=row is None)

    def leave_view(self) -> None:
        """Let go of what was kept in place and selected."""
        self.article_list.kept.clear()
        self.article_list.select(())

    def count_soon(self) -> None:
        """Count anew for the sidebar, once things are quiet."""
        self.later("counts", COUNTS_SECONDS, self._count)

    def _count(self) -> None:
        if self.listing is None:
            return
        library, query, listing, views = self.library, self.asked, self.listing, self.views
        saved = dict(self.saved_views)
        self.in_thread(lambda: count(library, query, listing, views, saved), self._counted, group="counts")

    def _counted(self, counts: Counts) -> None:
        self.counts = counts
        self.total_articles = counts.total
        self.unread_in_list = counts.unread_in_list
        self._show_sidebar()
        self._show_names()
        self._show_note()

    def _show_sidebar(self) -> None:
        if self.counts is not None:
            self.sidebar.show(sidebar_content(self.counts, self.asked, self.view_name, self.views, self.board))

    # -- the query line ---
    @on(Input.Changed, "#query")
    def _query_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_text = event.value
        self.later("typing", TYPING_SECONDS, self._typed)

    def _typed(self) -> None:
        self.leave_view()
        self.find(at_top=True)
        text, column = self.query_line.value, self.query_line.cursor_position
        self.in_thread(
            lambda: list(self.library.complete(text, column))[:50],
            lambda candidates: self._suggest(text, candidates),
            group="complete",
        )

    def _suggest(self, text: str, candidates: Sequence[Candidate]) -> None:
        if not self.query_line.has_focus or self.query_line.value != text:
            return
        word = text[: self.query_line.cursor_position].rpartition(" ")[2]
        shown = [one for one in candidates if one.text.strip() != text.strip()] if word else []
        column = self.query_line.column_on_screen + cell_width(text[: self.query_line.cursor_position - len(word)])
        self.suggestions.show(shown, column)
        if shown:  # what is being completed need not be right yet
            self.hide_mistake()

    @on(QueryLine.Steered)
    def _steer(self, event: QueryLine.Steered) -> None:
        if not self.suggestions.display:
            if event.step > 0:
                self.leave_query_line(keep=True)
        elif event.step:
            self.suggestions.steer(event.step)
        else:
            self._take_suggestion()

    @on(LineList.Opened, "#suggestions")
    def _take_suggestion(self) -> None:
        if (one := self.suggestions.current) is not None:
            self.query_line.value = one.text
            self.query_line.cursor_position = one.column
            self.suggestions.display = False

    @on(QueryLine.Left)
    def _query_left(self, event: QueryLine.Left) -> None:
        if event.keep and self.suggestions.display and self.suggestions.active:
            self._take_suggestion()
        elif not event.keep and self.suggestions.display and self.suggestions.active:
            self.suggestions.display = False
        else:
            self.leave_query_line(keep=event.keep)

    def leave_query_line(self, *, keep: bool) -> None:
        """Go back to the list; without `keep` the query is that of the view again."""
        self.suggestions.display = False
        self.hide_mistake()
        if not keep:
            self.set_query(self.views.get(self.view_name, ""))
        elif self.query_text != self.query_text.strip():
            self.query_text = self.query_text.strip()
        self.go_to_pane("list")

    def _show_mistake(self, error: QueryError) -> None:
        found = describe_query_error(error)
        column = self.query_line.column_on_screen + cell_width(error.text[: found.column])
        message, width = found.message, self.size.width
        self.mistake.styles.offset = (0, 0)
        if column + 2 + cell_width(message) < width:
            text = " " * column + "▲ " + message
        else:
            text = " " * min(column, width - 1) + "▲\n " + message
        self.mistake.update(Content(text))
        self.mistake.display = not self.suggestions.display

    def hide_mistake(self) -> None:
        """Take the mistake away."""
        self.mistake.display = False

    # -- panes ---
    @property
    def arrangement(self) -> Arrangement:
        """Where the panes are now."""
        return arrange(
            self.size.width,
            self.pane,
            sidebar=self.memory.sidebar,
            zoomed=self.zoomed,
            sidebar_cells=self.memory.sidebar_cells,
            list_share=self.memory.list_share,
        )

    def on_resize(self) -> None:
        self._arrange()
        self._show_names()
        self._show_hints()

    def _arrange(self) -> None:
        now = self.arrangement
        sidebar, list_pane = self.sidebar, self.query_one("#list-pane")
        sidebar.display = now.sidebar != "away"
        sidebar.set_class(now.sidebar == "over", "-over")
        sidebar.styles.width = now.sidebar_cells or "1fr"
        self.query_one("#sidebar-divider").display = now.sidebar == "beside"
        list_pane.display = bool(now.list_cells)
        list_pane.styles.width = now.list_cells if now.article else "1fr"
        self.query_one("#list-divider").display = bool(now.list_cells) and now.article
        self.article_view.display = now.article
        self.query_one("#sidebar-divider").set_class(self.pane in ("sidebar",), "-bright")
        self.query_one("#list-divider").set_class(self.pane == "article", "-bright")

    def go_to_pane(self, pane: Place) -> None:
        """Go to a pane; it is shown if it was not."""
        self.pane = pane
        self._arrange()
        widget = {"list": self.article_list, "article": self.article_view, "sidebar": self.sidebar}[pane]
        self.set_focus(widget, scroll_visible=False)
        self._show_hints()
        if pane == "article" or self.arrangement.article:
            self.show_current()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        panes: dict[object, Place] = {self.article_list: "list", self.article_view: "article", self.sidebar: "sidebar"}
        pane = panes.get(event.widget)
        if pane is not None and pane != self.pane:
            self.pane = pane
            self._arrange()
        self._show_hints()

    def rearrange(self) -> None:
        """Take up another division of the screen."""
        self._arrange()

    @on(Divider.Dragged, "#list-divider")
    def _list_dragged(self, event: Divider.Dragged) -> None:
        now = self.arrangement
        left = now.sidebar_cells + 1 if now.sidebar == "beside" else 0
        shared = self.size.width - 1 - left
        self.memory.list_share = min(max((event.x - left) / max(shared, 1), 0.15), 0.85)
        self._arrange()

    @on(Divider.Dragged, "#sidebar-divider")
    def _sidebar_dragged(self, event: Divider.Dragged) -> None:
        self.memory.sidebar_cells = min(max(event.x, 16), 60)
        self._arrange()

    # -- list and article ---
    @on(LineList.Highlighted, "#list")
    def _row_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._show_position()
        if self.arrangement.article and self.pane != "article":
            self.later("preview", PREVIEW_SECONDS, self._preview)

    def _preview(self) -> None:
        item = self.article_list.current
        if item is None:
            self._forget_article()
        elif item.headline.row != self.article_row or self.trail:
            self.trail.clear()
            self.is_open = False
            self.show_article(item.headline.row)

    def show_current(self) -> None:
        """Show the article under the cursor, unless one is shown that was come to through its coverage."""
        if not self.trail:
            self._preview()

    def _forget_article(self) -> None:
        self.article, self.article_row, self.coverage = None, None, ()
        self.trail.clear()
        self.article_view.show(None)
        self._show_hints()

    def show_article(self, row: int) -> None:
        """Show an article: what is in the cache at once, who else wrote about it as soon as that is known."""
        self.article_row = row
        headline = self.headline_of(row)
        self.in_thread(
            lambda: self.library.article(row), lambda one: self._show_text(row, one, headline), group="article"
        )

    def headline_of(self, row: int) -> Headline | None:
        """Return what the list knows of an article; from the library when it is not the one under the cursor."""
        item = self.article_list.current
        if item is not None and item.headline.row == row:
            return item.headline
        return self.library.headline(row)

    def _show_text(self, row: int, article: Article | None, headline: Headline | None) -> None:
        if row != self.article_row:
            return
        self.article, self.coverage = article, ()
        self.article_view.show(article, headline, (), self.asked)
        self._show_hints()
        self.in_thread(
            lambda: self.library.coverage(row), lambda some: self._show_coverage(row, some), group="coverage"
        )

    def _show_coverage(self, row: int, coverage: Sequence[Coverage]) -> None:
        if row != self.article_row:
            return
        self.coverage = coverage
        self.article_view.show(self.article, self.headline_of(row), coverage, self.asked)
        self._show_hints()

    def refresh_article(self) -> None:
        """Take up marks that changed on the article shown."""
        if self.article_row is not None and self.article is not None:
            self.article_view.show(self.article, self.library.headline(self.article_row), self.coverage, self.asked)

    @on(LineList.Opened, "#list")
    def _row_opened(self, event: LineList.Opened) -> None:
        event.stop()
        self.run_command("article.open")

    @on(ArticleList.SignClicked)
    def _sign_clicked(self, event: ArticleList.SignClicked) -> None:
        self.run_command("article.toggle_read" if event.sign == "read" else "article.toggle_star")

    @on(Sidebar.Picked)
    def _entry_picked(self, event: Sidebar.Picked) -> None:
        from newstui.app.actions import finding

        finding.pick_entry(self, event.entry)

    @on(ArticleView.LinkFollowed)
    def _link_followed(self, event: ArticleView.LinkFollowed) -> None:
        from newstui.app.actions import links

        links.open_url(self, event.url)

    @on(ArticleView.CoverageChosen)
    def _coverage_chosen(self, event: ArticleView.CoverageChosen) -> None:
        read_actions.open_coverage(self, event.coverage)

    # -- commands ---
    def situation(self) -> Situation:
        """Return where the reader is, for what makes sense now."""
        item = self.article_list.current
        return Situation(
            pane=self.pane,
            rows=self.article_list.count,
            unread=self.unread_in_list,
            selected=len(self.article_list.selection),
            has_article=item is not None or self.article_row is not None,
            links=len(self.article_view.links()) if self.article is not None else 0,
            coverage=len(self.coverage),
            words=self.article_list.with_snippets,
            query=self.query_text,
            new=self._new_count(),
            refreshing=self.board.is_running,
            collections=len(self.counts.health) if self.counts else 1,
            has_pictures=bool(self.article and self.article.images),
            narrow=self.arrangement.width == "narrow",
            loading=self.is_loading,
        )

    def run_command(self, command: str, number: int | None = None, key: str = "") -> None:
        """Do what a command says, or say why it makes no sense now."""
        if reason := reason_against(command, self.situation()):
            self.say(reason)
            return
        HANDLERS[command](self, Pressed(command, number, key=key))

    def on_key(self, event: events.Key) -> None:
        printable = event.is_printable and event.character not in (None, " ")
        name = event.character if printable and event.character else event.key
        typing = isinstance(self.focused, Input)
        if typing and (printable or name not in self._anywhere):
            return
        event.stop()
        event.prevent_default()
        if not typing and self._follows_link(name):
            return
        if not typing and name in self.view_keys and name not in self._bound:
            self.set_query(self.views[self.view_keys[name]], view=self.view_keys[name])
            return
        pressed = self.key_reader.press(name)
        self.status.show(typed=pressed.pending)
        if pressed.command:
            self.status.hush()
            self.run_command(pressed.command, pressed.count, pressed.key)

    @property
    def _anywhere(self) -> set[str]:
        """Keys that work while a query is typed."""
        commands = ("app.quit_now", "app.help", "app.palette")
        return {key for command in commands for key in self.keys[command] if len(key) > 1} - {"ctrl+p"}

    @property
    def _bound(self) -> set[str]:
        return {key for keys in self.keys.values() for key in keys}

    def _follows_link(self, key: str) -> bool:
        """Take a digit in the article as the number of a link; wait for a second one only where there may be one."""
        if self._link_digits and key == "enter":
            self._follow_number()
            return True
        if self.pane != "article" or not (len(key) == 1 and key in "0123456789"):
            self._link_digits = ""
            return False
        links = len(self.article_view.links())
        if not self._link_digits and (key == "0" or int(key) > links):
            return False
        self._link_digits += key
        if int(self._link_digits) * 10 > links:
            self._follow_number()
        else:
            self.status.show(typed=self._link_digits)
            self.later("link", LINK_SECONDS, self._follow_number)
        return True

    def _follow_number(self) -> None:
        from newstui.app.actions import links

        digits, self._link_digits = self._link_digits, ""
        self.status.show(typed="")
        if digits:
            links.follow_number(self, int(digits))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Textual know which of our commands make sense now."""
        if action == "command" and parameters:
            return not reason_against(str(parameters[0]), self.situation())
        return True

    def action_command(self, command: str) -> None:
        """Run a command by its id."""
        self.run_command(command)

    # -- marks ---
    def targets(self) -> tuple[int, ...]:
        """Return the articles a command acts on: the selection, else the article shown or under the cursor."""
        if self.article_list.selection:
            return tuple(sorted(self.article_list.selection))
        if self.pane == "article" and self.article_row is not None:
            return (self.article_row,)
        item = self.article_list.current
        return item.all_rows if item is not None else ()

    def _pending_changed(self, rows: Sequence[int]) -> None:
        if self.is_mounted:
            self.article_list.pending = self.saver.pending
            self.article_list.forget_marks()

    def _save_failed(self, error: NewstuiError) -> None:
        self.say(f"Not saved yet, trying again: {describe_error(error)}", failed=True)

    def marks_changed(self) -> None:
        """Show marks as they are on disk now."""
        self.article_list.forget_marks()
        self.refresh_article()
        self.count_soon()
        self._show_hints()

    # -- refreshing ---
    def refresh_collections(self, names: Sequence[str] = (), *, force: bool = False, quiet: bool = False) -> None:
        """Scan and fetch in a worker; what comes is shown as it comes. `quiet`: say nothing when nothing came."""
        if self.board.is_running:
            return
        board = self.board = RefreshBoard(is_running=True, quiet=quiet)
        self._list_grows = not self.article_list.count

        def tell(event: RefreshEvent) -> None:
            self.post_message(self.Ready(lambda: self._refresh_news(event)))

        def work() -> None:
            for event in self.library.refresh(names, force=force, is_cancelled=lambda: board.cancelled):
                tell(event)
            if not board.cancelled:
                for progress in self.library.update_coverage(is_cancelled=lambda: board.cancelled):
                    done, total = progress.done, progress.total
                    self.post_message(self.Ready(lambda d=done, t=total: self._coverage_news(d, t)))  # type: ignore[misc]

        self.in_thread(work, lambda _: self._refreshed(), group="refresh", failed=self._refresh_broke)
        self._show_work()

    def _refresh_news(self, event: RefreshEvent) -> None:
        self.board.take(event)
        self._show_work()
        self._show_sidebar()
        if self.board.has_arrivals:
            self.later("arrivals", ARRIVAL_SECONDS, self.articles_changed, keep=True)

    def _coverage_news(self, done: int, total: int) -> None:
        self.board.coverage = (done, total)
        self._show_work()

    def _refreshed(self) -> None:
        self.board.is_running = False
        self._show_work()
        self.articles_changed()
        if sentence := self.board.summary():
            self.say(sentence, failed=bool(self.board.failures))

    def _refresh_broke(self, error: NewstuiError) -> None:
        self.board.is_running = False
        self._show_work()
        self.say(describe_error(error), failed=True)

    def articles_changed(self) -> None:
        """Look what the query gives now. It waits to be shown; rows that are shown stay where they are."""
        if self.listing is None:
            self.find()
            return
        serial, query, stories, kept = self._serial, self.asked, self.stories, set(self.article_list.kept)
        self.in_thread(lambda: self._ask(serial, query, stories, kept), self._arrived, group="arrivals")

    def _arrived(self, found: Found) -> None:
        if found.serial != self._serial:
            return
        if self._list_grows and not self.article_list.cursor and not self.is_open:
            self._show_found(found, row=None, at_top=True)
        elif found.total > self.article_list.count:
            self.waiting = found
            self.article_list.forget_marks()
        else:
            self.article_list.forget_marks()
        self.refresh_article()
        self._show_news()
        self.count_soon()

    def show_waiting(self) -> None:
        """Show the articles that arrived; the cursor stays on its article."""
        if (found := self.waiting) is not None:
            item = self.article_list.current
            self._show_found(found, row=item.headline.row if item else None, at_top=False)

    def _new_count(self) -> int:
        return max(self.waiting.total - self.article_list.count, 0) if self.waiting else 0

    def subscribe(self, subscriptions: Sequence[Subscription]) -> None:
        """Subscribe, and read what is new of it at once."""
        from newstui.app.screens.add import describe_subscribed
        from newstui.config.edit import add_collections

        def work() -> None:
            add_collections(self.paths.config_file, list(subscriptions), {})
            for one in subscriptions:
                self.library.subscribe(one)

        def done(_: None) -> None:
            self.is_sample = False
            self.say(describe_subscribed(subscriptions))
            self.refresh_collections([one.name for one in subscriptions], force=True)

        self.in_thread(work, done, group="subscribe")

    def import_file(self, file: Path) -> None:
        """Take over subscriptions and marks of another reader."""

        def done(found: tuple[Sequence[Subscription], int]) -> None:
            subscriptions, marks = found
            if subscriptions:
                self.subscribe(subscriptions)
            self.say(f"Taken over: {describe_count(len(subscriptions), 'collection')}, {describe_count(marks, 'mark')}")
            self.marks_changed()

        def work() -> tuple[Sequence[Subscription], int]:
            found = self.library.read_import(file)
            return found.subscriptions, self.library.import_marks(found.marks) if found.marks else 0

        self.in_thread(work, done, group="import")

    # -- words ---
    def say(self, sentence: str, *, failed: bool = False) -> None:
        """Say one sentence in the status line."""
        self.status.say(sentence, failed=failed)

    def key_of(self, command: str) -> str:
        """Return the key of a command as people read it."""
        keys = self.keys.get(command, ())
        return describe_key(keys[0]) if keys else self.key_of("app.palette") if command != "app.palette" else "?"

    @property
    def _escape_key(self) -> str:
        return "esc" if "escape" in self.keys["go.back"] else self.key_of("go.back")

    def _show_names(self) -> None:
        name = self.query_one("#view-name", Static)
        name.update(Content(f" {self.view_name} "))
        self._show_position()

    def _show_position(self) -> None:
        result = self.query_one("#result", Static)
        width = self.size.width
        if width < 60 or not self.article_list.count:
            text = f"{describe_number(self.article_list.count)} " if width >= 40 and self.article_list.count else ""
        else:
            noun = "story" if self.stories and self.listing is not None else "article"
            text = describe_count(self.article_list.count, noun) + (
                f", {describe_number(self.unread_in_list)} unread " if self.unread_in_list else " "
            )
        if str(result.render()) != text:
            result.update(Content(text))

    def _show_note(self) -> None:
        if self.article_list.count:
            empty = None
        else:
            health = self.counts.health if self.counts else ()
            empty = empty_list(
                loading=self.is_loading or self.board.is_running or self.counts is None,
                collections=len(health) if self.counts else 1,
                articles=self.total_articles,
                query=self.query_text if self.query_text.strip() != self.views.get(self.view_name, "") else "",
                view=self.view_name,
                failed=sum(bool(one.failure) for one in health),
                keys={command: self.key_of(command) for command in self.keys} | {"go.back": self._escape_key},
            )
        self.query_one("#list-note", EmptyNote).tell(empty)
        self.article_list.display = empty is None

    def _show_news(self) -> None:
        new = self._new_count()
        self.status.show(
            news=f"{describe_number(new)} new: press {self.key_of('list.show_new')} to show" if new else ""
        )

    def _show_work(self) -> None:
        self.status.show(work=self.board.line(self.size.width))

    def _show_hints(self) -> None:
        if isinstance(self.focused, Input):
            self.status.show(hints=[("enter", "to the list"), ("tab", "complete"), ("esc", "clear")])
            return
        now = self.situation()
        self.status.show(
            hints=[
                (self.key_of(command.id), command.title.lower())
                for command in COMMANDS
                if self.pane in command.footer and self.keys[command.id] and not reason_against(command.id, now)
            ]
        )
