"""Control totals: what a file's summary lines state, against what its rows give (domain rule 9)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ledger.intake.cells import clean, money_or_none
from ledger.intake.model import BadCell, Control, Problems, SourceRow
from ledger.money import yuan
from ledger.words import N_

_TOTAL = re.compile(
    r"#?\s*(本页|本期|人民币|收入|支出|借方|贷方|转入|转出)?(合计|总计|共计)([:：\s].*|[0-9共].*|)"
)
_COUNT = re.compile(r"([0-9]{1,7})\s*笔")
_SUM = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*元")
_WAYS = {"收入": "in", "贷方": "in", "转入": "in", "支出": "out", "借方": "out", "转出": "out"}


class Stated(NamedTuple):
    """A summary line as it stands in the file."""

    number: int
    cells: tuple[str, ...]


def is_total(text: str) -> bool:
    """Tell whether a row's first filled cell makes it a summary line, not data."""
    return bool(_TOTAL.fullmatch(text))


def compare(
    stated: Sequence[Stated],
    rows: Sequence[SourceRow],
    sums: dict[str, int],
    problems: Problems,
) -> list[Control]:
    """Return the controls of the summary lines; note each that the rows do not bear out.

    `sums` gives the columns that may be totalled, by name, each with its place in the file.
    """
    controls: list[Control] = []
    for line in stated:
        found = _spoken(line, rows) + _columns(line, rows, sums)
        if not found:
            problems.add(N_("合计行里没有可核对的笔数或金额"), line.number)
        for control in found:
            if control.stated != control.computed:
                _differ(control, line.number, problems)
        controls += found
    return controls


def _differ(control: Control, number: int, problems: Problems) -> None:
    if control.unit == "rows":
        problems.add(
            N_("文件自述 {stated} 笔，实际读到 {computed} 笔：文件可能不完整"),
            number,
            stated=control.stated,
            computed=control.computed,
        )
    else:
        problems.add(
            N_("文件自述合计 {stated} 元，逐行相加是 {computed} 元：文件可能不完整"),
            number,
            control.name,
            stated=yuan(control.stated),
            computed=yuan(control.computed),
        )


def _spoken(line: Stated, rows: Sequence[SourceRow]) -> list[Control]:
    """Return the totals that stand in words: `支出合计：1笔，共-58.50元`."""
    text = " ".join(filter(None, map(clean, line.cells)))
    label = _TOTAL.match(text)
    way = _WAYS.get(label[1] or "", "") if label else ""
    chosen = [row for row in rows if not way or row.kind.endswith("_" + way)]
    found = []
    if count := _COUNT.search(text):
        found.append(Control(N_("文件自述笔数"), int(count[1]), len(chosen), "rows"))
    if total := _SUM.search(text):
        fen = abs(money_or_none(total[1]) or 0)
        found.append(Control(N_("文件自述金额"), fen, abs(sum(row.amount_fen for row in chosen)), "fen"))
    return found


def _columns(line: Stated, rows: Sequence[SourceRow], sums: dict[str, int]) -> list[Control]:
    """Return the totals that stand under their column."""
    found = []
    for name, place in sums.items():
        try:
            fen = money_or_none(line.cells[place]) if place < len(line.cells) else None
        except BadCell:
            continue
        if fen is not None:
            found.append(Control(name, fen, sum(money_or_none(row.cells[place]) or 0 for row in rows), "fen"))
    return found
