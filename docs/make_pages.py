"""Writes the pages of this folder that repeat a table of the program: ``python docs/make_pages.py``.

A test makes them again and compares (`tests/test_docs.py`), so they never tell an older story than the program.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from newstui.cli.help import EXIT_CODES
from newstui.cli.table import READER, VERBS, Option, Verb
from newstui.config import settings
from newstui.query.fields import FIELDS, SORTS, STATES, THINGS
from newstui.query.views import BUILT_IN

FOLDER = Path(__file__).resolve().parent

_NOTICE = "<!-- Written by docs/make_pages.py from {source}; change it there. -->\n"


def command_line() -> str:
    """The page of commands, from the table of the command line."""
    lines = [
        _NOTICE.format(source="newstui/cli/table.py"),
        "# The command line",
        "",
        "Everything but the reader itself works without a screen: in a pipe, in a script, in cron. Results go to standard",
        "output, everything else to standard error. [Scripting](how-to/scripting.md) shows how to put it to use.",
        "",
        "| Command | Does |",
        "|---|---|",
        *(f"| [`newstui {_cell(_usage(verb))}`](#{_anchor(verb)}) | {_cell(verb.help)} |" for verb in (READER, *VERBS)),
        "",
        "An **ID** is what `newstui list` prints first: whole, the beginning of one, or the article's address. A **query** is",
        "what [the query language](query.md) says. A **location** is what [formats](formats.md) lists.",
        "",
    ]
    for verb in (READER, *VERBS):
        lines += [
            f"## newstui {verb.name}".rstrip(),
            "",
            f"`newstui {_usage(verb)}`".replace(" `", "`"),
            "",
            verb.help,
            "",
        ]
        lines += [_option(option) for option in verb.options] + ([""] if verb.options else [])
    lines += ["## Exit codes", "", EXIT_CODES.removeprefix("exit codes: ").strip().replace(" · ", "  \n"), ""]
    return "\n".join(lines)


def query() -> str:
    """The page of the query language, from the table of its fields."""
    return "\n".join(
        [
            _NOTICE.format(source="newstui/query/fields.py"),
            "# The query language",
            "",
            "The same words work in the list (`/`), in views, on the command line and in the configuration.",
            "",
            "| Write | to find |",
            "|---|---|",
            "| `moon landing` | both words, in title, excerpt or body; `machin` finds *machine*, `zurich` finds *Zürich* |",
            '| `"soft landing"` | the words in this order |',
            "| `-python` or `!python` | without the word |",
            "| `rust OR go` | either; NOT binds before AND, AND before OR |",
            "| `topic:AI (rust OR go)` | brackets group |",
            "| `/gpt-?[34]/` | a regular expression over title, excerpt and body, without regard to case |",
            '| `topic:"Planetary defence"` | values with spaces need quotes |',
            "| `topic:Rust,Go` | any of them |",
            "",
            "## Fields",
            "",
            "| Field | Takes | Means |",
            "|---|---|---|",
            *(f"| `{field.name}:` | {_cell(field.expects)} | {_cell(field.help)} |" for field in FIELDS.values()),
            "",
            "`topic: category: type: collection: author: tag:` want the whole value, in any case; `provider:` the name or the",
            "domain; `domain:` also what is under it; `title: body:` words as above; `url:` a part of the address.",
            "",
            "Days are your local days. `after:` includes the day (or month, or year) it names, `before:` leaves it out, `on:` is",
            "inside it. `7d` is the start of the day seven days ago; `h d w m y` are hours to years. A comparison with a number",
            "or a date that an article does not have is false.",
            "",
            *_meanings("is:", "a state", STATES),
            *_meanings("has:", "something it has", THINGS),
            *_meanings("sort:", "the order; `-` reverses it", SORTS),
            "## Views that are always there",
            "",
            "| View | Query |",
            "|---|---|",
            *(f"| {name} | {f'`{text}`' if text else 'everything'} |" for name, text in BUILT_IN.items()),
            "",
            "Your own are saved with `V`; see [views](how-to/views.md).",
            "",
            "A mistake never empties the screen: the last good list stays, and the message says what is wrong and where.",
            "",
        ]
    )


def configuration() -> str:
    """The page of settings, from the typed records and the sentences under their fields."""
    lines = [
        _NOTICE.format(source="newstui/config/settings.py"),
        "# Settings",
        "",
        "One file, `config.toml`, which you may edit by hand: newstui keeps your comments. `newstui doctor` prints where it is and",
        "`newstui doctor --settings` what every setting is now. A mistake in it costs the one setting it is in, and is named",
        "with its line.",
        "",
    ]
    for table, record, sentence in (
        ("reader", settings.ReaderSettings, "How reading looks and feels."),
        ("refresh", settings.RefreshSettings, "How collections are kept fresh."),
        ("limits", settings.Limits, "How much of anything from outside is accepted. `doctor` names each hit."),
    ):
        lines += [f"## [{table}]", "", sentence, "", "| Setting | Built in | Means |", "|---|---|---|"]
        lines += [f"| `{name}` | {built_in} | {_cell(help)} |" for name, built_in, help in _settings(record)] + [""]
    lines += [
        "## [keys]",
        "",
        "Command → keys, separated by commas. The names of all commands are in [keys](keys.md).",
        "",
        "```toml",
        "[keys]",
        '"article.toggle_read" = "m, f2"',
        '"go.back" = "h, left, escape, backspace"',
        "```",
        "",
        "## [[collections]]",
        "",
        "What you subscribed to; `newstui add` and `newstui remove` write here.",
        "",
        "```toml",
        "[[collections]]",
        'name = "Rust"',
        'location = "https://blog.rust-lang.org/feed.xml"',
        'every = "2h"',
        "```",
        "",
        "How to identify yourself to a collection stands with it; none of it is ever shown, logged or exported.",
        "",
        "| Setting | Built in | Means |",
        "|---|---|---|",
        *(f"| `{name}` | {built_in} | {_cell(help)} |" for name, built_in, help in _settings(settings.Credentials)),
        "",
        "## [[views]]",
        "",
        "Queries you keep; `V` in the reader writes here.",
        "",
        "```toml",
        "[[views]]",
        'name = "Long reads"',
        'query = "has:body quality:>=80 sort:-date"',
        'key = "ctrl+l"',
        "```",
        "",
        "## [themes.NAME]",
        "",
        "Colours of your own; see [themes](how-to/themes.md).",
        "",
    ]
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {
    "command-line.md": command_line,
    "query.md": query,
    "settings.md": configuration,
}
"""File in this folder → what makes it."""


def _usage(verb: Verb) -> str:
    return f"{verb.name} {verb.usage}".strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(verb: Verb) -> str:
    return f"newstui-{verb.name}".rstrip("-")


def _option(option: Option) -> str:
    often = ", may be repeated" if option.repeat else ""
    return f"- `{f'{option.name} {option.value}'.strip()}`: {option.help}{often}"


def _meanings(before: str, what: str, meanings: dict[str, str]) -> Iterable[str]:
    yield from (f"## `{before}`", "", f"{what.capitalize()}:", "")
    yield from (f"- `{before}{name}` {meaning}" for name, meaning in meanings.items())
    yield ""


def _settings(record: type[Any]) -> Iterable[tuple[str, str, str]]:
    """Name, built-in value and sentence of every field; the sentence is the string under it in the source."""
    (tree,) = ast.parse(inspect.getsource(record)).body
    assert isinstance(tree, ast.ClassDef)
    sentences: dict[str, str] = {}
    for node, after in zip(tree.body, [*tree.body[1:], ast.Pass()], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            sentences[ast.unparse(node.target)] = " ".join(str(after.value.value).split())
    for field in fields(record):
        default = "" if field.default is MISSING else field.default
        yield field.name, f"`{_toml(default)}`" if default != "" else "–", sentences.get(field.name, "")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:_}"


if __name__ == "__main__":
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), "utf-8")
