"""Any YAML, guarded: the tree is composed here from PyYAML's events, never by a loader.

A loader can be crashed by 25 KB of nesting, slowed by merge keys and fooled by tags; events cannot. Scalars
stay text, exactly as CBaseLoader gives them. Aliases are for configuration files only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from newstui.errors import FormatError
from newstui.formats.tree import NULLS, Tree

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

MAX_DEPTH = 16
"""The deepest real record nests 5 levels."""
MAX_VALUES = 20_000
"""The largest real record (143 KB) holds about 4,000."""
BRACKET_RUN = re.compile(rf"(?:[\[{{]\s*){{{MAX_DEPTH + 1}}}")
"""Depth that can be seen without scanning; libyaml needs 17 s for 100,000 brackets on a line."""


class Duplicate(tuple[str, int]):
    """A key that came twice in one mapping, and the 1-based line of its second place."""

    __slots__ = ()


def read_yaml(
    text: str, *, aliases: bool = False, line_offset: int = 0, values: int = MAX_VALUES
) -> tuple[Tree, list[Duplicate]]:
    """Return the tree of the only document, and keys that came twice (the last one wins, as in PyYAML).

    Raises FormatError; its line counts from 1, moved down by `line_offset`. `values` bounds how much is read.
    """
    if BRACKET_RUN.search(text):
        raise FormatError("nested too deep")
    composer = _Composer(text, aliases, line_offset, values)
    try:
        return composer.document(), composer.duplicates
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        line = mark.line + 1 + line_offset if mark is not None else None
        raise FormatError(f"not valid YAML: {error.problem or error.context}", line=line) from error
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        line = text.count("\n", 0, position) + 1 + line_offset
        raise FormatError(f"not valid YAML: {error.reason}", line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, UnicodeError) as error:
        raise FormatError(f"not valid YAML: {type(error).__name__}") from error


class _Composer:
    """Builds one tree from the events of one text."""

    def __init__(self, text: str, aliases: bool, line_offset: int, most: int) -> None:
        self.events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self.aliases = aliases
        self.line_offset = line_offset
        self.most = most
        self.values = 0
        self.anchors: dict[str, tuple[Tree, int]] = {}
        self.duplicates: list[Duplicate] = []

    def document(self) -> Tree:
        tree: Tree = NULLS[""]
        found = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    raise self.refuse(event, "more than one document")
                tree, found = self.node(next(self.events), 1), True
        return tree

    def node(self, event: Any, depth: int) -> Tree:
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.values += 1
        if depth > MAX_DEPTH:
            raise self.refuse(event, f"nested more than {MAX_DEPTH} levels deep")
        if self.values > self.most:
            raise self.refuse(event, f"more than {self.most} values")
        if event.anchor is not None and not self.aliases:
            raise self.refuse(event, "anchors and aliases are not read in records")
        before = self.values
        tree: Tree
        if isinstance(event, yaml.ScalarEvent):
            self.check_tag(event, event.implicit[0] or event.implicit[1])
            tree = event.value
            if event.implicit[0]:
                tree = NULLS.get(tree, tree)
        elif isinstance(event, yaml.SequenceStartEvent):
            self.check_tag(event, event.implicit)
            tree = self.sequence(depth)
        else:
            self.check_tag(event, event.implicit)
            tree = self.mapping(depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (tree, self.values - before + 1)
        return tree

    def sequence(self, depth: int) -> list[Tree]:
        items: list[Tree] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, depth + 1))
        return items

    def mapping(self, depth: int) -> dict[str, Tree]:
        tree: dict[str, Tree] = {}
        merged: list[Tree] = []
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refuse(event, "a key is not plain text")
            self.check_tag(event, event.implicit[0] or event.implicit[1])
            key = str(event.value)
            value = self.node(next(self.events), depth + 1)
            if key == "<<" and self.aliases and event.implicit[0]:
                merged.extend(value if isinstance(value, list) else [value])
                continue
            if key in tree:
                self.duplicates.append(Duplicate((key, _line(event) + self.line_offset)))
            tree[key] = value
        for base in merged:
            if isinstance(base, dict):
                self.values += len(base)
                if self.values > self.most:
                    raise FormatError(f"more than {self.most} values after merging")
                tree = {**base, **tree}
        return tree

    def alias(self, event: Any) -> Tree:
        """Give the value again; what it stands for is counted again, so bombs end early."""
        if not self.aliases:
            raise self.refuse(event, "anchors and aliases are not read in records")
        if event.anchor not in self.anchors:
            raise self.refuse(event, "an alias names no anchor")
        tree, size = self.anchors[event.anchor]
        self.values += size
        if self.values > self.most:
            raise self.refuse(event, f"aliases stand for more than {self.most} values")
        return tree

    def check_tag(self, event: Any, implicit: bool) -> None:
        if event.tag is not None and not implicit and event.tag not in _HARMLESS_TAGS:
            raise self.refuse(event, "a value has a tag, such as !!python/object; tags are not read")

    def refuse(self, event: Any, reason: str) -> FormatError:
        return FormatError(reason, line=_line(event) + self.line_offset)


_HARMLESS_TAGS = frozenset({"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))})


def _line(event: Any) -> int:
    """Return the 1-based line an event begins on."""
    mark = event.start_mark
    return 1 if mark is None else int(mark.line) + 1
