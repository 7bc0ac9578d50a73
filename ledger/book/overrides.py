"""Posting in spite of warnings: a reason is asked for, and recorded beside the vouchers in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book.duties import Actor
from ledger.book.warnings import NAMES, Warned
from ledger.errors import Invalid
from ledger.store import log
from ledger.store.record import Record
from ledger.words import N_


class Unexplained(Invalid):
    """The draft has warnings, and whoever posts it has not said why it is posted all the same."""


def require_reason(warned: tuple[Warned, ...], reason: str) -> None:
    """Raise Unexplained, listing the warnings, if there are any and no reason is given."""
    if warned and not reason.strip():
        raise Unexplained(
            N_("这份草稿有 {count} 处提示。核对无误仍要记账的，请写明理由。"),
            problems=tuple(one.problem() for one in warned),
            count=len(warned),
        )


def record(
    session: Session,
    actor: Actor,
    warned: tuple[Warned, ...],
    records: list[Record],
    *,
    reason: str,
    at: datetime,
) -> list[Record]:
    """Record, beside the entries just posted, that warnings stood and why they were overridden."""
    places: dict[str, list[int]] = {}
    for one in warned:
        places.setdefault(one.rule, []).append(records[one.place].index)
    return [
        log.append(
            session,
            actor.book,
            "warning.overridden",
            {"entries": sorted(set(found)), "rule": rule, "subject": NAMES[rule], "reason": reason.strip()},
            by=actor.person,
            at=at,
        )
        for rule, found in places.items()
    ]
