"""Welfare activities (公益活动): what was given to whom, by whom, with whose help, and which vouchers paid for it.

Beneficiaries are a count and words for a group, never names; volunteers' names
are private, their minutes are no money (志愿服务条例 art. 19–20).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import activity_reads, entries, evidence, payees, personal
from ledger.book.activity_reads import LOVETEAM, ORGANISERS, Activity, Goods
from ledger.book.duties import CHARITIES, Actor, NotYourDuty, require
from ledger.book.masking import mask
from ledger.book.month import MonthView
from ledger.book.relations import SPENDING
from ledger.errors import Invalid
from ledger.months import Month
from ledger.proof.private import Private
from ledger.sections_welfare import ActivityLine
from ledger.store import log
from ledger.store import tables_welfare as w
from ledger.store.record import Record
from ledger.words import N_

DAY_MINUTES = 24 * 60
LIST_MAX = 200
"""Goods or volunteers of one activity."""


@dataclass(frozen=True, slots=True)
class NewActivity:
    """What is said of an activity; `volunteers` are (name, minutes), `spending` indexes of posted entries."""

    title: str
    organisers: tuple[str, ...]
    day: date
    place: str
    beneficiaries: int
    who: str
    goods: tuple[Goods, ...]
    payee: str
    volunteers: tuple[tuple[str, int], ...]
    intent: str
    spending: tuple[int, ...]


def record(
    session: Session, actor: Actor, new: NewActivity, *, attachments: list[dict[str, Any]], at: datetime
) -> Record:
    """Register an activity under the next number of its year (`H-2026-001`)."""
    require(actor, "welfare")
    body = _body(session, actor, new, at)
    number = _next_number(session, actor.book, new.day.year)
    full = {**body, "activity": number, "attachments": attachments}
    return log.append(session, actor.book, "activity.recorded", full, by=actor.person, at=at)


def change(
    session: Session,
    actor: Actor,
    number: str,
    new: NewActivity,
    *,
    reason: str,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record the whole activity again with the reason; its files stay and new ones join them."""
    require(actor, "welfare")
    former = activity_reads.get(session, actor.book, number)
    _check_own(actor, former.organisers)
    if not reason.strip():
        raise Invalid(N_("请写明变更原因。"))
    body = _body(session, actor, new, at)
    kept = [{"digest": f.digest, "name": f.name, "media": f.media, "size": f.size} for f in former.files]
    known = {item["digest"] for item in kept}
    files = [*kept, *(item for item in attachments if item["digest"] not in known)]
    full = {**body, "activity": number, "reason": reason.strip(), "attachments": files}
    return log.append(session, actor.book, "activity.recorded", full, by=actor.person, at=at)


