"""Finding articles: a query as typed, or already read, becomes a `Listing`; and completing one while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from newstui.errors import QueryError
from newstui.library.listing import Facet, Listing
from newstui.model import Headline
from newstui.query.complete import Candidate, complete
from newstui.query.fields import SORTS, nearest
from newstui.query.match import Moment
from newstui.query.nodes import Query, Sort, SortName, ValueField
from newstui.query.suggest import nearest_values
from newstui.query.views import expand, known_views
from newstui.records import dataclass, field
from newstui.store.select import Selector


@dataclass(frozen=True, slots=True)
class Finder:
    """Everything a search needs of one state of the library."""

    selector: Selector
    headlines: Callable[[Sequence[int]], list[Headline]]
    """Row numbers → rows with their marks, in the same order; what is gone is left out."""
    views: Mapping[str, str] = field(default_factory=dict)
    """Saved queries by name; the built-in views need not be among them."""
    topic_order: Mapping[str, int] = field(default_factory=dict)
    """Topic → its place in the sites' own order."""
    own_tags: Callable[[], Iterable[tuple[str, int]]] = lambda: ()
    """The reader's tags, each with how many articles have it."""

    def find(
        self, query: Query | str, moment: Moment, *, sort: str | None = None, keep_rows: Iterable[int] = ()
    ) -> Listing:
        """Return what matches; nothing is looked up before the listing is asked. Raises QueryError."""
        read = expand(query, self.views) if isinstance(query, str) else query
        order = parse_sort(sort) if sort else None
        return Listing(
            read,
            self.selector,
            moment,
            self.headlines,
            sort=order,
            keep_rows=keep_rows,
            topic_order=self.topic_order,
        )

    def complete(self, text: str, column: int, moment: Moment) -> list[Candidate]:
        """Return what may follow at a column of a query, values with how many articles have them."""
        return complete(text, column, lambda name: self._values(name, moment))

    def nearest_values(self, query: Query, moment: Moment) -> list[str]:
        """Return conditions to be tried where the query names values that nothing has, the nearest spelling."""

        def known(name: ValueField) -> list[str]:
            names = [value for value, _ in self._values(name, moment)]
            return names + [value for value, _ in self._values("domain", moment)] if name == "provider" else names

        return nearest_values(query, known)

    def _values(self, name: str, moment: Moment) -> list[tuple[str, int]]:
        """Return the values of a field, those that most articles have first."""
        if name == "view":
            return [(view, 0) for view in known_views(self.views)]
        if name in ("author", "tag"):
            counted = dict(self.selector.texts().label_counts(name))
            if name == "tag":
                for tag, count in self.own_tags():
                    counted[tag] = counted.get(tag, 0) + count
        else:
            facet: Facet = "provider" if name == "domain" else name  # type: ignore[assignment]
            listing = Listing(Query(), self.selector, moment, self.headlines)
            if name == "domain":
                counted = listing.domain_counts()
            else:
                counted = {each.value: each.count for each in listing.facets(facet)}
        return sorted(counted.items(), key=lambda item: (-item[1], item[0].casefold()))


def parse_sort(text: str) -> Sort:
    """Return the order that ``date``, ``-quality`` and the like name. Raises QueryError."""
    name = text.removeprefix("-").lower()
    if name not in SORTS:
        near = nearest(name, list(SORTS))
        raise QueryError(
            f"there is no order {name}",
            text=text,
            column=len(text) - len(name),
            expected="one of " + ", ".join(SORTS),
            hint=f"did you mean {near}?" if near else "",
        )
    by: SortName = name  # type: ignore[assignment]
    return Sort(by, text.startswith("-"))
