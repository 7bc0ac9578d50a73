"""What each record means in rows: one pure function per kind, reading no database.

Appending, verifying and rebuilding all call `project`, so they cannot drift.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from ledger.months import Month, parse_stamp
from ledger.store import tables as t
from ledger.store import tables_activity as a


@dataclass(frozen=True, slots=True)
class Record:
    """One fact in a book's log. `at` is China time as written, `leaf` the RFC 6962 leaf hash."""

    book: str
    index: int
    kind: str
    at: str
    by: str
    body: dict[str, Any]
    data: bytes
    leaf: bytes


Row = tuple[Any, dict[str, Any]]
"""A table class and the columns that are not filled by `project` itself."""


def compact(value: object) -> str:
    """Return JSON text as projections store it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def project(record: Record) -> list[tuple[Table, dict[str, Any]]]:
    """Return every projection row of a record, with its table, in a fixed order."""
    numbers: dict[str, int] = {}
    rows = []
    head = (t.RecordHead, {"kind": record.kind, "at": record.at, "person": record.by})
    for model, columns in (head, *PROJECTIONS[record.kind](record)):
        table = model.__table__
        n = numbers.get(table.name, 0)
        numbers[table.name] = n + 1
        full = dict.fromkeys(table.columns.keys())
        full.update(columns, book_id=record.book, idx=record.index, n=n)
        rows.append((table, full))
    return rows


def _attachments(record: Record) -> Iterator[Row]:
    for item in record.body.get("attachments", ()):
        yield t.Attachment, {name: item[name] for name in ("digest", "name", "media", "size")}


def _duties(record: Record) -> Iterator[Row]:
    for duty in record.body["duties"]:
        yield t.Duty, dict(duty)


def _memo(items: list[dict[str, Any]], period: str, broadcast: str | None) -> Iterator[Row]:
    for item in items:
        yield a.MemoSum, {**item, "period": period, "broadcast": broadcast}


def _claims(file_idx: int, ranges: list[list[int]], use: str) -> Iterator[Row]:
    for first, last in ranges:
        yield a.RowClaim, {"file_idx": file_idx, "first": first, "last": last, "use": use}


def _book_opened(record: Record) -> Iterator[Row]:
    name, county = record.body["name"], record.body["county"]
    yield (
        t.Book,
        {
            "name_zh": name["zh"],
            "name_en": name["en"],
            "county_zh": county["zh"],
            "county_en": county["en"],
            "nonce": record.body["nonce"],
        },
    )


def _chart_adopted(record: Record) -> Iterator[Row]:
    yield t.Chart, {"definition": compact(record.body["chart"])}


def _policy_set(record: Record) -> Iterator[Row]:
    yield t.Policy, {"name": record.body["name"], "value": compact(record.body["value"])}


def _party_named(record: Record) -> Iterator[Row]:
    name = record.body["name"]
    yield t.Party, {"party": record.body["party"], "name_zh": name["zh"], "name_en": name["en"]}


def _member_joined(record: Record) -> Iterator[Row]:
    columns = {field: record.body[field] for field in ("person", "party", "role", "post")}
    yield t.Membership, {**columns, "name": record.body["name"]["private"]}


def _member_left(record: Record) -> Iterator[Row]:
    yield t.MembershipEnd, {"member_idx": record.body["member"], "reason": record.body["reason"]}


def _substitute(record: Record) -> Iterator[Row]:
    yield t.Substitute, {k: record.body[k] for k in ("party", "absent", "person", "first_day", "last_day")}
    yield from _attachments(record)


def _key_enrolled(record: Record) -> Iterator[Row]:
    body = record.body
    yield (
        t.SigningKey,
        {"key_id": body["key"], "person": body["person"], "method": body["method"], "public": body["public"]},
    )
    if "replaces" in body:
        yield t.SigningKeyEnd, {"key_id": body["replaces"], "reason": body["key"]}


def _key_ended(record: Record) -> Iterator[Row]:
    yield t.SigningKeyEnd, {"key_id": record.body["key"], "reason": record.body["reason"]}


def _account_opened(record: Record) -> Iterator[Row]:
    columns = {field: record.body[field] for field in ("account", "platform", "handle", "owner_kind")}
    yield a.LiveAccount, {**columns, "owner": record.body["owner"]["private"]}


def _account_filed(record: Record) -> Iterator[Row]:
    yield a.Filing, {field: record.body[field] for field in ("account", "filed_with", "number", "filed_on")}
    yield from _attachments(record)


def _account_paused(record: Record) -> Iterator[Row]:
    columns = {field: record.body[field] for field in ("account", "on_day", "reason")}
    yield a.AccountPause, {**columns, "paused": int(record.kind == "account.paused")}


def _broadcast(record: Record) -> Iterator[Row]:
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


def _broadcast_measured(record: Record) -> Iterator[Row]:
    for figure in record.body["figures"]:
        yield a.Audience, {**figure, "broadcast": record.body["broadcast"]}
    yield from _attachments(record)


def _broadcast_declared(record: Record) -> Iterator[Row]:
    body = record.body
    for shown in body["shown"]:
        yield a.Declaration, {"zero": 0, **shown, "broadcast": body["broadcast"], "captured_at": body["captured_at"]}
    yield from _attachments(record)


def _broadcast_zero(record: Record) -> Iterator[Row]:
    body = record.body
    for account in body["accounts"]:
        columns = {"broadcast": body["broadcast"], "account": account, "captured_at": body["captured_at"]}
        yield a.Declaration, {**columns, "zero": 1, "amount_fen": 0}
    yield from _attachments(record)


def _broadcast_explained(record: Record) -> Iterator[Row]:
    body = dict(record.body)
    body["text"] = body.pop("explanation")
    yield a.Explanation, body


def _file_received(record: Record) -> Iterator[Row]:
    body = dict(record.body)
    body["header"], body["controls"] = compact(body["header"]), compact(body["controls"])
    yield a.SourceFile, body


def _file_discarded(record: Record) -> Iterator[Row]:
    yield a.FileDiscard, {"file_idx": record.body["file"], "reason": record.body["reason"]}


def _rows_set_aside(record: Record) -> Iterator[Row]:
    body = record.body
    for group in body["groups"]:
        yield from _claims(body["file"], group["ranges"], group["use"])
        yield from _memo(group["memo"], group["period"], group.get("broadcast"))


def _entry_posted(record: Record) -> Iterator[Row]:
    body = record.body
    for line in body["lines"]:
        yield t.Posting, {**line, "period": body["period"]}
    taken = ("period", "seq", "number", "date", "type", "summary", "amount_fen", "drafter")
    maybe = ("broadcast", "account", "charity", "reverses", "corrects", "reason")
    yield (
        t.Entry,
        {
            **{field: body[field] for field in taken},
            **{field: body.get(field) for field in maybe},
            "lines": len(body["lines"]),
            "poster": record.by,
            "attachments": len(body["attachments"]),
            "facts": compact(body["facts"]),
        },
    )
    yield from _duties(record)
    yield from _attachments(record)
    yield from _memo(body.get("memo", []), body["period"], body.get("broadcast"))
    if "rows" in body:
        yield from _claims(body["rows"]["file"], body["rows"]["ranges"], "booked")


def _opening_recorded(record: Record) -> Iterator[Row]:
    body = record.body
    yield t.Opening, {field: body[field] for field in ("period", "drafter", "amount_fen")}
    for part, field in (("balance", "balances"), ("item", "items"), ("year", "year")):
        for item in body[field]:
            yield t.OpeningLine, {**item, "part": part}
    yield from _duties(record)
    yield from _attachments(record)


def _signoff(record: Record) -> Iterator[Row]:
    body = record.body
    yield (
        t.Signoff,
        {
            "entry_idx": body["entry"],
            "entry": body["leaf"],
            **{field: body[field] for field in ("party", "person", "role", "decision")},
            "reason": body["reason"]["private"] if "reason" in body else None,
            "previous": body.get("previous", ""),
            "method": body.get("method", "paper"),
            "key_id": body.get("key", ""),
            "batch": body["batch"]["root"] if "batch" in body else "",
            "leaf": record.leaf.hex(),
        },
    )
    yield from _attachments(record)


def _replied(record: Record) -> Iterator[Row]:
    yield t.Reply, {"signoff_idx": record.body["signoff"], "text": record.body["text"]["private"]}
    yield from _attachments(record)


def _erased(record: Record) -> Iterator[Row]:
    yield t.Erasure, dict(record.body)


PROJECTIONS: dict[str, Callable[[Record], Iterator[Row]]] = {
    "book.opened": _book_opened,
    "chart.adopted": _chart_adopted,
    "policy.set": _policy_set,
    "party.named": _party_named,
    "member.joined": _member_joined,
    "member.left": _member_left,
    "substitute.authorised": _substitute,
    "key.enrolled": _key_enrolled,
    "key.ended": _key_ended,
    "account.opened": _account_opened,
    "account.filed": _account_filed,
    "account.paused": _account_paused,
    "account.resumed": _account_paused,
    "broadcast.recorded": _broadcast,
    "broadcast.amended": _broadcast,
    "broadcast.measured": _broadcast_measured,
    "broadcast.declared": _broadcast_declared,
    "broadcast.zero": _broadcast_zero,
    "broadcast.explained": _broadcast_explained,
    "file.received": _file_received,
    "file.discarded": _file_discarded,
    "rows.set_aside": _rows_set_aside,
    "entry.posted": _entry_posted,
    "opening.recorded": _opening_recorded,
    "signoff.signed": _signoff,
    "signoff.paper": _signoff,
    "query.replied": _replied,
    "private.erased": _erased,
}