def add_files(
    session: Session,
    actor: Actor,
    number: str,
    *,
    note: str,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """File photos or receipts that came later, without changing what was said."""
    require(actor, "welfare")
    found = activity_reads.get(session, actor.book, number)
    _check_own(actor, found.organisers)
    if not attachments:
        raise Invalid(N_("请选择要补充的照片或票据。"))
    body = {"record": found.idx, "note": note.strip(), "attachments": attachments}
    return log.append(session, actor.book, "evidence.added", body, by=actor.person, at=at)


def _next_number(session: Session, book_id: str, year: int) -> str:
    start = f"H-{year:04d}-"
    a = w.WelfareActivity
    query = select(a.activity).where(a.book_id == book_id, a.activity.like(f"{start}%"))
    used = [int(number.removeprefix(start)) for number in session.scalars(query)]
    return f"{start}{max(used, default=0) + 1:03d}"


def may_edit(actor: Actor, organisers: tuple[str, ...]) -> bool:
    """Say whether this person may write about an activity of these organisers: a clerk only about the own one's."""
    return actor.may("welfare") and (actor.party not in CHARITIES or actor.party in organisers)


def _check_own(actor: Actor, organisers: tuple[str, ...]) -> None:
    if not may_edit(actor, organisers):
        raise NotYourDuty(N_("慈善机构经办只能登记和修改本单位主办的活动。"))


def _body(session: Session, actor: Actor, new: NewActivity, at: datetime) -> dict[str, Any]:
    """Check and return the fields of an activity."""
    organisers = tuple(dict.fromkeys(new.organisers))
    if not organisers or not set(organisers) <= set(ORGANISERS):
        raise Invalid(N_("请选择主办单位：县红十字会、县慈善总会、志愿者爱心团队中的一个或几个。"))
    _check_own(actor, organisers)
    title, place, who = new.title.strip(), new.place.strip(), new.who.strip()
    if not title or not place:
        raise Invalid(N_("请填写活动名称和地点。"))
    if new.day > at.date():
        raise Invalid(N_("活动日期不能晚于今天；办完活动再登记。"))
    if new.beneficiaries < 0:
        raise Invalid(N_("受益人数不能是负数。"))
    if new.beneficiaries and not who:
        raise Invalid(N_("请写明受益的是哪一类人，例如“示例镇低保户”。"))
    personal.refuse_names(who)
    personal.refuse_numbers(title, place, who, new.intent, *(item.name for item in new.goods))
    body: dict[str, Any] = {
        "title": title,
        "organisers": [name for name in ORGANISERS if name in organisers],
        "day": new.day.isoformat(),
        "place": place,
        "beneficiaries": new.beneficiaries,
        "who": who,
        "goods": _goods(new.goods),
        "volunteers": _volunteers(new.volunteers),
        "intent": new.intent.strip(),
        "spending": _spending(session, actor.book, new.spending, organisers),
    }
    if new.payee.strip():
        payees.refuse_host(session, actor.book, new.payee)
        body["payee"] = Private(new.payee.strip())
    return body


def _goods(given: tuple[Goods, ...]) -> list[dict[str, Any]]:
    if len(given) > LIST_MAX:
        raise Invalid(N_("物资最多 {most} 项。"), most=LIST_MAX)
    for number, item in enumerate(given, start=1):
        if not item.name.strip() or item.quantity <= 0 or item.fen < 0:
            raise Invalid(N_("物资第 {number} 项请填写名称和大于零的数量，金额不能是负数。"), number=number)
    return [
        {"name": item.name.strip(), "quantity": item.quantity, "unit": item.unit.strip(), "fen": item.fen}
        for item in given
    ]


def _volunteers(given: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    if len(given) > LIST_MAX:
        raise Invalid(N_("志愿者最多 {most} 人。"), most=LIST_MAX)
    for number, (name, minutes) in enumerate(given, start=1):
        if not name.strip() or not 0 < minutes <= DAY_MINUTES:
            raise Invalid(
                N_("志愿者第 {number} 行请填写姓名和分钟数（1 到 {most}）。"), number=number, most=DAY_MINUTES
            )
    return [{"name": Private(name.strip()), "minutes": minutes} for name, minutes in given]


def _spending(
    session: Session, book_id: str, given: tuple[int, ...], organisers: tuple[str, ...]
) -> list[int]:
    """Check the linked vouchers: spending of an organising charity that stands."""
    indexes = list(dict.fromkeys(given))
    for idx in indexes:
        entry = entries.get(session, book_id, idx)
        if entry.type not in SPENDING:
            raise Invalid(N_("凭证 {number} 不是公益支出，不能作为活动的支出。"), number=entry.number)
        if entry.charity not in organisers:
            raise Invalid(
                N_("凭证 {number} 是另一家慈善机构的支出；请把该机构也选为主办单位，或去掉这张凭证。"),
                number=entry.number,
            )
    return indexes


def lines(session: Session, seen: MonthView) -> tuple[ActivityLine, ...]:
    """Return the month's activities (§七), payees masked, volunteers counted."""
    found = activity_reads.activities(session, seen.book)
    return tuple(
        _line(seen, item)
        for item in sorted(found, key=lambda one: (one.day, one.number))
        if Month.of(item.day) == seen.month
    )


def _line(seen: MonthView, item: Activity) -> ActivityLine:
    names = {code: seen.parties[code].zh for code in CHARITIES if code in seen.parties}
    names[LOVETEAM] = ORGANISERS[LOVETEAM]
    return ActivityLine(
        number=item.number,
        title=item.title,
        organisers=tuple(names.get(code, code) for code in item.organisers),
        day=item.day,
        place=item.place,
        beneficiaries=item.beneficiaries,
        who=item.who,
        goods=tuple((one.name, one.quantity, one.unit, one.fen) for one in item.goods),
        goods_fen=item.goods_fen,
        payee=mask(item.payee),
        volunteers=len(item.volunteers),
        minutes=item.minutes,
        intent=item.intent,
        vouchers=tuple(one.number for one in item.spending),
        spent_fen=item.spent_fen,
        attachments=len(item.files),
    )


def files_of(session: Session, book_id: str, item: Activity) -> list[Any]:
    """Return the files of the vouchers that paid for an activity: receipts, invoices, sign-off lists."""
    found = evidence.attachments(session, book_id, [one.idx for one in item.spending])
    return [file for some in found.values() for file in some]
