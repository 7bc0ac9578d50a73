"""Verification: recompute everything that is stored from the record bytes, and name the first thing broken.

Records are read once, a few hundred at a time; each check sees them in order and
speaks again at the end. What is found is a list of plain sentences, not an
exception: a broken book must still be readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from ledger.errors import SunbookError, Value
from ledger.proof import merkle
from ledger.store import append_only, log
from ledger.store import tables as t
from ledger.store.kinds import KINDS
from ledger.store.record import Record
from ledger.words import N_, fill

CHUNK = 400

Derive = Callable[..., list[str]]
"""Recomputes natural keys from raw cells: `ledger.intake.derive`, handed in because store knows no formats.

Called with reader, version, header and numbered rows; with `partial=True` where not every row was kept.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is broken: where (a table or `log`), and a sentence."""

    where: str
    message: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language`."""
        return fill(self.message, self.values, language)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found in one book. `broken` is empty when all is well."""

    book: str
    origin: str
    size: int
    root: str
    broken: tuple[Finding, ...]
    private_open: int
    private_erased: int

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


class Check(Protocol):
    """One kind of check over the whole book."""

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Look at the next records, in order."""
        ...

    def finish(self) -> Iterator[Finding]:
        """Look at what only the whole shows."""
        ...


def verify(
    session: Session, book_id: str, *, derive: Derive | None, log_only: bool = False, most: int = 1
) -> Verdict:
    """Check one book; stop after `most` findings. `log_only` checks record bytes, tree and root only."""
    from ledger.store import (  # noqa: PLC0415 - they need what is defined here
        verify_close,
        verify_matches,
        verify_openings,
        verify_projections,
        verify_rows,
        verify_signoffs,
    )

    openings = verify_openings.Openings(session, book_id)
    checks: list[Check] = []
    if not log_only:
        checks = [
            verify_projections.Projections(session, book_id),
            verify_projections.Bookkeeping(),
            verify_close.Closes(),
            verify_matches.Matches(),
            openings,
            verify_openings.Blobs(session, book_id),
            verify_rows.Rows(session, book_id, derive),
            verify_signoffs.Signoffs(session, book_id),
        ]
    finished = (_guarded(check, check.finish()) for check in checks)
    found = chain(_records(session, book_id, checks), chain.from_iterable(finished))
    if not log_only:
        found = chain(found, _triggers(session), _strays(session))
    broken = tuple(islice(found, most))
    length = log.size(session, book_id)
    origin = root = ""
    if length and not any(item.where in ("record", "node") for item in broken):
        with suppress(NoResultFound):  # `most` may have ended the search before a hole in the tree was met
            head = log.head(session, book_id)
            origin, root = head.origin, head.root.hex()
    return Verdict(book_id, origin, length, root, broken, openings.open, openings.erased)


def books(session: Session) -> list[str]:
    """Return the codes of all books of which anything is left: a log that was wiped out is named as well."""
    found: set[str] = set()
    for model in (t.RecordRow, t.NodeRow, t.RecordHead, t.Book):
        found.update(session.scalars(select(model.book_id).distinct()))
    return sorted(found)


def _records(session: Session, book_id: str, checks: list[Check]) -> Iterator[Finding]:
    """Check every record by itself, show it to the other checks, then check the tree."""
    count, done = 0, False
    while not done:
        records: list[Record] = []
        for idx, data, leaf in _stored(session, book_id, count):
            finding = _record(book_id, count + len(records), idx, data, leaf, records)
            if finding:
                yield finding
                return
        done = len(records) < CHUNK
        count += len(records)
        for check in checks:
            yield from _guarded(check, check.see(records))
    if not count:
        yield Finding("record", N_("账本“{book}”没有任何记录。"), {"book": book_id})
    yield from _nodes(session, book_id, count)


