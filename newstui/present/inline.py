"""Blanks within running text: cleaned, collapsed, and one between words wherever markup stood. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from newstui.present.document import NUMBER, Run
from newstui.text import clean_block

SPACES = re.compile(r"[ \t\n\r\f]+")
"""What counts as a blank in HTML; a no-break space does not."""


def clean_piece(text: str) -> str:
    """Clean a piece of running text; blanks at its ends count, they part it from its neighbours."""
    if text.isascii() and text.isprintable():
        return text
    body = SPACES.sub(" ", text)
    cleaned = clean_block(body.strip(" ")).replace("\n", " ")
    left = " " if body[:1] in (" ", "\u00a0") else ""
    right = " " if cleaned and body[-1:] in (" ", "\u00a0") else ""
    return f"{left}{cleaned}{right}"


def collapse(runs: list[Run]) -> tuple[Run, ...]:
    """Join what looks alike and leave one blank between words, none at the ends of lines. Empty if nothing is left."""
    result: list[Run] = []
    blank = True  # nothing yet, or the last letter was a blank or a line end
    for text, style, link in runs:
        if text != "\n":
            text = SPACES.sub(" ", text)
            if blank:
                text = text.lstrip(" ")
            elif result[-1].style & NUMBER and text[:1].isalnum():
                text = " " + text
        if not text:
            continue
        blank = text[-1] in " \n"
        if text == "\n" and result and result[-1].text.endswith(" "):
            result[-1] = result[-1]._replace(text=result[-1].text[:-1])
        if result and result[-1].style == style and result[-1].link == link and not style & NUMBER:
            result[-1] = Run(result[-1].text + text, style, link)
        else:
            result.append(Run(text, style, link))
    while result and not (text := result[-1].text.rstrip(" \n")):
        result.pop()
    while result and not (text := result[0].text.lstrip(" \n")):
        result.pop(0)
    if not result:
        return ()
    result[0] = result[0]._replace(text=result[0].text.lstrip(" \n"))
    result[-1] = result[-1]._replace(text=result[-1].text.rstrip(" \n"))
    return tuple(_limit_breaks(result))


def _limit_breaks(runs: list[Run]) -> list[Run]:
    """Two line ends in a row are a blank line inside of a paragraph; more are one too many."""
    if not any("\n" in left.text and "\n" in right.text for left, right in pairwise([*runs, *runs[-1:]])):
        return runs
    return [run._replace(text=re.sub("\n{2,}", "\n\n", run.text)) for run in runs]
