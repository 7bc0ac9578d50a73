"""Vouchers as a page shows them (记账凭证): summary, accounts by name, debit, credit, total, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.book.chart import Chart
from ledger.book.entries import Entry
from ledger.store import tables as t
from ledger.words import Text


@dataclass(frozen=True, slots=True)
class Line:
    """A line: account code and name, and the amount in fen on one of the sides."""

    code: str
    name: Text
    debit_fen: int | None
    credit_fen: int | None


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a voucher shows. `number` is empty before posting; facts are (label, value), erased ones None."""

    number: str
    type: Text
    date: str
    summary: str
    lines: tuple[Line, ...]
    total_fen: int
    broadcast: str
    account: str
    charity: str
    facts: tuple[tuple[Text, str | int | None], ...]
    attachments: tuple[dict[str, Any], ...]
    rows: int
    duties: tuple[tuple[str, str, str], ...]
    reason: str
    red: bool


def of_draft(chart: Chart, entry: dict[str, Any]) -> Voucher:
    """Return an entry of a draft as a voucher; its number comes with posting."""
    lines = _lines(chart, ((line["account"], line["dc"], line["fen"]) for line in entry["lines"]))
    return Voucher(
        number="",
        type=_type(chart, entry["type"]),
        date=entry["date"],
        summary=entry["summary"],
        lines=lines,
        total_fen=sum(line.debit_fen or 0 for line in lines),
        broadcast=entry.get("broadcast", ""),
        account=entry.get("account", ""),
        charity=entry.get("charity", ""),
        facts=_facts(chart, entry["type"], entry["facts"]),
        attachments=tuple(entry["attachments"]),
        rows=entry["rows"]["count"] if "rows" in entry else 0,
        duties=tuple((duty["party"], duty["part"], duty["statement"]) for duty in entry["duties"]),
        reason=entry.get("reason", ""),
        red="reverses" in entry,
    )


def of_entry(
    chart: Chart, entry: Entry, postings: Iterable[t.Posting], files: Iterable[t.Attachment]
) -> Voucher:
    """Return a posted entry as a voucher."""
    lines = _lines(chart, ((line.account, line.dc, line.fen) for line in postings))
    return Voucher(
        number=entry.number,
        type=_type(chart, entry.type),
        date=entry.date,
        summary=entry.summary,
        lines=lines,
        total_fen=sum(line.debit_fen or 0 for line in lines),
        broadcast=entry.broadcast or "",
        account=entry.account or "",
        charity=entry.charity or "",
        facts=_facts(chart, entry.type, entry.facts),
        attachments=tuple(
            {"digest": f.digest, "name": f.name, "media": f.media, "size": f.size} for f in files
        ),
        rows=0,
        duties=(),
        reason=entry.reason or "",
        red=entry.reverses is not None,
    )


def _lines(chart: Chart, given: Iterable[tuple[str, str, int]]) -> tuple[Line, ...]:
    return tuple(
        Line(code, _account(chart, code), fen if dc == "D" else None, fen if dc == "C" else None)
        for code, dc, fen in given
    )


def _account(chart: Chart, code: str) -> Text:
    """Return an account's name; one that an older chart had is shown by its code."""
    return chart.accounts[code].name if code in chart.accounts else Text(code, code)


def _type(chart: Chart, code: str) -> Text:
    return chart.types[code].name if code in chart.types else Text(code, code)


def _facts(chart: Chart, code: str, facts: dict[str, Any]) -> tuple[tuple[Text, str | int | None], ...]:
    """Return an entry's facts with the chart's labels."""
    labels = {fact.name: fact.label for fact in chart.types[code].facts} if code in chart.types else {}
    return tuple((labels.get(name, Text(name, name)), value) for name, value in facts.items())
