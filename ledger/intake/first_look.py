"""What a file of an unknown bank looks like, for the person who is to say which column is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ledger.errors import Invalid
from ledger.intake import bank, bank_cells, cells, mapping, sheets, table
from ledger.intake.mapping import Mapping
from ledger.intake.model import COLUMNS_MAX, PREAMBLE_LINES_MAX, BadCell
from ledger.intake.text import Batch, Grid, fingerprint, header_key

SAMPLES_MAX = 20
_HEADER_CELLS_MIN = 3
_FILLED_MIN = 3
"""Filled cells of a row of data; a remark at the end has fewer."""
_PAIRS = (
    *(("贷", "借"), ("贷方", "借方"), ("贷 Cr", "借 Dr"), ("Cr", "Dr"), ("收入", "支出"), ("收", "支")),
    *(("转入", "转出"), ("来账", "往账"), ("收", "付")),
)
_WORDS: dict[str, tuple[str, ...]] = {
    "date": ("记账日期", "入账日期", "记账日", "交易日期", "交易日", "日期"),
    "time": ("记账时间", "交易时间", "时间", "交易时刻"),
    "moment": ("记账时间", "入账时间", "交易时间", "交易日期", "交易日期时间", "日期", "时间"),
    "out": ("支出", "支出金额", "借方发生额", "借方金额", "借方", "转出金额", "转出", "取出", "付款金额"),
    "into": ("收入", "收入金额", "贷方发生额", "贷方金额", "贷方", "转入金额", "转入", "存入", "收款金额"),
    "amount": ("交易金额", "发生额", "金额", "交易额"),
    "balance": ("账户余额", "余额", "交易后余额", "本次余额", "联机余额", "当前余额", "结余"),
    "currency": ("币种", "币别", "货币", "交易币种"),
    "party": (
        *("对方户名", "对方名称", "对方单位", "对方单位名称", "对方账户名", "对方账户名称"),
        *("对方", "交易对方", "对手户名", "对手名称", "对手信息", "对手方"),
    ),
    "party_account": ("对方账号", "对方账户", "对方卡号", "对方卡号/账号", "对手账号", "交易对方账号"),
    "summary": ("摘要", "交易摘要", "业务摘要", "摘要说明", "交易类型"),
    "note": ("用途", "附言", "交易附言", "备注", "交易备注", "客户附言"),
    "serial": ("交易流水号", "流水号", "银行流水号", "核心流水号", "日志号", "凭证号"),
    "own_account": ("本方账号", "账号", "卡号", "查询账号", "客户账号", "账户"),
}
"""Names that banks give to columns, the surer ones first; compared as headers are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a person sees it before its columns are mapped.

    `samples` are the first rows after the header with their numbers, `readers` the formats that know this
    header, the most specific first, `suggestion` a mapping to begin with, None where none could be used.
    """

    name: str
    header_row: int
    header: tuple[str, ...]
    fingerprint: str
    samples: tuple[tuple[int, tuple[str, ...]], ...]
    readers: tuple[str, ...]
    suggestion: Mapping | None


def preview(data: bytes, filename: str, forms: Sequence[table.Format]) -> tuple[Sheet, ...]:
    """Return each filled sheet of a file; raise Unreadable for one that cannot be opened at all."""
    found = (_sheet(grid, forms) for grid in sheets.grids(data, filename))
    return tuple(sheet for sheet in found if sheet is not None)


def _sheet(grid: Grid, forms: Sequence[table.Format]) -> Sheet | None:
    batch = next(grid.batches, Batch((), ()))
    lines = [(number, row) for number, row in zip(*batch, strict=True) if any(cell.strip() for cell in row)]
    at = _header_at(lines)
    if at < 0:
        return None
    number, row = lines[at]
    header, keys = table.trimmed(row)
    samples = tuple(
        (n, tuple([*cells_, *[""] * len(header)][: len(header)]))
        for n, cells_ in islice(lines, at + 1, at + 1 + SAMPLES_MAX)
    )
    readers = tuple(found.form.name for found in table.recognise(forms, row, number))
    guess = suggest(header, [cells_ for _, cells_ in samples])
    return Sheet(grid.name, number, header, fingerprint(keys), samples, readers, guess)


def _header_at(lines: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Return which line is most likely the header: many different names, and rows as wide below it."""
    best, place = 0, -1
    for at, (_, row) in enumerate(lines[: PREAMBLE_LINES_MAX + 1]):
        width = len(table.trimmed(row)[0])
        names = len({header_key(cell) for cell in row[:COLUMNS_MAX] if _is_name(cell)})
        below = lines[at + 1][1] if at + 1 < len(lines) else ()
        if names >= _HEADER_CELLS_MIN and len(below) >= min(width, len(row)) - 1 and names > best:
            best, place = names, at
    return place


