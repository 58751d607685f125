"""HTML bodies: what they mean as text, and that nothing in them stops the reader."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.present.document import BOLD, CODE, ITALIC, LABEL, NUMBER, STRIKE, Block, plain_text
from newstui.present.html_document import read_html

BASE = "https://news.example/2020/story.html"


def blocks_of(html: str, base: str | None = BASE) -> list[Block]:
    document = read_html(html, base)
    document.read_all()
    return document.blocks


def texts_of(html: str) -> list[str]:
    return [plain_text(block.runs) for block in blocks_of(html)]


def links_of(html: str) -> list[str]:
    document = read_html(html, BASE)
    document.read_all()
    return [link.url for link in document.links]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One</p><p>Two", ["One", "Two"]),
        ("One<br>two<br/><br/><br>three", ["One\ntwo\n\nthree"]),
        ("<div>a <b>bold</b>\n  word</div>text after", ["a bold word", "text after"]),
        ("x &amp; y &lt;b&gt; &eacute;&nbsp;&#8217;", ["x & y <b> é ’"]),
        ("a<!-- hidden <p> -->b", ["ab"]),
        ("<p>kept<script>var x = '<p>gone</p>';</script></p><style>p{}</style>", ["kept"]),
        ("<head><title>gone</title></head><body>kept", ["kept"]),
        ("<p hidden>gone</p><p style='display: none'>gone</p><p>kept", ["kept"]),
        ("1 < 2 and 3 > 2 <- so", ["1 < 2 and 3 > 2 <- so"]),
        ("<p>cut off <a href='x", ["cut off"]),
        ("<q>said</q> H<sub>2</sub>O x<sup>2</sup> the 3<sup>rd</sup>", ["“said” H₂O x² the 3rd"]),
        ("<p>a</p>\n\n<p> </p><p>&nbsp;</p><p>b</p>", ["a", "b"]),
        ("<![CDATA[text]]>", ["text]]>"]),
        ("&#27;]52;c;QQ&#7; &#x9b;31m &#xD800; &#99999999999; &amp;#27;", ["]52;c;QQ ›31m � &#27;"]),
        ("<input type=checkbox checked> done <button>gone</button>", ["☑ done"]),
    ],
)
def test_markup_becomes_the_text_it_stands_for(html, texts):
    assert [text.replace("\u00a0", " ").strip() for text in texts_of(html)] == texts


@pytest.mark.parametrize("tag", ["<block>", "</block>", "</cell>", "</link>", "<media src=/v>", "<close>", "</close>"])
def test_an_element_that_html_does_not_know_says_nothing(tag):
    assert texts_of(f"<p>a {tag} <a href=/x>word</a> b") == ["a word b"]


def test_weights_of_words_are_kept():
    (block,) = blocks_of("<b>a</b> <i>b</i> <code>c</code> <del>d</del> <b><i>e</i></b>")
    styles = {run.text.strip(): run.style for run in block.runs if run.text.strip()}
    assert styles == {"a": BOLD, "b": ITALIC, "c": CODE, "d": STRIKE, "e": BOLD | ITALIC}


def test_headings_keep_their_level_and_end():
    found = [(block.kind, block.level) for block in blocks_of("<h1>A</h1>b<h3>C<p>d</p><h9>e</h9>")]
    assert found == [("heading", 1), ("paragraph", 0), ("heading", 3), ("paragraph", 0), ("paragraph", 0)]


def test_lists_nest_and_number_themselves():
    blocks = blocks_of("<ul><li>a<ol start=9><li>b</li><li>c<li value=20>d</ol><li>e</ul><p>f</p>")
    drawn = [("".join(margin.first for margin in block.margins), plain_text(block.runs)) for block in blocks]
    assert drawn == [("• ", "a"), ("  9. ", "b"), ("  10. ", "c"), ("  20. ", "d"), ("• ", "e"), ("", "f")]
    assert [block.tight for block in blocks] == [False, True, True, True, True, False]


def test_a_quote_draws_a_bar_and_ends():
    blocks = blocks_of("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>c")
    assert [len(block.margins) for block in blocks] == [1, 2, 0]


def test_links_are_numbered_once_per_address():
    document = read_html("<a href='/a'>one</a>, <a href=b.html>two</a>, <a href='/a'>again</a>", BASE)
    document.read_all()
    assert [(link.url, link.label) for link in document.links] == [
        ("https://news.example/a", "one"),
        ("https://news.example/2020/b.html", "two"),
    ]
    text = "".join(run.text for run in document.blocks[0].runs).replace("\u00a0", " ")
    assert text == "one [1], two [2], again [1]"
    assert all(run.link for run in document.blocks[0].runs if run.style & NUMBER)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "java&#10;script:alert(1)", " javascript:x", "data:text/html,x", "file:///etc/passwd",
     "vscode://x", "--remote-debugging-port=1", "#top", "", "https://[bad"],
)  # fmt: skip
def test_an_address_that_may_not_open_leaves_only_its_words(href):
    document = read_html(f"<a href='{href}'>words</a> after", BASE)
    document.read_all()
    assert (plain_text(document.blocks[0].runs), document.links) == ("words after", [])


def test_a_bare_address_in_the_text_is_a_link_without_the_full_stop():
    assert links_of("<p>See https://a.example/x_(y), or (http://b.example/).</p>") == [
        "https://a.example/x_(y)",
        "http://b.example/",
    ]


def test_encoded_letters_in_an_address_stay_as_they_are():
    assert links_of("<a href='https://a.example/?n=https%3A%2F%2Fb%26c&amp;d=e'>x</a>") == [
        "https://a.example/?n=https%3A%2F%2Fb%26c&d=e"
    ]


def test_the_pictures_of_a_body_are_known_but_not_those_that_may_not_be_asked():
    document = read_html(
        "<img src=/a.png width=300 height='200px' alt=A><img src=file:///b.png><img src=c.png width=1><img src=data:image/png;base64,A>",
        BASE,
    )
    document.read_all()
    assert [(image.url, image.width, image.height, image.title) for image in document.pictures] == [
        ("https://news.example/a.png", 300, 200, "A")
    ]


def test_a_picture_is_a_labelled_line_and_a_counting_pixel_is_nothing():
    (block,) = blocks_of(
        "<p><img src=/map.png alt='The map'><img src=/p.gif width=1 height=1><img src=/e.png alt=😀></p>"
    )
    assert plain_text(block.runs) == "▣ The map😀"
    assert block.runs[0].style == LABEL
    assert links_of("<img src='data:image/png;base64,AAAA' alt=x>") == []


@pytest.mark.parametrize(
    ("html", "text", "url"),
    [
        ("<iframe src='https://www.youtube.com/embed/abcdef12345?rel=0'>no</iframe>", "▶ Video on YouTube", "https://www.youtube.com/watch?v=abcdef12345"),
        ("<iframe src='//player.vimeo.com/video/123456'></iframe>", "▶ Video on Vimeo", "https://vimeo.com/123456"),
        ("<iframe src='https://maps.example/x'></iframe>", "▶ Embedded page on maps.example", "https://maps.example/x"),
        ("<video><source src=/v.mp4><source src=/v.webm>no video</video>", "▶ Video", "https://news.example/v.mp4"),
        ("<audio src='/a.mp3'></audio>", "♪ Sound", "https://news.example/a.mp3"),
    ],
)  # fmt: skip
def test_an_embedded_video_is_a_link_with_the_name_of_its_service(html, text, url):
    assert texts_of(html)[0].startswith(text)
    assert links_of(html) == [url]


def test_an_embedded_file_of_this_machine_is_nothing():
    assert blocks_of("<iframe src='file:///etc/passwd'></iframe><embed src='javascript:x'>") == []


def test_a_listing_keeps_its_blanks():
    (block,) = blocks_of("<pre><code>if x:\n\ty  &lt;  z\n\n</code></pre>")
    assert (block.kind, block.runs[0].text) == ("code", "if x:\n    y  <  z")


def test_a_table_of_data_is_a_table():
    (block,) = blocks_of("<table><tr><th>A<th>B<tr><td><a href=/x>1</a><td>2<tr><td>3</table>")
    assert block.kind == "table" and block.has_header
    assert [[plain_text(cell) for cell in row] for row in block.rows] == [["A", "B"], ["1", "2"], ["3"]]


def test_a_table_that_only_arranges_things_is_read_as_what_is_in_it():
    blocks = blocks_of("<table><tr><td><h2>T</h2><p>a</p><ul><li>b</ul><td><table><tr><td>c<td>d</table></table>")
    assert [block.kind for block in blocks] == ["heading", "paragraph", "paragraph", "table"]


def test_a_list_inside_of_a_cell_does_not_end_the_list_around_the_table():
    blocks = blocks_of("<ul><li>a<table><tr><td></ul>b<td>c</table><li>d</ul>")
    assert [margin.first for margin in blocks[-1].margins] == ["• "]


STORMS = {
    "comments": "<!--" * 50_000,
    "quotes in tags": '<a href="' * 30_000,
    "open elements": "<div>" * 60_000 + "end",
    "attributes of one tag": "<a " + "x " * 50_000 + ">end</a>",
    "attributes without end": "<a " + "=" * 100_000,
    "lists": "<ul><li>" * 30_000 + "end",
    "tables": "<table><tr><td>" * 20_000 + "end",
    "quotations": "<blockquote>x" * 10_000,
    "references": "&#" + "9" * 100_000 + ";end",
    "ampersands": "&" * 100_000,
    "angles": "<" * 100_000 + "end",
    "declarations": "<?" * 60_000,
    "scripts": "<script>" * 30_000,
    "addresses": "http://" + "a" * 200_000,
    "line ends": "<br>" * 50_000 + "end",
    "marks": "e" + "&#769;" * 50_000,
}


@pytest.mark.parametrize("name", STORMS)
def test_a_storm_is_read_in_time_that_grows_with_its_length(name):
    started = time.process_time()
    blocks_of(STORMS[name])
    assert time.process_time() - started < 20, "a linear reader takes less than half a second"


def test_a_long_body_is_read_only_as_far_as_it_is_looked_at():
    document = read_html("<p>paragraph</p>" * 100_000)
    document.read(10)
    assert 10 <= len(document.blocks) < 200
    assert not document.is_complete


def test_combining_marks_made_by_references_are_thinned():
    (text,) = texts_of("e" + "&#769;" * 500)
    assert len(text) < 10


FRAGMENTS = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<a href='/x'>", "</a>", "<pre>", "</pre>",
     "<blockquote>", "</blockquote>", "<h2>", "</h2>", "<b>", "</b>", "<img src=/i alt=i>", "<br>", "<!--", "-->", "<script>", "</script>",
     "&#27;", "&amp;", "<", ">", "'", '"', "word", " ", "\n", "é", "日本", "\u202e", "<sup>2", "</sup>", "<iframe src=//v.example>", "<video>", "<dd>", "<hr>"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
@settings(max_examples=300, derandomize=True)
def test_any_markup_gives_clean_text_and_no_tag(html):
    document = read_html(html, BASE)
    document.read_all()
    for block in document.blocks:
        runs = [*block.runs, *(run for row in block.rows for cell in row for run in cell)]
        for run in runs:
            assert run.text
            assert not set(run.text) & set("\x1b\u202e\x00\t")
            assert 0 <= run.link <= len(document.links)
        if block.kind in ("paragraph", "heading"):
            assert not {"<p>", "<li>", "</table>"} & {plain_text(block.runs)}
