"""Parties, members and the roster: one person, one party, one seat in a book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import ROLES, ROSTER, SIGNING_PARTIES, Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.proof.private import Private
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_people as p
from ledger.store.record import Record
from ledger.words import N_, Text


@dataclass(frozen=True, slots=True)
class Member:
    """A person's seat. `name` is empty once erased; `ended` says that the seat was given up."""

    idx: int
    person: str
    party: str
    role: str
    post: str
    name: str
    since: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of the smallest lawful roster and who fills it."""

    party: str
    role: str
    members: tuple[Member, ...]


def name_party(session: Session, book_id: str, party: str, name: Text, *, by: str, at: datetime) -> Record:
    """Name an institution that has a part in the book."""
    body = {"party": party, "name": {"zh": name.zh, "en": name.en}}
    return log.append(session, book_id, "party.named", body, by=by, at=at)


def parties(session: Session, book_id: str) -> dict[str, Text]:
    """Return the names of the book's parties, in the order they were named."""
    query = (
        select(p.Party.party, p.Party.name_zh, p.Party.name_en)
        .where(p.Party.book_id == book_id)
        .order_by(p.Party.idx)
    )
    return {row.party: Text(row.name_zh, row.name_en) for row in session.connection().execute(query)}


def join(
    session: Session, actor: Actor, *, person: str, name: str, party: str, role: str, post: str, at: datetime
) -> Record:
    """Give a person a seat; raise Conflict if he or she holds one, Invalid if the seat does not exist."""
    require(actor, "roles")
    if person == actor.person:
        raise NotYourDuty(N_("不能给自己安排角色，请由另一位管理员办理。"))
    return seat(
        session,
        actor.book,
        person=person,
        name=name,
        party=party,
        role=role,
        post=post,
        by=actor.person,
        at=at,
    )


def seat(
    session: Session,
    book_id: str,
    *,
    person: str,
    name: str,
    party: str,
    role: str,
    post: str,
    by: str,
    at: datetime,
) -> Record:
    """Append `member.joined`; the first administrators of a new book are seated this way."""
    if role not in ROLES:
        raise Invalid(N_("没有角色“{role}”。"), role=role[:40])
    if party not in ROLES[role].parties:
        raise Invalid(N_("角色“{role}”不属于这个单位。"), role=ROLES[role].name)
    if not name.strip():
        raise Invalid(N_("请填写姓名。"))
    if any(member.person == person for member in members(session, book_id) if not member.ended):
        raise Conflict(N_("这个人在本账本已有角色：一人一单位一角色。请先结束原角色。"))
    body = {"person": person, "party": party, "role": role, "post": post, "name": Private(name.strip())}
    return log.append(session, book_id, "member.joined", body, by=by, at=at)


def leave(session: Session, actor: Actor, member_idx: int, *, reason: str, at: datetime) -> Record:
    """End a person's seat; what he or she did stays valid."""
    require(actor, "roles")
    member = next((m for m in members(session, actor.book) if m.idx == member_idx and not m.ended), None)
    if member is None:
        raise NotFound(N_("没有这个在任成员。"))
    if member.person == actor.person:
        raise NotYourDuty(N_("不能结束自己的角色，请由另一位管理员办理。"))
    body = {"member": member_idx, "person": member.person, "reason": reason}
    return log.append(session, actor.book, "member.left", body, by=actor.person, at=at)


def members(session: Session, book_id: str) -> list[Member]:
    """Return every seat ever held, in the order of joining."""
    ended = set(
        session.connection()
        .execute(select(p.MembershipEnd.member_idx).where(p.MembershipEnd.book_id == book_id))
        .scalars()
    )
    query = (
        select(p.Membership, t.RecordHead.at)
        .join(
            t.RecordHead,
            (t.RecordHead.book_id == p.Membership.book_id) & (t.RecordHead.idx == p.Membership.idx),
        )
        .where(p.Membership.book_id == book_id)
        .order_by(p.Membership.idx)
    )
    rows = session.execute(query).all()
    names = log.opened(session, book_id, [row.Membership.name for row in rows])
    return [
        Member(m.idx, m.person, m.party, m.role, m.post, names.get(m.name, ""), at, m.idx in ended)
        for m, at in rows
    ]


