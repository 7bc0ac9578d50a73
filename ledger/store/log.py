"""The log of a book: `append` is the one door through which a fact enters.

In one transaction it writes the canonical record, the tree nodes that its leaf
completes, the openings of its private values and its projection rows. If any of
them fails, none is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from ledger.errors import Broken, Conflict, NotFound
from ledger.months import parse_stamp, stamp
from ledger.proof import canonical, merkle
from ledger.proof.private import Private
from ledger.store import tables as t
from ledger.store.append_only import table_of
from ledger.store.engine import lock_book
from ledger.store.kinds import KINDS
from ledger.store.projections import project
from ledger.store.record import Record
from ledger.store.shapes import anything, count, mapping, moment, shape, word
from ledger.words import N_

VERSION = 1
RECORD, NODE, PRIVATE = table_of(t.RecordRow), table_of(t.NodeRow), table_of(t.PrivateValue)
ENVELOPE = shape(v=count, book=word, index=count, kind=word, at=moment, by=word, body=mapping(anything))
"""What every record is: version, book, place, kind, time as stamped, person, and the kind's own fields."""
BACKWARDS_MAX = timedelta(seconds=2)
"""How far the clock may stand behind the last record before writing stops."""


class ClockWrong(Conflict):
    """The clock stands behind the newest record; writing stops before damage is done."""


@dataclass(frozen=True, slots=True)
class Head:
    """Size and root of a book's log, and the origin that names it for ever."""

    origin: str
    size: int
    root: bytes


def append(
    session: Session, book_id: str, kind: str, body: dict[str, Any], *, by: str, at: datetime
) -> Record:
    """Append one record and everything that follows from it; return it.

    `body` carries private values as `Private`; they enter the record as
    commitments. Raises BadRecord or NotCanonical if the body does not fit its
    kind, ClockWrong if `at` lies before the newest record.
    """
    lock_book(session, book_id)
    openings: list[Private] = []
    resolved = _resolve(body, openings)
    KINDS[kind](resolved, kind)
    index = size(session, book_id)
    moment = stamp(at)
    if index:
        _check_clock(session, book_id, index, at)
    record = make_record(book_id, index, kind, resolved, by=by, at=moment)
    connection = session.connection()
    connection.execute(
        insert(RECORD), {"book_id": book_id, "idx": index, "data": record.data, "leaf": record.leaf}
    )
    nodes = [
        {"book_id": book_id, "level": level, "idx": idx, "hash": value}
        for level, idx, value in merkle.completed(index, record.leaf, reader(session, book_id))
    ]
    if nodes:
        connection.execute(insert(NODE), nodes)
    if openings:
        connection.execute(insert(PRIVATE), [_opening_row(book_id, opening) for opening in openings])
    _insert_projections(session, record)
    return record


def make_record(book_id: str, index: int, kind: str, body: dict[str, Any], *, by: str, at: str) -> Record:
    """Return the record with its canonical bytes and leaf hash; nothing is stored."""
    value = {"v": VERSION, "book": book_id, "index": index, "kind": kind, "at": at, "by": by, "body": body}
    _check_envelope(value)
    data = canonical.encode(value)
    return Record(book_id, index, kind, at, by, body, data, merkle.leaf_hash(data))


def parse_record(data: bytes, leaf: bytes) -> Record:
    """Read a record from its canonical bytes; raise NotCanonical or BadRecord if they are none."""
    value = canonical.decode(data)
    _check_envelope(value)
    book, index, kind, at, by, body = (value[name] for name in ("book", "index", "kind", "at", "by", "body"))
    return Record(book, index, kind, at, by, body, data, leaf)


def _check_envelope(value: Any) -> None:  # noqa: ANN401 - what JSON gave
    """Raise unless `value` has the fields of a record, of this version; the first opens the book, no other does."""
    ENVELOPE(value, "record")
    if value["v"] != VERSION:
        raise canonical.NotCanonical(N_("记录不是规范格式：{detail}"), detail="v")
    opens = value["kind"] == "book.opened"
    if opens != (value["index"] == 0) or (opens and value["body"].get("code") != value["book"]):
        raise canonical.NotCanonical(N_("记录不是规范格式：{detail}"), detail="book.opened")


def _resolve(value: Any, openings: list[Private]) -> Any:  # noqa: ANN401 - any JSON value
    """Return `value` with every Private replaced by its commitment, collecting the openings."""
    if isinstance(value, Private):
        openings.append(value)
        return {"private": value.commitment}
    if isinstance(value, dict):
        return {name: _resolve(item, openings) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_resolve(item, openings) for item in value]
    return value


