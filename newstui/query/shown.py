"""A body as the reader sees it, for searching: tags, link targets and emphasis gone, entities decoded.

Plain and quick rather than faithful; how a body is set on the screen is the typesetting's business. The search
index and the predicate both use this one function, so they agree. A change here is a new `store.packing.SEARCH_FORM`.
"""

from __future__ import annotations

import re
from html import unescape

_HIDDEN_START = re.compile(r"<!--|<(script|style|template)\b", re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|tt|u|var|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[^\n]*$", re.MULTILINE)
_LINE_SIGN = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|```[^\n]*$|~~~[^\n]*$|[-=*_]{3,}[ \t]*$)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|~~|`+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_HELD = re.compile("\x00(\\d+);")


def shown_text(body: str | None, body_format: str) -> str:
    """Return the text of a body without the signs of its format; empty for none."""
    if not body:
        return ""
    if body_format == "text":
        return body
    if "<" in body:
        body = _TAG.sub("\n", _INLINE_TAG.sub("", _without_hidden(body)))
    if body_format == "markdown":
        body = _without_marks(body)
    return unescape(body) if "&" in body else body


def _without_hidden(body: str) -> str:
    """Take out comments, scripts and styles. One that is never closed hides nothing."""
    if not _HIDDEN_START.search(body):
        return body
    kept: list[str] = []
    unclosed: set[str] = set()
    lowered, at = body.translate(_LOWER), 0
    for start in _HIDDEN_START.finditer(body):
        end_sign = f"</{start[1].lower()}" if start[1] else "-->"
        if start.start() < at or end_sign in unclosed:
            continue
        end = lowered.find(end_sign, start.end())
        if end < 0:
            unclosed.add(end_sign)
            continue
        kept.append(body[at : start.start()])
        close = lowered.find(">", end)
        at = close + 1 if close >= 0 else len(body)
    return "\n".join([*kept, body[at:]])


def _without_marks(body: str) -> str:
    """Take out what Markdown does not show (CommonMark 0.31 §2.4, §4, §6)."""
    held = "\\" in body
    if held:
        body = _ESCAPE.sub(lambda match: f"\x00{ord(match[1])};", body)
    if "[" in body:
        body = _DEFINITION.sub("", _LINK.sub(r"\1", _LINK.sub(r"\1", body)))
    body = _EMPHASIS.sub("", _LINE_SIGN.sub("", body))
    return _HELD.sub(lambda match: chr(int(match[1])), body) if held else body
