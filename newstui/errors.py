"""Every error a reader can be shown, as one tree.

    NewstuiError
    ├── UsageError      what was typed cannot be understood          (exit code 2)
    │   └── QueryError  a query has a mistake at a known column
    ├── NotFoundError   nothing matches what was asked for           (exit code 1)
    ├── ConfigError     the configuration file has a mistake         (exit code 2)
    ├── SourceError     bytes could not be had from where they live
    ├── FormatError     bytes were had but mean nothing we know
    └── StoreError      what newstui itself keeps cannot be used     (exit code 4)

Other people's exceptions are translated at the door of the room that called them, with ``raise … from``.
Wording for people is made from these values in `present/`.
"""

from __future__ import annotations


class NewstuiError(Exception):
    """Something a reader should be told in one sentence."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        """What happened, in words, without a full stop. May hold outside text: clean it before showing."""
        self.hint = hint
        """What to do about it; empty when there is nothing to say."""


class UsageError(NewstuiError):
    """What was typed cannot be understood."""


class QueryError(UsageError):
    """A query has a mistake."""

    def __init__(self, reason: str, *, text: str, column: int, expected: str = "", hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.text = text
        """The whole query as typed."""
        self.column = column
        """Where the mistake begins: 0-based index of a character in `text`."""
        self.expected = expected
        """What could have stood there, in words."""


class NotFoundError(NewstuiError):
    """Nothing matches what was asked for."""


class ConfigError(NewstuiError):
    """The configuration file has a mistake."""

    def __init__(self, reason: str, *, file: str = "", key: str = "", line: int | None = None, hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.file = file
        self.key = key
        """Dotted name of the setting, such as ``article.width``."""
        self.line = line
        """1-based, None when the mistake has no one line."""


class SourceError(NewstuiError):
    """Bytes could not be had from where they live."""

    def __init__(self, reason: str, *, location: str = "", hint: str = "", temporary: bool = True) -> None:
        super().__init__(reason, hint=hint)
        self.location = location
        """The folder, file or address, without credentials."""
        self.temporary = temporary
        """False when trying again without changing something is pointless."""


class FormatError(NewstuiError):
    """Bytes were had but mean nothing we know."""

    def __init__(
        self, reason: str, *, file: str = "", line: int | None = None, field: str = "", hint: str = ""
    ) -> None:
        super().__init__(reason, hint=hint)
        self.file = file
        self.line = line
        """1-based line in `file`, None when the whole file is meant."""
        self.field = field


class StoreError(NewstuiError):
    """What newstui itself keeps cannot be used."""

    def __init__(self, reason: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(reason, hint=hint)
        self.path = path
