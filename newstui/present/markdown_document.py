"""Read a Markdown body with markdown-it, in pieces, and tell the same builder that HTML uses.

markdown-it (CommonMark, with tables and strikethrough) is quick on prose, about 1 MB a second, but quadratic on
brackets never closed: 50,000 of them take 3 s. So it is given pieces of a few kilobytes, cut at blank lines,
and a paragraph without an end is cut by force. A long body is read as far as it is looked at. Its own link checks are
off: `links.py` decides, and it keeps ``%2F`` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from newstui.present.document import Block, Document
from newstui.present.document_builder import DocumentBuilder
from newstui.present.html_document import TagScanner

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

PIECE = 2_500
"""Characters after which a piece ends at the next good place: about a screenful, so the first one shows soon."""
_FORCED = 32_000
"""A listing or list this long is cut wherever a line ends."""
_LONGEST_PARAGRAPH = 8_000
"""A longer one is cut between words; 8,000 open brackets take 70 ms (2026-11)."""
_MOST_REFERENCES = 2_000
_MOST_OPEN_BRACKETS = 400
"""In one piece; one with more is shown as it is written."""
_DEEPEST_QUOTE = 8
_DEEPEST_INDENT = 40
"""Deeper quotes and lists are drawn like these: markdown-it drops what lies below its own limit."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HTML_START = re.compile(r" {0,3}<(script|pre|style|textarea|!--)", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}[ \t]")
"""Begins anew wherever it stands (CommonMark 0.31 §4.2)."""
_CONTINUES = re.compile(r"[ \t]|[-*+](?=\s)|[0-9]{1,9}[.)](?=\s)|>|\|")
"""A line that may belong to what stands before a blank line: a list, a quote, a table."""
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\[\n^][^\]\[\n]{0,200})\]:[ \t]*<?([^\s<>]{1,4000})>?", re.MULTILINE)
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,60})\]:[ \t]?(.*)")
_DEEP = re.compile(rf"(?:[ \t]*>){{{_DEEPEST_QUOTE + 1},}}|[ ]{{{_DEEPEST_INDENT + 1},}}")
_TASK = re.compile(r"\[([ xX])\] ")


def read_markdown(body: str, base: str | None = None) -> Document:
    """Return the document a Markdown body stands for. `base` is the address its links are relative to. Never raises."""
    notes: dict[str, str] = {}
    lines = _take_notes(body.split("\n"), notes) if "[^" in body else body.split("\n")
    builder = DocumentBuilder(base, {label: number for number, label in enumerate(notes, 1)})
    return Document(_read(lines, list(notes.values()), builder), builder.links, builder.pictures)


def _read(lines: list[str], notes: list[str], builder: DocumentBuilder) -> Iterator[Block]:
    references = _find_references(lines)
    writer = _TokenWriter(builder)
    for piece in cut_pieces(lines):
        if piece.count("[") - piece.count("]") > _MOST_OPEN_BRACKETS:
            builder.text(piece)
            builder.end("p")
            continue
        for token in _markdown().parse(piece, {"references": dict(references)}):
            writer.write(token)
            if builder.finished:
                yield from builder.finished
                builder.finished.clear()
    if notes:
        builder.start("hr", {})
        builder.start("ol", {})
        for note in notes:
            builder.start("li", {})
            for token in _markdown().parse(note, {"references": dict(references)}):
                writer.write(token)
            builder.end("li")
        builder.end("ol")
    builder.close()
    yield from builder.finished
    builder.finished.clear()


