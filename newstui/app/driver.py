"""The terminal driver, for a screen that has been entered already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events

from newstui.app.key_names import name_of
from newstui.app.keyboard import EscapeDriver

if TYPE_CHECKING:
    from textual.message import Message

    from newstui.app.early import EarlyKeys

_ENTER = "\x1b[?1049h"


class TakeOverDriver(EscapeDriver):
    """Takes over the alternate screen with the first picture on it, instead of clearing it by entering it again."""

    mode_before: ClassVar[list[Any] | None] = None
    """The terminal's mode before keys were made to wait (`termios.tcgetattr`): what stopping and leaving give back."""
    early_keys: ClassVar[EarlyKeys | None] = None
    """What has answered keys until now, and goes on to until the program paints."""
    _entered = False

    def start_application_mode(self) -> None:
        """Begin, or go on after having been stopped."""
        if self.early_keys is not None:
            self.typed_before = self.early_keys.stop_reading()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.mode_before is not None:
            self.attrs_before = self.mode_before

    def write(self, data: str) -> None:
        """Write to the terminal; the first wish to enter the alternate screen has been granted already."""
        if not self._entered and data == _ENTER:
            self._entered = True
            return
        super().write(data)

    def process_message(self, message: Message) -> None:
        """Hand on what came from the terminal, except keys that the first picture answers."""
        if self.early_keys is not None and isinstance(message, (events.Key, events.Paste)):
            if self.early_keys.answer(name_of(message) if isinstance(message, events.Key) else ""):
                return
            type(self).early_keys = None
        super().process_message(message)
