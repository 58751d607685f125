"""A small collection for the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import write_record


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
