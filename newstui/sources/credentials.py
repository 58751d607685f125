"""Names and passwords for collections that want them: given by value, environment variable or command.

A `Credential` may be printed, compared and logged: its secrets never show. They are looked up when the first
request needs them, and sent to the origin they were given for and nowhere else (`fetch.py` holds to that).
"""

from __future__ import annotations

import os
import shlex
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from newstui.errors import SourceError

COMMAND_SECONDS = 20
"""A password manager may ask its agent; one that asks a person at the terminal never ends."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret comes from; exactly one of the three is set."""

    value: str = field(default="", repr=False)
    environment: str = ""
    """Name of an environment variable."""
    command: str = field(default="", repr=False)
    """Command line, split as a shell would but run without one; the first line it prints is the secret."""

    def look_up(self, environ: Mapping[str, str] | None = None) -> str:
        """Return the secret. Raises SourceError, which names the way but never the secret."""
        if self.environment:
            found = (os.environ if environ is None else environ).get(self.environment, "")
            if not found:
                raise SourceError(f"the environment variable {self.environment} for its password is not set", temporary=False)
            return found
        return _printed_by(self.command) if self.command else self.value


@dataclass(frozen=True, slots=True)
class Credential:
    """What to say to a server that wants to know who asks."""

    scheme: Literal["basic", "bearer", "header"]
    secret: Secret
    user: str = field(default="", repr=False)
    """Only for ``basic``."""
    header: str = "Authorization"
    """Only for ``header``: its name, such as X-Auth-Token."""

    def to_header(self, environ: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return the header (name, value) to send. Raises SourceError."""
        secret = self.secret.look_up(environ)
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in secret + self.user):
            raise SourceError("its password holds a control character", temporary=False)
        if self.scheme == "basic":
            # RFC 7617 §2.1: UTF-8 is what servers that say anything say.
            return "Authorization", "Basic " + b64encode(f"{self.user}:{secret}".encode()).decode("ascii")
        if self.scheme == "bearer":
            return "Authorization", f"Bearer {secret}"
        return self.header, secret


def _printed_by(command: str) -> str:
    try:
        words = shlex.split(command)
        run = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS, check=True, start_new_session=True,
        )  # fmt: skip
        return run.stdout.decode("utf-8").splitlines()[0].strip()
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        # The command line may hold the secret, and so may what the exception says.
        raise SourceError("the command for its password failed", temporary=True) from None
