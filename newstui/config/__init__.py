"""What the reader chose: settings, subscriptions, views, keys; and where newstui's files live."""

from newstui.config.paths import Paths, find_paths, sample_location
from newstui.config.settings import Loaded, Settings, load_settings

__all__ = ["Loaded", "Paths", "Settings", "find_paths", "load_settings", "sample_location"]
