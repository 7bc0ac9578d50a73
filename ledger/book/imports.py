"""Receiving a file, and what it would become: totals per broadcast before anything is posted.

A readable file enters the log at once (`file.received`); a draft groups its rows
by broadcast and kind; a second person posts. The same file again is the first
receipt.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import assign, drafts, evidence, rows
from ledger.book.compose import compose
from ledger.book.duties import Actor, NotYourDuty, require
from ledger.errors import Conflict, Invalid, NotFound, SunbookError, Value
from ledger.intake import Settlement
from ledger.months import Month, stamp
from ledger.proof import merkle
from ledger.store import blobs, log
from ledger.store import tables_activity as a
from ledger.store.record import Record
from ledger.words import N_, Text

PERSONAL = "wallet_bill"
"""The kind of file of which only the ticked rows are kept: see bills."""
REFERENCE_KINDS = ("bank_statement", "wallet_flow", "shop_fund_flow", "settlement_order", PERSONAL)
"""Files that are read and shown; matching them with the books is reconciliation's work."""

UNASSIGNED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A received file. `used` counts its rows by what became of them; `discarded` says it will not be booked."""

    idx: int
    digest: str
    name: str
    size: int
    reader: str
    version: int
    kind: str
    platform: str
    header: tuple[str, ...]
    rows: int
    root: str
    controls: tuple[dict[str, Any], ...]
    first_at: str
    last_at: str
    encoding: str
    at: str
    by: str
    used: dict[str, int]
    discarded: str | None


def receive(
    session: Session, actor: Actor, data: bytes, filename: str, settlement: Settlement, *, at: datetime
) -> tuple[int, bool]:
    """Store a readable file and its rows; return (record index, whether it is new).

    Parsing was done before, outside the transaction. The same bytes again give
    the first receipt, unless that one was discarded. Raises Invalid for a
    personal bill: of that only ticked rows may be kept.
    """
    require(actor, "import")
    if settlement.kind == PERSONAL:
        raise Invalid(N_("这是个人账单，含私人收支：请到“对账 → 对账单”上传，只勾选与直播有关的行。"))
    digest = hashlib.sha256(data).hexdigest()
    first = receipt_of(session, actor.book, digest)
    if first is not None:
        return first, False
    salted = rows.salted(row.cells for row in settlement.rows)
    body = {
        **described(settlement),
        "digest": blobs.put(session, actor.book, data),
        "name": evidence.clean_name(filename),
        "size": len(data),
        "kind": settlement.kind,
        "root": merkle.root_of(leaf for _, _, leaf in salted).hex(),
        "controls": [
            {"name": c.name, "stated": c.stated, "computed": c.computed, "unit": c.unit}
            for c in settlement.controls
        ],
        "first_at": stamp(settlement.first_at),
        "last_at": stamp(settlement.last_at),
    }
    record = log.append(session, actor.book, "file.received", body, by=actor.person, at=at)
    rows.store(session, actor.book, record.index, [row.key for row in settlement.rows], salted)
    if settlement.kind in REFERENCE_KINDS:
        declare(session, actor, record, at=at)
    return record.index, True


def described(settlement: Settlement) -> dict[str, Any]:
    """Return what `file.received` says of a file's form, without any total of its rows."""
    return {
        "reader": settlement.reader,
        "version": settlement.version,
        "platform": settlement.platform,
        "header": list(settlement.header),
        "fingerprint": settlement.fingerprint,
        "encoding": settlement.encoding,
        "rows": len(settlement.rows),
    }


def declare(session: Session, actor: Actor, received: Record, *, at: datetime) -> None:
    """Declare every row of a file that makes no voucher: repeated where another file holds it, memo otherwise."""
    body = received.body
    elsewhere = rows.settled_elsewhere(session, actor.book, received.index)
    repeated = sorted(n for n, state in elsewhere.items() if state == "repeated")
    fresh = sorted(set(range(body["rows"])) - set(repeated))
    groups = [
        {"use": use, "ranges": rows.ranges(numbers), "period": body["last_at"][:7], "memo": []}
        for use, numbers in (("memo", fresh), ("repeated", repeated))
        if numbers
    ]
    rows.set_aside(session, actor, {"file": received.index, "groups": groups}, drafter=actor.person, at=at)


