"""An article as lines of a page: head, picture, excerpt, body, actions, related coverage. Pure.

The page is set piece by piece from the top; a reader who never scrolls never pays for the end of a long body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from newstui.links import check_link
from newstui.model import Article, Coverage, Headline, Image
from newstui.present.ages import short_age
from newstui.present.body import read_body
from newstui.present.counts import describe_count
from newstui.present.document import ITALIC, NUMBER, Document, Link, Run, plain_text
from newstui.present.embeds import describe_embed
from newstui.present.headlines import set_apart
from newstui.present.meters import HEAT_FULL, QUALITY_FULL, draw_meter
from newstui.present.story_line import draw_story
from newstui.present.times import describe_moment, describe_offset
from newstui.present.typeset import Line, Span, blank_lines_before, line_width, set_block, set_runs
from newstui.records import dataclass, field
from newstui.text import cell_width, clean_line, fold, truncate

Part = tuple[str, int]
"""Names a piece of the page whatever its width: ("head", 0), ("picture", 0), ("body", 17), ("coverage", 2), …"""

BAR_CELLS = 5
_MUCH_AIR = 24
"""Cells beside the text from which it stands in the middle of its pane."""
_TITLE_LINES = 5
_OFFSET_CELLS = 10
_ORIGIN_CELLS = 10
_LOGO_GAP = 2
_WEEKDAY_CELLS = 4
"""Of ``Fri `` before a date."""
MOST_MISSING = 5
"""Providers named that did not cover a story, unless the reader asks for all."""
_NO_HEAD = "not the head of its story"
_NARROWEST_BARS = 20


class StoryNote(NamedTuple):
    """What there is to say of the story an article belongs to, besides its coverage."""

    followed: bool = False
    missing: Sequence[str] = ()
    """Providers that published at the time and did not cover it, the busiest first."""
    outside: int = 0
    """So many of the last of the coverage are listed by the record and belong to another story."""


class Piece(NamedTuple):
    """Some lines that belong together."""

    part: Part
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides where lines break."""

    width: int
    """Cells of the pane, its air included."""
    measure: int = 72
    """Widest line of text."""
    picture_cells: tuple[int, int] = (0, 0)
    """Columns and rows kept free for the lead picture; (0, 0) for none."""
    logo_cells: tuple[int, int] = (0, 0)
    """Columns and rows kept free for the provider's logo; (0, 0) for none."""
    is_low: bool = False
    """Whether the pane has so few lines that the head goes without blank ones."""

    @property
    def _air(self) -> int:
        """Cells that stay free on both sides."""
        return 2 if self.width >= 60 else 1 if self.width >= 24 else 0

    @property
    def margin(self) -> int:
        """Cells of air left of the text; half of what is free where the pane is much wider than the text."""
        free = self.width - self.text_width
        return free // 2 if free >= _MUCH_AIR else self._air

    @property
    def text_width(self) -> int:
        """Widest line of text in this pane; a pane below eight cells cuts its lines."""
        return max(min(self.measure, self.width - 2 * self._air), 8)


