"""Laying out a `Table`: column widths, row heights, and which rows must stay together."""

from __future__ import annotations

from dataclasses import dataclass

from reports import typeface
from reports.pdf_page import LEFT, Align, Tone
from reports.tables import Row, Table, shown
from reports.wording import Wording

PAD = 3.6
"""Room left and right of a cell's text; `RISE` is the room above and below it."""
RISE = 2.7
LEAD = 1.34
SMALLEST = 6.0
_HEAD_LEAST = 4.1
"""Chinese characters that a column's label may use before it breaks into lines."""
_SLACK = 0.5
"""So that the sums of floating-point widths never make a figure wrap."""
_BLOCK_MAX = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of one cell, from column `start` over `span` columns."""

    lines: tuple[str, ...]
    start: int
    span: int
    align: Align
    bold: bool
    tone: Tone
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One laid-out row: its cells and its height."""

    row: Row
    cells: tuple[Cell, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns stand and how large the text is."""

    table: Table
    size: float
    edges: tuple[float, ...]
    words: Wording

    @property
    def wide(self) -> float:
        """Width of the whole table."""
        return self.edges[-1] - self.edges[0]


def total_height(block: tuple[Line, ...]) -> float:
    """Return the height of a block of rows."""
    return sum(line.height for line in block)


@dataclass(frozen=True, slots=True)
class Laid:
    """A table laid out for a page of one shape: its heading row and its blocks of rows."""

    table: Table
    grid: Grid | None
    blocks: tuple[tuple[Line, ...], ...] = ()
    head: Line | None = None

    @property
    def height(self) -> float:
        """Height of the whole table, as if it stood on one page."""
        if self.head is None:
            return 20
        return self.head.height + sum(map(total_height, self.blocks)) + (20 if self.table.note else 6)

    @property
    def least(self) -> float:
        """Height that must be free for the table to begin on a page."""
        return self.head.height + total_height(self.blocks[0]) if self.head else 20


def lay(table: Table, words: Wording, *, wide: float, size: float = 8.5, left: float = LEFT) -> Laid:
    """Lay out a table for a room of this width; the text gets smaller where figures would not fit."""
    if not table.rows:
        return Laid(table, None)
    grid = _grid(table, words, size, wide, left)
    return Laid(table, grid, _blocks([_line(grid, row) for row in table.rows]), _head(grid))


def _blocks(lines: list[Line]) -> tuple[tuple[Line, ...], ...]:
    """Group rows that must not be parted: joined rows, a heading with its row, a total with its row.

    The first two and the last two blocks are merged where they are small, so no
    page begins or ends with a single row of the table.
    """
    blocks: list[list[Line]] = []
    for line in lines:
        kind = line.row.kind
        glued = bool(blocks) and (line.row.joined or kind == "total" or blocks[-1][-1].row.kind == "heading")
        if glued and len(blocks[-1]) < _BLOCK_MAX:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    for place in (len(blocks) - 2, 0):
        if 0 <= place < len(blocks) - 1 and len(blocks[place]) + len(blocks[place + 1]) <= _BLOCK_MAX:
            blocks[place : place + 2] = [blocks[place] + blocks[place + 1]]
    return tuple(map(tuple, blocks))


def _grid(table: Table, words: Wording, size: float, room: float, left: float) -> Grid:
    """Choose column widths, and a smaller text while figures would not fit."""
    widths = _widths(table, words, size, room)
    while not widths and size > SMALLEST:
        size -= 0.5
        widths = _widths(table, words, size, room)
    edges = [left]
    for wide in widths or [room / len(table.columns)] * len(table.columns):
        edges.append(edges[-1] + wide)
    return Grid(table, size, tuple(edges), words)


def _widths(table: Table, words: Wording, size: float, room: float) -> list[float]:
    """Return widths that fill `room`: figures never wrap, text shares the rest. Empty: too narrow."""
    columns = table.columns
    needed = [_needed(table, place, words, size) for place in range(len(columns))]
    least = [
        min(wide, room / 4) if column.wide else wide for wide, column in zip(needed, columns, strict=True)
    ]
    rest = room - sum(least)
    weight = sum(column.wide for column in columns)
    if rest < 0:
        return []
    if not weight:
        return [wide * room / sum(least) for wide in least]
    return _shared(least, [column.wide for column in columns], room)


def _shared(least: list[float], weights: list[float], room: float) -> list[float]:
    """Share `room` by weight, but give no column less than it needs."""
    held = {place for place, weight in enumerate(weights) if not weight}
    while True:
        rest = room - sum(least[place] for place in held)
        weight = sum(weights[place] for place in range(len(weights)) if place not in held)
        short = {
            place
            for place in range(len(weights))
            if place not in held and rest * weights[place] / weight < least[place]
        }
        if not short or len(held | short) == len(weights):
            break
        held |= short
    return [least[p] if p in held else rest * weights[p] / weight for p in range(len(weights))]


def _needed(table: Table, place: int, words: Wording, size: float) -> float:
    """Return what a column needs: figures and ids their longest value, text its longest word."""
    column, widest = table.columns[place], 0.0
    for row in table.rows:
        if row.kind == "heading" or place >= len(row.cells) or (place == 0 and row.kind == "total"):
            continue
        text = typeface.clean(shown(row.cells[place], column.kind, words))
        for part in typeface.pieces(text) if column.wide else text.split("\n"):
            widest = max(widest, typeface.width(part.rstrip(), size, bold=row.kind == "total"))
    label = typeface.clean(column.label)
    longest = max(typeface.width(part.rstrip(), size, bold=True) for part in typeface.pieces(label) or [""])
    head = max(longest, min(typeface.width(label, size, bold=True), size * _HEAD_LEAST))
    return max(widest, head) + 2 * PAD + _SLACK


def _head(grid: Grid) -> Line:
    cells = []
    for place, column in enumerate(grid.table.columns):
        wide = grid.edges[place + 1] - grid.edges[place] - 2 * PAD
        lines = typeface.wrap(typeface.clean(column.label), wide, grid.size, bold=True)
        cells.append(Cell(lines, place, 1, "centre", bold=True, tone="ink"))
    return Line(Row(()), tuple(cells), high(cells, grid.size) + 2)


def _line(grid: Grid, row: Row) -> Line:
    """Lay out one row: wrap its cells, let a heading or a total's label run over empty cells."""
    cells: list[Cell] = []
    columns = grid.table.columns
    place = 0
    while place < len(columns):
        span = _span(row, place, len(columns))
        cells.append(_cell(grid, row, place, span))
        place += span
    return Line(row, tuple(cells), high(cells, grid.size))


def _span(row: Row, place: int, count: int) -> int:
    """Return how many columns a cell covers."""
    if row.kind == "heading":
        return count
    if row.kind != "total" or place:
        return 1
    end = 1
    while end < count and row.cells[end] == "":
        end += 1
    return end


def _cell(grid: Grid, row: Row, place: int, span: int) -> Cell:
    column = grid.table.columns[place]
    value = row.cells[place]
    text = typeface.clean(shown(value, column.kind, grid.words))
    bold = row.kind in ("total", "heading")
    wide = grid.edges[place + span] - grid.edges[place] - 2 * PAD
    negative = isinstance(value, int) and value < 0
    align: Align = "right" if column.right and span == 1 else "left"
    tone: Tone = "red" if negative else "soft" if row.kind == "memo" else "ink"
    lines = typeface.wrap(text, wide, grid.size, bold=bold)
    return Cell(lines, place, span, align, bold, tone, blank=text == "")


def high(cells: list[Cell], size: float) -> float:
    """Return the height of a row: its tallest cell and the room above and below."""
    return max(len(cell.lines) for cell in cells) * size * LEAD + 2 * RISE - 0.4
