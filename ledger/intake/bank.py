"""One engine for all bank statements: a layout says what each column means, the rest is the same (domain A5).

A statement speaks from the bank's side: 借 is money out of the account, 贷 is money in. The direction
is the direction column's; an amount whose sign or column says otherwise is a problem, never a guess.
Each row's balance must follow from the row before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Any, NamedTuple

from ledger.intake import balance, bank_cells, bank_preamble, cells
from ledger.intake.model import Control, Problems, SourceRow
from ledger.intake.table import Built, Column, Format, Line
from ledger.intake.text import header_key
from ledger.months import CHINA
from ledger.words import N_

KIND = "bank_statement"

OUT_WORDS = ("借", "借方", "借 Dr", "Dr", "支出", "支", "转出", "往账", "付")
IN_WORDS = ("贷", "贷方", "贷 Cr", "Cr", "收入", "收", "转入", "来账")


@dataclass(frozen=True, slots=True)
class BankLayout:
    """What the columns of a bank's statement mean, each by its name; `""` where it has no such column.

    `date` is the booking day, with `time` in a column of its own or none; where `event_date` is given, the
    time is that day's and counts only if it is the booking day. `moment` is both in one. `amount` is signed
    or goes with `direction`; otherwise `out` and `into` hold one amount per row. `payer` to `payee_account`
    stand for the parties of formats that name both sides. `serial` is the bank's own number, of which
    zeros are none. `also` are columns that tell this header from others; `optional` those of the named
    columns that some exports lack. `any_time` lets a `moment` leave out the seconds. `written`
    gives how a column stands in the bank's own text file where a spreadsheet would leave a trace.
    """

    name: str
    title: str
    date: str = ""
    event_date: str = ""
    time: str = ""
    moment: str = ""
    direction: str = ""
    amount: str = ""
    out: str = ""
    into: str = ""
    balance: str = ""
    currency: str = ""
    own_account: str = ""
    serial: str = ""
    party: str = ""
    party_account: str = ""
    payer: str = ""
    payer_account: str = ""
    payee: str = ""
    payee_account: str = ""
    summary: str = ""
    note: str = ""
    more_notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    dates: str = bank_cells.ISO
    any_time: bool = False
    in_words: tuple[str, ...] = IN_WORDS
    out_words: tuple[str, ...] = OUT_WORDS
    written: tuple[tuple[str, str], ...] = ()
    sums: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    version: int = 1


ROLES: tuple[str, ...] = (
    *("serial", "own_account", "date", "event_date", "time", "moment", "direction", "amount", "out", "into"),
    *("balance", "currency", "party", "party_account", "payer", "payer_account", "payee", "payee_account"),
    *("summary", "note"),
)


class _Move(NamedTuple):
    """The movement of one row: `in` or `out`, and fen (>= 0)."""

    way: str
    fen: int


class _Contradiction(Exception):
    """A row does not say clearly what moved; holds the role at fault, the message and its values."""

    def __init__(self, role: str, message: str, **values: str) -> None:
        self.role, self.message, self.values = role, message, values
        super().__init__(message)


def format_of(layout: BankLayout) -> Format:
    """Return the file format that a layout describes."""
    parsers = _parsers(layout)
    named = [(role, name) for role in ROLES if (name := getattr(layout, role))]
    named += [(name, name) for name in (*layout.more_notes, *layout.also)]
    optional = set(layout.optional)
    columns = tuple(
        Column(name, parsers.get(role, cells.text), required=name not in optional) for role, name in named
    )
    accounts = ("own_account", "party_account", "payer_account", "payee_account")
    return Format(
        name=layout.name,
        version=layout.version,
        kind=KIND,
        platform="",
        title=layout.title,
        columns=columns,
        ids=(layout.serial, *(name for role in accounts if (name := getattr(layout, role)))),
        sums=layout.sums or tuple(name for name in (layout.out, layout.into, layout.amount) if name),
        build=partial(_build, layout, tuple(role for role, _ in named)),
        aliases=layout.aliases,
        preamble=bank_preamble.check,
        owner=bank_preamble.owner,
        written=layout.written,
    )


def _parsers(layout: BankLayout) -> dict[str, Callable[[str], Any]]:
    to_the_second = layout.dates == bank_cells.ISO and not layout.any_time
    money = cells.money_or_none
    return {
        "date": bank_cells.day_in(layout.dates),
        "event_date": bank_cells.day_in(layout.dates),
        "time": bank_cells.clock_or_none,
        "moment": cells.moment if to_the_second else bank_cells.moment_in(layout.dates),
        "direction": cells.required_text,
        "amount": bank_cells.signed_money,
        "out": money,
        "into": money,
        "balance": cells.money,
        "currency": bank_cells.renminbi,
        "serial": cells.identifier_or_none,
        "own_account": cells.identifier,
        **dict.fromkeys(("party_account", "payer_account", "payee_account"), cells.account_or_none),
        **dict.fromkeys(layout.also, cells.anything),
    }


def _build(layout: BankLayout, roles: tuple[str, ...], lines: Iterator[Line], problems: Problems) -> Built:
    """Return a statement's rows, with the running balance checked where the format has one."""
    rows: list[SourceRow] = []
    moves: list[int] = []
    seen: Counter[str] = Counter()
    first = ""
    for number, raw, values in lines:
        line = dict(zip(roles, values, strict=True))
        try:
            move = _move(layout, line)
        except _Contradiction as wrong:
            problems.add(wrong.message, number, getattr(layout, wrong.role), **wrong.values)
            continue
        own, party = _sides(layout, line, move.way)
        first = first or own
        if own not in {first, ""}:
            column = layout.own_account or getattr(
                layout, "payee_account" if move.way == "in" else "payer_account"
            )
            problems.add(N_("文件里有不止一个本方账号：请每个账号分别导出"), number, column)
        after = line.get("balance", "")
        after = None if after == "" else after
        key = _key(line, own, move, after, seen)
        notes = [line[role] for role in ("note", *layout.more_notes) if line.get(role)]
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, key, f"bank_{move.way}", _at(line), None, move.fen, 0, 0, None, after),
                    *("", own, "", line.get("summary", ""), party, " ".join(notes)),
                )
            )
        )
        moves.append(move.fen if move.way == "in" else -move.fen)
    if all(row.balance_fen is None for row in rows):
        return Built(rows, _sums(rows), [])
    controls, notices = balance.check(rows, moves, problems, layout.balance)
    return Built(rows, [*controls, *_sums(rows)], notices)


