"""Drawing a laid-out table: rules, tints, and the heading row on every page it reaches."""

from __future__ import annotations

from ledger.words import N_
from reports import typeface
from reports.pdf_grid import LEAD, PAD, RISE, Grid, Laid, Line, high, total_height
from reports.pdf_page import Box, Flow, Label, Rule, Tone
from reports.wording import Wording

SHADED_FROM = 8
"""A table with more rows than this is tinted in turn."""


def draw(flow: Flow, laid: Laid, words: Wording) -> None:
    """Draw a table at the cursor; its heading row is repeated on every page it reaches."""
    if laid.grid is None or laid.head is None:
        flow.text(laid.table.empty or words(N_("本月没有此项。")), size=9, tone="soft")
    else:
        _place(flow, laid.grid, laid.head, laid.blocks)
    if laid.table.note:
        flow.space(2)
        flow.text(laid.table.note, size=7.5, tone="soft", lead=1.45)


def _place(flow: Flow, grid: Grid, head: Line, blocks: tuple[tuple[Line, ...], ...]) -> None:
    """Place blocks of rows that stay together, opening pages between blocks only."""
    flow.need(head.height + total_height(blocks[0]))
    _draw_head(flow, grid, head)
    top, zebra, shaded = flow.y + head.height, False, sum(map(len, blocks)) > SHADED_FROM
    for block in blocks:
        if flow.room < total_height(block):
            _frame(flow, grid, top)
            flow.new_page()
            note = typeface.clean(grid.words(N_("（续上表）")))
            flow.add(Label(flow.right, flow.y - 7, note, 7.5, tone="soft", align="right"))
            flow.space(11)
            top = flow.y
            _draw_head(flow, grid, head)
        for line in block:
            zebra = zebra if line.row.joined else not zebra
            _draw_line(flow, grid, line, tint="zebra" if shaded and not zebra else None)
    _frame(flow, grid, top)
    flow.space(4)


def _draw_head(flow: Flow, grid: Grid, head: Line) -> None:
    flow.add(Box(grid.edges[0], flow.y - head.height, grid.wide, head.height, fill="head"))
    _draw_cells(flow, grid, head, middle=True)
    flow.add(*(Rule(x, flow.y, x, flow.y - head.height, 0.35) for x in grid.edges[1:-1]))
    flow.space(head.height)
    flow.add(Rule(grid.edges[0], flow.y, grid.edges[-1], flow.y, 0.7, "ink"))


def _draw_line(flow: Flow, grid: Grid, line: Line, *, tint: Tone | None) -> None:
    """Draw one row with its rules; a joined row's blank cells belong to the cell above."""
    fill: Tone | None = "head" if line.row.kind == "total" else tint
    if fill:
        flow.add(Box(grid.edges[0], flow.y - line.height, grid.wide, line.height, fill=fill))
    for cell in line.cells:
        if not (line.row.joined and cell.blank):
            flow.add(Rule(grid.edges[cell.start], flow.y, grid.edges[cell.start + cell.span], flow.y, 0.35))
        if cell.start:
            x = grid.edges[cell.start]
            flow.add(Rule(x, flow.y, x, flow.y - line.height, 0.35))
    _draw_cells(flow, grid, line)
    flow.space(line.height)


def _draw_cells(flow: Flow, grid: Grid, line: Line, *, middle: bool = False) -> None:
    """Draw the text of a row, at the top of each cell or (headings) in its middle."""
    for cell in line.cells:
        left, right = grid.edges[cell.start] + PAD, grid.edges[cell.start + cell.span] - PAD
        x = {"left": left, "right": right, "centre": (left + right) / 2}[cell.align]
        spare = line.height - high([cell], grid.size)
        y = flow.y - RISE - grid.size * 0.98 - (spare / 2 if middle else 0)
        for text in cell.lines:
            if text:
                flow.add(Label(x, y, text, grid.size, cell.bold, cell.tone, cell.align))
            y -= grid.size * LEAD


def _frame(flow: Flow, grid: Grid, top: float) -> None:
    """Draw the outer frame of the part of the table on this page."""
    flow.add(Box(grid.edges[0], flow.y, grid.wide, top - flow.y, line="ink", weight=0.8))
