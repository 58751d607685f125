"""Feeds of every format come out as the same articles; what is wrong with them costs as little as possible."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.formats.feed_dates import parse_feed_date
from newstui.formats.feeds import is_feed, parse_feed
from newstui.formats.parsed import Parsed
from newstui.formats.urls import canonical_url
from newstui.identity import key_of
from newstui.model import Action, Article, Image, Provider, Urls

NOW = datetime(2026, 1, 1, tzinfo=UTC)

RSS_2 = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Harbour News</title><link>https://www.harbour.example/</link><description>All of it</description>
<atom:link rel="self" href="https://harbour.example/rss"/>
<item><title>Ferry &amp;amp; crane &lt;b&gt;collide&lt;/b&gt;</title><link>https://harbour.example/ferry?utm_source=rss</link>
<guid isPermaLink="false">4711</guid><pubDate>Mon, 02 Jan 2023 04:05:06 -0500</pubDate>
<category>Harbour</category><category>Ships</category><category>Harbour</category><dc:creator>Ada Reed</dc:creator>
<description>Two &lt;i&gt;hurt&lt;/i&gt;.</description>
<content:encoded><![CDATA[<p>A ferry & a <a href="/crane">crane</a>.</p>]]></content:encoded>
<media:thumbnail url="https://img.example/1.jpg" width="320" height="200"/>
<enclosure url="https://audio.example/1.mp3" type="audio/mpeg" length="2500000"/></item>
</channel></rss>"""

