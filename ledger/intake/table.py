"""The part that all formats share: find the header, walk the rows, gather what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.intake import columns, totals
from ledger.intake.cells import anything, check_characters, clean
from ledger.intake.model import (
    COLUMNS_MAX,
    EXCEL_RESAVED,
    PREAMBLE_LINES_MAX,
    ROWS_MAX,
    BadCell,
    Control,
    Problems,
    SourceRow,
    refuse,
)
from ledger.intake.text import Batch, Grid, header_key
from ledger.words import N_

Line = tuple[int, tuple[str, ...], tuple[Any, ...]]
"""Row number, raw cells in the file's order, values in the format's order."""

_FOOTER = re.compile(r"#?(以上(数据|内容)?仅供参考|导出时间|-{5,}).*")


class Column(NamedTuple):
    """A column that a format needs: its name in the platform's own words, and how a cell is read."""

    name: str
    parse: Callable[[str], Any]


class Built(NamedTuple):
    """What a format makes of its lines."""

    rows: list[SourceRow]
    controls: list[Control]
    notices: list[Problem]


class Format(NamedTuple):
    """One file format as data, with the one function that knows what its rows mean."""

    name: str
    version: int
    kind: str
    platform: str
    title: str
    columns: tuple[Column, ...]
    ids: tuple[str, ...]
    """Columns of long numbers; the first is the natural key's."""
    sums: tuple[str, ...]
    """Columns whose total a summary line may state."""
    build: Callable[[Iterator[Line], Problems], Built]
    aliases: tuple[tuple[str, str], ...] = ()
    """Other names that exports have used, each with the one used here."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a format's columns stand in one file."""

    form: Format
    header: tuple[str, ...]
    keys: tuple[str, ...]
    row: int
    places: tuple[int, ...]
    parsers: tuple[columns.Column, ...] = field(compare=False)


def layout(form: Format, header: Sequence[str], row: int) -> Layout | None:
    """Return where `form`'s columns stand in `header`, None if it is not this format's header."""
    cells = list(header)
    while cells and not cells[-1].strip():
        cells.pop()
    renamed = {header_key(other): header_key(name) for other, name in form.aliases}
    keys = [header_key(cell) for cell in cells]
    canonical = [renamed.get(key, key) for key in keys]
    wanted = [header_key(column.name) for column in form.columns]
    if not set(wanted) <= set(canonical):
        return None
    places = tuple(canonical.index(key) for key in wanted)
    readers = dict(zip(places, (column.parse for column in form.columns), strict=True))
    parsers = tuple(columns.reader(readers.get(place, anything)) for place in range(len(cells)))
    return Layout(form, tuple(cells), tuple(keys), row, places, parsers)


def missing(form: Format, header: Sequence[str]) -> list[str]:
    """Return the names of `form`'s columns that `header` lacks."""
    renamed = {header_key(other): header_key(name) for other, name in form.aliases}
    keys = {renamed.get(key, key) for key in map(header_key, header)}
    return [column.name for column in form.columns if header_key(column.name) not in keys]


def find_header(grid: Grid, forms: Iterable[Format]) -> tuple[Layout | None, Batch]:
    """Look for the header of a known format in the first lines of `grid` (domain rule 3).

    The lines after it stay in the grid. Returns the lines up to it too: without a header, they tell what
    comes closest.
    """
    numbers, rows = next(grid.batches, Batch((), ()))
    for at, row in enumerate(rows[: PREAMBLE_LINES_MAX + 1]):
        for form in forms:
            if found := layout(form, row, numbers[at]):
                rest = Batch(numbers[at + 1 :], rows[at + 1 :])
                grid.batches = chain([rest] if rest.rows else [], grid.batches)
                return found, Batch(numbers[: at + 1], rows[: at + 1])
    return None, Batch(numbers[: PREAMBLE_LINES_MAX + 1], rows[: PREAMBLE_LINES_MAX + 1])


def check_header(found: Layout, problems: Problems) -> None:
    """Note what is wrong with a header: a name twice or empty, too many columns, odd characters."""
    if len(found.header) > COLUMNS_MAX:
        problems.add(
            N_("表头有 {count} 列，最多 {most} 列"), found.row, count=len(found.header), most=COLUMNS_MAX
        )
    for place, (cell, key) in enumerate(zip(found.header, found.keys, strict=True)):
        try:
            check_characters(cell)
        except BadCell as bad:
            problems.add(bad.message, found.row, cell[:40], **bad.values)
        if not key:
            problems.add(N_("表头第 {place} 列没有列名"), found.row, place=place + 1)
        elif key in found.keys[:place]:
            problems.add(N_("表头里有两列都叫这个名字"), found.row, cell)
    for column, place in zip(found.form.columns, found.places, strict=True):
        problems.wording[column.name] = found.header[place]


