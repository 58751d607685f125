"""An article comes out of the cache as it went in."""

from __future__ import annotations

import marshal

from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.model import Action, Article, Image, Provider, RelatedItem, Urls
from newstui.store.packing import Packed, StoredArticle, pack, searchable, unpack
from newstui.text import clean_line, fold, words
from tests.builders import NOW, an_article
from tests.strategies import articles


def stored(packed: Packed, path: str, collection: str) -> StoredArticle:
    return StoredArticle(
        packed.key,
        packed.entry if packed.entry is not None else path,
        packed.published,
        packed.quality,
        packed.heat,
        packed.flags,
        *packed.provider,
        packed.type,
        packed.category,
        packed.title,
        packed.excerpt,
        packed.body,
        packed.extra,
        collection,
    )


@given(articles())
@settings(max_examples=100, derandomize=True)
def test_unpacking_gives_back_what_was_packed(article: Article):
    packed = pack(article, article.path)
    assert unpack(stored(packed, article.path, article.collection)) == article
    assert Packed._make(marshal.loads(marshal.dumps(tuple(packed)))) == packed


def test_an_article_with_everything_comes_back_whole():
    article = an_article(
        title="Launch 🚀",
        body="<p>Hello</p>",
        body_format="html",
        updated=NOW,
        urls=Urls("https://a.example/", "https://b.example/", "https://c.example/", "https://d.example/"),
        front_page=False,
        removed=True,
        malformed=True,
        provider_images=(Image("/assets/logo.png", 50, 50),),
        topics=("AI", "Space"),
        tags=("GB",),
        authors=("Ada",),
        images=(Image("https://e.example/x.png", 640, None, "A comet"),),
        actions=(Action("https://f.example/", "Download", None, "download"),),
        related=(
            RelatedItem("Other", None, NOW, "https://g.example/", Provider("G", None), 7, "article"),
            RelatedItem("No address", "…", None, None),
        ),
        featured="https://video.example/1",
        details=(("Length", "57 min"),),
        path="page.json#3",
    )
    packed = pack(article, "page.json")
    assert packed.entry == "page.json#3"
    assert unpack(stored(packed, "page.json", "test")) == article


def test_the_digest_tells_apart_what_a_reader_would_and_nothing_else():
    article = an_article()
    digest = pack(article, article.path).digest
    moved = article._replace(path="elsewhere.md", collection="other")
    assert pack(moved, moved.path).digest == digest
    for change in ({"heat": 71}, {"title": "Other"}, {"topics": ("AI",)}, {"front_page": True}, {"body": "x"}):
        assert pack(article._replace(**change), article.path).digest != digest


def test_indexed_text_has_the_words_a_search_looks_for():
    for title in ("Plain ASCII, it's C++ 2020_x", "Zürich's Straße", "日本 and 한국어"):
        indexed = searchable(title, "Über all", "*Body* [link](https://x.example)", "markdown").lower()
        folded = " ".join(words(fold(indexed)))
        assert words(fold(f"{title} Über all Body link")) == folded.split()


_PIECES = [
    *"aZßİıςéÅ'-—“½ﬁ¨",
    "日本",
    "ไทย",
    "क्षि",
    "한",
    "e\u0301",
    "\u0301",
    "\u2d7f",
    "\ufdfa",
    "👩\u200d💻",
    " ",
    " ",
    "\n",
]


@settings(max_examples=300, derandomize=True)
@given(st.lists(st.sampled_from(_PIECES) | st.characters(exclude_categories=("Cs",)), max_size=12).map("".join))
def test_text_indexed_piece_by_piece_has_the_words_of_the_whole(written: str):
    title = clean_line(written)
    indexed = [
        words(piece.lower()) if piece.isascii() else [piece] for piece in searchable(title, "é", None, "").split()
    ]
    assert [word for piece in indexed for word in piece] == words(fold(f"{title} é"))
