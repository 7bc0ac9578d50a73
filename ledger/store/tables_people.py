"""Projections about policies, parties, members and their signing keys."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, integer, text
from ledger.store.tables import STRICT, of_record


class Policy(SQLModel, table=True):
    """Projection of `policy.set`; the newest row of a name holds. `value` is canonical JSON."""

    __tablename__ = "policy"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    name: Col[str] = text()
    value: Col[str] = text()


class Party(SQLModel, table=True):
    """Projection of `party.named`: an institution with a part in this book."""

    __tablename__ = "party"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "party"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    party: Col[str] = text()
    name_zh: Col[str] = text()
    name_en: Col[str] = text()


class Membership(SQLModel, table=True):
    """Projection of `member.joined`: one person, one party, one role."""

    __tablename__ = "membership"
    __table_args__ = (of_record(), Index("membership_person", "book_id", "person"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    person: Col[str] = text()
    party: Col[str] = text()
    role: Col[str] = text()
    post: Col[str] = text()
    name: Col[str] = text()


class MembershipEnd(SQLModel, table=True):
    """Projection of `member.left`."""

    __tablename__ = "membership_end"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "member_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    member_idx: Col[int] = integer()
    reason: Col[str] = text()


class Substitute(SQLModel, table=True):
    """Projection of `substitute.authorised` (授权委托书): who signs for whom, first to last day."""

    __tablename__ = "substitute"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    party: Col[str] = text()
    absent: Col[str] = text()
    person: Col[str] = text()
    first_day: Col[str] = text()
    last_day: Col[str] = text()


class SigningKey(SQLModel, table=True):
    """Projection of `key.enrolled`: a public key and who may sign with it."""

    __tablename__ = "signing_key"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "key_id"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    key_id: Col[str] = text()
    person: Col[str] = text()
    method: Col[str] = text()
    public: Col[str] = text()


class SigningKeyEnd(SQLModel, table=True):
    """Projection of `key.ended`: signatures after this record do not count."""

    __tablename__ = "signing_key_end"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "key_id"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    key_id: Col[str] = text()
    reason: Col[str] = text()
