"""Keys a reader chose: what is said about those that clash."""

from __future__ import annotations

import pytest

from newstui.commands import PRESETS, keymap
from newstui.config.keymap import find_key_mistakes
from newstui.config.settings import parse_settings


@pytest.mark.parametrize("preset", PRESETS)
def test_free_keys_are_taken_without_a_word(preset: str) -> None:
    assert list(find_key_mistakes(preset, {"article.toggle_star": "f9, ctrl+k", "article.note": ""})) == []


def test_a_key_taken_from_another_command_is_named_with_both() -> None:
    [mistake] = find_key_mistakes("vim", {"article.toggle_read": "s"})
    assert mistake.command == "article.toggle_read"
    assert mistake.reason == "s was the key of article.toggle_star, and is not any more"
    assert keymap("vim", {"article.toggle_read": "s"})["article.toggle_star"] == ()


def test_two_commands_that_trade_their_keys_do_not_clash() -> None:
    assert list(find_key_mistakes("vim", {"article.toggle_read": "s", "article.toggle_star": "m"})) == []


def test_one_key_given_twice_stays_with_the_first() -> None:
    [mistake] = find_key_mistakes("vim", {"article.toggle_read": "f9", "article.toggle_star": "f9"})
    assert (mistake.command, mistake.reason) == ("article.toggle_star", "f9 is the key of article.toggle_read already")


def test_a_sequence_behind_a_key_that_acts_at_once_is_reported() -> None:
    [mistake] = find_key_mistakes("vim", {"article.note": "m e"})
    assert "never reached" in mistake.reason and "article.toggle_read" in mistake.reason


def test_a_command_that_does_not_exist_is_answered_with_the_nearest() -> None:
    [mistake] = find_key_mistakes("vim", {"article.togle_star": "f9"})
    assert mistake.hint == "did you mean 'article.toggle_star'?"


def test_the_file_is_told_the_line_and_the_keys_are_used_all_the_same() -> None:
    loaded = parse_settings('[keys]\n"article.toggle_read" = "s"\n')
    [mistake] = loaded.mistakes
    assert (mistake.key, mistake.line) == ("keys.article.toggle_read", 2)
    assert loaded.settings.keys == {"article.toggle_read": "s"}


def test_ids_may_be_written_without_quotes() -> None:
    loaded = parse_settings('[keys]\narticle.toggle_read = "M, f9"\narticle.note = "f8"\n')
    assert loaded.settings.keys == {"article.toggle_read": "M, f9", "article.note": "f8"}
