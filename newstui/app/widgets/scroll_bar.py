"""A scroll bar as a thin line: it says where the reader is and is not what the eye meets first."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

THUMB = "┃"


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
        length = min(max(round(size * window_size / virtual_size), 1), size)
        start = round((size - length) * min(max(position / (virtual_size - window_size), 0), 1))
        above = Segment(blank, Style(bgcolor=back_color, meta={"@mouse.down": "scroll_up"}))
        below = Segment(blank, Style(bgcolor=back_color, meta={"@mouse.down": "scroll_down"}))
        thumb = Segment(
            THUMB.rjust(thickness), Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"})
        )
        return Segments([above] * start + [thumb] * length + [below] * (size - start - length), new_lines=True)
