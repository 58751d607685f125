"""Does a query match an article in hand? The meaning of the language, in the plainest form there is.

The store answers the same questions from columns and an index (`store/select.py`); a property test shows that both
always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import cached_property

from newstui.model import Article
from newstui.query.dates import span_of
from newstui.query.nodes import (
    And,
    Between,
    Has,
    Is,
    Node,
    Not,
    NumberField,
    OneOf,
    Or,
    Phrase,
    Query,
    Regex,
    TextField,
    ValueField,
    When,
    Word,
)
from newstui.query.regex import TEXT_LIMIT, compile_regex
from newstui.query.shown import shown_text
from newstui.query.terms import SearchText, Term, compile_term, term_in
from newstui.records import dataclass
from newstui.text import fold


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an article beside its record."""

    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    """The reader's own tags."""
    note: str = ""
    coverage: int = 0
    """How many other articles cover the same story."""
    new: bool = False
    """It arrived since the last session."""
    followed: bool = False
    """Its story is followed."""


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a question is asked."""

    now: datetime
    """Knows its zone."""
    zone: tzinfo | None = None
    """Where days begin and end; None for the zone of the system."""


class Subject:
    """An article with its facts, folded and split when first asked for."""

    def __init__(self, article: Article, facts: Facts = NO_FACTS) -> None:
        self.article = article
        self.facts = facts

    @cached_property
    def shown(self) -> tuple[str, str, str]:
        """Title, excerpt and body as shown; empty for none."""
        article = self.article
        return article.title or "", article.excerpt or "", shown_text(article.body, article.body_format)

    @cached_property
    def title(self) -> SearchText:
        return SearchText(self.shown[0])

    @cached_property
    def excerpt(self) -> SearchText:
        return SearchText(self.shown[1])

    @cached_property
    def body(self) -> SearchText:
        return SearchText(self.shown[2])

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """Every address, its Latin letters in lower case."""
        urls = self.article.urls
        return tuple(lower_ascii(url) for url in (urls.original, urls.web, urls.amp, urls.cdn_amp) if url)

    def has_term(self, term: Term, field: TextField) -> bool:
        if field == "title":
            return term_in(term, self.title)
        if field == "body":
            return term_in(term, self.body)
        return term_in(term, self.title) or term_in(term, self.excerpt) or term_in(term, self.body)


Predicate = Callable[[Subject], bool]


def matches(query: Query, article: Article, facts: Facts, moment: Moment) -> bool:
    """Say whether a query matches an article."""
    return query.where is None or compile_node(query.where, moment)(Subject(article, facts))


def compile_node(node: Node, moment: Moment) -> Predicate:
    """Return the predicate of a node, for asking it of many articles."""
    match node:
        case And(nodes):
            parts = [compile_node(inner, moment) for inner in nodes]
            return lambda subject: all(part(subject) for part in parts)
        case Or(nodes):
            parts = [compile_node(inner, moment) for inner in nodes]
            return lambda subject: any(part(subject) for part in parts)
        case Not(inner):
            part = compile_node(inner, moment)
            return lambda subject: not part(subject)
        case Word(text, "url"):
            piece = lower_ascii(text)
            return lambda subject: any(piece in url for url in subject.urls)
        case Word(_, text_field) | Phrase(_, text_field):
            term = compile_term(node)
            return lambda subject: subject.has_term(term, text_field)
        case Regex(pattern):
            search = compile_regex(pattern).search
            return lambda subject: any(search(text[:TEXT_LIMIT]) for text in subject.shown)
        case OneOf(value_field, values):
            return _one_of(value_field, values)
        case Between(number_field, low, high):
            return lambda subject: _between(_number(subject, number_field), low, high)
        case When():
            start, end = span_of(node, moment.now, moment.zone)
            return lambda subject: _within(subject.article.published, start, end)
        case Is(state):
            return _STATES[state]
        case Has(thing):
            return _THINGS[thing]


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def lower_ascii(address: str) -> str:
    """Return an address in lower case as SQLite's ``lower`` makes it: A to Z, nothing else."""
    return address.translate(_LOWER)


def fold_value(field: ValueField, value: str) -> str:
    """Return the form in which whole values are compared: without case and accents, a domain without ``www.``."""
    folded = fold(value.strip())
    return folded.removeprefix("www.").strip(".") if field == "domain" else folded


def is_under(domain: str, parent: str) -> bool:
    """Say whether a domain is another one or lies under it. Both are folded."""
    return domain == parent or (parent != "" and domain.endswith("." + parent))


def _one_of(field: ValueField, values: Iterable[str]) -> Predicate:
    wanted = {fold_value(field, value) for value in values}
    if field == "domain":

        def under(subject: Subject) -> bool:
            domain = subject.article.provider.domain
            return domain is not None and any(is_under(fold_value("domain", domain), parent) for parent in wanted)

        return under
    return lambda subject: not wanted.isdisjoint(fold(value.strip()) for value in _values(subject, field))


def _values(subject: Subject, field: ValueField) -> list[str]:
    article = subject.article
    found: Iterable[str | None]
    match field:
        case "topic":
            found = article.topics
        case "author":
            found = article.authors
        case "tag":
            found = (*article.tags, *subject.facts.tags)
        case "provider" | "domain":
            found = (article.provider.name, article.provider.domain)
        case "category":
            found = (article.category,)
        case "type":
            found = (article.type,)
        case "collection":
            found = (article.collection,)
    return [value for value in found if value]


def _number(subject: Subject, field: NumberField) -> int | None:
    if field == "coverage":
        return subject.facts.coverage
    return subject.article.quality if field == "quality" else subject.article.heat


def _between(number: int | None, low: int | None, high: int | None) -> bool:
    return number is not None and (low is None or low <= number) and (high is None or number <= high)


def _within(published: datetime | None, start: int | None, end: int | None) -> bool:
    if published is None:
        return False
    seconds = published.timestamp() // 1
    return (start is None or start <= seconds) and (end is None or seconds < end)


def _is_covered(subject: Subject) -> bool:
    """Say whether another article on the same story is known, given or found."""
    return bool(subject.article.related) or subject.facts.coverage > 0


_STATES: dict[str, Predicate] = {
    "read": lambda subject: subject.facts.read,
    "unread": lambda subject: not subject.facts.read,
    "starred": lambda subject: subject.facts.starred,
    "new": lambda subject: subject.facts.new,
    "single-source": lambda subject: not _is_covered(subject),
    "followed": lambda subject: subject.facts.followed,
    "tagged": lambda subject: bool(subject.facts.tags),
    "noted": lambda subject: bool(subject.facts.note),
}

_THINGS: dict[str, Predicate] = {
    "related": lambda subject: _is_covered(subject),
    "image": lambda subject: bool(subject.article.images),
    "body": lambda subject: bool(subject.article.body and not subject.article.body.isspace()),
    "note": lambda subject: bool(subject.facts.note),
}
