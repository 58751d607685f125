"""The Top order: quality, heat, coverage and age together, each part shown when the reader asks why.

Every part is a whole number of points, so that the sum, the parts and the order can never disagree:

    quality      0..40   half at 60
    heat         0..25   half at 100; none when it is not the head of its story
    coverage     0..20   half at 3 other articles
    age        -60..60   60 when just published, 12 less each time the age doubles from half a day on

So a plain article of today stands beside the best of last month, and nothing of last year comes near. The
half-values are the medians of the records counted for the format (quality 44..87, heat of covered heads about 100).
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

QUALITY_POINTS, QUALITY_HALF = 40, 60
HEAT_POINTS, HEAT_HALF = 25, 100
COVERAGE_POINTS, COVERAGE_HALF = 20, 3
AGE_POINTS, AGE_LOSS, AGE_STEP_SECONDS = 60, 12, 12 * 3600


class TopPart(NamedTuple):
    """One reason why an article stands where it stands."""

    name: str
    """quality, heat, coverage or age."""
    value: int | None
    """What the article has; for age seconds. None when it does not say."""
    points: int
    """What it adds; what it takes away when negative."""
    most: int
    """What it could add."""


def explain_top(
    quality: int | None, heat: int | None, coverage: int, published: int | None, now: int
) -> tuple[TopPart, ...]:
    """Return the parts of the score, in the order they are shown. Times are seconds since 1970 UTC."""
    age = None if published is None else max(now - published, 0)
    return (
        TopPart("quality", quality, rising(quality, QUALITY_POINTS, QUALITY_HALF), QUALITY_POINTS),
        TopPart("heat", heat, rising(heat, HEAT_POINTS, HEAT_HALF), HEAT_POINTS),
        TopPart("coverage", coverage, rising(coverage, COVERAGE_POINTS, COVERAGE_HALF), COVERAGE_POINTS),
        TopPart("age", age, ageing(age), AGE_POINTS),
    )


def top_score(quality: int | None, heat: int | None, coverage: int, published: int | None, now: int) -> int:
    """Return the sum of the parts; more is higher up."""
    age = None if published is None else max(now - published, 0)
    return (
        rising(quality, QUALITY_POINTS, QUALITY_HALF)
        + rising(heat, HEAT_POINTS, HEAT_HALF)
        + rising(coverage, COVERAGE_POINTS, COVERAGE_HALF)
        + ageing(age)
    )


def rising(value: int | None, points: int, half: int) -> int:
    """Return the points of a number that counts more the greater it is: half of them at `half`, never all."""
    return 0 if value is None or value <= 0 else points * value // (value + half)


def ageing(seconds: int | None) -> int:
    """Return the points of an age; the fewest there are when it is not known."""
    if seconds is None:
        return -AGE_POINTS
    return max(AGE_POINTS - int(AGE_LOSS * log2(1 + max(seconds, 0) / AGE_STEP_SECONDS)), -AGE_POINTS)
