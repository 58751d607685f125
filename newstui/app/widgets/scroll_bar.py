"""A scroll bar as a thin line: it says where the reader is and is not what the eye meets first."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from newstui.app.painting import filtered

THUMB = "┃"


@lru_cache(64)
def _pieces(thickness: int, back: Color, bar: Color) -> tuple[Strip, Strip, Strip]:
    """Return a line above the thumb, one of it, and one below it."""
    return (
        Strip([Segment(" " * thickness, Style(bgcolor=back, meta={"@mouse.down": "scroll_up"}))], thickness),
        Strip(
            [Segment(THUMB.rjust(thickness), Style(color=bar, bgcolor=back, meta={"@mouse.down": "grab"}))], thickness
        ),
        Strip([Segment(" " * thickness, Style(bgcolor=back, meta={"@mouse.down": "scroll_down"}))], thickness),
    )


def _place_thumb(size: int, virtual_size: float, window_size: float, position: float) -> tuple[int, int]:
    """Return the first line of the thumb and how many it has."""
    length = min(max(round(size * window_size / virtual_size), 1), size)
    return round((size - length) * min(max(position / (virtual_size - window_size), 0), 1)), length


class ThinScrollBar(ScrollBarRender):
    """Draws vertical bars; a horizontal one stays as Textual draws it. `ScrollBar.renderer` takes it for all panes."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("default"),  # noqa: B008 - as the base class has it
        bar_color: Color = Color.parse("default"),  # noqa: B008
    ) -> Segments:
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        blank = " " * thickness
        if not size or not window_size or virtual_size <= window_size:
            return Segments([Segment(blank, Style(bgcolor=back_color))] * size, new_lines=True)
        start, length = _place_thumb(size, virtual_size, window_size, position)
        above, thumb, below = (next(iter(strip)) for strip in _pieces(thickness, back_color, bar_color))
        return Segments([above] * start + [thumb] * length + [below] * (size - start - length), new_lines=True)


class ListBar(ScrollBar):
    """The bar of a list that paints itself at once: line by line, as the list itself."""

    def render_lines(self, crop: Region) -> list[Strip]:
        above, thumb, below = (self._filtered(strip) for strip in _pieces(self.thickness, *self._colors()))
        size = self.outer_size.height
        if self.window_virtual_size > self.window_size > 0:
            start, length = _place_thumb(size, self.window_virtual_size, self.window_size, self.position)
        else:
            start, length = size, 0
        strips = [above] * start + [thumb] * length + [below] * (size - start - length)
        return strips[crop.y : crop.bottom]

    def _filtered(self, strip: Strip) -> Strip:
        return Strip([Segment(text, filtered(self, style or Style.null())) for text, style, _ in strip])

    def _colors(self) -> tuple[Color, Color]:
        """Return the colours of the ground and of the thumb, as the base class chooses them."""
        assert self.parent is not None
        styles = self.parent.styles
        if self.grabbed:
            back, bar = styles.scrollbar_background_active, styles.scrollbar_color_active
        elif self.mouse_over:
            back, bar = styles.scrollbar_background_hover, styles.scrollbar_color_hover
        else:
            back, bar = styles.scrollbar_background, styles.scrollbar_color
        if back.a < 1:
            back = self.parent.background_colors[0] + back
        return back.rich_color, (back + bar).rich_color
