"""Addresses and credentials: what may be asked, what may be shown."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import SourceError
from newstui.sources.credentials import Credential
from newstui.sources.fetch_address import (
    check_address,
    is_public,
    names_local,
    origin_of,
    shown_address,
    split_credentials,
)
from newstui.sources.github import parse_github


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://feed.example", "https://feed.example/"),
        ("  HTTPS://Feed.Example:443/a b?c=d#e ", "https://feed.example/a%20b?c=d"),
        ("http://feed.example:8080/ä", "http://feed.example:8080/%C3%A4"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("https://feed.example/a%2Fb%26c", "https://feed.example/a%2Fb%26c"),
    ],
)
def test_an_address_is_asked_in_its_plain_form(written: str, asked: str) -> None:
    assert check_address(written) == asked


@pytest.mark.parametrize(
    "written",
    ["", "feed.example", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://a\\@b/", "http://a/\x00",
     "http://user:pw@a/", "http://a:99999999/", "http://[::1/", "--help", "ftp://a/"],
)  # fmt: skip
def test_other_addresses_are_refused(written: str) -> None:
    with pytest.raises(SourceError) as caught:
        check_address(written)
    assert not caught.value.temporary


@given(st.text(max_size=60))
@settings(derandomize=True, max_examples=300)
def test_checking_an_address_gives_one_that_passes_again_or_refuses(text: str) -> None:
    for written in (text, "http://" + text, "https://feed.example/" + text):
        try:
            address = check_address(written)
        except SourceError:
            continue
        assert check_address(address) == address
        assert origin_of(address)[0] in ("http", "https")
        assert address.isascii() or not origin_of(address)[1].isascii()


@given(st.text(max_size=60))
@settings(derandomize=True, max_examples=300)
def test_showing_and_splitting_never_fail(text: str) -> None:
    for written in (text, "http://" + text):
        shown_address(written)
        split_credentials(written)


def test_passwords_and_tokens_are_not_shown() -> None:
    shown = shown_address("https://me:hunter2@feed.example/a?token=abc&page=2&api_key=def")
    assert shown == "https://feed.example/a?token=…&page=2&api_key=…"


def test_a_password_in_an_address_is_taken_out_of_it() -> None:
    location, credential = split_credentials("https://me%40x:hunter2@feed.example/rss")
    assert location == "https://feed.example/rss"
    assert credential is not None
    assert credential.to_header() == ("Authorization", "Basic bWVAeDpodW50ZXIy")
    assert "hunter2" not in repr(credential)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
        ("2606:2800:220:1:248:1893:25c8:1946", True), ("224.0.0.1", False), ("no address", False),
    ],
)  # fmt: skip
def test_the_local_network_is_recognised_in_every_spelling(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True), ("printer.local", True), ("127.0.0.1", True), ("2130706433", True), ("0x7f.1", True),
        ("[::1]", True), ("192.168.1.1", True), ("93.184.216.34", False), ("feed.example", False), ("0x.example", False),
    ],
)  # fmt: skip
def test_a_name_of_the_local_network_is_known_without_looking_it_up(host: str, local: bool) -> None:
    assert names_local(f"http://{host}/") is local


# --- credentials ---------------------------------------------------------------------------------------------


def test_a_secret_comes_from_a_value_a_variable_or_a_command() -> None:
    command = f"{sys.executable} -c \"print('from command')\""
    assert Credential(token="abc").to_header() == ("Authorization", "Bearer abc")
    assert Credential(token_env="TOKEN").to_header({"TOKEN": "from env"})[1] == "Bearer from env"
    assert Credential(token_command=command).to_header()[1] == "Bearer from command"
    assert Credential(user="me", password_env="PW").to_header({"PW": "x"})[1] == "Basic bWU6eA=="


def test_a_secret_that_cannot_be_had_is_named_but_not_shown() -> None:
    for credential in (
        Credential(token_env="MISSING"),
        Credential(password_command="false hunter2"),
        Credential(password_command="no-such-program hunter2"),
        Credential(password_command="'unclosed hunter2"),
        Credential(token="a\nInjected: header"),
    ):
        with pytest.raises(SourceError) as caught:
            credential.to_header({})
        assert "hunter2" not in str(caught.value)
        assert caught.value.__cause__ is None
    assert "hunter2" not in repr(Credential(user="u", password="hunter2", token_command="echo hunter2"))


# --- repositories --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "address", "folder"),
    [
        ("github:owner/site", "https://git.example/owner/site/zip/HEAD", ""),
        ("github:owner/site@v1.2/_news/2023/", "https://git.example/owner/site/zip/v1.2", "_news/2023"),
        ("github:owner/site.git", "https://git.example/owner/site/zip/HEAD", ""),
    ],
)
def test_a_repository_is_its_archive(location: str, address: str, folder: str) -> None:
    repository = parse_github(location)
    assert repository.archive_address("https://git.example/") == address
    assert repository.folder == folder


@pytest.mark.parametrize("location", ["github:", "github:owner", "github:a/b@", "github:a/b/../..", "github:a b/c"])
def test_what_is_no_repository_says_how_one_is_written(location: str) -> None:
    with pytest.raises(SourceError, match="github:owner/repo"):
        parse_github(location)
