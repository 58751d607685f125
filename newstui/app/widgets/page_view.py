"""A page of set lines: scrolled, painted one by one, and selected. What is on the page is left to others.

The page is set as far as somebody looks; the rest of a long one follows between keys.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from newstui.present import document
from newstui.present.page_lines import PageLines, Place

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


class PageView(ScrollView, can_focus=True):
    """Shows lines that grow as they are looked at."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article--{role}" for role in ROLES}
    ALLOW_SELECT = True

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines = PageLines(iter(()))
        self._strips: dict[int, Strip] = {}
        self._styles: dict[tuple[str, int, bool, bool], Style] = {}
        self._reading_on = False

    @property
    def margin(self) -> int:
        """Cells left of the text."""
        return 1

    def _show_lines(self, lines: PageLines, place: Place | None) -> None:
        """Show other lines, from a place of theirs on."""
        self._lines = lines
        self._strips.clear()
        top = lines.line_at(place)
        self._set_until(top + 2 * self._height)
        self._update_size()
        self.scroll_to(y=min(top, self._last_top), animate=False, immediate=True, force=True)
        self.refresh()

    # --- setting ---

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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._set_until(int(new_value) + 2 * self._height)

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
        """Return a line of the page as it looks at the moment."""
        raise NotImplementedError

    def _repaint_lines(self, lines: range) -> None:
        for line in lines:
            self._strips.pop(line, None)
        self.refresh()

    # --- selecting text ---

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        margin = " " * self.margin
        text = "\n".join(margin + "".join(span.text for span in line) for line in self._lines.lines)
        return "\n".join(part.strip() for part in selection.extract(text).split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()


def lay_selection(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """Lay the look of selected text over some cells of a line."""
    start, end = span
    end = strip.cell_length if end < 0 else min(end, strip.cell_length)
    if start >= end:
        return strip
    before, chosen, after = strip.divide([start, end, strip.cell_length])
    return Strip.join([before, Strip([Segment(text, (old or Style()) + style) for text, old, _ in chosen]), after])
