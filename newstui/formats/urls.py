"""Addresses as records write them, and the one form in which two of them are compared."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_WEB = re.compile(r"https?://(?=[^/?#\s])", re.IGNORECASE)
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u3164\uffa0\u2060-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_LONGEST = 8_000
"""Characters; longer addresses are refused by servers anyway."""


def clean_address(written: str, *, has_base: bool = True) -> str:
    """Return the address with entities decoded and blanks around it gone; it may still be unusable.

    Args:
        has_base: whether it stands in a page or feed, where ``//host/path`` takes the scheme of its surroundings.
    """
    if "&" in written:
        written = _ENTITY.sub(lambda entity: unescape(entity[0]), written)
    written = written.strip()
    if written[:2] == "//":
        return "https:" + written if has_base else written
    if written[:4] == "www.":
        return "https://" + written
    return written


def why_unusable(address: str) -> str:
    """Return why a cleaned address cannot be an article's, or an empty string when it can."""
    if not (address.isascii() and address.isprintable()) and _HIDDEN.search(address):
        return "the address holds control or invisible characters"
    if len(address) > _LONGEST:
        return f"the address is longer than {_LONGEST} characters"
    if _WEB.match(address):
        return ""
    scheme = _SCHEME.match(address)
    if scheme is None:
        return "not a web address: it does not begin with http:// or https://"
    if scheme[1].lower() in ("http", "https"):
        return "the address names no host"
    return f"addresses that begin with {scheme[1].lower()}: are not opened, only http and https"


# --- comparing -----------------------------------------------------------------------------------------------

_HOST_PREFIXES = ("www.", "m.", "amp.", "mobile.")
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok _hsenc "  # noqa: SIM905
    "_hsmi _ga _gl ocid cmpid ncid icid cvid spm s_cid sr_share smid guccounter guce_referrer guce_referrer_sig "
    "at_medium at_campaign wt.mc_id ftag ito xtor amp akmobile akdevice".split()
)
"""Parameters that say where a reader came from, not what is read (lower case)."""
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""RFC 3986 §2.3: an escaped one means the same as a bare one."""
_TO_NORMALISE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_USUAL = re.compile(
    r"https?://(?:www\.)?((?!m\.|amp\.|mobile\.|www\.|youtu|google\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"(/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@/]*))?(?:#[!-~]*)?"
)
"""What nine of ten addresses look like: nothing has to be escaped, no twin of another address."""
_PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/]*")
"""Neither escaped nor to be escaped, and nothing after it."""
_hosts: dict[str, str] = {}
"""Host as written after ``https://`` → as compared, of those that `_USUAL` accepts."""
_MOST_REMEMBERED = 5_000
_AMP_CACHE = re.compile(r"(?:[a-z0-9-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?|google\.[a-z.]+/amp/(?:s/)?)(?=[^/?]+\.)")
_YOUTUBE_ID = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed|v|shorts|live)/|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)


def canonical_url(address: str) -> str:
    """Return the form under which an address is the same for every way it is written; without a scheme.

    Scheme, user, default port, ``www.``, tracking parameters, fragment and last slash do not count; parameters
    are sorted, escapes normalised, mobile and AMP twins and forms of a YouTube address unified. Never raises.
    """
    written_host, slash, path = address[8:].partition("/")
    known_host = _hosts.get(written_host)
    if known_host is not None and slash and address[:8] == "https://" and _PLAIN_PATH.fullmatch(path):
        path = path.rstrip("/")
        if path != "amp" and path[-4:] != "/amp":
            return f"{known_host}/{path}" if path else known_host
    usual = _USUAL.fullmatch(address)
    if usual is not None:
        host, path, query = usual.groups()
        path = path.rstrip("/")
        if (path or "#" not in address) and path[-4:] != "/amp" and ".ampproject." not in host:
            if address[:8] == "https://":
                if len(_hosts) >= _MOST_REMEMBERED:
                    _hosts.clear()
                _hosts[written_host] = host
            if not query:
                return host + path
            if "&" not in query:
                return host + path if _is_tracking(query) else f"{host}{path}?{query}"
            kept = [parameter for parameter in query.split("&") if parameter and not _is_tracking(parameter)]
            return f"{host}{path}?{'&'.join(sorted(kept))}" if kept else host + path
    rest = address.strip()
    for _ in range(4):
        again = _canonical(rest)
        if again == rest:
            break
        rest = again
    return rest


def _canonical(address: str) -> str:
    rest = address
    while (scheme := _HTTP.match(rest)) is not None:
        rest = rest[scheme.end() :]
    if _SCHEME_AND_SLASHES.match(rest):
        return rest
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    host = _host(host)
    path = _normalise(slash + path)
    if path.endswith(("/amp", "/amp/")) and path.count("/") > 2:
        path = path.rstrip("/")[:-4]
    path = path.rstrip("/")
    written = map(_normalise, query.split("&")) if query else ()
    kept = sorted(parameter for parameter in written if parameter and not _is_tracking(parameter))
    result = host + path
    if kept:
        result += "?" + "&".join(kept)
    elif fragment and (not path or fragment[0] in "!/"):
        result += "#" + _normalise(fragment)
    if "amp" in host or host.startswith("google."):
        result = _AMP_CACHE.sub("", result, count=1) if _AMP_CACHE.match(result) else result
    if host.startswith("youtu"):
        video = _YOUTUBE_ID.match(result)
        if video is not None:
            return f"youtube.com/watch?v={video[1]}"
        if path == "/watch":
            watched = [parameter for parameter in kept if parameter.startswith("v=")]
            if watched:
                return f"youtube.com/watch?{watched[0]}"
    return result


_HTTP = re.compile(r"(?:https?:)?//+", re.IGNORECASE)
_SCHEME_AND_SLASHES = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def _host(host: str) -> str:
    """Return the host in lower case, in its ``xn--`` form, without user, default port and prefixes."""
    host = host.rpartition("@")[2].lower().rstrip(".")
    for port in (":80", ":443"):
        host = host.removesuffix(port)
    if not host.isascii() and len(host) < 254:
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            host = _normalise(host)
    else:
        host = _normalise(host)
    changed = True
    while changed:
        changed = False
        for prefix in _HOST_PREFIXES:
            if host.startswith(prefix) and "." in host[len(prefix) :]:
                host = host[len(prefix) :]
                changed = True
    return host


def _is_tracking(parameter: str) -> bool:
    """Say whether a parameter only tells where a reader came from, or asks for the AMP twin."""
    lowered = parameter.lower()
    return lowered.startswith("utm_") or lowered.partition("=")[0] in _TRACKING or lowered == "outputtype=amp"


def _normalise(text: str) -> str:
    return _TO_NORMALISE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 3:
        letter = chr(int(found[1:], 16))
        return letter if letter in _UNRESERVED else found.upper()
    return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "surrogatepass"))


def host_of(address: str) -> str:
    """Return the host of an address, lower case, without ``www.`` and port; empty when there is none."""
    rest = _HTTP.sub("", address, count=1) if _HTTP.match(address) else address
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].lower()
    return host.partition(":")[0].removeprefix("www.")
