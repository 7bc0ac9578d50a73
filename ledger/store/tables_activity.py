"""Projections about live accounts, broadcasts and received files."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, integer, maybe_integer, maybe_text, text
from ledger.store.tables import STRICT, of_record


class LiveAccount(SQLModel, table=True):
    """Projection of `account.opened`: an account on a platform. `owner_kind`: institution or personal."""

    __tablename__ = "live_account"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "account"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    platform: Col[str] = text()
    handle: Col[str] = text()
    owner_kind: Col[str] = text()
    owner: Col[str] = text()


class Filing(SQLModel, table=True):
    """Projection of `account.filed` (备案). `filed_with`: leaders or discipline."""

    __tablename__ = "filing"
    __table_args__ = (of_record(), CheckConstraint("filed_with IN ('leaders', 'discipline')"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    filed_with: Col[str] = text()
    number: Col[str] = text()
    filed_on: Col[str] = text()


class AccountPause(SQLModel, table=True):
    """Projection of `account.paused` and `account.resumed`; the newest row of an account holds."""

    __tablename__ = "account_pause"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    account: Col[str] = text()
    paused: Col[int] = integer()
    on_day: Col[str] = text()
    reason: Col[str] = text()


class Broadcast(SQLModel, table=True):
    """Projection of `broadcast.recorded` and `broadcast.amended`; the newest row of a number holds."""

    __tablename__ = "broadcast"
    __table_args__ = (
        of_record(),
        Index("broadcast_number", "book_id", "broadcast"),
        Index("broadcast_month", "book_id", "month"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    title: Col[str] = text()
    starts_at: Col[str] = text()
    ends_at: Col[str | None] = maybe_text()
    month: Col[str] = text()
    department: Col[str] = text()
    host: Col[str] = text()
    host_person: Col[str | None] = maybe_text()
    amended: Col[str | None] = maybe_text()


class BroadcastLeg(SQLModel, table=True):
    """Projection: an account on which a broadcast ran, by the record that says so."""

    __tablename__ = "broadcast_leg"
    __table_args__ = (of_record(), Index("broadcast_leg_account", "book_id", "account"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    account: Col[str] = text()


class Audience(SQLModel, table=True):
    """Projection of `broadcast.measured`: a figure as the platform names it, with its unit."""

    __tablename__ = "audience"
    __table_args__ = (of_record(), Index("audience_broadcast", "book_id", "broadcast"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    account: Col[str] = text()
    name: Col[str] = text()
    unit: Col[str] = text()
    value: Col[int] = integer()
    captured_at: Col[str] = text()


class Declaration(SQLModel, table=True):
    """Projection of `broadcast.declared` (night) and `broadcast.zero`: the figure seen on the screen."""

    __tablename__ = "declaration"
    __table_args__ = (of_record(), Index("declaration_broadcast", "book_id", "broadcast"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    account: Col[str] = text()
    zero: Col[int] = integer()
    amount_fen: Col[int] = integer()
    units: Col[int | None] = maybe_integer()
    captured_at: Col[str] = text()


class Explanation(SQLModel, table=True):
    """Projection of `broadcast.explained`: why the settled figure differs from the night's."""

    __tablename__ = "explanation"
    __table_args__ = (of_record(), Index("explanation_broadcast", "book_id", "broadcast"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    account: Col[str] = text()
    difference_fen: Col[int] = integer()
    text: Col[str] = text()


class SourceFile(SQLModel, table=True):
    """Projection of `file.received`. `header` and `controls` are JSON; `root` is over salted rows."""

    __tablename__ = "source_file"
    __table_args__ = (of_record(), Index("source_file_digest", "book_id", "digest"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    digest: Col[str] = text()
    name: Col[str] = text()
    size: Col[int] = integer()
    reader: Col[str] = text()
    version: Col[int] = integer()
    kind: Col[str] = text()
    platform: Col[str] = text()
    header: Col[str] = text()
    fingerprint: Col[str] = text()
    encoding: Col[str] = text()
    rows: Col[int] = integer()
    root: Col[str] = text()
    controls: Col[str] = text()
    first_at: Col[str] = text()
    last_at: Col[str] = text()


class FileDiscard(SQLModel, table=True):
    """Projection of `file.discarded`: none of its rows will be booked."""

    __tablename__ = "file_discard"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "file_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    file_idx: Col[int] = integer()
    reason: Col[str] = text()


class RowClaim(SQLModel, table=True):
    """Projection: rows `first`…`last` (from 0, inclusive) of a file and what became of them.

    `use` is booked (by the entry `idx`), or memo, unassigned, repeated or newer
    (declared by `rows.set_aside`).
    """

    __tablename__ = "row_claim"
    __table_args__ = (
        of_record(),
        UniqueConstraint("book_id", "file_idx", "first", "use"),
        CheckConstraint("use IN ('booked', 'memo', 'unassigned', 'repeated', 'newer')"),
        CheckConstraint("first <= last"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    file_idx: Col[int] = integer()
    first: Col[int] = integer()
    last: Col[int] = integer()
    use: Col[str] = text()


class MemoSum(SQLModel, table=True):
    """Projection: figures that are no income: sales (GMV), estimates, by entry or set-aside record."""

    __tablename__ = "memo_sum"
    __table_args__ = (of_record(), Index("memo_sum_broadcast", "book_id", "broadcast"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    period: Col[str] = text()
    broadcast: Col[str | None] = maybe_text()
    kind: Col[str] = text()
    shop: Col[str] = text()
    product: Col[str] = text()
    orders: Col[int] = integer()
    gmv_fen: Col[int] = integer()
    amount_fen: Col[int] = integer()
    fee_fen: Col[int] = integer()
