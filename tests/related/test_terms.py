"""An article is reduced to terms that any language shares with itself."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.related.terms import (
    FLAGS,
    IN_TEXT,
    IN_TITLE,
    NUMBER,
    REPEATED,
    common_words,
    glance_of,
    terms_of,
    words_of,
)


def bare(title: str | None, text: str | None = None) -> set[int]:
    return {term & ~FLAGS for term in terms_of(title, text)}


def flags_of(word: str, title: str | None, text: str | None) -> int:
    (term,) = bare(word)
    return next((found & FLAGS for found in terms_of(title, text) if found & ~FLAGS == term), 0)


def test_words_with_the_same_beginning_are_one_term() -> None:
    assert bare("announced") == bare("Announcement") == bare("ANNOUNCES")


def test_accents_and_case_do_not_matter() -> None:
    assert bare("Zürich") == bare("ZURICH")


def test_a_possessive_is_the_word_itself() -> None:
    assert bare("the harbour's", None) == bare("the harbour’s") == bare("the harbour")


def test_lone_letters_are_no_terms_but_digits_are() -> None:
    assert bare("a b c") == set()
    assert len(bare("7")) == 1


def test_numbers_keep_all_their_digits_and_are_told_apart_from_words() -> None:
    assert bare("12,500,000") == bare("12500000")
    assert bare("12500000") != bare("12500001")
    assert all(term & NUMBER for term in bare("2021 3.5"))
    assert not any(term & NUMBER for term in bare("harbour"))


def test_scripts_without_spaces_are_cut_into_pairs_of_letters() -> None:
    assert bare("人工知能") == bare("人工") | bare("工知") | bare("知能")
    assert len(bare("東京で人工知能の会議") & bare("人工知能")) == 3


def test_vowel_signs_belong_to_their_word() -> None:
    assert len(bare("हिन्दी")) == 1


def test_title_and_text_are_told_apart() -> None:
    title, text = "bridge opens", "The bridge is closed. A ferry goes, the ferry is full."
    assert flags_of("bridge", title, text) == IN_TITLE | IN_TEXT
    assert flags_of("opens", title, text) == IN_TITLE
    assert flags_of("ferry", title, text) == IN_TEXT | REPEATED


def test_nothing_has_no_terms() -> None:
    assert list(terms_of(None, None)) == []
    assert list(terms_of("", "…")) == []


def test_common_words_are_told_as_written_in_the_first_text() -> None:
    shared = common_words(("Harbour strike", None), ("Strikes at the harbours", None))
    assert set(shared.values()) == {"Harbour", "strike"}


@given(st.text(max_size=200), st.text(max_size=300))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_any_text_gives_ascending_terms_once_each(title: str, text: str) -> None:
    terms = list(terms_of(title, text))
    assert terms == sorted(terms)
    assert len({term & ~FLAGS for term in terms}) == len(terms)
    assert all(0 < term < 1 << 32 and term & (IN_TITLE | IN_TEXT) for term in terms)


_WORDS = st.sampled_from(
    [
        "Harbour's",
        "STRIKE",
        "l’échelle",
        "Straße",
        "12,500",
        "a",
        "港口罢工",
        "항구",
        "Zürich",
        "ΣΟΦΟΣ",
        "e\u0301t",
        "1st",
        "x1",
    ]
)
_TEXTS = st.lists(_WORDS, max_size=6).map(" ".join)


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
@settings(derandomize=True, max_examples=500, deadline=None)
def test_a_glance_never_denies_that_a_title_is_in_the_other_text(title: str, text: str, other: str, more: str) -> None:
    (in_title, everything), (other_title, other_everything) = words_of(title, text), words_of(other, more)
    if in_title <= other_everything or other_title <= everything:
        assert glance_of(title, text).may_repeat(glance_of(other, more))


def test_a_glance_tells_texts_of_different_titles_apart() -> None:
    strike, cake = glance_of("Dockers strike in Lindholm", "At night."), glance_of("A cake of apples", "With cinnamon.")
    assert not strike.may_repeat(cake)
