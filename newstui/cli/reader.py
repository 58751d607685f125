"""``newstui [LOCATION…]`` and ``newstui serve``: the only commands that need a screen, imported late."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from newstui.cli.output import say
from newstui.cli.parse import Call
from newstui.cli.session import Session, describe_error
from newstui.errors import UsageError


def read(call: Call) -> int:
    """Open the reader."""
    session = Session(quiet=True)
    reader = session.settings.reader
    reader = replace(reader, theme=call.one("--theme", reader.theme), keys=call.one("--keys", reader.keys))
    settings = replace(session.settings, reader=reader)
    if not (call.has("--plain") or _has_screen()):
        raise UsageError("the reader needs a terminal", hint="newstui --plain, list and show work without one")
    library = session.open_library(call.words)
    is_sample = not call.words and not session.settings.collections
    greeting = tuple(describe_error(mistake) for mistake in session.mistakes)
    if call.has("--plain"):
        from newstui.app.plain import run as run_plain

        return run_plain(library, settings, session.paths, greeting=greeting, first_run=is_sample)
    from newstui.app.start import keep_first_rows, open_reader

    code = open_reader(library, settings, session.paths, greeting=greeting, first_run=is_sample)
    keep_first_rows(sys.argv[1:], settings, session.paths, lambda: session.open_library(call.words))
    return code


def _has_screen() -> bool:
    """Say whether there is a terminal, or a web page that stands for one."""
    return (sys.stdin.isatty() and sys.stdout.isatty()) or "TEXTUAL_DRIVER" in os.environ


def serve(call: Call) -> int:
    """Show the reader in a browser."""
    from newstui.serve import serve as run_server

    port = call.number("--port")
    return run_server(call.words, port=port or 0, say=say)
