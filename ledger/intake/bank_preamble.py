"""What stands above a bank statement's header: account, period, balances, totals, held against the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ledger.intake import balance, totals
from ledger.intake.cells import money_or_none
from ledger.intake.model import BadCell, Control, Problems, SourceRow
from ledger.intake.text import Batch
from ledger.months import CHINA
from ledger.words import N_

_ENGLISH = re.compile(r"\[[ -~]*\]")
_SIGNS = str.maketrans({"：": ":", "，": ",", "\u3000": " ", "\t": " "})
_LABELLED = r"\s*:?\s*"
_ACCOUNT = re.compile(
    r"(?:本方|查询|客户)?(?:账号|帐号|卡号|账户|帐户)" + _LABELLED + r"([0-9][0-9* -]{4,40}[0-9])(?![0-9])"
)
_DAY = r"(20[0-9]{2})[-/.年]?([0-9]{2})[-/.月]?([0-9]{2})日?(?: [0-9:]{5,8})?"
_PERIOD = re.compile(
    r"(?:日期|时间|期间)(?:范围|段)?" + _LABELLED + _DAY
    + r"\s*(?:--?|—+|~|至|到|,|(?:终止|结束|截止)(?:日期|时间)" + _LABELLED + r"|\s)+\s*" + _DAY
)  # fmt: skip
_MONEY = r"([+-]?[0-9][0-9,]*(?:\.[0-9]{1,2})?)(?![0-9])"
_BALANCE = re.compile(r"(期初|期末)余额" + _LABELLED + _MONEY)
_COUNT = re.compile(
    r"(借方|贷方|支出|收入|转出|转入)?(?:发生|交易)?总?笔数" + _LABELLED + r"([0-9]{1,7})(?![0-9,.])"
)
_SUM = re.compile(r"(借方|贷方|支出|收入|转出|转入)(?:发生|交易)?总?(?:金额|额)" + _LABELLED + _MONEY)
_SHORT = 8
"""An account in the rows with fewer digits is only the end of its number."""


def owner(before: Batch) -> str:
    """Return the account that the lines above the header name, `""` where they name none."""
    for _, text in _texts(before):
        if found := _ACCOUNT.search(text):
            return re.sub("[ -]", "", found[1])
    return ""


def check(before: Batch, rows: Sequence[SourceRow], problems: Problems) -> list[Control]:
    """Return the controls that the lines above the header state.

    Notes an account that is not the rows', days outside the period, and balances and totals that differ.
    """
    controls = totals.above(before, rows, problems)
    for number, text in _texts(before):
        _check_account(number, text, rows, problems)
        _check_period(number, text, rows, problems)
        found = [*_balances(text, rows), *_totals(text, rows)]
        controls += totals.checked(found, number, problems)
    return controls


def _texts(before: Batch) -> list[tuple[int, str]]:
    """Return the lines above the header, each as one text without English labels."""
    joined = ((number, " ".join(cell.strip() for cell in row)) for number, row in zip(*before, strict=True))
    return [(number, _ENGLISH.sub(" ", text.translate(_SIGNS))) for number, text in joined]


def _check_account(number: int, text: str, rows: Sequence[SourceRow], problems: Problems) -> None:
    found = _ACCOUNT.search(text)
    own = next((row.account for row in rows if row.account), "")
    if not found or not own:
        return
    stated = re.sub("[ -]", "", found[1])
    fits = stated.endswith(own) if len(own) < _SHORT else re.fullmatch(re.sub(r"\*+", "[0-9]*", stated), own)
    if not fits:
        problems.add(
            N_("表头之上写的账号是 {stated}，数据行里却是 {found}：请核对是哪个账户的流水"),
            number,
            stated=stated,
            found=own,
        )


def _check_period(number: int, text: str, rows: Sequence[SourceRow], problems: Problems) -> None:
    found = _PERIOD.search(text)
    if not found:
        return
    parts = [int(part) for part in found.groups()]
    try:
        first, last = date(*parts[:3]), date(*parts[3:])
    except ValueError:
        problems.add(N_("表头之上的起止日期无法识别，不能据以核对"), number)
        return
    for row in rows:
        if not first <= row.at.astimezone(CHINA).date() <= last:
            message = N_("时间不在文件自述的起止日期 {first} 至 {last} 之内")
            problems.add(message, row.number, first=f"{first}", last=f"{last}")


def _balances(text: str, rows: Sequence[SourceRow]) -> list[Control]:
    if not rows or any(row.balance_fen is None for row in rows):
        return []
    moves = [row.amount_fen if row.kind.endswith("_in") else -row.amount_fen for row in rows]
    opening, closing = balance.ends(rows, moves)
    names = {"期初": (N_("文件自述期初余额"), opening), "期末": (N_("文件自述期末余额"), closing)}
    found = []
    for item in _BALANCE.finditer(text):
        name, computed = names[item[1]]
        if (fen := _fen(item[2])) is not None:
            found.append(Control(name, fen, computed, "fen"))
    return found


def _totals(text: str, rows: Sequence[SourceRow]) -> list[Control]:
    found: list[Control] = []
    for item in _COUNT.finditer(text):
        found += totals.named(item[1] or "", int(item[2]), None, rows)
    for item in _SUM.finditer(text):
        if (fen := _fen(item[2])) is not None:
            found += totals.named(item[1], None, fen, rows)
    return found


def _fen(text: str) -> int | None:
    try:
        return money_or_none(text)
    except BadCell:  # cut by a comma that was a separator of cells
        return None
