"""Pictures: what may be read, what is decoded, what is kept."""

from __future__ import annotations

import io
import os
import sys
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image as Pillow

from newstui.errors import SourceError
from newstui.library.pictures import Pictures, fetch_from_web
from newstui.model import Image
from newstui.sources import picture_decoder, pictures
from newstui.sources.fetch_settings import RemoteSettings
from newstui.sources.pictures import Graphics, PictureCache, decode_apart, find_local, read_local
from tests.builders import an_article


def a_picture(width: int = 40, height: int = 20, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    Pillow.new("RGB", (width, height), (200, 30, 60)).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_scaled_to_fit_and_keeps_its_shape(kind):
    width, height, rgb, _ = picture_decoder.decode(a_picture(kind=kind), 16, 16)
    assert (width, height, len(rgb)) == (16, 8, 16 * 8 * 3)
    assert all(abs(rgb[index] - want) < 12 for index, want in enumerate((200, 30, 60)))


def test_transparent_parts_are_white():
    stream = io.BytesIO()
    Pillow.new("RGBA", (8, 8), (0, 0, 0, 0)).save(stream, "PNG")
    assert set(picture_decoder.decode(stream.getvalue(), 8, 8)[2]) == {255}


def a_bomb() -> bytes:
    """A PNG that says it has 81 million pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (9000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "not a PNG"),
        (a_picture(kind="BMP"), "not a PNG"),
        (a_bomb(), "16 million pixels"),
        (a_picture()[:60], "damaged"),
        (b"x" * 5_000_001, "5 MB"),
    ],
)
def test_what_is_not_shown_says_why(data, words):
    with pytest.raises(picture_decoder.UndecodableError, match=words):
        picture_decoder.decode(data, 10, 10)


def test_decoding_happens_in_a_program_of_its_own():
    pixels = decode_apart(a_picture(), 10, 10)
    assert (pixels.width, pixels.height, len(pixels.rgb)) == (10, 5, 150)
    with pytest.raises(SourceError, match="not a PNG"):
        decode_apart(b"nothing", 10, 10)


def test_a_graphics_terminal_gets_its_own_drawing():
    png = decode_apart(a_picture(), 10, 10, Graphics("png", 30, 30)).drawn
    with Pillow.open(io.BytesIO(png)) as picture:
        assert picture.size == (30, 15)
    sixels = decode_apart(a_picture(), 10, 10, Graphics("sixel", 30, 30)).drawn
    assert sixels.startswith(b"\x1bP") and sixels.endswith(b"\x1b\\")


def test_without_a_sixel_encoder_the_pixels_are_still_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_image._sixel", None)
    decoded = picture_decoder.decode(a_picture(), 10, 10, "sixel", (30, 30))
    assert (decoded.width, decoded.drawn) == (10, b"")


def test_a_program_that_stalls_is_given_up(monkeypatch):
    monkeypatch.setattr(pictures, "_DECODE_SECONDS", 0.01)
    with pytest.raises(SourceError, match="too long"):
        decode_apart(a_picture(), 10, 10)


def test_a_program_that_dies_costs_only_the_picture(monkeypatch):
    monkeypatch.setattr(pictures.sys, "executable", "/bin/false")
    with pytest.raises(SourceError, match="failed"):
        decode_apart(a_picture(), 10, 10)


def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "assets" / "images").mkdir(parents=True)
    (root / "assets" / "images" / "a b.png").write_bytes(a_picture())
    (tmp_path / "secret.png").write_bytes(a_picture())
    (root / "assets" / "link.png").symlink_to(tmp_path / "secret.png")
    os.mkfifo(root / "assets" / "pipe.png")
    return root


@pytest.mark.parametrize(
    "url", ["/assets/images/a%20b.png", "/assets/images/a b.png", "https://site.example/base/assets/images/a%20b.png"]
)
def test_a_picture_of_the_collections_own_folder_is_found(tmp_path, url):
    found = find_local(url, site(tmp_path))
    assert found is not None and read_local(found) == a_picture()


@pytest.mark.parametrize(
    "url",
    ["/../secret.png", "/assets/../../secret.png", "/assets/%2e%2e/%2e%2e/secret.png", "/assets/link.png", "/assets/pipe.png", "/assets",
     "/etc/passwd", "file:///etc/passwd", "/assets/\0", "https://site.example/other.png", "/assets/" + "x" * 5000, "assets.png"],
)  # fmt: skip
def test_nothing_outside_and_nothing_but_files_is_found(tmp_path, url):
    assert find_local(url, site(tmp_path)) is None


def test_without_a_folder_nothing_is_local(tmp_path):
    assert find_local("/assets/x.png", None) is None


def test_a_picture_of_the_web_is_fetched_once(tmp_path):
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b"bytes"

    for _ in range(2):
        assert PictureCache(tmp_path / "pictures").get("https://pics.example/a.png", fetch) == b"bytes"
    assert asked == ["https://pics.example/a.png"]
    assert (tmp_path / "pictures").stat().st_mode & 0o077 == 0


def test_the_cache_keeps_what_was_looked_at_last(tmp_path):
    cache = PictureCache(tmp_path, most_bytes=250)
    for number in range(4):
        cache.get(f"https://pics.example/{number}", lambda url: b"x" * 100)
        for file in tmp_path.iterdir():
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 10))
    again = []
    cache.get("https://pics.example/3", lambda url: again.append(url) or b"")
    cache.get("https://pics.example/0", lambda url: again.append(url) or b"")
    assert again == ["https://pics.example/0"]


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert PictureCache(tmp_path / "file").get("https://pics.example/a", lambda url: b"bytes") == b"bytes"


REMOTE = Image("https://pics.example/a.png", 40, 20)


def never(url: str) -> bytes:
    raise AssertionError(f"{url} was asked")


def test_the_web_is_asked_only_as_the_reader_chose(tmp_path):
    article = an_article(collection="news")
    assert Pictures(tmp_path, fetch=never).choice(article, REMOTE) == "never"
    assert Pictures(tmp_path, choice="ask", fetch=never).choice(article, REMOTE) == "ask"
    chosen = Pictures(tmp_path, choice="ask", choice_by_collection={"news": "always"}, fetch=never)
    assert chosen.choice(article, REMOTE) == "always"
    assert Pictures(tmp_path, choice="always").choice(article, REMOTE) == "never"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://user:secret@pics.example/a", "javascript:x", "/assets/gone.png"]
)
def test_an_address_that_may_not_open_is_never_asked(tmp_path, url):
    library = Pictures(tmp_path, choice="always", fetch=never)
    assert library.choice(an_article(), Image(url)) == "never"
    with pytest.raises(SourceError):
        library.load(an_article(), Image(url), 10, 10)


def test_a_local_picture_is_always_shown_and_never_asked_for(tmp_path):
    root = site(tmp_path)
    library = Pictures(tmp_path / "cache", root_of=lambda name: root if name == "mine" else None, fetch=never)
    article, image = an_article(collection="mine"), Image("/assets/images/a b.png")
    assert library.choice(article, image) == "always"
    assert library.load(article, image, 8, 8).width == 8
    assert library.choice(an_article(collection="other"), image) == "never"


def test_a_picture_is_decoded_once_per_size(tmp_path, monkeypatch):
    library = Pictures(tmp_path, choice="always", fetch=lambda url: a_picture())
    first = library.load(an_article(collection="c"), REMOTE, 8, 8)
    monkeypatch.setattr("newstui.library.pictures.decode_apart", never)
    assert library.load(an_article(collection="c"), REMOTE, 8, 8) is first


def test_a_picture_never_leads_into_the_local_network():
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(SourceError):
            fetch_from_web(RemoteSettings(timeout_seconds=5))(f"http://127.0.0.1:{server.server_port}/a.png")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
