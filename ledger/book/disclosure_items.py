"""The duties of publication as data, and the cases in which a book has them (see `disclosures`)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from ledger.book import calendars, entries, policies
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.words import N_

DAY, DAY_DEFAULT = "disclosure_day", 15
"""Policy: the day of the next month by which the monthly report is published."""
MAJOR = "disclosure_major_fen"
"""Policy: the amount in fen from which a payment or spending is major; unset, only related parties count."""

RECEIVED = ("HANDOVER", "WITHDRAW_CORP", "ARRIVE")
"""Entry types by which money reaches the supervised account."""
PAID, SPENT = "GRANT_PAY", "SPEND"
WORKING_DAYS, MAJOR_DAYS, PROJECT_MONTHS, EVERY = 7, 30, 6, 3
WINDOW = timedelta(days=62)
"""How far before a month guidance may still fall due in it: a month, or 7 working days around the longest holiday."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty: its name, the source of the rule, and whether that is guidance only (`soft`).

    `subject` is what a publication is registered for: month, quarter (its last month), year,
    voucher or day. `working_days`: the term is counted by the working calendar.
    """

    code: str
    name: str
    rule: str
    subject: str
    soft: bool = False
    working_days: bool = False


DUTIES: dict[str, Duty] = {
    duty.code: duty
    for duty in (
        Duty("monthly", N_("收支月报"), N_("县内约定：次月规定日期前公开（可设置，默认 15 日）"), "month"),
        Duty(
            "quarterly",
            N_("项目进展（每三个月）"),
            N_("慈善法第七十七条至第八十二条：周期超过六个月的，至少每三个月公开一次"),
            "quarter",
        ),
        Duty(
            "full",
            N_("结束后的全面公开"),
            N_("慈善法第七十七条至第八十二条：募捐或项目结束后三个月内全面公开"),
            "day",
        ),
        Duty(
            "annual",
            N_("年度报告"),
            N_("慈善组织信息公开办法（民政部令第 81 号）：次年 5 月 31 日前"),
            "year",
        ),
        Duty(
            "major",
            N_("重大交易"),
            N_("慈善组织信息公开办法（民政部令第 81 号）：发生后 30 日内"),
            "voucher",
        ),
        Duty(
            "receipt",
            N_("到账信息"),
            N_("公益慈善捐助信息公开指引（2011，指引，非法定）：到账后 7 个工作日内"),
            "month",
            soft=True,
            working_days=True,
        ),
        Duty(
            "use",
            N_("拨付后的使用信息"),
            N_("公益慈善捐助信息公开指引（2011，指引，非法定）：拨付后一个月内"),
            "month",
            soft=True,
        ),
    )
}

SUBJECTS = {
    "month": re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII),
    "quarter": re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII),
    "year": re.compile(r"20\d\d", re.ASCII),
    "voucher": re.compile(r"20\d\d-(0[1-9]|1[0-2]) 记-[0-9]{4,6}", re.ASCII),
    "day": re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One case of a duty: for what (`subject` as registered, `shown` as printed), since when, due when.

    A publication before `arises` does not count. `due` None: a year's working calendar is not loaded.
    """

    duty: str
    subject: str
    shown: str
    arises: date
    due: date | None


def fits(duty: Duty, subject: str) -> bool:
    """Say whether a subject is of the duty's kind."""
    if not SUBJECTS[duty.subject].fullmatch(subject):
        return False
    if duty.subject == "day":
        year, month, day = (int(part) for part in subject.split("-"))
        return day <= monthrange(year, month)[1]
    return True


def earliest(duty: Duty, subject: str) -> date:
    """Return the first day on which there may be something to publish for a subject that fits."""
    if duty.subject == "year":
        return date(int(subject), 12, 31)
    if duty.subject == "day":
        return date.fromisoformat(subject)
    month = Month.parse(subject[:7])
    if duty.subject == "quarter":
        return month.plus(1 - EVERY).first_day
    return month.last_day if duty.code == "monthly" else month.first_day


def items(session: Session, book: str, month: Month) -> Iterator[Item]:
    """Yield every case that arose by the end of a month; guidance only from shortly before the month on."""
    known = entries.months(session, book)
    if not known or known[-1] > month:
        return
    first = known[-1]
    yield from _monthly(session, book, first, month)
    yield from _quarterly(first, month)
    yield from _yearly(first, month)
    yield from _full(session, book, month)
    yield from _major(session, book, month)
    yield from _guidance(session, book, month)


