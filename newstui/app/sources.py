"""What the list shows, from what the library gives: the first page, a result as articles, a result as stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newstui.app.widgets.article_list import ListItem
from newstui.model import Headline
from newstui.present.rows import StoryFacts
from newstui.query import Query
from newstui.query.hits import Snippet, hit_spans, snippet

if TYPE_CHECKING:
    from newstui.library import Listing
    from newstui.library.coverage import StoryListing


class _Searched:
    """A result of a query: knows where its words are found."""

    def __init__(self, query: Query) -> None:
        self.query = query

    def title_hits(self, title: str) -> Sequence[tuple[int, int]]:
        return hit_spans(title, self.query, part="title") if self.query.where is not None else ()


class FirstPage(_Searched):
    """The newest articles, known before anything else is loaded."""

    def __init__(self, headlines: Sequence[Headline]) -> None:
        super().__init__(Query())
        self._headlines = headlines

    def __len__(self) -> int:
        return len(self._headlines)

    def items(self, start: int, stop: int) -> Sequence[ListItem]:
        return [ListItem(headline) for headline in self._headlines[start:stop]]

    def snippet(self, position: int, item: ListItem, width: int) -> Snippet:
        return snippet(item.headline.title, item.headline.excerpt, "", self.query, width)

    def position_of(self, row: int) -> int | None:
        return next((i for i, headline in enumerate(self._headlines) if headline.row == row), None)

    def next_unread(self, position: int, step: int) -> int | None:
        ahead = range(position + 1, len(self)) if step > 0 else range(position - 1, -1, -1)
        return next((i for i in ahead if not self._headlines[i].read), None)

    def all_rows(self) -> Sequence[int]:
        return [headline.row for headline in self._headlines]


class ArticleItems(_Searched):
    """A result with a row per article."""

    def __init__(self, listing: Listing, query: Query, known: int | None = None) -> None:
        """`known`: how many rows are known so far, while the rest is being counted; None once all are."""
        super().__init__(query)
        self._listing = listing
        self._known = known

    def __len__(self) -> int:
        return len(self._listing) if self._known is None else self._known

    def snippet(self, position: int, item: ListItem, width: int) -> Snippet:
        return self._listing.snippets(position, position + 1, width)[0]

    def items(self, start: int, stop: int) -> Sequence[ListItem]:
        return [ListItem(headline) for headline in self._listing.window(start, stop)]

    def position_of(self, row: int) -> int | None:
        return self._listing.position_of(row)

    def next_unread(self, position: int, step: int) -> int | None:
        return self._listing.next_unread(position, step)

    def all_rows(self) -> Sequence[int]:
        return self._listing.rows()


class StoryItems(_Searched):
    """A result with a row per story."""

    def __init__(self, stories: StoryListing, listing: Listing, query: Query) -> None:
        super().__init__(query)
        self._stories, self._listing = stories, listing

    def __len__(self) -> int:
        return len(self._stories)

    def items(self, start: int, stop: int) -> Sequence[ListItem]:
        return [
            ListItem(
                row.headline,
                StoryFacts(len(row.rows), row.providers, row.unread, row.first, row.last, row.followed),
                tuple(row.rows),
            )
            for row in self._stories.window(start, stop)
        ]

    def snippet(self, position: int, item: ListItem, width: int) -> Snippet:
        """Return the place in the article that stands for the story: it is one of those that match."""
        place = self._listing.position_of(item.headline.row)
        return Snippet("", ()) if place is None else self._listing.snippets(place, place + 1, width)[0]

    def position_of(self, row: int) -> int | None:
        return self._stories.position_of(row)

    def next_unread(self, position: int, step: int) -> int | None:
        return self._stories.next_unread(position, step)

    def all_rows(self) -> Sequence[int]:
        return self._stories.rows()
