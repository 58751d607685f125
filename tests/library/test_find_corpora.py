"""Queries over real collections give exactly the articles a second, independent reading of the language gives.

What stands beside each query is written with nothing of `newstui.query`: words are split here, dates are compared
here, and a query's structure is spelled as Python.
"""

from __future__ import annotations

import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newstui.library import Library, LibraryPaths
from newstui.model import Article

pytestmark = pytest.mark.shared

NOW = datetime(2023, 4, 12, 4, 30, tzinfo=UTC)
ZONE = timezone(timedelta(hours=-8))
"""The reader's day is still the 11th of April."""


@dataclass(frozen=True)
class Seen:
    """An article with what a query can ask of it, worked out here."""

    article: Article
    title: list[str]
    excerpt: list[str]
    body: list[str]
    raw: tuple[str, str, str]
    read: bool
    starred: bool
    tags: tuple[str, ...]
    coverage: int


Test = Callable[[Seen], bool]


# --- a second reading of the language --------------------------------------------------------------------------


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn").casefold()


def split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text))


class _Text(HTMLParser):
    """Collects what a browser shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style")
        if tag not in ("b", "i", "em", "strong", "a", "span", "code", "u", "font", "small", "sup", "sub"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")
        if tag not in ("b", "i", "em", "strong", "a", "span", "code", "u", "font", "small", "sup", "sub"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def shown(article: Article) -> str:
    if not article.body or article.body_format != "html":
        return article.body or ""
    reader = _Text()
    reader.feed(article.body)
    reader.close()
    return "".join(reader.parts)


def w(beginning: str) -> Test:
    return lambda seen: any(
        word.startswith(beginning) for part in (seen.title, seen.excerpt, seen.body) for word in part
    )


def in_title(beginning: str) -> Test:
    return lambda seen: any(word.startswith(beginning) for word in seen.title)


def in_body(beginning: str) -> Test:
    return lambda seen: any(word.startswith(beginning) for word in seen.body)


def side_by_side(words: list[str], expected: list[str], *, whole: bool = True) -> bool:
    size = len(expected)
    for start in range(len(words) - size + 1):
        found = words[start : start + size]
        if found == expected or (not whole and found[:-1] == expected[:-1] and found[-1].startswith(expected[-1])):
            return True
    return False


def p(*expected: str) -> Test:
    return lambda seen: any(side_by_side(part, list(expected)) for part in (seen.title, seen.excerpt, seen.body))


def run(*expected: str) -> Test:
    """Words side by side, of which the last need only begin so."""
    return lambda seen: any(
        side_by_side(part, list(expected), whole=False) for part in (seen.title, seen.excerpt, seen.body)
    )


def title_phrase(*expected: str) -> Test:
    return lambda seen: side_by_side(seen.title, list(expected))


def literal(text: str) -> Test:
    return lambda seen: any(re.search(r"(?<![^\W_])" + re.escape(text), plain(part)) for part in seen.raw)


def rx(pattern: str) -> Test:
    return lambda seen: any(re.search(pattern, part, re.IGNORECASE) for part in seen.raw)


def topic(*names: str) -> Test:
    return lambda seen: any(each.casefold() in names for each in seen.article.topics)


def provider(*names: str) -> Test:
    return lambda seen: (
        plain(seen.article.provider.name or "-") in names or (seen.article.provider.domain or "-") in names
    )


def domain(name: str) -> Test:
    return lambda seen: (
        (found := seen.article.provider.domain) is not None and (found == name or found.endswith("." + name))
    )


def kind(*names: str) -> Test:
    return lambda seen: (seen.article.type or "-").casefold() in names


def category(*names: str) -> Test:
    return lambda seen: (seen.article.category or "-").casefold() in names


def collection(*names: str) -> Test:
    return lambda seen: seen.article.collection.casefold() in names


def author(*names: str) -> Test:
    return lambda seen: any(plain(each) in names for each in seen.article.authors)


def tag(*names: str) -> Test:
    return lambda seen: any(each.casefold() in names for each in (*seen.article.tags, *seen.tags))


def url(piece: str) -> Test:
    urls = ("original", "web", "amp", "cdn_amp")
    return lambda seen: any(piece in (getattr(seen.article.urls, each) or "").lower() for each in urls)


def quality(low: int, high: int = 10**9) -> Test:
    return lambda seen: seen.article.quality is not None and low <= seen.article.quality <= high


def heat(low: int, high: int = 10**9) -> Test:
    return lambda seen: seen.article.heat is not None and low <= seen.article.heat <= high


def since(*day: int) -> Test:
    return lambda seen: seen.article.published is not None and seen.article.published >= datetime(*day, tzinfo=ZONE)  # type: ignore[arg-type,misc]


def until(*day: int) -> Test:
    return lambda seen: seen.article.published is not None and seen.article.published < datetime(*day, tzinfo=ZONE)  # type: ignore[arg-type,misc]


def both(*tests: Test) -> Test:
    return lambda seen: all(test(seen) for test in tests)


def either(*tests: Test) -> Test:
    return lambda seen: any(test(seen) for test in tests)


def no(test: Test) -> Test:
    return lambda seen: not test(seen)


def read(seen: Seen) -> bool:
    return seen.read


def starred(seen: Seen) -> bool:
    return seen.starred


def covered(seen: Seen) -> bool:
    return bool(seen.article.related) or seen.coverage > 0


def has_image(seen: Seen) -> bool:
    return len(seen.article.images) > 0


def has_body(seen: Seen) -> bool:
    return bool((seen.article.body or "").strip())


def anything(seen: Seen) -> bool:
    return True


QUERIES: list[tuple[str, Test]] = [
    # one word, by its beginning
    ("diablo", w("diablo")),
    ("DIABLO", w("diablo")),
    ("diab", w("diab")),
    ("iablo", w("iablo")),
    ("a", w("a")),
    ("z", w("z")),
    ("machin", w("machin")),
    ("learning", w("learning")),
    ("robot", w("robot")),
    ("azure", w("azure")),
    ("2020", w("2020")),
    ("20", w("20")),
    ("the", w("the")),
    ("café", w("cafe")),
    ("naive", w("naive")),
    ("pokemon", w("pokemon")),
    ("Pokémon", w("pokemon")),
    ("é", w("e")),
    ("druid", w("druid")),
    ("necro", w("necro")),
    ("xbox", w("xbox")),
    ("covid", w("covid")),
    ("ai", w("ai")),
    ("qqqq", w("qqqq")),
    ("3", w("3")),
    # words together
    ("diablo druid", both(w("diablo"), w("druid"))),
    ("power apps portal", both(w("power"), w("apps"), w("portal"))),
    ("power AND apps", both(w("power"), w("apps"))),
    ("druid OR barbarian", either(w("druid"), w("barbarian"))),
    ("druid barbarian OR necromancer", either(both(w("druid"), w("barbarian")), w("necromancer"))),
    ("druid (barbarian OR necromancer)", both(w("druid"), either(w("barbarian"), w("necromancer")))),
    ("-diablo", no(w("diablo"))),
    ("!diablo", no(w("diablo"))),
    ("NOT diablo", no(w("diablo"))),
    ("--diablo", w("diablo")),
    ("power -apps", both(w("power"), no(w("apps")))),
    ("-(druid OR barbarian) diablo", both(no(either(w("druid"), w("barbarian"))), w("diablo"))),
    ("-druid OR -barbarian", either(no(w("druid")), no(w("barbarian")))),
    ("-power -diablo", both(no(w("power")), no(w("diablo")))),
    ("((druid))", w("druid")),
    ("a -b -c -d -e", both(w("a"), no(w("b")), no(w("c")), no(w("d")), no(w("e")))),
    ("or", w("or")),
    # phrases
    ('"power apps"', p("power", "apps")),
    ('"Power Apps"', p("power", "apps")),
    ('"power app"', p("power", "app")),
    ('"apps power"', p("apps", "power")),
    ('"machine learning"', p("machine", "learning")),
    ('"artificial intelligence"', p("artificial", "intelligence")),
    ('"diablo 4"', p("diablo", "4")),
    ('"diablo iv" -"diablo 4"', both(p("diablo", "iv"), no(p("diablo", "4")))),
    ('"the"', p("the")),
    ('"in the"', p("in", "the")),
    ('"open beta" druid', both(p("open", "beta"), w("druid"))),
    ('"open beta" OR "closed beta"', either(p("open", "beta"), p("closed", "beta"))),
    ('"common data service"', p("common", "data", "service")),
    ('"a"', p("a")),
    ('"open', p("open")),
    ('"!"', anything),
    # what is typed with signs
    ("model-driven", run("model", "driven")),
    ("ai-power", run("ai", "power")),
    ("u.s", run("u", "s")),
    ("don't", run("don", "t")),
    ("it's", run("it", "s")),
    ("c++", literal("c++")),
    ("c#", literal("c#")),
    ("at&t", literal("at&t")),
    ("q&a", literal("q&a")),
    ("100%", literal("100%")),
    ("#powerapps", literal("#powerapps")),
    ("$1", literal("$1")),
    ("node.js", run("node", "js")),
    ("* diablo", w("diablo")),
    ("diablo*", w("diablo")),
    ("- diablo - druid &", both(w("diablo"), w("druid"))),
    ("4:30", run("4", "30")),
    # title and body
    ("title:diablo", in_title("diablo")),
    ("title:azure", in_title("azure")),
    ("title:druid,barbarian", either(in_title("druid"), in_title("barbarian"))),
    ('title:"diablo 4"', title_phrase("diablo", "4")),
    ("-title:diablo diablo", both(no(in_title("diablo")), w("diablo"))),
    ("body:github", in_body("github")),
    ("body:power", in_body("power")),
    ("body:the -title:the", both(in_body("the"), no(in_title("the")))),
    ("title:power body:app", both(in_title("power"), in_body("app"))),
    # addresses
    ("url:youtube", url("youtube")),
    ("url:YouTube.com/watch", url("youtube.com/watch")),
    ("url:msn.com,forbes.com", either(url("msn.com"), url("forbes.com"))),
    ("url:amp", url("amp")),
    ("url:a diablo", both(url("a"), w("diablo"))),
    ("-url:http", no(url("http"))),
    ('url:"-diablo-"', url("-diablo-")),
    # patterns
    (r"/\bAI\b/", rx(r"\bAI\b")),
    ("/dia.lo/", rx("dia.lo")),
    (r"/\d{4}/", rx(r"\d{4}")),
    ("/^the /", rx("^the ")),
    (r"/\?$/", rx(r"\?$")),
    ("/druid|sorc/", rx("druid|sorc")),
    ("/power +apps/ -portal", both(rx("power +apps"), no(w("portal")))),
    ("-/e/", no(rx("e"))),
    (r"/24\/7/", rx("24/7")),
    ("/é/", rx("é")),
    # whole values
    ("topic:druid", topic("druid")),
    ('topic:"Diablo 4"', topic("diablo 4")),
    ('topic:"power apps"', topic("power apps")),
    ("topic:dru", topic("dru")),
    ("topic:druid,barbarian", topic("druid", "barbarian")),
    ('topic:"AI Builder",Portals', topic("ai builder", "portals")),
    ("topic:druid topic:barbarian", both(topic("druid"), topic("barbarian"))),
    ("-topic:druid", no(topic("druid"))),
    ("topic:AI", topic("ai")),
    ("provider:msn", provider("msn")),
    ("provider:MSN,IGN", provider("msn", "ign")),
    ('provider:"windows central"', provider("windows central")),
    ("provider:microsoft.com", provider("microsoft.com")),
    ("provider:micro", provider("micro")),
    ("domain:microsoft.com", domain("microsoft.com")),
    ("domain:www.microsoft.com", domain("microsoft.com")),
    ("domain:com", domain("com")),
    ("domain:soft.com", domain("soft.com")),
    ("domain:co.uk OR domain:net", either(domain("co.uk"), domain("net"))),
    ("category:news", category("news")),
    ("category:NEWS,samples", category("news", "samples")),
    ("-category:news", no(category("news"))),
    ("type:video", kind("video")),
    ("type:course,download", kind("course", "download")),
    ("type:none", kind("none")),
    ("collection:ai-news", collection("ai-news")),
    ('collection:"diablo 4 smartable"', collection("diablo 4 smartable")),
    ("author:h-nagao", author("h-nagao")),
    ("author:ANONYMOUS,wyotim", author("anonymous", "wyotim")),
    ("author:h", author("h")),
    ("tag:later", tag("later")),
    ("tag:Later,us-ca", tag("later", "us-ca")),
    # numbers
    ("quality:>=60", quality(60)),
    ("quality:>60", quality(61)),
    ("quality:<40", quality(-(10**9), 39)),
    ("quality:<=40", quality(-(10**9), 40)),
    ("quality:40..70", quality(40, 70)),
    ("quality:70..", quality(70)),
    ("quality:..20", quality(-(10**9), 20)),
    ("quality:100", quality(100, 100)),
    ("-quality:>=60", no(quality(60))),
    ("heat:-1", heat(-1, -1)),
    ("heat:<0", heat(-(10**9), -1)),
    ("heat:>=100", heat(100)),
    ("heat:>300", heat(301)),
    ("heat:0..80 quality:>=50", both(heat(0, 80), quality(50))),
    ("heat:-1,200..400", either(heat(-1, -1), heat(200, 400))),
    ("coverage:0", lambda seen: seen.coverage == 0),
    ("coverage:>=0", anything),
    # days
    ("after:2020-03", since(2020, 3, 1)),
    ("before:2020-03", until(2020, 3, 1)),
    ("on:2020-03", both(since(2020, 3, 1), until(2020, 4, 1))),
    ("on:2019", both(since(2019, 1, 1), until(2020, 1, 1))),
    ("after:2023", since(2023, 1, 1)),
    ("before:2018-06-15", until(2018, 6, 15)),
    ("on:2019-08-19", both(since(2019, 8, 19), until(2019, 8, 20))),
    ("after:2020-01-31 before:2020-02-02", both(since(2020, 1, 31), until(2020, 2, 2))),
    ("-after:2000", no(since(2000, 1, 1))),
    ("after:7d", since(2023, 4, 4)),
    ("after:2w", since(2023, 3, 28)),
    ("after:1m", since(2023, 3, 11)),
    ("before:1y", until(2022, 4, 11)),
    ("on:today", both(since(2023, 4, 11), until(2023, 4, 12))),
    ("on:yesterday", both(since(2023, 4, 10), until(2023, 4, 11))),
    ("after:yesterday before:today", both(since(2023, 4, 10), until(2023, 4, 11))),
    ("after:12h", since(2023, 4, 11, 8)),
    # states and things
    ("is:read", read),
    ("is:unread", no(read)),
    ("is:starred", starred),
    ("is:read,starred", either(read, starred)),
    ("is:starred -is:read", both(starred, no(read))),
    ("is:tagged", lambda seen: bool(seen.tags)),
    ("is:single-source", no(covered)),
    ("has:related", covered),
    ("has:image", has_image),
    ("-has:image", no(has_image)),
    ("has:body", has_body),
    ("has:note", no(anything)),
    ("is:unread has:related has:image", both(no(read), covered, has_image)),
    # everything at once
    (
        'topic:AI OR (provider:"MSN" -is:read) after:2020-03 quality:>=60 sort:-quality',
        either(topic("ai"), both(provider("msn"), no(read), since(2020, 3, 1), quality(60))),
    ),
    ("topic:druid (beta OR build) -type:video heat:>=50", both(topic("druid"), either(w("beta"), w("build")), no(kind("video")), heat(50))),
    ('-(is:read OR is:starred) "open beta" after:2023-03', both(no(either(read, starred)), p("open", "beta"), since(2023, 3, 1))),
    ("(type:video OR type:course) -topic:\"power apps\" sort:heat", both(kind("video", "course"), no(topic("power apps")))),
    ("domain:microsoft.com title:power is:unread sort:top", both(domain("microsoft.com"), in_title("power"), no(read))),
    ("view:Unread diablo", both(no(read), w("diablo"))),
    ("view:Starred OR view:Today", either(starred, both(since(2023, 4, 11), until(2023, 4, 12)))),
    ("", anything),
]  # fmt: skip


# --- the collections -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Every corpus there is, with some of it read, starred and tagged."""
    folder = tmp_path_factory.mktemp("corpora")
    with tarfile.open(shared / "corpora/diablo4-site.tar.gz") as archive:
        archive.extractall(folder / "diablo4", filter="data")
    corpora = [str(shared / "corpora" / name) for name in ("power-apps-site", "ai-news", "sister-news")]
    library = Library.open(
        LibraryPaths(folder / "data", folder / "cache"),
        locations=[*corpora, str(folder / "diablo4")],
        clock=lambda: NOW,
        zone=ZONE,
    )
    for _event in library.refresh():
        pass
    rows = sorted(library.find("").rows())
    library.mark(rows[::3], "read")
    library.mark(rows[::7], "starred")
    library.mark(rows[::50], "tag", "Later")
    yield library
    library.close()


