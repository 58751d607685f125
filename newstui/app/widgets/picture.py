"""The lead picture of the article pane: when it may be loaded, the rows kept for it, and painting it.

Loading and decoding is the library's business and happens in a thread; Pillow is never imported here. How the
terminal draws is `graphics.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Semaphore
from typing import TYPE_CHECKING, Literal, Protocol

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.errors import NoWidget
from textual.geometry import Region
from textual.strip import Strip

from newstui.app.widgets.graphics import (
    Kind,
    drop_kitty,
    kitty_row,
    new_number,
    send_kitty,
    sixel_segments,
)
from newstui.errors import NewstuiError
from newstui.library.pictures import Graphics
from newstui.links import check_link
from newstui.model import Article, Image
from newstui.present.article_page import ArticlePage, Shape, all_pictures, fit_picture, lead_picture
from newstui.present.page_lines import PageLines, Part
from newstui.records import dataclass

if TYPE_CHECKING:
    from newstui.app.widgets.article_view import ArticleView

Choice = Literal["never", "ask", "always"]

MOST_COLUMNS = 60
MOST_ROWS = 18
"""Cells a lead picture takes at most; and never more than 40 % of the pane's height."""
LEAST_PANE_ROWS = 14
"""A lower pane is left to the text until the reader asks for the picture."""

_AT_ONCE = 3
"""Pictures loaded at once, the outdated ones included: a held key passes many articles."""


