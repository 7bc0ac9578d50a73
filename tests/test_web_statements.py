"""Bank and wallets on the pages: upload, map once, tick, type balances, and what is missing in red."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ledger.book import statements
from ledger.months import Month
from ledger.store import tables as t
from ledger.store import tables_check as c
from ledger.store import tables_desk as d
from ledger.store.append_only import table_of
from tests.test_book_bills import ALIPAY, bill
from tests.test_book_statements import icbc
from tests.web_desk import FILES, SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

PAGE = "/reconcile/statements/"
BANK, DOUYIN, KUAISHOU = "1002.01", "1009.01", "1009.02"
FIRST_OF_APRIL = ("2026-04-01 10:02:11", "6.00", "张某某"), ("2026-04-01 15:40:00", "-4.76", "示例县红十字会")
STATEMENT = icbc("12004.76", *FIRST_OF_APRIL)
BANKS = Path(__file__).parent / "data" / "banks"
RURAL = (
    "示例县农村信用社对公账户交易明细\r\n"
    "流水,办理日,办理时刻,方向,发生金额,账户结余,对方名称,对方的账号,说明,附注\r\n"
    "1,20260401,090000,来,100.00,12104.76,张某某,6222000000000000777,汇入,公益直播打赏上缴\r\n"
    "2,20260401,103000,去,4.76,12100.00,,,手续费,\r\n"
).encode("gb18030")
RURAL_MAY = (
    RURAL.replace(b"20260401", b"20260402")
    .replace(b"12104.76", b"12200.00")
    .replace(b"12100.00", b"12195.24")
)
COLUMNS = {
    "bank": "示例县农信社",
    "serial": "0",
    "date": "1",
    "time": "2",
    "direction": "3",
    "amount": "4",
    "balance": "5",
    "party": "6",
    "party_account": "7",
    "summary": "8",
    "note": "9",
    "dates": "20260313",
    "in_words": "来",
    "out_words": "去",
}


@pytest.fixture
def cashier(desk: Desk) -> Person:
    return desk.sign_in("cashier")


def upload(
    person: Person, data: bytes, account: str = BANK, name: str = "流水.csv", **more: str
) -> TestResponse:
    return person.post(PAGE, file=(data, name), account=account, **more)


def held(answer: TestResponse) -> str:
    """Return the address of a held file's page, as `Person.get` takes it."""
    found = re.fullmatch(r"/demo(/reconcile/statements/held/[\w-]+)", answer.headers.get("Location", ""))
    assert found, answer.get_data(as_text=True)[-400:]
    return found[1]


def count(desk: Desk, model) -> int:
    with desk.store.reading() as reading:
        return reading.scalar(select(func.count()).select_from(table_of(model))) or 0


def waiting(desk: Desk) -> int:
    return count(desk, d.HeldUpload)


def test_a_known_statement_is_placed_at_once_and_shows_its_lines(desk: Desk, cashier: Person):
    answer = upload(cashier, STATEMENT, first_day="2026-04-01", last_day="2026-04-02")
    page = cashier.sees(answer, "对账单已登记", "12,006.00", "张某某", "6222…0001", "2026-04-02")
    assert "6222000000000000001" not in page
    assert "对账单只登记到" not in page
    cashier.sees(cashier.get(PAGE), "2026-04-01 – 2026-04-02", "12,004.76", "12,006.00")
    with desk.store.reading() as reading:
        found = statements.lines(reading, "demo", BANK, Month(2026, 4))
    assert [line.fen for line in found] == [600, -476]
    with desk.nothing_stored():
        cashier.sees(upload(cashier, STATEMENT), "以前已经登记为对账单", status=409)
    desk.check_everything()


