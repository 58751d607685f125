"""Which article is meant by what somebody typed: an id, the beginning of one, or an address."""

from __future__ import annotations

from newstui.errors import NotFoundError, UsageError
from newstui.formats import canonical_url
from newstui.identity import format_id, key_of, parse_id
from newstui.store.cache import ArticleCache


def resolve(text: str, cache: ArticleCache) -> list[int]:
    """Return the rows meant by an id, a unique prefix of one, or any address of an article.

    Raises NotFoundError (nothing), UsageError (a prefix that fits several articles, naming some).
    """
    text = text.strip()
    span = parse_id(text)
    if span is not None:
        keys = cache.keys_between_unsigned(*span, limit=6)
        if len(keys) > 1:
            some = ", ".join(format_id(key) for key in keys[:5])
            raise UsageError(f"{text} fits several articles: {some}" + (" …" if len(keys) > 5 else ""))
        if keys:
            return cache.rows_of_keys(keys)[keys[0]]
    rows = cache.rows_of_keys([key_of(canonical_url(text))])
    found = next(iter(rows.values()), None) or cache.rows_of_address(text)
    if not found:
        raise NotFoundError(f"no article is called {text}", hint="newstui list shows ids and addresses")
    return found
