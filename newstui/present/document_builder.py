"""Build a `Document` from the events of a parser: elements that start and end, and text between them.

One machine for HTML, for Markdown and for HTML inside of Markdown. It keeps a stack of what encloses the text
(lists, quotes, tables) but never a tree, forgives what is not closed, and ignores what it does not know.
The text itself is `inline_builder.py`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from newstui.links import check_link
from newstui.model import Image
from newstui.present.document import CODE, LABEL, Block, Kind, Margin, Run
from newstui.present.embeds import describe_embed
from newstui.present.html_elements import (
    BLOCKS,
    CONTAINERS,
    HEADINGS,
    SKIPPED,
    STYLES,
    VOID,
    is_hidden,
    is_pixel,
    read_alignment,
    read_pixels,
)
from newstui.present.inline_builder import LONGEST_LABEL, InlineBuilder
from newstui.present.table_builder import TableBuilder
from newstui.records import dataclass
from newstui.text import clean_block, clean_line

DEEPEST = 16
"""Lists and quotes inside each other; deeper ones change nothing."""
_DEEPEST_TABLE = 8
_BULLETS = ("• ", "◦ ", "▪ ")
_VIDEO, _SOUND = "▶\u00a0Video", "♪\u00a0Sound"


@dataclass(slots=True)
class _Container:
    """Something the text is inside of."""

    kind: str
    """quote, list, item, indent."""
    tag: str
    marker: str = ""
    """Of an item; empty once it was drawn."""
    width: int = 2
    number: int | None = None
    """Of a list: the next item's number; None for bullets."""
    items: int = 0


