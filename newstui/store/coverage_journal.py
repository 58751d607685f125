"""Which articles came, changed or went since the coverage index read them: a list in the article cache, by triggers.

So a pass over a million articles looks at those few alone. The list begins when the index is first built, and whoever
writes articles, in whatever program, adds to it without knowing. A number that both files hold says that the list goes
back to when the index had read everything; where they disagree, everything is looked at once.
"""

from __future__ import annotations

from secrets import randbits
from typing import NamedTuple

from newstui.store.cache import ArticleCache
from newstui.store.database import transaction

_DDL = """
CREATE TABLE IF NOT EXISTS touched(id INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS rec_came AFTER INSERT ON rec BEGIN INSERT INTO touched(key) VALUES(new.key); END;
CREATE TRIGGER IF NOT EXISTS rec_went AFTER DELETE ON rec BEGIN INSERT INTO touched(key) VALUES(old.key); END
"""
_NAME = "journal"


class Unread(NamedTuple):
    """Where to look for what is new."""

    journal: int
    """Number of the list in the cache."""
    last: int
    """Last entry to look at."""
    everything: bool
    """Whether all articles are looked at, not only those of the list."""

    def condition(self, key: str) -> str:
        """Return a condition in SQL for the keys to look at."""
        return "1" if self.everything else f"{key} IN (SELECT key FROM cache.touched WHERE id<={self.last})"


def open_journal(cache: ArticleCache, known: int) -> tuple[int, int]:
    """Return the number of the list and of its last entry (0 when it is empty); begin one unless `known` is there."""
    reader = cache.reader()
    found = reader.execute("SELECT value FROM meta WHERE name=?", (_NAME,)).fetchone()
    if found is None or found[0] != known:
        writer = cache.open_writer()
        try:
            with transaction(writer):
                for statement in _DDL.split(";\n"):
                    writer.execute(statement)
                found = (randbits(62) or 1,)
                writer.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (_NAME, *found))
        finally:
            writer.close()
    (last,) = reader.execute("SELECT coalesce(max(id), 0) FROM touched").fetchone()
    return found[0], last


def shorten_journal(cache: ArticleCache, last: int) -> None:
    """Take the entries up to this one out of the list."""
    writer = cache.open_writer()
    try:
        with transaction(writer):
            writer.execute("DELETE FROM touched WHERE id<=?", (last,))
    finally:
        writer.close()
