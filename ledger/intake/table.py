"""The part that all formats share: find the header, walk the rows, gather what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.intake import columns, totals
from ledger.intake.cells import anything, clean
from ledger.intake.model import (
    CELL_CHARACTERS_MAX,
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

_TRANSLATED = re.compile(r"\[[ -~]*\]$")
_FOOTER = re.compile(r"#?(以上(数据|内容)?仅供参考|导出时间|-{5,}).*|#[^0-9A-Za-z].*")


class Column(NamedTuple):
    """A column that a format takes: its name in the platform's own words, and how a cell is read.

    One that is not required holds text; in a file without it, each cell reads as `""`.
    """

    name: str
    parse: Callable[[str], Any]
    required: bool = True


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
    """Columns of long numbers; the first is the natural key's, `""` where no number makes it."""
    sums: tuple[str, ...]
    """Columns whose total a summary line may state."""
    build: Callable[[Iterator[Line], Problems], Built]
    aliases: tuple[tuple[str, str], ...] = ()
    """Other names that exports have used, each with the one used here."""
    preamble: Callable[[Batch, Sequence[SourceRow], Problems], list[Control]] | None = None
    """Compares what the lines above the header state with the rows; not called for stored rows."""
    owner: Callable[[Batch], str] | None = None
    """Finds the account that the lines above the header name."""
    margin: bool = False
    """Exports may have an empty, nameless column before all others."""
    written: tuple[tuple[str, str], ...] = ()
    """Columns whose cells a text export always writes in one way, each with its pattern."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a format's columns stand in one file."""

    form: Format
    header: tuple[str, ...]
    keys: tuple[str, ...]
    row: int
    places: tuple[int, ...]
    parsers: tuple[columns.Column, ...] = field(compare=False)
    before: Batch = field(default=Batch((), ()), compare=False)
    """The lines above the header."""


def layout(form: Format, header: Sequence[str], row: int) -> Layout | None:
    """Return where `form`'s columns stand in `header`, None if it is not this format's header.

    The place of a column that need not be there, and is not, is -1.
    """
    cells, keys = trimmed(header)
    canonical = names(form, keys)
    wanted = [_plain(header_key(column.name)) for column in form.columns]
    present = set(canonical)
    if any(column.required and key not in present for column, key in zip(form.columns, wanted, strict=True)):
        return None
    places = tuple(canonical.index(key) if key in present else -1 for key in wanted)
    readers = dict(zip(places, (column.parse for column in form.columns), strict=True))
    if form.margin and not keys[0]:
        readers[0] = _margin
    parsers = tuple(columns.reader(readers.get(place, anything)) for place in range(len(cells)))
    return Layout(form, cells, keys, row, places, parsers)


def trimmed(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a header's cells without empty ones at its end, and their canonical forms."""
    cells = list(header)
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells), tuple(map(_key, cells))


def _key(cell: str) -> str:
    """Return a header cell's canonical form; some exports put their mark for text before it as well."""
    return header_key(cell[:CELL_CHARACTERS_MAX].lstrip("`'"))


def _plain(key: str) -> str:
    """Return a canonical cell without its English: 交易类型 of 交易类型[ Transaction Type ]."""
    return _TRANSLATED.sub("", key) or key


def names(form: Format, keys: Sequence[str]) -> list[str]:
    """Return a header's canonical cells, those that have another name here by that name."""
    renamed = {header_key(other): header_key(name) for other, name in form.aliases}
    return [renamed.get(key, key) for key in map(_plain, keys)]


def _margin(cell: str) -> str:
    """Accept a cell of the nameless first column: nothing may stand in it."""
    if cell.strip(" \t"):
        raise BadCell(N_("这一列没有列名，不应有内容"))
    return cell


def missing(form: Format, header: Sequence[str]) -> list[str]:
    """Return the names of the columns that `form` requires and `header` lacks."""
    present = set(names(form, tuple(map(_key, header))))
    required = (column.name for column in form.columns if column.required)
    return [name for name in required if _plain(header_key(name)) not in present]


def recognise(forms: Iterable[Format], header: Sequence[str], row: int) -> list[Layout]:
    """Return how each fitting format reads `header`, the one that knows most of its columns first."""
    found = [fit for form in forms if (fit := layout(form, header, row))]
    return sorted(found, key=_known, reverse=True)


def _known(found: Layout) -> int:
    return sum(place >= 0 for place in found.places)


def find_header(grid: Grid, forms: Iterable[Format]) -> tuple[Layout | None, Batch]:
    """Look for the header of a known format in the first lines of `grid` (domain rule 3).

    The lines after it stay in the grid. Returns the lines up to it too: without a header, they tell what
    comes closest. Raises Unreadable where two formats fit equally well: the wrong one would misread.
    """
    numbers, rows = next(grid.batches, Batch((), ()))
    for at, row in enumerate(rows[: PREAMBLE_LINES_MAX + 1]):
        if fitting := recognise(forms, row, numbers[at]):
            found, *others = fitting
            if others and _known(others[0]) == _known(found):
                raise refuse(
                    N_("表头既像{first}，又像{second}：请指明是哪一种"),
                    numbers[at],
                    first=found.form.title,
                    second=others[0].form.title,
                )
            rest = Batch(numbers[at + 1 :], rows[at + 1 :])
            grid.batches = chain([rest] if rest.rows else [], grid.batches)
            above = Batch(numbers[:at], rows[:at])
            return replace(found, before=above), Batch(numbers[: at + 1], rows[: at + 1])
    return None, Batch(numbers[: PREAMBLE_LINES_MAX + 1], rows[: PREAMBLE_LINES_MAX + 1])


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
    values.append([""] * len(batch.rows))  # at -1: a column that the file does not have
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
    if totals.take(number, row, stated):
        return
    if len(filled) == 1 and _FOOTER.fullmatch(filled[0]):
        return
    if stated:
        problems.add(N_("合计行之后还有数据，无法判断它是否已计入合计"), number)
    elif tuple(map(_key, row)) == found.keys:
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
                problems.add(bad.message, number, title.strip(), **bad.values)
