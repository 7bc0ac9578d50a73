"""Source rows: received with salts, claimed by entries or set aside, never booked twice.

A row's leaf is SHA-256(0x00 ‖ salt16 ‖ row), where the row is the JSON array of
its cells in header order. The file's root and an entry's subset root are RFC
6962 trees over these leaves.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book.duties import Actor, require
from ledger.errors import Conflict, Invalid, NotFound
from ledger.proof import merkle
from ledger.proof.private import SALT_BYTES
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.append_only import table_of
from ledger.store.record import Record
from ledger.words import N_

ROWS = table_of(t.SourceRow)
KEYS_ASKED = 500
BATCH = 5000
"""Rows that are handed to the driver at a time, so that memory stays flat."""


def encode_cells(cells: Sequence[str]) -> str:
    """Return a row as it is hashed: a JSON array of strings, equal to its RFC 8785 form."""
    return "[" + ",".join(map(encode_basestring, cells)) + "]"


def salted(cells: Iterable[Sequence[str]]) -> list[tuple[bytes, str, bytes]]:
    """Return (salt, row, leaf) of every row; one draw of randomness for all."""
    encoded = list(map(encode_cells, cells))
    noise = os.urandom(SALT_BYTES * len(encoded))
    sha256 = hashlib.sha256
    found = []
    for n, row in enumerate(encoded):
        salt = noise[SALT_BYTES * n : SALT_BYTES * (n + 1)]
        found.append((salt, row, sha256(merkle.LEAF + salt + row.encode()).digest()))
    return found


def store(
    session: Session,
    book_id: str,
    file_idx: int,
    keys: Sequence[str],
    rows: Sequence[tuple[bytes, str, bytes]],
) -> None:
    """Insert a file's rows through the driver, a few thousand at a time: this is the bulk path."""
    connection = session.connection()
    marks = "?, ?, ?, ?, ?, ?" if connection.dialect.name == "sqlite" else "%s, %s, %s, %s, %s, %s"
    statement = f"INSERT INTO source_row (book_id, file_idx, n, key, salt, cells) VALUES ({marks})"  # noqa: S608 - marks only
    for start in range(0, len(rows), BATCH):
        batch = zip(count(start), keys[start : start + BATCH], rows[start : start + BATCH], strict=False)
        values = [(book_id, file_idx, n, key, salt, cells) for n, key, (salt, cells, _) in batch]
        connection.exec_driver_sql(statement, values)


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return sorted row numbers as inclusive ranges: 0,1,2,5 → [[0,2],[5,5]]."""
    found: list[list[int]] = []
    for n in sorted(numbers):
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return found


def leaves(
    session: Session, book_id: str, file_idx: int, spans: Iterable[Sequence[int]] | None = None
) -> list[bytes]:
    """Return the leaf hashes of a file's rows (of those in `spans`), in order."""
    base = select(t.SourceRow.salt, t.SourceRow.cells).where(
        t.SourceRow.book_id == book_id, t.SourceRow.file_idx == file_idx
    )
    found: list[bytes] = []
    for span in [None] if spans is None else list(spans):
        query = base if span is None else base.where(t.SourceRow.n.between(span[0], span[1]))
        for salt, cells in session.connection().execute(query.order_by(t.SourceRow.n)):
            found.append(merkle.leaf_hash(bytes(salt) + cells.encode()))
    return found


def claim(session: Session, book_id: str, file_idx: int, numbers: Iterable[int]) -> dict[str, Any]:
    """Return how an entry names its rows: file, ranges, count and subset root."""
    spans = ranges(numbers)
    found = leaves(session, book_id, file_idx, spans)
    return {"file": file_idx, "ranges": spans, "count": len(found), "root": merkle.root_of(found).hex()}


