"""The article pane: a page of lines, painted one by one, with links, related coverage and search hits in it.

What the page says is set by `present/article_page.py`, as far down as somebody looks; a long body is read on
between keys. Pictures are laid over the rows kept free for them by `picture.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from newstui.app.widgets.canvas import Canvas
from newstui.app.widgets.logo import ProviderLogo
from newstui.app.widgets.picture import LEAST_PANE_ROWS, LeadPicture
from newstui.model import Article, Coverage, Headline
from newstui.present import document
from newstui.present.article_page import ArticlePage, Piece, Shape, StoryNote
from newstui.present.page_lines import PageLines, Place
from newstui.present.typeset import Line, Span, set_runs
from newstui.query import Query
from newstui.query.hits import hit_spans, wanted_of
from newstui.records import dataclass, replace

ROLES = (
    "kicker", "title", "provider", "byline", "topics", "fact", "star", "badge", "note", "bar-quality", "bar-heat",
    "bar-empty", "label", "action", "excerpt", "body", *(f"heading{level}" for level in range(1, 7)), "quote", "bar",
    "bullet", "caption", "code", "table-head", "rule", "link", "number", "section", "section-count", "timeline",
    "timeline-own", "timeline-label", "offset", "coverage-provider", "origin", "coverage-title", "coverage-read",
    "coverage-excerpt", "hit", "cursor", "message",
)  # fmt: skip
"""What a piece of a line can be; the stylesheet gives each a look."""

_SLICE_SECONDS = 0.02
"""Between two slices of a long body."""
_STRIPS_KEPT = 2_000
_PLACES_KEPT = 200
"""Articles whose scroll position is remembered."""
_NOTHING = ""
"""The list beside it says what to do."""


class ArticleView(ScrollView, can_focus=True):
    """Shows one article. It changes nothing; what the reader did goes up as messages."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article--{role}" for role in ROLES}
    ALLOW_SELECT = True

    @dataclass
    class LinkFollowed(Message):
        """A link in the text was chosen."""

        view: ArticleView
        number: int
        """As shown behind the link, from 1."""
        url: str
        """As the article gives it; not checked yet."""

        @property
        def control(self) -> ArticleView:
            return self.view

    @dataclass
    class CoverageChosen(Message):
        """One of the related articles was chosen."""

        view: ArticleView
        coverage: Coverage

        @property
        def control(self) -> ArticleView:
            return self.view

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.zone: tzinfo | None = None
        """Where the reader is; None takes the machine's zone."""
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.canvas = Canvas(self, self.lay_out_again)
        """What pictures are drawn with."""
        self.picture = LeadPicture(self)
        """The picture at the head of the page."""
        self.logo = ProviderLogo(self)
        """The provider's, beside who published the article."""
        self._pictures: dict[str, LeadPicture] = {one.role: one for one in (self.picture, self.logo)}
        self._measure = 72
        self._page: ArticlePage | None = None
        self._message = _NOTHING
        self._lines = PageLines(iter(()))
        self._query: Query | None = None
        self._hit_lines: list[int] = []
        self._hit = -1
        self._chosen = -1
        self._places: dict[int, Place] = {}
        self._strips: dict[int, Strip] = {}
        self._styles: dict[tuple[str, int, bool, bool], Style] = {}
        self._reading_on = False
        self.side_by_side = False
        """Coverage is told as the story went, from its first report on."""
        self.story = StoryNote()
        """What else there is to say of the story of the article shown."""
        self._laid_out_width = self._laid_out_height = 0
        self._shape = Shape(0)

    # --- what is shown ---

    def show(
        self,
        article: Article | None,
        headline: Headline | None = None,
        coverage: Sequence[Coverage] = (),
        asked: Query | None = None,
        note: str = "",
    ) -> None:
        """Show an article, or nothing. The same article again keeps its place, another one gets the place it had.

        What `asked` looks for is highlighted.
        """
        if article is None:
            self.show_message(_NOTHING)
            return
        before = self._page
        is_same = before is not None and before.article.key == article.key
        self._remember_place()
        self.story = self.story if is_same else StoryNote()
        chosen = self.chosen_coverage()
        height = self._lines.lines_of(("coverage", self._chosen)).start - self.scroll_offset.y
        page = ArticlePage(article, headline, coverage, note, self.clock(), self.zone)
        page.side_by_side, page.story = self.side_by_side, self.story
        if is_same and before is not None:
            page.shows_reasons = before.shows_reasons
            if before.article == article:
                page.document = before.document
        self._page = page
        self._query = asked if asked is not None and wanted_of(asked) else None
        self._chosen = _place_of(chosen, coverage) if is_same and chosen else -1
        for picture in self._pictures.values():
            picture.prepare(article)
        self._lay_out(self._places.get(article.key))
        if self._chosen >= 0:  # at the same height, whatever came before it
            self._set_everything()
            self._go_to_line(self._lines.lines_of(("coverage", self._chosen)).start - height)

    def show_message(self, text: str) -> None:
        """Show one sentence instead of an article."""
        self._remember_place()
        self._page = None
        self._message = text
        self._clear_pictures()
        self._chosen = -1
        self._lay_out(None)

    @property
    def article(self) -> Article | None:
        """The article shown; None for none."""
        return self._page.article if self._page else None

    @property
    def margin(self) -> int:
        """Cells left of the text."""
        return self._shape.margin if self._page else 1

    @property
    def measure(self) -> int:
        """Widest line of text, in cells."""
        return self._measure

    @measure.setter
    def measure(self, cells: int) -> None:
        if cells != self._measure:
            self._measure = cells
            self.lay_out_again()

    def show_pictures(self) -> bool:
        """Load and show a picture now, because the reader asked; again for the next. False when there is none."""
        return self._page is not None and self.picture.ask(self._page)

    def toggle_reasons(self) -> None:
        """Show by which words found coverage was found, or stop showing it."""
        if self._page:
            self._page.shows_reasons = not self._page.shows_reasons
            self.lay_out_again()

    # --- links ---

    def links(self) -> list[tuple[str, str]]:
        """Return the numbered links as (label, address), from 1; of a long body those that were set so far."""
        return [(link.label, link.url) for link in self._page.links()] if self._page else []

    def follow(self, number: int) -> bool:
        """Choose a link by its number; False when there is no such link."""
        links = self.links()
        if not 1 <= number <= len(links):
            return False
        self.post_message(self.LinkFollowed(self, number, links[number - 1][1]))
        return True

    # --- moving ---

    @property
    def is_complete(self) -> bool:
        """The page is set to its end."""
        return self._lines.is_complete

    @property
    def is_at_end(self) -> bool:
        """Nothing is left below."""
        self._set_until(self.scroll_offset.y + 2 * self._height)
        return self._lines.is_complete and self.scroll_offset.y >= self._last_top

    @property
    def _height(self) -> int:
        return max(self.scrollable_content_region.height, 1)

    @property
    def _last_top(self) -> int:
        return max(len(self._lines.lines) - self._height, 0)

    def page_down(self) -> bool:
        """Go on by a page, two lines of it staying in view. False when the end was in view already."""
        if self.is_at_end:
            return False
        self.scroll_lines(max(self._height - 2, 1))
        return True

    def page_up(self) -> bool:
        """Go back by a page. False when the beginning was in view already."""
        if self.scroll_offset.y == 0:
            return False
        self.scroll_lines(-max(self._height - 2, 1))
        return True

    def half_page(self, step: int) -> None:
        """Go on (1) or back (−1) by half a page."""
        self.scroll_lines(step * max(self._height // 2, 1))

    def scroll_lines(self, lines: int) -> None:
        """Go on (or back, below zero) by so many lines."""
        self._go_to_line(self.scroll_offset.y + lines)

    def to_start(self) -> None:
        self._go_to_line(0)

    def to_end(self) -> None:
        self._set_everything()
        self._go_to_line(len(self._lines.lines))

    def _go_to_line(self, line: int) -> None:
        self._set_until(line + 2 * self._height)
        self.scroll_to(y=max(0, min(line, self._last_top)), animate=False, immediate=True, force=True)

    def _reveal(self, first: int, last: int) -> None:
        """Bring lines into view, with a line of air, moving no more than needed."""
        top = self.scroll_offset.y
        if first - 1 < top:
            self._go_to_line(first - 1)
        elif last + 1 >= top + self._height:
            self._go_to_line(min(last + 2 - self._height, first))

    # --- related coverage ---

    def move_coverage(self, step: int) -> bool:
        """Choose the next (1) or previous (−1) related article; False when there is none."""
        coverage = self._page.coverage if self._page else ()
        chosen = self._chosen + step
        if not 0 <= chosen < len(coverage):
            return False
        self._choose(chosen)
        self._reveal_chosen()
        return True

    def _reveal_chosen(self) -> None:
        self._set_everything()
        lines = self._lines.lines_of(("coverage", self._chosen))
        self._reveal(lines.start + 1, lines.stop - 1)

    def chosen_coverage(self) -> Coverage | None:
        """Return the related article the cursor is on; None when it is on none, or on one that is out of sight."""
        if self._page and 0 <= self._chosen < len(self._page.coverage) and self._sees_chosen(self._height):
            return self._page.coverage[self._chosen]
        return None

    def _sees_chosen(self, height: int) -> bool:
        lines, top = self._lines.lines_of(("coverage", self._chosen)), self.scroll_offset.y
        return lines.start < top + height and top < lines.stop

    def leave_coverage(self) -> bool:
        """Take the cursor off the related articles; False when it was on none."""
        was_on = self._chosen >= 0
        self._choose(-1)
        return was_on

    def _choose(self, index: int) -> None:
        before, self._chosen = self._chosen, index
        for number in {before, index} - {-1}:
            self._repaint_lines(self._lines.lines_of(("coverage", number)))

    def _repaint_lines(self, lines: range) -> None:
        for line in lines:
            self._strips.pop(line, None)
        self.refresh()

    # --- search hits ---

    def next_hit(self, step: int = 1) -> bool:
        """Go to the next (1) or previous (−1) line with what was searched for; False when there is none further."""
        if self._query is None:
            return False
        self._set_everything()
        if not self._hit_lines:
            self._hit_lines = [
                index
                for index, line in enumerate(self._lines.lines)
                if line and hit_spans("".join(span.text for span in line), self._query, part="body")
            ]
        ahead = self._hit + step if self._hit >= 0 else 0 if step > 0 else len(self._hit_lines) - 1
        if not 0 <= ahead < len(self._hit_lines):
            return False
        self._hit = ahead
        line = self._hit_lines[ahead]
        self._reveal(max(line - 2, 0), line + 2)
        return True

    # --- laying out ---

    def _clear_pictures(self) -> None:
        for picture in self._pictures.values():
            picture.clear()

    def repaint_picture(self) -> None:
        """Paint the rows of the pictures anew; one has arrived, or failed to."""
        for picture in self._pictures.values():
            self._repaint_lines(self._lines.lines_of(picture.part))

    def lay_out_again(self) -> None:
        """Set the page anew, such as for another width, and keep the place."""
        self._lay_out(self._current_place())

    def _lay_out(self, place: Place | None) -> None:
        width = self.scrollable_content_region.width
        self._laid_out_width, self._laid_out_height = width, self.scrollable_content_region.height
        self._hit_lines, self._hit = [], -1
        self._strips.clear()
        page = self._page
        if page is None:
            message = set_runs((document.Run(self._message),), max(width - 2, 8), "message")
            self._lines = PageLines(iter([Piece(("message", 0), [(), *message])]))
        elif width > 0:
            shape = Shape(width, self._measure, is_low=self._height < LEAST_PANE_ROWS)
            self._shape = replace(
                shape,
                picture_cells=self.picture.plan(page, shape, self._height),
                logo_cells=self.logo.plan(page, shape, self._height),
            )
            self._lines = PageLines(page.pieces(self._shape))
        top = self._lines.line_at(place)
        self._set_until(top + 2 * self._height)
        self._update_size()
        self.scroll_to(y=min(top, self._last_top), animate=False, immediate=True, force=True)
        self.refresh()

    def _set_until(self, line: int) -> None:
        """Set the page down to a line; the rest follows between keys."""
        if self._lines.is_complete:
            return
        self._lines.set_until(line)
        self._update_size()
        self._read_on_later()

    def _read_on_later(self) -> None:
        if not self._lines.is_complete and not self._reading_on:
            self._reading_on = True
            self.set_timer(_SLICE_SECONDS, self._read_on)

    def _read_on(self) -> None:
        self._reading_on = False
        if not self._lines.is_complete:
            self._lines.set_some()
            self._update_size()
            self._read_on_later()

    def _set_everything(self) -> None:
        self._lines.set_everything()
        self._update_size()

    def _update_size(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines.lines))

    def _current_place(self) -> Place | None:
        return self._lines.place_at(self.scroll_offset.y) if self._page else None

    def _remember_place(self) -> None:
        if self._page is None:
            return
        key = self._page.article.key
        self._places.pop(key, None)
        if (place := self._current_place()) is not None:
            self._places[key] = place
            if len(self._places) > _PLACES_KEPT:
                del self._places[next(iter(self._places))]

    def on_unmount(self) -> None:
        self._clear_pictures()

    def on_resize(self, event: events.Resize) -> None:
        region = self.scrollable_content_region
        has_picture = self._page is not None and self.picture.is_there
        was_seen = self._chosen >= 0 and self._sees_chosen(self._laid_out_height)
        if region.width != self._laid_out_width or (has_picture and region.height != self._laid_out_height):
            self.lay_out_again()
        else:
            self._set_until(self.scroll_offset.y + 2 * self._height)
            self._laid_out_height = region.height
        if was_seen:
            self._reveal_chosen()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._set_until(int(new_value) + 2 * self._height)

    def on_focus(self) -> None:
        self._repaint_chosen()

    def on_blur(self) -> None:
        self._repaint_chosen()

    def _repaint_chosen(self) -> None:
        if self._chosen >= 0:
            self._choose(self._chosen)

    # --- the mouse ---

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._page is None:
            return
        index = self.scroll_offset.y + offset.y
        place = self._lines.part_at(index)
        if place is None:
            return
        if link := self._link_at(self._lines.lines[index], offset.x - self.margin):
            event.stop()
            self.follow(link)
            return
        part, number = place
        if part == "picture":
            self.show_pictures()
        elif part == "coverage":
            event.stop()
            was_chosen = self._chosen == number
            self._choose(number)
            if was_chosen or event.chain > 1:
                self.post_message(self.CoverageChosen(self, self._page.coverage[number]))

    @staticmethod
    def _link_at(line: Line, cell: int) -> int:
        position = 0
        for span in line:
            position += Segment(span.text).cell_length
            if cell < position:
                return span.link if cell >= 0 else 0
        return 0

    # --- painting ---

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def _style(self, role: str, style: int = 0, *, is_link: bool = False, on_cursor: bool = False) -> Style:
        """Return how a span looks: its role, the weights in the text, link, and the cursor under it."""
        key = (role, style, is_link, on_cursor)
        if (known := self._styles.get(key)) is not None:
            return known
        name = role if role in ROLES else "body"
        look = self.get_component_rich_style(f"article--{name}", partial=True)
        if is_link and role not in ("number", "label", "action"):
            look += self.get_component_rich_style("article--link", partial=True)
        if style & document.CODE and role != "code":
            look += self.get_component_rich_style("article--code", partial=True)
        weights = {
            name: True
            for flag, name in (
                (document.BOLD, "bold"), (document.ITALIC, "italic"), (document.STRIKE, "strike"),
                (document.MARK, "underline"),
            )
            if style & flag
        }  # fmt: skip
        under = self.get_component_rich_style("article--cursor", partial=True) if on_cursor else Style()
        if under.reverse:  # every colour would become a patch of paper
            look = Style(bold=look.bold, italic=look.italic, underline=look.underline)
        look = self.rich_style + under + look + Style(**weights)  # type: ignore[arg-type]
        self._styles[key] = look
        return look

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        width = self.size.width
        if index >= len(self._lines.lines):
            return Strip.blank(width, self.rich_style)
        if self.text_selection is not None:
            strip = self._paint(index, width)
        elif (known := self._strips.get(index)) is not None:
            strip = known
        else:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[index] = self._paint(index, width)
        return strip.apply_offsets(0, index)

    def _paint(self, index: int, width: int) -> Strip:
        line = self._lines.lines[index]
        part, number = self._lines.part_at(index) or ("message", 0)
        on_cursor = part == "coverage" and number == self._chosen and line != ()
        plain = self._style("body", on_cursor=on_cursor)
        segments: list[Segment] = []
        if line and (picture := self._pictures.get(line[0].role)) is not None:
            row = index - self._lines.lines_kept(picture.part, picture.role).start
            segments, line = picture.row(row, plain) or [Segment(line[0].text, plain)], line[1:]
        segments += [
            Segment(text, self._style(role, style, is_link=link > 0, on_cursor=on_cursor))
            for text, role, style, link in self._with_hits(line)
        ]
        strip = Strip([Segment(" " * self.margin, plain), *segments]).adjust_cell_length(width, plain)
        selection = self.text_selection if part != "picture" else None
        if selection is not None and (span := selection.get_span(index)) is not None:
            strip = _select(strip, span, self.screen.get_component_rich_style("screen--selection"))
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint lines; sixels go over them here: `render_line` is cut to the width, letters of a sequence and all."""
        strips = super().render_lines(crop)
        for picture in self._pictures.values():
            picture.draw_over(strips, self._lines, crop)
        return strips

    def _with_hits(self, line: Line) -> Line:
        """Give what was searched for a role of its own."""
        if self._query is None or not line:
            return line
        part = "title" if line[0].role == "title" else "body"
        if not (hits := hit_spans("".join(span.text for span in line), self._query, part=part)):
            return line
        spans: list[Span] = []
        position = 0
        for span in line:
            cuts = {0, len(span.text)}
            for hit in hits:
                cuts |= {min(max(edge - position, 0), len(span.text)) for edge in hit}
            edges = sorted(cuts)
            for start, end in pairwise(edges):
                is_hit = any(low <= position + start < high for low, high in hits)
                spans.append(span._replace(text=span.text[start:end], role="hit" if is_hit else span.role))
            position += len(span.text)
        return tuple(spans)

    # --- selecting text ---

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        margin = " " * self.margin
        text = "\n".join(margin + "".join(span.text for span in line) for line in self._lines.lines)
        return "\n".join(part.strip() for part in selection.extract(text).split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()


def _place_of(chosen: Coverage, coverage: Sequence[Coverage]) -> int:
    """Return where a source stands among others that may have come or gone; -1 when it is not there any more."""
    same = (index for index, one in enumerate(coverage) if (one.key, one.url) == (chosen.key, chosen.url))
    return next(same, -1)


def _select(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """Lay the look of selected text over some cells of a line."""
    start, end = span
    end = strip.cell_length if end < 0 else min(end, strip.cell_length)
    if start >= end:
        return strip
    before, chosen, after = strip.divide([start, end, strip.cell_length])
    return Strip.join([before, Strip([Segment(text, (old or Style()) + style) for text, old, _ in chosen]), after])
