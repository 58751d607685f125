"""Remote collections against a real server: recognised by what answers, cheap the second time, explained when they fail."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newstui import formats
from newstui.errors import SourceError, UsageError
from newstui.library.remote import (
    Credential,
    RemoteBatch,
    RemoteDone,
    RemoteDownload,
    RemoteFailed,
    RemoteJob,
    RemoteSettings,
    RemoteSource,
    is_remote,
    recognise_remote,
    refresh_remote,
    shown_location,
    state_location,
)
from newstui.library.remote_events import place_of
from newstui.library.remote_pages import PageWalk
from newstui.library.remote_rescue import is_worth_rescuing, rewrite
from newstui.model import Article, Problem
from newstui.sources.fetch import Answer
from newstui.store.fetch_state import FetchState
from newstui.store.packing import Packed, StoredArticle, unpack
from tests.serving import Asked, Reply, Site, serving, serving_folder, silence

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SETTINGS = RemoteSettings(timeout_seconds=5, patience_seconds=0.2)

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title><link>https://harbour.example/</link>
<item><title>Ferry</title><link>https://harbour.example/ferry</link></item></channel></rss>"""
HTML = {"Content-Type": "text/html"}


def a_page(number: int, following: object, *titles: str) -> bytes:
    items = ",".join(f'{{"title": "{title}", "webUrl": "https://news.example/{title}"}}' for title in titles)
    return f'{{"page": {number}, "value": [{items}], "nextPage": {following}}}'.encode()


def a_record(title: str) -> bytes:
    return f'---\ntitle: "{title}"\nwebUrl: "https://news.example/{title}"\n---\n'.encode()


@dataclass
class Outcome:
    """Everything a refresh of one collection said."""

    articles: list[Article] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, bytes] = field(default_factory=dict)
    done: RemoteDone | None = None
    failed: RemoteFailed | None = None

    @property
    def titles(self) -> list[str | None]:
        return [article.title for article in self.articles]

    @property
    def state(self) -> FetchState:
        last = self.done or self.failed
        assert last is not None
        return last.state


def refresh(
    location: str, state: FetchState | None = None, settings: RemoteSettings = SETTINGS, **job: object
) -> Outcome:
    outcome = Outcome()
    state = state or FetchState(state_location(location))
    for event in refresh_remote(
        [RemoteJob("it", location, state, **job)],  # type: ignore[arg-type]
        settings=settings,
        now=lambda: NOW,
    ):
        assert event.name == "it"
        if isinstance(event, RemoteBatch):
            outcome.articles += map(article_of, event.articles)
            outcome.problems += event.problems
        elif isinstance(event, RemoteSource):
            outcome.entries = {entry.path: entry.read() for entry in event.source.list_entries({}).changed}
            event.source.close()
        elif isinstance(event, RemoteDownload):
            continue
        elif isinstance(event, RemoteDone):
            outcome.done = event
        else:
            outcome.failed = event
    return outcome


def article_of(packed: Packed) -> Article:
    """What was packed, as it would come out of the cache."""
    return unpack(
        StoredArticle(
            packed.key, packed.entry or "", packed.published, packed.quality, packed.heat, packed.flags,
            *packed.provider, packed.type, packed.category, packed.title, packed.excerpt, packed.body, packed.extra, "",
        )
    )  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def places(outcome: Outcome) -> frozenset[int]:
    return frozenset(place_of(article.key, article.path) for article in outcome.articles)


# --- feeds ---------------------------------------------------------------------------------------------------


def test_a_feed_is_recognised_and_read(site: Site) -> None:
    site.answers["/rss"] = RSS
    outcome = refresh(site / "rss")
    assert outcome.titles == ["Ferry"]
    assert outcome.done is not None
    assert (outcome.done.unchanged, outcome.done.present) == (False, None)
    assert (outcome.state.kind, outcome.state.title, outcome.state.last_success) == ("rss", "Harbour", NOW)


def test_what_the_server_says_is_unchanged_is_not_read_again(site: Site) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(status=304) if asked.headers.get("if-none-match") == '"1"' else Reply(RSS, headers={"ETag": '"1"'})

    site.answers["/rss"] = answer
    again = refresh(site / "rss", refresh(site / "rss").state)
    assert again.done is not None
    assert again.done.unchanged
    assert again.articles == []
    third = refresh(site / "rss", again.state)
    assert third.done is not None
    assert third.done.unchanged