def _opening_row(book_id: str, opening: Private) -> dict[str, Any]:
    value = canonical.encode(opening.value)
    return {"book_id": book_id, "commitment": opening.commitment, "salt": opening.salt, "value": value}


def _check_clock(session: Session, book_id: str, index: int, at: datetime) -> None:
    """Refuse a moment before the newest record's: order is the index, but a false clock must be seen."""
    last = (
        session.connection()
        .execute(
            select(t.RecordHead.at).where(t.RecordHead.book_id == book_id, t.RecordHead.idx == index - 1)
        )
        .scalar_one()
    )
    if at < parse_stamp(last) - BACKWARDS_MAX:
        raise ClockWrong(
            N_("服务器时钟（{now}）早于账本最后一条记录（{last}），已停止写入。请校正时钟后再试。"),
            now=stamp(at),
            last=last,
        )


def _insert_projections(session: Session, record: Record) -> None:
    """Insert the projection rows, those of one table together and in the order they came."""
    by_table: dict[Any, list[dict[str, Any]]] = {}
    for table, row in project(record):
        by_table.setdefault(table, []).append(row)
    for table, rows in by_table.items():
        session.connection().execute(insert(table), rows)


def size(session: Session, book_id: str) -> int:
    """Return how many records the book's log has."""
    last = (
        session.connection()
        .execute(select(func.max(t.RecordRow.idx)).where(t.RecordRow.book_id == book_id))
        .scalar()
    )
    return 0 if last is None else last + 1


def reader(session: Session, book_id: str) -> merkle.Read:
    """Return the function through which the tree algorithms read this book's hashes."""
    connection = session.connection()

    def read(level: int, idx: int) -> bytes:
        if level == 0:
            query = select(t.RecordRow.leaf).where(t.RecordRow.book_id == book_id, t.RecordRow.idx == idx)
        else:
            query = select(t.NodeRow.hash).where(
                t.NodeRow.book_id == book_id, t.NodeRow.level == level, t.NodeRow.idx == idx
            )
        return bytes(connection.execute(query).scalar_one())

    return read


def head(session: Session, book_id: str, at_size: int | None = None) -> Head:
    """Return size, root and origin of the log (as it was at `at_size` records)."""
    length = size(session, book_id) if at_size is None else at_size
    if not length:
        raise NotFound(N_("没有账本“{book}”。"), book=book_id[:40])
    read = reader(session, book_id)
    return Head(origin(book_id, read(0, 0)), length, merkle.root(length, read))


def origin(book_id: str, first_leaf: bytes) -> str:
    """Return the permanent name of a log: `sunbook/<code>/<first 16 hex of the first leaf hash>`."""
    return f"sunbook/{book_id}/{first_leaf.hex()[:16]}"


def get(session: Session, book_id: str, idx: int) -> Record:
    """Return one record; raise NotFound if the log does not reach that far."""
    row = (
        session.connection()
        .execute(
            select(t.RecordRow.data, t.RecordRow.leaf).where(
                t.RecordRow.book_id == book_id, t.RecordRow.idx == idx
            )
        )
        .first()
    )
    if row is None:
        raise NotFound(N_("账本里没有第 {index} 条记录。"), index=idx)
    return _sound(bytes(row.data), bytes(row.leaf), idx)


def records(session: Session, book_id: str, start: int = 0, end: int | None = None) -> Iterator[Record]:
    """Yield the records start … end−1 in order, a thousand at a time in memory."""
    r = t.RecordRow
    query = select(r.idx, r.data, r.leaf).where(r.book_id == book_id, r.idx >= start)
    if end is not None:
        query = query.where(r.idx < end)
    with session.connection().execute(query.order_by(r.idx).execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield _sound(bytes(row.data), bytes(row.leaf), row.idx)


def _sound(data: bytes, leaf: bytes, idx: int) -> Record:
    """Read a stored record; raise Broken if its bytes are not those of its leaf: nobody signs what was changed."""
    if merkle.leaf_hash(data) != leaf:
        raise Broken(N_("第 {index} 条记录的内容与其叶哈希不符。"), index=idx)
    return parse_record(data, leaf)


def opened(session: Session, book_id: str, commitments: list[str]) -> dict[str, Any]:
    """Return the private values that are still open, by commitment."""
    found: dict[str, Any] = {}
    wanted = list(dict.fromkeys(commitments))
    for start in range(0, len(wanted), 500):
        query = select(t.PrivateValue.commitment, t.PrivateValue.value).where(
            t.PrivateValue.book_id == book_id, t.PrivateValue.commitment.in_(wanted[start : start + 500])
        )
        found.update(
            (row.commitment, canonical.decode(bytes(row.value)))
            for row in session.connection().execute(query)
        )
    return found
