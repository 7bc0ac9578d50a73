"""What is checked of a file as a whole: its header, what stands above it, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

from ledger.intake import columns
from ledger.intake.cells import check_characters, clean
from ledger.intake.model import COLUMNS_MAX, EXCEL_RESAVED, BadCell, Control, Problems, SourceRow
from ledger.intake.table import Layout, names
from ledger.words import N_


def header(found: Layout, problems: Problems) -> None:
    """Note what is wrong with a header: a name twice or empty, too many columns, odd characters."""
    if len(found.header) > COLUMNS_MAX:
        problems.add(
            N_("表头有 {count} 列，最多 {most} 列"), found.row, count=len(found.header), most=COLUMNS_MAX
        )
    canonical = names(found.form, found.keys)
    for place, (cell, key) in enumerate(zip(found.header, found.keys, strict=True)):
        try:
            check_characters(cell)
        except BadCell as bad:
            problems.add(bad.message, found.row, cell[:40], **bad.values)
        if not key and not (found.form.margin and not place):
            problems.add(N_("表头第 {place} 列没有列名"), found.row, place=place + 1)
        elif canonical[place] in canonical[:place]:
            problems.add(N_("表头里有两列都叫这个名字"), found.row, cell)
    for column, place in zip(found.form.columns, found.places, strict=True):
        if place >= 0:
            problems.wording[column.name] = found.header[place].strip()


def preamble(found: Layout, rows: Sequence[SourceRow], problems: Problems) -> list[Control]:
    """Return the controls that the lines above the header state; note each that the rows do not bear out."""
    return found.form.preamble(found.before, rows, problems) if found.form.preamble else []


def ids(found: Layout, rows: Sequence[SourceRow], problems: Problems) -> None:
    """Refuse numbers that a spreadsheet has cut (domain rule 8), and one number on two rows."""
    places = dict(zip((column.name for column in found.form.columns), found.places, strict=True))
    # Of some rows alone it cannot be said that all their numbers are cut: the whole file was checked.
    for name in () if problems.partial else found.form.ids:
        if places.get(name, -1) < 0:
            continue
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


def written(found: Layout, rows: Sequence[SourceRow], problems: Problems) -> None:
    """Refuse a text file whose cells are not as the exporter writes them: a spreadsheet saved it again."""
    places = dict(zip((column.name for column in found.form.columns), found.places, strict=True))
    for name, pattern in found.form.written:
        if places.get(name, -1) < 0:
            continue
        fits = re.compile(pattern).fullmatch
        if odd := next((row.number for row in rows if not fits(clean(row.cells[places[name]]))), 0):
            problems.add(EXCEL_RESAVED, odd, name)
