"""The one door for text from outside, and how text is compared. Pure; how wide it is says `cells.py`.

`clean_line` and `clean_block` are applied once, after the last decoding, before a string enters an `Article`
or a message; everything above may show, copy, log or export what comes out. `fold` and `words` are how a
search sees text: the index and the predicate both go through them, so they agree by construction.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category, normalize

from newstui.cells import cell_width as cell_width
from newstui.cells import truncate as truncate

_MARKS_KEPT = 4
"""Combining marks left on one letter; Hebrew with points and accents, Vietnamese and Thai need at most that."""

_HIDDEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x9f"  # controls that are not white space, C1
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "\U000e0000-\U000e0fff"
)
_NEVER_SHOWN = f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{1,6}}\U000e007f)|[{_HIDDEN}]"
"""Everything that is dropped or repaired, and, to be passed by, the tag sequences of flags (UTS 51 §C.1)."""

_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
"""What C1 code points were meant to be (HTML, §13.2.5.80): a dash stored as U+0097 is a dash."""

_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters by category, blank on the screen."""
_MARKED = (
    "\u0300-\u036f\u0483-\u0489\u0590-\u1cff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua67f\ua69e\ua69f\ua6f0\ua6f1\ua800-\uabff\ufb1e\ufe00-\ufe2f\U000101fd-\U0001efff"
)
"""Every combining mark lies here but those that are never shown, and whole scripts that use them."""
_MAY_NEED_THINNING = f"[{_MARKED}{_FILLERS}]"

_MAY_NEED_REPAIR = (
    "[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2100-\u2bff"
    "\u3001-\u3029\u3041-\u3096\u309b-\u3163\u3165-\ud7a3\uf900-\ufaff\uff01-\uff9f\uffe0-\uffe6"
    "\U0001f000-\U0001faff\U00020000-\U0002fffd]"
)
"""Anything but letters, signs and pictures known to be harmless wherever they stand; one look instead of three."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\u2028\u2029]")
_BLANKS = re.compile("[\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@cache
def _pattern(written: str) -> re.Pattern[str]:
    """Compile with the first text that is not plain ASCII: 3 ms for one class of characters, paid by no start."""
    return re.compile(written)


def clean_line(text: str, limit: int | None = None) -> str:
    """Return one line: controls, bidi and invisible characters gone, white space collapsed, trimmed.

    With `limit`, a longer line is cut to that many characters, the last one an ellipsis.
    """
    if not text.isprintable() if text.isascii() else _pattern(_MAY_NEED_REPAIR).search(text):
        text = repair(text)
    elif not ("  " in text or text[:1] == " " or text[-1:] == " "):
        return text if limit is None or len(text) <= limit else _cut(text, limit)
    text = " ".join(text.split())
    return text if limit is None or len(text) <= limit else _cut(text, limit)


def clean_block(text: str) -> str:
    """Return running text: as `clean_line`, but line ends (as LF), tabs and runs of blanks stay."""
    if not text.replace("\n", "").replace("\t", "").isprintable() or (
        not text.isascii() and _pattern(_MAY_NEED_THINNING).search(text)
    ):
        text = _BLANKS.sub(" ", _LINE_END.sub("\n", repair(text)))
    return text.strip("\n").rstrip()


def _cut(text: str, limit: int) -> str:
    return text[: max(limit - 1, 0)].rstrip().rstrip("\u200d\u200c") + "…" if limit > 0 else ""


def repair(text: str) -> str:
    """Drop or mend what is never shown, and nothing else; white space is left to the caller."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = _pattern(_NEVER_SHOWN).sub(_mend, text)
    if _pattern(_MAY_NEED_THINNING).search(text):
        text = _thin(text)
    return text


def _mend(match: re.Match[str]) -> str:
    return match[1] or _WINDOWS_1252.get(ord(match[0]), "")


def _thin(text: str) -> str:
    """Leave a few marks on each letter, and joiners only where they join."""
    kept: list[str] = []
    marks = 0
    for index, letter in enumerate(text):
        kind = category(letter)
        if letter in "\u200c\u200d":
            if not (kept and _joins(kept[-1]) and _joins(text[index + 1 : index + 2], first=True)):
                continue
        elif kind in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS_KEPT:
                continue
        else:
            marks = 0
        kept.append(letter)
    return "".join(kept)


def _joins(letter: str, *, first: bool = False) -> bool:
    """Say whether a joiner may stand after this character (or, with `first`, before it): letters and emoji."""
    if not letter:
        return False
    kind = category(letter)
    return kind[0] == "L" or kind in ("So", "Sk", "Sm") or (kind[0] == "M" and not first)


# --- comparing -----------------------------------------------------------------------------------------------

_ACCENTS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua67d\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f]"
)
"""Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, selectors; vowel signs of Indic scripts stay."""

_NO_SPACES = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f"
    "\u3038-\u303b\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua980-\ua9ff\uaa60-\uaadf"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Han, Kana, Bopomofo, Yi, Javanese: written without spaces between words."""
_STANDS_ALONE = f"[{_NO_SPACES}]"
_RUN = re.compile(r"[^\W_]+")
_ASCII_BREAKS = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))


def fold(text: str) -> str:
    """Return the form in which text is compared: case and accents do not matter (Zürich = zurich)."""
    if text.isascii():
        return text.lower()
    text = normalize("NFKD", normalize("NFKD", text).casefold())
    return normalize("NFKC", _pattern(_ACCENTS).sub("", text).casefold())


def words(folded: str) -> list[str]:
    """Split folded text into the words a search sees; characters of scripts without spaces stand alone."""
    if folded.isascii():
        return folded.translate(_ASCII_BREAKS).split()
    if not _pattern(_MAY_NEED_THINNING).search(folded) and not _pattern(_STANDS_ALONE).search(folded):
        return _RUN.findall(folded)
    spread = _pattern(_STANDS_ALONE).sub(r" \g<0> ", folded)
    return "".join(letter if letter.isalnum() or category(letter)[0] == "M" else " " for letter in spread).split()