class Pixels(Protocol):
    """A picture that was decoded and scaled."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int:
        """Pixels; two above each other fill one cell."""
        ...

    @property
    def rgb(self) -> bytes:
        """Three bytes a pixel, row by row."""
        ...

    @property
    def drawn(self) -> bytes:
        """What a graphics terminal is sent; empty where cells are painted."""
        ...


class PictureSource(Protocol):
    """Where pictures come from: the library."""

    def choice(self, article: Article, image: Image) -> Choice:
        """Say whether a picture may be loaded: always for local ones, else as the reader set it. Cheap."""
        ...

    def load(self, article: Article, image: Image, width: int, height: int, graphics: Graphics | None = None) -> Pixels:
        """Get, decode and scale a picture to at most so many pixels. Slow; raises NewstuiError."""
        ...


@dataclass(slots=True)
class Request:
    """What is being loaded, or was."""

    image: Image
    columns: int
    rows: int
    """Cells kept free for it."""


class LeadPicture:
    """The picture at the head of one article view."""

    group = "lead picture"
    """Of the workers that load it: a newer one makes the older pointless."""
    part: Part = ("picture", 0)
    """Of the page: the one that has its rows."""
    role = "picture"
    """What its rows begin with."""

    def __init__(self, view: ArticleView) -> None:
        self._view = view
        self.source: PictureSource | None = None
        """None shows no pictures at all."""
        self._article: Article | None = None
        self._image: Image | None = None
        self._asked = False
        self._failure = ""
        self._caption = ""
        """Which of how many is shown, once the reader asked."""
        self._pixels: Pixels | None = None
        self._request: Request | None = None
        self._kind: Kind = "blocks"
        """What the picture shown was asked for as."""
        self._number = 0
        """Of the picture the terminal holds; 0 for none."""
        self._turns = Semaphore(_AT_ONCE)

    def prepare(self, article: Article) -> None:
        """Turn to another article; the same one again keeps its picture."""
        image = lead_picture(article)
        before = self._article
        if before is not None and before.key == article.key and (self._asked or image == self._image):
            self._article = article
            return
        self.clear()
        self._article, self._image = article, image

    def clear(self) -> None:
        """Forget the picture shown."""
        self._forget_drawing()
        self._article = self._image = self._pixels = self._request = None
        self._asked = False
        self._failure = self._caption = ""

    @property
    def is_there(self) -> bool:
        """Whether the article has a picture, shown or not."""
        return self._image is not None

    def ask(self, page: ArticlePage) -> bool:
        """The reader wants to see a picture now: the first one, or the next when one is shown. False without any."""
        if self.source is None or self._view.app.no_color:
            return False
        images = all_pictures(page.article, page.document)
        if not images:
            return False
        index = images.index(self._image) if self._image in images else -1
        if self._request is not None and not self._failure:
            index = (index + 1) % len(images)
        index = max(index, 0)
        self._image, self._asked, self._failure, self._request = images[index], True, "", None
        title = f" · {self._image.title}" if self._image.title else ""
        self._caption = f"{index + 1} of {len(images)}{title}" + (" · P shows the next" if len(images) > 1 else "")
        self._view.lay_out_again()
        return True

    def plan(self, page: ArticlePage, shape: Shape, pane_rows: int) -> tuple[int, int]:
        """Return the cells to keep free (0, 0 for none), and tell the page what to say beside or instead."""
        page.picture_offer = page.picture_caption = ""
        image, article = self._image, self._article
        if image is None or article is None or self.source is None or self._view.app.no_color:
            return 0, 0
        choice = self.source.choice(article, image)
        if choice != "always" and not self._asked:
            where = check_link(image.url).host.removeprefix("www.")
            page.picture_offer = f"▣ Picture on {where} · P shows it" if choice == "ask" and where else ""
            return 0, 0
        if pane_rows < LEAST_PANE_ROWS and not self._asked:
            page.picture_offer = "▣ Picture · P shows it"
            return 0, 0
        self._begin_drawing()
        page.picture_caption = self._caption
        rows = min(MOST_ROWS, max(pane_rows * 2 // 5, 4))
        columns, rows = fit_picture(image, min(shape.text_width, MOST_COLUMNS), rows, self._view.canvas.cell)
        self._load(article, Request(image, columns, rows))
        return columns, rows

    def _begin_drawing(self) -> None:
        """Draw from now on with what the terminal can; what is shown in another way is asked for anew."""
        if self._kind != (kind := self._view.canvas.kind):
            self._kind = kind
            self._request = None

    def _load(self, article: Article, request: Request) -> None:
        if self._request == request or self.source is None:
            return
        self._forget_drawing()
        self._request = request
        self._pixels = None
        work: Callable[[], None] = partial(self._fetch, self.source, article, request)
        self._view.run_worker(work, group=self.group, exclusive=True, thread=True, exit_on_error=False)

    def _fetch(self, source: PictureSource, article: Article, request: Request) -> None:
        """Runs in a thread."""
        pixels: Pixels | None = None
        failure = ""
        with self._turns:
            if request is not self._request:
                return  # the reader has moved on while this one waited
            try:
                pixels = source.load(article, request.image, request.columns, request.rows * 2, self._graphics(request))
            except NewstuiError as error:
                failure = error.reason
        self._view.app.call_from_thread(self._arrived, request, pixels, failure)

    def _graphics(self, request: Request) -> Graphics | None:
        canvas = self._view.canvas
        if self._kind == "blocks":
            return None
        return Graphics(self._kind, request.columns * canvas.cell.width, request.rows * canvas.cell.height)

    def _arrived(self, request: Request, pixels: Pixels | None, failure: str) -> None:
        if request is not self._request:
            return
        self._pixels, self._failure = pixels, failure
        if pixels is not None and pixels.drawn and self._kind == "png":
            self._number = new_number()
            self._write(send_kitty(pixels.drawn, self._number, request.columns, request.rows))
        self._view.repaint_picture()

    def _forget_drawing(self) -> None:
        if self._number:
            self._write(drop_kitty(self._number))
            self._number = 0

    def _write(self, sequence: str) -> None:
        """Send something to the terminal in turn with the frames; Textual has no public way for it."""
        driver = self._view.app._driver
        if driver is not None:
            driver.write(sequence)

    def row(self, row: int, plain: Style) -> list[Segment]:
        """Paint one row of the picture as the terminal can."""
        pixels, request = self._pixels, self._request
        if pixels is None or request is None:
            return self._words(row, plain)
        if self._number:
            return [kitty_row(self._number, row, request.columns, plain)]
        return paint_blocks(pixels, row, plain)

    def sixels(self) -> str:
        """Return the picture as sixels, for the moment when all its rows are in view; empty when not drawn so."""
        if self._kind != "sixel" or self._pixels is None:
            return ""
        return self._pixels.drawn.decode("ascii", "ignore")

    def draw_over(self, strips: list[Strip], lines: PageLines, crop: Region) -> None:
        """Draw sixels over the whole picture behind its last row, while nothing of it is out of view.

        Args:
            strips: What was painted of the view.
            crop: Which columns and lines of the view these are.
        """
        sixels, view, request = self.sixels(), self._view, self._request
        rows = lines.lines_kept(self.part, self.role) if sixels else range(0)
        top, content = view.scroll_offset.y, view.content_region
        last = rows.stop - 1 - top - crop.y
        if request is None or not rows or not 0 <= last < len(strips):
            return
        place = Region(content.x + view.margin, content.y + rows.start - top, request.columns, len(rows))
        if (
            top <= rows.start
            and rows.stop <= top + view.scrollable_content_region.height
            and _is_uncovered(view, place)
        ):
            before, behind = strips[last].divide([place.right - content.x - crop.x, strips[last].cell_length])
            drawn = sixel_segments(sixels, place.x, place.y, place.right, place.bottom - 1)
            strips[last] = Strip([*before, *drawn, *behind], strips[last].cell_length)

    def _words(self, row: int, plain: Style) -> list[Segment]:
        if row != 0:
            return []
        text = f"▣ picture not shown: {self._failure}" if self._failure else "▣ loading"
        return [Segment(text, plain + Style(dim=True))]


def _is_uncovered(view: ArticleView, place: Region) -> bool:
    """Say whether nothing lies over the edges of a place of the screen."""
    cells = [(column, place.y) for column in place.column_range] + [(place.x, line) for line in place.line_range]
    try:
        return view.screen.is_active and all(view.screen.get_widget_at(*cell)[0] is view for cell in cells)
    except NoWidget:  # the screen has just become smaller
        return False


def paint_blocks(pixels: Pixels, row: int, plain: Style) -> list[Segment]:
    """Paint a row with two pixels a cell, the upper one as ink and the lower one as paper."""
    if 2 * row >= pixels.height:
        return []
    stride = 3 * pixels.width
    upper = pixels.rgb[2 * row * stride : (2 * row + 1) * stride]
    lower = pixels.rgb[(2 * row + 1) * stride : (2 * row + 2) * stride]
    segments = []
    for x in range(0, stride, 3):
        ink = Color.from_rgb(upper[x], upper[x + 1], upper[x + 2])
        below = lower[x : x + 3]
        paper = Color.from_rgb(below[0], below[1], below[2]) if below else plain.bgcolor
        segments.append(Segment("▀", Style.from_color(ink, paper)))
    return segments
