"""Dates of every kind become UTC, or unknown with a reason; nothing stays in the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.formats.dates import parse_date
from tests.strategies import odd_text

NOW = datetime(2021, 1, 1, tzinfo=UTC)
STORY = datetime(2020, 8, 28, 11, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2020-08-28T11:17:00Z",
        "2020-08-28T11:17:00.0000000Z",
        "2020-08-28T11:17:00.1234567+00:00",
        "2020-08-28T04:17:00-07:00",
        "2020-08-28 11:17:00",
        "2020-08-28 13:17:00 +0200",
        "2020-08-28t13:17:00 +2",
        "2020-8-28 11:17",
        " 2020-08-28T11:17:00Z ",
        "2020-08-28 11:17:00 UTC",
        "20200828T111700Z",
    ],
)
def test_ways_to_write_one_moment(written: str) -> None:
    assert parse_date(written, NOW) == (STORY, "")


def test_a_day_alone_is_its_first_moment() -> None:
    assert parse_date("2020-08-28", NOW) == (STORY.replace(hour=0, minute=0), "")


def test_the_last_second_of_a_day_may_be_written_as_24_and_as_60() -> None:
    assert parse_date("2020-08-27T24:00:00Z", NOW)[0] == datetime(2020, 8, 28, tzinfo=UTC)
    assert parse_date("2016-12-31T23:59:60Z", NOW)[0] == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("written", ["1598613420000", "1598613420", "1598613420000000"])
def test_a_number_is_time_since_1970_with_a_note(written: str) -> None:
    moment, reason = parse_date(written, NOW)
    assert moment == STORY
    assert "number" in reason


@pytest.mark.parametrize(
    "written",
    [
        "2020-13-45T11:17:00Z", "2020-02-30", "2020-08-28T25:61:00+99:99", "0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00",
        "9999-12-31", "2021-01-04", "yesterday", "20200828", "99999999999999999999", "-", "2020", "1e400",
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_unknown_with_a_reason(written: str) -> None:
    moment, reason = parse_date(written, NOW)
    assert moment is None
    assert reason


def test_a_wrong_clock_or_zone_is_forgiven_for_a_day() -> None:
    assert parse_date((NOW + timedelta(hours=20)).isoformat(), NOW)[0] is not None
    assert parse_date((NOW + timedelta(hours=30)).isoformat(), NOW)[0] is None
    assert parse_date((NOW + timedelta(days=300)).isoformat(), NOW, may_be_ahead=True)[0] is not None


@given(st.one_of(odd_text, st.text("0123456789-+:TZ. ", max_size=30)))
@settings(derandomize=True, max_examples=600, deadline=None)
def test_any_text_gives_a_moment_in_utc_or_a_reason(written: str) -> None:
    moment, reason = parse_date(written, NOW)
    assert moment is not None or reason
    assert moment is None or (moment.tzinfo is UTC and 1000 <= moment.year <= 2021)


@given(st.datetimes(datetime(1000, 1, 2), datetime(2020, 12, 31)), st.integers(-14 * 60, 14 * 60))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_the_instant_counts_not_the_zone_it_is_written_in(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    offset = timedelta(minutes=minutes)
    sign, left = ("-", -offset) if minutes < 0 else ("+", offset)
    zone = f"{sign}{left.seconds // 3600:02}:{left.seconds // 60 % 60:02}"
    written = (moment + offset).replace(tzinfo=None).isoformat() + zone
    assert parse_date(written, NOW) == (moment, "")