def test_a_server_without_validators_costs_a_download_and_no_reading(site: Site) -> None:
    site.answers["/rss"] = RSS
    again = refresh(site / "rss", refresh(site / "rss").state)
    assert again.done is not None
    assert again.done.unchanged
    assert again.articles == []
    assert again.state.kind == "rss"


def test_a_permanent_move_is_remembered(site: Site) -> None:
    site.answers["/old"] = Reply(status=301, headers={"Location": "/new"})
    site.answers["/new"] = RSS
    first = refresh(site / "old")
    assert first.state.address == site / "new"
    site.asked.clear()
    again = refresh(site / "old", first.state)
    assert again.done is not None
    assert site.paths == ["/new"]


def test_a_place_that_was_moved_to_and_is_gone_is_looked_for_where_it_began(site: Site) -> None:
    site.answers["/old"] = Reply(status=301, headers={"Location": "/new"})
    site.answers["/new"] = RSS
    state = refresh(site / "old").state
    site.answers["/old"] = RSS.replace(b"Ferry", b"Back")
    site.answers["/new"] = Reply(status=410)
    again = refresh(site / "old", state)
    assert again.titles == ["Back"]
    assert again.state.address == ""


def test_a_page_that_names_one_feed_stands_for_it(site: Site) -> None:
    link = b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    site.answers["/blog"] = Reply(link, headers=HTML)
    site.answers["/rss"] = RSS
    outcome = refresh(site / "blog")
    assert outcome.titles == ["Ferry"]
    site.asked.clear()
    refresh(site / "blog", outcome.state)
    assert site.paths == ["/rss"]


def test_a_page_that_names_several_feeds_asks_the_reader_to_choose(site: Site) -> None:
    links = b"".join(
        b'<link rel="alternate" type="application/rss+xml" title="%b" href="/%b.xml">' % (name, name)
        for name in (b"Sea", b"Land")
    )
    site.answers["/blog"] = Reply(b"<html><head>" + links + b"</head></html>", headers=HTML)
    failed = refresh(site / "blog").failed
    assert failed is not None
    assert not failed.temporary
    with pytest.raises(UsageError) as caught:
        recognise_remote(site / "blog", settings=SETTINGS, now=lambda: NOW)
    for said in (failed.reason, caught.value.reason):
        assert "names 2 feeds" in said
        assert f"{site / 'Sea.xml'} (Sea)" in said
        assert f"{site / 'Land.xml'} (Land)" in said


def test_a_log_in_page_does_not_replace_a_feed(site: Site) -> None:
    site.answers["/feed"] = RSS
    state = refresh(site / "feed").state
    site.answers["/feed"] = Reply(b"<html><body>Sign in</body></html>", headers=HTML)
    site.asked.clear()
    failed = refresh(site / "feed", state).failed
    assert failed is not None
    assert "a web page came instead" in failed.reason
    assert site.paths == ["/feed"]


def test_a_feed_our_reader_makes_nothing_of_is_read_by_another_one(site: Site) -> None:
    strange = b"<strange><channel><title>S</title><item><title>Saved</title><link>https://a.example/1</link></item></channel></strange>"
    site.answers["/rss"] = strange
    assert is_worth_rescuing(strange)
    outcome = refresh(site / "rss")
    assert outcome.titles == ["Saved"]
    assert outcome.problems[0].severity == "note"


