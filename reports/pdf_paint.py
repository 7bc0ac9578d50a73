"""Painting laid-out pages: fonts, watermark, running head and foot, outline, document facts.

Same pages and facts, same bytes: the document's dates come from the caller and
its id from its content. Only the project's own fonts are used, and embedded.
"""

from __future__ import annotations

import io
import json
import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from ledger.months import CHINA
from ledger.words import N_
from reports import typeface
from reports.pdf_marks import operators
from reports.pdf_page import LEFT, RIGHT, Label, Mark, Page, Rule
from reports.wording import Wording

_NON_ZERO = 1
"""PDF's non-zero winding rule: the strokes of a character overlap."""
DRAFT = N_("草稿 未签署")
_WATERMARK = {"zh": "草稿 未签署", "en": "DRAFT NOT SIGNED"}
_one_at_a_time = Lock()
"""A ReportLab font reads its file with one shared cursor: two documents at once would mix glyphs."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF says about itself, and the texts of its running head and foot."""

    title: str
    author: str
    subject: str
    at: datetime
    head: str
    foot: str
    draft: bool
    bare_first: bool = True


class _FixedCanvas(Canvas):
    """A canvas whose dates are given, not read from the clock."""

    def __init__(self, target: io.BytesIO, at: datetime, language: str) -> None:
        settings: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": typeface.REGULAR}
        super().__init__(target, lang="en" if language == "en" else "zh-CN", **settings)
        stamp = TimeStamp(1)
        local = at.astimezone(CHINA)
        stamp.t = at.timestamp()
        stamp.lt = time.gmtime(stamp.t)
        stamp.YMDhms = tuple(local.timetuple())[:6]
        stamp.dhh, stamp.dmm = 8, 0
        document: Any = getattr(self, "_doc")  # noqa: B009 - the type stubs do not know it
        document._timeStamp = stamp  # noqa: SLF001 - ReportLab has no public way to date a document


def paint(pages: Sequence[Page], document: Document, words: Wording) -> bytes:
    """Return the pages as a PDF."""
    with _one_at_a_time:
        typeface.register()
        target = io.BytesIO()
        canvas = _FixedCanvas(target, document.at, words.language)
        canvas.setTitle(document.title)
        canvas.setAuthor(document.author)
        canvas.setSubject(document.subject)
        canvas.setCreator("Sunbook")
        canvas.setProducer("Sunbook")
        if document.draft:
            _define_watermark(canvas, words.language)
        for number, page in enumerate(pages, start=1):
            canvas.setPageSize(page.size)
            _outline(canvas, page, number)
            running = _running(page.size, number, len(pages), document, words)
            raw: Any = canvas
            raw._code.extend(operators((*page.marks, *running), raw._doc))  # noqa: SLF001 - see pdf_marks
            if document.draft:
                _stamp_draft(canvas, page.size, words.language)
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _outline(canvas: Canvas, page: Page, number: int) -> None:
    for place, (title, y) in enumerate(page.outline):
        key = f"s{number}-{place}"
        canvas.bookmarkHorizontal(key, 0, y + 12)
        canvas.addOutlineEntry(title, key, level=0)


def _running(
    size: tuple[float, float], number: int, count: int, document: Document, words: Wording
) -> Iterator[Mark]:
    """Yield the running head (not on the cover) and the foot with the page number."""
    wide, high = size
    if number > 1 or not document.bare_first:
        yield Label(LEFT, high - 42, document.head, 8, tone="soft")
        yield Rule(LEFT, high - 47, wide - RIGHT, high - 47, 0.5)
    if document.draft:
        yield Label(wide - RIGHT, high - 42, words(DRAFT), 8, bold=True, tone="soft", align="right")
    yield Rule(LEFT, 42, wide - RIGHT, 42, 0.5)
    yield Label(LEFT, 31, document.foot, 8, tone="soft")
    text = words(N_("第 {page} 页 / 共 {pages} 页"), page=number, pages=count)
    yield Label(wide - RIGHT, 31, text, 8, tone="soft", align="right")


@cache
def _outlines() -> dict[str, dict[str, str | int]]:
    """Return the watermark's characters as outlines."""
    found: dict[str, dict[str, str | int]] = json.loads(
        (typeface.FOLDER / "draft-outlines.json").read_text(encoding="utf-8")
    )
    return found


def _define_watermark(canvas: Canvas, language: str) -> None:
    """Define the watermark once. It is drawn as shapes, so searching and copying never meet it."""
    text = _WATERMARK["en" if language == "en" else "zh"]
    canvas.beginForm("draft", -600, -600, 600, 600)
    canvas.setFillColorRGB(0, 0, 0)
    size = 78 if language != "en" else 56
    scale = size / 1000
    x = -sum(int(_outlines()[char]["advance"]) for char in text) * scale / 2
    for char in text:
        glyph = _outlines()[char]
        _shape(canvas, str(glyph["path"]), x, -size * 0.36, scale)
        x += int(glyph["advance"]) * scale
    canvas.endForm()


def _shape(canvas: Canvas, outline: str, x: float, y: float, scale: float) -> None:
    path = canvas.beginPath()
    for step, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", outline):
        values = [int(value) * scale for value in numbers.split()]
        points = [value + (y if place % 2 else x) for place, value in enumerate(values)]
        if step == "M":
            path.moveTo(*points)
        elif step == "L":
            path.lineTo(*points)
        elif step == "C":
            path.curveTo(*points)
        else:
            path.close()
    canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)


def _stamp_draft(canvas: Canvas, size: tuple[float, float], language: str) -> None:
    wide, high = size
    canvas.saveState()
    canvas.translate(wide / 2, high / 2)
    canvas.rotate(math.degrees(math.atan2(high, wide)) * (0.8 if language == "en" else 0.75))
    canvas.setFillAlpha(0.075)
    canvas.doForm("draft")
    canvas.restoreState()
