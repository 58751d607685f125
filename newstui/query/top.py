"""The Top order: quality, heat, age and coverage together, each part shown when the reader asks why.

Every part is a whole number of points, so that the sum, the parts and the order can never disagree:

    quality    0..40   its rank among the articles at hand would move with them, so a fixed curve: half at 60
    heat       0..25   half at 100; none when it is not the head of its story
    coverage   0..20   half at 3 other articles
    age        0..60   half after a day and a half; it outweighs any one of the others, so that news stay on top

Half-values: medians of the records counted for the format (quality 44..87, heat of heads with coverage about 100).
"""

from __future__ import annotations

from typing import NamedTuple

QUALITY_POINTS, QUALITY_HALF = 40, 60
HEAT_POINTS, HEAT_HALF = 25, 100
COVERAGE_POINTS, COVERAGE_HALF = 20, 3
AGE_POINTS, AGE_HALF_SECONDS = 60, 36 * 3600


class TopPart(NamedTuple):
    """One reason why an article stands where it stands."""

    name: str
    """quality, heat, coverage or age."""
    value: int | None
    """What the article has; for age seconds. None when it does not say."""
    points: int
    """What it adds."""
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
        TopPart("age", age, falling(age, AGE_POINTS, AGE_HALF_SECONDS), AGE_POINTS),
    )


def top_score(quality: int | None, heat: int | None, coverage: int, published: int | None, now: int) -> int:
    """Return the sum of the parts; more is higher up."""
    age = None if published is None else max(now - published, 0)
    return (
        rising(quality, QUALITY_POINTS, QUALITY_HALF)
        + rising(heat, HEAT_POINTS, HEAT_HALF)
        + rising(coverage, COVERAGE_POINTS, COVERAGE_HALF)
        + falling(age, AGE_POINTS, AGE_HALF_SECONDS)
    )


def rising(value: int | None, points: int, half: int) -> int:
    """Return the points of a number that counts more the greater it is: half of them at `half`, never all."""
    return 0 if value is None or value <= 0 else points * value // (value + half)


def falling(value: int | None, points: int, half: int) -> int:
    """Return the points of a number that counts less the greater it is; none when it is not known."""
    return 0 if value is None else points * half // (max(value, 0) + half)
