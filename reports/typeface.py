"""The fonts of printed reports: what they can show, how wide it is, where a line may break.

Three fonts travel with the project (`fonts/README.md`): a full regular Chinese
font, a bold subset for headings, and an emoji font, because livestream
nicknames have emoji. What none of them has is printed as `[U+XXXX]`, so that
nothing vanishes and no character passes for another. Format and control
characters (bidi overrides, zero-width spaces) are printed that way too: an
invisible character in a name is something a reader must see.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

FOLDER = Path(__file__).resolve().parent / "fonts"
REGULAR, BOLD, EMOJI = "SunbookSans", "SunbookSansBold", "SunbookEmoji"
_FILES = {
    REGULAR: "NotoSansSC-Regular.ttf",
    BOLD: "NotoSansSC-Bold-Subset.ttf",
    EMOJI: "NotoEmoji-Regular.ttf",
}
_REPLACED = {"\t": " ", "\u00a0": " ", "\r": "", "\u200d": "", "\ufe0e": "", "\ufe0f": ""}
"""Spaces that print as one, and the joiners of emoji: their parts are printed one by one."""
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

_NEVER_FIRST = frozenset("，。、；：？！）】》〉」』〕”’…—～％‰·,.;:!?)]}%、々〗＞｝］")
_NEVER_LAST = frozenset("（【《〈「『〔“‘￥¥([{〖＜｛［#＃")
_UNIT = re.compile(r"[ \u3000]+|[^ \u3000\u2010-\uffff\U00010000-\U0010ffff]+|.", re.DOTALL)
"""A run of spaces, a run of letters and digits (an English word, an amount), or one character."""

_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Style:
    """Fonts in order of preference, and the advance (per 1000) of every character they can show."""

    fonts: tuple[tuple[str, frozenset[str]], ...]
    advance: dict[str, int]
    own: frozenset[str]


def to_unicode(fontname: str, subset: list[int]) -> str:
    """Return the CMap from a font's codes to text, in place of ReportLab's own.

    ReportLab 5.1 writes a character beyond U+FFFF as five hex digits, which
    readers take for another character: 𬭚 looks right but is copied and
    searched as ⲵ. UTF-16BE is what PDF asks for, and at most 100 a block.
    """
    pairs = [
        f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>"
        for code, value in enumerate(subset)
        if value
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
            f"/CMapName /{fontname} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def register() -> None:
    """Make the fonts known to ReportLab, once; later calls cost nothing."""
    _styles()


def _styles() -> tuple[_Style, _Style]:
    """Return the regular and the bold style, reading the fonts at the first call only."""
    with _lock:
        return _read_fonts()


@cache
def _read_fonts() -> tuple[_Style, _Style]:
    """Read and register the fonts. Registering twice would break a document being made."""
    ttfonts.makeToUnicodeCMap = to_unicode
    rl_config.useA85 = 0  # binary streams: a fifth smaller, and quicker
    have: dict[str, frozenset[str]] = {}
    widths: dict[str, dict[str, int]] = {}
    for name, file in _FILES.items():
        font = ttfonts.TTFont(name, str(FOLDER / file))
        pdfmetrics.registerFont(font)
        face = font.face
        widths[name] = {
            chr(code): round(face.charWidths.get(code, face.defaultWidth))
            for code in face.charToGlyph
            if unicodedata.category(chr(code)) not in _HIDDEN and chr(code) not in _REPLACED
        }
        have[name] = frozenset(widths[name])
    regular = {**widths[EMOJI], **widths[REGULAR]}
    plain = _Style(((REGULAR, have[REGULAR]), (EMOJI, have[EMOJI])), regular, have[REGULAR])
    strong = _Style(((BOLD, have[BOLD]), *plain.fonts), {**regular, **widths[BOLD]}, have[BOLD])
    return plain, strong


def clean(text: str) -> str:
    """Return text in which every character can be shown; line breaks stay.

    A character that no font has, or that would be invisible, becomes `[U+XXXX]`.
    """
    plain, _ = _styles()
    if plain.own.issuperset(text):
        return text
    return "".join(_shown(char, plain.advance) for char in text)


def _shown(char: str, advance: dict[str, int]) -> str:
    if char in advance or char == "\n":
        return char
    return _REPLACED.get(char, f"[U+{ord(char):04X}]")


def runs(text: str, *, bold: bool = False) -> list[tuple[str, str]]:
    """Split clean text into (font name, text) runs, each in the first font that has it."""
    style = _styles()[bold]
    if style.own.issuperset(text):
        return [(style.fonts[0][0], text)]
    found: list[tuple[str, str]] = []
    for char in text:
        name = next((font for font, have in style.fonts if char in have), REGULAR)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + char)
        else:
            found.append((name, char))
    return found


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of clean text in points."""
    return sum(map(_styles()[bold].advance.__getitem__, text)) * size / 1000


def wrap(text: str, limit: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break clean text into lines no wider than `limit` points.

    Chinese breaks anywhere except before closing and after opening punctuation;
    English words and amounts stay whole unless one alone is wider than a line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width(paragraph, size, bold=bold) <= limit:
            lines.append(paragraph)
        else:
            lines.extend(_fill(pieces(paragraph), limit, size, bold=bold))
    return tuple(lines)


def pieces(paragraph: str) -> list[str]:
    """Return pieces between which a line may break, punctuation glued where it belongs.

    A hyphen stays with what is before it: 记-0001 is one piece.
    """
    chunks: list[str] = []
    for unit in _UNIT.findall(paragraph.replace("\n", " ")):
        last = chunks[-1] if chunks else ""
        if last and (unit[0] in _NEVER_FIRST or last[-1] in _NEVER_LAST or unit[0] == "-" or unit.isspace()):
            chunks[-1] += unit
        else:
            chunks.append(unit)
    return chunks


def _fill(chunks: list[str], limit: float, size: float, *, bold: bool) -> list[str]:
    """Fill lines greedily; a chunk wider than a line is cut at any character."""
    lines, line = [], ""
    for chunk in chunks:
        if line and width((line + chunk).rstrip(), size, bold=bold) > limit:
            lines.append(line.rstrip())
            line = ""
        line += chunk
        if width(line.rstrip(), size, bold=bold) > limit:
            *full, line = _cut(line, limit, size, bold=bold)
            lines.extend(full)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(text: str, limit: float, size: float, *, bold: bool) -> list[str]:
    """Cut text into pieces that each fit (one character at least), looking at each character once."""
    advance = _styles()[bold].advance
    pieces, start, used = [], 0, 0.0
    for place, char in enumerate(text):
        step = advance[char] * size / 1000
        if used + step > limit and place > start:
            pieces.append(text[start:place])
            start, used = place, 0.0
        used += step
    return [*pieces, text[start:]]
