"""Reading welfare activities: each as last recorded, with its goods, hours, vouchers and files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import evidence, lineage
from ledger.errors import NotFound
from ledger.months import parse_stamp
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_welfare as w
from ledger.words import N_

LOVETEAM = "loveteam"
ORGANISERS = {"redcross": N_("县红十字会"), "charity": N_("县慈善总会"), LOVETEAM: N_("志愿者爱心团队")}


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods that were given: how many, and what they cost together (fen)."""

    name: str
    quantity: int
    unit: str
    fen: int


@dataclass(frozen=True, slots=True)
class Spent:
    """A voucher that paid for an activity, as it stands today; `also` are other activities that name it."""

    idx: int
    number: str
    date: str
    charity: str
    fen: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it stands. Names of payee and volunteers are empty once erased; `versions` counts records."""

    number: str
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
    spending: tuple[Spent, ...]
    files: tuple[t.Attachment, ...]
    idx: int
    by: str
    at: datetime
    reason: str
    versions: int

    @property
    def goods_fen(self) -> int:
        """What the goods cost, fen."""
        return sum(item.fen for item in self.goods)

    @property
    def spent_fen(self) -> int:
        """What the vouchers paid, fen."""
        return sum(item.fen for item in self.spending)

    @property
    def minutes(self) -> int:
        """Minutes of all volunteers."""
        return sum(minutes for _, minutes in self.volunteers)


def activities(session: Session, book_id: str) -> list[Activity]:
    """Return the activities, newest day first."""
    a, head = w.WelfareActivity, t.RecordHead
    query = (
        select(a, head.person, head.at)
        .join(head, (head.book_id == a.book_id) & (head.idx == a.idx))
        .where(a.book_id == book_id)
        .order_by(a.idx)
    )
    versions: dict[str, list[tuple[w.WelfareActivity, str, str]]] = {}
    for row, by, at in session.execute(query).all():
        versions.setdefault(row.activity, []).append((row, by, at))
    newest = [found[-1] for found in versions.values()]
    indexes = [row.idx for row, _, _ in newest]
    goods, hours = _goods(session, book_id, indexes), _hours(session, book_id, indexes)
    spent = _spending(session, book_id, {row.idx: row.activity for row, _, _ in newest})
    files = _files(session, book_id, {n: [row.idx for row, _, _ in v] for n, v in versions.items()})
    opened = log.opened(
        session,
        book_id,
        [
            *(row.payee for row, _, _ in newest if row.payee),
            *(name for some in hours.values() for name, _ in some),
        ],
    )
    found = [
        Activity(
            row.activity,
            row.title,
            tuple(json.loads(row.organisers)),
            date.fromisoformat(row.day),
            row.place,
            row.beneficiaries,
            row.who,
            tuple(goods.get(row.idx, ())),
            opened.get(row.payee, "") if row.payee else "",
            tuple((opened.get(name, ""), minutes) for name, minutes in hours.get(row.idx, ())),
            row.intent,
            tuple(spent.get(row.idx, ())),
            tuple(files.get(row.activity, ())),
            row.idx,
            by,
            parse_stamp(at),
            row.reason or "",
            len(versions[row.activity]),
        )
        for row, by, at in newest
    ]
    return sorted(found, key=lambda item: (item.day, item.number), reverse=True)


def get(session: Session, book_id: str, number: str) -> Activity:
    """Return one activity; raise NotFound if it is not registered."""
    found = next((item for item in activities(session, book_id) if item.number == number), None)
    if found is None:
        raise NotFound(N_("没有登记公益活动“{number}”。"), number=number[:40])
    return found


def history(session: Session, book_id: str, number: str) -> list[tuple[datetime, str, str, int]]:
    """Return (at, by, reason, record) of every version of an activity, oldest first."""
    a, head = w.WelfareActivity, t.RecordHead
    query = (
        select(head.at, head.person, a.reason, a.idx)
        .join(head, (head.book_id == a.book_id) & (head.idx == a.idx))
        .where(a.book_id == book_id, a.activity == number)
        .order_by(a.idx)
    )
    return [
        (parse_stamp(at), by, reason or "", idx)
        for at, by, reason, idx in session.connection().execute(query)
    ]


def _goods(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[Goods]]:
    g = w.ActivityGoods
    found: dict[int, list[Goods]] = {}
    query = select(g).where(g.book_id == book_id, g.idx.in_(indexes)).order_by(g.idx, g.n)
    for row in session.scalars(query):
        found.setdefault(row.idx, []).append(Goods(row.name, row.quantity, row.unit, row.fen))
    return found


def _hours(session: Session, book_id: str, indexes: list[int]) -> dict[int, list[tuple[str, int]]]:
    h = w.ActivityHours
    found: dict[int, list[tuple[str, int]]] = {}
    query = select(h).where(h.book_id == book_id, h.idx.in_(indexes)).order_by(h.idx, h.n)
    for row in session.scalars(query):
        found.setdefault(row.idx, []).append((row.name, row.minutes))
    return found


def _spending(session: Session, book_id: str, numbers: dict[int, str]) -> dict[int, list[Spent]]:
    """Return the vouchers of each record of `numbers`; a corrected voucher is replaced by its correction."""
    s, e = w.ActivitySpending, t.Entry
    query = select(s.idx, s.entry_idx).where(s.book_id == book_id, s.idx.in_(list(numbers)))
    links = [(idx, entry) for idx, entry in session.connection().execute(query.order_by(s.idx, s.n))]
    now = lineage.standing(session, book_id, (entry for _, entry in links))
    wanted = {idx for idx in now.values() if idx is not None}
    rows = {row.idx: row for row in session.scalars(select(e).where(e.book_id == book_id, e.idx.in_(wanted)))}
    users: dict[int, list[str]] = {}
    for record, entry in links:
        if (idx := now[entry]) is not None:
            users.setdefault(idx, []).append(numbers[record])
    found: dict[int, list[Spent]] = {}
    for record, entry in links:
        if (idx := now[entry]) is not None:
            row = rows[idx]
            also = tuple(number for number in users[idx] if number != numbers[record])
            spent = Spent(idx, row.number, row.date, row.charity or "", row.amount_fen, also)
            found.setdefault(record, []).append(spent)
    return found


def _files(session: Session, book_id: str, records: dict[str, list[int]]) -> dict[str, list[t.Attachment]]:
    """Return the files of each activity: those of its newest record, then what was added to any of its records."""
    owner = {idx: number for number, some in records.items() for idx in some}
    x = w.AddedEvidence
    query = select(x.idx, x.record_idx).where(x.book_id == book_id, x.record_idx.in_(list(owner)))
    added = {idx: owner[record] for idx, record in session.connection().execute(query)}
    newest = {some[-1]: number for number, some in records.items()}
    filed = evidence.attachments(session, book_id, [*newest, *added])
    found: dict[str, list[t.Attachment]] = {}
    for idx, number in _in_order({**newest, **added}, newest):
        known = {file.digest for file in found.get(number, ())}
        found.setdefault(number, []).extend(f for f in filed.get(idx, ()) if f.digest not in known)
    return found


def _in_order(owner: dict[int, str], first: Iterable[Any]) -> list[tuple[int, str]]:
    """Return (record, number) with the activities' own records before what was added."""
    own = set(first)
    return sorted(owner.items(), key=lambda item: (item[0] not in own, item[0]))
