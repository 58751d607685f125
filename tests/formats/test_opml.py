"""Lists of subscriptions in and out, and the feeds a web page names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import FormatError
from newstui.formats.html_feeds import find_feeds, find_links, is_html
from newstui.formats.newsboat import is_newsboat_urls, parse_newsboat_urls
from newstui.formats.opml import is_opml, parse_opml, print_opml
from newstui.model import Subscription


def an_opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head><title>S</title></head><body>{body}</body></opml>'.encode()


def an_outline(name: str, address: str, inner: str = "") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{address}">{inner}</outline>'


def test_folders_become_groups() -> None:
    body = an_outline("A", "https://a.example/rss") + (
        f'<outline text="News">{an_outline("B", "https://b.example/rss")}'
        f'<outline text="Sea">{an_outline("C", "https://c.example/rss")}</outline></outline>'
    )
    assert parse_opml(an_opml(body)).found == (
        Subscription("A", "https://a.example/rss"),
        Subscription("B", "https://b.example/rss", group="News"),
        Subscription("C", "https://c.example/rss", group="News/Sea"),
    )


def test_an_address_comes_once_and_a_name_is_never_shared() -> None:
    body = an_outline("A", "https://a.example/rss") + an_outline("x", "HTTPS://A.example:443/rss")
    body += an_outline("A", "https://b.example/rss") + an_outline("", "https://c.example/rss")
    assert [(item.name, item.location) for item in parse_opml(an_opml(body)).found] == [
        ("A", "https://a.example/rss"), ("A (2)", "https://b.example/rss"), ("c.example", "https://c.example/rss"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/passwd", "file:"), ("exec:touch x", "program or query"), ("filter:cat:https://a.example/", "program"),
        ("query:all:unread", "program or query"), ("--config=x", "not a web address"), ("", "no address"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_noted_and_costs_nothing_else(address: str, words: str) -> None:
    read = parse_opml(an_opml(an_outline("Odd", address) + an_outline("Good", "https://a.example/")))
    assert [item.name for item in read.found] == ["Good"]
    (problem,) = read.problems
    assert problem.field == "Odd"
    assert words in problem.reason


def test_includes_are_not_followed() -> None:
    assert parse_opml(an_opml('<outline type="include" text="i" url="https://a.example/x.opml"/>')).found == ()


def test_folders_a_thousand_deep_are_cut() -> None:
    body = '<outline text="g">' * 1000 + an_outline("A", "https://a.example/") + "</outline>" * 1000
    (item,) = parse_opml(an_opml(body)).found
    assert item.group == "/".join("g" * 8)


def test_other_xml_is_refused() -> None:
    for data in (b"<rss/>", b"", b"not xml", b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml/>'):
        with pytest.raises(FormatError):
            parse_opml(data)


NAMES = st.text("abcdeé &<>\"'[]", min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and "  " not in text
)


@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3)), unique_by=lambda pair: pair[0].casefold(), max_size=12))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_what_is_written_reads_back(pairs: list[tuple[str, list[str]]]) -> None:
    written = [
        Subscription(name, f"https://feed.example/{number}?a=1&b=2", None, "/".join(folders))
        for number, (name, folders) in enumerate(pairs)
    ]
    text = print_opml(written)
    assert is_opml(text.encode())
    read = parse_opml(text.encode())
    assert read.problems == ()
    assert {item.location: item for item in read.found} == {item.location: item for item in written}


def test_a_password_in_an_address_is_not_written() -> None:
    text = print_opml([Subscription("A", "https://me:hunter2@a.example/rss")])
    assert "hunter2" not in text
    assert "https://a.example/rss" in text


@pytest.mark.shared
def test_the_hostile_lists_come_out_as_stated(shared: Path) -> None:
    for row in json.loads((shared / "hostile" / "expected.json").read_text()):
        if not row["file"].startswith("opml/"):
            continue
        try:
            read = parse_opml((shared / "hostile" / row["file"]).read_bytes(), row["file"])
        except FormatError:
            assert row["outcome"] == "either"
            continue
        low, high = row["items"] if isinstance(row["items"], list) else (row["items"], row["items"])
        assert low <= len(read.found) <= high, row
        assert read.problems or row["outcome"] != "loads+note"
        assert all(item.name.isprintable() for item in read.found)
        assert "hunter2" not in str(read.problems)


# --- newsboat ------------------------------------------------------------------------------------------------


def test_newsboats_urls_bring_titles_and_tags() -> None:
    urls = (
        "# my feeds\n\n"
        'https://a.example/rss "~A Title" "sea news" hidden\n'
        "feed://b.example/rss news\n"
        '"exec:touch x" tag\n'
        'query:Unread:unread = \\"yes\\"\n'
        "https://c.example/rss !\n"
    )
    assert is_newsboat_urls("list.txt", urls.encode())
    read = parse_newsboat_urls(urls.encode())
    assert read.found == (
        Subscription("A Title", "https://a.example/rss", group="sea news"),
        Subscription("b.example", "http://b.example/rss", group="news"),
        Subscription("c.example", "https://c.example/rss"),
    )
    assert len(read.problems) == 2


# --- web pages -----------------------------------------------------------------------------------------------

HOME = "https://blog.example/posts/"


def named(head: str) -> list[tuple[str, str, str]]:
    page = f"<!DOCTYPE html><html><head>{head}</head><body></body></html>".encode()
    assert is_html(page)
    return [(feed.address, feed.title, feed.kind) for feed in find_feeds(page, HOME)]


def test_a_page_names_its_feeds_in_its_head() -> None:
    head = (
        '<link rel="stylesheet" href="x.css"><link href="/feed.xml" title="Posts &amp; more" rel="alternate" type="application/rss+xml">'
        "<LINK REL='alternate' TYPE='application/feed+json' HREF='feed.json' title=Notes>"
        '<link rel="alternate" hreflang="de" href="/de/">'
    )
    assert named(head) == [
        ("https://blog.example/feed.xml", "Posts & more", "RSS"),
        ("https://blog.example/posts/feed.json", "Notes", "JSON Feed"),
    ]


def test_feeds_of_comments_and_twins_in_another_format_are_left_out() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="Blog RSS" href="/feed/">'
        '<link rel="alternate" type="application/atom+xml" title="Blog Atom" href="/feed/atom/">'
        '<link rel="alternate" type="application/rss+xml" title="Blog Comments" href="/comments/feed/">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">'
    )
    assert named(head) == [("https://blog.example/feed/", "Blog RSS", "RSS")]


def test_a_base_moves_relative_feeds() -> None:
    head = '<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="f.xml">'
    assert named(head)[0][0] == "https://cdn.example/x/f.xml"


def test_scripts_and_files_are_no_feeds() -> None:
    assert named('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">') == []
    assert named('<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">') == []


def test_links_of_a_folder_a_server_lists() -> None:
    page = b'<html><a href="00-a.yaml">a</a> <a href="/b">b</a> <a href="javascript:x">c</a></html>'
    assert find_links(page, HOME) == ("https://blog.example/posts/00-a.yaml", "https://blog.example/b")


@given(st.binary(max_size=200))
@settings(derandomize=True, max_examples=200)
def test_looking_for_feeds_never_fails(junk: bytes) -> None:
    for page in (junk, b"<html><link " + junk + b">", b"<a href=" + junk):
        find_feeds(page, HOME)
        find_links(page, HOME)
