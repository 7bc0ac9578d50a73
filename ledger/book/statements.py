"""Statements of the accounts that hold money: their lines, the balance at a month's end, and what is missing.

A file is placed in an account by `placing`. Overlap of files is recognised and
gaps between them are named (domain B-3): reconciliation starts from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from ledger.book.statement_lines import Keyed, StatementLine, allowed, file_of, merged, of_file
from ledger.errors import NotFound, Value
from ledger.money import yuan
from ledger.months import Month
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store import tables_check as c
from ledger.words import N_, fill

__all__ = [
    "Gap",
    "Placed",
    "StatementLine",
    "allowed",
    "closing",
    "find",
    "gaps",
    "gaps_between",
    "line",
    "lines",
    "of_statement",
    "placed",
]


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement in its account; `at` and `by` are those of the placing, `name` and `rows` those of the file."""

    idx: int
    file: int
    account: str
    opening_fen: int
    closing_fen: int
    first_day: date
    last_day: date
    name: str
    rows: int
    at: str
    by: str
    discarded: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two statements something is missing: `message` says what, for a person."""

    after: date
    before: date
    difference_fen: int
    message: str
    values: dict[str, Value]

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language`."""
        return fill(self.message, self.values, language)


def placed(session: Session, book: str, first: date, last: date) -> list[Placed]:
    """Return the statements whose days touch a span, the newest period first; discarded files are told."""
    place = c.StatementPlace
    query = _with_file(book).where(place.first_day <= f"{last}", place.last_day >= f"{first}")
    query = query.order_by(place.first_day.desc(), place.idx.desc())
    return [_seen(session, *row) for row in session.execute(query)]


def find(session: Session, book: str, file: int) -> Placed:
    """Return the statement that a file is; raise NotFound if it was not placed."""
    row = session.execute(_with_file(book).where(c.StatementPlace.file_idx == file)).first()
    if row is None:
        raise NotFound(N_("没有这份对账单。"))
    return _seen(session, *row)


def _with_file(book: str) -> Select[c.StatementPlace, str, int, int | None]:
    """Return the query of placed statements with name, rows and discarding record of the file."""
    place, file, gone = c.StatementPlace, a.SourceFile, a.FileDiscard
    return (
        select(place, file.name, file.rows, gone.idx)
        .join(file, (file.book_id == place.book_id) & (file.idx == place.file_idx))
        .outerjoin(gone, (gone.book_id == place.book_id) & (gone.file_idx == place.file_idx))
        .where(place.book_id == book)
    )


def _seen(session: Session, row: c.StatementPlace, name: str, count: int, gone: int | None) -> Placed:
    record = log.get(session, row.book_id, row.idx)
    return Placed(
        idx=row.idx,
        file=row.file_idx,
        account=row.account,
        opening_fen=row.opening_fen,
        closing_fen=row.closing_fen,
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        name=name,
        rows=count,
        at=record.at,
        by=record.by,
        discarded=gone is not None,
    )


def lines(session: Session, book: str, account: str, month: Month) -> list[StatementLine]:
    """Return the movements of an account in a month, each once even where files overlap.

    Reads only the files whose days touch the month.
    """
    files = _touching(session, book, account, month.first_day, month.last_day)
    found = merged(_read(session, row) for row in sorted(files, key=lambda row: row.idx))
    return [line for line in found if month.first_day <= line.day <= month.last_day]


def of_statement(session: Session, book: str, file: int) -> list[StatementLine]:
    """Return all lines of a placed file, oldest first; raise NotFound if it is no statement."""
    row = session.scalars(_placed(book).where(c.StatementPlace.file_idx == file)).first()
    if row is None:
        raise NotFound(N_("没有这份对账单。"))
    return [one.line for one in _read(session, row)]


def line(session: Session, book: str, file: int, row: int) -> StatementLine:
    """Return one line of a placed file; raise NotFound if there is none."""
    for one in of_statement(session, book, file):
        if one.row == row:
            return one
    raise NotFound(N_("对账单里没有第 {row} 行。"), row=row + 1)


def closing(session: Session, book: str, account: str, month: Month) -> int | None:
    """Return the balance at the end of a month, None where the statements do not reach it.

    A statement over the last day tells it; so do two that leave days out, if the later one opens with
    the balance at which the earlier one closed.
    """
    last = month.last_day
    files = _touching(session, book, account, month.first_day, month.last_day)
    for row in files:
        if row.first_day <= last.isoformat() <= row.last_day:
            return row.opening_fen + sum(one.line.fen for one in _read(session, row) if one.line.day <= last)
    after = _neighbour(session, book, account, later=last)
    earlier = sorted(files, key=lambda row: row.last_day)[-1:]
    before = earlier[0] if earlier else _neighbour(session, book, account, earlier=month.first_day)
    if before is None or after is None or before.closing_fen != after.opening_fen:
        return None
    return before.closing_fen


