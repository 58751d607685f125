"""Which articles make up a story: average link over probabilities, so that stories neither chain nor swallow a site.

The two groups whose members are most likely to tell of the same event become one, again and again, while the mean
over all pairs between them is high enough. One strong link between two big groups is not enough. Stories that exist
already come in as groups, so a story only ever grows, and the same code serves one new article and a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

AVERAGE = 0.5
"""Mean probability between two groups from which they become one."""
UNJUDGED = 0.2
"""Probability of a pair that was not worth judging or fell out of a list of nearest articles."""
WORTH_JUDGING = 0.1
"""Pairs less near than this were never above the cut (389 of 718 judged pairs; 3 of 126 true ones are among them)."""


def merge_groups(sizes: Mapping[int, int], links: Iterable[tuple[int, int, float, int]]) -> dict[int, list[int]]:
    """Return the groups that become one: the lowest of their numbers → all of them (itself included).

    Args:
        sizes: group → number of articles in it.
        links: (group, other group, sum of the probabilities of their judged pairs, number of those pairs). Each pair of
            groups may come several times; what it says is added up.
    """
    size = dict(sizes)
    surplus = _add_up(links)
    parts: dict[int, list[int]] = {group: [group] for group in size}

    def mean(one: int, other: int) -> float:
        return surplus[one][other] / (size[one] * size[other]) + UNJUDGED

    heap = [
        (-value, one, other)
        for one, others in surplus.items()
        for other in others
        if one < other and (value := mean(one, other)) >= AVERAGE
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
            if (likely := mean(group, neighbour)) >= AVERAGE:
                heappush(heap, (-likely, neighbour, group))
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
