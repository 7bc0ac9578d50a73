"""The register pages in the browser: agreements, resolutions, receipts, goods, events and the chart of accounts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ledger.book import agreements, allocation, charity_receipts, relations
from ledger.store import log
from ledger.web.registers import TABS
from tests.web_desk import SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

SCAN = (SCREENSHOT, "扫描件.png")
OLD = json.loads((Path(__file__).parent / "data" / "chart-county-2026.json").read_text("utf-8"))
AGREEMENT = {
    "number": "捐协〔2026〕9号",
    "party": "示例县人民政府办公室",
    "signed_on": "2026-04-01",
    "first_day": "2026-04-01",
    "last_day": "",
    "share": "99.50",
    "scope": "两个账号的全部打赏",
    "accounts": ["A02"],
    "document": SCAN,
}
RESOLUTION = {
    "number": "2026-04号",
    "passed_on": "2026-04-02",
    "body": "县公益直播联席会议",
    "purpose": "春季助学",
    "share-redcross": "100.00",
    "share-charity": "",
    "document": SCAN,
}
PATHS = {
    "agreements": "/registers/",
    "resolutions": "/registers/resolutions",
    "receipts": "/registers/receipts",
    "goods": "/registers/goods",
    "events": "/registers/events",
    "chart": "/registers/chart",
}


def index_of(desk: Desk, number: str) -> int:
    with desk.store.reading() as reading:
        return agreements.get(reading, "demo", number).idx


def payment_of(desk: Desk, charity: str) -> charity_receipts.Payment:
    with desk.store.reading() as reading:
        return next(one for one in charity_receipts.payments(reading, "demo") if one.charity == charity)


@pytest.mark.parametrize("login", ["viewer", "recorder", "redcross-clerk", "discipline", "accountant"])
def test_every_tab_opens_for_everybody_who_sees_the_books_and_off_buttons_say_why(desk: Desk, login: str):
    person = desk.sign_in(login)
    assert set(PATHS) == set(TABS)
    for place, path in PATHS.items():
        page = person.sees(person.get(path), 'aria-current="page"', "科目表", "选品与费用")
        assert f"/demo{path}" in page, place
    if login in ("viewer", "discipline", "redcross-clerk"):
        for path in (PATHS["agreements"], PATHS["resolutions"], PATHS["goods"], PATHS["events"]):
            person.sees(person.get(path), "您的角色不能登记；由制单或会计主管办理。")


def test_an_agreement_is_registered_changed_and_shown_with_its_file(desk: Desk):
    person = desk.sign_in("recorder")
    person.sees(
        person.post("/registers/agreements", **AGREEMENT),
        "协议 捐协〔2026〕9号 已登记",
        "99.50%",
        "示例县政府",
        "扫描件.png",
    )
    idx = index_of(desk, AGREEMENT["number"])
    changed = AGREEMENT | {"share": "80", "last_day": "2026-12-31", "document": [], "reason": "经双方商定"}
    person.sees(
        person.post(f"/registers/agreements/{idx}", **changed),
        "变更已登记",
        "80.00%",
        "变更 1 次",
        "变更：经双方商定",
        "2026年12月31日",
        "扫描件.png",
    )
    desk.check_everything()


BAD_AGREEMENTS = [
    ({"number": ""}, "请填写“协议编号”", 400),
    ({"share": "0"}, "承诺比例须大于 0", 400),
    ({"share": "100.01"}, "不超过 100%", 400),
    ({"share": "12.345"}, "“承诺比例”请写成 12.50 的样子", 400),
    ({"share": "５０"}, "“承诺比例”请写成", 400),
    ({"signed_on": "2026-04-03"}, "签订日期不能晚于今天", 400),
    ({"first_day": "2026-13-01"}, "“起始日期”请写成", 400),
    ({"last_day": "2026-03-01"}, "截止日期早于起始日期", 400),
    ({"accounts": ["A77"]}, "直播账号请从列表里选择", 400),
    ({"document": []}, "请上传捐赠协议", 400),
    ({"document": (SCREENSHOT, "协议.pdf")}, "扩展名与内容不符", 400),
]


@pytest.mark.parametrize(
    ("changes", "sentence", "status"), BAD_AGREEMENTS, ids=[words for _, words, _ in BAD_AGREEMENTS]
)
def test_a_bad_agreement_says_what_is_wrong_keeps_what_was_typed_and_stores_nothing(
    desk: Desk, changes, sentence: str, status: int
):
    person = desk.sign_in("recorder")
    with desk.nothing_stored():
        answer = person.post("/registers/agreements", **(AGREEMENT | changes))
        page = person.sees(answer, sentence, status=status)
    assert "两个账号的全部打赏" in page, "what was typed is lost"


def test_a_change_of_an_agreement_that_is_not_there_is_not_found(desk: Desk):
    person = desk.sign_in("recorder")
    with desk.nothing_stored():
        answer = person.post("/registers/agreements/5", **(AGREEMENT | {"reason": "变更"}))
    assert answer.status_code == 404


def test_broadcasts_without_an_agreement_before_them_are_listed(desk: Desk):
    person = desk.sign_in("recorder")
    terms = AGREEMENT | {"number": "补签1号", "first_day": "2026-03-25", "accounts": ["A01"]}
    person.post("/registers/agreements", **terms)
    page = person.sees(person.get("/registers/"))
    with desk.store.reading() as reading:
        found = agreements.covering(reading, "demo", "2026-0004")
    assert found is not None
    if found.late:
        assert "协议 补签1号 在开播后才登记" in page


def test_a_resolution_is_registered_and_waits_for_its_voucher(desk: Desk):
    person = desk.sign_in("accountant")
    page = person.sees(
        person.post("/registers/resolutions", **RESOLUTION),
        "决议 2026-04号 已登记",
        "县公益直播联席会议",
        "未记账",
        "已决议未记账",
    )
    assert "不能自己决定分给自己" in page, "the form says who may not decide"
    with desk.store.reading() as reading:
        found = {item.number: item for item in allocation.resolutions(reading, "demo")}
    assert found["2026-04号"].shares == (("redcross", 10_000),)
    allocate = {"type": "ALLOCATE", "date": "2026-04-02", "fact-resolution": "2026-04号"}
    refused = person.post("/drafts/new", **allocate, **{"amount-to_redcross": "100.01"}, evidence=[SCAN])
    person.sees(refused, "分给", "凭证上是 100.01", status=400)
    done = person.post("/drafts/new", **allocate, **{"amount-to_redcross": "100.00"}, evidence=[SCAN])
    person.sees(done, "已生成草稿")
    checker = desk.sign_in("checker")
    checker.sees(desk.post_the_only_draft(checker), "已记账")
    person.sees(person.get("/registers/resolutions"), "记-0001")
    desk.check_everything()


BAD_RESOLUTIONS = [
    ({"share-redcross": "999999999.00"}, "超过现在可分配的", 400),
    ({"share-redcross": "", "share-charity": ""}, "请至少给一个慈善机构填写分配金额", 400),
    ({"share-redcross": "-1"}, "“分配金额”不能是负数", 400),
    ({"share-redcross": "1e5"}, "“分配金额”请写成", 400),
    ({"number": " "}, "请填写“决议编号”", 400),
    ({"body": "县 红 十 字 会"}, "不能自己决定", 400),
    ({"passed_on": "2026-04-03"}, "决议日期不能晚于今天", 400),
    ({"document": []}, "请上传决议", 400),
]


@pytest.mark.parametrize(
    ("changes", "sentence", "status"), BAD_RESOLUTIONS, ids=[words for _, words, _ in BAD_RESOLUTIONS]
)
def test_a_bad_resolution_says_what_is_wrong_and_stores_nothing(
    desk: Desk, changes, sentence: str, status: int
):
    person = desk.sign_in("accountant")
    if "红" in changes.get("body", ""):
        with desk.store.reading() as reading:
            from ledger.book import roster

            changes = {"body": roster.parties(reading, "demo")["redcross"].zh}
    with desk.nothing_stored():
        answer = person.post("/registers/resolutions", **(RESOLUTION | changes))
        person.sees(answer, sentence, status=status)


def test_unspent_money_is_returned_from_the_charitys_card_in_one_draft(desk: Desk):
    person = desk.sign_in("accountant")
    person.sees(person.get("/registers/resolutions"), "结余退回", "2,140.00")
    form = {"amount": "140.00", "day": "2026-04-02", "bank_text": "998877", "document": SCAN}
    with desk.nothing_stored():
        too_much = person.post("/registers/give-back/redcross", **(form | {"amount": "2140.01"}))
        person.sees(too_much, "手上未使用的拨付款是 2,140.00 元", status=400)
    page = person.sees(
        person.post("/registers/give-back/redcross", **form), "两张凭证", "-140.00".replace("-", "−")
    )
    assert "998877" in page
    checker = desk.sign_in("checker")
    checker.sees(desk.post_the_only_draft(checker), "已记账：2 张凭证")
    person.sees(person.get("/registers/resolutions"), "2,000.00")
    desk.sign_in("cashier").sees(
        desk.sign_in("cashier").get("/registers/resolutions"), "您的角色不能填制结余退回凭证"
    )
    desk.check_everything()


def receipt(**changes) -> dict:
    return {
        "code": "36060126",
        "number": "0009876543",
        "check_code": "x7Y8z9",
        "amount": "100.00",
        "issued_on": "2026-04-02",
        "received_on": "2026-04-02",
        "scan": SCAN,
    } | changes


def fresh_payment(desk: Desk) -> charity_receipts.Payment:
    """Decide, allocate and pay 100.00 to the Red Cross; return the payment, which has no receipt yet."""
    accountant, checker = desk.sign_in("accountant"), desk.sign_in("checker")
    accountant.post("/registers/resolutions", **RESOLUTION)
    day = {"date": "2026-04-02", "evidence": [SCAN]}
    allocate = {"type": "ALLOCATE", "fact-resolution": "2026-04号", "amount-to_redcross": "100.00"}
    grant = {"type": "GRANT_PAY", "charity": "redcross", "amount-amount": "100.00"}
    for voucher in (allocate, grant):
        accountant.sees(accountant.post("/drafts/new", **voucher, **day), "已生成草稿")
        checker.sees(desk.post_the_only_draft(checker), "已记账")
    return payment_of(desk, "redcross")


def test_a_receipt_is_recorded_by_its_charity_and_reviewed_by_the_other(desk: Desk):
    paid = fresh_payment(desk)
    own, other = desk.sign_in("redcross-clerk"), desk.sign_in("charity-clerk")
    other.sees(other.get("/registers/receipts"), "票据由收款的慈善机构经办登记")
    assert other.post(f"/registers/receipts/{paid.idx}", **receipt()).status_code == 403
    own.sees(
        own.post(f"/registers/receipts/{paid.idx}", **receipt()),
        "票据已登记",
        "0009876543",
        "票据登记（不作票据使用）",
        "本单位的票据由另一家慈善机构复核",
    )
    idx = payment_of(desk, "redcross").receipts[-1].idx
    assert own.post(f"/registers/receipts/review/{idx}", decision="agree").status_code == 403
    with desk.nothing_stored():
        asked = other.post(f"/registers/receipts/review/{idx}", decision="query", note="")
        other.sees(asked, "请写明问询的内容", status=400)
        other.sees(
            other.post(f"/registers/receipts/review/{idx}", decision="refuse"), "请从列表里选择", status=400
        )
    other.sees(other.post(f"/registers/receipts/review/{idx}", decision="agree"), "复核意见已登记", "已复核")
    with desk.nothing_stored():
        again = own.post(f"/registers/receipts/{paid.idx}", **receipt(amount="0.01", number="0009876544"))
        own.sees(again, "还没有票据的是 0.00 元", status=400)
    desk.check_everything()


BAD_RECEIPTS = [
    ({"amount": "100.01"}, "票据金额 100.01 元不对"),
    ({"number": "12-34"}, "只有数字和字母"),
    ({"number": ""}, "请填写“票据号码”"),
    ({"received_on": "2026-04-01"}, "到账日期早于拨付日期"),
    ({"issued_on": "2026-04-03"}, "不能晚于今天"),
    ({"scan": []}, "请上传票据"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD_RECEIPTS, ids=[words for _, words in BAD_RECEIPTS])
def test_a_bad_receipt_says_what_is_wrong_and_stores_nothing(desk: Desk, changes, sentence: str):
    paid = fresh_payment(desk)
    person = desk.sign_in("redcross-clerk")
    with desk.nothing_stored():
        person.sees(
            person.post(f"/registers/receipts/{paid.idx}", **receipt(**changes)), sentence, status=400
        )


def test_nothing_on_the_receipt_page_looks_like_an_official_receipt(desk: Desk):
    page = desk.sign_in("viewer").get("/registers/receipts").get_data(as_text=True)
    assert "（不作票据使用）" in page
    for word in ("财政部监制", "捐赠统一票据", "票据监制章"):
        assert word not in page


def test_a_spending_is_declared_by_its_charity(desk: Desk):
    with desk.store.reading() as reading:
        said = relations.declared(reading, "demo")
        entry = next(e for e in relations.spending(reading, "demo") if e.charity == "redcross")
    person = desk.sign_in("redcross-clerk")
    if entry.idx not in said:
        person.sees(person.get("/registers/receipts"), "未声明")
    path = f"/registers/receipts/relation/{entry.idx}"
    with desk.nothing_stored():
        person.sees(person.post(path, relation="related", detail=""), "请写明是什么关联", status=400)
    detail = "店主是本会职工家属"
    page = person.sees(person.post(path, relation="related", detail=detail), "关联方声明已登记", detail)
    assert "有关联" in page
    seen = desk.sign_in("viewer").get("/registers/receipts").get_data(as_text=True)
    assert detail not in seen
    assert "有关联" in seen
    assert desk.sign_in("charity-clerk").post(path, relation="none").status_code == 403
    desk.check_everything()


def test_goods_and_costs_are_recorded(desk: Desk):
    person = desk.sign_in("recorder")
    goods = {
        "broadcast": "2026-0004",
        "goods": "高山蜂蜜",
        "seller": "示例县蜂业合作社",
        "relation": "related",
        "detail": "",
        "slot_fee": "0",
        "commission": "5.5",
    }
    with desk.nothing_stored():
        person.sees(person.post("/registers/goods", **goods), "请写明是什么关联", status=400)
        bad = person.post("/registers/goods", **(goods | {"commission": "120", "detail": "亲属"}))
        page = person.sees(bad, "佣金率须在 0 到 100% 之间", status=400)
    assert 'value="高山蜂蜜"' in page
    person.sees(
        person.post("/registers/goods", **(goods | {"detail": "理事长是主播亲属"})),
        "选品已登记",
        "5.50%",
        "与主播有关联",
    )
    cost = {
        "day": "2026-04-01",
        "broadcast": "",
        "what": "sample",
        "detail": "试吃样品",
        "amount": "66.60",
        "bearer": "seller",
        "document": SCAN,
    }
    with desk.nothing_stored():
        person.sees(person.post("/registers/costs", **(cost | {"bearer": ""})), "请选择“承担方”", status=400)
    person.sees(person.post("/registers/costs", **cost), "费用已登记", "66.60", "商家", "扫描件.png")
    desk.check_everything()


def test_goods_of_a_broadcast_that_is_not_registered_are_not_found(desk: Desk):
    person = desk.sign_in("recorder")
    with desk.nothing_stored():
        answer = person.post(
            "/registers/goods",
            broadcast="2026-9999",
            goods="蜂蜜",
            seller="店",
            relation="none",
            slot_fee="0",
            commission="0",
        )
    assert answer.status_code == 404


def register_event(person: Person, **changes):
    fields = {
        "title": "元宵义演",
        "day": "2026-04-01",
        "platform": "抖音",
        "handle": "某演艺团",
        "owner": "周某",
        "promise": "当晚打赏全部转入",
        "expected": "",
    }
    return person.post("/registers/events", **(fields | changes))


def test_an_event_is_registered_its_owner_masked_and_its_money_follows(desk: Desk):
    person = desk.sign_in("accountant")
    with desk.nothing_stored():
        person.sees(register_event(person, promise=""), "请填写“对方承诺”", status=400)
    page = person.sees(register_event(person), "已登记；收到款项后", "周某", "未到款", "type=EVENT_INCOME")
    number = re.search(r"E-2026-\d{3}", page)
    assert number
    seen = desk.sign_in("viewer").get("/registers/events").get_data(as_text=True)
    assert "周某" not in seen
    assert "周**" in seen
    form = {"type": "EVENT_INCOME", "date": "2026-04-02", "amount-amount": "88.00", "evidence": [SCAN]}
    person.sees(
        person.post("/drafts/new", **form, **{"fact-event": "E-2026-777"}), "没有登记他方活动", status=400
    )
    person.sees(person.post("/drafts/new", **form, **{"fact-event": number[0]}), "已生成草稿")
    checker = desk.sign_in("checker")
    checker.sees(desk.post_the_only_draft(checker), "已记账")
    person.sees(person.get("/registers/events"), "已到款", "88.00")
    desk.check_everything()


def test_the_chart_is_a_readable_table(desk: Desk):
    page = desk.sign_in("viewer").sees(
        desk.sign_in("viewer").get("/registers/chart"),
        "county-2026.2",
        "4901.04",
        "其他收入—他方账号活动",
        "该平台可提现余额",
        "EVENT_INCOME",
    )
    assert "采用新版科目表" not in page


def test_the_security_administrator_adopts_the_newer_chart_and_nobody_else(desk: Desk):
    with desk.store.transaction("demo") as session:
        log.append(session, "demo", "chart.adopted", {"chart": OLD}, by="system", at=desk.at)
    accountant = desk.sign_in("accountant")
    accountant.sees(accountant.get("/registers/chart"), "有新版科目表：county-2026.2", "由安全管理员采用。")
    accountant.sees(accountant.get("/registers/events"), "请安全管理员在“科目表”采用新版")
    assert accountant.post("/registers/chart", version="county-2026.2").status_code == 403
    security = desk.sign_in("secadmin")
    page = security.sees(security.get("/registers/chart"), "采用新版科目表")
    assert "/registers/receipts" not in page, "no tab that this person may not open"
    with desk.nothing_stored():
        security.sees(security.post("/registers/chart", version="county-2026"), "请刷新页面", status=409)
    security.sees(security.post("/registers/chart", version="county-2026.2"), "已采用科目表 county-2026.2")
    with desk.nothing_stored():
        security.sees(
            security.post("/registers/chart", version="county-2026.2"), "已经在用这一版", status=409
        )
    for path in ("/registers/", "/registers/receipts"):
        assert security.get(path).status_code == 403
    desk.check_everything()
