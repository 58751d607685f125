"""Run newstui's command line in this process, with its own empty folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newstui.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Newstui = Callable[..., Answer]


@pytest.fixture
def newstui(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Newstui:
    """Return a function that runs one command."""
    for kind in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"NEWSTUI_{kind}_DIR", str(tmp_path / "own" / kind.lower()))

    def run(*arguments: str) -> Answer:
        code = main(arguments)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Answer(code, captured.out, captured.err)

    return run


RECORD = """\
---
category: news
title: "{title}"
excerpt: "An invented report about {title}."
publishedDateTime: {date}T12:00:00Z
webUrl: "https://{host}/{slug}"
type: article
quality: {quality}
heat: {quality}
published: true
provider:
  name: {provider}
  domain: {host}
topics:
  - {topic}
---
"""


def write_record(folder: Path, title: str, **values: Any) -> Path:
    """Write one invented record and return its path."""
    facts = {"date": "2024-05-01", "host": "daily.example", "provider": "The Daily", "topic": "Space", "quality": 50}
    facts |= values
    slug = title.lower().replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{facts['date']}-{slug}.md"
    path.write_text(RECORD.format(title=title, slug=slug, **facts))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three invented records."""
    path = tmp_path / "news"
    write_record(path, "A comet returns", quality=80)
    write_record(
        path, "A library turns ten", date="2024-05-02", topic="Books", provider="Weekly", host="weekly.example"
    )
    write_record(path, "A tide table", date="2024-05-03", topic="Sea", quality=20)
    return path