def _guarded(check: Check, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Pass findings on; what a check cannot even read is a finding too, never a crash and never silence."""
    try:
        yield from findings
    except (ArithmeticError, AttributeError, LookupError, SunbookError, TypeError, ValueError) as error:
        values: dict[str, Value] = {
            "check": type(check).__name__,
            "detail": f"{type(error).__name__}: {error}"[:200],
        }
        yield Finding("record", N_("“{check}”检查读不懂存放的内容：{detail}"), values)


def _stored(session: Session, book_id: str, start: int) -> list[tuple[int, bytes, bytes]]:
    r = t.RecordRow
    query = (
        select(r.idx, r.data, r.leaf).where(r.book_id == book_id, r.idx >= start).order_by(r.idx).limit(CHUNK)
    )
    return [(row.idx, bytes(row.data), bytes(row.leaf)) for row in session.connection().execute(query)]


def _record(
    book_id: str, expected: int, idx: int, data: bytes, leaf: bytes, records: list[Record]
) -> Finding | None:
    """Check one stored record; add it to `records` if it is sound."""
    place: dict[str, Value] = {"index": expected}
    if idx != expected:
        return Finding("record", N_("缺少第 {index} 条记录。"), place)
    if merkle.leaf_hash(data) != leaf:
        return Finding("record", N_("第 {index} 条记录的内容与其叶哈希不符。"), place)
    try:
        record = log.parse_record(data, leaf)
        if (record.book, record.index) != (book_id, expected):
            return Finding("record", N_("第 {index} 条记录的账本或序号与所在位置不符。"), place)
        if record.kind not in KINDS:
            return Finding("record", N_("第 {index} 条记录的种类不明。"), place)
        KINDS[record.kind](record.body, record.kind)
    except (SunbookError, ValueError) as error:
        return Finding("record", N_("第 {index} 条记录不合格式：{detail}"), {**place, "detail": str(error)})
    records.append(record)
    return None


def _nodes(session: Session, book_id: str, size: int) -> Iterator[Finding]:
    """Recompute every inner node from the level below, and refuse any that should not be there."""
    n = t.NodeRow
    level, width = 0, size
    below = select(t.RecordRow.leaf).where(t.RecordRow.book_id == book_id).order_by(t.RecordRow.idx)
    while width > 1:
        level, width = level + 1, width // 2
        hashes = (bytes(value) for value in session.connection().execute(below).scalars())
        query = select(n.idx, n.hash).where(n.book_id == book_id, n.level == level).order_by(n.idx)
        stored = session.connection().execute(query)
        wanted = (merkle.node_hash(left, right) for left, right in zip(hashes, hashes, strict=False))
        for position, (right, row) in enumerate(zip_longest(islice(wanted, width), stored)):
            if row is None or right is None or row.idx != position or bytes(row.hash) != right:
                yield Finding(
                    "node",
                    N_("第 {level} 层第 {index} 个树节点与记录不符。"),
                    {"level": level, "index": position},
                )
                return
        below = select(n.hash).where(n.book_id == book_id, n.level == level).order_by(n.idx)
    more = select(func.count()).select_from(n).where(n.book_id == book_id, n.level > level)
    if session.connection().execute(more).scalar_one():
        yield Finding("node", N_("有多余的树节点。"))


def _triggers(session: Session) -> Iterator[Finding]:
    """Say which append-only triggers are gone or changed, and which do not belong here."""
    for name in append_only.problems(session.connection()):
        yield Finding("schema", N_("防止改写的触发器 {name} 不见了，或被改动，或不该存在。"), {"name": name})


def _strays(session: Session) -> Iterator[Finding]:
    """Refuse rows that belong to no book: a changed book code would hide them otherwise."""
    known = select(t.RecordRow.book_id).where(t.RecordRow.idx == 0)
    for model in (*append_only.LOG, *append_only.PRIVATE, *append_only.PROJECTION):
        table = append_only.table_of(model)
        query = select(func.count()).select_from(table).where(table.c.book_id.not_in(known))
        if session.connection().execute(query).scalar_one():
            yield Finding(table.name, N_("表 {table} 里有不属于任何账本的行。"), {"table": table.name})
