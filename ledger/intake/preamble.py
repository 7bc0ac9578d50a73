"""The lines above a header: whose account it is, and which days the file covers.

Their totals are compared by `totals.above`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from ledger.intake.model import Problems, SourceRow
from ledger.intake.text import Batch
from ledger.months import CHINA
from ledger.words import N_

_ACCOUNT = re.compile(r"(?:支付宝)?(?:账户|账号|帐户|帐号|微信昵称)\s*[:：]\s*\[?\s*([^\]]+?)\s*(?:\]|,|$)")
_PERIOD = re.compile(
    r"(?:起始|开始)(?:日期|时间)\s*[:：]\s*\[?([^\]]+?)\]?\s*"
    r"(?:终止|结束|截止)(?:日期|时间)\s*[:：]\s*\[?([^\],]+)"
)
_STAMP = re.compile(r"([0-9]{4})[年-]([0-9]{2})[月-]([0-9]{2})日? ([0-9]{2}):([0-9]{2}):([0-9]{2})")
_SHOWN_MAX = 80
_LINE_MAX = 500
"""Characters of a line that are looked at: patterns with gaps are slow on endless lines."""


def text_of(row: Sequence[str]) -> str:
    """Return a line that is no table row as the text it was: an amount with separators may be cut in cells."""
    return ",".join(row)[:_LINE_MAX]


def account(before: Batch) -> str:
    """Return the account that the lines above the header name, `""` where they name none."""
    for row in before.rows:
        if found := _ACCOUNT.search(text_of(row)):
            return "".join(filter(str.isprintable, found[1]))[:_SHOWN_MAX]
    return ""


def check_period(before: Batch, rows: Sequence[SourceRow], problems: Problems, column: str) -> None:
    """Note each row whose time lies outside the period that the lines above the header state."""
    for number, line in zip(*before, strict=True):
        found = _PERIOD.search(text_of(line))
        if not found:
            continue
        first, last = _moment(found[1]), _moment(found[2])
        if first is None or last is None or first > last:
            problems.add(N_("表头之上的起止日期无法识别，不能据以核对"), number)
            continue
        for row in rows:
            if not first <= row.at <= last:
                problems.add(
                    N_("时间不在文件自述的起止日期 {first} 至 {last} 之内"),
                    row.number,
                    column,
                    first=f"{first:%Y-%m-%d %H:%M:%S}",
                    last=f"{last:%Y-%m-%d %H:%M:%S}",
                )


def _moment(text: str) -> datetime | None:
    found = _STAMP.fullmatch(text.strip())
    try:
        return datetime(*map(int, found.groups()), tzinfo=CHINA) if found else None  # type: ignore[misc,arg-type]
    except ValueError:
        return None
