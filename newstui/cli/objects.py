"""Articles, coverage and stories as the objects that `--format json` prints: names are a promise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newstui.identity import format_id
from newstui.library.coverage import CUT
from newstui.model import Article, Coverage, Headline, Provider, RelatedItem

ARTICLE_COLUMNS = (
    "id", "published", "provider.name", "title", "urls.web", "type", "category", "quality", "heat",
    "topics", "collection", "path", "read", "starred", "tags",
)  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    """Return UTC as ISO 8601 with ``Z``, without fractions."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20) if moment else None


def provider_object(provider: Provider) -> dict[str, Any]:
    return {"name": provider.name, "domain": provider.domain}


def related_object(item: RelatedItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "excerpt": item.excerpt,
        "published": iso(item.published),
        "url": item.url,
        "provider": provider_object(item.provider),
        "quality": item.quality,
    }


def article_object(
    article: Article, headline: Headline, *, body: bool = False, coverage_known: bool = True
) -> dict[str, Any]:
    """Return what `list` prints of an article; `show` adds the body.

    Args:
        coverage_known: whether no coverage means that there is none, and not that nobody has looked yet.
    """
    urls = article.urls
    value = {
        "id": format_id(article.key),
        "title": article.title,
        "excerpt": article.excerpt,
        "published": iso(article.published),
        "updated": iso(article.updated),
        "urls": {"original": urls.original, "web": urls.web, "amp": urls.amp, "cdn_amp": urls.cdn_amp},
        "type": article.type,
        "category": article.category,
        "quality": article.quality,
        "heat": article.heat,
        "front_page": article.front_page,
        "removed": article.removed,
        "malformed": article.malformed,
        "provider": provider_object(article.provider),
        "topics": list(article.topics),
        "record_tags": list(article.tags),
        "authors": list(article.authors),
        "images": [{"url": image.url, "width": image.width, "height": image.height} for image in article.images],
        "actions": [{"url": action.url, "title": action.title, "type": action.type} for action in article.actions],
        "featured": article.featured,
        "details": dict(article.details),
        "related": [related_object(item) for item in article.related],
        "coverage": headline.coverage if coverage_known or headline.coverage else None,
        "collection": article.collection or headline.collection,
        "path": article.path,
        "read": headline.read,
        "starred": headline.starred,
        "tags": list(headline.tags),
    }
    return value | {"body": article.body} if body else value


def coverage_object(item: Coverage) -> dict[str, Any]:
    return {
        "id": None if item.key is None else format_id(item.key),
        "title": item.title,
        "url": item.url,
        "provider": item.provider.name or item.provider.domain,
        "published": iso(item.published),
        "origin": item.origin,
        "score": round(item.score, 3),
        "copy": item.copy,
        "shown": item.origin == "given" or item.score >= CUT,
    }
