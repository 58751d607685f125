"""Settings: what the file says, what is wrong with it, and that a mistake costs only itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from newstui.config import load_settings
from newstui.config.durations import describe_duration, parse_duration
from newstui.config.settings import parse_settings
from newstui.errors import ConfigError

FULL = """\
[reader]
theme = "light"
article_width = 80
mark_read_on_open = false

[refresh]
every = "2h"

[keys]
"article.toggle_read" = "f9"

[themes.mine]
ink = "#ffffff"

[[views]]
name = "Space"
query = "topic:Space is:unread"
key = "f5"

[[collections]]
name = "Sample"
location = "/news"
every = "1d"
group = "Mine"
pictures = "ask"
user = "me"
password_env = "SECRET"
"""


def test_everything_the_file_says_is_understood():
    loaded = parse_settings(FULL)
    assert loaded.mistakes == ()
    settings = loaded.settings
    assert settings.reader.theme == "light"
    assert settings.reader.article_width == 80
    assert settings.reader.mark_read_on_open is False
    assert settings.every_seconds == 7_200
    assert settings.keys == {"article.toggle_read": "f9"}
    assert settings.themes == {"mine": {"ink": "#ffffff"}}
    assert [(view.name, view.query, view.key) for view in settings.views] == [("Space", "topic:Space is:unread", "f5")]
    [collection] = settings.collections
    assert (collection.name, collection.location, collection.every_seconds) == ("Sample", "/news", 86_400)
    assert collection.group == "Mine"
    assert settings.pictures == {"Sample": "ask"}
    assert settings.credentials["Sample"].password_env == "SECRET"


def test_an_empty_or_missing_file_gives_the_built_in_settings(tmp_path: Path):
    assert load_settings(tmp_path / "none.toml").settings == parse_settings("").settings


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ('[reader]\nthem = "dark"\n', 2, "reader.them", "did you mean 'theme'?"),
        ('[reader]\narticle_width = "wide"\n', 2, "reader.article_width", "a whole number"),
        ("[reader]\narticle_width = 0\n", 2, "reader.article_width", "1 or more"),
        ('\n[reader]\nkeys = "emacs"\n', 3, "reader.keys", "one of vim, newsboat, elfeed"),
        ('[refresh]\nevery = "soon"\n', 2, "refresh.every", "is not a time such as"),
        ('[raeder]\ntheme = "dark"\n', 1, "raeder", "did you mean 'reader'?"),
        ('[[collections]]\nname = "x"\n', 1, "collections", "needs name and location"),
        ("reader = 3\n", 1, "reader", "should be a table"),
        ("[limits]\nrecord_bytes = true\n", 2, "limits.record_bytes", "a whole number"),
    ],
)
def test_a_mistake_is_named_with_line_and_key_and_costs_only_itself(text: str, line: int, key: str, words: str):
    loaded = parse_settings(text + '[[views]]\nname = "kept"\nquery = "is:unread"\n')
    [mistake] = loaded.mistakes
    assert (mistake.line, mistake.key) == (line, key)
    assert words in f"{mistake.reason} {mistake.hint}"
    assert [view.name for view in loaded.settings.views] == ["kept"]


def test_text_that_is_not_toml_gives_the_line_and_the_built_in_settings():
    loaded = parse_settings("[reader]\ntheme = \n")
    [mistake] = loaded.mistakes
    assert mistake.line == 2
    assert loaded.settings == parse_settings("").settings


def test_two_collections_of_one_name_are_told_apart_by_a_message():
    loaded = parse_settings('[[collections]]\nname="a"\nlocation="/1"\n[[collections]]\nname="A"\nlocation="/2"\n')
    assert [collection.location for collection in loaded.settings.collections] == ["/1"]
    assert "called 'A'" in loaded.mistakes[0].reason


def test_passwords_are_not_part_of_what_settings_look_like():
    loaded = parse_settings('[[collections]]\nname="a"\nlocation="/1"\nuser="u"\npassword="hunter2"\n')
    assert loaded.settings.credentials["a"].password == "hunter2"
    assert "hunter2" not in repr(loaded.settings)


def test_an_unreadable_file_is_a_config_error(tmp_path: Path):
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot read"):
        load_settings(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1_800), ("2h", 7_200), ("1d", 86_400), ("1w", 604_800), ("45s", 45)]
)
def test_durations_are_read_and_printed_alike(text: str, seconds: int):
    assert parse_duration(text) == seconds
    assert describe_duration(seconds) == text


@pytest.mark.parametrize("text", ["", "0m", "5", "m", "-1h", "1.5h", "99999999d"])
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(ValueError, match="is not a time"):
        parse_duration(text)
