"""A little world of invented news to compare: documents made from a few words."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from newstui.related import Document, Frequencies, Window, terms_of

DAY = 86_400
START = 1_600_000_000

FILLER = [
    "council",
    "garden",
    "museum",
    "weather",
    "railway",
    "market",
    "football",
    "theatre",
    "library",
    "kitchen",
    "university",
    "hospital",
    "budget",
    "school",
    "airport",
    "festival",
    "bakery",
    "forest",
    "river",
    "island",
    "bicycle",
    "concert",
    "painter",
    "novel",
    "journal",
]


def a_document(
    number: int,
    title: str,
    text: str = "",
    *,
    days: float = 0,
    provider: str = "",
    collection: int = 1,
    given: Sequence[int] = (),
) -> Document:
    """Return a document whose key is its number + 1000."""
    return Document(
        number, number + 1000, START + int(days * DAY), collection, crc32((provider or f"p{number}").encode()),
        terms_of(title, text), frozenset(given),
    )  # fmt: skip


def background(first: int = 500, count: int = 120) -> list[Document]:
    """Return articles about nothing in particular, spread over 12 days."""
    made = []
    for place in range(count):
        words = [FILLER[(place * 7 + step * (place % 5 + 1)) % len(FILLER)] for step in range(8)]
        made.append(
            a_document(
                first + place, " ".join(words[:4]) + f" report {place}", " ".join(words[4:]) + " in the town today",
                days=place % 12,
            )
        )  # fmt: skip
    return made


def a_window(documents: Sequence[Document], *, compared: bool = True) -> Window:
    """Return a window that holds these and a background, all compared with each other unless told otherwise."""
    everything = [*documents, *background()]
    frequencies = Frequencies()
    for document in everything:
        frequencies.add(document.terms, document.collection)
    window = Window(frequencies)
    for document in everything:
        window.add(document)
    if compared:
        for document in everything:
            document.near = window.nearest(document)
    return window
