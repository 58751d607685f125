"""What every command needs: where files live, what was chosen, and the library opened on it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from newstui.cli.output import say
from newstui.config import Paths, Settings, find_paths, load_settings, sample_location
from newstui.config.settings import Credentials
from newstui.errors import NewstuiError, QueryError, SourceError, StoreError
from newstui.library import Library, LibraryPaths, LibrarySettings
from newstui.library.settings import Credential, RemoteSettings
from newstui.text import cell_width, clean_line

if TYPE_CHECKING:
    from newstui.library.events import CollectionFailed

EXIT_DONE, EXIT_NOTHING, EXIT_USAGE, EXIT_SOME_FAILED, EXIT_UNUSABLE = range(5)


class Session:
    """One run of one command."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.paths: Paths = find_paths(os.environ)
        loaded = load_settings(self.paths.config_file)
        self.settings: Settings = loaded.settings
        self.mistakes = loaded.mistakes
        """What is wrong in the configuration; said on standard error unless `quiet`."""
        self.quiet = quiet
        for mistake in () if quiet else loaded.mistakes:
            say(describe_error(mistake))
        self.failed: list[CollectionFailed] = []

    @property
    def exit_code(self) -> int:
        """0, or 3 when a collection failed and the rest was done."""
        return EXIT_SOME_FAILED if self.failed else EXIT_DONE

    def open_library(self, locations: Sequence[str] = ()) -> Library:
        """Open the library on locations, else the subscriptions, else the sample; nothing is read yet."""
        chosen = [as_location(text) for text in locations]
        if not chosen and not self.settings.collections:
            chosen = [sample_location()]
        library = Library.open(
            LibraryPaths(self.paths.data, self.paths.cache), library_settings(self.settings), locations=chosen
        )
        for notice in () if self.quiet else library.notices():
            say(describe_error(notice))
        return library

    def open_current(self, locations: Sequence[str] = ()) -> Library:
        """Open the library and read what has to be read before a question can be answered.

        Given locations are read (and only they can make this fail); of subscribed collections those never read.
        """
        library = self.open_library(locations)
        if locations:
            self.refresh(library)
            if not library.find(""):
                raise self.nothing_read(locations)
        elif stale := [health.name for health in library.health() if health.last_attempt is None]:
            self.refresh(library, stale)
        return library

    def refresh(
        self, library: Library, names: Sequence[str] = (), *, force: bool = False, results: bool = False
    ) -> None:
        """Refresh with progress on standard error, and remember what failed."""
        from newstui.cli.progress import show_progress

        self.failed += show_progress(library.refresh(names, force=force), results=results)

    def nothing_read(self, locations: Sequence[str]) -> NewstuiError:
        """Return the error that says why not one article came out of locations."""
        if self.failed:
            return StoreError("nothing could be read", hint="newstui doctor --from … lists every problem")
        return StoreError(
            f"no article was found in {', '.join(map(clean_line, locations))}",
            hint="looked for records with front matter, JSON, JSON lines or YAML of records, archives and feeds",
        )


def library_settings(settings: Settings) -> LibrarySettings:
    """Return what the library is told of the settings."""
    return LibrarySettings(
        subscriptions=settings.collections,
        every_seconds=settings.every_seconds or 0,
        limits=settings.limits,
        remote=remote_settings(settings),
        follow_quiet_days=settings.reader.follow_quiet_days,
        views={view.name: view.query for view in settings.views},
    )


def remote_settings(settings: Settings) -> RemoteSettings:
    """Return what fetching is told of the settings, with who the reader is where."""
    refresh, limits = settings.refresh, settings.limits
    return RemoteSettings(
        connections=refresh.connections,
        connections_per_host=refresh.connections_per_host,
        timeout_seconds=refresh.timeout_seconds,
        page_bytes=limits.page_bytes,
        feed_articles=limits.feed_articles,
        github=refresh.github,
        credentials={name: _credential(chosen) for name, chosen in settings.credentials.items()},
    )


def _credential(chosen: Credentials) -> Credential:
    return Credential(**{entry.name: getattr(chosen, entry.name) for entry in fields(chosen)})


def as_location(text: str) -> str:
    """Return a location that means the same from any folder. Raises SourceError when a path does not exist."""
    if text == "-" or "://" in text or text.startswith("github:"):
        return text
    path = Path(text).expanduser()
    if not path.exists():
        raise SourceError(
            f"{clean_line(text)} does not exist",
            location=text,
            temporary=False,
            hint="a location is a folder, a file, an archive, http(s)://…, github:owner/repo or -",
        )
    return str(path.absolute())


def describe_error(error: NewstuiError) -> str:
    """Return the sentences for one error, as the command line says them."""
    parts = [getattr(error, "file", "") or getattr(error, "path", "")]
    if line := getattr(error, "line", None):
        parts.append(f"line {line}")
    parts.append(getattr(error, "key", ""))
    where = "".join(f"{clean_line(part)}: " for part in parts if part)
    lines = [f"newstui: {where}{clean_line(error.reason)}"]
    if isinstance(error, QueryError):
        before = cell_width(clean_line(f"{error.text[: error.column]}.")) - 1  # the dot keeps a blank at the end
        lines += ["  " + clean_line(error.text), "  " + " " * before + "^"]
        if error.expected:
            lines.append(f"  expected {error.expected}")
    if error.hint:
        lines.append(f"  {clean_line(error.hint)}")
    return "\n".join(lines)


def join_words(words: Iterable[str]) -> str:
    """Return the query that words of a command line spell."""
    return " ".join(words)
