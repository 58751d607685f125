"""Everything a change has to pass, one step after the other: ``python -m tests``.

The same command runs before a merge. Words after it go to pytest (``python -m tests -k story``).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

STEPS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("types", ("mypy",)),
    (
        "tests, import rules and docs among them",
        ("pytest", "-q", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"),
    ),
)
"""What is run, in this order: (what it is for, module and arguments)."""


def main(arguments: list[str]) -> int:
    """Run every step, also after one that failed; return 1 when any did."""
    failed = []
    for purpose, (module, *words) in STEPS:
        extra = arguments if module == "pytest" else []
        print(f"── {purpose}: {module} {' '.join([*words, *extra])}", flush=True)
        start = time.monotonic()
        code = subprocess.run([sys.executable, "-m", module, *words, *extra], cwd=REPOSITORY, check=False).returncode
        if code:
            failed.append(module)
        if module != "pytest":  # whose own closing line is to be the last of all
            print(f"   {'failed' if code else 'passed'} in {time.monotonic() - start:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
