"""Numbers as thin lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present.meters import draw_meter


@pytest.mark.parametrize(("value", "line"), [(0, "─────"), (1, "╸────"), (50, "━━╸──"), (100, "━━━━━"), (900, "━━━━━")])
def test_a_line_fills_with_its_number(value: int, line: str):
    assert "".join(draw_meter(value, 100, 5)) == line


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 40))
def test_a_line_is_as_wide_as_it_was_asked_to_be(value: int, full: int, cells: int):
    filled, empty = draw_meter(value, full, cells)
    assert len(filled) + len(empty) == cells
    assert set(filled) <= set("━╸")
    assert set(empty) <= {"─"}
