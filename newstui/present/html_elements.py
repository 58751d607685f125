"""What HTML's elements and attributes are to a reader of text: weights, blocks, what is not read at all. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newstui.present.document import BOLD, CODE, ITALIC, MARK, STRIKE, Align

STYLES = {
    "b": BOLD, "strong": BOLD, "summary": BOLD, "dt": BOLD, "th": BOLD, "legend": BOLD,
    "i": ITALIC, "em": ITALIC, "cite": ITALIC, "dfn": ITALIC, "var": ITALIC, "address": ITALIC,
    "code": CODE, "kbd": CODE, "samp": CODE, "tt": CODE,
    "s": STRIKE, "del": STRIKE, "strike": STRIKE, "mark": MARK,
}  # fmt: skip
"""Element → the weight its text has."""
BLOCKS = frozenset((
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "html", "legend", "main", "nav", "option", "optgroup", "p",
    "search", "section", "summary", "tbody", "tfoot", "thead",
))  # fmt: skip
"""End the paragraph before them."""
CONTAINERS = frozenset(("blockquote", "dd", "li", "ol", "ul"))
"""Set apart, with a bar, a bullet or a blank, what is in them."""
SKIPPED = frozenset((
    "annotation", "button", "canvas", "head", "map", "noframes", "object", "script", "select", "style", "svg",
    "template", "textarea", "title",
))  # fmt: skip
"""Not read, with all that is in them."""
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
"""Have no end (HTML, §13.1.2)."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align\s*:\s*(right|center)", re.IGNORECASE)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Say whether an element is not shown by a browser either."""
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def is_pixel(attributes: Mapping[str, str]) -> bool:
    """Say whether a picture is there to count readers, not to be seen."""
    return any(attributes.get(side, "").strip().rstrip("px") in ("0", "1", "2") for side in ("width", "height"))


def read_alignment(attributes: Mapping[str, str]) -> Align:
    """Return how the text of a cell stands in its column."""
    found = _ALIGNED.search(attributes.get("style", "")) or _ALIGNED.search(f"text-align:{attributes.get('align', '')}")
    return "left" if found is None else "right" if found[1].lower() == "right" else "center"


def read_pixels(attributes: Mapping[str, str], side: str) -> int | None:
    """Return a length given as an attribute; None when it is none."""
    found = re.match(r"\s*([0-9]{1,5})(?:px)?\s*$", attributes.get(side, ""))
    return int(found[1]) if found else None
