"""The tables of the article cache. It can be rebuilt at any time, so most other versions are simply set aside.

collection ─< file ─< rec ─ body          one row an article: rec narrow, body wide
value, provider                            names that many articles share
label                                      author and tag values, for look-ups
chunk, chunk_value, chunk_story            the same as columns, 65,536 rows a piece (`columns.py`)
search                                     FTS5, without content of its own
word_set                                   what frequent words match in it, by chunk (`word_sets.py`)
"""

from __future__ import annotations

import sqlite3

from newstui.store.fetch_state import DDL as FETCH_STATE_DDL
from newstui.store.packing import SEARCH_FORM

APPLICATION_ID = 0x6E_74_63_61
"""``ntca``: a newstui cache."""
VERSION = 2
USER_VERSION = VERSION << 8 | SEARCH_FORM
"""Rises with every change to the tables or to the form of searched text."""
UPGRADED = ((APPLICATION_ID, 1 << 8 | SEARCH_FORM),)
"""Pairs of application and version that `upgrade` takes further: version 1 had no `word_set`."""

PAGE_SIZE = 8192

FIRST_ROW = 1 << 40
"""Rows read when a collection is first seen count down from here, newest first; later ones count up from here.
So a higher row is, nearly always, a newer article."""

TOPIC, TYPE, CATEGORY, COLLECTION = 0, 1, 2, 3
"""Facets of `value` and `chunk_value`. For COLLECTION the code is the collection's id."""

_WORD_SET_DDL = """CREATE TABLE word_set(
    id INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, expression TEXT NOT NULL, form INTEGER NOT NULL,
    positions BLOB NOT NULL, UNIQUE(expression, chunk)
);
CREATE INDEX word_set_by_chunk ON word_set(chunk);
"""
DDL = f"""
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE collection(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, location TEXT NOT NULL, kind TEXT NOT NULL DEFAULT '',
    grouping TEXT NOT NULL DEFAULT '', last_success INTEGER, last_attempt INTEGER, next_try INTEGER,
    failure TEXT NOT NULL DEFAULT '', articles INTEGER NOT NULL DEFAULT 0, problems_dropped INTEGER NOT NULL DEFAULT 0,
    site_signature INTEGER NOT NULL DEFAULT 0, site BLOB, signatures BLOB
);
CREATE TABLE file(
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, path TEXT NOT NULL, signature INTEGER NOT NULL,
    UNIQUE(collection, path)
);
CREATE TABLE rec(
    row INTEGER PRIMARY KEY, key INTEGER NOT NULL, file INTEGER NOT NULL, collection INTEGER NOT NULL,
    provider INTEGER NOT NULL, published INTEGER, quality INTEGER, heat INTEGER, flags INTEGER NOT NULL,
    type INTEGER NOT NULL, category INTEGER NOT NULL, digest INTEGER NOT NULL
);
CREATE INDEX rec_by_key ON rec(key);
CREATE INDEX rec_by_file ON rec(file);
CREATE INDEX rec_by_date ON rec(published);
CREATE TABLE body(
    row INTEGER PRIMARY KEY, entry TEXT, title TEXT, excerpt TEXT, body TEXT, url TEXT NOT NULL, extra TEXT NOT NULL
);
CREATE TABLE provider(id INTEGER PRIMARY KEY, name TEXT NOT NULL, domain TEXT NOT NULL, UNIQUE(name, domain));
CREATE TABLE value(id INTEGER PRIMARY KEY, facet INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(facet, name));
CREATE TABLE label(kind INTEGER, name TEXT, row INTEGER, PRIMARY KEY(kind, name, row)) WITHOUT ROWID;
CREATE TABLE chunk(
    number INTEGER PRIMARY KEY, count INTEGER NOT NULL, rows BLOB NOT NULL,
    keys BLOB NOT NULL, published BLOB NOT NULL, quality BLOB NOT NULL, heat BLOB NOT NULL,
    provider BLOB NOT NULL, flags BLOB NOT NULL
);
CREATE TABLE chunk_value(
    id INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, facet INTEGER NOT NULL, value INTEGER NOT NULL,
    form INTEGER NOT NULL, positions BLOB NOT NULL, UNIQUE(chunk, facet, value)
);
CREATE TABLE chunk_story(number INTEGER PRIMARY KEY, stories BLOB NOT NULL, coverage BLOB NOT NULL);
CREATE TABLE story(key INTEGER PRIMARY KEY, story INTEGER NOT NULL, coverage INTEGER NOT NULL);
CREATE TABLE ordering(name TEXT PRIMARY KEY, version INTEGER NOT NULL, positions BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE problem(
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER, field TEXT NOT NULL,
    severity TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX problem_by_file ON problem(collection, file);
CREATE TABLE topic(
    collection INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, parent TEXT, id TEXT,
    services TEXT NOT NULL, PRIMARY KEY(collection, position, name)
) WITHOUT ROWID;
CREATE TABLE session(started INTEGER PRIMARY KEY, next_row INTEGER NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(
    text, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize='ascii'
);
{_WORD_SET_DDL}{FETCH_STATE_DDL}
"""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, inside the caller's transaction."""
    _run(connection, DDL)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={USER_VERSION}")


def upgrade(connection: sqlite3.Connection) -> None:
    """Make what came after version 1, inside the caller's transaction; nothing that was read has to be read again."""
    _run(connection, _WORD_SET_DDL)
    connection.execute(f"PRAGMA user_version={USER_VERSION}")


def _run(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
