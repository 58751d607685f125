"""An article is the same on every machine and in every run; ids are short, and their beginnings are found."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.identity import format_id, identity_of_name, key_of, parse_id
from tests.strategies import odd_text

keys = st.integers(-(2**63), 2**63 - 1)
quick = settings(derandomize=True, max_examples=300, deadline=None)


def test_the_key_of_an_address_never_changes() -> None:
    assert key_of("news.example/a") == 7224966456250158463
    assert format_id(key_of("news.example/a")) == "68h1wpsheekbz"


@given(odd_text)
@quick
def test_every_identity_has_a_key_that_a_store_can_hold(identity: str) -> None:
    assert -(2**63) <= key_of(identity) < 2**63


@given(keys, st.integers(1, 13))
@quick
def test_every_beginning_of_an_id_finds_it(key: int, length: int) -> None:
    short = format_id(key)
    assert len(short) == 13
    bounds = parse_id(short[:length].upper())
    assert bounds is not None
    assert bounds[0] <= key & (2**64 - 1) <= bounds[1]


@given(keys, keys)
@quick
def test_different_keys_have_different_ids(one: int, other: int) -> None:
    assert (format_id(one) == format_id(other)) is (one == other)


@given(odd_text)
@quick
def test_any_text_is_an_id_or_is_not(text: str) -> None:
    bounds = parse_id(text)
    assert bounds is None or bounds[0] <= bounds[1] < 2**64


def test_what_no_id_begins_with_is_none() -> None:
    assert parse_id("") is None
    assert parse_id("u") is None
    assert parse_id("z") is None
    assert parse_id("0" * 14) is None


def test_articles_without_an_address_are_known_by_kind_title_and_day() -> None:
    day = datetime(2020, 8, 28, 11, 17, tzinfo=UTC)
    one = identity_of_name("people", "Ada  Lovelace!", day)
    assert one == identity_of_name("People", "ada lovelace", day.replace(hour=3))
    assert one != identity_of_name("news", "Ada Lovelace", day)
    assert one != identity_of_name("people", "Ada Lovelace", None)
    assert identity_of_name("x", "…", None) != identity_of_name("x", "!", None)
