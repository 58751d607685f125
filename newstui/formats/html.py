"""Titles and excerpts that hold markup: to one line of plain text. Bodies are set elsewhere, as they are."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NAMES = (
    "a|abbr|address|article|aside|audio|b|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|div|dl|dt|"
    "em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|"
    "mark|meta|nav|noscript|object|ol|option|p|param|picture|pre|q|s|samp|script|section|select|small|source|span|strike|"
    "strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|u|ul|var|video|wbr"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*|/)?>|<!\[CDATA\[|\]\]>", re.IGNORECASE)
"""Elements of HTML by name: other words in angle brackets (``Vector<T>``) are text."""
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|hr|pre|dd|dt|section|article)\b", re.IGNORECASE
)
_UNSEEN = re.compile(r"<(script|style|noscript|template)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_CUT = re.compile(rf"<(?![a-z]\s*$)(?:!--|/?(?:{_NAMES})(?=\s+[a-z-]+\s*=|\s*$))[^<>]*$", re.IGNORECASE)
"""A tag that was cut off with the end of the excerpt."""
_IFRAME = re.compile(
    r"<(?:iframe|embed|video|source)\b[^<>]*?\ssrc\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))", re.IGNORECASE
)
_LONGEST = 20_000
"""Characters of markup looked at; an excerpt of more is cut."""


def to_text(markup: str) -> str:
    """Return the text of a title or excerpt: tags dropped, entities decoded once; white space and controls stay."""
    if "<" in markup:
        markup = _drop_tags(markup[:_LONGEST])
    if "&" in markup:
        markup = _ENTITY.sub(_decode, markup)
    return markup


def _decode(entity: re.Match[str]) -> str:
    written = entity[0]
    decoded = _decoded.get(written)
    if decoded is None:
        decoded = unescape(written)
        if len(_decoded) < 2_000:
            _decoded[written] = decoded
    return decoded


_decoded: dict[str, str] = {}
"""Entities met so far; a few dozen make up nearly all."""


def _drop_tags(markup: str) -> str:
    while (start := markup.find("<!--")) >= 0:  # a pattern would look for the end again from every start
        end = markup.find("-->", start)
        markup = markup[:start] + (markup[end + 3 :] if end >= 0 else "")
    markup = _UNSEEN.sub(" ", markup)
    markup = _TAG.sub(lambda tag: " " if _BREAK.match(tag[0]) else "", markup)
    return _CUT.sub("", markup)


def embedded_address(markup: str) -> str:
    """Return the address of the first embedded frame or video, as written; empty when there is none."""
    match = _IFRAME.search(markup[:_LONGEST])
    return next(filter(None, match.groups()), "") if match else ""


_STARTS_LIKE_HTML = re.compile(rf"\s*(?:<!--|<!doctype html|<(?:{_NAMES})[\s>/])", re.IGNORECASE)


def is_html(body: str) -> bool:
    """Say whether a body is HTML rather than Markdown: it begins with a tag."""
    return _STARTS_LIKE_HTML.match(body) is not None
