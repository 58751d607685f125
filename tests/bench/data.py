"""Generated collections for benchmarks; made once per folder and size."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a benchmark finds its data."""

    folder: Path
    records: int
    generator: Path
    """A script that writes collections: OUT -n N [--layout flat|site] [--rss N --feeds F] [--no-records]."""

    def collection(self, records: int | None = None) -> Path:
        """Return a folder of generated record files."""
        return self._made(f"records-{records or self.records}", "-n", str(records or self.records))

    def feeds(self, articles: int, feeds: int) -> Path:
        """Return a folder of RSS and Atom files, `articles` in each."""
        folder = self._made(f"feeds-{feeds}x{articles}", "--no-records", "--rss", str(articles), "--feeds", str(feeds))
        return folder / "feeds"

    def scratch(self, name: str) -> Path:
        """Return an empty-or-new folder for what a benchmark writes."""
        path = self.folder / "scratch" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _made(self, name: str, *options: str) -> Path:
        target = self.folder / name
        if not (target / ".complete").exists():
            if not self.generator.exists():
                raise SystemExit(f"the generator is not at {self.generator}; name it with --generator")
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, str(self.generator), str(target), *options], check=True, stdout=sys.stderr)
            (target / ".complete").touch()
        return target
