"""One row of a list as pieces of text with a role each; what a role looks like is the stylesheet's business.

Pure, and cheap: a screenful is made anew whenever a theme, a width or a mark changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from newstui.model import Headline
from newstui.present.ages import AGE_CELLS, DateStyle, short_age
from newstui.present.counts import describe_count
from newstui.text import cell_width, truncate

BARS = "▁▂▃▄▅▆▇█"
_QUALITY_STEPS = (20, 40, 60, 80, 100, 130, 160)
"""Median of real collections is 44 to 87, the highest seen 213 (docs/record-format.md §2)."""
_HEAT_STEPS = (20, 50, 80, 120, 200, 400, 1_000)
"""Heat is quality plus ten for each related item; 3,694 was seen."""

GUTTER_CELLS = 4
"""Cursor or selection, unread dot, star, one blank."""
ONE_LINE_FROM = 110
"""A list at least this wide puts a row on one line, its columns aligned."""


class Span(NamedTuple):
    """Some text of a line that looks the same throughout."""

    text: str
    role: str
    """``gutter dot fresh pending star selected title title-read provider age coverage quality heat badge hit hit-read
    snippet blank``."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """How the rows of a list of one width are divided."""

    width: int
    """Cells, without the scroll bar."""
    snippet: bool = False
    """Whether each row has a line with the place a search found."""
    style: DateStyle = "age"
    long_titles: bool = False
    """Whether a title may go on on a second line; where it does not, its excerpt begins there."""

    @property
    def one_line(self) -> bool:
        """Whether title and facts share a line."""
        return self.width >= ONE_LINE_FROM

    @property
    def height(self) -> int:
        """Lines a row takes."""
        return 1 + self.snippet if self.one_line else 2 + (self.snippet or self.long_titles)


_LONG_TITLES_BELOW = 48
"""A list narrower than this (cells) gives a title two lines …"""
_LONG_TITLES_FROM = 18
"""… when it is at least this high (lines); else more rows are worth more than whole titles."""


def choose_layout(width: int, height: int, *, snippet: bool = False, style: DateStyle = "age") -> RowLayout:
    """Return how the rows of a list of so many cells and lines are divided."""
    return RowLayout(width, snippet, style, width < _LONG_TITLES_BELOW and height >= _LONG_TITLES_FROM)


class StoryFacts(NamedTuple):
    """What a row that stands for a whole story adds to its headline."""

    articles: int
    providers: int
    unread: int
    first: int | None
    """Seconds since 1970-01-01 UTC; None when no article of it has a date."""
    last: int | None
    followed: bool = False


@dataclass(frozen=True, slots=True)
class RowState:
    """What is true of a row at the moment, besides what the article says."""

    cursor: bool = False
    selected: bool = False
    pending: bool = False
    """A mark is being saved."""
    kept: bool = False
    """Read since the view was opened, and kept in place."""


def bar(value: int | None, steps: Sequence[int]) -> str:
    """Return one cell that shows how high a value is; blank when there is none, a dot when it is below nothing."""
    if value is None:
        return " "
    if value < 0:
        return "·"
    return BARS[sum(value >= step for step in steps)]


def quality_bar(quality: int | None) -> str:
    """Return one cell for a quality."""
    return bar(quality, _QUALITY_STEPS)


def heat_bar(heat: int | None) -> str:
    """Return one cell for a heat."""
    return bar(heat, _HEAT_STEPS)


def article_row(
    headline: Headline,
    layout: RowLayout,
    state: RowState,
    now: int,
    *,
    zone: tzinfo | None = None,
    hits: Sequence[tuple[int, int]] = (),
    snippet: str = "",
    snippet_hits: Sequence[tuple[int, int]] = (),
    story: StoryFacts | None = None,
) -> list[list[Span]]:
    """Return the lines of one row, each exactly as wide as the list.

    Args:
        hits: Where the title shows what was searched: first character, and the one after the last.
        snippet: The place the search found, when the layout has a line for it.
        snippet_hits: The same for the snippet.
    """
    read = headline.read
    gutter = [
        Span("✓", "selected") if state.selected else Span("▌" if state.cursor else " ", "gutter"),
        _dot(headline, state),
        Span("★" if headline.starred else " ", "star"),
        Span(" ", "blank"),
    ]
    room = max(layout.width - GUTTER_CELLS, 0)
    title_role, hit_role = ("title-read", "hit-read") if read else ("title", "hit")
    age = short_age(story.last if story else headline.published, now, zone, layout.style)
    facts = _facts(headline, age, story)
    facts_cells = sum(cell_width(span.text) for span in facts)
    meta = _story_meta(story, headline.provider, now, zone) if story and story.articles > 1 else _meta(headline)
    indent = [Span("▌" if state.cursor else " ", "gutter"), Span("   ", "blank")]
    lines: list[list[Span]] = []
    if layout.one_line:
        meta_cells = min(max(layout.width // 4, 16), 40)
        title_cells = room - meta_cells - facts_cells - 2
        title = _fitted(headline.title, title_cells, title_role, hit_role, hits)
        lines.append([*gutter, *title, Span("  ", "blank"), *_fitted(meta, meta_cells, "provider"), *facts])
    else:
        first, rest = headline.title, ""
        if layout.long_titles and not layout.snippet:
            first, rest = break_line(headline.title, room - 1)
            second = _shifted(hits, len(headline.title) - len(rest))
            lines.append(
                [*indent, *(_fitted(rest, room - 1, title_role, hit_role, second) if rest
                            else _fitted(headline.excerpt, room - 1, "provider")), Span(" ", "blank")]
            )  # fmt: skip
        lines.insert(0, [*gutter, *_fitted(first, room - 1, title_role, hit_role, hits), Span(" ", "blank")])
        if room - facts_cells < 6:
            facts, facts_cells = [], 0
        lines.append([*indent, *_fitted(meta, room - facts_cells, "provider"), *facts])
    if layout.snippet:
        lines.insert(1, [*indent, *_fitted(snippet, room - 1, "snippet", "hit", snippet_hits), Span(" ", "blank")])
    return [_exactly(line, layout.width) for line in lines]


def _dot(headline: Headline, state: RowState) -> Span:
    if state.pending:
        return Span("◌", "pending")
    if not headline.read:
        return Span("◆", "fresh") if headline.new else Span("●", "dot")
    return Span("·", "kept") if state.kept else Span(" ", "blank")


def _facts(headline: Headline, age: str, story: StoryFacts | None) -> list[Span]:
    """Return the right-hand columns: coverage, quality, heat, age."""
    others = (story.articles - 1) if story else headline.coverage
    coverage = f"+{min(others, 99)}" if others > 0 else ""
    return [
        Span(f"{coverage:>4} ", "coverage"),
        Span(quality_bar(headline.quality), "quality"),
        Span(heat_bar(headline.heat), "heat"),
        Span(f"{age:>{AGE_CELLS + 1}} ", "age"),
    ]


def _meta(headline: Headline) -> str:
    parts = [headline.provider]
    if headline.type and headline.type != "article":
        parts.append(headline.type)
    if headline.removed:
        parts.append("removed")
    if headline.malformed:
        parts.append("damaged")
    if headline.noted:
        parts.append("✎ note")
    parts.extend(f"#{tag}" for tag in headline.tags)
    return " · ".join(part for part in parts if part)


def _story_meta(story: StoryFacts, provider: str, now: int, zone: tzinfo | None) -> str:
    parts = [provider, describe_count(story.providers, "provider")]
    if 0 < story.unread < story.articles:
        parts.append(f"{story.unread} unread")
    if story.first is not None and story.last is not None and story.last - story.first >= 3_600:
        parts.append(f"since {short_age(story.first, now, zone)}")
    if story.followed:
        parts.append("followed")
    return " · ".join(part for part in parts if part)


def _fitted(text: str, cells: int, role: str, hit_role: str = "", hits: Sequence[tuple[int, int]] = ()) -> list[Span]:
    """Return text cut and padded to a number of cells, hits set apart."""
    if cells <= 0:
        return []
    shown = truncate(text, cells)
    spans = split_hits(shown, hits, role, hit_role) if hits else [Span(shown, role)]
    if (missing := cells - cell_width(shown)) > 0:
        spans.append(Span(" " * missing, "blank"))
    return spans


def break_line(text: str, cells: int) -> tuple[str, str]:
    """Return what of a line fits, broken at a blank where there is one, and the rest of it."""
    if cell_width(text) <= cells:
        return text, ""
    cut = len(truncate(text, cells + 1).removesuffix("…"))
    if cell_width(text[:cut]) > cells:  # a wide character at the very end
        cut = len(truncate(text, cells).removesuffix("…"))
    blank = text.rfind(" ", 0, cut + 1)
    if blank > cut // 2:
        return text[:blank], text[blank + 1 :]
    return text[:cut], text[cut:]


def _shifted(hits: Sequence[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(max(start - by, 0), end - by) for start, end in hits if end > by]


def split_hits(text: str, hits: Sequence[tuple[int, int]], role: str, hit_role: str) -> list[Span]:
    """Return a line in pieces, so that the hits look different. Hits beyond the end of a cut line are left out."""
    spans: list[Span] = []
    done = 0
    for start, end in hits:
        end = min(end, len(text))
        if start >= end:
            break
        if start > done:
            spans.append(Span(text[done:start], role))
        spans.append(Span(text[start:end], hit_role))
        done = end
    if done < len(text) or not spans:
        spans.append(Span(text[done:], role))
    return spans


def _exactly(line: list[Span], width: int) -> list[Span]:
    """Return a line cut or padded to the width: what keeps a very narrow list in shape."""
    kept: list[Span] = []
    used = 0
    for span in line:
        cells = cell_width(span.text)
        if used + cells > width:
            cut = truncate(span.text, width - used)
            kept.append(Span(cut, span.role))
            used += cell_width(cut)
            break
        kept.append(span)
        used += cells
    if used < width:
        kept.append(Span(" " * (width - used), "blank"))
    return kept
