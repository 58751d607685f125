"""Which articles cover the event of another one, and which of those only repeat each other: what the list counts and
what the article shows are one and the same. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple

from newstui.related.likeness import Text, repeats

_COPY = 1
_ONE = 1 << 30


class Found(NamedTuple):
    """Another article, as it was judged when the story was last looked at."""

    number: int
    """`Document.number` of the other."""
    score: float
    copy: bool
    """The text of the article itself, elsewhere."""


class Source(NamedTuple):
    """Something that covers an event, given or found, as far as telling copies apart needs it."""

    key: int
    published: float
    """Seconds since 1970-01-01 UTC; 0 when unknown."""
    copy: bool
    """Known to be a copy of the article that was asked about."""
    text: Callable[[], Text]
    """Its words; asked for when there is another text to compare it with, which most of the time there is not."""


def pack_found(found: Iterable[Found]) -> bytes:
    """Return what was found as kept: number, and score with the mark of a copy, 32 bits each."""
    return array(
        "I", [part for one in found for part in (one.number, int(one.score * _ONE) << 1 | (_COPY if one.copy else 0))]
    ).tobytes()


def unpack_found(blob: bytes) -> list[Found]:
    """Return what `pack_found` kept."""
    numbers = array("I", blob)
    return [
        Found(number, (packed >> 1) / _ONE, bool(packed & _COPY))
        for number, packed in zip(numbers[::2], numbers[1::2], strict=True)
    ]


def copies_among(sources: Iterable[Source]) -> set[int]:
    """Return the keys of those that repeat the text of the article, or of an earlier source."""
    copies: set[int] = set()
    originals: list[Source] = []
    for one in sorted(sources, key=lambda source: (source.copy, source.published, source.key)):
        if one.copy or (originals and _repeats_any(one.text(), originals)):
            copies.add(one.key)
        else:
            originals.append(one)
    return copies


def _repeats_any(text: Text, originals: Iterable[Source]) -> bool:
    return any(repeats(text, original.text()) for original in originals)