def test_a_file_that_came_through_imports_is_placed_from_the_list(desk: Desk, cashier: Person):
    cashier.post("/imports/", file=(STATEMENT, "四月.csv"))
    page = cashier.sees(cashier.get(PAGE), "还没有登记到账户的流水", "四月.csv")
    assert f'<option value="{BANK}" selected>' in page
    path = re.search(r"/demo(/reconcile/statements/\d+/place)", page)
    assert path
    with desk.nothing_stored():
        late = cashier.post(path[1], account=BANK, first_day="2026-04-02")
        cashier.sees(late, "须包含文件里的全部各行", status=400)
        cashier.sees(cashier.post(path[1], account="1122.21"), "请从列表里选择", status=400)
    cashier.sees(cashier.post(path[1], account=BANK), "对账单已登记")
    assert "还没有登记到账户的流水" not in cashier.sees(cashier.get(PAGE))
    desk.check_everything()


def test_a_period_that_is_left_to_the_rows_is_told(cashier: Person):
    cashier.sees(upload(cashier, STATEMENT), "对账单只登记到 2026-04-01（最后一行）")
    page = cashier.sees(cashier.get(PAGE), "2026-04-01 – 2026-04-01")
    assert "对账单只登记到" not in page


def test_a_gap_is_told_in_red(cashier: Person):
    upload(cashier, STATEMENT)
    mapped(cashier, RURAL_MAY)
    page = cashier.sees(
        cashier.get(PAGE), "缺口", "期初余额是 12,100.00，上一份的期末余额是 12,006.00，两份接不上"
    )
    assert 'class="lacking"' in page


def mapped(person: Person, data: bytes, **changed: str) -> TestResponse:
    path = held(upload(person, data))
    return person.post(path + "/columns", **{**COLUMNS, **changed})


