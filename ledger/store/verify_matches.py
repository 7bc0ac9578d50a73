"""Checks of reconciliation: sums agree or a reason is given, and no line is matched twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

Line = tuple[str, int, int]
"""(side, file or entry, row or line)."""


class Matches:
    """Follows every line through the matches that hold it, in the order of the log."""

    def __init__(self) -> None:
        self._held: dict[Line, int] = {}
        self._lines: dict[int, list[Line]] = {}
        self._ended: set[int] = set()

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Look at matches and at those that were undone."""
        for record in records:
            if record.kind == "lines.matched":
                yield from self._match(record)
            elif record.kind == "match.undone":
                yield from self._undo(record)

    def finish(self) -> Iterator[Finding]:
        """Nothing that only the whole shows."""
        yield from ()

    def _match(self, record: Record) -> Iterator[Finding]:
        body = record.body
        lines = list(_lines(body))
        sums = [sum(item["fen"] for item in body[side]) for side in ("statement", "book")]
        if not lines or (sums[0] != sums[1] and "reason" not in body):
            yield Finding(
                "record",
                N_("第 {index} 条记录：勾对的两边金额不等，又没有写明原因。"),
                {"index": record.index},
            )
        if len(set(lines)) != len(lines) or any(line in self._held for line in lines):
            yield Finding("record", N_("第 {index} 条记录：有一笔被勾对了两次。"), {"index": record.index})
        self._lines[record.index] = lines
        self._held.update(dict.fromkeys(lines, record.index))

    def _undo(self, record: Record) -> Iterator[Finding]:
        match = record.body["match"]
        if match not in self._lines or match in self._ended:
            yield Finding("record", N_("第 {index} 条记录撤销的勾对不存在。"), {"index": record.index})
            return
        self._ended.add(match)
        for line in self._lines[match]:
            self._held.pop(line, None)


def _lines(body: dict[str, Any]) -> Iterator[Line]:
    for item in body["statement"]:
        yield "statement", item["file"], item["row"]
    for item in body["book"]:
        yield "book", item["entry"], item["line"]
