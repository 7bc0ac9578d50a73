"""The desk: credentials, sealed keys, sessions and drafts. Mutable, and never trusted as a fact."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, blob, integer, maybe_integer, maybe_text, text
from ledger.store.tables import STRICT


class Person(SQLModel, table=True):
    """A person who can sign in; belongs to the instance, not to a book."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("login"), STRICT)
    person: Col[str] = text(key=True)
    login: Col[str] = text()
    name: Col[str] = text()
    password_hash: Col[str] = text()
    language: Col[str] = text()
    disabled: Col[int] = integer()
    must_change: Col[int] = integer()


class SealedKeyRow(SQLModel, table=True):
    """A signing key sealed by its owner's signing password. `state`: requested or enrolled."""

    __tablename__ = "sealed_key"
    __table_args__ = (Index("sealed_key_person", "person"), STRICT)
    key_id: Col[str] = text(key=True)
    person: Col[str] = text()
    sealed: Col[str] = text()
    state: Col[str] = text()
    made_at: Col[str] = text()


class WebSession(SQLModel, table=True):
    """A browser's session, by the hash of its token. Times in seconds since 1970."""

    __tablename__ = "web_session"
    __table_args__ = (Index("web_session_person", "person"), STRICT)
    token_hash: Col[str] = text(key=True)
    person: Col[str | None] = maybe_text()
    data: Col[str] = text()
    made_at: Col[int] = integer()
    seen_at: Col[int] = integer()


class Throttle(SQLModel, table=True):
    """Failed sign-ins by account or address, so that guessing is slow."""

    __tablename__ = "throttle"
    __table_args__ = (STRICT,)
    subject: Col[str] = text(key=True)
    failures: Col[int] = integer()
    last_at: Col[int] = integer()


class Draft(SQLModel, table=True):
    """What one person prepared and another will post. `payload` is canonical JSON.

    `state`: open, posted or dropped. `digest` is SHA-256 of the payload, as the
    poster's page shows it.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("draft_state", "book_id", "state"), STRICT)
    book_id: Col[str] = text(key=True)
    draft: Col[str] = text(key=True)
    kind: Col[str] = text()
    payload: Col[str] = text()
    digest: Col[str] = text()
    drafter: Col[str] = text()
    made_at: Col[str] = text()
    state: Col[str] = text()
    file_idx: Col[int | None] = maybe_integer()
    poster: Col[str | None] = maybe_text()
    posted_idx: Col[int | None] = maybe_integer()
    note: Col[str | None] = maybe_text()


class HeldUpload(SQLModel, table=True):
    """An uploaded file between two pages (columns to be mapped, rows to be ticked), for its uploader only.

    Deleted when it is taken in, given up, or an hour old: it may hold somebody's private life.
    """

    __tablename__ = "held_upload"
    __table_args__ = ({"sqlite_strict": True},)
    book_id: Col[str] = text(key=True)
    token: Col[str] = text(key=True)
    person: Col[str] = text()
    purpose: Col[str] = text()
    name: Col[str] = text()
    data: Col[bytes] = blob()
    made_at: Col[str] = text()
