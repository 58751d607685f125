"""A sheet may hear of a new size while it is being closed and has lost what was in it."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App

from newstui.app.screens.help import HelpScreen
from newstui.app.screens.pick import PickScreen
from newstui.app.screens.reports import ReportScreen
from newstui.commands import COMMANDS


@pytest.mark.parametrize(
    "make",
    [
        lambda: HelpScreen({command.id: ("x",) for command in COMMANDS}),
        lambda: PickScreen("Topic", []),
        lambda: ReportScreen("Problems", []),
    ],
)
async def test_a_new_size_that_comes_while_a_sheet_is_closed_is_no_error(make: Any):
    async with App[None]().run_test() as pilot:
        sheet = make()
        await pilot.app.push_screen(sheet)
        await sheet.query("*").remove()
        sheet.on_resize()
