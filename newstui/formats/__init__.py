"""Bytes to articles: one module per format. Where bytes come from is left to `sources/`, keeping to `store/`."""

from newstui.formats.parse import parse
from newstui.formats.parsed import DEFAULT_LIMITS, Limits, Notes, Parsed, refused
from newstui.formats.site import NO_SITE, Site, parse_site
from newstui.formats.urls import canonical_url, host_of

__all__ = [
    "DEFAULT_LIMITS",
    "NO_SITE",
    "Limits",
    "Notes",
    "Parsed",
    "Site",
    "canonical_url",
    "host_of",
    "parse",
    "parse_site",
    "refused",
]
