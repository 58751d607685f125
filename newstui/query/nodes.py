"""A query as a value. Made by `parse.py`, printed by `print.py`, evaluated by `match.py` and by the store."""

from __future__ import annotations

from datetime import date
from typing import Literal

from newstui.records import dataclass

TextField = Literal["any", "title", "body", "url"]
ValueField = Literal["topic", "provider", "domain", "category", "type", "collection", "author", "tag"]
NumberField = Literal["quality", "heat", "coverage"]
DateOperator = Literal["after", "before", "on"]
State = Literal["read", "unread", "starred", "new", "single-source", "followed", "tagged", "noted"]
Having = Literal["related", "image", "body", "note"]
SortName = Literal["date", "heat", "quality", "coverage", "top", "rank"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word, matched as the beginning of a word (anywhere in the text for scripts without spaces)."""

    text: str
    field: TextField = "any"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole words in this order, next to each other."""

    text: str
    field: TextField = "any"


@dataclass(frozen=True, slots=True)
class Regex:
    """Python's ``re.search`` without regard to case, over title, excerpt and body as shown."""

    pattern: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field has one of these values."""

    field: ValueField
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number lies in a closed range; an absent number is in no range."""

    field: NumberField
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class When:
    """Published after, before or on a day, month, year or age; days are local."""

    operator: DateOperator
    day: date | None
    """First day of the period named; None when an age was named."""
    precision: Literal["day", "month", "year"] = "day"
    age: tuple[int, str] | None = None
    """(7, "d"): the start of the local day (or hour for ``h``) that long ago."""
    word: str = ""
    """``today`` or ``yesterday`` as typed."""


@dataclass(frozen=True, slots=True)
class Is:
    state: State


@dataclass(frozen=True, slots=True)
class Has:
    thing: Having


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]


Node = Word | Phrase | Regex | OneOf | Between | When | Is | Has | Not | And | Or


@dataclass(frozen=True, slots=True)
class Sort:
    """An order. Unreversed means newest, hottest, best first."""

    by: SortName
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for."""

    where: Node | None = None
    """None matches everything."""
    sort: Sort | None = None
    """None leaves the order to the view: by rank when words are given and the view says so, else by date."""
