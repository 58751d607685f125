"""Two ways to write one address compare equal; different addresses do not; unusable ones say why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.formats.urls import canonical_url, clean_address, host_of, why_unusable
from tests.strategies import odd_text

quick = settings(derandomize=True, max_examples=600, deadline=None)

PIECES = (
    "http://", "https://", "HTTPS://", "//", "www.", "m.", "amp.", "mobile.", "news.example", "youtu.be/", "youtube.com/", "watch?v=", "embed/",
    "abcdefghijk", "x-y.cdn.ampproject.org/c/s/", "google.com/amp/s/", "/", "//", "/a", "/amp", "/amp/", "?", "&", "=", "#", "!", "utm_source=x",
    "amp=1", "b=2", "a=1", "%", "%2F", "%41", "%zz", "%25", "ü", "日本", " ", ":80", ":443", ":8080", "@", "user:pw@", ".", "..", "\\", "\u200b",
)  # fmt: skip
addresses = st.one_of(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), odd_text)


@given(addresses)
@quick
def test_the_canonical_form_is_its_own_canonical_form_and_nothing_raises(address: str) -> None:
    once = canonical_url(address)
    assert canonical_url(once) == once
    why_unusable(clean_address(address))
    host_of(address)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@quick
def test_scheme_and_www_never_count(rest: str) -> None:
    address = "news.example/" + rest
    assert canonical_url("http://" + address) == canonical_url("https://www." + address)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "http://www.news.example/a/"),
        ("https://news.example/a", "https://m.news.example/a?utm_source=x&fbclid=y"),
        ("https://news.example/a", "https://amp.news.example/a?amp"),
        ("https://news.example/2020/a", "https://news.example/2020/a/amp"),
        ("https://news.example/2020/a", "https://news.example/2020/a/amp/"),
        ("https://news.example/a", "HTTPS://NEWS.Example:443/a#comments"),
        ("https://news.example/?p=1&q=2", "https://news.example/?q=2&p=1"),
        ("https://news.example/caf%C3%A9", "https://news.example/café"),
        ("https://news.example/caf%c3%a9", "https://news.example/café"),
        ("https://news.example/%7Euser", "https://news.example/~user"),
        ("https://news.example/Business Wire/x", "https://news.example/Business%20Wire/x"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example"),
        ("https://youtu.be/abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk&feature=youtu.be&t=3"),
        ("https://www.youtube.com/embed/abcdefghijk", "https://m.youtube.com/watch?v=abcdefghijk"),
        ("https://news.example/x", "https://news-example.cdn.ampproject.org/c/s/news.example/x/"),
        ("https://news.example/x", "https://www.google.com/amp/s/news.example/x"),
    ],
)
def test_ways_to_write_one_address_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/b"),
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/?p=1", "https://news.example/?p=2"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
        ("https://news.example/#/story/1", "https://news.example/#/story/2"),
        ("https://news.example/amp", "https://news.example/"),
        ("https://news.example:8080/a", "https://news.example/a"),
        ("https://youtu.be/abcdefghijk", "https://youtu.be/abcdefghijK"),
        ("https://blog.news.example/a", "https://news.example/a"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_hosts_that_only_begin_like_a_prefix_are_kept() -> None:
    assert canonical_url("https://amp.dev/x") == "amp.dev/x"
    assert canonical_url("https://www.com/x") == "www.com/x"
    assert canonical_url("https://mobile.example.org/x") == "example.org/x"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (" https://x.example/a?b=1&amp;c=2\t", "https://x.example/a?b=1&c=2"),
        ("https://x.example/a?b=1&copy=2", "https://x.example/a?b=1&copy=2"),
        ("https://x.example/&#38;", "https://x.example/&"),
        ("//cdn.example/a.png", "https://cdn.example/a.png"),
        ("www.x.example/a", "https://www.x.example/a"),
    ],
)
def test_entities_and_blanks_are_undone_in_addresses(written: str, cleaned: str) -> None:
    assert clean_address(written) == cleaned
    assert why_unusable(cleaned) == ""


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:alert(1)", "javascript:"),
        ("file:///etc/passwd", "file:"),
        ("data:text/html,x", "data:"),
        ("--remote-debugging-port=9222", "not a web address"),
        ("id5_1.jpg", "not a web address"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://x.example/\x1b[31m", "control"),
        ("https://x.example/\u202egnp", "invisible"),
        ("https://x.example/" + "a" * 9_000, "longer"),
    ],
)
def test_what_cannot_be_opened_says_why(address: str, reason: str) -> None:
    assert reason in why_unusable(address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.X.example:8080/a", "x.example"),
        ("http://u:p@x.example?q", "x.example"),
        ("x.example/a", "x.example"),
        ("", ""),
    ],
)
def test_the_host_is_found(address: str, host: str) -> None:
    assert host_of(address) == host