RSS_1 = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://harbour.example/"><title>Harbour News</title><link>https://harbour.example/</link></channel>
<item rdf:about="https://harbour.example/ferry"><title>Ferry &amp; crane collide</title>
<link>https://harbour.example/ferry</link><description>Two hurt.</description><dc:date>2023-01-02T09:05:06Z</dc:date>
<dc:creator>Ada Reed</dc:creator><dc:subject>Harbour</dc:subject></item></rdf:RDF>"""

RSS_091 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Harbour News</title><link>https://harbour.example/</link><language>en</language>
<item><title>Ferry &amp; crane collide</title><link>https://harbour.example/ferry</link>
<description>Two hurt.</description></item></channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://harbour.example/">
<title type="text">Harbour News</title><link href="/"/><link rel="self" href="/atom.xml"/><updated>2023-01-03T00:00:00Z</updated>
<author><name>The Desk</name></author>
<entry><title type="html">Ferry &amp;amp; crane collide</title><id>tag:harbour.example,2023:1</id>
<link rel="alternate" type="text/html" href="ferry"/><link rel="enclosure" type="audio/mpeg" href="1.mp3"/>
<published>2023-01-02T04:05:06-05:00</published><updated>2023-01-02T12:00:00Z</updated>
<author><name>Ada Reed</name><email>ada@harbour.example</email></author><category term="h" label="Harbour"/>
<summary>Two hurt.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A ferry.</p></div></content></entry>
<entry><title>Only updated</title><id>https://harbour.example/2</id><updated>2023-01-03T00:00:00Z</updated>
<content type="text">2 &lt; 3</content></entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Harbour News",
    "home_page_url": "https://harbour.example/",
    "authors": [{"name": "The Desk"}],
    "items": [
        {
            "id": "1", "url": "https://harbour.example/ferry", "title": "Ferry & crane collide", "summary": "Two hurt.",
            "content_html": "<p>A ferry.</p>", "date_published": "2023-01-02T04:05:06-05:00",
            "date_modified": "2023-01-02T12:00:00Z", "tags": ["Harbour"], "authors": [{"name": "Ada Reed"}],
            "image": "https://img.example/1.jpg",
            "attachments": [{"url": "https://audio.example/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 2500000}],
        }
    ],
}  # fmt: skip


def parse(text: str | bytes, address: str = "https://harbour.example/feed") -> Parsed:
    return parse_feed(text.encode() if isinstance(text, str) else text, address=address, now=NOW)


def only(text: str | bytes, address: str = "https://harbour.example/feed") -> Article:
    (article,) = parse(text, address).articles
    return article


def an_rss(items: str, head: str = "<title>F</title><link>https://feed.example/</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def an_item(title: str = "T", link: str = "https://feed.example/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


# --- the formats ---------------------------------------------------------------------------------------------


def test_rss_2_gives_everything_an_article_can_hold() -> None:
    assert only(RSS_2) == Article(
        key=key_of("harbour.example/ferry"),
        path="harbour.example/ferry",
        title="Ferry & crane collide",
        excerpt="Two hurt.",
        body='<p>A ferry & a <a href="https://www.harbour.example/crane">crane</a>.</p>',
        body_format="html",
        published=datetime(2023, 1, 2, 9, 5, 6, tzinfo=UTC),
        urls=Urls(web="https://harbour.example/ferry?utm_source=rss"),
        type="audio",
        category="news",
        provider=Provider("Harbour News", "harbour.example"),
        topics=("Harbour", "Ships"),
        authors=("Ada Reed",),
        images=(Image("https://img.example/1.jpg", 320, 200),),
        actions=(Action("https://audio.example/1.mp3", "audio/mpeg, 2.5 MB", None, "download"),),
    )


def test_every_format_gives_the_same_article() -> None:
    wanted = ("Ferry & crane collide", "Two hurt.", "https://harbour.example/ferry", key_of("harbour.example/ferry"))
    kinds = []
    for text in (RSS_1, RSS_091, ATOM, json.dumps(JSON_FEED)):
        parsed = parse(text)
        article = parsed.articles[0]
        kinds.append(parsed.kind)
        assert (article.title, article.excerpt, article.urls.web, article.key) == wanted
        assert article.provider == Provider("Harbour News", "harbour.example")
        assert parsed.problems == ()
        if text is not RSS_091:
            assert article.published == datetime(2023, 1, 2, 9, 5, 6, tzinfo=UTC)
            assert (article.authors, article.topics) == (("Ada Reed",), ("Harbour",))
    assert kinds == ["rdf", "rss", "atom", "jsonfeed"]


def test_atom_says_what_is_text_and_what_is_markup() -> None:
    first, second = parse(ATOM).articles
    assert first.body_format == "html"
    assert first.body is not None and "<p>A ferry.</p>" in first.body
    assert first.updated == datetime(2023, 1, 2, 12, 0, tzinfo=UTC)
    assert (second.body, second.body_format) == ("2 < 3", "text")
    assert second.published == datetime(2023, 1, 3, tzinfo=UTC)
    assert second.authors == ("The Desk",)


def test_a_json_feed_has_attachments_and_pictures() -> None:
    article = only(json.dumps(JSON_FEED))
    assert article.actions == (Action("https://audio.example/1.mp3", "audio/mpeg, 2.5 MB", None, "download"),)
    assert article.images == (Image("https://img.example/1.jpg"),)


def test_a_feed_says_what_it_is_called_and_where_it_belongs() -> None:
    parsed = parse(RSS_2)
    assert (parsed.title, parsed.home) == ("Harbour News", "https://www.harbour.example/")
    assert parsed.links == (("self", "https://harbour.example/rss"),)


def test_an_entry_copied_from_elsewhere_names_its_source() -> None:
    rss = an_rss(an_item(more='<source url="https://www.first.example/rss">First Post</source>'))
    assert only(rss).provider == Provider("First Post", "first.example")
    source = '<source><title>First Post</title><link href="https://first.example/"/></source>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><title>T</title><id>x</id>{source}</entry></feed>'
    assert only(atom).provider == Provider("First Post", "first.example")


@pytest.mark.parametrize(
    ("text", "feed"),
    [
        (RSS_2, True), (RSS_1, True), (RSS_091, True), (ATOM, True), (json.dumps(JSON_FEED), True),
        ("\n <!-- by hand -->\n" + RSS_2, True), ("<html><body><rss></body></html>", False), ('{"value": []}', False),
        ("---\ntitle: x\n---\n", False), ("", False),
    ],
    ids=lambda value: "",
)  # fmt: skip
def test_a_feed_is_recognised_by_how_it_begins(text: str, feed: bool) -> None:
    assert is_feed(text.encode()) is feed
    assert is_feed(text.encode("utf-16")) is feed or text.startswith("{")


# --- text and markup -----------------------------------------------------------------------------------------


def test_a_rich_description_is_the_article_itself() -> None:
    article = only(
        an_rss(an_item(more="<description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description>"))
    )
    assert article.excerpt == "First. Second."
    assert article.body == "<p>First.</p><p>Second.</p>"


def test_relative_addresses_in_a_body_are_completed_and_others_left_alone() -> None:
    body = '<p><a href="/a">a</a> <img src="b.png"> <a href="#c">c</a> <a href="mailto:x@y">d</a> <a href="https://e.example/">e</a></p>'
    more = f"<description><![CDATA[{body}]]></description>"
    assert only(an_rss(an_item(more=more))).body == (
        '<p><a href="https://feed.example/a">a</a> <img src="https://feed.example/b.png"> <a href="#c">c</a> '
        '<a href="mailto:x@y">d</a> <a href="https://e.example/">e</a></p>'
    )


def test_markup_nobody_escaped_is_kept() -> None:
    article = only(an_rss(an_item(more="<description><p>One <b>two</b>.</p></description>")))
    assert article.excerpt == "One two."
    assert article.body == "<p>One <b>two</b>.</p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Caf&eacute; &amp; bar", "Café & bar"),
        ("AT&T", "AT&T"),
        ("a &bogus; b", "a &bogus; b"),
        ("<![CDATA[A & B]]>", "A & B"),
        ("a&#27;[31m&#0;&#xD800;b", "a[31mb"),
        ("a&amp;#27;[31mb", "a[31mb"),
        ("Vector&lt;T&gt;", "Vector<T>"),
        ("two\n lines", "two lines"),
        ("x \x0c y", "x y"),
    ],
)
def test_titles_read_as_meant_and_cannot_act(written: str, shown: str) -> None:
    assert only(an_rss(an_item(written))).title == shown


@pytest.mark.parametrize(
    "data",
    [
        an_rss(an_item("Déjà vu")).encode("latin-1"),
        an_rss(an_item("Déjà vu")).replace("?>", ' encoding="utf-8"?>').encode("cp1252"),
        an_rss(an_item("Déjà vu")).encode("utf-16"),
        b"\xef\xbb\xbf" + an_rss(an_item("Déjà vu")).encode(),
        an_rss(an_item("Déjà vu")).replace("?>", ' encoding="zlib_codec"?>').encode(),
    ],
)
def test_the_encoding_is_found_out(data: bytes) -> None:
    assert only(data).title == "Déjà vu"


def test_utf_7_is_never_honoured() -> None:
    assert only(an_rss(an_item("+ADw-script+AD4-")).replace("?>", ' encoding="UTF-7"?>')).title == "+ADw-script+AD4-"


# --- identity ------------------------------------------------------------------------------------------------


def test_the_address_is_the_identity_whatever_the_guid() -> None:
    one = only(an_rss(an_item(more="<guid>1</guid>")))
    renumbered = only(an_rss(an_item(link="http://www.feed.example/1?utm_medium=x#top", more="<guid>2</guid>")))
    assert one.key == renumbered.key == key_of(canonical_url("https://feed.example/1"))


def test_entries_that_share_an_address_stay_apart_and_the_oldest_keeps_it() -> None:
    old = an_item("old", more="<guid>1</guid><pubDate>Mon, 02 Jan 2023 00:00:00 GMT</pubDate>")
    new = an_item("new", more="<guid>2</guid><pubDate>Tue, 03 Jan 2023 00:00:00 GMT</pubDate>")
    before = only(an_rss(old))
    by_title = {article.title: article for article in parse(an_rss(new + old)).articles}
    assert by_title["old"].key == before.key
    assert by_title["new"].key != before.key
    turned = {article.title: article.key for article in parse(an_rss(old + new)).articles}
    assert turned == {title: article.key for title, article in by_title.items()}


def test_entries_that_link_to_the_home_page_have_their_own_identity() -> None:
    items = "".join(an_item(f"T{n}", "https://feed.example/", f"<guid>{n}</guid>") for n in range(3))
    assert len({article.key for article in parse(an_rss(items)).articles}) == 3


def test_the_same_entry_twice_is_one_with_a_note() -> None:
    parsed = parse(an_rss(an_item(more="<guid>1</guid>") * 2))
    assert len(parsed.articles) == 1
    assert parsed.problems[0].reason == "the same entry a second time"


def test_a_guid_stands_in_for_a_missing_link() -> None:
    article = only(an_rss("<item><title>T</title><guid>https://feed.example/9</guid></item>"))
    assert article.urls.web == "https://feed.example/9"
    article = only(an_rss('<item><title>T</title><guid isPermaLink="false">https://feed.example/9</guid></item>'))
    assert article.urls.web is None


def test_an_entry_with_nothing_is_refused_and_its_neighbours_are_not() -> None:
    parsed = parse(an_rss("<item></item>" + an_item()))
    assert len(parsed.articles) == 1
    assert [(problem.severity, problem.field) for problem in parsed.problems] == [("refused", "entry 1")]


# --- dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 02 Jan 2023 04:05:06 GMT", datetime(2023, 1, 2, 4, 5, 6, tzinfo=UTC)),
        ("02 Jan 23 04:05 EST", datetime(2023, 1, 2, 9, 5, tzinfo=UTC)),
        ("Monday, 2 January 2023 04:05:06 +01:30", datetime(2023, 1, 2, 2, 35, 6, tzinfo=UTC)),
        ("Mon, 02 Jan 2023", datetime(2023, 1, 2, tzinfo=UTC)),
        ("2023-01-02T04:05:06.789-07:00", datetime(2023, 1, 2, 11, 5, 6, tzinfo=UTC)),
        ("2023-01-02", datetime(2023, 1, 2, tzinfo=UTC)),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
        ("Mon, 31 Feb 2023 00:00:00 GMT", None),
        ("1" * 50_000, None),
        ("yesterday", None),
        ("Mon, 02 Jan 9999 00:00:00 GMT", None),
    ],
)
def test_dates_of_feeds(written: str, moment: datetime | None) -> None:
    found, reason = parse_feed_date(written, NOW)
    assert found == moment
    assert bool(reason) is (moment is None)


# --- what is wrong with feeds --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html><head><title>Sign in</title></head></html>", "a web page"),
        ("<opml><body/></opml>", "not a feed"),
        ("no markup at all", "no elements"),
        ("<" * 10_000, "cannot be read as XML"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + an_rss(an_item("&a;")), "declares entities"),
        ('{"version": "https://jsonfeed.org/version/1", "items": 7}', "no list of items"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "not whole JSON"),
        ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000, "nested too deeply"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_feed_says_why(text: str, words: str) -> None:
    parsed = parse(text)
    assert parsed.articles == ()
    assert parsed.refusal is not None
    assert words in parsed.refusal.reason


def test_a_feed_cut_short_gives_its_whole_entries_with_a_note() -> None:
    whole = an_rss(an_item("Whole") + an_item("Cut", "https://feed.example/2"))
    parsed = parse(whole[: whole.index("Cut") + 2])
    assert parsed.articles[0].title == "Whole"
    assert "cut short" in parsed.problems[0].reason


def test_more_entries_than_the_limit_are_named() -> None:
    items = "".join(an_item(f"T{n}", f"https://feed.example/{n}") for n in range(30))
    parsed = parse_feed(an_rss(items).encode(), now=NOW, most=10)
    assert len(parsed.articles) == 10
    assert "20 more entries" in parsed.problems[0].reason


@pytest.mark.parametrize(
    "storm",
    [
        "<!--" * 50_000,
        "<div>" * 50_000,
        '<a href="' * 50_000,
        "<select>" + "<option>x" * 30_000,
        "&" * 50_000,
        "<![CDATA[" * 20_000,
    ],
    ids=["comments", "divs", "links", "options", "ampersands", "cdata"],
)
def test_storms_of_markup_cost_nothing_but_themselves(storm: str) -> None:
    storms = an_item("x", "https://feed.example/x", f"<description><![CDATA[{storm}]]></description>")
    raw = an_item("y", "https://feed.example/y", f"<description>{storm.replace('<', '&lt;')}</description>")
    titles = [article.title for article in parse(an_rss(an_item("first") + storms + raw)).articles]
    assert titles == ["first", "x", "y"]


@given(st.binary(max_size=300), st.integers(0, 2_000))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_parsing_never_raises(junk: bytes, place: int) -> None:
    for whole in (RSS_2.encode(), ATOM.encode(), json.dumps(JSON_FEED).encode()):
        damaged = whole[:place] + junk + whole[place + len(junk) :]
        for data in (damaged, whole[:place], junk):
            for article in parse(data).articles:
                assert article.title is None or article.title.isprintable()


@pytest.mark.shared
def test_the_hostile_feeds_come_out_as_stated(shared: Path) -> None:
    wrong = []
    for row in json.loads((shared / "hostile" / "expected.json").read_text()):
        if not row["file"].startswith("feeds/"):
            continue
        data = (shared / "hostile" / row["file"]).read_bytes()
        parsed = parse_feed(data, path=row["file"], address="http://127.0.0.1/feeds/x", now=NOW)
        low, high = row["items"] if isinstance(row["items"], list) else (row["items"], row["items"])
        noted = bool(parsed.problems) or row["outcome"] not in ("loads+note", "refused")
        refused = parsed.refusal is not None or row["outcome"] != "refused"
        if not (low <= len(parsed.articles) <= high and noted and refused):
            wrong.append((row["file"], row["outcome"], len(parsed.articles), parsed.problems))
        assert len({article.key for article in parsed.articles}) == len(parsed.articles)
        assert parse_feed(data, path=row["file"], address="http://127.0.0.1/feeds/x", now=NOW) == parsed
    assert wrong == []
