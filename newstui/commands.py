"""Everything a reader can do, said once: keys, palette, help, footer and `docs/keys.md` come from this table.

Data only. What a command does is `app/screens/`, whether it makes sense now `app/availability.py`, and
whether the keys a reader chose clash `config/keymap.py`.

Keys are written as people type them (``?``, ``ctrl+d``, ``space``, ``g g`` for one after the other);
several are separated by commas, the key of that sign is called ``comma``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from newstui.records import dataclass, field

Group = Literal["Move", "Read", "Mark", "Find", "Links", "Stories", "Collections", "Window"]
Place = Literal["list", "article", "sidebar"]

PRESETS = ("vim", "newsboat", "elfeed")
"""Names of the sets of keys that come with newstui; the first one is the default."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a reader can do."""

    id: str
    """``noun.verb``; the name under which keys are changed in the configuration. Never renamed."""
    keys: str
    """Keys of the vim preset, the most telling one first. Empty: in the palette only."""
    title: str
    """Two or three words, as footer and palette show it."""
    tooltip: str
    """One sentence, as help shows it."""
    group: Group
    footer: tuple[Place, ...] = ()
    """Panes in whose footer it is named."""
    newsboat: str | None = None
    """Keys of the newsboat preset; None when they are those of vim."""
    elfeed: str | None = None
    """Keys of the elfeed preset; None when they are those of vim."""


