"""The article pane: a page about one article, with links, related coverage, search hits and pictures in it.

What the page says is set by `present/article_page.py`; scrolling and keeping its lines is `page_view.py`'s business.
Pictures are laid over the rows kept free for them by `picture.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from newstui.app.widgets.canvas import Canvas
from newstui.app.widgets.logo import ProviderLogo
from newstui.app.widgets.page_view import PageView, lay_selection
from newstui.app.widgets.picture import LEAST_PANE_ROWS, LeadPicture
from newstui.model import Article, Coverage, Headline
from newstui.present import document
from newstui.present.article_page import ArticlePage, Shape
from newstui.present.coverage_section import StoryNote
from newstui.present.page_lines import PageLines, Piece, Place
from newstui.present.typeset import Line, set_hits_apart, set_runs
from newstui.query import Query
from newstui.query.hits import hit_spans, wanted_of
from newstui.records import dataclass, replace

_PLACES_KEPT = 200
"""Articles whose scroll position is remembered."""
_NOTHING = ""
"""The list beside it says what to do."""


class ArticleView(PageView):
    """Shows one article. It changes nothing; what the reader did goes up as messages."""

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
        self._query: Query | None = None
        self._hit_lines: list[int] = []
        self._hit = -1
        self._chosen = -1
        self._places: dict[int, Place] = {}
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
        page, lines = self._page, self._lines
        if page is None:
            message = set_runs((document.Run(self._message),), max(width - 2, 8), "message")
            lines = PageLines(iter([Piece(("message", 0), [(), *message])]))
        elif width > 0:
            shape = Shape(width, self._measure, is_low=self._height < LEAST_PANE_ROWS)
            self._shape = replace(
                shape,
                picture_cells=self.picture.plan(page, shape, self._height),
                logo_cells=self.logo.plan(page, shape, self._height),
            )
            lines = PageLines(page.pieces(self._shape))
        self._show_lines(lines, place)

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
            strip = lay_selection(strip, span, self.screen.get_component_rich_style("screen--selection"))
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
        return set_hits_apart(line, hits)


def _place_of(chosen: Coverage, coverage: Sequence[Coverage]) -> int:
    """Return where a source stands among others that may have come or gone; -1 when it is not there any more."""
    same = (index for index, one in enumerate(coverage) if (one.key, one.url) == (chosen.key, chosen.url))
    return next(same, -1)
