"""The tables of an HTML page that a bank calls .xls (domain A5, Minsheng), as numbered rows of text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html.parser import HTMLParser

from ledger.errors import Problem
from ledger.intake.model import COLUMNS_MAX, PREAMBLE_LINES_MAX, ROWS_MAX, refuse
from ledger.intake.text import BATCH, Batch, Grid, decode
from ledger.words import N_

_CHUNK = 64 * 1024
_FINDINGS_MAX = 20
_LIVE = frozenset({"script", "iframe", "frame", "object", "embed", "applet"})
_SILENT = frozenset({"style"})
_HIDING = ("display:none", "visibility:hidden", "visibility:collapse", "mso-hide")


def html_grids(data: bytes) -> list[Grid]:
    """Return the tables of a page, a Grid each; an empty list where it has none.

    Raises Unreadable for a page with scripts, or with a table inside a table.
    """
    reader = _Tables()
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=decode(data), errors="strict")
    while chunk := stream.read(_CHUNK):
        reader.feed(chunk)
    reader.close()
    reader.end_table()
    grids = []
    for at, table in enumerate(reader.tables, 1):
        grid = Grid(batches=iter(()), encoding="html", name=f"表格{at}")
        grid.batches = _batches(table, grid)
        grids.append(grid)
    return grids


class _Table:
    """One table: its rows, and what a person would not see or what spans several cells."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.spans: list[int] = []
        self.hidden: list[int] = []


def _batches(table: _Table, grid: Grid) -> Iterator[Batch]:
    for at in range(0, len(table.rows), BATCH):
        rows = table.rows[at : at + BATCH]
        yield Batch(range(at + 1, at + 1 + len(rows)), rows)
    hidden = N_("这一行是隐藏或被筛选掉的，请取消隐藏和筛选并核对后再上传")
    merged = N_("表格里有合并的单元格，请取消合并后再上传")
    for message, numbers in ((hidden, table.hidden), (merged, table.spans)):
        late = sorted({number for number in numbers if number >= grid.header_row})
        grid.findings += [Problem(message, number) for number in late[:_FINDINGS_MAX]]


class _Tables(HTMLParser):
    """Gathers the cells of all tables; refuses what could show one thing and hold another."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.table: _Table | None = None
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.spanning = False
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LIVE:
            raise refuse(N_("这个网页文件里有脚本或嵌入内容，不能打开：请在银行选择导出 .csv 或 .xlsx"))
        self.silent += tag in _SILENT
        given = {name: "".join((value or "").split()).lower() for name, value in attrs}
        if tag == "table":
            if self.table is not None:
                raise refuse(N_("网页里表格套着表格，无法可靠读取：请在银行选择导出 .csv 或 .xlsx"))
            self.table = _Table()
        elif tag == "tr" and self.table is not None:
            self.end_row()
            self.row, self.spanning = [], False
        elif tag in {"td", "th"} and self.row is not None:
            self.end_cell()
            self.cell = []
            self.spanning |= any(given.get(name, "1") not in {"1", ""} for name in ("rowspan", "colspan"))
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")
        if self.table is not None and ("hidden" in given or _hides(given.get("style", ""))):
            self.table.hidden.append(len(self.table.rows) + 1)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT and self.silent > 0
        if tag in {"td", "th"}:
            self.end_cell()
        elif tag == "tr":
            self.end_row()
        elif tag == "table":
            self.end_table()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def end_cell(self) -> None:
        """Close a cell; pages often leave out its end tag."""
        if self.cell is not None and self.row is not None:
            self.row.append(" ".join("".join(self.cell).split()))
            if len(self.row) > COLUMNS_MAX + 1:
                raise refuse(N_("表头有 {count} 列，最多 {most} 列"), count=len(self.row), most=COLUMNS_MAX)
        self.cell = None

    def end_row(self) -> None:
        """Close a row. A single cell that spans the table is a title or a remark, and no harm."""
        self.end_cell()
        if self.row is not None and self.table is not None:
            self.table.rows.append(self.row)
            number = len(self.table.rows)
            if self.spanning and len(self.row) > 1:
                self.table.spans.append(number)
            if number > ROWS_MAX + PREAMBLE_LINES_MAX + 1:
                raise refuse(N_("超过 {most} 行，请按更短的时间段分次导出"), number, most=ROWS_MAX)
        self.row = None

    def end_table(self) -> None:
        """Close a table; one without rows is none."""
        self.end_row()
        if self.table is not None and self.table.rows:
            self.tables.append(self.table)
        self.table = None


def _hides(style: str) -> bool:
    return any(word in style for word in _HIDING)
