"""Words of a headline that another one lacks."""

from __future__ import annotations

from newstui.present.document import BOLD
from newstui.present.headlines import set_apart


def apart(headline: str, known: str) -> list[str]:
    return [run.text for run in set_apart(headline, known) if run.style & BOLD]


def test_words_that_only_the_other_headline_has_stand_out() -> None:
    assert apart("Dockers in Lindholm end strike after 12 days", "Dockers of Lindholm go on strike") == [
        "after",
        "12",
        "days",
    ]


def test_nothing_is_lost_or_added() -> None:
    headline = "“Lindholm”: 1,500 dockers — and no ship"
    assert "".join(run.text for run in set_apart(headline, "Ship leaves Lindholm")) == headline


def test_other_forms_of_a_word_are_the_same_word() -> None:
    assert apart("Port announces closure", "Closure announced by the PORT") == []


def test_headlines_that_share_nothing_stay_plain() -> None:
    assert apart("Ring of fire above Veldra", "Dockers begin a strike") == []


def test_headlines_that_share_hardly_a_word_stay_plain() -> None:
    assert apart("A look at the last seconds of flight 72 over Veldra", "Flights end: the kite has landed") == []


def test_words_in_other_scripts_are_compared_too() -> None:
    assert apart("Забастовка в порту продолжается", "Забастовка в порту") == ["продолжается"]
