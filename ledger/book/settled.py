"""What was said of a broadcast's tips before money moved: that night's declaration, the platform's settlement, the books.

The platform's figure is read from the source rows on which the vouchers stand (tip sheet, settlement
orders), not from the vouchers themselves, so that the two can disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import declarations, rows
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_activity as a

TIP, ADJUST = "TIP", "ADJUST"


@dataclass(frozen=True, slots=True)
class Told:
    """A broadcast over all its accounts, fen; None: nobody said. Claw-backs come later and are not in here.

    `zero`: zero income was declared. `explanation` holds where it speaks of the difference as it is now;
    `corrected` is the reason of the newest correction.
    """

    declared_fen: int | None
    platform_fen: int | None
    booked_fen: int | None
    zero: bool
    explanation: str
    corrected: str


def told(session: Session, book_id: str, numbers: list[str], through: Month) -> dict[str, Told]:
    """Return what was said of broadcasts, as booked through the end of a month."""
    declared = declarations.by_account(session, book_id, numbers)
    explained = declarations.explanations(session, book_id, numbers)
    booked, entries, reasons = _booked(session, book_id, numbers, through)
    platform = _platform(session, book_id, _with_corrected(session, book_id, entries))
    found = {}
    for number in numbers:
        nights = [one for key, one in declared.items() if key[0] == number]
        words = []
        for night in nights:
            word = explained.get((number, night.account))
            difference = booked.get((number, night.account), 0) - night.amount_fen
            if word is not None and difference and word.difference_fen == difference:
                words.append(word.text)
        differing = [night for night in nights if booked.get((number, night.account), 0) != night.amount_fen]
        whole = [fen for (one, _), fen in booked.items() if one == number]
        found[number] = Told(
            sum(night.amount_fen for night in nights) if nights else None,
            platform.get(number),
            sum(whole) if whole else None,
            bool(nights) and all(night.zero for night in nights),
            "；".join(words) if len(words) == len(differing) else "",
            reasons.get(number, ""),
        )
    return found


def _booked(
    session: Session, book_id: str, numbers: list[str], through: Month
) -> tuple[dict[tuple[str, str], int], dict[int, str], dict[str, str]]:
    """Return gross tips by broadcast and account, the entries that hold them, and why they were corrected."""
    e = t.Entry
    undone = select(e.reverses).where(e.book_id == book_id, e.reverses.is_not(None), e.period <= str(through))
    query = select(e.idx, e.broadcast, e.account, e.amount_fen, e.corrects, e.reason).where(
        e.book_id == book_id,
        e.broadcast.in_(numbers),
        e.type.in_((TIP, ADJUST)),
        e.period <= str(through),
        e.idx.not_in(undone),
    )
    found: dict[tuple[str, str], int] = {}
    entries: dict[int, str] = {}
    reasons: dict[str, str] = {}
    for row in session.connection().execute(query.order_by(e.idx)):
        key = (row.broadcast, row.account or "")
        found[key] = found.get(key, 0) + row.amount_fen
        entries[row.idx] = row.broadcast
        if row.corrects is not None and row.reason:
            reasons[row.broadcast] = row.reason
    return found, entries, reasons


def _with_corrected(session: Session, book_id: str, entries: dict[int, str]) -> dict[int, str]:
    """Add the entries that these correct: the source rows stand under the first one."""
    found, newest = dict(entries), dict(entries)
    while newest:
        query = select(t.Entry.idx, t.Entry.corrects).where(
            t.Entry.book_id == book_id, t.Entry.idx.in_(list(newest)), t.Entry.corrects.is_not(None)
        )
        newest = {row.corrects: newest[row.idx] for row in session.connection().execute(query)}
        found |= newest
    return found


def _platform(session: Session, book_id: str, entries: dict[int, str]) -> dict[str, int]:
    """Return what the source rows under these entries say, by broadcast; entries made by hand have none."""
    claim = a.RowClaim
    query = select(claim.idx, claim.file_idx, claim.first, claim.last).where(
        claim.book_id == book_id, claim.idx.in_(list(entries)), claim.use == "booked"
    )
    found: dict[str, int] = {}
    for row in session.connection().execute(query.order_by(claim.idx, claim.first)).all():
        file = session.get(a.SourceFile, (book_id, row.file_idx, 0))
        if file is None:
            continue
        cells = rows.cells_of(
            session, book_id, row.file_idx, [[row.first, row.last]], limit=row.last - row.first + 1
        )
        numbered = [(n + 1, tuple(one)) for n, one in cells]
        header = tuple(json.loads(file.header))
        read = intake.reread(file.reader, file.version, header, numbered, partial=True)
        number = entries[row.idx]
        found[number] = found.get(number, 0) + sum(one.amount_fen for one in read)
    return found
