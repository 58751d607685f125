"""Making stories out of pairs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.related import Document
from newstui.related.grouping import merge_groups, name_stories, regroup
from tests.related.pool import a_document


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


# --- existing stories ----------------------------------------------------------------------------------------


def all_pairs(*groups: list[int], likely: float = 0.9) -> dict[tuple[int, int], float]:
    return {(one, other): likely for group in groups for one in group for other in group if one < other}


def grouped(parts: list[list[int]], pairs: dict[tuple[int, int], float]) -> list[list[int]]:
    return sorted(sorted(group) for group in regroup(parts, pairs))


def test_what_belongs_together_stays_as_it_is() -> None:
    parts = [[1, 2, 3], [4, 5], [6]]
    assert grouped(parts, all_pairs([1, 2, 3], [4, 5])) == parts


def test_two_events_that_were_joined_by_mistake_are_split() -> None:
    pairs = all_pairs([1, 2, 3], [4, 5, 6]) | {(3, 4): 0.6}
    assert grouped([[1, 2, 3, 4, 5, 6]], pairs) == [[1, 2, 3], [4, 5, 6]]


def test_an_article_goes_to_the_story_it_fits_better() -> None:
    pairs = all_pairs([1, 2, 3], [5, 6, 7]) | {(3, 4): 0.3, (4, 5): 0.9, (4, 6): 0.9, (4, 7): 0.8}
    assert grouped([[1, 2, 3, 4], [5, 6, 7]], pairs) == [[1, 2, 3], [4, 5, 6, 7]]


def test_a_story_does_not_change_for_a_doubtful_gain() -> None:
    parts = [[1, 2, 3]]
    assert grouped(parts, {(1, 2): 0.9, (1, 3): 0.55, (2, 3): 0.4}) == parts


def test_grouping_again_changes_nothing() -> None:
    pairs = all_pairs([1, 2, 3, 4], [5, 6], [7, 8, 9]) | {(4, 5): 0.7, (6, 7): 0.65, (1, 9): 0.4}
    once = grouped([[number] for number in range(1, 11)], pairs)
    assert grouped(once, pairs) == once


def never_taken(key: int) -> bool:
    return False


def members(story: int, *numbers: int) -> list[Document]:
    made = [a_document(number, "harbour", days=number) for number in numbers]
    for document in made:
        document.story = story
    return made


def test_a_new_story_is_called_after_its_first_article() -> None:
    changed, absorbed = name_stories([members(0, 2, 1, 3), members(0, 4)], never_taken)
    assert {one.number: one.story for one in changed} == {1: 1001, 2: 1001, 3: 1001}
    assert absorbed == []


def test_when_a_story_is_split_the_part_with_its_founder_keeps_the_name() -> None:
    changed, absorbed = name_stories([members(1001, 3, 4, 5), members(1001, 1, 2)], never_taken)
    assert {one.number: one.story for one in changed} == {3: 1003, 4: 1003, 5: 1003}
    assert absorbed == []


def test_a_founder_that_leaves_alone_leaves_the_name_to_the_others() -> None:
    changed, _ = name_stories([members(1001, 2, 3), members(1001, 1)], never_taken)
    assert {one.number: one.story for one in changed} == {1: 0}


def test_a_founder_of_a_story_it_has_left_gives_its_name_to_no_second_one() -> None:
    changed, _ = name_stories([[*members(0, 1), *members(0, 6)]], lambda key: key == 1001)
    assert {one.story for one in changed} == {1006}


def test_when_stories_join_the_bigger_ones_name_stays() -> None:
    changed, absorbed = name_stories([[*members(1001, 1, 2), *members(1003, 3, 4, 5)]], never_taken)
    assert {one.number: one.story for one in changed} == {1: 1003, 2: 1003}
    assert absorbed == [(1003, 1001)]


@given(links)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_every_article_is_in_one_group_however_they_were_grouped_before(pairs: list[tuple[int, int, float]]) -> None:
    unique = {(min(one, other), max(one, other)): value for one, other, value in pairs}
    parts = [[0, 1, 2, 3], [4, 5], *([number] for number in range(6, 13))]
    groups = regroup(parts, unique)
    assert sorted(number for group in groups for number in group) == list(range(13))


# --- what records list ---------------------------------------------------------------------------------------


def test_records_that_list_each_other_make_a_doubtful_pair_one() -> None:
    doubtful = {(1, 2): 0.2}
    assert regroup([[1], [2]], doubtful) == [[1], [2]]
    assert regroup([[1], [2]], doubtful, {1: {2}, 2: {1}}) == [[1, 2]]


def test_records_alone_do_not_join_what_has_nothing_else_in_common() -> None:
    assert regroup([[1], [2]], {(1, 2): 0.0005}, {1: {2}, 2: {1}}) == [[1], [2]]


def test_records_that_list_each_other_do_not_join_two_big_stories() -> None:
    big, other = list(range(1, 9)), list(range(11, 19))
    pairs = all_pairs(big, other) | {(8, 11): 0.3}
    groups = regroup([[number] for number in (*big, *other)], pairs, {8: {11}, 11: {8}})
    assert sorted(sorted(group) for group in groups) == [big, other]


def test_what_several_records_list_together_is_likelier() -> None:
    pairs = {(1, 2): 0.05, (1, 3): 0.05, (2, 3): 0.3, (1, 4): 0.05, (2, 4): 0.05}
    linked = {1: {2, 3, 4}, 2: {1, 3, 4}, 3: {1, 2}, 4: {1, 2}}
    assert any({1, 2, 3} <= set(group) for group in regroup([[1], [2], [3], [4]], pairs, linked))


def test_grouping_again_changes_nothing_where_records_list_each_other() -> None:
    pairs = all_pairs([1, 2, 3], [5, 6], likely=0.8) | {(3, 4): 0.04, (6, 7): 0.1, (8, 9): 0.03}
    linked = {3: {4}, 4: {3}, 6: {7}, 7: {6}, 8: {9}, 9: {8}}
    once = sorted(sorted(group) for group in regroup([[number] for number in range(1, 10)], pairs, linked))
    assert sorted(sorted(group) for group in regroup(once, pairs, linked)) == once
    assert [8, 9] in once
