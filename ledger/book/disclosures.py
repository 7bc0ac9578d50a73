"""Duties of publication (信息公开): which there are, when each is due, and what was done.

What is law and what is not. The ledger is the operator's special account, kept with two charities;
the duties below are those that its money brings about, whoever of the three publishes.

* Law. Charity Law (2023 text) art. 77–82: a charity whose fundraising or project runs longer than six
  months publishes at least every three months, and in full within three months after its end. Measures
  on Disclosure by Charities (order 81 of the Ministry of Civil Affairs, in force 2026-01-01): annual report
  by 31 May, major transactions within 30 days. They bind the charities; the book reminds them.
* The county's own word. The monthly report by a day of the next month: policy `disclosure_day`, 15 unless
  set. Nobody is punished for missing it, but it was promised, so it is shown as overdue.
* Guidance of 2011 (公益慈善捐助信息公开指引), not law: receipts within 7 working days, use within a month after
  the money was paid out. Shown as guidance, and dropped from the list once the month has passed.

What the law leaves open is decided here. A livestream fund has no end in sight, so the three months are
counted from the book's first month, and asked for from the seventh month on. Its end is the last day of
the donation agreements, once each of them has one and all are past. "Major" has no figure in the
law: a spending whose payee was declared a related party always counts, any payment or spending from
the amount in policy `disclosure_major_fen` on, where a book has set one.

The state of a line is as of a day: that of the month's end in the month's report, today on the page. One
publication covers what happened until its day, so receipts and uses are published by month, not one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import disclosure_items, evidence, policies
from ledger.book.disclosure_items import DAY, DAY_DEFAULT, DUTIES, Duty, Item
from ledger.book.duties import Actor, require
from ledger.book.month import MonthView
from ledger.errors import Conflict, Invalid
from ledger.months import CHINA, Month
from ledger.sections_welfare import DisclosureLine
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_

DAY_MOST = 28
LINK_MAX = 500
PRINTABLE = re.compile(r"[^\s\x00-\x1f\x7f<>\"\\^`{|}]+")


@dataclass(frozen=True, slots=True)
class Made:
    """A publication on record, with its screenshots."""

    idx: int
    duty: str
    subject: str
    done_on: date
    link: str
    at: str
    by: str
    files: tuple[t.Attachment, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty in one case and what was done about it. `due` None: the calendar of a year is not loaded."""

    item: Item
    due: date | None
    done: Made | None
    state: str

    @property
    def soft(self) -> bool:
        """Whether it is guidance only."""
        return DUTIES[self.item.duty].soft


def lines(session: Session, seen: MonthView) -> tuple[DisclosureLine, ...]:
    """Return the duties that concern a month as of its end, for its report; those that cannot be dated are left out."""
    found = standings(session, seen.book, seen.month, seen.month.last_day)
    return tuple(_line(one, one.due) for one in found if one.due is not None)


def _line(one: Standing, due: date) -> DisclosureLine:
    duty = DUTIES[one.item.duty]
    return DisclosureLine(
        name=duty.name,
        rule=duty.rule,
        subject=one.item.shown,
        due=due,
        done_on=one.done.done_on if one.done else None,
        link=one.done.link if one.done else "",
        state=one.state,
        working_days=duty.working_days,
    )


def standings(session: Session, book: str, month: Month, as_of: date) -> tuple[Standing, ...]:
    """Return the duties that concern a month, the earliest due first.

    A duty by law or promise stays until it is done; it is shown once more in the month when
    it was. Guidance is shown in the month where it arises or falls due.
    """
    done = made(session, book)
    found = []
    for item in disclosure_items.items(session, book, month):
        one = _standing(item, done, as_of)
        since = month.first_day
        open_or_new = one.done is None or one.done.done_on >= since or item.arises >= since
        in_time = not one.soft or item.arises >= since or one.due is None or one.due >= since
        if open_or_new and in_time:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.item.duty, one.item.shown)))


