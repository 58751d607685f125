"""An article as plain lines for a pipe or a printer: the same page as on the screen, without looks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from newstui.model import Article, Coverage
from newstui.present.article_page import ArticlePage, Shape


def article_lines(
    article: Article,
    width: int = 72,
    coverage: Sequence[Coverage] = (),
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
) -> Iterator[str]:
    """Yield the lines of a whole article with its links listed at the end, none wider than `width` cells.

    Args:
        now: UTC; None takes the clock.
        zone: Where the reader is; None takes the machine's zone.
    """
    page = ArticlePage(article, None, coverage, now=now or datetime.now(UTC), zone=zone)
    for piece in page.pieces(Shape(width + 4, width)):
        for line in piece.lines:
            yield "".join(span.text for span in line).rstrip()
    if links := page.links():
        yield "Links"
        for number, link in enumerate(links, 1):
            yield f"[{number}] {link.url}"
