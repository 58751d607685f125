"""Where the addresses of a record are written, in every generation of the format."""

from __future__ import annotations

from typing import Any

from newstui.formats.fields import Reading, Record
from newstui.model import Urls


def read_urls(reading: Reading, record: Record, is_news: bool) -> Urls:
    """Return the addresses; `is_news` says that the record has no keys but those of news records."""
    get = record.get
    raw_web, raw_original = get("webUrl"), get("originalUrl")
    web_field, original_field = "webUrl", "originalUrl"
    if not is_news:
        if not raw_web:
            web_field, raw_web = _other_address(record, *_addresses_besides(reading, record))
        elif not raw_original:
            # A person's or an event's own page; their `webUrl`, in the API, is a page of the site.
            original_field, raw_original = _other_address(record, *_OWN_PAGES)
    web = reading.address(web_field, raw_web) if raw_web else None
    if raw_original == raw_web:
        original = web
    else:
        original = reading.address(original_field, raw_original) if raw_original else None
    if is_news and "ampWebUrl" not in record and "cdnAmpWebUrl" not in record:
        return Urls(original, web)
    raw_amp = get("ampWebUrl") or get("ampUrl")
    raw_cdn = get("cdnAmpWebUrl") or get("cdnAmpUrl")
    amp = reading.address("ampWebUrl", raw_amp) if raw_amp else None
    cdn = reading.address("cdnAmpWebUrl", raw_cdn) if raw_cdn else None
    exported = get("urls")
    if exported.__class__ is dict:
        original = original or reading.address("urls.original", exported.get("original"))
        web = web or reading.address("urls.web", exported.get("web"))
        amp = amp or reading.address("urls.amp", exported.get("amp"))
        cdn = cdn or reading.address("urls.cdn_amp", exported.get("cdn_amp"))
    return Urls(original, web, amp, cdn)


_OWN_PAGES = ("website", "wikipedia", "twitter", "linkedin", "youtube", "twitch", "weibo")
"""Where people and events keep the address of their own page; the first one found counts."""


def _addresses_besides(reading: Reading, record: Record) -> tuple[str, ...]:
    """Return where the address may be written when not under ``webUrl``: records of old, of other makers, people."""
    if reading.api and ("webUrl" in record or record.get("originalUrl")):
        return ("url", "link", *_OWN_PAGES)
    return ("sourceUrl", "url", "link", *_OWN_PAGES)


def _other_address(record: Record, *names: str) -> tuple[str, Any]:
    """Return the first of the names under which an address is written, and what is written there."""
    for name in names:
        value = record.get(name)
        if isinstance(value, dict):
            value = value.get("url")
        if isinstance(value, str) and value and not value.isspace():
            return name, value
    return names[0], None
