"""Suggested counterpart vouchers (建议对应凭证): what a charity may book in its own accounts for the fund's money.

The charities keep their own statutory books; this book only proposes. Two ways: the money
is restricted donation income (4101.02), or it only passes through (受托代理 1801/2601).
民间非营利组织会计制度 (in force 2026-01-01); the codes are data, a charity changes them as it keys in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import entries, ledgers, roster
from ledger.book.duties import CHARITIES
from ledger.book.entries import Entry
from ledger.errors import NotFound
from ledger.months import Month
from ledger.sections_books import CounterLine, Counterparts
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.words import N_, Text

BANK = ("1002", Text("银行存款", "Bank deposits"))
PETTY = ("1122", Text("其他应收款—活动备用金", "Other receivables: activity petty cash"))
DONATION = ("4101.02", Text("捐赠收入—限定性", "Donation income: restricted"))
COST = ("5101", Text("业务活动成本", "Programme costs"))
AGENCY_ASSET = ("1801", Text("受托代理资产", "Agency assets"))
AGENCY_DEBT = ("2601", Text("受托代理负债", "Agency liabilities"))


@dataclass(frozen=True, slots=True)
class Rule:
    """Debit, credit, and the sign of the amount: money that comes back is the first posting in red."""

    debit: tuple[str, Text]
    credit: tuple[str, Text]
    sign: int = 1


VARIANTS: dict[str, dict[str, Rule]] = {
    "donation": {
        "GRANT_PAY": Rule(BANK, DONATION),
        "GRANT_RETURN": Rule(BANK, DONATION, -1),
        "SPEND": Rule(COST, BANK),
        "ACTIVITY_ADVANCE": Rule(PETTY, BANK),
        "ACTIVITY_CLEAR": Rule(COST, PETTY),
        "ACTIVITY_REST": Rule(BANK, PETTY),
    },
    "agency": {
        "GRANT_PAY": Rule(AGENCY_ASSET, AGENCY_DEBT),
        "GRANT_RETURN": Rule(AGENCY_ASSET, AGENCY_DEBT, -1),
        "SPEND": Rule(AGENCY_DEBT, AGENCY_ASSET),
        "ACTIVITY_CLEAR": Rule(AGENCY_DEBT, AGENCY_ASSET),
    },
}
"""By variant and type of our entry; a red letter of ours is a red letter of theirs."""


def suggested(
    session: Session, book_id: str, party: str, first: Month, last: Month, *, variant: str = "donation"
) -> Counterparts:
    """Return what a charity may book for these months; raise NotFound for another party or variant."""
    if party not in CHARITIES or variant not in VARIANTS:
        raise NotFound(N_("没有这份建议对应凭证。"))
    found = [
        entry
        for month in ledgers.every_month(first, last)
        for entry in entries.of_month(session, book_id, month)
        if entry.charity == party
    ]
    kinds = _kinds(session, book_id, found)
    receipts = _receipts(session, book_id, found)
    lines: list[CounterLine] = []
    for entry in sorted(found, key=lambda one: (one.date, one.number)):
        rule = VARIANTS[variant].get(kinds[entry.idx])
        if rule is not None:
            group = lines[-1].group + 1 if lines else 1
            lines += _pair(entry, rule, group, receipts.get(entry.idx, ""))
    names = roster.parties(session, book_id)
    return Counterparts(
        ledgers.head(session, book_id, first, last),
        party,
        names.get(party, Text(party, "")),
        variant,
        tuple(lines),
    )


def _pair(entry: Entry, rule: Rule, group: int, receipt: str) -> list[CounterLine]:
    fen, day = rule.sign * entry.amount_fen, date.fromisoformat(entry.date)
    return [
        CounterLine(group, day, entry.summary, code, name, *sides, entry.number, receipt)
        for (code, name), sides in ((rule.debit, (fen, 0)), (rule.credit, (0, fen)))
    ]


def _kinds(session: Session, book_id: str, found: list[Entry]) -> dict[int, str]:
    """Return the type of each entry, of a red letter that of what it cancels."""
    originals = [entry.reverses for entry in found if entry.reverses is not None]
    query = select(t.Entry.idx, t.Entry.type).where(t.Entry.book_id == book_id, t.Entry.idx.in_(originals))
    types = {row.idx: row.type for row in session.connection().execute(query)}
    return {one.idx: types[one.reverses] if one.reverses is not None else one.type for one in found}


def _receipts(session: Session, book_id: str, found: list[Entry]) -> dict[int, str]:
    """Return code and number of the official receipts recorded for these payments."""
    query = select(w.Receipt.entry_idx, w.Receipt.code, w.Receipt.number).where(
        w.Receipt.book_id == book_id, w.Receipt.entry_idx.in_([entry.idx for entry in found])
    )
    told: dict[int, list[str]] = {}
    for row in session.connection().execute(query.order_by(w.Receipt.idx)):
        told.setdefault(row.entry_idx, []).append(f"{row.code} {row.number}".strip())
    return {idx: "；".join(numbers) for idx, numbers in told.items()}
