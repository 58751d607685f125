"""The article in the article pane: a preview of the row under the cursor, or opened, or come to by its coverage."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from newstui.model import Article, Coverage, Headline

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.library.coverage import Story

PREVIEW_SECONDS = 0.05
"""An article is shown once the cursor rests this long, so that a held key stays smooth."""
PREVIEW_WHILE_TYPING_SECONDS = 0.2
"""The same while a query is typed: each letter brings another first row, and showing it would hold up the next."""


class Opened:
    """Which article is shown, and how the reader came to it."""

    def __init__(self, screen: ReadingScreen) -> None:
        self.screen = screen
        self.article: Article | None = None
        """None for none, or while it is being fetched."""
        self.row: int | None = None
        self.coverage: Sequence[Coverage] = ()
        self.story: Story | None = None
        """The story it belongs to; None when it is alone, or that is not known yet."""
        self.trail: list[int] = []
        """Articles left for their related coverage, to come back to."""
        self.is_open = False
        """It was opened; else it is a preview."""

    def preview_soon(self) -> None:
        """Show the article under the cursor once the cursor rests."""
        seconds = PREVIEW_WHILE_TYPING_SECONDS if self.screen.query_line.has_focus else PREVIEW_SECONDS
        self.screen.later("preview", seconds, self.preview)

    def preview(self) -> None:
        """Show the article under the cursor."""
        item = self.screen.article_list.current
        if item is None:
            self.forget()
        elif self.row not in item.all_rows or self.trail:
            self.trail.clear()
            self.is_open = False
            self.show(item.headline.row)

    def show_current(self) -> None:
        """Show the article under the cursor, unless one is shown that was come to through its coverage."""
        if not self.trail:
            self.preview()

    def forget(self) -> None:
        """Show nothing."""
        self.article, self.row, self.coverage, self.is_open = None, None, (), False
        self.trail.clear()
        if self.screen.article_pane is not None:
            self.screen.article_pane.show(None)
        self.screen.words.show_hints()

    def show(self, row: int) -> None:
        """Show an article at once, and who else wrote about it as soon as that is known."""
        self.row = row
        library, headline = self.screen.library, self._headline_of(row)

        def fetch() -> Article | None:
            import_module("newstui.app.article_pane")  # here: the screen's thread would stand still for it
            return library.article(row)

        self.screen.in_thread(fetch, lambda one: self._show_text(row, one, headline), group="article")

    def show_again(self) -> None:
        """Show the same article anew: its coverage is told in another way now."""
        if self.row is not None:
            self.show(self.row)

    def _headline_of(self, row: int) -> Headline | None:
        item = self.screen.article_list.current
        if item is not None and item.headline.row == row and not item.story:
            return item.headline
        return self.screen.library.headline(row)

    def _show_text(self, row: int, article: Article | None, headline: Headline | None) -> None:
        if row != self.row:
            return
        self.article, self.coverage, self.story = article, (), None
        if article is None:
            self.screen.article_view.show_message("This article has gone from its collection; its marks stay.")
            return
        self.screen.article_view.show(article, headline, (), self.screen.results.asked)
        self.screen.words.show_hints()
        self.look_around(row)

    def look_around(self, row: int) -> None:
        """Find out who else wrote about the article shown."""
        library, stories = self.screen.library, self.screen.results.stories
        self.screen.article_view.side_by_side = stories
        self.screen.in_thread(
            lambda: (library.coverage(row, side_by_side=stories), library.story(row)),
            lambda found: self._show_coverage(row, *found),
            group="coverage",
        )

    def _show_coverage(self, row: int, coverage: Sequence[Coverage], story: Story | None) -> None:
        if row == self.row:
            told, listed = part_coverage(coverage, story if self.screen.results.stories else None)
            self.coverage, self.story = [*told, *listed], story
            if story is not None:
                from newstui.present.coverage_section import StoryNote  # there since the article is shown

                self.screen.article_view.story = StoryNote(story.followed, story.missing, len(listed))
            self.refresh_marks()
            self.screen.words.show_hints()

    def refresh_marks(self) -> None:
        """Take up marks that changed on the article shown, and on those related to it."""
        if self.row is not None and self.article is not None:
            library = self.screen.library
            rows = [self.row, *(one.row for one in self.coverage if one.row is not None)]
            marked = {one.row: one for one in library.headlines(rows)}
            self.coverage = [
                one._replace(read=now.read, starred=now.starred) if one.row and (now := marked.get(one.row)) else one
                for one in self.coverage
            ]
            headline = marked.get(self.row)
            asked = self.screen.results.asked
            note = library.note(self.row) if headline is not None and headline.noted else ""
            self.screen.article_view.show(self.article, headline, self.coverage, asked, note)


def part_coverage(coverage: Sequence[Coverage], story: Story | None) -> tuple[list[Coverage], list[Coverage]]:
    """Return what tells of the story, and what only the record lists though it belongs elsewhere."""
    if story is None:
        return list(coverage), []
    from newstui.library.coverage import CUT  # with all that compares articles: a start does without

    members = set(story.rows)
    parts: tuple[list[Coverage], list[Coverage]] = [], []
    for one in coverage:
        is_told = one.row is None or one.row in members or one.origin == "found" or one.copy or one.score >= CUT
        parts[not is_told].append(one)
    return parts


def describe_story(story: Story) -> str:
    """Return what there is to say of a story besides its coverage: whether it is followed, and who left it out."""
    from newstui.present.coverage_section import describe_missing

    parts = ["You follow this story."] if story.followed else []
    parts += [describe_missing(story.missing)] if story.missing else []
    return " ".join(parts)
