"""Addresses: which may be asked, what may be shown of them, and whose machine they mean. Pure."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from newstui.errors import SourceError
from newstui.sources.credentials import Credential

_PORTS = {"http": 80, "https": 443}
_TRANSLATED = ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052 §2.1): the last four bytes are an IPv4 address."""
_SECRET_NAMES = re.compile(r"(?i)token|key|secret|pass|pwd|auth|sig|session|sid\b|credential")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")

Origin = tuple[str, str, int]
"""Scheme, host, port (RFC 6454 §4)."""


def check_address(text: str, base: str = "") -> str:
    """Return an address that may be fetched, absolute and without a fragment. Raises SourceError.

    Spaces inside are percent-encoded, as every browser does; controls and backslashes are refused.
    """
    try:
        parts = urlsplit(urljoin(base, text.strip()) if base else text.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise SourceError("it is not a valid address", temporary=False) from error
    if scheme not in _PORTS:
        raise SourceError(f"only http and https addresses are fetched, not {scheme or 'a bare name'}:", temporary=False)
    rest = urlunsplit(("", "", parts.path or "/", parts.query, "")).replace(" ", "%20")
    if not host or _UNSAFE.search(host) or _UNSAFE.search(rest):
        raise SourceError("it is not a valid address", temporary=False)
    if parts.username is not None:
        raise SourceError("a user name inside a found address is not accepted", temporary=False)
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}{'' if port in (None, _PORTS[scheme]) else f':{port}'}{_encoded(rest)}"


def split_credentials(location: str) -> tuple[str, Credential | None]:
    """Take ``user:password@`` out of an address: returns (address without it, who to be there or None)."""
    try:
        parts = urlsplit(location.strip())
        user, password = parts.username, parts.password
    except ValueError:
        return location, None
    if user is None or parts.scheme.lower() not in _PORTS:
        return location, None
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host)), Credential(unquote(user), unquote(password or ""))


def shown_address(url: str) -> str:
    """Return an address as it may be shown and logged: no user, no password, no token in the query."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that is not valid"
    query = "&".join(_without_secret(pair) for pair in parts.query.split("&")) if parts.query else ""
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def origin_of(url: str) -> Origin:
    """Return who answers for an address that `check_address` has passed."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the internet at large: not this machine, not the local network."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        if inner := number.ipv4_mapped or number.sixtofour:
            return is_public(str(inner))
        if number in _TRANSLATED:
            return is_public(str(IPv4Address(int(number) & 0xFFFF_FFFF)))
    return number.is_global and not number.is_multicast


def names_local(url: str) -> bool:
    """Say whether an address names this machine or the local network without looking anything up."""
    host = origin_of(url)[1]
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ip_address(host)
    except ValueError:
        # A number in any other spelling (2130706433, 0x7f.1) is an address to the system, and never an honest name.
        return re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host) is not None
    return not is_public(host)


def _encoded(rest: str) -> str:
    return rest if rest.isascii() else quote(rest, safe="%/:?#[]@!$&'()*+,;=-._~|")


def _without_secret(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={'…' if value else ''}" if equals and _SECRET_NAMES.search(name) else pair
