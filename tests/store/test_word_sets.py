"""Frequent words: what is kept of them says the same as the index, and is not believed longer than it is true."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newstui.query.match import Moment
from newstui.query.nodes import Word
from newstui.query.parse import parse
from newstui.store import word_sets
from newstui.store.catalog import load_catalog
from newstui.store.packing import pack
from newstui.store.search import match_expression
from newstui.store.select import Selector
from newstui.store.writer import CacheWriter
from tests.builders import an_article
from tests.queryable import Queryable

MOMENT = Moment(datetime(2020, 8, 28, 12, 0, tzinfo=UTC), UTC)
TITLES = ["Harbour lights", "Harbour strike", "Über den Hafen", "Light rain", "Night trains", "港の灯", "Slow news"]


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queryable]:
    """A thousand articles, and a set for each beginning of a word that every eighth of them holds."""
    monkeypatch.setattr(word_sets, "FEWEST_TO_KEEP_WORDS", 0)
    monkeypatch.setattr(word_sets, "FEWEST_TO_MAKE", 1)
    monkeypatch.setattr(word_sets, "SAMPLE", 100)
    queryable = Queryable(tmp_path, [an_article(title=TITLES[number % 7], days_old=number) for number in range(1000)])
    word_sets.save_word_sets(queryable.cache.open_writer())
    yield queryable
    queryable.close()


def kept(queryable: Queryable, word: str) -> dict[int, int]:
    return word_sets.load_word_set(queryable.cache.reader(), f'"{word}"*')


def asks_index(queryable: Queryable, word: str) -> bool:
    """Say whether a search by a fresh program looks into the index of words."""
    statements: list[str] = []
    connection: sqlite3.Connection = queryable.cache.reader()
    connection.set_trace_callback(statements.append)
    Selector(queryable.catalog, queryable.cache.reader).texts().words(f'"{word}"*', None, lambda: False)
    connection.set_trace_callback(None)
    return any("MATCH" in statement for statement in statements)


def reload(queryable: Queryable) -> None:
    queryable.catalog = load_catalog(queryable.cache.reader())
    queryable.selector = Selector(queryable.catalog, queryable.cache.reader)


def assert_roads_agree(queryable: Queryable, *, among: set[int]) -> None:
    for text in ("h", "ha", "harbour", "l", "light", "harbour light", "-h", "h OR n", "h -harbour", "u", "港", "den"):
        query = parse(text)
        assert queryable.selected(query, MOMENT) == queryable.matching(query, MOMENT) & among, text


def everything(queryable: Queryable) -> set[int]:
    return {article.key for article in queryable.articles}


def test_beginnings_that_many_articles_hold_are_kept_whatever_their_alphabet(harbour: Queryable) -> None:
    for word in ("h", "harbour", "light", "uber", "港"):
        assert kept(harbour, word), word
    assert not kept(harbour, "x")
    assert not kept(harbour, "harbours")


def test_what_is_kept_answers_without_the_index(harbour: Queryable) -> None:
    assert not asks_index(harbour, "harbour")
    assert asks_index(harbour, "harbours")
    assert_roads_agree(harbour, among=everything(harbour))


def test_a_set_by_rows_is_read_right_where_rows_are_gone(harbour: Queryable, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = CacheWriter(harbour.cache.open_writer())
    gone = list(harbour.article_of)[3::7]
    writer.begin()
    writer.remove_articles(gone)
    writer.commit()
    assert not kept(harbour, "h")
    word_sets.save_word_sets(harbour.cache.open_writer())
    reload(harbour)
    assert not asks_index(harbour, "harbour")
    left = {article.key for row, article in harbour.article_of.items() if row not in set(gone)}
    assert_roads_agree(harbour, among=left)


def test_a_changed_text_is_not_answered_from_what_was_kept(harbour: Queryable) -> None:
    connection = harbour.cache.open_writer()
    writer = CacheWriter(connection)
    row, article = next(iter(harbour.article_of.items()))
    file, collection = connection.execute("SELECT file, collection FROM rec WHERE row=?", (row,)).fetchone()
    writer.begin()
    writer.change_articles(collection, [(row, file, pack(article._replace(title="Quiet"), article.path))])
    writer.commit()
    found = Selector(load_catalog(harbour.cache.reader()), harbour.cache.reader).mask(Word("harbour"), MOMENT)
    assert found.bit_count() == len(harbour.matching(parse("harbour"), MOMENT)) - 1


def test_articles_without_sets_yet_are_looked_up_in_the_index(
    harbour: Queryable, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = harbour.cache.open_writer()
    writer = CacheWriter(connection)
    collection, file = connection.execute("SELECT collection, id FROM file").fetchone()
    writer.begin()
    writer.add_articles(collection, [(file, pack(an_article(title="Harbour new", key=5), "a.md"))], older=False)
    writer.commit()
    reload(harbour)
    assert kept(harbour, "harbour"), "the chunk of the older ones was not written"
    found = harbour.selected(parse("harbour"), MOMENT)
    assert found == harbour.matching(parse("harbour"), MOMENT) | {5}
    monkeypatch.setattr("newstui.store.search.MOST_MISSING", 0)
    reload(harbour)
    assert harbour.selected(parse("harbour"), MOMENT) == found


def test_few_articles_have_no_sets(harbour: Queryable, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = harbour.cache.open_writer()
    connection.execute("DELETE FROM word_set")
    monkeypatch.setattr(word_sets, "FEWEST_TO_KEEP_WORDS", 1001)
    word_sets.save_word_sets(connection)
    assert not kept(harbour, "h")


def test_sets_go_on_being_made_where_that_was_broken_off(harbour: Queryable) -> None:
    connection = harbour.cache.open_writer()
    connection.execute("DELETE FROM word_set")
    word_sets.save_word_sets(connection, lambda: bool(kept(harbour, "h")))
    assert kept(harbour, "h") and not kept(harbour, "harbour")
    word_sets.save_word_sets(connection)
    assert kept(harbour, "harbour")


def test_a_word_typed_asks_for_the_expression_that_is_kept() -> None:
    from newstui.query.terms import compile_term

    assert match_expression(compile_term(Word("Hárbour"))) == '"harbour"*'
