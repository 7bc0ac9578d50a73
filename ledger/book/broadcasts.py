"""Broadcasts: on which accounts and when, the night's declaration, audience figures, differences explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import accounts as live
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month, parse_stamp, stamp
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store.record import Record
from ledger.words import N_

ACCOUNTS_MAX = 2
"""A broadcast runs on two phones at most: the county's account and the department's."""

LONGEST = timedelta(hours=24)
"""No single broadcast lasts longer; a longer one is a typing error."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands now. `host` is a name, empty once erased; `idx` the newest record."""

    number: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    department: str
    host: str
    host_person: str | None
    accounts: tuple[str, ...]
    idx: int
    amended: str

    @property
    def month(self) -> Month:
        """The month of the start, in China time."""
        return Month.of(self.starts_at)


def record(
    session: Session,
    actor: Actor,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None,
    accounts: tuple[str, ...],
    department: str,
    host: str,
    host_person: str | None,
    at: datetime,
    number: str = "",
) -> Record:
    """Register a broadcast; without `number` it gets the next one of its year (`2026-0001`)."""
    require(actor, "broadcast")
    number = number.strip() or _next_number(session, actor.book, starts_at)
    if _newest(session, actor.book, number) is not None:
        raise Conflict(N_("场次号 {number} 已登记。"), number=number)
    body = _body(session, actor, number, title, starts_at, ends_at, accounts, department, host, host_person)
    return log.append(session, actor.book, "broadcast.recorded", body, by=actor.person, at=at)


def amend(
    session: Session,
    actor: Actor,
    number: str,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None,
    accounts: tuple[str, ...],
    department: str,
    host: str,
    host_person: str | None,
    reason: str,
    at: datetime,
) -> Record:
    """Correct what is known of a broadcast, with the reason; the former record stays readable."""
    require(actor, "broadcast")
    get(session, actor.book, number)
    if not reason.strip():
        raise Invalid(N_("请写明更正原因。"))
    body = _body(session, actor, number, title, starts_at, ends_at, accounts, department, host, host_person)
    body["reason"] = reason.strip()
    return log.append(session, actor.book, "broadcast.amended", body, by=actor.person, at=at)


def _body(
    session: Session,
    actor: Actor,
    number: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None,
    accounts: tuple[str, ...],
    department: str,
    host: str,
    host_person: str | None,
) -> dict[str, Any]:
    """Check and return the fields of a broadcast; the host does not record the own broadcast."""
    if not title.strip() or not host.strip():
        raise Invalid(N_("请填写场次主题和主播。"))
    if not 1 <= len(accounts) <= ACCOUNTS_MAX or len(set(accounts)) != len(accounts):
        raise Invalid(N_("一场直播在一个或两个账号上进行，请选择账号。"))
    if ends_at is not None and not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid(N_("下播时间须晚于开播时间，且不超过 24 小时。"))
    for account in accounts:
        live.get(session, actor.book, account)
    if host_person == actor.person:
        raise NotYourDuty(N_("您是本场主播，本场须由其他人登记。"))
    body: dict[str, Any] = {
        "broadcast": number,
        "title": title.strip(),
        "starts_at": stamp(starts_at),
        "department": department.strip(),
        "host": Private(host.strip()),
        "legs": [{"account": account} for account in accounts],
    }
    if ends_at is not None:
        body["ends_at"] = stamp(ends_at)
    if host_person:
        body["host_person"] = host_person
    return body


def _next_number(session: Session, book_id: str, starts_at: datetime) -> str:
    year = f"{Month.of(starts_at).year}-"
    query = select(a.Broadcast.broadcast).where(
        a.Broadcast.book_id == book_id, a.Broadcast.broadcast.like(f"{year}%")
    )
    used = [int(n.removeprefix(year)) for n in session.scalars(query) if n.removeprefix(year).isdecimal()]
    return f"{year}{max(used, default=0) + 1:04d}"


def refuse_host(session: Session, actor: Actor, number: str) -> Broadcast:
    """Return the broadcast; raise NotYourDuty if the actor hosts it."""
    broadcast = get(session, actor.book, number)
    if broadcast.host_person == actor.person:
        raise NotYourDuty(N_("您是本场主播，不能登记、记账或签认本场收入。"))
    return broadcast


def check_leg(broadcast: Broadcast, account: str) -> None:
    """Raise Invalid unless the broadcast ran on the account."""
    if account not in broadcast.accounts:
        raise Invalid(
            N_("场次 {number} 没有使用账号 {account}。"), number=broadcast.number, account=account[:60]
        )


def _newest(session: Session, book_id: str, number: str) -> a.Broadcast | None:
    query = select(a.Broadcast).where(a.Broadcast.book_id == book_id, a.Broadcast.broadcast == number)
    return session.scalars(query.order_by(a.Broadcast.idx.desc()).limit(1)).first()


def get(session: Session, book_id: str, number: str) -> Broadcast:
    """Return a broadcast as it stands; raise NotFound if it is not registered."""
    row = _newest(session, book_id, number)
    if row is None:
        raise NotFound(N_("没有登记场次 {number}，请先登记直播场次。"), number=number[:40])
    return _values(session, book_id, [row])[0]


def of_month(
    session: Session, book_id: str, month: Month | None = None, also: Iterable[str] = ()
) -> list[Broadcast]:
    """Return the broadcasts of a month (of all time without one), and those numbered in `also`, by start."""
    query = select(a.Broadcast).where(a.Broadcast.book_id == book_id)
    extra = set(also)
    if month is not None:
        # Amended into another month or out of it: every record of a number that was ever here is looked at.
        here = select(a.Broadcast.broadcast).where(
            a.Broadcast.book_id == book_id, a.Broadcast.month == str(month)
        )
        query = query.where(a.Broadcast.broadcast.in_(here) | a.Broadcast.broadcast.in_(extra))
    rows = {row.broadcast: row for row in session.scalars(query.order_by(a.Broadcast.idx))}
    wanted = [
        row for row in rows.values() if month is None or row.month == str(month) or row.broadcast in extra
    ]
    return sorted(_values(session, book_id, wanted), key=lambda item: (item.starts_at, item.number))


def _values(session: Session, book_id: str, rows: list[a.Broadcast]) -> list[Broadcast]:
    hosts = log.opened(session, book_id, [row.host for row in rows])
    legs: dict[int, list[str]] = {}
    query = select(a.BroadcastLeg.idx, a.BroadcastLeg.account).where(
        a.BroadcastLeg.book_id == book_id, a.BroadcastLeg.idx.in_([row.idx for row in rows])
    )
    for idx, account in session.connection().execute(query.order_by(a.BroadcastLeg.idx, a.BroadcastLeg.n)):
        legs.setdefault(idx, []).append(account)
    return [
        Broadcast(
            row.broadcast,
            row.title,
            parse_stamp(row.starts_at),
            parse_stamp(row.ends_at) if row.ends_at else None,
            row.department,
            hosts.get(row.host, ""),
            row.host_person,
            tuple(legs.get(row.idx, ())),
            row.idx,
            row.amended or "",
        )
        for row in rows
    ]
