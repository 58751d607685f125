"""Bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs

from newstui.errors import FormatError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer ones first where one begins like another."""
_WIDE = ((b"-\0-\0-\0", "utf-16-le"), (b"\0-\0-\0-", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
"""How front matter and JSON begin in UTF-16 without a mark (RFC 4627 §3)."""

_NOT_TEXT = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3\0", "a database"),
    (b"\x7fELF", "a program"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text, with LF line ends, and a note on its encoding (empty when it is UTF-8 or says what it is).

    Raises FormatError when the bytes are not text.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _decode_otherwise(data)
    if text[:1] == "\ufeff":
        text = text[1:]
    if "\0" in text[:64]:
        return _decode_otherwise(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, ""


def _decode_otherwise(data: bytes) -> tuple[str, str]:
    for magic, what in _NOT_TEXT:
        if data.startswith(magic):
            raise FormatError(f"not text but {what}")
    note = ""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _wide(data[len(mark) :], encoding)
            break
    else:
        wide = next((encoding for start, encoding in _WIDE if data.startswith(start)), None)
        if wide is not None:
            text = _wide(data, wide)
        else:
            if not data.strip(b"\0"):
                raise FormatError("holds nothing but zero bytes, as files do after a power cut")
            if data[:1024].count(0) > 0 and not data.startswith((b"---", b"{", b"[", b"<")):
                raise FormatError("not text: it holds zero bytes")
            text, note = _guess(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _wide(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "strict")
    except UnicodeDecodeError:
        return data.decode(encoding, "replace")


def _guess(data: bytes) -> tuple[str, str]:
    """Read bytes that say nothing about themselves: UTF-8 with a few faults, else Windows-1252."""
    faulty = data.decode("utf-8", "replace")
    faults = faulty.count("\ufffd")
    if not faults:
        return faulty, ""
    first = len(faulty.partition("\ufffd")[0].encode())
    if sum(letter > "\x7f" for letter in faulty) - faults > 2 * faults:
        return faulty, f"not valid UTF-8: {faults} places were replaced, the first at byte {first}"
    return "".join(_WINDOWS_1252[byte] for byte in data), f"not UTF-8 (byte {first}); read as Windows-1252"


_WINDOWS_1252 = [bytes([byte]).decode("cp1252", "replace") for byte in range(256)]