COMMANDS: tuple[Command, ...] = (
    Command("move.down", "j, down", "Down", "Move down; 5j moves five rows.", "Move", elfeed="n, j, down"),
    Command("move.up", "k, up", "Up", "Move up.", "Move", elfeed="p, k, up"),
    Command("move.half_down", "ctrl+d", "Half a page down", "Move half a page down.", "Move"),
    Command("move.half_up", "ctrl+u", "Half a page up", "Move half a page up.", "Move"),
    Command("move.page_down", "pagedown, ctrl+f", "Page down", "Move a page down.", "Move", elfeed="pagedown, ctrl+v"),
    Command("move.page_up", "pageup, ctrl+b", "Page up", "Move a page up.", "Move", elfeed="pageup, alt+v"),
    Command("move.top", "g, home", "First", "Go to the first row, or the start of the article.", "Move",
            newsboat="home", elfeed="<, home"),
    Command("move.bottom", "G, end", "Last", "Go to the last row, or the end of the article.", "Move",
            newsboat="end", elfeed=">, end"),
    Command("article.open", "enter, l, right", "Open", "Open the article, and mark it read.", "Read",
            ("list", "sidebar"), newsboat="enter, right", elfeed="enter, l, right"),
    Command("go.back", "h, left, escape", "Back", "Go back to the list, or to the view as it was.",
            "Read", ("article",), newsboat="left, escape"),
    Command("read.on", "space", "Read on", "Page down; at the end of an article, on to the next unread one.", "Read",
            ("list", "article")),
    Command("read.next_unread", "n", "Next unread", "Go to the next unread article.", "Read", ("article",),
            elfeed="N"),
    Command("read.previous_unread", "N", "Previous unread", "Go to the previous unread article.", "Read",
            newsboat="p", elfeed="P"),
    Command("article.toggle_read", "m", "Read or unread", "Mark the article read, or unread again.", "Mark",
            ("list", "article"), newsboat="N", elfeed="r"),
    Command("article.toggle_star", "s", "Star", "Star the article, or take the star away.", "Mark",
            ("list", "article"), elfeed="m, *"),
    Command("view.mark_read", "A", "All read", "Mark everything in the list read; u takes it back.", "Mark"),
    Command("marks.undo", "u", "Undo", "Take back the last change of marks, of an earlier day too.", "Mark",
            newsboat="ctrl+z", elfeed="u, ctrl+z"),
    Command("marks.redo", "ctrl+r", "Redo", "Do again what was taken back.", "Mark", newsboat="ctrl+y"),
    Command("marks.history", "H", "History", "Show what was marked when.", "Mark"),
    Command("article.note", "e", "Note", "Write a note on the article.", "Mark"),
    Command("article.tags", "T", "Tags", "Tag the article; -name takes a tag away.", "Mark",
            newsboat="ctrl+e, T", elfeed="+"),
    Command("select.toggle", "x", "Select", "Select the row; commands then act on all selected rows.", "Mark"),
    Command("select.all", "ctrl+a", "Select all", "Select every row of the list, or none.", "Mark"),
    Command("query.edit", "/", "Search", "Type a query; the list follows. Escape clears it.", "Find",
            ("list", "sidebar"), newsboat="/, F", elfeed="s, /"),
    Command("topic.pick", "t", "Topic", "Pick topics; picking one again takes it out.", "Find"),
    Command("provider.pick", "p", "Provider", "Pick providers.", "Find", newsboat="P", elfeed="d"),
    Command("collection.pick", "c", "Collection", "Pick collections.", "Find"),
    Command("view.pick", "v", "View", "Go to a view.", "Find"),
    Command("view.save", "V", "Save view", "Keep the query and its order as a view.", "Find"),
    Command("sort.pick", "S", "Sort", "Choose the order of the list.", "Find", newsboat="g, S"),
    Command("query.clear", "", "Clear the query", "Show the whole view again.", "Find",
            newsboat="ctrl+g", elfeed="C"),
    Command("article.next_hit", "]", "Next hit", "Go to the next place in the article the search found.", "Find"),
    Command("article.previous_hit", "[", "Previous hit", "Go to the previous place the search found.", "Find"),
    Command("link.open", "o", "Browser", "Open the article in the browser, and mark it read.", "Links",
            ("article",), elfeed="b, o"),
    Command("link.choose", "O", "Which link", "Choose which link to open.", "Links", newsboat="O, u"),
    Command("link.copy", "y", "Copy link", "Copy the address; through the terminal when remote.", "Links"),
    Command("link.follow", "1, 2, 3, 4, 5, 6, 7, 8, 9", "Follow link",
            "In an article, follow the link of that number.", "Links"),
    Command("stories.toggle", "i", "Stories", "Show one row per story, or every article.", "Stories", ("list",)),
    Command("coverage.next", "J", "Next source", "Go to the next article on the same story.", "Stories", ("article",)),
    Command("coverage.previous", "K", "Previous source", "Go to the previous article on the same story.", "Stories"),
    Command("coverage.reasons", "w", "Why", "Say why an article is related, or where it stands in Top.", "Stories"),
    Command("story.mark_read", "M", "Story read", "Mark everything about this story read.", "Stories"),
    Command("story.follow", "f", "Follow story", "New coverage makes the story unread again; once more lets go.",
            "Stories"),
    Command("list.show_new", ".", "Show new", "Show the articles that arrived.", "Collections"),
    Command("collections.refresh", "r", "Refresh", "Refresh the collection of this article.", "Collections",
            elfeed="g"),
    Command("collections.refresh_all", "R", "Refresh all", "Refresh every collection.", "Collections", elfeed="G"),
    Command("collections.stop", "ctrl+x", "Stop", "Stop refreshing.", "Collections"),
    Command("collections.add", "a", "Add a collection", "Subscribe to a folder, a site, an archive or a feed.",
            "Collections"),
    Command("collections.problems", "!", "Problems", "Show what could not be read, and why.", "Collections"),
    Command("collections.import", "", "Import feeds", "Take over OPML, or feeds and marks of newsboat.",
            "Collections"),
    Command("pane.next", "tab", "Next pane", "Go to the next pane.", "Window"),
    Command("pane.previous", "shift+tab", "Previous pane", "Go to the previous pane.", "Window"),
    Command("pane.zoom", "z", "Zoom", "Give the article the whole screen, or take it back.", "Window"),
    Command("sidebar.toggle", "b", "Sidebar", "Show the sidebar, or put it away.", "Window", elfeed="B"),
    Command("pane.wider", "+", "Wider list", "Make the list wider.", "Window", elfeed="}"),
    Command("pane.narrower", "-", "Narrower list", "Make the list narrower.", "Window", elfeed="{"),
    Command("picture.show", "P", "Picture", "Show the picture of the article, where it is asked about.", "Window",
            newsboat="I", elfeed="I"),
    Command("theme.pick", "", "Theme", "Choose how newstui looks.", "Window"),
    Command("app.palette", ":, ctrl+p", "Commands", "Do anything by its name.", "Window"),
    Command("app.help", "?, f1", "Help", "Show every key.", "Window", ("list", "article", "sidebar")),
    Command("app.quit", "q", "Back or quit", "Go back; from the list itself, leave newstui.", "Window"),
    Command("app.quit_now", "ctrl+q, ctrl+c", "Quit", "Leave newstui at once; marks are saved already.", "Window",
            newsboat="Q, ctrl+q, ctrl+c"),
)  # fmt: skip
"""In the order help shows them."""

