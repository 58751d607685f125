"""Decode one picture: a program of its own, so that a picture that crashes or stalls it costs one picture.

Reads the file from stdin and writes to stdout: a line ``ok WIDTH HEIGHT``, the pixels, and what a graphics terminal
draws if asked for; or a line ``no REASON``. Started by `pictures.py` as
``python -P picture_decoder.py WIDTH HEIGHT [png|sixel WIDTH HEIGHT]``; imports nothing of newstui.
"""

from __future__ import annotations

import io
import sys
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""What is decoded, whatever a file calls itself. PostScript would start a program, SVG may fetch."""
MOST_BYTES = 5_000_000
MOST_PIXELS = 16_000_000
"""Checked before a pixel is decoded: a 236 KB PNG can stand for 634 MB."""
_MOST_MEMORY = 1_000_000_000
_MOST_SECONDS = 5


class Decoded(NamedTuple):
    """A picture ready to be painted."""

    width: int
    """Pixels."""
    height: int
    rgb: bytes
    """Three bytes a pixel, row by row."""
    drawn: bytes
    """What a graphics terminal is sent; empty when that was not asked for."""


class UndecodableError(Exception):
    """Why a picture is not shown, in words."""


def decode(data: bytes, width: int, height: int, form: str = "", fine: tuple[int, int] = (0, 0)) -> Decoded:
    """Return the first frame scaled to fit. Raises UndecodableError.

    Args:
        form: ``png`` or ``sixel`` to have it drawn once more for a graphics terminal, at most as large as `fine`.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise UndecodableError(f"larger than {MOST_BYTES // 1_000_000} MB")
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower and gives words instead of a warning
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:
                raise UndecodableError(f"larger than {MOST_PIXELS // 1_000_000} million pixels")
            if picture.format == "JPEG":
                picture.draft("RGB", (max(width, fine[0]) * 2, max(height, fine[1]) * 2))
            flat = picture.convert("RGBA")
        small = _scaled(flat, width, height)
        drawn = _draw(_scaled(flat, *fine), form) if form else b""
        return Decoded(small.width, small.height, small.tobytes(), drawn)
    except UnidentifiedImageError as error:
        raise UndecodableError("not a PNG, JPEG, GIF or WebP picture") from error
    except UndecodableError:
        raise
    except Exception as error:  # a decoder of strangers' bytes raises what it likes
        raise UndecodableError("it is damaged") from error


def _scaled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return a picture scaled to fit, on white where one sees through it."""
    from PIL import Image

    size = _fit(picture.width, picture.height, width, height)
    ground = Image.new("RGBA", size, (255, 255, 255, 255))
    ground.alpha_composite(picture.resize(size, Image.Resampling.LANCZOS))
    return ground.convert("RGB")


def _draw(picture: Image.Image, form: str) -> bytes:
    """Return what a graphics terminal is sent: a PNG for the kitty protocol, or sixels."""
    if form == "sixel":
        try:
            from textual_image._sixel import image_to_sixels
        except ImportError:  # not its public part: another version may have it elsewhere, and cells do as well
            return b""
        return str(image_to_sixels(picture)).encode("ascii")
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _fit(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    scale = min(most_width / width, most_height / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the time limit of the caller remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))


def main() -> None:
    """Decode what stands on stdin."""
    _limit_resources()
    out = sys.stdout.buffer
    width, height = int(sys.argv[1]), int(sys.argv[2])
    form, fine = (sys.argv[3], (int(sys.argv[4]), int(sys.argv[5]))) if len(sys.argv) > 5 else ("", (0, 0))
    try:
        decoded = decode(sys.stdin.buffer.read(MOST_BYTES + 1), width, height, form, fine)
    except UndecodableError as error:
        out.write(f"no {error}\n".encode())
        return
    out.write(f"ok {decoded.width} {decoded.height}\n".encode())
    out.write(decoded.rgb)
    out.write(decoded.drawn)


if __name__ == "__main__":
    main()
