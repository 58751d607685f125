"""The reader line by line, for screen readers and very simple terminals: no boxes, no colour, no animation.

Every state is a word, the cursor is the terminal's own, and nothing is printed that was not asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from newstui.app.takeover import find_other_readers, name_of_reader
from newstui.errors import NewstuiError, QueryError
from newstui.library.events import CollectionFailed, CollectionStarted, CollectionStored
from newstui.library.follow import StoryGrew, head_of_grown
from newstui.model import Change, Headline
from newstui.present.ages import short_age
from newstui.present.counts import describe_count
from newstui.present.plain_article import article_lines
from newstui.present.sentences import describe_change, describe_error, describe_query_error, describe_undone
from newstui.query.views import expand, known_views

if TYPE_CHECKING:
    from newstui.config import Paths, Settings
    from newstui.library import Library, Listing
    from newstui.library.library import MarkAction

PAGE = 10
"""Articles listed at once."""
HELP = """\
A number opens the article of that number. enter goes on: the next articles, or the next unread one after reading.
n next articles, b back, u only unread, a all articles, v views, /words search, / alone clears the search.
read N, star N, open N, links N, note N, more N (related coverage). A number may be left out after an article.
story N marks everything about that story read, follow N tells of new coverage of it.
all marks everything found read, undo and redo take changes back and forth.
refresh looks for new articles. help says this. quit leaves."""


class PlainReader:
    """One session: what was asked, where in the result the reader is, and the article read last."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        out: Callable[[str], None],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        width: int = 72,
    ) -> None:
        self.library = library
        self.settings = settings
        self.out = out
        self.clock = clock
        self.zone = zone
        self.width = width
        self.query = ""
        self.listing: Listing = library.find("")
        self.start = 0
        """Position of the first article listed last."""
        self.row: int | None = None
        """The article read last."""
        self.position = -1
        """Its position in the result."""

    # -- answering ---
    def answer(self, line: str) -> bool:
        """Do what one line asks for. Returns False when it asks to leave."""
        word, _, rest = line.strip().partition(" ")
        try:
            if not line.strip():
                self.go_on()
            elif line.strip().startswith("/"):
                self.search(line.strip()[1:].strip())
            elif line.strip().isdigit():
                self.read(int(line.strip()) - 1)
            elif word.lower() in ("q", "quit", "exit"):
                return False
            elif (verb := self.verbs.get(word.lower())) is not None:
                verb(rest.strip())
            else:
                self.out(f"{word} means nothing here. help lists what does.")
        except QueryError as error:
            found = describe_query_error(error)
            self.out(f"Mistake in the search at character {found.column + 1}: {found.message}.")
        except NewstuiError as error:
            self.out(describe_error(error))
        return True

    @property
    def verbs(self) -> dict[str, Callable[[str], None]]:
        """Word → what it does with the rest of the line."""
        return {
            "n": lambda _: self.show(self.start + PAGE),
            "next": lambda _: self.show(self.start + PAGE),
            "b": lambda _: self.show(self.start - PAGE),
            "back": lambda _: self.show(self.start - PAGE),
            "l": lambda _: self.show(self.start),
            "list": lambda _: self.show(self.start),
            "u": lambda _: self.search("is:unread"),
            "unread": lambda _: self.search("is:unread"),
            "a": lambda _: self.search(""),
            "v": self.go_to_view,
            "view": self.go_to_view,
            "read": lambda rest: self.toggle(rest, "read", "unread"),
            "star": lambda rest: self.toggle(rest, "starred", "unstarred"),
            "open": self.open,
            "links": self.list_links,
            "note": self.note,
            "more": self.list_coverage,
            "story": self.mark_story,
            "follow": self.follow,
            "all": lambda _: self.mark_all(),
            "undo": lambda _: self.turn(self.library.undo, again=False),
            "redo": lambda _: self.turn(self.library.redo, again=True),
            "refresh": lambda _: self.refresh(),
            "help": lambda _: self.out(HELP),
            "?": lambda _: self.out(HELP),
        }

    # -- listing ---
    def search(self, query: str) -> None:
        """Ask for something else, and list the beginning of it."""
        self.listing = self.library.find(expand(query, {view.name: view.query for view in self.settings.views}))
        self.query, self.row, self.position = query, None, -1
        found = describe_count(len(self.listing), "article")
        self.out(f"{found}, {self.listing.unread()} unread" + (f", for {query}." if query else "."))
        self.show(0)

    def show(self, start: int) -> None:
        """List articles from a position on."""
        if start >= len(self.listing):
            self.out("Nothing further." if len(self.listing) else "Nothing found. / alone shows everything.")
            return
        self.start = max(start, 0)
        for number, headline in enumerate(self.listing.window(self.start, self.start + PAGE), self.start + 1):
            self.out(f"{number}. {self.describe(headline)}")

    def describe(self, headline: Headline) -> str:
        """Return one article in words, its state first."""
        states = [] if headline.read else ["new" if headline.new else "unread"]
        states += ["starred"] if headline.starred else []
        states += ["removed by its source"] if headline.removed else []
        facts = [headline.provider, short_age(headline.published, int(self.clock().timestamp()), self.zone)]
        facts += [f"{describe_count(headline.coverage, 'other')} wrote about it"] if headline.coverage else []
        facts += [f"tags {', '.join(headline.tags)}"] if headline.tags else []
        facts += ["has a note"] if headline.noted else []
        state = f"{', '.join(states)}: " if states else ""
        return f"{state}{headline.title} ({', '.join(fact for fact in facts if fact)})"

    def go_to_view(self, name: str) -> None:
        """Go to a view by name, or list the views."""
        views = known_views({view.name: view.query for view in self.settings.views})
        for known, query in views.items():
            if name and known.casefold() == name.casefold():
                self.search(query)
                return
        self.out(f"Views: {', '.join(views)}. v and a name goes there.")

    # -- reading ---
    def read(self, position: int) -> None:
        """Print the article at a position, and mark it read."""
        found = self.listing.window(position, position + 1) if position >= 0 else []
        if not found:
            self.out(f"There is no article {position + 1}.")
            return
        headline = found[0]
        article = self.library.article(headline.row)
        if article is None:
            self.out("This article has gone from its collection.")
            return
        self.row, self.position = headline.row, position
        coverage = self.library.coverage(headline.row)
        for line in article_lines(article, self.width, coverage, now=self.clock(), zone=self.zone, in_words=True):
            self.out(line)
        if self.settings.reader.mark_read_on_open and not headline.read:
            self.library.mark((headline.row,), "read")
            self.out("Marked read.")

    def go_on(self) -> None:
        """After an article the next unread one, else the next articles of the list."""
        if self.row is None:
            self.show(self.start + PAGE)
            return
        following = self.listing.next_unread(self.position, 1)
        if following is None:
            self.out("Nothing unread further on.")
        else:
            self.read(following)

    def rows_of(self, rest: str) -> list[int]:
        """Return the article a number names, else the one read last."""
        if rest.isdigit():
            return [one.row for one in self.listing.window(int(rest) - 1, int(rest))] if int(rest) else []
        return [] if self.row is None or rest else [self.row]

    def with_row(self, rest: str, then: Callable[[int], None]) -> None:
        """Do something with the article that is meant, or say that none is."""
        rows = self.rows_of(rest)
        if rows:
            then(rows[0])
        else:
            self.out("Which article? Say its number.")

    def toggle(self, rest: str, on: MarkAction, off: MarkAction) -> None:
        """Set a mark, or take it away when it is set."""

        def then(row: int) -> None:
            headline = self.library.headline(row)
            is_set = headline is not None and (headline.read if on == "read" else headline.starred)
            self.out(describe_change(self.library.mark((row,), off if is_set else on), undo_key="undo") + ".")

        self.with_row(rest, then)

    def mark_all(self) -> None:
        """Mark everything found read."""
        self.out(describe_change(self.library.mark(self.listing.rows(), "read"), undo_key="undo") + ".")

    def turn(self, step: Callable[[], Change | None], *, again: bool) -> None:
        """Take a change back, or do it again."""
        self.out(describe_undone(step(), again=again) + ".")

    def note(self, rest: str) -> None:
        """Write a note: ``note N words``; without words, say the one that is there."""
        number, _, words = rest.partition(" ")
        if not number.isdigit():
            number, words = "", rest

        def then(row: int) -> None:
            if words:
                self.library.mark((row,), "note", words)
                self.out("Note kept.")
            else:
                self.out(self.library.note(row) or "No note.")

        self.with_row(number, then)

    # -- links ---
    def open(self, rest: str) -> None:
        """Open an article in the browser."""
        from newstui.library.opener import open_link
        from newstui.links import check_link

        def then(row: int) -> None:
            article = self.library.article(row)
            address = article.urls.best if article else None
            if not address:
                self.out("The record gives no address.")
                return
            link = check_link(address)
            if link.verdict != "open":
                self.out(f"Not opened: {link.reason}. The address is {link.address or address}")
                return
            open_link(link, self.settings.reader.browser)
            self.library.mark((row,), "read")
            self.out(f"Opened {link.address}")

        self.with_row(rest, then)

    def list_links(self, rest: str) -> None:
        """Say the addresses of an article."""
        from newstui.app.links_of import article_links

        def then(row: int) -> None:
            article = self.library.article(row)
            for label, url in article_links(article) if article else []:
                self.out(f"{label}: {url}")

        self.with_row(rest, then)

    def list_coverage(self, rest: str) -> None:
        """Say who else wrote about it."""

        def then(row: int) -> None:
            coverage = self.library.coverage(row)
            if not coverage:
                self.out("Nobody else wrote about this, as far as we know.")
            for one in coverage:
                origin = "given" if one.origin == "given" else f"found, {round(one.score * 100)} percent sure"
                origin = "the same text" if one.copy else origin
                name = one.provider.name or one.provider.domain or "unknown provider"
                self.out(f"{name}: {one.title} ({origin}){' ' + one.url if one.url else ''}")

        self.with_row(rest, then)

    def mark_story(self, rest: str) -> None:
        """Mark everything about a story read."""

        def then(row: int) -> None:
            story = self.library.story(row)
            change = self.library.mark(story.rows if story else (row,), "read")
            self.out(describe_change(change, undo_key="undo") + ".")

        self.with_row(rest, then)

    def follow(self, rest: str) -> None:
        """Follow a story, or let it go."""

        def then(row: int) -> None:
            followed = self.library.toggle_follow(row)
            self.out("Following: refresh tells of new coverage." if followed else "No longer followed.")

        self.with_row(rest, then)

    # -- collections ---
    def refresh(self) -> None:
        """Look for new articles, a line per collection."""
        for event in self.library.refresh(force=True):
            match event:
                case CollectionStarted(name):
                    self.out(f"{name}: looking.")
                case CollectionStored(name):
                    self.out(f"{name}: {describe_count(event.added, 'new article')}.")
                case CollectionFailed(name, reason):
                    self.out(f"{name} failed: {reason}.")
                case _:
                    continue
        for told in self.library.update_coverage():
            if isinstance(told, StoryGrew) and (head := head_of_grown(self.library, told)) is not None:
                self.out(f"New coverage of a story you follow: {head.title}.")
        self.search(self.query)


def run(
    library: Library,
    settings: Settings,
    paths: Paths,
    *,
    greeting: Sequence[str] = (),
    first_run: bool = False,
    zone: tzinfo | None = None,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
) -> int:
    """Read line by line until the reader leaves or the input ends; returns the exit code."""
    source, target = stdin or sys.stdin, stdout or sys.stdout

    def out(line: str) -> None:
        print(line, file=target, flush=True)

    try:
        for sentence in greeting:
            out(sentence)
        if first_run:
            out("This is the sample that comes with newstui: newstui add LOCATION adds a collection of your own.")
            for file in find_other_readers(Path.home())[:1]:
                out(f"newstui import {file} takes over {name_of_reader(file)}.")
        if not library.find(""):
            for event in library.refresh():
                if isinstance(event, CollectionFailed):
                    out(f"{event.name} failed: {event.reason}.")
        reader = PlainReader(library, settings, out, zone=zone)
        reader.search("")
        out("help lists what you can say.")
        for line in _lines(source, target):
            if not reader.answer(line):
                break
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        library.close()
    return 0


def _lines(source: TextIO, target: TextIO) -> Iterator[str]:
    while True:
        target.write("> ")
        target.flush()
        line = source.readline()
        if not line:
            return
        yield line
