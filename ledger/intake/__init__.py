"""Strict readers of the files that platforms, banks and the office give: bytes in, values out.

A file is taken in whole or not at all: every problem in it is told, with row and column.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ledger.errors import Problem
from ledger.intake import (
    alipay,
    bank,
    banks,
    checks,
    douyin_commission,
    douyin_flow,
    first_look,
    icbc_corporate,
    kuaishou_flow,
    kuaishou_settlement,
    sheets,
    table,
    tip_sheet,
    totals,
    wechat_flow,
    wechat_pay,
)
from ledger.intake import mapping as mappings
from ledger.intake.first_look import Sheet
from ledger.intake.mapping import Mapping
from ledger.intake.model import Control, NoHeader, Problems, Settlement, SourceRow, Unreadable, refuse
from ledger.intake.text import BATCH, Batch, Grid, fingerprint
from ledger.words import N_

__all__ = [
    "READERS",
    "Control",
    "Mapping",
    "NoHeader",
    "Settlement",
    "Sheet",
    "SourceRow",
    "Unreadable",
    "derive",
    "preview",
    "read",
    "recognise",
    "reread",
]

_FORMATS = {
    form.name: form
    for form in (
        *(tip_sheet.FORMAT, douyin_commission.FORMAT, kuaishou_flow.FORMAT, icbc_corporate.FORMAT),
        *(douyin_flow.FORMAT, douyin_flow.WITH_BALANCE, wechat_flow.FORMAT, kuaishou_settlement.FORMAT),
        *(alipay.PERSONAL, alipay.MERCHANT, wechat_pay.PERSONAL, wechat_pay.MERCHANT),
        *banks.FORMATS,
    )
}
_BANK_LACKS_MAX = 2
"""Columns that a header may lack to be called one of a bank's: an unknown bank's shares many words with others."""
READERS: tuple[str, ...] = tuple(_FORMATS)
"""The names of the formats that can be read."""


def read(
    data: bytes, filename: str, *, reader: str | None = None, mapping: Mapping | None = None
) -> Settlement:
    """Read a CSV, .xlsx, .xls or HTML table; the header tells its format, or must be that of `reader`.

    A `mapping` says what the columns of a bank's statement are, whatever the header is like.
    Raises Unreadable, with every problem of the file, unless all of it can be taken in; Invalid where
    nothing can be read by the mapping.
    """
    if mapping is not None:
        reader = mappings.reader_name(mapping)
    forms = tuple(_FORMATS.values()) if reader is None else (_form(reader, None),)
    with _collector_paused():
        return _read(data, filename, forms)


def _read(data: bytes, filename: str, forms: Sequence[table.Format]) -> Settlement:
    problems = Problems()
    found, grid, others = _choose(sheets.grids(data, filename), forms)
    checks.header(found, problems)
    # A header that is wrong makes nonsense of every row below it.
    problems.raise_if_any(filename)
    stated: list[totals.Stated] = []
    built = _build(grid, found, problems, stated)
    for finding in grid.findings:
        problems.add(finding.message, finding.row, finding.column, **finding.values)
    places = dict(zip((column.name for column in found.form.columns), found.places, strict=True))
    if not problems.count:
        sums = {name: places[name] for name in found.form.sums}
        built.controls[:0] = [
            *checks.preamble(found, built.rows, problems),
            *totals.compare(stated, built.rows, sums, problems),
        ]
        if not grid.numbers:
            checks.written(found, built.rows, problems)
    if not built.rows and not problems.count:
        problems.add(N_("表头之后没有数据行"), found.row)
    problems.raise_if_any(filename)
    moments = [row.at for row in built.rows]
    return Settlement(
        reader=found.form.name,
        version=found.form.version,
        kind=found.form.kind,
        platform=found.form.platform,
        header=found.header,
        header_row=found.row,
        fingerprint=fingerprint(found.keys),
        rows=tuple(built.rows),
        controls=tuple(built.controls),
        first_at=min(moments),
        last_at=max(moments),
        notices=(*grid.notices, *others, *built.notices),
        encoding=grid.encoding,
        account=found.form.owner(found.before) if found.form.owner else "",
    )


def preview(data: bytes, filename: str) -> tuple[Sheet, ...]:
    """Return what the filled sheets of a file look like, with a mapping to begin with; keeps nothing.

    Raises Unreadable for a file that cannot be opened.
    """
    return first_look.preview(data, filename, tuple(_FORMATS.values()))


def recognise(header: Sequence[str]) -> list[str]:
    """Return the readers that know this header, the one that knows most of its columns first."""
    return [found.form.name for found in table.recognise(_FORMATS.values(), header, 0)]


def derive(
    reader: str,
    version: int,
    header: tuple[str, ...],
    numbered_cells: Sequence[tuple[int, tuple[str, ...]]],
    *,
    partial: bool = False,
) -> list[str]:
    """Return the natural keys of a file's rows, recomputed from their raw cells alone.

    Needs all data rows of the file in order, because of occurrence numbers and of the running balance.
    Where only some were kept, `partial` leaves the balance unchecked and counts occurrences among those.
    Raises Unreadable when the cells are not what that version of the reader would have accepted.
    """
    return [row.key for row in reread(reader, version, header, numbered_cells, partial=partial)]


def reread(
    reader: str,
    version: int,
    header: tuple[str, ...],
    numbered_cells: Sequence[tuple[int, tuple[str, ...]]],
    *,
    partial: bool = False,
) -> list[SourceRow]:
    """Return stored rows as their reader understood them; `partial` and errors as in `derive`."""
    form = _form(reader, version)
    found = table.layout(form, header, 0)
    if found is None:
        raise _no_header([Batch((0,), (header,))], (form,))
    problems = Problems(partial=partial)
    numbers, rows = zip(*numbered_cells, strict=True) if numbered_cells else ((), ())
    batches = (Batch(numbers[at : at + BATCH], rows[at : at + BATCH]) for at in range(0, len(rows), BATCH))
    grid = Grid(batches=batches, encoding="")
    stated: list[totals.Stated] = []
    with _collector_paused():
        built = _build(grid, found, problems, stated)
    problems.raise_if_any(reader)
    if len(built.rows) != len(numbered_cells):
        raise refuse(N_("保存的行里混有空行或合计行，与读入时不符"))
    return built.rows


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector still: rows hold no cycles, and it would walk all of them a hundred times.

    Measured: a quarter of the time of 100,000 rows. Threads that overlap leave it as the first found it.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _form(reader: str, version: int | None) -> table.Format:
    form = _FORMATS.get(reader)
    if reader.startswith(mappings.PREFIX):
        form = mappings.format_by(mappings.decode(reader.removeprefix(mappings.PREFIX)))
    if form is None or (version is not None and version != form.version):
        raise refuse(N_("没有名为“{reader}”的文件格式"), reader=f"{reader} {version or ''}".strip()[:60])
    return form


def _choose(grids: Sequence[Grid], forms: Sequence[table.Format]) -> tuple[table.Layout, Grid, list[Problem]]:
    """Return the one sheet with a known header, and a notice for each other sheet that is not empty."""
    chosen: list[tuple[table.Layout, Grid]] = []
    notices: list[Problem] = []
    seen: list[Batch] = []
    for grid in grids:
        found, taken = table.find_header(grid, forms)
        if found is not None:
            chosen.append((found, grid))
        elif taken.rows:
            seen.append(taken)
            notices.append(Problem(N_("工作表“{name}”没有表头，没有读入"), values={"name": grid.name}))
    if not chosen:
        raise _no_header(seen, forms)
    if len(chosen) > 1:
        names = "、".join(grid.name for _, grid in chosen)
        raise refuse(N_("有几张工作表都像数据表（{names}）：请每次只留一张"), names=names[:80])
    return *chosen[0], notices


def _no_header(seen: Sequence[Batch], forms: Sequence[table.Format]) -> Unreadable:
    """Return the error for a file without a known header: what the nearest format misses, if one is near."""
    if forms[0].name.startswith(mappings.PREFIX):
        return mappings.no_such_columns(forms[0], seen)
    best: tuple[int, table.Format, int, list[str]] | None = None
    for number, row in (pair for batch in seen for pair in zip(*batch, strict=True)):
        for form in forms:
            lacking = table.missing(form, row)
            required = sum(column.required for column in form.columns)
            present = required - len(lacking)
            near = len(lacking) <= _BANK_LACKS_MAX if form.kind == bank.KIND else present * 2 > required
            if near and (best is None or present > best[0]):
                best = (present, form, number, lacking)
    if best is None:
        titles = "、".join(form.title for form in forms)
        text = N_("看不出是哪种文件：前 25 行里没有找到表头。能读的文件有：{titles}")
        return NoHeader(text, problems=(Problem(text, values={"titles": titles}),), titles=titles)
    _, form, number, lacking = best
    message = N_("像是{title}，但缺少列“{name}”，不能读入")
    problems = tuple(Problem(message, number, name, {"title": form.title, "name": name}) for name in lacking)
    return NoHeader(message, problems=problems, title=form.title, name="、".join(lacking))


def _build(grid: Grid, found: table.Layout, problems: Problems, stated: list[totals.Stated]) -> table.Built:
    """Make the rows of a sheet whose header is found, and check their numbers."""
    names = set(found.form.ids)
    grid.header_row = found.row
    grid.watched = frozenset(
        place for column, place in zip(found.form.columns, found.places, strict=True) if column.name in names
    )
    built = found.form.build(table.lines(grid, found, problems, stated), problems)
    checks.ids(found, built.rows, problems)
    return built
