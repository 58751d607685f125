from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from newstui.store.distances import FIRST, REACH, count_of, flags_of_distances, last_distance

ends = st.sampled_from([0, 1, 9, 10, 99, 100, 101, 999, 5_000])

dense = st.integers(1, 1_500).map(lambda count: set(range(count))) | st.integers(1, 3_000).map(
    lambda count: set(range(0, count, 3))
)


def an_array(numbers: list[int]) -> str:
    return json.dumps([FIRST + number for number in numbers], separators=(",", ":"))


@given(
    st.sets(st.integers(0, 6_000) | ends, min_size=1) | dense,
    st.booleans(),
    st.integers(1, 6_000) | ends.map(lambda n: n + 1),
)
def test_every_number_below_the_size_is_flagged_and_no_other(numbers: set[int], falling: bool, size: int) -> None:
    text = an_array(sorted(numbers, reverse=falling))
    assert flags_of_distances(text, size) == bytes(place in numbers for place in range(size))
    assert count_of(text) == len(numbers)
    assert last_distance(text) == (min(numbers) if falling else max(numbers))


def test_the_largest_reach_is_right() -> None:
    flags = flags_of_distances(an_array([0, 123_456, REACH - 1]), REACH)
    assert [place for place, flag in enumerate(flags) if flag] == [0, 123_456, REACH - 1]


def test_no_numbers_are_counted_as_none() -> None:
    assert count_of("[]") == 0
