"""The running text of the block at hand: weights, links and their numbers, footnote signs, raised digits.

`DocumentBuilder` says what the text is in and takes it when the block ends; blanks are `inline.py`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from newstui.links import check_link
from newstui.present.document import CODE, LABEL, NUMBER, Link, Run
from newstui.present.embeds import host_of
from newstui.present.html_elements import STYLES
from newstui.present.inline import clean_piece, collapse
from newstui.text import clean_line

LONGEST_LABEL = 200

_NOT_IN_ADDRESSES = dict.fromkeys(map(ord, "\t\n\r\f"))
"""Browsers take them out (https://url.spec.whatwg.org/#concept-basic-url-parser), so what is hidden by them shows."""
_BARE_LINK = re.compile(r"\bhttps?://[^\s<>\"]{4,2000}")
_NOTE = re.compile(r"\[\^([^\]\s]{1,60})\]")
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class InlineBuilder:
    """Takes letters and what is said about them; whoever ends the block takes the runs."""

    def __init__(self, base: str | None, notes: Mapping[str, int]) -> None:
        self.links: list[Link] = []
        self.runs: list[Run] = []
        """Of the block at hand, blanks as they came."""
        self.listings = 0
        """How many ``pre`` it is in: letters stay as they are, links have no numbers behind them."""
        self.shift = 0
        """1 inside of ``sup``, −1 inside of ``sub``."""
        self._base = base
        self._notes = notes
        """Footnotes: label → number."""
        self._numbers: dict[str, int] = {}
        self._open: dict[str, int] = {}
        """Elements that give weight → how many are open."""
        self._style = 0
        self._link = 0
        self._link_start = 0

    # --- letters ---

    def text(self, text: str) -> None:
        """Add letters, entities already decoded."""
        if self.listings:
            self.append(text)
            return
        text = clean_piece(text)
        if self.shift and (small := text.translate(_RAISED if self.shift > 0 else _LOWERED)) != text:
            text = small if not any(letter.isalnum() and letter.isascii() for letter in small) else text
        if self._notes and "[^" in text:
            text = _NOTE.sub(self._raise_note, text)
        if "://" in text and not self._link and not self._style & CODE:
            self._append_with_links(text)
        else:
            self.append(text)

    def append(self, text: str, style: int | None = None) -> None:
        """Add letters as they stand, in another weight than the text has if there is one."""
        self.runs.append(Run(text, self._style if style is None else style, self._link))

    def _append_with_links(self, text: str) -> None:
        position = 0
        for match in _BARE_LINK.finditer(text):
            url = match[0].rstrip(".,;:!?'\u2019\u201d\u00bb*_")
            if url.endswith(")") and "(" not in url:
                url = url[:-1]
            if number := self._number(url, url):
                self.append(text[position : match.start()])
                self.runs += (Run(url, self._style, number), _numeral(number))
                position = match.start() + len(url)
        self.append(text[position:])

    def _raise_note(self, match: re.Match[str]) -> str:
        number = self._notes.get(match[1])
        return match[0] if number is None else str(number).translate(_RAISED)

    def change_style(self, tag: str, step: int) -> None:
        """Begin (1) or end (−1) the weight of an element."""
        if (count := self._open.pop(tag, 0) + step) > 0:
            self._open[tag] = count
        self._style = 0
        for name in self._open:
            self._style |= STYLES[name]

    def take(self) -> tuple[Run, ...]:
        """Return the runs with single blanks between words; the next ones are another block's."""
        runs, self.runs = self.runs, []
        self._link_start = 0
        return collapse(runs)

    def take_listing(self) -> str:
        """Return the letters of a listing; links do not go on behind it."""
        text = "".join(run.text for run in self.runs if not run.style & NUMBER)
        self.runs = []
        self._link = self._link_start = 0
        return text

    # --- links ---

    def start_link(self, url: str, label: str) -> None:
        """Begin a link where the address leads somewhere; one that is open ends. The label may be empty."""
        self.end_link()
        if url := self.resolve(url):
            self._link = self._number(url, label or url)
            self._link_start = len(self.runs)

    def end_link(self) -> None:
        """Put the number behind the words of a link; a link without words gets its host."""
        number, self._link = self._link, 0
        if not number:
            return
        words = clean_line("".join(run.text for run in self.runs[self._link_start :]))
        link = self.links[number - 1]
        if not words:
            self.runs.append(Run(host_of(link.url), self._style, number))
        elif link.label == clean_line(link.url, LONGEST_LABEL):
            self.links[number - 1] = link._replace(label=words[:LONGEST_LABEL])
        if not self.listings:
            self.runs.append(_numeral(number))

    def add_media(self, text: str, url: str, label: str) -> None:
        """Add what stands for a picture, a video or a sound; a link to it unless it is in one."""
        if self._link:
            self.append(text, LABEL)
            return
        url = self.resolve(url)
        number = self._number(url, label) if url and not url.startswith("data:") else 0
        self.runs.append(Run(text, LABEL, number))
        if number:
            self.runs.append(_numeral(number))

    def resolve(self, url: str) -> str:
        """Return an absolute address; an empty string for places in the page itself."""
        url = url.translate(_NOT_IN_ADDRESSES).strip()
        if not url or url.startswith("#"):
            return ""
        if url.startswith("-"):
            return url  # no file begins so; it will be refused as it stands
        if self._base and not re.match("[A-Za-z][A-Za-z0-9+.-]*:", url):
            try:
                return urljoin(self._base, url)
            except ValueError:
                return ""
        return url

    def _number(self, url: str, label: str) -> int:
        """Return the number of a link, 0 when it leads nowhere a reader may go."""
        if (known := self._numbers.get(url)) is not None:
            return known
        number = 0
        if check_link(url).verdict != "refuse":
            self.links.append(Link(url, clean_line(label, LONGEST_LABEL)))
            number = len(self.links)
        self._numbers[url] = number
        return number


def _numeral(number: int) -> Run:
    return Run(f"\u00a0[{number}]", NUMBER, number)
