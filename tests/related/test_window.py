"""Finding the nearest articles."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.related import Window
from newstui.related.window import NEIGHBOURS, REACH_DAYS
from tests.related.pool import a_document, a_window

STRIKE = (
    "Dockers in Lindholm begin a strike over night shifts",
    "The Lindholm port authority expects queues of lorries.",
)


def test_the_article_about_the_same_event_is_the_nearest() -> None:
    one, other = a_document(1, *STRIKE), a_document(2, "Strike of dockers stops the port of Lindholm", days=0.5)
    window = a_window([one, other])
    assert window.nearest(one)[0].number == 2
    assert window.nearest(other)[0].number == 1


def test_the_same_words_long_after_are_less_near_and_at_last_out_of_reach() -> None:
    one = a_document(1, *STRIKE)
    soon, later, too_late = (
        a_document(2 + place, *STRIKE, days=days) for place, days in enumerate((1, 9, REACH_DAYS + 1))
    )
    window = a_window([one, soon, later, too_late])
    numbers = [number for _, number in window.nearest(one)]
    assert numbers.index(2) < numbers.index(3)
    assert 4 not in numbers


def test_an_article_is_never_its_own_neighbour_and_lists_are_bounded() -> None:
    same = [a_document(number, *STRIKE, days=number / 100) for number in range(1, 40)]
    near = a_window(same).nearest(same[0])
    assert 1 not in [number for _, number in near]
    assert len(near) == NEIGHBOURS
    assert near == sorted(near, reverse=True)


def test_what_was_discarded_is_not_found_again() -> None:
    one, other = a_document(1, *STRIKE), a_document(2, *STRIKE)
    window = a_window([one, other])
    window.discard(2)
    assert 2 not in [number for _, number in window.nearest(one)]


def test_keeping_a_stretch_of_time_lets_go_of_the_rest() -> None:
    documents = [a_document(number, *STRIKE, days=number) for number in range(30)]
    window = Window(a_window([]).frequencies)
    for document in documents:
        window.add(document)
    window.keep(documents[10].seconds, documents[12].seconds)
    assert sorted(window.documents) == [10, 11, 12]


def test_replacing_a_document_forgets_its_old_text() -> None:
    one, other = a_document(1, *STRIKE), a_document(2, *STRIKE)
    window = a_window([one, other])
    window.add(a_document(2, "quiet evening", "nothing at all"))
    assert 2 not in [number for _, number in window.nearest(one)]


def test_an_index_with_thousands_of_discarded_documents_still_answers() -> None:
    window = a_window([])
    for number in range(2_000, 5_000):
        window.add(a_document(number, *STRIKE))
        window.discard(number)
    one, other = a_document(1, *STRIKE), a_document(2, *STRIKE)
    window.add(one)
    window.add(other)
    assert window.nearest(one)[0].number == 2


def test_of_many_that_share_alike_the_closest_in_time_are_compared() -> None:
    asked = a_document(1, "Lindholm")
    late = [a_document(number, f"Lindholm ferry {number}", days=12) for number in range(1000, 1200)]
    close = [a_document(number, f"Lindholm ferry {number}", days=1) for number in range(2, 2 + NEIGHBOURS)]
    window = a_window([*late, asked, *close])
    assert {number for _, number in window.nearest(asked)} == {one.number for one in close}


@given(
    st.lists(
        st.sampled_from(["harbour", "strike", "ferry", "garden", "Lindholm", "2021", "eclipse"]),
        min_size=1,
        max_size=12,
    ),
    st.data(),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_nearness_does_not_depend_on_who_is_asked(words: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(words))
    one, other = a_document(1, " ".join(words)), a_document(2, " ".join(shuffled), days=2)
    window = a_window([one, other], compared=False)
    first, second = window.open(one), window.open(other)
    forth, back = window.nearness(first, second), window.nearness(second, first)
    assert abs(forth - back) < 1e-9
    assert 0 <= forth <= 1 + 1e-9
