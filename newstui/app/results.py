"""What the list shows and why: the view, the query, its result, what arrived since, and the counts beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import monotonic, sleep
from typing import TYPE_CHECKING

from newstui.app.lanes import cancelled_here
from newstui.app.sources import ArticleItems, FirstPage, StoryItems
from newstui.app.turns import Hold
from newstui.app.widgets.article_list import ItemSource
from newstui.errors import NewstuiError, QueryError
from newstui.present.sentences import describe_error
from newstui.query import Query
from newstui.query.hits import wanted_of
from newstui.query.views import expand, known_views
from newstui.records import dataclass, replace

if TYPE_CHECKING:
    from newstui.app.counting import Counts
    from newstui.app.memory import Memory
    from newstui.app.screens.reading import ReadingScreen
    from newstui.config.settings import SavedView
    from newstui.library import Listing

FIRST_ROWS = 200
"""Rows found before a long search is counted to its end."""
COUNTS_SECONDS = 0.12
"""Counts follow the list; they never hold it up."""
REST_SECONDS = 0.08
"""While a query is typed: how long the first rows have the processor to themselves, and a newer letter time to come,
before all is found."""
_REST_STEP_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave."""

    serial: int
    """Which question this answers; an answer to an older one is dropped."""
    query: Query
    listing: Listing
    source: ItemSource
    total: int
    """Rows known by now."""
    unread: int | None
    """Articles; None while the result is not counted to its end."""
    nearest: Sequence[str] = ()
    """Where nothing was found: conditions such as ``topic:Astronomy`` that may have been meant."""