@cache
def _markdown() -> MarkdownIt:
    """Import takes 50 ms, so it waits for the first body that needs it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def cut_pieces(lines: list[str]) -> Iterator[str]:
    """Yield the text in pieces that mean the same apart as together, wherever that can be had."""
    piece: list[str] = []
    size = since_blank = 0
    fence = closing = ""
    for index, line in enumerate(lines):
        if not fence and since_blank + len(line) > _LONGEST_PARAGRAPH:  # a paragraph without an end
            for part in _cut_line(line):
                piece.append(part)
                yield "\n".join(piece)
                piece = []
            size = since_blank = 0
            continue
        if not fence and (match := _DEEP.match(line)):
            line = _flatten(match[0]) + line[match.end() :]
        piece.append(line)
        size += len(line) + 1
        since_blank = since_blank + len(line) + 1 if line.strip() else 0
        if closing:
            closing = "" if closing in line.lower() else closing
        elif match := _FENCE.match(line):
            fence = _change_fence(fence, match[1], line)
        elif not fence and (match := _HTML_START.match(line)):
            end = "-->" if match[1] == "!--" else f"</{match[1].lower()}>"
            closing = "" if end in line.lower() else end
        following = lines[index + 1] if index + 1 < len(lines) else ""
        ends = _HEADING.match(following) or not (since_blank or _CONTINUES.match(following))
        is_good_place = ends and not fence and not closing
        if size > _FORCED or (size > PIECE and is_good_place):
            if fence:
                piece.append(fence)
            yield "\n".join(piece)
            piece, size, since_blank = [fence] if fence else [], 0, 0
    if piece:
        yield "\n".join(piece)


def _flatten(depth: str) -> str:
    return "> " * _DEEPEST_QUOTE if ">" in depth else " " * _DEEPEST_INDENT


def _cut_line(line: str) -> Iterator[str]:
    """Cut a line between words where it has any."""
    start = 0
    while len(line) - start > _LONGEST_PARAGRAPH:
        end = line.rfind(" ", start + _LONGEST_PARAGRAPH // 2, start + _LONGEST_PARAGRAPH)
        end = end if end > 0 else start + _LONGEST_PARAGRAPH
        yield line[start:end]
        start = end
    yield line[start:]


def _change_fence(fence: str, mark: str, line: str) -> str:
    """Return the fence that is open behind this line; empty for none."""
    if not fence:
        return mark
    is_closing = mark[0] == fence[0] and len(mark) >= len(fence) and not line.strip().strip(mark[0])
    return "" if is_closing else fence


def _find_references(lines: list[str]) -> dict[str, dict[str, Any]]:
    """Find ``[name]: address`` lines of the whole body, so that every piece knows them."""
    from markdown_it.common.utils import normalizeReference

    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.lstrip(" ")[:1] == "[" and (match := _REFERENCE.match(line)) and len(found) < _MOST_REFERENCES:
            found.setdefault(normalizeReference(match[1]), {"title": "", "href": match[2], "map": [0, 0]})
    return found


def _take_notes(lines: list[str], notes: dict[str, str]) -> list[str]:
    """Take footnotes (``[^label]: text`` and indented lines after it) out of the text, into `notes`."""
    kept: list[str] = []
    fence = ""
    label = ""
    for line in lines:
        if match := _FENCE.match(line):
            fence = _change_fence(fence, match[1], line)
        if not fence and (note := _NOTE.match(line)):
            label = note[1]
            notes.setdefault(label, note[2])
        elif label and line[:2] in ("  ", "\t") and line.strip():
            notes[label] += "\n" + line.strip()
        else:
            label = label if not line.strip() else ""
            kept.append(line)
    return kept


_ELEMENTS = {"s": "del"}


class _TokenWriter:
    """Turns markdown-it's tokens into the builder's events."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._scanner = TagScanner(builder)

    def write(self, token: Token) -> None:
        """Tell the builder about one token of the outer level."""
        if token.type == "inline":
            self._write_inline(token.children or [])
        elif token.type in ("fence", "code_block"):
            self._builder.code(token.content)
        elif token.type == "html_block":
            self._scanner.feed(token.content)
        elif token.nesting >= 0:
            self._builder.start(token.tag, {name: str(value) for name, value in token.attrs.items()})
        else:
            self._builder.end(token.tag)

    def _write_inline(self, tokens: list[Token]) -> None:
        for index, token in enumerate(tokens):
            if token.type == "text":
                text = token.content
                if index == 0 and (task := _TASK.match(text)):
                    text = ("☐ " if task[1] == " " else "☑ ") + text[task.end() :]
                self._builder.text(text)
            elif token.type == "softbreak":
                self._builder.text(" ")
            elif token.type == "code_inline":
                self._builder.start("code", {})
                self._builder.text(token.content)
                self._builder.end("code")
            elif token.type == "image":
                self._builder.start("img", {"src": str(token.attrs.get("src", "")), "alt": token.content})
            elif token.type == "html_inline":
                self._scanner.feed(token.content)
            elif token.nesting >= 0:
                tag = _ELEMENTS.get(token.tag, token.tag)
                self._builder.start(tag, {name: str(value) for name, value in token.attrs.items()})
            else:
                self._builder.end(_ELEMENTS.get(token.tag, token.tag))
