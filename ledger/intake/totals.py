"""Control totals: what a file's summary lines state, against what its rows give (domain rule 9).

They stand below the rows, in words, under their columns or as a block of two lines, or above the header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ledger.intake.cells import clean, count_or_none, money_or_none
from ledger.intake.model import BadCell, Control, Problems, SourceRow
from ledger.intake.preamble import text_of
from ledger.intake.text import Batch
from ledger.money import yuan
from ledger.words import N_

_TOTAL = re.compile(
    r"#?\s*(本页|本期|人民币|收入|支出|借方|贷方|转入|转出)?(合计|总计|共计)([:：\s].*|[0-9共].*|)"
)
_COUNT = re.compile(r"([0-9]{1,7})\s*笔")
_SUM = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*元")
_LABEL = re.compile(r"(?:资金流水|交易)?总?(收入|支出|)总?(笔数|金额)(?:[(（]元[)）])?")
_ALL_ABOVE = re.compile(r"共\s*([0-9]{1,7})\s*笔记录")
_ABOVE = re.compile(
    r"(收入|支出|不计收支|中性交易|其他)[:：]\s*([0-9]{1,7})\s*笔"
    r"(?:[，,\s]*共?\s*([0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*元)?"
)
_WAYS = {
    "收入": "in",
    "贷方": "in",
    "转入": "in",
    "支出": "out",
    "借方": "out",
    "转出": "out",
    "不计收支": "memo",
    "中性交易": "memo",
    "其他": "memo",
}
_ROWS, _FEN = N_("文件自述笔数"), N_("文件自述金额")
_NAMES = {
    "收入": (N_("文件自述收入笔数"), N_("文件自述收入金额")),
    "支出": (N_("文件自述支出笔数"), N_("文件自述支出金额")),
    "不计收支": (N_("文件自述不计收支笔数"), N_("文件自述不计收支金额")),
    "中性交易": (N_("文件自述不计收支笔数"), N_("文件自述不计收支金额")),
    "其他": (N_("文件自述不计收支笔数"), N_("文件自述不计收支金额")),
}


class Stated(NamedTuple):
    """A summary line as it stands in the file; of a block, its second line and the labels above it."""

    number: int
    cells: tuple[str, ...]
    labels: tuple[str, ...] = ()


def take(number: int, row: Sequence[str], stated: list[Stated]) -> bool:
    """Add a summary line, or a line of a block of two, to `stated`; tell whether this row is one."""
    if stated and stated[-1].labels and not stated[-1].cells:
        stated[-1] = Stated(number, tuple(row), stated[-1].labels)
        return True
    filled = [text for cell in row if (text := clean(cell))]
    if filled and _TOTAL.fullmatch(filled[0]):
        stated.append(Stated(number, tuple(row)))
    elif len(filled) > 1 and all(map(_LABEL.fullmatch, filled)):
        stated.append(Stated(number, (), tuple(map(clean, row))))
    else:
        return False
    return True


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
        try:
            found = _block(line, rows) if line.labels else _spoken(line, rows) + _columns(line, rows, sums)
        except BadCell as bad:
            problems.add(bad.message, line.number, **bad.values)
            continue
        if not found:
            problems.add(N_("合计行里没有可核对的笔数或金额"), line.number)
        controls += checked(found, line.number, problems)
    return controls


def above(before: Batch, rows: Sequence[SourceRow], problems: Problems) -> list[Control]:
    """Return the controls that the lines above the header state: `共3笔记录`, `收入：1笔 6933.00元`.

    Notes each that the rows do not bear out, at its line. May be a format's `preamble`.
    """
    controls: list[Control] = []
    for number, row in zip(*before, strict=True):
        text = text_of(row)
        found = [Control(_ROWS, int(item[1]), len(rows), "rows") for item in _ALL_ABOVE.finditer(text)]
        for item in _ABOVE.finditer(text):
            try:
                found += named(item[1], int(item[2]), money_or_none(item[3] or ""), rows)
            except BadCell as bad:
                problems.add(bad.message, number, **bad.values)
        controls += checked(found, number, problems)
    return controls


def checked(found: list[Control], number: int, problems: Problems) -> list[Control]:
    """Return the controls that line `number` states; note each whose two sides differ."""
    for control in found:
        if control.stated != control.computed:
            _differ(control, number, problems)
    return found


def _differ(control: Control, number: int, problems: Problems) -> None:
    if control.unit == "rows":
        problems.add(
            N_("文件自述 {stated} 笔，实际读到 {computed} 笔：文件可能不完整"),
            number,
            "" if control.name == _ROWS else control.name,
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


def named(word: str, count: int | None, fen: int | None, rows: Sequence[SourceRow]) -> list[Control]:
    """Return the controls of the rows that go the way of `word`, all rows where it names none."""
    way = _WAYS.get(word, "")
    chosen = [row.amount_fen for row in rows if not way or row.kind.endswith("_" + way)]
    of_rows, of_fen = _NAMES.get(word, (_ROWS, _FEN))
    found = [] if count is None else [Control(of_rows, count, len(chosen), "rows")]
    return found if fen is None else [*found, Control(of_fen, abs(fen), abs(sum(chosen)), "fen")]


def _spoken(line: Stated, rows: Sequence[SourceRow]) -> list[Control]:
    """Return the totals that stand in words: `支出合计：1笔，共-58.50元`."""
    text = text_of([" ".join(filter(None, map(clean, line.cells)))])
    label, count, total = _TOTAL.match(text), _COUNT.search(text), _SUM.search(text)
    return named(
        (label[1] or "") if label else "",
        int(count[1]) if count else None,
        money_or_none(total[1]) if total else None,
        rows,
    )


def _block(line: Stated, rows: Sequence[SourceRow]) -> list[Control]:
    """Return the totals of a block of two lines: `收入笔数,收入金额` over `` `1.0,`100.00 ``."""
    found: list[Control] = []
    for label, cell in zip(line.labels, line.cells, strict=False):
        word = _LABEL.fullmatch(label)
        if word and word[2] == "笔数":
            found += named(word[1], count_or_none(re.sub(r"\.0+$", "", cell)), None, rows)
        elif word:
            found += named(word[1], None, money_or_none(cell), rows)
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
