"""Where newstui's files live: where platformdirs says, XDG variables honoured on every system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newstui.records import dataclass

APPLICATION = "newstui"


@dataclass(frozen=True, slots=True)
class Paths:
    """The three folders newstui writes in, and nowhere else."""

    config: Path
    """Settings and subscriptions, edited by hand or by `newstui add`."""
    data: Path
    """Marks and their backups: precious."""
    cache: Path
    """Articles, indexes, pictures: may be deleted at any time."""

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"


def find_paths(environment: Mapping[str, str]) -> Paths:
    """Return the folders for this environment; nothing is created.

    ``NEWSTUI_CONFIG_DIR``, ``NEWSTUI_DATA_DIR`` and ``NEWSTUI_CACHE_DIR`` come first, then the XDG base
    directories (https://specifications.freedesktop.org/basedir-spec/latest/), then platformdirs.
    """
    return Paths(
        config=_folder(environment, "CONFIG", "user_config_path"),
        data=_folder(environment, "DATA", "user_data_path"),
        cache=_folder(environment, "CACHE", "user_cache_path"),
    )


def _folder(environment: Mapping[str, str], kind: str, platform_name: str) -> Path:
    if own := environment.get(f"NEWSTUI_{kind}_DIR"):
        return Path(own).expanduser()
    # The specification says to ignore relative paths here.
    if (xdg := environment.get(f"XDG_{kind}_HOME", "")) and Path(xdg).is_absolute():
        return Path(xdg) / APPLICATION
    import platformdirs  # 4 ms, and not needed when the environment says where

    folder: Path = getattr(platformdirs, platform_name)(APPLICATION, appauthor=False)
    return folder


def sample_location() -> str:
    """Return the folder of the sample collection, in an installed package and in a checkout alike."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "sample_feed"
    return str(inside if inside.is_dir() else package.parent / "sample_feed")
