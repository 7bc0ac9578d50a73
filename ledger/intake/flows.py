"""What all lists of money movements share: wallets, shop funds, payment accounts.

The direction column decides (domain rule 10); an amount whose sign contradicts it is a problem, never a guess.
What is neither income nor expense (freezing, 不计收支) becomes a memo row, even where it moves the balance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ledger.intake import balance
from ledger.intake.model import BadCell, Control, Problems, SourceRow
from ledger.intake.table import Built, Line
from ledger.words import N_

FREEZING = frozenset({"冻结", "解冻", "资金冻结", "资金解冻"})
"""Kinds of business that only set money aside, or free it."""


class Movement(NamedTuple):
    """What one row says. `way` is the direction's word, `amount` fen as printed, `after` the balance."""

    key: str
    at: datetime
    way: str
    amount: int
    after: int | None
    title: str
    party: str
    note: str
    memo: bool = False


class Terms(NamedTuple):
    """How a format writes movements: its columns' names, and what each word of direction means.

    1 is in, -1 out, 0 neither. Where `balance` names a column, the balance runs on from row to row.
    """

    platform: str
    words: Mapping[str, int]
    way: str
    amount: str
    balance: str = ""
    memo: str = N_("不计收支")
    zero: bool = False


def build(
    lines: Iterator[Line], problems: Problems, *, terms: Terms, read: Callable[[tuple[Any, ...]], Movement]
) -> Built:
    """Return the movements as rows. `read` makes one of a line's values; its BadCell is the line's problem."""
    rows: list[SourceRow] = []
    moves: list[int] = []
    for number, raw, values in lines:
        try:
            move = read(values)
        except BadCell as bad:
            problems.add(bad.message, number, terms.amount, **bad.values)
            continue
        sign = terms.words.get(move.way)
        if sign is None:
            _unknown(move.way, number, terms, problems)
            continue
        if move.amount < 0 <= sign:
            message = N_("方向是“{way}”，金额却是负数：两者矛盾，请向平台核实")
            problems.add(message, number, terms.amount, way=move.way)
        if not move.amount and sign and not terms.zero:
            problems.add(N_("发生额不能为零"), number, terms.amount)
        amount = abs(move.amount)
        kind = "flow_memo" if move.memo or not sign else "flow_in" if sign > 0 else "flow_out"
        rows.append(
            SourceRow._make(
                (
                    *(number, raw, move.key, kind, move.at, None, amount, 0, 0),
                    *(None, move.after, terms.platform, "", "", move.title, move.party, move.note),
                )
            )
        )
        moves.append(sign * amount)
    controls, notices = balance.check(rows, moves, problems, terms.balance) if terms.balance else ([], [])
    return Built(rows, [*controls, *_controls(rows, terms.memo)], notices)


def _unknown(way: str, number: int, terms: Terms, problems: Problems) -> None:
    problems.add(
        N_("“{column}”里的“{way}”不认识：应为 {known}"),
        number,
        terms.way,
        column=terms.way,
        way=way[:40],
        known="、".join(terms.words),
    )


def _controls(rows: Sequence[SourceRow], memo: str) -> list[Control]:
    """Return count and sum of what came in, went out, and was neither."""
    controls = []
    for kind, name in (("flow_in", N_("收入")), ("flow_out", N_("支出")), ("flow_memo", memo)):
        amounts = [row.amount_fen for row in rows if row.kind == kind]
        if amounts:
            controls.append(Control(name, len(amounts), len(amounts), "rows"))
            controls.append(Control(name, sum(amounts), sum(amounts), "fen"))
    return controls


def joined(*parts: str) -> str:
    """Return the parts that say something, each once, as one text."""
    return " ".join(dict.fromkeys(filter(None, parts)))
