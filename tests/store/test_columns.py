"""The columns say what the rows say, whatever was added, changed and removed, in whatever order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.store import cache_schema
from newstui.store.catalog import Catalog, ValueMasks, load_catalog, mask_of_bit
from newstui.store.columns import (
    NO_DATE,
    NO_NUMBER,
    Chunk,
    ColumnRow,
    load_chunk,
    mask_from_positions,
    positions_from_mask,
    save_chunk,
    write_stories,
)

BASE = 1 << 40

rows = st.builds(
    ColumnRow,
    row=st.integers(BASE, BASE + 40),
    key=st.integers(-(2**63), 2**63 - 1),
    published=st.one_of(st.none(), st.integers(-(10**10), 10**10)),
    quality=st.one_of(st.none(), st.integers(-5, 300)),
    heat=st.one_of(st.none(), st.integers(-1, 2**40)),
    provider=st.integers(0, 1000),
    flags=st.integers(0, 127),
    values=st.sets(st.tuples(st.integers(0, 1), st.integers(1, 4))).map(lambda values: tuple(sorted(values))),
)
steps = st.lists(
    st.one_of(
        st.lists(rows, min_size=1, max_size=8, unique_by=lambda row: row.row),
        st.sets(st.integers(BASE, BASE + 40), min_size=1, max_size=8),
        st.just("reload"),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    cache_schema.create(opened)
    yield opened
    opened.close()


def story_of(key: int) -> tuple[int, int]:
    return key // 2, abs(key) % 7


@given(steps)
@settings(max_examples=80, derandomize=True, deadline=None)
def test_a_chunk_holds_exactly_the_rows_put_into_it(connection: sqlite3.Connection, steps: list[object]):
    connection.execute("BEGIN")
    chunk, held = Chunk(BASE >> 16), {}
    for step in steps:
        if step == "reload":
            save_chunk(connection, chunk)
            chunk = load_chunk(connection, BASE >> 16)
        elif isinstance(step, list):
            chunk.put(step, story_of)
            held |= {row.row: row for row in step}
        else:
            assert isinstance(step, set)
            chunk.remove(step)
            held = {number: row for number, row in held.items() if number not in step}
    expected = [held[number] for number in sorted(held, reverse=True)]
    assert list(chunk.rows) == [row.row for row in expected]
    assert list(chunk.keys) == [row.key for row in expected]
    assert list(chunk.published) == [NO_DATE if row.published is None else row.published for row in expected]
    assert list(chunk.quality) == [NO_NUMBER if row.quality is None else row.quality for row in expected]
    assert list(chunk.provider) == [row.provider for row in expected]
    assert list(chunk.flags) == [row.flags for row in expected]
    assert list(zip(chunk.stories, chunk.coverage, strict=True)) == [story_of(row.key) for row in expected]
    for value in {value for row in expected for value in row.values} | set(chunk.values):
        places = [place for place, row in enumerate(expected) if value in row.values]
        assert positions_from_mask(chunk.values.get(value, 0)) == places
    connection.execute("ROLLBACK")


@given(st.sets(st.integers(0, 5000)))
@settings(derandomize=True)
def test_a_set_of_positions_and_its_bits_are_the_same(places: set[int]):
    assert positions_from_mask(mask_from_positions(places)) == sorted(places)


def fill_two_chunks(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for number in ((BASE >> 16) - 1, BASE >> 16):
        chunk = Chunk(number)
        chunk.put(
            [
                ColumnRow((number << 16) + place, number * 100 + place, place, place, None, 0, place % 2, ((0, 1),))
                for place in range(3)
            ],
            story_of,
        )
        save_chunk(connection, chunk)
    connection.execute("INSERT OR IGNORE INTO value VALUES(1, 0, 'AI')")
    connection.execute("COMMIT")


def test_rows_of_several_chunks_load_as_one_catalog_highest_first(connection: sqlite3.Connection):
    fill_two_chunks(connection)
    catalog = load_catalog(connection, new_from=BASE + 1)
    assert list(catalog.rowids) == [BASE + 2, BASE + 1, BASE, BASE - 65534, BASE - 65535, BASE - 65536]
    assert catalog.topics["AI"] == 0b111111
    assert catalog.new_count == 2
    assert [catalog.position_of(row) for row in (BASE + 2, BASE - 65536, BASE + 3, BASE - 1)] == [0, 5, None, None]
    assert list(catalog.order("date")) == [0, 3, 1, 4, 2, 5]
    connection.execute("INSERT INTO rec VALUES(?,?,1,1,0,NULL,NULL,NULL,0,0,0,0)", (catalog.rowids[4], catalog.keys[4]))
    write_stories(connection, {catalog.keys[4]: (77, 70_000)})
    connection.execute("DELETE FROM rec")
    again = load_catalog(connection)
    assert again.version != catalog.version
    assert (again.story[4], again.coverage[4]) == (77, 65_535)
    assert again.story[3] == catalog.story[3]


def test_values_that_few_articles_have_are_counted_like_the_others():
    from array import array

    masks = ValueMasks({"AI": 0b1011}, {"Space": array("I", [1, 900])})
    assert masks["Space"] == 1 << 1 | 1 << 900
    assert masks.counts(0b0011) == {"AI": 2, "Space": 1}
    assert masks.counts(1 << 900) == {"Space": 1}
    assert sorted(masks) == ["AI", "Space"]


def test_marks_reach_every_row_of_a_key():
    catalog = Catalog()
    catalog.keys.extend([5, 6, 5])
    catalog.count = 3
    catalog.set_marks({5: 1, 9: 2})
    assert list(catalog.marks) == [1, 0, 1]
    catalog.change_marks({6: 2})
    catalog.change_marks(dict.fromkeys(range(20), 0) | {5: 3, 6: 2})
    assert list(catalog.marks) == [3, 2, 3]
    assert mask_of_bit(catalog.marks, 2) == 0b111
    assert catalog.read_mask() == 0b101


def test_a_kept_order_is_used_until_rows_change(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch):
    from newstui.store import catalog as catalogs
    from newstui.store.columns import raise_version

    fill_two_chunks(connection)
    monkeypatch.setattr(catalogs, "FEWEST_TO_KEEP_ORDER", 0)
    catalogs.save_date_order(connection)
    expected = list(load_catalog(connection).order("date"))
    monkeypatch.setattr(Catalog, "_sort", None)
    assert list(load_catalog(connection).order("date")) == expected
    write_stories(connection, {load_catalog(connection).keys[0]: (1, 1)})
    assert list(load_catalog(connection).order("date")) == expected
    raise_version(connection)
    with pytest.raises(TypeError):
        load_catalog(connection).order("date")
