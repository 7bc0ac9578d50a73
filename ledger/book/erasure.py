"""Erasing a private value: its opening is deleted, the commitment in the record stays.

个人信息保护法 2021, art. 47: personal data is deleted when its purpose is gone or
its person asks. What was booked and signed stays verifiable, because the records
hold only a salted hash.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, NotYourDuty
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store import log
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.store.record import Record
from ledger.words import N_

ROLE = "secadmin"
"""Who erases: the security administrator, who neither records nor signs."""

PRIVATE = table_of(t.PrivateValue)


def erase(session: Session, actor: Actor, commitment: str, *, reason: str, at: datetime) -> Record:
    """Append `private.erased` and delete the opening of one commitment; there is no way back.

    Raises Invalid without a reason, NotFound if this book holds no such value,
    Conflict if it was erased before.
    """
    if actor.role != ROLE:
        raise NotYourDuty(N_("只有安全管理员可以删除个人信息。"))
    if not reason.strip():
        raise Invalid(N_("请写明删除个人信息的理由。"))
    if not re.fullmatch("[0-9a-f]{64}", commitment):
        raise NotFound(N_("没有这项个人信息。"))
    place = (PRIVATE.c.book_id == actor.book) & (PRIVATE.c.commitment == commitment)
    connection = session.connection()
    if connection.execute(select(PRIVATE.c.commitment).where(place)).first() is None:
        erased = select(t.Erasure.idx).where(
            t.Erasure.book_id == actor.book, t.Erasure.commitment == commitment
        )
        if session.scalars(erased).first() is not None:
            raise Conflict(N_("这项个人信息已经删除。"))
        raise NotFound(N_("没有这项个人信息。"))
    body = {"commitment": commitment, "reason": reason.strip()}
    record = log.append(session, actor.book, "private.erased", body, by=actor.person, at=at)
    connection.execute(delete(PRIVATE).where(place))
    return record
