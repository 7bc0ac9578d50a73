"""What the streamer holds for the fund (主播代收待缴), how old it is, and what he declares of it (上缴声明).

The platform withdraws a personal account's tips to the streamer's own card; from
there they must reach the supervised account within some working days (domain
C2: 3; Civil Servant Law art. 44 and 59(16) is why). Handing over takes from the
oldest first.

The chart has one account for all streamers of a book, so the figures are those of
all together; where a book has several personal accounts the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import calendars, evidence, in_hands, policies, roster
from ledger.book.calendars import Calendar
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.book.handover_figures import Figures, figures
from ledger.errors import Conflict, Invalid
from ledger.months import CHINA
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_

DAYS = "handover_days"
"""Policy: how many working days after a withdrawal the money may stay with the streamer."""
DAYS_DEFAULT, DAYS_MOST = 3, 30
NAME_MAX = 60
STREAMER = "streamer"


@dataclass(frozen=True, slots=True)
class Held:
    """A part of what is in the streamer's hands, fen. `since`: the withdrawal, or what the opening says.

    `working_days` and `due` are None where a year's calendar is not loaded. `late`: the due day is
    over; `soon`: it is today or the next working day. `entry` is the withdrawal's record and
    `number` its voucher; None and "" for what the opening brought.
    """

    since: date
    fen: int
    working_days: int | None
    due: date | None
    late: bool
    soon: bool = False
    entry: int | None = None
    number: str = ""

    @property
    def unknown(self) -> bool:
        """Whether nobody can say if it is late, for want of a calendar."""
        return self.due is None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration on record; `host` is empty once erased, `files` are the scans of a paper one."""

    idx: int
    through: date
    host: str
    host_person: str | None
    withdrawn_fen: int
    handed_over_fen: int
    in_hands_fen: int
    text: str
    method: str
    at: str
    by: str
    files: tuple[t.Attachment, ...]


def days_allowed(session: Session, book: str) -> int:
    """Return within how many working days the money must be handed over."""
    return int(policies.policy(session, book, DAYS, DAYS_DEFAULT))


def set_days(session: Session, actor: Actor, days: int, *, reason: str, at: datetime) -> Record:
    """Set the number of working days, with the reason; raise Invalid unless it is from 1 to 30."""
    require(actor, "policy")
    if not 1 <= days <= DAYS_MOST:
        raise Invalid(N_("上缴期限请写 1 到 {most} 个工作日。"), most=DAYS_MOST)
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    body = {"name": DAYS, "value": days, "reason": reason.strip()}
    return log.append(session, actor.book, "policy.set", body, by=actor.person, at=at)


def ages(session: Session, book: str, through: date) -> tuple[Held, ...]:
    """Return what is held at the end of a day, the oldest first; empty when nothing is."""
    came, left = in_hands.parcels(session, book, through)
    if not came:
        return ()
    calendar, allowed = calendars.load(session, book), days_allowed(session, book)
    found = []
    for parcel in came:
        rest = parcel.fen - min(left, parcel.fen)
        left -= parcel.fen - rest
        if rest:
            found.append(_held(parcel, rest, through, calendar, allowed))
    return tuple(found)


def _held(parcel: in_hands.Parcel, fen: int, through: date, calendar: Calendar, allowed: int) -> Held:
    """Return a part with its age and due day; late once the due day is over."""
    due = calendar.after_or_none(parcel.since, allowed)
    late = due is not None and through > due
    return Held(
        parcel.since,
        fen,
        calendar.days_or_none(parcel.since, through),
        due,
        late,
        soon=due is not None and not late and calendar.working_days(through, due) <= 1,
        entry=parcel.entry,
        number=parcel.number,
    )


def alerts(session: Session, book: str, today: date) -> tuple[Held, ...]:
    """Return what is late, due by the next working day, or cannot be judged for want of a calendar."""
    return tuple(one for one in ages(session, book, today) if one.late or one.soon or one.unknown)


