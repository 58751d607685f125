"""Opening a link from the screen: ask when the address may deceive, make room for browsers of the terminal.

The decision is `links.py`, the starting `library/opener.py`; this is what a screen adds to them.
"""

from __future__ import annotations

from textual.app import App, SuspendNotSupported

from newstui.app.widgets.confirm_link import ConfirmLink
from newstui.errors import NewstuiError
from newstui.library import opener
from newstui.links import CheckedLink, check_link


def refusal(url: str) -> str:
    """Return why an address is not opened, in words; empty when it may be (perhaps after asking)."""
    link = check_link(url)
    return link.reason if link.verdict == "refuse" else ""


def open_link(url: str, app: App[object], browser: str = "") -> str:
    """Open an address, or ask first when it may deceive. Returns one sentence why not, empty when it is on its way."""
    link = check_link(url)
    if link.verdict == "refuse":
        return f"Not opened: {link.reason}"
    if link.verdict == "open":
        return _hand_over(link, app, browser)

    def answered(yes: bool | None) -> None:
        if yes and (problem := _hand_over(link, app, browser)):
            app.notify(problem, severity="error", markup=False)

    app.push_screen(ConfirmLink(link), answered)
    return ""


def _hand_over(link: CheckedLink, app: App[object], browser: str) -> str:
    if app.is_web:  # the reader sits before a browser already: a new tab of it, for the checked address
        app.open_url(link.address)
        return ""
    try:
        command = opener.build_command(link, browser)
        if not opener.runs_in_terminal(command):
            opener.start(command)
            return ""
        with app.suspend():
            opener.run_in_terminal(command)
        app.refresh(layout=True)
    except SuspendNotSupported:
        return "Not opened: this browser needs the terminal for itself, and here it cannot have it"
    except NewstuiError as error:
        return f"Not opened: {error.reason}" + (f" ({error.hint})" if error.hint else "")
    return ""
