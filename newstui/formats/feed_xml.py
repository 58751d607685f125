"""Feed bytes to an element tree, whatever is wrong with them, without entities, files or network.

What XML forbids and feeds do anyway is put right in the text first: blanks before the declaration, HTML's
entities, bare ampersands, references to characters that do not exist, a wrong encoding. Then lxml reads on
over what is left. Size is the caller's to limit.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Any

from newstui.errors import FormatError
from newstui.records import dataclass

_HONOURED = re.compile(
    r"utf-?(8|16|16le|16be)|us-ascii|ascii|iso-?8859-\d\d?|latin-?1|windows-?125\d|cp125\d|koi8-[ru]|"
    r"gb2312|gbk|gb18030|big5|shift[_-]jis|sjis|euc-jp|euc-kr|iso-2022-jp|macintosh",
    re.IGNORECASE,
)
"""Encodings seen in feeds. Python knows many more, some of them no encodings at all (zlib, idna) or traps (UTF-7)."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"<\?xml[\s\S]{0,400}?\?>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""XML 1.0 §2.2: these cannot be in a document in any form."""
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,10});|#[xX]([0-9A-Fa-f]{1,8});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_SUSPICIOUS = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_KEPT = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FATAL_LEVEL = 3
"""lxml.etree.ErrorLevels.FATAL."""


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document that was made readable."""

    root: Any
    """An lxml element."""
    note: str
    """What was wrong with the whole, in words; empty when nothing was."""


def read_xml(data: bytes, charset: str = "") -> XmlDocument:
    """Return the tree of a feed or outline. `charset` is what the server said. Raises FormatError.

    Refused: nothing at all, and documents that declare entities (they are bombs, or read files).
    """
    if not data.strip():
        raise FormatError("it is empty")
    text, note = _decode(data, charset)
    text = _without_prologue(text)
    encoded = text.encode("utf-8", "replace")
    illegal = _has_illegal(encoded)
    if illegal or _SUSPICIOUS.search(text):
        text = _with_references_mended(_ILLEGAL.sub("", text) if illegal else text)
        encoded = text.encode("utf-8", "replace")
    return _parse(encoded, note)


def _has_illegal(encoded: bytes) -> bool:
    """Say whether there is anything for `_ILLEGAL` to find, at a tenth of its price."""
    if len(encoded.translate(None, _CONTROLS)) != len(encoded):
        return True
    return b"\xef\xbf\xbe" in encoded or b"\xef\xbf\xbf" in encoded


def _decode(data: bytes, charset: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), ""
    if data.startswith((b"<\0", b"\0<")):
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace"), ""
    declared = _DECLARED.search(data[:1000])
    said = declared[1].decode("ascii") if declared else charset.strip("\"' ")
    encoding = said if _HONOURED.fullmatch(said) else "utf-8"
    try:
        return data.decode(encoding), ""
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        return data.decode(), ""
    except UnicodeDecodeError as error:
        mended = data.decode("utf-8", "replace")
        if mended.count("\ufffd") * 3 < sum(letter > "\x7f" for letter in mended[:100_000]):
            return mended, f"not valid UTF-8, the first fault at byte {error.start}"
        return data.decode("cp1252", "replace"), "not in the encoding it names; read as Windows-1252"


def _without_prologue(text: str) -> str:
    """Drop what stands before the first element: declaration, comments, DOCTYPE. Raises FormatError for entities."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    place = 0
    while True:
        start = text.find("<", place)
        if start < 0:
            raise FormatError("not a feed: it holds no elements")
        if text.startswith("<!--", start):
            end = text.find("-->", start)
            place = end + 3 if end >= 0 else len(text)
        elif text.startswith("<?", start):
            end = text.find("?>", start)
            place = end + 2 if end >= 0 else len(text)
        elif text.startswith("<!", start):
            place = _after_doctype(text, start)
        else:
            return text[start:]


def _after_doctype(text: str, start: int) -> int:
    end, bracket = text.find(">", start), text.find("[", start)
    if 0 <= bracket < end:
        end = text.find("]", bracket)
        if "<!ENTITY" in text[bracket : end if end >= 0 else None]:
            raise FormatError("it declares entities of its own, which feeds have no use for")
        end = text.find(">", end) if end >= 0 else -1
    return end + 1 if end >= 0 else len(text)


def _with_references_mended(text: str) -> str:
    """Give every reference XML does not know its character, and every bare ampersand its name; CDATA stays."""
    parts: list[str] = []
    place = 0
    while (start := text.find("<![CDATA[", place)) >= 0:
        end = text.find("]]>", start)
        parts.append(_REFERENCE.sub(_mended, text[place:start]))
        place = end + 3 if end >= 0 else len(text)
        parts.append(text[start:place])
    parts.append(_REFERENCE.sub(_mended, text[place:]))
    return "".join(parts)


def _mended(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name is not None:
        if name in _KEPT:
            return reference[0]
        found = html5.get(name + ";")
        return found.replace("&", "&amp;").replace("<", "&lt;") if found else "&amp;" + reference[0][1:]
    if decimal is None and hexadecimal is None:
        return "&amp;"
    number = int(decimal) if decimal is not None else int(hexadecimal, 16)
    if number > 0x10FFFF or _ILLEGAL.match(chr(number)):
        return ""
    return reference[0]


def _parse(encoded: bytes, note: str) -> XmlDocument:
    from lxml import etree  # 20 ms that only feeds need

    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError("not a feed: it cannot be read as XML", line=error.lineno) from error
    if root is None:
        raise FormatError("not a feed: it cannot be read as XML")
    return XmlDocument(root, note or _describe(parser.error_log))


def _describe(log: Any) -> str:
    """Say what the parser had to read over, when it may have cost entries."""
    for entry in log:
        if entry.level >= _FATAL_LEVEL:
            what = "nested too deeply" if "depth" in entry.message else "damaged or cut short"
            return f"{what} (line {entry.line}); what could be read is here"
    return ""
