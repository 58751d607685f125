"""Fetching one address: limits, redirects, conditional requests, and reasons in words."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newstui import __version__
from newstui.sources import fetch
from newstui.sources.fetch import Answer, Fetcher, FetchError, Request, retry_seconds
from newstui.sources.fetch_settings import RemoteSettings
from tests.serving import Asked, Reply, Site, serving, silence

SETTINGS = RemoteSettings(timeout_seconds=5, page_bytes=100_000, download_bytes=1_000_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def get(request: Request | str, settings: RemoteSettings = SETTINGS) -> Answer:
    async def fetch_one() -> Answer:
        fetcher = Fetcher(settings)
        try:
            return await fetcher.get(Request(request) if isinstance(request, str) else request)
        finally:
            await fetcher.close()

    return asyncio.run(fetch_one())


def reason(request: Request | str, settings: RemoteSettings = SETTINGS) -> str:
    with pytest.raises(FetchError) as caught:
        get(request, settings)
    return caught.value.reason


def test_a_body_comes_with_what_the_next_request_needs(site: Site) -> None:
    headers = {"ETag": '"a"', "Last-Modified": "Mon, 02 Jan 2023 00:00:00 GMT", "Cache-Control": "public, max-age=900"}
    site.answers["/feed"] = Reply(b"hello", headers=headers)
    answer = get(site / "feed")
    assert (answer.body, answer.etag, answer.last_modified, answer.fresh_seconds) == (
        b"hello", '"a"', "Mon, 02 Jan 2023 00:00:00 GMT", 900,
    )  # fmt: skip


def test_newstui_says_who_it_is_and_asks_for_gzip_only(site: Site) -> None:
    site.answers["/feed"] = b"x"
    get(site / "feed")
    assert site.asked[0].headers["user-agent"].startswith(f"newstui/{__version__}")
    assert site.asked[0].headers["accept-encoding"] == "gzip"


def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    def answer(asked: Asked) -> Reply:
        same = asked.headers.get("if-none-match") == '"a"' and "if-modified-since" in asked.headers
        return Reply(status=304) if same else Reply(b"new")

    site.answers["/feed"] = answer
    again = get(Request(site / "feed", etag='"a"', last_modified="Mon, 02 Jan 2023 00:00:00 GMT"))
    assert again.unchanged
    assert again.etag == '"a"'


def test_not_modified_without_being_asked_is_a_fault(site: Site) -> None:
    site.answers["/feed"] = Reply(status=304)
    assert "although it was not asked" in reason(site / "feed")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=401), "user name and password"),
        (Reply(status=404), "nothing at this address"),
        (Reply(status=500), "has a fault"),
        (Reply(status=418), "refuses"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "packed in a way nobody asked for (br)"),
        (Reply(b"plain text", headers={"Content-Encoding": "gzip"}), "says it is gzip, and is not"),
        (Reply(gzip.compress(b"x" * 5000)[:-9], headers={"Content-Encoding": "gzip"}), "cut off"),
        (Reply(gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": "gzip, gzip"}), "(gzip, gzip)"),
        (Reply(gzip.compress(b"\0" * 5_000_000), headers={"Content-Encoding": "gzip"}), "bigger than"),
        (Reply(b"x" * 200_000), "bigger than"),
        (Reply(raw=b""), "closed the connection without an answer"),
        (Reply(raw=b"\x16\x03\x01 no\r\n\r\n"), "does not speak HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx"), "does not speak HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"), "cut off"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort"), "cut off"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-Filler: a\r\n" * 50_000), "does not speak HTTP"),
        (Reply(status=302), "without saying where"),
        (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "not file:"),
        (Reply(status=302, headers={"Location": "javascript:alert(1)"}), "not an address"),
        (Reply(status=302, headers={"Location": "/feed"}), "redirects more than 10 times"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_way_to_fail_has_its_words(site: Site, reply: Reply, words: str) -> None:
    site.answers["/feed"] = reply
    assert words in reason(site / "feed")


def test_a_bomb_is_not_unpacked_beyond_the_limit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = 0
    real = zlib.decompressobj

    class Counting:
        def __init__(self, **how: int) -> None:
            self.inner = real(**how)

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal unpacked
            out = self.inner.decompress(data, most)
            unpacked += len(out)
            return out

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    site.answers["/feed"] = Reply(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"})
    assert "bigger than" in reason(site / "feed")
    assert unpacked < 2 * SETTINGS.page_bytes + 65_536


def test_an_archive_may_be_bigger_than_a_page(site: Site) -> None:
    archive = b"PK\x03\x04" + b"x" * 500_000
    site.answers["/site.zip"] = archive
    answer = get(site / "site.zip")
    assert answer.file is not None
    with answer.file:
        assert answer.file.read() == archive


def test_an_archive_has_a_limit_too(site: Site) -> None:
    site.answers["/site.zip"] = b"PK\x03\x04" + b"x" * 1_100_000
    assert "bigger than 1 MB" in reason(site / "site.zip")


def test_a_silent_server_is_given_up_after_the_time_for_a_whole_answer() -> None:
    with silence() as address:
        assert "did not answer within 0.3 seconds" in reason(address, replace(SETTINGS, timeout_seconds=0.3))


def test_a_slow_answer_makes_room_for_others_and_is_asked_again(site: Site) -> None:
    """Four slow ones hold all the turns of their host; the fifth comes first nevertheless."""
    settings = replace(SETTINGS, timeout_seconds=3, patience_seconds=0.05)
    done: list[str] = []

    async def main(silent: str) -> None:
        fetcher = Fetcher(settings)

        async def one(address: str) -> None:
            try:
                await fetcher.get(Request(address))
                done.append("good")
            except FetchError:
                done.append("silent")

        await asyncio.gather(*(one(f"{silent}{n}") for n in range(4)), one(site / "feed"))
        await fetcher.close()

    site.answers["/feed"] = b"good"
    with silence() as silent:
        asyncio.run(main(silent))
    assert done == ["good", "silent", "silent", "silent", "silent"]


# --- redirects and secrets -----------------------------------------------------------------------------------

SECRET = ("Authorization", "Basic bWU6aHVudGVyMg==")


def test_permanent_redirects_are_remembered_and_others_are_not(site: Site) -> None:
    site.answers["/old"] = Reply(status=301, headers={"Location": "/new"})
    site.answers["/for-now"] = Reply(status=302, headers={"Location": "/new"})
    site.answers["/chain"] = Reply(status=308, headers={"Location": "/for-now"})
    site.answers["/new"] = b"here"
    assert get(site / "old").moved_to == site / "new"
    assert get(site / "for-now").moved_to == ""
    assert get(site / "chain").moved_to == ""


def test_a_secret_goes_to_the_origin_it_was_given_for_and_nowhere_else(site: Site) -> None:
    with serving() as stranger:
        stranger.answers["/taken"] = b"x"
        site.answers["/a"] = Reply(status=302, headers={"Location": "/b"})
        site.answers["/b"] = Reply(status=302, headers={"Location": stranger / "taken"})
        get(Request(site / "a", SECRET))
        assert [asked.headers.get("authorization") for asked in site.asked] == [SECRET[1], SECRET[1]]
        assert "authorization" not in stranger.asked[0].headers


def test_cookies_are_not_kept(site: Site) -> None:
    site.answers["/a"] = Reply(status=302, headers={"Location": "/b", "Set-Cookie": "sid=secret; Domain=127.0.0.1"})
    site.answers["/b"] = b"x"
    get(site / "a")
    assert "cookie" not in site.asked[1].headers


def test_a_request_does_not_show_its_secret(site: Site) -> None:
    assert "bWU6" not in repr(Request(site / "a", SECRET))


def test_an_address_found_in_a_page_never_leads_into_the_local_network(site: Site) -> None:
    site.answers["/feed"] = b"x"
    assert "local network" in reason(Request(site / "feed", found=True))
    assert site.asked == []


def test_a_public_server_cannot_redirect_into_the_local_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's loopback stands for a public server on the first hop."""
    real, hops = fetch._is_answered_publicly, []

    def first_is_public(response: object) -> bool:
        hops.append(response)
        return True if len(hops) == 1 else real(response)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, "_is_answered_publicly", first_is_public)
    site.answers["/a"] = Reply(status=302, headers={"Location": "/b"})
    site.answers["/b"] = b"secret of the router"
    assert "local network" in reason(site / "a")
    assert site.paths == ["/a"]


