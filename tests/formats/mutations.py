"""Damaged copies of front matter, the same for the same seed: tokens, lines and indentation moved about."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

TOKENS = (
    ": ", ":", " #", "#", "- ", "-", "--", "---", "\n---\n", "\n...\n", '"', "'", "\\", "\\n", "\\x41", "\\u00e9", "\\ud83d", "\\ ", "\\\n",
    "&a ", "*a", "!x ", "!!str ", "| ", "|", ">", ">-", "[", "]", "{", "}", ",", "? ", "?", "%", "@", "`", "~", "null", "<<: ", "=", ".",
    " ", "  ", "    ", "\n", "\n\n", "\n  ", "\t", "\r", "\r\n", "\x00", "\x1b", "\x7f", "\x85", "\u00a0", "\u2028", "\u2029", "\ufeff",
    "\ufffe", "\uffff", "\ud800", "é", "日本", "😀", "key: value", "key:", "- item", "  - item", "key: - x", "a: b: c", "12:30:45", "0x1F",
    "- - x", "-\n", "- \n", "key: \n", "key:  value", "key : value", '"key": value', "key: 'v'", 'key: "v" # c', "# comment", "x" * 200,
)  # fmt: skip


def mutate(documents: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Yield `count` damaged documents."""
    dice = random.Random(seed)
    for _ in range(count):
        text = dice.choice(documents)
        for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5))):
            text = _once(text, dice, documents)
        yield text


def _once(text: str, dice: random.Random, documents: Sequence[str]) -> str:
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    kind = dice.randrange(10)
    if kind <= 2:
        place = dice.randrange(len(text) + 1)
        return text[:place] + dice.choice(TOKENS) + text[place:]
    if kind == 3:
        start = dice.randrange(len(text) + 1)
        return text[:start] + text[start + dice.choice((1, 1, 2, 5, 40)) :]
    if kind == 4:
        lines[at] = lines[at][1:] if lines[at].startswith(" ") else " " + lines[at]
    elif kind == 5:
        del lines[at]
    elif kind == 6:
        lines.insert(at, lines[dice.randrange(len(lines))])
    elif kind == 7:
        other = dice.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 8:
        lines.insert(at, dice.choice(dice.choice(documents).split("\n")))
    else:
        lines[at] = " " * dice.randrange(7) + lines[at].strip() + dice.choice(("", " ", ":", ": ", " #"))
    return "\n".join(lines)
