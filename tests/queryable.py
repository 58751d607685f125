"""A cache filled with given articles and facts, so that both roads to an answer can be asked the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newstui.model import Article
from newstui.query.match import Facts, Moment, matches
from newstui.query.nodes import Query
from newstui.store.cache import ArticleCache
from newstui.store.catalog import NOTED, READ, STARRED, TAGGED, Catalog, load_catalog
from newstui.store.columns import write_stories
from newstui.store.packing import pack
from newstui.store.select import Selector
from newstui.store.writer import CacheWriter
from newstui.text import fold


class Queryable:
    """Articles with facts in a real cache file. Keys are unique."""

    def __init__(self, folder: Path, articles: Sequence[Article], facts: Sequence[Facts] = (), new: int = 0) -> None:
        self.articles = list(articles)
        self.facts = list(facts) or [Facts() for _ in articles]
        self.cache = ArticleCache(folder / "cache.db")
        rows = self._write()
        self.article_of = dict(zip(rows, self.articles, strict=True))
        self.facts_of = dict(zip(rows, self.facts, strict=True))
        self.catalog: Catalog = load_catalog(self.cache.reader())
        self.catalog.new_count = new
        self.catalog.set_marks(
            {article.key: bits_of(facts) for article, facts in zip(self.articles, self.facts, strict=True)}
        )
        self.selector = Selector(self.catalog, self.cache.reader, self.keys_tagged, self.followed_stories)

    def _write(self) -> list[int]:
        connection = self.cache.open_writer()
        writer = CacheWriter(connection)
        writer.begin()
        ids = {}
        for article in self.articles:
            if article.collection not in ids:
                ids[article.collection] = connection.execute(
                    "INSERT INTO collection(name, location) VALUES(?,?) RETURNING id", (article.collection, "")
                ).fetchone()[0]
        rows = []
        for number, article in enumerate(self.articles):
            collection = ids[article.collection]
            file = writer.put_file(collection, f"{number}/{article.path}", 1)
            rows += writer.add_articles(collection, [(file, pack(article, article.path))], older=True)
        writer.commit()
        connection.execute("BEGIN")
        told = {a.key: (a.key, f.coverage) for a, f in zip(self.articles, self.facts, strict=True) if f.coverage}
        write_stories(connection, told)
        connection.execute("COMMIT")
        return rows

    def keys_tagged(self, name: str) -> list[int]:
        return [
            article.key
            for article, facts in zip(self.articles, self.facts, strict=True)
            if name in {fold(tag) for tag in facts.tags}
        ]

    def followed_stories(self) -> frozenset[int]:
        """Return the keys of articles that are followed: each is a story of its own here."""
        return frozenset(one.key for one, facts in zip(self.articles, self.facts, strict=True) if facts.followed)

    def selected(self, query: Query, moment: Moment) -> set[int]:
        """Return the keys of what the columns and the index select."""
        mask = self.selector.mask(query.where, moment)
        return {self.catalog.keys[place] for place in range(self.catalog.count) if mask >> place & 1}

    def matching(self, query: Query, moment: Moment) -> set[int]:
        """Return the keys of what the predicate matches."""
        return {
            article.key
            for article, facts in zip(self.articles, self.facts, strict=True)
            if matches(query, article, facts, moment)
        }

    def close(self) -> None:
        self.cache.close()


def bits_of(facts: Facts) -> int:
    """Return facts as the catalog keeps them."""
    return (
        (READ if facts.read else 0)
        | (STARRED if facts.starred else 0)
        | (TAGGED if facts.tags else 0)
        | (NOTED if facts.note else 0)
    )
