"""Text → `Query`. Every mistake is a `QueryError` with the column, what was expected and the nearest word.

    query    any                      any     all { OR all }
    all      { [AND] term }           term    { - | ! | NOT } ( "(" any ")" | "phrase" | /regex/ | field:values | word )
    values   value { , value }        value   word | "quoted" | number range | date | age | name

What people type literally is never a mistake: signs alone are passed over, a quote left open ends with the text,
``12:30`` and ``https://…`` are words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast

from newstui.errors import QueryError
from newstui.query.dates import parse_when
from newstui.query.fields import FIELDS, SORTS, STATES, THINGS, Field, nearest
from newstui.query.nodes import (
    And,
    Between,
    DateOperator,
    Has,
    Having,
    Is,
    Node,
    Not,
    NumberField,
    OneOf,
    Or,
    Phrase,
    Query,
    Regex,
    Sort,
    SortName,
    State,
    TextField,
    ValueField,
    When,
    Word,
)
from newstui.query.regex import check_regex
from newstui.query.terms import looks_for_nothing

MAX_LENGTH = 10_000
"""Characters; a longer query is a mistake of another kind."""
MAX_DEPTH = 60
"""Brackets inside brackets."""

_NAME = re.compile(r"([A-Za-z][A-Za-z-]*):")
_OPERATORS = ("OR", "AND", "NOT")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(-?\d{1,18})")
_RANGE = re.compile(r"(-?\d{1,18})?\.\.(-?\d{1,18})?")


class Value(NamedTuple):
    """One value after a colon."""

    text: str
    column: int
    quoted: bool


def parse(text: str, views: Mapping[str, str] | None = None) -> Query:
    """Return what a query means. `views` are the saved queries by name, for ``view:``. Raises QueryError."""
    return _Parser(text, views or {}, ()).parse()


class _Parser:
    """Reads one query from left to right."""

    def __init__(self, text: str, views: Mapping[str, str], opened: tuple[str, ...]) -> None:
        self.text = text
        self.views = views
        self.opened = opened
        """Views being read around this text, to notice a circle."""
        self.at = 0
        self.depth = 0
        self.sort: Sort | None = None
        """The last order typed."""
        self.view_sort: Sort | None = None
        """The order of the last view named; what is typed comes first."""

    def parse(self) -> Query:
        if len(self.text) > MAX_LENGTH:
            raise self.error("the query is too long", MAX_LENGTH, f"at most {MAX_LENGTH} characters")
        where = None if self.at_end() else self.parse_any()
        if not self.at_end():
            raise self.error("a bracket is closed that was never opened", self.at, "a word or a field")
        return Query(where, self.sort or self.view_sort)

    # -- structure ----------------------------------------------------------------------------
    def parse_any(self) -> Node | None:
        nodes = [self.parse_all()]
        while self.take_operator("OR"):
            nodes.append(self.parse_all())
        return _join(Or, nodes)

    def parse_all(self) -> Node | None:
        nodes: list[Node | None] = []
        while not self.at_end() and self.text[self.at] != ")" and self.peek_operator() != "OR":
            if self.take_operator("AND"):
                self.expect_term(after="AND")
                continue
            nodes.append(self.parse_term())
        if not nodes:
            raise self.error(self.missing_term(), self.at, "a word, a field or a bracket")
        return _join(And, nodes)

    def parse_term(self) -> Node | None:
        """Read a term with the signs before it."""
        negated = False
        while not self.at_end():
            if self.take_operator("NOT"):
                self.expect_term(after="NOT")
            elif self.text[self.at] in "-!" and not self.stops_at(self.at + 1):
                self.at += 1
            else:
                break
            negated = not negated
        node = self.parse_primary()
        if not negated or node is None:
            return node
        return node.node if isinstance(node, Not) else Not(node)

    def parse_primary(self) -> Node | None:
        letter = self.text[self.at]
        if letter == "(":
            return self.parse_bracket()
        if letter == '"':
            phrase = self.read_quoted().text
            return None if looks_for_nothing(phrase) else Phrase(phrase)
        if letter == "/" and not self.stops_at(self.at + 1) and not self.text.startswith("//", self.at):
            return self.parse_regex()
        if (name := _NAME.match(self.text, self.at)) and (field := self.field_of(name)):
            self.at = name.end()
            return self.parse_field(field, name.start())
        if self.peek_operator():
            raise self.error(f"{self.peek_operator()} cannot be negated", self.at, "a word, a field or a bracket")
        word = self.read_word()
        return None if looks_for_nothing(word) else Word(word)

    def parse_bracket(self) -> Node | None:
        start = self.at
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error("too many brackets inside each other", start, f"at most {MAX_DEPTH}")
        self.at += 1
        if self.at_end():
            raise self.error("this bracket is not closed", start, "a word or a field, and )")
        node = self.parse_any()
        if self.at_end():
            raise self.error("this bracket is not closed", start, ") further on")
        self.at += 1
        self.depth -= 1
        return node

    def parse_regex(self) -> Node:
        start = self.at
        at, pattern = start + 1, ""
        while at < len(self.text):
            letter = self.text[at]
            if letter == "\\" and at + 1 < len(self.text):
                pattern += "/" if self.text[at + 1] == "/" else self.text[at : at + 2]
                at += 2
                continue
            if letter == "/" and self.stops_at(at + 1):
                if mistake := check_regex(pattern):
                    raise self.error(mistake.reason, start + 1 + mistake.position, mistake.expected, mistake.hint)
                self.at = at + 1
                return Regex(pattern)
            pattern += letter
            at += 1
        raise self.error("this pattern is not closed", start, "/ at its end", 'to look for it literally: "/…"')

    # -- fields -------------------------------------------------------------------------------
    def field_of(self, name: re.Match[str]) -> Field | None:
        """Return the field a name before a colon means; None when it only looks like one."""
        if field := FIELDS.get(name[1].lower()):
            return field
        if self.ends_at(name.end()) or self.text.startswith("//", name.end()):
            return None
        near = nearest(name[1], list(FIELDS))
        hint = f"did you mean {near}:?" if near else f'to look for it literally: "{name[0]}…"'
        raise self.error(f"there is no field {name[1]}:", name.start(), f"one of {', '.join(FIELDS)}", hint)

    def parse_field(self, field: Field, column: int) -> Node | None:
        values = self.read_values(field)
        if field.kind == "value":
            return OneOf(cast(ValueField, field.name), _unique(value.text.strip() for value in values))
        if field.kind == "sort":
            self.sort = self.parse_sort(values, field)
            return None
        if field.kind == "view":
            return _join(Or, [self.parse_view(value) for value in values])
        read: dict[str, Callable[[Field, Value], Node | None]] = {
            "text": self.parse_text,
            "number": self.parse_number,
            "date": self.parse_date,
            "state": lambda field, value: Is(cast(State, self.choose(field, value, STATES))),
            "having": lambda field, value: Has(cast(Having, self.choose(field, value, THINGS))),
        }
        return _join(Or, [read[field.kind](field, value) for value in values])

    def parse_text(self, field: Field, value: Value) -> Node | None:
        name = cast(TextField, field.name)
        if name == "url":
            return Word(value.text.strip(), name)
        if looks_for_nothing(value.text):
            return None
        return Phrase(value.text, name) if value.quoted else Word(value.text, name)

    def parse_number(self, field: Field, value: Value) -> Node:
        name, text = cast(NumberField, field.name), value.text.strip()
        if match := _NUMBER.fullmatch(text):
            number = int(match[2])
            low, high = {
                ">=": (number, None),
                ">": (number + 1, None),
                "<=": (None, number),
                "<": (None, number - 1),
            }.get(match[1], (number, number))
            return Between(name, low, high)
        match = _RANGE.fullmatch(text)
        if not match or not (match[1] or match[2]):
            raise self.error(f"{text or 'this'} is not a number or a range", value.column, field.expects)
        low, high = (int(part) if part else None for part in match.groups())
        if low is not None and high is not None and low > high:
            raise self.error("the range ends before it begins", value.column, field.expects, f"{high}..{low}")
        return Between(name, low, high)

    def parse_date(self, field: Field, value: Value) -> Node:
        parts = parse_when(value.text.strip())
        if parts is None:
            raise self.error(f"{value.text or 'this'} is not a date or an age", value.column, field.expects)
        return When(cast(DateOperator, field.name), **parts)  # type: ignore[arg-type]

    def parse_sort(self, values: list[Value], field: Field) -> Sort:
        if len(values) > 1:
            raise self.error("there is one order at a time", values[1].column, "one of " + ", ".join(SORTS))
        value = values[0]
        reverse = value.text.startswith("-")
        bare = Value(value.text.removeprefix("-"), value.column + reverse, value.quoted)
        return Sort(cast(SortName, self.choose(field, bare, SORTS)), reverse)

    def parse_view(self, value: Value) -> Node | None:
        by_folded = {name.casefold(): name for name in self.views}
        name = by_folded.get(value.text.strip().casefold())
        if name is None:
            known = ", ".join(self.views) or "there is none yet"
            near = nearest(value.text, list(self.views))
            raise self.error(
                f"there is no view {value.text}",
                value.column,
                f"the name of a view: {known}",
                f"did you mean {near}?" if near else "",
            )
        if name in self.opened:
            raise self.error(f"the view {name} leads back to itself", value.column, "another view")
        inner = _Parser(self.views[name], self.views, (*self.opened, name))
        try:
            query = inner.parse()
        except QueryError as error:
            raise self.error(
                f"the view {name} has a mistake: {error.reason}", value.column, error.expected, error.hint
            ) from error
        self.view_sort = query.sort or self.view_sort
        return query.where

    def choose(self, field: Field, value: Value, known: Mapping[str, str]) -> str:
        """Return the known word that was typed."""
        word = value.text.strip().lower()
        if word in known:
            return word
        near = nearest(word, list(known))
        raise self.error(
            f"there is no {field.name}:{value.text}",
            value.column,
            field.expects,
            f"did you mean {field.name}:{near}?" if near else "",
        )

    # -- letters ------------------------------------------------------------------------------
    def read_values(self, field: Field) -> list[Value]:
        values = [self.read_value(field)]
        while self.text.startswith(",", self.at):
            self.at += 1
            values.append(self.read_value(field))
        return values

    def read_value(self, field: Field) -> Value:
        start = self.at
        if self.text.startswith('"', start):
            value = self.read_quoted()
        else:
            while not self.ends_at(self.at) and self.text[self.at] != ",":
                self.at += 1
            value = Value(self.text[start : self.at], start, quoted=False)
        if not value.text.strip():
            raise self.error(f"{field.name}: has no value yet", start, field.expects)
        return value

    def read_quoted(self) -> Value:
        """Read from a quote to the next; one left open ends with the text."""
        start = self.at
        match = re.compile(r'"((?:[^"\\]|\\.)*\\?)"?', re.DOTALL).match(self.text, start)
        assert match
        self.at = match.end()
        return Value(re.sub(r'\\(["\\])', r"\1", match[1]), start, quoted=True)

    def read_word(self) -> str:
        start = self.at
        while not self.ends_at(self.at):
            self.at += 1
        return self.text[start : self.at]

    def ends_at(self, position: int) -> bool:
        """Say whether a word ends before this position."""
        letter = self.text[position : position + 1]
        return not letter or letter.isspace() or letter in "()"

    def stops_at(self, position: int) -> bool:
        """Say whether nothing can follow a sign that stands before this position."""
        return self.ends_at(position) and not self.text.startswith("(", position)

    def at_end(self) -> bool:
        """Pass over white space; say whether nothing follows."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at >= len(self.text)

    def peek_operator(self) -> str:
        """Return the operator that stands here; empty when none does."""
        for name in _OPERATORS:
            if self.text.startswith(name, self.at) and self.ends_at(self.at + len(name)):
                return name
        return ""

    def take_operator(self, name: str) -> bool:
        if self.at_end() or self.peek_operator() != name:
            return False
        self.at += len(name)
        return True

    def expect_term(self, after: str) -> None:
        if self.at_end() or self.text[self.at] == ")" or self.peek_operator() in ("OR", "AND"):
            raise self.error(f"something is missing after {after}", self.at, "a word, a field or a bracket")

    def missing_term(self) -> str:
        if self.peek_operator() == "OR":
            return "something is missing before OR"
        if self.text[: self.at].rstrip().endswith("OR"):
            return "something is missing after OR"
        if self.at < len(self.text) and not self.depth:
            return "a bracket is closed that was never opened"
        return "there is nothing between the brackets"

    def error(self, reason: str, column: int, expected: str, hint: str = "") -> QueryError:
        return QueryError(reason, text=self.text, column=column, expected=expected, hint=hint)


def _join(kind: type[And] | type[Or], nodes: list[Node | None]) -> Node | None:
    """Put nodes together, flat; what was passed over leaves no trace."""
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            flat += node.nodes
        elif node is not None:
            flat.append(node)
    if len(flat) < 2:
        return flat[0] if flat else None
    return kind(tuple(flat))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
