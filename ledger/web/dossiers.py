"""The dossier of a broadcast: what was declared that night, what was settled, and what does not fit.

Read from the book in a few questions for a whole list; nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.book import accounts as live
from ledger.book import broadcasts, declarations, entries, evidence, states
from ledger.book import chart as charts
from ledger.book.broadcasts import Broadcast
from ledger.book.declarations import Declared
from ledger.book.duties import Actor
from ledger.errors import Problem
from ledger.months import parse_stamp
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.words import N_

ENTRY, POSTING, HEAD = table_of(t.Entry), table_of(t.Posting), table_of(t.RecordHead)


@dataclass(frozen=True, slots=True)
class Leg:
    """One account of a broadcast. Amounts in fen, None: not known yet (it is not zero)."""

    account: live.Account
    declared: Declared | None
    told_at: datetime | None
    shots: tuple[t.Attachment, ...]
    settled_fen: int | None
    explanation: a.Explanation | None

    @property
    def difference_fen(self) -> int | None:
        """Settled less declared."""
        if self.settled_fen is None or self.declared is None:
            return None
        return self.settled_fen - self.declared.amount_fen

    @property
    def explained(self) -> bool:
        """Whether the newest explanation speaks of the difference as it is now."""
        return self.explanation is not None and self.explanation.difference_fen == self.difference_fen


@dataclass(frozen=True, slots=True)
class Dossier:
    """A broadcast with its legs and entries (entry, standing), and what does not fit."""

    broadcast: Broadcast
    legs: tuple[Leg, ...]
    entries: tuple[tuple[entries.Entry, states.Standing], ...]
    flags: tuple[Problem, ...]

    @property
    def declared_fen(self) -> int | None:
        """The night's figure of all accounts, None until each of them is declared."""
        return _sum([leg.declared.amount_fen if leg.declared else None for leg in self.legs])

    @property
    def settled_fen(self) -> int | None:
        """The settled figure of all accounts, None until each of them is booked."""
        return _sum([leg.settled_fen for leg in self.legs])

    @property
    def difference_fen(self) -> int | None:
        """Settled less declared, of all accounts."""
        return _sum([leg.difference_fen for leg in self.legs])

    @property
    def undeclared(self) -> bool:
        """Whether an account has neither a figure nor a zero-income declaration."""
        return any(leg.declared is None for leg in self.legs)

    @property
    def evidence(self) -> int:
        """How many documents stand behind it: screenshots and the attachments of its vouchers."""
        shots = {shot.digest for leg in self.legs for shot in leg.shots}
        return len(shots) + sum(entry.attachments for entry, _ in self.entries)

    @property
    def state(self) -> str:
        """Of all its entries: `none`, or the state that most needs somebody (see states.STATES)."""
        found = {standing.state for _, standing in self.entries}
        return next(
            (one for one in ("returned", "queried", "pending", "agreed", "reversed") if one in found), "none"
        )


def of_broadcasts(session: Session, actor: Actor, some: list[Broadcast], *, at: datetime) -> list[Dossier]:
    """Return the dossiers of these broadcasts, in their order; `at` is now, for what is late."""
    book, numbers = actor.book, [item.number for item in some]
    known = {item.account: item for item in live.accounts(session, book)}
    declared = declarations.by_account(session, book, numbers)
    told = [one.idx for one in declared.values()]
    shots, moments = evidence.attachments(session, book, told), _moments(session, book, told)
    settled, explained = _settled(session, book, numbers), declarations.explanations(session, book, numbers)
    posted = {number: entries.of_broadcast(session, book, number) for number in numbers}
    standings = states.standings(
        session, book, [entry.idx for some_of in posted.values() for entry in some_of]
    )
    made = []
    for item in some:
        legs = tuple(
            Leg(
                known[account],
                one := declared.get((item.number, account)),
                moments.get(one.idx) if one else None,
                tuple(shots.get(one.idx, ())) if one else (),
                settled.get((item.number, account)),
                explained.get((item.number, account)),
            )
            for account in item.accounts
        )
        shown = tuple((entry, standings[entry.idx]) for entry in posted[item.number])
        made.append(Dossier(item, legs, shown, tuple(_flags(item, legs, actor, at))))
    return made


def one(session: Session, actor: Actor, number: str, *, at: datetime) -> Dossier:
    """Return the dossier of one broadcast; raise NotFound if it is not registered."""
    return of_broadcasts(session, actor, [broadcasts.get(session, actor.book, number)], at=at)[0]


