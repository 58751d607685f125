"""Videos and other pages that a body embeds: what people call the service, and where a person would look at them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from newstui.links import check_link
from newstui.text import clean_line

SERVICES = {
    "youtube.com": "YouTube", "youtube-nocookie.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion", "twitch.tv": "Twitch", "ted.com": "TED", "spotify.com": "Spotify",
    "soundcloud.com": "SoundCloud", "apple.com": "Apple Podcasts", "twitter.com": "Twitter", "x.com": "X",
    "instagram.com": "Instagram", "facebook.com": "Facebook", "tiktok.com": "TikTok", "github.com": "GitHub",
    "codepen.io": "CodePen", "google.com": "Google", "microsoftstream.com": "Microsoft Stream",
}  # fmt: skip
"""Host → the name people know, for embedded videos and other pages."""
_SOUND = frozenset(("Spotify", "SoundCloud", "Apple Podcasts"))
_PAGES = frozenset(("Twitter", "X", "Instagram", "Facebook", "GitHub", "CodePen", "Google"))


def describe_embed(url: str) -> tuple[str, str]:
    """Say what an embedded page is, and give the address where a person would look at it."""
    host = host_of(url).removeprefix("www.")
    service = next((name for known, name in SERVICES.items() if host == known or host.endswith("." + known)), "")
    if not service:
        return f"Embedded page on {host}", url
    kind = "Sound" if service in _SOUND else "Embedded page" if service in _PAGES else "Video"
    if service == "YouTube" and (match := re.search(r"/embed/([A-Za-z0-9_-]{6,20})(?![A-Za-z0-9_-])", url)):
        if match[1] == "videoseries":
            playlist = parse_qs(urlsplit(url).query).get("list", [""])[0]
            return "Videos on YouTube", f"https://www.youtube.com/playlist?list={playlist}" if playlist else url
        return "Video on YouTube", f"https://www.youtube.com/watch?v={match[1]}"
    if service == "Vimeo" and (match := re.search(r"/video/([0-9]{4,14})", url)):
        return "Video on Vimeo", f"https://vimeo.com/{match[1]}"
    return f"{kind} on {service}", url


def host_of(url: str) -> str:
    """Return the host of an address as `links.py` sees it, else the beginning of the address."""
    return check_link(url).host or clean_line(url, 60)
