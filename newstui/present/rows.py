"""One row of a list as pieces of text with a role each; what a role looks like is the stylesheet's business.

Pure, and cheap: a screenful is made anew whenever a theme, a width or a mark changes.
"""

from __future__ import annotations

from newstui.cells import cell_width, truncate
from newstui.present.ages import AGE_CELLS, short_age
from newstui.present.counts import describe_count
from newstui.present.meters import HEAT_STEPS, QUALITY_STEPS, draw_step

TYPE_CHECKING = False  # the first picture paints rows before it imports anything: no `typing`, dataclasses, model
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo
    from typing import Protocol

    from newstui.present.ages import DateStyle

    Hits = Sequence[tuple[int, int]]
    """Where a text shows what was searched: first character, and the one after the last."""

    class RowFacts(Protocol):
        """What a row shows of an article; a `Headline` has it."""

        @property
        def title(self) -> str: ...
        @property
        def provider(self) -> str: ...
        @property
        def type(self) -> str: ...
        @property
        def excerpt(self) -> str: ...
        @property
        def published(self) -> int | None: ...
        @property
        def quality(self) -> int | None: ...
        @property
        def heat(self) -> int | None: ...
        @property
        def coverage(self) -> int: ...
        @property
        def read(self) -> bool: ...
        @property
        def starred(self) -> bool: ...
        @property
        def new(self) -> bool: ...
        @property
        def removed(self) -> bool: ...
        @property
        def malformed(self) -> bool: ...
        @property
        def noted(self) -> bool: ...
        @property
        def tags(self) -> tuple[str, ...]: ...


_NARROW_BELOW = 36
"""A list narrower than this (cells) has a blank less before the facts, so that the provider keeps its place."""
_NUMBER_CELLS = 3
"""Of the number that a list is sorted by."""

GUTTER_CELLS = 4
"""Cursor or selection, unread dot, star, one blank."""
_FOLLOWED = ("followed", False)
_LEAST_META = 6
"""Cells of the provider and what stands beside it below which the facts give way."""
_LEAST_NAME = 4
"""Cells of a provider's name below which cutting it tells nothing."""
ONE_LINE_FROM = 110
"""A list at least this wide puts a row on one line, its columns aligned."""


class Span(tuple[str, str]):
    """Some text of a line that looks the same throughout."""

    __slots__ = ()

    def __new__(cls, text: str, role: str) -> Span:
        return tuple.__new__(cls, (text, role))

    @property
    def text(self) -> str:
        return self[0]

    @property
    def role(self) -> str:
        """``gutter dot fresh pending star selected title title-read provider age coverage quality heat hit snippet
        blank``."""
        return self[1]


_BLANK = Span(" ", "blank")


class RowLayout:
    """How the rows of a list of one width are divided."""

    __slots__ = ("long_titles", "number", "snippet", "style", "width")

    def __init__(
        self,
        width: int,
        snippet: bool = False,
        style: DateStyle = "age",
        long_titles: bool = False,
        number: str = "",
    ) -> None:
        self.width = width
        """Cells, without the scroll bar."""
        self.snippet = snippet
        """Whether each row has a line with the place a search found."""
        self.style: DateStyle = style
        self.long_titles = long_titles
        """Whether a title may go on on a second line; where it does not, its excerpt begins there."""
        self.number = number
        """``quality`` or ``heat`` is shown as a number: the list is sorted by it. Empty for neither."""

    @property
    def one_line(self) -> bool:
        """Whether title and facts share a line."""
        return self.width >= ONE_LINE_FROM

    @property
    def height(self) -> int:
        """Lines a row takes."""
        return 1 + self.snippet if self.one_line else 2 + (self.snippet or self.long_titles)


_LONG_TITLES = ((48, 18), (80, 30))
"""A list narrower than so many cells gives a title two lines when it is at least so many lines high; else more rows
are worth more than whole titles."""


def choose_layout(
    width: int, height: int, *, snippet: bool = False, style: DateStyle = "age", number: str = ""
) -> RowLayout:
    """Return how the rows of a list of so many cells and lines are divided."""
    long_titles = any(width < below and height >= high for below, high in _LONG_TITLES)
    return RowLayout(width, snippet, style, long_titles, number)


class StoryFacts:
    """What a row that stands for a whole story adds to its headline."""

    __slots__ = ("articles", "first", "followed", "last", "providers", "unread")

    def __init__(
        self, articles: int, providers: int, unread: int, first: int | None, last: int | None, followed: bool = False
    ) -> None:
        self.articles = articles
        self.providers = providers
        self.unread = unread
        self.first = first
        """Seconds since 1970-01-01 UTC; None when no article of it has a date."""
        self.last = last
        self.followed = followed


