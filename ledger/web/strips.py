"""A chart that is a table: each row a name, a strip and a figure, the same for eye and screen reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.chart import Bar
from reports.wording import Wording

WIDE = 1000
"""Width of a strip's own coordinates; the page stretches it."""
LEAST = 3
"""The narrowest strip that can still be seen."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One row: the strip runs from `x` for `wide` of WIDE. `kind`: level, plus or less; `fen` is signed."""

    label: str
    fen: int
    x: int
    wide: int
    kind: str


def strips(bars: Iterable[Bar]) -> tuple[Strip, ...]:
    """Return bars as strips on one scale: a level stands on zero, a step begins where the last one ended."""
    ends, level = [], 0
    for bar in bars:
        before, level = (0, bar.fen) if bar.level else (level, level + bar.fen)
        ends.append((bar, min(before, level), max(before, level)))
    low = min((left for _, left, _ in ends), default=0)
    high = max((right for _, _, right in ends), default=0)
    span = max(high - low, 1)
    found = []
    for bar, left, right in ends:
        wide = max((right - left) * WIDE // span, LEAST if bar.fen else 0)
        x = min((left - low) * WIDE // span, WIDE - wide)
        kind = "level" if bar.level else "plus" if bar.fen > 0 else "less"
        found.append(Strip(bar.label, bar.fen, x, wide, kind))
    return tuple(found)


def _short(name: str) -> str:
    """Return the detail part of an account's name: what follows the dash, or the colon in English."""
    return name.rpartition("—")[2].rpartition(": ")[2]


def fund(statement: MonthlyStatement, language: str) -> tuple[Strip, ...]:
    """Return how the fund came from its opening to its closing: every income, deduction and spending."""
    words = Wording(language)
    signs = {"income": 1, "deduction": -1, "spending": -1}
    steps = [
        Bar(_short(words.name(line.name)), signs[line.group] * line.month_fen, level=False)
        for line in statement.lines
        if line.group in signs and not line.total and line.month_fen
    ]
    first = Bar(words(N_("期初公益资金")), statement.summary.opening_fund_fen, level=True)
    return strips(
        (first, *steps, Bar(words(N_("期末公益资金")), statement.summary.closing_fund_fen, level=True))
    )
