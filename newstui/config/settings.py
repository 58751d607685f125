"""Every setting as one typed record, and reading it from ``config.toml``.

Order: built-in, then the file; the command line is laid over it by `cli/`. A mistake costs the one setting it
is in: `load_settings` never raises for the content of the file, it returns what is wrong beside what is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from newstui.config.durations import parse_duration
from newstui.errors import ConfigError
from newstui.model import Limits, Subscription
from newstui.records import dataclass, field, replace

PRESETS = ("vim", "newsboat", "elfeed")
PICTURES = ("never", "ask", "always")
DATE_STYLES = ("age", "date")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query the reader keeps."""

    name: str
    query: str
    """Query language, with its ``sort:`` when it has one."""
    key: str = ""
    """A key that opens it; empty for none."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to say who the reader is to one collection. Never shown, logged or exported."""

    user: str = ""
    password: str = field(default="", repr=False)
    """HTTP basic, together with `user`."""
    token: str = field(default="", repr=False)
    """HTTP bearer."""
    password_env: str = ""
    """Name of an environment variable that holds the password."""
    token_env: str = ""
    """Name of an environment variable that holds the token."""
    password_command: str = ""
    """A command whose first output line is the password. Run without a shell."""
    token_command: str = ""
    """A command whose first output line is the token."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """The ``[reader]`` table: how reading looks and feels."""

    theme: str = "dark"
    """dark, light, high-contrast, terminal, or one of your own under [themes]."""
    keys: str = "vim"
    """Preset of keys: vim, newsboat or elfeed. Single keys are changed under [keys]."""
    mark_read_on_open: bool = True
    """Opening an article marks it read."""
    article_width: int = 72
    """Widest line of an article, in cells."""
    pictures: str = "never"
    """Pictures from the network: never, ask or always. Pictures of local collections are always shown."""
    dates: str = "age"
    """age (3 h) or date (28 Aug) in the list."""
    reduced_motion: bool = False
    """No animation, no smooth scrolling."""
    follow_quiet_days: int = 14
    """A followed story is let go after so many days without news."""
    browser: str = ""
    """Command that opens a link; %s stands for the address. Empty: $BROWSER, else the system's own."""


@dataclass(frozen=True, slots=True)
class RefreshSettings:
    """The ``[refresh]`` table: how collections are kept fresh."""

    every: str = "30m"
    """How often, while the reader is open, unless a collection says otherwise. "never" for by hand only."""
    on_start: bool = True
    """Refresh what is due when the reader opens."""
    connections: int = 16
    """At most so many at once over all hosts."""
    connections_per_host: int = 4
    """At most so many at once to one host."""
    timeout_seconds: int = 30
    """For a whole answer, not for a pause in it."""
    github: str = "https://codeload.github.com"
    """Where archives of github: locations come from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the configuration file can say."""

    reader: ReaderSettings = ReaderSettings()
    refresh: RefreshSettings = RefreshSettings()
    limits: Limits = Limits()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command id → keys, comma separated: the ``[keys]`` table."""
    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Name → colour variables: the ``[themes.NAME]`` tables."""
    views: tuple[SavedView, ...] = ()
    collections: tuple[Subscription, ...] = ()
    credentials: Mapping[str, Credentials] = field(default_factory=dict, repr=False)
    """Collection name → how to identify oneself there."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Collection name → never, ask or always, where it differs from the reader's."""

    @property
    def every_seconds(self) -> int | None:
        """The global interval; None when refreshing is by hand only."""
        return None if self.refresh.every == "never" else parse_duration(self.refresh.every)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a configuration file gave."""

    settings: Settings
    mistakes: tuple[ConfigError, ...]
    """What was left out of it, and why."""


def load_settings(file: Path) -> Loaded:
    """Read the configuration; a file that is not there is an empty one. Raises ConfigError if it is unreadable."""
    try:
        text = file.read_bytes().decode()
    except FileNotFoundError:
        return Loaded(Settings(), ())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the configuration: {_reason(error)}", file=str(file)) from error
    return parse_settings(text, str(file))


def parse_settings(text: str, file: str = "config.toml") -> Loaded:
    """Read settings from TOML text. What is wrong is left at its default and reported."""
    import tomllib  # not needed where there is no file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        reason = re.sub(r" \(at .*\)$", "", str(error))
        return Loaded(Settings(), (ConfigError(f"not TOML: {reason}", file=file, line=line),))
    return _Reading(text, file).settings(table)


def _undotted(table: Mapping[str, Any]) -> dict[str, Any]:
    """Read ``article.open = "x"`` as ``"article.open" = "x"``: without quotes TOML makes tables of it."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= {f"{name}.{verb}": keys for verb, keys in value.items()} if isinstance(value, dict) else {name: value}
    return flat


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


Record = TypeVar("Record", ReaderSettings, RefreshSettings, Limits, Credentials)


