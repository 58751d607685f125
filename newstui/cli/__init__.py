"""The command line: arguments in, exit code out. Wires the rooms together; what it can do stands in `table.py`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from newstui.cli.parse import Call, parse_call
from newstui.errors import ConfigError, FormatError, NewstuiError, NotFoundError, SourceError, StoreError, UsageError

EXIT_CODES: tuple[tuple[type[NewstuiError], int], ...] = (
    (NotFoundError, 1),
    (UsageError, 2),
    (ConfigError, 2),
    (SourceError, 4),
    (FormatError, 4),
    (StoreError, 4),
)
"""Which error ends the program how; 3 (some collections failed) is no error but a result."""

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells count."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run newstui and return its exit code; no exception leaves this function but our own bugs."""
    _mend_streams()
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        # Whoever read us has seen enough (`newstui list | head`). Python would complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _mend_streams() -> None:
    """Give closed streams somewhere to go; and what a terminal's encoding lacks shows as ``?``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # newstui … >&-
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as we run
        elif mode == "w" and stream.errors == "strict" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(arguments: Sequence[str]) -> int:
    try:
        call = parse_call([_readable(argument) for argument in arguments])
        code = _function(call)(call)
        sys.stdout.flush()
        return code
    except NewstuiError as error:
        from newstui.cli.session import describe_error

        sys.stdout.flush()
        sys.stderr.write(describe_error(error) + "\n")
        return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 4)


def _function(call: Call) -> Callable[[Call], int]:
    module, _, name = call.verb.run.partition(":")
    function: Callable[[Call], int] = getattr(importlib.import_module(f"newstui.cli.{module}"), name)
    return function


def _readable(argument: str) -> str:
    """Undo surrogate escapes of arguments that are UTF-8 under a locale that is not (LANG=C)."""
    try:
        return argument.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return argument
