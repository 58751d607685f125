"""Decode one picture: a program of its own, so that a picture that crashes or stalls it costs one picture.

Reads the file from stdin, writes two lines of text and the pixels to stdout: ``ok WIDTH HEIGHT`` or ``no REASON``.
Started by `pictures.py` as ``python -P picture_decoder.py WIDTH HEIGHT``; imports nothing of newstui.
"""

from __future__ import annotations

import io
import sys
import warnings

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""What is decoded, whatever a file calls itself. PostScript would start a program, SVG may fetch."""
MOST_BYTES = 5_000_000
MOST_PIXELS = 16_000_000
"""Checked before a pixel is decoded: a 236 KB PNG can stand for 634 MB."""
_MOST_MEMORY = 1_000_000_000
_MOST_SECONDS = 5


class UndecodableError(Exception):
    """Why a picture is not shown, in words."""


def decode(data: bytes, width: int, height: int) -> tuple[int, int, bytes]:
    """Return the first frame scaled to fit, as (width, height, RGB bytes). Raises UndecodableError."""
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
                picture.draft("RGB", (width * 2, height * 2))
            size = _fit(picture.width, picture.height, width, height)
            flat = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
            ground = Image.new("RGBA", size, (255, 255, 255, 255))
            ground.alpha_composite(flat)
            return size[0], size[1], ground.convert("RGB").tobytes()
    except UnidentifiedImageError as error:
        raise UndecodableError("not a PNG, JPEG, GIF or WebP picture") from error
    except UndecodableError:
        raise
    except Exception as error:  # a decoder of strangers' bytes raises what it likes
        raise UndecodableError("it is damaged") from error


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
    try:
        width, height, pixels = decode(sys.stdin.buffer.read(MOST_BYTES + 1), int(sys.argv[1]), int(sys.argv[2]))
    except UndecodableError as error:
        out.write(f"no {error}\n".encode())
        return
    out.write(f"ok {width} {height}\n".encode())
    out.write(pixels)


if __name__ == "__main__":
    main()
