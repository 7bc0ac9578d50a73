"""A forger with the database and the source code: records changed, and everything recomputed to fit.

Leaves, tree and projections prove nothing against him; signatures, seats, keys and
the rules of bookkeeping do. What nobody signed can be rewritten unseen: the last
tests say so, and docs/log-format.md names the cure (checkpoints kept elsewhere).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ledger import intake
from ledger.proof import canonical, merkle
from ledger.store import append_only, log, verify
from ledger.store import tables as t
from ledger.store.engine import Store

Records = list[dict[str, Any]]
BOOK = "county"
REWRITTEN = [table for table in append_only.GUARDED if table.name != "blob_chunk"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request, originals, tmp_path_factory) -> Iterator[Store]:
    """The full book; each forgery is rolled back."""
    with originals.copy("full", request.param, tmp_path_factory.mktemp("full")) as (opened, _):
        yield opened


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    """Reading the same bytes again is remembered: most records of a forged log are as they were."""
    with patch.object(canonical, "decode", cache(canonical.decode)):
        yield


def rewrite(session: Session, change: Callable[[Records], None]) -> None:
    """Change the records of the book and recompute leaves, nodes and projections from them."""
    connection = session.connection()
    query = select(t.RecordRow.data).where(t.RecordRow.book_id == BOOK).order_by(t.RecordRow.idx)
    records: Records = [json.loads(bytes(data)) for data in connection.execute(query).scalars()]
    change(records)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name, _ in append_only.statements("sqlite"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for table in REWRITTEN:
        connection.execute(delete(table).where(table.c.book_id == BOOK))
    for value in records:
        store_record(session, value)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
    else:
        for _, statement in append_only.statements("sqlite"):
            connection.exec_driver_sql(statement)


def store_record(session: Session, value: dict[str, Any]) -> None:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    leaf = merkle.leaf_hash(data)
    connection = session.connection()
    row = {"book_id": BOOK, "idx": value["index"], "data": data, "leaf": leaf}
    connection.execute(insert(append_only.table_of(t.RecordRow)), row)
    for level, idx, found in merkle.completed(value["index"], leaf, log.reader(session, BOOK)):
        node = {"book_id": BOOK, "level": level, "idx": idx, "hash": found}
        connection.execute(insert(append_only.table_of(t.NodeRow)), node)
    fields = (value[name] for name in ("book", "index", "kind", "at", "by", "body"))
    with suppress(IntegrityError, KeyError, TypeError, ValueError), session.begin_nested():
        # a record may have no projection, or one that the database's keys refuse: the forger leaves it out
        log._insert_projections(session, log.Record(*fields, data, leaf))


def leaf_of(value: dict[str, Any]) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return merkle.leaf_hash(data).hex()


def find(records: Records, kind: str, **fields: Any) -> dict[str, Any]:
    """Return the first record of a kind whose body has these fields."""
    return next(
        r for r in records if r["kind"] == kind and all(r["body"].get(k) == v for k, v in fields.items())
    )


def signed_entry(records: Records) -> dict[str, Any]:
    return find(records, "entry.posted", type="UNIDENTIFIED")


def double_the_amount(records: Records) -> None:
    body = signed_entry(records)["body"]
    body["amount_fen"] *= 2
    for line in body["lines"]:
        line["fen"] *= 2


def reword(records: Records) -> None:
    signed_entry(records)["body"]["summary"] += " "


def reword_and_repoint(records: Records) -> None:
    entry = signed_entry(records)
    old = leaf_of(entry)
    reword(records)
    for record in records:
        if record["body"].get("leaf") == old:
            record["body"]["leaf"] = leaf_of(entry)


def another_nonce(records: Records) -> None:
    records[0]["body"]["nonce"] = "f" * 32


def unbalanced(records: Records) -> None:
    signed_entry(records)["body"]["lines"][0]["fen"] += 1


def no_lines(records: Records) -> None:
    signed_entry(records)["body"].update(lines=[], amount_fen=0)


def number_left_out(records: Records) -> None:
    signed_entry(records)["body"].update(seq=99, number="记-0099")


def number_misspelt(records: Records) -> None:
    signed_entry(records)["body"]["number"] = "记-1"


def another_month(records: Records) -> None:
    signed_entry(records)["body"]["date"] = "2026-04-01"


def own_draft(records: Records) -> None:
    entry = signed_entry(records)
    entry["body"]["drafter"] = entry["by"]


def own_opening(records: Records) -> None:
    opening = find(records, "opening.recorded")
    opening["body"]["drafter"] = opening["by"]


def opening_unbalanced(records: Records) -> None:
    find(records, "opening.recorded")["body"]["balances"][0]["fen"] += 1


def no_red_letters(records: Records) -> None:
    for line in find(records, "entry.posted", type="REVERSAL")["body"]["lines"]:
        line["fen"] //= 2
    find(records, "entry.posted", type="REVERSAL")["body"]["amount_fen"] //= 2


def reversed_twice(records: Records) -> None:
    again = find(
        records, "entry.posted", type="SPEND", corrects=find(records, "entry.posted", type="SPEND")["index"]
    )
    red = find(records, "entry.posted", type="REVERSAL")["body"]
    again["body"].update(lines=red["lines"], amount_fen=red["amount_fen"], reverses=red["reverses"])


def reverses_the_future(records: Records) -> None:
    find(records, "entry.posted", type="REVERSAL")["body"]["reverses"] = len(records) - 1


def stranger_signs(records: Records) -> None:
    find(records, "member.joined", person="p-charity")["body"]["person"] = "p-stranger"


def viewer_signs(records: Records) -> None:
    find(records, "member.joined", person="p-charity")["body"]["role"] = "viewer"


def signer_of_another_party(records: Records) -> None:
    find(records, "member.joined", person="p-charity")["body"]["party"] = "redcross"


def drafter_signs(records: Records) -> None:
    signed_entry(records)["body"]["drafter"] = "p-charity"


def junk_for_a_key(records: Records) -> None:
    find(records, "key.enrolled", person="p-charity")["body"]["public"] = "no base64!"


def forgers_key(records: Records) -> None:
    enrolled = find(records, "key.enrolled", person="p-charity")["body"]
    enrolled["public"] = find(records, "key.enrolled", person="p-redcross")["body"]["public"]


def key_confirmed_by_its_owner(records: Records) -> None:
    find(records, "key.enrolled", person="p-charity")["body"]["confirmed_by"] = "p-charity"


def key_ended_before(records: Records) -> None:
    key = find(records, "key.enrolled", person="p-charity")["body"]["key"]
    record = find(records, "policy.set")
    record.update(kind="key.ended", body={"key": key, "reason": ""})


def key_of_another_ended(records: Records) -> None:
    other = find(records, "key.enrolled", person="p-redcross")["body"]["key"]
    find(records, "key.enrolled", person="p-discipline")["body"]["replaces"] = other


def paper_by_the_signer(records: Records) -> None:
    find(records, "signoff.paper")["by"] = "p-redcross"


def previous_left_out(records: Records) -> None:
    del find(records, "signoff.paper")["body"]["previous"]


def another_decision(records: Records) -> None:
    find(records, "signoff.signed", decision="query")["body"]["decision"] = "agree"


def another_time(records: Records) -> None:
    record = find(records, "signoff.signed", party="discipline")
    record["at"] = record["at"].replace("2026-03-27", "2026-03-28")


def one_of_a_batch_becomes_another_word(records: Records) -> None:
    record = [r for r in records if r["kind"] == "signoff.signed" and r["body"]["party"] == "discipline"][-1]
    record.update(kind="policy.set", body={"name": "a", "value": 1, "reason": ""})


def row_beyond_the_file(records: Records) -> None:
    claim(records).update(ranges=[[0, 2**53 - 2]])


def another_row(records: Records) -> None:
    claim(records).update(ranges=[[1, 1]])


def another_count(records: Records) -> None:
    claim(records)["count"] += 1


def ranges_that_overlap(records: Records) -> None:
    claim(records).update(ranges=[[0, 0], [0, 0]])


def no_range(records: Records) -> None:
    claim(records).update(ranges=[[]])


def booked_twice(records: Records) -> None:
    signed_entry(records)["body"]["rows"] = claim(records)


def booked_from_nowhere(records: Records) -> None:
    claim(records)["file"] = 0


def claim(records: Records) -> dict[str, Any]:
    found: dict[str, Any] = find(records, "entry.posted", type="TIP")["body"]["rows"]
    return found


def file_discarded_and_booked(records: Records) -> None:
    find(records, "file.discarded")["body"]["file"] = claim(records)["file"]


def booked_out_of_a_file_discarded_before(records: Records) -> None:
    body = {"file": claim(records)["file"], "reason": "选错了文件"}
    find(records, "policy.set").update(kind="file.discarded", body=body)


def row_left_undeclared(records: Records) -> None:
    aside = find(records, "rows.set_aside")
    aside.update(kind="policy.set", body={"name": "a", "value": 1, "reason": ""})


def another_reader(records: Records) -> None:
    find(records, "file.received")["body"]["reader"] = "nobody knows"


def more_rows(records: Records) -> None:
    find(records, "file.received")["body"]["rows"] += 1


def another_commitment(records: Records) -> None:
    find(records, "member.joined")["body"]["name"]["private"] = "0" * 64


def erased_from_nowhere(records: Records) -> None:
    find(records, "private.erased")["body"]["commitment"] = "0" * 64


def attachment_that_is_not_there(records: Records) -> None:
    find(records, "broadcast.declared")["body"]["attachments"][0]["digest"] = "0" * 64


def unknown_kind(records: Records) -> None:
    find(records, "policy.set")["kind"] = "policy.unset"


def field_too_many(records: Records) -> None:
    find(records, "policy.set")["body"]["more"] = 1


def time_of_another_form(records: Records) -> None:
    find(records, "policy.set")["at"] = "2026-03-01 09:00"


def by_nobody(records: Records) -> None:
    find(records, "policy.set")["by"] = ""


def another_version(records: Records) -> None:
    find(records, "policy.set")["v"] = 2


def opened_again(records: Records) -> None:
    find(records, "policy.set").update(kind="book.opened", body=records[0]["body"])


def code_of_another_book(records: Records) -> None:
    records[0]["body"]["code"] = "other"


def of_another_book(records: Records) -> None:
    find(records, "policy.set")["book"] = "other"


FORGERIES: dict[Callable[[Records], None], str] = {
    double_the_amount: "与所签记录的内容不符",
    reword: "与所签记录的内容不符",
    reword_and_repoint: "数字签名不成立",
    another_nonce: "数字签名不成立",
    unbalanced: "借贷不平",
    no_lines: "借贷不平",
    number_left_out: "不连号",
    number_misspelt: "不连号",
    another_month: "日期不在所属月份",
    own_draft: "制单人与审核人是同一人",
    own_opening: "制单人与审核人是同一人",
    opening_unbalanced: "期初余额",
    no_red_letters: "不是所冲销凭证的红字",
    reversed_twice: "不是所冲销凭证的红字",
    reverses_the_future: "不是所冲销凭证的红字",
    stranger_signs: "当时不是该单位的签认人",
    viewer_signs: "当时不是该单位的签认人",
    signer_of_another_party: "当时不是该单位的签认人",
    drafter_signs: "制单人或审核人自己作出",
    junk_for_a_key: "登记的签名密钥不成立",
    forgers_key: "登记的签名密钥不成立",
    key_confirmed_by_its_owner: "登记的签名密钥不成立",
    key_ended_before: "密钥当时无效",
    key_of_another_ended: "登记的签名密钥不成立",
    paper_by_the_signer: "由签字人自己登记",
    previous_left_out: "没有接上该单位的前一条签认",
    another_decision: "数字签名不成立",
    another_time: "数字签名不成立",
    one_of_a_batch_becomes_another_word: "张数或合计与所签不符",
    row_beyond_the_file: "超出范围",
    another_row: "与凭证里的根哈希不符",
    another_count: "与凭证里的根哈希不符",
    ranges_that_overlap: "不合格式",
    no_range: "不合格式",
    booked_twice: "重复入账",
    booked_from_nowhere: "引用了不存在的文件",
    file_discarded_and_booked: "作废的文件里有行已入账",
    booked_out_of_a_file_discarded_before: "作废的文件里有行已入账",
    row_left_undeclared: "既未入账，也没有声明",
    another_reader: "业务主键与内容不符",
    more_rows: "与收到时的根哈希不符",
    another_commitment: "不属于任何记录",
    erased_from_nowhere: "不在任何记录里",
    attachment_that_is_not_there: "不见了",
    unknown_kind: "种类不明",
    field_too_many: "不合格式",
    time_of_another_form: "不合格式",
    by_nobody: "不合格式",
    another_version: "不合格式",
    opened_again: "不合格式",
    code_of_another_book: "不合格式",
    of_another_book: "账本或序号与所在位置不符",
}
"""Each forgery, and what verification must say among other things."""


def verified_after(store: Store, change: Callable[[Records], None], most: int = 500) -> verify.Verdict:
    """Forge, verify, and roll back."""
    with store.transaction() as session:
        savepoint = session.connection().begin_nested()
        rewrite(session, change)
        verdict = verify.verify(session, BOOK, derive=intake.derive, most=most)
        savepoint.rollback()
        return verdict


def test_rewriting_without_any_change_is_sound(full):
    """The control of all others: the machinery by itself breaks nothing."""
    assert verified_after(full, lambda _: None).broken == ()


EVERYWHERE = [("sqlite", change) for change in FORGERIES]
EVERYWHERE += [("postgresql", change) for change in list(FORGERIES)[::5]]


@pytest.mark.parametrize(
    ("full", "change"), EVERYWHERE, indirect=["full"], ids=lambda item: getattr(item, "__name__", item)
)
def test_a_forgery_with_everything_recomputed_is_found(full, change):
    texts = [finding.text() for finding in verified_after(full, change).broken]
    assert any(FORGERIES[change] in text for text in texts), texts
    assert not verified_after(full, change, most=1).sound


def test_what_a_check_cannot_even_read_is_a_finding_and_no_crash(full):
    def breaks(*_: Any) -> list[str]:
        raise ZeroDivisionError

    for derive in (breaks, lambda *rows: [*intake.derive(*rows), "one too many"], lambda *_: None):
        with full.reading() as session:
            verdict = verify.verify(session, BOOK, derive=derive, most=9)
        assert not verdict.sound


def test_what_nobody_signed_can_be_rewritten_and_only_a_checkpoint_elsewhere_shows_it(full):
    """Said openly: a declaration, a reason, a tail that nobody signed yet."""
    with full.reading() as session:
        before = log.head(session, BOOK)

    def explain_otherwise(records: Records) -> None:
        find(records, "broadcast.explained")["body"]["explanation"] = "没有差异"

    def cut_the_tail(records: Records) -> None:
        del records[-1:]

    forged = verified_after(full, explain_otherwise)
    assert forged.sound
    assert (forged.size, forged.origin) == (before.size, before.origin)
    assert forged.root != before.root.hex(), "whoever kept the root sees it"
    cut = verified_after(full, cut_the_tail)
    assert cut.sound
    assert cut.size < before.size
