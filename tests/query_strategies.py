"""Generators of queries and of articles that such queries have a chance to match."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from newstui.identity import key_of
from newstui.model import Article, Image, Provider, RelatedItem, Urls
from newstui.query.match import Facts
from newstui.query.nodes import And, Between, Has, Is, Node, Not, OneOf, Or, Phrase, Query, Regex, Sort, When, Word
from newstui.text import clean_block, clean_line

TYPED_WORDS = [
    "a",
    "mach",
    "machine",
    "machine-learning",
    "learn",
    "Zürich",
    "zurich",
    "ZÜRICH",
    "c++",
    "C#",
    "AT&T",
    "node.js",
    ".net",
    "don't",
    "日",
    "日本",
    "本語",
    "ひら",
    "한국",
    "กี",
    "หิน",
    "हिन्दी",
    "3.11",
    "2020",
    "50%",
    "R&D",
    "@user",
    "#ai",
    "naïve",
    "straße",
    "STRASSE",
    "İstanbul",
    "ﬁle",
    "12:30",
    "https://x.example/a",
    "x²",
    "½",
    "😀",
    "“quoted”",
    "foo_bar",
    "e-mail",
    "co-op",
    "O'Neill",
    "α",
    "Σίσυφος",
    "...",
    "—",
    "AI/ML",
]
PHRASES = (
    "machine learning",
    "Machine",
    "learning machine",
    "日本語",
    "AT&T",
    "c++",
    "node.js",
    "the new",
    "a",
    "of the",
    "C++ and C#",
    "file.",
)
TEXT_PIECES = [
    "machine",
    "learning",
    "machines",
    "Machine-Learning",
    "learn",
    "Zürich",
    "zurich",
    "café",
    "C++",
    "c",
    "plus",
    "C#",
    "AT&T",
    "at",
    "t",
    "Node.js",
    "node",
    "js",
    "nodejs",
    ".NET",
    "net",
    "don't",
    "don’t",
    "日本語",
    "日本",
    "ひらがな",
    "한국어",
    "한국",
    "กี่",
    "हिन्दी",
    "3.11",
    "2020",
    "50%",
    "R&D",
    "@user",
    "user",
    "#ai",
    "AI",
    "ai",
    "naïve",
    "straße",
    "strasse",
    "İstanbul",
    "ﬁle",
    "file",
    "re:zero",
    "12:30",
    "x²",
    "½",
    "😀",
    "“quoted”",
    "quoted",
    "foo_bar",
    "e-mail",
    "co-op",
    "O'Neill",
    "αλφα",
    "Σίσυφος",
    "the",
    "new",
    "of",
    "a",
    "AI/ML",
    "—",
    "...",
]
TOPICS = ("AI", "Machine Learning", "Zürich", "zurich", "a,b", 'q"uote')
PROVIDERS = (
    Provider("The Verge", "theverge.com"),
    Provider("theverge.com", None),
    Provider(None, "blog.theverge.com"),
    Provider("Éditions", "verge.com"),
    Provider(None, None),
)
URLS = (
    "https://news.example/a/b?x=1",
    "http://News.Example/C%2b%2b",
    "https://x.example/ümlaut",
    "https://verge.com/the-new",
)

texts = st.one_of(
    st.none(), st.lists(st.sampled_from(TEXT_PIECES), max_size=8).map(" ".join), st.text(max_size=12).map(clean_line)
)
bodies = st.one_of(
    texts,
    st.lists(
        st.sampled_from(
            ["**machine** learning", "<p>machine <b>learn</b>ing</p>", "[node.js](https://x.example/hidden)", "AT&amp;T", "`c++`",
             "# Heading", "> of the", "\\*star\\*", "<script>secret</script>", "日本\n語", "snake_case_name", "\n"]
        ),
        max_size=5,
    ).map(" ".join).map(clean_block),
)  # fmt: skip
moments = st.datetimes(datetime(2019, 12, 30), datetime(2021, 1, 3)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@st.composite
def searchable_articles(draw: st.DrawFn) -> Article:
    """An article made of words that queries here look for."""
    return Article(
        key=0,
        path="a.md",
        title=draw(texts),
        excerpt=draw(texts),
        body=draw(bodies),
        body_format=draw(st.sampled_from(["markdown", "html", "text"])),
        published=draw(st.one_of(st.none(), moments)),
        urls=Urls(web=draw(st.sampled_from((*URLS, None))), amp=draw(st.sampled_from((*URLS, None)))),
        type=draw(st.sampled_from([None, "article", "Video"])),
        category=draw(st.sampled_from([None, "news", "samples"])),
        quality=draw(st.one_of(st.none(), st.integers(-3, 300), st.sampled_from([60, 70]))),
        heat=draw(st.one_of(st.none(), st.integers(-1, 4000))),
        provider=draw(st.sampled_from(PROVIDERS)),
        topics=tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=3, unique=True))),
        tags=tuple(draw(st.lists(st.sampled_from(["US-CA", "gb"]), max_size=2, unique=True))),
        authors=tuple(draw(st.lists(st.sampled_from(["Ada Lovelace", "Zoë"]), max_size=2, unique=True))),
        images=draw(st.sampled_from([(), (Image("https://x.example/i.png"),)])),
        related=draw(st.sampled_from([(), (RelatedItem("Other", None, None, None),)])),
        collection=draw(st.sampled_from(["ai", "Space News"])),
    )


@st.composite
def libraries(draw: st.DrawFn, most: int = 12) -> tuple[list[Article], list[Facts], int]:
    """Articles with unique keys, their facts, and how many of the first are new."""
    found = draw(st.lists(searchable_articles(), min_size=1, max_size=most))
    articles = [article._replace(key=key_of(f"news.example/{number}")) for number, article in enumerate(found)]
    new = draw(st.integers(0, len(articles)))
    facts = [
        Facts(
            read=draw(st.booleans()),
            starred=draw(st.booleans()),
            tags=tuple(draw(st.lists(st.sampled_from(["Later", "gb"]), max_size=2, unique=True))),
            note=draw(st.sampled_from(["", "a note"])),
            coverage=draw(st.sampled_from([0, 0, 1, 3])),
            new=number < new,
            followed=draw(st.booleans()),
        )
        for number in range(len(articles))
    ]
    return articles, facts, new


days = st.dates(date(2019, 12, 28), date(2021, 1, 5))
whens = st.one_of(
    st.builds(When, st.sampled_from(["after", "before", "on"]), days),
    st.builds(When, st.sampled_from(["after", "before", "on"]), days.map(lambda day: day.replace(day=1)), st.just("month")),
    st.builds(When, st.sampled_from(["after", "before", "on"]), days.map(lambda day: day.replace(month=1, day=1)), st.just("year")),
    st.builds(
        When, st.sampled_from(["after", "before", "on"]), st.none(), st.just("day"), st.tuples(st.integers(0, 400), st.sampled_from("hdwmy"))
    ),
    st.builds(When, st.sampled_from(["after", "before", "on"]), st.none(), st.just("day"), st.none(), st.sampled_from(["today", "yesterday"])),
)  # fmt: skip
numbers = st.one_of(st.none(), st.integers(-5, 400))


def _between(field: str, low: int | None, high: int | None) -> Between:
    if low is None and high is None:
        low = 0
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Between(field, low, high)  # type: ignore[arg-type]


leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, st.sampled_from([word for word in TYPED_WORDS if word not in ("...", "—")])),
    st.builds(Word, st.sampled_from(["machine", "日本", "c++", "a", "AT&T"]), st.sampled_from(["title", "body"])),
    st.builds(Phrase, st.sampled_from(PHRASES), st.sampled_from(["any", "title", "body"])),
    st.builds(Word, st.sampled_from(["news.example", "C%2B%2B", "the-new", "a/b?x", "Ü"]), st.just("url")),
    st.builds(Regex, st.sampled_from(["machine.learn", "^the", r"c\+\+", "[0-9]{4}", "a/b", "日.語", r"\bai\b"])),
    st.builds(
        OneOf, st.just("topic"), st.lists(st.sampled_from(TOPICS), min_size=1, max_size=2, unique=True).map(tuple)
    ),
    st.builds(OneOf, st.just("provider"), st.sampled_from([("The Verge",), ("theverge.com", "editions"), ("nobody",)])),
    st.builds(
        OneOf, st.just("domain"), st.sampled_from([("theverge.com",), ("com",), ("verge.com", "www.theverge.com")])
    ),
    st.builds(OneOf, st.just("type"), st.sampled_from([("ARTICLE",), ("video", "article")])),
    st.builds(OneOf, st.just("category"), st.sampled_from([("news",), ("samples", "none")])),
    st.builds(OneOf, st.just("collection"), st.sampled_from([("ai",), ("space news",)])),
    st.builds(OneOf, st.just("author"), st.sampled_from([("ada lovelace",), ("zoe", "x")])),
    st.builds(OneOf, st.just("tag"), st.sampled_from([("us-ca",), ("later", "GB")])),
    st.builds(_between, st.sampled_from(["quality", "heat", "coverage"]), numbers, numbers),
    whens,
    st.builds(
        Is, st.sampled_from(["read", "unread", "starred", "new", "single-source", "followed", "tagged", "noted"])
    ),
    st.builds(Has, st.sampled_from(["related", "image", "body", "note"])),
)


def _flat(kind: type[And] | type[Or], nodes: list[Node]) -> Node:
    """Join nodes as reading does: a list in a list of its kind is one list."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, kind) else [node]
    return kind(tuple(flat))


nodes: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: _flat(And, parts), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: _flat(Or, parts), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda node: node.node if isinstance(node, Not) else Not(node)),
    ),
    max_leaves=6,
)
sorts = st.builds(Sort, st.sampled_from(["date", "heat", "quality", "coverage", "top", "rank"]), st.booleans())
queries = st.builds(Query, st.one_of(st.none(), nodes), st.one_of(st.none(), sorts))
