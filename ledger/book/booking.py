"""Posting what a draft holds, in one transaction: entries, what is set aside, the opening, a close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import journal, opening, rows
from ledger.book.duties import Actor
from ledger.errors import Invalid
from ledger.store.record import Record
from ledger.words import N_


def post_payload(
    session: Session, actor: Actor, payload: dict[str, Any], *, drafter: str, digest: str, at: datetime
) -> list[Record]:
    """Append everything a draft holds, in one transaction: its entries, then what it sets aside."""
    if "opening" in payload:
        return [opening.post(session, actor, payload["opening"], drafter=drafter, digest=digest, at=at)]
    if "close" in payload:
        from ledger.book import closing  # noqa: PLC0415 - it reads a month, and a month reads drafts of files

        return closing.post(session, actor, payload["close"], drafter=drafter, digest=digest, at=at)
    if not payload["entries"] and "set_aside" not in payload:
        raise Invalid(N_("草稿里没有可以记账的内容。"))
    if "file" in payload:
        rows.refuse_discarded(session, actor.book, payload["file"])
    chart = charts.current(session, actor.book)
    taken: dict[int, set[int]] = {}
    records = [
        journal.append_entry(session, actor, chart, entry, drafter=drafter, digest=digest, at=at, taken=taken)
        for entry in payload["entries"]
    ]
    if "set_aside" in payload:
        records.append(rows.set_aside(session, actor, payload["set_aside"], drafter=drafter, at=at))
    return records
