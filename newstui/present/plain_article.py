"""An article as plain lines for a pipe or a printer: the same page as on the screen, without looks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from newstui.model import Article, Coverage
from newstui.present.article_page import ArticlePage, Shape
from newstui.present.typeset import Line

_DRAWN = {"bar-quality", "bar-heat", "bar-empty", "rule", "timeline", "timeline-own", "timeline-label"}


def article_lines(
    article: Article,
    width: int = 72,
    coverage: Sequence[Coverage] = (),
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
    in_words: bool = False,
) -> Iterator[str]:
    """Yield the lines of a whole article with its links listed at the end, none wider than `width` cells.

    Args:
        now: UTC; None takes the clock.
        zone: Where the reader is; None takes the machine's zone.
        in_words: Leave out what is drawn, for a voice that reads aloud: bars and rules; a quote begins with ``>``.
    """
    page = ArticlePage(article, None, coverage, now=now or datetime.now(UTC), zone=zone)
    for piece in page.pieces(Shape(width + 4, width)):
        for line in piece.lines:
            if not in_words:
                yield "".join(span.text for span in line).rstrip()
            elif (said := _in_words(line)) or not line:
                yield said
    if links := page.links():
        yield "Links"
        for number, link in enumerate(links, 1):
            yield f"[{number}] {link.url}"


def _in_words(line: Line) -> str:
    """Return a line without what is drawn in it; empty when that was all of it."""
    if not any(span.role in _DRAWN or span.role == "bar" for span in line):
        return "".join(span.text for span in line).rstrip()
    return " ".join(
        "".join(">" if span.role == "bar" else "" if span.role in _DRAWN else span.text for span in line).split()
    )
