"""The one table of commands, and what is made from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.commands import COMMAND_BY_ID, COMMANDS, PRESETS, KeyReader, describe_key, keymap, split_keys
from newstui.present.keys_page import keys_page

ROOT = Path(__file__).resolve().parent.parent

PROMISED = {
    "j": "move.down", "k": "move.up", "down": "move.down", "up": "move.up", "ctrl+d": "move.half_down",
    "ctrl+u": "move.half_up", "g": "move.top", "G": "move.bottom", "enter": "article.open", "l": "article.open",
    "right": "article.open", "h": "go.back", "left": "go.back", "escape": "go.back", "q": "app.quit",
    "space": "read.on", "n": "read.next_unread", "N": "read.previous_unread", "m": "article.toggle_read",
    "s": "article.toggle_star", "A": "view.mark_read", "u": "marks.undo", "ctrl+r": "marks.redo",
    "x": "select.toggle", "tab": "pane.next", "z": "pane.zoom", "/": "query.edit", "t": "topic.pick",
    "p": "provider.pick", "c": "collection.pick", "v": "view.pick", "V": "view.save", "S": "sort.pick",
    "i": "stories.toggle", "r": "collections.refresh", "R": "collections.refresh_all", "o": "link.open",
    "O": "link.choose", "y": "link.copy", "1": "link.follow", "9": "link.follow", "e": "article.note",
    "T": "article.tags", ":": "app.palette", "ctrl+p": "app.palette", "?": "app.help", "f1": "app.help",
    "a": "collections.add", ".": "list.show_new",
}  # fmt: skip
"""Key → command, as the contract of newstui's keys has it."""


@pytest.mark.parametrize(("key", "command"), PROMISED.items())
def test_a_promised_key_does_what_was_promised(key: str, command: str) -> None:
    assert key in keymap()[command]


def test_ids_are_unique_and_read_noun_verb() -> None:
    assert len(COMMAND_BY_ID) == len(COMMANDS)
    assert all(command.id.count(".") == 1 and command.id == command.id.lower() for command in COMMANDS)


def test_every_command_says_what_it_does_in_a_sentence() -> None:
    for command in COMMANDS:
        assert command.tooltip.endswith("."), command.id
        assert command.title and len(command.title) <= 18, command.id


def test_groups_are_not_torn_apart() -> None:
    groups = [command.group for command in COMMANDS]
    assert len(set(groups)) == sum(1 for a, b in zip(["", *groups], groups, strict=False) if a != b)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_a_key_to_two_commands(preset: str) -> None:
    counts = Counter(key for keys in keymap(preset).values() for key in keys)
    assert [key for key, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_no_sequence_of_a_preset_begins_with_a_key_that_does_something_else(preset: str) -> None:
    keys = {key for keys in keymap(preset).values() for key in keys}
    assert [key for key in keys if " " in key and key.split(" ")[0] in keys] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_can_be_left_and_helps(preset: str) -> None:
    keys = keymap(preset)
    assert "q" in keys["app.quit"]
    assert "?" in keys["app.help"]


def test_overrides_replace_the_keys_of_a_command_and_an_empty_one_takes_them_away() -> None:
    keys = keymap("vim", {"article.toggle_star": "f, g g", "app.palette": "", "no.such_thing": "q"})
    assert keys["article.toggle_star"] == ("f", "g g")
    assert keys["app.palette"] == ()
    assert "no.such_thing" not in keys


def test_the_page_of_keys_is_the_table() -> None:
    written = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert written == keys_page(), "python -m newstui.present.keys_page > docs/keys.md"


def test_every_command_is_on_the_page_of_keys() -> None:
    page = keys_page()
    assert all(f"`{command.id}`" in page for command in COMMANDS)


def test_a_count_goes_before_a_command() -> None:
    reader = KeyReader(keymap())
    assert reader.press("1").pending == "1"
    assert reader.press("2").pending == "12"
    pressed = reader.press("j")
    assert (pressed.command, pressed.count) == ("move.down", 12)
    assert reader.press("j").count is None


def test_a_sequence_waits_for_its_last_key() -> None:
    reader = KeyReader({"move.top": ("g g",), "move.down": ("j",)})
    assert reader.press("g").pending == "g"
    assert reader.press("g").command == "move.top"


def test_a_sequence_that_leads_nowhere_gives_its_last_key_a_chance() -> None:
    reader = KeyReader({"move.top": ("g g",), "move.down": ("j",)})
    reader.press("g")
    assert reader.press("j").command == "move.down"


def test_pressing_g_twice_stays_at_the_top_whether_or_not_it_is_a_sequence() -> None:
    reader = KeyReader(keymap())
    assert [reader.press("g").command, reader.press("g").command] == ["move.top", "move.top"]


def test_keys_read_as_people_read_them() -> None:
    assert [describe_key(key) for key in ("down", "escape", "g g", "ctrl+d", "comma")] == [
        "↓",
        "esc",
        "gg",
        "ctrl+d",
        ",",
    ]


def test_keys_are_split_at_commas() -> None:
    assert split_keys(" j , g   g,, down ") == ("j", "g g", "down")


KEYS = sorted({part for keys in keymap().values() for key in keys for part in key.split(" ")} | set("0Zw^"))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(KEYS), max_size=12))
def test_any_keys_end_in_a_command_or_nothing_and_never_get_stuck(typed: list[str]) -> None:
    reader = KeyReader(keymap())
    for key in typed:
        reader.press(key)
    reader.reset()
    assert reader.press("j").command == "move.down"