def gaps(session: Session, book: str, account: str, month: Month) -> list[Gap]:
    """Return where the statements of a month do not follow from one another, oldest first."""
    return gaps_between(session, book, account, month.first_day, month.last_day)


def gaps_between(session: Session, book: str, account: str, first: date, last: date) -> list[Gap]:
    """Return the same for a span of days, its neighbours on both sides included."""
    known = [
        _neighbour(session, book, account, earlier=first),
        *_touching(session, book, account, first, last),
        _neighbour(session, book, account, later=last),
    ]
    chain = sorted(filter(None, known), key=lambda row: (row.first_day, row.last_day, row.idx))
    found, reach = [], chain[0] if chain else None
    for row in chain[1:]:
        if reach is None:
            break
        gap = _between(session, reach, row)
        if gap is not None and gap.before >= first and gap.after <= last:
            found.append(gap)
        if row.last_day >= reach.last_day:
            reach = row
    return found


def _between(session: Session, one: c.StatementPlace, other: c.StatementPlace) -> Gap | None:
    """Return what is missing between a statement and the next, None if the next follows from it."""
    after, before = date.fromisoformat(one.last_day), date.fromisoformat(other.first_day)
    difference = other.opening_fen - one.closing_fen
    values: dict[str, Value] = {"opening": yuan(other.opening_fen), "closing": yuan(one.closing_fen)}
    if before <= after:
        points = _balances_on(_read(session, one), one.opening_fen, before)
        if other.opening_fen in points:
            return None
        difference = other.opening_fen - points[0]
        message = N_(
            "{day} 起的对账单期初余额是 {opening}，同一天另一份对账单上没有这个余额：请核对是否放错科目。"
        )
        return Gap(before, before, difference, message, {**values, "day": f"{before}"})
    if not difference:
        return None
    if before - after == timedelta(days=1):
        message = N_("{day} 起的对账单期初余额是 {opening}，上一份的期末余额是 {closing}，两份接不上。")
        return Gap(after, before, difference, message, {**values, "day": f"{before}"})
    message = N_("{first} 至 {last} 没有对账单，而余额从 {closing} 变成了 {opening}：请补传这几天的对账单。")
    missing = {"first": f"{after + timedelta(days=1)}", "last": f"{before - timedelta(days=1)}"}
    return Gap(after, before, difference, message, {**values, **missing})


def _balances_on(lines: list[Keyed], opening_fen: int, day: date) -> list[int]:
    """Return the balances that stood at the beginning of a day and after each movement of it."""
    balance = opening_fen + sum(one.line.fen for one in lines if one.line.day < day)
    found = [balance]
    for one in lines:
        if one.line.day == day:
            balance += one.line.fen
            found.append(balance)
    return found


def _read(session: Session, row: c.StatementPlace) -> list[Keyed]:
    return of_file(session, file_of(session, row.book_id, row.file_idx), row.opening_fen)


def _placed(book: str, account: str | None = None) -> Select[c.StatementPlace]:
    """Return the query of placed statements, those of discarded files left out if an account is asked for."""
    query = select(c.StatementPlace).where(c.StatementPlace.book_id == book)
    if account is None:
        return query
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book)
    return query.where(c.StatementPlace.account == account, c.StatementPlace.file_idx.not_in(gone))


def _touching(session: Session, book: str, account: str, first: date, last: date) -> list[c.StatementPlace]:
    """Return the statements of an account whose days touch a span, in the order of their placing."""
    place = c.StatementPlace
    days = (place.first_day <= f"{last}", place.last_day >= f"{first}")
    return list(session.scalars(_placed(book, account).where(*days).order_by(place.idx)))


def _neighbour(
    session: Session, book: str, account: str, *, earlier: date | None = None, later: date | None = None
) -> c.StatementPlace | None:
    """Return the nearest statement that ends before a day, or that begins after one."""
    place, query = c.StatementPlace, _placed(book, account).limit(1)
    if earlier is not None:
        query = query.where(place.last_day < f"{earlier}").order_by(place.last_day.desc(), place.idx)
    else:
        query = query.where(place.first_day > f"{later}").order_by(place.first_day, place.idx)
    return session.scalars(query).first()
