"""Bills of a streamer's own wallet: ticked rows are kept, of the others not a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from ledger import intake
from ledger.book import bills, imports, rows
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid, NotFound
from ledger.store import blobs, verify
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.store import tables_check as c
from ledger.store.append_only import table_of
from ledger.store.record import Record
from tests.books import Office, at, check_everything

WALLETS = Path(__file__).parent / "data" / "wallets"
ALIPAY = (WALLETS / "支付宝个人账单.csv").read_bytes()
WECHAT = (WALLETS / "微信支付个人账单.csv").read_bytes()
HEADER = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注\r\n"


def bill(count: int) -> bytes:
    """A bill of so many private payments, and one row of the platform's at the end."""
    line = "2026-03-{day:02d} 09:00:00,餐饮,私人店铺{n},/,私人晚饭{n},支出,{n}.00,余额,交易成功,20260318{n:014d},D{n},\r\n"
    platform = "2026-03-20 18:22:31,收入,某直播平台,/,直播收益提现,收入,69.33,余额,交易成功,2026031522000000000001,L1,\r\n"
    return (HEADER + "".join(line.format(n=n, day=n % 28 + 1) for n in range(1, count)) + platform).encode()


def receive(office: Office, data: bytes, *ticked: int, login: str = "cashier") -> Record:
    settlement = intake.read(data, "账单.csv")
    return office.write(
        lambda s: bills.receive(s, office.who(login), data, settlement, set(ticked), at=office.tick())
    )


@pytest.fixture
def april(office: Office) -> Office:
    """The office on 1 April."""
    office.now = at(1, month=4)
    return office


def test_ticked_rows_are_stored_and_of_the_others_only_leaves(april: Office):
    record = receive(april, ALIPAY, 0, 1)
    assert (record.body["kind"], record.body["rows"], record.body["name"]) == ("wallet_bill", 3, "个人账单")
    kept = april.read(lambda s: [row.n for row in s.scalars(select(t.SourceRow))])
    leaves = april.read(lambda s: [row.n for row in s.scalars(select(c.SourceLeaf))])
    assert (kept, leaves) == ([0, 1], [2])
    with pytest.raises(NotFound):
        april.read(lambda s: blobs.get(s, april.book, record.body["digest"]))
    found = april.read(lambda s: bills.lines(s, april.book, record.index))
    assert [(line.row, line.fen) for line in found] == [(0, 693300), (1, -693300)]
    assert all(line.balance_fen is None for line in found)
    check_everything(april.store)


def test_the_record_tells_neither_totals_nor_days_of_the_rows_that_were_not_ticked(april: Office):
    body = receive(april, bill(9), 8).body
    sums = {(one["name"], one["unit"]): one["computed"] for one in body["controls"]}
    assert sums == {
        ("勾选的收入", "rows"): 1,
        ("勾选的收入", "fen"): 6933,
        ("勾选的支出", "rows"): 0,
        ("勾选的支出", "fen"): 0,
    }
    assert body["first_at"] == body["last_at"] == "2026-03-20T18:22:31+08:00"


def test_no_unticked_cell_stands_anywhere_in_the_database(sqlite_office: Office, tmp_path: Path):
    receive(sqlite_office, bill(200), 199)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("copy_*"))
    assert "某直播平台".encode() in stored, "the ticked row is there"
    assert "私人".encode() not in stored
    assert b"20260318" not in stored


def test_two_records_of_the_same_row_have_different_leaves(april: Office):
    """The salt is thrown away: nobody can guess a small amount and compare."""
    receive(april, bill(3), 2)
    receive(april, bill(4), 3)
    found = april.read(lambda s: [bytes(row.leaf) for row in s.scalars(select(c.SourceLeaf))])
    assert len(found) == len(set(found)) == 5


def test_likely_rows_are_proposed_with_the_reason_and_no_others(april: Office):
    listed = april.read(
        lambda s: bills.candidates(s, april.book, intake.read(WECHAT, "微信支付个人账单.csv"))
    )
    assert [(one.row, one.fen, one.why.format(word=one.word)) for one in listed] == [
        (0, -157500, "写有“公益”"),
        (1, 0, ""),
        (2, 250, ""),
        (3, 157500, "写有“提现”"),
    ]


def test_amounts_of_the_books_are_proposed_as_well(office: Office):
    april = office
    april.broadcast("2026-0001")
    april.now = at(5)
    shot = april.write(lambda s: april.document(s, b"withdrawal"))
    april.tip("2026-0001", gross=40000, share=20000, day=3)
    april.now = at(16)
    more = {"platform": "douyin", "attachments": (shot,)}
    april.entry("TIP_SETTLE", day=12, amount=20000, **more)
    april.entry("WITHDRAW_CARD", day=15, gross=1200, tax=0, **more)
    april.entry("HANDOVER", day=16, amount=700, attachments=(shot,))
    data = bill(13).replace("支出,12.00".encode(), "收入,12.00".encode())
    listed = april.read(lambda s: bills.candidates(s, april.book, intake.read(data, "账单.csv")))
    said = {one.fen: one.why for one in listed if one.why}
    assert said == {
        1200: "与账上的提现金额相同",
        -700: "与账上的上缴金额相同",
        6933: "写有“{word}”",
    }


