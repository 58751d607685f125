"""The article pane comes to the screen with the first article: all that sets pages is imported for it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from newstui.app.widgets.article_view import ArticleView
from newstui.library.pictures import Choice, Pictures, fetch_from_web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newstui.app.screens.reading import ReadingScreen


def mount_article_pane(screen: ReadingScreen) -> ArticleView:
    """Put the pane beside the list, as wide as the arrangement has it, and give it all it shows an article with."""
    reader, library = screen.settings.reader, screen.library
    view = ArticleView(id="article")
    view.display = screen.arrangement.article
    screen.query_one("#panes").mount(view)
    view.measure = reader.article_width
    view.zone, view.clock = screen.zone, screen.clock
    view.picture.source = view.logo.source = Pictures(  # whether it may is a setting of each collection
        screen.paths.cache / "pictures",
        choice=cast(Choice, reader.pictures),
        choice_by_collection=cast("Mapping[str, Choice]", screen.settings.pictures),
        root_of=library.folder_of,
        fetch=fetch_from_web(library.settings.remote),
    )
    return view
