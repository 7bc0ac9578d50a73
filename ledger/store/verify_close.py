"""Checks of the monthly close: its sums are those of the entries before it, and nothing entered the month later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.months import Month
from ledger.store.record import Record
from ledger.store.verify import Finding
from ledger.words import N_

CLOSE = "CLOSE"
"""The type of closing entries, which turnovers leave out."""


class Closes:
    """Adds up the book as it goes, and compares each close with it."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}
        self._turnover: dict[str, dict[str, list[int]]] = {}
        self._closing: dict[str, list[int]] = {}
        self._first = ""
        self._last = ""

    def see(self, records: list[Record]) -> Iterator[Finding]:
        """Add entries up; look at each close."""
        for record in records:
            if record.kind == "opening.recorded":
                self._first = record.body["period"]
                for item in record.body["balances"]:
                    self._add(item["account"], item["fen"])
            elif record.kind == "entry.posted":
                yield from self._entry(record)
            elif record.kind == "month.closed":
                yield from self._close(record)

    def finish(self) -> Iterator[Finding]:
        """Nothing that only the whole shows."""
        yield from ()

    def _add(self, account: str, fen: int) -> None:
        self._held[account] = self._held.get(account, 0) + fen

    def _entry(self, record: Record) -> Iterator[Finding]:
        body = record.body
        if self._last and body["period"] <= self._last:
            yield Finding(
                "record",
                N_("第 {index} 条记录记入了已经月结的 {month}。"),
                {"index": record.index, "month": body["period"]},
            )
        closing = body["type"] == CLOSE
        if closing:
            self._closing.setdefault(body["period"], []).append(record.index)
        sums = self._turnover.setdefault(body["period"], {})
        for line in body["lines"]:
            side = 0 if line["dc"] == "D" else 1
            self._add(line["account"], line["fen"] if side == 0 else -line["fen"])
            if not closing:
                sums.setdefault(line["account"], [0, 0])[side] += line["fen"]

    def _close(self, record: Record) -> Iterator[Finding]:
        body = record.body
        wrong = [
            body["period"] != (str(Month.parse(self._last).plus(1)) if self._last else self._first),
            body["drafter"] == record.by,
            body["vouchers"] != self._closing.get(body["period"], []),
            any(period > body["period"] for period in self._closing),
            _plain(body["balances"]) != self._balances(body["period"]),
            _plain(body["year"]) != self._sums(f"{body['period'][:4]}-01", body["period"]),
            _plain(body["total"]) != self._sums("", body["period"]),
        ]
        if any(wrong):
            yield Finding(
                "record",
                N_("第 {index} 条记录（{month} 月结）与此前的凭证不符。"),
                {"index": record.index, "month": body["period"]},
            )
        self._last = body["period"]

    def _balances(self, period: str) -> dict[str, Any]:
        """Return the balances after close: all that was posted, less what lies in later months."""
        held = dict(self._held)
        for later, sums in self._turnover.items():
            if later > period:
                for account, (debit, credit) in sums.items():
                    held[account] -= debit - credit
        return {account: fen for account, fen in held.items() if fen}

    def _sums(self, first: str, last: str) -> dict[str, Any]:
        found: dict[str, list[int]] = {}
        for period, sums in self._turnover.items():
            if first <= period <= last:
                for account, sides in sums.items():
                    had = found.setdefault(account, [0, 0])
                    had[0] += sides[0]
                    had[1] += sides[1]
        return {account: tuple(sides) for account, sides in found.items() if any(sides)}


def _plain(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a close's list as the mapping it stands for."""
    return {
        item["account"]: item["fen"] if "fen" in item else (item["debit_fen"], item["credit_fen"])
        for item in items
    }
