"""Broadcasts: on which accounts and when, the night's declaration, audience figures, differences explained."""

from __future__ import annotations

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
from ledger.store.projections import Record
from ledger.words import N_

LONGEST = timedelta(hours=24)
"""No single broadcast lasts longer; a longer one is a typing error."""

NIGHT = timedelta(hours=24)
"""A declaration made later than this after the end counts as late."""


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


@dataclass(frozen=True, slots=True)
class Declared:
    """What one account showed that night: fen, gift units, when seen, when and by which record it was told."""

    broadcast: str
    account: str
    zero: bool
    amount_fen: int
    units: int | None
    captured_at: datetime
    idx: int


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
    if not 1 <= len(accounts) <= 2 or len(set(accounts)) != len(accounts):
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
    query = select(a.Broadcast.broadcast).where(a.Broadcast.book_id == book_id, a.Broadcast.broadcast.like(f"{year}%"))
    used = [int(n.removeprefix(year)) for n in session.scalars(query) if n.removeprefix(year).isdecimal()]
    return f"{year}{max(used, default=0) + 1:04d}"


def declare(
    session: Session,
    actor: Actor,
    number: str,
    *,
    shown: tuple[tuple[str, int, int | None], ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """The night declaration: (account, fen, units) as the screen showed them, with the screenshot.

    Raises Invalid without a screenshot, or before the broadcast has begun.
    """
    require(actor, "declare")
    broadcast = _own_hands_off(session, actor, number)
    if not attachments:
        raise Invalid(N_("请拍摄或上传平台收入页面的截图。"))
    if not shown:
        raise Invalid(N_("请填写平台显示的打赏金额。"))
    _check_captured(broadcast, captured_at, at)
    for account, fen, _ in shown:
        _check_leg(broadcast, account)
        if fen < 0:
            raise Invalid(N_("金额不能是负数。"))
    body = {
        "broadcast": number,
        "shown": [
            {"account": account, "amount_fen": fen, **({} if units is None else {"units": units})}
            for account, fen, units in shown
        ],
        "captured_at": stamp(captured_at),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.declared", body, by=actor.person, at=at)


def declare_zero(
    session: Session,
    actor: Actor,
    number: str,
    *,
    accounts: tuple[str, ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """The zero-income declaration (零收入声明): these accounts earned nothing in this broadcast."""
    require(actor, "declare")
    broadcast = _own_hands_off(session, actor, number)
    if not accounts:
        raise Invalid(N_("请选择没有收入的账号。"))
    for account in accounts:
        _check_leg(broadcast, account)
    _check_captured(broadcast, captured_at, at)
    body = {
        "broadcast": number,
        "accounts": list(accounts),
        "captured_at": stamp(captured_at),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.zero", body, by=actor.person, at=at)


def measure(
    session: Session,
    actor: Actor,
    number: str,
    *,
    figures: tuple[tuple[str, str, str, int], ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record audience figures (account, name, unit, value) as the platform names them, with their time."""
    require(actor, "broadcast")
    broadcast = get(session, actor.book, number)
    for account, name, unit, value in figures:
        _check_leg(broadcast, account)
        if not name.strip() or not unit.strip() or value < 0:
            raise Invalid(N_("请填写指标名称、单位和不小于零的数值。"))
    body = {
        "broadcast": number,
        "figures": [
            {"account": account, "name": name.strip(), "unit": unit.strip(), "value": value, "captured_at": stamp(captured_at)}
            for account, name, unit, value in figures
        ],
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.measured", body, by=actor.person, at=at)


def explain(
    session: Session, actor: Actor, number: str, *, account: str, difference_fen: int, explanation: str, at: datetime
) -> Record:
    """Explain the difference between the settled figure and the night's; it is shown, never forced to zero."""
    require(actor, "reply")
    _check_leg(get(session, actor.book, number), account)
    if not explanation.strip():
        raise Invalid(N_("请写明差异原因。"))
    body = {
        "broadcast": number,
        "account": account,
        "difference_fen": difference_fen,
        "explanation": explanation.strip(),
    }
    return log.append(session, actor.book, "broadcast.explained", body, by=actor.person, at=at)


def _own_hands_off(session: Session, actor: Actor, number: str) -> Broadcast:
    """Return the broadcast; raise NotYourDuty if the actor hosts it."""
    broadcast = get(session, actor.book, number)
    if broadcast.host_person == actor.person:
        raise NotYourDuty(N_("您是本场主播，不能登记、记账或签认本场收入。"))
    return broadcast


refuse_host = _own_hands_off


def _check_leg(broadcast: Broadcast, account: str) -> None:
    if account not in broadcast.accounts:
        raise Invalid(N_("场次 {number} 没有使用账号 {account}。"), number=broadcast.number, account=account[:60])


def _check_captured(broadcast: Broadcast, captured_at: datetime, at: datetime) -> None:
    if captured_at < broadcast.starts_at:
        raise Invalid(N_("截图时间早于开播时间，请核对。"))
    if captured_at > at:
        raise Invalid(N_("截图时间不能晚于现在。"))


def _newest(session: Session, book_id: str, number: str) -> a.Broadcast | None:
    query = select(a.Broadcast).where(a.Broadcast.book_id == book_id, a.Broadcast.broadcast == number)
    return session.scalars(query.order_by(a.Broadcast.idx.desc()).limit(1)).first()


def get(session: Session, book_id: str, number: str) -> Broadcast:
    """Return a broadcast as it stands; raise NotFound if it is not registered."""
    row = _newest(session, book_id, number)
    if row is None:
        raise NotFound(N_("没有登记场次 {number}，请先登记直播场次。"), number=number[:40])
    return _values(session, book_id, [row])[0]


def of_month(session: Session, book_id: str, month: Month | None = None) -> list[Broadcast]:
    """Return the broadcasts of a month (of all time without one), by start."""
    rows: dict[str, a.Broadcast] = {}
    for row in session.scalars(select(a.Broadcast).where(a.Broadcast.book_id == book_id).order_by(a.Broadcast.idx)):
        rows[row.broadcast] = row
    wanted = [row for row in rows.values() if month is None or row.month == str(month)]
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


def declarations(session: Session, book_id: str, numbers: list[str]) -> dict[tuple[str, str], Declared]:
    """Return the newest declaration of each (broadcast, account)."""
    query = select(a.Declaration).where(a.Declaration.book_id == book_id, a.Declaration.broadcast.in_(numbers))
    return {
        (row.broadcast, row.account): Declared(
            row.broadcast, row.account, bool(row.zero), row.amount_fen, row.units, parse_stamp(row.captured_at), row.idx
        )
        for row in session.scalars(query.order_by(a.Declaration.idx, a.Declaration.n))
    }


def explanations(session: Session, book_id: str, numbers: list[str]) -> dict[tuple[str, str], a.Explanation]:
    """Return the newest explanation of each (broadcast, account)."""
    query = select(a.Explanation).where(a.Explanation.book_id == book_id, a.Explanation.broadcast.in_(numbers))
    return {(row.broadcast, row.account): row for row in session.scalars(query.order_by(a.Explanation.idx))}


def audience(session: Session, book_id: str, numbers: list[str]) -> dict[str, list[a.Audience]]:
    """Return the audience figures of each broadcast, oldest first."""
    query = select(a.Audience).where(a.Audience.book_id == book_id, a.Audience.broadcast.in_(numbers))
    found: dict[str, list[a.Audience]] = {}
    for row in session.scalars(query.order_by(a.Audience.idx, a.Audience.n)):
        found.setdefault(row.broadcast, []).append(row)
    return found
