"""Submitting a month for its close: the checklist, the notes on what others still owe, the draft that is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ledger.book import checklist, closing, drafts, entries, month, periods
from ledger.book.drafts import Draft
from ledger.book.duties import Actor, require
from ledger.errors import Invalid
from ledger.months import Month
from ledger.sections_welfare import ClosingVoucher
from ledger.words import N_, Text, fill

KIND = "close"


@dataclass(frozen=True, slots=True)
class Desk:
    """A month on its way to the close. `draft` waits for the checker, `closed` says that it is done."""

    month: Month
    items: tuple[checklist.Item, ...]
    vouchers: tuple[ClosingVoucher, ...]
    position: tuple[tuple[str, Text, int], ...]
    draft: Draft | None
    closed: periods.Closed | None
    turn: Month | None


def desk(session: Session, book_id: str, period: Month) -> Desk:
    """Return everything that the close page of a month shows."""
    seen = month.view(session, book_id, period)
    return Desk(
        period,
        checklist.items(session, seen),
        closing.shown(seen),
        tuple((code, seen.chart.account(code).name, fen) for code, fen in closing.position(seen).items()),
        waiting(session, book_id, period),
        seen.closed,
        periods.next_to_close(session, book_id),
    )


def waiting(session: Session, book_id: str, period: Month) -> Draft | None:
    """Return the month's close that waits for confirmation, if any."""
    return next(
        (
            draft
            for draft in drafts.waiting(session, book_id)
            if draft.kind == KIND and draft.payload["close"]["period"] == str(period)
        ),
        None,
    )


def submit(session: Session, actor: Actor, period: Month, *, notes: dict[str, str], at: datetime) -> Draft:
    """Draft the close of a month for the checker.

    Raises Conflict out of turn, Invalid while a hard item stands in the way or a
    soft one has no note. A draft of the same month that the actor made before is replaced.
    """
    require(actor, "close")
    closing.refuse_out_of_turn(session, actor.book, period, at)
    seen = month.view(session, actor.book, period)
    found = checklist.items(session, seen)
    if open_items := checklist.due(found):
        names = "；".join(fill(item.name, {}, "zh") for item in open_items)
        raise Invalid(N_("还有 {count} 项没有完成，不能月结：{names}"), count=len(open_items), names=names)
    for item in found:
        if not item.done and not notes.get(item.code, "").strip():
            name = Text(fill(item.name, {}, "zh"), fill(item.name, {}, "en"))
            raise Invalid(N_("“{name}”还没有完成：请写明情况，随月结一起记录。"), name=name)
    earlier = waiting(session, actor.book, period)
    if earlier is not None:
        drafts.drop(session, actor, earlier.draft, note="")
    payload = {"close": closing.plan(seen, checklist.record(found, notes))}
    return drafts.prepare(session, actor, kind=KIND, payload=payload, at=at)


def months(session: Session, book_id: str, today: Month) -> list[tuple[Month, periods.Closed | None]]:
    """Return the months from the book's first to the present one, newest first, with their close."""
    first = periods.first_month(session, book_id)
    if first is None:
        return []
    newest = max([today, *entries.months(session, book_id)])
    count = (newest.year - first.year) * 12 + newest.number - first.number + 1
    return [(first.plus(n), periods.get(session, book_id, first.plus(n))) for n in reversed(range(count))]
