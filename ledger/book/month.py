"""Everything of one month, read once: what the statement's sections are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import (
    accounts,
    balances,
    broadcasts,
    declarations,
    entries,
    imports,
    opening,
    periods,
    roster,
    states,
)
from ledger.book import chart as charts
from ledger.book.broadcasts import Broadcast
from ledger.book.declarations import Declared
from ledger.book.entries import Entry
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.words import Text


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month's facts. `kind_of` gives an entry's type, for a reversal the type of what it cancels.

    `entries` leaves the closing vouchers out: they are in `closing`, with `closing_lines`.
    """

    book: str
    month: Month
    chart: charts.Chart
    parties: dict[str, Text]
    names: dict[str, str]
    posts: dict[str, str]
    entries: tuple[Entry, ...]
    kind_of: dict[int, str]
    lines: dict[int, list[t.Posting]]
    standings: dict[int, states.Standing]
    movements: dict[str, balances.Movement]
    brought: dict[str, int]
    broadcasts: tuple[Broadcast, ...]
    accounts: dict[str, accounts.Account]
    declared: dict[tuple[str, str], Declared]
    told_at: dict[int, str]
    explained: dict[tuple[str, str], a.Explanation]
    audience: dict[str, list[a.Audience]]
    memo: tuple[a.MemoSum, ...]
    estimates: tuple[int, int]
    files: tuple[imports.Received, ...]
    opening: t.Opening | None
    with_rows: frozenset[int]
    closing: tuple[Entry, ...]
    closing_lines: dict[int, list[t.Posting]]
    closed: periods.Closed | None

    def account(self, name: str) -> str:
        """Return the code of an account that the chart names, such as `bank`."""
        return self.chart.named[name]

    def moved(self, code: str) -> balances.Movement:
        """Return an account's month, zeros where it did not move."""
        return self.movements.get(code, balances.Movement())

    def of_type(self, kind: str) -> list[str]:
        """Return the codes of a type of account that have a balance or moved."""
        return [code for code in self.movements if self.chart.account(code).type == kind]

    def turnover(self, chosen: Iterable[Entry], code: str) -> int:
        """Return the net movement of an account in some entries, debit positive."""
        return sum(
            line.fen if line.dc == "D" else -line.fen
            for entry in chosen
            for line in self.lines.get(entry.idx, ())
            if line.account == code
        )

    def of_broadcast(self, number: str, *kinds: str) -> list[Entry]:
        """Return the month's entries of a broadcast, of these types (reversals of them included)."""
        return [
            e for e in self.entries if e.broadcast == number and (not kinds or self.kind_of[e.idx] in kinds)
        ]

    def standing_entries(self, *kinds: str) -> list[Entry]:
        """Return the month's entries of these types that are not reversed and reverse nothing."""
        return [e for e in self.entries if e.type in kinds and self.standings[e.idx].reversed_by is None]


def view(session: Session, book_id: str, month: Month) -> MonthView:
    """Read a month."""
    every = entries.of_month(session, book_id, month)
    found = [entry for entry in every if entry.type != charts.CLOSE]
    closing = [entry for entry in every if entry.type == charts.CLOSE]
    first = opening.get(session, book_id)
    if first is not None and first.period != str(month):
        first = None
    signable = [entry.idx for entry in found] + ([first.idx] if first else [])
    members = roster.members(session, book_id)
    numbers = {entry.broadcast for entry in found if entry.broadcast}
    shown = broadcasts.of_month(session, book_id, month, numbers)
    known = [item.number for item in shown]
    declared = declarations.by_account(session, book_id, known)
    return MonthView(
        book_id,
        month,
        charts.current(session, book_id),
        roster.parties(session, book_id),
        {member.person: member.name for member in members},
        {member.person: member.post for member in members},
        tuple(found),
        _kinds(session, book_id, found),
        entries.lines(session, book_id, [entry.idx for entry in found]),
        states.standings(session, book_id, signable),
        balances.movements(session, book_id, month),
        balances.year_brought(session, book_id, month),
        tuple(shown),
        {item.account: item for item in accounts.accounts(session, book_id)},
        declared,
        _told_at(session, book_id, declared.values()),
        declarations.explanations(session, book_id, known),
        declarations.audience(session, book_id, known),
        tuple(
            session.scalars(
                select(a.MemoSum).where(a.MemoSum.book_id == book_id, a.MemoSum.period == str(month))
            )
        ),
        _estimates(session, book_id, month),
        tuple(imports.files(session, book_id, month)),
        first,
        _with_rows(session, book_id, [entry.idx for entry in found]),
        tuple(closing),
        entries.lines(session, book_id, [entry.idx for entry in closing]),
        periods.get(session, book_id, month),
    )


def _estimates(session: Session, book_id: str, month: Month) -> tuple[int, int]:
    """Return (orders, estimated commission in fen) not settled by the end of the month; settled ones were taken back."""
    m = a.MemoSum
    query = select(func.sum(m.orders), func.sum(m.amount_fen - m.fee_fen)).where(
        m.book_id == book_id, m.kind == "estimate", m.period <= str(month)
    )
    orders, fen = session.connection().execute(query).one()
    return int(orders or 0), int(fen or 0)


def _with_rows(session: Session, book_id: str, indexes: list[int]) -> frozenset[int]:
    """Return the entries that stand on rows of a received file."""
    query = (
        select(a.RowClaim.idx).where(a.RowClaim.book_id == book_id, a.RowClaim.idx.in_(indexes)).distinct()
    )
    return frozenset(session.scalars(query))


def _kinds(session: Session, book_id: str, found: list[Entry]) -> dict[int, str]:
    originals = [entry.reverses for entry in found if entry.reverses is not None]
    query = select(t.Entry.idx, t.Entry.type).where(t.Entry.book_id == book_id, t.Entry.idx.in_(originals))
    kinds = dict(session.connection().execute(query).all())
    return {e.idx: kinds[e.reverses] if e.reverses is not None else e.type for e in found}


def _told_at(session: Session, book_id: str, declared: Iterable[Declared]) -> dict[int, str]:
    head = t.RecordHead
    query = select(head.idx, head.at).where(
        head.book_id == book_id, head.idx.in_([item.idx for item in declared])
    )
    return dict(session.connection().execute(query).all())
