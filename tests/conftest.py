"""Fixtures every room's tests may use."""

from __future__ import annotations

from pathlib import Path

import pytest

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
