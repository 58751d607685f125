"""Single fields, from what a record holds to what an article says; a bad field costs that field and a note.

Values are text (from YAML, as written) or what JSON knows: numbers, truth values, None. `Nothing` and None are
absent. Lists and mappings are the caller's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newstui.formats.dates import parse_date
from newstui.formats.html import to_text
from newstui.formats.parsed import Limits, Notes
from newstui.formats.site import Site
from newstui.formats.tree import Nothing
from newstui.formats.urls import clean_address, why_unusable
from newstui.text import clean_line

_HIGHEST = 2**63 - 1
"""What a store and an array can hold; no score, count or size is larger."""
_INTEGER = re.compile(r"[+-]?\d{1,19}")
_MOST_REMEMBERED = 5_000
_NOT_SEEN = object()

Record = Mapping[str, Any]
"""A mapping of a raw tree or of JSON."""


class Reading:
    """One file being read: what its fields are read with, and where losses are noted."""

    __slots__ = ("api", "limits", "notes", "now", "site")

    def __init__(self, notes: Notes, site: Site, now: datetime, limits: Limits, *, api: bool = False) -> None:
        self.notes = notes
        self.site = site
        self.now = now
        self.limits = limits
        self.api = api
        """The record comes from an API page, where ``sourceUrl`` is the address of the item itself."""

    def line(self, field: str, value: Any, limit: int) -> str | None:
        """Return one line of plain text, or None when there is none."""
        if value.__class__ is str:
            if (
                value.isascii() and value.isprintable() and "&" not in value and "<" not in value
                and "  " not in value and 0 < len(value) <= limit and value[0] != " " and value[-1] != " "
            ):  # fmt: skip
                return value
        else:
            written = self._written(field, value)
            if written is None:
                return None
            value = written
        if "&" in value or "<" in value:
            value = to_text(value[: 20 * limit])
        return clean_line(value, limit) or None

    def name(self, field: str, value: Any) -> str | None:
        """Return a short line that many records share, such as a topic or the name of a provider."""
        if value.__class__ is str:
            known = _names.get(value, _NOT_SEEN)
            if known is not _NOT_SEEN:
                return known  # type: ignore[return-value]
            name = self.line(field, value, 300)
            if len(value) <= 100:
                if len(_names) >= _MOST_REMEMBERED:
                    _names.clear()
                _names[value] = name
            return name
        return self.line(field, value, 300)

    def _written(self, field: str, value: Any) -> str | None:
        if value is None or value.__class__ is Nothing:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        self.notes.add(field, f"{field} should be text, not {describe(value)}")
        return None

    def number(self, field: str, value: Any, lowest: int = -_HIGHEST, highest: int = _HIGHEST) -> int | None:
        """Return a whole number within bounds; None when there is none or it cannot be used."""
        if value.__class__ is str:
            known = _numbers.get(value)
            if known is not None and lowest <= known <= highest:
                return known
            if value.isdecimal() and len(value) < 10 and lowest <= (number := int(value)) <= highest:
                if len(_numbers) < _MOST_REMEMBERED:
                    _numbers[value] = number
                return number
            text = value.strip()
            if not text:
                return None
            if _INTEGER.fullmatch(text):
                value = int(text)
            else:
                try:
                    value = float(text)
                except ValueError:
                    self.notes.add(field, f"{field} is not a number: {text[:40]}")
                    return None
        elif value is None or value.__class__ is Nothing:
            return None
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            self.notes.add(field, f"{field} should be a number, not {describe(value)}")
            return None
        if lowest <= value <= highest:
            return int(value) if isinstance(value, int) else round(value)
        self.notes.add(field, f"{field} is out of range")
        return None

    def truth(self, field: str, value: Any) -> bool | None:
        """Return true or false; None when the record does not say."""
        if value.__class__ is str:
            known = _TRUTHS.get(value)
            if known is not None:
                return known
            known = _TRUTHS.get(value.strip().lower())
            if known is None and value.strip():
                self.notes.add(field, f"{field} is neither true nor false: {value[:40]}")
            return known
        if value is None or value.__class__ is Nothing or isinstance(value, bool):
            return value if isinstance(value, bool) else None
        self.notes.add(field, f"{field} should be true or false, not {describe(value)}")
        return None

    def date(self, field: str, value: Any, *, may_be_ahead: bool = False) -> datetime | None:
        """Return a moment in UTC; None when there is none or it cannot be right."""
        if value.__class__ is not str:
            written = self._written(field, value)
            if written is None:
                return None
            value = written
        if not value or value.isspace():
            return None
        moment, reason = parse_date(value, self.now, may_be_ahead=may_be_ahead)
        if reason:
            self.notes.add(field, f"{field}: {reason}")
        return moment

    def address(self, field: str, value: Any, *, has_base: bool = False) -> str | None:
        """Return a web address; None when there is none or it may not be opened.

        Args:
            has_base: as in `clean_address`; a record by itself has none.
        """
        if value.__class__ is str:
            if (
                value[:8] == "https://" and value.isascii() and value.isprintable() and "&" not in value
                and " " not in value and value[8:9] not in _NO_HOST and len(value) < 2_000
            ):  # fmt: skip
                return value
        else:
            written = self._written(field, value)
            if written is None:
                return None
            value = written
        address = clean_address(value, has_base=has_base)
        if not address:
            return None
        reason = why_unusable(address)
        if reason:
            self.notes.add(field, f"{field}: {reason}")
            return None
        return address

    def mapping(self, field: str, value: Any) -> Record:
        """Return a mapping, empty when there is none or it is something else."""
        if isinstance(value, dict):
            return value
        if value is not None and value.__class__ is not Nothing and value != "":
            self.notes.add(field, f"{field} should hold names and values, not {describe(value)}")
        return {}

    def items(self, field: str, value: Any, limit: int, *, one: bool = False) -> list[Any]:
        """Return a list, empty when there is none or it is something else; with `one`, text counts as its only item."""
        if isinstance(value, list):
            if len(value) > limit:
                self.notes.add(field, f"{field} holds {len(value)} items; the first {limit} were read")
                return value[:limit]
            return value
        if value is None or value.__class__ is Nothing or value == "":
            return []
        if one and isinstance(value, str):
            return [value]
        self.notes.add(field, f"{field} should be a list, not {describe(value)}")
        return []

    def names(self, field: str, value: Any) -> tuple[str, ...]:
        """Return the names in a list, in order, without doubles and empty ones."""
        if value is None:
            return ()
        if value.__class__ is list and len(value) == 1 and value[0].__class__ is str:
            only = self.name(field, value[0])
            return (only,) if only else ()
        found: dict[str, None] = {}
        for item in self.items(field, value, self.limits.names, one=True):
            if isinstance(item, dict):
                item = item.get("name", item)
            name = self.name(field, item)
            if name:
                found[name] = None
        return tuple(found)


_NO_HOST = frozenset(("", "/", "?", "#"))
_names: dict[str, str | None] = {}
_numbers: dict[str, int] = {}
_TRUTHS = {
    "true": True, "false": False, "True": True, "False": False, "yes": True, "no": False, "on": True, "off": False
}  # fmt: skip


def describe(value: Any) -> str:
    """Return what kind of value this is, in words."""
    if value is None or value.__class__ is Nothing:
        return "nothing"
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, list) else "names and values"
