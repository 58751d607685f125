"""A listing shows the right articles in the right order, however little of it is worked out."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newstui.library.find import Finder, parse_sort
from newstui.library.listing import GONE, AbandonedError, Listing
from newstui.model import Article, Headline
from newstui.query.match import Facts, Moment, matches
from newstui.query.nodes import Query, Sort
from newstui.query.parse import parse
from newstui.query.top import top_score
from newstui.store import search, select, select_columns, select_rows
from newstui.store.catalog import READ
from newstui.store.select_orders import step_of
from tests.builders import NOW, an_article
from tests.query_strategies import libraries, queries, sorts
from tests.queryable import Queryable

MOMENT = Moment(NOW, UTC)


class Shelf(Queryable):
    """Articles with a finder over them."""

    def finder(self, **more: object) -> Finder:
        return Finder(self.selector, self.headlines, **more)  # type: ignore[arg-type]

    def headlines(self, rows: Sequence[int]) -> list[Headline]:
        found = []
        for headline in self.cache.headlines(rows):
            bits = self.catalog.marks[self.catalog.position_of(headline.row)]
            found.append(headline._replace(read=bool(bits & READ)))
        return found

    def find(self, query: str | Query, **how: object) -> Listing:
        return self.finder().find(query, MOMENT, **how)  # type: ignore[arg-type]

    def titles(self, query: str, **how: object) -> list[str]:
        return [headline.title for headline in self.find(query, **how).window(0, 1000)]

    def row_of(self, title: str) -> int:
        return next(row for row, article in self.article_of.items() if article.title == title)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    articles = [
        an_article(title="Solar probe lands", days_old=1, quality=50, heat=None, topics=("Space",), provider="Nova"),
        an_article(
            title="Robots learn to land", days_old=2, quality=90, heat=200, topics=("AI", "Space"), provider="Nova"
        ),
        an_article(title="A quiet day", days_old=3, quality=None, heat=10, topics=("AI",), excerpt="Nothing landed."),
        an_article(title="Old machines", days_old=400, quality=70, heat=20, topics=(), provider=""),
    ]
    shelf = Shelf(tmp_path, articles, [Facts(read=True), Facts(coverage=4), Facts(), Facts()])
    yield shelf
    shelf.close()


def test_an_empty_query_lists_everything_newest_first(shelf: Shelf) -> None:
    assert shelf.titles("") == ["Solar probe lands", "Robots learn to land", "A quiet day", "Old machines"]


def test_absent_numbers_stand_last_in_both_directions(shelf: Shelf) -> None:
    assert shelf.titles("sort:quality") == ["Robots learn to land", "Old machines", "Solar probe lands", "A quiet day"]
    assert shelf.titles("sort:-quality") == ["Solar probe lands", "Old machines", "Robots learn to land", "A quiet day"]
    assert shelf.titles("sort:heat")[-1] == shelf.titles("sort:-heat")[-1] == "Solar probe lands"


def test_words_put_the_best_match_first_unless_another_order_is_asked(shelf: Shelf) -> None:
    assert shelf.titles("land") == ["Robots learn to land", "Solar probe lands", "A quiet day"]
    assert shelf.titles("land sort:date") == ["Solar probe lands", "Robots learn to land", "A quiet day"]
    assert shelf.titles("land", sort="-date")[0] == "A quiet day"
    assert shelf.titles("land sort:-rank") == ["A quiet day", "Solar probe lands", "Robots learn to land"]


def test_the_order_in_the_query_wins_over_the_one_asked_for(shelf: Shelf) -> None:
    assert shelf.titles("sort:heat", sort="date")[0] == "Robots learn to land"


def test_the_top_order_puts_new_and_covered_first(shelf: Shelf) -> None:
    assert shelf.titles("sort:top")[0] == "Robots learn to land"
    assert shelf.titles("sort:top")[-1] == "Old machines"


def test_what_was_just_read_stays_in_its_place(shelf: Shelf) -> None:
    row = shelf.row_of("Solar probe lands")
    assert "Solar probe lands" not in shelf.titles("is:unread")
    assert shelf.titles("is:unread", keep_rows=[row])[0] == "Solar probe lands"
    assert len(shelf.find("is:unread", keep_rows=[row, 12345])) == 4
    assert shelf.titles("quiet", keep_rows=[row]) == ["A quiet day", "Solar probe lands"]


def test_marks_made_later_show_in_the_rows_but_do_not_move_them(shelf: Shelf) -> None:
    listing = shelf.find("is:unread")
    assert [headline.read for headline in listing.window(0, 9)] == [False, False, False]
    shelf.catalog.change_marks({shelf.article_of[shelf.row_of("A quiet day")].key: READ})
    assert [headline.read for headline in listing.window(0, 9)] == [False, True, False]
    assert (len(listing), listing.unread()) == (3, 2)


def test_the_next_unread_is_found_in_both_directions_without_wrapping(shelf: Shelf) -> None:
    listing = shelf.find("")
    assert listing.next_unread(-1) == 1
    assert listing.next_unread(1) == 2
    assert listing.next_unread(3) is None
    assert listing.next_unread(3, -1) == 2
    assert listing.next_unread(1, -1) is None
    assert listing.next_unread(0, -1) is None


def test_the_next_unread_is_found_far_away(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path,
        [an_article(days_old=number) for number in range(1500)],
        [Facts(read=number not in (3, 1400)) for number in range(1500)],
    )
    listing = shelf.find("")
    assert listing.next_unread(3) == 1400
    assert listing.next_unread(1400, -1) == 3
    assert listing.next_unread(1400) is None
    assert listing.next_unread(3, -1) is None
    shelf.close()


def test_facets_count_what_is_listed_and_what_of_it_is_unread(shelf: Shelf) -> None:
    listing = shelf.find("after:30d")
    assert [(each.value, each.count, each.unread) for each in listing.facets("topic")] == [
        ("AI", 2, 2),
        ("Space", 2, 1),
    ]
    assert [(each.value, each.count, each.unread) for each in listing.facets("provider")] == [
        ("Nova", 2, 1),
        ("Example Times", 1, 1),
    ]
    assert [each.value for each in shelf.find("").facets("provider", limit=1)] == ["Nova"]
    assert [each.value for each in shelf.find("old").facets("provider")] == ["times.example"]
    assert [(each.value, each.count) for each in listing.facets("type")] == [("article", 3)]


def test_topics_come_in_the_order_of_their_site(shelf: Shelf) -> None:
    listing = shelf.finder(topic_order={"Space": 0}).find("", MOMENT)
    assert [each.value for each in listing.facets("topic")] == ["Space", "AI"]


def test_an_article_that_has_gone_keeps_its_row(shelf: Shelf) -> None:
    listing = shelf.find("")
    row = shelf.row_of("A quiet day")
    shelf.cache.reader().execute("DELETE FROM body WHERE row=?", (row,))
    assert [headline.title for headline in listing.window(1, 4)] == ["Robots learn to land", GONE, "Old machines"]


def test_a_row_is_found_by_its_number(shelf: Shelf) -> None:
    listing = shelf.find("topic:AI")
    assert listing.position_of(shelf.row_of("A quiet day")) == 1
    assert listing.position_of(shelf.row_of("Old machines")) is None
    assert listing.position_of(99) is None


def test_snippets_show_the_hit_where_it_is(tmp_path: Path) -> None:
    long = "word " * 100
    shelf = Shelf(
        tmp_path,
        [
            an_article(title="One", excerpt=f"{long} the needle is here", days_old=1),
            an_article(
                title="Two", excerpt="Short.", body=f"{long}<b>needles</b> below", body_format="html", days_old=2
            ),
            an_article(title="Needle three", excerpt="Nothing of it.", days_old=3),
        ],
    )
    listing = shelf.find("needle sort:date")
    found = listing.snippets(0, 3, width=60)
    assert [[each.text[start:end] for start, end in each.spans] for each in found] == [["needle"], ["needles"], []]
    assert found[2].text == "Nothing of it."
    assert all(len(each.text) < 70 for each in found)
    shelf.close()


def test_a_listing_that_is_not_wanted_any_more_is_abandoned(shelf: Shelf) -> None:
    listing = shelf.find("land")
    with pytest.raises(AbandonedError):
        listing.prepare(10, lambda: True)
    with pytest.raises(AbandonedError):
        listing.complete(lambda: True)
    assert (listing.prepare(), listing.complete(), listing.seen) == (3, 3, 3)


def test_an_unknown_order_names_the_nearest() -> None:
    with pytest.raises(Exception, match="qualty") as caught:
        parse_sort("-qualty")
    assert caught.value.hint == "did you mean quality?"  # type: ignore[attr-defined]


# --- the same, worked out independently ------------------------------------------------------------------------


def expected(shelf: Shelf, query: Query) -> list[int]:
    """Return the rows of a query in order, from the articles alone. The order must not be by rank."""
    found = [row for row, article in shelf.article_of.items() if matches(query, article, shelf.facts_of[row], MOMENT)]
    found.sort(reverse=True)  # a higher row was added earlier here

    def seconds(row: int) -> float | None:
        published = shelf.article_of[row].published
        return published.timestamp() if published else None

    def value(row: int, by: str) -> float | None:
        article, facts = shelf.article_of[row], shelf.facts_of[row]
        if by == "top":
            date = seconds(row)
            return top_score(
                article.quality,
                article.heat,
                facts.coverage,
                None if date is None else int(date),
                step_of(int(NOW.timestamp())),
            )
        return {"date": seconds(row), "quality": article.quality, "heat": article.heat, "coverage": facts.coverage}[by]

    def put(by: str) -> None:
        present = [row for row in found if value(row, by) is not None]
        absent = [row for row in found if value(row, by) is None]
        present.sort(key=lambda row: -value(row, by))  # type: ignore[operator]
        found[:] = present + absent

    sort = query.sort or Sort("date")
    put("date")
    if sort.by != "date":
        put(sort.by)
    if sort.reverse:
        present = [row for row in found if sort.by == "top" or value(row, sort.by) is not None]
        found[:] = present[::-1] + found[len(present) :]
    return found


@pytest.mark.parametrize("block", [8, 16_384])
@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    libraries(most=20), st.lists(queries, min_size=3, max_size=3), st.lists(sorts, min_size=3, max_size=3), st.data()
)
def test_every_window_is_a_part_of_the_order_worked_out_independently(
    monkeypatch: pytest.MonkeyPatch,
    block: int,
    library: tuple[list[Article], list[Facts], int],
    asked: list[Query],
    orders: list[Sort],
    data: st.DataObject,
) -> None:
    for module in (search, select, select_columns):
        monkeypatch.setattr(module, "BLOCK", block)
    monkeypatch.setattr(search, "PROBE", block + 1)
    monkeypatch.setattr(select, "FEW", 0)
    monkeypatch.setattr(select, "BLOCKS_BEFORE_ALL", data.draw(st.integers(0, 6)))
    monkeypatch.setattr(select_rows, "NEAR", data.draw(st.integers(0, 6)))
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), *library)
        for query, order in zip(asked, orders, strict=True):
            query = Query(query.where, Sort("date") if order.by == "rank" else order)
            rows = expected(shelf, query)
            listing = shelf.find(query)
            for start in data.draw(st.lists(st.integers(0, len(library[0])), max_size=4)):
                stop = start + data.draw(st.integers(0, 5))
                assert [headline.row for headline in listing.window(start, stop)] == rows[start:stop], query
            for row in rows[:3]:
                assert listing.position_of(row) == rows.index(row)
            assert list(listing.rows()) == rows, query
            assert len(listing) == len(rows)
        shelf.close()


def big_shelf(folder: Path) -> Shelf:
    chance = random.Random(1)
    articles = [
        an_article(
            title=chance.choice(["alpha", "beta", "gamma delta"]),
            days_old=chance.random() * 900,
            quality=chance.choice([None, *range(200)]),
            heat=chance.choice([None, -1, *range(400)]),
            topics=tuple(chance.sample(["AI", "Space", "Health"], 1)),
        )
        for _ in range(3000)
    ]
    return Shelf(folder, articles, [Facts(coverage=chance.choice([0, 0, 0, 1, 5])) for _ in articles])


@pytest.mark.parametrize("sort", ["date", "-date", "quality", "-heat", "coverage", "top", "-top"])
def test_first_rows_equal_those_of_the_whole_order(tmp_path: Path, sort: str) -> None:
    shelf = big_shelf(tmp_path)
    for query in ("", "topic:AI", "alpha", "-alpha quality:>=40", "topic:AI,Space is:unread"):
        listing = shelf.find(query, sort=sort)
        windows = [listing.window(start, start + 40) for start in (0, 40, 80)]
        last = listing.window(len(listing) - 10, len(listing))
        rows = expected(shelf, Query(parse(query).where, parse_sort(sort)))
        assert [headline.row for window in windows for headline in window] == rows[:120]
        assert [headline.row for headline in last] == rows[-10:]
    shelf.close()


def test_ranking_keeps_every_article_once_and_dates_within_equal_fit(tmp_path: Path) -> None:
    shelf = big_shelf(tmp_path)
    listing = shelf.find("gamma")
    rows = [headline.row for headline in listing.window(0, 5000)]
    assert Counter(rows) == Counter(expected(shelf, parse("gamma")))
    assert rows == [headline.row for headline in shelf.find("gamma sort:date").window(0, 5000)]
    shelf.close()


def test_first_rows_of_a_search_are_shown_before_everything_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (search, select, select_columns):
        monkeypatch.setattr(module, "BLOCK", 1024)
    monkeypatch.setattr(search, "PROBE", 1025)
    shelf = Shelf(tmp_path, [an_article(title="alpha", days_old=number / 9) for number in range(5000)])
    listing = shelf.find("alpha")
    assert (listing.prepare(60), listing.is_counted) == (60, False)
    assert 60 <= listing.seen < 2000
    assert len(listing.window(0, 60)) == 60
    assert not listing.is_counted
    assert (listing.complete(), listing.is_counted, listing.seen) == (5000, True, 5000)
    shelf.close()


def test_two_threads_may_look_at_one_listing_at_once(tmp_path: Path) -> None:
    shelf = big_shelf(tmp_path)
    for query in ("alpha", "alpha sort:quality", "is:unread sort:top", "topic:AI,Space"):
        rows = list(shelf.find(query).rows())
        listing = shelf.find(query)
        starts = list(range(0, len(rows), 37))
        with ThreadPoolExecutor(4) as pool:
            counted = pool.submit(listing.complete)
            windows = list(pool.map(listing.window, starts, [start + 50 for start in starts]))
        assert counted.result() == len(rows)
        for start, window in zip(starts, windows, strict=True):
            assert [headline.row for headline in window] == rows[start : start + 50]
    shelf.close()