def test_an_unknown_bank_is_mapped_once_and_the_second_file_needs_nothing(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    page = cashier.sees(cashier.get(path), "对应各列", "办理日", "6222000000000000777", "表头在第 2 行")
    assert 'name="balance"' in page
    with desk.nothing_stored():
        cashier.get(path)
    answer = cashier.post(path + "/columns", **COLUMNS)
    cashier.sees(answer, "列对应已保存", "对账单已登记", "12,100.00", "张某某", "6222…0777")
    assert waiting(desk) == 0
    answer = upload(cashier, RURAL_MAY, name="五月.csv")
    assert re.fullmatch(r"/demo/reconcile/statements/\d+", answer.headers["Location"])
    cashier.sees(answer, "12,195.24")
    cashier.sees(cashier.get(PAGE), "已保存的列对应", "示例县农信社")
    assert count(desk, c.BankProfile) == 1
    desk.check_everything()


def test_a_wrong_mapping_is_told_with_row_and_column_and_nothing_is_stored(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    with desk.nothing_stored():
        answer = cashier.post(path + "/columns", **{**COLUMNS, "amount": "5", "balance": "4"})
        page = cashier.sees(answer, "余额对不上", "发生金额", status=400)
    assert '<td class="num">4</td>' in page
    assert re.search(r'name="amount"[^§]*?<option value="5" selected>账户结余', page), (
        "what was chosen is kept"
    )
    assert 'value="示例县农信社"' in page
    with desk.nothing_stored():
        cashier.sees(
            cashier.post(path + "/columns", **{**COLUMNS, "in_words": "进"}), "不认识的借贷方向", status=400
        )
        cashier.sees(
            cashier.post(path + "/columns", **{**COLUMNS, "amount": ""}), "请选一列“金额”", status=400
        )
        cashier.sees(
            cashier.post(path + "/columns", **{**COLUMNS, "amount": "99"}), "请从列表里选择", status=400
        )
        cashier.sees(cashier.post(path + "/columns", **{**COLUMNS, "bank": " "}), "请填写", status=400)
    assert count(desk, c.BankProfile) == 0
    cashier.sees(cashier.post(path + "/columns", **COLUMNS), "列对应已保存")


def test_a_mapping_is_replaced_and_the_newest_holds(desk: Desk, cashier: Person):
    mapped(cashier, RURAL, note="")
    path = held(upload(cashier, RURAL_MAY, remap="1"))
    page = cashier.sees(cashier.get(path), 'value="示例县农信社"')
    assert re.search(r'name="summary"[^§]*?<option value="8" selected>', page)
    cashier.sees(cashier.post(path + "/columns", **COLUMNS), "列对应已保存", "公益直播打赏上缴")
    assert count(desk, c.BankProfile) == 2
    desk.check_everything()


def test_a_saved_mapping_that_does_not_do_any_more_leads_back_to_the_columns(desk: Desk, cashier: Person):
    mapped(cashier, RURAL)
    with desk.nothing_stored():
        path = held(upload(cashier, RURAL_MAY.replace("来".encode("gb18030"), "进".encode("gb18030"))))
        cashier.sees(cashier.get(path), "不认识的借贷方向", 'value="示例县农信社"', status=400)


def test_what_somebody_else_mapped_meanwhile_need_not_be_mapped_again(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    mapped(desk.sign_in("accountant"), RURAL_MAY)
    cashier.sees(cashier.get(path), "刚刚已由别人对应好")
    cashier.sees(upload(cashier, RURAL), "对账单已登记")


def test_balances_are_typed_where_the_file_has_none(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    answer = cashier.post(path + "/columns", **{**COLUMNS, "balance": ""})
    path = held(answer)
    cashier.sees(cashier.get(path), "这份文件没有余额列", "100.00", "4.76")
    assert waiting(desk) == 1
    with desk.nothing_stored():
        wrong = cashier.post(path + "/figures", opening="12004.76", closing="12100.01")
        page = cashier.sees(wrong, "余额对不上：期初 12,004.76 加本期变动 95.24 应为 12,100.00", status=400)
        assert 'value="12100.01"' in page
        cashier.sees(cashier.post(path + "/figures", opening="x", closing="1"), "请写成", status=400)
    cashier.sees(cashier.post(path + "/figures", opening="12004.76", closing="12100.00"), "对账单已登记")
    assert waiting(desk) == 0
    desk.check_everything()


def test_a_held_file_is_its_uploaders_only(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    accountant = desk.sign_in("accountant")
    assert accountant.get(path).status_code == 404
    for step in ("columns", "rows", "figures"):
        with desk.nothing_stored():
            assert accountant.post(f"{path}/{step}", **COLUMNS, row="0").status_code == 404
    accountant.post(path + "/drop")
    assert waiting(desk) == 1, "nobody else deletes it either"
    assert desk.sign_in("recorder").get(path).status_code == 403
    assert cashier.get(path[:-4] + "AAAA").status_code == 404
    cashier.sees(cashier.get(path), "对应各列")


def test_a_held_file_is_gone_after_an_hour_at_anybodys_visit(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    desk.at += timedelta(minutes=29)
    cashier.get(PAGE)
    desk.at += timedelta(minutes=29)
    cashier.sees(cashier.get(path), "对应各列")
    desk.at += timedelta(minutes=2)
    cashier.sees(cashier.get(path), "最多保留一小时", status=404)
    assert waiting(desk) == 0
    upload(cashier, RURAL)
    desk.at += timedelta(hours=1)
    desk.sign_in("viewer").get(PAGE)
    assert waiting(desk) == 0


def test_a_file_that_is_given_up_is_gone(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL))
    with desk.nothing_stored():
        cashier.sees(cashier.post(path + "/drop"), "文件已删除")
    assert waiting(desk) == 0
    assert cashier.get(path).status_code == 404


def test_one_person_holds_four_files_at_most(desk: Desk, cashier: Person):
    paths = []
    for _ in range(6):
        desk.at += timedelta(seconds=1)
        paths.append(held(upload(cashier, RURAL)))
    assert waiting(desk) == 4
    assert [cashier.get(path).status_code for path in paths] == [404, 404, 200, 200, 200, 200]


def test_of_a_personal_bill_only_ticked_rows_are_kept_anywhere(desk: Desk, cashier: Person, tmp_path: Path):
    path = held(upload(cashier, bill(30), "personal", "张某某的账单.csv"))
    page = cashier.sees(cashier.get(path), "勾选个人账单", "私人晚饭7", "写有“提现”")
    assert page.count(" checked>") == 1
    with desk.nothing_stored():
        cashier.sees(cashier.post(path + "/rows"), "至少勾选一行", status=400)
        cashier.sees(cashier.post(path + "/rows", row="30"), "不在这份账单里", status=400)
    answer = cashier.post(path + "/rows", row="29")
    cashier.sees(answer, "原文件没有保存", "某直播平台", "69.33")
    assert waiting(desk) == 0
    stored = b"".join(one.read_bytes() for one in tmp_path.rglob("copy_*"))
    assert "某直播平台".encode() in stored
    assert "私人".encode() not in stored
    assert b"20260318" not in stored
    assert "张某某的账单".encode() not in stored
    assert count(desk, c.SourceLeaf) == 29
    desk.check_everything()


def test_a_wallets_bill_is_ticked_whatever_account_was_chosen_and_imports_refuse_it(
    desk: Desk, cashier: Person
):
    with desk.nothing_stored():
        cashier.sees(cashier.post("/imports/", file=(ALIPAY, "账单.csv")), "这是个人账单", status=400)
        path = held(upload(cashier, ALIPAY))
        cashier.sees(cashier.get(path), "勾选个人账单")


def test_the_streamers_card_at_an_unknown_bank_is_mapped_and_then_ticked(desk: Desk, cashier: Person):
    path = held(upload(cashier, RURAL, "personal"))
    path = held(cashier.post(path + "/columns", **COLUMNS))
    cashier.sees(cashier.get(path), "勾选个人账单", "公益直播打赏上缴")
    cashier.sees(cashier.post(path + "/rows", row="0"), "原文件没有保存")
    assert (waiting(desk), count(desk, c.BankProfile), count(desk, c.SourceLeaf)) == (0, 1, 1)
    desk.check_everything()


def test_counterparties_of_a_personal_bill_are_masked_for_those_who_only_look(desk: Desk, cashier: Person):
    data = ALIPAY.replace("某直播平台".encode("gb18030"), "卫某某".encode("gb18030"))
    path = held(upload(cashier, data, "personal"))
    answer = cashier.post(path + "/rows", row="0")
    cashier.sees(answer, "卫某某", "直播收益提现")
    bill_page = answer.headers["Location"].removeprefix("/demo")
    accountant = desk.sign_in("accountant")
    accountant.sees(accountant.get(bill_page), "卫某某")
    for login in ("viewer", "discipline", "redcross-clerk", "recorder", "checker"):
        person = desk.sign_in(login)
        page = person.sees(person.get(bill_page), "卫**", "6,933.00")
        assert "卫某某" not in page
        assert "直播收益提现" not in page
    recorder = desk.sign_in("recorder")
    imported = bill_page.replace("/reconcile/statements/bills", "/imports")
    page = recorder.sees(recorder.get(imported), "个人账单只保存勾选的行")
    assert "卫某某" not in page
    assert "下载原文件" not in page
    digest = re.search(r"[0-9a-f]{64}", page)
    assert digest
    assert recorder.get(f"/files/{digest[0]}").status_code == 404
    recorder.sees(recorder.post(imported + "/discard", reason="选错了人"), "已作废")
    desk.check_everything()


def test_a_form_with_two_thousand_ticked_rows_works(desk: Desk, cashier: Person):
    path = held(upload(cashier, bill(2000), "personal"))
    page = cashier.sees(cashier.get(path), "共 2,000 行")
    assert page.count('name="row"') == 2000
    answer = cashier.post(path + "/rows", row=[str(n) for n in range(2000)])
    cashier.sees(answer, "原文件没有保存", "第 1 页，共 20 页")
    assert waiting(desk) == 0
    with desk.nothing_stored():
        cashier.sees(upload(cashier, bill(2001), "personal"), "请按更短的期间导出", status=400)
    assert waiting(desk) == 0


BAD_FILES = {
    "nothing": (b"", "空.csv", "文件是空的"),
    "a picture": (SCREENSHOT, "截图.csv", "图片"),
    "no table": (b"hello, world\n1,2\n", "a.csv", "看不出是哪种文件"),
    "broken": (STATEMENT.replace(b"12006.00", b"12006.01"), "明细.csv", "余额对不上"),
    "a tip sheet": ((FILES / "打赏登记表.csv").read_bytes(), "打赏.csv", "不是账户流水"),
    "orders": ((FILES / "达人订单明细_百应.csv").read_bytes(), "订单.csv", "不是账户流水"),
}


@pytest.mark.parametrize(("data", "name", "sentence"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_a_sentence_and_neither_stored_nor_held(
    desk: Desk, cashier: Person, data: bytes, name: str, sentence: str
):
    for account in (BANK, "personal"):
        with desk.nothing_stored():
            cashier.sees(upload(cashier, data, account, name), sentence, status=400)
    assert waiting(desk) == 0


def test_a_form_without_file_or_account_is_a_sentence(desk: Desk, cashier: Person):
    with desk.nothing_stored():
        cashier.sees(cashier.post(PAGE, account=BANK), "请选择对账单文件", status=400)
        cashier.sees(upload(cashier, STATEMENT, ""), "请选择“账户”", status=400)
        cashier.sees(upload(cashier, STATEMENT, "1122.21"), "请从列表里选择", status=400)
        cashier.sees(upload(cashier, STATEMENT, first_day="三月"), "请写成", status=400)
        cashier.sees(upload(cashier, STATEMENT, opening="一百"), "请写成", status=400)


def test_a_balance_is_recorded_with_its_picture_and_listed(desk: Desk, cashier: Person):
    given = {"shown_account": KUAISHOU, "shown_day": "2026-03-31", "shown_balance": "1575.00"}
    with desk.nothing_stored():
        page = cashier.sees(cashier.post(PAGE + "balances", **given), "请附上显示余额的截图", status=400)
        assert 'value="1575.00"' in page
        shot = (SCREENSHOT, "余额.png")
        late = cashier.post(PAGE + "balances", **{**given, "shown_day": "2026-04-03"}, shot=shot)
        cashier.sees(late, "还没有到", status=400)
    cashier.sees(cashier.post(PAGE + "balances", **given, shot=shot), "余额已登记", "1,575.00", "余额.png")
    desk.check_everything()


def test_who_only_looks_sees_no_forms_and_may_send_none(desk: Desk):
    for login in ("viewer", "recorder", "checker", "redcross", "discipline"):
        person = desk.sign_in(login)
        page = person.sees(person.get(PAGE), "对账单")
        assert "上传对账单" not in page
        with desk.nothing_stored():
            assert upload(person, STATEMENT).status_code == 403
            assert person.post(PAGE + "balances").status_code == 403
            assert person.post(PAGE + "1/place").status_code == 403
    assert desk.sign_in("sysadmin").get(PAGE).status_code == 403


def test_names_on_a_bank_statement_are_masked_for_those_who_only_look(desk: Desk, cashier: Person):
    place = upload(cashier, STATEMENT).headers["Location"].removeprefix("/demo")
    cashier.sees(cashier.get(place), "张某某", "示例县红十字会")
    viewer = desk.sign_in("viewer")
    page = viewer.sees(viewer.get(place), "张**", "示例县红十字会")
    assert "张某某" not in page


def test_a_held_file_cannot_be_read_from_the_database_alone(desk: Desk, cashier: Person):
    upload(cashier, RURAL)
    with desk.store.reading() as reading:
        row = reading.execute(select(table_of(d.HeldUpload))).one()
    assert "公益直播".encode("gb18030") not in row.data
    assert row.name == ""
    assert count(desk, t.SourceRow) > 0


def test_a_page_that_does_not_exist_is_a_404(cashier: Person):
    for path in (PAGE + "1", PAGE + "bills/1", PAGE + "999999999", PAGE + "held/x"):
        assert cashier.get(path).status_code == 404
    for path in (PAGE + "?year=1", PAGE + "?year=99999", PAGE + "?year=x"):
        assert cashier.get(path).status_code == 200
