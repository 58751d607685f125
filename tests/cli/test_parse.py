"""A command line as a `Call`; mistakes name the nearest right spelling."""

from __future__ import annotations

import pytest

from newstui.cli.parse import parse_call
from newstui.errors import UsageError


def test_words_and_options_may_stand_in_any_order():
    call = parse_call(["list", "--limit", "5", "topic:AI", "--from=/a", "--from", "/b", "is:unread"])
    assert call.verb.name == "list"
    assert call.words == ["topic:AI", "is:unread"]
    assert call.all("--from") == ["/a", "/b"]
    assert call.number("--limit") == 5


def test_a_query_may_begin_with_a_dash():
    assert parse_call(["list", "-is:read"]).words == ["-is:read"]
    assert parse_call(["facets", "-topic:AI", "--format", "json"]).words == ["-topic:AI"]


def test_two_dashes_end_the_options():
    assert parse_call(["add", "--", "--odd-name"]).words == ["--odd-name"]


def test_locations_open_the_reader():
    call = parse_call(["/some/folder", "https://news.example/feed", "--plain"])
    assert call.verb.name == ""
    assert call.words == ["/some/folder", "https://news.example/feed"]
    assert call.has("--plain")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lisst"], "did you mean 'list'?"),
        (["list", "--fromat", "json"], "did you mean --format?"),
        (["list", "--format", "jsn"], "did you mean json?"),
        (["list", "--format"], "--format needs a value"),
        (["list", "--stories=yes"], "--stories takes no value"),
        (["show"], "show needs ID"),
        (["show", "a", "b"], "too many words"),
        (["undo", "-x"], "there is no option -x"),
        (["--palin"], "did you mean --plain?"),
    ],
)
def test_a_mistake_names_what_is_wrong_and_what_was_meant(arguments: list[str], words: str):
    with pytest.raises(UsageError) as caught:
        parse_call(arguments)
    assert words in caught.value.reason


def test_a_number_must_be_one():
    with pytest.raises(UsageError, match="whole number"):
        parse_call(["list", "--limit", "-3"]).number("--limit")


def test_help_is_had_everywhere():
    assert parse_call(["mark", "--help"]).words == ["mark"]
    assert parse_call(["-h"]).verb.name == "help"
    assert parse_call(["--version"]).words == ["--version"]
