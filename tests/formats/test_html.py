"""Markup in titles and excerpts becomes text; what only looks like markup stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.formats.html import embedded_address, is_html, to_text
from tests.strategies import odd_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Caf&eacute; &#8220;x&#8221; &amp; y", "Café “x” & y"),
        ("&amp;#39;", "&#39;"),
        ("&lt;b&gt; stays", "<b> stays"),
        ("a <b>bold</b> word", "a bold word"),
        ("one<br/>two<p class='x'>three</p>", "one two three "),
        ("Vector<T> and a<b", "Vector<T> and a<b"),
        ("if x <p and y> 3", "if x   3"),
        ('cut <iframe src="https://x.example/em', "cut "),
        ("cut <a href=", "cut "),
        ("half <style>.a{b:c", "half  "),
        ("x<!-- hidden -->y<!-- open", "xy"),
        ("AT&T & R&D; q&copy=2", "AT&T & R&D; q&copy=2"),
        ("x <strong", "x "),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@given(st.one_of(odd_text, st.text("<>/!-abpscriptyle= \"'&#;x1", max_size=60)))
@settings(derandomize=True, max_examples=600, deadline=None)
def test_any_text_comes_through(markup: str) -> None:
    to_text(markup)
    embedded_address(markup)
    is_html(markup)


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ('<iframe width="1" src="https://v.example/e" x></iframe>', "https://v.example/e"),
        ("<IFRAME SRC='https://v.example/e'>", "https://v.example/e"),
        ("<embed src=https://v.example/e>", "https://v.example/e"),
        ("<p>no frame</p>", ""),
        ('<iframe data-src="https://v.example/e">', ""),
    ],
)
def test_the_address_of_an_embedded_video_is_found(markup: str, address: str) -> None:
    assert embedded_address(markup) == address


@pytest.mark.parametrize(
    ("body", "html"),
    [("<p>x</p>", True), ("\n <!-- x -->", True), ("# x\n<p>", False), ("<https://x.example>", False), ("<T>", False)],
)
def test_html_bodies_are_told_from_markdown(body: str, html: bool) -> None:
    assert is_html(body) is html