def _is_name(cell: str) -> bool:
    text = cells.clean(cell)
    return any(letter.isalpha() for letter in text) and not any(letter.isdigit() for letter in text)


def suggest(header: Sequence[str], samples: Iterable[Sequence[str]]) -> Mapping | None:
    """Propose what each column is, by its name and by how its cells are written; None if that cannot do."""
    data = [row for row in samples if sum(bool(cells.clean(cell)) for cell in row) >= _FILLED_MIN]
    columns = {
        name: [text for row in data if (text := cells.clean(row[at]))]
        for at, name in enumerate(header)
        if name.strip()
    }
    chosen: dict[str, str] = {}
    dates = _times(columns, chosen)
    ways = _ways(columns, chosen)
    for role in ("out", "into", "amount", "balance"):
        _take(columns, chosen, role, cells.money)
    if "out" in chosen and "into" in chosen:
        chosen.pop("amount", None)
        if chosen.pop("direction", ""):
            ways = {}
    else:
        chosen.pop("out", None), chosen.pop("into", None)
    _take(columns, chosen, "currency", bank_cells.renminbi)
    _take(columns, chosen, "own_account", _own)
    _take(columns, chosen, "serial", cells.identifier)
    for role in ("party_account", "party", "summary", "note"):
        _take(columns, chosen, role, cells.text)
    found = replace(Mapping(**ways), dates=dates, **chosen)  # type: ignore[arg-type]
    try:
        mapping.check(found)
    except Invalid:
        return None
    return found


def _take(
    columns: dict[str, list[str]], chosen: dict[str, str], role: str, parse: Callable[[str], object]
) -> bool:
    """Give `role` to the first free column of a known name whose cells can all be read as such."""
    by_key = {header_key(name): name for name in columns}
    for word in _WORDS[role]:
        name = by_key.get(header_key(word))
        if name is not None and name not in chosen.values() and _all(columns[name], parse):
            chosen[role] = name
            return True
    return False


def _all(samples: Sequence[str], parse: Callable[[str], object]) -> bool:
    try:
        for sample in samples:
            parse(sample)
    except BadCell:
        return False
    return True


def _times(columns: dict[str, list[str]], chosen: dict[str, str]) -> str:
    """Choose the columns of date and time; return how dates are written."""
    filled = {name: samples for name, samples in columns.items() if samples}
    for role, readers in (("moment", bank_cells.moment_in), ("date", bank_cells.day_in)):
        for form in bank_cells.DATES:
            if _take(filled, chosen, role, readers(form)):
                if role == "date":
                    _take(filled, chosen, "time", bank_cells.clock_or_none)
                return form
    return bank_cells.ISO


def _ways(columns: dict[str, list[str]], chosen: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Choose a column that says nothing but a direction; return its words for in and out."""
    known = {header_key(word) for word in (*bank.IN_WORDS, *bank.OUT_WORDS)}
    for name, samples in columns.items():
        said = {header_key(sample) for sample in samples}
        if not said or not said <= known:
            continue
        for into, out in _PAIRS:
            if said <= {header_key(into), header_key(out)}:
                chosen["direction"] = name
                return {"in_words": (into,), "out_words": (out,)}
    return {}


def _own(cell: str) -> str:
    """Read an own account: a column of that name may hold only some short code."""
    value = cells.identifier(cell)
    if len(value) < 4 or not value.isdigit():  # noqa: PLR2004 - the shortest end of a card's number
        raise BadCell(cells.EMPTY)
    return value
