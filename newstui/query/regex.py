"""Patterns a reader types: compiled, and refused when they could run for ever.

Python's engine cannot be stopped once it runs and holds the interpreter, so a repeat inside a repeat, which can
take time that doubles with every letter (https://docs.python.org/3/howto/regex.html, "Use string methods" and
CWE-1333), is refused before it starts; and no text longer than `TEXT_LIMIT` is looked through.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

TEXT_LIMIT = 100_000
"""Characters of a title, excerpt or body a pattern sees."""
PATTERN_LIMIT = 1_000
"""Characters of a pattern."""

_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_REPEAT = re.compile(r"[*+]|\{(\d*)(,?)(\d*)\}")
_MANY = 4
"""A repeat with a greater bound counts as endless."""
_WIDE_REPEATS = 4
"""So many ``.*`` in one pattern at most: each more multiplies the worst case by the length of the text."""


class Mistake(NamedTuple):
    """Why a pattern is not taken."""

    reason: str
    position: int
    """0-based index into the pattern."""
    expected: str
    hint: str = ""


def check_regex(pattern: str) -> Mistake | None:
    """Return what is wrong with a pattern, None when it can be used."""
    if len(pattern) > PATTERN_LIMIT:
        return Mistake("the pattern is too long", PATTERN_LIMIT, f"at most {PATTERN_LIMIT} characters")
    try:
        compile_regex(pattern)
    except re.error as error:
        return Mistake(f"the pattern has a mistake: {error.msg}", error.pos or 0, "a pattern of Python's re")
    except (OverflowError, RecursionError):
        return Mistake("the pattern is too large", 0, "a smaller pattern")
    if (position := _nested_repeat(pattern)) is not None:
        return Mistake(
            "a repeat inside a repeat can run for ever", position, "one repeat at a time", "leave out the outer one"
        )
    if (position := _one_wide_repeat_too_many(pattern)) is not None:
        return Mistake("so many .* can run for ever", position, f"at most {_WIDE_REPEATS}", "look for the words apart")
    return None


@lru_cache(maxsize=64)
def compile_regex(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern; case does not matter. Raises re.error."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "possible nested set" is about Python's future, not about this pattern
        return re.compile(pattern, re.IGNORECASE)


def _nested_repeat(pattern: str) -> int | None:
    """Return where an endless repeat of a bracket that holds an endless repeat stands; None when none does."""
    open_groups: list[bool] = []
    """For every open bracket: whether an endless repeat was seen in it."""
    closed: bool | None = None
    """What was seen in the bracket that has just been closed."""
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        length = 1
        just_closed, closed = closed, None
        if letter == "\\":
            length = 2
        elif letter == "[" and (match := _CLASS.match(pattern, at)):
            length = len(match[0])
        elif letter == "(":
            open_groups.append(False)
        elif letter == ")" and open_groups:
            closed = open_groups.pop()
            if closed and open_groups:
                open_groups[-1] = True
        elif match := _REPEAT.match(pattern, at):
            length = len(match[0])
            if _is_endless(match) and just_closed:
                return at
            if _is_endless(match) and (match[0] in "*+" or match[2]):
                if open_groups:
                    open_groups[-1] = True
            else:
                closed = just_closed
        at += length
    return None


def _one_wide_repeat_too_many(pattern: str) -> int | None:
    """Return where the first ``.*`` or ``.+`` beyond the limit stands; None when there are not so many."""
    bare = re.sub(r"\\.", "  ", _CLASS.sub(lambda match: " " * len(match[0]), pattern), flags=re.DOTALL)
    places = [match.start() for match in re.finditer(r"\.(?:[*+]|\{\d*,\})", bare)]
    return places[_WIDE_REPEATS] if len(places) > _WIDE_REPEATS else None


def _is_endless(match: re.Match[str]) -> bool:
    if match[0] in "*+":
        return True
    low, comma, high = match.groups()
    if not (low or high):
        return False
    return (comma == "," and not high) or int(high or low) > _MANY