def test_any_statement_may_be_a_personal_bill_even_with_equal_rows_without_a_number(april: Office):
    """Keys count the occurrence among the kept rows, as verification derives them."""
    from tests.test_book_statements import icbc

    moves = [("2026-03-03 10:00:00", amount, "李某") for amount in ("5.00", "-5.00", "5.00")]
    data = icbc("0.00", *moves)
    assert [row.key[-2:] for row in intake.read(data, "明细.csv").rows] == ["|1", "|1", "|2"]
    record = receive(april, data, 2)
    assert record.body["kind"] == "wallet_bill"
    check_everything(april.store)


def test_all_rows_ticked_is_as_sound_as_one(april: Office):
    receive(april, ALIPAY, 0, 1, 2)
    assert april.read(lambda s: s.scalars(select(c.SourceLeaf)).first()) is None
    check_everything(april.store)


def test_what_was_ticked_before_is_repeated(april: Office):
    receive(april, bill(3), 2)
    later = receive(april, bill(4), 3)
    assert april.read(lambda s: rows.used(s, april.book, later.index)) == {"memo": 3, "repeated": 1}


def test_nothing_ticked_or_a_row_that_is_not_there_is_refused_and_nothing_stored(april: Office):
    with pytest.raises(Invalid, match="至少勾选一行"):
        receive(april, ALIPAY)
    with pytest.raises(Invalid, match="不在这份账单里"):
        receive(april, ALIPAY, 0, 3)
    with pytest.raises(NotYourDuty):
        receive(april, ALIPAY, 0, login="recorder")
    assert april.read(lambda s: s.scalars(select(a.SourceFile)).first()) is None


def test_the_same_bill_again_is_told_until_the_first_is_discarded(april: Office):
    first = receive(april, ALIPAY, 0)
    with pytest.raises(Conflict, match="以前已经登记过"):
        receive(april, ALIPAY, 0, 1)
    april.write(
        lambda s: rows.discard(s, april.who("cashier"), first.index, reason="漏勾一行", at=april.tick())
    )
    receive(april, ALIPAY, 0, 1)
    found = april.read(lambda s: bills.received(s, april.book, date(2026, 1, 1), date(2026, 12, 31)))
    assert [one.discarded for one in found] == [None, "漏勾一行"]


def test_a_bill_that_is_too_long_for_a_page_asks_for_a_shorter_period(april: Office):
    receive(april, bill(bills.ROWS_MAX), 5)
    data = bill(bills.ROWS_MAX + 1)
    with pytest.raises(Invalid, match="请按更短的期间导出"):
        receive(april, data, 5)
    with pytest.raises(Invalid, match="请按更短的期间导出"):
        april.read(lambda s: bills.candidates(s, april.book, intake.read(data, "账单.csv")))


def test_a_personal_bill_cannot_be_imported_whole(april: Office):
    settlement = intake.read(ALIPAY, "账单.csv")
    with pytest.raises(Invalid, match="个人账单"):
        april.write(
            lambda s: imports.receive(
                s, april.who("cashier"), ALIPAY, "账单.csv", settlement, at=april.tick()
            )
        )


TAMPERED = {
    "a kept row": lambda: (
        update(table_of(t.SourceRow)).where(table_of(t.SourceRow).c.n == 1).values(cells="[]")
    ),
    "a leaf": lambda: update(table_of(c.SourceLeaf)).values(leaf=bytes(32)),
    "a leaf that is gone": lambda: delete(table_of(c.SourceLeaf)),
    "a kept row that is gone": lambda: delete(table_of(t.SourceRow)).where(table_of(t.SourceRow).c.n == 0),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_changed_row_or_leaf_of_a_bill_is_found(originals, dialect, tmp_path, change):
    with originals.copy("office", dialect, tmp_path) as (opened, made):
        office = Office(opened, made.book, dict(made.actors), at(1, month=4))
        receive(office, ALIPAY, 0, 1)
        with opened.transaction(office.book) as session:
            session.connection().execute(change())
        with opened.reading() as session:
            verdict = verify.verify(session, office.book, derive=intake.derive)
        assert [one.where for one in verdict.broken] == ["source_row"] * len(verdict.broken) != []


def test_only_a_bill_has_kept_rows_to_show(april: Office):
    with pytest.raises(NotFound):
        april.read(lambda s: bills.lines(s, april.book, 1))
    from tests.test_book_statements import FIRST, icbc

    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    with pytest.raises(NotFound, match="没有这份个人账单"):
        april.read(lambda s: bills.lines(s, april.book, idx))
