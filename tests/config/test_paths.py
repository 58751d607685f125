"""Where files live."""

from __future__ import annotations

from pathlib import Path

from newstui.config import find_paths, sample_location


def test_own_variables_come_before_xdg_and_xdg_before_the_platform(tmp_path: Path):
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "NEWSTUI_DATA_DIR": "/precious", "XDG_DATA_HOME": "/other"}
    paths = find_paths(environment | {"XDG_CACHE_HOME": "/caches"})
    assert paths.config == tmp_path / "newstui"
    assert paths.config_file == tmp_path / "newstui" / "config.toml"
    assert paths.data == Path("/precious")
    assert paths.cache == Path("/caches/newstui")


def test_a_relative_xdg_variable_is_ignored():
    assert find_paths({"XDG_CACHE_HOME": "caches"}).cache.is_absolute()


def test_the_sample_collection_is_found():
    assert (Path(sample_location()) / "_config.yml").is_file()
