"""Assigning a file's rows: which broadcast each belongs to, and what is no income at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import accounts as live
from ledger.book import broadcasts, rows
from ledger.book.broadcasts import Broadcast
from ledger.book.compose import NewEntry
from ledger.intake import Settlement, SourceRow, reread
from ledger.months import CHINA, Month
from ledger.store import log
from ledger.words import N_

BEFORE, AFTER = timedelta(minutes=10), timedelta(hours=2)
"""An order paid this long before the start or after the end still belongs to the broadcast."""

TYPES = {"tip": "TIP", "commission": "COMMISSION", "commission_refund": "REFUND_COMM"}
MEMO_KINDS = {
    "commission": "sale",
    "commission_refund": "refund",
    "commission_estimate": "estimate",
    "commission_void": "void",
}
Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that make one entry: one broadcast, one account, one kind, one month."""

    kind: str
    broadcast: str
    account: str
    date: date
    numbers: tuple[int, ...]
    rows: tuple[SourceRow, ...]
    replaced: tuple[SourceRow, ...]

    def entry(self, claim: dict[str, Any]) -> NewEntry:
        """Return the entry that these rows add up to."""
        amount, fee = sum(row.amount_fen for row in self.rows), sum(row.fee_fen for row in self.rows)
        facts: dict[str, str | int] = {}
        if self.kind == "tip":
            amounts = {"gross": amount, "share": fee}
            units = [row.units for row in self.rows if row.units is not None]
            if units:
                facts["units"] = sum(units)
        elif self.kind == "commission":
            amounts = {"total": amount, "fee": fee}
        else:
            amounts = {"total": -amount, "fee": -fee}
        return NewEntry(
            type=TYPES[self.kind],
            date=self.date,
            amounts=amounts,
            broadcast=self.broadcast,
            account=self.account,
            facts=facts,
            rows=claim,
            memo=(*memo_sums(self.rows), *memo_sums(self.replaced, -1)),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file's rows would become. `memo` and `settled` hold row numbers by use and broadcast."""

    groups: tuple[Group, ...]
    unassigned: dict[int, Reason]
    memo: dict[tuple[str, str], list[int]]
    settled: dict[str, list[int]]
    replaced: dict[int, SourceRow]


def plan(
    session: Session,
    book_id: str,
    file_idx: int,
    settlement: Settlement,
    closed: AbstractSet[int] = frozenset(),
) -> Plan:
    """Assign every row of a received file but those that are `closed`: booked or memo by an earlier draft."""
    seen = rows.settled_elsewhere(session, book_id, file_idx)
    known = broadcasts.of_month(session, book_id)
    handles = {(item.platform, item.handle): item.account for item in live.accounts(session, book_id)}
    by_number = {item.number: item for item in known}
    finder = _Finder(
        known, {account for (platform, _), account in handles.items() if platform == settlement.platform}
    )
    groups: dict[tuple[str, str, str, Month], list[int]] = {}
    unassigned: dict[int, Reason] = {}
    memo: dict[tuple[str, str], list[int]] = {}
    settled: dict[str, list[int]] = {}
    for n, row in enumerate(settlement.rows):
        if n in closed:
            continue
        state = seen.get(n)
        if state in ("repeated", "newer"):
            settled.setdefault(state, []).append(n)
        elif row.kind == "tip":
            found = _tip(row, by_number, handles)
            if isinstance(found, str):
                groups.setdefault(("tip", row.broadcast, found, Month.of(row.at)), []).append(n)
            else:
                unassigned[n] = found
        else:
            broadcast = finder.at(row.at)
            number = broadcast.number if broadcast else ""
            if row.kind not in TYPES:
                memo.setdefault((row.kind, number), []).append(n)
            elif broadcast is None or row.until is None:
                unassigned[n] = (N_("付款时间不在任何一场直播之内"), {})
            else:
                groups.setdefault((row.kind, number, "", Month.of(row.until)), []).append(n)
    replaced = _replaced(session, book_id, file_idx)
    made = [_group(key, numbers, settlement.rows, replaced) for key, numbers in groups.items()]
    ordered = tuple(sorted(made, key=lambda group: (group.date, group.broadcast, group.kind)))
    return Plan(ordered, unassigned, memo, settled, replaced)


def _replaced(session: Session, book_id: str, file_idx: int) -> dict[int, SourceRow]:
    """Return the earlier memo version of each row that had one, so that its figures can be taken back."""
    earlier = rows.earlier_memo(session, book_id, file_idx)
    found: dict[tuple[int, int], SourceRow] = {}
    for other in sorted({file for file, _ in earlier.values()}):
        record = log.get(session, book_id, other).body
        numbers = sorted(n for file, n in earlier.values() if file == other)
        cells = rows.cells_of(session, book_id, other, rows.ranges(numbers), limit=len(numbers))
        read = reread(
            record["reader"],
            record["version"],
            tuple(record["header"]),
            [(n, tuple(row)) for n, row in cells],
        )
        found.update(((other, n), row) for (n, _), row in zip(cells, read, strict=True))
    return {n: found[place] for n, place in earlier.items()}


def _group(
    key: tuple[str, str, str, Month],
    numbers: list[int],
    all_rows: tuple[SourceRow, ...],
    replaced: dict[int, SourceRow],
) -> Group:
    """Return a group; its date is the broadcast's day for tips, the last settlement's for commission."""
    kind, broadcast, account, _ = key
    chosen = tuple(all_rows[n] for n in numbers)
    taken = tuple(replaced[n] for n in numbers if n in replaced)
    moment = chosen[0].at if kind == "tip" else max(row.until for row in chosen if row.until)
    return Group(kind, broadcast, account, moment.astimezone(CHINA).date(), tuple(numbers), chosen, taken)


def _tip(
    row: SourceRow, by_number: dict[str, Broadcast], handles: dict[tuple[str, str], str]
) -> str | Reason:
    """Return the live account of a tip row, or why it belongs to no registered broadcast."""
    account = handles.get((row.platform, row.account))
    if account is None:
        return N_("账号“{handle}”没有登记，请先登记直播账号"), {"handle": row.account}
    broadcast = by_number.get(row.broadcast)
    if broadcast is None:
        return N_("没有登记场次 {number}，请先登记直播场次"), {"number": row.broadcast}
    if account not in broadcast.accounts:
        return N_("场次 {number} 没有使用账号“{handle}”"), {"number": row.broadcast, "handle": row.account}
    if row.at.astimezone(CHINA).date() != broadcast.starts_at.date():
        return N_("开播日期与已登记的场次 {number} 不同"), {"number": row.broadcast}
    return account


class _Finder:
    """Finds the broadcast in which something was paid."""

    def __init__(self, known: list[Broadcast], accounts: set[str]) -> None:
        self._known = [item for item in known if accounts & set(item.accounts)]
        self._starts = [item.starts_at - BEFORE for item in self._known]

    def at(self, moment: datetime) -> Broadcast | None:
        """Return the latest broadcast that had begun and was not long over."""
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return None
        found = self._known[place]
        return found if moment <= (found.ends_at or found.starts_at) + AFTER else None


def memo_sums(chosen: Iterable[SourceRow], sign: int = 1) -> list[dict[str, Any]]:
    """Return sales figures (GMV, memo only) by kind, shop and product; `sign` −1 takes them back."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in chosen:
        kind = MEMO_KINDS.get(row.kind)
        if kind is None:
            continue
        found = sums.setdefault((kind, row.party, row.title), [0, 0, 0, 0])
        found[0] += sign
        found[1] += sign * row.gmv_fen
        found[2] += sign * row.amount_fen
        found[3] += sign * row.fee_fen
    return [
        {
            "kind": k,
            "shop": shop,
            "product": product,
            "orders": o,
            "gmv_fen": g,
            "amount_fen": m,
            "fee_fen": f,
        }
        for (k, shop, product), (o, g, m, f) in sorted(sums.items())
    ]


def set_aside(
    plan: Plan,
    settlement: Settlement,
    unassigned: dict[int, Reason],
    declared: Mapping[str, AbstractSet[int]],
) -> list[dict[str, Any]]:
    """Return the groups of rows that are not booked, each with its month and memo figures.

    What an earlier draft of the file `declared`, by use, is not declared again.
    """
    found: list[dict[str, Any]] = []
    for (_, broadcast), numbers in sorted(plan.memo.items()):
        for month, some in _by_month(settlement, numbers).items():
            group = _aside("memo", some, month)
            if broadcast:
                group["broadcast"] = broadcast
            group["memo"] = [
                *memo_sums(settlement.rows[n] for n in some),
                *memo_sums((plan.replaced[n] for n in some if n in plan.replaced), -1),
            ]
            found.append(group)
    for use, numbers in (*sorted(plan.settled.items()), ("unassigned", sorted(unassigned))):
        fresh = (n for n in numbers if n not in declared.get(use, ()))
        for month, some in _by_month(settlement, fresh).items():
            found.append(_aside(use, some, month))
    return found


def _aside(use: str, numbers: list[int], month: Month) -> dict[str, Any]:
    return {"use": use, "ranges": rows.ranges(numbers), "period": str(month), "memo": []}


def _by_month(settlement: Settlement, numbers: Iterable[int]) -> dict[Month, list[int]]:
    """Return row numbers by the month of their event."""
    found: dict[Month, list[int]] = {}
    for n in numbers:
        found.setdefault(Month.of(settlement.rows[n].at), []).append(n)
    return found
