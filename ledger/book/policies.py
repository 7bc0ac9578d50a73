"""What a book decides for itself: so far, which institutions its entries must be signed by."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import SIGNING_PARTIES, Actor, require
from ledger.errors import Invalid
from ledger.store import log
from ledger.store import tables_people as p
from ledger.store.record import Record
from ledger.words import N_

SIGNING = "signing_parties"


def set_signing_parties(
    session: Session, actor: Actor, parties: tuple[str, ...], *, reason: str, at: datetime
) -> Record:
    """Ask fewer than all three institutions, or all again; entries posted before keep their duties.

    A charity's own spending is declared by it and reviewed by the other one whatever the policy says.
    """
    require(actor, "policy")
    if not parties or not set(parties) <= set(SIGNING_PARTIES):
        raise Invalid(N_("请至少选择一个签认单位。"))
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    value = [party for party in SIGNING_PARTIES if party in parties]
    body = {"name": SIGNING, "value": value, "reason": reason.strip()}
    return log.append(session, actor.book, "policy.set", body, by=actor.person, at=at)


def policy(session: Session, book_id: str, name: str, default: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the newest value of a policy, `default` where none was set."""
    query = (
        select(p.Policy.value)
        .where(p.Policy.book_id == book_id, p.Policy.name == name)
        .order_by(p.Policy.idx.desc())
        .limit(1)
    )
    found = session.connection().execute(query).scalar()
    return default if found is None else json.loads(found)


def signing_parties(session: Session, book_id: str) -> tuple[str, ...]:
    """Return the parties that entries of this book need; all three unless a policy asks for fewer."""
    return tuple(policy(session, book_id, SIGNING, list(SIGNING_PARTIES)))
