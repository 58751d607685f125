"""Making stories out of pairs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.related.grouping import merge_groups


def alone(*numbers: int) -> dict[int, int]:
    return dict.fromkeys(numbers, 1)


def test_a_likely_pair_becomes_one() -> None:
    assert merge_groups(alone(1, 2), [(1, 2, 0.8, 1)]) == {1: [1, 2]}


def test_an_unlikely_pair_stays_apart() -> None:
    assert merge_groups(alone(1, 2), [(1, 2, 0.15, 1)]) == {}


def test_one_strong_link_does_not_join_two_big_groups() -> None:
    assert merge_groups({1: 12, 2: 9}, [(1, 2, 0.99, 1)]) == {}


def test_many_links_between_two_groups_join_them() -> None:
    assert merge_groups({1: 3, 2: 3}, [(1, 2, 5.4, 9)]) == {1: [1, 2]}


def test_a_chain_of_links_does_not_become_one_story() -> None:
    numbers = range(40)
    joined = merge_groups(alone(*numbers), [(number, number + 1, 0.9, 1) for number in numbers[:-1]])
    assert max(map(len, joined.values())) <= 5


def test_a_newcomer_joins_the_story_most_of_which_it_fits() -> None:
    joined = merge_groups({1: 4, 2: 4, 3: 1}, [(3, 1, 3.2, 4), (3, 2, 0.6, 1)])
    assert joined == {1: [1, 3]}


def test_links_may_come_in_pieces_and_in_either_direction() -> None:
    pieces = [(1, 2, 0.9, 1), (2, 1, 0.9, 1), (1, 2, 0.8, 1)]
    assert merge_groups({1: 2, 2: 2}, pieces) == merge_groups({1: 2, 2: 2}, [(1, 2, 2.6, 3)])


links = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0, 1)).filter(lambda link: link[0] != link[1]),
    max_size=40,
)


@given(links)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_every_group_is_in_at_most_one_story_and_order_does_not_matter(pairs: list[tuple[int, int, float]]) -> None:
    unique = {(min(one, other), max(one, other)): value for one, other, value in pairs}
    given_links = [(one, other, value, 1) for (one, other), value in sorted(unique.items())]
    joined = merge_groups(alone(*range(13)), given_links)
    members = [member for group in joined.values() for member in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 and name == min(group) for name, group in joined.items())
    assert merge_groups(alone(*range(13)), given_links[::-1]) == joined
