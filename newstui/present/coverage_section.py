"""What else was written about an article, as lines below it: how much, from whom, when, and each report. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from newstui.model import Article, Coverage
from newstui.present.ages import short_age
from newstui.present.counts import describe_count
from newstui.present.document import Run
from newstui.present.headlines import set_apart
from newstui.present.meters import BAR_CELLS, QUALITY_FULL, draw_meter
from newstui.present.page_lines import Piece
from newstui.present.story_line import draw_story
from newstui.present.times import describe_offset
from newstui.present.typeset import Line, Span, set_runs
from newstui.records import dataclass
from newstui.text import cell_width, clean_line, truncate

_OFFSET_CELLS = 10
_ORIGIN_CELLS = 10
MOST_MISSING = 5
"""Providers named that did not cover a story, unless the reader asks for all."""


class StoryNote(NamedTuple):
    """What there is to say of the story an article belongs to, besides its coverage."""

    followed: bool = False
    missing: Sequence[str] = ()
    """Providers that published at the time and did not cover it, the busiest first."""
    outside: int = 0
    """So many of the last of the coverage are listed by the record and belong to another story."""


@dataclass(slots=True)
class CoverageSection:
    """The coverage of one article, and how it is told."""

    article: Article
    coverage: Sequence[Coverage]
    story: StoryNote
    now: datetime
    """UTC."""
    zone: tzinfo | None
    """Where the reader is; None takes the machine's zone."""
    shows_reasons: bool
    """Whether each report says why it is here."""
    side_by_side: bool
    """Times count from the first report, and the article stands among the others; else they count from the article."""

    def pieces(self, width: int) -> Iterator[Piece]:
        """Set what there is to say, below a rule."""
        coverage = self.coverage
        if not coverage and self.article.category not in (None, "news"):
            return  # nobody expects other reports about a course or a person
        told = coverage[: len(coverage) - self.story.outside]
        lines: list[Line] = [(), (Span("─" * width, "rule"),)]
        title = "Related coverage"
        if not told:
            lines.append((Span(truncate(title, width), "section"),))
            lines += set_runs((Run("Nobody else wrote about this, as far as we know."),), width, "note")
            yield Piece(("related", 0), lines)
        else:
            yield from self._set_told(told, [*lines, *self._set_heading(title, told, width)], width)
        if len(told) < len(coverage):
            lines = [(), (Span(truncate("Also listed by the record", width), "section"),)]
            yield Piece(("listed", 0), lines)
            for index in range(len(told), len(coverage)):
                yield Piece(("coverage", index), [(), *self._set_item(coverage[index], width, None)])
        if coverage:
            yield Piece(("end", 0), [()])

    def _set_heading(self, title: str, told: Sequence[Coverage], width: int) -> list[Line]:
        """The heading of the coverage: how much of it there is, from how many, and the story over time."""
        sources = {item.provider.domain or item.provider.name for item in told} - {None}
        copies = sum(item.copy for item in told)
        count = f"{describe_count(len(told) - copies, 'other report')} from {describe_count(len(sources), 'provider')}"
        if copies:
            count += f", {describe_count(copies, 'copy')}"
        lines: list[Line] = []
        if len(title) + 2 + len(count) <= width:
            gap = " " * (width - len(title) - len(count))
            lines.append((Span(title, "section"), Span(gap), Span(count, "section-count")))
        else:
            lines += [(Span(truncate(title, width), "section"),), (Span(truncate(count, width), "section-count"),)]
        if self.story.followed:
            lines.append((Span(truncate("You follow this story", width), "note"),))
        own = self.article.published
        if own and (picture := draw_story(_times(told), own, width, self.zone)):
            lines += [(), picture]
        return lines

    def _set_told(self, told: Sequence[Coverage], heading: list[Line], width: int) -> Iterator[Piece]:
        """The reports in their order, the open article among them where they stand in the order of time."""
        yield Piece(("related", 0), heading)
        own = self.article.published
        earliest = min([*_times(told), *([own] if own else [])], default=None)
        is_told = not self.side_by_side or own is None
        for index, item in enumerate(told):
            if not is_told and own is not None and item.published is not None and item.published > own:
                is_told = True
                yield Piece(("own", 0), [(), self._set_own(width, own, earliest)])
            yield Piece(("coverage", index), [(), *self._set_item(item, width, earliest)])
        if not is_told and own is not None:
            yield Piece(("own", 0), [(), self._set_own(width, own, earliest)])
        if self.story.missing and (self.side_by_side or self.shows_reasons):
            said = describe_missing(self.story.missing, None if self.shows_reasons else MOST_MISSING)
            yield Piece(("missing", 0), [(), *set_runs((Run(said),), width, "note")])

    def _set_own(self, width: int, own: datetime, earliest: datetime | None) -> Line:
        """The open article in its place among the others."""
        when = f"{truncate(self._describe_when(own, earliest), _OFFSET_CELLS):<{_OFFSET_CELLS}} "
        return (Span(when, "offset"), Span(truncate("◆ this article", max(width - len(when), 1)), "timeline-own"))

    def _set_item(self, item: Coverage, width: int, earliest: datetime | None) -> list[Line]:
        """One related article: when, who, how good and how sure in columns; then its title, then its excerpt."""
        offset = self._describe_when(item.published, earliest)
        origin = "same text" if item.copy else "given" if item.origin == "given" else f"found {item.score:.0%}"
        provider = clean_line(item.provider.name or item.provider.domain or "") or "unknown provider"
        room = width - _OFFSET_CELLS - 1 - BAR_CELLS - 6 - _ORIGIN_CELLS
        lines: list[Line] = []
        if room >= 12:
            when = Span(f"{truncate(offset, _OFFSET_CELLS):<{_OFFSET_CELLS}} ", "offset")
            shown = truncate(provider, room - 1)
            fill = Span(" " * (room - cell_width(shown)))
            lines.append(
                (when, Span(shown, "coverage-provider"), fill, *_set_quality(item.quality),
                 Span(f" {origin:>{_ORIGIN_CELLS}}", "origin"))
            )  # fmt: skip
        else:
            lines += set_runs((Run(provider),), width, "coverage-provider", most_lines=1)
            lines.append((Span(truncate(f"{offset} · {origin}", width), "offset"),))
        title = item.title or item.url or "(no title)"
        runs = set_apart(title, self.article.display_title) if self.side_by_side and item.title else [Run(title)]
        if item.starred:
            runs.insert(0, Run("★ "))
        if self.side_by_side and item.row is not None and not item.read:
            runs.insert(0, Run("● "))
        if item.row is None:
            runs.append(Run("\u00a0↗"))
        lines += set_runs(runs, width, "coverage-read" if item.read else "coverage-title", most_lines=3)
        if item.excerpt:
            lines += set_runs((Run(item.excerpt),), width, "coverage-excerpt", most_lines=2)
        if self.shows_reasons:
            lines += set_runs((Run(_describe_reason(item)),), width, "note", most_lines=2)
        return lines

    def _describe_when(self, published: datetime | None, earliest: datetime | None) -> str:
        if published is None:
            return "no date"
        if published == earliest and (self.side_by_side or published != self.article.published):
            return "first"
        if self.side_by_side and earliest is not None:
            return describe_offset((published - earliest).total_seconds())
        if self.article.published is None:
            return short_age(int(published.timestamp()), int(self.now.timestamp()), self.zone)
        return describe_offset((published - self.article.published).total_seconds())


def describe_missing(names: Sequence[str], most: int | None = MOST_MISSING) -> str:
    """Return who did not cover a story, as a sentence; all of them where `most` is None."""
    shown = ", ".join(clean_line(name) for name in names[:most])
    more = f" and {len(names) - most} more" if most is not None and len(names) > most else ""
    return f"Not covered by {shown}{more}."


def _describe_reason(item: Coverage) -> str:
    """Return why a report is told: the words it was found by, or who says so."""
    if item.reason:
        return "shared words: " + ", ".join(item.reason)
    if item.copy:
        return "repeats another report"
    return "listed by the record" if item.origin == "given" else "in the story through its other reports"


def _times(coverage: Sequence[Coverage]) -> list[datetime]:
    return [item.published for item in coverage if item.published]


def _set_quality(quality: int | None) -> Line:
    """A bar and its number in a column; blank when the quality is not known."""
    if quality is None or quality < 0:
        return (Span(" " * (BAR_CELLS + 5)),)
    filled, empty = draw_meter(quality, QUALITY_FULL, BAR_CELLS)
    return (Span(filled, "bar-quality"), Span(empty, "bar-empty"), Span(f" {quality:<4}", "fact"))
