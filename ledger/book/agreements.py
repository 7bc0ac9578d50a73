"""Donation agreements (捐赠协议): registered before the broadcasts whose income they promise.

Charity Law art. 37: who promises the proceeds of a performance to charity
signs first and performs afterwards. What counts is when the agreement entered
this log: an agreement filed after a broadcast began covers it late.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import accounts as live
from ledger.book import broadcasts, evidence
from ledger.book.broadcasts import Broadcast
from ledger.book.duties import Actor, require
from ledger.book.month import MonthView
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import parse_stamp
from ledger.sections_welfare import AgreementLine
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

WHOLE_BP = 10_000
"""All of the income, in ten-thousandths."""

NUMBER_MAX = 40


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says; no `accounts`: all of them. `share_bp` is the share promised, in ten-thousandths."""

    number: str
    party: str
    signed_on: date
    first_day: date
    last_day: date | None
    accounts: tuple[str, ...]
    share_bp: int
    scope: str

    def includes(self, account: str, day: date) -> bool:
        """Say whether the terms speak of that account on that day."""
        in_time = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return in_time and (not self.accounts or account in self.accounts)


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement as it stands. `earlier` are (registered at, terms) of every version, this one last.

    `late` is set by `covering`: registered only after that broadcast had begun.
    """

    terms: Terms
    idx: int
    registered_at: datetime
    reason: str
    earlier: tuple[tuple[datetime, Terms], ...]
    late: bool = False

    @property
    def number(self) -> str:
        """The agreement's own number."""
        return self.terms.number

    @property
    def party(self) -> str:
        """With whom it was made."""
        return self.terms.party

    def covers(self, account: str, broadcast: Broadcast) -> bool:
        """Say whether it speaks of the broadcast on that account, in time or late."""
        return self.terms.includes(account, broadcast.starts_at.date())

    def late_for(self, account: str, broadcast: Broadcast) -> bool:
        """Say whether no version that covers it was in the log before the broadcast began.

        Nothing is registered before it is signed, so the day of signature needs no look of its own.
        """
        return not any(
            at < broadcast.starts_at and terms.includes(account, broadcast.starts_at.date())
            for at, terms in self.earlier
        )