@pytest.fixture(scope="module")
def seen(library: Library) -> dict[int, Seen]:
    """Row → the article, ready to be asked."""
    listing = library.find("")
    found = {}
    for headline in listing.window(0, len(listing)):
        article = library.article(headline.row)
        assert article is not None
        raw = (article.title or "", article.excerpt or "", shown(article))
        found[headline.row] = Seen(
            article,
            *map(split, raw),
            raw=raw,
            read=headline.read,
            starred=headline.starred,
            tags=headline.tags,
            coverage=headline.coverage,
        )
    assert len(found) > 2500
    return found


def test_there_are_enough_queries() -> None:
    texts = [text for text, _ in QUERIES]
    assert len(set(texts)) == len(texts) >= 150


@pytest.mark.parametrize(("query", "test"), QUERIES, ids=[text or "everything" for text, _ in QUERIES])
def test_a_query_finds_exactly_the_articles_it_means(
    library: Library, seen: dict[int, Seen], query: str, test: Test
) -> None:
    expected = {row for row, article in seen.items() if test(article)}
    found = library.find(query).rows()
    assert len(found) == len(set(found))
    missing, extra = expected.difference(found), set(found) - expected
    assert not missing, [seen[row].article.title for row in missing][:5]
    assert not extra, [seen[row].article.title for row in extra][:5]


def test_most_queries_find_something(seen: dict[int, Seen]) -> None:
    found = [any(test(article) for article in seen.values()) for _, test in QUERIES]
    assert sum(found) > len(found) * 0.8
