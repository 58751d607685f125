"""Which of the sources of an event only repeat another one."""

from __future__ import annotations

from functools import partial

from newstui.related.covering import Source, copies_among
from newstui.related.likeness import Text
from newstui.related.terms import Glance, glance_of, words_of

TITLE, TEXT = "Dockers in Lindholm begin a strike", "The port expects queues of lorries until the weekend."


def a_source(key: int, title: str, text: str, published: float, asked: list[int] | None = None) -> Source:
    def words() -> Text:
        if asked is not None:
            asked.append(key)
        return Text(*words_of(title, text))

    return Source(key, published, copy=False, text=words, glance=partial(glance_of, title, text))


def test_the_earliest_of_the_same_text_is_the_source_and_the_others_are_copies() -> None:
    assert copies_among([a_source(1, TITLE, TEXT, 300), a_source(2, TITLE, TEXT, 100)]) == {1}


def test_what_is_known_to_be_a_copy_is_one_and_nothing_is_compared_with_it() -> None:
    copy = a_source(1, TITLE, TEXT, 100)._replace(copy=True)
    assert copies_among([copy, a_source(2, TITLE, TEXT, 300)]) == {1}


def test_a_source_without_a_glance_is_compared_word_by_word() -> None:
    blind = a_source(1, TITLE, TEXT, 100)._replace(glance=lambda: Glance((), ""))
    assert copies_among([blind, a_source(2, TITLE.upper(), TEXT, 300)]) == {2}


def test_texts_about_other_things_are_not_taken_apart() -> None:
    asked: list[int] = []
    others = [a_source(2, "A cake of apples", "With cinnamon.", 2, asked), a_source(3, "Rain at noon", "", 3, asked)]
    assert copies_among([a_source(1, TITLE, TEXT, 1, asked), *others]) == set()
    assert asked == []