class RowState:
    """What is true of a row at the moment, besides what the article says."""

    __slots__ = ("cursor", "kept", "pending", "selected")

    def __init__(self, cursor: bool = False, selected: bool = False, pending: bool = False, kept: bool = False) -> None:
        self.cursor = cursor
        self.selected = selected
        self.pending = pending
        """A mark is being saved."""
        self.kept = kept
        """Read since the view was opened, and kept in place."""


def article_row(
    headline: RowFacts,
    layout: RowLayout,
    state: RowState,
    now: int,
    *,
    zone: tzinfo | None = None,
    hits: Hits = (),
    snippet: str = "",
    snippet_hits: Hits = (),
    story: StoryFacts | None = None,
) -> list[list[Span]]:
    """Return the lines of one row, each exactly as wide as the list.

    Args:
        hits: Those of the title.
        snippet: The place the search found, when the layout has a line for it.
    """
    room = max(layout.width - GUTTER_CELLS, 0)
    bar = Span("▌" if state.cursor else " ", "gutter")
    sign = Span("✓", "selected") if state.selected else bar
    gutter = [sign, _dot(headline, state), Span("★" if headline.starred else " ", "star"), _BLANK]
    indent = [bar, Span("   ", "blank")]
    age = short_age(story.last if story else headline.published, now, zone, layout.style)
    facts = _facts(headline, age, story, layout)
    if layout.one_line:
        meta_cells = min(max(layout.width // 4, 16), 40)
        title_cells = room - meta_cells - _cells_of(facts) - 2
    else:
        facts = _close_up(facts, room)
        meta_cells, title_cells = room - _cells_of(facts), room - 1
    if story and story.articles > 1:
        parts = _story_meta(story, headline.provider, now, zone, meta_cells)
    else:
        parts = _meta(headline) + ([_FOLLOWED] if story and story.followed else [])
    meta = [*_fitted(fit_parts(parts, meta_cells), meta_cells, "provider"), *facts]
    role = "title-read" if headline.read else "title"
    title, below = _divide(headline, layout, room - 1, role, hits, snippet, snippet_hits)
    first = [*gutter, *_fitted(title, title_cells, role, hits)]
    lines = [[*first, Span("  ", "blank"), *meta]] if layout.one_line else [[*first, _BLANK], [*indent, *meta]]
    if below is not None:
        lines.insert(1, [*indent, *below, _BLANK])
    return [_exactly(line, layout.width) for line in lines]


def _divide(
    headline: RowFacts, layout: RowLayout, cells: int, role: str, hits: Hits, snippet: str, found: Hits
) -> tuple[str, list[Span] | None]:
    """Return what the first line says of a title, and the line under it: the rest, the snippet, or the excerpt."""
    title = headline.title
    if layout.snippet:
        is_found_in_rest = hits and not found and hits[-1][1] >= len(truncate(title, cells)) < len(title)
        if layout.one_line or not is_found_in_rest:
            return title, _fitted(snippet, cells, "snippet", found)
    elif layout.one_line or not layout.long_titles:
        return title, None
    first, rest = break_line(title, cells)
    if not rest:
        return first, _fitted(headline.excerpt, cells, "provider")
    return first, _fitted(rest, cells, role, _shifted(hits, len(title) - len(rest)))


def _dot(headline: RowFacts, state: RowState) -> Span:
    if state.pending:
        return Span("◌", "pending")
    if not headline.read:
        return Span("◆", "fresh") if headline.new else Span("●", "dot")
    return Span("·", "kept") if state.kept else Span(" ", "blank")


def _facts(headline: RowFacts, age: str, story: StoryFacts | None, layout: RowLayout) -> list[Span]:
    """Return the right-hand columns: coverage, quality, heat, age."""
    others = max(headline.coverage, story.articles - 1 if story else 0)
    coverage = f"+{min(others, 99)}" if others > 0 else ""
    return [
        Span(f"{coverage:>{3 if layout.width < _NARROW_BELOW else 4}} ", "coverage"),
        _measure(headline.quality, QUALITY_STEPS, "quality", layout.number, headline.read),
        _BLANK,
        _measure(headline.heat, HEAT_STEPS, "heat", layout.number, headline.read),
        Span(f"{age:>{AGE_CELLS + 1}} ", "age"),
    ]


def _close_up(facts: list[Span], room: int) -> list[Span]:
    """Return the facts without the columns on their left where nothing stands; none where there is no room for them."""
    while len(facts) > 1 and facts[0].text.isspace():
        del facts[0]
    if not facts[0].text.startswith(" "):
        facts.insert(0, _BLANK)
    return facts if room - _cells_of(facts) >= _LEAST_META else []


def _cells_of(spans: Sequence[Span]) -> int:
    return sum([cell_width(text) for text, _ in spans])


def _measure(value: int | None, steps: Sequence[int], name: str, number: str, is_read: bool) -> Span:
    """Return how high a value is as one bar, or as a number where the list is sorted by it; blank for none."""
    is_number = name == number
    cells, role = _NUMBER_CELLS if is_number else 1, "age" if is_read else name
    if value is None:
        return Span(" " * cells, "blank")
    if value < 0:
        return Span("·".rjust(cells), role)
    return Span(f"{min(value, 999):>{cells}}" if is_number else draw_step(value, steps), role)


def _meta(headline: RowFacts) -> list[tuple[str, bool]]:
    """Return what stands under a title, and of each part whether it may be left out where there is no room."""
    parts = [(headline.provider, False)]
    if headline.type and headline.type != "article":
        parts.append((headline.type, True))
    if headline.removed:
        parts.append(("removed", False))
    if headline.malformed:
        parts.append(("damaged", False))
    if headline.noted:
        parts.append(("✎ note", False))
    parts.extend((f"#{tag}", True) for tag in headline.tags)
    return parts


def _story_meta(story: StoryFacts, provider: str, now: int, zone: tzinfo | None, cells: int) -> list[tuple[str, bool]]:
    """Return what stands under the title of a story: where room is short, how many tell it, not who tells it best."""
    count = describe_count(story.providers, "provider") if story.providers > 1 else ""
    whole = " · ".join(filter(None, (provider, count)))
    names = (whole, count, f"by {story.providers}") if count else (provider,)
    followed = [_FOLLOWED] if story.followed else []
    room = cells - sum(cell_width(part) + 3 for part, _ in followed)
    name = next((name for name in names if cell_width(name) <= room), "" if count and followed else names[-1])
    parts = [(name, False), *followed]
    if 0 < story.unread < story.articles:
        parts.append((f"{story.unread} unread", True))
    if story.first is not None and story.last is not None and story.last - story.first >= 3_600:
        parts.append((_describe_span(story.first, story.last, now, zone), True))
    return parts


def _describe_span(first: int, last: int, now: int, zone: tzinfo | None) -> str:
    """Return when a story began; how long it took where that looks the same as when it ended."""
    since = short_age(first, now, zone)
    over = short_age(first, last, zone)
    return f"over {over}" if since == short_age(last, now, zone) and over[-1] in "hdw" else f"since {since}"


def fit_parts(parts: Sequence[tuple[str, bool]], cells: int) -> str:
    """Return the parts in a line of so many cells: no word is cut while there is one that may be left out.

    Args:
        parts: What may stand there, and of each whether it may be left out. The first is cut before a later one is.
    """
    shown = [part for part in parts if part[0]]
    text = " · ".join(part for part, _ in shown)
    while cell_width(text) > cells:
        spare = next((index for index in range(len(shown) - 1, 0, -1) if shown[index][1]), 0)
        if not spare:
            break
        del shown[spare]
        text = " · ".join(part for part, _ in shown)
    over = cell_width(text) - cells
    if over > 0 and len(shown) > 1 and (room := cell_width(shown[0][0]) - over) >= _LEAST_NAME:
        return " · ".join([truncate(shown[0][0], room), *(part for part, _ in shown[1:])])
    return truncate(text, cells)


def _fitted(text: str, cells: int, role: str, hits: Hits = ()) -> list[Span]:
    """Return text cut and padded to a number of cells, hits set apart."""
    if cells <= 0:
        return []
    shown = truncate(text, cells)
    if hits and shown != text:  # the ellipsis was not searched for
        hits = [(start, min(end, len(shown) - 1)) for start, end in hits]
    spans = split_hits(shown, hits, role) if hits else [Span(shown, role)]
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


def _shifted(hits: Hits, by: int) -> list[tuple[int, int]]:
    return [(max(start - by, 0), end - by) for start, end in hits if end > by]


def split_hits(text: str, hits: Hits, role: str) -> list[Span]:
    """Return a line in pieces, so that the hits look different. Hits beyond the end of a cut line are left out."""
    spans: list[Span] = []
    done = 0
    for start, end in hits:
        end = min(end, len(text))
        if start >= end:
            break
        if start > done:
            spans.append(Span(text[done:start], role))
        spans.append(Span(text[start:end], "hit"))
        done = end
    if done < len(text) or not spans:
        spans.append(Span(text[done:], role))
    return spans


def _exactly(line: list[Span], width: int) -> list[Span]:
    """Return a line cut or padded to the width: what keeps a very narrow list in shape."""
    missing = width - _cells_of(line)
    if missing >= 0:
        return [*line, Span(" " * missing, "blank")] if missing else line
    kept: list[Span] = []
    for span in line:
        if (cells := cell_width(span.text)) >= width:
            return [*kept, Span(truncate(span.text, width), span.role)]
        kept.append(span)
        width -= cells
    return kept
