"""The terminal driver, for a screen that has been entered already."""

from __future__ import annotations

from typing import Any, ClassVar

from newstui.app.keyboard import EscapeDriver

_ENTER = "\x1b[?1049h"


class TakeOverDriver(EscapeDriver):
    """Takes over the alternate screen with the first picture on it, instead of clearing it by entering it again."""

    mode_before: ClassVar[list[Any] | None] = None
    """The terminal's mode before keys were made to wait (`termios.tcgetattr`): what stopping and leaving give back."""
    _entered = False

    def start_application_mode(self) -> None:
        """Begin, or go on after having been stopped."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.mode_before is not None:
            self.attrs_before = self.mode_before

    def write(self, data: str) -> None:
        """Write to the terminal; the first wish to enter the alternate screen has been granted already."""
        if not self._entered and data == _ENTER:
            self._entered = True
            return
        super().write(data)
