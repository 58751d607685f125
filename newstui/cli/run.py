"""One command from its arguments to its exit code; what there is to do stands in `table.py`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence

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


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code; errors of ours are said on standard error."""
    try:
        call = parse_call([_readable(argument) for argument in arguments])
        code = _function(call)(call)
        sys.stdout.flush()
        return code
    except NewstuiError as error:
        from newstui.app.at_once import give_back
        from newstui.cli.session import describe_error

        give_back()
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