def actor(session: Session, book_id: str, person: str) -> Actor:
    """Return the person's seat in the book; raise NotFound if there is none (not even that the book exists)."""
    query = (
        select(p.Membership.party, p.Membership.role, p.Membership.post)
        .where(
            p.Membership.book_id == book_id,
            p.Membership.person == person,
            ~select(p.MembershipEnd.idx)
            .where(
                p.MembershipEnd.book_id == p.Membership.book_id,
                p.MembershipEnd.member_idx == p.Membership.idx,
            )
            .exists(),
        )
        .limit(1)
    )
    row = session.connection().execute(query).first()
    if row is None:
        raise NotFound(N_("没有账本“{book}”。"), book=book_id[:40])
    return Actor(person, book_id, row.party, row.role, row.post)


def books(session: Session, person: str) -> list[str]:
    """Return the codes of the books in which the person has a seat."""
    query = (
        select(p.Membership.book_id)
        .where(p.Membership.person == person)
        .distinct()
        .order_by(p.Membership.book_id)
    )
    found = session.connection().execute(query).scalars().all()
    return [book for book in found if _seated(session, book, person)]


def _seated(session: Session, book_id: str, person: str) -> bool:
    try:
        actor(session, book_id, person)
    except NotFound:
        return False
    return True


def roster(session: Session, book_id: str) -> list[Seat]:
    """Return the smallest lawful roster and who fills each seat now."""
    now = [member for member in members(session, book_id) if not member.ended]
    return [
        Seat(party, role, tuple(m for m in now if (m.party, m.role) == (party, role)))
        for party, role in ROSTER
    ]


def names(session: Session, book_id: str) -> dict[str, str]:
    """Return the names of all persons who ever had a seat, by person id."""
    return {member.person: member.name for member in members(session, book_id)}


def authorise_substitute(
    session: Session,
    actor: Actor,
    *,
    absent: str,
    person: str,
    first_day: date,
    last_day: date,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record a 授权委托书: `person` signs for the absent signer from the first to the last day.

    The substitute must belong to the same party and hold no seat that records;
    raises Invalid without the scanned document.
    """
    require(actor, "roles")
    now = {member.person: member for member in members(session, actor.book) if not member.ended}
    away, stand_in = now.get(absent), now.get(person)
    if away is None or away.party not in SIGNING_PARTIES or "sign" not in ROLES[away.role].actions:
        raise Invalid(N_("被替代的人不是在任签认人。"))
    if stand_in is None or stand_in.party != away.party or stand_in.role != "viewer":
        raise Invalid(N_("替代人须是同一单位、不参与记账的人员（先以“查阅”角色加入）。"))
    if last_day < first_day:
        raise Invalid(N_("授权结束日期早于开始日期。"))
    if not attachments:
        raise Invalid(N_("请上传授权委托书扫描件。"))
    body = {
        "party": away.party,
        "absent": absent,
        "person": person,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "substitute.authorised", body, by=actor.person, at=at)


def substitutes(session: Session, book_id: str) -> list[p.Substitute]:
    """Return every 授权委托书 on record."""
    query = select(p.Substitute).where(p.Substitute.book_id == book_id).order_by(p.Substitute.idx)
    return list(session.scalars(query))


def stands_in(session: Session, actor: Actor, day: date) -> bool:
    """Say whether the actor may sign on that day under a recorded 授权委托书."""
    return any(
        item.person == actor.person
        and item.party == actor.party
        and item.first_day <= day.isoformat() <= item.last_day
        for item in substitutes(session, actor.book)
    )
