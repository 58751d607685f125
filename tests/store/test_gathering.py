"""Positions by value, slice by slice: the same as sorting all at once."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstui.store import gathering
from newstui.store.gathering import highest_first, places_by_value, values_of


@pytest.fixture(autouse=True, scope="module")
def short_slices():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "SLICE", 7)
        yield


@given(st.lists(st.integers(-3, 9) | st.just(-(2**31)), max_size=60), st.randoms())
def test_slices_give_what_sorting_all_at_once_gives(numbers: list[int], chance) -> None:
    column = array("i", numbers)
    order = array("I", range(len(column)))
    shuffled = list(order)
    chance.shuffle(shuffled)
    for before in (order, array("I", shuffled)):
        assert list(highest_first(column, before)) == sorted(before, key=column.__getitem__, reverse=True)
        by_value = places_by_value(column, before)
        assert by_value.keys() == values_of(column) == set(numbers)
        for value, places in by_value.items():
            assert list(places) == [place for place in before if column[place] == value]
