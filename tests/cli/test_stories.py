"""Stories and related coverage on the command line, in every format."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from newstui.config import find_paths
from newstui.library import Library, LibraryPaths
from tests.command_line import Newstui, write_record

QUOKKAS = (
    ("Quokka census on Rottnest Island finds twelve thousand animals", "The Daily", "daily.example"),
    ("Rottnest Island quokka census counts twelve thousand", "The Weekly", "weekly.example"),
)


def write_quokkas(folder: Path, count: int = 2) -> None:
    for title, provider, host in QUOKKAS[:count]:
        write_record(folder, title, provider=provider, host=host)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two reports of one event, and twelve articles that are alone."""
    write_quokkas(tmp_path / "news")
    for number in range(12):
        write_record(tmp_path / "news", f"A tide table for harbour {number}", date=f"2023-{number + 1:02}-01")
    return tmp_path / "news"


def test_stories_say_the_same_in_the_four_formats(newstui: Newstui, folder: Path):
    where = ("list", "--stories", "--from", str(folder))
    objects = newstui(*where, "--format", "ndjson").objects
    assert json.loads(newstui(*where, "--format", "json").out) == objects
    assert len(objects) == 13
    story = objects[0]
    assert (len(story["articles"]), story["providers"], story["unread"], story["followed"]) == (2, 2, 2, False)
    assert [it["coverage"] for it in objects] == [1] + [0] * 12
    assert story["first"] == story["last"] == "2024-05-01T12:00:00Z"
    rows = list(csv.DictReader(newstui(*where, "--format", "tsv").out.splitlines(), delimiter="\t"))
    assert [row["articles"].split(",") for row in rows] == [it["articles"] for it in objects]
    text = newstui(*where).out.splitlines()
    assert all(it["id"] in line and it["title"] in line for line, it in zip(text, objects, strict=True))
    assert "2 by 2" in text[0]


def test_a_story_read_in_part_is_unread_and_one_read_whole_is_not(newstui: Newstui, folder: Path):
    where = ("list", "--stories", "--limit", "1", "--from", str(folder))
    first, second = newstui(*where, "--format", "ndjson").objects[0]["articles"]
    newstui("mark", "read", first, "--from", str(folder))
    assert "●" in newstui(*where).out
    newstui("mark", "read", second, "--from", str(folder))
    assert "·" in newstui(*where).out and "●" not in newstui(*where).out


def test_all_related_coverage_as_tab_separated_values_has_a_line_an_article_and_no_python(
    newstui: Newstui, folder: Path
):
    where = ("related", "--all", "--from", str(folder))
    objects = newstui(*where, "--format", "ndjson").objects
    out = newstui(*where, "--format", "tsv").out
    assert "{" not in out
    rows = list(csv.DictReader(out.splitlines(), delimiter="\t"))
    assert [row["id"] for row in rows] == [it["id"] for it in objects]
    for row, it in zip(rows, objects, strict=True):
        assert list(filter(None, row["related"].split(","))) == [other["id"] for other in it["related"]]
        scores = [float(score) for score in filter(None, row["related.score"].split(","))]
        assert scores == [other["score"] for other in it["related"]]


def test_a_copy_is_called_one(newstui: Newstui, folder: Path):
    write_record(folder, QUOKKAS[0][0], provider="The Copyist", host="copy.example", date="2024-05-02")
    (it,) = newstui("list", 'provider:"The Daily" quokka', "--from", str(folder), "--format", "ndjson").objects
    (copy,) = [
        line for line in newstui("related", it["id"], "--from", str(folder)).out.splitlines() if "Copyist" in line
    ]
    assert "  copy  " in copy


def test_new_coverage_of_a_followed_story_is_said_beside_the_results(newstui: Newstui, tmp_path: Path, folder: Path):
    second = next(folder.glob("*-rottnest-island*"))
    record = second.read_text()
    second.unlink()
    (it,) = newstui("list", "quokka", "--from", str(folder), "--format", "ndjson").objects
    paths = find_paths(os.environ)
    library = Library.open(LibraryPaths(paths.data, paths.cache), locations=[str(folder)])
    library.toggle_follow(library.resolve(it["id"])[0])
    library.close()
    second.write_text(record)
    answer = newstui("list", "--stories", "--from", str(folder), "--format", "ndjson")
    assert [story["followed"] for story in answer.objects] == [True] + [False] * 12
    assert "new coverage of a story you follow: Quokka census" in answer.err
    assert newstui("list", "--stories", "--from", str(folder)).err == ""
