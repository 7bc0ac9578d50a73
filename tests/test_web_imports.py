"""Uploading files, as the recorder and the cashier do it the next morning."""

from __future__ import annotations

import io

import openpyxl
import pytest
from werkzeug.test import TestResponse

from tests.books import TIP_HEADER, tip_row, tip_sheet
from tests.test_web_broadcasts import new_broadcast
from tests.web_desk import FILES, SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

COMMISSION = (FILES / "达人订单明细_百应.csv").read_bytes()
STATEMENT = (FILES / "工行对公明细.csv").read_bytes()
FLOW = (
    "账务流水号,关联业务单号,入账时间,账务方向,发生额（元）,期末余额（元）,业务类型,描述,备注\n"
    "KS20260330000000000001,2603300000000001,2026-03-30 02:11:09,收,1575.00,1575.00,直播礼物结算,,\n"
    "KS20260331000000000002,2603310000000002,2026-03-31 11:20:31,支,20.00,1555.00,资金冻结,售后冻结,\n"
).encode()


@pytest.fixture
def recorder(desk: Desk) -> Person:
    return desk.sign_in("recorder")


def sheet(number: str = "2026-0005", gross: str = "100.00") -> bytes:
    """A tip sheet for the broadcast of 2 April."""
    return tip_sheet(tip_row(number, gross=gross)).decode().replace("2026-03-03", "2026-04-02").encode()


def upload(person: Person, data: bytes, name: str = "打赏登记表.csv") -> TestResponse:
    return person.post("/imports/", file=(data, name))