def _move(layout: BankLayout, line: dict[str, Any]) -> _Move:
    """Return what moved, raise _Contradiction where direction, sign and column do not agree."""
    way = _way(layout, line["direction"]) if "direction" in line else ""
    if "amount" in line:
        fen, sign = line["amount"]
        if way and sign == ("-" if way == "in" else "+"):
            raise _Contradiction("amount", N_("金额的正负号与收支方向矛盾，请向银行核实"))
        return _Move(way or ("out" if sign == "-" else "in"), abs(fen))
    out, into = line["out"], line["into"]
    if way:
        role, amount, other = ("out", out, into) if way == "out" else ("into", into, out)
        if other or not amount or amount < 0:
            message = N_("借贷方向与金额矛盾：{column} 应为正数，另一列应为零或空")
            raise _Contradiction("direction", message, column=getattr(layout, role))
        return _Move(way, amount)
    if bool(out) == bool(into) or (out or 0) < 0 or (into or 0) < 0:
        message = N_("{out}和{into}两列应恰有一列是正数，另一列为零或空")
        raise _Contradiction("out", message, out=layout.out, into=layout.into)
    return _Move("out", out) if out else _Move("in", into)


def _way(layout: BankLayout, word: str) -> str:
    key = header_key(word)
    for way, words in (("out", layout.out_words), ("in", layout.in_words)):
        if key in map(header_key, words):
            return way
    known = "、".join((*layout.out_words, *layout.in_words))
    raise _Contradiction(
        "direction", N_("不认识的借贷方向“{way}”：应为 {known}"), way=word[:40], known=known[:200]
    )


def _sides(layout: BankLayout, line: dict[str, Any], way: str) -> tuple[str, str]:
    """Return own account and counterparty; of payer and payee, the account's owner is the one that gains."""
    if not layout.payer:
        return line.get("own_account", ""), line.get("party", "")
    own, party = ("payee", "payer") if way == "in" else ("payer", "payee")
    return line.get(f"{own}_account", ""), line.get(party, "")


def _at(line: dict[str, Any]) -> datetime:
    """Return when a row was booked; midnight where the bank gives no time for that day."""
    if "moment" in line:
        moment: datetime = line["moment"]
        return moment
    clock = line.get("time") or time.min
    if line.get("event_date", line["date"]) not in {line["date"], ""}:
        clock = time.min
    return datetime.combine(line["date"], clock, CHINA)


def _key(line: dict[str, Any], own: str, move: _Move, after: int | None, seen: Counter[str]) -> str:
    """Return a row's natural key; without a number of the bank's, equal rows are told apart by occurrence."""
    serial = line.get("serial", "")
    serial = serial if serial.strip("0") else ""
    known = "" if after is None else after
    key = f"{own}|{serial}|{_at(line):%Y-%m-%dT%H:%M:%S}|{move.way}|{move.fen}|{known}"
    if serial:
        return key
    seen[key] += 1
    return f"{key}|{seen[key]}"


def _sums(rows: list[SourceRow]) -> list[Control]:
    controls = []
    for kind, name in (("bank_in", N_("贷方（转入）")), ("bank_out", N_("借方（转出）"))):
        amounts = [row.amount_fen for row in rows if row.kind == kind]
        controls.append(Control(name, len(amounts), len(amounts), "rows"))
        controls.append(Control(name, sum(amounts), sum(amounts), "fen"))
    return controls
