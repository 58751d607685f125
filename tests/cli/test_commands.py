"""The command line as a person or a script uses it, on real folders."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newstui.cli.table import VERBS
from tests.command_line import Newstui, write_record

KEYS = {
    "id", "title", "excerpt", "published", "updated", "urls", "type", "category", "quality", "heat", "provider",
    "topics", "authors", "images", "related", "collection", "path", "read", "starred", "tags",
}  # fmt: skip


def ids(newstui: Newstui, folder: Path, *query: str) -> list[str]:
    return [it["id"] for it in newstui("list", *query, "--from", str(folder), "--format", "ndjson").objects]


def test_a_folder_is_listed_newest_first_with_every_promised_key(newstui: Newstui, folder: Path):
    answer = newstui("list", "--from", str(folder), "--format", "ndjson")
    assert answer.code == 0
    assert [it["title"] for it in answer.objects] == ["A tide table", "A library turns ten", "A comet returns"]
    assert all(it.keys() >= KEYS for it in answer.objects)
    last = answer.objects[-1]
    assert last["published"] == "2024-05-01T12:00:00Z"
    assert last["urls"] == {
        "original": None,
        "web": "https://daily.example/a-comet-returns",
        "amp": None,
        "cdn_amp": None,
    }
    assert last["provider"] == {"name": "The Daily", "domain": "daily.example"}
    assert (last["read"], last["starred"], last["tags"], last["related"]) == (False, False, [], [])


@pytest.mark.parametrize("query", [("coverage:>=1",), ("-is:single-source",), ("has:related", "--sort", "coverage")])
def test_a_query_for_coverage_finds_it_in_a_folder_read_for_the_first_time(
    newstui: Newstui, tmp_path: Path, query: tuple[str, ...]
):
    write_record(tmp_path, "Quokka census on Rottnest Island finds twelve thousand animals")
    weekly = {"provider": "The Weekly", "host": "weekly.example"}
    write_record(tmp_path, "Rottnest Island quokka census counts twelve thousand", **weekly)
    for number in range(12):
        write_record(tmp_path, f"A tide table for harbour {number}", date=f"2023-{number + 1:02}-01")
    answer = newstui("list", *query, "--from", str(tmp_path), "--format", "ndjson")
    assert {it["provider"]["name"] for it in answer.objects} == {"The Daily", "The Weekly"}
    assert all("Rottnest" in it["title"] for it in answer.objects)


def test_the_four_formats_say_the_same(newstui: Newstui, folder: Path):
    where = ("--from", str(folder))
    lines = newstui("list", *where, "--format", "ndjson").objects
    assert json.loads(newstui("list", *where, "--format", "json").out) == lines
    tsv = newstui("list", *where, "--format", "tsv").out.splitlines()
    assert [row.split("\t")[0] for row in tsv] == ["id", *(it["id"] for it in lines)]
    text = newstui("list", *where).out.splitlines()
    assert all(it["id"] in row and it["title"] in row for row, it in zip(text, lines, strict=True))


def test_a_query_narrows_and_a_limit_cuts(newstui: Newstui, folder: Path):
    assert len(ids(newstui, folder, "topic:Space")) == 1
    assert len(ids(newstui, folder, 'provider:"The Daily"')) == 2
    assert len(ids(newstui, folder, "quality:>=50")) == 2
    assert len(ids(newstui, folder, "-topic:Space")) == 2
    assert len(ids(newstui, folder, "--limit", "1")) == 1
    assert ids(newstui, folder, "--sort", "-date") == ids(newstui, folder)[::-1]


def test_nothing_matching_is_exit_1_and_silent_on_stdout(newstui: Newstui, folder: Path):
    answer = newstui("list", "topic:Nowhere", "--from", str(folder), "--format", "ndjson")
    assert (answer.code, answer.out) == (1, "")
    assert "nothing matches" in answer.err


def test_a_wrong_query_is_exit_2_with_a_caret_under_the_mistake(newstui: Newstui, folder: Path):
    answer = newstui("list", "topc:Space", "--from", str(folder))
    assert (answer.code, answer.out) == (2, "")
    lines = answer.err.splitlines()
    assert "topic" in answer.err
    [caret] = [line for line in lines if line.strip() == "^"]
    typed = lines[lines.index(caret) - 1]
    assert typed[caret.index("^") :].startswith("topc")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "--from", "/no/such/folder"), 4, "does not exist"),
        (("lisst",), 2, "did you mean"),
        (("list", "--sort", "hotness"), 2, "no order hotness"),
        (("mark", "red", "x"), 2, "did you mean read?"),
        (("refresh", "Nobody"), 1, "no collection is called"),
        (("remove", "Nobody"), 1, "no collection is called"),
        (("show", "zzzzzzzzzzzzz"), 1, ""),
        (("add", "/no/such/folder"), 4, "does not exist"),
        (("help", "lst"), 2, "did you mean 'list'?"),
    ],
)
def test_mistakes_end_with_the_promised_code_and_one_clear_message(
    newstui: Newstui, arguments: tuple[str, ...], code: int, words: str
):
    answer = newstui(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert words in answer.err
    assert answer.err.startswith("newstui: ")


def test_a_folder_without_records_says_what_was_looked_for(newstui: Newstui, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    answer = newstui("list", "--from", str(tmp_path / "empty"))
    assert answer.code == 4
    assert "front matter" in answer.err


def test_ids_prefixes_and_addresses_mean_the_same_article(newstui: Newstui, folder: Path):
    where = ("--from", str(folder), "--format", "ndjson")
    whole = ids(newstui, folder, "topic:Space")[0]
    for text in (
        whole,
        whole[:9],
        "https://daily.example/a-comet-returns",
        "http://www.daily.example/a-comet-returns/",
    ):
        [article] = newstui("show", text, *where).objects
        assert article["id"] == whole
        assert "body" in article


def test_marks_stay_for_any_later_command_and_hold_for_the_same_article_elsewhere(
    newstui: Newstui, folder: Path, tmp_path: Path
):
    comet = ids(newstui, folder, "topic:Space")[0]
    assert newstui("mark", "read", comet, "--from", str(folder)).out == "1 article read\n"
    assert newstui("mark", "read", comet, "--from", str(folder)).out == "0 articles read\n"
    newstui("mark", "starred", comet, "--from", str(folder))
    newstui("tag", "sky", comet, "--from", str(folder))
    write_record(tmp_path / "copy", "A comet returns", topic="Comets")
    [copy] = newstui("list", "--from", str(tmp_path / "copy"), "--format", "ndjson").objects
    assert (copy["id"], copy["read"], copy["starred"], copy["tags"]) == (comet, True, True, ["sky"])
    assert len(ids(newstui, folder, "is:unread")) == 2
    assert ids(newstui, folder, "is:starred") == ids(newstui, folder, "tag:sky") == [comet]


def test_a_dry_run_says_how_many_and_changes_nothing(newstui: Newstui, folder: Path):
    where = ("--from", str(folder))
    assert (
        newstui("mark", "read", "--query", "is:unread", "--dry-run", *where).out == "3 articles would be marked read\n"
    )
    assert len(ids(newstui, folder, "is:unread")) == 3


def test_undo_and_redo_work_in_later_runs_and_history_lists_them(newstui: Newstui, folder: Path):
    where = ("--from", str(folder))
    newstui("mark", "read", "--query", "", *where)
    assert len(ids(newstui, folder, "is:read")) == 3
    assert newstui("undo").code == 0
    assert len(ids(newstui, folder, "is:read")) == 0
    assert newstui("redo").code == 0
    assert len(ids(newstui, folder, "is:read")) == 3
    history = newstui("undo", "--list", "--format", "ndjson").objects
    assert history[-1]["count"] == 3
    assert newstui("undo").code == 0
    assert newstui("undo").code == 1


def test_marks_outlive_the_record_the_cache_and_an_edit(newstui: Newstui, folder: Path, tmp_path: Path):
    comet = ids(newstui, folder, "topic:Space")[0]
    newstui("mark", "starred", comet, "--from", str(folder))
    record = next(folder.glob("*comet*"))
    text = record.read_text()
    record.unlink()
    assert len(ids(newstui, folder)) == 2
    for file in (tmp_path / "own" / "cache").iterdir():
        if file.is_file():
            file.unlink()
    record.write_text(text.replace("An invented report", "A corrected report"))
    assert ids(newstui, folder, "is:starred") == [comet]


def test_subscribing_reading_and_unsubscribing(newstui: Newstui, folder: Path):
    added = newstui("add", str(folder), "--name", "Mine", "--every", "2h")
    assert added.code == 0
    assert "3 new" in added.out
    assert newstui("add", str(folder)).code == 2
    [collection] = newstui("collections", "--format", "ndjson").objects
    assert (collection["name"], collection["articles"], collection["unread"], collection["failure"]) == (
        "Mine",
        3,
        3,
        None,
    )
    assert len(newstui("list", "--format", "ndjson").objects) == 3
    write_record(folder, "A new island", date="2024-05-04")
    assert len(newstui("list", "--format", "ndjson").objects) == 3
    assert newstui("refresh", "mine").out == "Mine: 1 new\n"
    assert newstui("refresh").out == "Mine: nothing new\n"
    assert len(newstui("list", "collection:Mine", "--format", "ndjson").objects) == 4
    assert newstui("remove", "Mine").code == 0
    assert newstui("collections").code == 1


def test_a_collection_that_disappears_keeps_its_articles_and_is_exit_3(newstui: Newstui, folder: Path):
    newstui("add", str(folder), "--name", "Mine")
    folder.rename(folder.with_name("moved"))
    answer = newstui("refresh")
    assert answer.code == 3
    assert "Mine" in answer.err
    assert len(newstui("list", "--format", "ndjson").objects) == 3
    [collection] = newstui("collections", "--format", "ndjson").objects
    assert collection["failure"]
    folder.with_name("moved").rename(folder)
    assert newstui("refresh").out == "Mine: nothing new\n"


def test_facets_count_articles_and_unread(newstui: Newstui, folder: Path):
    newstui("mark", "read", "--query", "topic:Space", "--from", str(folder))
    facets = newstui("facets", "--from", str(folder), "--format", "ndjson").objects
    counted = {(it["facet"], it["value"]): (it["count"], it["unread"]) for it in facets}
    assert counted["topic", "Space"] == (1, 0)
    assert counted["provider", "The Daily"] == (2, 1)
    assert counted["type", "article"] == (3, 2)
    assert counted["category", "news"] == (3, 2)
    assert {facet for facet, _ in counted} == {"topic", "provider", "category", "collection", "type"}


def test_doctor_names_every_loss_with_file_line_and_reason(newstui: Newstui, folder: Path):
    (folder / "broken.md").write_text('---\ntitle: "never closed\n')
    path = write_record(folder, "A bad date")
    path.write_text(path.read_text().replace("2024-05-01T12:00:00Z", "2024-13-01T12:00:00Z"))
    problems = newstui("doctor", "--from", str(folder), "--format", "ndjson").objects
    by_file = {problem["file"]: problem for problem in problems}
    assert by_file["broken.md"]["severity"] == "refused"
    assert by_file["broken.md"]["reason"]
    note = by_file[path.name]
    assert (note["severity"], note["field"], note["line"]) == ("note", "publishedDateTime", 5)
    assert "A bad date" in newstui("list", "--from", str(folder)).out
    text = newstui("doctor", "--from", str(folder))
    assert text.code == 0
    assert "broken.md" in text.out
    assert "SQLite" in text.out


def test_records_come_in_on_standard_input(tmp_path: Path):
    run = subprocess.run(
        [sys.executable, "-m", "newstui", "list", "--from", "-", "--format", "ndjson"],
        input='{"title": "From a pipe", "webUrl": "https://daily.example/pipe"}\n{"title": "Two", "webUrl": "https://daily.example/2"}\n',
        capture_output=True, text=True, check=False,
        env=os.environ | {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert sorted(json.loads(line)["title"] for line in run.stdout.splitlines()) == ["From a pipe", "Two"]


def test_a_closed_pipe_ends_quietly(tmp_path: Path, sample_feed: Path):
    environment = os.environ | {f"NEWSTUI_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    command = f"{sys.executable} -m newstui list --from {sample_feed} --format json | head -c 10"
    run = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, env=environment, check=False
    )
    assert run.stderr == ""


def test_marks_go_out_and_come_back_in(newstui: Newstui, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    comet = ids(newstui, folder, "topic:Space")[0]
    newstui("mark", "starred", comet, "--from", str(folder))
    newstui("tag", "sky", comet, "--from", str(folder))
    out = newstui("export", "marks")
    assert out.code == 0
    (tmp_path / "marks.jsonl").write_text(out.out)
    monkeypatch.setenv("NEWSTUI_DATA_DIR", str(tmp_path / "elsewhere"))
    assert ids(newstui, folder, "is:starred") == []
    assert newstui("import", str(tmp_path / "marks.jsonl")).code == 0
    assert ids(newstui, folder, "is:starred tag:sky") == [comet]
    assert newstui("export", "marks").out == out.out


def test_opml_goes_out_and_comes_back_in(
    newstui: Newstui, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Sky"><outline text="Comets" type="rss" '
        'xmlUrl="http://127.0.0.1:9/comets.xml"/></outline></body></opml>'
    )
    assert "1 collection added" in newstui("import", str(opml)).out
    assert "1 known already" in newstui("import", str(opml)).out
    out = newstui("export", "opml").out
    assert "http://127.0.0.1:9/comets.xml" in out
    assert "Sky" in out
    assert newstui("add", str(folder), "--name", "At home").code == 0
    assert "left out: At home" in newstui("export", "opml").err
    opml.with_name("urls").write_text('https://news.example/feed\n"query:Unread:unread = \\"yes\\""\n')
    assert "newstui: urls: entry 2: query: is a program or query" in newstui("import", str(opml.with_name("urls"))).err


def test_the_browser_gets_the_address_as_one_argument_and_the_article_is_read(
    newstui: Newstui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "news"
    path = write_record(folder, "An odd address")
    path.write_text(path.read_text().replace("/an-odd-address", "/a?b=c&d=%2F%26;$(id)'e"))
    script = tmp_path / "browser"
    script.write_text('#!/bin/sh\nprintf "%s\\n" "$#" "$@" > "$0.out"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(script))
    [article] = newstui("list", "--from", str(folder), "--format", "ndjson").objects
    assert newstui("open", article["id"], "--from", str(folder)).code == 0
    out = tmp_path / "browser.out"
    for _ in range(1_500):
        if out.exists() and out.read_text().count("\n") == 2:
            break
        subprocess.run(["sleep", "0.02"], check=True)
    assert out.read_text().splitlines() == ["1", "https://daily.example/a?b=c&d=%2F%26;$(id)'e"]
    assert ids(newstui, folder, "is:read") == [article["id"]]


def test_every_command_has_help(newstui: Newstui):
    overview = newstui("help").out
    for verb in VERBS:
        assert f"newstui {verb.name}" in overview
        answer = newstui("help", verb.name)
        assert answer.code == 0
        assert all(option.name in answer.out for option in verb.options)


def test_the_sample_opens_when_nothing_is_subscribed(newstui: Newstui):
    articles = newstui("list", "--format", "ndjson").objects
    assert len(articles) >= 60
    assert len({topic for article in articles for topic in article["topics"]}) >= 8


def test_damaged_marks_are_reported_on_standard_error_and_the_list_is_there(
    newstui: Newstui, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("NEWSTUI_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "marks.db").write_bytes(b"no database at all" * 300)
    answer = newstui("list", "--from", str(folder))
    assert answer.code == 0
    assert "the marks were damaged" in answer.err
    assert newstui("list", "--from", str(folder)).err == ""


def test_the_plain_reader_works_in_a_pipe(newstui: Newstui, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nquit\n"))
    answer = newstui(str(folder), "--plain")
    assert answer.code == 0
    assert "A tide table" in answer.out


def test_doctor_does_not_speak_of_no_problems_where_a_collection_failed(newstui: Newstui, folder: Path):
    assert "no problems" in newstui("doctor", "--from", str(folder)).out
    answer = newstui("doctor", "--from", "http://127.0.0.1:9/feed.xml")
    assert answer.code == 3
    assert "failed: " in answer.out and "no problems" not in answer.out
    (row,) = newstui("doctor", "--from", "http://127.0.0.1:9/feed.xml", "--format", "ndjson").objects
    assert (row["severity"], row["file"]) == ("failed", None) and row["reason"] in answer.out
