"""Ages in a few cells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present.ages import AGE_CELLS, short_age
from newstui.text import cell_width

NOW = int(datetime(2020, 8, 28, 12, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "now"), (59, "now"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (86_399, "23 h"), (86_400, "1 d"),
        (13 * 86_400, "13 d"), (14 * 86_400, "2 w"), (40 * 86_400, "19 Jul"), (400 * 86_400, "Jul 2019"),
        (-30, "now"), (-7_200, "in 2 h"),
    ],
)  # fmt: skip
def test_an_age_is_said_in_the_largest_fitting_unit(seconds: int, shown: str) -> None:
    assert short_age(NOW - seconds, NOW, UTC) == shown


def test_without_a_date_there_is_no_age() -> None:
    assert short_age(None, NOW) == ""


def test_dates_instead_of_ages_are_local() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert short_age(NOW - 3_600, NOW, tokyo, "date") == "20:00"
    assert short_age(NOW - 20 * 86_400, NOW, tokyo, "date") == "8 Aug"


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(-(2**62), 2**62), st.sampled_from(["age", "date"]))
def test_any_moment_fits_its_cells(published: int, style: str) -> None:
    assert cell_width(short_age(published, NOW, UTC, style)) <= AGE_CELLS  # type: ignore[arg-type]
