"""Appending: one door, gapless, in order, whole or not at all; the root is that of an in-memory recomputation."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from ledger.errors import Broken, Invalid, NotFound
from ledger.proof import canonical, merkle
from ledger.proof.private import Private
from ledger.store import append_only, blobs, log
from ledger.store import tables as t
from ledger.store.shapes import BadRecord
from tests.books import at, check_everything
from tests.test_store_engine import open_book


def party(number: int) -> dict:
    return {"party": f"party-{number}", "name": {"zh": "单位", "en": ""}}


def test_after_each_append_root_and_proofs_are_those_of_an_in_memory_tree(store):
    leaves: list[bytes] = []
    with store.transaction("county") as session:
        leaves.append(open_book(session).leaf)
        for number in range(1, 40):
            leaves.append(
                log.append(session, "county", "party.named", party(number), by="system", at=at(1)).leaf
            )
            head = log.head(session, "county")
            assert head.size == len(leaves)
            assert head.root == merkle.root_of(leaves)
            read = log.reader(session, "county")
            for old in (1, number // 2 + 1, number):
                assert log.head(session, "county", old).root == merkle.root_of(leaves[:old])
                proof = merkle.consistency_proof(old, head.size, read)
                assert merkle.consistency_holds(
                    old, head.size, merkle.root_of(leaves[:old]), head.root, proof
                )
            index = number * 7 % head.size
            path = merkle.inclusion_proof(index, head.size, read)
            assert merkle.inclusion_holds(leaves[index], index, head.size, path, head.root)
        assert [record.leaf for record in log.records(session, "county")] == leaves
        assert [record.index for record in log.records(session, "county", 3, 6)] == [3, 4, 5]
    check_everything(store)


@pytest.mark.parametrize("back", [timedelta(seconds=3), timedelta(hours=1), timedelta(days=3650)])
def test_a_clock_that_stands_behind_the_last_record_stops_writing(store, back):
    with store.transaction("county") as session:
        open_book(session)
        log.append(session, "county", "party.named", party(1), by="system", at=at(5))
    with pytest.raises(log.ClockWrong, match="2026-03-05"), store.transaction("county") as session:
        log.append(session, "county", "party.named", party(2), by="system", at=at(5) - back)
    with store.transaction("county") as session:
        assert log.size(session, "county") == 2
        log.append(session, "county", "party.named", party(2), by="system", at=at(5) - timedelta(seconds=2))
    check_everything(store)


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(ValueError, match="time zone"), store.transaction("county") as session:
        log.append(session, "county", "party.named", party(1), by="system", at=at(1).replace(tzinfo=None))


BAD_BODIES = {
    "a field missing": {"party": "a"},
    "a field too many": {**party(1), "more": 1},
    "a number for a text": {**party(1), "party": 1},
    "an empty word": {**party(1), "party": ""},
    "null": {**party(1), "party": None},
    "a float": {"party": "a", "name": {"zh": 1.5, "en": ""}},
    "NUL": {"party": "a\0", "name": {"zh": "单位", "en": ""}},
    "not NFC": {"party": "a", "name": {"zh": "e\u0301", "en": ""}},
    "a lone surrogate": {"party": "a", "name": {"zh": "\ud800", "en": ""}},
    "a text without end": {"party": "a" * 4001, "name": {"zh": "单位", "en": ""}},
    "no object": [],
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_body_that_does_not_fit_its_kind_is_refused_and_nothing_is_stored(store, body):
    with store.transaction("county") as session:
        open_book(session)
        with pytest.raises(Invalid):
            log.append(session, "county", "party.named", body, by="system", at=at(1))
        assert log.size(session, "county") == 1
    check_everything(store)


@pytest.mark.parametrize(("book", "by"), [("county", ""), ("", "system"), ("county", 1), ("county", None)])
def test_a_record_without_a_person_or_a_book_is_refused(store, book, by):
    with pytest.raises(BadRecord), store.transaction("county") as session:
        log.append(session, book, "party.named", party(1), by=by, at=at(1))


ENVELOPES = {
    "version 2": {"v": 2},
    "version true": {"v": True},
    "index true": {"index": True},
    "negative index": {"index": -1},
    "kind a list": {"kind": []},
    "time in UTC": {"at": "2026-03-01T01:00:00Z"},
    "time with a fraction": {"at": "2026-03-01T09:00:00.5+08:00"},
    "no time": {"at": "gestern"},
    "nobody": {"by": ""},
    "body a list": {"body": []},
    "a field too many": {"more": 1},
}


@pytest.mark.parametrize("change", ENVELOPES.values(), ids=ENVELOPES.keys())
def test_a_record_with_another_envelope_is_not_read(change):
    good = {
        "v": 1,
        "book": "a",
        "index": 1,
        "kind": "party.named",
        "at": "2026-03-01T09:00:00+08:00",
        "by": "p",
        "body": {},
    }
    assert log.parse_record(canonical.encode(good), b"").index == 1
    with pytest.raises(Invalid):
        log.parse_record(canonical.encode(good | change), b"")
    for name in good:
        with pytest.raises(Invalid):
            log.parse_record(canonical.encode({k: v for k, v in good.items() if k != name}), b"")


def test_private_values_stand_in_the_record_as_commitments_and_their_openings_beside_it(store):
    with store.transaction("county") as session:
        open_book(session)
        name = Private("张某某")
        seat = {"person": "p-1", "party": "redcross", "role": "signer", "post": "", "name": name}
        record = log.append(session, "county", "member.joined", seat, by="system", at=at(1))
        assert "张某某" not in record.data.decode()
        assert record.body["name"] == {"private": name.commitment}
        assert log.opened(session, "county", [name.commitment, "0" * 64]) == {name.commitment: "张某某"}
        assert log.opened(session, "other", [name.commitment]) == {}
    check_everything(store)


def test_what_was_changed_in_the_database_is_not_read_as_if_nothing_had_happened(store):
    with store.transaction("county") as session:
        record = open_book(session)
        digest = blobs.put(session, "county", b"abc")
        connection = session.connection()
        for table in (t.RecordRow, t.BlobChunk):
            for name, _ in append_only.guards(append_only.table_of(table), store.dialect):
                on = f" ON {append_only.table_of(table).name}" if store.dialect == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER {name}{on}"))
        connection.execute(update(t.RecordRow).values(data=record.data.replace(b"system", b"nobody")))
        connection.execute(update(t.BlobChunk).values(data=b"abd"))
        with pytest.raises(Broken, match="叶哈希"):
            log.get(session, "county", 0)
        with pytest.raises(Broken, match="叶哈希"):
            list(log.records(session, "county"))
        with pytest.raises(Broken, match="摘要"):
            blobs.get(session, "county", digest)


@pytest.mark.parametrize("size", [0, 1, blobs.CHUNK_BYTES, blobs.CHUNK_BYTES + 1, 2 * blobs.CHUNK_BYTES + 5])
def test_a_file_is_stored_once_in_chunks_and_comes_back(store, size):
    data = bytes(range(251)) * (size // 251 + 1)
    data = data[:size]
    with store.transaction("county") as session:
        open_book(session)
        digest = blobs.put(session, "county", data)
        assert digest == hashlib.sha256(data).hexdigest() == blobs.put(session, "county", data)
        assert blobs.get(session, "county", digest) == data
        assert session.query(t.BlobChunk).count() == max(1, -(-size // blobs.CHUNK_BYTES))
        with pytest.raises(NotFound):
            blobs.get(session, "other", digest)
    check_everything(store)


def entry_row(**change) -> dict:
    columns = {name: "" for name in append_only.table_of(t.Entry).columns.keys()}  # noqa: C420, SIM118
    numbers = {
        "idx": 0,
        "n": 0,
        "seq": 1,
        "amount_fen": 5,
        "lines": 2,
        "attachments": 0,
        "reverses": None,
        "corrects": None,
    }
    return {**columns, "book_id": "county", "period": "2026-03", **numbers, **change}


def posting_row(n: int, dc: str, fen: int, **change) -> dict:
    return {
        "book_id": "county",
        "period": "2026-03",
        "idx": 0,
        "n": n,
        "account": "1",
        "dc": dc,
        "fen": fen,
        **change,
    }


GOOD = [posting_row(0, "D", 5), posting_row(1, "C", 5)]
RULES = {
    "a record number left out": (
        t.RecordRow,
        [],
        {"book_id": "county", "idx": 2, "data": b"", "leaf": b""},
        "record_gapless",
    ),
    "a record number below": (
        t.RecordRow,
        [],
        {"book_id": "county", "idx": -1, "data": b"", "leaf": b""},
        "(?i)check|gapless",
    ),
    "a first record that is not 0": (
        t.RecordRow,
        [],
        {"book_id": "other", "idx": 1, "data": b"", "leaf": b""},
        "record_gapless",
    ),
    "a voucher number left out": (t.Entry, GOOD, entry_row(seq=2), "entry_gapless"),
    "a voucher number 0": (t.Entry, GOOD, entry_row(seq=0), "(?i)check|gapless"),
    "debits that are not credits": (
        t.Entry,
        [GOOD[0], posting_row(1, "C", 4)],
        entry_row(),
        "entry_balanced",
    ),
    "a line too few": (t.Entry, GOOD, entry_row(lines=3), "entry_balanced"),
    "another sum": (t.Entry, GOOD, entry_row(amount_fen=6), "entry_balanced"),
    "a side that is none": (t.Posting, [], posting_row(0, "X", 5), "(?i)check"),
    "a projection without its record": (t.Posting, [], posting_row(0, "D", 5, idx=9), "(?i)foreign key"),
}


@pytest.mark.parametrize(("model", "before", "row", "rule"), RULES.values(), ids=RULES.keys())
def test_the_database_itself_refuses(store, model, before, row, rule):
    with store.transaction() as session:
        open_book(session)
    with pytest.raises(DBAPIError, match=rule), store.transaction() as session:
        for line in before:
            session.connection().execute(insert(t.Posting), line)
        session.connection().execute(insert(model), row)
    check_everything(store)


def test_the_database_takes_the_right_entry_and_no_posting_after_it(store):
    with store.transaction() as session:
        open_book(session)
    with pytest.raises(DBAPIError, match="posting_in_time"), store.transaction() as session:
        session.connection().execute(insert(t.Posting), GOOD)
        session.connection().execute(insert(t.Entry), entry_row())
        session.connection().execute(insert(t.Posting), posting_row(2, "D", 0))
    check_everything(store)


def test_the_database_takes_one_reversal_of_an_entry(store):
    with store.transaction() as session:
        open_book(session)
        log.append(session, "county", "party.named", party(1), by="system", at=at(1))
    rows = [{**line, "idx": idx} for idx in (0, 1) for line in GOOD]
    first, second = entry_row(reverses=7), entry_row(idx=1, seq=2, reverses=7)
    with pytest.raises(DBAPIError, match=r"(?i)append-only: entry|unique"), store.transaction() as session:
        session.connection().execute(insert(t.Posting), rows)
        session.connection().execute(insert(t.Entry), first)
        session.connection().execute(insert(t.Entry), second)
    with store.transaction() as session:
        session.connection().execute(insert(t.Posting), rows)
        session.connection().execute(
            insert(t.Entry), [{**first, "reverses": None}, {**second, "reverses": None}]
        )
