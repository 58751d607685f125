"""Set blocks of a document in lines of at most so many cells. Pure, block by block, so only what is looked at is set.

What a role looks like is the stylesheet's business; widths are terminal cells, wide characters and joined
emoji included. Nothing here recurses and nothing is longer than the width.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from newstui.present.document import ITALIC, LABEL, NUMBER, Block, Margin, Run
from newstui.text import cell_width, truncate


class Span(NamedTuple):
    """Some text of a line that looks the same throughout."""

    text: str
    role: str = "body"
    """``body heading1 … heading6 quote bullet code caption rule label``, and those of `article_page.py` and
    `coverage_section.py`."""
    style: int = 0
    """Sum of `document.BOLD` and its kin."""
    link: int = 0
    """Number of the link under it; 0 for none."""


Line = tuple[Span, ...]

NARROWEST = 12
"""Cells that margins leave to the text, at least."""
_WIDEST_COLUMN = 30
_MOST_COLUMNS = 8

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_NO_START = "、。，．：；？！）］｝」』】〉》〕・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〻’”…"
"""Never at the start of a line (JIS X 4051)."""
_NARROW = re.compile("[ -\u02ff\u0391-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*")
"""Text of Latin, Greek and Cyrillic letters: one cell each, so it can be broken by counting."""
_BREAKS_IN_WORD = "/-_?&=.,;|"


@cache
def _pieces() -> re.Pattern[str]:
    """Return what a line may be broken between: words, and single characters of scripts without spaces.

    Written when a first line is broken: compiling it takes 7 ms, which the start does not have.
    """
    return re.compile(
        rf"[ \t]+"
        rf"|[（［｛「『【〈《〔]*[{_WIDE}](?:\u200d[^ \t]|[\ufe0f\U0001f3fb-\U0001f3ff])*[{_NO_START}]*"
        rf"|[^ \t{_WIDE}]+(?:[{_NO_START}]+)?"
    )


def set_block(block: Block, width: int) -> list[Line]:
    """Return the lines of one block, without the blank line before it."""
    margins, room = _fit_margins(block.margins, width)
    lines: list[Line]
    if block.kind == "rule":
        lines = [(Span("─" * min(room, 24), "rule"),)]
    elif block.kind == "code":
        lines = list(_set_code(block.runs, room))
    elif block.kind == "table":
        lines = _set_table(block, room)
    elif block.kind == "heading":
        lines = set_runs(block.runs, room, f"heading{block.level}")
        if block.level == 1:
            lines.append((Span("─" * max(map(line_width, lines), default=0), "rule"),))
    else:
        role = "caption" if block.kind == "caption" else "quote" if _is_quoted(block.margins) else "body"
        lines = set_runs(block.runs, room, role)
    return [_with_margins(margins, line, first=index == 0) for index, line in enumerate(lines)] if margins else lines


def blank_lines_before(block: Block, previous: Block | None) -> list[Line]:
    """Return the blank lines between two blocks; a quote that goes on keeps its bar."""
    if previous is None or block.tight:
        return []
    if block.kind == "caption" and previous.runs and previous.runs[0].style & LABEL:
        return []
    shared = 0
    for one, other in zip(block.margins, previous.margins, strict=False):
        if one.kind != "quote" or other.kind != "quote":
            break
        shared += 1
    bars: Line = tuple(Span(margin.rest, "bar") for margin in block.margins[:shared])
    return [bars, ()] if block.kind == "heading" and block.level <= 2 and not shared else [bars]


def line_width(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(cell_width(span.text) for span in line)


def set_runs(runs: Iterable[Run], width: int, role: str = "body", *, most_lines: int | None = None) -> list[Line]:
    """Break styled text into lines. With `most_lines`, the last one ends with an ellipsis if there is more."""
    kept = [run for run in runs if run.text]
    text = "".join(run.text for run in kept)
    if len(text) <= width and text.isascii() and "\n" not in text:
        return [_slice_runs(kept, [0, *accumulate(len(run.text) for run in kept)], 0, len(text.rstrip(" ")), role)]
    starts = [0, *accumulate(len(run.text) for run in kept)]
    lines: list[Line] = []
    for start, end in break_lines(text, max(width, 1)):
        if most_lines is not None and len(lines) == most_lines:
            lines[-1] = _end_with_ellipsis(lines[-1], width)
            break
        lines.append(_slice_runs(kept, starts, start, end, role))
    return lines


def _slice_runs(runs: list[Run], starts: list[int], start: int, end: int, role: str) -> Line:
    index = bisect_right(starts, start) - 1
    spans: list[Span] = []
    while index < len(runs) and starts[index] < end:
        text, style, link = runs[index]
        low, high = max(start - starts[index], 0), end - starts[index]
        if part := text[low:high]:
            own = "number" if style & NUMBER else "label" if style & LABEL else role
            spans.append(Span(part.replace("\u00a0", " "), own, style & ~(NUMBER | LABEL), link))
        index += 1
    return tuple(spans)


def _end_with_ellipsis(line: Line, width: int) -> Line:
    *head, last = line or (Span(""),)
    room = max(width - line_width(tuple(head)), 1)
    text = last.text.rstrip()
    if cell_width(text) + 1 <= room:
        return (*head, last._replace(text=text + "…"))
    return (*head, last._replace(text=truncate(text + " …", room)))


# --- breaking ---


def break_lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line of a text begins and ends; blanks at a break belong to no line."""
    position = 0
    for paragraph in text.split("\n"):
        end = position + len(paragraph)
        if paragraph.isascii() or _NARROW.fullmatch(paragraph):
            yield from _break_narrow(text, position, end, width)
        else:
            yield from _break_wide(text, position, end, width)
        position = end + 1


