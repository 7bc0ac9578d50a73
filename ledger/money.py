"""Money as integer fen: shown in figures and in capital characters (大写金额)."""

from __future__ import annotations

FEN_MAX = 2**53 - 1
"""Largest amount that the canonical form can carry (RFC 8785 numbers)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def yuan(fen: int) -> str:
    """Return fen as yuan with thousands separators and two decimals: `-1,234.50`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """Return fen as yuan without separators, for files that machines read: `-1234.50`."""
    return yuan(fen).replace(",", "")


def capital(fen: int) -> str:
    """Return the amount in capital characters, with 人民币 directly before it.

    会计基础工作规范: 整 after 元 or 角, none after 分; several zeros inside a
    number give one 零. Of the two forms it allows, this one writes no 零 between
    元 and 角, and writes 零 before a group below 1,000 or after a group that
    ends in zero.
    """
    sign = "负" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    words = _whole(whole) + "元" if whole else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif cents and whole:
        words += "零"
    words += _DIGITS[cents] + "分" if cents else "整"
    if not abs(fen):
        words = "零元整"
    return "人民币" + sign + words


def _whole(number: int) -> str:
    """Return a positive whole number in capital characters, 亿 and 万 nested."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, unit)
        if not high:
            continue
        words = _whole(high) + name
        if low:
            gap = low < unit // 10 or high % 10 == 0
            words += ("零" if gap else "") + _whole(low)
        return words
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return words
