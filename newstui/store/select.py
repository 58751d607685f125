"""A query answered from the columns and the search index: the second road, equal to `query/match.py` in every answer.

    where ──┬─ columns decide      bit sets, milliseconds at any size          select_columns.py
            ├─ one plain word      the index of words decides                  search.py
            └─ everything else     candidates from the index, then the text    search.py, query/match.py

Conditions that all have to hold are taken in that order, so that texts are read for what is left only. With words in
it a query can be answered block by block, newest first, until a screenful is found.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import chain
from threading import Lock

from newstui.query.dates import span_of
from newstui.query.match import Moment, compile_node, fold_value, lower_ascii
from newstui.query.nodes import And, Between, Has, Is, Node, Not, OneOf, Or, Phrase, Regex, Sort, When, Word
from newstui.query.terms import compile_term
from newstui.store.catalog import NOTED, STARRED, TAGGED, Catalog
from newstui.store.columns import mask_from_positions
from newstui.store.packing import AUTHOR, RECORD_TAG
from newstui.store.search import BATCH, AbandonedError, IsCancelled, TextIndex, match_expression
from newstui.store.select_columns import BLOCK, ColumnMasks, positions_of
from newstui.store.select_counts import FacetCounts
from newstui.store.select_orders import Orders

__all__ = ["AbandonedError", "Selector"]

FEW = 400
"""So few articles are quicker read than looked up in the index of words."""
BLOCKS_BEFORE_ALL = 4
"""Blocks searched one by one for a screenful before the whole index is asked at once."""
_KEPT_VERDICTS = 32


class _Verdicts:
    """What looking into texts has shown for one condition."""

    def __init__(self) -> None:
        self.decided = 0
        self.true = 0
        self._lock = Lock()

    def add(self, looked_at: list[int], true: list[int]) -> None:
        """Remember verdicts. Other threads may do the same."""
        decided, right = mask_from_positions(looked_at), mask_from_positions(true)
        with self._lock:
            self.true |= right
            self.decided |= decided


class Selector:
    """Answers queries over one catalog. Safe to use from several threads: the worst is work done twice."""

    def __init__(
        self,
        catalog: Catalog,
        reader: Callable[[], sqlite3.Connection],
        own_tag_keys: Callable[[str], Iterable[int]] = lambda name: (),
        followed_stories: Callable[[], frozenset[int]] = frozenset,
    ) -> None:
        self.catalog = catalog
        self.columns = ColumnMasks(catalog)
        self.counts = FacetCounts(self.columns)
        self.orders = Orders(catalog)
        self._texts = TextIndex(catalog, reader)
        self._own_tag_keys = own_tag_keys
        """Folded tag → keys of the articles the reader gave it to."""
        self._followed_stories = followed_stories
        self._verdicts: OrderedDict[Node, _Verdicts] = OrderedDict()
        self._lock = Lock()

    def warm(self, is_cancelled: IsCancelled = lambda: False) -> None:
        """Work out what filters, counts and orders need (2 s at a million), so that the first does not wait for it.

        What is worked out is kept even when the rest is not wanted any more. Raises AbandonedError.
        """
        for _ in chain(self.columns.warm(), self.counts.warm(), self.orders.warm()):
            if is_cancelled():
                raise AbandonedError

    # -- answers ------------------------------------------------------------------------------
    def mask(self, where: Node | None, moment: Moment, is_cancelled: IsCancelled = lambda: False) -> int:
        """Return the bit set of everything that matches. Raises AbandonedError."""
        everything = self.catalog.everything
        return everything if where is None else _Search(self, moment, None, is_cancelled).find(where, everything)

    def newest(
        self, where: Node, count: int, moment: Moment, is_cancelled: IsCancelled = lambda: False
    ) -> tuple[list[int], int | None]:
        """Return at least the `count` newest matches in order of date, or else none, and all of them as a bit set.

        Blocks are searched from the one with the latest article on, until no other block can hold a newer match. When
        the index of words decides alone, asking it for everything is cheaper than for many blocks. Matches that are
        all known are not put in order here: they may be nearly all articles, which takes 0.5 s at a million.
        """
        latest, total = self.columns.newest_in_block, self.catalog.count
        order = sorted(range(len(latest)), key=lambda block: -latest[block])
        blocks = len(order) if _cost(where) > 2 else BLOCKS_BEFORE_ALL
        mask, found = 0, list[int]()
        published = self.catalog.published
        for turn, block in enumerate(order):
            if len(found) >= count:
                newer = [place for place in found if published[place] > latest[block]]
                if len(newer) >= count:
                    return self.orders.sort(newer, Sort("date"), 0), None
            if turn == blocks:
                return [], self.mask(where, moment, is_cancelled)
            start, size = block * BLOCK, min(BLOCK, total - block * BLOCK)
            matching = _Search(self, moment, block, is_cancelled).find(where, ((1 << size) - 1) << start)
            mask |= matching
            found += positions_of(matching >> start, size, start)
        return [], mask

    def verdicts(self, node: Node) -> _Verdicts:
        """Return what is remembered of a condition."""
        with self._lock:
            found = self._verdicts.setdefault(node, _Verdicts())
            self._verdicts.move_to_end(node)
            while len(self._verdicts) > _KEPT_VERDICTS:
                self._verdicts.popitem(last=False)
        return found

    def texts(self) -> TextIndex:
        return self._texts

    def own_tag(self, names: Iterable[str]) -> int:
        keys = [key for name in names for key in self._own_tag_keys(name)]
        return self.columns.keys(keys, self.columns.marked(TAGGED)) if keys else 0

    def followed(self) -> int:
        """Return the bit set of all articles of the stories that are followed now (0.1 s at a million articles)."""
        stories, catalog = self._followed_stories(), self.catalog
        if not stories:
            return 0
        pairs = enumerate(zip(catalog.story, catalog.keys, strict=True))
        return mask_from_positions(place for place, (story, key) in pairs if story in stories or key in stories)


class _Search:
    """One question: over all positions, or over one block of them."""

    def __init__(self, selector: Selector, moment: Moment, block: int | None, is_cancelled: IsCancelled) -> None:
        self.selector = selector
        self.catalog = selector.catalog
        self.columns = selector.columns
        self.texts = selector.texts()
        self.moment = moment
        self.block = block
        self.is_cancelled = is_cancelled

    def find(self, node: Node, within: int) -> int:
        """Return the positions among `within` that match a node."""
        if not within:
            return 0
        if self.is_cancelled():
            raise AbandonedError
        match node:
            case And(nodes):
                return self._find_all(nodes, within)
            case Or(nodes):
                return self._find_any(nodes, within)
            case Not(inner):
                return within & ~self.find(inner, within)
            case Word() | Phrase() | Regex():
                return self._find_text(node, within)
            case _:
                return within & self._column(node)

    def _find_all(self, nodes: Iterable[Node], within: int) -> int:
        plain = [node for node in nodes if _is_plain_word(node)]
        rest = sorted((node for node in nodes if not _is_plain_word(node)), key=_cost)
        for node in rest:
            if _cost(node) > 1 and plain:
                within = self._find_plain(plain, within)
                plain = []
            within = self.find(node, within)
            if not within:
                return 0
        return self._find_plain(plain, within) if plain else within

    def _find_any(self, nodes: Iterable[Node], within: int) -> int:
        found = 0
        for node in sorted(nodes, key=_cost):
            found |= self.find(node, within & ~found)
        return found

    # -- columns ------------------------------------------------------------------------------
    def _column(self, node: Node) -> int:
        catalog, columns = self.catalog, self.columns
        match node:
            case OneOf("author", values):
                return self.texts.labels(AUTHOR, [fold_value("author", value) for value in values])
            case OneOf("tag", values):
                names = [fold_value("tag", value) for value in values]
                return self.texts.labels(RECORD_TAG, names) | self.selector.own_tag(names)
            case OneOf("provider" | "domain"):
                return columns.providers(node)
            case OneOf():
                return columns.values(node)
            case Between(field, low, high):
                return columns.number(field, low, high)
            case When():
                return columns.span(*span_of(node, self.moment.now, self.moment.zone))
            case Is("read"):
                return columns.read()
            case Is("unread"):
                return catalog.everything & ~columns.read()
            case Is("starred"):
                return columns.marked(STARRED)
            case Is("tagged"):
                return columns.marked(TAGGED)
            case Is("noted") | Has("note"):
                return columns.marked(NOTED)
            case Is("new"):
                return (1 << min(catalog.new_count, catalog.count)) - 1
            case Is("followed"):
                return self.selector.followed()
            case Is("single-source"):
                return catalog.everything & ~self._covered()
            case Has("related"):
                return self._covered()
            case Has("image"):
                return catalog.has_image
            case Has("body"):
                return catalog.has_body
            case _:
                raise TypeError(node)

    def _covered(self) -> int:
        return self.catalog.has_related | self.columns.number("coverage", 1, None)

    # -- texts --------------------------------------------------------------------------------
    def _find_plain(self, nodes: list[Node], within: int) -> int:
        """Find words that the index decides: apart where that is remembered or soon done, the rest all in one go."""
        if within.bit_count() <= FEW:
            return self._look(nodes[0] if len(nodes) == 1 else And(tuple(nodes)), within)
        expressions = {match_expression(compile_term(node)) for node in nodes if isinstance(node, Word | Phrase)}
        apart = {
            each for each in expressions if self.block is not None or self.texts.is_at_hand(each, self.is_cancelled)
        }
        for expression in sorted(apart):
            within &= self.texts.words(expression, self.block, self.is_cancelled)
        if rest := sorted(expressions - apart):
            within &= self.texts.words(" AND ".join(rest), self.block, self.is_cancelled)
        return within

    def _find_text(self, node: Word | Phrase | Regex, within: int) -> int:
        if _is_plain_word(node):
            return self._find_plain([node], within)
        return self._look(node, self._candidates(node, within))

    def _candidates(self, node: Word | Phrase | Regex, within: int) -> int:
        """Leave out what cannot match, as far as that is quickly known."""
        if within.bit_count() <= FEW or isinstance(node, Regex):
            return within
        if node.field == "url":
            piece = lower_ascii(node.text)
            is_plain = piece.isprintable() and '"' not in piece and "\\" not in piece
            return within & self.texts.addresses(piece, self.block, self.is_cancelled) if is_plain else within
        expression = match_expression(compile_term(node))
        return within & self.texts.words(expression, self.block, self.is_cancelled) if expression else within

    def _look(self, node: Node, candidates: int) -> int:
        """Decide candidates by their text, and remember the verdicts."""
        verdicts = self.selector.verdicts(node)
        unknown = candidates & ~verdicts.decided
        if unknown:
            predicate = compile_node(node, self.moment)
            positions = positions_of(unknown, self.catalog.count)
            for start in range(0, len(positions), BATCH):
                batch = positions[start : start + BATCH]
                subjects = self.texts.subjects(batch, self.is_cancelled, addresses=_asks_address(node))
                verdicts.add(batch, [position for position, subject in subjects if predicate(subject)])
        return candidates & verdicts.true


def has_words(where: Node | None) -> bool:
    """Say whether answering takes more than columns."""
    match where:
        case And(nodes) | Or(nodes):
            return any(map(has_words, nodes))
        case Not(inner):
            return has_words(inner)
        case Word() | Phrase() | Regex():
            return True
        case _:
            return False


def _is_plain_word(node: Node) -> bool:
    """Say whether the index of words decides a node alone."""
    if not isinstance(node, Word | Phrase) or node.field != "any":
        return False
    term = compile_term(node)
    return len(term.tokens) == 1 and not term.literal


def _asks_address(node: Node) -> bool:
    """Say whether a condition that is decided by texts looks at addresses. Such a condition is one node."""
    return isinstance(node, Word) and node.field == "url"


def _cost(node: Node) -> int:
    """Return 0 for columns, 1 for look-ups, 2 for the index of words, 3 for texts."""
    match node:
        case And(nodes) | Or(nodes):
            return max(map(_cost, nodes))
        case Not(inner):
            return _cost(inner)
        case Word() | Phrase() | Regex():
            return 2 if _is_plain_word(node) else 3
        case OneOf("author" | "tag"):
            return 1
        case _:
            return 0
