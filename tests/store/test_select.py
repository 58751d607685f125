"""Both roads to an answer agree: the predicate over articles in hand, and the columns with the search index."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newstui.library.listing import Listing
from newstui.model import Article
from newstui.query.match import Facts, Moment
from newstui.query.nodes import Query, Sort, Word
from newstui.query.parse import parse
from newstui.store import search, select, select_columns, word_sets
from newstui.store.catalog import READ, load_catalog
from newstui.store.packing import pack
from newstui.store.search import AbandonedError
from newstui.store.select import Selector
from newstui.store.select_rows import SelectedRows
from newstui.store.writer import CacheWriter
from tests.builders import an_article
from tests.query_strategies import libraries, queries
from tests.queryable import Queryable

MOMENT = Moment(datetime(2020, 8, 28, 12, 0, tzinfo=UTC), ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("few", "share"),
    [(0, 0), (select.FEW, 0), (0, 1_000_000)],
    ids=["by the index", "by the texts", "by what is kept of frequent words"],
)
@settings(
    derandomize=True,
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(libraries(), st.lists(queries, min_size=4, max_size=4))
def test_columns_and_predicate_choose_the_same_articles(
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    share: int,
    library: tuple[list[Article], list[Facts], int],
    asked: list[Query],
) -> None:
    monkeypatch.setattr(select, "FEW", few)
    monkeypatch.setattr(word_sets, "SHARE", share)
    monkeypatch.setattr(word_sets, "FEWEST_TO_KEEP_WORDS", 0)
    monkeypatch.setattr(word_sets, "FEWEST_TO_MAKE", 0)
    with tempfile.TemporaryDirectory() as folder:
        queryable = Queryable(Path(folder), *library)
        word_sets.save_word_sets(queryable.cache.open_writer())
        for query in asked:
            assert queryable.selected(query, MOMENT) == queryable.matching(query, MOMENT), query
        queryable.close()


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Queryable]:
    """Enough articles that numbers, dates and providers take the roads for large columns."""
    chance = random.Random(3)
    articles = [
        an_article(
            title=chance.choice(["alpha", "beta", "alpha beta"]),
            days_old=chance.random() * 600,
            quality=chance.choice([None, -7, -1, 0, 60, 252, 253, 900]),
            heat=chance.choice([None, -1, 5, 4000]),
            provider=f"Provider {chance.choice([1, 1, 1, 1, 2, 3, chance.randrange(4, 300)])}",
            domain=f"p{chance.randrange(3)}.example",
            topics=(chance.choice(["Common", "Common", f"Rare {chance.randrange(200)}"]),),
        )
        for _ in range(2500)
    ]
    queryable = Queryable(tmp_path, articles, [Facts(coverage=chance.choice([0, 0, 2])) for _ in articles])
    yield queryable
    queryable.close()


@pytest.mark.parametrize(
    "text",
    [
        'provider:"provider 1"',
        'provider:"provider 3"',
        'provider:"provider 17","provider 18"',
        "provider:p1.example",
        "domain:example",
        "topic:common",
        'topic:"rare 7","rare 8"',
        "quality:>=60",
        "quality:<0",
        "quality:-7..-7",
        "quality:253",
        "quality:>252",
        "-quality:..900",
        "heat:100..5000",
        "coverage:>0",
        "coverage:0",
        "after:100d before:3d",
        "on:2020-05",
        "alpha -beta",
        'title:"alpha beta" OR beta quality:60',
        "alpha topic:common after:300d -heat:<0",
    ],
)
def test_both_roads_agree_on_large_columns(many: Queryable, text: str) -> None:
    query = parse(text)
    found = many.selected(query, MOMENT)
    assert found == many.matching(query, MOMENT)
    assert found


@pytest.mark.parametrize("reach", [search.REACH, 700], ids=["one statement", "several statements"])
def test_rows_with_gaps_between_them_are_found(monkeypatch: pytest.MonkeyPatch, many: Queryable, reach: int) -> None:
    monkeypatch.setattr(search, "REACH", reach)
    connection = many.cache.open_writer()
    writer = CacheWriter(connection)
    gone = list(many.article_of)[5::7]
    writer.begin()
    writer.remove_articles(gone)
    writer.commit()
    many.catalog = load_catalog(many.cache.reader())
    many.selector = Selector(many.catalog, many.cache.reader)
    left = [article.key for row, article in many.article_of.items() if row not in set(gone)]
    for text in ("alpha", '"alpha beta"', "alpha quality:60"):
        query = parse(text)
        assert many.selected(query, MOMENT) == many.matching(query, MOMENT).intersection(left)


def test_articles_that_came_after_the_catalog_was_read_are_left_out(many: Queryable) -> None:
    connection = many.cache.open_writer()
    writer = CacheWriter(connection)
    writer.begin()
    collection, file = connection.execute("SELECT collection, id FROM file").fetchone()
    writer.add_articles(collection, [(file, pack(an_article(title="alpha newest"), "a.md"))], older=False)
    writer.commit()
    query = parse("newest")
    assert many.selected(query, MOMENT) == set()
    assert many.selected(parse("alpha"), MOMENT) == many.matching(parse("alpha"), MOMENT)


def test_the_newest_matches_are_found_without_searching_everything(
    many: Queryable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (search, select, select_columns):
        monkeypatch.setattr(module, "BLOCK", 64)
    monkeypatch.setattr(search, "PROBE", 65)
    monkeypatch.setattr(select, "BLOCKS_BEFORE_ALL", 1000)
    published = many.catalog.published
    for text in ("alpha", "beta -alpha", '"alpha beta" quality:60', "/bet/"):
        query = parse(text)
        assert query.where
        selector = Selector(many.catalog, many.cache.reader)
        _, all_at_once = selector.newest(query.where, 20, MOMENT)
        mask = selector.mask(query.where, MOMENT)
        everything = [place for place in range(many.catalog.count) if mask >> place & 1]
        everything.sort(key=lambda place: -published[place])
        assert all_at_once in (None, mask)
        rows = SelectedRows(Selector(many.catalog, many.cache.reader), query.where, MOMENT, Sort("date"))
        assert list(rows.slice(0, 20)) == everything[:20]


def test_words_in_order_of_date_are_answered_from_the_first_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (search, select, select_columns):
        monkeypatch.setattr(module, "BLOCK", 64)
    monkeypatch.setattr(search, "PROBE", 65)
    queryable = Queryable(tmp_path, [an_article(title="alpha", days_old=number) for number in range(1000)])
    found, mask = queryable.selector.newest(Word("alpha"), 20, MOMENT)
    assert (found[:20], mask) == (list(range(20)), None)
    assert len(found) < 200
    queryable.close()


def test_a_question_that_is_not_wanted_any_more_is_abandoned(many: Queryable) -> None:
    for text in ("alpha", '"alpha beta"', "/a/", "topic:x OR beta"):
        query = parse(text)
        with pytest.raises(AbandonedError):
            many.selector.mask(query.where, MOMENT, lambda: True)
        assert many.selected(query, MOMENT) == many.matching(query, MOMENT)


@pytest.mark.parametrize("after", range(2, 12))
def test_a_search_is_abandoned_in_the_middle_of_sql(
    many: Queryable, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(search, "_STEPS_BETWEEN_CHECKS", 1)
    looks = iter(range(100_000))
    with pytest.raises(AbandonedError):
        many.selector.mask(parse("alpha url:times").where, MOMENT, lambda: next(looks) >= after)
    assert many.selected(parse("alpha"), MOMENT) == many.matching(parse("alpha"), MOMENT)


def test_a_long_search_is_abandoned_half_way_and_taken_up_again(many: Queryable) -> None:
    looks = iter(range(10_000))
    query = parse("/alph/")
    with pytest.raises(AbandonedError):
        many.selector.mask(query.where, MOMENT, lambda: next(looks) > 3)
    assert many.selected(query, MOMENT) == many.matching(query, MOMENT)


def test_what_is_prepared_beside_the_screen_is_broken_off_and_taken_up_again(many: Queryable) -> None:
    looks = iter(range(100))
    with pytest.raises(AbandonedError):
        many.selector.warm(lambda: next(looks) > 3)
    many.selector.warm()
    many.catalog.change_marks({article.key: READ for article in many.articles[:40]})
    assert len(many.selected(parse("is:read"), MOMENT)) == 40
    for text in ('provider:"provider 3"', "quality:>252", "heat:100..5000", "coverage:0", "is:single-source"):
        assert many.selected(parse(text), MOMENT) == many.matching(parse(text), MOMENT), text


def test_counting_facets_is_abandoned_half_way(many: Queryable) -> None:
    for field, looks_before in (("topic", 0), ("provider", 0), ("provider", 1)):
        listing = Listing(parse("alpha"), many.selector, MOMENT, lambda rows: [])
        listing.complete()
        looks = iter(range(100))
        with pytest.raises(AbandonedError):
            listing.facets(field, is_cancelled=lambda looks=looks, last=looks_before: next(looks) >= last)
        assert sum(one.count for one in listing.facets(field)) == len(listing)


def test_marks_count_from_the_moment_they_are_made(many: Queryable) -> None:
    article = many.articles[7]
    assert many.selected(parse("is:read"), MOMENT) == set()
    many.catalog.change_marks({article.key: READ})
    assert many.selected(parse("is:read"), MOMENT) == {article.key}