def test_the_other_reader_is_never_given_a_doctype() -> None:
    assert rewrite(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x><item><title>T</title></item></x>') == ""


# --- the paged API -------------------------------------------------------------------------------------------


def an_api(site: Site) -> None:
    site.answers["/api/news/index.json"] = a_page(1, 2, "a", "b")
    site.answers["/api/news/page/2/index.json"] = a_page(2, 3, "c")
    site.answers["/api/news/page/3/index.json"] = a_page(3, "null", "d")


def test_pages_are_followed_to_the_last(site: Site) -> None:
    an_api(site)
    outcome = refresh(site / "api/news/index.json")
    assert outcome.titles == ["a", "b", "c", "d"]
    assert outcome.done is not None
    assert outcome.done.present == places(outcome)
    assert outcome.state.kind == "api"


@pytest.mark.parametrize("style", ["{0}/", "{0}/index.json"])
def test_the_way_a_server_names_its_pages_is_found_out(site: Site, style: str) -> None:
    site.answers["/api/news/"] = a_page(1, 2, "a")
    site.answers["/api/news/page/" + style.format(2)] = a_page(2, 3, "b")
    site.answers["/api/news/page/" + style.format(3)] = a_page(3, "null", "c")
    assert refresh(site / "api/news/").titles == ["a", "b", "c"]
    assert site.paths[-1] == "/api/news/page/" + style.format(3)


def test_pages_may_be_numbered_in_the_query_or_named_by_address(site: Site) -> None:
    site.answers["/list?kind=x&page=1"] = a_page(1, 2, "a")
    site.answers["/list?kind=x&page=2"] = a_page(2, '"/more?after=b"', "b")
    site.answers["/more?after=b"] = a_page(3, "null", "c")
    assert refresh(site / "list?kind=x&page=1").titles == ["a", "b", "c"]


def test_only_pages_that_changed_are_read_and_the_others_still_count(site: Site) -> None:
    an_api(site)
    first = refresh(site / "api/news/index.json")
    site.answers["/api/news/page/2/index.json"] = a_page(2, 3, "C")
    again = refresh(site / "api/news/index.json", first.state)
    assert again.titles == ["C"]
    assert again.done is not None
    kept = {place_of(one.key, one.path) for one in first.articles if one.title != "c"}
    assert again.done.present == kept | places(again)


def test_nothing_changed_on_any_page_is_unchanged(site: Site) -> None:
    an_api(site)
    again = refresh(site / "api/news/index.json", refresh(site / "api/news/index.json").state)
    assert again.done is not None
    assert (again.done.unchanged, again.done.present, again.articles) == (True, None, [])


def test_a_page_that_is_a_template_costs_itself_only(site: Site) -> None:
    an_api(site)
    site.answers["/api/news/page/2/index.json"] = b"---\nlayout: none\n---\n{% for x in y %}"
    outcome = refresh(site / "api/news/index.json")
    assert outcome.titles == ["a", "b", "d"]
    assert outcome.done is not None
    assert outcome.done.present is None
    assert outcome.problems


def test_a_page_that_is_missing_costs_itself_only(site: Site) -> None:
    an_api(site)
    del site.answers["/api/news/page/2/index.json"]
    outcome = refresh(site / "api/news/index.json")
    assert outcome.titles == ["a", "b", "d"]
    assert outcome.done is not None
    assert outcome.done.present is None
    assert "page 2 was not read" in outcome.problems[0].reason


def test_a_page_that_may_come_back_fails_the_walk_and_keeps_what_came(site: Site) -> None:
    an_api(site)
    site.answers["/api/news/page/2/index.json"] = Reply(status=503, headers={"Retry-After": "60"})
    outcome = refresh(site / "api/news/index.json")
    assert outcome.titles == ["a", "b"]
    assert outcome.failed is not None
    assert outcome.failed.reason.startswith("page 2: ")
    assert outcome.failed.temporary


@pytest.mark.parametrize("following", ["1", "-7", "1e999", "true", '"http://127.0.0.1:1/api"', '"file:///x"', "[]"])
def test_pages_that_lead_astray_are_not_followed(site: Site, following: str) -> None:
    site.answers["/api/index.json"] = a_page(1, following, "a")
    outcome = refresh(site / "api/index.json")
    assert outcome.titles == ["a"]
    assert outcome.done is not None
    assert len(site.asked) <= 4


def test_a_server_that_answers_every_page_with_the_first_is_a_circle(site: Site) -> None:
    site.answers["/api/"] = a_page(1, 2, "a")
    outcome = refresh(site / "api/")
    assert outcome.titles == ["a"]
    assert len(site.asked) < 10
    site.answers["/api/index.json"] = site.answers["/api/page/2/index.json"] = a_page(1, 2, "a")
    assert refresh(site / "api/index.json").titles == ["a"]


def test_more_pages_than_the_limit_are_left_out(site: Site) -> None:
    an_api(site)
    outcome = refresh(site / "api/news/index.json", settings=replace(SETTINGS, pages=2))
    assert outcome.titles == ["a", "b", "c"]
    assert outcome.done is not None
    assert outcome.done.present is None


def test_a_topic_of_an_api_and_a_region_are_pages_like_others(site: Site) -> None:
    site.answers["/api/news/ai/index.json"] = a_page(1, "null", "a")
    site.answers["/api/news/us/index.json"] = (
        b'{"location": {}, "updatedDateTime": "2021-01-01T00:00:00.1234567Z", "news": [{"title": "r", "webUrl": "https://n.example/r"}]}'
    )
    assert refresh(site / "api/news/ai/index.json").titles == ["a"]
    assert refresh(site / "api/news/us/index.json").titles == ["r"]


def test_one_record_and_a_list_of_records_are_collections_too(site: Site) -> None:
    site.answers["/one.md"] = a_record("one")
    site.answers["/many.jsonl"] = (
        b'{"title": "x", "webUrl": "https://n.example/x"}\n{"title": "y", "webUrl": "https://n.example/y"}\n'
    )
    one, many = refresh(site / "one.md"), refresh(site / "many.jsonl")
    assert one.titles == ["one"]
    assert many.titles == ["x", "y"]
    assert one.done is not None
    assert many.done is not None
    assert (one.done.present, many.done.present) == (places(one), places(many))


# --- the home of a site --------------------------------------------------------------------------------------


def test_the_home_of_a_site_leads_to_its_api(site: Site) -> None:
    site.answers["/"] = Reply(b"<html><body>Welcome</body></html>", headers=HTML)
    an_api(site)
    assert refresh(site / "").titles == ["a", "b", "c", "d"]
    del site.answers["/"]
    assert refresh(site / "").titles == ["a", "b", "c", "d"]


def test_the_topics_of_a_site_say_where_its_api_is(site: Site) -> None:
    site.answers["/"] = Reply(b"<html><body>Welcome</body></html>", headers=HTML)
    site.answers["/_data/topics/"] = Reply(
        b'<html><a href="01-b.yaml">b</a> <a href="00-a.yaml">a</a> <a href="/x.yaml">x</a></html>', headers=HTML
    )
    site.answers["/_data/topics/00-a.yaml"] = (
        f"_id: a\nname: A\nservices:\n  news: {site.address}/elsewhere/\n".encode()
    )
    site.answers["/_data/topics/01-b.yaml"] = b"_id: b\nname: B\nparent: A\n"
    site.answers["/elsewhere/"] = a_page(1, "null", "a")
    assert refresh(site / "").titles == ["a"]
    assert "/x.yaml" not in site.paths


# --- archives ------------------------------------------------------------------------------------------------


def a_zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, a_record(name))
    return out.getvalue()


