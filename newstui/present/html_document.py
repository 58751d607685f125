"""Read an HTML body: one pass over its tags, piece by piece, no tree and no recursion.

Every step moves forward and nothing is searched twice for the same end, so the time grows with the length
whatever the markup does: comment, quote and attribute storms, a hundred thousand open elements, tags never closed.
What the elements mean is `document_builder.py`'s business.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import ClassVar

from newstui.present.document import Block, Document
from newstui.present.document_builder import DocumentBuilder

_MOST_ATTRIBUTES = 200
"""Of one tag; later ones are not looked at."""

_OPENING = re.compile("<(?=[A-Za-z/!?])")
_NAME = re.compile(r"/?([A-Za-z][^\s/>]{0,40})")
_QUOTED_TAG = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]{1,60})(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_WANTED = frozenset((
    "align", "alt", "checked", "data-src", "height", "hidden", "href", "src", "start", "style", "title", "type",
    "value", "width",
))  # fmt: skip
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9A-Fa-f]{8,});?")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "iframe")
}


def read_html(body: str, base: str | None = None) -> Document:
    """Return the document an HTML body stands for. `base` is the address its links are relative to. Never raises."""
    builder = DocumentBuilder(base)
    return Document(_read(body, builder), builder.links, builder.pictures)


def _read(body: str, builder: DocumentBuilder) -> Iterator[Block]:
    scanner = TagScanner(builder)
    for _ in scanner.steps(body):
        if builder.finished:
            yield from builder.finished
            builder.finished.clear()
    builder.close()
    yield from builder.finished
    builder.finished.clear()


def decode(text: str) -> str:
    """Decode character references; numbers no character can have are dropped first."""
    if "&" not in text:
        return text
    return html.unescape(_LONG_REFERENCE.sub("", text))


class TagScanner:
    """Cuts HTML into tags and text and tells a builder. Used for whole bodies and for HTML inside of Markdown."""

    _STEP: ClassVar[int] = 64
    """Tags between two chances to look at what is finished."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._no_comment_end = False
        self._no_quoted_end = False
        self._no_end = False

    def feed(self, text: str) -> None:
        """Read a whole piece."""
        for _ in self.steps(text):
            pass

    def steps(self, text: str) -> Iterator[None]:
        """Read on, pausing now and then."""
        self._no_comment_end = self._no_quoted_end = self._no_end = False
        position = 0
        tags = 0
        while position < len(text):
            match = _OPENING.search(text, position)
            opening = match.start() if match else len(text)
            if opening > position:
                self._builder.text(decode(text[position:opening]))
            if opening == len(text):
                break
            position = self._read_tag(text, opening)
            tags += 1
            if tags % self._STEP == 0:
                yield
        yield

    def _read_tag(self, text: str, opening: int) -> int:
        """Read what begins with ``<`` and return where it ends."""
        name = _NAME.match(text, opening + 1)
        if name is None:
            return self._skip_declaration(text, opening)
        end = self._find_end(text, name.end())
        if end < 0:  # cut off: the tag goes, what follows it stays
            following = text.find("<", opening + 1)
            return len(text) if following < 0 else following
        tag = name[1].lower()
        if text[opening + 1] == "/":
            self._builder.end(tag)
            return end
        self._builder.start(tag, _read_attributes(text, name.end(), end - 1))
        if tag in _RAW:
            return self._skip_raw(text, tag, end)
        return end

    def _find_end(self, text: str, start: int) -> int:
        """Return where a tag ends, behind its ``>``; -1 when it does not."""
        if not self._no_quoted_end:
            if match := _QUOTED_TAG.match(text, start):
                return match.end()
            self._no_quoted_end = True  # a quote is open to the end of the text: quotes mean nothing from here on
        if self._no_end:
            return -1
        end = text.find(">", start)
        self._no_end = end < 0
        return end + 1 if end >= 0 else -1

    def _skip_declaration(self, text: str, opening: int) -> int:
        if text.startswith("<!--", opening) and not self._no_comment_end:
            end = text.find("-->", opening + 2)
            if end >= 0:
                return end + 3
            self._no_comment_end = True
        if text.startswith("<![CDATA[", opening):
            return opening + 9
        end = -1 if self._no_end else text.find(">", opening)
        if end < 0:
            self._no_end = True
            following = text.find("<", opening + 1)
            return len(text) if following < 0 else following
        return end + 1

    def _skip_raw(self, text: str, tag: str, start: int) -> int:
        """Pass over what is not markup: scripts, styles, the inside of a frame."""
        match = _RAW[tag].search(text, start)
        return match.start() if match else len(text)


def _read_attributes(text: str, start: int, end: int) -> dict[str, str]:
    if end - start < 3:
        return {}
    attributes: dict[str, str] = {}
    for count, match in enumerate(_ATTRIBUTE.finditer(text, start, end)):
        if count >= _MOST_ATTRIBUTES:
            break
        name = match[1].lower()
        if name in _WANTED and name not in attributes:
            value = match[2] or ""
            attributes[name] = decode(value[1:-1] if value[:1] in ("'", '"') else value)
    return attributes
