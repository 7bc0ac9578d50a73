"""Imported files: each row is booked once, memo, or declared with a reason, whatever comes twice or too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ledger.book import assign, imports, rows
from ledger.errors import Conflict, NotFound, SunbookError
from ledger.store import log
from ledger.store import tables_activity as a
from tests import books
from tests.books import SAMPLES, Office, at, tip_row, tip_sheet
from tests.full_book import estimate, orders, settled


def used(office: Office, idx: int) -> dict[str, int]:
    return office.read(lambda s: rows.used(s, office.book, idx))


def reasons(draft) -> list[str]:
    return [item["message"].format(**item["values"]) for item in draft.payload["unassigned"]]


@pytest.fixture
def nights(office: Office) -> Office:
    """Two broadcasts, and the clock at the end of the month."""
    office.broadcast("2026-0001", day=3)
    office.broadcast("2026-0002", day=4)
    office.now = at(26)
    return office


TIPS = tip_sheet(tip_row("2026-0001", 3), tip_row("2026-0002", 4, "30.00", "15.00"))


def test_a_file_becomes_one_entry_per_broadcast_and_all_rows_are_booked(nights: Office):
    idx, new, settlement = nights.import_file(TIPS)
    assert new
    records = nights.post(nights.prepare(idx, settlement))
    assert [record.body["amount_fen"] for record in records] == [10000, 3000]
    assert [record.body["rows"]["ranges"] for record in records] == [[[0, 0]], [[1, 1]]]
    assert used(nights, idx) == {"booked": 2}
    assert books.balances(nights)["4901.01"] == -13000


def test_the_same_file_again_is_the_first_receipt_and_appends_nothing(nights: Office):
    idx, _, settlement = nights.import_file(TIPS)
    size = nights.read(lambda s: log.size(s, nights.book))
    assert nights.import_file(TIPS, "别名.csv")[:2] == (idx, False)
    nights.post(nights.prepare(idx, settlement))
    assert nights.import_file(TIPS)[:2] == (idx, False)
    with pytest.raises(Conflict, match="已经入账"):
        nights.prepare(idx, settlement)
    assert nights.read(lambda s: log.size(s, nights.book)) == size + 2


def test_two_drafts_of_one_file_cannot_both_be_posted(nights: Office):
    idx, _, settlement = nights.import_file(TIPS)
    first, second = nights.prepare(idx, settlement), nights.prepare(idx, settlement)
    nights.post(first)
    with pytest.raises(Conflict):
        nights.post(second)


def test_rows_that_stood_in_another_file_are_declared_repeated_and_not_booked_again(nights: Office):
    idx, _, settlement = nights.import_file(TIPS)
    nights.post(nights.prepare(idx, settlement))
    nights.broadcast("2026-0003", day=25)
    nights.now = at(27)
    more = tip_sheet(tip_row("2026-0001", 3), tip_row("2026-0003", 25, "7.00", "3.50"))
    later, new, settlement = nights.import_file(more, "四月.csv")
    assert new
    nights.post(nights.prepare(later, settlement))
    assert used(nights, later) == {"booked": 1, "repeated": 1}
    assert books.balances(nights)["4901.01"] == -13700


def test_a_newer_version_of_a_booked_row_makes_an_exception_and_overwrites_nothing(nights: Office):
    idx, _, settlement = nights.import_file(TIPS)
    nights.post(nights.prepare(idx, settlement))
    changed = tip_sheet(tip_row("2026-0001", 3, "120.00", "60.00"))
    later, _, settlement = nights.import_file(changed, "更正.csv")
    nights.post(nights.prepare(later, settlement))
    assert used(nights, later) == {"newer": 1}
    assert books.balances(nights)["4901.01"] == -13000


def test_an_estimate_is_memo_until_it_is_settled_in_a_later_file(nights: Office):
    first, _, settlement = nights.import_file(orders(settled(1), estimate(2)), "三月.csv")
    nights.post(nights.prepare(first, settlement))
    assert used(nights, first) == {"booked": 1, "memo": 1}
    assert books.balances(nights)["4301.01"] == -400
    second, _, settlement = nights.import_file(orders(settled(1), settled(2)), "四月.csv")
    nights.post(nights.prepare(second, settlement))
    assert used(nights, second) == {"booked": 1, "repeated": 1}
    assert books.balances(nights)["4301.01"] == -800


ICBC = "历史明细查询结果\r\n凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息\r\n"
IN = "0,3011000000000000001,6222000000000000001,2026-03-16 10:02:11,贷,0.00,5.00,1,汇款,打赏,张某某,105.00,\r\n"
OUT = "0,3011000000000000001,6222000000000000001,2026-03-16 10:02:11,借,5.00,0.00,1,汇款,退回,张某某,100.00,\r\n"


def test_two_equal_gifts_are_two_rows_of_one_file_and_both_are_kept(nights: Office):
    """Equal to the letter: their keys count the occurrence, and verification derives them again."""
    data = (ICBC + IN + OUT + IN).encode("gb18030")
    idx, _, settlement = nights.import_file(data, "明细.csv", "cashier")
    assert settlement.rows[0].cells == settlement.rows[2].cells
    assert len({row.key for row in settlement.rows}) == 3
    assert used(nights, idx) == {"memo": 3}


UNASSIGNED = {
    "a broadcast that is not registered": (tip_row("2026-0009", 9), "没有登记场次 2026-0009"),
    "another day": (tip_row("2026-0001", 4), "开播日期与已登记的场次 2026-0001 不同"),
    "an account that is not registered": (
        tip_row("2026-0001", 3).replace("示例县公益直播", "别的账号"),
        "没有登记",
    ),
    "an account that the broadcast did not use": (
        tip_row("2026-0001", 3).replace("抖音,示例县公益直播", "快手,示例县政府"),
        "没有使用账号",
    ),
}


@pytest.mark.parametrize(("row", "reason"), UNASSIGNED.values(), ids=UNASSIGNED.keys())
def test_a_row_that_belongs_nowhere_is_shown_with_its_reason_and_declared(nights: Office, row, reason):
    idx, _, settlement = nights.import_file(tip_sheet(row, tip_row("2026-0002", 4)))
    draft = nights.prepare(idx, settlement)
    (told,) = reasons(draft)
    assert reason in told
    nights.post(draft)
    assert used(nights, idx) == {"booked": 1, "unassigned": 1}


def test_an_order_paid_outside_every_broadcast_is_unassigned(nights: Office):
    inside, outside = settled(1), settled(2, "2026-03-03 12:00:00")
    idx, _, settlement = nights.import_file(orders(inside, outside), "订单.csv")
    draft = nights.prepare(idx, settlement)
    assert reasons(draft) == ["付款时间不在任何一场直播之内"]
    nights.post(draft)
    assert used(nights, idx) == {"booked": 1, "unassigned": 1}


@pytest.mark.parametrize("minutes", [(-11, False), (-10, True), (0, True), (240, True), (241, False)])
def test_an_order_belongs_to_a_broadcast_from_ten_minutes_before_to_two_hours_after(nights: Office, minutes):
    offset, belongs = minutes
    paid = (at(3, "20:00") + timedelta(minutes=offset)).strftime("%Y-%m-%d %H:%M:%S")
    idx, _, settlement = nights.import_file(orders(settled(1, paid)), "订单.csv")
    nights.post(nights.prepare(idx, settlement))
    assert used(nights, idx) == {"booked" if belongs else "unassigned": 1}
    assert assign.AFTER.total_seconds() == 7200


def test_a_row_left_unassigned_is_booked_once_its_broadcast_is_registered(nights: Office):
    """The draft is made again from the same file; what was declared before is not declared twice."""
    sheet = tip_sheet(tip_row("2026-0008", 8), tip_row("2026-0009", 9), tip_row("2026-0010", 10))
    idx, _, settlement = nights.import_file(sheet)
    nights.post(nights.prepare(idx, settlement))
    assert used(nights, idx) == {"unassigned": 3}
    nights.broadcast("2026-0009", day=9)
    records = nights.post(nights.prepare(idx, settlement))
    assert [record.kind for record in records] == ["entry.posted"]
    nights.broadcast("2026-0008", day=8)
    nights.post(nights.prepare(idx, settlement))
    assert used(nights, idx) == {"unassigned": 3, "booked": 2}
    assert books.balances(nights)["4901.01"] == -20000
    nights.broadcast("2026-0010", day=10)
    nights.post(nights.prepare(idx, settlement))
    with pytest.raises(Conflict, match="已经入账"):
        nights.prepare(idx, settlement)


def test_nothing_new_to_say_about_a_file_is_a_sentence_and_no_draft(nights: Office):
    idx, _, settlement = nights.import_file(tip_sheet(tip_row("2026-0009", 9)))
    first, second = nights.prepare(idx, settlement), nights.prepare(idx, settlement)
    nights.post(first)
    with pytest.raises(SunbookError):
        nights.post(second)
    with pytest.raises(SunbookError):
        nights.prepare(idx, settlement)


def test_a_discarded_file_is_never_booked_and_the_same_bytes_may_come_again(nights: Office):
    idx, _, settlement = nights.import_file(TIPS)
    draft = nights.prepare(idx, settlement)
    nights.write(
        lambda s: rows.discard(s, nights.who("recorder"), idx, reason="选错了文件", at=nights.tick())
    )
    with pytest.raises(Conflict, match="作废"):
        nights.post(draft)
    with pytest.raises(Conflict, match="作废"):
        nights.prepare(idx, settlement)
    with pytest.raises(Conflict, match="作废"):
        nights.write(lambda s: rows.discard(s, nights.who("recorder"), idx, reason="再来", at=nights.tick()))
    again, new, settlement = nights.import_file(TIPS)
    assert (again > idx, new) == (True, True)
    nights.post(nights.prepare(again, settlement))
    with pytest.raises(Conflict):
        nights.write(
            lambda s: rows.discard(s, nights.who("recorder"), again, reason="太晚", at=nights.tick())
        )


def test_a_discard_needs_a_file_and_a_reason(nights: Office):
    with pytest.raises(NotFound):
        nights.write(lambda s: rows.discard(s, nights.who("recorder"), 1, reason="没有", at=nights.tick()))
    idx, _, _ = nights.import_file(TIPS)
    with pytest.raises(SunbookError):
        nights.write(lambda s: rows.discard(s, nights.who("recorder"), idx, reason=" ", at=nights.tick()))


def test_tips_booked_by_hand_before_the_file_came_are_not_booked_again(nights: Office):
    nights.tip("2026-0001")
    idx, _, settlement = nights.import_file(TIPS)
    draft = nights.prepare(idx, settlement)
    assert "已记账" in reasons(draft)[0]
    nights.post(draft)
    assert used(nights, idx) == {"booked": 1, "unassigned": 1}


def test_a_bank_statement_is_received_as_memo_and_never_drafted(nights: Office):
    nights.now = at(1, month=4)
    idx, _, settlement = nights.import_file(
        (SAMPLES / "工行对公明细.csv").read_bytes(), "工行对公明细.csv", "cashier"
    )
    assert used(nights, idx) == {"memo": len(settlement.rows)}
    with pytest.raises(SunbookError):
        nights.prepare(idx, settlement, "cashier")


def test_every_row_of_a_file_is_in_exactly_one_place_after_posting(nights: Office):
    lines = [settled(n) for n in range(1, 6)] + [estimate(9), settled(20, "2026-03-05 03:00:00")]
    idx, _, settlement = nights.import_file(orders(*lines), "订单.csv")
    nights.post(nights.prepare(idx, settlement))
    claims = nights.read(lambda s: list(s.scalars(select(a.RowClaim).where(a.RowClaim.file_idx == idx))))
    covered = sorted(n for claim in claims for n in range(claim.first, claim.last + 1))
    assert covered == list(range(len(settlement.rows)))
    received = nights.read(lambda s: imports.get(s, nights.book, idx))
    assert received.used == {"booked": 5, "memo": 1, "unassigned": 1}
    assert received.rows == 7
