"""Names and passwords for collections that want them: given by value, environment variable or command.

A `Credential` may be printed, compared and logged: its secrets never show. They are looked up when the first
request needs them, and sent to the origin they were given for and nowhere else (`fetch.py` holds to that).
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping

from newstui.errors import SourceError
from newstui.records import dataclass, field

COMMAND_SECONDS = 20
"""A password manager may ask its agent; one that asks a person at the terminal never ends."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What to say to a server that wants to know who asks: HTTP basic with a user, bearer with a token."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    password_env: str = ""
    """Name of an environment variable that holds the password; likewise `token_env`."""
    token_env: str = ""
    password_command: str = field(default="", repr=False)
    """Command whose first output line is the password, run without a shell; likewise `token_command`."""
    token_command: str = field(default="", repr=False)

    def to_header(self, environ: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return the header (name, value) to send. Raises SourceError, which never holds the secret."""
        environ = os.environ if environ is None else environ
        token = _look_up(self.token, self.token_env, self.token_command, environ)
        password = "" if token else _look_up(self.password, self.password_env, self.password_command, environ)
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in token + password + self.user):
            raise SourceError("its password holds a control character", temporary=False)
        if token:
            # RFC 6750 §2.1 allows ASCII only; httpx would raise for the rest.
            return "Authorization", "Bearer " + token.encode("ascii", "replace").decode("ascii")
        # RFC 7617 §2.1: UTF-8 is what servers that name a charset name.
        return "Authorization", "Basic " + b64encode(f"{self.user}:{password}".encode()).decode("ascii")


def _look_up(value: str, variable: str, command: str, environ: Mapping[str, str]) -> str:
    if variable:
        if not environ.get(variable):
            raise SourceError(f"the environment variable {variable} for its password is not set", temporary=False)
        return environ[variable]
    return _printed_by(command) if command else value


def _printed_by(command: str) -> str:
    import shlex
    import subprocess  # few collections want a password, and fewer a command for it

    try:
        run = subprocess.run(
            shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS, check=True, start_new_session=True,
        )  # fmt: skip
        return run.stdout.decode("utf-8").splitlines()[0].strip()
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        # The command line may hold the secret, and so may what the exception says.
        raise SourceError("the command for its password failed") from None
