"""Days are the reader's days, in every zone and on the days the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.query.dates import span_of
from newstui.query.nodes import DateOperator, When
from newstui.query.parse import parse

NEW_YORK, BERLIN, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
SAO_PAULO, HAVANA = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Havana")
NOW = datetime(2020, 8, 28, 2, 30, tzinfo=UTC)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def span(text: str, zone: tzinfo | None = UTC, now: datetime = NOW) -> tuple[int | None, int | None]:
    when = parse(text).where
    assert isinstance(when, When)
    return span_of(when, now, zone)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("after:2020-08-28", UTC, (at("2020-08-28T00:00Z"), None)),
        ("before:2020-08-28", UTC, (None, at("2020-08-28T00:00Z"))),
        ("on:2020-08-28", UTC, (at("2020-08-28T00:00Z"), at("2020-08-29T00:00Z"))),
        ("on:2020-12", UTC, (at("2020-12-01T00:00Z"), at("2021-01-01T00:00Z"))),
        ("on:2020", UTC, (at("2020-01-01T00:00Z"), at("2021-01-01T00:00Z"))),
        ("before:2020-08", NEW_YORK, (None, at("2020-08-01T00:00-04:00"))),
        ("on:2020-08-28", KOLKATA, (at("2020-08-28T00:00+05:30"), at("2020-08-29T00:00+05:30"))),
        ("on:today", UTC, (at("2020-08-28T00:00Z"), at("2020-08-29T00:00Z"))),
        ("on:today", NEW_YORK, (at("2020-08-27T00:00-04:00"), at("2020-08-28T00:00-04:00"))),
        ("on:yesterday", NEW_YORK, (at("2020-08-26T00:00-04:00"), at("2020-08-27T00:00-04:00"))),
        ("after:7d", NEW_YORK, (at("2020-08-20T00:00-04:00"), None)),
        ("after:2w", UTC, (at("2020-08-14T00:00Z"), None)),
        ("after:6m", UTC, (at("2020-02-28T00:00Z"), None)),
        ("after:1y", UTC, (at("2019-08-28T00:00Z"), None)),
        ("after:3h", UTC, (at("2020-08-27T23:00Z"), None)),
        ("on:0h", KOLKATA, (at("2020-08-28T08:00+05:30"), at("2020-08-28T09:00+05:30"))),
        ("on:0d", UTC, (at("2020-08-28T00:00Z"), at("2020-08-29T00:00Z"))),
    ],
)
def test_a_date_means_the_instants(text: str, zone: tzinfo, expected: tuple[int | None, int | None]) -> None:
    assert span(text, zone) == expected


def test_days_are_as_long_as_the_clock_makes_them() -> None:
    start, end = span("on:2021-03-28", BERLIN)
    assert (start, end) == (at("2021-03-28T00:00+01:00"), at("2021-03-29T00:00+02:00"))
    start, end = span("on:2021-10-31", BERLIN)
    assert (start, end) == (at("2021-10-31T00:00+02:00"), at("2021-11-01T00:00+01:00"))


def test_a_day_whose_midnight_does_not_exist_begins_after_the_gap() -> None:
    assert span("after:2018-11-04", SAO_PAULO)[0] == at("2018-11-04T01:00-02:00")
    assert span("before:2018-11-04", SAO_PAULO)[1] == at("2018-11-04T01:00-02:00")


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    assert span("after:2021-11-07", HAVANA)[0] == at("2021-11-07T00:00-04:00")


def test_days_back_across_a_change_of_the_clocks_are_still_whole_days() -> None:
    now = datetime(2021, 3, 30, 10, 0, tzinfo=UTC)
    assert span("after:7d", BERLIN, now)[0] == at("2021-03-23T00:00+01:00")


def test_a_month_back_from_the_31st_is_the_last_day_there_is() -> None:
    now = datetime(2021, 3, 31, 12, 0, tzinfo=UTC)
    assert span("after:1m", UTC, now)[0] == at("2021-02-28T00:00Z")
    assert span("after:1y", UTC, datetime(2020, 2, 29, 12, 0, tzinfo=UTC))[0] == at("2019-02-28T00:00Z")


@pytest.mark.parametrize(
    "text", ["after:999999y", "after:999999d", "after:999999h", "after:0001-01-01", "on:9999-12-31", "on:9999"]
)
def test_the_ends_of_the_calendar_are_no_error(text: str) -> None:
    for zone in (UTC, NEW_YORK, KOLKATA, None):
        span(text, zone)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2037, 12, 30)),
    st.sampled_from([UTC, NEW_YORK, BERLIN, KOLKATA, SAO_PAULO, HAVANA]),
    st.sampled_from(["day", "month", "year"]),
)
def test_before_on_and_after_share_their_ends(day: date, zone: tzinfo, precision: str) -> None:
    first = day.replace(day=1) if precision != "day" else day
    first = first.replace(month=1) if precision == "year" else first

    def of(operator: DateOperator) -> tuple[int | None, int | None]:
        return span_of(When(operator, first, precision), NOW, zone)  # type: ignore[arg-type]

    start, end = of("on")
    assert of("after") == (start, None)
    assert of("before") == (None, start)
    assert start is not None and end is not None and start < end
    inside = datetime.fromtimestamp(start, zone)
    assert inside.date() == first
    assert (datetime.fromtimestamp(start - 1, zone).date(), datetime.fromtimestamp(end - 1, zone).date()) < (
        first,
        date.max,
    )
    assert datetime.fromtimestamp(end, zone).date() > datetime.fromtimestamp(end - 1, zone).date()
    assert timedelta(hours=22) < timedelta(seconds=end - start)


def test_without_a_zone_days_are_those_of_the_system() -> None:
    start, _ = span("after:2020-08-28", None)
    assert start == int(datetime(2020, 8, 28).timestamp())