class DocumentBuilder:
    """Takes events, gives blocks in `finished`."""

    def __init__(self, base: str | None = None, notes: Mapping[str, int] | None = None) -> None:
        """`base` is the address links are relative to; `notes` are the labels of footnotes and their numbers."""
        self.finished: list[Block] = []
        """Blocks that are done; whoever feeds the events takes them away."""
        self.pictures: list[Image] = []
        """Named, not loaded."""
        self._inline = InlineBuilder(base, notes or {})
        self.links = self._inline.links
        self._stack: list[_Container] = []
        self._tables: list[TableBuilder] = []
        self._level = 0
        self._skipped = ""
        self._skip_depth = 0

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
            self._inline.change_style(tag, 1)
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
        elif tag in CONTAINERS:
            self._close(tag)
        elif tag in BLOCKS:
            self._end_paragraph()
        if tag in STYLES:
            self._inline.change_style(tag, -1)

    def text(self, text: str) -> None:
        """Letters, entities already decoded."""
        if text and not self._skipped:
            self._inline.text(text)

    def code(self, text: str) -> None:
        """A listing, line by line."""
        if not self._skipped:
            self._flush()
            self._emit("code", (Run(clean_block(text.expandtabs(4)), CODE),))

    def close(self) -> None:
        """The body ends: what is open ends with it."""
        self._end_paragraph()
        while self._tables:
            self._end_table()

    # --- blocks ---

    def _flush(self) -> None:
        """End the paragraph at hand, if there is one."""
        if self._inline.runs and (runs := self._inline.take()):
            self._emit("heading" if self._level else "paragraph", runs, self._level)

    def _end_paragraph(self) -> None:
        """The same where a link does not go on."""
        self._inline.end_link()
        self._flush()

    def _emit(self, kind: Kind, runs: tuple[Run, ...] = (), level: int = 0) -> None:
        margins, is_tight = self._margins()
        self._put(Block(kind, runs, margins, level, is_tight))

    def _margins(self) -> tuple[tuple[Margin, ...], bool]:
        """Return what stands left of the next block, and whether it follows without a blank line."""
        floor = self._tables[-1].depth if self._tables and self._tables[-1].in_cell else 0
        margins: list[Margin] = []
        is_tight = False
        for container in self._stack[floor:]:
            if container.kind == "quote":
                margins.append(Margin("▎ ", "▎ ", "quote"))
            elif container.kind == "indent":
                margins.append(Margin("  ", "  ", "indent"))
            elif container.kind == "item":
                blank = " " * container.width
                is_tight = is_tight or (bool(container.marker) and container.items > 0)
                margins.append(Margin(container.marker or blank, blank, "item"))
                container.marker = ""
        return tuple(margins), is_tight

    def _put(self, block: Block) -> None:
        if self._tables:
            self._tables[-1].put(block)
        else:
            self.finished.append(block)

    # --- paragraphs and what breaks them ---

    def _start_br(self, _: Mapping[str, str]) -> None:
        self._inline.append("\n")

    def _start_hr(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._emit("rule")

    def _start_pre(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._inline.listings += 1

    def _end_pre(self) -> None:
        if self._inline.listings:
            self._inline.listings -= 1
            if (text := self._inline.take_listing()).strip():
                self.code(text.removeprefix("\n"))

    def _start_sup(self, _: Mapping[str, str]) -> None:
        self._inline.shift = 1

    def _start_sub(self, _: Mapping[str, str]) -> None:
        self._inline.shift = -1

    def _end_sup(self) -> None:
        self._inline.shift = 0

    _end_sub = _end_sup

    def _start_q(self, _: Mapping[str, str]) -> None:
        self._inline.append("“")

    def _end_q(self) -> None:
        self._inline.append("”")

    def _start_a(self, attributes: Mapping[str, str]) -> None:
        self._inline.start_link(attributes.get("href", ""), attributes.get("title", ""))

    def _end_a(self) -> None:
        self._inline.end_link()

    def _end_figcaption(self) -> None:
        self._inline.end_link()
        if runs := self._inline.take():
            self._emit("caption", runs)

    _end_caption = _end_figcaption

    # --- lists and quotes ---

    def _open(self, container: _Container) -> None:
        if len(self._stack) < DEEPEST:
            self._stack.append(container)

    def _close(self, tag: str) -> None:
        """Close the innermost container of this tag and all inside of it, but nothing outside of a table."""
        self._end_paragraph()
        floor = self._tables[-1].depth if self._tables else 0
        for index in range(len(self._stack) - 1, floor - 1, -1):
            if self._stack[index].tag == tag:
                del self._stack[index:]
                return

    def _start_ul(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._open(_Container("list", "ul"))

    def _start_ol(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        text = attributes.get("start", "1").strip()
        number = int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else 1
        self._open(_Container("list", "ol", number=number))

    def _start_li(self, attributes: Mapping[str, str]) -> None:
        self._end_paragraph()
        self._level = 0
        floor = self._tables[-1].depth if self._tables else 0
        lists = [index for index in range(floor, len(self._stack)) if self._stack[index].kind == "list"]
        if not lists:
            self._open(_Container("item", "li", "• "))
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
        self._open(_Container("item", "li", marker, len(marker), items=parent.items + len(lists) - 1))
        parent.items += 1

    def _start_blockquote(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._level = 0
        self._open(_Container("quote", "blockquote"))

    def _start_dd(self, _: Mapping[str, str]) -> None:
        self._close("dd")
        self._open(_Container("indent", "dd"))

    def _start_dt(self, _: Mapping[str, str]) -> None:
        self._close("dd")

    def _end_dl(self) -> None:
        self._close("dd")

    # --- tables ---

    def _start_table(self, _: Mapping[str, str]) -> None:
        self._flush()
        self._level = 0
        if len(self._tables) < _DEEPEST_TABLE:
            self._tables.append(TableBuilder(len(self._stack)))

    def _start_tr(self, _: Mapping[str, str]) -> None:
        self._close_cell()
        if self._tables:
            self._tables[-1].start_row()

    def _start_td(self, attributes: Mapping[str, str]) -> None:
        self._open_cell(attributes, is_head=False)

    def _start_th(self, attributes: Mapping[str, str]) -> None:
        self._open_cell(attributes, is_head=True)

    def _open_cell(self, attributes: Mapping[str, str], *, is_head: bool) -> None:
        self._close_cell()
        if self._tables:
            self._tables[-1].start_cell(read_alignment(attributes), is_head=is_head)

    def _close_cell(self) -> None:
        self._end_paragraph()
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
        if table.is_layout:
            for block in table.blocks():
                self._put(block)
        else:
            margins, is_tight = self._margins()
            self._put(table.as_block(margins, is_tight=is_tight))

    # --- pictures, other media ---

    def _start_img(self, attributes: Mapping[str, str]) -> None:
        alt = clean_line(attributes.get("alt") or attributes.get("title") or "", LONGEST_LABEL)
        if is_pixel(attributes):
            return
        if alt and len(alt) <= 3 and not alt.isascii():
            self._inline.append(alt)  # a picture of an emoji
            return
        source = attributes.get("src", "")
        if check_link(url := self._inline.resolve(source)).verdict == "open":
            width, height = read_pixels(attributes, "width"), read_pixels(attributes, "height")
            self.pictures.append(Image(url, width, height, alt or None))
        self._inline.add_media(f"▣\u00a0{alt or 'picture'}", source, alt or "picture")

    def _start_embed(self, attributes: Mapping[str, str]) -> None:
        url = self._inline.resolve(attributes.get("src") or attributes.get("data-src") or "")
        if check_link(url).verdict == "refuse":
            return
        label, url = describe_embed(url)
        self._flush()
        self._inline.add_media(f"▶\u00a0{label}", url, label)
        self._flush()

    def _start_iframe(self, attributes: Mapping[str, str]) -> None:
        self._start_embed(attributes)
        self._skipped, self._skip_depth = "iframe", 1

    def _start_video(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        self._inline.add_media(_VIDEO, attributes.get("src", ""), "Video")

    def _start_audio(self, attributes: Mapping[str, str]) -> None:
        self._flush()
        self._inline.add_media(_SOUND, attributes.get("src", ""), "Sound")

    def _start_source(self, attributes: Mapping[str, str]) -> None:
        """The address of a ``video`` or ``audio`` that has none itself; ``picture`` brings its own ``img``."""
        runs = self._inline.runs
        if runs and runs[-1] in (Run(_VIDEO, LABEL), Run(_SOUND, LABEL)):
            label = runs.pop().text
            self._inline.add_media(label, attributes.get("src", ""), label[2:])

    def _end_video(self) -> None:
        self._flush()

    _end_audio = _end_video

    def _start_input(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").lower() == "checkbox":
            self._inline.append("☑ " if "checked" in attributes else "☐ ")