def receipt_of(session: Session, book_id: str, digest: str) -> int | None:
    """Return the record of a file that was received before and not discarded, None if there is none."""
    gone = select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book_id)
    query = select(a.SourceFile.idx).where(
        a.SourceFile.book_id == book_id, a.SourceFile.digest == digest, a.SourceFile.idx.not_in(gone)
    )
    return session.scalars(query.order_by(a.SourceFile.idx)).first()


def prepare(
    session: Session, actor: Actor, file_idx: int, settlement: Settlement, *, at: datetime
) -> drafts.Draft:
    """Draft what a received file would become: one entry per broadcast and kind, and what is set aside.

    Rows that cannot be assigned are listed with the reason and declared
    unassigned when the draft is posted. Raises Conflict if every row is settled.
    """
    require(actor, "import")
    require(actor, "draft")
    rows.refuse_discarded(session, actor.book, file_idx)
    mine = rows.claimed(session, actor.book, file_idx)
    closed = mine.get("booked", set()) | mine.get("memo", set())
    if len(closed) == len(settlement.rows):
        raise Conflict(N_("这份文件已经入账。"))
    plan = assign.plan(session, actor.book, file_idx, settlement, closed)
    entries: list[dict[str, Any]] = []
    unassigned = dict(plan.unassigned)
    for group in plan.groups:
        try:
            claim = rows.claim(session, actor.book, file_idx, group.numbers)
            entries.append(compose(session, actor, group.entry(claim), at=at))
        except NotYourDuty:
            raise  # a role that may not draft this must not turn its rows into unassigned ones
        except SunbookError as error:
            unassigned |= {n: (error.message, _plain(error.values)) for n in group.numbers}
    aside = assign.set_aside(plan, settlement, unassigned, mine)
    if not entries and not aside:
        raise Conflict(N_("这份文件里没有新的行可以入账；未归属的行，请先登记它们的直播场次或账号。"))
    payload: dict[str, Any] = {
        "entries": entries,
        "file": file_idx,
        "unassigned": _shown(settlement, unassigned),
    }
    if aside:
        payload["set_aside"] = {"file": file_idx, "groups": aside}
    return drafts.prepare(session, actor, kind="import", payload=payload, at=at, file_idx=file_idx)


def _plain(values: dict[str, Value]) -> dict[str, str | int]:
    """Return a message's values as a draft can hold them: names in the source language."""
    return {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}


def _shown(settlement: Settlement, unassigned: dict[int, tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the unassigned rows as the preview lists them: row number, reason, amount."""
    found = []
    for n in sorted(unassigned)[:UNASSIGNED_SHOWN]:
        message, values = unassigned[n]
        row = settlement.rows[n]
        found.append(
            {
                "row": row.number,
                "message": message,
                "values": values,
                "amount_fen": row.amount_fen,
                "at": stamp(row.at),
            }
        )
    return found


def files(session: Session, book_id: str, month: Month | None = None) -> list[Received]:
    """Return the received files, newest first: all, or those whose last row lies in a month."""
    query = select(a.SourceFile).where(a.SourceFile.book_id == book_id)
    if month is not None:
        last = a.SourceFile.last_at
        query = query.where(last >= str(month), last < str(month.plus(1)))
    return [_received(session, row) for row in session.scalars(query.order_by(a.SourceFile.idx.desc()))]


def get(session: Session, book_id: str, file_idx: int) -> Received:
    """Return one received file; raise NotFound if record `file_idx` is none."""
    row = session.get(a.SourceFile, (book_id, file_idx, 0))
    if row is None:
        raise NotFound(N_("没有这份文件。"))
    return _received(session, row)


def _received(session: Session, row: a.SourceFile) -> Received:
    record = log.get(session, row.book_id, row.idx)
    gone = session.scalars(
        select(a.FileDiscard.reason).where(
            a.FileDiscard.book_id == row.book_id, a.FileDiscard.file_idx == row.idx
        )
    ).first()
    return Received(
        row.idx,
        row.digest,
        row.name,
        row.size,
        row.reader,
        row.version,
        row.kind,
        row.platform,
        tuple(json.loads(row.header)),
        row.rows,
        row.root,
        tuple(json.loads(row.controls)),
        row.first_at,
        row.last_at,
        row.encoding,
        record.at,
        record.by,
        rows.used(session, row.book_id, row.idx),
        gone,
    )
