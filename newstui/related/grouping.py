"""Which articles make up a story: average link over probabilities, so that stories neither chain nor swallow a site.

The two groups whose members are most likely to tell of the same event become one, again and again, while the mean
over all pairs between them is high enough; then each article goes where it fits best. One strong link between two big
groups is not enough. Two articles whose records list each other count as likelier than their words say; and what is
(nearly) alone after all that goes where its record and the other one's both say. Stories that exist already come in as
groups and stay as they are unless grouping their articles anew agrees clearly better with the evidence: so what was
joined wrongly is split when more is known, and the same code serves one new article and a million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import exp, log1p, log2

from newstui.related.document import Document

AVERAGE = 0.5
"""Mean probability between two groups from which they become one of 16; an article stays where it fits so well."""
_AVERAGE_OF_TWO, _BIG, _HIGHER = 0.4, 16, 0.2
"""The same between two articles, the size at which it is `AVERAGE`, and by how much it rises with each doubling then.
Big stories draw more: without it, the biggest one of the judged sites had 37 of 3,252 articles, with it 25 to 27."""
UNJUDGED = 0.12
"""Probability of a pair that was not worth judging or fell out of a list of nearest articles."""
WORTH_JUDGING = 0.1
"""Pairs less near than this were never above the cut (389 of 718 judged pairs; 3 of 126 true ones are among them)."""
MUTUAL = 2.5
"""What two records that list each other add to the logit; the others both are linked with add log(1 + their number)."""
MUTUAL_ALONE, FEW = 5.0, 4
"""What they add besides for a group of no more than so many articles, which nothing else has placed."""
_CLEARLY = 0.5
"""By how much another grouping has to agree better before an article leaves its story: half a sure pair."""
_ROUNDS = 10
"""Times every article is looked at; three are usually enough."""

Pairs = Mapping[tuple[int, int], float]
"""(number, number) of two articles → probability that both tell of the same event; each pair once."""
Partners = Mapping[int, AbstractSet[int]]
"""Article → those that its record lists and whose records list it."""


def regroup(parts: Sequence[Sequence[int]], pairs: Pairs, partners: Partners | None = None) -> list[list[int]]:
    """Return all articles in groups, those that are alone included.

    Args:
        parts: the articles by number as they are grouped now, each in one part.
        pairs: what was judged of them, all partners included.
        partners: only of articles that have some.
    """
    partners = partners or {}
    likely = _with_partners(pairs, partners)
    held = frozenset(number for part in parts if len(part) > 1 for number in part)
    groups = _settle(_joined(parts, likely), likely, held)
    if held:
        fresh = _settle(_joined([[number] for part in parts for number in part], likely), likely)
        groups = _better_of(groups, fresh, likely)
    return _with_alone(groups, likely, partners) if partners else groups


def _raised(probability: float, logit: float) -> float:
    return 1.0 if probability >= 1.0 else 1 / (1 + (1 / max(probability, 1e-9) - 1) * exp(-logit))


def _with_partners(pairs: Pairs, partners: Partners) -> Pairs:
    """Return the pairs, those likelier that list each other or are both linked with others."""
    if not partners:
        return pairs
    nobody: frozenset[int] = frozenset()
    likely = dict(pairs)
    for (one, other), probability in pairs.items():
        linked = partners.get(one, nobody)
        if linked and (others := partners.get(other, nobody)):
            logit = log1p(len(linked & others)) + (MUTUAL if other in linked else 0.0)
            if logit:
                likely[one, other] = _raised(probability, logit)
    return likely


def _with_alone(groups: list[list[int]], likely: Pairs, partners: Partners) -> list[list[int]]:
    """Join small groups with what their articles and the other ones list each other."""
    small = {
        number
        for group in groups
        if len(group) <= FEW and any(number in partners for number in group)
        for number in group
    }
    if not small:
        return groups
    raised = {
        (one, other): _raised(probability, MUTUAL_ALONE) if other in partners.get(one, ()) else probability
        for (one, other), probability in likely.items()
        if one in small or other in small
    }
    return _joined(groups, raised, lambda _: AVERAGE)


def needed(articles: int) -> float:
    """Return the mean probability between two groups from which they become one of so many articles."""
    if articles >= _BIG:
        return AVERAGE + _HIGHER * log2(articles / _BIG)
    return _AVERAGE_OF_TWO + (AVERAGE - _AVERAGE_OF_TWO) * log2(articles / 2) / log2(_BIG / 2)


def _joined(parts: Sequence[Sequence[int]], pairs: Pairs, average: Callable[[int], float] = needed) -> list[list[int]]:
    """Join parts by average link."""
    place = {number: group for group, part in enumerate(parts) for number in part}
    links = [
        (place[one], place[other], likely, 1) for (one, other), likely in pairs.items() if place[one] != place[other]
    ]
    merged = merge_groups({group: len(part) for group, part in enumerate(parts)}, links, average)
    absorbed = {group for groups in merged.values() for group in groups}
    alone = [list(part) for group, part in enumerate(parts) if group not in absorbed]
    return alone + [[number for group in groups for number in parts[group]] for groups in merged.values()]


def merge_groups(
    sizes: Mapping[int, int],
    links: Iterable[tuple[int, int, float, int]],
    average: Callable[[int], float] = needed,
) -> dict[int, list[int]]:
    """Return the groups that become one: the lowest of their numbers → all of them (itself included).

    Args:
        sizes: group → number of articles in it.
        links: (group, other group, sum of the probabilities of their judged pairs, number of those pairs). Each pair of
            groups may come several times; what it says is added up.
        average: number of articles of two groups together → mean probability between them from which they become one.
    """
    size = dict(sizes)
    surplus = _add_up(links)
    parts: dict[int, list[int]] = {group: [group] for group in size}

    def above(one: int, other: int) -> float:
        here, there = size[one], size[other]
        return surplus[one][other] / (here * there) + UNJUDGED - average(here + there)

    heap = [
        (-value, one, other)
        for one, others in surplus.items()
        for other in others
        if one < other and (value := above(one, other)) >= 0
    ]
    heapify(heap)
    following = max(size, default=0) + 1
    while heap:
        _, one, other = heappop(heap)
        if one not in parts or other not in parts:
            continue
        group, following = following, following + 1
        parts[group] = parts.pop(one) + parts.pop(other)
        size[group] = size[one] + size[other]
        joined, more = surplus.pop(one), surplus.pop(other)
        del joined[other], more[one]
        for neighbour, value in more.items():
            joined[neighbour] = joined.get(neighbour, 0.0) + value
        surplus[group] = joined
        for neighbour, value in joined.items():
            around = surplus[neighbour]
            around.pop(one, None)
            around.pop(other, None)
            around[group] = value
            if (value := above(group, neighbour)) >= 0:
                heappush(heap, (-value, neighbour, group))
    return {min(members): sorted(members) for members in parts.values() if len(members) > 1}


def _add_up(links: Iterable[tuple[int, int, float, int]]) -> dict[int, dict[int, float]]:
    """Return, for each pair of groups, by how much its judged pairs exceed what unjudged ones would give."""
    surplus: dict[int, dict[int, float]] = {}
    for one, other, total, count in links:
        value = total - count * UNJUDGED
        for left, right in ((one, other), (other, one)):
            row = surplus.setdefault(left, {})
            row[right] = row.get(right, 0.0) + value
    return surplus


def _settle(groups: Sequence[Sequence[int]], pairs: Pairs, held: frozenset[int] = frozenset()) -> list[list[int]]:
    """Move each article to the group it agrees with most, or out of one it does not agree with, until all stay.

    Args:
        held: articles of stories that exist; they move only when the gain is clear.
    """
    around: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for (one, other), likely in pairs.items():
        around[one].append((other, likely - UNJUDGED))
        around[other].append((one, likely - UNJUDGED))
    place = {number: group for group, members in enumerate(groups) for number in members}
    size = [len(members) for members in groups]
    for _ in range(_ROUNDS):
        moved = False
        for number in sorted(around):
            here = place[number]
            gains: defaultdict[int, float] = defaultdict(float, {here: 0.0})
            for other, value in around[number]:
                gains[place[other]] += value
            for group in gains:
                gains[group] -= _price(size[group] - (group == here))
            best = max(gains, key=lambda group: (gains[group], group == here))
            gain = max(gains[best], 0.0) - gains[here]
            if gain <= (_CLEARLY if number in held else 1e-9):
                continue
            if gains[best] < 0:
                best = len(size)
                size.append(0)
            size[here] -= 1
            size[best] += 1
            place[number] = best
            moved = True
        if not moved:
            break
    return _by_group(place)


@lru_cache(1_024)
def _price(others: int) -> float:
    """Return by how much the pairs of an article with so many others have to exceed unjudged ones for it to stay."""
    return (max(AVERAGE, needed(others)) - UNJUDGED) * others if others else 0.0


@lru_cache(1_024)
def _price_of_all(articles: int) -> float:
    """Return the price of a group: that of each article when it joins those before it."""
    return sum(map(_price, range(articles)))


def _by_group(place: Mapping[int, int]) -> list[list[int]]:
    members: dict[int, list[int]] = {}
    for number in sorted(place):
        members.setdefault(place[number], []).append(number)
    return list(members.values())


def _better_of(kept: Sequence[list[int]], fresh: Sequence[list[int]], pairs: Pairs) -> list[list[int]]:
    """Take the new groups wherever they agree clearly better with the pairs than those that overlap them."""
    kept_of = {number: group for group, members in enumerate(kept) for number in members}
    fresh_of = {number: group for group, members in enumerate(fresh) for number in members}
    gain: defaultdict[int, float] = defaultdict(float)
    knot = _knots(kept_of, fresh_of)
    for sign, groups in ((1, fresh), (-1, kept)):
        for members in groups:
            gain[knot[members[0]]] -= sign * _price_of_all(len(members))
    for (one, other), likely in pairs.items():
        together = (fresh_of[one] == fresh_of[other]) - (kept_of[one] == kept_of[other])
        if together:
            gain[knot[one]] += together * (likely - UNJUDGED)
    chosen = [members for members in kept if gain[knot[members[0]]] <= _CLEARLY]
    return chosen + [members for members in fresh if gain[knot[members[0]]] > _CLEARLY]


def _knots(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    """Return article → a number that all articles have whose groups, in either grouping, overlap."""
    leader = {number: number for number in one}

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for grouping in (one, other):
        first: dict[int, int] = {}
        for number, group in grouping.items():
            leader[lead(number)] = lead(first.setdefault(group, number))
    return {number: lead(number) for number in one}


def name_stories(
    groups: Iterable[Sequence[Document]], is_taken: Callable[[int], bool]
) -> tuple[list[Document], list[tuple[int, int]]]:
    """Give the articles of each group one story; return those that changed, and (story, story absorbed by it).

    A story's name is the key of the article that founded it. When a story is split, the part with its founder keeps the
    name (the biggest part when the founder is alone now); when stories join, the name of the biggest stays.

    Args:
        is_taken: says whether a story outside these groups has this name.
    """
    stories = [list(members) for members in groups]
    shares: dict[int, dict[int, int]] = {}
    founded: dict[int, int] = {}
    for group, members in enumerate(stories):
        for one in members if len(members) > 1 else ():
            if one.story:
                of = shares.setdefault(one.story, {})
                of[group] = of.get(group, 0) + 1
                if one.key == one.story:
                    founded[one.story] = group
    keeper = {
        name: founded.get(name, max(of, key=lambda group: (of[group], -group))) for name, of in sorted(shares.items())
    }
    names: dict[int, list[int]] = {}
    for name, group in keeper.items():
        names.setdefault(group, []).append(name)
    changed: list[Document] = []
    absorbed: list[tuple[int, int]] = []
    for group, members in enumerate(stories):
        if len(members) == 1:
            story = 0
        elif group in names:
            story = min(names[group], key=lambda name: (-shares[name][group], name))
            absorbed += [(story, name) for name in names[group] if name != story]
        else:
            founders = [key for _, key in sorted((one.seconds, one.key) for one in members)]
            story = next((key for key in founders if key not in keeper and not is_taken(key)), founders[0])
        for one in members:
            if one.story != story:
                one.story = story
                changed.append(one)
    return changed, absorbed
