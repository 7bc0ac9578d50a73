"""Workbooks with the same bytes for the same content: pinned dates, one form of XML, fixed zip entries."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from openpyxl import Workbook

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATES = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*(?=</)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_MAX = 32_767
"""The longest text a cell may hold; Excel calls a longer one damage."""


def plain(text: str) -> str:
    """Return text that a cell may hold: what XML cannot carry becomes `[U+XXXX]`, what is too long is cut."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWRITABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return text if len(text) <= CELL_MAX else text[: CELL_MAX - 1] + "…"


def saved(book: Workbook, at: datetime) -> bytes:
    """Return the workbook's bytes; `at` dates it in place of the clock.

    openpyxl writes other bytes with lxml than without, and the time of saving
    into zip entries and core.xml. So each part is written again in canonical
    XML (C14N) under fixed zip entries.
    """
    draft = io.BytesIO()
    book.save(draft)
    target = io.BytesIO()
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for name in sorted(source.namelist(), key=_order):
            text = ET.canonicalize(source.read(name).decode("utf-8"))
            if name == "docProps/core.xml":
                moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
                text = _DATES.sub(rf"\g<1>{moment}", text)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            result.writestr(entry, (_DECLARATION + text).encode("utf-8"))
    return target.getvalue()


def _order(name: str) -> tuple[int, str]:
    """Put the content types first, as readers of zip streams expect."""
    return (0 if name == "[Content_Types].xml" else 1, name)
