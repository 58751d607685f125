"""The one door for links: may an address found in an article be opened, and what exactly is handed to the browser?

Pure. Only http and https open by themselves, mail addresses and addresses that may deceive are asked about first,
everything else is refused with the reason. Starting the browser is left to `library/opener.py`.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Literal
from unicodedata import category, normalize
from urllib.parse import quote

from newstui.records import dataclass

Verdict = Literal["open", "ask", "refuse"]

LONG_ADDRESS = 4_000
"""Characters above which a reader is asked first; honest addresses with tracking parameters stay below 2,100."""
_LONGEST_ADDRESS = 100_000
"""Refused above: Linux takes at most 131,072 bytes in one argument (MAX_ARG_STRLEN)."""
_LONGEST_HOST = 253
"""RFC 1035 §2.3.4, without the final dot."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_PLAIN_HOST = re.compile(rf"(?=.*[a-z0-9]){_LABEL}(?:\.{_LABEL})*\.?")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Categories of characters that a reader cannot see or that turn the text around."""
_MAIL_FIELDS = frozenset(("subject", "body"))
_MAIL = re.compile(r"[A-Za-z0-9._+=~][A-Za-z0-9._+=~-]*@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """What may be done with one address."""

    verdict: Verdict
    address: str = ""
    """Exactly what a program is given, as one argument: ASCII, without credentials. Empty when refused."""
    host: str = ""
    """The host that will really be visited, international names in their ``xn--`` form. Empty when unknown."""
    reason: str = ""
    """Why it is refused or asked about, in words, without a full stop; empty when it just opens."""


def check_link(text: str) -> CheckedLink:
    """Decide about an address as an article gives it. Never raises."""
    text = text.strip(" ")
    if not text:
        return _refused("there is no address")
    if len(text) > _LONGEST_ADDRESS:
        return _refused(f"the address is {len(text):,} characters long")
    if any(category(letter) == "Cc" for letter in text):
        return _refused("the address holds control characters")
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _refused("this is no complete address: it does not begin with https:// or http://")
    name = scheme[1].lower()
    if name == "mailto":
        return _check_mail(text[scheme.end() :])
    if name not in ("http", "https"):
        return _refused(f"{name}: addresses are not opened, only http and https")
    return _check_web(name, text[scheme.end() :])


def _refused(reason: str, host: str = "") -> CheckedLink:
    return CheckedLink("refuse", host=host, reason=reason)


def _check_web(scheme: str, rest: str) -> CheckedLink:
    if not rest.startswith("//") or rest[2:3] in ("", "/", "?", "#"):
        return _refused("the address names no host")
    end = min((at for at in (rest.find(mark, 2) for mark in "/?#") if at >= 0), default=len(rest))
    authority, tail = rest[2:end], rest[end:]
    if "\\" in authority or "\\" in re.split("[?#]", tail, maxsplit=1)[0]:
        return _refused("the address holds a backslash, and programs disagree about what that means")
    user, at, place = authority.rpartition("@")
    host_text, port = _split_port(place)
    if port is None:
        return _refused("the port in the address is no number from 0 to 65535")
    host, problem = _check_host(host_text)
    if problem:
        return _refused(problem)
    address = f"{scheme}://{host}{port}{_encode(tail)}"
    if at:
        return CheckedLink("ask", address, host, _describe_user(user, host))
    if "xn--" in host:
        return CheckedLink("ask", address, host, f"the host has an international name; it is really {host}")
    if any(category(letter) in _INVISIBLE for letter in tail):
        return CheckedLink("ask", address, host, "the address holds characters that cannot be seen")
    if len(address) > LONG_ADDRESS:
        return CheckedLink("ask", address, host, f"the address is {len(address):,} characters long")
    return CheckedLink("open", address, host)


def _describe_user(user: str, host: str) -> str:
    """Say that something stands before the host, without repeating what may be a password."""
    name = user.partition(":")[0]
    if "." in name and ":" not in user and _PLAIN_HOST.fullmatch(name.lower()):
        return f"it looks like {name}, but the host is {host}"
    return f"the address carries a name or password, which is left out; the host is {host}"


def _split_port(place: str) -> tuple[str, str | None]:
    """Return the host and ``:port`` (or an empty string); None for a port that cannot be."""
    bracket = place.rfind("]")
    host, colon, port = place[bracket + 1 :].partition(":")
    host = place[: bracket + 1] + host
    if not colon or not port:
        return host, ""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65_535):
        return host, None
    return host, f":{port}"


def _check_host(host: str) -> tuple[str, str]:
    """Return the host in plain ASCII and an empty string, or the reason why there is none."""
    if host.startswith("["):
        try:
            text = host[1:-1] if host.endswith("]") and "%" not in host else ""  # a zone may hold anything
            return f"[{IPv6Address(text).compressed}]", ""
        except (AddressValueError, ValueError):
            return "", "the host in the address is no valid IPv6 address"
    if len(host) > _LONGEST_HOST + 1:
        return "", "the host name in the address is too long"
    host = host.lower()
    if not host.isascii():
        host = _to_ascii(host)
    if not _PLAIN_HOST.fullmatch(host) or any(len(label) > 63 for label in host.split(".")):
        return "", "the host in the address is not a host name"
    if any(label.startswith("xn--") and not _is_punycode(label[4:]) for label in host.split(".")):
        return "", "the host has a broken international name"
    return host, ""


def _to_ascii(host: str) -> str:
    """Return an international host name as browsers ask for it (UTS 46), or an empty string."""
    if not all(category(letter)[0] in "LMN" or letter in "-." for letter in normalize("NFKC", host).replace("。", ".")):
        return ""
    import idna  # its tables take 10 ms to import, and most hosts are plain

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, ValueError):
        return ""


def _is_punycode(text: str) -> bool:
    try:
        return bool(text) and not text.encode("ascii").decode("punycode").isascii()
    except (UnicodeError, OverflowError, ValueError):
        return False


def _encode(tail: str) -> str:
    """Percent-encode what is not ASCII, spaces and backslashes; every other character stays as it is."""
    return "".join(
        letter if "!" <= letter <= "~" and letter != "\\" else quote(letter, safe="", errors="replace")
        for letter in tail
    )  # fmt: skip


def _check_mail(rest: str) -> CheckedLink:
    recipient, _, query = rest.partition("?")
    fields = {part.partition("=")[0].lower() for part in query.split("&") if part}
    if not fields <= _MAIL_FIELDS:
        return _refused("the mail address wants more than a subject and a text")
    if not _MAIL.fullmatch(recipient) or re.search("%0[ad]", query, re.IGNORECASE):
        return _refused("this is not a mail address")
    return CheckedLink(
        "ask", f"mailto:{recipient}{'?' if query else ''}{_encode(query)}", recipient.partition("@")[2],
        f"this writes a mail to {recipient}",
    )  # fmt: skip