def _monthly(session: Session, book: str, first: Month, month: Month) -> Iterator[Item]:
    due_day = int(policies.policy(session, book, DAY, DAY_DEFAULT))
    one = first
    while one <= month:
        following = one.plus(1)
        due = date(following.year, following.number, due_day)
        yield Item("monthly", str(one), str(one), one.last_day, due)
        one = one.plus(1)


def _quarterly(first: Month, month: Month) -> Iterator[Item]:
    """From the seventh month on, three months at a time, counted from the first."""
    begin = first.plus(PROJECT_MONTHS)
    while begin <= month:
        end = begin.plus(EVERY - 1)
        yield Item("quarterly", str(end), f"{begin}—{end}", begin.first_day, end.last_day)
        begin = begin.plus(EVERY)


def _yearly(first: Month, month: Month) -> Iterator[Item]:
    for year in range(first.year, month.year + 1):
        if date(year, 12, 31) <= month.last_day:
            yield Item("annual", str(year), str(year), date(year, 12, 31), date(year + 1, 5, 31))


def _full(session: Session, book: str, month: Month) -> Iterator[Item]:
    """After the last day of the agreements, once each has one and all are past."""
    query = select(w.Agreement.agreement, w.Agreement.last_day).where(w.Agreement.book_id == book)
    ends = {
        row.agreement: row.last_day
        for row in session.connection().execute(query.order_by(w.Agreement.idx, w.Agreement.n))
    }
    if not ends or None in ends.values():
        return
    end = date.fromisoformat(max(ends.values()))
    if end <= month.last_day:
        yield Item("full", end.isoformat(), end.isoformat(), end, _months_later(end, EVERY))


def _months_later(day: date, months: int) -> date:
    """Return the same day some months later, the last of that month where it has no such day."""
    month = Month.of(day).plus(months)
    return month.first_day.replace(day=min(day.day, month.last_day.day))


def _major(session: Session, book: str, month: Month) -> Iterator[Item]:
    query = select(w.Relation.entry_idx, w.Relation.relation).where(w.Relation.book_id == book)
    newest = {
        row.entry_idx: row.relation
        for row in session.connection().execute(query.order_by(w.Relation.idx, w.Relation.n))
    }
    related = [idx for idx, relation in newest.items() if relation == "related"]
    limit = policies.policy(session, book, MAJOR, None)
    wanted: list[ColumnElement[bool]] = [t.Entry.idx.in_(related)]
    if type(limit) is int and limit > 0:  # a truth value is no amount
        wanted.append(t.Entry.amount_fen >= limit)
    standing = _standing(book, (PAID, SPENT)).where(or_(*wanted), t.Entry.period <= str(month))
    for row in session.connection().execute(standing):
        day, subject = date.fromisoformat(row.date), f"{row.period} {row.number}"
        yield Item("major", subject, subject, day, day + timedelta(MAJOR_DAYS))


def _guidance(session: Session, book: str, month: Month) -> Iterator[Item]:
    calendar = calendars.load(session, book)
    since = (month.first_day - WINDOW).isoformat()
    standing = _standing(book, (*RECEIVED, PAID)).where(
        t.Entry.period <= str(month), t.Entry.period >= since[:7], t.Entry.date >= since
    )
    for row in session.connection().execute(standing):
        day, shown = date.fromisoformat(row.date), f"{row.period} {row.number}"
        if row.type == PAID:
            yield Item("use", row.period, shown, day, _months_later(day, 1))
        else:
            yield Item("receipt", row.period, shown, day, calendar.after_or_none(day, WORKING_DAYS))


def _standing(book: str, types: tuple[str, ...]) -> Select[str, str, str, str]:
    """Return the query of the entries of some types that are not reversed."""
    red = aliased(t.Entry)
    reversed_ = select(red.idx).where(red.book_id == t.Entry.book_id, red.reverses == t.Entry.idx).exists()
    return (
        select(t.Entry.period, t.Entry.number, t.Entry.date, t.Entry.type)
        .where(t.Entry.book_id == book, t.Entry.type.in_(types), t.Entry.reverses.is_(None), ~reversed_)
        .order_by(t.Entry.period, t.Entry.seq)
    )
