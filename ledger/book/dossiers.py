"""What belongs together before a signer: a declaration beside its entries, and families of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import accounts, broadcasts, declarations, evidence
from ledger.store import tables as t
from ledger.store.append_only import table_of

ENTRY = table_of(t.Entry)


@dataclass(frozen=True, slots=True)
class Told:
    """One account of a broadcast: what the screen showed that night (fen) and what was booked since.

    `declared_fen` is None while nothing was declared, `booked_fen` while no tips
    are booked. `explained` is the newest explanation and the difference that it speaks of.
    """

    account: str
    handle: str
    declared_fen: int | None
    units: int | None
    zero: bool
    captured_at: datetime | None
    booked_fen: int | None
    explained: tuple[int, str] | None
    files: tuple[t.Attachment, ...]

    @property
    def difference_fen(self) -> int | None:
        """Booked less declared; None while one of them is not known."""
        if self.booked_fen is None or self.declared_fen is None:
            return None
        return self.booked_fen - self.declared_fen

    @property
    def explanation(self) -> str:
        """Why booked and declared differ; empty while nobody has spoken of the difference as it is now."""
        return self.explained[1] if self.explained and self.explained[0] == self.difference_fen else ""

    @property
    def unexplained(self) -> bool:
        """Whether there is a difference and nobody has said why."""
        return bool(self.difference_fen) and not self.explanation


def told(session: Session, book_id: str, numbers: list[str]) -> dict[str, tuple[Told, ...]]:
    """Return what was told of broadcasts, account by account, with the screenshots it was read from."""
    declared = declarations.by_account(session, book_id, numbers)
    explained = declarations.explanations(session, book_id, numbers)
    files = evidence.attachments(session, book_id, [item.idx for item in declared.values()])
    handles = {item.account: item.handle for item in accounts.accounts(session, book_id)}
    booked = _booked(session, book_id, numbers)
    found = {}
    for number in numbers:
        lines = []
        for account in broadcasts.get(session, book_id, number).accounts:
            night, why = declared.get((number, account)), explained.get((number, account))
            lines.append(
                Told(
                    account,
                    handles.get(account, account),
                    night.amount_fen if night else None,
                    night.units if night else None,
                    night.zero if night else False,
                    night.captured_at if night else None,
                    booked.get((number, account)),
                    (why.difference_fen, why.text) if why else None,
                    tuple(files.get(night.idx, ())) if night else (),
                )
            )
        found[number] = tuple(lines)
    return found


def _booked(session: Session, book_id: str, numbers: list[str]) -> dict[tuple[str, str], int]:
    """Return the gross tips booked by broadcast and account, reversals taken off."""
    columns = (
        ENTRY.c.idx,
        ENTRY.c.broadcast,
        ENTRY.c.account,
        ENTRY.c.type,
        ENTRY.c.amount_fen,
        ENTRY.c.reverses,
    )
    query = select(*columns).where(ENTRY.c.book_id == book_id, ENTRY.c.broadcast.in_(numbers))
    rows = session.connection().execute(query).all()
    tips = {row.idx for row in rows if row.type == "TIP"}
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.idx in tips or row.reverses in tips:
            key = (row.broadcast, row.account or "")
            found[key] = found.get(key, 0) + row.amount_fen
    return found


def families(session: Session, book_id: str) -> dict[int, tuple[int, ...]]:
    """Return, for each entry that was corrected or corrects, all that is signed in one act, itself included.

    A correction of a correction joins both: signing the second asks for the first.
    """
    query = select(ENTRY.c.idx, ENTRY.c.reverses, ENTRY.c.corrects).where(
        ENTRY.c.book_id == book_id, ENTRY.c.reverses.is_not(None) | ENTRY.c.corrects.is_not(None)
    )
    group: dict[int, set[int]] = {}
    for idx, reverses, corrects in session.connection().execute(query.order_by(ENTRY.c.idx)):
        original = reverses if reverses is not None else corrects
        joined = group.get(original, {original}) | group.get(idx, {idx})
        for member in joined:
            group[member] = joined
    return {idx: tuple(sorted(members)) for idx, members in group.items()}
