"""The table of collections: how each was read last, which files it has, what its site says of itself."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from newstui.model import Problem, Subscription, Topic
from newstui.records import dataclass
from newstui.store import fetch_state
from newstui.store.columns import raise_version
from newstui.store.database import transaction
from newstui.store.fetch_state import FetchState


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a refresh must know of its collection when it begins."""

    id: int
    was_read: bool
    """It was read to its end before."""
    articles: int
    site_signature: int


_IS_OF_SITE = "(file LIKE '\\_config.%' ESCAPE '\\' OR file LIKE '\\_data/%' ESCAPE '\\')"
"""Says whether a problem is of a file that describes a site; those are never read as records."""


class CollectionTable:
    """Reads and writes the table on one connection; transactions are the caller's unless said otherwise."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def arrange(self, wanted: Sequence[Subscription]) -> None:
        """Make the table hold exactly these collections, in a transaction of its own when anything differs.

        One that has the location of another keeps its articles under the new name.
        """
        columns = "SELECT id, name, location, grouping FROM collection"
        have = {location: (id, name, group) for id, name, location, group in self._connection.execute(columns)}
        want = {subscription.location: subscription for subscription in wanted}
        if {location: (name, group) for location, (_, name, group) in have.items()} == {
            location: (subscription.name, subscription.group) for location, subscription in want.items()
        }:
            return
        with transaction(self._connection):
            self._connection.execute("UPDATE collection SET name='\x01' || id")
            for location, (id, _, _) in have.items():
                if location not in want:
                    self.remove(id)
            for subscription in want.values():
                self.add(subscription)
            self._connection.execute("UPDATE collection SET name=location WHERE name LIKE '\x01%'")

    def add(self, subscription: Subscription) -> None:
        """Add a collection, or give the one at its location the name and group it has now."""
        changed = self._connection.execute(
            "UPDATE collection SET name=?, grouping=? WHERE location=?",
            (subscription.name, subscription.group, subscription.location),
        )
        if not changed.rowcount:
            self._connection.execute(
                "INSERT INTO collection(name, location, grouping) VALUES(?,?,?)",
                (subscription.name, subscription.location, subscription.group),
            )
        self._raise_version()

    def remove(self, collection: int) -> None:
        """Take a collection out with all its articles."""
        from newstui.store.writer import CacheWriter  # which opening a library does without

        writer = CacheWriter(self._connection)
        writer.join()
        rows = [row for (row,) in self._connection.execute("SELECT row FROM rec WHERE collection=?", (collection,))]
        (location,) = self._connection.execute("SELECT location FROM collection WHERE id=?", (collection,)).fetchone()
        fetch_state.forget(self._connection, location)
        writer.remove_articles(rows)
        writer.flush()
        for table in ("file", "problem", "topic"):
            self._connection.execute(f"DELETE FROM {table} WHERE collection=?", (collection,))
        self._connection.execute("DELETE FROM collection WHERE id=?", (collection,))
        self._raise_version()

    def _raise_version(self) -> None:
        raise_version(self._connection)

    # -- remote collections -------------------------------------------------------------------
    def load_fetch_state(self, location: str) -> FetchState:
        """Return what is known of fetching a location."""
        return fetch_state.load(self._connection, location)

    def save_fetch_state(self, state: FetchState) -> None:
        """Keep what was learnt by fetching."""
        fetch_state.save(self._connection, state)

    # -- one refresh --------------------------------------------------------------------------
    def begin_refresh(self, name: str, kind: str, at: datetime) -> Beginning:
        """Note that a refresh begins, in a transaction of its own."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE collection SET last_attempt=?, kind=? WHERE name=?", (int(at.timestamp()), kind, name)
            )
            id, success, articles, site = self._connection.execute(
                "SELECT id, last_success, articles, site_signature FROM collection WHERE name=?", (name,)
            ).fetchone()
        return Beginning(id, success is not None, articles, site)

    def note_success(self, collection: int, at: datetime) -> None:
        """Note that a refresh went well and found nothing new."""
        self._connection.execute(
            "UPDATE collection SET last_success=?, failure='', next_try=NULL WHERE id=?",
            (int(at.timestamp()), collection),
        )

    def finish_refresh(self, collection: int, at: datetime, site_signature: int = 0) -> None:
        """Note that a refresh came to its end."""
        found = self._connection.execute("SELECT signature FROM file WHERE collection=?", (collection,))
        signatures = array("q", [one for (one,) in found])
        self._connection.execute(
            "UPDATE collection SET last_success=?, failure='', next_try=NULL, site_signature=?, signatures=?"
            " WHERE id=?",
            (int(at.timestamp()), site_signature, signatures, collection),
        )

    def fail_refresh(self, name: str, reason: str, at: datetime, next_try: datetime | None = None) -> None:
        """Note that a refresh failed."""
        self._connection.execute(
            "UPDATE collection SET failure=?, last_attempt=?, next_try=? WHERE name=?",
            (reason, int(at.timestamp()), None if next_try is None else int(next_try.timestamp()), name),
        )

    def set_next_try(self, collection: int, kind: str, next_try: datetime | None) -> None:
        """Note what a remote collection is and when it is fetched again."""
        self._connection.execute(
            "UPDATE collection SET kind=?, next_try=? WHERE id=?",
            (kind, None if next_try is None else int(next_try.timestamp()), collection),
        )

    def count_articles(self, collection: int, more: int) -> None:
        if more:
            self._connection.execute("UPDATE collection SET articles=articles+? WHERE id=?", (more, collection))

    # -- files --------------------------------------------------------------------------------
    def load_signatures(self, collection: int) -> array[int]:
        """Return the signatures of all files of a collection, in the order they were saved in."""
        (blob,) = self._connection.execute("SELECT signatures FROM collection WHERE id=?", (collection,)).fetchone()
        if blob is not None:
            return array("q", blob)
        found = self._connection.execute("SELECT signature FROM file WHERE collection=?", (collection,))
        return array("q", [signature for (signature,) in found])

    def save_signatures(self, collection: int, signatures: array[int]) -> None:
        """Keep the signatures of all files of a collection in another order."""
        self._connection.execute("UPDATE collection SET signatures=? WHERE id=?", (signatures, collection))

    def load_paths(self, collection: int) -> dict[str, int]:
        """Return the signature of each file of a collection."""
        return dict(self._connection.execute("SELECT path, signature FROM file WHERE collection=?", (collection,)))

    def find_paths(self, collection: int, signatures: Container[int]) -> dict[str, int]:
        """Return the signature of each file that has one of these, or 0: it was read, but may have changed since."""
        found = self._connection.execute("SELECT path, signature FROM file WHERE collection=?", (collection,))
        return {path: one for path, one in found if not one or one in signatures}

    def forget_signatures(self, collection: int) -> None:
        """Say that the blob of signatures is not current; the next complete refresh writes it again."""
        self._connection.execute(
            "UPDATE collection SET signatures=NULL WHERE id=? AND signatures IS NOT NULL", (collection,)
        )

    def has_files(self, collection: int) -> bool:
        """Say whether anything of a collection was read, as far as this connection sees."""
        found = self._connection.execute("SELECT 1 FROM file WHERE collection=? LIMIT 1", (collection,)).fetchone()
        return found is not None

    def has_articles(self, collection: int) -> bool:
        """Say whether anything at all is known of a collection."""
        found = self._connection.execute("SELECT articles FROM collection WHERE id=?", (collection,)).fetchone()
        return bool(found[0])

    def folders_of_articles(self, collection: int) -> set[str]:
        """Return the folders that hold articles, each with a slash at its end; reads all files once."""
        found = self._connection.execute(
            "SELECT path FROM file WHERE collection=? AND EXISTS(SELECT 1 FROM rec WHERE rec.file=file.id)",
            (collection,),
        )
        return {path[: path.rfind("/") + 1] for (path,) in found}

    # -- problems and topics ------------------------------------------------------------------
    def problem_count(self, collection: int) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM problem WHERE collection=?", (collection,)).fetchone()
        return int(count)

    def replace_walk_problems(self, collection: int, problems: Sequence[Problem]) -> None:
        """Replace what looking at the collection found: problems of nothing that was read."""
        self._connection.execute(
            f"DELETE FROM problem WHERE collection=?1 AND NOT ({_IS_OF_SITE})"
            " AND NOT EXISTS(SELECT 1 FROM file WHERE file.collection=?1 AND path=problem.file)",
            (collection,),
        )
        self._insert_problems(collection, problems)

    def replace_site_problems(self, collection: int, problems: Sequence[Problem]) -> None:
        """Replace what is wrong with the files that describe a site."""
        self._connection.execute(f"DELETE FROM problem WHERE collection=? AND {_IS_OF_SITE}", (collection,))
        self._insert_problems(collection, problems)

    def _insert_problems(self, collection: int, problems: Sequence[Problem]) -> None:
        self._connection.executemany(
            "INSERT INTO problem(collection, file, line, field, severity, reason) VALUES(?,?,?,?,?,?)",
            [(collection, p.file, p.line, p.field, p.severity, p.reason) for p in problems],
        )

    def set_topics(self, collection: int, topics: Iterable[Topic]) -> None:
        """Replace what the site of a collection says of its topics."""
        self._connection.execute("DELETE FROM topic WHERE collection=?", (collection,))
        self._connection.executemany(
            "INSERT OR IGNORE INTO topic VALUES(?,?,?,?,?,?)",
            [
                (
                    collection,
                    topic.order,
                    topic.name,
                    topic.parent,
                    topic.id,
                    "\n".join(f"{kind}\t{address}" for kind, address in topic.services),
                )
                for topic in topics
            ],
        )
