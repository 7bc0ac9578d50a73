"""A bank of which no format is known: a person says once which column is what (domain A5, 农信社).

The mapping is the name of the reader, `mapped:{…}`, so that the log alone tells how a file was read, and
the rows can be read again from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from ledger.errors import Invalid, Problem
from ledger.intake.bank import BankLayout, format_of
from ledger.intake.bank_cells import DATES, ISO
from ledger.intake.cells import check_characters
from ledger.intake.model import BadCell, NoHeader
from ledger.intake.table import Format, missing
from ledger.intake.text import Batch, header_key
from ledger.words import N_

PREFIX = "mapped:"
VERSION = 1
ENCODED_MAX = 3_500
_WORDS = {"in_words", "out_words"}

ROLES = {
    "date": N_("日期"),
    "time": N_("时刻"),
    "moment": N_("日期和时间（在同一列）"),
    "direction": N_("收支方向"),
    "amount": N_("金额"),
    "out": N_("支出金额"),
    "into": N_("收入金额"),
    "balance": N_("余额"),
    "currency": N_("币种"),
    "party": N_("对方户名"),
    "party_account": N_("对方账号"),
    "summary": N_("摘要"),
    "note": N_("用途或附言"),
    "serial": N_("银行流水号"),
    "own_account": N_("本方账号"),
}
"""What a column can be, each with its name for a person."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what, by its name in the header; `""` where the file has no such column.

    `in_words` and `out_words` are what the direction column says; `dates` is one of `bank_cells.DATES`.
    """

    date: str = ""
    time: str = ""
    moment: str = ""
    direction: str = ""
    amount: str = ""
    out: str = ""
    into: str = ""
    balance: str = ""
    currency: str = ""
    party: str = ""
    party_account: str = ""
    summary: str = ""
    note: str = ""
    serial: str = ""
    own_account: str = ""
    in_words: tuple[str, ...] = ()
    out_words: tuple[str, ...] = ()
    dates: str = ISO


def check(mapping: Mapping) -> None:
    """Raise Invalid, with a sentence for each thing to choose otherwise, unless a file can be read by it."""
    wrong = [*_time_problems(mapping), *_amount_problems(mapping), *_name_problems(mapping)]
    if wrong:
        raise Invalid(N_("列对应还不能用：有 {count} 处需要改选"), problems=tuple(wrong), count=len(wrong))


def _time_problems(mapping: Mapping) -> list[Problem]:
    found = []
    if bool(mapping.date) == bool(mapping.moment):
        found.append(Problem(N_("请在“日期”和“日期和时间（在同一列）”中恰好选一项：没有选，或者两项都选了")))
    if mapping.time and mapping.moment:
        found.append(Problem(N_("日期和时间已在同一列，不要再选“时刻”"), column=mapping.time))
    if mapping.dates not in DATES:
        values = {"form": mapping.dates[:20], "known": "、".join(DATES)}
        found.append(Problem(N_("不认识的日期写法“{form}”：应为 {known}"), values=dict(values)))
    return found


def _amount_problems(mapping: Mapping) -> list[Problem]:
    found = []
    if mapping.amount and (mapping.out or mapping.into):
        message = N_("“金额”与“支出金额、收入金额”只能选一种：一列金额，或者收支各一列")
        found.append(Problem(message, column=mapping.amount))
    elif not mapping.amount and not (mapping.out and mapping.into):
        message = N_("请选一列“金额”，或者“支出金额”和“收入金额”各一列")
        found.append(Problem(message, column=mapping.out or mapping.into))
    ways = [{header_key(word) for word in words} for words in (mapping.in_words, mapping.out_words)]
    if mapping.direction and not (ways[0] and ways[1]):
        message = N_("选了收支方向列，就要写明哪些字表示收入、哪些字表示支出")
        found.append(Problem(message, column=mapping.direction))
    elif not mapping.direction and (ways[0] or ways[1]):
        found.append(Problem(N_("写了表示收支的字，却没有选收支方向列")))
    if "" in ways[0] | ways[1] or ways[0] & ways[1]:
        found.append(Problem(N_("表示收入的字和表示支出的字不能相同，也不能为空"), column=mapping.direction))
    return found


def _name_problems(mapping: Mapping) -> list[Problem]:
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for role, title in ROLES.items():
        name = getattr(mapping, role)
        if not name:
            continue
        key = header_key(name)
        try:
            check_characters(name)
        except BadCell as bad:
            found.append(Problem(bad.message, column=name[:40], values=bad.values))
        if not key:
            found.append(Problem(N_("“{role}”对应的列没有列名"), values={"role": title}))
        elif key in seen:
            values = {"first": seen[key], "second": title}
            found.append(
                Problem(N_("同一列不能既是“{first}”又是“{second}”"), column=name, values=dict(values))
            )
        seen.setdefault(key, title)
    return found


def encode(mapping: Mapping) -> str:
    """Return a mapping as canonical text; raise Invalid where nothing can be read by it, or it is too long."""
    check(mapping)
    chosen = {item.name: value for item in fields(mapping) if (value := getattr(mapping, item.name))}
    text = json.dumps(chosen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text) >= ENCODED_MAX:
        raise Invalid(N_("列名太长，无法保存列对应：合计最多 {most} 个字"), most=ENCODED_MAX)
    return text


def decode(text: str) -> Mapping:
    """Return the mapping that `encode` wrote; raise Invalid for any other text."""
    try:
        chosen: dict[str, Any] = json.loads(text[:ENCODED_MAX])
        for name in _WORDS & chosen.keys():
            chosen[name] = tuple(chosen[name])
        mapping = Mapping(**chosen)
        if encode(mapping) == text:
            return mapping
    except (ValueError, TypeError, AttributeError, RecursionError, Invalid):
        pass
    raise Invalid(N_("保存的列对应无法识别，请重新对应各列"))


def reader_name(mapping: Mapping) -> str:
    """Return the name under which files are read by a mapping: it holds the whole mapping."""
    return PREFIX + encode(mapping)


def format_by(mapping: Mapping) -> Format:
    """Return the file format that a mapping makes; raise Invalid where nothing can be read by it."""
    columns = {role: getattr(mapping, role) for role in ROLES}
    layout = BankLayout(
        name=reader_name(mapping),
        title=N_("按列对应读入的银行流水"),
        version=VERSION,
        dates=mapping.dates,
        any_time=True,
        in_words=mapping.in_words,
        out_words=mapping.out_words,
        **columns,
    )
    return format_of(layout)._replace(margin=True)


def no_such_columns(form: Format, seen: Iterable[Batch]) -> NoHeader:
    """Return the error for a file of which no line holds all columns of a mapping."""
    lines = [pair for batch in seen for pair in zip(*batch, strict=True)]
    number, lacking = min(
        ((number, missing(form, row)) for number, row in lines),
        key=lambda pair: len(pair[1]),
        default=(0, [column.name for column in form.columns]),
    )
    if len(lacking) == len(form.columns):
        number = 0
    message = N_("文件里没有列“{name}”：请重新选择它对应的列")
    problems = tuple(Problem(message, number, name, {"name": name}) for name in lacking)
    return NoHeader(message, problems=problems, name="、".join(lacking))
