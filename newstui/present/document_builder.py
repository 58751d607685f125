"""Build a `Document` from the events of a parser: elements that start and end, and text between them.

One machine for HTML, for Markdown and for HTML inside of Markdown. It keeps a stack of what encloses the text
(lists, quotes, tables) but never a tree, forgives what is not closed, and ignores what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from newstui.links import check_link
from newstui.model import Image
from newstui.present.document import (
    CODE,
    LABEL,
    NUMBER,
    Align,
    Block,
    Kind,
    Link,
    Margin,
    Run,
)
from newstui.present.embeds import describe_embed, host_of
from newstui.present.html_elements import (
    BLOCKS,
    HEADINGS,
    SKIPPED,
    STYLES,
    VOID,
    is_hidden,
    is_pixel,
    read_alignment,
    read_pixels,
)
from newstui.present.inline import clean_piece, collapse
from newstui.records import dataclass, field, replace
from newstui.text import clean_block, clean_line

DEEPEST = 16
"""Lists and quotes inside each other; deeper ones change nothing."""
_MOST_CELLS = 5_000
"""A table with more cells is shown as paragraphs."""
_LONGEST_LABEL = 200

_BULLETS = ("• ", "◦ ", "▪ ")

_NOT_IN_ADDRESSES = dict.fromkeys(map(ord, "\t\n\r\f"))
"""Browsers take them out (https://url.spec.whatwg.org/#concept-basic-url-parser), so what is hidden by them shows."""
_BARE_LINK = re.compile(r"\bhttps?://[^\s<>\"]{4,2000}")
_NOTE = re.compile(r"\[\^([^\]\s]{1,60})\]")
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


@dataclass(slots=True)
class _Container:
    """Something the text is inside of."""

    kind: str
    """quote, list, item, indent, cell."""
    tag: str
    marker: str = ""
    """Of an item; empty once it was drawn."""
    width: int = 2
    number: int | None = None
    """Of a list: the next item's number; None for bullets."""
    items: int = 0


@dataclass(slots=True)
class _Table:
    """A table being read. Its cells hold blocks until it is clear whether it is one or only a layout."""

    depth: int
    """Length of the stack of containers outside of it."""
    rows: list[list[list[Block]]] = field(default_factory=list)
    captions: list[Block] = field(default_factory=list)
    aligns: list[Align] = field(default_factory=list)
    """Of the columns, as the last row that has them says."""
    head_cells: int = 0
    cells: int = 0
    in_cell: bool = False


class DocumentBuilder:
    """Takes events, gives blocks in `finished`."""

    def __init__(self, base: str | None = None, notes: Mapping[str, int] | None = None) -> None:
        self.finished: list[Block] = []
        """Blocks that are done; whoever feeds the events takes them away."""
        self.links: list[Link] = []
        self.pictures: list[Image] = []
        """Named, not loaded."""
        self._base = base
        self._notes = notes or {}
        """Footnotes: label → number."""
        self._numbers: dict[str, int] = {}
        self._runs: list[Run] = []
        self._stack: list[_Container] = []
        self._tables: list[_Table] = []
        self._styles: dict[str, int] = {}
        self._style = 0
        self._link = 0
        self._link_start = 0
        self._level = 0
        self._pre = 0
        self._shift = 0
        """1 inside of ``sup``, −1 inside of ``sub``."""
        self._skipped = ""
        self._skip_depth = 0
        self._last_list: _Container | None = None

    # --- events ---

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins; `tag` and the names of `attributes` are lower case."""
        if self._skipped:
            self._skip_depth += tag == self._skipped
            return
        if tag in SKIPPED or (tag not in VOID and is_hidden(attributes)):
            self._skipped, self._skip_depth = tag, 1
            return
        if tag in STYLES:
            if tag in BLOCKS:
                self._flush()
            self._change_style(tag, 1)
        if (handler := getattr(self, f"_start_{tag}", None)) is not None:
            handler(attributes)
        elif tag in HEADINGS:
            self._flush()
            self._level = HEADINGS[tag]
        elif tag in BLOCKS:
            self._flush()
            if tag == "p":
                self._level = 0

    def end(self, tag: str) -> None:
        """An element ends; one that never began is ignored."""
        if self._skipped:
            if tag == self._skipped:
                self._skip_depth -= 1
                if self._skip_depth == 0:
                    self._skipped = ""
            elif self._skipped in ("head", "title") and tag == "head":
                self._skipped = ""
            return
        if (handler := getattr(self, f"_end_{tag}", None)) is not None:
            handler()
        elif tag in HEADINGS:
            self._flush()
            self._level = 0
        elif tag in BLOCKS:
            self._close_link()
            self._flush()
        if tag in STYLES:
            self._change_style(tag, -1)

    def text(self, text: str) -> None:
        """Letters, entities already decoded."""
        if self._skipped or not text:
            return
        if self._pre:
            self._append(text)
            return
        text = clean_piece(text)
        if self._shift and (small := text.translate(_RAISED if self._shift > 0 else _LOWERED)) != text:
            text = small if not any(letter.isalnum() and letter.isascii() for letter in small) else text
        if self._notes and "[^" in text:
            text = _NOTE.sub(self._raise_note, text)
        if "://" in text and not self._link and not self._style & CODE:
            self._append_with_links(text)
        else:
            self._append(text)

    def code(self, text: str) -> None:
        """A listing, line by line."""
        if not self._skipped:
            self._flush()
            self._emit("code", (Run(clean_block(text.expandtabs(4)), CODE),))

    def close(self) -> None:
        """The body ends: what is open ends with it."""
        self._close_link()
        self._flush()
        while self._tables:
            self._end_table()

    # --- runs ---

    def _append(self, text: str, style: int | None = None) -> None:
        self._runs.append(Run(text, self._style if style is None else style, self._link))

    def _append_with_links(self, text: str) -> None:
        position = 0
        for match in _BARE_LINK.finditer(text):
            url = match[0].rstrip(".,;:!?'\u2019\u201d\u00bb*_")
            if url.endswith(")") and "(" not in url:
                url = url[:-1]
            if number := self._number(url, url):
                self._append(text[position : match.start()])
                self._runs += (Run(url, self._style, number), _numeral(number))
                position = match.start() + len(url)
        self._append(text[position:])

    def _change_style(self, tag: str, step: int) -> None:
        self._styles[tag] = max(self._styles.get(tag, 0) + step, 0)
        self._style = 0
        for name, count in self._styles.items():
            if count:
                self._style |= STYLES[name]

    def _raise_note(self, match: re.Match[str]) -> str:
        number = self._notes.get(match[1])
        return match[0] if number is None else str(number).translate(_RAISED)

    def _flush(self) -> None:
        """End the paragraph at hand, if there is one."""
        if not self._runs:
            return
        runs = collapse(self._runs)
        self._runs = []
        self._link_start = 0
        if runs:
            self._emit("heading" if self._level else "paragraph", runs, self._level)

    # --- blocks ---

    def _emit(self, kind: Kind, runs: tuple[Run, ...] = (), level: int = 0, *, table: Block | None = None) -> None:
        floor = self._tables[-1].depth if self._tables and self._tables[-1].in_cell else 0
        margins: list[Margin] = []
        tight = False
        for container in self._stack[floor:]:
            if container.kind == "quote":
                margins.append(Margin("▎ ", "▎ ", "quote"))
            elif container.kind == "indent":
                margins.append(Margin("  ", "  ", "indent"))
            elif container.kind == "item":
                blank = " " * container.width
                tight = tight or (bool(container.marker) and container.items > 0)
                margins.append(Margin(container.marker or blank, blank, "item"))
                container.marker = ""
        if table is not None:
            block = replace(table, margins=tuple(margins), tight=tight)
        else:
            block = Block(kind, runs, tuple(margins), level, tight)
        self._put(block)

    def _put(self, block: Block) -> None:
        if not self._tables:
            self.finished.append(block)
        elif self._tables[-1].in_cell:
            self._tables[-1].rows[-1][-1].append(block)
        else:
            self._tables[-1].captions.append(block)

    # --- paragraphs and what breaks them ---

    def _start_br(self, _: Mapping[str, str]) -> None:
        self._append("\n")

    def _start_hr(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._emit("rule")

    def _start_pre(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._pre += 1

    def _end_pre(self) -> None:
        if self._pre:
            self._pre -= 1
            text = "".join(run.text for run in self._runs if not run.style & NUMBER)
            self._runs = []
            self._link = self._link_start = 0
            if text.strip():
                self.code(text.removeprefix("\n"))

    def _start_body(self, _: Mapping[str, str]) -> None:
        self._flush()

    def _start_sup(self, _: Mapping[str, str]) -> None:
        self._shift = 1

    def _start_sub(self, _: Mapping[str, str]) -> None:
        self._shift = -1

    def _end_sup(self) -> None:
        self._shift = 0

    _end_sub = _end_sup

    def _start_q(self, _: Mapping[str, str]) -> None:
        self._append("“")

    def _end_q(self) -> None:
        self._append("”")

    def _start_figcaption(self, _: Mapping[str, str]) -> None:
        self._flush()

    def _end_figcaption(self) -> None:
        self._close_link()
        runs, self._runs = collapse(self._runs), []
        if runs:
            self._emit("caption", runs)

    _start_caption = _start_figcaption
    _end_caption = _end_figcaption

    # --- lists and quotes ---

    def _push(self, container: _Container) -> None:
        if len(self._stack) < DEEPEST:
            self._stack.append(container)

    def _pop_to(self, tag: str) -> None:
        """Close the innermost container of this tag and all inside of it, but nothing outside of a table."""
        floor = self._tables[-1].depth if self._tables else 0
        for index in range(len(self._stack) - 1, floor - 1, -1):
            if self._stack[index].tag == tag:
                del self._stack[index:]
                return

    def _start_ul(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._push(_Container("list", "ul"))

    def _start_ol(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        text = attributes.get("start", "1").strip()
        number = int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 1
        self._push(_Container("list", "ol", number=number))

    def _end_ul(self) -> None:
        self._close("ul")

    def _end_ol(self) -> None:
        self._close("ol")

    def _close(self, tag: str) -> None:
        self._close_link()
        self._flush()
        self._pop_to(tag)

    def _start_li(self, attributes: Mapping[str, str]) -> None:
        self._close_link()
        self._flush()
        self._level = 0
        floor = self._tables[-1].depth if self._tables else 0
        lists = [index for index in range(floor, len(self._stack)) if self._stack[index].kind == "list"]
        if not lists:
            self._push(_Container("item", "li", "• "))
            return
        parent = self._stack[lists[-1]]
        del self._stack[lists[-1] + 1 :]
        if parent.number is None:
            marker = _BULLETS[(len(lists) - 1) % len(_BULLETS)]
        else:
            if re.fullmatch(r"-?[0-9]{1,6}", value := attributes.get("value", "").strip()):
                parent.number = int(value)
            marker = f"{parent.number}. "
            parent.number += 1
        self._push(_Container("item", "li", marker, len(marker), items=parent.items + len(lists) - 1))
        parent.items += 1

    def _end_li(self) -> None:
        self._close("li")

    def _start_blockquote(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._level = 0
        self._push(_Container("quote", "blockquote"))

    def _end_blockquote(self) -> None:
        self._close("blockquote")

    def _start_dd(self, _: Mapping[str, str]) -> None:
        self._close_link()
        self._flush()
        self._pop_to("dd")
        self._push(_Container("indent", "dd"))

    def _end_dd(self) -> None:
        self._close("dd")

    def _start_dt(self, _: Mapping[str, str]) -> None:
        self._end_dd()

    def _end_dl(self) -> None:
        self._end_dd()

    # --- tables ---

    def _start_table(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._level = 0
        if len(self._tables) < 8:
            self._tables.append(_Table(len(self._stack)))

    def _start_tr(self, _: Mapping[str, str]) -> None:
        self._close_cell()
        if self._tables:
            self._tables[-1].rows.append([])

    def _start_td(self, attributes: Mapping[str, str]) -> None:
        self._close_cell()
        if not self._tables:
            return
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append([])
        table.cells += 1
        table.in_cell = True
        column = len(table.rows[-1])
        table.aligns[column - 1 : column] = [read_alignment(attributes)]

    def _start_th(self, attributes: Mapping[str, str]) -> None:
        self._start_td(attributes)
        if self._tables and len(self._tables[-1].rows) == 1:
            self._tables[-1].head_cells += 1

    def _close_cell(self) -> None:
        self._close_link()
        self._flush()
        if self._tables:
            del self._stack[self._tables[-1].depth :]
            self._tables[-1].in_cell = False

    _end_td = _end_th = _end_tr = _close_cell

    def _end_table(self) -> None:
        self._close_cell()
        if not self._tables:
            return
        table = self._tables.pop()
        for caption in table.captions:
            self._put(caption)
        rows = [row for row in table.rows if any(row)]
        if _is_layout(rows) or table.cells > _MOST_CELLS:
            for block in (block for row in rows for cell in row for block in cell):
                self._put(block)
        elif rows:
            texts = tuple(tuple(cell[0].runs if cell else () for cell in row) for row in rows)
            has_header = 0 < len(table.rows[0]) == table.head_cells and len(rows) > 1
            self._emit("table", table=Block("table", rows=texts, has_header=has_header, aligns=tuple(table.aligns)))

    # --- links, pictures, other media ---

    def _number(self, url: str, label: str) -> int:
        """Return the number of a link, 0 when it leads nowhere a reader may go."""
        if (known := self._numbers.get(url)) is not None:
            return known
        number = 0
        if check_link(url).verdict != "refuse":
            self.links.append(Link(url, clean_line(label, _LONGEST_LABEL)))
            number = len(self.links)
        self._numbers[url] = number
        return number

    def _resolve(self, url: str) -> str:
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

    def _start_a(self, attributes: Mapping[str, str]) -> None:
        self._close_link()
        if url := self._resolve(attributes.get("href", "")):
            self._link = self._number(url, attributes.get("title") or url)
            self._link_start = len(self._runs)

    def _end_a(self) -> None:
        self._close_link()

    def _close_link(self) -> None:
        """Put the number behind the words of a link; a link without words gets its host."""
        number, self._link = self._link, 0
        if not number:
            return
        words = clean_line("".join(run.text for run in self._runs[self._link_start :]))
        link = self.links[number - 1]
        if not words:
            self._runs.append(Run(host_of(link.url), self._style, number))
        elif link.label == clean_line(link.url, _LONGEST_LABEL):
            self.links[number - 1] = link._replace(label=words[:_LONGEST_LABEL])
        if not self._pre:
            self._runs.append(_numeral(number))

    def _start_img(self, attributes: Mapping[str, str]) -> None:
        alt = clean_line(attributes.get("alt") or attributes.get("title") or "", _LONGEST_LABEL)
        if is_pixel(attributes):
            return
        if alt and len(alt) <= 3 and not alt.isascii():
            self._append(alt)  # a picture of an emoji
            return
        if check_link(url := self._resolve(attributes.get("src", ""))).verdict == "open":
            width, height = read_pixels(attributes, "width"), read_pixels(attributes, "height")
            self.pictures.append(Image(url, width, height, alt or None))
        self._add_media(f"▣\u00a0{alt or 'picture'}", attributes.get("src", ""), alt or "picture")

    def _start_iframe(self, attributes: Mapping[str, str]) -> None:
        self._add_frame(attributes)
        self._skipped, self._skip_depth = "iframe", 1

    def _start_embed(self, attributes: Mapping[str, str]) -> None:
        self._add_frame(attributes)

    def _add_frame(self, attributes: Mapping[str, str]) -> None:
        url = self._resolve(attributes.get("src") or attributes.get("data-src") or "")
        if check_link(url).verdict == "refuse":
            return
        label, url = describe_embed(url)
        self._flush()
        self._add_media(f"▶\u00a0{label}", url, label)
        self._flush()

    def _start_video(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        self._add_media("▶\u00a0Video", attributes.get("src", ""), "Video")

    def _start_audio(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        self._add_media("♪\u00a0Sound", attributes.get("src", ""), "Sound")

    def _start_source(self, attributes: Mapping[str, str]) -> None:
        """The address of a ``video`` or ``audio`` that has none itself; ``picture`` brings its own ``img``."""
        if self._runs and self._runs[-1] in (Run("▶\u00a0Video", LABEL), Run("♪\u00a0Sound", LABEL)):
            label = self._runs.pop().text
            self._add_media(label, attributes.get("src", ""), label[2:])

    def _end_video(self) -> None:
        self._flush()

    _end_audio = _end_video

    def _add_media(self, text: str, url: str, label: str) -> None:
        if self._link:
            self._append(text, LABEL)
            return
        url = self._resolve(url)
        number = self._number(url, label) if url and not url.startswith("data:") else 0
        self._runs.append(Run(text, LABEL, number))
        if number:
            self._runs.append(_numeral(number))

    def _start_input(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").lower() == "checkbox":
            self._append("☑ " if "checked" in attributes else "☐ ")


def _numeral(number: int) -> Run:
    return Run(f"\u00a0[{number}]", NUMBER, number)


def _is_layout(rows: list[list[list[Block]]]) -> bool:
    """Say whether a table only arranges things: one column, or more than a paragraph in a cell."""
    if max((len(row) for row in rows), default=0) < 2:
        return True
    cells = [cell for row in rows for cell in row if cell]
    return any(len(cell) > 1 or cell[0].kind != "paragraph" or bool(cell[0].margins) for cell in cells)
