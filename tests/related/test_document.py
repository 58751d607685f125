"""One article and the list of those nearest to it."""

from __future__ import annotations

from newstui.related import Document, Neighbour
from newstui.related.document import pack_near, unpack_near
from tests.related.pool import a_document

LIST = [Neighbour(0.75, 3), Neighbour(0.5, 9), Neighbour(0.25, 4)]


def test_a_list_comes_back_as_it_was_kept() -> None:
    assert unpack_near(pack_near(LIST)) == LIST
    assert unpack_near(b"") == []


def test_a_list_is_unpacked_when_it_is_wanted_and_stays_the_same_one() -> None:
    kept = a_document(1, "Dockers strike")
    document = Document(1, 1001, 0, 1, 0, kept.terms, packed_near=pack_near(LIST))
    assert document.is_compared
    assert document.near == LIST
    assert document.near is document.near
    assert not kept.is_compared
    assert kept.near is None


def test_the_nearest_stay_and_nobody_is_listed_twice() -> None:
    document = a_document(1, "Dockers strike")
    assert not document.meet(Neighbour(0.9, 7), 3), "it has no list yet"
    document.near = LIST
    assert not document.meet(Neighbour(0.1, 7), 3)
    assert not document.meet(Neighbour(0.8, 9), 3)
    assert document.meet(Neighbour(0.6, 7), 3)
    assert [one.number for one in document.near] == [3, 7, 9]
    assert [one.number for one in LIST] == [3, 9, 4], "a list that was given out is never changed"
