"""The sample log behind tests/vectors/records.json: a small book with every kind of record.

`python -m tests.vector_log` prints it. A vector that is published never changes: a new
kind of record is added at the end, and `test_store_vectors` compares everything before it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.proof import merkle
from ledger.proof.private import Private
from ledger.proof.signature import WITHHELD, Batch, b64, batch_leaf, key_id, statement
from ledger.store import log
from ledger.store.projections import project
from ledger.store.record import Record
from tests import welfare_records

BOOK = "vector"
SEED = bytes(range(32))
"""The Ed25519 seed of the vectors' only key."""

FILE = b"\x89PNG\r\n\x1a\nsunbook vector"
ROWS = (["2026-0001", "抖音", "100.00"], ["2026-0002", "抖音", "=1+1"], ["2026-0003", "“引号”\\\t", ""])
STATEMENT = "经核对，本凭证与所附平台记录相符。"


def salt(number: int) -> bytes:
    """Return the salt of a vector, sixteen times the same byte."""
    return bytes([number]) * 16


def row_leaves(numbers: tuple[int, ...] = (0, 1, 2)) -> list[bytes]:
    """Return the leaves of the source rows; row n is salted with 0xa0 + n."""
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in ROWS]
    return [merkle.leaf_hash(salt(0xA0 + n) + texts[n].encode()) for n in numbers]


class Writer:
    """Builds the log record by record."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.openings: list[Private] = []

    def add(
        self, kind: str, body: dict[str, Any], by: str = "p-recorder", at: str = "2026-03-01T09:00:00+08:00"
    ) -> Record:
        """Append one record."""
        resolved = log._resolve(body, self.openings)
        record = log.make_record(BOOK, len(self.records), kind, resolved, by=by, at=at)
        self.records.append(record)
        return record

    @property
    def origin(self) -> str:
        """The log's permanent name."""
        return log.origin(BOOK, self.records[0].leaf)


ATTACHMENT = {
    "digest": hashlib.sha256(FILE).hexdigest(),
    "name": "截图.png",
    "media": "image/png",
    "size": len(FILE),
}
MEMO = {
    "kind": "sale",
    "shop": "示例县粉条厂",
    "product": "土豆粉条2kg",
    "orders": 2,
    "gmv_fen": 8000,
    "amount_fen": 800,
    "fee_fen": 80,
}


def _people(add: Any) -> None:
    """Names, seats, a stand-in and a key."""
    add("chart.adopted", {"chart": {"version": "vector", "accounts": [], "types": {}}}, "system")
    add(
        "policy.set",
        {"name": "signing_parties", "value": ["redcross", "charity"], "reason": "先由两会签认"},
        "p-security",
    )
    add(
        "party.named",
        {"party": "charity", "name": {"zh": "县慈善总会", "en": "county Charity Federation"}},
        "system",
    )
    for person, party, role, number in (
        ("p-signer", "charity", "signer", 1),
        ("p-viewer", "redcross", "viewer", 2),
    ):
        add(
            "member.joined",
            {
                "person": person,
                "party": party,
                "role": role,
                "post": "秘书长",
                "name": Private("张某某", salt(number)),
                "confirmed_by": "p-audit",
            },
            "p-security",
        )
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    key = {"person": "p-signer", "key": key_id(public), "method": "sealed-key", "public": b64(public)}
    add("key.enrolled", {**key, "confirmed_by": "p-security"}, "p-signer")
    away = {"party": "redcross", "absent": "p-away", "person": "p-viewer"}
    days = {"first_day": "2026-03-01", "last_day": "2026-04-30"}
    add("substitute.authorised", {**away, **days, "attachments": [ATTACHMENT]}, "p-security")


