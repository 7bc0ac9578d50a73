"""Both sides of an account for the reconciliation: what the statement says, what the books say, what is matched.

A line is named by its side, its source (file, or the entry's record) and its number there.
Amounts are fen, positive into the account. Nothing here is stored: matches and words on
lines are records, the rest is read from statements and postings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import opening, statements
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store import tables_check as c

STATEMENT, BOOK = "statement", "book"
SIDES = (STATEMENT, BOOK)
Key = tuple[str, int, int]
"""Side, source (file or entry record), line (row or posting, from 0)."""
SERIAL = "bank_serial"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one side. `number` is the voucher's, or the row as a person counts it.

    `kind` is the entry's type (for a reversal the type of what it cancels), or the kind of row.
    """

    side: str
    source: int
    line: int
    day: date
    fen: int
    number: str
    text: str
    party: str
    serial: str
    kind: str

    @property
    def key(self) -> Key:
        """What names the line in a record."""
        return (self.side, self.source, self.line)


@dataclass(frozen=True, slots=True)
class Match:
    """A standing match: which lines are the same money, who said so and when."""

    idx: int
    period: str
    how: str
    reason: str
    keys: tuple[Key, ...]
    statement_fen: int
    book_fen: int
    person: str
    at: str

    @property
    def difference_fen(self) -> int:
        """What the statement has more than the books; explained by the reason if not 0."""
        return self.statement_fen - self.book_fen


@dataclass(frozen=True, slots=True)
class Sides:
    """An account through the end of a month: all its lines by key, pairs of red letters apart.

    `placed` says whether there is any statement up to then; without one no line can be matched.
    """

    account: str
    month: Month
    placed: bool
    lines: dict[Key, Line]
    pairs: tuple[tuple[Line, Line], ...]
    matches: tuple[Match, ...]
    judged: dict[Key, c.Judgement]

    def matched(self) -> dict[Key, Match]:
        """Return the standing match of each line that has one."""
        return {key: match for match in self.matches for key in match.keys}

    def free(self, side: str) -> list[Line]:
        """Return the lines of a side that are in no standing match, oldest first."""
        taken = self.matched()
        found = [line for key, line in self.lines.items() if line.side == side and key not in taken]
        return sorted(found, key=lambda line: (line.day, line.source, line.line))


def read(session: Session, book_id: str, account: str, month: Month) -> Sides:
    """Read an account through the end of a month."""
    matches = standing(session, book_id, account)
    begins = _begins(session, book_id, account, month)
    told = [] if begins is None else _statement_lines(session, book_id, account, begins[0], month)
    lines, undoes = _book_lines(session, book_id, account, month)
    if begins is not None:
        lines = _from(session, book_id, account, begins, lines)
    taken = {key for match in matches for key in match.keys}
    kept, pairs = _cancel(lines, undoes, taken)
    return Sides(
        account,
        month,
        begins is not None,
        {line.key: line for line in (*told, *kept)},
        pairs,
        matches,
        _judged(session, book_id, account),
    )


def standing(session: Session, book_id: str, account: str) -> tuple[Match, ...]:
    """Return the matches of an account that were not undone, oldest first."""
    undone = select(c.MatchUndone.match_idx).where(c.MatchUndone.book_id == book_id)
    m, head, part = c.Match, t.RecordHead, c.MatchLine
    query = (
        select(m.idx, m.period, m.how, m.reason, head.person, head.at)
        .join(head, (head.book_id == m.book_id) & (head.idx == m.idx))
        .where(m.book_id == book_id, m.account == account, m.idx.not_in(undone))
        .order_by(m.idx)
    )
    found = session.connection().execute(query).all()
    parts: dict[int, list[Any]] = {}
    query_parts = (
        select(part.idx, part.side, part.source, part.line, part.fen)
        .join(m, (m.book_id == part.book_id) & (m.idx == part.idx))
        .where(part.book_id == book_id, m.account == account)
        .order_by(part.idx, part.n)
    )
    for row in session.connection().execute(query_parts):
        parts.setdefault(row.idx, []).append(row)
    return tuple(
        Match(
            row.idx,
            row.period,
            row.how,
            row.reason or "",
            tuple((one.side, one.source, one.line) for one in parts.get(row.idx, ())),
            sum(one.fen for one in parts.get(row.idx, ()) if one.side == STATEMENT),
            sum(one.fen for one in parts.get(row.idx, ()) if one.side == BOOK),
            row.person,
            row.at,
        )
        for row in found
    )


