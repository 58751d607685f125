"""The command line: arguments in, exit code out. Wires the rooms together; what it can do stands in `table.py`.

Nothing is imported here that the first picture has to wait for.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells count."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run newstui and return its exit code; no exception leaves this function but our own bugs."""
    from newstui.app.at_once import give_back, show_at_once

    _mend_streams()
    try:
        if arguments is None:
            show_at_once(sys.argv[1:])
        from newstui.cli.run import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        # Whoever read us has seen enough (`newstui list | head`). Python would complain again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    finally:
        give_back()


def _mend_streams() -> None:
    """Give closed streams somewhere to go; and what a terminal's encoding lacks shows as ``?``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # newstui … >&-
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as we run
        elif mode == "w" and stream.errors == "strict" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
