"""One cell to one value, strictly: nothing is rounded, nothing is guessed.

Each function takes a raw cell and returns its value or raises `BadCell`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from ledger.intake.model import CELL_CHARACTERS_MAX, EXCEL_RESAVED, BadCell
from ledger.money import FEN_MAX
from ledger.months import CHINA
from ledger.words import N_

_PADDING = " \t\u3000\u00a0"
_QUOTES = "'`"
_EMPTY = re.compile(r"-+|/|无|null", re.IGNORECASE)

_MONEY = re.compile(r"(?:[¥￥]([+-]?)|([+-]?)[¥￥]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
_DECIMALS = re.compile(r"[¥￥+-]*[0-9,]+\.[0-9]{3,}")
_ROUNDED = re.compile(r"[0-9.,]+\s*[万亿wWkK]\+?")
_WHOLE_DIGITS_MAX = 16
_COUNT = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_RATES = {
    "%": (re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%"), 2),
    "‰": (re.compile(r"([0-9]{1,4})(?:\.([0-9]))?‰?"), 1),
    "1": (re.compile(r"([01])(?:\.([0-9]{1,4}))?"), 4),
    "1/10000": (re.compile(r"([0-9]{1,5})()"), 0),
}
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:/#-]{0,63}")
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# A name may hold a joined emoji, so joiners pass; nothing that turns the direction of writing does.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
STAMP = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
"""A time as platforms and banks write it; others in ISO 8601 are not accepted."""
_SLASHED = re.compile(r"(20[0-9]{2})/([0-9]{1,2})/([0-9]{1,2})(?: ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?")
_BY_HAND = re.compile(r"(20[0-9]{2})[-/]([0-9]{1,2})[-/]([0-9]{1,2}) ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")

EMPTY = N_("这一格不能为空")


def clean(cell: str) -> str:
    """Return a cell without padding, export marks (`'`, backtick) and the words for "nothing"."""
    text = cell.strip(_PADDING)
    if text[:1] in _QUOTES:
        text = text[1:].strip(_PADDING)
    return "" if _EMPTY.fullmatch(text) else text


def check_characters(cell: str) -> None:
    """Raise BadCell for what may not be stored: too long, control characters, not NFC."""
    if len(cell) > CELL_CHARACTERS_MAX:
        raise BadCell(N_("这一格有 {count} 个字，最多 {most} 个"), count=len(cell), most=CELL_CHARACTERS_MAX)
    if cell.isascii() and cell.isprintable():
        return
    if found := _FORBIDDEN.search(cell):
        raise BadCell(N_("含有不允许的控制字符 U+{code}，请删除后再导入"), code=f"{ord(found[0]):04X}")
    if not unicodedata.is_normalized("NFC", cell):
        raise BadCell(N_("文字不是 NFC 规范形式，无法留存校验；请重新导出，不要经其他软件转存"))


def anything(cell: str) -> str:
    """Accept a cell of a column that is kept but not understood (domain rule 12)."""
    check_characters(cell)
    return cell


def text(cell: str) -> str:
    """Return a name or a note, `""` where there is none. Formula-like text stays text."""
    check_characters(cell)
    return clean(cell)


def required_text(cell: str) -> str:
    """Return a name that must be there."""
    value = text(cell)
    if not value:
        raise BadCell(EMPTY)
    if _INVISIBLE.search(value):
        raise BadCell(N_("含有看不见的字符，请重新填写"))
    if _EXPONENT.fullmatch(value):
        raise BadCell(EXCEL_RESAVED)
    return value


def identifier_or_none(cell: str) -> str:
    """Return a number of an order, account or flow as text, `""` where there is none (domain rule 8)."""
    value = cell.strip(_PADDING)
    if _ID.fullmatch(value):
        return value
    value = clean(cell)
    if not value or _ID.fullmatch(value):
        return value
    if _EXPONENT.fullmatch(value):
        raise BadCell(EXCEL_RESAVED)
    check_characters(cell)
    if _INVISIBLE.search(value):
        raise BadCell(N_("编号里有看不见的字符，请重新导出"))
    raise BadCell(N_("“{cell}”不是编号：只能有半角数字、字母和 - _ . : / #"), cell=value[:40])


def account_or_none(cell: str) -> str:
    """Return a counterparty's account as text: banks mask digits, write spaces, or a wallet's name."""
    value = cell.strip(_PADDING)
    if _ID.fullmatch(value):
        return value
    value = text(cell)
    if _EXPONENT.fullmatch(value):
        raise BadCell(EXCEL_RESAVED)
    if _INVISIBLE.search(value):
        raise BadCell(N_("编号里有看不见的字符，请重新导出"))
    return value


def identifier(cell: str) -> str:
    """Return a number of an order, account or flow as text; it must be there."""
    value = identifier_or_none(cell)
    if not value:
        raise BadCell(EMPTY)
    return value


def money_or_none(cell: str) -> int | None:
    """Return yuan as integer fen, None where there is none: zero and empty differ (domain rules 5, 6)."""
    value = clean(cell)
    if not value:
        return None
    found = _MONEY.fullmatch(value)
    if not found:
        raise _not_money(value)
    before, after, whole, cents = found.groups()
    whole = whole.replace(",", "")
    fen = (
        int(whole) * 100 + int((cents or "").ljust(2, "0"))
        if len(whole) <= _WHOLE_DIGITS_MAX
        else FEN_MAX + 1
    )
    if fen > FEN_MAX:
        raise BadCell(N_("金额“{cell}”太大，超出可记账的范围"), cell=value[:40])
    return -fen if "-" in (before or after or "") else fen


def money(cell: str) -> int:
    """Return yuan as integer fen; it must be there."""
    fen = money_or_none(cell)
    if fen is None:
        raise BadCell(EMPTY)
    return fen


def _not_money(value: str) -> BadCell:
    if _ROUNDED.fullmatch(value):
        return BadCell(N_("“{cell}”是四舍五入后的数，不能入账；请填写完整的数字"), cell=value[:40])
    if _DECIMALS.fullmatch(value):
        return BadCell(N_("金额“{cell}”的小数超过两位，系统不代为舍入；请按分填写"), cell=value[:40])
    return BadCell(N_("“{cell}”不是金额：请用半角数字，最多两位小数，例如 1234.50"), cell=value[:40])


def count_or_none(cell: str) -> int | None:
    """Return a number of gift units (音浪, 黄钻), None where there is none."""
    value = clean(cell)
    if not value:
        return None
    if _ROUNDED.fullmatch(value):
        raise _not_money(value)
    if not _COUNT.fullmatch(value):
        raise BadCell(N_("“{cell}”不是个数：请用半角数字，不带小数，例如 86400"), cell=value[:40])
    return int(value.replace(",", ""))


def rate_or_none(cell: str, unit: str = "%") -> int | None:
    """Return a rate in ten-thousandths (35% is 3500). The unit belongs to the file's format (rule 7).

    `unit`: `%` as in `32.00%`, `‰`, `1` as in `0.2`, `1/10000` as in `3500`.
    """
    value = clean(cell)
    if not value:
        return None
    pattern, places = _RATES[unit]
    found = pattern.fullmatch(value)
    if not found:
        raise BadCell(N_("“{cell}”不是这种文件的比率写法"), cell=value[:40])
    scale = {"%": 100, "‰": 10, "1": 10_000, "1/10000": 1}[unit]
    return int(found[1]) * scale + (int(found[2].ljust(places, "0")) if found[2] else 0)


def moment_or_none(cell: str) -> datetime | None:
    """Return a time as the platforms and banks write it, `2026-03-24 08:00:00`, in China time."""
    value = clean(cell)
    if not value:
        return None
    try:
        if STAMP.fullmatch(value):
            return datetime.fromisoformat(value).replace(tzinfo=CHINA)
    except ValueError:
        pass
    if _SLASHED.fullmatch(value):
        raise BadCell(EXCEL_RESAVED)
    raise BadCell(N_("“{cell}”不是时间：请写成 2026-03-24 08:00:00"), cell=value[:40])


def moment(cell: str) -> datetime:
    """Return a time that must be there."""
    value = moment_or_none(cell)
    if value is None:
        raise BadCell(EMPTY)
    return value


def hand_moment_or_none(cell: str) -> datetime | None:
    """Return a time that a person typed: `2026-03-03 20:00` or, as Excel shows it, `2026/3/3 20:00`."""
    value = clean(cell)
    if not value:
        return None
    found = _BY_HAND.fullmatch(value)
    try:
        if found:
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        pass
    raise BadCell(N_("“{cell}”不是时间：请写成 2026-03-24 08:00:00"), cell=value[:40])


def hand_moment(cell: str) -> datetime:
    """Return a typed time that must be there."""
    value = hand_moment_or_none(cell)
    if value is None:
        raise BadCell(EMPTY)
    return value
