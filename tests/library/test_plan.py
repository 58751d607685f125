"""What a refresh writes is decided by comparing, and only real differences count."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.library.plan import Plan, homeless_by_key, plan_file
from newstui.model import Article
from newstui.store.packing import Packed, pack
from newstui.store.writer import Known
from tests.builders import an_article
from tests.strategies import articles


def packed(**fields: object) -> Packed:
    article = an_article(**fields)  # type: ignore[arg-type]
    return pack(article, article.path)


def known(*found: Packed, first_row: int = 100) -> list[Known]:
    return [Known(first_row - place, one.key, one.digest, one.entry) for place, one in enumerate(found)]


@given(st.lists(articles(), max_size=6))
@settings(max_examples=60, derandomize=True)
def test_the_same_file_again_changes_nothing(found: list[Article]):
    now = [pack(article, "page.json") for article in found]
    assert plan_file(known(*now), now) == Plan(unchanged=len(now))


@given(st.lists(articles(), max_size=6), st.lists(articles(), max_size=6))
@settings(max_examples=60, derandomize=True)
def test_what_is_stored_afterwards_is_what_the_file_holds(before: list[Article], after: list[Article]):
    old = known(*[pack(article, "page.json") for article in before])
    new = [pack(article, "page.json") for article in after]
    plan = plan_file(old, new)
    stored = {one.row: (one.key, one.digest) for one in old if one.row not in plan.removed}
    stored |= {row: (article.key, article.digest) for row, article in plan.changed}
    result = sorted([*stored.values(), *((article.key, article.digest) for article in plan.added)])
    assert result == sorted((article.key, article.digest) for article in new)


def test_a_changed_article_keeps_its_row():
    old = packed(url="https://daily.example/1", title="Before")
    new = packed(url="https://daily.example/1", title="After")
    assert plan_file(known(old), [new]) == Plan(changed=[(100, new)])


def test_the_record_of_a_file_keeps_its_row_and_marks_when_its_address_changes():
    old, new = packed(url="https://daily.example/1"), packed(url="https://daily.example/2")
    plan = plan_file(known(old), [new])
    assert plan.changed == [(100, new)]
    assert plan.rekeyed == [(old.key, new.key, "https://daily.example/2")]


def test_a_file_that_cannot_be_read_any_more_keeps_what_it_gave():
    old = packed()
    assert plan_file(known(old), [], refused=True) == Plan(unchanged=1)
    assert plan_file(known(old), []) == Plan(removed=[100])


def test_an_article_that_turns_up_in_another_file_has_moved():
    old = packed(url="https://daily.example/1", title="Same", path="a.md")
    plan = plan_file([], [old], homeless=homeless_by_key(known(old)))
    assert plan == Plan(moved=[(100, None)])
