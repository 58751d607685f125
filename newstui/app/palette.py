"""The palette: every command, view, topic, provider and collection by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from newstui.app.availability import reason_against, situation_of
from newstui.app.choices import Choice
from newstui.app.screens.pick import PickScreen
from newstui.commands import COMMANDS, describe_key
from newstui.present.counts import describe_number

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen


def palette_choices(screen: ReadingScreen) -> list[Choice]:
    """Return everything there is to do, the commands first; values are what to call."""
    now = situation_of(screen)

    def run(command: str) -> Callable[[], None]:
        return lambda: screen.run_command(command)

    choices = [
        Choice(
            command.title,
            run(command.id),
            command.tooltip,
            " ".join(describe_key(key) for key in screen.keys[command.id][:2]),
            "key",
            reason=reason_against(command.id, now),
        )
        for command in sorted(COMMANDS, key=lambda one: one.group == "Move")
        if command.id not in ("app.palette", "link.follow")
    ]
    choices += [
        Choice(f"View: {name}", lambda n=name, q=query: screen.results.set_query(q, view=n), query)
        for name, query in screen.results.views.items()
    ]
    return choices + _values(screen)


def _values(screen: ReadingScreen) -> list[Choice]:
    from newstui.app.actions.finding import toggle_value

    if screen.results.counts is None:
        return []
    return [
        Choice(
            f"{field.capitalize()}: {one.value}",
            lambda f=field, v=one.value: toggle_value(screen, f, v),
            right=describe_number(one.count),
        )
        for field, found in screen.results.counts.facets.items()
        for one in found
    ]


def open_palette(screen: ReadingScreen) -> None:
    """Show the palette, and do what is chosen."""

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            choice.value()

    screen.app.push_screen(PickScreen("Commands", palette_choices(screen), classes="-wide"), answered)
