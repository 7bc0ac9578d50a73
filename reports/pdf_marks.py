"""Marks as PDF operators, written straight into a page's content stream.

ReportLab's own drawing calls format every number and colour with care that a
table of thousands of cells does not need; this writes only what changes, with
two decimals (a 3,500th of a millimetre would not be seen), and is several times faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reportlab.pdfbase import pdfmetrics

from reports import typeface
from reports.pdf_page import Box, Label, Mark, Rule, Tone

COLOURS: dict[Tone, tuple[float, float, float]] = {
    "ink": (0.08, 0.08, 0.08),
    "soft": (0.33, 0.33, 0.33),
    "faint": (0.5, 0.5, 0.5),
    "rule": (0.58, 0.6, 0.62),
    "head": (0.92, 0.93, 0.945),
    "zebra": (0.972, 0.976, 0.98),
    "accent": (0.1, 0.22, 0.38),
    "red": (0.75, 0.0, 0.0),
    "white": (1.0, 1.0, 1.0),
}
"""Dark enough, or light enough, to stay apart on a black-and-white printer."""

_RGB = {tone: " ".join(f"{part:g}" for part in colour) for tone, colour in COLOURS.items()}


def operators(marks: Iterable[Mark], document: Any) -> list[str]:  # noqa: ANN401 - untyped in the stubs
    """Return the operators that draw `marks`, leaving the graphics state as it was.

    `document` is ReportLab's PDFDocument: a font numbers its characters anew in each.
    """
    code = ["q"]
    now: dict[str, str] = {}
    for mark in marks:
        if isinstance(mark, Label):
            code.extend(_set(now, "fill", f"{_RGB[mark.tone]} rg"))
            code.extend(_text(mark, document))
        elif isinstance(mark, Rule):
            code.extend(_pen(now, mark.tone, mark.weight))
            code.append(f"{mark.x1:.2f} {mark.y1:.2f} m {mark.x2:.2f} {mark.y2:.2f} l S")
        else:
            code.extend(_box(now, mark))
    return [*code, "Q"]


def _set(now: dict[str, str], what: str, operator: str) -> Iterator[str]:
    """Yield an operator that changes the graphics state, unless the state is that already."""
    if now.get(what) != operator:
        now[what] = operator
        yield operator


def _pen(now: dict[str, str], tone: Tone, weight: float) -> Iterator[str]:
    yield from _set(now, "stroke", f"{_RGB[tone]} RG")
    yield from _set(now, "weight", f"{weight:.2f} w")


def _box(now: dict[str, str], box: Box) -> Iterator[str]:
    if box.fill:
        yield from _set(now, "fill", f"{_RGB[box.fill]} rg")
    if box.line:
        yield from _pen(now, box.line, box.weight)
    paint = {(True, True): "B", (True, False): "f", (False, True): "S"}[bool(box.fill), bool(box.line)]
    shape = f"{box.x:.2f} {box.y:.2f} {box.wide:.2f} {box.high:.2f} re {paint}"
    yield f"[3 2] 0 d {shape} [] 0 d" if box.dash else shape


def _text(label: Label, document: Any) -> Iterator[str]:  # noqa: ANN401 - untyped in the stubs
    """Yield one line of text. Each run is in one font, each piece of it in one subset of that font."""
    x = label.x
    if label.align != "left":
        wide = typeface.width(label.text, label.size, bold=label.bold)
        x -= wide if label.align == "right" else wide / 2
    yield f"BT 1 0 0 1 {x:.2f} {label.y:.2f} Tm"
    for name, part in typeface.runs(label.text, bold=label.bold):
        font: Any = pdfmetrics.getFont(name)
        for subset, codes in font.splitString(part, document):
            yield f"{font.getSubsetInternalName(subset, document)} {label.size:g} Tf <{codes.hex()}> Tj"
    yield "ET"
