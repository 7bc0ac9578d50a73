"""What helps to recognise a line: the other party that an entry names, a voucher's serial in a statement's row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.reconcile_lines import BOOK, STATEMENT, Line
from ledger.store import log
from ledger.store import tables as t

PARTIES = ("payer", "payee")
"""Facts of an entry that name the other party."""


def with_words(session: Session, book_id: str, lines: Iterable[Line]) -> list[Line]:
    """Return free lines with what helps to recognise them: the other party of an entry, a serial in a statement's row."""
    found = list(lines)
    entries = [line.source for line in found if line.side == BOOK]
    parties = _parties(session, book_id, entries)
    wanted = {line.serial for line in found if line.side == BOOK and line.serial}
    serials = _serials(session, book_id, found, wanted) if wanted else {}
    return [
        replace(line, party=parties.get(line.source, ""))
        if line.side == BOOK
        else replace(line, serial=serials.get((line.source, line.line), ""))
        for line in found
    ]


def _parties(session: Session, book_id: str, indexes: list[int]) -> dict[int, str]:
    """Return the other party named in each entry, as far as it can still be opened."""
    named: dict[int, str] = {}
    for start in range(0, len(indexes), 500):
        query = select(t.Entry.idx, t.Entry.facts).where(
            t.Entry.book_id == book_id, t.Entry.idx.in_(indexes[start : start + 500])
        )
        for idx, facts in session.connection().execute(query):
            for name, value in json.loads(facts).items():
                if name in PARTIES and isinstance(value, dict):
                    named[idx] = value["private"]
    values = log.opened(session, book_id, list(named.values()))
    return {idx: str(values[one]) for idx, one in named.items() if one in values}


def _serials(
    session: Session, book_id: str, lines: list[Line], wanted: set[str]
) -> dict[tuple[int, int], str]:
    """Return which rows of statements hold one of these serials in a cell of its own."""
    rows: dict[int, set[int]] = {}
    for line in lines:
        if line.side == STATEMENT:
            rows.setdefault(line.source, set()).add(line.line)
    found = {}
    for file, numbers in rows.items():
        query = select(t.SourceRow.n, t.SourceRow.cells).where(
            t.SourceRow.book_id == book_id, t.SourceRow.file_idx == file
        )
        for n, cells in session.connection().execute(query):
            if n in numbers:
                hit = {cell.strip("\t '`") for cell in json.loads(cells)} & wanted
                if hit:
                    found[file, n] = min(hit)
    return found