def test_an_archive_is_handed_over_as_a_source_and_asked_for_conditionally(site: Site) -> None:
    data = a_zip("site-1/_news/a.md", "site-1/_news/b.md")

    def answer(asked: Asked) -> Reply:
        return (
            Reply(status=304) if asked.headers.get("if-none-match") == '"z"' else Reply(data, headers={"ETag": '"z"'})
        )

    site.answers["/site.zip"] = answer
    outcome = refresh(site / "site.zip")
    assert sorted(outcome.entries) == ["_news/a.md", "_news/b.md"]
    assert outcome.state.kind == "archive"
    again = refresh(site / "site.zip", outcome.state)
    assert again.done is not None
    assert again.done.unchanged


def test_a_repository_is_fetched_as_its_archive(site: Site) -> None:
    site.answers["/owner/news/zip/v1"] = a_zip("news-1/_news/a.md", "news-1/docs/b.md")
    settings = replace(SETTINGS, github=site.address)
    assert sorted(refresh("github:owner/news@v1", settings=settings).entries) == ["_news/a.md", "docs/b.md"]
    assert sorted(refresh("github:owner/news@v1/docs", settings=settings).entries) == ["b.md"]
    failed = refresh("github:owner/news@v1/nowhere", settings=settings).failed
    assert failed is not None
    assert "no records in nowhere" in failed.reason


