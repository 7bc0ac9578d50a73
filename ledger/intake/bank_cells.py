"""Cells as banks write them: dates and times in one known form, signed amounts, currencies (domain A5).

A bank keeps to one way of writing a date; a statement that a spreadsheet saved again does not. Where
the cell of a workbook is a date, it reads as `2026-03-13`, which every form accepts as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ledger.intake import cells
from ledger.intake.model import EXCEL_RESAVED, BadCell
from ledger.intake.text import header_key
from ledger.months import CHINA
from ledger.words import N_

DATES = MappingProxyType(
    {
        "2026-03-13": r"(20[0-9]{2})-([0-9]{2})-([0-9]{2})",
        "20260313": r"(20[0-9]{2})([0-9]{2})([0-9]{2})",
        "2026/03/13": r"(20[0-9]{2})/([0-9]{2})/([0-9]{2})",
        "2026.03.13": r"(20[0-9]{2})\.([0-9]{2})\.([0-9]{2})",
        "2026年03月13日": r"(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日",
    }
)
"""The ways of writing a date that may be chosen, each by its example."""
ISO = "2026-03-13"

_TIME = r"(?:([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|([0-9]{2})([0-9]{2})([0-9]{2}))"
_CLOCK = re.compile(_TIME)
_SHORTENED = re.compile(r"[0-9]{1,5}|[0-9]:[0-9]{2}(?::[0-9]{2})?")
_SLASHED = re.compile(r"20[0-9]{2}/[0-9]{1,2}/[0-9]{1,2}(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")
_YUAN = frozenset({"人民币", "人民币元", "cny", "rmb"})


class Signed(NamedTuple):
    """An amount in fen and the sign that stands before it: `+`, `-` or none."""

    fen: int
    sign: str


@cache
def day_in(form: str) -> Callable[[str], date]:
    """Return the reader of a date that is written as `form`, one of `DATES`."""
    patterns = _patterns(form, "(?: 00:00:00)?")

    def day(cell: str) -> date:
        value = _filled(cell)
        for pattern in patterns:
            if found := pattern.fullmatch(value):
                return _date(value, *found.groups())
        if _SLASHED.fullmatch(value):
            raise BadCell(EXCEL_RESAVED)
        raise BadCell(N_("“{cell}”不是日期：这种文件的日期应写成 {form}"), cell=value[:40], form=form)

    return day


@cache
def moment_in(form: str) -> Callable[[str], datetime]:
    """Return the reader of a date and a time in one cell: a date alone is not taken for midnight."""
    patterns = _patterns(form, f"[ T]?{_TIME}")

    def moment(cell: str) -> datetime:
        value = " ".join(_filled(cell).split())
        for pattern in patterns:
            if found := pattern.fullmatch(value):
                day = _date(value, *found.groups()[:3])
                return datetime.combine(day, _time(value, found.groups()[3:]), CHINA)
        if _SLASHED.fullmatch(value):
            raise BadCell(EXCEL_RESAVED)
        message = N_("“{cell}”不是时间：这种文件的时间应写成 {form} 08:00:00")
        raise BadCell(message, cell=value[:40], form=form)

    return moment


def clock_or_none(cell: str) -> time | None:
    """Return a time of day, `123456` or `12:34:56`, None where there is none."""
    value = cells.clean(cell)
    if not value:
        return None
    if found := _CLOCK.fullmatch(value):
        return _time(value, found.groups())
    if _SHORTENED.fullmatch(value):  # a spreadsheet dropped the zero of 090000 or 09:00:00
        raise BadCell(EXCEL_RESAVED)
    raise BadCell(N_("“{cell}”不是时刻：请写成 08:00:00 或 080000"), cell=value[:40])


def signed_money(cell: str) -> Signed:
    """Return an amount with its sign, so that a direction column can be held against it."""
    sign = re.sub(r"^[¥￥]", "", cells.clean(cell))[:1]
    return Signed(cells.money(cell), sign if sign in {"+", "-"} else "")


def renminbi(cell: str) -> str:
    """Return the cell of a currency; it must be the yuan: the books know no other."""
    value = cells.text(cell)
    if header_key(value) not in _YUAN:
        raise BadCell(N_("币种是“{currency}”：只能读入人民币账户的流水"), currency=value[:20])
    return value


def _patterns(form: str, ending: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(DATES[name] + ending) for name in dict.fromkeys((form, ISO)))


def _filled(cell: str) -> str:
    value = cells.clean(cell)
    if not value:
        raise BadCell(cells.EMPTY)
    return value


def _date(value: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell(N_("没有“{cell}”这一天"), cell=value[:40]) from None


def _time(value: str, parts: tuple[str | None, ...]) -> time:
    hour, minute, second = (int(one or other or 0) for one, other in zip(parts[:3], parts[3:], strict=True))
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadCell(N_("没有“{cell}”这个时刻"), cell=value[:40]) from None
