"""The words of the query language, said once: errors, completion, help and the parser all read this table."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Literal, get_args

from newstui.query.nodes import Having, SortName, State
from newstui.records import dataclass

Kind = Literal["text", "value", "number", "date", "state", "having", "sort", "view"]


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand before a colon."""

    name: str
    kind: Kind
    expects: str
    """What stands after the colon, in words, as an error says it."""
    help: str
    """One line for the help screen and completion."""


_NUMBER = "a number or a range: 60, >=60, <40, 40..70"
_DATE = "a date or an age: 2020-08-28, 2020-08, 2020, 7d, today, yesterday"

FIELDS = {
    field.name: field
    for field in (
        Field("topic", "value", "the name of a topic", "what it is about"),
        Field("provider", "value", "the name or the domain of a provider", "who published it"),
        Field("domain", "value", "a domain such as example.org", "a provider's domain and what is under it"),
        Field("category", "value", "a category such as news", "the kind of record"),
        Field("type", "value", "a type such as article or video", "article, video, course, …"),
        Field("collection", "value", "the name of a collection", "where newstui read it"),
        Field("author", "value", "the name of an author", "who wrote it"),
        Field("tag", "value", "a tag", "a tag of the record or your own"),
        Field("title", "text", "a word or a phrase", "only in the title"),
        Field("body", "text", "a word or a phrase", "only in the body"),
        Field("url", "text", "a part of an address", "a part of any of its addresses"),
        Field("quality", "number", _NUMBER, "how good the record says it is"),
        Field("heat", "number", _NUMBER, "how much it is talked about"),
        Field("coverage", "number", _NUMBER, "how many others cover the story"),
        Field("after", "date", _DATE, "published on that day or later"),
        Field("before", "date", _DATE, "published before that day"),
        Field("on", "date", _DATE, "published on that day, in that month or year"),
        Field("is", "state", "read, unread, starred, new, single-source, followed, tagged or noted", "a state"),
        Field("has", "having", "related, image, body or note", "something it has"),
        Field("sort", "sort", "date, heat, quality, coverage, top or rank, with - to reverse", "the order"),
        Field("view", "view", "the name of a view", "everything a saved view says"),
    )
}
"""By name, in the order help shows them."""

STATES: dict[str, str] = {
    "read": "read",
    "unread": "not read yet",
    "starred": "starred",
    "new": "arrived since the last session",
    "single-source": "no other article covers the story",
    "followed": "of a story you follow",
    "tagged": "with a tag of your own",
    "noted": "with a note of your own",
}
"""What may follow ``is:``, with its meaning."""

THINGS: dict[str, str] = {
    "related": "other articles on the same story",
    "image": "a picture",
    "body": "a text of its own",
    "note": "a note of yours",
}
"""What may follow ``has:``, with its meaning."""

SORTS: dict[str, str] = {
    "date": "newest first",
    "heat": "hottest first",
    "quality": "best first",
    "coverage": "most covered first",
    "top": "quality, heat, age and coverage together",
    "rank": "best match of the words first",
}
"""What may follow ``sort:``, with its meaning."""

assert tuple(STATES) == get_args(State) and tuple(THINGS) == get_args(Having) and tuple(SORTS) == get_args(SortName)


def nearest(word: str, known: list[str]) -> str:
    """Return the known word that looks most like what was typed; empty when none does."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.55)
    return folded[close[0]] if close else ""
