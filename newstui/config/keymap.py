"""Mistakes in the keys a reader chose: names that are no command, and keys that two commands would share.

Looks at the whole table of commands, so a key taken from a command that was not mentioned is found too.
What the keys then do is `newstui.commands.keymap`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from newstui.commands import COMMAND_BY_ID, describe_key, keymap, keys_of, split_keys


class KeyMistake(NamedTuple):
    """One thing that is wrong in ``[keys]``."""

    command: str
    """The id as the reader wrote it."""
    reason: str
    hint: str = ""


def find_key_mistakes(preset: str, chosen: Mapping[str, str]) -> Iterator[KeyMistake]:
    """Yield what is wrong with the keys chosen over a preset, in the order they were written.

    Args:
        chosen: Command id → keys as text, as `[keys]` holds them.
    """
    resulting = keymap(preset, chosen)
    claimed: dict[str, str] = {}
    for command, text in chosen.items():
        if command not in COMMAND_BY_ID:
            yield KeyMistake(command, f"there is no command {command!r}", _nearest(command))
            continue
        for key in split_keys(text):
            if (first := claimed.setdefault(key, command)) != command:
                yield KeyMistake(command, f"{describe_key(key)} is the key of {first} already")
            elif other := _owner(preset, key, chosen):
                yield KeyMistake(
                    command,
                    f"{describe_key(key)} was the key of {other}, and is not any more",
                    _way_out(other, resulting),
                )
            elif shorter := _beginning(key, resulting):
                yield KeyMistake(
                    command, f"{describe_key(key)} is never reached: its first key is the key of {shorter}"
                )


def _owner(preset: str, key: str, chosen: Mapping[str, str]) -> str:
    """Return the command whose key it is in the preset, unless the reader chose that one's keys too."""
    owners = (name for name, command in COMMAND_BY_ID.items() if name not in chosen and key in keys_of(command, preset))
    return next(owners, "")


def _way_out(command: str, resulting: Mapping[str, tuple[str, ...]]) -> str:
    left = resulting[command]
    return f"{command} still has {describe_key(left[0])}" if left else f'give {command} another key, or none with ""'


def _beginning(key: str, resulting: Mapping[str, tuple[str, ...]]) -> str:
    """Return the command that runs before a sequence of keys is complete; empty when none does."""
    parts = key.split(" ")
    beginnings = {" ".join(parts[:length]) for length in range(1, len(parts))}
    return next((command for command, keys in resulting.items() if beginnings.intersection(keys)), "")


def _nearest(word: str) -> str:
    import difflib  # only when there is a mistake

    found = difflib.get_close_matches(word, COMMAND_BY_ID, n=1)
    return f"did you mean {found[0]!r}?" if found else "newstui's docs/keys.md lists them, as does ? in the reader"