def _broadcasts(add: Any) -> None:
    """An account, a broadcast, and what is said of it."""
    account = {"account": "A01", "platform": "douyin", "handle": "示例县公益直播", "owner_kind": "personal"}
    add("account.opened", {**account, "owner": Private("张某某", salt(3))})
    filing = {
        "account": "A01",
        "filed_with": "discipline",
        "number": "示纪备〔2026〕1号",
        "filed_on": "2026-02-24",
    }
    add("account.filed", {**filing, "attachments": [ATTACHMENT]})
    add("account.paused", {"account": "A01", "on_day": "2026-03-01", "reason": "整改"})
    add("account.resumed", {"account": "A01", "on_day": "2026-03-02", "reason": "整改完成"})
    broadcast = {
        "broadcast": "2026-0001",
        "title": "助农专场 🌾",
        "starts_at": "2026-03-03T20:00:00+08:00",
        "ends_at": "2026-03-03T23:10:00+08:00",
        "department": "县农业农村局",
        "host": Private("张某某", salt(4)),
        "host_person": "p-host",
        "legs": [{"account": "A01"}, {"account": "A02"}],
    }
    night = "2026-03-03T23:21:00+08:00"
    add("broadcast.recorded", broadcast, at=night)
    amended = {
        **broadcast,
        "host": Private("李某某", salt(5)),
        "legs": [{"account": "A01"}],
        "reason": "漏填主播",
    }
    del amended["ends_at"], amended["host_person"]
    add("broadcast.amended", amended, at=night)
    figure = {"account": "A01", "name": "观看", "unit": "人次", "value": 18260, "captured_at": night}
    add("broadcast.measured", {"broadcast": "2026-0001", "figures": [figure], "attachments": []}, at=night)
    shown = [{"account": "A01", "amount_fen": 10000, "units": 1000}]
    told = {"broadcast": "2026-0001", "captured_at": night, "attachments": [ATTACHMENT]}
    add("broadcast.declared", {**told, "shown": shown}, at=night)
    add("broadcast.zero", {**told, "accounts": ["A02"]}, at=night)
    explained = {"account": "A01", "difference_fen": -50, "explanation": "平台补计"}
    add("broadcast.explained", {"broadcast": "2026-0001", **explained}, at=night)


def _file(add: Any, name: str) -> Record:
    """A received file with three rows."""
    record: Record = add(
        "file.received",
        {
            "digest": ATTACHMENT["digest"],
            "name": name,
            "size": len(FILE),
            "reader": "tip-sheet",
            "version": 1,
            "kind": "tips",
            "platform": "",
            "header": ["直播场次号", "平台", "打赏"],
            "fingerprint": "0f" * 32,
            "encoding": "utf-8",
            "rows": len(ROWS),
            "root": merkle.root_of(row_leaves()).hex(),
            "controls": [{"name": "gross", "stated": 30000, "computed": 30000, "unit": "fen"}],
            "first_at": "2026-03-03T20:00:00+08:00",
            "last_at": "2026-03-25T20:00:00+08:00",
        },
        at="2026-03-26T09:30:00+08:00",
    )
    return record


def _money(add: Any) -> tuple[Record, Record]:
    """An opening, a file, the entry made of one of its rows, and what becomes of the others."""
    morning = "2026-03-26T09:30:00+08:00"
    discarded = _file(add, "作废.csv")
    add("file.discarded", {"file": discarded.index, "reason": "选错了文件"}, at=morning)
    kept = _file(add, "打赏登记表.csv")
    duties = [
        {"party": "redcross", "part": "acknowledge", "statement": "我会知悉。"},
        {"party": "charity", "part": "agree", "statement": STATEMENT},
    ]
    opening = add(
        "opening.recorded",
        {
            "period": "2026-03",
            "drafter": "p-accountant",
            "draft": "0d" * 32,
            "amount_fen": 2000000,
            "balances": [{"account": "1002.01", "fen": 2000000}, {"account": "3102.01", "fen": -2000000}],
            "items": [{"account": "1002.01", "fen": 100, "since": "2026-02-01", "detail": "在途"}],
            "year": [{"account": "4901.01", "fen": -2400000}],
            "attachments": [ATTACHMENT],
            "duties": duties,
        },
        "p-checker",
        morning,
    )
    claim = {
        "file": kept.index,
        "ranges": [[0, 1]],
        "count": 2,
        "root": merkle.root_of(row_leaves((0, 1))).hex(),
    }
    entry = add(
        "entry.posted",
        {
            "period": "2026-03",
            "seq": 1,
            "number": "记-0001",
            "date": "2026-03-03",
            "type": "TIP",
            "summary": "2026-0001 抖音打赏",
            "amount_fen": 10000,
            "lines": [
                {"account": "1122.01", "dc": "D", "fen": 5000},
                {"account": "5401.01", "dc": "D", "fen": 5000},
                {"account": "4901.01", "dc": "C", "fen": 10000},
            ],
            "broadcast": "2026-0001",
            "account": "A01",
            "drafter": "p-recorder",
            "draft": "0e" * 32,
            "attachments": [ATTACHMENT],
            "rows": claim,
            "memo": [MEMO],
            "facts": {"units": 1000, "payer": Private("李某", salt(6))},
            "duties": duties,
        },
        "p-checker",
        morning,
    )
    group = {
        "use": "unassigned",
        "ranges": [[2, 2]],
        "period": "2026-03",
        "broadcast": "2026-0001",
        "memo": [MEMO],
    }
    add(
        "rows.set_aside",
        {"file": kept.index, "groups": [group], "drafter": "p-recorder"},
        "p-checker",
        morning,
    )
    return opening, entry


