"""Memory that is free goes back to the system, where that can be asked for."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from newstui.library.memory import give_back


@pytest.mark.parametrize("library", [lambda name: object(), lambda name: (_ for _ in ()).throw(OSError("none"))])
def test_without_a_c_library_that_knows_how_nothing_happens(monkeypatch: pytest.MonkeyPatch, library: Any):
    monkeypatch.setattr(ctypes, "CDLL", library)
    give_back()


def test_the_c_library_is_asked(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    class CLibrary:
        malloc_trim = staticmethod(asked.append)

    monkeypatch.setattr(ctypes, "CDLL", lambda name: CLibrary)
    give_back()
    assert asked == [0]
