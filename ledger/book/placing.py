"""Placing a received file in an account of the chart, with the balances around it and the days it covers.

A file is placed once (`statement.placed`). What its running balance says holds;
where a file has none, the balances are typed as the screen shows them and must
differ by what its rows move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import imports, rows
from ledger.book.chart import Chart
from ledger.book.duties import Actor, require
from ledger.book.statement_lines import allowed, file_of, of_file
from ledger.errors import Conflict, Invalid
from ledger.money import yuan
from ledger.months import parse_stamp
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_

KINDS = ("bank_statement", "wallet_flow", "shop_fund_flow")
"""Kinds of files that are statements of an account; a list of orders is none, a personal bill is not ours."""

OPENING, CLOSING = N_("期初余额"), N_("期末余额")
"""How ledger.intake.balance names the control totals of a file with a running balance."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a received file says of itself. Balances are None where it gives no running balance."""

    opening_fen: int | None
    closing_fen: int | None
    moved_fen: int
    first_day: date
    last_day: date


def figures(session: Session, book: str, file: int) -> Figures:
    """Return opening and closing balance, movement and days of a received file."""
    found = file_of(session, book, file)
    controls = {one["name"]: one["computed"] for one in json.loads(found.controls)}
    opening = controls.get(OPENING)
    closing = controls.get(CLOSING)
    if opening is None or closing is None:
        moved = sum(one.line.fen for one in of_file(session, found, 0))
    else:
        moved = closing - opening
    days = [parse_stamp(moment).date() for moment in (found.first_at, found.last_at)]
    return Figures(opening, closing, moved, *days)


def place(
    session: Session,
    actor: Actor,
    file: int,
    *,
    account: str,
    at: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    opening_fen: int | None = None,
    closing_fen: int | None = None,
) -> Record:
    """Say that a received file is the statement of an account of the chart.

    Days default to those of the first and the last row. Balances are given only for a file without a
    running balance, as the screen shows them; they must differ by what its rows move. Raises Invalid
    for what cannot be, Conflict if the file is placed already or discarded.
    """
    require(actor, "statement")
    chart = charts.current(session, actor.book)
    received = imports.get(session, actor.book, file)
    rows.refuse_discarded(session, actor.book, file)
    _refuse_account(chart, received, account)
    if is_placed(session, actor.book, file):
        raise Conflict(N_("这份文件已经登记为对账单。放错了科目的，请先作废这份文件，再重新上传。"))
    own = figures(session, actor.book, file)
    first, last = first_day or own.first_day, last_day or own.last_day
    _refuse_days(own, first, last, at.date())
    opening, closing = _balances(own, opening_fen, closing_fen)
    body = {
        "file": file,
        "account": account,
        "opening_fen": opening,
        "closing_fen": closing,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
    }
    return log.append(session, actor.book, "statement.placed", body, by=actor.person, at=at)


def _refuse_account(chart: Chart, received: imports.Received, account: str) -> None:
    """Raise Invalid unless the account may have a statement of this kind and platform."""
    if received.kind not in KINDS:
        raise Invalid(N_("“{name}”不是账户流水，不能登记为对账单。"), name=received.name)
    if account not in allowed(chart):
        raise Invalid(N_("科目 {account} 不能有对账单，请从列表里选择。"), account=account[:40])
    owner = next((one for one in chart.platforms.values() if one.wallet == account), None)
    if owner is not None and received.platform not in ("", owner.code):
        raise Invalid(
            N_("这份文件是{found}的流水，不能登记在{platform}的科目 {account} 下。"),
            found=chart.platform(received.platform).name,
            platform=owner.name,
            account=account,
        )


def _refuse_days(own: Figures, first: date, last: date, today: date) -> None:
    """Raise Invalid unless the days hold every row and are not in the future."""
    if first > own.first_day or last < own.last_day:
        raise Invalid(
            N_("期间须包含文件里的全部各行：{first} 至 {last}。"),
            first=f"{own.first_day}",
            last=f"{own.last_day}",
        )
    if last > today:
        raise Invalid(N_("对账单的截止日 {last} 还没有到。"), last=f"{last}")


def _balances(own: Figures, opening_fen: int | None, closing_fen: int | None) -> tuple[int, int]:
    """Return opening and closing balance: the file's own, else the typed ones, which must fit its rows."""
    if own.opening_fen is not None and own.closing_fen is not None:
        for typed, known in ((opening_fen, own.opening_fen), (closing_fen, own.closing_fen)):
            if typed not in (None, known):
                raise Invalid(
                    N_("填写的余额与文件里的不同：文件的期初余额是 {opening}，期末余额是 {closing}。"),
                    opening=yuan(own.opening_fen),
                    closing=yuan(own.closing_fen),
                )
        return own.opening_fen, own.closing_fen
    if opening_fen is None or closing_fen is None:
        raise Invalid(N_("这份文件没有余额列：请照屏幕填写期初余额和期末余额。"))
    if opening_fen + own.moved_fen != closing_fen:
        raise Invalid(
            N_("余额对不上：期初 {opening} 加本期变动 {moved} 应为 {wanted}，填写的期末余额是 {closing}。"),
            opening=yuan(opening_fen),
            moved=yuan(own.moved_fen),
            wanted=yuan(opening_fen + own.moved_fen),
            closing=yuan(closing_fen),
        )
    return opening_fen, closing_fen


def unplaced(session: Session, book: str) -> list[imports.Received]:
    """Return the received statements that belong to no account yet, newest first."""
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book)
    known = select(c.StatementPlace.file_idx).where(c.StatementPlace.book_id == book)
    query = (
        select(a.SourceFile.idx)
        .where(a.SourceFile.book_id == book, a.SourceFile.kind.in_(KINDS))
        .where(a.SourceFile.idx.not_in(gone), a.SourceFile.idx.not_in(known))
        .order_by(a.SourceFile.idx.desc())
    )
    return [imports.get(session, book, idx) for idx in session.scalars(query)]


def is_placed(session: Session, book: str, file: int) -> bool:
    """Say whether a file was placed in an account."""
    query = select(c.StatementPlace.idx).where(c.StatementPlace.book_id == book)
    return session.scalars(query.where(c.StatementPlace.file_idx == file)).first() is not None