def _break_narrow(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Break text in which every character takes one cell."""
    while end - start > width:
        cut = text.rfind(" ", start, start + width + 1)
        if cut > start:
            yield start, len(text[start:cut].rstrip(" ")) + start
        else:
            cut = _cut_word(text, start, start + width)
            yield start, cut
        start = cut
        while start < end and text[start] in " \u00a0":
            start += 1
    if start < end or text[start - 1 : start] in ("", "\n"):
        yield start, start + len(text[start:end].rstrip(" "))


def _cut_word(text: str, start: int, end: int) -> int:
    """Return where to break a word without blanks: before the number of a link, behind a sign, else at the edge."""
    if (glue := text.rfind("\u00a0", start, end + 1)) > start:
        return glue
    for index in range(end - 1, start + (end - start) * 2 // 3, -1):
        if text[index - 1] in _BREAKS_IN_WORD:
            return index
    return end


def _break_wide(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Break text with wide or joined characters, measured piece by piece."""
    line_start = line_end = start
    used = 0
    for match in _pieces().finditer(text, start, end):
        piece = match[0]
        cells = cell_width(piece)
        if piece[0] in " \t":
            used += cells
            continue
        if used + cells > width and line_end > line_start:
            yield line_start, line_end
            line_start, used = match.start(), 0
        elif line_end == line_start:
            line_start, used = match.start(), 0
        position = match.start()
        if cells > width:
            for cut in _cut_wide(piece, width):
                yield position, position + cut
                position += cut
            line_start, piece = position, text[position : match.end()]
            cells = cell_width(piece)
        line_end = match.end()
        used += cells
    if line_end > line_start or start == end:
        yield line_start, line_end


def _cut_wide(word: str, width: int) -> Iterator[int]:
    """Yield the lengths of the parts of an overlong word that fill lines; what is left fits."""
    from rich.cells import split_graphemes

    taken = length = 0
    spans, _ = split_graphemes(word)
    for start, end, cells in spans:
        if taken + cells > width and length:
            yield length
            taken = length = 0
        taken += cells
        length += end - start


# --- margins ---


def _fit_margins(margins: tuple[Margin, ...], width: int) -> tuple[tuple[Margin, ...], int]:
    """Drop outer margins until enough room is left; return the others and the room for text."""
    total = sum(cell_width(margin.rest) for margin in margins)
    least = min(NARROWEST, max(width // 2, 1))
    while margins and width - total < max(least, width // 3):
        total -= cell_width(margins[0].rest)
        margins = margins[1:]
    return margins, max(width - total, 1)


def _is_quoted(margins: tuple[Margin, ...]) -> bool:
    return any(margin.kind == "quote" for margin in margins)


def _with_margins(margins: tuple[Margin, ...], line: Line, *, first: bool) -> Line:
    return (
        *(
            Span(margin.first if first else margin.rest, "bar" if margin.kind == "quote" else "bullet")
            for margin in margins
        ),
        *line,
    )


# --- listings and tables ---


def _set_code(runs: tuple[Run, ...], width: int) -> Iterator[Line]:
    """Set a listing: blanks stay, long lines go on in the next one behind a sign."""
    inner = max(width - 2, 1)
    for line in "".join(run.text for run in runs).split("\n"):
        for index, part in enumerate(_cut_cells(line, inner)):
            lead = " " if index == 0 else "↪"
            filler = " " * (inner - cell_width(part))
            yield (Span(lead + part + filler + " ", "code"),) if width > 2 else (Span(part, "code"),)


def _cut_cells(text: str, width: int) -> list[str]:
    if cell_width(text) <= width:
        return [text]
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)]
    parts, start = [], 0
    for length in _cut_wide(text, width):
        parts.append(text[start : start + length])
        start += length
    return [*parts, text[start:]]


def _set_table(block: Block, width: int) -> list[Line]:
    columns = max(len(row) for row in block.rows)
    texts = [["".join(run.text for run in cell) for cell in row] for row in block.rows]
    widths = [max((_widest(row[index]) for row in texts if index < len(row)), default=0) for index in range(columns)]
    room = width - 2 * (columns - 1)
    if columns <= _MOST_COLUMNS and (sum(widths) <= room or _squeeze(widths, room)):
        return _set_columns(block, widths)
    return _set_stack(block, width)


def _widest(text: str) -> int:
    return max(cell_width(line) for line in text.split("\n"))


def _squeeze(widths: list[int], room: int) -> bool:
    """Take from the widest columns what is too much; say whether all stay wide enough to read."""
    if len(widths) > 4 or room < len(widths) * NARROWEST:
        return False
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= min(sum(widths) - room, max(widths[widest] // 8, 1))
    return min(widths) >= 1


def _set_columns(block: Block, widths: list[int]) -> list[Line]:
    lines: list[Line] = []
    for number, row in enumerate(block.rows):
        role = "table-head" if block.has_header and number == 0 else "body"
        cells = [set_runs(cell, max(width, 1), role) for cell, width in zip(row, widths, strict=False)]
        for index in range(max((len(cell) for cell in cells), default=0)):
            spans: list[Span] = []
            for column, cell in enumerate(cells):
                line = cell[index] if index < len(cell) else ()
                align = block.aligns[column] if column < len(block.aligns) else "left"
                free = widths[column] - line_width(line)
                before = free if align == "right" else free // 2 if align == "center" else 0
                after = free - before + 2 if column + 1 < len(cells) else 0
                spans += [span for span in (Span(" " * before), *line, Span(" " * after)) if span.text]
            lines.append(tuple(spans))
        if role == "table-head":
            lines.append(tuple(_ruler(widths)))
    return lines


def _ruler(widths: list[int]) -> Iterator[Span]:
    for index, width in enumerate(widths):
        yield Span("─" * width, "rule")
        if index + 1 < len(widths):
            yield Span("  ")


def _set_stack(block: Block, width: int) -> list[Line]:
    """Set a table too wide for columns: one row under the other, each cell behind its label."""
    header = block.rows[0] if block.has_header else ()
    lines: list[Line] = []
    for row in block.rows[1:] if block.has_header else block.rows:
        if lines:
            lines.append(())
        for index, cell in enumerate(row):
            if not cell:
                continue
            label = header[index] if index < len(header) else ()
            head = (*(run._replace(style=run.style | ITALIC) for run in label), Run(": ", ITALIC)) if label else ()
            lines += set_runs((*head, *cell), width)
    return lines


def set_hits_apart(line: Line, hits: Sequence[tuple[int, int]]) -> Line:
    """Return a line in which what was found has a role of its own.

    Args:
        hits: First character of each hit, and the one after its last, counted through the line.
    """
    spans: list[Span] = []
    start = 0
    for span in line:
        end = start + len(span.text)
        edges = sorted({start, end, *(min(max(edge, start), end) for hit in hits for edge in hit)})
        for left, right in pairwise(edges):
            role = "hit" if any(first <= left < after for first, after in hits) else span.role
            spans.append(span._replace(text=span.text[left - start : right - start], role=role))
        start = end
    return tuple(spans)
