"""Welfare activities in the browser: registered on a phone, shown with photos, changed with a reason."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from ledger.book import activity_reads, relations
from tests.web_desk import SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

PHOTO = (SCREENSHOT, "现场.png")


def spending_of(desk: Desk, charity: str) -> int:
    with desk.store.reading() as reading:
        return next(e.idx for e in relations.spending(reading, "demo") if e.charity == charity)


def fields(**changes: object) -> dict[str, object]:
    return {
        "title": "清明助老送暖",
        "organisers": ["redcross", "loveteam"],
        "day": "2026-04-02",
        "place": "示例镇敬老院",
        "beneficiaries": "86",
        "who": "示例镇孤寡老人、低保户",
        "goods-0": "棉被",
        "quantity-0": "86",
        "unit-0": "床",
        "cost-0": "8600.00",
        "goods-1": "",
        "quantity-1": "",
        "volunteer-0": "苗某某",
        "minutes-0": "150",
        "volunteer-1": "",
        "minutes-1": "",
        "payee": "骆某",
        "intent": "用于困难群众",
        "camera": PHOTO,
    } | changes


def number_on(desk: Desk, title: str = "清明助老送暖") -> str:
    with desk.store.reading() as reading:
        return next(a.number for a in activity_reads.activities(reading, "demo") if a.title == title)


def create(person: Person, **changes: object) -> TestResponse:
    return person.post("/activities/new", **fields(**changes))


@pytest.fixture
def clerk(desk: Desk) -> Person:
    return desk.sign_in("redcross-clerk")


def test_an_activity_is_registered_with_a_photo_and_shown_with_its_evidence(desk: Desk, clerk: Person):
    clerk.sees(clerk.get("/activities/new"), 'capture="environment"', "不写姓名")
    entry = spending_of(desk, "redcross")
    page = clerk.sees(
        create(clerk, spending=[str(entry)]),
        "已登记",
        "8,600.00",
        "9,860.00",
        "与支出凭证相差 1,260.00 元",
        "苗某某",
        "150 分钟",
        "骆某",
        "现场.png",
    )
    assert re.search(r"H-2026-\d{3}", page)
    clerk.sees(clerk.get("/activities/"), "清明助老送暖", "受益 86 人", "志愿者爱心团队", "/demo/files/")
    clerk.sees(clerk.get("/activities/?month=2026-04"), "清明助老送暖")
    assert "清明助老送暖" not in clerk.get("/activities/?month=2026-02").get_data(as_text=True)
    assert clerk.get("/activities/?month=2026-13").status_code == 400
    desk.check_everything()


def test_names_are_masked_for_whoever_does_not_write_about_it(desk: Desk, clerk: Person):
    create(clerk)
    number = number_on(desk)
    for login in ("viewer", "discipline", "charity-clerk"):
        person = desk.sign_in(login)
        page = person.sees(person.get(f"/activities/{number}"), "骆**", "苗**")
        assert "苗某某" not in page
        assert "骆某<" not in page


def test_a_change_starts_from_what_is_there_and_keeps_everything_that_is_not_touched(
    desk: Desk, clerk: Person
):
    entry = spending_of(desk, "redcross")
    create(clerk, spending=[str(entry)])
    number = number_on(desk)
    page = clerk.sees(
        clerk.get(f"/activities/{number}/change"), 'value="棉被"', 'value="苗某某"', 'value="8600.00"'
    )
    assert re.search(rf'value="{entry}" checked', page)
    changed = fields(
        **{"goods-1": "食用油", "quantity-1": "86", "cost-1": "1260.00", "camera": []},
        spending=[str(entry)],
        reason="补登食用油",
    )
    with desk.nothing_stored():
        refused = clerk.post(f"/activities/{number}/change", **(changed | {"reason": ""}))
        again = clerk.sees(refused, "请填写“变更原因”", status=400)
    assert 'value="食用油"' in again, "what was typed is lost"
    done = clerk.post(f"/activities/{number}/change", **changed)
    page = clerk.sees(done, "变更已登记", "补登食用油", "现场.png", "首次登记", "9,860.00")
    assert "与支出凭证相差" not in page
    desk.check_everything()


def test_photos_are_added_later_by_the_organiser(desk: Desk, clerk: Person):
    create(clerk)
    number = number_on(desk)
    more = clerk.post(
        f"/activities/{number}/files", gallery=[(SCREENSHOT + b"2", "签收单.png")], note="签收单"
    )
    clerk.sees(more, "已补充", "签收单.png", "现场.png")
    with desk.nothing_stored():
        clerk.sees(clerk.post(f"/activities/{number}/files", note=""), "请选择要补充", status=400)
    other = desk.sign_in("charity-clerk")
    assert other.post(f"/activities/{number}/files", gallery=[PHOTO]).status_code == 403
    assert other.post(f"/activities/{number}/change", **fields(reason="改")).status_code == 403
    other.sees(other.get(f"/activities/{number}"), "慈善机构经办只能修改本单位主办的活动。")
    desk.check_everything()


BAD = [
    ({"title": ""}, "请填写“活动名称”"),
    ({"organisers": []}, "请选择主办单位"),
    ({"organisers": ["redcross", "nobody"]}, "请选择主办单位"),
    ({"day": "2026-04-03"}, "活动日期不能晚于今天"),
    ({"day": "4月2日"}, "“活动日期”请写成"),
    ({"beneficiaries": "约86"}, "“受益人数”请填半角数字"),
    ({"who": ""}, "请写明受益的是哪一类人"),
    ({"who": "张某某、李某"}, "像是个人名单"),
    ({"place": "示例镇 13812345678"}, "手机号"),
    ({"quantity-0": ""}, "物资第 1 项"),
    ({"cost-0": "8600.001"}, "“金额”请写成"),
    ({"goods-0": ""}, "请填写“物资名称”"),
    ({"minutes-0": ""}, "志愿者第 1 行"),
    ({"minutes-0": "9999"}, "志愿者第 1 行"),
    ({"volunteer-0": ""}, "请填写“志愿者姓名”"),
    ({"payee": "张某某女士"}, "不能从善款里收款"),
    ({"spending": ["abc"]}, "支出凭证请从列表里选择"),
    ({"camera": (SCREENSHOT, "现场.pdf")}, "扩展名与内容不符"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD, ids=[words for _, words in BAD])
def test_a_bad_activity_says_what_is_wrong_keeps_what_was_typed_and_stores_nothing(
    desk: Desk, clerk: Person, changes, sentence: str
):
    with desk.nothing_stored():
        page = clerk.sees(create(clerk, **changes), sentence, status=400)
    assert 'value="床"' in page, "what was typed is lost"


def test_who_may_not_register_reads_why(desk: Desk):
    for login in ("viewer", "recorder", "discipline"):
        person = desk.sign_in(login)
        person.sees(person.get("/activities/"), "由慈善机构经办或会计主管办理")
        assert person.get("/activities/new").status_code == 403
        assert create(person).status_code == 403
    clerk = desk.sign_in("charity-clerk")
    assert create(clerk).status_code == 403, "the Red Cross's activity is its own clerk's"
    assert clerk.get("/activities/H-2026-999").status_code == 404


def test_the_accountant_registers_for_the_volunteers(desk: Desk):
    person = desk.sign_in("accountant")
    person.sees(create(person, organisers=["loveteam"], payee=""), "已登记", "志愿者爱心团队")


def test_every_linked_voucher_stays_offered_to_the_other_organiser(desk: Desk, clerk: Person):
    """A clerk who changes a joint activity must not drop the other charity's vouchers by not seeing them."""
    accountant = desk.sign_in("accountant")
    both = [spending_of(desk, "redcross"), spending_of(desk, "charity")]
    create(accountant, organisers=["redcross", "charity"], spending=[str(one) for one in both])
    page = clerk.get(f"/activities/{number_on(desk)}/change").get_data(as_text=True)
    for entry in both:
        assert re.search(rf'value="{entry}" checked', page)
