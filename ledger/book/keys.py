"""Signing keys: each signer's own Ed25519 key, sealed by a signing password that nobody can recover.

A key is made by its owner and counts only when the security administrator has
confirmed it; so is its successor after a forgotten password. Old signatures
stay valid, the old key signs nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger.book import roster
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import stamp
from ledger.proof.signature import SealedKey, Work, b64, key_id, open_key, seal_new_key
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_desk as d
from ledger.store import tables_people as p
from ledger.store.record import Record
from ledger.words import N_

PASSWORD_MIN = 8


@dataclass(frozen=True, slots=True)
class Key:
    """An enrolled public key (base64) and whether it still signs."""

    key: str
    person: str
    method: str
    public: str
    since: str
    idx: int
    ended_idx: int | None


def may_sign(session: Session, actor: Actor, at: datetime) -> bool:
    """Say whether the actor signs for a party: a signer, a reviewer, or a substitute under 授权委托书."""
    return actor.may("sign") or roster.stands_in(session, actor, at.date())


def request(
    session: Session, actor: Actor, *, signing_password: str, at: datetime, work: Work | None = None
) -> str:
    """Make a key sealed by the signing password and ask for its confirmation; return the key's name.

    A request that was not confirmed yet is replaced. The signing password is
    stored nowhere; forgotten, it is cured by a new key.
    """
    if not may_sign(session, actor, at):
        raise NotYourDuty(N_("只有签认人需要签名口令。"))
    if len(signing_password) < PASSWORD_MIN:
        raise Invalid(N_("签名口令至少 {count} 个字符。"), count=PASSWORD_MIN)
    sealed = seal_new_key(signing_password, work)
    name = key_id(sealed.public)
    connection = session.connection()
    connection.execute(
        delete(d.SealedKeyRow).where(
            d.SealedKeyRow.person == actor.person, d.SealedKeyRow.state == "requested"
        )
    )
    session.add(
        d.SealedKeyRow(
            key_id=name, person=actor.person, sealed=sealed.to_text(), state="requested", made_at=stamp(at)
        )
    )
    session.flush()
    return name


def requests(session: Session, book_id: str) -> list[d.SealedKeyRow]:
    """Return the key requests of this book's members that wait for confirmation."""
    people = [member.person for member in roster.members(session, book_id) if not member.ended]
    query = select(d.SealedKeyRow).where(
        d.SealedKeyRow.state == "requested", d.SealedKeyRow.person.in_(people)
    )
    return list(session.scalars(query))


def confirm(session: Session, actor: Actor, name: str, *, at: datetime) -> Record:
    """Enrol a requested key: the second person's act. A former key of its owner ends here."""
    require(actor, "keys")
    row = next((item for item in requests(session, actor.book) if item.key_id == name), None)
    if row is None:
        raise NotFound(N_("没有待确认的签名密钥“{key}”。"), key=name[:16])
    if row.person == actor.person:
        raise NotYourDuty(N_("不能确认自己的签名密钥。"))
    public = SealedKey.from_text(row.sealed).public
    body = {
        "person": row.person,
        "key": name,
        "method": "sealed-key",
        "public": b64(public),
        "confirmed_by": actor.person,
    }
    former = active(session, actor.book, row.person)
    if former:
        body["replaces"] = former.key
    record = log.append(session, actor.book, "key.enrolled", body, by=row.person, at=at)
    session.connection().execute(
        update(d.SealedKeyRow).where(d.SealedKeyRow.key_id == name).values(state="enrolled")
    )
    return record


def end(session: Session, actor: Actor, name: str, *, reason: str, at: datetime) -> Record:
    """End a key (lost, or its owner left): signatures after this do not count."""
    require(actor, "keys")
    if not any(key.key == name and key.ended_idx is None for key in keys(session, actor.book)):
        raise NotFound(N_("没有正在使用的签名密钥“{key}”。"), key=name[:16])
    return log.append(
        session, actor.book, "key.ended", {"key": name, "reason": reason}, by=actor.person, at=at
    )


def keys(session: Session, book_id: str) -> list[Key]:
    """Return every key of the book, ended ones too."""
    ends = {
        row.key_id: row.idx
        for row in session.connection().execute(
            select(p.SigningKeyEnd.key_id, p.SigningKeyEnd.idx).where(p.SigningKeyEnd.book_id == book_id)
        )
    }
    query = (
        select(p.SigningKey, t.RecordHead.at)
        .join(
            t.RecordHead,
            (t.RecordHead.book_id == p.SigningKey.book_id) & (t.RecordHead.idx == p.SigningKey.idx),
        )
        .where(p.SigningKey.book_id == book_id)
        .order_by(p.SigningKey.idx)
    )
    return [
        Key(row.key_id, row.person, row.method, row.public, at, row.idx, ends.get(row.key_id))
        for row, at in session.execute(query)
    ]


def active(session: Session, book_id: str, person: str) -> Key | None:
    """Return the key with which the person signs now, if any."""
    return next(
        (k for k in reversed(keys(session, book_id)) if k.person == person and k.ended_idx is None), None
    )


def sealed(session: Session, key: Key) -> SealedKey:
    """Return the sealed half of a key; raise Conflict if this server does not hold it."""
    row = session.get(d.SealedKeyRow, key.key)
    if row is None:
        raise Conflict(N_("本服务器没有您的签名密钥，请重新申请。"))
    return SealedKey.from_text(row.sealed)


def unlock(session: Session, actor: Actor, signing_password: str) -> tuple[Key, Ed25519PrivateKey]:
    """Open the actor's key; raise WrongPassword, or Invalid where there is no key yet."""
    key = active(session, actor.book, actor.person)
    if key is None:
        raise Invalid(N_("您还没有签名密钥：请在“我的”页面设置签名口令，并由安全管理员确认。"))
    return key, open_key(sealed(session, key), signing_password)
