"""The running balance: previous balance + movement = balance, on every row (domain A5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

from ledger.errors import Problem
from ledger.intake.model import Control, Problems, SourceRow
from ledger.money import yuan
from ledger.words import N_


def check(
    rows: Sequence[SourceRow], moves: Sequence[int], problems: Problems, column: str
) -> tuple[list[Control], list[Problem]]:
    """Check the balance of every row, oldest or newest first; note each row that breaks it.

    `moves` are the rows' signed movements in fen. Returns opening and closing balance as controls,
    stated by the file's ends and computed from the other end, and a notice where time runs backwards.
    A file with other problems is not checked: a row that could not be read would break the chain again;
    nor is one of which only some rows were kept.
    """
    if problems.count or problems.partial or not rows:
        return [], []
    balances = [row.balance_fen or 0 for row in rows]
    breaks, newest_first = _breaks(rows, moves)
    for at in breaks:
        # Newest first, it is the row above that does not follow from this one.
        before, after = (at, at - 1) if newest_first else (at - 1, at)
        problems.add(
            N_(
                "余额对不上：上一笔 {before} 加本笔 {moved} 应为 {wanted}，文件里是 {found}；可能缺行或被改动"
            ),
            rows[after].number,
            column,
            before=yuan(balances[before]),
            moved=yuan(moves[after]),
            wanted=yuan(balances[before] + moves[after]),
            found=yuan(balances[after]),
        )
    opening, closing = ends(rows, moves)
    moved = sum(moves)
    controls = [
        Control(N_("期初余额"), opening, closing - moved, "fen"),
        Control(N_("期末余额"), closing, opening + moved, "fen"),
    ]
    ordered = list(reversed(rows)) if newest_first else list(rows)
    backwards = [after for before, after in pairwise(ordered) if _earlier(after, before)]
    notices = [
        Problem(N_("余额连续，但这一行的时间早于前一笔"), row.number, values={}) for row in backwards[:1]
    ]
    return controls, notices


def ends(rows: Sequence[SourceRow], moves: Sequence[int]) -> tuple[int, int]:
    """Return the balance before the oldest row and after the newest."""
    first, last = (-1, 0) if _breaks(rows, moves)[1] else (0, -1)
    return (rows[first].balance_fen or 0) - moves[first], rows[last].balance_fen or 0


def _breaks(rows: Sequence[SourceRow], moves: Sequence[int]) -> tuple[list[int], bool]:
    """Return the rows that do not follow, in the order that fits better, and whether that is newest first."""
    balances = [row.balance_fen or 0 for row in rows]
    rising = [at for at in range(1, len(rows)) if balances[at - 1] + moves[at] != balances[at]]
    falling = [at for at in range(1, len(rows)) if balances[at] + moves[at - 1] != balances[at - 1]]
    newest_first = (len(falling), rows[0].at <= rows[-1].at) < (len(rising), rows[0].at > rows[-1].at)
    return (falling, True) if newest_first else (rising, False)


def _earlier(row: SourceRow, other: SourceRow) -> bool:
    """Tell whether a row is earlier than another; one without a time of day counts by its day."""
    if row.at.time() == time.min:
        return row.at.date() < other.at.date()
    return row.at < other.at