def refuse_booked(
    session: Session, book_id: str, named: dict[str, Any], taken: dict[int, set[int]] | None = None
) -> None:
    """Raise Conflict if any row of the claim is booked, by itself or as the same row of another file.

    `taken` remembers what is booked, by file, for the other entries of the same draft.
    """
    known = {} if taken is None else taken
    if named["file"] not in known:
        known[named["file"]] = booked(session, book_id, named["file"])
    wanted = {n for first, last in named["ranges"] for n in range(first, last + 1)}
    if wanted & known[named["file"]]:
        raise Conflict(N_("这份文件里有的行已经记账，请重新生成预览。"))
    known[named["file"]] |= wanted


def booked(session: Session, book_id: str, file_idx: int) -> set[int]:
    """Return the rows of a file that are booked already, here or under the same key in another file."""
    elsewhere = settled_elsewhere(session, book_id, file_idx)
    return {n for n, state in elsewhere.items() if state != "memo"} | {
        n for first, last in _claims(session, book_id, file_idx, "booked") for n in range(first, last + 1)
    }


def _same_key(session: Session, book_id: str, file_idx: int) -> list[tuple[int, bool, int, int]]:
    """Return (row number, same content, other file, its row) of rows that have a key of this file, discarded files left out.

    Keys are asked for in batches: SQLite, which knows no statistics, would turn a join around and
    read every row of the book to compare it with this file's.
    """
    connection = session.connection()
    own = select(ROWS.c.key, ROWS.c.n, ROWS.c.cells).where(
        ROWS.c.book_id == book_id, ROWS.c.file_idx == file_idx
    )
    mine = {key: (n, cells) for key, n, cells in connection.execute(own)}
    gone = set(session.scalars(select(a.FileDiscard.file_idx).where(a.FileDiscard.book_id == book_id)))
    sqlite = connection.dialect.name == "sqlite"
    table, mark = ("source_row INDEXED BY source_row_key", "?") if sqlite else ("source_row", "%s")
    found = []
    keys = list(mine)
    for start in range(0, len(keys), KEYS_ASKED):
        asked = keys[start : start + KEYS_ASKED]
        marks = ", ".join([mark] * len(asked))
        query = f"SELECT key, file_idx, n, cells FROM {table} WHERE book_id = {mark} AND key IN ({marks})"  # noqa: S608 - marks only
        for key, file, row, cells in connection.exec_driver_sql(query, (book_id, *asked)):
            if file == file_idx:
                continue
            if file not in gone:
                n, same = mine[key]
                found.append((n, same == cells, file, row))
    return found


def settled_elsewhere(session: Session, book_id: str, file_idx: int) -> dict[int, str]:
    """Return, by row number, `repeated`, `newer` or `memo` for rows whose key another file already settled.

    `repeated`: the same content is booked or memo there. `newer`: other content
    is booked there, so this row is a new version and makes an exception.
    `memo`: other content was memo there, so this row may be booked.
    """
    others = _same_key(session, book_id, file_idx)
    uses = {file: claimed(session, book_id, file) for file in {file for _, _, file, _ in others}}
    found: dict[int, str] = {}
    for n, same, file, row in others:
        is_booked = row in uses[file].get("booked", ())
        if not is_booked and row not in uses[file].get("memo", ()):
            continue
        state = "repeated" if same else ("newer" if is_booked else "memo")
        if found.get(n) not in ("repeated", "newer"):
            found[n] = state
    return found


def earlier_memo(session: Session, book_id: str, file_idx: int) -> dict[int, tuple[int, int]]:
    """Return, for rows of which an earlier file held another version as memo, that row: (file, row number)."""
    others = [
        (file, n, row)
        for n, same, file, row in _same_key(session, book_id, file_idx)
        if not same and file < file_idx
    ]
    uses = {file: claimed(session, book_id, file) for file in {file for file, _, _ in others}}
    return {n: (file, row) for file, n, row in sorted(others) if row in uses[file].get("memo", ())}


def _claims(session: Session, book_id: str, file_idx: int, use: str) -> list[tuple[int, int]]:
    query = select(a.RowClaim.first, a.RowClaim.last).where(
        a.RowClaim.book_id == book_id, a.RowClaim.file_idx == file_idx, a.RowClaim.use == use
    )
    return [(first, last) for first, last in session.connection().execute(query)]