@dataclass(slots=True)
class ArticlePage:
    """One article with what is known around it. Widths come later, so a resize starts from here again."""

    article: Article
    headline: Headline | None = None
    coverage: Sequence[Coverage] = ()
    note: str = ""
    """What the reader wrote on it."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """UTC."""
    zone: tzinfo | None = None
    """Where the reader is; None takes the machine's zone."""
    picture_offer: str = ""
    """A line in place of a picture that is not shown yet, or could not be; empty for none."""
    picture_caption: str = ""
    """A line under the picture; empty for none."""
    shows_reasons: bool = False
    """Whether found coverage says which words it was found by."""
    side_by_side: bool = False
    """Times count from the first report, and the article stands among the others; else they count from the article."""
    story: StoryNote = StoryNote()
    document: Document = field(init=False)
    """The body, read as far as it was set."""

    def __post_init__(self) -> None:
        self.document = read_body(self.article)

    # --- links ---

    def links(self) -> list[Link]:
        """Return the numbered links of the page in order. While the body is not read to its end, only those known."""
        if not self.document.is_complete:
            return list(self.document.links)
        return [*self.document.links, *self._other_links()]

    def _other_links(self) -> list[Link]:
        """Links behind the body that are not in it: embedded video, actions, where the article lives."""
        article = self.article
        found: list[Link] = []
        if article.featured:
            label, url = describe_embed(article.featured)
            found.append(Link(url, label))
        found += [Link(action.url, action.title or action.type or "Download") for action in article.actions]
        if article.urls.best:
            found.append(Link(article.urls.best, "The article itself"))
        known = {link.url for link in self.document.links}
        first = {link.url: link for link in reversed(found) if link.url not in known}
        return [link for link in found if first.get(link.url) is link and check_link(link.url).verdict != "refuse"]

    # --- the page, top to bottom ---

    def pieces(self, shape: Shape) -> Iterator[Piece]:
        """Set the page from the top. Lines have no left margin; the widget gives air."""
        width = shape.text_width
        air: list[Line] = [] if shape.is_low else [()]
        yield Piece(("head", 0), self._set_head(width, air, shape.logo_cells))
        columns, rows = shape.picture_cells
        if rows:
            lines: list[Line] = [(), *([(Span(" " * columns, "picture"),)] * rows)]
            if self.picture_caption:
                lines.append((Span(truncate(self.picture_caption, width), "caption"),))
            yield Piece(("picture", 0), lines)
        elif self.picture_offer:
            yield Piece(("picture", 0), [*air, (Span(truncate(self.picture_offer, width), "label"),)])
        yield from self._set_excerpt(width)
        yield from self._set_body(width)
        yield from self._set_actions(width)
        yield from self._set_coverage(width)

    def _set_head(self, width: int, air: list[Line], logo_cells: tuple[int, int]) -> list[Line]:
        article = self.article
        lines: list[Line] = []
        kind = "" if article.type == "article" else article.type  # nearly all are
        kinds = dict.fromkeys(filter(None, (article.category, kind, article.collection)))
        if kicker := truncate(" · ".join(kinds), width):
            lines.append((Span(kicker, "kicker"),))
        lines += set_runs((Run(article.display_title),), width, "title", most_lines=_TITLE_LINES)
        if badges := self._badges():
            lines.append(badges)
        lines += air
        lines += beside_logo(logo_cells, self._set_origin(width - logo_cells[0] - (_LOGO_GAP if logo_cells[0] else 0)))
        for label, value in article.details[:8]:
            lines += set_runs((Run(f"{label}: ", ITALIC), Run(value)), width, "fact", most_lines=2)
        lines += self._set_marks(width)
        return lines

    def _set_origin(self, width: int) -> list[Line]:
        """Who published it and when, what it is about, how good and how hot it is."""
        lines = self._set_byline(width)
        if self.article.topics:
            lines += set_runs((Run(" · ".join(self.article.topics)),), width, "topics", most_lines=2)
        return lines + self._set_numbers(width)

    def _badges(self) -> Line:
        article, headline = self.article, self.headline
        words = [
            word
            for word, applies in (
                ("★ starred", headline is not None and headline.starred),
                ("removed by its publisher", article.removed),
                ("malformed record", article.malformed),
            )
            if applies
        ]
        spans: list[Span] = []
        for word in words:
            spans += [Span(word, "star") if word.startswith("★") else Span(f" {word} ", "badge"), Span("  ")]
        return tuple(spans[:-1])

    def _set_byline(self, width: int) -> list[Line]:
        """Who published it and when on one line where it fits; when it changed and who wrote it on the next."""
        article = self.article
        provider = clean_line(article.provider.name or article.provider.domain or "")
        when = self._describe_published()
        lines: list[Line] = []
        over = cell_width(provider) + 3 + cell_width(when) - width
        if provider and 0 < over <= _WEEKDAY_CELLS and when[_WEEKDAY_CELLS - 1 : _WEEKDAY_CELLS] == " ":
            when, over = when[_WEEKDAY_CELLS:], 0  # the weekday goes before the line breaks
        if provider and when and over <= 0:
            lines.append((Span(provider, "provider"), Span(" · " + when, "byline")))
        else:
            lines += set_runs((Run(provider),), width, "provider", most_lines=1) if provider else []
            lines += set_runs((Run(when),), width, "byline", most_lines=2) if when else []
        more = []
        if article.authors:
            more.append("by " + ", ".join(article.authors[:6]))
        if article.updated and article.published and abs((article.updated - article.published).total_seconds()) > 60:
            more.append(f"updated {describe_moment(article.updated, self.zone)}")
        return lines + (set_runs((Run(" · ".join(more)),), width, "byline", most_lines=3) if more else [])

    def _describe_published(self) -> str:
        """Return the local time and the age, such as ``Fri 28 Aug 2020, 13:17 (5 h ago)``."""
        published = self.article.published
        if published is None:
            return ""
        age = short_age(int(published.timestamp()), int(self.now.timestamp()), self.zone)
        is_span = age[-1:] in ("n", "h", "d", "w") and not age.startswith("in ")
        moment = describe_moment(published, self.zone)
        return f"{moment} ({age} ago)" if is_span else moment

    def _set_numbers(self, width: int) -> list[Line]:
        article = self.article
        spans: list[Span] = []
        for name, value, full in (("quality", article.quality, QUALITY_FULL), ("heat", article.heat, HEAT_FULL)):
            if value is None or value < 0 or width < _NARROWEST_BARS:
                continue
            filled, empty = draw_meter(value, full, BAR_CELLS)
            spans += [Span(f"{name} ", "fact"), Span(filled, f"bar-{name}"), Span(empty, "bar-empty")]
            spans += [Span(f" {value}", "fact"), Span("   ")]
        if article.heat is not None and article.heat < 0 and width >= _NARROWEST_BARS:
            spans += [Span(_NO_HEAD, "fact"), Span("")]
        lines = [tuple(spans[:-1])] if spans else []
        if lines and line_width(lines[0]) > width:
            half = next((i for i, span in enumerate(spans) if span.text in ("heat ", _NO_HEAD)), len(spans))
            lines = [tuple(spans[: half - 1]), tuple(spans[half:-1])]
        if article.heat is not None and article.heat < 0 and width < _NARROWEST_BARS:
            lines.append((Span(truncate(_NO_HEAD, width), "fact"),))
        return [line for line in lines if line]

    def _set_marks(self, width: int) -> list[Line]:
        """What the reader added: tags and a note."""
        lines: list[Line] = []
        if self.headline and self.headline.tags:
            lines += set_runs((Run("your tags: " + ", ".join(self.headline.tags)),), width, "note", most_lines=2)
        if self.note:
            lines += set_runs((Run("your note: " + self.note),), width, "note")
        return lines

    def _set_excerpt(self, width: int) -> Iterator[Piece]:
        self.document.read(2)
        excerpt = self.article.excerpt
        if excerpt and not _begins_with(self.document, excerpt):
            role = "excerpt" if self.document.blocks else "body"
            yield Piece(("excerpt", 0), [(), *set_runs((Run(excerpt),), width, role)])

    def _set_body(self, width: int) -> Iterator[Piece]:
        document = self.document
        previous = None
        index = 0
        while True:
            document.read(index + 1)
            if index >= len(document.blocks):
                break
            block = document.blocks[index]
            lead: list[Line] = [()] if previous is None else blank_lines_before(block, previous)
            yield Piece(("body", index), lead + set_block(block, width))
            previous = block
            index += 1

    def _set_actions(self, width: int) -> Iterator[Piece]:
        """Embedded video, downloads, and where the article lives."""
        lines: list[Line] = []
        others = {link.url: number for number, link in enumerate(self.links(), 1)}
        if self.article.featured:
            label, url = describe_embed(self.article.featured)
            lines += _set_link(f"▶\u00a0{label}", others.get(url, 0), "", width)
        for action in self.article.actions:
            sign = "↓" if action.type == "download" else "▸"
            title = action.title or (action.type or "download").capitalize()
            lines += _set_link(f"{sign}\u00a0{title}", others.get(action.url, 0), action.attribution or "", width)
        best = self.article.urls.best
        if best and (number := others.get(best)):
            lines += _set_link(f"→\u00a0{check_link(best).host.removeprefix('www.')}", number, "", width)
        if lines:
            yield Piece(("actions", 0), [(), *lines])

    # --- related coverage ---

    def _set_coverage(self, width: int) -> Iterator[Piece]:
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
            yield from self._set_told(told, [*lines, *self._set_section(title, told, width)], width)
        if len(told) < len(coverage):
            lines = [(), (Span(truncate("Also listed by the record", width), "section"),)]
            yield Piece(("listed", 0), lines)
            for index in range(len(told), len(coverage)):
                yield Piece(("coverage", index), [(), *self._set_item(coverage[index], width, None)])
        if coverage:
            yield Piece(("end", 0), [()])

    def _set_section(self, title: str, told: Sequence[Coverage], width: int) -> list[Line]:
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
        if self.shows_reasons and item.reason:
            lines += set_runs((Run("shared words: " + ", ".join(item.reason)),), width, "note", most_lines=2)
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


