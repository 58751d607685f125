"""The page of all keys, ``docs/keys.md``, made from the table of commands. Write it with ``python -m`` this module."""

from __future__ import annotations

from newstui.commands import COMMANDS, PRESETS, Command, describe_key, keys_of

_HEAD = """\
# Keys

This page is made from the table in `newstui/commands.py` (`python -m newstui.present.keys_page > docs/keys.md`);
`?` shows the same in the reader, with the keys you chose. Everything is in the palette (`:`) too.

A number before a movement repeats it (`5j`), before `m` or `x` it takes so many rows. `12G` goes to the twelfth row.
In an article a number follows the link of that number.

Choose a preset with `keys = "newsboat"` under `[reader]` in `config.toml`, or change single keys by their id:

```toml
[keys]
"article.toggle_star" = "s, *"
"move.top" = "g g, home"
```

Keys are separated by commas; `g g` is one key after the other; the comma itself is called `comma`. An empty text
takes the keys away. A key given to two commands is reported when newstui starts.
"""


def keys_page() -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD]
    group = ""
    for command in COMMANDS:
        if command.group != group:
            group = command.group
            parts.append(
                f"\n## {group}\n\n| {' | '.join(PRESETS)} | command | does | id |\n|---|---|---|---|---|---|\n"
            )
        parts.append(_row(command))
    return "".join(parts)


def _row(command: Command) -> str:
    keys = [_shown(command, preset) for preset in PRESETS]
    cells = [keys[0], *("" if key == keys[0] else key or "–" for key in keys[1:])]
    return f"| {' | '.join(cells)} | {command.title} | {command.tooltip} | `{command.id}` |\n"


def _shown(command: Command, preset: str) -> str:
    keys = keys_of(command, preset)
    if keys == tuple("123456789"):
        return "`1` … `9`"
    return " ".join(f"`{describe_key(key)}`" for key in keys)


if __name__ == "__main__":
    print(keys_page(), end="")  # noqa: T201 - a page for a file