class Results:
    """The question the reader asks, and the last good answer to it."""

    def __init__(self, screen: ReadingScreen, memory: Memory, saved: Sequence[SavedView]) -> None:
        self.screen = screen
        self.saved_views: dict[str, str] = {view.name: view.query for view in saved}
        self.view_name = memory.view if memory.view in self.views else "All"
        self.query_text = memory.query or self.views[self.view_name]
        """What is asked; the query line says the same."""
        self.asked = Query()
        """What the last good answer is an answer to."""
        self.listing: Listing | None = None
        """The last good answer; None until the library has loaded."""
        self.stories = memory.stories
        """Whether the list has a row per story."""
        self.waiting: Found | None = None
        """An answer with articles that arrived, not shown yet."""
        self.counts: Counts | None = None
        """None until something was counted."""
        self.unread = 0
        """Unread articles of the answer."""
        self.nearest: Sequence[str] = ()
        """Conditions that may have been meant, where nothing was found."""
        self.grows = False
        """New articles are shown as they come: while the list was empty and nobody has begun to read."""
        self.awaited = Hold()
        """The reader asked something, and the keys typed next are meant for the answer."""
        self._serial = 0
        self._is_asking = False
        """An answer is on its way; what follows it is counted then."""

    # -- views and queries ---
    @property
    def views(self) -> dict[str, str]:
        """Name → query of every view, in the order the sidebar shows them."""
        return known_views(self.saved_views)

    @property
    def query_of_view(self) -> str:
        """What the view asks by itself."""
        return self.views.get(self.view_name, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether the query is another than the view's own."""
        return self.query_text.strip() != self.query_of_view

    @property
    def is_top(self) -> bool:
        """Whether the list is in the Top order."""
        return self.asked.sort is not None and self.asked.sort.by == "top"

    @property
    def new(self) -> int:
        """How many articles wait to be shown."""
        return max(self.waiting.total - self.screen.article_list.count, 0) if self.waiting else 0

    def set_query(self, text: str, *, view: str | None = None, row: int | None = None) -> None:
        """Ask something else; the query line says it. `row` is an article to stay on, else the list begins anew."""
        if view is not None:
            self.view_name = view
        self.query_text = " ".join(text.split())
        self.screen.querying.show()
        self.leave_view()
        self.find(row=row, at_top=row is None, awaited=True)

    def leave_view(self) -> None:
        """Let go of what was kept in place and selected."""
        self.screen.article_list.kept.clear()
        self.screen.article_list.select(())

    # -- asking ---
    def show_first_page(self) -> None:
        """Show the newest articles before anything is loaded, where that is what is asked."""
        if not self.query_text and not self.stories:
            try:
                headlines = self.screen.library.first_page(FIRST_ROWS)
            except NewstuiError as error:
                self.screen.say(describe_error(error), failed=True)
                headlines = []
            if headlines:
                self.screen.article_list.show(FirstPage(headlines), at_top=True)
        self.screen.words.show_note()

    def find(self, *, row: int | None = None, at_top: bool = False, awaited: bool = False) -> None:
        """Ask the query, and show the answer. By default the cursor stays on its article.

        Args:
            row: Another article to stay on.
            at_top: Begin at the first row instead.
            awaited: The keys typed next are meant for the answer.
        """
        try:
            query = expand(self.query_text, self.saved_views)
        except QueryError as error:
            self.screen.querying.show_mistake(error)
            self._has_come()
            return
        self.screen.querying.hide_mistake()
        self._serial += 1
        self._is_asking = True
        for lane in ("counts", "warm"):
            self.screen.lanes.cancel(lane)
        if awaited:
            self.awaited.begin()

        def show(found: Found) -> None:
            current = self.screen.article_list.current  # the reader may have moved on meanwhile
            stay = row if row is not None else (current.headline.row if current else None)
            self._show(found, row=stay, at_top=at_top)

        ask = self._question(query)
        self.screen.in_thread(lambda: ask(show), show, group="find", failed=self._failed)

    def _question(self, query: Query) -> Callable[[Callable[[Found], None]], Found]:
        """Return what a worker does to answer; it may hand over first rows on the way."""
        serial, stories, kept = self._serial, self.stories, set(self.screen.article_list.kept)
        screen = self.screen

        def ask(show_first: Callable[[Found], None]) -> Found:
            listing = screen.library.find(query, keep_rows=kept)
            is_cancelled = cancelled_here()
            listing.prepare(FIRST_ROWS, is_cancelled)
            if not listing.is_counted and not stories:
                first = self._found(serial, query, listing, ArticleItems(listing, query, listing.seen), None)
                screen.hand_over(lambda: show_first(first))
                _rest(is_cancelled, while_=lambda: screen.query_line.has_focus)
            listing.complete(is_cancelled)
            source: ItemSource
            if stories:
                grouped = screen.library.stories(listing)
                grouped.prepare()
                source = StoryItems(grouped, listing, query)
            else:
                source = ArticleItems(listing, query)
            found = self._found(serial, query, listing, source, listing.unread())
            return found if found.total else replace(found, nearest=screen.library.nearest_values(query))

        return ask

    @staticmethod
    def _found(serial: int, query: Query, listing: Listing, source: ItemSource, unread: int | None) -> Found:
        return Found(serial, query, listing, source, len(source), unread)

    def _show(self, found: Found, *, row: int | None, at_top: bool) -> None:
        if found.serial != self._serial:
            return
        is_rest = found.listing is self.listing
        self.asked, self.listing, self.waiting = found.query, found.listing, None
        self.nearest = found.nearest
        if found.unread is not None:
            self.unread = found.unread
        rows = self.screen.article_list
        rows.with_snippets = bool(wanted_of(found.query))
        rows.sorted_by = found.query.sort.by if found.query.sort else ""
        if is_rest and at_top:
            current = rows.current
            rows.show(found.source, row=current.headline.row if current else None)
        else:
            rows.show(found.source, row=row, at_top=at_top)
        self.screen.opened.refresh_marks()
        self.screen.result_changed(is_empty=not found.total)
        self._has_come()
        if found.unread is not None:
            self._is_asking = False
            self.count_soon(COUNTS_SECONDS - REST_SECONDS if is_rest else COUNTS_SECONDS)

    def _has_come(self) -> None:
        if self.awaited.end():
            self.screen.keys_may_go_on()

    def _failed(self, error: NewstuiError) -> None:
        self._is_asking = False
        self._has_come()
        if isinstance(error, QueryError):
            self.screen.querying.show_mistake(error)
        else:
            self.screen.say(describe_error(error), failed=True)

    # -- what arrives ---
    def articles_changed(self) -> None:
        """Look what the query gives now. It waits to be shown; rows that are shown stay where they are."""
        if self.listing is None:
            self.find()
            return
        ask = self._question(self.asked)

        def look() -> Found:
            self.screen.library.load()
            return ask(lambda _: None)

        self.screen.in_thread(look, self._arrived, group="arrivals")

    def _arrived(self, found: Found) -> None:
        if found.serial != self._serial:
            return
        rows = self.screen.article_list
        is_unread = self.grows and not rows.cursor and not self.screen.opened.is_open
        if is_unread or not rows.count:
            self._show(found, row=None, at_top=True)
            return
        if found.total > rows.count:
            self.waiting = found
        else:  # nothing arrived, but this result knows of later marks
            self.listing = found.listing
            current = rows.current
            rows.show(found.source, row=current.headline.row if current else None)
        self.screen.marks_changed()
        self.screen.words.show_news()

    def show_waiting(self) -> None:
        """Show the articles that arrived; the cursor stays on its article."""
        if (found := self.waiting) is not None:
            item = self.screen.article_list.current
            self._show(found, row=item.headline.row if item else None, at_top=False)

    # -- counts ---
    def count_soon(self, seconds: float = COUNTS_SECONDS) -> None:
        """Count anew for the sidebar, once things are quiet."""
        self.screen.later("counts", seconds, self._count)

    def _count(self) -> None:
        if self.listing is None or self._is_asking:
            return
        from newstui.app.counting import count

        library, query, views, saved = self.screen.library, self.asked, self.views, dict(self.saved_views)
        kept = set(self.screen.article_list.kept)
        self.screen.in_thread(
            lambda: count(library, query, kept, views, saved, cancelled_here()), self._counted, group="counts"
        )

    def _counted(self, counts: Counts) -> None:
        self.counts = counts
        self.unread = max(counts.unread_in_list - self.new, 0)
        self.screen.counts_changed()
        library = self.screen.library
        self.screen.in_thread(lambda: library.warm(cancelled_here()), lambda _: None, group="warm")

    def find_first(self, names: Iterable[str]) -> str | None:
        """Return the first of these views that has something unread, as last counted."""
        unread = self.counts.unread_by_view if self.counts else {}
        here = self.query_text.strip()
        return next((name for name in names if unread.get(name) and self.views[name].strip() != here), None)


def _rest(is_cancelled: Callable[[], bool], while_: Callable[[], bool]) -> None:
    """Let the screen's thread have its turn; raises AbandonedError at once when the rest is not wanted any more."""
    from newstui.library.listing import AbandonedError

    until = monotonic() + REST_SECONDS
    while monotonic() < until and while_():
        if is_cancelled():
            raise AbandonedError
        sleep(_REST_STEP_SECONDS)