@pytest.mark.parametrize("size_is_known", [True, False])
def test_a_download_tells_how_much_of_it_has_come(
    site: Site, size_is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newstui.library.remote_walk._TELL_SECONDS", 0)
    data = a_zip("a.md") + bytes(400_000)
    length = f"Content-Length: {len(data)}\r\n" if size_is_known else ""
    site.answers["/site.zip"] = Reply(raw=f"HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n".encode() + data)
    told = []
    job = RemoteJob("it", site / "site.zip", FetchState(site / "site.zip"))
    for event in refresh_remote([job], settings=SETTINGS, now=lambda: NOW):
        if isinstance(event, RemoteDownload):
            told.append((event.done, event.total))
        elif isinstance(event, RemoteSource):
            event.source.close()
    sizes = [done for done, _ in told]
    assert len(sizes) > 1
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(data)
    assert {total for _, total in told} == {len(data) if size_is_known else None}


def test_a_damaged_archive_is_a_failure_with_a_reason(site: Site) -> None:
    site.answers["/site.zip"] = a_zip("a.md")[:-30]
    failed = refresh(site / "site.zip").failed
    assert failed is not None
    assert "incomplete or damaged" in failed.reason


# --- who the reader is ---------------------------------------------------------------------------------------


def test_a_password_in_the_location_is_used_and_never_shown(site: Site) -> None:
    site.answers["/rss"] = RSS
    location = (site / "rss").replace("http://", "http://me:hunter2@")
    outcome = refresh(location)
    assert site.asked[0].headers["authorization"] == "Basic bWU6aHVudGVyMg=="
    assert "hunter2" not in repr(outcome.state)
    assert "hunter2" not in shown_location(location)


def test_credentials_come_from_the_settings_by_name(site: Site) -> None:
    site.answers["/rss"] = RSS
    refresh(site / "rss", settings=replace(SETTINGS, credentials={"it": Credential(token="abc")}))
    assert site.asked[0].headers["authorization"] == "Bearer abc"


def test_a_secret_does_not_follow_a_page_to_a_feed_elsewhere(site: Site) -> None:
    with serving() as other:
        other.answers["/rss"] = RSS
        link = f'<html><link rel="alternate" type="application/rss+xml" href="{other / "rss"}"></html>'
        site.answers["/blog"] = Reply(link.encode(), headers=HTML)
        outcome = refresh(site / "blog", credential=Credential(user="me", password="hunter2"))
        assert outcome.titles == ["Ferry"]
        refresh(site / "blog", outcome.state, credential=Credential(user="me", password="hunter2"))
        assert all("authorization" not in asked.headers for asked in other.asked)
        assert len(other.asked) == 2


def test_a_password_that_cannot_be_had_fails_without_asking(site: Site) -> None:
    failed = refresh(site / "rss", credential=Credential(token_env="NEWSTUI_TEST_MISSING")).failed
    assert failed is not None
    assert "NEWSTUI_TEST_MISSING" in failed.reason
    assert site.asked == []


# --- failing -------------------------------------------------------------------------------------------------


def test_a_failure_keeps_what_was_known_and_says_when_to_come_back(site: Site) -> None:
    site.answers["/rss"] = RSS
    good = refresh(site / "rss").state
    site.answers["/rss"] = Reply(status=429, headers={"Retry-After": "7200"})
    failed = refresh(site / "rss", good).failed
    assert failed is not None
    assert "too many requests" in failed.reason
    assert (failed.state.kind, failed.state.pages, failed.state.last_success) == ("rss", good.pages, NOW)
    assert failed.state.failures == 1
    assert failed.state.next_try is not None
    assert (failed.state.next_try - NOW).total_seconds() >= 7_200


@pytest.mark.parametrize("location", ["ftp://a.example/", "http://", "github:x", "https://a b/", "http://127.0.0.1:1/"])
def test_a_location_that_cannot_be_asked_is_a_failure_and_no_exception(location: str) -> None:
    failed = refresh(location).failed
    assert failed is not None
    assert failed.reason


def test_many_collections_are_fetched_at_once_and_each_ends_once(site: Site) -> None:
    for number in range(40):
        site.answers[f"/{number}"] = RSS if number % 4 else Reply(status=500)
    jobs = [RemoteJob(str(n), site / str(n), FetchState(site / str(n))) for n in range(40)]
    ends = [
        (event.name, isinstance(event, RemoteDone))
        for event in refresh_remote(jobs, settings=SETTINGS, now=lambda: NOW)
        if isinstance(event, RemoteDone | RemoteFailed)
    ]
    assert sorted(ends) == sorted((str(n), n % 4 != 0) for n in range(40))


def test_a_mistake_of_our_own_costs_one_collection(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    original = PageWalk.run

    def run(walk: PageWalk, answer: Answer, address: str) -> Any:
        if b"Crash" in answer.body:
            raise RuntimeError("x")
        return original(walk, answer, address)

    monkeypatch.setattr(PageWalk, "run", run)
    site.answers["/a"] = a_record("Crash")
    site.answers["/b"] = RSS
    jobs = [RemoteJob(name, site / name, FetchState(site / name)) for name in "ab"]
    events = list(refresh_remote(jobs, settings=SETTINGS, now=lambda: NOW))
    assert {event.name: type(event) for event in events} == {"a": RemoteFailed, "b": RemoteDone}


def test_cancelling_ends_it_at_once() -> None:
    asked = threading.Event()
    with silence() as address:
        jobs = [RemoteJob("silent", address, FetchState(address))]

        def is_cancelled() -> bool:
            done, _ = asked.is_set(), asked.set()
            return done

        assert list(refresh_remote(jobs, settings=RemoteSettings(), now=lambda: NOW, is_cancelled=is_cancelled)) == []
    assert not any(thread.name == "newstui-fetch" for thread in threading.enumerate())


def test_results_that_nobody_takes_end_with_the_iterator(site: Site) -> None:
    site.answers["/site.zip"] = a_zip("a.md")
    jobs = [RemoteJob(str(n), site / f"site.zip?{n}", FetchState(str(n))) for n in range(5)]
    events = refresh_remote(jobs, settings=SETTINGS, now=lambda: NOW)
    first = next(events)
    events.close()  # type: ignore[attr-defined]
    assert isinstance(first, RemoteSource)
    first.source.close()
    assert not any(thread.name == "newstui-fetch" for thread in threading.enumerate())


# --- recognising ---------------------------------------------------------------------------------------------


def test_a_location_is_recognised_by_asking_it(site: Site) -> None:
    site.answers["/rss"] = RSS
    site.answers["/site.zip"] = a_zip("a.md")
    an_api(site)
    found = [
        recognise_remote(site / path, settings=SETTINGS, now=lambda: NOW)
        for path in ("rss", "site.zip", "api/news/index.json")
    ]
    assert [(one.kind, one.title) for one in found] == [("rss", "Harbour"), ("archive", ""), ("api", "")]
    with pytest.raises(SourceError, match="nothing at this address"):
        recognise_remote(site / "missing", settings=SETTINGS, now=lambda: NOW)


def test_remote_locations_are_told_from_local_ones() -> None:
    assert all(map(is_remote, ("http://a/", "HTTPS://a/", "github:a/b", "feed://a/")))
    assert not any(map(is_remote, ("/home/x", "news.zip", "-", "ftp.txt", "httpfolder")))


# --- real data -----------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_api_of_a_real_site_gives_its_published_records(shared: Path) -> None:
    """Equal in title, excerpt, time, topics and heat to the files they were made from."""
    folder = shared / "corpora" / "power-apps-site"
    files = {}
    for path in (folder / "_news").glob("*.md"):
        (article,) = formats.parse(path.read_bytes(), path=f"_news/{path.name}", now=NOW).articles
        files[article.path] = article
    for start in ("api/news/", "api/news/index.json", ""):
        with serving_folder(folder) as site:
            outcome = refresh(site / start)
            assert outcome.done is not None
            assert len({article.path for article in outcome.articles}) > 130 - 5
            for article in outcome.articles:
                record = files[article.path]
                for name in ("key", "title", "excerpt", "published", "topics", "heat"):
                    assert getattr(article, name) == getattr(record, name), (article.path, name)
            assert {path for path, record in files.items() if record.front_page} == {
                article.path for article in outcome.articles
            }
            site.asked.clear()
            again = refresh(site / start, outcome.state)
            assert again.done is not None
            assert again.done.unchanged
            assert all("if-modified-since" in asked.headers for asked in site.asked)
