"""A page that grows as it is read, and places in it that survive another width."""

from __future__ import annotations

from newstui.present.page_lines import PageLines, Piece, Place
from newstui.present.typeset import Line, Span


def a_page(heights: list[int]) -> PageLines:
    return PageLines(Piece(("body", number), [line_of(number)] * height) for number, height in enumerate(heights))


def line_of(number: int) -> Line:
    return (Span(str(number)),)


def test_no_more_is_set_than_is_asked_for_and_a_slice():
    page = a_page([2] * 1_000)
    page.set_until(10)
    assert 10 <= len(page.lines) <= 60
    assert not page.is_complete
    page.set_everything()
    assert len(page.lines) == 2_000 and page.is_complete


def test_parts_know_their_lines_and_lines_their_part():
    page = a_page([3, 0, 2])
    page.set_everything()
    assert [page.lines_of(("body", number)) for number in range(3)] == [range(3), range(3, 3), range(3, 5)]
    assert [page.part_at(line) for line in range(5)] == [("body", 0)] * 3 + [("body", 2)] * 2
    assert page.part_at(5) is None and page.part_at(-1) is None
    assert len(page.lines_of(("coverage", 0))) == 0


def test_a_place_is_found_again_when_every_part_is_longer():
    narrow, wide = a_page([10] * 100), a_page([5] * 100)
    wide.set_everything()
    place = wide.place_at(52 * 5 + 2)
    assert place == Place(("body", 52), 0.4)
    assert narrow.line_at(place) == 52 * 10 + 4
    assert not narrow.is_complete


def test_the_top_stays_the_top_and_a_lost_place_is_the_top():
    page = a_page([5] * 10)
    page.set_everything()
    assert page.place_at(0) is None
    assert page.line_at(None) == 0
    assert page.line_at(Place(("coverage", 3), 0.5)) == 0


def test_lines_kept_for_a_picture_are_found_in_their_part():
    kept: Line = (Span("   ", "picture"),)
    page = PageLines(iter([Piece(("head", 0), [(), line_of(0)]), Piece(("picture", 0), [(), kept, kept, line_of(1)])]))
    page.set_everything()
    assert page.lines_kept(("picture", 0), "picture") == range(3, 5)
    assert not page.lines_kept(("head", 0), "logo") and not page.lines_kept(("coverage", 0), "picture")
