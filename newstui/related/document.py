"""One article as the comparison sees it: terms, time, who, and its nearest neighbours."""

from __future__ import annotations

from array import array
from typing import NamedTuple


class Neighbour(NamedTuple):
    """Another article and how near it is."""

    nearness: float
    """Cosine of the weighted terms × (.5 + .5·e^(−days/4)), 0..1."""
    number: int
    """`Document.number` of the other article."""


class Document:
    """One article; made by the hundred thousand, so with slots."""

    __slots__ = ("collection", "given", "key", "near", "number", "provider", "seconds", "story", "terms")

    def __init__(
        self,
        number: int,
        key: int,
        seconds: int,
        collection: int,
        provider: int,
        terms: array[int],
        given: frozenset[int] = frozenset(),
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
        self.near: list[Neighbour] | None = None
        """Nearest articles, nearest first; None when not compared yet. Replaced, never changed."""
        self.story = 0
        """Key of the article that founded its story; 0 when alone."""

    def meet(self, neighbour: Neighbour, limit: int) -> bool:
        """Take another article among the nearest if it is near enough; say whether it was."""
        near = self.near
        if near is None or (len(near) >= limit and near[-1].nearness >= neighbour.nearness):
            return False
        if any(known.number == neighbour.number for known in near):
            return False
        self.near = sorted([*near, neighbour], reverse=True)[:limit]
        return True