def undeclared(session: Session, book: str, *, at: datetime) -> list[Broadcast]:
    """Return the broadcasts that have begun and lack a declaration, newest first: the recorder's next."""
    begun = [item for item in broadcasts.of_month(session, book) if item.starts_at <= at]
    declared = declarations.by_account(session, book, [item.number for item in begun])
    missing = [
        item for item in begun if any((item.number, account) not in declared for account in item.accounts)
    ]
    return missing[::-1]


def history(session: Session, book: str, number: str) -> list[tuple[a.Broadcast, str, str]]:
    """Return every version of a broadcast's facts, oldest first, with time and person of each record."""
    query: Any = (
        select(a.Broadcast, t.RecordHead.at, t.RecordHead.person)
        .join(
            HEAD,
            (HEAD.c.book_id == table_of(a.Broadcast).c.book_id) & (HEAD.c.idx == table_of(a.Broadcast).c.idx),
        )
        .where(table_of(a.Broadcast).c.book_id == book, table_of(a.Broadcast).c.broadcast == number)
        .order_by(table_of(a.Broadcast).c.idx)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _settled(session: Session, book: str, numbers: list[str]) -> dict[tuple[str, str], int]:
    """Return the gross of the tips by (broadcast, account): TIP entries, their red letters and corrections.

    What was reversed and not booked again is missing: it is not known, which is not zero.
    """
    tips = charts.current(session, book).named["tips"]
    undone = ENTRY.alias("undone")
    credit = case((POSTING.c.dc == "C", POSTING.c.fen), else_=-POSTING.c.fen)
    standing = case((ENTRY.c.type == "TIP", 1), else_=-1)
    query = (
        select(ENTRY.c.broadcast, ENTRY.c.account, func.sum(credit), func.sum(standing))
        .join(POSTING, (POSTING.c.book_id == ENTRY.c.book_id) & (POSTING.c.idx == ENTRY.c.idx))
        .outerjoin(undone, (undone.c.book_id == ENTRY.c.book_id) & (undone.c.idx == ENTRY.c.reverses))
        .where(ENTRY.c.book_id == book, ENTRY.c.broadcast.in_(numbers), POSTING.c.account == tips)
        .where((ENTRY.c.type == "TIP") | (undone.c.type == "TIP"))
        .group_by(ENTRY.c.broadcast, ENTRY.c.account)
    )
    found = session.connection().execute(query)
    return {(broadcast, account): int(fen) for broadcast, account, fen, count in found if count > 0}


def _moments(session: Session, book: str, indexes: list[int]) -> dict[int, datetime]:
    """Return when records were appended."""
    query = select(HEAD.c.idx, HEAD.c.at).where(HEAD.c.book_id == book, HEAD.c.idx.in_(indexes))
    return {idx: parse_stamp(at) for idx, at in session.connection().execute(query)}


def _flags(item: Broadcast, legs: tuple[Leg, ...], actor: Actor, at: datetime) -> list[Problem]:
    """Return what a checker and the discipline committee should look at, in plain words."""
    found = []
    if item.host_person == actor.person:
        found.append(Problem(N_("您是本场主播，不能申报、记账或签认本场收入。")))
    for leg in legs:
        messages = (*_account_flags(leg.account, item), *_figure_flags(leg, item, at))
        found += [Problem(message, values={"handle": leg.account.handle}) for message in messages]
    return found


def _account_flags(account: live.Account, item: Broadcast) -> list[str]:
    """Return what is wrong with an account on the broadcast's day."""
    day, found = item.starts_at.date(), []
    if not account.filed_by(day):
        found.append(N_("账号“{handle}”在开播前没有向县领导和县纪委监委两方备案。"))
    if account.paused_on(day):
        found.append(N_("账号“{handle}”在开播当天处于暂停状态。"))
    if account.owner_kind == "personal":
        found.append(N_("账号“{handle}”是个人账号，收入先到个人名下，须核对上缴。"))
    return found


def _figure_flags(leg: Leg, item: Broadcast, at: datetime) -> list[str]:
    """Return what is wrong with the night's figure of an account."""
    late_after, found = (item.ends_at or item.starts_at) + declarations.NIGHT, []
    if leg.declared is None and at > late_after:
        found.append(N_("账号“{handle}”没有当晚申报，已超过下播后 24 小时。"))
    elif leg.declared is None and at >= item.starts_at:
        found.append(N_("账号“{handle}”今晚还没申报。"))
    if leg.told_at is not None and leg.told_at > late_after:
        found.append(N_("账号“{handle}”的申报晚于下播后 24 小时。"))
    if leg.difference_fen and not leg.explained:
        found.append(N_("账号“{handle}”结算与申报有差异，还没有说明原因。"))
    return found


def _sum(some: list[int | None]) -> int | None:
    """Return the sum, None if a part is not known."""
    known = [one for one in some if one is not None]
    return sum(known) if known and len(known) == len(some) else None
