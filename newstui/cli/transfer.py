"""``newstui import``, ``export`` and ``restore``: all that is the reader's own, in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from newstui.cli.articles import find_typed, headlines_of
from newstui.cli.collections import secrets_of
from newstui.cli.objects import ARTICLE_COLUMNS, article_object, iso
from newstui.cli.output import Row, say, write, write_rows
from newstui.cli.parse import Call
from newstui.cli.session import EXIT_NOTHING, Session, as_location, join_words
from newstui.config.edit import add_collections
from newstui.errors import FormatError, NotFoundError, UsageError
from newstui.library import Library, Listing
from newstui.library.exchange import write_mark
from newstui.library.transfer import is_feed, read_import, write_opml
from newstui.model import Subscription
from newstui.text import clean_line

WHAT = ("opml", "marks", "articles")


def import_file(call: Call) -> int:
    """``newstui import``: recognised by looking at it."""
    session = Session()
    path = Path(as_location(call.words[0]))
    library = session.open_library()
    found = read_import(path)
    dry = call.has("--dry-run")
    for problem in found.problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        say(f"newstui: {place}: {f'{problem.field}: ' if problem.field else ''}{problem.reason}")
    if found.marks:
        count = len(found.marks) if dry else library.import_marks(found.marks)
        write(f"{count:,} {'mark' if count == 1 else 'marks'} {'would be ' if dry else ''}taken over")
    new = fresh_subscriptions(session.settings.collections, found.subscriptions)
    if found.subscriptions:
        if new and not dry:
            secrets = {fresh.name: secrets_of(found.credentials.get(name)) for name, fresh in new.items()}
            add_collections(session.paths.config_file, list(new.values()), secrets_by_name=secrets)
        known = len(found.subscriptions) - len(new)
        write(
            f"{len(new):,} {'collection' if len(new) == 1 else 'collections'} {'would be ' if dry else ''}added"
            + (f", {known:,} known already" if known else "")
        )
    if not found.marks and not found.subscriptions:
        raise FormatError(
            "nothing to import in it",
            file=str(path),
            hint="looked for OPML, marks as JSON lines, a newsboat urls file or its cache.db",
        )
    return 0


def export(call: Call) -> int:
    """``newstui export``"""
    what, *words = call.words
    if what not in WHAT:
        raise UsageError(f"export writes {', '.join(WHAT)}, not {what!r}")
    session = Session()
    if what == "opml":
        write(write_opml(session.settings.collections))
        if left := [one.name for one in session.settings.collections if not is_feed(one.location)]:
            say(f"newstui: OPML holds addresses only, left out: {', '.join(map(clean_line, left))}")
        return 0
    if what == "marks":
        some = False
        for mark in session.open_library().marks():
            some = True
            write(write_mark(mark))
        return 0 if some else EXIT_NOTHING
    library = session.open_current(call.all("--from"))
    listing = find_typed(library, join_words(words), session.settings.views)
    form = call.one("--format", "ndjson")
    rows = _articles(library, listing)
    some = write_rows("ndjson" if form == "text" else form, rows, (*ARTICLE_COLUMNS, "body"), lambda rows: None)
    return session.exit_code if some else session.exit_code or EXIT_NOTHING


def restore(call: Call) -> int:
    """``newstui restore``"""
    library = Session().open_library()
    backups = library.backups()
    if not call.words:
        for backup in backups:
            write(f"{backup.name}  {iso(backup.at)}  {backup.size_bytes:,} bytes")
        if not backups:
            say("newstui: there is no backup yet; one is made on each day of use")
            return EXIT_NOTHING
        return 0
    chosen = next((backup for backup in backups if backup.name == call.words[0]), None)
    if chosen is None:
        raise NotFoundError(f"there is no backup {clean_line(call.words[0])!r}", hint="newstui restore lists them")
    aside = library.restore_backup(chosen)
    write(f"restored {chosen.name}; what was there before is kept as {aside}")
    return 0


def fresh_subscriptions(known: Iterable[Subscription], found: Iterable[Subscription]) -> dict[str, Subscription]:
    """Return what is not subscribed yet by the name it came with; its own name is one that is still free."""
    locations = {subscription.location for subscription in known}
    names = {subscription.name.casefold() for subscription in known}
    fresh: dict[str, Subscription] = {}
    for subscription in found:
        if subscription.location in locations:
            continue
        locations.add(subscription.location)
        name, number = subscription.name, 1
        while name.casefold() in names:
            number += 1
            name = f"{subscription.name} {number}"
        names.add(name.casefold())
        fresh[subscription.name if number == 1 else name] = replace(subscription, name=name)
    return fresh


def _articles(library: Library, listing: Listing) -> Iterator[Row]:
    for headline in headlines_of(listing, len(listing)):
        if article := library.article(headline.row):
            yield article_object(article, headline, body=True)
