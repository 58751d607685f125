"""Edits of config.toml keep what a person wrote, and are whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newstui.config import load_settings
from newstui.config.edit import add_collections, remove_collection, save_view, set_value
from newstui.config.settings import SavedView
from newstui.errors import ConfigError, NotFoundError, UsageError
from newstui.model import Subscription

BY_HAND = """\
# my own words
[reader]
theme = "light"   # easier on the eyes

[[collections]]
name = "One"      # the first
location = "/one"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "config.toml"
    path.parent.mkdir()
    path.write_text(BY_HAND)
    return path


def test_adding_and_removing_leaves_every_comment_in_place(file: Path):
    add_collections(file, [Subscription("Two", "/two", group="G")], {"Two": "1h"})
    assert [(it.name, it.every_seconds, it.group) for it in load_settings(file).settings.collections] == [
        ("One", None, ""),
        ("Two", 3_600, "G"),
    ]
    assert file.read_text().startswith(BY_HAND.rstrip("\n"))
    removed = remove_collection(file, "two")
    assert (removed.name, removed.location) == ("Two", "/two")
    assert "# my own words" in file.read_text()
    assert "# the first" in file.read_text()
    assert [it.name for it in load_settings(file).settings.collections] == ["One"]


def test_a_name_is_taken_once(file: Path):
    with pytest.raises(UsageError, match="called 'one' already"):
        add_collections(file, [Subscription("one", "/elsewhere")], {})
    assert file.read_text() == BY_HAND


def test_removing_what_is_not_there_changes_nothing(file: Path):
    with pytest.raises(NotFoundError, match="no collection is called"):
        remove_collection(file, "Three")
    assert file.read_text() == BY_HAND


def test_removing_a_misspelt_name_offers_the_nearest(file: Path):
    with pytest.raises(NotFoundError) as raised:
        remove_collection(file, "Onee")
    assert raised.value.hint == "did you mean 'One'?"


def test_a_view_is_added_and_then_replaced(file: Path):
    save_view(file, SavedView("Space", "topic:Space"))
    save_view(file, SavedView("space", "topic:Space is:unread", "f5"))
    assert [(it.name, it.query, it.key) for it in load_settings(file).settings.views] == [
        ("space", "topic:Space is:unread", "f5")
    ]


def test_a_setting_is_changed_in_place(file: Path):
    set_value(file, "reader", "theme", "dark")
    assert load_settings(file).settings.reader.theme == "dark"
    assert "# easier on the eyes" in file.read_text()


def test_a_file_that_is_not_toml_is_left_alone(file: Path):
    file.write_text("[reader\n")
    with pytest.raises(ConfigError) as caught:
        set_value(file, "reader", "theme", "dark")
    assert caught.value.hint == "nothing was changed"
    assert file.read_text() == "[reader\n"


def test_the_file_and_its_folder_are_made_when_needed(tmp_path: Path):
    file = tmp_path / "new" / "config.toml"
    add_collections(file, [Subscription("One", "/one")], {})
    assert load_settings(file).settings.collections[0].location == "/one"
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_failing_write_leaves_the_old_file_and_no_litter(file: Path, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        set_value(file, "reader", "theme", "dark")
    assert file.read_text() == BY_HAND
    assert os.listdir(file.parent) == ["config.toml"]


def test_a_link_into_a_folder_of_dotfiles_stays_a_link(tmp_path: Path, file: Path):
    link = tmp_path / "config.toml"
    link.symlink_to(file)
    set_value(link, "reader", "theme", "dark")
    assert link.is_symlink()
    assert load_settings(file).settings.reader.theme == "dark"
