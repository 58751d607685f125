"""Completing a query while it is typed: fields, then their values with counts. Used by the query line and shells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from newstui.query.fields import FIELDS, SORTS, STATES, THINGS
from newstui.query.print import quote
from newstui.records import dataclass
from newstui.text import fold

Vocabulary = Callable[[str], Iterable[tuple[str, int]]]
"""Field name → its values with how many articles have each, most frequent first. ``view`` asks for saved views."""

MAX_CANDIDATES = 50
_AGES = {"today": "", "yesterday": "", "7d": "", "4w": "", "3m": "", "1y": ""}
_NUMBERS = {">=80": "", ">=60": "", ">=40": "", "40..70": "", "<40": ""}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go on."""

    text: str
    """The whole query with the candidate put in."""
    column: int
    """Where the cursor stands after it."""
    label: str
    """What a menu shows: the field with its colon, or the value without quotes."""
    count: int | None
    """How many articles have the value; None for fields and fixed words."""
    help: str
    """One line; empty for values."""
    word: str
    """Only what stands for the word under the cursor, as a shell wants it."""


class _Word(NamedTuple):
    """The word under the cursor, taken apart."""

    start: int
    signs: str
    field: str
    """Empty while no colon was typed."""
    values: str
    """Finished values before the last comma, with the comma."""
    part: str
    """What is being typed, without an opening quote."""


def complete(text: str, column: int, vocabulary: Vocabulary) -> list[Candidate]:
    """Return what may follow at a column (0-based, at most the length of the text), most useful first."""
    column = max(0, min(column, len(text)))
    end = column
    while end < len(text) and not text[end].isspace() and text[end] not in '()"':
        end += 1
    word = _word_before(text, column)
    if word is None:
        return []
    if not word.field:
        choices: list[tuple[str, int | None, str]] = [(f"{name}:", None, field.help) for name, field in FIELDS.items()]
    elif word.field in FIELDS:
        choices = _values_of(word, vocabulary)
    else:
        return []
    part = fold(word.part)
    named = [(choice, fold(choice[0])) for choice in choices]
    begins = [choice for choice, name in named if name.startswith(part)]
    holds = [choice for choice, name in named if part and part in name and not name.startswith(part)]
    found = begins + (holds if word.field else [])
    return [_candidate(text, word, end, choice) for choice in found[:MAX_CANDIDATES]]


def _values_of(word: _Word, vocabulary: Vocabulary) -> list[tuple[str, int | None, str]]:
    fixed = {
        "state": STATES,
        "having": THINGS,
        "sort": SORTS,
        "date": _AGES,
        "number": _NUMBERS,
    }.get(FIELDS[word.field].kind)
    if fixed is not None:
        sign = "-" if word.field == "sort" and word.part.startswith("-") else ""
        return [(sign + name, None, help_) for name, help_ in fixed.items()]
    if FIELDS[word.field].kind == "text":
        return []
    taken = {fold(value.strip('"')) for value in word.values.split(",")}
    return [(value, count, "") for value, count in vocabulary(word.field) if fold(value) not in taken]


def _word_before(text: str, column: int) -> _Word | None:
    """Take the word that ends at a column apart; None inside a phrase or a pattern, where nothing is completed."""
    start = field_end = at = 0
    quoted = False
    value_start = 0
    while at < column:
        letter = text[at]
        if quoted:
            if letter == "\\":
                at += 1
            quoted = letter != '"'
        elif letter == '"' and (at == start or text[at - 1] in ":,-!("):
            quoted = True
        elif letter.isspace() or letter in "()":
            start = field_end = value_start = at + 1
        elif letter == ":" and field_end == start:
            field_end = value_start = at + 1
        elif letter == "," and field_end > start:
            value_start = at + 1
        at += 1
    raw = text[start:column]
    signs = raw[: len(raw) - len(raw.lstrip("-!"))]
    if field_end == start:
        return None if quoted or raw[len(signs) :].startswith("/") else _Word(start, signs, "", "", raw[len(signs) :])
    name = text[start + len(signs) : field_end - 1].lower()
    part = text[value_start:column]
    if part.startswith('"') and not quoted and len(part) > 1:
        return None
    part = part.removeprefix('"').replace('\\"', '"')
    return _Word(start, signs, name, text[field_end:value_start], part)


def _candidate(text: str, word: _Word, end: int, choice: tuple[str, int | None, str]) -> Candidate:
    label, count, help_ = choice
    if word.field:
        put = f"{word.signs}{word.field}:{word.values}{quote(label)}"
    else:
        put = word.signs + label
    rest = text[end:].removeprefix('"')
    return Candidate(text[: word.start] + put + rest, word.start + len(put), label, count, help_, put)
