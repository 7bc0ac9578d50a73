"""Projections of records about live accounts, broadcasts and files, and the parts that kinds share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ledger.months import Month, parse_stamp
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store.record import Record

Row = tuple[Any, dict[str, Any]]
"""A table class and the columns that are not filled by `project` itself."""


def compact(value: object) -> str:
    """Return JSON text as projections store it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def attachments(record: Record) -> Iterator[Row]:
    """Rows of the files that a record names."""
    for item in record.body.get("attachments", ()):
        yield t.Attachment, {name: item[name] for name in ("digest", "name", "media", "size")}


def duties(record: Record) -> Iterator[Row]:
    """Rows of who must speak on a record."""
    for duty in record.body["duties"]:
        yield t.Duty, dict(duty)


def memo(items: list[dict[str, Any]], period: str, broadcast: str | None) -> Iterator[Row]:
    """Rows of figures that are no income."""
    for item in items:
        yield a.MemoSum, {**item, "period": period, "broadcast": broadcast}


def claims(file_idx: int, ranges: list[list[int]], use: str) -> Iterator[Row]:
    """Rows of what became of a file's rows."""
    for first, last in ranges:
        yield a.RowClaim, {"file_idx": file_idx, "first": first, "last": last, "use": use}


def account_opened(record: Record) -> Iterator[Row]:
    """An account on a platform."""
    columns = {field: record.body[field] for field in ("account", "platform", "handle", "owner_kind")}
    yield a.LiveAccount, {**columns, "owner": record.body["owner"]["private"]}


def account_filed(record: Record) -> Iterator[Row]:
    """A filing and its document."""
    yield a.Filing, {field: record.body[field] for field in ("account", "filed_with", "number", "filed_on")}
    yield from attachments(record)


def account_paused(record: Record) -> Iterator[Row]:
    """A pause, or its end."""
    columns = {field: record.body[field] for field in ("account", "on_day", "reason")}
    yield a.AccountPause, {**columns, "paused": int(record.kind == "account.paused")}


def broadcast(record: Record) -> Iterator[Row]:
    """A broadcast as it stands from this record on, and its accounts."""
    body = record.body
    yield (
        a.Broadcast,
        {
            "broadcast": body["broadcast"],
            "title": body["title"],
            "starts_at": body["starts_at"],
            "ends_at": body.get("ends_at"),
            "month": str(Month.of(parse_stamp(body["starts_at"]))),
            "department": body["department"],
            "host": body["host"]["private"],
            "host_person": body.get("host_person"),
            "amended": body.get("reason"),
        },
    )
    for leg in body["legs"]:
        yield a.BroadcastLeg, {"broadcast": body["broadcast"], "account": leg["account"]}


def broadcast_measured(record: Record) -> Iterator[Row]:
    """Audience figures."""
    for figure in record.body["figures"]:
        yield a.Audience, {**figure, "broadcast": record.body["broadcast"]}
    yield from attachments(record)


def broadcast_declared(record: Record) -> Iterator[Row]:
    """The night's figures, one row per account."""
    body = record.body
    for shown in body["shown"]:
        yield (
            a.Declaration,
            {"zero": 0, **shown, "broadcast": body["broadcast"], "captured_at": body["captured_at"]},
        )
    yield from attachments(record)


def broadcast_zero(record: Record) -> Iterator[Row]:
    """Zero income, one row per account."""
    body = record.body
    for account in body["accounts"]:
        columns = {"broadcast": body["broadcast"], "account": account, "captured_at": body["captured_at"]}
        yield a.Declaration, {**columns, "zero": 1, "amount_fen": 0}
    yield from attachments(record)


def broadcast_explained(record: Record) -> Iterator[Row]:
    """Why a settled figure differs."""
    body = dict(record.body)
    body["text"] = body.pop("explanation")
    yield a.Explanation, body


def file_received(record: Record) -> Iterator[Row]:
    """A received file."""
    body = dict(record.body)
    body["header"], body["controls"] = compact(body["header"]), compact(body["controls"])
    yield a.SourceFile, body


def file_discarded(record: Record) -> Iterator[Row]:
    """A file of which nothing will be booked."""
    yield a.FileDiscard, {"file_idx": record.body["file"], "reason": record.body["reason"]}


def rows_set_aside(record: Record) -> Iterator[Row]:
    """What becomes of rows that are not booked."""
    body = record.body
    for group in body["groups"]:
        yield from claims(body["file"], group["ranges"], group["use"])
        yield from memo(group["memo"], group["period"], group.get("broadcast"))
