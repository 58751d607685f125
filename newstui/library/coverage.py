"""Related coverage and stories: what an article's record gives, and what comparing all collections has found.

Bringing the index up to date is `coverage_pass.py`; the list grouped by story is `stories.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock
from typing import NamedTuple

from newstui.errors import StoreError
from newstui.identity import format_id
from newstui.library.coverage_documents import document_of, found_source, given_by_key, given_source, load_frequencies
from newstui.library.coverage_pass import CoveragePass, CoverageProgress
from newstui.library.follow import Following, StoryGrew
from newstui.library.stories import StoryListing, StoryRow, head_of
from newstui.model import Article, Coverage, Headline, Origin, RelatedItem
from newstui.related import CUT, Document, Likeness, Window, common_words
from newstui.related.covering import copies_among, unpack_found
from newstui.related.window import DAY
from newstui.store.cache import ArticleCache
from newstui.store.coverage import CoverageStore

log = logging.getLogger(__name__)

__all__ = ["CUT", "CoverageDesk", "CoverageProgress", "Story", "StoryGrew", "StoryListing", "StoryRow"]

GIVEN_UNKNOWN = 0.4
"""Score of an item that a record lists and no collection has: of such links 17 to 82 % were the same event, by site."""
REASONS = 6
"""Shared words that are told."""
MEMBERS_SHOWN = 200
"""Articles of one story that are shown side by side, those nearest in time to the one opened."""
MISSING_LIMIT = 20
"""Providers named that did not cover a story."""
_BELOW = CUT - 0.001
"""Highest score of what the list does not count."""
_MISSING_DAYS = 2
"""A provider that published within this time around a story could have covered it."""


class Story(NamedTuple):
    """All articles about one event."""

    id: str
    """Stays the same as articles arrive."""
    rows: tuple[int, ...]
    """Oldest first."""
    head: int
    """Row of the article that stands for it: highest quality, then earliest."""
    providers: int
    first: int | None
    """Seconds since 1970-01-01 UTC, like `last`."""
    last: int | None
    unread: int
    missing: tuple[str, ...]
    """Providers of the same collections that published at the time and did not cover it, the busiest first."""
    followed: bool


class Judged(NamedTuple):
    """Another article, seen from the one that was asked about."""

    score: float
    """0..1: that both tell of the same event."""
    copy: bool
    document: Document


class CoverageDesk:
    """Answers what else was written about an article."""

    def __init__(
        self,
        cache: ArticleCache,
        headlines: Callable[[Sequence[int]], list[Headline]],
        following: Following,
    ) -> None:
        """Open nothing yet.

        Args:
            headlines: rows → what the list shows of them, with their marks.
        """
        self._cache = cache
        self._headlines = headlines
        self.following = following
        self._opened: CoverageStore | None = None
        self._pass: CoveragePass | None = None
        self._likeness: Likeness | None = None
        self._window: Window | None = None
        self._generation = self._pass_generation = -1
        """Of the index, when `_likeness` was made, and when `_pass` ended unless another program wrote meanwhile."""
        self._updating = Lock()

    @property
    def _store(self) -> CoverageStore:
        if self._opened is None:
            self._opened = CoverageStore(self._cache)
        return self._opened

    def close(self) -> None:
        """Let go of the index."""
        if self._opened is not None:
            self._opened.close()
            self._opened = self._pass = None

    def is_current(self) -> bool:
        """Say whether everything stored now has been compared: only then does no coverage mean that there is none."""
        return self._store.is_current()

    # -- bringing it up to date ---------------------------------------------------------------
    def update(self, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[CoverageProgress | StoryGrew]:
        """Compare what is new, group it into stories, and say which followed stories grew.

        Can be stopped at any moment and goes on from there next time. Does nothing while another thread does it.
        Raises StoreError.
        """
        if not self._updating.acquire(blocking=False):
            return
        try:
            store = self._store
            if self._pass is None or self._pass_generation != store.generation():
                self._pass = CoveragePass(store)
            others = store.generation() - store.changes
            yield from self._pass.run(is_cancelled)
            self._pass_generation = store.changes + others
            if not is_cancelled():
                yield from self.following.look(self._story_now, self._members)
        finally:
            self._updating.release()

    # -- one article --------------------------------------------------------------------------
    def coverage(self, row: int, floor: float = CUT, *, side_by_side: bool = False) -> list[Coverage]:
        """Return given and found coverage of an article, best first; of several copies of one text the first counts.

        Args:
            floor: found coverage less probable than this is left out. What is below the cut comes without a reason.
            side_by_side: everything in the article's story is told as well, and all of it in the order of time.
        """
        article = self._newest(row)
        if article is None:
            return []
        given = given_by_key(article.related, article.key)
        try:
            judged = self._judged(article, given, everything=floor < CUT, story=side_by_side)
        except StoreError as error:
            log.warning("only given coverage can be shown: %s", error)
            judged = {}
        story = judged.pop(article.key).document.story if article.key in judged else 0
        found = [
            key
            for key, one in judged.items()
            if (one.score >= floor or one.copy or (side_by_side and one.document.story == story != 0))
            and key not in given
        ]
        known = self._known([*given, *found])
        found = [key for key in found if key in known]
        told = {key: self._given(key, item, judged, known) for key, item in given.items()}
        told |= {key: self._found(article, key, judged, known) for key in found}
        sources = [given_source(key, item, key in judged and judged[key].copy) for key, item in given.items()]
        sources += [found_source(judged[key].document, judged[key].copy) for key in found if _is_shown(judged[key])]
        copies = copies_among(sources)
        if floor < CUT or side_by_side:
            less = [found_source(judged[key].document, False) for key in found if not _is_shown(judged[key])]
            copies |= copies_among([*sources, *less]) - {source.key for source in sources}
        shown = [one._replace(copy=key in copies) for key, one in told.items()]
        if side_by_side:
            return sorted(shown, key=lambda one: one.published.timestamp() if one.published else 0.0)
        return sorted(
            shown, key=lambda one: (-one.score, one.copy, one.published.timestamp() if one.published else 0.0)
        )

    def _newest(self, row: int) -> Article | None:
        """Return the article of a row as the index has read it: of several records of it the newest."""
        article = self._cache.article(row)
        rows = self._cache.rows_of_keys([article.key]).get(article.key, [row]) if article is not None else [row]
        return article if rows[0] == row else self._cache.article(rows[0])

    def _judged(self, article: Article, given: Iterable[int], *, everything: bool, story: bool) -> dict[int, Judged]:
        """Return what was found for the article, by key; on demand with all that is near it or in its story.

        The article itself is among it.

        What was found is kept with the count that the list shows, so both agree however much has arrived since; the
        rest is judged now, and is never above the cut.
        """
        stored = self._store.by_key([article.key])
        if not stored or stored[0].near is None or stored[0].seconds is None:
            return {}
        document = document_of(stored[0])
        kept = None if stored[0].found is None else {one.number: one for one in unpack_found(stored[0].found)}
        numbers = set(kept or ())
        if kept is None or everything:
            numbers |= {number for _, number in document.near or ()}
        others = {one.number: one for one in self._store.by_number(sorted(numbers))}
        others.update((one.number, one) for one in self._store.by_key(sorted(given)))
        if story and document.story:
            members = self._store.members(document.story)
            members.sort(key=lambda one: abs((one.seconds or 0) - document.seconds))
            others.update((one.number, one) for one in members[:MEMBERS_SHOWN])
        others.pop(document.number, None)
        judged = {document.key: Judged(1.0, False, document)}
        for one in others.values():
            other = document_of(one)
            if kept is not None and (found := kept.get(one.number)) is not None:
                judged[other.key] = Judged(found.score, found.copy, other)
            elif one.seconds is not None and one.near is not None:
                score, copy = self._judge().judge(document, other)
                judged[other.key] = (
                    Judged(score, copy, other) if kept is None else Judged(min(score, _BELOW), False, other)
                )
        return judged

    def _judge(self) -> Likeness:
        generation = self._store.generation()
        if self._likeness is None or generation != self._generation:
            self._generation = generation
            self._window = Window(load_frequencies(self._store))
            self._likeness = Likeness(self._window)
        return self._likeness

    def _known(self, keys: Sequence[int]) -> dict[int, tuple[Article, Headline]]:
        """Return those of the articles that are in a collection, by key."""
        row_by_key = {key: rows[0] for key, rows in self._cache.rows_of_keys(keys).items()}
        rows = list(row_by_key.values())
        articles = self._cache.articles(rows)
        headlines = {headline.row: headline for headline in self._headlines(rows)}
        return {
            key: (articles[row], headlines[row])
            for key, row in row_by_key.items()
            if row in articles and row in headlines
        }

    def _given(
        self,
        key: int,
        item: RelatedItem,
        judged: dict[int, Judged],
        known: dict[int, tuple[Article, Headline]],
    ) -> Coverage:
        one = judged.get(key)
        score, copy = (one.score, one.copy) if one is not None else (GIVEN_UNKNOWN, False)
        if key in known:
            return _coverage(*known[key], "given", score, copy)
        title = item.title or item.url or "(no title)"
        return Coverage(
            None, None, title, item.url, item.provider, item.published, item.quality, item.excerpt, "given", score, copy
        )

    def _found(
        self,
        article: Article,
        key: int,
        judged: dict[int, Judged],
        known: dict[int, tuple[Article, Headline]],
    ) -> Coverage:
        one = judged[key]
        other, headline = known[key]
        reason = self._reason(article, other, one.document.collection) if one.score >= CUT else ()
        return _coverage(other, headline, "found", one.score, one.copy)._replace(reason=reason)

    def _reason(self, article: Article, other: Article, collection: int) -> tuple[str, ...]:
        self._judge()
        assert self._window is not None
        weight = self._window.frequencies.weight
        shared = common_words((article.title, article.excerpt), (other.title, other.excerpt))
        weights = {term: weight(term, collection) for term in shared}
        least = max(weights.values(), default=0.0) / 2
        telling = sorted((term for term in shared if weights[term] >= least), key=lambda term: (-weights[term], term))
        return tuple(dict.fromkeys(shared[term] for term in telling))[:REASONS]

    # -- stories ------------------------------------------------------------------------------
    def story(self, row: int) -> Story | None:
        """Return the story of an article; None when it is alone."""
        number = self._story_number(row)
        stored = self._store.members(number) if number else []
        rows_by_key = self._cache.rows_of_keys([one.key for one in stored])
        rows = [rows_by_key[one.key][0] for one in stored if one.key in rows_by_key]
        if len(rows) < 2:
            return None
        members = self._headlines(rows)
        dates = [one.published for one in members if one.published is not None]
        providers = {one.provider for one in stored}
        return Story(
            format_id(number),
            tuple(rows),
            head_of(members).row,
            len(providers),
            min(dates, default=None),
            max(dates, default=None),
            sum(not one.read for one in members),
            self._missing(dates, {one.collection for one in stored}, providers),
            self.following.is_followed(number),
        )

    def _story_number(self, row: int) -> int:
        addresses = self._cache.addresses([row])
        stored = self._store.by_key([addresses[row][0]]) if row in addresses else []
        return stored[0].story if stored else 0

    def _story_now(self, story: int) -> int:
        """Return the story whose founder (or lone article) has this key now."""
        if self._store.has_story(story):
            return story
        founder = self._store.by_key([story])
        return founder[0].story or story if founder else story

    def _members(self, story: int) -> list[int]:
        """Return the keys of a story's articles in the order they arrived."""
        rows_by_key = self._cache.rows_of_keys([one.key for one in self._store.members(story)])
        return sorted(rows_by_key, key=lambda key: rows_by_key[key][-1])

    def _missing(self, dates: Sequence[int], collections: Iterable[int], covering: Iterable[int]) -> tuple[str, ...]:
        if not dates:
            return ()
        margin = _MISSING_DAYS * DAY
        active = self._store.providers_active(min(dates) - margin, max(dates) + margin, sorted(collections))
        silent = [provider for provider, _ in active if provider not in set(covering)][:MISSING_LIMIT]
        names = self._store.provider_names(silent)
        return tuple(names[provider] for provider in silent if names.get(provider))

    def toggle_follow(self, row: int) -> bool:
        """Follow the story of an article, or no longer; say whether it is followed now.

        An article that is alone is followed as the story it may become. Raises StoreError.
        """
        addresses = self._cache.addresses([row])
        story = self._story_number(row) or (addresses[row][0] if row in addresses else 0)
        return self.following.toggle(story, len(self._members(story)) or 1)


def _is_shown(one: Judged) -> bool:
    return one.copy or one.score >= CUT


def _coverage(article: Article, headline: Headline, origin: Origin, score: float, copy: bool) -> Coverage:
    return Coverage(
        key=article.key,
        row=headline.row,
        title=article.display_title,
        url=article.urls.best,
        provider=article.provider,
        published=article.published,
        quality=article.quality,
        excerpt=article.excerpt,
        origin=origin,
        score=score,
        copy=copy,
        read=headline.read,
        starred=headline.starred,
    )
