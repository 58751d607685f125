"""Finding: the query line, picking topics, providers and collections, views and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from newstui.app.choices import Choice
from newstui.app.widgets.sidebar import Entry
from newstui.config.settings import SavedView
from newstui.errors import NewstuiError, QueryError
from newstui.model import FacetCount
from newstui.present.counts import describe_number
from newstui.present.sentences import describe_error
from newstui.query import print_query
from newstui.query.edit import has_value, picked_values, toggle, with_sort, without_field
from newstui.query.nodes import SortName, ValueField
from newstui.query.views import BUILT_IN, expand

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed

SORTS: tuple[tuple[SortName, str, str], ...] = (
    ("date", "Newest first", "by the time it was published"),
    ("heat", "Hottest first", "by heat"),
    ("quality", "Best first", "by quality"),
    ("coverage", "Most covered first", "by how many others wrote about it"),
    ("top", "Top", "quality, heat, age and coverage together"),
    ("rank", "Best match first", "by how well the words fit"),
)


def edit_query(screen: ReadingScreen, pressed: Pressed) -> None:
    """Go to the query line, ready to add a word."""
    line = screen.query_line
    if screen.pane == "article" and not screen.arrangement.list_cells:
        screen.go_to_pane("list")
    if line.value and not line.value.endswith(" "):
        with line.prevent(line.Changed):
            line.value += " "
    screen.set_focus(line)  # at once: the next key may be here already
    line.cursor_position = len(line.value)


def clear_query(screen: ReadingScreen, pressed: Pressed) -> None:
    """Show the whole view again."""
    screen.results.set_query(screen.results.query_of_view)


def pick_entry(screen: ReadingScreen, entry: Entry) -> None:
    """Do what picking a line of the sidebar means."""
    if entry.kind == "view":
        screen.results.set_query(screen.results.views[entry.value], view=entry.value)
        if screen.arrangement.sidebar != "beside":
            screen.go_to_pane("list")
    elif entry.kind == "more":
        _pick(screen, cast(ValueField, entry.value))
    elif entry.kind in ("topic", "provider", "category", "type", "collection"):
        toggle_value(screen, entry.kind, entry.value)


def toggle_value(screen: ReadingScreen, field: ValueField, value: str) -> None:
    """Add a value to the query, or take it out again."""
    try:
        query = expand(screen.results.query_text, screen.results.saved_views)
    except QueryError:
        query = screen.results.asked
    screen.results.set_query(print_query(toggle(query, field, value)))


def pick_topic(screen: ReadingScreen, pressed: Pressed) -> None:
    _pick(screen, "topic")


def pick_provider(screen: ReadingScreen, pressed: Pressed) -> None:
    _pick(screen, "provider")


def pick_collection(screen: ReadingScreen, pressed: Pressed) -> None:
    _pick(screen, "collection")


def _pick(screen: ReadingScreen, field: ValueField) -> None:
    """Let the reader choose among all values of a field, counted over the rest of the query."""
    from newstui.app.screens.pick import PickScreen

    query = screen.results.asked
    over = without_field(query, field)

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            toggle_value(screen, field, choice.value)

    sheet = PickScreen(f"Pick a {field}", None, empty=f"No {field} here", columns="unread / all")

    def show(found: list[FacetCount]) -> None:
        choices = facet_choices(found, [one for one in found if has_value(query, field, one.value)])
        missing = [one for one in picked_values(query, field) if not any(one == c.value for c in choices)]
        sheet.fill([Choice(one, one, picked=True) for one in missing] + choices)

    screen.app.push_screen(sheet, answered)
    screen.in_thread(lambda: screen.library.find(over).facets(field), show, group="pick")


def facet_choices(found: list[FacetCount], picked: list[FacetCount]) -> list[Choice]:
    """Return values to choose from: those that are picked first, then as they come."""
    chosen = {one.value for one in picked}
    ordered = picked + [one for one in found if one.value not in chosen]
    return [
        Choice(
            one.value,
            one.value,
            right=f"{describe_number(one.unread)} / {describe_number(one.count)}"
            if one.unread
            else describe_number(one.count),
            picked=one.value in chosen,
        )
        for one in ordered
    ]


def pick_view(screen: ReadingScreen, pressed: Pressed) -> None:
    """Let the reader choose a view."""
    from newstui.app.screens.pick import PickScreen

    unread = screen.results.counts.unread_by_view if screen.results.counts else {}
    choices = [
        Choice(
            name,
            name,
            detail=query,
            right=describe_number(unread[name]) if unread.get(name) else "",
            picked=name == screen.results.view_name,
        )
        for name, query in screen.results.views.items()
    ]

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            screen.results.set_query(screen.results.views[choice.value], view=choice.value)
            screen.go_to_pane("list")

    screen.app.push_screen(PickScreen("Views", choices), answered)


def save_view(screen: ReadingScreen, pressed: Pressed) -> None:
    """Keep the query as a view."""
    from newstui.app.screens.ask import AskScreen
    from newstui.config.edit import save_view as write_view

    text = screen.results.query_text.strip()
    name = "" if screen.results.view_name in BUILT_IN else screen.results.view_name

    def answered(name: str | None) -> None:
        if not name:
            return
        view = SavedView(name, text)
        try:
            write_view(screen.paths.config_file, view)
        except NewstuiError as error:
            screen.say(f"View not saved: {describe_error(error)}", failed=True)
            return
        screen.results.saved_views[name] = text
        screen.results.set_query(text, view=name)
        screen.say(f"View {name} saved")

    screen.app.push_screen(
        AskScreen("Save as a view", name, explain=text or "everything", placeholder="name"), answered
    )


def pick_sort(screen: ReadingScreen, pressed: Pressed) -> None:
    """Let the reader choose an order; the one in force is turned round."""
    from newstui.app.screens.pick import PickScreen

    now = screen.results.asked.sort
    assert {name for name, _, _ in SORTS} == set(get_args(SortName))
    choices = [
        Choice(
            title if not (now and now.by == name and not now.reverse) else f"{title}, turned round",
            name,
            detail,
            picked=now is not None and now.by == name,
        )
        for name, title, detail in SORTS
    ]

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            turned = now is not None and now.by == choice.value and not now.reverse
            screen.results.set_query(print_query(with_sort(screen.results.asked, choice.value, turned)))

    screen.app.push_screen(PickScreen("Sort", choices), answered)
