"""Who published an article, completed by what its site knows; and pictures, whose paths the site resolves."""

from __future__ import annotations

import re
from typing import Any

from newstui.formats.fields import Reading
from newstui.formats.urls import host_of
from newstui.model import NO_PROVIDER, Image, Provider
from newstui.text import clean_line

_LOOKS_LIKE_HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_MOST_REMEMBERED = 5_000


def read_provider(reading: Reading, value: Any) -> Provider:
    """Return who published; name and domain complete each other with what the site knows."""
    if value.__class__ is not dict:
        if isinstance(value, str) and value and not value.isspace() and not value.isdigit():
            return _complete(reading, reading.name("provider", value), None)
        reading.mapping("provider", value)
        return NO_PROVIDER
    name, domain = value.get("name"), value.get("domain") or value.get("id")
    if name.__class__ is not str or domain.__class__ is not str:
        return _complete(reading, reading.name("provider.name", name), reading.name("provider.domain", domain))
    remembered = reading.site.providers
    provider = remembered.get((name, domain))
    if provider is None:
        found = len(reading.notes.found)
        provider = _complete(reading, reading.name("provider.name", name), reading.name("provider.domain", domain))
        if len(reading.notes.found) == found:
            if len(remembered) >= _MOST_REMEMBERED:
                remembered.clear()
            remembered[name, domain] = provider
    return provider


def _complete(reading: Reading, name: str | None, domain: str | None) -> Provider:
    site = reading.site
    if domain is not None:
        domain = host_of(domain) if "/" in domain or ":" in domain else domain.lower().removeprefix("www.")
        if "." not in domain:
            domain = site.provider_domains.get(domain)
    if domain is None and name is not None and site.provider_domains:
        domain = site.domain_of(name)
    if name is None:
        name = site.provider_names.get(domain or "")
    elif site.provider_names and _LOOKS_LIKE_HOST.fullmatch(name) is not None:
        host = host_of(name)  # `Node.js` looks like a host too, so it has to be the provider's own
        if domain is None and host in site.provider_names:
            domain = host
        if domain is not None and ("/" in name or _is_under(host, domain) or _is_under(domain, host)):
            name = site.provider_names.get(domain, name)
    if name is None and domain is None:
        return NO_PROVIDER
    return Provider(name, domain)


def _is_under(host: str, domain: str) -> bool:
    return f".{host}".endswith(f".{domain}")


def read_images(reading: Reading, field: str, value: Any) -> tuple[Image, ...]:
    """Return the pictures of an article or a provider; those that lead nowhere are noted."""
    images: list[Image] = []
    if value.__class__ is not list or len(value) > reading.limits.names:
        value = reading.items(field, value, reading.limits.names)
    for item in value:
        if item.__class__ is not dict:
            if not isinstance(item, str):
                reading.mapping(field, item)
                continue
            item = {"url": item}
        address = _image_address(reading, field, item.get("url"))
        if address is not None:
            width = reading.number("images.width", item.get("width"), 1, 100_000)
            height = reading.number("images.height", item.get("height"), 1, 100_000)
            title = item.get("title")
            images.append(Image(address, width, height, reading.line("images.title", title, 300) if title else None))
    return tuple(images)


def _image_address(reading: Reading, field: str, value: Any) -> str | None:
    """Return an absolute address, or a path in the site; relative names such as ``id5_1.jpg`` lead nowhere."""
    if value.__class__ is str and value[0:1] == "/" != value[1:2]:
        path = clean_line(value)
        return reading.site.resolve(path) if ".." not in path.split("/") else None
    return reading.address(field, value, has_base=True)  # pictures are told of as pages do it
