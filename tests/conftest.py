"""Fixtures every room's tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.cli import main
from tests.command_line import Answer, Newstui

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real and hostile data beside the repository; the test is skipped where there is none."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "corpora").is_dir():
        pytest.skip("the shared corpora are not beside this repository")
    return folder


@pytest.fixture(scope="session")
def sample_feed() -> Path:
    """The sample collection that ships with newstui."""
    return REPOSITORY / "sample_feed"


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
