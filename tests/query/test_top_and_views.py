"""The Top order is the sum of its parts; the built-in views are queries like any other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.query.nodes import Is, Query, Sort, When
from newstui.query.top import explain_top, top_score
from newstui.query.views import BUILT_IN, expand, known_views

NOW = 1_600_000_000
DAY = 86_400
numbers = st.one_of(st.none(), st.integers(-5, 5000))
dates = st.one_of(st.none(), st.integers(0, NOW + 10 * DAY))


@settings(derandomize=True, max_examples=200)
@given(numbers, numbers, st.integers(0, 300), dates)
def test_the_score_is_the_sum_of_the_parts_shown(
    quality: int | None, heat: int | None, coverage: int, published: int | None
) -> None:
    parts = explain_top(quality, heat, coverage, published, NOW)
    assert sum(part.points for part in parts) == top_score(quality, heat, coverage, published, NOW)
    assert all(part.points <= part.most for part in parts)
    assert [part.name for part in parts] == ["quality", "heat", "coverage", "age"]


@settings(derandomize=True, max_examples=200)
@given(st.integers(-5, 5000), st.integers(-5, 5000), st.integers(0, 300), st.integers(0, NOW), st.integers(1, 100))
def test_more_of_anything_never_lowers_an_article(
    quality: int, heat: int, coverage: int, published: int, more: int
) -> None:
    score = top_score(quality, heat, coverage, published, NOW)
    assert top_score(quality + more, heat, coverage, published, NOW) >= score
    assert top_score(quality, heat + more, coverage, published, NOW) >= score
    assert top_score(quality, heat, coverage + more, published, NOW) >= score
    assert top_score(quality, heat, coverage, published + more * DAY, NOW) >= score


def test_news_stand_above_the_best_of_last_year() -> None:
    plain_today = top_score(60, 60, 0, NOW - DAY // 2, NOW)
    assert plain_today > top_score(200, 2000, 20, NOW - 365 * DAY, NOW)
    assert top_score(150, 300, 8, NOW - 3 * DAY, NOW) > plain_today
    assert top_score(60, 60, 0, None, NOW) < top_score(0, 0, 0, NOW - DAY, NOW)


def test_the_age_shown_is_in_seconds_and_never_negative() -> None:
    assert explain_top(1, 1, 0, NOW - 5, NOW)[3].value == 5
    assert explain_top(1, 1, 0, NOW + 5, NOW)[3].value == 0
    assert explain_top(1, 1, 0, None, NOW)[3].value is None


def test_every_built_in_view_is_a_query() -> None:
    for text in BUILT_IN.values():
        expand(text, {})
    assert expand("view:unread", {}) == Query(Is("unread"))
    assert expand("view:today", {}) == Query(When("on", None, word="today"))
    assert expand("view:Top", {}) == Query(None, Sort("top"))
    assert expand("view:all", {}) == Query()


def test_a_saved_view_takes_the_place_of_a_built_in_one() -> None:
    assert expand("view:Top", {"top": "is:starred"}) == Query(Is("starred"))
    assert [name for name in known_views({"top": "a", "Mine": "b"}) if name.casefold() == "top"] == ["top"]
    assert list(known_views({"Mine": "b"}))[-1] == "Mine"
