"""Projections about agreements, resolutions, receipts, goods, costs and welfare activities."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from ledger.store.columns import Col, integer, maybe_integer, maybe_text, text
from ledger.store.tables import STRICT, of_record


class Agreement(SQLModel, table=True):
    """Projection of `agreement.registered` (捐赠协议); the newest row of a number holds.

    `accounts` is a JSON list, empty for all; `share_bp` is what is promised, in ten-thousandths.
    """

    __tablename__ = "agreement"
    __table_args__ = (of_record(), Index("agreement_number", "book_id", "agreement"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    agreement: Col[str] = text()
    party: Col[str] = text()
    signed_on: Col[str] = text()
    first_day: Col[str] = text()
    last_day: Col[str | None] = maybe_text()
    accounts: Col[str] = text()
    share_bp: Col[int] = integer()
    scope: Col[str] = text()
    reason: Col[str | None] = maybe_text()


class Resolution(SQLModel, table=True):
    """Projection of `resolution.passed` (分配决议)."""

    __tablename__ = "resolution"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "resolution"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    resolution: Col[str] = text()
    passed_on: Col[str] = text()
    body: Col[str] = text()
    purpose: Col[str] = text()


class ResolutionShare(SQLModel, table=True):
    """Projection of `resolution.passed`: what a charity is given by it."""

    __tablename__ = "resolution_share"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    resolution: Col[str] = text()
    charity: Col[str] = text()
    fen: Col[int] = integer()


class Receipt(SQLModel, table=True):
    """Projection of `receipt.recorded`: a charity's official receipt (公益事业捐赠票据) for a payment."""

    __tablename__ = "receipt"
    __table_args__ = (
        of_record(),
        UniqueConstraint("book_id", "code", "number"),
        Index("receipt_entry", "book_id", "entry_idx"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    entry_idx: Col[int] = integer()
    charity: Col[str] = text()
    code: Col[str] = text()
    number: Col[str] = text()
    check_code: Col[str] = text()
    issued_on: Col[str] = text()
    received_on: Col[str] = text()
    amount_fen: Col[int] = integer()


class ReceiptReview(SQLModel, table=True):
    """Projection of `receipt.reviewed`: what the other charity says of a receipt (交叉复核)."""

    __tablename__ = "receipt_review"
    __table_args__ = (of_record(), Index("receipt_review_receipt", "book_id", "receipt_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    receipt_idx: Col[int] = integer()
    charity: Col[str] = text()
    decision: Col[str] = text()
    note: Col[str] = text()


class GoodsSelection(SQLModel, table=True):
    """Projection of `goods.selected` (选品): whose goods a broadcast sold, and on what terms."""

    __tablename__ = "goods_selection"
    __table_args__ = (of_record(), Index("goods_selection_broadcast", "book_id", "broadcast"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str] = text()
    goods: Col[str] = text()
    seller: Col[str] = text()
    relation: Col[str] = text()
    detail: Col[str] = text()
    slot_fee_fen: Col[int] = integer()
    commission_bp: Col[int] = integer()


class Cost(SQLModel, table=True):
    """Projection of `cost.borne`: a promotion or sample cost and who bore it; no money of this book."""

    __tablename__ = "cost"
    __table_args__ = (of_record(), Index("cost_day", "book_id", "day"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    broadcast: Col[str | None] = maybe_text()
    day: Col[str] = text()
    what: Col[str] = text()
    detail: Col[str] = text()
    amount_fen: Col[int] = integer()
    bearer: Col[str] = text()


class OutsideEvent(SQLModel, table=True):
    """Projection of `event.recorded`: an event on somebody else's account whose income is promised to the fund."""

    __tablename__ = "outside_event"
    __table_args__ = (of_record(), UniqueConstraint("book_id", "event"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    event: Col[str] = text()
    title: Col[str] = text()
    day: Col[str] = text()
    platform: Col[str] = text()
    handle: Col[str] = text()
    owner: Col[str] = text()
    promise: Col[str] = text()
    expected_fen: Col[int | None] = maybe_integer()


class WelfareActivity(SQLModel, table=True):
    """Projection of `activity.recorded` (公益活动); the newest row of a number holds. `organisers` is a JSON list."""

    __tablename__ = "welfare_activity"
    __table_args__ = (
        of_record(),
        Index("welfare_activity_number", "book_id", "activity"),
        Index("welfare_activity_day", "book_id", "day"),
        STRICT,
    )
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    activity: Col[str] = text()
    title: Col[str] = text()
    organisers: Col[str] = text()
    day: Col[str] = text()
    place: Col[str] = text()
    beneficiaries: Col[int] = integer()
    who: Col[str] = text()
    payee: Col[str | None] = maybe_text()
    intent: Col[str] = text()
    reason: Col[str | None] = maybe_text()


class ActivityGoods(SQLModel, table=True):
    """Projection of `activity.recorded`: goods that were given, with their cost."""

    __tablename__ = "activity_goods"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    name: Col[str] = text()
    quantity: Col[int] = integer()
    unit: Col[str] = text()
    fen: Col[int] = integer()


class ActivityHours(SQLModel, table=True):
    """Projection of `activity.recorded`: a volunteer (commitment) and minutes served; no money."""

    __tablename__ = "activity_hours"
    __table_args__ = (of_record(), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    name: Col[str] = text()
    minutes: Col[int] = integer()


class ActivitySpending(SQLModel, table=True):
    """Projection of `activity.recorded`: the spending entries that paid for it."""

    __tablename__ = "activity_spending"
    __table_args__ = (of_record(), Index("activity_spending_entry", "book_id", "entry_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    entry_idx: Col[int] = integer()


class Relation(SQLModel, table=True):
    """Projection of `relation.declared`: whether the payee of a spending is a related party; newest holds."""

    __tablename__ = "relation"
    __table_args__ = (of_record(), Index("relation_entry", "book_id", "entry_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    entry_idx: Col[int] = integer()
    relation: Col[str] = text()
    detail: Col[str | None] = maybe_text()


class AddedEvidence(SQLModel, table=True):
    """Projection of `evidence.added`: files filed under an earlier record; the files are `attachment` rows of this one."""

    __tablename__ = "added_evidence"
    __table_args__ = (of_record(), Index("added_evidence_record", "book_id", "record_idx"), STRICT)
    book_id: Col[str] = text(key=True)
    idx: Col[int] = integer(key=True)
    n: Col[int] = integer(key=True)
    record_idx: Col[int] = integer()
    note: Col[str] = text()
