"""Commands that answer with articles: list, show, related, facets, open."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from newstui.cli.objects import ARTICLE_COLUMNS, article_object, coverage_object
from newstui.cli.output import Row, Terminal, say, table, write, write_rows
from newstui.cli.parse import Call
from newstui.cli.session import EXIT_NOTHING, Session, join_words
from newstui.cli.views import expand_views
from newstui.config.settings import SavedView
from newstui.errors import FormatError, NotFoundError, UsageError
from newstui.identity import format_id
from newstui.library import Library, Listing
from newstui.links import CheckedLink, check_link
from newstui.model import Headline
from newstui.present.ages import short_age
from newstui.query import Query

FACETS = ("topic", "provider", "category", "collection", "type")
ALL_RELATED_COLUMNS = ("id", "url", "story", "related", "related.origin", "related.score")
_BATCH = 500
"""Rows fetched at a time: enough to be quick, few enough for the first line to come at once."""


def show_list(call: Call) -> int:
    """``newstui list``"""
    session = Session()
    typed = join_words(call.words)
    limit = call.number("--limit")
    library = session.open_current(call.all("--from"))
    listing = find_typed(library, typed, session.settings.views, sort=call.one("--sort") or None)
    count = len(listing) if limit is None else min(limit, len(listing))
    if call.has("--stories"):
        from newstui.cli.stories import write_stories

        some = write_stories(library, listing, limit, call.one("--format", "text"))
    elif call.one("--format", "text") == "text":
        some = _write_headlines(headlines_of(listing, count))
    else:
        known = library.knows_coverage()
        rows = (_object(library, headline, known) for headline in headlines_of(listing, count))
        some = write_rows(call.one("--format"), rows, ARTICLE_COLUMNS, lambda rows: None)
    return session.exit_code if some else session.exit_code or _nothing(typed, library.nearest_values(listing.query))


def show_one(call: Call) -> int:
    """``newstui show``"""
    session = Session()
    library = session.open_current(call.all("--from"))
    row = one_row(library, call.words[0])
    article, headline = library.article(row), library.headline(row)
    if article is None or headline is None:
        raise NotFoundError("the article has gone")
    form = call.one("--format", "text")
    if form == "text":
        from newstui.present.plain_article import article_lines

        _page(article_lines(article, Terminal().width_cells or 80, library.coverage(row), now=datetime.now(UTC)))
    else:
        shown = article_object(article, headline, body=True, coverage_known=library.knows_coverage())
        write_rows(form, [shown], (*ARTICLE_COLUMNS, "body"), lambda rows: None)
    return session.exit_code


def show_related(call: Call) -> int:
    """``newstui related``"""
    session = Session()
    everything = call.has("--all")
    if everything == bool(call.words):
        raise UsageError("related needs an ID or --all, and not both")
    library = session.open_current(call.all("--from"))
    update_coverage(library)
    form = call.one("--format", "text")
    if everything:
        some = write_rows(form, _all_related(library), ALL_RELATED_COLUMNS, _write_all_related)
    else:
        items = library.coverage(one_row(library, call.words[0]))
        columns = ("id", "title", "url", "provider", "published", "origin", "score")
        some = write_rows(form, map(coverage_object, items), columns, _write_related)
    return session.exit_code if some else session.exit_code or _nothing("")


def show_facets(call: Call) -> int:
    """``newstui facets``"""
    session = Session()
    typed = join_words(call.words)
    library = session.open_current(call.all("--from"))
    listing = find_typed(library, typed, session.settings.views)
    rows = (
        {"facet": facet.facet, "value": facet.value, "count": facet.count, "unread": facet.unread}
        for name in FACETS
        for facet in listing.facets(name)
    )
    some = write_rows(call.one("--format", "text"), rows, ("facet", "value", "count", "unread"), _write_facets)
    return session.exit_code if some else session.exit_code or _nothing(typed, library.nearest_values(listing.query))


def open_link(call: Call) -> int:
    """``newstui open``"""
    from newstui.library.opener import open_link as start_browser

    session = Session()
    library = session.open_current(call.all("--from"))
    row = one_row(library, call.words[0])
    article = library.article(row)
    which = {"cdn": "cdn_amp"}.get(call.one("--link"), call.one("--link"))
    urls = article.urls if article else None
    url = getattr(urls, which) if which else urls and urls.best
    if not url:
        raise NotFoundError(f"the article has no {call.one('--link') or 'web'} address")
    start_browser(_permitted(check_link(url)), session.settings.reader.browser)
    library.mark([row], "read")
    return session.exit_code


def _permitted(link: CheckedLink) -> CheckedLink:
    """Return a link that may be opened, asking at a terminal where it should be asked. Raises FormatError."""
    if link.verdict == "ask" and sys.stdin.isatty() and sys.stderr.isatty():
        say(f"newstui: {link.reason}: {link.host or link.address}")
        sys.stderr.write("open it? [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() in ("y", "yes"):
            return link
        raise FormatError("not opened")
    if link.verdict != "open":
        raise FormatError(f"its address is not opened: {link.reason}", hint=link.host and f"it leads to {link.host}")
    return link


def one_row(library: Library, text: str) -> int:
    """Return the row an id, prefix or address means; the newest where several records share one address."""
    return library.resolve(text)[0]


def find_typed(library: Library, typed: str, views: Sequence[SavedView], sort: str | None = None) -> Listing:
    """Return what a query finds. Found coverage is brought up to date where the answer depends on it."""
    query = expand_views(typed, views)
    if (sort or "").lstrip("-") == "coverage" or _may_need_coverage(query):
        update_coverage(library)
    return library.find(query, sort=sort)


def _may_need_coverage(query: Query | str) -> bool:
    if isinstance(query, str):
        if not any(word in query.casefold() for word in ("coverage", "single-source", "related", "followed")):
            return False
        from newstui.query.parse import parse

        query = parse(query)
    from newstui.query.needs import needs_coverage

    return needs_coverage(query)


def update_coverage(library: Library) -> None:
    """Bring found coverage up to date with what is stored; say which followed stories have more of it."""
    from newstui.library.follow import StoryGrew, head_of_grown

    for told in library.update_coverage():
        if isinstance(told, StoryGrew) and (head := head_of_grown(library, told)) is not None:
            say(f"newstui: new coverage of a story you follow: {head.title} ({format_id(head.key)})")


def _nothing(query: str, nearest: Sequence[str] = ()) -> int:
    meant = f"; did you mean {' '.join(nearest)}?" if nearest else ""
    say(f"newstui: nothing matches {query}{meant}" if query else "newstui: nothing to show")
    return EXIT_NOTHING


def headlines_of(listing: Listing, count: int) -> Iterator[Headline]:
    for start in range(0, count, _BATCH):
        yield from listing.window(start, min(start + _BATCH, count))


def _object(library: Library, headline: Headline, coverage_known: bool) -> Row:
    article = library.article(headline.row)
    if article is None:
        raise NotFoundError("an article has gone while it was being listed")
    return article_object(article, headline, coverage_known=coverage_known)


def _write_headlines(headlines: Iterable[Headline]) -> bool:
    terminal, now, some = Terminal(), int(time.time()), False
    batch: list[Headline] = []
    for headline in headlines:
        some = True
        batch.append(headline)
        if len(batch) == _BATCH:
            _write_batch(batch, terminal, now)
            batch = []
    _write_batch(batch, terminal, now)
    return some


def _write_batch(batch: list[Headline], terminal: Terminal, now: int) -> None:
    lines = table(
        [
            (
                format_id(headline.key),
                ("·" if headline.read else "●") + ("★" if headline.starred else " "),
                short_age(headline.published, now),
                headline.provider,
                headline.title,
            )
            for headline in batch
        ],
        terminal,
        {3: 20},
    )
    for line, headline in zip(lines, batch, strict=True):
        write(terminal.style(line, "2" if headline.read else "1"))


def _all_related(library: Library) -> Iterator[Row]:
    """Yield every article with its nearest others, also those too unsure to be shown: their score says so."""
    listing = library.find("")
    for headline in headlines_of(listing, len(listing)):
        article, story = library.article(headline.row), library.story(headline.row)
        yield {
            "id": format_id(headline.key),
            "url": article and article.urls.best,
            "related": [coverage_object(item) for item in library.coverage(headline.row, floor=0.0)],
            "story": story and story.id,
        }


def _write_all_related(rows: Iterable[Row]) -> None:
    for row in rows:
        write(f"{row['id']}  {row['url'] or ''}")
        _write_related(row["related"], indent="  ")


def _write_related(rows: Iterable[Row], indent: str = "") -> None:
    lines = [
        (
            indent + (row["id"] or "–"),
            row["published"] or "",
            "given" if row["origin"] == "given" else "copy" if row["copy"] else f"{row['score']:.2f}",
            row["provider"] or "",
            row["title"] or row["url"] or "",
        )
        for row in rows
    ]
    for line in table(lines, Terminal(), {3: 20}):
        write(line)


def _write_facets(rows: Iterable[Row]) -> None:
    lines = [(row["facet"], f"{row['count']:>7,}", f"{row['unread']:>7,} unread", row["value"]) for row in rows]
    for line in table(lines, Terminal()):
        write(line)


def _page(lines: Iterable[str]) -> None:
    """Print lines, through $PAGER when the terminal cannot hold them and there is one."""
    text = "\n".join(lines)
    pager = shlex.split(os.environ.get("PAGER", ""))
    if pager and sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines - 1:
        try:
            subprocess.run(pager, input=text.encode(), check=False)
        except OSError as error:
            say(f"newstui: cannot start {pager[0]}: {error.strerror}")
        else:
            return
    write(text)