def claimed(session: Session, book_id: str, file_idx: int) -> dict[str, set[int]]:
    """Return the rows of a file by what has become of them so far."""
    query = select(a.RowClaim.use, a.RowClaim.first, a.RowClaim.last).where(
        a.RowClaim.book_id == book_id, a.RowClaim.file_idx == file_idx
    )
    found: dict[str, set[int]] = {}
    for use, first, last in session.connection().execute(query):
        found.setdefault(use, set()).update(range(first, last + 1))
    return found


def used(session: Session, book_id: str, file_idx: int) -> dict[str, int]:
    """Return how many rows of a file are booked, memo, unassigned, repeated, newer."""
    query = select(a.RowClaim.use, a.RowClaim.first, a.RowClaim.last).where(
        a.RowClaim.book_id == book_id, a.RowClaim.file_idx == file_idx
    )
    found: dict[str, int] = {}
    for use, first, last in session.connection().execute(query):
        found[use] = found.get(use, 0) + last - first + 1
    return found


def set_aside(session: Session, actor: Actor, body: dict[str, Any], *, drafter: str, at: datetime) -> Record:
    """Declare what becomes of rows that are not booked: memo, unassigned, repeated, newer.

    Raises Conflict if another draft of the same file has said so in the meantime, or booked them.
    """
    mine = claimed(session, actor.book, body["file"])
    for group in body["groups"] if mine else ():
        taken = mine.get("booked", set()) | mine.get("memo", set()) | mine.get(group["use"], set())
        if any(n in taken for first, last in group["ranges"] for n in range(first, last + 1)):
            raise Conflict(N_("这份文件里有的行已经处理过，请重新生成预览。"))
    return log.append(
        session, actor.book, "rows.set_aside", {**body, "drafter": drafter}, by=actor.person, at=at
    )


def discard(session: Session, actor: Actor, file_idx: int, *, reason: str, at: datetime) -> Record:
    """Discard a file of which nothing is booked; the reason is part of the record."""
    require(actor, "import")
    if session.get(a.SourceFile, (actor.book, file_idx, 0)) is None:
        raise NotFound(N_("没有这份文件。"))
    if not reason.strip():
        raise Invalid(N_("请写明作废原因。"))
    refuse_discarded(session, actor.book, file_idx)
    if _claims(session, actor.book, file_idx, "booked"):
        raise Conflict(N_("这份文件已有行记账，不能作废；请更正有关凭证。"))
    return log.append(
        session,
        actor.book,
        "file.discarded",
        {"file": file_idx, "reason": reason.strip()},
        by=actor.person,
        at=at,
    )


def refuse_discarded(session: Session, book_id: str, file_idx: int) -> None:
    """Raise Conflict if the file was discarded: none of its rows may be booked any more."""
    query = select(a.FileDiscard.idx).where(
        a.FileDiscard.book_id == book_id, a.FileDiscard.file_idx == file_idx
    )
    if session.scalars(query).first() is not None:
        raise Conflict(N_("这份文件已作废。"))


def cells_of(
    session: Session, book_id: str, file_idx: int, spans: Iterable[Sequence[int]], limit: int = 200
) -> list[tuple[int, list[str]]]:
    """Return (row number from 0, cells) of rows in the spans, at most `limit` of them."""
    found: list[tuple[int, list[str]]] = []
    for first, last in spans:
        query = (
            select(t.SourceRow.n, t.SourceRow.cells)
            .where(
                t.SourceRow.book_id == book_id,
                t.SourceRow.file_idx == file_idx,
                t.SourceRow.n.between(first, last),
            )
            .order_by(t.SourceRow.n)
            .limit(limit - len(found))
        )
        found.extend((n, json.loads(cells)) for n, cells in session.connection().execute(query))
        if len(found) >= limit:
            break
    return found
