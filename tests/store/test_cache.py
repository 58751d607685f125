"""The article cache can be lost, damaged or of another version at any time; it is then simply built again."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from newstui.errors import StoreError
from newstui.model import Problem, Subscription
from newstui.store import cache_schema, word_sets
from newstui.store.cache import ArticleCache
from newstui.store.cache_file import cache_path, discard_unused
from newstui.store.collections import CollectionTable
from newstui.store.packing import pack
from newstui.store.problems import load_problems
from newstui.store.writer import CacheWriter
from tests.builders import an_article


def filled(path: Path, count: int = 3) -> ArticleCache:
    cache = ArticleCache(path)
    cache.arrange([Subscription("news", "/news")])
    connection = cache.open_writer()
    writer = CacheWriter(connection)
    writer.begin()
    articles = [an_article(title=f"Article {number}", days_old=number) for number in range(count)]
    files = writer.add_files(1, [(article.path, 7) for article in articles])
    packed = [pack(article, article.path) for article in articles]
    writer.add_articles(1, list(zip(files, packed, strict=True)), older=True)
    CollectionTable(connection).count_articles(1, count)
    writer.commit()
    return cache


def test_articles_come_back_by_row_and_by_key(tmp_path: Path):
    cache = filled(tmp_path / "cache.db")
    newest = cache.newest(2)
    assert [headline.title for headline in newest] == ["Article 0", "Article 1"]
    rows = [headline.row for headline in newest]
    assert [headline.row for headline in cache.headlines([rows[1], 5, rows[0]])] == [rows[1], rows[0]]
    article = cache.article(rows[0])
    assert article is not None and (article.title, article.collection) == ("Article 0", "news")
    assert cache.rows_of_keys([article.key, 12]) == {article.key: [rows[0]]}
    assert cache.addresses(rows[:1]) == {rows[0]: (article.key, article.urls.web)}
    cache.close()


def test_keys_are_found_by_the_beginning_of_their_unsigned_value(tmp_path: Path):
    cache = ArticleCache(tmp_path / "cache.db")
    cache.arrange([Subscription("news", "/news")])
    writer = CacheWriter(cache.reader())
    writer.begin()
    (file,) = writer.add_files(1, [("a.md", 1)])
    keys = [-(2**63), -1, 0, 2**63 - 1]
    writer.add_articles(1, [(file, pack(an_article(key=key), "a.md")) for key in keys], older=True)
    writer.commit()
    assert cache.keys_between_unsigned(0, 2**64 - 1, limit=9) == [0, 2**63 - 1, -(2**63), -1]
    assert cache.keys_between_unsigned(2**63 - 1, 2**63, limit=9) == [2**63 - 1, -(2**63)]
    assert cache.keys_between_unsigned(1, 5, limit=9) == []
    cache.close()


@pytest.mark.parametrize("content", [b"nothing of the kind" * 500, b"\0" * 16384, b""])
def test_a_file_that_is_no_cache_is_replaced(tmp_path: Path, content: bytes):
    path = tmp_path / "cache.db"
    path.write_bytes(content)
    cache = ArticleCache(path)
    assert cache.newest(5) == []
    if content:
        assert cache.moved_aside is not None and cache.moved_aside.read_bytes() == content
    cache.close()


def test_a_cache_of_another_version_is_replaced(tmp_path: Path):
    path = tmp_path / "cache.db"
    filled(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=1")
    connection.close()
    cache = ArticleCache(path)
    assert cache.newest(5) == []
    assert cache.reader().execute("PRAGMA user_version").fetchone() == (cache_schema.USER_VERSION,)
    cache.close()


def test_a_cache_of_the_version_before_is_taken_further_and_keeps_its_articles(tmp_path: Path):
    path = tmp_path / "cache.db"
    filled(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE word_set")
        connection.execute(f"PRAGMA user_version={cache_schema.UPGRADED[0][1]}")
    connection.close()
    for _ in range(2):
        cache = ArticleCache(path)
        assert cache.moved_aside is None
        assert [headline.title for headline in cache.newest(5)] == ["Article 0", "Article 1", "Article 2"]
        assert cache.reader().execute("PRAGMA user_version").fetchone() == (cache_schema.USER_VERSION,)
        assert cache.reader().execute("SELECT count(*) FROM word_set").fetchone() == (0,)
        cache.save_derived(cache.open_writer(), lambda: False)
        cache.close()


def test_damage_found_while_words_are_counted_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(word_sets, "FEWEST_TO_KEEP_WORDS", 0)
    monkeypatch.setattr(word_sets, "FEWEST_TO_MAKE", 1)
    cache = filled(tmp_path / "cache.db")
    connection = cache.open_writer()
    connection.execute("UPDATE chunk SET rows='?'")
    with pytest.raises(StoreError, match="built again"):
        cache.save_derived(connection, lambda: False)
    assert cache.damaged
    cache.set_aside()
    assert cache.newest(5) == []
    cache.close()


def test_only_the_newest_damaged_caches_are_kept(tmp_path: Path):
    path = tmp_path / "cache.db"
    for _ in range(4):
        path.write_bytes(b"damaged" * 1000)
        ArticleCache(path).close()
    assert len(list(tmp_path.glob("cache.db.damaged-*"))) == 2


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        ArticleCache(tmp_path / "file/cache.db")
    assert "NEWSTUI_CACHE_DIR" in caught.value.hint


def test_the_cache_is_for_its_owner_alone(tmp_path: Path):
    filled(tmp_path / "own/cache.db").close()
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "own/cache.db").stat().st_mode) == 0o600


def test_what_is_rolled_back_leaves_no_trace(tmp_path: Path):
    cache = filled(tmp_path / "cache.db")
    before = list(cache.load_catalog(None).rowids)
    writer = CacheWriter(cache.open_writer())
    writer.begin()
    writer.remove_articles(before[:1])
    writer.roll_back()
    writer.begin()
    writer.commit()
    assert list(cache.load_catalog(None).rowids) == before
    assert len(cache.newest(9)) == 3
    cache.close()


def test_removing_articles_takes_them_out_of_every_table(tmp_path: Path):
    cache = filled(tmp_path / "cache.db")
    writer = CacheWriter(cache.open_writer())
    writer.begin()
    writer.remove_articles(list(cache.load_catalog(None).rowids))
    writer.commit()
    for table in ("rec", "body", "label", "chunk", "chunk_story", "chunk_value"):
        assert cache.reader().execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert cache.reader().execute("SELECT rowid FROM search WHERE search MATCH 'article'").fetchall() == []
    cache.close()


def test_a_thousand_problems_alike_are_one_line(tmp_path: Path):
    cache = filled(tmp_path / "cache.db")
    writer = CacheWriter(cache.open_writer())
    writer.begin()
    alike = [Problem("", f"{number:03}.md", number, "", "note", f"bad date: {number}") for number in range(30)]
    other = Problem("", "z.md", None, "", "refused", "no front matter")
    writer.replace_problems(1, [*alike, other])
    writer.commit()
    assert len(load_problems(cache.reader(), limit=31)) == 31
    summed = load_problems(cache.reader(), limit=10)
    assert [(problem.file, problem.severity) for problem in summed] == [("z.md", "refused"), ("30 files", "note")]
    cache.close()


def test_caches_of_named_locations_lie_apart_and_are_deleted_when_unused(tmp_path: Path):
    one, two = cache_path(tmp_path, ["/a"]), cache_path(tmp_path, ["/b", "/a"])
    assert len({one, two, cache_path(tmp_path, [])}) == 3
    assert cache_path(tmp_path, ["/a", "/b"]) == two
    for path in (one, two):
        filled(path).close()
        path.with_name(f"{path.stem}.coverage.db").write_bytes(b"")
    os.utime(one, (1_600_000_000, 1_600_000_000))
    discard_unused(tmp_path, two)
    assert sorted(path.name for path in two.parent.iterdir()) == [f"{two.stem}.coverage.db", two.name]


def test_the_cache_never_learns_a_password(tmp_path: Path):
    from newstui.library.collections import arrange_collections

    cache = ArticleCache(tmp_path / "cache.db")
    arrange_collections(cache, [Subscription("api", "https://reader:hunter2@daily.example/feed")])
    assert cache.collections()[0].location == "https://daily.example/feed"
    cache.close()
    assert b"hunter2" not in (tmp_path / "cache.db").read_bytes()


def test_damage_that_shows_while_reading_begins_an_empty_cache(tmp_path: Path):
    path = tmp_path / "cache.db"
    filled(path, 400).close()
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 8192):
        data[page * 8192 : page * 8192 + 100] = b"\x77" * 100
    path.write_bytes(data)
    cache = ArticleCache(path)
    if cache.moved_aside is None:
        with pytest.raises(StoreError, match="damaged"):
            cache.load_catalog(None)
        assert cache.damaged
        cache.set_aside()
    assert cache.moved_aside is not None and cache.moved_aside.read_bytes() == data
    assert cache.load_catalog(None).count == 0
    cache.close()
