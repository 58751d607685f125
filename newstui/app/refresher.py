"""Refreshing, subscribing, taking over: long work in a worker, told as it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from newstui.app.lanes import cancelled_here
from newstui.app.refreshing import RefreshBoard
from newstui.app.widgets.status_line import Hint
from newstui.errors import NewstuiError
from newstui.library.events import RefreshEvent
from newstui.model import Subscription
from newstui.present.counts import describe_count
from newstui.present.sentences import describe_error
from newstui.text import clean_line

if TYPE_CHECKING:
    from newstui.app.screens.add import Added
    from newstui.app.screens.reading import ReadingScreen
    from newstui.library.coverage_pass import CoverageProgress
    from newstui.library.follow import StoryGrew

_Look = Callable[[], Sequence[Subscription]]
_Failed = Callable[[NewstuiError], object]

WORK_SECONDS = 0.2
"""While a refresh runs, its progress is shown at most this often."""
ARRIVAL_SECONDS = 0.7
"""While a refresh runs, the list looks for new articles at most this often."""


class Refresher:
    """One refresh at a time, and what is known of it."""

    def __init__(self, screen: ReadingScreen) -> None:
        self.screen = screen
        self.board = RefreshBoard()
        self.not_added = ""
        """A location that was typed and could not be subscribed to; empty when there is none."""
        self.looked_at: list[str] = []
        """Locations to be subscribed to of which it is not known yet what they are."""
        self._to_subscribe: deque[tuple[_Look, _Failed]] = deque()
        """What is being subscribed to, and what comes after it."""
        self._to_refresh: dict[str, None] = {}
        """Collections that were added while a refresh was running."""

    def refresh(self, names: Sequence[str] = (), *, force: bool = False, quiet: bool = False) -> None:
        """Scan and fetch; what comes is shown as it comes. `quiet`: say nothing when nothing came."""
        if self.board.is_running:
            self._to_refresh |= dict.fromkeys(names)
            return
        screen, board = self.screen, RefreshBoard(is_running=True, quiet=quiet)
        self.board = board
        screen.results.grows = not screen.article_list.count

        def work() -> None:
            def is_cancelled() -> bool:
                return board.cancelled

            for event in screen.library.refresh(names, force=force, due_only=quiet, is_cancelled=is_cancelled):
                screen.hand_over(partial(self._news, board, event))
            for told in screen.library.update_coverage(is_cancelled):
                screen.hand_over(partial(self._coverage_news, board, told, self._grown(told)))

        screen.in_thread(work, lambda _: self._done(board), group="refresh", failed=lambda e: self._broke(board, e))
        screen.words.show_work()

    def stop(self) -> None:
        """Ask the refresh to stop; what it has stored stays."""
        self.board.cancelled = True
        self.screen.words.show_work()

    def _news(self, board: RefreshBoard, event: RefreshEvent) -> None:
        board.take(event)
        self._show_soon()
        if board.has_arrivals:
            self.screen.later("arrivals", ARRIVAL_SECONDS, self.screen.results.articles_changed, keep=True)

    def _grown(self, told: CoverageProgress | StoryGrew) -> str:
        """Return the title of a followed story that grew; empty for other news."""
        from newstui.library.follow import StoryGrew, head_of_grown

        head = head_of_grown(self.screen.library, told) if isinstance(told, StoryGrew) else None
        return head.title if head else ""

    def _coverage_news(self, board: RefreshBoard, told: CoverageProgress | StoryGrew, grown: str) -> None:
        from newstui.library.follow import StoryGrew

        if grown:
            board.grown.append(grown)
        if not isinstance(told, StoryGrew):
            board.coverage = (told.done, told.total)
        self._show_soon()

    def _show_soon(self) -> None:
        """Show how it gets on; not for every one of the thousands of events of as many collections."""
        self.screen.later("work", WORK_SECONDS, self.screen.words.show_work, keep=True)

    def _done(self, board: RefreshBoard) -> None:
        board.is_running = False
        self.screen.words.show_work()
        self.screen.results.articles_changed()
        if board.has_arrivals and self.screen.opened.article is not None and self.screen.opened.row is not None:
            self.screen.opened.look_around(self.screen.opened.row)
        sentence = board.summary()
        if self.screen.is_sample and not board.failures:  # its articles came with newstui: none of them is news
            if not board.quiet:
                key = self.screen.key_of("collections.add")
                offer = Hint(key, "adds your own collection", "collections.add")
                self.screen.say("The sample never changes", offer=offer)
        elif sentence:
            self.screen.say(sentence, failed=bool(board.failures))
        self._refresh_what_was_added()

    def _broke(self, board: RefreshBoard, error: NewstuiError) -> None:
        board.is_running = False
        self.screen.words.show_work()
        self.screen.say(describe_error(error), failed=True)
        self._refresh_what_was_added()

    def _refresh_what_was_added(self) -> None:
        names, self._to_refresh = list(self._to_refresh), {}
        if names:
            self.refresh(names, force=True)

    def add(self, added: Added) -> None:
        """Subscribe to what was typed; what it is may have to be looked at first, behind whatever the reader does."""
        library, location = self.screen.library, added.location

        def look() -> Sequence[Subscription]:
            found = added.found or library.recognise(location, cancelled_here())
            if not added.found:
                self.looked_at.remove(location)
            return [added.subscription(found)]

        def failed(error: NewstuiError) -> None:
            self.not_added = location
            self.looked_at = [one for one in self.looked_at if one != location]
            offer = Hint(self.screen.key_of("collections.add"), "corrects it", "collections.add")
            self.screen.say(f"Not added: {clean_line(location, 60)}: {describe_error(error)}", failed=True, offer=offer)

        if added.found is None:
            self.looked_at.append(location)
            self.screen.say(f"Looking at {clean_line(location, 60)} …")
        self._subscribe(look, failed)

    def subscribe(self, subscriptions: Sequence[Subscription]) -> None:
        """Subscribe, and read what is new of it at once."""
        self._subscribe(lambda: subscriptions, lambda error: self.screen.say(describe_error(error), failed=True))

    def _subscribe(self, look: _Look, failed: _Failed) -> None:
        """Subscribe to what `look` finds, one after the other: all write the same file."""
        self._to_subscribe.append((look, failed))
        if len(self._to_subscribe) == 1:
            self._subscribe_next()

    def _subscribe_next(self) -> None:
        from newstui.app.screens.add import describe_subscribed
        from newstui.config.edit import add_collections

        screen = self.screen
        look, say_failed = self._to_subscribe[0]

        def work() -> Sequence[Subscription]:
            subscriptions = look()
            add_collections(screen.paths.config_file, list(subscriptions), {})
            for one in subscriptions:
                screen.library.subscribe(one)
            return subscriptions

        def done(subscriptions: Sequence[Subscription]) -> None:
            screen.is_sample = False
            self.not_added = ""
            screen.say(describe_subscribed(subscriptions))
            self.refresh([one.name for one in subscriptions], force=True)
            go_on()

        def failed(error: NewstuiError) -> None:
            say_failed(error)
            go_on()

        def go_on() -> None:
            self._to_subscribe.popleft()
            if self._to_subscribe:
                self._subscribe_next()

        screen.in_thread(work, done, group="subscribe", failed=failed)

    def take_over(self, file: Path) -> None:
        """Take over subscriptions and marks of another reader."""
        screen = self.screen

        def work() -> tuple[Sequence[Subscription], int]:
            from newstui.library.transfer import read_import

            found = read_import(file)
            return found.subscriptions, screen.library.import_marks(found.marks) if found.marks else 0

        def done(found: tuple[Sequence[Subscription], int]) -> None:
            subscriptions, marks = found
            if subscriptions:
                self.subscribe(subscriptions)
            collections = describe_count(len(subscriptions), "collection")
            screen.say(f"Taken over: {collections}, {describe_count(marks, 'mark')}")
            screen.marks_changed()

        screen.in_thread(work, done, group="import")
