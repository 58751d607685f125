"""``newstui help``, made from the table."""

from __future__ import annotations

import difflib

from newstui import __version__
from newstui.cli.output import write
from newstui.cli.parse import Call
from newstui.cli.table import BY_NAME, READER, VERBS, Verb
from newstui.errors import UsageError

EXIT_CODES = """\
exit codes: 0 done · 1 nothing matched · 2 wrong usage · 3 some collections failed · 4 data or state cannot be used"""


def help_command(call: Call) -> int:
    """Print the overview, or one command."""
    if call.words == ["--version"]:
        write(f"newstui {__version__}")
        return 0
    if not call.words:
        _overview()
        return 0
    if call.words[0] not in BY_NAME:
        nearest = difflib.get_close_matches(call.words[0], BY_NAME, n=1, cutoff=0.5)
        hint = f"did you mean {nearest[0]!r}?" if nearest else ""
        raise UsageError(f"there is no command {call.words[0]!r}", hint=hint)
    _one(BY_NAME[call.words[0]])
    return 0


def _overview() -> None:
    write("newstui: a terminal reader for the news you chose\n")
    _entry(f"newstui {READER.usage}", READER.help)
    for option in READER.options:
        _entry(f"  {option.name} {option.value}".rstrip(), option.help)
    write("")
    for verb in VERBS:
        _entry(f"newstui {verb.name} {verb.usage}".rstrip(), verb.help)
    write("\nAn ID is what `newstui list` prints first: whole, the beginning of one, or the article's address.")
    write("`newstui help COMMAND` lists a command's options.")
    write(EXIT_CODES)


def _one(verb: Verb) -> None:
    options = "".join(f" [{option.name}{' ' + option.value if option.value else ''}]" for option in verb.options)
    write(f"newstui {verb.name} {verb.usage}".rstrip() + options + "\n\n" + verb.help)
    if verb.options:
        write("")
    for option in verb.options:
        _entry(f"  {option.name} {option.value}".rstrip(), option.help)


def _entry(left: str, right: str) -> None:
    if len(left) > 34:
        write(left)
        left = ""
    write(f"{left:<36}{right}")
