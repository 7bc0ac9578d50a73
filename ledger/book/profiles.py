"""How a bank of unknown format is read: a mapping of its columns, saved once under the header's fingerprint.

The newest of a fingerprint holds (`profile.saved`), so a mapping is replaced by
saving another one; files that were read before keep the reader they were read by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, require
from ledger.intake import Mapping, mapping
from ledger.store import log
from ledger.store import tables_check as c
from ledger.store.record import Record


@dataclass(frozen=True, slots=True)
class Profile:
    """A saved mapping: whose files they are, and the name of the reader, which holds the mapping itself."""

    idx: int
    fingerprint: str
    name: str
    reader: str

    @property
    def mapping(self) -> Mapping:
        """The columns, as a person chose them."""
        return mapping.decode(self.reader.removeprefix(mapping.PREFIX))


def find(session: Session, book: str, fingerprint: str) -> Profile | None:
    """Return the mapping that holds for a header, None if nobody mapped it yet."""
    query = (
        select(c.BankProfile)
        .where(c.BankProfile.book_id == book, c.BankProfile.fingerprint == fingerprint)
        .order_by(c.BankProfile.idx.desc())
        .limit(1)
    )
    row = session.scalars(query).first()
    return None if row is None else Profile(row.idx, row.fingerprint, row.name, row.reader)


def known(session: Session, book: str) -> list[Profile]:
    """Return every mapping that holds, by name."""
    newest = (
        select(func.max(c.BankProfile.idx))
        .where(c.BankProfile.book_id == book)
        .group_by(c.BankProfile.fingerprint)
    )
    query = select(c.BankProfile).where(c.BankProfile.book_id == book, c.BankProfile.idx.in_(newest))
    rows = session.scalars(query.order_by(c.BankProfile.name, c.BankProfile.idx))
    return [Profile(row.idx, row.fingerprint, row.name, row.reader) for row in rows]


def save(
    session: Session, actor: Actor, *, fingerprint: str, name: str, columns: Mapping, at: datetime
) -> Record | None:
    """Save how files of this header are read; None if just that holds already.

    Raises Invalid where nothing can be read by the mapping.
    """
    require(actor, "statement")
    body = {"fingerprint": fingerprint, "name": name, "reader": mapping.reader_name(columns)}
    held = find(session, actor.book, fingerprint)
    if held is not None and (held.name, held.reader) == (name, body["reader"]):
        return None
    return log.append(session, actor.book, "profile.saved", body, by=actor.person, at=at)
