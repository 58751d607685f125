"""All benchmarks: ``python -m tests.bench [NAME…] [--records N] [--generator make_collection.py]``.

Each module ``bench_NAME.py`` has ``run(bench: Bench) -> list[Row]``. Nothing here is a test: machines are noisy.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.data import Bench
from tests.bench.report import Row, print_table

HERE = Path(__file__).parent
NAMES = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Benchmarks, as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--records", type=int, default=20_000, help="records in generated collections (default 20,000)")
    parser.add_argument("--generator", type=Path, default=HERE.parents[2] / "shared/bench/make_collection.py")
    parser.add_argument("--folder", type=Path, help="keep generated data here and use it again")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="newstui-bench-") as temporary:
        bench = Bench(arguments.folder or Path(temporary), arguments.records, arguments.generator)
        rows: list[Row] = []
        for name in arguments.names or NAMES:
            print(f"… {name}", file=sys.stderr, flush=True)
            rows += importlib.import_module(f"tests.bench.bench_{name}").run(bench)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"\n{now}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
          f"{arguments.records:,} records\n")  # fmt: skip
    print_table(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
