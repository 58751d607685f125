"""What a pressed key means where the reader is: a command, a view of its own, or the number of a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from newstui.app.key_names import name_of
from newstui.app.widgets.status_line import Hint
from newstui.commands import KeyReader, describe_key

if TYPE_CHECKING:
    from textual import events

    from newstui.app.screens.reading import ReadingScreen
    from newstui.config.settings import SavedView

LINK_SECONDS = 0.6
"""How long a digit waits for another one, where links have two."""


class Presses:
    """Keys on their way to be a command; some need several."""

    def __init__(self, screen: ReadingScreen, keys: Mapping[str, tuple[str, ...]], views: Sequence[SavedView]) -> None:
        """`keys`: command id → its keys. A view whose key is a command's goes without."""
        self.screen = screen
        self.reader = KeyReader(keys)
        self._bound = {key for chosen in keys.values() for key in chosen}
        self._view_keys = {view.key: view.name for view in views if view.key and view.key not in self._bound}
        anywhere = ("app.quit_now", "app.help")
        self._anywhere = {key for command in anywhere for key in keys[command] if len(key) > 1}
        """Keys that work while a query is typed."""
        self._link_digits = ""

    def take(self, event: events.Key, *, typing: bool) -> bool:
        """Do what a key means; return False for one that is text. `typing`: the query line has the focus."""
        name = name_of(event)
        if typing and name not in self._anywhere:
            return False
        if name.startswith("alt+") and name not in self._bound:  # escape, and a key right after it
            self._press("escape", typing=typing)
            name = name.removeprefix("alt+")
        self._press(name, typing=typing)
        return True

    def _press(self, name: str, *, typing: bool) -> None:
        screen = self.screen
        if not typing and (self._follows_link(name) or self._goes_to_view(name)):
            return
        pressed = self.reader.press(name)
        screen.status.show(typed=pressed.pending)
        if pressed.command:
            screen.status.hush()
            screen.run_command(pressed.command, pressed.count, pressed.key)
        elif not pressed.pending:
            help_ = Hint(screen.key_of("app.help"), "shows every key", "app.help")
            screen.say(f"{describe_key(name)} does nothing", offer=help_)

    def _goes_to_view(self, key: str) -> bool:
        """Go to the view a reader gave this key."""
        name = self._view_keys.get(key)
        if name is None or self.reader.pending:
            return False
        results = self.screen.results
        results.set_query(results.views[name], view=name)
        return True

    def _follows_link(self, key: str) -> bool:
        """Take a digit in the article as the number of a link; wait for a second one only where there may be one."""
        screen = self.screen
        if self._link_digits and key == "enter":
            self._follow_number()
            return True
        if screen.pane != "article" or not (len(key) == 1 and key in "0123456789") or self.reader.pending:
            self._link_digits = ""
            return False
        known = len(screen.article_view.links())
        if not self._link_digits and (key == "0" or int(key) > known):
            return False
        self._link_digits += key
        if int(self._link_digits) * 10 > known:
            self._follow_number()
        else:
            screen.status.show(typed=self._link_digits)
            screen.later("link", LINK_SECONDS, self._follow_number)
        return True

    def _follow_number(self) -> None:
        digits, self._link_digits = self._link_digits, ""
        self.screen.status.show(typed="")
        if digits:
            from newstui.app.actions import links

            links.follow_number(self.screen, int(digits))
