"""Pages, lists and lines of records: a bad entry costs that entry, a bad page that page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newstui.formats import Parsed, parse

NOW = datetime(2022, 1, 1, tzinfo=UTC)
ONE = {"title": "One", "webUrl": "https://x.example/1"}
TWO = {"title": "Two", "webUrl": "https://x.example/2"}


def read(value: Any, path: str = "index.json", address: str = "") -> Parsed:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return parse(data, path=path, now=NOW, address=address)


def titles(parsed: Parsed) -> list[str | None]:
    return [article.title for article in parsed.articles]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"page": 1, "value": [ONE, TWO], "nextPage": 2}, "page"),
        ({"location": {"name": "x"}, "updatedDateTime": "2020-01-01T00:00:00.0000000Z", "news": [ONE, TWO]}, "page"),
        ({"articles": [ONE, TWO]}, "page"),
        ([ONE, TWO], "list"),
    ],
)
def test_every_shape_of_a_list_is_recognised(value: Any, kind: str) -> None:
    parsed = read(value)
    assert titles(parsed) == ["One", "Two"]
    assert parsed.kind == kind
    assert not parsed.problems


def test_one_record_is_an_item() -> None:
    parsed = read(ONE)
    assert (titles(parsed), parsed.kind) == (["One"], "item")
    with_items = read({**ONE, "items": ["a", "b"]})
    assert dict(with_items.articles[0].details) == {"Contains": "2 items"}


def test_a_collection_of_courses_is_a_record_although_it_has_items() -> None:
    parsed = read({"title": "All about maps", "type": "collection", "items": ["courses/a", "courses/b"]})
    assert (titles(parsed), parsed.kind) == (["All about maps"], "item")


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "json", "txt"])
def test_json_lines_are_recognised_by_looking(ending: str) -> None:
    data = b"\n".join(json.dumps(entry).encode() for entry in (ONE, TWO)) + b"\n"
    assert titles(read(data, f"x.{ending}")) == ["One", "Two"]


def test_a_bad_line_costs_that_line_and_names_it() -> None:
    parsed = read(b'{"title": "One"}\n\n{"title": \n{"title": "Two"}\n', "x.jsonl")
    assert titles(parsed) == ["One", "Two"]
    [problem] = parsed.problems
    assert (problem.line, problem.severity) == (3, "refused")


def test_only_line_ends_end_a_line_of_json() -> None:
    parsed = read('{"title": "one\u2028line"}\n{"title": "Two"}'.encode(), "x.jsonl")
    assert titles(parsed) == ["one line", "Two"]


def test_more_values_than_memory_is_worth_are_refused() -> None:
    parsed = read(b"[" + b"{}," * 1_100_000 + b"{}]")
    assert parsed.refusal is not None and "1,000,000 values" in parsed.refusal.reason


def test_bad_entries_cost_themselves_and_are_numbered() -> None:
    parsed = read({"page": 1, "value": [ONE, None, 7, "text", [], {}, TWO]})
    assert titles(parsed) == ["One", "Two"]
    assert [problem.field for problem in parsed.problems] == [f"entry {number}" for number in range(2, 7)]


def test_a_bad_field_of_an_entry_is_named_with_the_entry() -> None:
    parsed = read([{**ONE, "quality": "many"}])
    assert parsed.problems[0].field == "entry 1.quality"


@pytest.mark.parametrize(
    ("page", "following", "expected", "noted"),
    [
        (1, 2, 2, False),
        (1, "2", 2, False),
        (1, None, None, False),
        (1, 1, None, True),
        (3, 2, None, True),
        (1, -5, None, False),
        (1e308, 10**30, None, False),
        (1, True, None, False),
        (1, "https://site.example/api/page/2/", "https://site.example/api/page/2/", False),
        (1, "page/2/", "https://site.example/api/page/2/", False),
        (1, "https://other.example/2", None, True),
        (1, "file:///etc/passwd", None, True),
    ],
)
def test_where_a_list_goes_on(page: Any, following: Any, expected: int | str | None, noted: bool) -> None:
    parsed = read({"page": page, "value": [ONE], "nextPage": following}, address="https://site.example/api/index.json")
    assert parsed.next_page == expected
    assert bool(parsed.problems) is noted


def test_the_path_of_an_entry_is_only_a_name_and_stays_apart_from_others() -> None:
    entries = [{**ONE, "path": "../../etc/passwd"}, {**TWO, "path": "../../etc/passwd"}, {**ONE, "path": None}]
    assert [article.path for article in read(entries).articles] == [
        "../../etc/passwd",
        "../../etc/passwd#2",
        "index.json#3",
    ]


def test_the_category_comes_from_categories_else_from_the_folder_of_the_entry() -> None:
    entries = [{**ONE, "categories": ["news"], "path": "_learning/x.md"}, {**TWO, "path": "_learning/videos/x.md"}]
    assert [article.category for article in read(entries).articles] == ["news", "learning"]


def test_the_address_of_an_api_item_is_not_the_address_of_the_article() -> None:
    api = "https://site.example/api/news/x/index.json"
    video = {"title": "V", "webUrl": None, "originalUrl": "https://youtu.be/abcdefghijk", "sourceUrl": api}
    [article] = read([video]).articles
    assert article.urls.web is None
    assert article.urls.best == "https://youtu.be/abcdefghijk"


def test_texts_that_were_numbers_and_halves_of_letters_are_survived() -> None:
    parsed = read(
        b'[{"title": "half \\ud800 of \\ud83d\\ude00", "quality": NaN, "heat": 1e400, "webUrl": "https://x.example/"}]'
    )
    assert titles(parsed) == ["half of 😀"]
    assert parsed.articles[0].quality is None
    assert len(parsed.problems) == 2


def test_a_cut_page_is_refused_whole_with_the_position() -> None:
    parsed = read(b'{"page": 1, "value": [{"title": "One"}, {"titl')
    assert not parsed.articles
    assert parsed.refusal is not None and "line 1, column" in parsed.refusal.reason


def test_yaml_lists_mappings_and_documents_with_a_mark_are_read() -> None:
    for data in (
        b"- title: One\n- title: Two\n",
        b"---\n- title: One\n- title: Two\n",
        b"value:\n  - title: One\n  - title: Two\n",
    ):
        assert titles(read(data, "x.yaml")) == ["One", "Two"]
    assert titles(read(b"title: no\nwebUrl: https://x.example/\n", "x.yml")) == ["no"]
    assert titles(read(b"---\ntitle: no\n---\nbody\n", "x.yml")) == ["no"]
    assert titles(read(b"base: &b\n  topics: [AI]\nvalue:\n  - <<: *b\n    title: One\n", "x.yaml")) == ["One"]


def test_what_the_reader_exports_reads_back() -> None:
    row = {
        "id": "x", "title": "T", "excerpt": "E", "published": "2020-08-28T11:17:00Z", "updated": None, "type": "article", "category": "news",
        "urls": {"original": "https://o.example/", "web": "https://w.example/", "amp": None, "cdn_amp": None}, "quality": 3, "heat": -1,
        "provider": {"name": "P", "domain": "p.example"}, "topics": ["AI"], "authors": ["A"], "images": [{"url": "https://i.example/", "width": 1, "height": 2}],
        "related": [{"title": "R", "url": "https://r.example/", "published": None, "provider": {"name": None, "domain": None}, "quality": 5}],
    }  # fmt: skip
    parsed = read([row])
    [article] = parsed.articles
    assert not parsed.problems
    assert (article.urls.original, article.urls.web) == ("https://o.example/", "https://w.example/")
    assert article.published == datetime(2020, 8, 28, 11, 17, tzinfo=UTC)
    assert (article.authors, article.quality, article.heat, article.related[0].url) == (
        ("A",),
        3,
        -1,
        "https://r.example/",
    )
