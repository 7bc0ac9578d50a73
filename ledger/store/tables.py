"""Tables of the log, of private openings and of the projections that facts about money and people need.

Every table of a book begins its key with `book_id`. `idx` is the index of the
record a row was projected from, so any row leads back to its leaf. Further
projections are in `tables_activity`, the desk's tables in `tables_desk`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, blob, integer, maybe_integer, maybe_text, text

STRICT = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""Options of every table: typed, and clustered by its key."""


def of_record() -> ForeignKeyConstraint:
    """A projection's row belongs to a record of the same book."""
    return ForeignKeyConstraint(["book_id", "idx"], ["record.book_id", "record.idx"])


class RecordRow(SQLModel, table=True):
    """Log: the canonical bytes of one record and their leaf hash."""

    __tablename__ = "record"
    __table_args__ = (CheckConstraint("idx >= 0"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    data: Col[bytes] = blob()
    leaf: Col[bytes] = blob()


class NodeRow(SQLModel, table=True):
    """Log: the hash of a complete subtree, level 1 and up (level 0 is the record's leaf)."""

    __tablename__ = "node"
    __table_args__ = (CheckConstraint("level >= 1"), STRICT)
    book_id: Col[str] = text(key=True)
    level: Col[int] = integer(key=True)
    idx: Col[int] = integer(key=True)
    hash: Col[bytes] = blob()


class BlobChunk(SQLModel, table=True):
    """Log: a piece, at most 1 MiB, of a file stored under its SHA-256 digest (hex)."""

    __tablename__ = "blob_chunk"
    __table_args__ = (CheckConstraint("n >= 0"), {"sqlite_strict": True})
    book_id: Col[str] = text(key=True)
    digest: Col[str] = text(key=True)
    n: Col[int] = integer(key=True)
    data: Col[bytes] = blob()


class PrivateValue(SQLModel, table=True):
    """Private: the opening of a commitment; deleted when the value is erased."""

    __tablename__ = "private_value"
    __table_args__ = (STRICT,)
    book_id: Col[str] = text(key=True)
    commitment: Col[str] = text(key=True)
    salt: Col[bytes] = blob()
    value: Col[bytes] = blob()


class SourceRow(SQLModel, table=True):
    """Private: row `n` (from 0) of a received file: salt, cells as JSON, and its natural key."""

    __tablename__ = "source_row"
    __table_args__ = (Index("source_row_key", "book_id", "key"), STRICT)
    book_id: Col[str] = text(key=True)
    file_idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    key: Col[str] = text()
    salt: Col[bytes] = blob()
    cells: Col[str] = text()


class RecordHead(SQLModel, table=True):
    """Projection: kind, time and person of every record, for lists."""

    __tablename__ = "record_head"
    __table_args__ = (of_record(), Index("record_head_kind", "book_id", "kind"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    kind: Col[str] = text()
    at: Col[str] = text()
    person: Col[str] = text()


class Book(SQLModel, table=True):
    """Projection of `book.opened`."""

    __tablename__ = "book"
    __table_args__ = (of_record(), UniqueConstraint("book_id"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    name_zh: Col[str] = text()
    name_en: Col[str] = text()
    county_zh: Col[str] = text()
    county_en: Col[str] = text()
    nonce: Col[str] = text()


class Chart(SQLModel, table=True):
    """Projection of `chart.adopted`: the chart of accounts and entry types, as canonical JSON."""

    __tablename__ = "chart"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    definition: Col[str] = text()


class Attachment(SQLModel, table=True):
    """Projection: a file filed under a record. `name` is as uploaded, `media` by content."""

    __tablename__ = "attachment"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    digest: Col[str] = text()
    name: Col[str] = text()
    media: Col[str] = text()
    size: Col[int] = integer()


class Entry(SQLModel, table=True):
    """Projection of `entry.posted`: one voucher. `amount_fen` is the debit total, red letters negative."""

    __tablename__ = "entry"
    __table_args__ = (
        of_record(),
        UniqueConstraint("book_id", "period", "seq"),
        UniqueConstraint("book_id", "reverses"),
        CheckConstraint("seq >= 1"),
        Index("entry_broadcast", "book_id", "broadcast"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    seq: Col[int] = integer()
    number: Col[str] = text()
    date: Col[str] = text()
    type: Col[str] = text()
    summary: Col[str] = text()
    amount_fen: Col[int] = integer()
    lines: Col[int] = integer()
    broadcast: Col[str | None] = maybe_text()
    account: Col[str | None] = maybe_text()
    charity: Col[str | None] = maybe_text()
    drafter: Col[str] = text()
    poster: Col[str] = text()
    attachments: Col[int] = integer()
    reverses: Col[int | None] = maybe_integer()
    corrects: Col[int | None] = maybe_integer()
    reason: Col[str | None] = maybe_text()
    facts: Col[str] = text()


class Posting(SQLModel, table=True):
    """Projection of `entry.posted`: one line, clustered by period so that a month is one range."""

    __tablename__ = "posting"
    __table_args__ = (
        of_record(),
        CheckConstraint("dc IN ('D', 'C')"),
        Index("posting_record", "book_id", "idx", "n", unique=True),
        Index("posting_account", "book_id", "account", "period"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    period: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    dc: Col[str] = text()
    fen: Col[int] = integer()


class Duty(SQLModel, table=True):
    """Projection: a party that must speak on a record, in what part, and its statement text."""

    __tablename__ = "duty"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "idx", "party"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    party: Col[str] = text()
    part: Col[str] = text()
    statement: Col[str] = text()


class Opening(SQLModel, table=True):
    """Projection of `opening.recorded`: the first day of the first period."""

    __tablename__ = "opening"
    __table_args__ = (of_record(), UniqueConstraint("book_id"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    drafter: Col[str] = text()
    amount_fen: Col[int] = integer()


class OpeningLine(SQLModel, table=True):
    """Projection of `opening.recorded`. `part`: balance, item (open item with date) or year (to date)."""

    __tablename__ = "opening_line"
    __table_args__ = (of_record(), CheckConstraint("part IN ('balance', 'item', 'year')"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    part: Col[str] = text()
    account: Col[str] = text()
    fen: Col[int] = integer()
    since: Col[str | None] = maybe_text()
    detail: Col[str | None] = maybe_text()


class Signoff(SQLModel, table=True):
    """Projection of `signoff.signed` and `signoff.paper`: one party's word on one record.

    `previous` is the leaf hash of this party's earlier word on it, empty for the first.
    """

    __tablename__ = "signoff"
    __table_args__ = (
        of_record(),
        UniqueConstraint("book_id", "entry_idx", "party", "previous"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    entry_idx: Col[int] = integer()
    entry: Col[str] = text()
    party: Col[str] = text()
    person: Col[str] = text()
    role: Col[str] = text()
    decision: Col[str] = text()
    reason: Col[str | None] = maybe_text()
    previous: Col[str] = text()
    method: Col[str] = text()
    key_id: Col[str] = text()
    batch: Col[str] = text()
    leaf: Col[str] = text()


class Reply(SQLModel, table=True):
    """Projection of `query.replied`: an answer to a query or a return; `text` is a commitment."""

    __tablename__ = "reply"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    signoff_idx: Col[int] = integer()
    text: Col[str] = text()


class Erasure(SQLModel, table=True):
    """Projection of `private.erased`."""

    __tablename__ = "erasure"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "commitment"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    commitment: Col[str] = text()
    reason: Col[str] = text()
