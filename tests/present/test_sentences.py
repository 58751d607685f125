"""Sentences: errors, changes, empty panes."""

from __future__ import annotations

from newstui.commands import describe_key, keymap
from newstui.errors import QueryError, SourceError
from newstui.model import Change
from newstui.present.counts import describe_count, progress_cells, short_count
from newstui.present.sentences import (
    describe_change,
    describe_error,
    describe_query_error,
    describe_undone,
    empty_list,
)
from tests.builders import NOW

KEYS = {command: describe_key(keys[0]) if keys else "" for command, keys in keymap().items()}


def test_an_error_is_reason_and_hint_as_sentences() -> None:
    assert describe_error(SourceError("no answer", hint="try again later")) == "no answer. try again later."


def test_an_error_of_ours_says_its_kind() -> None:
    assert describe_error(ValueError("bad")) == "ValueError: bad."


def test_outside_text_in_an_error_is_cleaned() -> None:
    assert "\x1b" not in describe_error(SourceError("\x1b]52;c;x\x07 no"))


def test_a_query_error_has_its_caret_within_the_text() -> None:
    error = QueryError("no such field", text="tpoic:AI", column=99, expected="a field", hint="did you mean topic:?")
    found = describe_query_error(error)
    assert found.column == len("tpoic:AI")
    assert found.message == "did you mean topic:? · no such field"
    without = QueryError("no such field", text="x:AI", column=0, expected="a field")
    assert describe_query_error(without).message == "no such field · expected a field"


def test_a_change_says_how_many_and_how_to_take_it_back() -> None:
    assert describe_change(Change(1, NOW, "read", 12), undo_key="u") == "12 articles marked read · u takes it back"
    assert describe_change(Change(1, NOW, "tag later", 1)) == "1 article tagged later"
    assert describe_change(Change(0, NOW, "read", 0), undo_key="u") == "Nothing to change"
    assert describe_undone(None) == "Nothing to take back"
    assert describe_undone(Change(1, NOW, "starred", 2)) == "Taken back: 2 articles starred"


def test_counts_read_like_words() -> None:
    assert describe_count(1, "article") == "1 article"
    assert describe_count(1_284, "story") == "1,284 stories"
    assert [short_count(number) for number in (0, 9_999, 12_345, 1_234_567, 12_345_678)] == [
        "0",
        "9999",
        "12k",
        "1.2M",
        "12M",
    ]


def test_every_empty_list_says_what_to_do_next() -> None:
    for loading in (True, False):
        for collections, articles in ((0, 0), (2, 0), (2, 9)):
            for query in ("", "zzz"):
                for view in ("All", "Unread", "Starred", "Mine"):
                    for failed in (0, 1):
                        said = empty_list(
                            loading=loading, collections=collections, articles=articles, query=query, view=view,
                            failed=failed, keys=KEYS,
                        )  # fmt: skip
                        assert said.title
                        assert said.hints


def test_a_bar_of_progress_has_always_its_cells_and_never_runs_over() -> None:
    for done in (-1, 0, 1, 49, 50, 99, 100, 500):
        filled, empty = progress_cells(done, 100, 8)
        assert len(filled) + len(empty) == 8
    assert progress_cells(50, 100, 8) == ("━━━━", "────")
    assert progress_cells(1, 16, 2) == ("╸", "─")
