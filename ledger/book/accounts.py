"""Live accounts: who owns them, and their filing (备案) with county leaders and the discipline committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book import chart
from ledger.book.duties import Actor, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store.record import Record
from ledger.words import N_

FILED_WITH = ("leaders", "discipline")
"""With whom an account is filed before its first broadcast."""


@dataclass(frozen=True, slots=True)
class Account:
    """A live account and its state today. `filings` has (filed with, number, day, record index)."""

    account: str
    platform: str
    handle: str
    owner_kind: str
    owner: str
    idx: int
    filings: tuple[tuple[str, str, str, int], ...]
    pauses: tuple[tuple[str, bool, str], ...]

    @property
    def paused(self) -> bool:
        """Whether the newest word on the account is a pause."""
        return bool(self.pauses) and self.pauses[-1][1]

    def filed_by(self, day: date) -> bool:
        """Say whether the account was filed with both bodies on or before that day."""
        return all(
            any(who == wanted and on <= day.isoformat() for who, _, on, _ in self.filings)
            for wanted in FILED_WITH
        )

    def paused_on(self, day: date) -> bool:
        """Say whether the account was paused on that day."""
        state = False
        for on, paused, _ in self.pauses:
            if on <= day.isoformat():
                state = paused
        return state


def open_account(
    session: Session, actor: Actor, *, platform: str, handle: str, owner_kind: str, owner: str, at: datetime
) -> Record:
    """Register a live account; raise Conflict if platform and handle are there already."""
    require(actor, "broadcast")
    chart.current(session, actor.book).platform(platform)
    handle, owner = handle.strip(), owner.strip()
    if not handle or not owner:
        raise Invalid(N_("请填写账号名称和开户人（单位）。"))
    if any((item.platform, item.handle) == (platform, handle) for item in accounts(session, actor.book)):
        raise Conflict(N_("账号“{handle}”已登记。"), handle=handle)
    number = (
        session.connection()
        .execute(select(func.count()).select_from(a.LiveAccount).where(a.LiveAccount.book_id == actor.book))
        .scalar_one()
    )
    body = {
        "account": f"A{number + 1:02d}",
        "platform": platform,
        "handle": handle,
        "owner_kind": owner_kind,
        "owner": Private(owner),
    }
    return log.append(session, actor.book, "account.opened", body, by=actor.person, at=at)


def file_account(
    session: Session,
    actor: Actor,
    account: str,
    *,
    filed_with: str,
    number: str,
    filed_on: date,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record an account's filing (备案): with whom, number, day, document."""
    require(actor, "broadcast")
    get(session, actor.book, account)
    if filed_with not in FILED_WITH:
        raise Invalid(N_("请选择备案对象：县领导，或纪委监委。"))
    if not number.strip():
        raise Invalid(N_("请填写备案编号。"))
    if filed_on > at.date():
        raise Invalid(N_("备案日期不能晚于今天。"))
    body = {
        "account": account,
        "filed_with": filed_with,
        "number": number.strip(),
        "filed_on": filed_on.isoformat(),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "account.filed", body, by=actor.person, at=at)


def pause(
    session: Session, actor: Actor, account: str, *, paused: bool, on_day: date, reason: str, at: datetime
) -> Record:
    """Pause an account, or resume it; the reason is part of the record."""
    require(actor, "broadcast")
    if get(session, actor.book, account).paused == paused:
        raise Conflict(N_("账号已经是这个状态。"))
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    body = {"account": account, "on_day": on_day.isoformat(), "reason": reason.strip()}
    kind = "account.paused" if paused else "account.resumed"
    return log.append(session, actor.book, kind, body, by=actor.person, at=at)


def accounts(session: Session, book_id: str) -> list[Account]:
    """Return the book's live accounts in the order they were registered."""
    rows = list(
        session.scalars(
            select(a.LiveAccount).where(a.LiveAccount.book_id == book_id).order_by(a.LiveAccount.idx)
        )
    )
    owners = log.opened(session, book_id, [row.owner for row in rows])
    filings: dict[str, list[tuple[str, str, str, int]]] = {}
    for f in session.scalars(select(a.Filing).where(a.Filing.book_id == book_id).order_by(a.Filing.idx)):
        filings.setdefault(f.account, []).append((f.filed_with, f.number, f.filed_on, f.idx))
    pauses: dict[str, list[tuple[str, bool, str]]] = {}
    for p in session.scalars(
        select(a.AccountPause).where(a.AccountPause.book_id == book_id).order_by(a.AccountPause.idx)
    ):
        pauses.setdefault(p.account, []).append((p.on_day, bool(p.paused), p.reason))
    return [
        Account(
            row.account,
            row.platform,
            row.handle,
            row.owner_kind,
            owners.get(row.owner, ""),
            row.idx,
            tuple(filings.get(row.account, ())),
            tuple(pauses.get(row.account, ())),
        )
        for row in rows
    ]


def get(session: Session, book_id: str, account: str) -> Account:
    """Return one account; raise NotFound if it is not registered."""
    found = next((item for item in accounts(session, book_id) if item.account == account), None)
    if found is None:
        raise NotFound(N_("没有登记账号“{account}”，请先在“直播账号”里登记。"), account=account[:60])
    return found
