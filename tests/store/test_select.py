"""Both roads to an answer agree: the predicate over articles in hand, and the columns with the search index."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newstui.model import Article
from newstui.query import parse
from newstui.query.match import Facts, Moment
from newstui.query.nodes import Query
from newstui.store.search import AbandonedError
from newstui.store import select
from tests.builders import NOW, an_article
from tests.query_strategies import libraries, queries
from tests.queryable import Queryable

MOMENT = Moment(datetime(2020, 8, 28, 12, 0, tzinfo=UTC), ZoneInfo("America/New_York"))


@pytest.mark.parametrize("few", [0, select.FEW], ids=["by the index", "by the texts"])
@settings(
    derandomize=True,
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(libraries(), st.lists(queries, min_size=4, max_size=4))
def test_columns_and_predicate_choose_the_same_articles(
    monkeypatch: pytest.MonkeyPatch, few: int, library: tuple[list[Article], list[Facts], int], asked: list[Query]
) -> None:
    monkeypatch.setattr(select, "FEW", few)
    with tempfile.TemporaryDirectory() as folder:
        queryable = Queryable(Path(folder), *library)
        for query in asked:
            assert queryable.selected(query, MOMENT) == queryable.matching(query, MOMENT), query
        queryable.close()
