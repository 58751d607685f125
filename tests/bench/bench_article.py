"""How long an article takes from being shown to its first painted screen, without a screen: read, set, first 80 lines."""

from __future__ import annotations

from functools import partial

from newstui.present.article_page import ArticlePage, Shape
from newstui.present.page_lines import PageLines
from tests.bench.data import Bench
from tests.bench.report import Row, interleaved
from tests.builders import an_article

MARKDOWN = "Some *plain* text with **strong** words, a [link](https://a.example/x?y=1) and `code`. " * 6 + "\n\n"
HTML = "<p>Some <i>plain</i> text with <b>strong</b> words, a <a href='https://a.example/x?y=1'>link</a>.</p>\n"

BODIES = {
    "5 KB of Markdown": (MARKDOWN * 10, "markdown", 14.0),
    "50 KB of Markdown": (MARKDOWN * 96, "markdown", 50.0),
    "1 MB of Markdown": (MARKDOWN * 1_900, "markdown", 50.0),
    "50 KB of HTML": (HTML * 500, "html", 50.0),
    "1 MB of HTML": (HTML * 10_000, "html", 50.0),
    "12 KB of headings": ("# a\n" * 3_000, "markdown", 50.0),
    "a table of 500 × 10": (
        "|" + "a|" * 10 + "\n|" + "-|" * 10 + "\n" + ("|" + "a|" * 10 + "\n") * 500,
        "markdown",
        200.0,
    ),
}


def first_screen(body: str, body_format: str) -> None:
    page = ArticlePage(an_article(body=body, body_format=body_format))
    PageLines(page.pieces(Shape(100))).set_until(80)


def run(bench: Bench) -> list[Row]:
    """One row a body; the baseline is the target in milliseconds."""
    first_screen("warm", "markdown")
    rows = []
    for what, (body, body_format, target) in BODIES.items():
        (seconds,) = interleaved([partial(first_screen, body, body_format)])
        rows.append(Row(f"first screen of {what}", "target", target, seconds * 1000, "ms", ">= 1x faster"))
    return rows
