"""The canonical form of records and statements: RFC 8785 over a narrow set of values.

Allowed are objects, arrays, strings (NFC, no NUL, no lone surrogate), booleans
and integers within ±(2^53−1). Floats and null are refused: absent is absent.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import rfc8785

from ledger.errors import Invalid
from ledger.money import FEN_MAX
from ledger.words import N_

Json = dict[str, "Json"] | list["Json"] | str | int | bool
"""A value that has a canonical form."""


class NotCanonical(Invalid):
    """A value, or bytes, that the canonical form does not allow."""


def encode(value: Any) -> bytes:  # noqa: ANN401 - checked below, value by value
    """Return the canonical bytes of `value`; raise NotCanonical where it has none."""
    try:
        check(value, "$")
        return rfc8785.dumps(value)
    except RecursionError:
        raise NotCanonical(N_("{where} 处的值不能入账：{detail}"), where="$", detail="depth") from None


def decode(data: bytes) -> Any:  # noqa: ANN401 - the caller knows the shape
    """Read canonical bytes back; raise NotCanonical if they are in any other form."""
    try:
        value = json.loads(data.decode("utf-8"))
        same = encode(value) == data
    except (ValueError, RecursionError) as error:
        raise NotCanonical(N_("记录不是规范格式：{detail}"), detail=str(error)[:120]) from None
    if not same:
        raise NotCanonical(N_("记录不是规范格式：{detail}"), detail="RFC 8785")
    return value


def check(value: object, where: str) -> None:  # noqa: C901 - one branch per kind of value
    """Raise NotCanonical naming the place (`where`, a path) of the first value not allowed."""
    if isinstance(value, str):
        problem = _string_problem(value)
        if problem:
            raise NotCanonical(N_("{where} 处的文字不能入账：{detail}"), where=where, detail=problem)
    elif isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if abs(value) > FEN_MAX:
            raise NotCanonical(N_("{where} 处的数字太大。"), where=where)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(
                    N_("{where} 处的值不能入账：{detail}"), where=where, detail=type(key).__name__
                )
            check(key, f"{where} key")
            check(item, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            check(item, f"{where}[{number}]")
    else:
        raise NotCanonical(N_("{where} 处的值不能入账：{detail}"), where=where, detail=type(value).__name__)


def _string_problem(text: str) -> str:
    """Say what is wrong with a string, or nothing."""
    if text.isascii():
        return "NUL" if "\0" in text else ""
    if not unicodedata.is_normalized("NFC", text):
        return "NFC"
    if "\0" in text:
        return "NUL"
    if any("\ud800" <= char <= "\udfff" for char in text):
        return "surrogate"
    return ""