def declare(
    session: Session,
    actor: Actor,
    shown: Figures,
    *,
    host: str = "",
    host_person: str | None = None,
    attachments: list[dict[str, Any]] | None = None,
    at: datetime,
) -> Record:
    """Record a declaration of the figures that were shown.

    The streamer declares for himself, on the screen. Anybody else files what he signed on paper:
    `host` is his name, or `host_person` his seat, and the scan is attached. Raises Conflict if the books
    say something else by now or the same stands there already, Invalid for a day to come.
    """
    require(actor, "handover")
    if shown.through > at.astimezone(CHINA).date():
        raise Invalid(N_("截止日期不能晚于今天。"))
    if figures(session, actor.book, shown.through) != shown:
        raise Conflict(N_("账上的数字刚才有变化，没有登记。请看清新的数字，再声明一次。"))
    paper = actor.role != STREAMER
    name, person = _host(session, actor, host, host_person) if paper else (_own(session, actor), actor.person)
    if paper and not attachments:
        raise Invalid(N_("请上传主播签字的上缴声明扫描件。"))
    _refuse_same(session, actor.book, shown, name, person)
    body: dict[str, Any] = {
        "through": shown.through.isoformat(),
        "host": Private(name),
        "withdrawn_fen": shown.withdrawn_fen,
        "handed_over_fen": shown.handed_over_fen,
        "in_hands_fen": shown.in_hands_fen,
        "text": shown.text,
        "method": "paper" if paper else "screen",
        "attachments": attachments or [],
    }
    if person:
        body["host_person"] = person
    return log.append(session, actor.book, "handover.declared", body, by=actor.person, at=at)


def streamers(session: Session, book: str) -> list[roster.Member]:
    """Return who sits as streamer now."""
    return [one for one in roster.members(session, book) if one.role == STREAMER and not one.ended]


def _own(session: Session, actor: Actor) -> str:
    return roster.names(session, actor.book).get(actor.person, "")


def _host(session: Session, actor: Actor, host: str, person: str | None) -> tuple[str, str | None]:
    """Return (name, person id) of the streamer who signed on paper; he does not file it himself."""
    if person == actor.person:
        raise NotYourDuty(N_("本人的书面声明须由其他人登记。"))
    if person:
        seat = next((one for one in streamers(session, actor.book) if one.person == person), None)
        if seat is None:
            raise Invalid(N_("请从列表里选择主播，或填写主播姓名。"))
        return seat.name, person
    if not host.strip() or len(host.strip()) > NAME_MAX:
        raise Invalid(N_("请填写主播姓名，最多 {most} 个字。"), most=NAME_MAX)
    return host.strip(), None


def _refuse_same(session: Session, book: str, shown: Figures, name: str, person: str | None) -> None:
    for one in declarations(session, book):
        same_host = one.host_person == person if person else one.host == name
        if same_host and (one.through, one.text) == (shown.through, shown.text):
            raise Conflict(
                N_("同样的上缴声明已经登记（{at}），不用再登记。"), at=one.at[:16].replace("T", " ")
            )


def declarations(session: Session, book: str) -> tuple[Declaration, ...]:
    """Return every declaration, the newest first."""
    query = (
        select(c.Handover, t.RecordHead.at, t.RecordHead.person)
        .join(
            t.RecordHead, (t.RecordHead.book_id == c.Handover.book_id) & (t.RecordHead.idx == c.Handover.idx)
        )
        .where(c.Handover.book_id == book)
        .order_by(c.Handover.idx.desc())
    )
    rows = session.execute(query).all()
    names = log.opened(session, book, [row.host for row, _, _ in rows])
    files = evidence.attachments(session, book, [row.idx for row, _, _ in rows])
    return tuple(
        Declaration(
            row.idx,
            date.fromisoformat(row.through),
            names.get(row.host, ""),
            row.host_person,
            row.withdrawn_fen,
            row.handed_over_fen,
            row.in_hands_fen,
            row.text,
            row.method,
            at,
            by,
            tuple(files.get(row.idx, ())),
        )
        for row, at, by in rows
    )
