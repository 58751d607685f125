"""One row of a list as pieces of text with a role each; what a role looks like is the stylesheet's business.

Pure, and cheap: a screenful is made anew whenever a theme, a width or a mark changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from newstui.model import Headline
from newstui.present.ages import AGE_CELLS, DateStyle, short_age
from newstui.present.counts import describe_count
from newstui.text import cell_width, fold, truncate

BARS = "▁▂▃▄▅▆▇█"
_QUALITY_STEPS = (20, 40, 60, 80, 100, 130, 160)
"""Median of real collections is 44 to 87, the highest seen 213 (docs/record-format.md §2)."""
_HEAT_STEPS = (20, 50, 80, 120, 200, 400, 1_000)
"""Heat is quality plus ten for each related item; 3,694 was seen."""

GUTTER_CELLS = 4
"""Cursor or selection, unread dot, star, one blank."""
ONE_LINE_FROM = 84
"""A list at least this wide puts a row on one line, its columns aligned."""


class Span(NamedTuple):
    """Some text of a line that looks the same throughout."""

    text: str
    role: str
    """``gutter dot pending star selected title title-read provider age coverage quality heat badge hit hit-read
    snippet blank``."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """How the rows of a list of one width are divided."""

    width: int
    """Cells, without the scroll bar."""
    snippet: bool = False
    """Whether each row has a line with the place a search found."""
    style: DateStyle = "age"

    @property
    def one_line(self) -> bool:
        """Whether title and facts share a line."""
        return self.width >= ONE_LINE_FROM

    @property
    def height(self) -> int:
        """Lines a row takes."""
        return (1 if self.one_line else 2) + self.snippet


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
    words: Sequence[str] = (),
    snippet: str = "",
    story: StoryFacts | None = None,
) -> list[list[Span]]:
    """Return the lines of one row, each exactly as wide as the list.

    Args:
        words: Folded beginnings of words to show as hits.
        snippet: The place the search found, when the layout has a line for it.
    """
    read = headline.read
    gutter = [
        Span("✓", "selected") if state.selected else Span("▌" if state.cursor else " ", "gutter"),
        Span("◌", "pending") if state.pending else Span(" " if read else "●", "dot"),
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
        meta_cells = min(max(layout.width // 5, 14), 30)
        title_cells = room - meta_cells - facts_cells - 2
        title = _fitted(headline.title, title_cells, title_role, hit_role, words)
        lines.append([*gutter, *title, Span("  ", "blank"), *_fitted(meta, meta_cells, "provider"), *facts])
    else:
        lines.append([*gutter, *_fitted(headline.title, room - 1, title_role, hit_role, words), Span(" ", "blank")])
        if room - facts_cells < 6:
            facts, facts_cells = [], 0
        lines.append([*indent, *_fitted(meta, room - facts_cells, "provider"), *facts])
    if layout.snippet:
        lines.insert(1, [*indent, *_fitted(snippet, room - 1, "snippet", "hit", words), Span(" ", "blank")])
    return [_exactly(line, layout.width) for line in lines]


def _facts(headline: Headline, age: str, story: StoryFacts | None) -> list[Span]:
    """Return the right-hand columns: coverage, quality, heat, age."""
    others = (story.articles - 1) if story else headline.coverage
    coverage = f"+{others}" if 0 < others < 1_000 else ("+1k" if others else "")
    return [
        Span(f"{coverage:>5} ", "coverage"),
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


def _fitted(text: str, cells: int, role: str, hit_role: str = "", words: Sequence[str] = ()) -> list[Span]:
    """Return text cut and padded to a number of cells, hits marked."""
    if cells <= 0:
        return []
    shown = truncate(text, cells)
    spans = highlight(shown, words, role, hit_role) if words else [Span(shown, role)]
    if (missing := cells - cell_width(shown)) > 0:
        spans.append(Span(" " * missing, "blank"))
    return spans


_WORD = re.compile(r"\w+")


def highlight(text: str, words: Sequence[str], role: str, hit_role: str) -> list[Span]:
    """Return a line with the words that begin with one of `words` (folded) set apart."""
    spans: list[Span] = []
    done = 0
    for match in _WORD.finditer(text):
        token = fold(match[0])
        hit = next((word for word in words if word and _is_hit(token, word)), None)
        if hit is None:
            continue
        if match.start() > done:
            spans.append(Span(text[done : match.start()], role))
        spans.append(Span(match[0], hit_role))
        done = match.end()
    if done < len(text) or not spans:
        spans.append(Span(text[done:], role))
    return spans


def _is_hit(token: str, word: str) -> bool:
    return token.startswith(word) if word.isascii() else word in token


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
