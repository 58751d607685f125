"""How probable it is that two articles tell of the same event.

A logistic model over what the pair and its surroundings show. Its coefficients were fitted on hand-judged pairs (see
docs/notes/related-coverage.md); no word, site or provider is known to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from math import exp, log1p
from typing import NamedTuple

from newstui.related.document import Document
from newstui.related.terms import FLAGS, IN_TITLE
from newstui.related.window import DAY, NEIGHBOURS, Opened, Window, decay_of

CUT = 0.7
"""From this probability on, an article is shown as coverage (judged, queries left out: precision .86, recall .82)."""
SERIES = 0.07
"""Highest probability of a pair of one series: of 15 judged ones, 14 told of different events."""
_CLOSE, _FAR = 10, 6
"""Neighbours that are compared with those of another article, and those that tell what lies around. The nearer ones
among the latter belong to the event itself when 20 articles tell of it."""
_AROUND_KEPT = 8_192
"""Documents whose surroundings are kept: about 20 MB."""
COPY_DAYS = 3.0
"""Copies of a text appear within this time; the same headline later is usually a series."""


class Features(NamedTuple):
    """What a pair shows. `given` aside, nothing depends on which of the two is asked about."""

    nearness: float
    decay: float
    """e^(−days/4)."""
    same_day: float
    """e^(−days): stages of one affair are a day or two apart."""
    given: float
    """1 when one of the records lists the other as related."""
    support_low: float
    """How near the one is to the other's best neighbours; the lower of both directions."""
    support_high: float
    shared_neighbours: float
    """Share of their ten nearest that they have in common."""
    crowd: float
    """`shared_neighbours` × how near what usually lies around both is: in a crowd, common neighbours say less."""
    bridges: float
    """log(1 + number of all their neighbours in common)."""
    bridge: float
    """How near the best of those is to the one it is farther from: a third report joins two that share few words."""
    rare: float
    """log(1 + number of rare terms in common)."""
    length: float
    """Terms of the shorter one, in fifties: long texts share words by chance."""
    house: float
    """For two of one provider, the share of a title's weight that the other title lacks (the lower of both), else 0:
    what they share may be what it always writes below."""
    rank: float
    """−log(1 + rank) of each in the other's list, added up."""


COEFFICIENTS = Features(
    nearness=5.122,
    decay=0.553,
    same_day=1.476,
    given=0.686,
    support_low=1.693,
    support_high=0.757,
    shared_neighbours=2.456,
    crowd=-10.223,
    bridges=0.574,
    bridge=5.521,
    rare=0.607,
    length=-0.903,
    house=-2.134,
    rank=-0.076,
)
INTERCEPT = -6.551


class Judgement(NamedTuple):
    """What is known of a pair."""

    probability: float
    """0..1: that both tell of the same event."""
    copy: bool
    """The same text elsewhere."""


