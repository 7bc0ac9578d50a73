"""A ledger on pages: where one ends, 过次页 carries the sums over; where the next begins, 承前页 takes them up.

The sums are those of the month so far, with the balance (会计基础工作规范: 账页结转).
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.words import N_
from reports import pdf_grid, typeface
from reports.books_tables import Role, Sheet
from reports.pdf_grid import Cell, Grid, Line
from reports.pdf_page import LEFT, Align, Flow, Label
from reports.pdf_table import _draw_head, _draw_line, _frame
from reports.tables import Row, shown
from reports.wording import Wording

CARRIED, TAKEN = N_("过次页"), N_("承前页")
SIZE = 8.0


@dataclass(slots=True)
class _Carry:
    """Sums of the month so far, and the balance as its row shows it."""

    debit_fen: int = 0
    credit_fen: int = 0
    balance: tuple[str | int, str | int] = ("", "")

    def after(self, role: Role, row: Row, debit: int) -> None:
        """Take a row in: a line is added, a month's total begins anew."""
        self.balance = (_figure(row.cells[debit + 2]), _figure(row.cells[debit + 3]))
        if role == "line":
            self.debit_fen += _fen(row.cells[debit])
            self.credit_fen += _fen(row.cells[debit + 1])
        elif role == "month":
            self.debit_fen = self.credit_fen = 0


def draw(flow: Flow, sheet: Sheet, words: Wording) -> None:
    """Draw a ledger from the cursor down, over as many pages as it takes."""
    laid = pdf_grid.lay(sheet.table, words, wide=flow.width, size=SIZE)
    if laid.grid is None or laid.head is None:
        raise ValueError("a ledger has at least its opening")
    grid = laid.grid
    lines = [line for block in laid.blocks for line in block]
    carry, single = _Carry(), _height(grid)
    top = _begin(flow, grid, laid.head)
    for group in _groups(sheet.roles):
        high = sum(lines[place].height for place in group)
        rest = single if group[-1] + 1 < len(lines) else 0
        if flow.room < high + rest:
            _draw_carry(flow, sheet, grid, carry, words(CARRIED), words)
            _frame(flow, grid, top)
            flow.new_page()
            _continued(flow, sheet, words)
            top = _begin(flow, grid, laid.head)
            _draw_carry(flow, sheet, grid, carry, words(TAKEN), words)
        for place in group:
            _draw_line(flow, grid, lines[place], tint=None)
            carry.after(sheet.roles[place], sheet.table.rows[place], sheet.debit)
    _frame(flow, grid, top)
    flow.space(10)


def _groups(roles: tuple[Role, ...]) -> list[list[int]]:
    """Return the rows that stay together: a line with the totals that follow it."""
    found: list[list[int]] = []
    for place, role in enumerate(roles):
        if role in ("line", "opening") or not found:
            found.append([place])
        else:
            found[-1].append(place)
    return found


def _begin(flow: Flow, grid: Grid, head: Line) -> float:
    """Draw the row of labels; return where the frame begins."""
    top = flow.y
    _draw_head(flow, grid, head)
    return top


def _continued(flow: Flow, sheet: Sheet, words: Wording) -> None:
    more = words(N_("（续上页）"))
    note = typeface.clean(f"{sheet.table.title} {more}")
    flow.add(Label(LEFT, flow.y - 8, note, 9, bold=True))
    flow.space(14)


def _height(grid: Grid) -> float:
    return pdf_grid.high([Cell(("",), 0, 1, "left", bold=False, tone="ink")], grid.size)


def _draw_carry(flow: Flow, sheet: Sheet, grid: Grid, carry: _Carry, label: str, words: Wording) -> None:
    """Draw a row of carried sums."""
    values: dict[int, str | int] = {
        0: label,
        sheet.debit: carry.debit_fen,
        sheet.debit + 1: carry.credit_fen,
        sheet.debit + 2: carry.balance[0],
        sheet.debit + 3: carry.balance[1],
    }
    cells = []
    for place, column in enumerate(sheet.table.columns):
        value = values.get(place, "")
        align: Align = "right" if column.right else "left"
        negative = isinstance(value, int) and value < 0
        text = typeface.clean(shown(value, column.kind, words))
        cells.append(Cell((text,), place, 1, align, bold=True, tone="red" if negative else "ink"))
    line = Line(Row((), kind="total"), tuple(cells), _height(grid))
    _draw_line(flow, grid, line, tint=None)


def _figure(cell: object) -> str | int:
    return cell if isinstance(cell, str | int) else ""


def _fen(cell: object) -> int:
    return cell if isinstance(cell, int) else 0
