"""An article as lines of a page: head, picture, excerpt, body, actions; `coverage_section.py` has what follows. Pure.

The page is set piece by piece from the top; a reader who never scrolls never pays for the end of a long body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from newstui.links import check_link
from newstui.model import Article, Coverage, Headline, Image
from newstui.present.ages import short_age
from newstui.present.body import read_body
from newstui.present.coverage_section import CoverageSection, StoryNote
from newstui.present.document import ITALIC, NUMBER, Document, Link, Run, plain_text
from newstui.present.embeds import describe_embed
from newstui.present.meters import BAR_CELLS, HEAT_FULL, QUALITY_FULL, draw_meter
from newstui.present.page_lines import Piece
from newstui.present.times import describe_moment
from newstui.present.typeset import Line, Span, blank_lines_before, line_width, set_block, set_runs
from newstui.records import dataclass, field
from newstui.text import cell_width, clean_line, fold, truncate

_MUCH_AIR = 24
"""Cells beside the text from which it stands in the middle of its pane."""
_TITLE_LINES = 5
_LOGO_GAP = 2
_WEEKDAY_CELLS = 4
"""Of ``Fri `` before a date."""
_NO_HEAD = "not the head of its story"
_NARROWEST_BARS = 20


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
        section = CoverageSection(
            self.article, self.coverage, self.story, self.now, self.zone, self.shows_reasons, self.side_by_side
        )
        yield from section.pieces(width)

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
