"""Which commands make sense now, and if not, why. Asked by keys, footer and palette alike, so that they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.commands import Place
from newstui.records import dataclass

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the reader is."""

    pane: Place = "list"
    rows: int = 0
    """Rows in the list."""
    unread: int = 0
    """Unread articles in the list."""
    selected: int = 0
    """Articles selected with ``x``."""
    has_article: bool = False
    """Whether an article is under the cursor or open."""
    on_unknown: bool = False
    """Whether the cursor is on a source of related coverage that is in no collection."""
    links: int = 0
    """Numbered links of the article shown."""
    coverage: int = 0
    """Articles on the same story as the one shown."""
    words: bool = False
    """Whether the query has words to find in the article."""
    query: str = ""
    top: bool = False
    """Whether the list is in the Top order."""
    new: int = 0
    """Articles that arrived and wait to be shown."""
    refreshing: bool = False
    collections: int = 1
    has_pictures: bool = False
    narrow: bool = False
    zoomed: bool = False


def situation_of(screen: ReadingScreen) -> Situation:
    """Return where the reader is, for what makes sense now."""
    article = screen.opened.article
    return Situation(
        pane=screen.pane,
        rows=screen.article_list.count,
        unread=screen.results.unread,
        selected=len(screen.article_list.selection),
        has_article=screen.article_list.current is not None or screen.opened.row is not None,
        on_unknown=bool((source := screen.chosen_source()) and source.row is None),
        links=len(screen.article_view.links()) if article is not None else 0,
        coverage=len(screen.opened.coverage),
        words=screen.article_list.with_snippets,
        query=screen.results.query_text,
        top=screen.results.is_top,
        new=screen.results.new,
        refreshing=screen.refresher.board.is_running,
        collections=len(screen.results.counts.health) if screen.results.counts else 1,
        has_pictures=bool(article and article.images),
        narrow=screen.arrangement.width == "narrow",
        zoomed=screen.zoomed,
    )


_NEED_ARTICLE = {
    "article.open", "article.toggle_read", "article.toggle_star", "article.note", "article.tags", "link.open",
    "link.choose", "link.copy", "select.toggle", "story.mark_read", "story.follow", "collections.refresh",
}  # fmt: skip
_NEED_RECORD = {
    "article.toggle_read", "article.toggle_star", "article.note", "article.tags", "link.choose", "collections.refresh",
}  # fmt: skip


def reason_against(command: str, now: Situation) -> str:
    """Return why a command makes no sense now, as one sentence; empty when it does."""
    if command == "article.open" and now.pane == "sidebar":
        return ""
    if command in _NEED_ARTICLE and not now.has_article and not now.selected:
        return "There is no article here"
    if command in _NEED_RECORD and now.on_unknown and not now.selected:
        return "That source is in no collection: its link can be opened and copied, no more"
    match command:
        case "view.mark_read" if not now.unread and not now.selected:
            return "Everything here is read"
        case "select.all" if not now.rows:
            return "There is nothing to select"
        case "link.follow" if not now.links:
            return "This article has no numbered links"
        case "article.next_hit" | "article.previous_hit" if not now.words:
            return "The query has no words to find"
        case "coverage.reasons" if not now.coverage and not now.top:
            return "There is nothing to explain here"
        case "coverage.next" | "coverage.previous" if not now.coverage:
            return "Nobody else wrote about this, as far as we know"
        case "list.show_new" if not now.new:
            return "Nothing new has arrived"
        case "collections.stop" if not now.refreshing:
            return "Nothing is being refreshed"
        case "collections.refresh" | "collections.refresh_all" if now.refreshing:
            return "A refresh is under way already"
        case "collections.refresh_all" if not now.collections:
            return "There is no collection to refresh"
        case "picture.show" if not now.has_pictures:
            return "This article has no pictures"
        case "query.clear" if not now.query:
            return "There is no query to clear"
        case "pane.wider" | "pane.narrower" if now.narrow:
            return "There is one pane only at this width"
        case "pane.wider" | "pane.narrower" if now.zoomed and now.pane == "article":
            return "The article has the whole screen"
        case "pane.zoom" if now.narrow and now.pane == "article":
            return "The article has the whole screen at this width"
    return ""
