"""Markdown bodies: what they mean as text, whatever piece they are read in."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present import markdown_document
from newstui.present.document import BOLD, CODE, ITALIC, STRIKE, Block, plain_text
from newstui.present.markdown_document import cut_pieces, read_markdown

BASE = "https://news.example/story"


def blocks_of(markdown: str) -> list[Block]:
    document = read_markdown(markdown, BASE)
    document.read_all()
    return document.blocks


def drawn(markdown: str) -> list[str]:
    return ["".join(margin.first for margin in block.margins) + plain_text(block.runs) for block in blocks_of(markdown)]


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("# A\n\nb\nc  \nd", ["A", "b c\nd"]),
        ("- a\n  - b\n- [x] c\n- [ ] d\n\n7. e\n8. f", ["• a", "  ◦ b", "• ☑ c", "• ☐ d", "7. e", "8. f"]),
        ("> a\n> b\n>\n>> c", ["▎ a b", "▎ ▎ c"]),
        ("a <b>b</b> &amp; c<br>d\n\n<div>e</div>\n\n<script>\nx\n\ny</script>\n\nf", ["a b & c\nd", "e", "f"]),
        ("[x](javascript:alert(1)) [y](data:text/html,x) [z](<--option>)", ["x y z"]),
        ("Note[^a] and[^b] and [^c].\n\n[^a]: First *one*\n  goes on\n[^b]: Second", ["Note¹ and² and [^c].", "", "1. First one goes on", "2. Second"]),
        ("&#27;]52;c;QQ&#7; &#x9b;31m", ["�]52;c;QQ� �31m"]),
        ("[@click=app.quit]Heading[/]", ["[@click=app.quit]Heading[/]"]),
        ("```py\nif x:\n    y\n```", ["if x:\n    y"]),
        ("***\n\n---", ["", ""]),
    ],
)  # fmt: skip
def test_markdown_becomes_the_text_it_stands_for(markdown, lines):
    assert drawn(markdown) == lines


def test_weights_of_words_are_kept():
    (block,) = blocks_of("**a** *b* `c` ~~d~~ ***e***")
    styles = {run.text.strip(): run.style for run in block.runs if run.text.strip()}
    assert styles == {"a": BOLD, "b": ITALIC, "c": CODE, "d": STRIKE, "e": BOLD | ITALIC}


def test_links_keep_every_letter_of_their_address():
    document = read_markdown(
        "[a](https://x.example/?n=a%2Fb%26c) [b][ref] ![p](/p.png) <https://y.example/é>\n\n[ref]: /r%20x 'T'", BASE
    )
    document.read_all()
    assert [link.url for link in document.links] == [
        "https://x.example/?n=a%2Fb%26c", "https://news.example/r%20x", "https://news.example/p.png", "https://y.example/é",
    ]  # fmt: skip


def test_a_table_is_a_table():
    (block,) = blocks_of("| A | B |\n|---|---|\n| 1 | **2** |")
    assert block.has_header
    assert [[plain_text(cell) for cell in row] for row in block.rows] == [["A", "B"], ["1", "2"]]


def test_deep_quotes_and_lists_keep_their_words():
    assert drawn(">" * 5_000 + " deep")[0].endswith("deep")
    deep = "\n".join("  " * level + f"- level {level}" for level in range(60))
    assert [line.lstrip(" •◦▪") for line in drawn(deep)] == [f"level {level}" for level in range(60)]


def test_a_reference_far_away_is_known():
    text = "[here][far]\n\n" + "A paragraph.\n\n" * 3_000 + "[far]: https://far.example/\n"
    document = read_markdown(text, BASE)
    document.read(1)
    assert [link.url for link in document.links] == ["https://far.example/"]
    assert not document.is_complete


def test_pieces_never_cut_a_listing_a_list_or_a_script(monkeypatch):
    monkeypatch.setattr(markdown_document, "PIECE", 36)
    monkeypatch.setattr(markdown_document, "_FORCED", 10_000)
    parts = ["A paragraph of some length here.", "```\ncode\n\nmore code\n\n# no heading\n```", "- item one\n\n- item two\n\n  still two",
             "<script>\nx\n\n# no heading\n\n</script>", "Last paragraph, also of some length."]  # fmt: skip
    text = "\n\n".join(parts)
    pieces = list(cut_pieces(text.split("\n")))
    assert "\n".join(pieces) == text
    assert len(pieces) > 2
    assert any("code\n\nmore code\n\n# no heading\n```" in piece for piece in pieces)
    assert any("item one\n\n- item two\n\n  still two" in piece for piece in pieces)


def test_a_listing_cut_by_force_stays_a_listing(monkeypatch):
    monkeypatch.setattr(markdown_document, "PIECE", 100)
    monkeypatch.setattr(markdown_document, "_FORCED", 400)
    blocks = blocks_of("```\n" + "# line of code\n" * 200 + "```\n\nafter")
    assert {block.kind for block in blocks[:-1]} == {"code"}
    assert sum(block.runs[0].text.count("# line of code") for block in blocks[:-1]) == 200
    assert plain_text(blocks[-1].runs) == "after"


def test_reading_in_pieces_gives_what_reading_at_once_gives(monkeypatch):
    text = "\n\n".join(
        f"## Part {n}\n\nText *{n}* with [a link](https://x.example/{n}).\n\n- one\n- two" for n in range(300)
    )
    in_pieces = blocks_of(text)
    monkeypatch.setattr(markdown_document, "PIECE", 10**9)
    monkeypatch.setattr(markdown_document, "_FORCED", 10**9)
    assert in_pieces == blocks_of(text)


STORMS = {
    "brackets": "[" * 50_000,
    "pictures": "![" * 20_000,
    "links": "[a](" * 10_000,
    "stars": "*a **a " * 8_000,
    "quotes": ">" * 20_000 + " a",
    "headings": "# a\n" * 3_000,
    "html": "<a " * 20_000,
    "references": "".join(f"[a{n}]: http://x.example/{n}\n" for n in range(5_000)),
    "one paragraph": "word *word* " * 20_000,
    "table": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "a|" * 500 + "\n") * 10,
}


@pytest.mark.parametrize("name", STORMS)
def test_a_storm_is_read_in_time_that_grows_with_its_length(name):
    started = time.process_time()
    blocks_of(STORMS[name])
    assert time.process_time() - started < 20, "a linear reader takes less than half a second"


@pytest.mark.shared
def test_the_body_full_of_traps_is_readable_and_harmless(shared):
    body = (shared / "hostile" / "records" / "markdown-traps.md").read_text("utf-8").split("---\n", 2)[2]
    document = read_markdown(body, "https://news.example/mt")
    document.read_all()
    text = "\n".join(plain_text(block.runs) for block in document.blocks)
    for words in ("[@click=app.quit]Heading[/]", "script link", "encoded", "deep quote", "level 39", "split"):
        assert words in text
    assert "<script" not in text and "\x1b" not in text and "alert" not in text
    assert document.links[0].url == "https://good.example/?next=https%3A%2F%2Fgood.example%2Fa%26b"
    assert all(link.url.startswith("https://") for link in document.links)


@given(st.text(st.sampled_from("ab *_`[]()!<>#-+1.|~\n\t>&;:/\\\"'=é日\u202e"), max_size=200))
@settings(max_examples=200, derandomize=True)
def test_any_text_is_read_to_its_end(text):
    document = read_markdown(text, BASE)
    document.read_all()
    assert document.is_complete
    assert all("\u202e" not in run.text for block in document.blocks for run in block.runs)
