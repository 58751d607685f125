"""The verbs of newstui; needs no screen."""

from newstui.library.library import Library
from newstui.library.listing import Listing
from newstui.library.settings import LibraryPaths, LibrarySettings, Limits

__all__ = ["Library", "LibraryPaths", "LibrarySettings", "Limits", "Listing"]
