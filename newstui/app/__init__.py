"""The screen: the only room that knows Textual."""

from newstui.app.app import ReaderApp, run

__all__ = ["ReaderApp", "run"]