def test_a_tip_sheet_becomes_a_draft_at_once(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    answer = upload(recorder, sheet())
    assert "/demo/drafts/D" in answer.headers["Location"]
    recorder.sees(
        answer,
        "已生成草稿",
        "记账凭证",
        "2026-0005 抖音打赏",
        "50.00",
        "人民币壹佰元整",
        "您是制单人，须由另一人审核记账",
    )
    recorder.sees(recorder.get("/imports/"), "打赏登记表.csv", "待处理")
    checker = desk.sign_in("checker")
    checker.sees(desk.post_the_only_draft(checker), "已记账", "记-0001", "2026-0005 抖音打赏")
    recorder.sees(recorder.get("/imports/"), "已记账 1")
    desk.check_everything()


def test_the_same_file_again_leads_to_the_first_result(desk: Desk, recorder: Person):
    data = (FILES / "打赏登记表.csv").read_bytes()
    with desk.nothing_stored():
        recorder.sees(
            upload(recorder, data, "另一个名字.csv"),
            "这是第一次导入的结果",
            "打赏登记表.csv",
            "控制数",
            "4 行",
        )


def test_a_missing_broadcast_is_named_and_the_draft_made_again_after_it_is_registered(
    desk: Desk, recorder: Person
):
    page = recorder.sees(upload(recorder, sheet()), "没有登记场次 2026-0005", "没有归入场次的行")
    idx = page.split("/demo/imports/")[1].split('"')[0]
    if not idx.isdigit():
        idx = next(
            part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit()
        )
    new_broadcast(recorder)
    page = recorder.sees(recorder.post(f"/imports/{idx}/prepare"), "2026-0005 抖音打赏")
    assert "没有归入场次的行" not in page
    with desk.store.reading() as reading:
        from ledger.book import drafts

        assert len(drafts.waiting(reading, "demo")) == 1
    checker = desk.sign_in("checker")
    checker.sees(desk.post_the_only_draft(checker), "记-0001")
    desk.check_everything()


def test_a_draft_of_somebody_else_is_not_pushed_aside(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    upload(recorder, sheet())
    accountant = desk.sign_in("accountant")
    page = accountant.sees(accountant.get("/imports/"))
    idx = next(part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit())
    with desk.nothing_stored():
        accountant.sees(accountant.post(f"/imports/{idx}/prepare"), "已有别人制作的草稿")
        refused = accountant.post(f"/imports/{idx}/discard", reason="不要了")
        accountant.sees(refused, "已有别人制作的草稿", status=409)


def test_a_file_is_discarded_with_its_draft_and_may_come_again(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    upload(recorder, sheet())
    page = recorder.sees(recorder.get("/imports/"))
    idx = next(part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit())
    with desk.nothing_stored():
        recorder.sees(recorder.post(f"/imports/{idx}/discard", reason=" "), "请填写“作废原因”", status=400)
    recorder.sees(recorder.post(f"/imports/{idx}/discard", reason="抄错了行"), "已作废", "抄错了行")
    with desk.nothing_stored():
        recorder.sees(recorder.post(f"/imports/{idx}/discard", reason="再来"), "已经作废", status=409)
        recorder.sees(recorder.post(f"/imports/{idx}/prepare"), "已经作废")
    recorder.sees(upload(recorder, sheet()), "已生成草稿")
    desk.check_everything()


def test_a_booked_file_cannot_be_discarded(desk: Desk, recorder: Person):
    page = recorder.sees(recorder.get("/imports/"))
    ids = [part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit()]
    with desk.nothing_stored():
        recorder.sees(recorder.post(f"/imports/{ids[-1]}/discard", reason="不要"), "已有行记账", status=409)
        recorder.sees(recorder.post(f"/imports/{ids[-1]}/prepare"), "已经入账")
        recorder.sees(recorder.post("/imports/999999/discard", reason="没有"), "没有这份文件", status=404)


def test_a_file_page_shows_controls_what_became_of_the_rows_and_fifty_rows_a_page(recorder: Person):
    page = recorder.sees(recorder.get("/imports/"), "1,300", "只作备查 190")
    ids = [part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit()]
    first = recorder.sees(
        recorder.get(f"/imports/{ids[1]}"), "控制数", "一致", "1,110 行", "190 行", "第 1 页，共 26 页"
    )
    assert first.count('<tr><td class="num muted">') == 50
    last = recorder.sees(recorder.get(f"/imports/{ids[1]}?page=26"), "第 26 页，共 26 页")
    assert last.count('<tr><td class="num muted">') == 50
    recorder.sees(recorder.get(f"/imports/{ids[1]}?page=99999"), "第 26 页")
    recorder.sees(recorder.get(f"/imports/{ids[1]}?page=abc"), "第 1 页")


def test_a_bank_statement_is_for_looking_only_and_shows_no_whole_account_number(desk: Desk):
    cashier = desk.sign_in("cashier")
    page = cashier.sees(
        upload(cashier, STATEMENT), "这是第一次导入的结果", "不生成凭证", "12,004.76", "6222…0001"
    )
    assert "6222000000000000001" not in page
    assert "生成草稿</button>" not in page
    cashier.sees(
        upload(cashier, FLOW, "快手流水.csv"), "逐行余额核对无误", "快手资金流水", "只作备查", "1,555.00"
    )
    desk.check_everything()


def test_a_broken_running_balance_is_refused_with_its_row(desk: Desk):
    cashier = desk.sign_in("cashier")
    wrong = FLOW.replace(b"1555.00", b"1556.00")
    with desk.nothing_stored():
        page = cashier.sees(
            upload(cashier, wrong, "快手流水.csv"), "余额对不上", "期末余额（元）", status=400
        )
    assert '<td class="num">3</td>' in page


def test_a_cashier_may_upload_tips_but_the_recorder_drafts_them(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    cashier = desk.sign_in("cashier")
    page = cashier.sees(upload(cashier, sheet()), "由制单、记账（会计主管）填制", "控制数")
    assert "还没有处理" in page
    idx = page.split("/demo/imports/")[-1].split("/")[0].split('"')[0]
    recorder.sees(recorder.post(f"/imports/{idx}/prepare"), "2026-0005 抖音打赏")


def workbook(*rows: tuple[str, ...]) -> bytes:
    made = openpyxl.Workbook()
    page = made.create_sheet("打赏登记表", 0)
    for row in rows:
        page.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


BAD_FILES = [
    (b"", "空.csv", "文件是空的"),
    (b"\x00\x00\x00", "空.csv", "文件是空的"),
    (b"hello, world\n1,2\n", "a.csv", "看不出是哪种文件"),
    (SCREENSHOT, "截图.csv", "图片"),
    (b"%PDF-1.7 x", "a.pdf", "PDF"),
    (b"PK\x03\x04 not a workbook", "a.xlsx", ""),
    (COMMISSION[: len(COMMISSION) // 2], "半份.csv", ""),
    (COMMISSION, "订单.xlsx", ""),
    (b"\xff\xfe\xfd" + COMMISSION, "乱码.csv", ""),
    (sheet().replace(b"100.00", b"-100.00"), "负数.csv", "不能是负数"),
    (sheet().replace(b"100.00", "１００.００".encode()), "全角.csv", ""),
    (sheet().replace(b"100.00", b"100.001"), "三位小数.csv", ""),
    (sheet().replace(b"100.00", b"1E+5000"), "天文数字.csv", ""),
    (sheet().replace("复核员乙".encode(), "记录员甲".encode()), "一个人.csv", "录入人和复核人必须是两个人"),
    (sheet().replace("抖音".encode(), "斗鱼".encode()), "平台.csv", "不认识的平台"),
    (workbook(tuple(TIP_HEADER.split(",")), ("2026-0005", "=1+1")), "公式.xlsx", ""),
    (sheet(), "名" * 300 + ".exe", ""),
]


@pytest.mark.parametrize(("data", "name", "sentence"), BAD_FILES, ids=[name[:12] for _, name, _ in BAD_FILES])
def test_a_bad_file_is_refused_whole_with_a_sentence(
    desk: Desk, recorder: Person, data: bytes, name: str, sentence: str
):
    with desk.nothing_stored():
        page = recorder.sees(upload(recorder, data, name), sentence, status=400)
    assert 'role="alert"' in page
    assert "table-problems" in page


def test_every_problem_of_a_file_is_listed_with_row_and_column(desk: Desk, recorder: Person):
    rows = [
        tip_row("2026-0001"),
        tip_row("2026-0002", day=10, net="-1.00"),
        tip_row("2026-0003", day=18, net="abc"),
    ]
    with desk.nothing_stored():
        page = recorder.sees(upload(recorder, tip_sheet(*rows)), "2 处问题", "平台显示可提现(元)", status=400)
    assert '<td class="num">3</td>' in page
    assert '<td class="num">4</td>' in page


def test_no_file_is_a_sentence_too(desk: Desk, recorder: Person):
    with desk.nothing_stored():
        recorder.sees(recorder.post("/imports/"), "请选择要导入的文件", status=400)


def test_a_huge_name_with_folders_is_stored_short_and_plain(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    upload(recorder, sheet(), "../../etc/" + "名" * 300 + ".csv")
    page = recorder.sees(recorder.get("/imports/"), "名名名")
    assert "etc" not in page
    assert "名" * 121 not in page


def test_the_template_is_the_sheet_that_the_reader_knows(recorder: Person):
    answer = recorder.get("/imports/template.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book["打赏登记表"][1]] == TIP_HEADER.split(",")


def test_the_original_of_a_file_is_downloaded_by_those_who_import_or_post_and_by_nobody_else(
    desk: Desk, recorder: Person
):
    page = recorder.sees(recorder.get("/imports/"))
    idx = next(part for part in (p.split('"')[0] for p in page.split("/demo/imports/")[1:]) if part.isdigit())
    digest = recorder.sees(recorder.get(f"/imports/{idx}")).split("/demo/files/")[1][:64]
    answer = recorder.get(f"/files/{digest}")
    assert answer.data == STATEMENT
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert desk.sign_in("checker").get(f"/files/{digest}").status_code == 200
    assert desk.sign_in("viewer").get(f"/files/{digest}").status_code == 404


def test_only_those_who_import_may_upload(desk: Desk):
    for login in ("checker", "viewer", "redcross-clerk"):
        person = desk.sign_in(login)
        with desk.nothing_stored():
            assert upload(person, sheet()).status_code == 403