def _standing(item: Item, done: list[Made], as_of: date) -> Standing:
    """Return how a case stands: done, late (done too late), due or overdue."""
    fitting = [
        one
        for one in done
        if (one.duty, one.subject) == (item.duty, item.subject) and one.done_on >= item.arises
    ]
    first = min(fitting, key=lambda one: (one.done_on, one.idx), default=None)
    if first is not None:
        state = "late" if item.due is not None and first.done_on > item.due else "done"
    else:
        state = "overdue" if item.due is not None and as_of > item.due else "due"
    return Standing(item, item.due, first, state)


def made(session: Session, book: str) -> list[Made]:
    """Return every publication on record, in the order of registration."""
    query = (
        select(c.Disclosure, t.RecordHead.at, t.RecordHead.person)
        .join(
            t.RecordHead,
            (t.RecordHead.book_id == c.Disclosure.book_id) & (t.RecordHead.idx == c.Disclosure.idx),
        )
        .where(c.Disclosure.book_id == book)
        .order_by(c.Disclosure.idx)
    )
    rows = session.execute(query).all()
    files = evidence.attachments(session, book, [row.idx for row, _, _ in rows])
    return [
        Made(
            row.idx,
            row.duty,
            row.subject,
            date.fromisoformat(row.done_on),
            row.link,
            at,
            by,
            tuple(files.get(row.idx, ())),
        )
        for row, at, by in rows
    ]


def register(
    session: Session,
    actor: Actor,
    *,
    duty: str,
    subject: str,
    done_on: date,
    link: str,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record a publication: where it stands (link) or how it looked (screenshot), or both.

    Raises Invalid for an unknown duty or subject, a day to come or before what is published, a link that
    is none, or neither link nor screenshot; Conflict if the same stands there already.
    """
    require(actor, "disclose")
    rule = _duty(duty, subject)
    link = link.strip()
    if done_on > at.astimezone(CHINA).date():
        raise Invalid(N_("公开日期不能晚于今天。"))
    earliest = disclosure_items.earliest(rule, subject)
    if done_on < earliest:
        raise Invalid(N_("公开日期不能早于 {day}：那时还没有可以公开的内容。"), day=earliest.isoformat())
    if link and not _is_link(link):
        raise Invalid(
            N_("网址请从浏览器地址栏完整复制，以 http:// 或 https:// 开头，最多 {most} 个字符。"),
            most=LINK_MAX,
        )
    if not link and not attachments:
        raise Invalid(N_("请填写公开页面的网址，或上传公示栏照片、页面截图。"))
    key = (duty, subject, done_on, link)
    digests = {one["digest"] for one in attachments}
    for one in made(session, actor.book):
        if (one.duty, one.subject, one.done_on, one.link) == key and digests == {f.digest for f in one.files}:
            raise Conflict(N_("同样的信息公开已经登记，不用再登记。"))
    body = {
        "duty": duty,
        "subject": subject,
        "done_on": done_on.isoformat(),
        "link": link,
        "attachments": attachments,
    }
    return log.append(session, actor.book, "disclosure.made", body, by=actor.person, at=at)


def _duty(duty: str, subject: str) -> Duty:
    """Return the duty; raise Invalid unless there is one and the subject is of its kind."""
    rule = DUTIES.get(duty)
    if rule is None or not disclosure_items.fits(rule, subject):
        raise Invalid(N_("请从列表里选择要登记的公开事项。"))
    return rule


def _is_link(link: str) -> bool:
    """Say whether a link is a whole address of the web, safe to be shown as one."""
    if len(link) > LINK_MAX or not PRINTABLE.fullmatch(link):
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def set_day(session: Session, actor: Actor, day: int, *, reason: str, at: datetime) -> Record:
    """Set the day of the next month by which the monthly report is published; 1 to 28, with the reason."""
    require(actor, "policy")
    if not 1 <= day <= DAY_MOST:
        raise Invalid(N_("月报公开日请写 1 到 {most} 日。"), most=DAY_MOST)
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    body = {"name": DAY, "value": day, "reason": reason.strip()}
    return log.append(session, actor.book, "policy.set", body, by=actor.person, at=at)


def day_of_month(session: Session, book: str) -> int:
    """Return the day of the next month by which the monthly report is published."""
    return int(policies.policy(session, book, DAY, DAY_DEFAULT))
