"""``newstui doctor``: where things are, how they do, and every loss that was noticed."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from newstui import __version__
from newstui.cli.collections import health_object, write_health
from newstui.cli.output import Row, write, write_rows
from newstui.cli.parse import Call
from newstui.cli.session import Session
from newstui.config import Paths, Settings, load_settings
from newstui.model import CollectionHealth, Problem
from newstui.text import clean_line

COLUMNS = ("collection", "file", "line", "field", "severity", "reason")
_FIXED_SQLITE = (3, 51, 3)
"""Before it, two writers at the moment a WAL is reset could damage the cache (never the marks, which use no WAL):
https://www.sqlite.org/wal.html, "WAL-reset bug"."""


def doctor(call: Call) -> int:
    """Print paths, versions, health and problems; in the other formats what failed and the problems, a row each."""
    session = Session()
    if call.has("--settings"):
        _write_settings(session.settings)
        return 0
    if call.all("--from"):
        library = session.open_library(call.all("--from"))
        session.refresh(library)
    else:
        library = session.open_current()
    form = call.one("--format", "text")
    problems = [problem_object(problem) for problem in library.problems()]
    if form != "text":
        failed = [failure_object(health) for health in library.health() if health.failure]
        write_rows(form, [*failed, *problems], COLUMNS, lambda rows: None)
        return session.exit_code
    _write_versions()
    _write_paths(session.paths)
    for mistake in load_settings(session.paths.config_file).mistakes:
        write(f"configuration  line {mistake.line or '?'}: {mistake.key}: {clean_line(mistake.reason)}")
    write("")
    write_health(health_object(health) for health in library.health())
    write("")
    if problems:
        _write_problems(problems)
    elif not any(health.failure for health in library.health()):
        write("no problems")
    return session.exit_code


def problem_object(problem: Problem) -> Row:
    """Return a problem as `--format json` prints it."""
    return {
        "collection": problem.collection,
        "file": problem.file,
        "line": problem.line,
        "field": problem.field or None,
        "severity": problem.severity,
        "reason": problem.reason,
    }


def failure_object(health: CollectionHealth) -> Row:
    """Return why a collection as a whole could not be refreshed, in the shape of a problem; it is of no file."""
    return {
        "collection": health.name,
        "file": None,
        "line": None,
        "field": None,
        "severity": "failed",
        "reason": health.failure,
    }


def _write_versions() -> None:
    write(f"newstui        {__version__}")
    write(f"Python         {platform.python_version()} on {platform.system()}")
    old = tuple(map(int, sqlite3.sqlite_version.split("."))) < _FIXED_SQLITE
    warning = "  (before 3.51.3: two programs writing at once may damage the cache; it is then rebuilt)" if old else ""
    write(f"SQLite         {sqlite3.sqlite_version}{warning}")


def _write_paths(paths: Paths) -> None:
    write(f"configuration  {paths.config_file}")
    write(f"marks          {paths.data}")
    write(f"cache          {paths.cache}")


def _write_problems(problems: Iterable[Row]) -> None:
    for row in problems:
        place = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
        field = f"{row['field']}: " if row["field"] else ""
        write(f"{row['severity']:<8} {row['collection']}: {place}: {field}{row['reason']}")


def _write_settings(settings: Settings) -> None:
    for name in ("reader", "refresh", "limits"):
        record: Any = getattr(settings, name)
        if is_dataclass(record):
            write(f"[{name}]")
            for entry in fields(record):
                write(f"{entry.name} = {_toml(getattr(record, entry.name))}")
            write("")


def _toml(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'
