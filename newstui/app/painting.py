"""Painting panes at once: in the same turn as the key that changed them, and their changed lines only.

Textual gathers what changed over several turns, waits for its timer of 60 frames a second, and then composes whatever
lies under the changed lines as well: half of the time of a page went into empty panes behind the list (Textual 8.2.8).
Here the lines of a pane that nothing covers go to the terminal as they are, by the same road (`App._display`: one
synchronized update). Where that would not be exact, nothing is done and Textual paints in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class LinesUpdate(CompositorUpdate):
    """Whole lines of panes, on their way to the terminal."""

    def __init__(self, lines: Sequence[tuple[int, int, Strip]]) -> None:
        """`lines` are (column, line, what is shown from there on); columns and lines of the screen, from 0."""
        self.lines = lines

    def render_segments(self, console: Console) -> str:
        return "".join(f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self.lines)


def paint_at_once(*widgets: Widget) -> None:
    """Paint what changed in widgets of one screen that give their lines by `render_lines`."""
    lines: list[tuple[int, int, Strip]] = []
    for widget in widgets:
        if widget._repaint_regions and _is_steady(widget) and (place := _uncovered(widget)) is not None:
            lines += _changed_lines(widget, place)
            widget._exchange_repaint_regions()
            widget._dirty_regions.clear()
            widget._repaint_required = False
    if lines:
        screen = widgets[0].screen
        screen.app._display(screen, LinesUpdate(lines))  # type: ignore[arg-type]


def filtered(widget: Widget, style: Style) -> Style:
    """Return a style as the app's filters let it through: without colours, or with a theme's for the terminal's.

    Textual filters every line anew, and keeps lines by their place on the screen; lines of a list belong to rows.
    """
    background = widget.background_colors[1]
    for line_filter in widget.get_line_filters():
        style = line_filter.apply([Segment(" ", style)], background)[0].style or style
    return style


def _is_steady(widget: Widget) -> bool:
    """Say whether the pane lies on the screen as Textual laid it out last, and shows nothing but its own lines."""
    if not widget.is_attached:
        return False
    app, screen = widget.app, widget.screen
    return screen is app.screen and not (
        app._batch_count
        or app.is_inline
        or screen._layout_required
        or screen._repaint_required
        or widget._layout_required
        or widget.styles.gutter
    )


def _uncovered(widget: Widget) -> Region | None:
    """Return where the widget's own lines are on the screen, beside its scroll bar; None when something covers them."""
    visible = widget.screen._compositor.visible_widgets
    if widget not in visible:
        return None
    region, clip = visible[widget]
    bar = widget.scrollbar_size_vertical if widget.show_vertical_scrollbar else 0
    place = Region(region.x, region.y, region.width - bar, region.height)
    if not place or region.size != widget.outer_size or clip.intersection(place) != place:
        return None
    for other, (other_region, other_clip) in visible.items():  # the frontmost first
        if other is widget:
            break
        if other_region.intersection(other_clip).overlaps(place):
            return None
    return place


def _changed_lines(widget: Widget, place: Region) -> Iterator[tuple[int, int, Strip]]:
    changed = sorted(
        {
            line
            for region in widget._repaint_regions
            for line in range(max(region.y, 0), min(region.bottom, place.height))
        }
    )
    if changed:
        first = changed[0]
        strips = widget.render_lines(Region(0, first, place.width, changed[-1] + 1 - first))
        for line in changed:
            yield place.x, place.y + line, strips[line - first]
