"""Which entry stands in place of a former one: a correction takes over what was filed under what it corrects."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.store import tables as t


def standing(session: Session, book_id: str, indexes: Iterable[int]) -> dict[int, int | None]:
    """Return for each entry the one that stands today: itself, its correction, or None where all is cancelled."""
    wanted = list(dict.fromkeys(indexes))
    if not wanted:
        return {}
    e = t.Entry
    query = select(e.idx, e.reverses, e.corrects).where(
        e.book_id == book_id, e.reverses.is_not(None) | e.corrects.is_not(None)
    )
    reversed_ones: set[int] = set()
    corrected: dict[int, int] = {}
    for idx, reverses, corrects in session.connection().execute(query.order_by(e.idx)):
        if reverses is not None:
            reversed_ones.add(reverses)
        if corrects is not None:
            corrected[corrects] = idx
    return {idx: _follow(idx, reversed_ones, corrected) for idx in wanted}


def _follow(idx: int, reversed_ones: set[int], corrected: dict[int, int]) -> int | None:
    now: int | None = idx
    while now is not None and now in reversed_ones:
        now = corrected.get(now)  # a correction is a later record, so this ends
    return now
