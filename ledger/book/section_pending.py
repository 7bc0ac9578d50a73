"""§九 未决事项: money that is not where it belongs yet, how old it is, who answers for it, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from ledger.book import balances, calendars, handover, resolutions
from ledger.book.duties import OPERATOR
from ledger.book.month import MonthView
from ledger.sections import PendingItem
from ledger.words import N_, Text

IN_HANDS = N_("主播代收待缴")
STREAMER = Text("主播", "streamer")
PENDING: tuple[tuple[str, str], ...] = (
    ("suspense", N_("暂收待查款")),
    ("clawback", N_("平台追扣应付")),
    ("in_transit", N_("在途提现")),
    ("petty_cash", N_("活动备用金")),
    ("commission_due", N_("待结算佣金")),
    ("commission_wallet", N_("佣金可提现余额")),
)

Place = tuple[str, str | Text, str, str | Text]
"""(label, detail, account code, who answers for it)."""


def _places(seen: MonthView) -> Iterator[Place]:
    """Yield everything that may wait, but for what the streamer holds."""
    operator = seen.parties.get(OPERATOR, Text("", ""))
    for name, label in PENDING:
        yield label, "", seen.account(name), operator
    for party, item in seen.chart.charities.items():
        charity = seen.parties.get(party, party)
        yield N_("拨付待核销"), charity, item["advance"], charity
    for platform in seen.chart.platforms.values():
        yield N_("可提现余额"), platform.name, platform.wallet, operator
        yield N_("待结算打赏"), platform.name, platform.awaiting, operator


def pending(session: Session, seen: MonthView) -> tuple[PendingItem, ...]:
    """Return the pending items with their age at month end; what the streamer holds by parcels, first in first out.

    A fund below zero, because money was clawed back after it was spent, is an item as well (待弥补).
    """
    return (*_in_hands(session, seen), *_held(session, seen), *_shortfall(seen))


def _in_hands(session: Session, seen: MonthView) -> Iterator[PendingItem]:
    for held in handover.ages(session, seen.book, seen.month.last_day):
        days = (seen.month.last_day - held.since).days
        yield PendingItem(
            IN_HANDS,
            seen.account("in_hands"),
            held.number,
            held.fen,
            held.since,
            days,
            held.working_days,
            STREAMER,
            held.due,
        )


def _held(session: Session, seen: MonthView) -> Iterator[PendingItem]:
    calendar = calendars.load(session, seen.book)
    for label, detail, code, charge in _places(seen):
        fen = seen.moved(code).closing_fen
        if fen:
            since = balances.since(session, seen.book, code, seen.month, fen)
            days = (seen.month.last_day - since).days if since else 0
            working = calendar.days_or_none(since, seen.month.last_day) if since else None
            yield PendingItem(label, code, detail, abs(fen), since, days, working, charge)


def _shortfall(seen: MonthView) -> Iterator[PendingItem]:
    fen = resolutions.shortfall(seen)
    if fen:
        yield PendingItem(N_("待弥补（资金已用后被追扣）"), seen.account("fund"), "", fen, None, 0)


def pending_total(seen: MonthView) -> int:
    """Return the sum of what waits, fen."""
    codes = [seen.account("in_hands"), *(code for _, _, code, _ in _places(seen))]
    return sum(abs(seen.moved(code).closing_fen) for code in codes)
