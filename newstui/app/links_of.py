"""The addresses a record gives for itself. Pure."""

from __future__ import annotations

from newstui.model import Article


def article_links(article: Article) -> list[tuple[str, str]]:
    """Return (what it is, address), each address once, the one to open by default first."""
    named = (
        ("web", article.urls.web),
        ("original", article.urls.original),
        ("AMP", article.urls.amp),
        ("AMP copy", article.urls.cdn_amp),
        *((action.title or action.type or "action", action.url) for action in article.actions),
        ("video", article.featured),
    )
    links: dict[str, str] = {}
    for label, url in named:
        if url and url not in links:
            links[url] = label
    return [(label, url) for url, label in links.items()]
