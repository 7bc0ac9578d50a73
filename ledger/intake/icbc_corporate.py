"""ICBC corporate statement `historydetail` (domain A5): 借 is money out, the bank's side.

A voucher number (凭证号) may be 0 and is not unique by itself, so the key names the movement: own account,
number, time, direction, fen, balance after. Rows without a number add their occurrence, so that
two equal payments stay two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ledger.intake import balance, cells
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.words import N_

_OUT, _IN = "借方发生额", "贷方发生额"
_OWN, _WAY, _BALANCE = "本方账号", "借/贷", "余额"


def build(lines: Iterator[Line], problems: Problems) -> Built:
    """Return the statement's rows; the direction column must agree with the column that holds the amount."""
    rows: list[SourceRow] = []
    moves: list[int] = []
    seen: Counter[str] = Counter()
    own = ""
    for number, raw, (voucher, account, _, at, way, out, into, summary, purpose, party, after) in lines:
        if way not in {"借", "贷"}:
            problems.add(N_("不认识的借贷方向“{way}”：应为 借 或 贷"), number, _WAY, way=way[:40])
            continue
        column, amount, other = (_OUT, out, into) if way == "借" else (_IN, into, out)
        if other or not amount or amount < 0:
            message = N_("借贷方向与金额矛盾：{column} 应为正数，另一列应为零或空")
            problems.add(message, number, _WAY, column=column)
            continue
        own = own or account
        if account != own:
            problems.add(N_("文件里有不止一个本方账号：请每个账号分别导出"), number, _OWN)
        kind = "bank_out" if way == "借" else "bank_in"
        key = f"{account}|{_voucher(voucher)}|{at:%Y-%m-%dT%H:%M:%S}|{kind[5:]}|{amount}|{after}"
        if not _voucher(voucher):
            seen[key] += 1
            key = f"{key}|{seen[key]}"
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, key, kind, at, None, amount, 0, 0),
                    *(None, after, "", account, "", summary, party, purpose),
                )
            )
        )
        moves.append(amount if kind == "bank_in" else -amount)
    controls, notices = balance.check(rows, moves, problems, _BALANCE)
    for kind, name in (("bank_in", N_("贷方（转入）")), ("bank_out", N_("借方（转出）"))):
        amounts = [row.amount_fen for row in rows if row.kind == kind]
        controls.append(Control(name, len(amounts), len(amounts), "rows"))
        controls.append(Control(name, sum(amounts), sum(amounts), "fen"))
    return Built(rows, controls, notices)


def _voucher(number: str) -> str:
    """Return a voucher number, `""` for the zeros that stand for none."""
    return number if number.strip("0") else ""


FORMAT = Format(
    name="icbc-corporate",
    version=1,
    kind="bank_statement",
    platform="",
    title=N_("工商银行对公明细"),
    columns=(
        Column("凭证号", cells.identifier_or_none),
        Column(_OWN, cells.identifier),
        Column("对方账号", cells.identifier_or_none),
        Column("交易时间", cells.moment),
        Column(_WAY, cells.required_text),
        Column(_OUT, cells.money_or_none),
        Column(_IN, cells.money_or_none),
        Column("摘要", cells.text),
        Column("用途", cells.text),
        Column("对方单位名称", cells.text),
        Column(_BALANCE, cells.money),
    ),
    ids=("凭证号", _OWN, "对方账号"),
    sums=(_OUT, _IN),
    build=build,
)