class _Reading:
    """One pass over one file: typed values out, mistakes gathered."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = text.splitlines()
        self.file = file
        self.mistakes: list[ConfigError] = []

    def settings(self, table: dict[str, Any]) -> Loaded:
        known = {entry.name for entry in fields(Settings)} - {"credentials", "pictures"}
        for name in table.keys() - known:
            self.mistake(f"there is no setting {name!r}", name, hint=_nearest(name, known))
        credentials: dict[str, Credentials] = {}
        pictures: dict[str, str] = {}
        settings = Settings(
            reader=self.checked_reader(self.record(table, "reader", ReaderSettings())),
            refresh=self.checked_refresh(self.record(table, "refresh", RefreshSettings())),
            limits=self.record(table, "limits", Limits()),
            keys=self.texts({"keys": _undotted(self.table(table, "keys"))}, "keys"),
            themes={name: self.texts(self.table(table, "themes"), name) for name in self.table(table, "themes")},
            views=tuple(self.views(table)),
            collections=tuple(self.collections(table, credentials, pictures)),
            credentials=credentials,
            pictures=pictures,
        )
        self.check_keys(settings)
        return Loaded(settings, tuple(self.mistakes))

    def check_keys(self, settings: Settings) -> None:
        if settings.keys:
            from newstui.config.keymap import find_key_mistakes  # the table of commands, only where it is needed

            for command, reason, hint in find_key_mistakes(settings.reader.keys, settings.keys):
                self.mistake(reason, f"keys.{command}", hint)

    def mistake(self, reason: str, key: str, hint: str = "") -> None:
        self.mistakes.append(ConfigError(reason, file=self.file, key=key, line=self.line_of(key), hint=hint))

    def line_of(self, key: str) -> int | None:
        """Find the line a setting stands on: TOML readers do not keep it, a search for the last name does."""
        last = re.escape(key.rpartition(".")[2])
        pattern = re.compile(rf"""\s*(?:\[\[?\s*(?:[\w"'-]+\.)*)?["']?(?:[\w-]+\.)*{last}["']?\s*[=\]]""")
        return next((number for number, line in enumerate(self.lines, 1) if pattern.match(line)), None)

    def table(self, parent: Mapping[str, Any], name: str) -> dict[str, Any]:
        value = parent.get(name, {})
        if isinstance(value, dict):
            return value
        self.mistake(f"{name} should be a table", name)
        return {}

    def texts(self, parent: Mapping[str, Any], name: str) -> dict[str, str]:
        table = self.table(parent, name)
        for key in [key for key, value in table.items() if not isinstance(value, str)]:
            self.mistake("should be text", f"{name}.{key}")
        return {key: value for key, value in table.items() if isinstance(value, str)}

    def record(self, parent: Mapping[str, Any], name: str, default: Record) -> Record:
        table = self.table(parent, name)
        types = {entry.name: type(getattr(default, entry.name)) for entry in fields(default)}
        right: dict[str, Any] = {}
        for key, value in table.items():
            if key not in types:
                self.mistake(f"there is no setting {key!r} in [{name}]", f"{name}.{key}", _nearest(key, types))
            elif type(value) is not types[key]:
                self.mistake(f"{key} should be {_KINDS[types[key]]}", f"{name}.{key}")
            elif type(value) is int and value < 1:
                self.mistake(f"{key} should be 1 or more", f"{name}.{key}")
            else:
                right[key] = value
        return replace(default, **right)

    def checked_reader(self, reader: ReaderSettings) -> ReaderSettings:
        default = ReaderSettings()
        for key, allowed in (("keys", PRESETS), ("pictures", PICTURES), ("dates", DATE_STYLES)):
            if (value := getattr(reader, key)) not in allowed:
                self.mistake(f"{key} should be one of {', '.join(allowed)}", f"reader.{key}", _nearest(value, allowed))
                reader = replace(reader, **{key: getattr(default, key)})
        return reader

    def checked_refresh(self, refresh: RefreshSettings) -> RefreshSettings:
        if refresh.every == "never" or self.duration(refresh.every, "refresh.every"):
            return refresh
        return replace(refresh, every=RefreshSettings().every)

    def duration(self, text: Any, key: str) -> int | None:
        try:
            return parse_duration(str(text))
        except ValueError as error:
            self.mistake(str(error), key)
            return None

    def items(self, parent: Mapping[str, Any], name: str, needed: tuple[str, ...]) -> Iterable[dict[str, Any]]:
        value = parent.get(name, [])
        if not isinstance(value, list):
            self.mistake(f"write each of them as [[{name}]]", name)
            return
        for item in value:
            if not isinstance(item, dict) or not all(isinstance(item.get(key), str) and item[key] for key in needed):
                self.mistake(f"each of [[{name}]] needs {' and '.join(needed)}, as text", name)
            else:
                yield item

    def views(self, table: Mapping[str, Any]) -> Iterable[SavedView]:
        for item in self.items(table, "views", ("name", "query")):
            yield SavedView(item["name"], item["query"], str(item.get("key", "")))

    def collections(
        self, table: Mapping[str, Any], credentials: dict[str, Credentials], pictures: dict[str, str]
    ) -> Iterable[Subscription]:
        seen: set[str] = set()
        own = {entry.name for entry in fields(Credentials)}
        for item in self.items(table, "collections", ("name", "location")):
            name = item["name"]
            if name.casefold() in seen:
                self.mistake(f"two collections are called {name!r}; the first one counts", "collections")
                continue
            seen.add(name.casefold())
            for key in item.keys() - own - {"name", "location", "every", "group", "pictures"}:
                known = [*own, "name", "location", "every", "group", "pictures"]
                self.mistake(
                    f"there is no setting {key!r} in [[collections]]", f"collections.{key}", _nearest(key, known)
                )
            if secrets := {key: item[key] for key in item.keys() & own}:
                credentials[name] = self.record({"collections": secrets}, "collections", Credentials())
            if (choice := item.get("pictures")) in PICTURES:
                pictures[name] = choice
            elif choice is not None:
                self.mistake(f"pictures should be one of {', '.join(PICTURES)}", "collections.pictures")
            every = self.duration(item["every"], "collections.every") if "every" in item else None
            yield Subscription(name, item["location"], every, str(item.get("group", "")))


_KINDS: dict[type, str] = {str: "text in quotes", int: "a whole number", bool: "true or false"}


def _nearest(word: str, known: Iterable[str]) -> str:
    import difflib  # only a mistake needs it

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else ""
