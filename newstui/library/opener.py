"""Hand a checked address to a program: the reader's browser, without a shell, without our screen.

Whether an address may be opened is decided by `links.py`; leaving the screen to a browser that runs in the
terminal is the app's business (`runs_in_terminal` says when).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping

from newstui.errors import ConfigError, NotFoundError
from newstui.links import CheckedLink

TERMINAL_BROWSERS = frozenset(("w3m", "lynx", "links", "links2", "elinks", "browsh", "carbonyl", "chawan", "cha"))
"""Programs that draw in the terminal and so need it for themselves."""

_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "busybox", "pwsh", "powershell", "cmd"))
_SYSTEM_OPENERS = {"darwin": ("open",), "win32": ("explorer",)}
_UNIX_OPENERS = ("xdg-open", "gio open", "wslview", "termux-open-url", "x-www-browser", "www-browser", "w3m", "lynx")
"""Tried in this order; the first that is installed is taken."""

Find = Callable[[str], str | None]


def build_command(
    link: CheckedLink,
    browser: str = "",
    *,
    environ: Mapping[str, str] = os.environ,
    find: Find = shutil.which,
    platform: str = sys.platform,
) -> list[str]:
    """Return the program and its arguments; the address is one argument (or one part of one where ``%s`` stands).

    `browser` is the reader's setting; after it ``$BROWSER`` (several split by ``:``) and the system's own are tried.
    Raises NotFoundError when there is no program for it, ConfigError when the setting cannot be read.
    """
    if not link.address:
        raise NotFoundError(link.reason or "there is no address")
    candidates = [browser] if browser else [*_split_browsers(environ.get("BROWSER", "")), *_openers(platform)]
    for candidate in candidates:
        words = _split(candidate)
        if words and find(words[0]):
            return _fill(words, link.address)
    raise NotFoundError("no browser was found", hint="set BROWSER, or browser under [reader]; y copies the link")


def _split_browsers(setting: str) -> list[str]:
    return [part for part in setting.split(os.pathsep) if part.strip()]


def _openers(platform: str) -> tuple[str, ...]:
    return _SYSTEM_OPENERS.get(platform, _UNIX_OPENERS)


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise ConfigError(f"the browser command cannot be read: {error}", key="reader.browser") from error


def _fill(words: list[str], address: str) -> list[str]:
    """Put the address where ``%s`` stands, once over every word; without one it comes last."""
    if any(os.path.basename(word) in _SHELLS for word in words) and any(re.fullmatch("-[a-z]*c", w) for w in words):
        raise ConfigError(
            "the browser command runs a shell, which would read the address as a program",
            key="reader.browser",
            hint="name the program itself, with %s for the address",
        )
    if words[-1] == "&":
        words = words[:-1]  # BROWSER="firefox %s &" means: do not wait; we never do
    if any("%s" in word for word in words[1:]):
        return [words[0], *(address.join(word.split("%s")) for word in words[1:])]
    return [*words, address]


def runs_in_terminal(command: list[str]) -> bool:
    """Say whether the program draws in the terminal, so that a screen has to make room for it."""
    return os.path.basename(command[0]).removesuffix(".exe") in TERMINAL_BROWSERS


_running: list[subprocess.Popen[bytes]] = []
"""Browsers that were started and not yet seen to end: looked at with each new one, so that none stays a zombie."""


def start(command: list[str]) -> None:
    """Start a browser with a window of its own and do not wait for it; nothing it writes reaches our screen.

    Raises NotFoundError when it cannot be started.
    """
    _running[:] = [process for process in _running if process.poll() is None]
    try:
        _running.append(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
    except OSError as error:
        raise NotFoundError(f"{command[0]} could not be started: {error.strerror}") from error


def run_in_terminal(command: list[str]) -> None:
    """Run a browser in this terminal until the reader leaves it. Raises NotFoundError as `start` does."""
    try:
        subprocess.run(command, check=False)
    except OSError as error:
        raise NotFoundError(f"{command[0]} could not be started: {error.strerror}") from error


def open_link(link: CheckedLink, browser: str = "") -> None:
    """Open an address the way a command line does: window or terminal, whatever the browser is.

    Raises NotFoundError or ConfigError.
    """
    command = build_command(link, browser)
    (run_in_terminal if runs_in_terminal(command) else start)(command)