def _judged(session: Session, book_id: str, account: str) -> dict[Key, c.Judgement]:
    """Return the newest word on each line."""
    query = select(c.Judgement).where(c.Judgement.book_id == book_id, c.Judgement.account == account)
    rows = session.scalars(query.order_by(c.Judgement.idx))
    return {(row.side, row.source, row.line): row for row in rows}


def _begins(session: Session, book_id: str, account: str, month: Month) -> tuple[date, int] | None:
    """Return where the statements begin: first day and opening balance; None without any up to the month."""
    p = c.StatementPlace
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book_id)
    query = (
        select(p.first_day, p.opening_fen)
        .where(p.book_id == book_id, p.account == account, p.file_idx.not_in(gone))
        .where(p.first_day <= month.last_day.isoformat())
        .order_by(p.first_day, p.idx)
        .limit(1)
    )
    row = session.connection().execute(query).first()
    return None if row is None else (date.fromisoformat(row.first_day), int(row.opening_fen))


def _statement_lines(session: Session, book_id: str, account: str, first: date, month: Month) -> list[Line]:
    """Return the statement's lines from its beginning; those before the book's own first month belong to no entry."""
    recorded = opening.get(session, book_id)
    at = Month.of(first)
    if recorded is not None:
        at = max(at, Month.parse(recorded.period))
    found = []
    while at <= month:
        found += [
            Line(
                *(STATEMENT, one.file, one.row, one.day, one.fen),
                *(str(one.row + 1), one.text, one.party, "", one.kind),
            )
            for one in statements.lines(session, book_id, account, at)
        ]
        at = at.plus(1)
    return found


def _book_lines(
    session: Session, book_id: str, account: str, month: Month
) -> tuple[list[Line], dict[int, int]]:
    """Return the postings on an account through the month, and which entry undoes which."""
    p, e = t.Posting, t.Entry
    columns = (e.idx, p.n, p.dc, p.fen, e.date, e.number, e.summary, e.type, e.facts, e.reverses)
    query = (
        select(*columns)
        .join(e, (e.book_id == p.book_id) & (e.idx == p.idx))
        .where(p.book_id == book_id, p.account == account, p.period <= str(month))
        .order_by(p.period, p.idx, p.n)
    )
    rows = session.connection().execute(query).all()
    kinds = {row.idx: row.type for row in rows}
    found = []
    for row in rows:
        fen = row.fen if row.dc == "D" else -row.fen
        day, kind = date.fromisoformat(row.date), kinds.get(row.reverses, row.type)
        facts = json.loads(row.facts)
        serial = str(facts.get(SERIAL, "") or "")
        found.append(Line(BOOK, row.idx, row.n, day, fen, row.number, row.summary, "", serial, kind))
    return found, {row.idx: row.reverses for row in rows if row.reverses is not None}


def _from(
    session: Session, book_id: str, account: str, begins: tuple[date, int], lines: list[Line]
) -> list[Line]:
    """Leave out what was booked before the first statement, where that statement opens with the same balance."""
    first, opening_fen = begins
    balance = {line.account: line.fen for line in opening.lines(session, book_id, "balance")}
    before = balance.get(account, 0) + sum(line.fen for line in lines if line.day < first)
    return [line for line in lines if line.day >= first] if before == opening_fen else lines


def _cancel(
    lines: list[Line], undoes: dict[int, int], taken: set[Key]
) -> tuple[list[Line], tuple[tuple[Line, Line], ...]]:
    """Take away red letters together with what they undo; a matched line stays until its match is undone."""
    by_place = {(line.source, line.line): line for line in lines}
    gone: set[Key] = set()
    pairs = []
    for line in lines:
        original = by_place.get((undoes.get(line.source, -1), line.line))
        if original is None or {line.key, original.key} & (taken | gone) or original.fen != -line.fen:
            continue
        gone |= {line.key, original.key}
        pairs.append((original, line))
    return [line for line in lines if line.key not in gone], tuple(pairs)
