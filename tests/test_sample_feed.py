"""The sample collection keeps what it promises: enough of everything, and true to the record format."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

SAMPLE = Path(__file__).resolve().parent.parent / "sample_feed"
FRONT_PAGE_HEAT = 70
"""Heat from which the site shows a head of a story on its front page."""

Record = dict[str, Any]


@cache
def records() -> dict[str, Record]:
    """Front matter by path in the collection, read without any code of newstui."""
    found = {}
    for file in sorted(SAMPLE.glob("_*/**/*.md")):
        path = file.relative_to(SAMPLE).as_posix()
        if not path.startswith("_data/"):
            _, front_matter, body = file.read_text("utf-8").split("---\n", 2)
            found[path] = {**yaml.safe_load(front_matter), "body": body.strip()}
    return found


@cache
def news() -> dict[str, Record]:
    return {path: record for path, record in records().items() if record.get("category") == "news"}


def address(record: Record) -> str:
    return record.get("webUrl") or record.get("sourceUrl") or record["originalUrl"]


def related_addresses(record: Record) -> list[str]:
    return [item.get("webUrl") or item["url"] for item in record.get("related", [])]


def test_there_is_enough_to_demonstrate_every_feature():
    topics = {topic for record in records().values() for topic in record["topics"]}
    providers = {record["provider"]["name"] for record in news().values()}
    days = {str(record["publishedDateTime"])[:7] for record in news().values()}
    kinds = {record["type"] for record in records().values()}
    assert 60 <= len(records()) <= 100
    assert len(topics) >= 8
    assert len(providers) >= 15
    assert len(days) >= 12, "spread over months"
    assert {"article", "video", "course", "book", "download", "profile", "forum", "conference", "collection"} <= kinds


def test_at_least_twenty_stories_have_given_related_coverage():
    stories = {frozenset([address(record), *related_addresses(record)]) for record in news().values()}
    assert len([story for story in stories if len(story) > 1]) >= 20


@pytest.mark.parametrize("path", sorted(news()))
def test_given_coverage_leads_to_other_records_of_the_collection(path):
    record = news()[path]
    known = {address(other) for other in news().values()}
    listed = related_addresses(record)
    assert set(listed) <= known - {address(record)}
    assert len(set(listed)) == len(listed)


def test_coverage_is_given_both_ways():
    listed_by = {address(record): set(related_addresses(record)) for record in news().values()}
    for url, others in listed_by.items():
        assert all(url in listed_by[other] for other in others), url


def test_every_address_belongs_to_one_record_and_is_public():
    counts = Counter(address(record) for record in news().values())
    assert [url for url, count in counts.items() if count > 1] == []
    assert all(re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", url) for url in counts)


@pytest.mark.parametrize("path", sorted(path for path, record in news().items() if "heat" in record))
def test_heat_and_the_front_page_follow_the_rules_of_the_format(path):
    record = news()[path]
    related = record.get("related", [])
    qualities = [item["quality"] for item in related]
    if any(quality > record["quality"] for quality in qualities):
        assert (record["heat"], record["published"]) == (-1, False)
    else:
        heat = record["quality"] + 10 * len(related)
        assert (record["heat"], record["published"]) == (heat, heat >= FRONT_PAGE_HEAT)
    assert all(first >= second for first, second in pairwise(qualities)), "related is sorted by quality"


def test_front_page_records_and_others_are_both_there():
    assert {record.get("published") for record in news().values()} == {True, False, None}
    assert sum(record.get("heat") == -1 for record in news().values()) >= 10


def test_all_generations_of_the_format_are_there():
    keys = {key for record in news().values() for key in record}
    assert {"abstract", "score", "sourceUrl", "webUrl", "originalUrl", "tags"} <= keys
    assert any("id" in record["provider"] for record in news().values())


def test_every_picture_named_exists_in_the_size_named():
    for file in SAMPLE.rglob("*.md"):
        _, front_matter, _ = file.read_text("utf-8").split("---\n", 2)
        for picture in _images(yaml.safe_load(front_matter)):
            with Image.open(SAMPLE / picture["url"].removeprefix("/")) as image:
                assert image.size == (picture["width"], picture["height"]), picture["url"]


def _images(value: Any) -> list[Record]:
    if isinstance(value, list):
        return [picture for item in value for picture in _images(item)]
    if not isinstance(value, dict):
        return []
    return value.get("images", []) + [picture for item in value.values() for picture in _images(item) if item]


def test_pictures_are_small_and_each_is_used():
    files = [file for file in (SAMPLE / "assets").rglob("*") if file.is_file()]
    text = "".join(file.read_text("utf-8") for file in SAMPLE.rglob("*.md"))
    assert sum(file.stat().st_size for file in files) < 300_000
    assert [file.name for file in files if "/" + file.relative_to(SAMPLE).as_posix() not in text] == []


def test_topics_and_providers_are_described():
    topics = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(SAMPLE.glob("_data/topics/*.yaml"))]
    names = {topic["name"] for topic in topics}
    organizations = {file.stem for file in SAMPLE.glob("_data/organizations/*.md")}
    assert {topic for record in records().values() for topic in record["topics"]} <= names
    assert {topic["parent"] for topic in topics if "parent" in topic} <= names
    assert {record["provider"].get("domain") or record["provider"]["id"] for record in news().values()} <= organizations


def test_items_of_a_collection_exist():
    for path, record in records().items():
        for item in record.get("items", []):
            assert f"_learning/{item}.md" in records(), path


def test_bodies_show_what_the_article_view_can_set():
    bodies = "\n".join(record["body"] for record in records().values())
    for sign in (
        "\n## ",
        "\n| ",
        "\n> ",
        "```python",
        "```sql",
        "\n1. ",
        "\n- ",
        "[^",
        "<table>",
        "<blockquote>",
        "<pre>",
    ):
        assert sign in bodies, sign


def test_excerpts_have_the_length_of_real_ones():
    lengths = sorted(len(record.get("excerpt") or record["abstract"]) for record in news().values())
    assert 200 <= lengths[len(lengths) // 2] <= 300
    assert lengths[-1] <= 505


def test_file_names_are_like_real_ones():
    for path in news():
        assert re.fullmatch(r"_(news|posts(/_archive)?)/\d{4}-\d\d-\d\d-[a-z0-9-]+\.md", path), path


def test_titles_hold_other_scripts_accents_and_emoji():
    titles = "".join(record.get("title", "") for record in records().values())
    for sample in ("小", "चं", "文", "Марина", "Karikó", "🐍", "🫨", "«"):
        assert sample in titles, sample
