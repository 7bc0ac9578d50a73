"""Composing an entry: everything that can be checked before a second person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import accounts as live
from ledger.book import allocation, broadcasts, events, payees, periods, policies, postings, roster
from ledger.book import chart as charts
from ledger.book.duties import CHARITIES, Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid
from ledger.months import Month
from ledger.store import tables as t
from ledger.words import N_

ADJUST_MAX_FEN = 100
"""A rounding adjustment is at most one yuan (a proposal of ours, not a standard)."""

TEXT_MAX = 1000
"""Characters of a summary, a reason or a fact."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What a person says of an entry; `account` is a live account, amounts are fen by input name."""

    type: str
    date: date
    amounts: dict[str, int]
    summary: str = ""
    broadcast: str = ""
    account: str = ""
    platform: str = ""
    charity: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)
    attachments: tuple[dict[str, Any], ...] = ()
    rows: dict[str, Any] | None = None
    memo: tuple[dict[str, Any], ...] = ()
    corrects: int | None = None
    reason: str = ""


def compose(session: Session, actor: Actor, new: NewEntry, *, at: datetime) -> dict[str, Any]:
    """Return the entry as a draft holds it; raise Invalid, Conflict or NotYourDuty with the reason."""
    require(actor, "draft")
    chart = charts.current(session, actor.book)
    kind = chart.type(new.type)
    check_drafter(actor, kind, new.charity)
    check_date(session, actor.book, new.date, at)
    platform = _check_broadcast(session, actor, kind, new)
    lines = postings.build(chart, kind, new.amounts, platform=platform, charity=new.charity)
    postings.check_balanced(lines)
    _check_evidence(kind, new)
    facts = _facts(kind, new.facts)
    if kind.code == "ADJUST" and abs(postings.debit_total(lines)) > ADJUST_MAX_FEN:
        raise Invalid(N_("尾差调整不能超过 1 元；更大的差异请查明原因。"))
    entry: dict[str, Any] = {
        "period": str(Month.of(new.date)),
        "date": new.date.isoformat(),
        "type": kind.code,
        "summary": (new.summary.strip() or _summary(session, actor, kind, new, platform, chart)),
        "amount_fen": postings.debit_total(lines),
        "lines": [{"account": line.account, "dc": line.dc, "fen": line.fen} for line in lines],
        "attachments": list(new.attachments),
        "facts": facts,
        "duties": postings.duties(kind.duties, new.charity, policies.signing_parties(session, actor.book)),
    }
    optional = {
        "broadcast": new.broadcast,
        "account": new.account,
        "charity": new.charity,
        "rows": new.rows,
        "memo": list(new.memo),
        "reason": new.reason.strip(),
    }
    entry.update({name: value for name, value in optional.items() if value})
    if new.corrects is not None:
        entry["corrects"] = new.corrects
    if not entry["summary"]:
        raise Invalid(N_("请填写摘要。"))
    _check_lengths(entry["summary"], new.reason, *facts.values())
    check_rules(session, actor.book, chart, entry, instead_of=new.corrects)
    return entry


def check_rules(
    session: Session,
    book_id: str,
    chart: charts.Chart,
    entry: dict[str, Any],
    *,
    instead_of: int | None = None,
) -> None:
    """Raise Invalid or Conflict where payee, resolution, balance or event forbid the entry.

    Asked while drafting, and again when the draft is posted: another draft may
    have been posted meanwhile. `instead_of` is the entry that a correction is
    about to reverse.
    """
    payees.check(session, book_id, entry)
    allocation.check(session, book_id, chart, entry, instead_of=instead_of)
    events.check(session, book_id, entry)


def _check_lengths(*texts: str | int) -> None:
    """Raise Invalid for a text that no voucher has room for: said while drafting, not when it is posted."""
    for text in texts:
        if isinstance(text, str) and len(text) > TEXT_MAX:
            raise Invalid(N_("文字太长（最多 {count} 字）：“{text}…”"), count=TEXT_MAX, text=text[:20])


def check_drafter(actor: Actor, kind: charts.EntryType, charity: str) -> None:
    """Raise NotYourDuty unless the actor may draft this type; a charity's clerk drafts its own spending only."""
    if actor.role not in kind.drafters:
        raise NotYourDuty(N_("您的角色不能填制“{type}”凭证。"), type=kind.name)
    if actor.party in CHARITIES and charity != actor.party:
        raise NotYourDuty(N_("慈善机构经办只能填制本单位的凭证。"))


