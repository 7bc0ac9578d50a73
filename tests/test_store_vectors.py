"""Every kind of record has a golden vector and a line in the specification, and the vectors hold."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.book import rows
from ledger.proof import canonical, merkle
from ledger.proof.private import Private
from ledger.proof.signature import statement_holds, unb64
from ledger.store import blobs, log, verify
from ledger.store.kinds import KINDS
from ledger.store.projections import PROJECTIONS, project
from ledger.store.shapes import BadRecord
from tests import vector_log

ROOT = Path(__file__).resolve().parents[1]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "records.json").read_text("utf-8"))
RECORDS: list[dict[str, Any]] = VECTORS["records"]
FORMAT = (ROOT / "docs" / "log-format.md").read_text("utf-8")
KINDS_TABLE = FORMAT.partition("\n## 10.")[2].partition("\n## 11.")[0]
OPENINGS = {
    item["commitment"]: Private(item["value"], bytes.fromhex(item["salt"])) for item in VECTORS["openings"]
}


def by_hand(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(b"\x01" + by_hand(hashes[:half]) + by_hand(hashes[half:])).digest()


def test_every_kind_has_a_vector_a_projection_and_a_line_in_the_specification():
    assert {vector["kind"] for vector in RECORDS} == set(KINDS) == set(PROJECTIONS)
    described = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", KINDS_TABLE, re.MULTILINE)
    assert sorted(described) == sorted(KINDS)


def test_every_field_of_every_kind_is_named_in_its_line_of_the_specification():
    lines = dict(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.*)$", KINDS_TABLE, re.MULTILINE))
    for vector in RECORDS:
        for name in vector["record"]["body"]:
            assert f"`{name}`" in lines[vector["kind"]], (vector["kind"], name)


@pytest.mark.parametrize("vector", RECORDS, ids=lambda v: f"{v['record']['index']}-{v['kind']}")
def test_a_record_has_these_bytes_this_leaf_and_these_rows(vector):
    record = vector["record"]
    data = vector["bytes"].encode()
    assert canonical.encode(record) == data
    assert json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() == data
    assert hashlib.sha256(b"\x00" + data).hexdigest() == vector["leaf"]
    parsed = log.parse_record(data, bytes.fromhex(vector["leaf"]))
    KINDS[parsed.kind](parsed.body, parsed.kind)
    assert [[table.name, row] for table, row in project(parsed)] == vector["rows"]


@pytest.mark.parametrize("vector", RECORDS, ids=lambda v: f"{v['record']['index']}-{v['kind']}")
def test_a_body_with_a_field_too_many_or_of_another_type_is_refused(vector):
    kind, body = vector["kind"], vector["record"]["body"]
    with pytest.raises(BadRecord):
        KINDS[kind]({**body, "unknown": 1}, kind)
    for name in body:
        if (kind, name) != ("policy.set", "value"):
            with pytest.raises(BadRecord, match=name):
                KINDS[kind]({**body, name: None}, kind)


def test_a_field_left_out_is_refused_unless_the_specification_calls_it_optional():
    lines = dict(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.*)$", KINDS_TABLE, re.MULTILINE))
    for vector in RECORDS:
        kind, body = vector["kind"], vector["record"]["body"]
        for name in body:
            less = {key: value for key, value in body.items() if key != name}
            if f"`{name}`?" in lines[kind]:
                KINDS[kind](less, kind)
            else:
                with pytest.raises(BadRecord, match=name):
                    KINDS[kind](less, kind)


def test_the_head_of_the_sample_log_is_this_origin_and_this_root():
    leaves = [bytes.fromhex(vector["leaf"]) for vector in RECORDS]
    assert by_hand(leaves).hex() == VECTORS["root"] == merkle.root_of(leaves).hex()
    assert VECTORS["origin"] == f"sunbook/vector/{RECORDS[0]['leaf'][:16]}" == log.origin("vector", leaves[0])
    assert VECTORS["size"] == len(RECORDS)


def test_the_signatures_of_the_sample_log_hold_and_cover_count_and_sum():
    public = next(unb64(v["record"]["body"]["public"]) for v in RECORDS if v["kind"] == "key.enrolled")
    signed = [v["record"] for v in RECORDS if v["kind"] == "signoff.signed"]
    assert [record["body"]["batch"]["count"] for record in signed] == [2, 2]
    for record in signed:
        assert statement_holds(VECTORS["origin"], record["body"], record["at"], public)
        assert not statement_holds(
            VECTORS["origin"], record["body"] | {"decision": "return"}, record["at"], public
        )


def test_the_sample_log_is_still_what_its_own_source_builds():
    built = vector_log.as_json(vector_log.build())
    for ours, golden in zip(built["records"], RECORDS, strict=False):
        assert ours == golden, f"a published vector never changes: {golden['kind']}"
    assert built == VECTORS


def test_the_sample_log_appends_to_the_same_bytes_and_verifies_on_both_databases(store):
    with store.transaction("vector") as session:
        blobs.put(session, "vector", bytes.fromhex(VECTORS["file"]["hex"]))
        for vector in RECORDS:
            given = vector["record"]
            body = reopened(given["body"])
            moment = datetime.fromisoformat(given["at"])
            record = log.append(session, "vector", vector["kind"], body, by=given["by"], at=moment)
            assert record.data.decode() == vector["bytes"]
            if record.kind == "file.received":
                salted = [
                    (bytes.fromhex(row["salt"]), rows.encode_cells(row["cells"]), b"")
                    for row in VECTORS["source_rows"]
                ]
                keys = [f"{record.index}-{n}" for n in range(len(salted))]
                rows.store(session, "vector", record.index, keys, salted)
        erased = next(v["record"]["body"]["commitment"] for v in RECORDS if v["kind"] == "private.erased")
        session.connection().exec_driver_sql(f"DELETE FROM private_value WHERE commitment = '{erased}'")
    with store.reading() as session:
        verdict = verify.verify(session, "vector", derive=None, most=9)
    assert [finding.text() for finding in verdict.broken] == []
    assert (verdict.root, verdict.origin) == (VECTORS["root"], VECTORS["origin"])
    assert (verdict.private_open, verdict.private_erased) == (len(OPENINGS) - 1, 1)


def reopened(value: Any) -> Any:
    """Return a body with each commitment as the private value it stands for."""
    if isinstance(value, dict):
        if value.keys() == {"private"}:
            return OPENINGS[value["private"]]
        return {name: reopened(item) for name, item in value.items()}
    return [reopened(item) for item in value] if isinstance(value, list) else value
