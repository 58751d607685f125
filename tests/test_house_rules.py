"""The rules of the house: which room may look at which, what loads without a screen, what every page may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from newstui.commands import COMMANDS

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "newstui"

BOTTOM = {"errors", "model", "identity", "text", "cells", "commands", "links", "records"}
"""Modules everyone may import; among themselves they keep to these eight."""

MAY_IMPORT = {
    **dict.fromkeys(BOTTOM, BOTTOM),
    "__init__": set(),
    "query": BOTTOM,
    "related": BOTTOM,
    "formats": BOTTOM,
    "sources": BOTTOM,
    "store": BOTTOM | {"query"},
    "present": BOTTOM | {"query"},
    "config": BOTTOM | {"query"},
    "library": BOTTOM | {"formats", "sources", "store", "query", "related"},
    "app": BOTTOM | {"library", "present", "config", "query"},
    "cli": BOTTOM | {"library", "config", "present", "app", "query", "serve"},
    "serve": BOTTOM | {"config"},
    "__main__": {"cli"},
}
"""Room → the other rooms it may look at (docs/architecture.md says why)."""

ONLY_IN = {
    "textual": {"app"},
    "textual_image": {"app", "sources"},
    "textual_serve": {"serve"},
    "rich": {"app", "present", "cells"},
    "httpx": {"sources"},
    "lxml": {"formats", "present"},
    "feedparser": {"library"},
    "yaml": {"formats", "config"},
    "platformdirs": {"config"},
    "tomlkit": {"config"},
    "PIL": {"sources"},
    "markdown_it": {"present", "formats"},
    "sqlite3": {"store", "cli", "sources"},
}
"""Other people's library → the rooms that know it."""

NOT_AT_START = ("textual", "rich", "httpx", "feedparser", "PIL", "lxml", "markdown_it", "textual_image", "tomlkit")
"""What costs start-up time and is loaded by the first thing that needs it."""


@cache
def modules() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}


@cache
def module_names() -> dict[str, Path]:
    return {
        ".".join(file.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): file
        for file in modules()
    }


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module a file imports, with the line; ``from newstui import text`` counts as newstui.text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            longer = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name if name in module_names() else str(node.module)) for name in longer)


