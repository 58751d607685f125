"""What each word of the language means for one article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newstui.model import Image, Provider, RelatedItem, Urls
from newstui.query import Facts, Moment, matches
from newstui.query.match import NO_FACTS
from newstui.query.parse import parse
from tests.builders import NOW, an_article

MOMENT = Moment(NOW, UTC)


def finds(query: str, facts: Facts = NO_FACTS, **fields: Any) -> bool:
    fields.setdefault("title", "Untitled")
    return matches(parse(query), an_article(**fields), facts, MOMENT)


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("machin", "New Machines", True),
        ("MACHIN", "new machine", True),
        ("achine", "machine", False),
        ("zurich", "Neues aus Zürich", True),
        ("Zürich", "ZURICH", True),
        ("strasse", "Straße", True),
        ("istanbul", "İstanbul", True),
        ("file", "ﬁles", True),
        ("本語", "日本語の本", True),
        ("日語", "日本語", False),
        ("ひ", "日本ひらがな", True),
        ('"本語"', "日本語", True),
        ("AI", "AI人工", True),
        ('"machine learning"', "Machine  Learning!", True),
        ('"machine learning"', "machine learnings", False),
        ('"machine learning"', "learning machine", False),
        ('"machine learning"', "machine, learning", True),
        ('"a"', "an", False),
        ("machine-learning", "Machine Learning", True),
        ("machine-learn", "machine-learning", True),
        ("machine-learn", "machine elearning", False),
        ("node.js", "Node.js 20", True),
        ("node.js", "js node", False),
        ("c++", "Modern C++ today", True),
        ("c++", "vitamin c today", False),
        ("c#", "C#", True),
        ("c#", "C# and F#", True),
        ("c", "C# and F#", True),
        ("at&t", "AT&T grows", True),
        ("at&t", "at the fair", False),
        ("AT&T,", "by AT&T", True),
        ("t", "AT&T", True),
        ("#ai", "the #AI tag", True),
        ("#ai", "the AI tag", False),
        ("50%", "only 50% of it", True),
        ("😀", "so 😀!", True),
        ("😀", "so sad", False),
        ("don't", "Don’t", True),
        ("foo_b", "foo_bar", True),
        ("/c.t/", "Cat", True),
        ("/^cat$/", "a cat", False),
        (r"/\d{4}/", "in 2020", True),
    ],
)
def test_words_find_beginnings_phrases_find_wholes(query: str, title: str, found: bool) -> None:
    assert finds(query, title=title) is found


def test_words_are_looked_for_in_title_excerpt_and_body_each_on_its_own() -> None:
    texts = {"title": "Alpha", "excerpt": "Beta", "body": "Gamma"}
    for word in ("alpha", "beta", "gamma", "/alp/", "/bet/", "/gam/"):
        assert finds(word, **texts)
    assert finds("alpha beta gamma", **texts)
    assert not finds('"alpha beta"', **texts)
    assert finds("title:alpha body:gamma", **texts)
    assert not finds("title:beta", **texts) and not finds("body:alpha", **texts)


def test_a_body_is_searched_as_it_is_shown() -> None:
    html = "<p>Great <b>new</b>s: AT&amp;T</p><script>secret()</script>"
    assert finds('"great news"', body=html, body_format="html") and finds("at&t", body=html, body_format="html")
    assert not finds("secret", body=html, body_format="html") and not finds("amp", body=html, body_format="html")
    markdown = "See [the *long* report](https://x.example/hidden) and `code`"
    assert finds('"the long report and code"', body=markdown)
    assert not finds("hidden", body=markdown)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("topic:ai", True),
        ("topic:A", False),
        ("topic:x,AI", True),
        ("provider:verge", False),
        ('provider:"the VERGE"', True),
        ("provider:news.theverge.com", True),
        ("provider:theverge.com", False),
        ("domain:theverge.com", True),
        ("domain:www.TheVerge.com", True),
        ("domain:verge.com", False),
        ("domain:com", True),
        ("category:NEWS", True),
        ("type:article", True),
        ("type:art", False),
        ("collection:Test", True),
        ('author:"zoe a"', True),
        ("author:zoe", False),
        ("tag:gb", True),
        ("tag:later", True),
        ("url:X.example/A", True),
        ("url:amp", True),
        ("url:b?c", False),
        ("quality:60", True),
        ("quality:61..", False),
        ("heat:<0", False),
        ("heat:>=0", False),
        ("-heat:>=0", True),
        ("coverage:>=2", True),
        ("has:related", True),
        ("has:image", True),
        ("has:body", False),
        ("has:note", True),
        ("is:noted is:tagged is:starred is:read is:new", True),
        ("is:unread", False),
        ("is:followed", True),
        ("is:single-source", False),
        ("on:2020-08-27", True),
        ("after:2020-08-27", True),
        ("before:2020-08-27", False),
        ("before:2020-08-28", True),
        ("on:yesterday", True),
        ("after:1d", True),
        ("after:0d", False),
    ],
)
def test_fields_mean_whole_values(query: str, found: bool) -> None:
    article = {
        "topics": ("AI",),
        "provider": Provider("The Verge", "news.theverge.com"),
        "authors": ("Zoë A",),
        "tags": ("GB",),
        "urls": Urls(web="https://x.example/a?b", amp="https://x.example/amp"),
        "quality": 60,
        "heat": None,
        "images": (Image("https://x.example/i.png"),),
        "body": " \n",
        "published": datetime(2020, 8, 27, 23, 59, 59, tzinfo=UTC),
    }
    facts = Facts(read=True, starred=True, tags=("Later",), note="n", coverage=2, new=True, followed=True)
    assert finds(query, facts, **article) is found


def test_a_comparison_with_something_absent_is_false() -> None:
    for query in ("quality:>=0", "quality:<=0", "heat:..5", "after:1990", "before:2030", "on:2020"):
        assert not finds(query, quality=None, heat=None, published=None)
        assert finds(f"-{query}", quality=None, heat=None, published=None)


def test_given_coverage_makes_a_story_of_more_than_one_source() -> None:
    assert finds("is:single-source -has:related")
    assert finds("has:related", related=(RelatedItem("Other", None, None, None),))
    assert not finds("is:single-source", Facts(coverage=1))
