"""Where ordinary ends: the thresholds of findings and warnings, packaged here and changed by a policy record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ledger.book import policies
from ledger.book.duties import Actor, require
from ledger.errors import Invalid
from ledger.store import log
from ledger.store.record import Record
from ledger.words import N_

POLICY = "limits"

SHARES_BP = {"douyin": 5000, "kuaishou": 5000, "wechat": 5000}
"""What a platform keeps of a tip, in ten-thousandths (domain A1: about half; it varies by date and contract)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds. Amounts in fen, rates in ten-thousandths, times in calendar days. None of them is law.

    `share_bp` is what a policy says that platforms keep; empty by default, see `ledger.book.usual`.
    """

    share_bp: dict[str, int] = field(default_factory=dict)
    share_tolerance_bp: int = 200
    fee_bp: int = 1000
    fee_tolerance_bp: int = 50
    small_fen: int = 500
    split_fen: int = 5_000_000
    split_days: int = 7
    round_unit_fen: int = 100_000
    round_from_fen: int = 1_000_000
    suspense_days: int = 30
    query_days: int = 5
    file_days: int = 3
    late_voucher_days: int = 30


def limits(session: Session, book_id: str) -> Limits:
    """Return the thresholds of a book: the packaged ones, with what its policy changed."""
    changed = policies.policy(session, book_id, POLICY, {})
    known = {name: changed[name] for name in changed.keys() & {item.name for item in fields(Limits)}}
    return replace(Limits(), **known)


def set_limits(
    session: Session, actor: Actor, changes: dict[str, Any], *, reason: str, at: datetime
) -> Record:
    """Change some thresholds, with the reason; those of earlier policies stay.

    Raises Invalid for an unknown name or a value that is no whole number from zero up.
    """
    require(actor, "policy")
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    known = asdict(Limits())
    for name, value in changes.items():
        if name not in known:
            raise Invalid(N_("没有名为“{name}”的界限。"), name=name[:40])
        numbers = value.values() if name == "share_bp" and isinstance(value, dict) else [value]
        if not all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in numbers):
            raise Invalid(N_("界限“{name}”须是不小于零的整数。"), name=name)
    value = {**policies.policy(session, actor.book, POLICY, {}), **changes}
    body = {"name": POLICY, "value": value, "reason": reason.strip()}
    return log.append(session, actor.book, "policy.set", body, by=actor.person, at=at)
