"""Strict decoding, CSV as numbered rows, and the header's canonical form."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from ledger.errors import Problem
from ledger.intake.model import PREAMBLE_LINES_MAX, refuse
from ledger.words import N_


class Batch(NamedTuple):
    """Some rows that follow each other, and their numbers."""

    numbers: Sequence[int]
    rows: Sequence[Sequence[str]]


BATCH = 512
"""Rows that are read at a time: long enough for the speed of columns, short enough to stay in the cache."""

_PARTING_TAB = re.compile(r'\t(?!"?(?:,|\r|\n|$))')
_SPACES = re.compile(r"[\s\ufeff]+")


@dataclass(slots=True)
class Grid:
    """A sheet as batches of numbered rows of text, read once from top to bottom.

    A reader sets `header_row` and `watched` (columns that hold numbers of orders or accounts) when it
    knows them. `findings` holds, once all rows were taken, what is wrong with the file's structure;
    `notices` what is worth showing.
    """

    batches: Iterator[Batch]
    encoding: str
    name: str = ""
    ragged: bool = False
    """Rows end at their last filled cell, as a workbook stores them."""
    numbers: bool = False
    """Cells may be stored numbers and dates: how they are written is then not the exporter's."""
    header_row: int = 0
    watched: frozenset[int] = frozenset()
    findings: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)


def decode(data: bytes) -> str:
    """Return the encoding that `data` strictly is: BOM, UTF-8, GB18030, in this order (domain rule 1).

    Nothing is ever decoded with losses, and nothing is guessed from statistics.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise refuse(N_("文件的文字编码不是 UTF-8、GB18030（GBK）或带标记的 UTF-16，无法可靠读取，请重新导出"))


def csv_grid(data: bytes) -> Grid:
    """Return a CSV's rows. A malformed quote ends the reading: it would swallow the rows after it."""
    encoding = decode(data)
    grid = Grid(batches=_csv_batches(data, encoding), encoding=encoding)
    if not data.rstrip(b" \t\x00").endswith((b"\n", b"\r")):
        grid.notices.append(Problem(N_("文件末尾没有换行：请核对文件是否下载完整")))
    return grid


def _csv_batches(data: bytes, encoding: str) -> Iterator[Batch]:
    first = 1
    delimiter = _delimiter(data, encoding)
    try:
        rows = _csv_rows(data, encoding, delimiter)
        while batch := list(islice(rows, BATCH)):
            yield Batch(range(first, first + len(batch)), batch)
            first += len(batch)
    except csv.Error as error:
        row = _broken_row(data, encoding, delimiter)
        raise refuse(
            N_("第 {row} 行起的引号不成对或单元格过长，后面的内容无法可靠读取，请重新导出"), row, row=row
        ) from error


def _stream(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="strict", newline="")


def _delimiter(data: bytes, encoding: str) -> str:
    """Return what separates cells, a comma or a tab: whichever the line with the most separators has more of.

    A tab at the end of a cell, quoted or not, is padding.
    """
    counts = []
    for line in islice(_stream(data, encoding), PREAMBLE_LINES_MAX + 1):
        commas, tabs = line.count(","), len(_PARTING_TAB.findall(line))
        counts.append((max(commas, tabs), tabs > commas))
    return "\t" if counts and max(counts)[1] else ","


def _csv_rows(data: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Return an iterator of a CSV's rows. Without a quote anywhere, a comma or a line end is always one."""
    stream = _stream(data, encoding)
    if b'"' in data:
        return csv.reader(stream, strict=True, delimiter=delimiter)
    return (line.rstrip("\r\n").split(delimiter) for line in stream)


def _broken_row(data: bytes, encoding: str, delimiter: str) -> int:
    """Return the number of the first row that the CSV reader cannot read."""
    row = 1
    try:
        for _ in _csv_rows(data, encoding, delimiter):
            row += 1
    except csv.Error:
        pass
    return row


def header_key(cell: str) -> str:
    """Return the canonical form of a header cell: NFKC, no spaces, 帐 as 账, lower case (domain rule 4)."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", cell)).replace("帐", "账").casefold()


def fingerprint(keys: Sequence[str]) -> str:
    """Return the SHA-256 of a header's canonical cells, in the file's order."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()
