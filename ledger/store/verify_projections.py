"""Checks that replay: every projection row against its record, and the bookkeeping rules."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from ledger.store.append_only import PROJECTION, table_of
from ledger.store.projections import project
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

TABLES: tuple[Table, ...] = tuple(table_of(model) for model in PROJECTION)


class Projections:
    """Replays each record through its projection and compares every column."""

    def __init__(self, session: Session, book_id: str) -> None:
        self._session, self._book_id = session, book_id
        self._counts: Counter[str] = Counter()

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Compare the rows of these records."""
        if not records:
            return
        wanted: dict[str, dict[tuple[int, int], dict[str, Any]]] = {table.name: {} for table in TABLES}
        for record in records:
            for table, row in project(record):
                wanted[table.name][row["idx"], row["n"]] = row
        first, last = records[0].index, records[-1].index
        for table in TABLES:
            self._counts[table.name] += len(wanted[table.name])
            yield from self._compare(table, wanted[table.name], first, last)

    def _compare(
        self, table: Table, wanted: dict[tuple[int, int], dict[str, Any]], first: int, last: int
    ) -> Iterator[Finding]:
        query = select(table).where(table.c.book_id == self._book_id, table.c.idx.between(first, last))
        for row in self._session.connection().execute(query).mappings():
            key = row["idx"], row["n"]
            right = wanted.pop(key, None)
            if right is None:
                yield self._finding(table, *key, "*")
                return
            for name, value in row.items():
                if value != right[name] or type(value) is not type(right[name]):
                    yield self._finding(table, *key, name)
                    return
        if wanted:
            yield self._finding(table, *min(wanted), "*")

    def finish(self) -> Iterator[Finding]:
        """Refuse rows beyond the last record."""
        for table in TABLES:
            query = select(func.count()).select_from(table).where(table.c.book_id == self._book_id)
            if self._session.connection().execute(query).scalar_one() != self._counts[table.name]:
                yield Finding(table.name, N_("表 {table} 的行数与记录不符。"), {"table": table.name})

    @staticmethod
    def _finding(table: Table, idx: int, n: int, column: str) -> Finding:
        return Finding(
            table.name,
            N_("表 {table} 中第 {index} 条记录的第 {n} 行（{column}）与记录不符。"),
            {"table": table.name, "index": idx, "n": n, "column": column},
        )


class Bookkeeping:
    """Lines balance, voucher numbers run from 1 without gaps, two persons made each entry, one reversal undoes it."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()
        self._lines: dict[int, bytes] = {}
        self._reversed: set[int] = set()

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Check the opening and the entries among these records."""
        for record in records:
            body = record.body
            if record.kind in ("entry.posted", "opening.recorded") and body["drafter"] == record.by:
                yield Finding(
                    "record", N_("第 {index} 条记录的制单人与审核人是同一人。"), {"index": record.index}
                )
            if record.kind == "opening.recorded":
                debits = sum(item["fen"] for item in body["balances"] if item["fen"] > 0)
                if sum(item["fen"] for item in body["balances"]) or debits != body["amount_fen"]:
                    yield Finding(
                        "record", N_("期初余额（第 {index} 条记录）借贷不平。"), {"index": record.index}
                    )
            elif record.kind == "entry.posted":
                yield from self._entry(record, body)

    def _entry(self, record: Record, body: dict[str, Any]) -> Iterator[Finding]:
        sides = {"D": 0, "C": 0}
        for line in body["lines"]:
            sides[line["dc"]] += line["fen"]
        if sides["D"] != sides["C"] or sides["D"] != body["amount_fen"] or not body["lines"]:
            yield Finding("record", N_("凭证 {number}（{period}）借贷不平。"), _name(body))
        self._last[body["period"]] += 1
        seq = self._last[body["period"]]
        if body["seq"] != seq or body["number"] != f"记-{seq:04d}" or body["date"][:7] != body["period"]:
            yield Finding("record", N_("凭证 {number}（{period}）不连号，或日期不在所属月份。"), _name(body))
        self._lines[record.index] = _digest(body["lines"], 1)
        if "reverses" in body:
            undone = body["reverses"]
            red = _digest(body["lines"], -1)
            if undone in self._reversed or undone >= record.index or self._lines.get(undone) != red:
                yield Finding("record", N_("凭证 {number}（{period}）不是所冲销凭证的红字。"), _name(body))
            self._reversed.add(undone)

    def finish(self) -> Iterator[Finding]:
        """Nothing is left to say."""
        yield from ()


def _digest(lines: list[dict[str, Any]], sign: int) -> bytes:
    """Return a digest of an entry's lines (`sign` −1: of their red letters), short enough to keep for every entry."""
    text = ";".join(f"{line['account']},{line['dc']},{sign * line['fen']}" for line in lines)
    return hashlib.sha256(text.encode()).digest()[:16]


def _name(body: dict[str, Any]) -> dict[str, str | int]:
    return {"number": body["number"], "period": body["period"]}
