"""A library in memory with the methods a screen calls: for states the real one reaches only by accident.

Marks, articles, failures and arrivals are set by the test; queries are answered by the predicate of `query/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from newstui.errors import NotFoundError, SourceError, StoreError
from newstui.identity import format_id
from newstui.library import LibrarySettings
from newstui.library.events import RefreshEvent
from newstui.model import (
    Article,
    Change,
    CollectionHealth,
    Coverage,
    FacetCount,
    Headline,
    Problem,
    Subscription,
    Topic,
)
from newstui.query import Facts, Moment, Query, matches
from newstui.query.complete import complete
from newstui.query.hits import Snippet, snippet
from newstui.query.parse import parse
from newstui.query.shown import shown_text
from newstui.query.suggest import nearest_values
from tests.builders import NOW


@dataclass
class FakeMark:
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


class FakeListing:
    def __init__(self, library: FakeLibrary, query: Query, rows: list[int]) -> None:
        self.library, self.query, self._rows = library, query, rows

    def __len__(self) -> int:
        return len(self._rows)

    is_counted = True

    @property
    def seen(self) -> int:
        return len(self._rows)

    def prepare(self, rows: int = 100, is_cancelled: Callable[[], bool] = lambda: False) -> int:
        return min(rows, len(self._rows))

    def complete(self, is_cancelled: Callable[[], bool] = lambda: False) -> int:
        return len(self._rows)

    def snippets(self, start: int, stop: int, width: int = 120) -> list[Snippet]:
        articles = [self.library.articles[row] for row in self._rows[start:stop]]
        return [
            snippet(one.title or "", one.excerpt or "", shown_text(one.body, one.body_format), self.query, width)
            for one in articles
        ]

    def window(self, start: int, stop: int) -> list[Headline]:
        return [self.library.headline(row) for row in self._rows[max(start, 0) : stop]]  # type: ignore[misc]

    def position_of(self, row: int) -> int | None:
        return self._rows.index(row) if row in self._rows else None

    def next_unread(self, position: int, step: int = 1) -> int | None:
        places = range(position + 1, len(self._rows)) if step > 0 else range(position - 1, -1, -1)
        return next((place for place in places if not self.library.marks[self._rows[place]].read), None)

    def unread(self) -> int:
        return sum(not self.library.marks[row].read for row in self._rows)

    def facets(
        self, facet: str, limit: int | None = None, is_cancelled: Callable[[], bool] = lambda: False
    ) -> list[FacetCount]:
        counts: dict[str, list[int]] = {}
        for row in self._rows:
            article = self.library.articles[row]
            values = {
                "topic": article.topics,
                "provider": (article.provider.name,) if article.provider.name else (),
                "category": (article.category,) if article.category else (),
                "collection": (article.collection,),
                "type": (article.type,) if article.type else (),
            }[facet]
            for value in values:
                entry = counts.setdefault(value, [0, 0])
                entry[0] += 1
                entry[1] += not self.library.marks[row].read
        ordered = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
        return [FacetCount(facet, value, count, unread) for value, (count, unread) in ordered][:limit]  # type: ignore[arg-type]

    def rows(self) -> Sequence[int]:
        return list(self._rows)


class FakeStory(NamedTuple):
    id: str
    rows: tuple[int, ...]
    providers: int
    followed: bool = False
    missing: tuple[str, ...] = ()


class FakeStoryRow(NamedTuple):
    headline: Headline
    story: str
    rows: tuple[int, ...]
    providers: int
    first: int | None
    last: int | None
    unread: int
    followed: bool = False


class FakeStories:
    def __init__(self, library: FakeLibrary, listing: FakeListing) -> None:
        self._rows: list[FakeStoryRow] = []
        seen: set[int] = set()
        for row in listing.rows():
            if row in seen:
                continue
            story = library.story(row)
            rows = story.rows if story else (row,)
            seen.update(rows)
            headlines = [one for r in rows if (one := library.headline(r))]
            head = max(headlines, key=lambda one: one.quality or 0)
            unread = sum(not one.read for one in headlines)
            times = [one.published for one in headlines if one.published is not None]
            self._rows.append(
                FakeStoryRow(
                    head._replace(read=not unread),
                    story.id if story else "",
                    rows,
                    len({one.provider for one in headlines}),
                    min(times, default=None),
                    max(times, default=None),
                    unread,
                    story is not None and story.followed,
                )
            )

    def __len__(self) -> int:
        return len(self._rows)

    def prepare(self) -> None:
        """Everything is known here."""

    def window(self, start: int, stop: int) -> list[FakeStoryRow]:
        return self._rows[max(start, 0) : stop]

    def position_of(self, row: int) -> int | None:
        return next((place for place, one in enumerate(self._rows) if row in one.rows), None)

    def next_unread(self, position: int, step: int = 1) -> int | None:
        ahead = range(position + 1, len(self)) if step > 0 else range(position - 1, -1, -1)
        return next((place for place in ahead if self._rows[place].unread), None)

    def rows(self) -> list[int]:
        return [row for one in self._rows for row in one.rows]


class FakeRecognition(NamedTuple):
    location: str
    kind: str
    title: str
    records: int | None = None
    topics: int = 0
    is_whole: bool = True


class FakeProgress(NamedTuple):
    done: int
    total: int


@dataclass
class FakeLibrary:
    """Articles by row (from 1), newest first in every result."""

    articles: dict[int, Article] = field(default_factory=dict)
    marks: dict[int, FakeMark] = field(default_factory=dict)
    changes: list[tuple[Change, dict[int, FakeMark], dict[int, FakeMark]]] = field(default_factory=list)
    coverage_of: dict[int, list[Coverage]] = field(default_factory=dict)
    stories_of: dict[int, FakeStory] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    problem_list: list[Problem] = field(default_factory=list)
    topic_list: list[Topic] = field(default_factory=list)
    refresh_events: Callable[[], Iterable[RefreshEvent]] = tuple
    disk_full: bool = False
    waiting: list[tuple[tuple[int, ...], str, str]] = field(default_factory=list)
    subscribed: list[Subscription] = field(default_factory=list)
    known_locations: dict[str, FakeRecognition] = field(default_factory=dict)
    closed: bool = False
    now: datetime = NOW

    def add(self, *articles: Article) -> list[int]:
        rows = []
        for article in articles:
            row = len(self.articles) + 1
            self.articles[row] = article
            self.marks[row] = FakeMark()
            rows.append(row)
        return rows

    def first_page(self, count: int) -> list[Headline]:
        return self.find("").window(0, count)

    settings: LibrarySettings = field(default_factory=LibrarySettings)

    def nearest_values(self, query: Query) -> list[str]:
        return nearest_values(query, lambda field: [one.value for one in self.find("").facets(field)])

    def begin_session(self) -> None:
        return None

    def load(self) -> None:
        return None

    def notices(self) -> list[StoreError]:
        return []

    def folder_of(self, name: str) -> Path | None:
        return None

    def warm(self, is_cancelled: Callable[[], bool]) -> None:
        """Nothing has to be worked out here."""

    def find(self, query: Query | str = "", *, sort: str | None = None, keep_rows: Iterable[int] = ()) -> FakeListing:
        asked = parse(query) if isinstance(query, str) else query
        keep = set(keep_rows)
        moment = Moment(self.now)
        rows = [
            row
            for row, article in self.articles.items()
            if row in keep or matches(asked, article, self._facts(row), moment)
        ]
        by = asked.sort.by if asked.sort else "date"
        rows.sort(key=lambda row: self._sort_key(row, by), reverse=not (asked.sort and asked.sort.reverse))
        return FakeListing(self, asked, rows)

    def _sort_key(self, row: int, by: str) -> tuple[float, int]:
        article = self.articles[row]
        value = {"quality": article.quality, "heat": article.heat}.get(by)
        if by in ("quality", "heat"):
            return (float(value or 0), -row)
        return (article.published.timestamp() if article.published else 0.0, -row)

    def _facts(self, row: int) -> Facts:
        mark = self.marks[row]
        story, covering = self.stories_of.get(row), len(self.coverage_of.get(row, ()))
        followed = story is not None and story.followed
        return Facts(mark.read, mark.starred, mark.tags, mark.note, covering, followed=followed)

    def article(self, row: int) -> Article | None:
        return self.articles.get(row)

    def headline(self, row: int) -> Headline | None:
        if row not in self.articles:
            return None
        article, mark = self.articles[row], self.marks[row]
        return Headline(
            row, article.key, article.display_title, article.provider.name or article.provider.domain or "",
            int(article.published.timestamp()) if article.published else None, article.quality, article.heat,
            len(self.coverage_of.get(row, ())), mark.read, mark.starred, article.type or "", article.excerpt or "",
            article.collection, mark.tags, bool(mark.note), article.front_page, article.removed, article.malformed,
        )  # fmt: skip

    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        return [one for row in rows if (one := self.headline(row)) is not None]

    def resolve(self, text: str) -> list[int]:
        rows = [row for row, article in self.articles.items() if format_id(article.key).startswith(text)]
        if not rows:
            raise NotFoundError("nothing has this id")
        return rows

    def coverage(self, row: int, *, side_by_side: bool = False) -> list[Coverage]:
        return self.coverage_of.get(row, [])

    def story(self, row: int) -> FakeStory | None:
        return self.stories_of.get(row)

    def stories(self, listing: FakeListing) -> FakeStories:
        return FakeStories(self, listing)

    def toggle_follow(self, row: int) -> bool:
        return True

    def topics(self) -> list[Topic]:
        return self.topic_list

    def complete(self, text: str, column: int) -> Sequence[object]:
        return complete(text, column, lambda name: [(one.value, one.count) for one in self._values(name)])

    def _values(self, name: str) -> list[FacetCount]:
        return self.find("").facets(name) if name in ("topic", "provider", "category", "collection", "type") else []

    def mark(self, rows: Sequence[int], action: str, value: str = "", *, dry_run: bool = False) -> Change:
        if self.disk_full:
            self.waiting.append((tuple(rows), action, value))
            raise StoreError("the disk is full")
        before = {row: FakeMark(**vars(self.marks[row])) for row in rows}
        for row in rows:
            mark = self.marks[row]
            if action in ("read", "unread"):
                mark.read = action == "read"
            elif action in ("starred", "unstarred"):
                mark.starred = action == "starred"
            elif action == "tag":
                mark.tags = tuple(dict.fromkeys((*mark.tags, value)))
            elif action == "untag":
                mark.tags = tuple(tag for tag in mark.tags if tag != value)
            else:
                mark.note = value
        after = {row: FakeMark(**vars(self.marks[row])) for row in rows}
        changed = {row for row in rows if before[row] != after[row]}
        change = Change(len(self.changes) + 1, self.now, action, len(changed))
        if changed:
            self.changes.append((change, before, after))
        return change

    def undo(self) -> Change | None:
        for place in range(len(self.changes) - 1, -1, -1):
            change, before, after = self.changes[place]
            if not change.undone:
                self.marks.update({row: FakeMark(**vars(mark)) for row, mark in before.items()})
                self.changes[place] = (
                    Change(change.number, change.at, change.label, change.count, True), before, after,
                )  # fmt: skip
                return change
        return None

    def redo(self) -> Change | None:
        for place, (change, before, after) in enumerate(self.changes):
            if change.undone:
                self.marks.update({row: FakeMark(**vars(mark)) for row, mark in after.items()})
                self.changes[place] = (Change(change.number, change.at, change.label, change.count), before, after)
                return change
        return None

    def history(self, limit: int = 100) -> list[Change]:
        return [change for change, _, _ in reversed(self.changes)][:limit]

    def note(self, row: int) -> str:
        return self.marks[row].note

    def refresh(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        due_only: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RefreshEvent]:
        for event in self.refresh_events():
            if is_cancelled():
                return
            yield event

    def update_coverage(self, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FakeProgress]:
        yield FakeProgress(len(self.articles), len(self.articles))

    def health(self) -> list[CollectionHealth]:
        names = dict.fromkeys([article.collection for article in self.articles.values()])
        names.update(dict.fromkeys(self.failures))
        return [
            CollectionHealth(
                name, f"/news/{name}", sum(one.collection == name for one in self.articles.values()),
                sum(one.collection == name and not self.marks[row].read for row, one in self.articles.items()),
                "site", self.now - timedelta(hours=2), self.now, self.now + timedelta(minutes=12), self.failures.get(name, ""),
                sum(one.collection == name for one in self.problem_list),
            )
            for name in names
        ]  # fmt: skip

    def problems(self) -> list[Problem]:
        return self.problem_list

    def pending(self) -> int:
        return len(self.waiting)

    def poll(self) -> bool:
        if self.disk_full or not self.waiting:
            return False
        waiting, self.waiting = self.waiting, []
        for rows, action, value in waiting:
            self.mark(rows, action, value)
        return True

    def recognise(self, location: str, is_cancelled: Callable[[], bool] = lambda: False) -> FakeRecognition:
        if location not in self.known_locations:
            raise SourceError("there is nothing at this place", location=location)
        return self.known_locations[location]

    def subscribe(self, subscription: Subscription) -> None:
        self.subscribed.append(subscription)

    def close(self) -> None:
        self.closed = True


def a_sample_library(folder: Path, now: datetime) -> FakeLibrary:
    """Return a library of the records of a folder."""
    from newstui import formats

    library = FakeLibrary(now=now)
    for file in sorted(folder.rglob("*.md"), reverse=True):
        if "_news" not in file.parts:
            continue
        for article in formats.parse(file.read_bytes(), path=str(file.relative_to(folder)), now=now).articles:
            library.add(_in_collection(article))
    by_url = {url: row for row, one in library.articles.items() for url in (one.urls.web, one.urls.original) if url}
    for row, article in library.articles.items():
        library.coverage_of[row] = [
            Coverage(
                library.articles[found].key if (found := by_url.get(one.url or "")) else None, found,
                one.title or "", one.url, one.provider, one.published, one.quality, one.excerpt, "given", 1.0,
            )
            for one in article.related
        ]  # fmt: skip
    return library


def _in_collection(article: Article) -> Article:
    return article._replace(collection="Sample")
