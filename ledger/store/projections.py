"""What each record means in rows: one pure function per kind, reading no database.

Appending, verifying and rebuilding all call `project`, so they cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Table

from ledger.store import projections_activity as activity
from ledger.store import projections_welfare as welfare
from ledger.store import tables as t
from ledger.store import tables_people as p
from ledger.store.projections_activity import Row
from ledger.store.record import Record


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
    yield t.Chart, {"definition": activity.compact(record.body["chart"])}


def _policy_set(record: Record) -> Iterator[Row]:
    yield p.Policy, {"name": record.body["name"], "value": activity.compact(record.body["value"])}


def _party_named(record: Record) -> Iterator[Row]:
    name = record.body["name"]
    yield p.Party, {"party": record.body["party"], "name_zh": name["zh"], "name_en": name["en"]}


def _member_joined(record: Record) -> Iterator[Row]:
    columns = {field: record.body[field] for field in ("person", "party", "role", "post")}
    yield p.Membership, {**columns, "name": record.body["name"]["private"]}


def _member_left(record: Record) -> Iterator[Row]:
    yield p.MembershipEnd, {"member_idx": record.body["member"], "reason": record.body["reason"]}


def _substitute(record: Record) -> Iterator[Row]:
    yield p.Substitute, {k: record.body[k] for k in ("party", "absent", "person", "first_day", "last_day")}
    yield from activity.attachments(record)


def _key_enrolled(record: Record) -> Iterator[Row]:
    body = record.body
    yield (
        p.SigningKey,
        {"key_id": body["key"], "person": body["person"], "method": body["method"], "public": body["public"]},
    )
    if "replaces" in body:
        yield p.SigningKeyEnd, {"key_id": body["replaces"], "reason": body["key"]}


def _key_ended(record: Record) -> Iterator[Row]:
    yield p.SigningKeyEnd, {"key_id": record.body["key"], "reason": record.body["reason"]}


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
            "facts": activity.compact(body["facts"]),
        },
    )
    yield from activity.duties(record)
    yield from activity.attachments(record)
    yield from activity.memo(body.get("memo", []), body["period"], body.get("broadcast"))
    if "rows" in body:
        yield from activity.claims(body["rows"]["file"], body["rows"]["ranges"], "booked")


def _opening_recorded(record: Record) -> Iterator[Row]:
    body = record.body
    yield t.Opening, {field: body[field] for field in ("period", "drafter", "amount_fen")}
    for part, field in (("balance", "balances"), ("item", "items"), ("year", "year")):
        for item in body[field]:
            yield t.OpeningLine, {**item, "part": part}
    yield from activity.duties(record)
    yield from activity.attachments(record)


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
    yield from activity.attachments(record)


def _replied(record: Record) -> Iterator[Row]:
    yield t.Reply, {"signoff_idx": record.body["signoff"], "text": record.body["text"]["private"]}
    yield from activity.attachments(record)


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
    "account.opened": activity.account_opened,
    "account.filed": activity.account_filed,
    "account.paused": activity.account_paused,
    "account.resumed": activity.account_paused,
    "broadcast.recorded": activity.broadcast,
    "broadcast.amended": activity.broadcast,
    "broadcast.measured": activity.broadcast_measured,
    "broadcast.declared": activity.broadcast_declared,
    "broadcast.zero": activity.broadcast_zero,
    "broadcast.explained": activity.broadcast_explained,
    "file.received": activity.file_received,
    "file.discarded": activity.file_discarded,
    "rows.set_aside": activity.rows_set_aside,
    "entry.posted": _entry_posted,
    "opening.recorded": _opening_recorded,
    "signoff.signed": _signoff,
    "signoff.paper": _signoff,
    "query.replied": _replied,
    "private.erased": _erased,
    **welfare.PROJECTIONS,
}