def register(
    session: Session, actor: Actor, terms: Terms, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Register a new agreement with its document; raise Conflict for a number that is there already."""
    require(actor, "register")
    if _find(session, actor.book, terms.number.strip()) is not None:
        raise Conflict(
            N_("协议 {number} 已登记；内容有变化请用“变更”，并写明原因。"), number=terms.number.strip()
        )
    if not attachments:
        raise Invalid(N_("请上传捐赠协议的扫描件或照片。"))
    body = _body(session, actor, terms, attachments, at)
    return log.append(session, actor.book, "agreement.registered", body, by=actor.person, at=at)


def change(
    session: Session,
    actor: Actor,
    terms: Terms,
    *,
    reason: str,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Register changed terms under the same number, with the reason; without a new document the former one stays."""
    require(actor, "register")
    former = get(session, actor.book, terms.number.strip())
    if not reason.strip():
        raise Invalid(N_("请写明变更原因。"))
    if not attachments:
        files = evidence.attachments(session, actor.book, [former.idx]).get(former.idx, [])
        attachments = [{"digest": f.digest, "name": f.name, "media": f.media, "size": f.size} for f in files]
    body = _body(session, actor, terms, attachments, at)
    body["reason"] = reason.strip()
    return log.append(session, actor.book, "agreement.registered", body, by=actor.person, at=at)


def _body(
    session: Session, actor: Actor, terms: Terms, attachments: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    """Check and return the fields of an agreement."""
    number, party, scope = terms.number.strip(), terms.party.strip(), terms.scope.strip()
    if not number or not party or not scope:
        raise Invalid(N_("请填写协议编号、签约对方和适用范围。"))
    if len(number) > NUMBER_MAX:
        raise Invalid(N_("协议编号最多 {most} 个字。"), most=NUMBER_MAX)
    if terms.signed_on > at.date():
        raise Invalid(N_("签订日期不能晚于今天；还没有签的协议请签好再登记。"))
    if terms.last_day is not None and terms.last_day < terms.first_day:
        raise Invalid(N_("协议的截止日期早于起始日期。"))
    if not 0 < terms.share_bp <= WHOLE_BP:
        raise Invalid(N_("承诺比例须大于 0、不超过 100%。"))
    if len(set(terms.accounts)) != len(terms.accounts):
        raise Invalid(N_("同一个直播账号选了两次。"))
    for account in terms.accounts:
        live.get(session, actor.book, account)
    body: dict[str, Any] = {
        "agreement": number,
        "party": party,
        "signed_on": terms.signed_on.isoformat(),
        "first_day": terms.first_day.isoformat(),
        "accounts": list(terms.accounts),
        "share_bp": terms.share_bp,
        "scope": scope,
        "attachments": attachments,
    }
    if terms.last_day is not None:
        body["last_day"] = terms.last_day.isoformat()
    return body


def agreements(session: Session, book_id: str) -> list[Agreement]:
    """Return every agreement as it stands, in the order in which they were first registered."""
    w_, head = w.Agreement, t.RecordHead
    query = (
        select(w_, head.at)
        .join(head, (head.book_id == w_.book_id) & (head.idx == w_.idx))
        .where(w_.book_id == book_id)
        .order_by(w_.idx)
    )
    found: dict[str, Agreement] = {}
    for row, stamped in session.execute(query).all():
        at, terms = parse_stamp(stamped), _terms(row)
        before = found[row.agreement].earlier if row.agreement in found else ()
        found[row.agreement] = Agreement(terms, row.idx, at, row.reason or "", (*before, (at, terms)))
    return list(found.values())


def _terms(row: w.Agreement) -> Terms:
    return Terms(
        row.agreement,
        row.party,
        date.fromisoformat(row.signed_on),
        date.fromisoformat(row.first_day),
        date.fromisoformat(row.last_day) if row.last_day else None,
        tuple(json.loads(row.accounts)),
        row.share_bp,
        row.scope,
    )


def _find(session: Session, book_id: str, number: str) -> Agreement | None:
    return next((item for item in agreements(session, book_id) if item.number == number), None)


def get(session: Session, book_id: str, number: str) -> Agreement:
    """Return one agreement as it stands; raise NotFound if its number is not registered."""
    found = _find(session, book_id, number)
    if found is None:
        raise NotFound(N_("没有登记捐赠协议“{number}”。"), number=number[:NUMBER_MAX])
    return found


def covering(session: Session, book_id: str, broadcast: Broadcast | str) -> Agreement | None:
    """Return the agreement that covers a broadcast, `late` if it was registered only after the start.

    Every account of the broadcast must be covered; where two agreements share
    it, the late one is returned. None: at least one account has no agreement.
    """
    item = broadcasts.get(session, book_id, broadcast) if isinstance(broadcast, str) else broadcast
    return coverage(agreements(session, book_id), item)


def coverage(known: Iterable[Agreement], item: Broadcast) -> Agreement | None:
    """Return what `covering` does, from agreements that were read already."""
    best: list[Agreement] = []
    for account in item.accounts:
        fitting = [
            replace(one, late=one.late_for(account, item)) for one in known if one.covers(account, item)
        ]
        if not fitting:
            return None
        best.append(min(fitting, key=lambda one: one.late))
    return max(best, key=lambda one: one.late, default=None)


def lines(session: Session, seen: MonthView) -> tuple[AgreementLine, ...]:
    """Return the agreements in force during the month (§六), each with the month's broadcasts that it covers."""
    shown = [item for item in seen.broadcasts if item.month == seen.month]
    found = []
    for one in agreements(session, seen.book):
        terms = one.terms
        ended = terms.last_day is not None and terms.last_day < seen.month.first_day
        covered = [(b, a) for b in shown for a in b.accounts if one.covers(a, b)]
        if (ended or terms.first_day > seen.month.last_day) and not covered:
            continue
        numbers = dict.fromkeys(b.number for b, _ in covered)
        late = dict.fromkeys(b.number for b, a in covered if one.late_for(a, b))
        known = (terms.number, terms.party, terms.signed_on, terms.first_day, terms.last_day)
        found.append(AgreementLine(*known, terms.share_bp, terms.scope, tuple(numbers), tuple(late)))
    return tuple(found)