def test_a_local_proxy_may_be_used_and_is_no_way_into_the_local_network(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site stands for the proxy: it is asked for whole addresses."""
    monkeypatch.setenv("http_proxy", site.address)
    monkeypatch.setenv("no_proxy", "direct.example")
    site.answers["http://feed.example/rss"] = Reply(status=302, headers={"Location": "http://other.example/rss"})
    site.answers["http://other.example/rss"] = b"x"
    assert get(Request("http://feed.example/rss", found=True)).body == b"x"
    site.answers["http://other.example/rss"] = Reply(status=302, headers={"Location": "http://10.0.0.1/"})
    assert "local network" in reason("http://feed.example/rss")
    assert site.paths[-1] == "http://other.example/rss"


def test_nothing_is_logged_even_when_everything_is(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.answers["/feed"] = b"x"
    with caplog.at_level("DEBUG"):
        get(Request(site / "feed?token=hunter2", SECRET))
    assert "hunter2" not in caplog.text
    assert "bWU6" not in caplog.text


# --- headers -------------------------------------------------------------------------------------------------

NOON = datetime(2023, 1, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("99999999999999", 86_400),
        ("Mon, 02 Jan 2023 12:10:00 GMT", 600),
        ("Mon, 02 Jan 2023 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, None),
    ],
)
def test_a_server_may_ask_to_wait_up_to_a_day(header: str, seconds: int | None) -> None:
    assert retry_seconds(header, NOON) == seconds


def test_what_the_server_asks_is_part_of_the_failure(site: Site) -> None:
    site.answers["/feed"] = Reply(status=429, headers={"Retry-After": "120"})
    with pytest.raises(FetchError) as caught:
        get(site / "feed")
    assert (caught.value.retry_seconds, caught.value.temporary, caught.value.gone) == (120, True, False)
    site.answers["/feed"] = Reply(status=410)
    with pytest.raises(FetchError) as caught:
        get(site / "feed")
    assert (caught.value.temporary, caught.value.gone) == (False, True)