def check_date(session: Session, book_id: str, day: date, at: datetime) -> None:
    """Raise Invalid for a date in the future, before the book begins or in a closed month."""
    if day > at.date():
        raise Invalid(N_("凭证日期不能晚于今天。"))
    first = (
        session.connection().execute(select(t.Opening.period).where(t.Opening.book_id == book_id)).scalar()
    )
    if first is None:
        raise Invalid(N_("请先登记期初余额，再记账。"))
    if str(Month.of(day)) < first:
        raise Invalid(N_("凭证日期早于账本启用月份 {month}。"), month=first)
    closed = periods.last_closed(session, book_id)
    if closed is not None and Month.of(day) <= closed:
        raise Invalid(
            N_("{month} 已经月结，不能再记账；请把凭证日期写在以后的月份，更正用红字凭证。"),
            month=str(Month.of(day)),
        )


def _check_broadcast(session: Session, actor: Actor, kind: charts.EntryType, new: NewEntry) -> str:
    """Check broadcast and account against the type; return the platform."""
    if kind.broadcast == "required" and not new.broadcast:
        raise Invalid(N_("“{type}”须选择直播场次。"), type=kind.name)
    if kind.broadcast == "none" and new.broadcast:
        raise Invalid(N_("“{type}”不属于某一场直播。"), type=kind.name)
    platform = new.platform
    if new.broadcast:
        broadcast = broadcasts.refuse_host(session, actor, new.broadcast)
        if new.account and new.account not in broadcast.accounts:
            raise Invalid(
                N_("场次 {number} 没有使用账号 {account}。"), number=new.broadcast, account=new.account
            )
    if new.account:
        platform = live.get(session, actor.book, new.account).platform
    if kind.platform and not platform:
        raise Invalid(N_("“{type}”须选择直播账号或平台。"), type=kind.name)
    if kind.code == "TIP":
        refuse_second_tip(session, actor.book, new.broadcast, new.account, instead_of=new.corrects)
    return platform


def refuse_second_tip(
    session: Session, book_id: str, broadcast: str, account: str, instead_of: int | None = None
) -> None:
    """Raise Conflict if the tips of this broadcast and account are booked already (and not reversed).

    `instead_of` is the entry that a correction is about to reverse.
    """
    if not account:
        raise Invalid(N_("请选择打赏所属的直播账号。"))
    reversing = select(t.Entry.reverses).where(t.Entry.book_id == book_id, t.Entry.reverses.is_not(None))
    query = select(t.Entry.number, t.Entry.date).where(
        t.Entry.book_id == book_id,
        t.Entry.broadcast == broadcast,
        t.Entry.account == account,
        t.Entry.type == "TIP",
        t.Entry.idx.not_in(reversing),
        t.Entry.idx != (-1 if instead_of is None else instead_of),
    )
    row = session.connection().execute(query).first()
    if row:
        raise Conflict(
            N_("场次 {broadcast} 在这个账号的打赏已记账（{date} {number}）；金额不对请用更正。"),
            broadcast=broadcast,
            date=row.date,
            number=row.number,
        )


def _check_evidence(kind: charts.EntryType, new: NewEntry) -> None:
    """Tips entered by hand need the screenshot they were read from: there is no official export."""
    if kind.code == "TIP" and not new.rows and not new.attachments and new.corrects is None:
        raise Invalid(N_("手工录入打赏须上传平台页面截图。"))


def _facts(kind: charts.EntryType, given: dict[str, str | int]) -> dict[str, str | int]:
    """Return the facts that the type knows, checked; raise Invalid for missing or unknown ones."""
    known = {fact.name: fact for fact in kind.facts}
    found: dict[str, str | int] = {}
    for name, value in given.items():
        fact = known.get(name)
        if fact is None:
            raise Invalid(N_("凭证类型“{type}”没有栏目“{name}”。"), type=kind.name, name=name[:40])
        if fact.kind == "integer":
            if not isinstance(value, int) or value < 0:
                raise Invalid(N_("“{label}”须是不小于零的整数。"), label=fact.label)
            found[name] = value
        elif str(value).strip():
            found[name] = str(value).strip()
    for fact in kind.facts:
        if fact.required and fact.name not in found:
            raise Invalid(N_("请填写“{label}”。"), label=fact.label)
    return found


def _summary(
    session: Session, actor: Actor, kind: charts.EntryType, new: NewEntry, platform: str, chart: charts.Chart
) -> str:
    """Return the type's own wording of a summary, filled in."""
    words = {name: str(value) for name, value in new.facts.items()}
    words["broadcast"] = new.broadcast
    words["platform"] = chart.platforms[platform].name.zh if platform else ""
    names = roster.parties(session, actor.book)
    words["charity"] = names[new.charity].zh if new.charity in names else ""
    return kind.summary.format_map(_Blank(words)).strip()


class _Blank(dict[str, str]):
    """Words of a summary; one that is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""
