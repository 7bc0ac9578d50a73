"""Projections of records about reconciliation, hand-over, allocation, spending, exceptions and the close."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.store import tables_check as c
from ledger.store import tables_welfare as w
from ledger.store.projections_activity import Row, attachments, compact
from ledger.store.record import Record


def _calendar(record: Record) -> Iterator[Row]:
    body = record.body
    columns = {field: body[field] for field in ("year", "region", "source")}
    yield c.CalendarYear, {**columns, "off": compact(body["off"]), "work": compact(body["work"])}


def _profile(record: Record) -> Iterator[Row]:
    yield c.BankProfile, dict(record.body)


def _statement_placed(record: Record) -> Iterator[Row]:
    body = dict(record.body)
    yield c.StatementPlace, {"file_idx": body.pop("file"), **body}


def _matched(record: Record) -> Iterator[Row]:
    body = record.body
    yield (
        c.Match,
        {
            **{field: body[field] for field in ("account", "period", "how")},
            "reason": body.get("reason"),
        },
    )
    for item in body["statement"]:
        line = {"source": item["file"], "line": item["row"], "fen": item["fen"]}
        yield c.MatchLine, {"side": "statement", **line}
    for item in body["book"]:
        line = {"source": item["entry"], "line": item["line"], "fen": item["fen"]}
        yield c.MatchLine, {"side": "book", **line}


def _match_undone(record: Record) -> Iterator[Row]:
    yield c.MatchUndone, {"match_idx": record.body["match"], "reason": record.body["reason"]}


def _judged(record: Record) -> Iterator[Row]:
    yield c.Judgement, {"expected": None, **record.body}


def _balance_shown(record: Record) -> Iterator[Row]:
    yield c.BalanceShown, {field: record.body[field] for field in ("account", "day", "balance_fen")}
    yield from attachments(record)


def _handover(record: Record) -> Iterator[Row]:
    body = {name: value for name, value in record.body.items() if name != "attachments"}
    yield c.Handover, {"host_person": None, **body, "host": body["host"]["private"]}
    yield from attachments(record)


def _agreement(record: Record) -> Iterator[Row]:
    body = {name: value for name, value in record.body.items() if name != "attachments"}
    yield w.Agreement, {"last_day": None, "reason": None, **body, "accounts": compact(body["accounts"])}
    yield from attachments(record)


def _resolution(record: Record) -> Iterator[Row]:
    body = record.body
    yield w.Resolution, {field: body[field] for field in ("resolution", "passed_on", "body", "purpose")}
    for share in body["shares"]:
        yield w.ResolutionShare, {**share, "resolution": body["resolution"]}
    yield from attachments(record)


def _receipt(record: Record) -> Iterator[Row]:
    body = {name: value for name, value in record.body.items() if name != "attachments"}
    yield w.Receipt, {"entry_idx": body.pop("entry"), **body}
    yield from attachments(record)


def _receipt_review(record: Record) -> Iterator[Row]:
    body = dict(record.body)
    yield w.ReceiptReview, {"receipt_idx": body.pop("receipt"), **body}


def _goods(record: Record) -> Iterator[Row]:
    yield w.GoodsSelection, {name: value for name, value in record.body.items() if name != "attachments"}
    yield from attachments(record)


def _cost(record: Record) -> Iterator[Row]:
    body = {name: value for name, value in record.body.items() if name != "attachments"}
    yield w.Cost, {"broadcast": None, **body}
    yield from attachments(record)


def _event(record: Record) -> Iterator[Row]:
    body = {name: value for name, value in record.body.items() if name != "attachments"}
    yield w.OutsideEvent, {"expected_fen": None, **body, "owner": body["owner"]["private"]}
    yield from attachments(record)


def _activity(record: Record) -> Iterator[Row]:
    body = record.body
    taken = ("activity", "title", "day", "place", "beneficiaries", "who", "intent")
    yield (
        w.WelfareActivity,
        {
            **{field: body[field] for field in taken},
            "organisers": compact(body["organisers"]),
            "payee": body["payee"]["private"] if "payee" in body else None,
            "reason": body.get("reason"),
        },
    )
    for item in body["goods"]:
        yield w.ActivityGoods, dict(item)
    for item in body["volunteers"]:
        yield w.ActivityHours, {"name": item["name"]["private"], "minutes": item["minutes"]}
    for entry in body["spending"]:
        yield w.ActivitySpending, {"entry_idx": entry}
    yield from attachments(record)


def _relation(record: Record) -> Iterator[Row]:
    body = record.body
    detail = body["detail"]["private"] if "detail" in body else None
    yield w.Relation, {"entry_idx": body["entry"], "relation": body["relation"], "detail": detail}


def _evidence_added(record: Record) -> Iterator[Row]:
    yield w.AddedEvidence, {"record_idx": record.body["record"], "note": record.body["note"]}
    yield from attachments(record)


def _exception_settled(record: Record) -> Iterator[Row]:
    yield c.ExceptionOutcome, dict(record.body)


def _overridden(record: Record) -> Iterator[Row]:
    body = record.body
    for entry in body["entries"]:
        yield c.Override, {**{f: body[f] for f in ("rule", "subject", "reason")}, "entry_idx": entry}


def _month_closed(record: Record) -> Iterator[Row]:
    body = record.body
    period = body["period"]
    yield (
        c.MonthClosed,
        {
            "period": period,
            "drafter": body["drafter"],
            "confirmer": record.by,
            "checklist": compact(body["checklist"]),
        },
    )
    for item in body["balances"]:
        sides = {"debit_fen": max(item["fen"], 0), "credit_fen": max(-item["fen"], 0)}
        yield c.ClosedSum, {"period": period, "part": "balance", "account": item["account"], **sides}
    for part in ("year", "total"):
        for item in body[part]:
            yield c.ClosedSum, {"period": period, "part": part, **item}


def _disclosure(record: Record) -> Iterator[Row]:
    yield c.Disclosure, {f: record.body[f] for f in ("duty", "subject", "done_on", "link")}
    yield from attachments(record)


PROJECTIONS: dict[str, Callable[[Record], Iterator[Row]]] = {
    "calendar.loaded": _calendar,
    "profile.saved": _profile,
    "statement.placed": _statement_placed,
    "lines.matched": _matched,
    "match.undone": _match_undone,
    "line.judged": _judged,
    "balance.shown": _balance_shown,
    "handover.declared": _handover,
    "agreement.registered": _agreement,
    "resolution.passed": _resolution,
    "receipt.recorded": _receipt,
    "receipt.reviewed": _receipt_review,
    "goods.selected": _goods,
    "cost.borne": _cost,
    "event.recorded": _event,
    "activity.recorded": _activity,
    "relation.declared": _relation,
    "evidence.added": _evidence_added,
    "exception.settled": _exception_settled,
    "warning.overridden": _overridden,
    "month.closed": _month_closed,
    "disclosure.made": _disclosure,
}
