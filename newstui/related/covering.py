"""Which articles cover the event of another one, and which of those only repeat each other: what the list counts and
what the article shows are one and the same. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple

from newstui.related.likeness import Text, repeats
from newstui.related.terms import Glance

_COPY = 1
_ANY = Glance((), "")
_ONE = 1 << 30


class Found(NamedTuple):
    """Another article, as it was judged when the story was last looked at."""

    number: int
    """`Document.number` of the other."""
    score: float
    copy: bool
    """The text of the article itself, elsewhere."""


def unknown() -> Glance:
    """Return the glance of a source whose letters are not known: it may repeat anything."""
    return _ANY


class Source(NamedTuple):
    """Something that covers an event, given or found, as far as telling copies apart needs it."""

    key: int
    published: float
    """Seconds since 1970-01-01 UTC; 0 when unknown."""
    copy: bool
    """Known to be a copy of the article that was asked about."""
    text: Callable[[], Text]
    """Its words; asked for when there is another text that it may repeat, which most of the time there is not."""
    glance: Callable[[], Glance] = unknown
    """What shows quickly that it repeats nothing."""


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
    originals: list[tuple[Source, Glance]] = []
    ordered = sorted(sources, key=lambda source: (source.copy, source.published, source.key))
    for one in ordered:
        if one.copy:
            copies.add(one.key)
            continue
        glance = one.glance() if len(ordered) > 1 else _ANY
        for original, other in originals:
            if glance.may_repeat(other) and repeats(one.text(), original.text()):
                copies.add(one.key)
                break
        else:
            originals.append((one, glance))
    return copies