def _words(writer: Writer, signed: tuple[Record, Record]) -> None:
    """The charity signs both in one act; the stand-in of the Red Cross queries one on paper and is answered."""
    at = "2026-04-01T14:00:00+08:00"
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    seat = {"party": "charity", "person": "p-signer", "role": "signer"}
    said = [
        {"entry": one.index, "leaf": one.leaf.hex(), **seat, "decision": "agree", "text": STATEMENT}
        for one in signed
    ]
    size, read = merkle.reader_over([batch_leaf(statement(writer.origin, body, at)) for body in said])
    batch = Batch(writer.origin, size, sum(one.body["amount_fen"] for one in signed), merkle.root(size, read))
    public = private.public_key().public_bytes_raw()
    signature = b64(private.sign(batch.signed_bytes()))
    for index, body in enumerate(said):
        proof = [step.hex() for step in merkle.inclusion_proof(index, size, read)]
        place = {
            "count": size,
            "sum_fen": batch.sum_fen,
            "root": batch.root.hex(),
            "index": index,
            "proof": proof,
        }
        key = {"method": "sealed-key", "key": key_id(public), "signature": signature}
        writer.add("signoff.signed", {**body, **key, "batch": place}, "p-signer", at)
    paper = {
        "entry": signed[1].index,
        "leaf": signed[1].leaf.hex(),
        "party": "redcross",
        "person": "p-viewer",
        "role": "viewer",
        "decision": "query",
        "text": WITHHELD,
        "reason": Private("请补充截图。", salt(7)),
        "attachments": [ATTACHMENT],
    }
    asked = writer.add("signoff.paper", paper, "p-clerk", at)
    writer.add(
        "query.replied",
        {"signoff": asked.index, "text": Private("已补充。", salt(8)), "attachments": [ATTACHMENT]},
        "p-accountant",
        at,
    )


def build() -> Writer:
    """Return the whole log."""
    writer = Writer()
    writer.add(
        "book.opened",
        {
            "code": BOOK,
            "name": {"zh": "示例县公益直播专账", "en": "Sample County livestream special account"},
            "county": {"zh": "示例县", "en": ""},
            "hash": "sha-256",
            "nonce": "000102030405060708090a0b0c0d0e0f",
        },
        "system",
    )
    _people(writer.add)
    _broadcasts(writer.add)
    signed = _money(writer.add)
    _words(writer, signed)
    end = "2026-04-01T16:00:00+08:00"
    erased = {"commitment": Private("李某", salt(6)).commitment, "reason": "本人要求删除"}
    writer.add("private.erased", erased, "p-security", end)
    key = next(r.body["key"] for r in writer.records if r.kind == "key.enrolled")
    writer.add("key.ended", {"key": key, "reason": "调离"}, "p-security", end)
    member = next(r for r in writer.records if r.kind == "member.joined")
    writer.add(
        "member.left", {"member": member.index, "person": "p-signer", "reason": "调离"}, "p-security", end
    )
    _welfare(writer)
    return writer


def _welfare(writer: Writer) -> None:
    """Reconciliation, spending and the close; private values are salted from 0x10 on."""
    at = "2026-04-08T10:00:00+08:00"
    file = next(r.index for r in reversed(writer.records) if r.kind == "file.received")
    entry = next(r.index for r in writer.records if r.kind == "entry.posted")
    salts = iter(range(0x10, 0x20))

    def hide(value: str) -> Private:
        return Private(value, salt(next(salts)))

    first = len(writer.records)
    for kind, body in (
        *welfare_records.reconciling(file, entry, ATTACHMENT, hide, first + 3),
        *welfare_records.welfare(entry, ATTACHMENT, hide, first + 10),
        *welfare_records.closing(entry, ATTACHMENT),
    ):
        writer.add(kind, body, "p-checker" if kind == "month.closed" else "p-accountant", at)


def as_json(writer: Writer) -> dict[str, Any]:
    """Return the log as the vector file holds it."""
    return {
        "book": BOOK,
        "origin": writer.origin,
        "size": len(writer.records),
        "root": merkle.root_of(record.leaf for record in writer.records).hex(),
        "file": {"hex": FILE.hex(), "digest": ATTACHMENT["digest"]},
        "seed": SEED.hex(),
        "openings": [
            {"commitment": opening.commitment, "salt": opening.salt.hex(), "value": opening.value}
            for opening in writer.openings
        ],
        "source_rows": [{"cells": row, "salt": salt(0xA0 + n).hex()} for n, row in enumerate(ROWS)],
        "records": [
            {
                "kind": record.kind,
                "record": json.loads(record.data),
                "bytes": record.data.decode(),
                "leaf": record.leaf.hex(),
                "rows": [[table.name, row] for table, row in project(record)],
            }
            for record in writer.records
        ],
    }


if __name__ == "__main__":
    json.dump(as_json(build()), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    sys.stdout.write("\n")
