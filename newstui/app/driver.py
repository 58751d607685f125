"""The terminal driver, for a screen that has been entered already."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver

_ENTER = "\x1b[?1049h"


class TakeOverDriver(LinuxDriver):
    """Takes over the alternate screen with the first picture on it, instead of clearing it by entering it again."""

    _entered = False

    def write(self, data: str) -> None:
        """Write to the terminal; the first wish to enter the alternate screen has been granted already."""
        if not self._entered and data == _ENTER:
            self._entered = True
            return
        super().write(data)