def lines(grid: Grid, found: Layout, problems: Problems, stated: list[totals.Stated]) -> Iterator[Line]:
    """Yield each data row's raw cells and values; a row with a bad cell is noted and left out.

    Summary lines go to `stated`. Rows are taken in batches, column by column; a batch with anything
    unusual in it is taken row by row.
    """
    return chain.from_iterable(_lines_by_batch(grid, found, problems, stated))


def _lines_by_batch(
    grid: Grid, found: Layout, problems: Problems, stated: list[totals.Stated]
) -> Iterator[Iterable[Line]]:
    count = 0
    for batch in grid.batches:
        count += len(batch.rows)
        if count > ROWS_MAX:
            raise refuse(N_("超过 {most} 行，请按更短的时间段分次导出"), batch.numbers[-1], most=ROWS_MAX)
        taken = None if stated else _batch(batch, found)
        yield _one_by_one(batch, found, problems, stated, ragged=grid.ragged) if taken is None else taken


def _batch(batch: Batch, found: Layout) -> Iterable[Line] | None:
    """Return a batch's lines, or None when one of its rows is not plain data."""
    width = len(found.header)
    if set(map(len, batch.rows)) != {width}:
        return None
    by_place = list(zip(*batch.rows, strict=True))
    try:
        values = [column.values_of(cells) for column, cells in zip(found.parsers, by_place, strict=True)]
    except BadCell:
        return None
    raw = [column.share(cells) for column, cells in zip(found.parsers, by_place, strict=True)]
    return zip(
        batch.numbers,
        zip(*raw, strict=True),
        zip(*(values[place] for place in found.places), strict=True),
        strict=True,
    )


def _one_by_one(
    batch: Batch, found: Layout, problems: Problems, stated: list[totals.Stated], *, ragged: bool
) -> Iterator[Line]:
    """Yield a batch's lines row by row, and note what is no data row."""
    width = len(found.header)
    for number, raw in zip(batch.numbers, batch.rows, strict=True):
        row = raw if len(raw) == width else _fit(raw, width, ragged=ragged)
        one = None if stated else _batch(Batch((number,), (row,)), found)
        if one is None:
            _explain(number, row, found, problems, stated)
        else:
            yield from one


def _fit(row: Sequence[str], width: int, *, ragged: bool) -> Sequence[str]:
    """Return a row without empty cells beyond the header; a workbook's short row is filled up."""
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    return [*row, *[""] * (width - len(row))] if ragged else row


def _explain(
    number: int, row: Sequence[str], found: Layout, problems: Problems, stated: list[totals.Stated]
) -> None:
    """Say why a row is no data row: blank, a summary, a footer, or wrong."""
    filled = [text for cell in row if (text := clean(cell))]
    if not filled:
        return
    if totals.is_total(filled[0]):
        stated.append(totals.Stated(number, tuple(row)))
    elif len(filled) == 1 and _FOOTER.fullmatch(filled[0]):
        return
    elif stated:
        problems.add(N_("合计行之后还有数据，无法判断它是否已计入合计"), number)
    elif tuple(map(header_key, row)) == found.keys:
        problems.add(N_("表头在这里又出现一次：请不要把几个文件拼在一起"), number)
    elif len(row) != len(found.header):
        problems.add(
            N_("这一行有 {found} 格，表头有 {wanted} 格：内容缺失或错位"),
            number,
            found=len(row),
            wanted=len(found.header),
        )
    else:
        for cell, parsed, title in zip(row, found.parsers, found.header, strict=True):
            try:
                parsed.parse(cell)
            except BadCell as bad:
                problems.add(bad.message, number, title, **bad.values)


def check_ids(found: Layout, rows: Sequence[SourceRow], problems: Problems) -> None:
    """Refuse numbers that a spreadsheet has cut (domain rule 8), and one number on two rows."""
    places = dict(zip((column.name for column in found.form.columns), found.places, strict=True))
    for name in found.form.ids:
        column = found.parsers[places[name]]
        enough = 1 if name == found.form.ids[0] else 2  # an account's own number may end in 0000
        if isinstance(column, columns.Identifiers) and not column.intact and len(column.cut) >= enough:
            problems.add(EXCEL_RESAVED, rows[0].number if rows else 0, name)
    if len(set(map(itemgetter(2), rows))) == len(rows):
        return
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.key, row.number) != row.number:
            problems.add(
                N_("编号“{key}”在第 {first} 行和第 {second} 行重复：同一笔只能有一行"),
                row.number,
                found.form.ids[0],
                key=row.key[:80],
                first=first[row.key],
                second=row.number,
            )
