"""Links: in the browser, by number, to the clipboard. Whether an address may be opened is asked of `links.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newstui.app.actions import marking
from newstui.app.choices import Choice
from newstui.app.links_of import article_links
from newstui.app.opener import open_link, refusal
from newstui.present.counts import describe_count

if TYPE_CHECKING:
    from newstui.app.screens.reading import ReadingScreen
    from newstui.commands import Pressed

ASK_ABOVE = 10
"""Opening more articles at once than this is asked about first."""


def open_url(screen: ReadingScreen, url: str) -> None:
    """Open an address, or say why not."""
    if problem := open_link(url, screen.app, screen.settings.reader.browser):
        screen.say(f"{problem} · {screen.key_of('link.copy')} copies the address", failed=True)
    elif not refusal(url):
        screen.say(f"Opened {url}")


def open_article(screen: ReadingScreen, pressed: Pressed) -> None:
    """Open the targets in the browser, and mark them read."""
    if (address := _address_of_source(screen)) is not None:
        open_url(screen, address)
        return
    rows = screen.targets()
    if len(rows) > ASK_ABOVE:
        from newstui.app.screens.ask import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                _open_rows(screen, rows)

        screen.app.push_screen(
            ConfirmScreen("Open in the browser", f"Open {describe_count(len(rows), 'article')} at once?"), answered
        )
    else:
        _open_rows(screen, rows)


def _address_of_source(screen: ReadingScreen) -> str | None:
    """Return the address of the source the cursor is on, where it is in no collection that would know more of it."""
    source = screen.chosen_source() if not screen.article_list.selection else None
    return source.url if source is not None and source.row is None else None


def _open_rows(screen: ReadingScreen, rows: tuple[int, ...]) -> None:
    opened: list[int] = []
    for row in rows:
        article = screen.library.article(row)
        address = article.urls.best if article else None
        if address:
            open_url(screen, address)
            opened.append(row)
    if not opened:
        screen.say("The record gives no address to open")
    elif screen.settings.reader.mark_read_on_open:
        marking.mark_quietly(screen, tuple(opened), "read")


def choose_link(screen: ReadingScreen, pressed: Pressed) -> None:
    """Let the reader choose among all links of the article."""
    from newstui.app.screens.pick import PickScreen

    rows = screen.targets()
    if not rows:
        return
    article = screen.opened.article if screen.opened.row == rows[0] else screen.library.article(rows[0])
    if article is None:
        screen.say("This article has gone from its collection")
        return
    found = article_links(article)
    known = {url for _, url in found}
    if article is screen.opened.article:
        found += [(label, url) for label, url in screen.article_view.links() if url not in known]
    choices = [
        Choice(label, url, url, reason=f"not opened: {why}" if (why := refusal(url)) else "") for label, url in found
    ]

    def answered(choice: Choice | None) -> None:
        if choice is not None:
            open_url(screen, choice.value)

    screen.app.push_screen(PickScreen("Open which link", choices, empty="The record gives no address"), answered)


def follow_number(screen: ReadingScreen, number: int) -> None:
    """Follow a numbered link of the article."""
    links = screen.article_view.links()
    if 1 <= number <= len(links):
        open_url(screen, links[number - 1][1])
    else:
        screen.say(f"There is no link {number} in this article")


def follow_key(screen: ReadingScreen, pressed: Pressed) -> None:
    """Follow the link whose number the key ends with, where keys for it were chosen that are no plain digits."""
    if pressed.key[-1:].isdigit():
        follow_number(screen, int(pressed.key[-1]))


def copy_link(screen: ReadingScreen, pressed: Pressed) -> None:
    """Copy the addresses of the targets, one a line."""
    of_source = _address_of_source(screen)
    addresses = (
        [of_source]
        if of_source is not None
        else [
            article.urls.best
            for row in screen.targets()[:1_000]
            if (article := screen.library.article(row)) is not None and article.urls.best
        ]
    )
    if not addresses:
        screen.say("The record gives no address to copy")
        return
    screen.app.copy_to_clipboard("\n".join(addresses))
    screen.say(
        f"Copied {addresses[0]}" if len(addresses) == 1 else f"Copied {describe_count(len(addresses), 'address')}"
    )
