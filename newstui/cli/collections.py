"""Commands about subscriptions: add, remove, collections, refresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from newstui.cli.objects import iso
from newstui.cli.output import Row, Terminal, say, table, write, write_rows
from newstui.cli.parse import Call
from newstui.cli.session import EXIT_NOTHING, EXIT_SOME_FAILED, Session, as_location
from newstui.config.durations import parse_duration
from newstui.config.edit import add_collections, remove_collection
from newstui.errors import NotFoundError, UsageError
from newstui.library.remote import split_credentials
from newstui.library.settings import Credential
from newstui.model import CollectionHealth, Subscription

COLUMNS = (
    "name", "location", "kind", "articles", "unread", "problems", "last_success", "next_try", "failure", "group",
)  # fmt: skip


def add(call: Call) -> int:
    """``newstui add``"""
    session = Session()
    every = call.one("--every")
    if every:
        try:
            parse_duration(every)
        except ValueError as error:
            raise UsageError(str(error)) from error
    if call.words[0] == "-":
        raise UsageError("standard input cannot be subscribed to; it has no more to say later")
    location, credential = split_credentials(as_location(call.words[0]))
    if known := next((it.name for it in session.settings.collections if it.location == location), None):
        raise UsageError(f"subscribed to it already, as {known!r}")
    recognised = session.open_library().recognise(location)
    name = call.one("--name") or _free_name(recognised.title, session.settings.collections)
    add_collections(
        session.paths.config_file,
        [Subscription(name, recognised.location)],
        {name: every} if every else {},
        {name: secrets_of(credential)},
    )
    session = Session()
    session.refresh(session.open_library(), [name], results=True)
    write(f"added {name}: {recognised.location} ({recognised.kind})")
    return session.exit_code


def remove(call: Call) -> int:
    """``newstui remove``"""
    session = Session()
    removed = remove_collection(session.paths.config_file, call.words[0])
    write(f"removed {removed.name}: {removed.location} (its marks stay)")
    return 0


def show(call: Call) -> int:
    """``newstui collections``"""
    session = Session()
    if not session.settings.collections:
        say("newstui: nothing is subscribed yet; newstui add LOCATION does that")
        return EXIT_NOTHING
    library = session.open_library()
    rows = (health_object(health) for health in library.health())
    write_rows(call.one("--format", "text"), rows, COLUMNS, write_health)
    return 0


def refresh(call: Call) -> int:
    """``newstui refresh``"""
    session = Session()
    library = session.open_library(call.all("--from"))
    names = resolve_names(library.health(), call.words)
    session.refresh(library, names, force=call.has("--force"), results=True)
    if session.failed and call.all("--from") and len(session.failed) == len(call.all("--from")):
        raise session.nothing_read(call.all("--from"))
    return EXIT_SOME_FAILED if session.failed else 0


def resolve_names(known: Sequence[CollectionHealth], words: Sequence[str]) -> list[str]:
    """Return the collections that words name, without regard to case. Raises NotFoundError."""
    import difflib

    by_name = {health.name.casefold(): health.name for health in known}
    for word in words:
        if word.casefold() not in by_name:
            nearest = difflib.get_close_matches(word.casefold(), by_name, n=1, cutoff=0.5)
            hint = f"did you mean {by_name[nearest[0]]!r}?" if nearest else "newstui collections lists them"
            raise NotFoundError(f"no collection is called {word!r}", hint=hint)
    return [by_name[word.casefold()] for word in words]


def health_object(health: CollectionHealth) -> Row:
    """Return a collection as `--format json` prints it."""
    return {
        "name": health.name,
        "location": health.location,
        "kind": health.kind,
        "articles": health.articles,
        "unread": health.unread,
        "problems": health.problems,
        "last_success": iso(health.last_success),
        "last_attempt": iso(health.last_attempt),
        "next_try": iso(health.next_try),
        "failure": health.failure or None,
        "group": health.group or None,
    }


def write_health(rows: Iterable[Row]) -> None:
    """Write collections as text: one line each, and why it failed below."""
    listed = list(rows)
    lines = table(
        [
            (
                row["name"],
                row["kind"] or "–",
                f"{row['articles']:>7,} articles",
                f"{row['unread']:>7,} unread",
                f"{row['problems']:,} problems" if row["problems"] else "",
                row["last_success"] or "never read",
                row["location"],
            )
            for row in listed
        ],
        Terminal(),
        {0: 30},
    )
    for line, row in zip(lines, listed, strict=True):
        write(line)
        if row["failure"]:
            write(f"  failed: {row['failure']}" + (f"; next try {row['next_try']}" if row["next_try"] else ""))


def secrets_of(credential: Credential | None) -> dict[str, str]:
    """Return what of a credential goes into the configuration: the settings that were given."""
    if credential is None:
        return {}
    return {entry.name: value for entry in fields(credential) if (value := getattr(credential, entry.name))}


def _free_name(title: str, taken: Sequence[Subscription]) -> str:
    names = {subscription.name.casefold() for subscription in taken}
    return next(
        name
        for number in range(1, len(names) + 2)
        if (name := title if number == 1 else f"{title} {number}").casefold() not in names
    )
