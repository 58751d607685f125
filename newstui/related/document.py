"""One article as the comparison sees it: terms, time, who, and its nearest neighbours."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

_ONE = 1 << 31
"""A nearness of 1 in a packed list."""


class Neighbour(NamedTuple):
    """Another article and how near it is."""

    nearness: float
    """Cosine of the weighted terms × (.5 + .5·e^(−days/4)), 0..1."""
    number: int
    """`Document.number` of the other article."""


def pack_near(near: Iterable[Neighbour]) -> bytes:
    """Return a list of nearest articles as kept: number and nearness, 32 bits each."""
    return array("I", [part for nearness, number in near for part in (number, int(nearness * _ONE))]).tobytes()


def unpack_near(blob: bytes) -> list[Neighbour]:
    """Return what `pack_near` kept."""
    numbers = array("I", blob)
    return list(map(Neighbour._make, zip([packed / _ONE for packed in numbers[1::2]], numbers[::2], strict=True)))


class Document:
    """One article; made by the hundred thousand, so with slots, and with a list that is unpacked when it is wanted."""

    __slots__ = (
        "_near", "_packed", "collection", "given", "is_compared", "key", "number", "provider", "seconds", "story",
        "terms",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        key: int,
        seconds: int,
        collection: int,
        provider: int,
        terms: array[int],
        given: frozenset[int] = frozenset(),
        packed_near: bytes | None = None,
    ) -> None:
        self.number = number
        """Small identity inside one index."""
        self.key = key
        """`Article.key`."""
        self.seconds = seconds
        """Published: seconds since 1970-01-01 UTC."""
        self.collection = collection
        """Any number that stands for the collection."""
        self.provider = provider
        """Any number that stands for the provider; 0 when unknown."""
        self.terms = terms
        """See `terms.py`."""
        self.given = given
        """Keys of the articles its record lists as related."""
        self._near: list[Neighbour] | None = None
        self._packed = packed_near
        self.is_compared = packed_near is not None
        """Whether its nearest articles are known."""
        self.story = 0
        """Key of the article that founded its story; 0 when alone."""

    @property
    def near(self) -> list[Neighbour] | None:
        """Nearest articles, nearest first; None when not compared yet. Replaced, never changed."""
        if self._packed is not None:
            self._near, self._packed = unpack_near(self._packed), None
        return self._near

    @near.setter
    def near(self, near: list[Neighbour]) -> None:
        self._near, self._packed, self.is_compared = near, None, True

    def meet(self, neighbour: Neighbour, limit: int) -> bool:
        """Take another article among the nearest if it is near enough; say whether it was."""
        near = self.near
        if near is None or (len(near) >= limit and near[-1].nearness >= neighbour.nearness):
            return False
        if any(known.number == neighbour.number for known in near):
            return False
        self.near = sorted([*near, neighbour], reverse=True)[:limit]
        return True
