"""What a broadcast earned and who watched, as told: night declarations, zero income, audience, differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import evidence
from ledger.book.broadcasts import Broadcast, check_leg, get, refuse_host
from ledger.book.duties import Actor, require
from ledger.errors import Invalid
from ledger.months import parse_stamp, stamp
from ledger.store import log
from ledger.store import tables_activity as a
from ledger.store.record import Record
from ledger.words import N_

NIGHT = timedelta(hours=24)
"""A declaration made later than this after the end counts as late."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What one account showed that night: fen, gift units, when seen, when and by which record it was told."""

    broadcast: str
    account: str
    zero: bool
    amount_fen: int
    units: int | None
    captured_at: datetime
    idx: int


def declare(
    session: Session,
    actor: Actor,
    number: str,
    *,
    shown: tuple[tuple[str, int, int | None], ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """The night declaration: (account, fen, units) as the screen showed them, with the screenshot.

    Raises Invalid without a screenshot, or before the broadcast has begun.
    """
    require(actor, "declare")
    broadcast = refuse_host(session, actor, number)
    if not attachments:
        raise Invalid(N_("请拍摄或上传平台收入页面的截图。"))
    if not any(evidence.is_page(item) for item in attachments):
        raise Invalid(N_("申报的附件里没有图片或 PDF，请上传平台收入页面的截图。"))
    if not shown:
        raise Invalid(N_("请填写平台显示的打赏金额。"))
    _check_captured(broadcast, captured_at, at)
    for account, fen, _ in shown:
        check_leg(broadcast, account)
        if fen < 0:
            raise Invalid(N_("金额不能是负数。"))
    body = {
        "broadcast": number,
        "shown": [
            {"account": account, "amount_fen": fen, **({} if units is None else {"units": units})}
            for account, fen, units in shown
        ],
        "captured_at": stamp(captured_at),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.declared", body, by=actor.person, at=at)


def declare_zero(
    session: Session,
    actor: Actor,
    number: str,
    *,
    accounts: tuple[str, ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """The zero-income declaration (零收入声明): these accounts earned nothing in this broadcast."""
    require(actor, "declare")
    broadcast = refuse_host(session, actor, number)
    if not accounts:
        raise Invalid(N_("请选择没有收入的账号。"))
    for account in accounts:
        check_leg(broadcast, account)
    _check_captured(broadcast, captured_at, at)
    body = {
        "broadcast": number,
        "accounts": list(accounts),
        "captured_at": stamp(captured_at),
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.zero", body, by=actor.person, at=at)


def measure(
    session: Session,
    actor: Actor,
    number: str,
    *,
    figures: tuple[tuple[str, str, str, int], ...],
    captured_at: datetime,
    attachments: list[dict[str, Any]],
    at: datetime,
) -> Record:
    """Record audience figures (account, name, unit, value) as the platform names them, with their time."""
    require(actor, "broadcast")
    broadcast = get(session, actor.book, number)
    for account, name, unit, value in figures:
        check_leg(broadcast, account)
        if not name.strip() or not unit.strip() or value < 0:
            raise Invalid(N_("请填写指标名称、单位和不小于零的数值。"))
    body = {
        "broadcast": number,
        "figures": [
            {
                "account": account,
                "name": name.strip(),
                "unit": unit.strip(),
                "value": value,
                "captured_at": stamp(captured_at),
            }
            for account, name, unit, value in figures
        ],
        "attachments": attachments,
    }
    return log.append(session, actor.book, "broadcast.measured", body, by=actor.person, at=at)


def explain(
    session: Session,
    actor: Actor,
    number: str,
    *,
    account: str,
    difference_fen: int,
    explanation: str,
    at: datetime,
) -> Record:
    """Explain the difference between the settled figure and the night's; it is shown, never forced to zero."""
    require(actor, "reply")
    check_leg(get(session, actor.book, number), account)
    if not explanation.strip():
        raise Invalid(N_("请写明差异原因。"))
    body = {
        "broadcast": number,
        "account": account,
        "difference_fen": difference_fen,
        "explanation": explanation.strip(),
    }
    return log.append(session, actor.book, "broadcast.explained", body, by=actor.person, at=at)


def _check_captured(broadcast: Broadcast, captured_at: datetime, at: datetime) -> None:
    if captured_at < broadcast.starts_at:
        raise Invalid(N_("截图时间早于开播时间，请核对。"))
    if captured_at > at:
        raise Invalid(N_("截图时间不能晚于现在。"))


def by_account(session: Session, book_id: str, numbers: list[str]) -> dict[tuple[str, str], Declared]:
    """Return the newest declaration of each (broadcast, account)."""
    query = select(a.Declaration).where(
        a.Declaration.book_id == book_id, a.Declaration.broadcast.in_(numbers)
    )
    return {
        (row.broadcast, row.account): Declared(
            row.broadcast,
            row.account,
            bool(row.zero),
            row.amount_fen,
            row.units,
            parse_stamp(row.captured_at),
            row.idx,
        )
        for row in session.scalars(query.order_by(a.Declaration.idx, a.Declaration.n))
    }


def explanations(session: Session, book_id: str, numbers: list[str]) -> dict[tuple[str, str], a.Explanation]:
    """Return the newest explanation of each (broadcast, account)."""
    query = select(a.Explanation).where(
        a.Explanation.book_id == book_id, a.Explanation.broadcast.in_(numbers)
    )
    return {(row.broadcast, row.account): row for row in session.scalars(query.order_by(a.Explanation.idx))}


def audience(session: Session, book_id: str, numbers: list[str]) -> dict[str, list[a.Audience]]:
    """Return the audience figures of each broadcast, oldest first."""
    query = select(a.Audience).where(a.Audience.book_id == book_id, a.Audience.broadcast.in_(numbers))
    found: dict[str, list[a.Audience]] = {}
    for row in session.scalars(query.order_by(a.Audience.idx, a.Audience.n)):
        found.setdefault(row.broadcast, []).append(row)
    return found