def typing_only(tree: ast.Module) -> set[int]:
    """Lines under ``if TYPE_CHECKING:``: they load nothing."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    return {line for block in blocks for line in range(block.lineno, (block.body[-1].end_lineno or 0) + 1)}


def test_rooms_look_only_where_they_may():
    found = []
    for file, tree in modules().items():
        room = room_of(file)
        for line, name in imports_of(tree):
            other = name.removeprefix("newstui.").split(".")[0]
            if not name.startswith("newstui.") or other == room:
                continue
            if other not in MAY_IMPORT[room]:
                found.append(f"{file.relative_to(REPOSITORY)}:{line}: {room} must not look at {other}")
    assert found == []


def test_the_command_line_loads_the_screen_only_when_one_is_wanted():
    found = []
    for file, tree in modules().items():
        top_level = {line for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
                     for line in [node.lineno]}  # fmt: skip
        found += [f"{file.relative_to(REPOSITORY)}:{line}" for line, name in imports_of(tree)
                  if room_of(file) == "cli" and name.startswith("newstui.app") and line in top_level]  # fmt: skip
    assert found == []


def test_other_peoples_libraries_stay_in_their_rooms():
    found = []
    for file, tree in modules().items():
        for line, name in imports_of(tree):
            rooms = ONLY_IN.get(name.split(".")[0])
            if rooms is not None and room_of(file) not in rooms and line not in typing_only(tree):
                found.append(f"{file.relative_to(REPOSITORY)}:{line}: {name} belongs to {', '.join(sorted(rooms))}")
    assert found == []


def test_modules_that_import_each_other_do_not_go_round_in_circles():
    edges: dict[str, set[str]] = {}
    for name, file in module_names().items():
        # What is imported inside a function, or for the types alone, is no circle at start.
        at_start = [node for node in modules()[file].body if isinstance(node, ast.Import | ast.ImportFrom)]
        edges[name] = {other for _, other in imports_of(ast.Module(at_start, []))} & module_names().keys() - {name}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path, name])
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in edges:
        visit(name, ())


@pytest.mark.parametrize("front_end", ["newstui.library", "newstui.cli", "newstui.config", "newstui.query"])
def test_a_fresh_interpreter_loads_it_without_a_screen_or_a_network(front_end):
    script = f"import sys, {front_end}; print(*[name for name in {NOT_AT_START!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_no_clock_network_or_disk_in_the_pure_rooms():
    banned = {"os", "pathlib", "socket", "time", "subprocess", "tempfile", "urllib.request", "random"}
    found = []
    for file, tree in modules().items():
        if room_of(file) in {"query", "related", "formats"}:
            found += [
                f"{file.relative_to(REPOSITORY)}:{line}: {name}" for line, name in imports_of(tree) if name in banned
            ]
            found += [f"{file.relative_to(REPOSITORY)}:{node.lineno}: {ast.unparse(node)}" for node in ast.walk(tree)
                      if isinstance(node, ast.Call) and re.search(r"\b(datetime\.now|datetime\.utcnow|date\.today)$",
                                                                  ast.unparse(node.func))]  # fmt: skip
    assert found == []


def test_every_module_and_public_class_says_what_it_is_for():
    found = []
    for file, tree in modules().items():
        if file.name != "__main__.py" and not ast.get_docstring(tree):
            found.append(f"{file.relative_to(REPOSITORY)}: module")
        found += [f"{file.relative_to(REPOSITORY)}:{node.lineno}: {node.name}" for node in ast.walk(tree)
                  if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
                  and len(node.body) > 1]  # fmt: skip
    assert found == [], "a class of a single field may speak for itself"


def test_every_command_of_the_screen_is_documented():
    page = (REPOSITORY / "docs" / "keys.md").read_text("utf-8")
    assert [command.id for command in COMMANDS if command.id not in page] == []


def test_every_command_of_the_command_line_is_documented():
    from newstui.cli.table import VERBS

    page = (REPOSITORY / "docs" / "command-line.md").read_text("utf-8")
    assert [verb.name for verb in VERBS if f"newstui {verb.name}" not in page] == []
    options = {option.name for verb in VERBS for option in verb.options}
    assert [option for option in sorted(options) if option not in page] == []


def test_every_dependency_says_why_it_is_here():
    page = (REPOSITORY / "docs" / "notes" / "dependencies.md").read_text("utf-8").lower()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.match(r"[\w-]+", requirement)[0].lower() for requirement in wanted} - {"newstui"}  # type: ignore[index]
    assert [name for name in sorted(names) if f"### {name}" not in page] == []


def tracked_files() -> list[Path]:
    """Files under version control; all files of the known folders where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False)
    if listed.returncode == 0:
        return [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    folders = ("newstui", "tests", "docs", "sample_feed")
    return [file for folder in folders for file in (REPOSITORY / folder).rglob("*") if "__pycache__" not in file.parts]


def test_no_file_names_a_path_of_one_machine():
    home = re.compile(
        rb"(?<![\w./~-])/(?:root|work|home/(?!me\b|you\b|user\b|reader\b|x\b)\w+|Users/(?!me\b)\w+)/[\w.]"
    )
    found = [file.relative_to(REPOSITORY).as_posix() for file in tracked_files() if file.is_file()
             and file.suffix not in {".png", ".jpg"} and home.search(file.read_bytes())]  # fmt: skip
    assert found == []


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [f"{file.relative_to(REPOSITORY)}:{number}" for file in modules()
             for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if marks.search(line)]  # fmt: skip
    assert found == []