class Likeness:
    """Judges pairs of documents of one window, whose nearest neighbours are known."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._surroundings: dict[int, _Around] = {}

    def judge(self, first: Document, second: Document) -> Judgement:
        """Say how probable it is that two documents tell of the same event."""
        one, other = self._window.open(first), self._window.open(second)
        if is_copy(one, other):
            return Judgement(0.99, True)
        features = self.features(one, other)
        total = INTERCEPT + sum([value * factor for value, factor in zip(features, COEFFICIENTS, strict=True)])
        probability = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
        if self._is_series(one, other):
            probability = min(probability, SERIES)
        return Judgement(probability, False)

    def _rare_from(self) -> float:
        """Return the weight from which a term is rare (in a collection of 3,000: in at most 4 % of the articles)."""
        return 0.4 * self._window.frequencies.highest

    def _is_series(self, one: Opened, other: Opened) -> bool:
        """Say whether a provider repeats its own headline with another rare word: "How to grow beans", "… carrots"."""
        if one.document.provider != other.document.provider or not one.document.provider:
            return False
        if len(one.title & other.title) * 2 < max(len(one.title), len(other.title)):
            return False
        rare_from = self._rare_from()
        return all(
            any(here.weights[term] > rare_from for term in here.title - there.everything)
            for here, there in ((one, other), (other, one))
        )

    def features(self, one: Opened, other: Opened) -> Features:
        """Return what the pair shows."""
        first, second = one.document, other.document
        days = abs(first.seconds - second.seconds) / DAY
        here, there = self._around(first), self._around(second)
        supports = _support(here, there), _support(there, here)
        weights = one.weights
        rare_from = self._rare_from()
        shared = len(here.closest & there.closest) / len(here.closest | there.closest)
        common = here.nearness.keys() & there.nearness.keys()
        return Features(
            nearness=self._window.nearness(one, other),
            decay=decay_of(days),
            same_day=exp(-days),
            given=float(second.key in first.given or first.key in second.given),
            support_low=min(supports),
            support_high=max(supports),
            shared_neighbours=shared,
            crowd=shared * (here.background + there.background) / 2,
            bridges=log1p(len(common)),
            bridge=max([min(here.nearness[number], there.nearness[number]) for number in common], default=0.0),
            rare=log1p(sum([weights[term] > rare_from for term in one.everything & other.everything])),
            length=min(len(one.everything), len(other.everything)) / 50,
            house=_title_lacking(one, other) if first.provider == second.provider != 0 else 0.0,
            rank=-log1p(here.rank_of(second.number)) - log1p(there.rank_of(first.number)),
        )

    def _around(self, document: Document) -> _Around:
        """Return what is around a document; it is asked for once for each of its neighbours."""
        known = self._surroundings.get(document.number)
        if known is None or known.near is not document.near:
            if len(self._surroundings) >= _AROUND_KEPT:
                self._surroundings.clear()
            known = self._surroundings[document.number] = _Around(document)
        return known


class _Around:
    """What lies around a document: its list of nearest ones, as pairs are judged by it."""

    __slots__ = ("background", "best", "closest", "near", "nearness", "number")

    def __init__(self, document: Document) -> None:
        near = document.near or []
        self.number = document.number
        self.near = document.near
        """The list it was made from."""
        self.nearness = {number: value for value, number in near}
        """Number → how near it is, the nearest first."""
        self.best = [(number, value * value) for value, number in near[:6]]
        """The nearest, with their weight."""
        self.closest = {document.number, *[number for _, number in near[:_CLOSE]]}
        self.background = sum([value for value, _ in near[NEIGHBOURS - _FAR :]]) / _FAR
        """The mean nearness of the last neighbours kept: what lies around when nothing matches."""

    def rank_of(self, number: int) -> int:
        """Return where another one stands in the list, from 0; past the end when it is not there."""
        return list(self.nearness).index(number) if number in self.nearness else NEIGHBOURS


def _title_lacking(one: Opened, other: Opened) -> float:
    """Return the share of a title's weight that the other title lacks; the lower of both."""
    return 1 - sum(map(one.weights.__getitem__, one.title & other.title)) / min(one.mass, other.mass)


def _support(one: _Around, other: _Around) -> float:
    """Return how near the best five other neighbours of the first are to the other."""
    total = weight = 0.0
    for number, share in [near for near in one.best if near[0] != other.number][:5]:
        total += share * other.nearness.get(number, 0.0)
        weight += share
    return total / weight if weight else 0.0


def is_copy(one: Opened, other: Opened) -> bool:
    """Say whether two documents are the same text in two places."""
    if abs(one.document.seconds - other.document.seconds) > COPY_DAYS * DAY or one.numbers != other.numbers:
        return False
    if _is_same_text(one.title, one.everything, other.title, other.everything):
        return True
    return len(one.title) >= 4 and one.title == other.title and one.document.provider != other.document.provider


class Text(NamedTuple):
    """The words of an article, for telling copies."""

    title: AbstractSet[int]
    everything: AbstractSet[int]


def text_of(terms: Iterable[int]) -> Text:
    """Return the words of an article (see `terms.py`)."""
    packed = list(terms)
    return Text(
        frozenset([term & ~FLAGS for term in packed if term & IN_TITLE]),
        frozenset([term & ~FLAGS for term in packed]),
    )


def repeats(one: Text, other: Text) -> bool:
    """Say whether two articles have the same words, title or all."""
    return (len(one.title) >= 4 and one.title == other.title) or _is_same_text(*one, *other)


def _is_same_text(
    title: AbstractSet[int], everything: AbstractSet[int], other_title: AbstractSet[int], other: AbstractSet[int]
) -> bool:
    """Say whether two texts have 85 % of their words in common (and enough words to tell).

    Titles that differ by an exchange, not an addition, belong to a series that repeats its own words ("How to grow
    beans", "How to grow carrots").
    """
    few, many = len(everything), len(other)
    if few > many:
        few, many = many, few
    if few < 8 or few * 100 < 85 * many or not (title <= other or other_title <= everything):
        return False
    shared = len(everything & other)
    return shared >= 8 and shared * 100 >= 85 * many
