"""The line between two panes, to be dragged."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from newstui.records import dataclass


class Divider(Widget):
    """A line as high as the panes beside it."""

    @dataclass
    class Dragged(Message):
        """The line is being dragged."""

        divider: Divider
        x: int
        """Column of the screen it was dragged to."""

        @property
        def control(self) -> Divider:
            return self.divider

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return 1

    def render_line(self, y: int) -> Strip:
        from rich.segment import Segment

        return Strip([Segment("│", self.rich_style)], 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.capture_mouse()
        self.add_class("-dragging")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.has_class("-dragging"):
            event.stop()
            self.post_message(self.Dragged(self, int(event.screen_x)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        self.release_mouse()
        self.remove_class("-dragging")