def _times(coverage: Sequence[Coverage]) -> list[datetime]:
    return [item.published for item in coverage if item.published]


def beside_logo(cells: tuple[int, int], lines: list[Line]) -> list[Line]:
    """Return lines with room for a logo before the first of them, and none where there is no logo."""
    columns, rows = cells
    if not columns:
        return lines
    lines = lines + [()] * (rows - len(lines))
    return [
        (Span(" " * columns, "logo" if row < rows else "body"), Span(" " * _LOGO_GAP, "body"), *line)
        for row, line in enumerate(lines)
    ]


def lead_picture(article: Article) -> Image | None:
    """Return the picture to show first, None when there is none a reader could want to see."""
    return next(iter(all_pictures(article, None)), None)


def all_pictures(article: Article, document: Document | None) -> list[Image]:
    """Return the pictures of the record, then those of the body as far as it was read, each address once."""
    images: list[Image] = [*article.images, *(document.pictures if document else [])]
    large = {image.url: image for image in reversed(images) if (image.width or 99) > 48 and (image.height or 99) > 48}
    return [image for image in images if large.get(image.url) is image]


def fit_picture(image: Image, columns: int, rows: int, cell: tuple[int, int] = (8, 16)) -> tuple[int, int]:
    """Return the columns and rows a picture takes in at most so many, from its recorded size (16:9 when unknown).

    Args:
        cell: Width and height of a terminal cell in pixels; only their ratio counts for the shape.
    """
    width, height = (image.width, image.height) if image.width and image.height else (16, 9)
    if image.width:
        columns = min(columns, max(image.width // cell[0], 8))
    fitting_rows = max(round(columns * cell[0] * height / width / cell[1]), 1)
    if fitting_rows > rows:
        columns = max(round(rows * cell[1] * width / height / cell[0]), 1)
        fitting_rows = rows
    return columns, fitting_rows


def _set_quality(quality: int | None) -> Line:
    """A bar and its number in a column; blank when the quality is not known."""
    if quality is None or quality < 0:
        return (Span(" " * (BAR_CELLS + 5)),)
    filled, empty = draw_meter(quality, QUALITY_FULL, BAR_CELLS)
    return (Span(filled, "bar-quality"), Span(empty, "bar-empty"), Span(f" {quality:<4}", "fact"))


def _set_link(text: str, number: int, attribution: str, width: int) -> list[Line]:
    runs = [Run(text, 0, number)]
    if number:
        runs.append(Run(f"\u00a0[{number}]", NUMBER, number))
    if attribution:
        runs.append(Run(f" · {attribution}"))
    return set_runs(runs, width, "action")


def _begins_with(document: Document, excerpt: str) -> bool:
    """Say whether the body begins with the excerpt, as feeds often have it."""
    first = next((block for block in document.blocks if block.kind == "paragraph"), None)
    if first is None:
        return False
    start = fold(" ".join(excerpt.split()))[:60].rstrip(" .…")
    text = fold(" ".join(plain_text(first.runs).split()))
    return text.startswith(start) and (len(start) >= 12 or text.rstrip(" .…") == start)
