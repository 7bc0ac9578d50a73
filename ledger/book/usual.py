"""What is usual: what a platform keeps of a tip, a fee's part of the commission, round and split amounts."""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book.limits import SHARES_BP, Limits
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_activity as a

MONTHS = 3
"""How many earlier months tell what a platform usually keeps."""
VOUCHERS_MIN = 3
"""Fewer vouchers than these make no custom."""


def shares(session: Session, book_id: str, limits: Limits, platform: str, month: Month) -> tuple[int, ...]:
    """Return what the platform is expected to keep, in ten-thousandths: the policy's figure and the book's own.

    The packaged figure counts where there is neither; an unknown platform has none.
    """
    own = earlier_share(session, book_id, platform, month)
    known = limits.share_bp.get(platform)
    if known is None and own is None:
        known = SHARES_BP.get(platform)
    return tuple(figure for figure in (known, own) if figure is not None)


def earlier_share(session: Session, book_id: str, platform: str, month: Month) -> int | None:
    """Return what the platform kept of all tips of the months before, None where too few are booked."""
    named = charts.current(session, book_id).named
    e, p, live = t.Entry, t.Posting, a.LiveAccount
    mine = list(
        session.scalars(select(live.account).where(live.book_id == book_id, live.platform == platform))
    )
    undone = select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None))
    signed = case((p.dc == "D", p.fen), else_=-p.fen)
    query = (
        select(
            func.count(e.idx.distinct()),
            func.sum(case((p.account == named["tips"], -signed), else_=0)),
            func.sum(case((p.account == named["share"], signed), else_=0)),
        )
        .join(p, (p.book_id == e.book_id) & (p.period == e.period) & (p.idx == e.idx))
        .where(e.book_id == book_id, e.type == "TIP", e.idx.not_in(undone), e.account.in_(mine))
        .where(e.period >= str(month.plus(-MONTHS)), e.period < str(month))
    )
    count, gross, kept = session.connection().execute(query).one()
    return int(kept) * 10_000 // int(gross) if count >= VOUCHERS_MIN and gross else None


def far(part: int, whole: int, usual_bp: int, tolerance_bp: int, least_fen: int = 1) -> bool:
    """Say whether `part` is further from its usual share of `whole` than the tolerance, and than a trifle."""
    off = abs(part * 10_000 - whole * usual_bp)
    return off > whole * tolerance_bp and off > least_fen * 10_000


def percent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, rounded down."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def is_round(fen: int, limits: Limits) -> bool:
    """Say whether a spending is a large round sum, as estimates are and bills are not."""
    return fen >= limits.round_from_fen and fen % limits.round_unit_fen == 0
