"""The verbs of newstui; needs no screen."""

from newstui.library.library import Library, LibraryPaths, LibrarySettings, Limits
from newstui.library.listing import Listing

__all__ = ["Library", "LibraryPaths", "LibrarySettings", "Limits", "Listing"]
