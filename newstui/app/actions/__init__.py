"""What each command does: one function per command, found by its id.

A handler gets the reading screen and what was pressed; whether the command makes sense was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed

Handler: TypeAlias = "Callable[[ReadingScreen, Pressed], None]"

HANDLERS: Mapping[str, str] = {
    "move.down": "moving.down",
    "move.up": "moving.up",
    "move.half_down": "moving.half_down",
    "move.half_up": "moving.half_up",
    "move.page_down": "moving.page_down",
    "move.page_up": "moving.page_up",
    "move.top": "moving.top",
    "move.bottom": "moving.bottom",
    "article.open": "reading.open_here",
    "go.back": "reading.go_back",
    "app.quit": "reading.back_or_quit",
    "read.on": "reading.read_on",
    "read.next_unread": "reading.next_unread",
    "read.previous_unread": "reading.previous_unread",
    "article.toggle_read": "marking.toggle_read",
    "article.toggle_star": "marking.toggle_star",
    "view.mark_read": "marking.mark_all_read",
    "marks.undo": "marking.undo",
    "marks.redo": "marking.redo",
    "marks.history": "marking.show_history",
    "article.note": "marking.edit_note",
    "article.tags": "marking.edit_tags",
    "select.toggle": "marking.toggle_selected",
    "select.all": "marking.select_all",
    "query.edit": "finding.edit_query",
    "query.clear": "finding.clear_query",
    "topic.pick": "finding.pick_topic",
    "provider.pick": "finding.pick_provider",
    "collection.pick": "finding.pick_collection",
    "view.pick": "finding.pick_view",
    "view.save": "finding.save_view",
    "sort.pick": "finding.pick_sort",
    "article.next_hit": "moving.next_hit",
    "article.previous_hit": "moving.previous_hit",
    "link.open": "links.open_article",
    "link.choose": "links.choose_link",
    "link.copy": "links.copy_link",
    "link.follow": "links.follow_key",
    "stories.toggle": "stories.toggle",
    "coverage.next": "stories.next_source",
    "coverage.previous": "stories.previous_source",
    "coverage.reasons": "stories.toggle_reasons",
    "story.mark_read": "stories.mark_read",
    "story.follow": "stories.follow",
    "list.show_new": "collections.show_new",
    "collections.refresh": "collections.refresh",
    "collections.refresh_all": "collections.refresh_all",
    "collections.stop": "collections.stop",
    "collections.add": "collections.add",
    "collections.problems": "collections.show_problems",
    "collections.import": "collections.import_file",
    "pane.next": "windows.next_pane",
    "pane.previous": "windows.previous_pane",
    "pane.zoom": "windows.zoom",
    "sidebar.toggle": "windows.toggle_sidebar",
    "pane.wider": "windows.wider",
    "pane.narrower": "windows.narrower",
    "picture.show": "windows.show_picture",
    "theme.pick": "windows.pick_theme",
    "app.palette": "windows.open_palette",
    "app.help": "windows.open_help",
    "app.quit_now": "windows.quit_now",
}
"""Command id → module and function; imported when first run, as a start needs none of them."""


def handler_of(command: str) -> Handler:
    """Return what does a command."""
    module, _, name = HANDLERS[command].partition(".")
    handler: Handler = getattr(import_module(f"newstui.app.actions.{module}"), name)
    return handler
