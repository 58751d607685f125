"""Arrange tests with one line: an article that is complete, of which a test says only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from newstui.identity import key_of
from newstui.model import Article, Provider, Urls

NOW = datetime(2020, 8, 28, 12, 0, tzinfo=UTC)
"""The moment at which tests happen."""

_numbers = count(1)


def an_article(
    *,
    title: str | None = None,
    url: str | None = None,
    days_old: float = 1,
    provider: str | Provider = "Example Times",
    domain: str | None = None,
    **fields: Any,
) -> Article:
    """Return an article with everything a list shows; any field of `Article` can be given by name."""
    number = next(_numbers)
    url = url if url is not None else f"https://news.example/{number}"
    fields.setdefault("key", key_of(url.partition("://")[2]))
    fields.setdefault("path", f"_news/2020-08-28-article-{number}.md")
    fields.setdefault("published", NOW - timedelta(days=days_old))
    fields.setdefault("urls", Urls(original=url, web=url))
    fields.setdefault("excerpt", f"What happened in case {number}.")
    fields.setdefault("type", "article")
    fields.setdefault("category", "news")
    fields.setdefault("quality", 60)
    fields.setdefault("heat", 70)
    fields.setdefault("collection", "test")
    if isinstance(provider, str):
        provider = Provider(provider or None, domain or "times.example")
    return Article(title=title if title is not None else f"Article {number}", provider=provider, **fields)
