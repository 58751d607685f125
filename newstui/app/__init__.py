"""The screen: the only room that knows Textual.

The names are fetched when they are first asked for: the first picture is painted before Textual is imported.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself takes longer than the picture
if TYPE_CHECKING:
    from typing import Any

    from newstui.app.app import ReaderApp, run

__all__ = ["ReaderApp", "run"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from newstui.app import app

    return getattr(app, name)
