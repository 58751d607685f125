"""How much a term weighs."""

from __future__ import annotations

import pytest

from newstui.related import Frequencies, terms_of


def term(word: str) -> int:
    return terms_of(word, None)[0]


def counted(*titles: tuple[str, int]) -> Frequencies:
    frequencies = Frequencies()
    for title, collection in titles:
        frequencies.add(terms_of(title, None), collection)
    return frequencies


def test_a_rare_term_weighs_more_than_a_frequent_one() -> None:
    frequencies = counted(*[("harbour strike", 1)] * 9, ("harbour ferry", 1))
    assert frequencies.weight(term("ferry"), 1) > frequencies.weight(term("strike"), 1)
    assert frequencies.weight(term("harbour"), 1) == pytest.approx(0.05, abs=0.05)


def test_a_word_every_article_of_one_collection_has_says_little_there() -> None:
    frequencies = counted(*[("zelda quest", 1)] * 20, *[("harbour ferry", 2)] * 980)
    assert frequencies.weight(term("zelda"), 1) < 0.1
    assert frequencies.weight(term("zelda"), 2) > 3


def test_a_small_collection_does_not_make_its_own_stories_frequent() -> None:
    frequencies = counted(*[("eclipse", 1)] * 3, *[("garden", 1)] * 7, *[("harbour ferry", 2)] * 990)
    assert frequencies.weight(term("eclipse"), 1) == frequencies.weight(term("eclipse"), 2)


def test_what_is_taken_out_does_not_count_any_more() -> None:
    frequencies = counted(("harbour strike", 1), ("harbour ferry", 1))
    before = frequencies.weight(term("strike"), 1)
    frequencies.add(terms_of("strike", None), 1)
    frequencies.remove(terms_of("strike", None), 1)
    assert frequencies.weight(term("strike"), 1) == before


def test_no_term_weighs_less_than_nothing() -> None:
    assert counted(("harbour", 1)).weight(term("harbour"), 1) >= 0


def test_counts_of_a_collection_are_loaded_once_and_when_needed() -> None:
    asked: list[int] = []

    def load(collection: int) -> tuple[int, dict[int, int]]:
        asked.append(collection)
        return 10, {term("zelda") >> 5: 10}

    frequencies = Frequencies(load)
    frequencies.total = 1000
    for _ in range(2):
        assert frequencies.weight(term("zelda"), 7) < 0.1
    assert asked == [7]


def test_what_was_rare_and_forgotten_is_not_counted_below_nothing_when_it_goes() -> None:
    frequencies = Frequencies()
    texts = [terms_of(f"harbour {number}{number + 7}x", None) for number in range(11_000)]
    frequencies.add_all(texts, 1)
    for terms in texts:
        frequencies.remove(terms, 1)
    assert frequencies.total == 0
    assert all(count > 0 for count in frequencies.local_counts[1].values())
