"""Numbers as lines and bars."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present.meters import HEAT_STEPS, QUALITY_STEPS, draw_meter, draw_step


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


@pytest.mark.parametrize("steps", [QUALITY_STEPS, HEAT_STEPS])
def test_a_bar_has_five_heights_each_higher_than_the_one_before(steps: tuple[int, ...]):
    assert [draw_step(value, steps) for value in (0, *steps)] == ["▁", "▂", "▃", "▅", "▇"]
    assert draw_step(1_000_000, steps) == "▇"