COMMAND_BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a comma-separated text: ``"j, down"`` → ``("j", "down")``."""
    return tuple(" ".join(key.split()) for key in text.split(",") if key.strip())


def keys_of(command: Command, preset: str) -> tuple[str, ...]:
    """Return the keys of a command in a preset."""
    own = {"newsboat": command.newsboat, "elfeed": command.elfeed}.get(preset)
    return split_keys(command.keys if own is None else own)


def keymap(preset: str = "vim", overrides: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the keys of every command: those of the preset, then what the reader chose for single commands.

    Args:
        overrides: Command id → keys as text; an empty text takes the keys away. Unknown ids are left out.
            A key given here is taken from the command that has it in the preset.
    """
    chosen = {name: split_keys(text) for name, text in (overrides or {}).items() if name in COMMAND_BY_ID}
    taken = {key for keys in chosen.values() for key in keys}
    return {
        command.id: chosen[command.id]
        if command.id in chosen
        else tuple(key for key in keys_of(command, preset) if key not in taken)
        for command in COMMANDS
    }


_SIGNS = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "comma": ",",
    "f1": "F1",
}


def describe_key(key: str) -> str:
    """Return a key as people read it: ``↓`` for ``down``, ``gg`` for ``g g``."""
    parts = [_SIGNS.get(part, part) for part in key.split(" ")]
    return ("" if all(len(part) == 1 for part in parts) else " ").join(parts)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing a key led to."""

    command: str = ""
    """Id of the command to run; empty while more keys are needed, or when the key means nothing."""
    count: int | None = None
    """The number typed before it; None when there was none."""
    pending: str = ""
    """What has been typed so far and waits for more; empty when nothing does."""
    key: str = ""
    """The last key that led to the command."""


@dataclass(slots=True)
class KeyReader:
    """Turns keys into commands: sequences (``g g``) and counts (``5j``)."""

    keys_by_command: Mapping[str, tuple[str, ...]]
    _count: str = ""
    _typed: tuple[str, ...] = ()
    _commands: dict[tuple[str, ...], str] = field(init=False, repr=False)
    _prefixes: set[tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._commands = {}
        self._prefixes = set()
        for command, keys in self.keys_by_command.items():
            for key in keys:
                sequence = tuple(key.split(" "))
                self._commands.setdefault(sequence, command)
                self._prefixes.update(sequence[:length] for length in range(1, len(sequence)))

    @property
    def pending(self) -> str:
        """What was typed and waits for more."""
        return self._count + "".join(self._typed)

    @property
    def count(self) -> int | None:
        """The number typed so far."""
        return int(self._count) if self._count else None

    def reset(self) -> None:
        """Forget what was typed."""
        self._count, self._typed = "", ()

    def press(self, key: str) -> Pressed:
        """Take one key. A key that is a command runs at once, also when a longer sequence begins with it."""
        if not self._typed and (key in "123456789" or (key == "0" and self._count)) and len(key) == 1:
            self._count = (self._count + key)[:6]
            return Pressed(pending=self.pending)
        typed = (*self._typed, key)
        if command := self._commands.get(typed):
            pressed = Pressed(command, self.count, key=key)
        elif typed in self._prefixes:
            self._typed = typed
            return Pressed(pending=self.pending)
        elif self._typed:
            self._typed = ()
            return self.press(key)
        else:
            pressed = Pressed()
        self.reset()
        return pressed
