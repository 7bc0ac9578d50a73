"""Accounts, broadcasts and the night declaration, as people use them in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from ledger.book import broadcasts
from ledger.web import dossiers
from tests.web_desk import NIGHT, SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

SHOT = (SCREENSHOT, "截图.png")
TONIGHT = "2026-04-02T"


@pytest.fixture
def recorder(desk: Desk) -> Person:
    return desk.sign_in("recorder")


def new_broadcast(person: Person, **changes: object) -> TestResponse:
    fields = {
        "title": "春茶助农专场",
        "starts_at": TONIGHT + "20:00",
        "ends_at": TONIGHT + "22:00",
        "accounts": ["A01"],
        "host": "张某某",
        "department": "县农业农村局",
    }
    return person.post("/broadcasts/new", **(fields | changes))


def member(desk: Desk, login: str) -> str:
    with desk.store.reading() as reading:
        from ledger.book import people

        found = people.by_login(reading, login)
        assert found is not None
        return found.person


def test_the_list_shows_each_broadcast_with_what_was_declared_and_what_was_settled(recorder: Person):
    page = recorder.sees(
        recorder.get("/broadcasts/"), "2026-0004", "12,000.00", "12,000.50", "0.50", "乡村振兴公益专场"
    )
    assert page.index("2026-0004") < page.index("2026-0001")
    assert "还没申报" not in page


def test_a_broadcast_is_registered_and_its_declaration_is_the_next_page(desk: Desk, recorder: Person):
    recorder.sees(
        new_broadcast(recorder),
        "场次 2026-0005 已登记",
        "申报当晚收入",
        'capture="environment"',
        f'value="{TONIGHT}22:30"',
    )
    recorder.sees(recorder.get("/broadcasts/"), "还没申报", "/demo/broadcasts/2026-0005/declare")
    desk.check_everything()


def test_tonight_is_declared_with_a_photo_and_the_dossier_shows_it(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    done = recorder.post(
        "/broadcasts/2026-0005/declare",
        **{"amount-A01": "1,234.50", "units-A01": "12345", "captured_at": TONIGHT + "22:29", "camera": SHOT},
    )
    page = recorder.sees(done, "已申报", "1,234.50", "12,345 音浪", "截图.png", "/demo/files/")
    assert "还没有申报" not in page
    desk.check_everything()


def test_no_income_is_declared_by_one_tick_without_a_photo(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    done = recorder.post("/broadcasts/2026-0005/declare", zero="A01", captured_at=TONIGHT + "22:29")
    recorder.sees(done, "零收入声明", "0.00")
    desk.check_everything()


def test_two_accounts_are_declared_together_one_of_them_without_income(desk: Desk, recorder: Person):
    new_broadcast(recorder, accounts=["A01", "A02"])
    done = recorder.post(
        "/broadcasts/2026-0005/declare",
        **{"amount-A01": "80", "zero": "A02", "captured_at": TONIGHT + "22:29", "gallery": [SHOT]},
    )
    recorder.sees(done, "80.00", "零收入声明")
    desk.check_everything()


BAD_DECLARATIONS = [
    ({"amount-A01": ""}, "请填写“打赏金额”"),
    ({"amount-A01": "-5"}, "“打赏金额”不能是负数"),
    ({"amount-A01": "８６４０"}, "半角数字"),
    ({"amount-A01": "12.345"}, "最多两位小数"),
    ({"amount-A01": "1e3"}, "半角数字"),
    ({"amount-A01": "1,23"}, "半角数字"),
    ({"amount-A01": "NaN"}, "半角数字"),
    ({"amount-A01": "9" * 16}, "金额太大"),
    ({"amount-A01": "0"}, "零收入声明"),
    ({"zero": "A01"}, "只选一种"),
    ({"units-A01": "12.5万"}, "半角数字的整数"),
    ({"camera": []}, "请拍摄或上传平台收入页面的截图"),
    ({"camera": (b"", "empty.png")}, "空文件"),
    ({"camera": (b"<svg/>", "a.svg")}, "是网页（HTML、SVG 等）"),
    ({"camera": (b"MZ\0 not a picture", "截图.png")}, "不是可以存档的文件"),
    ({"camera": (SCREENSHOT, "截图.pdf")}, "扩展名与内容不符"),
    ({"captured_at": ""}, "请填写“截图时间”"),
    ({"captured_at": "昨晚"}, "“截图时间”请写成"),
    ({"captured_at": "2026-02-30T20:00"}, "“截图时间”请写成"),
    ({"captured_at": TONIGHT + "19:00"}, "早于开播时间"),
    ({"captured_at": TONIGHT + "23:59"}, "不能晚于现在"),
]


@pytest.mark.parametrize(
    ("changes", "sentence"), BAD_DECLARATIONS, ids=[sentence for _, sentence in BAD_DECLARATIONS]
)
def test_a_bad_declaration_says_what_is_wrong_and_stores_nothing(
    desk: Desk, recorder: Person, changes, sentence: str
):
    new_broadcast(recorder)
    fields = {"amount-A01": "1234.50", "captured_at": TONIGHT + "22:29", "camera": SHOT} | changes
    with desk.nothing_stored():
        page = recorder.sees(recorder.post("/broadcasts/2026-0005/declare", **fields), sentence, status=400)
    assert "申报当晚收入" in page
    if "amount-A01" not in changes:
        assert 'value="1234.50"' in page, "what was typed is lost"


BAD_BROADCASTS = [
    ({"title": ""}, "请填写“场次主题”", 400),
    ({"title": "题" * 121}, "最多 120 个字", 400),
    ({"title": "专场\x07"}, "控制字符", 400),
    ({"title": "专场\u202e题"}, "控制字符", 400),
    ({"accounts": []}, "请选择账号", 400),
    ({"accounts": ["A01", "A01"]}, "请选择账号", 400),
    ({"ends_at": TONIGHT + "19:00"}, "下播时间须晚于开播时间", 400),
    ({"starts_at": "2026/04/02 20:00"}, "“开播时间”请写成", 400),
    ({"number": "2026-0001"}, "场次号 2026-0001 已登记", 409),
    ({"number": "../etc"}, "场次号只用字母", 400),
    ({"host_person": "p-nobody"}, "请从列表里选择", 400),
]


@pytest.mark.parametrize(
    ("changes", "sentence", "status"), BAD_BROADCASTS, ids=[str(c) for c, _, _ in BAD_BROADCASTS]
)
def test_a_bad_broadcast_says_what_is_wrong_and_stores_nothing(
    desk: Desk, recorder: Person, changes, sentence: str, status: int
):
    with desk.nothing_stored():
        recorder.sees(new_broadcast(recorder, **changes), sentence, status=status)


def test_an_account_that_is_not_registered_is_not_found(desk: Desk, recorder: Person):
    with desk.nothing_stored():
        recorder.sees(new_broadcast(recorder, accounts=["A99"]), "没有登记账号“A99”", status=404)


def test_a_name_in_decomposed_letters_is_stored_composed(desk: Desk, recorder: Person):
    recorder.sees(new_broadcast(recorder, title="Cafe\u0301 专场"), "2026-0005")
    with desk.store.reading() as reading:
        assert broadcasts.get(reading, "demo", "2026-0005").title == "Caf\u00e9 专场"


def test_markup_in_a_title_is_shown_as_text(desk: Desk, recorder: Person):
    new_broadcast(recorder, title="<script>alert(1)</script>{{7*7}}")
    page = recorder.sees(recorder.get("/broadcasts/2026-0005"), "&lt;script&gt;", "{{7*7}}")
    assert "<script>alert" not in page


def test_a_host_cannot_declare_the_own_broadcast_and_the_page_says_so(desk: Desk, recorder: Person):
    accountant = desk.sign_in("accountant")
    accountant.sees(new_broadcast(accountant, host_person=member(desk, "recorder")), "2026-0005")
    page = recorder.sees(recorder.get("/broadcasts/2026-0005"), "您是本场主播")
    assert "is-off" in page
    with desk.nothing_stored():
        fields = {"amount-A01": "5", "captured_at": TONIGHT + "22:29", "camera": SHOT}
        recorder.sees(recorder.post("/broadcasts/2026-0005/declare", **fields), "您是本场主播", status=403)
        recorder.sees(
            new_broadcast(recorder, host_person=member(desk, "recorder")), "须由其他人登记", status=403
        )


def test_an_amendment_keeps_what_was_there_before(desk: Desk, recorder: Person):
    fields = {
        "title": "乡村振兴公益专场（加长）",
        "starts_at": "2026-03-25T20:00",
        "ends_at": "2026-03-25T23:00",
        "accounts": ["A01"],
        "host": "张某某",
    }
    with desk.nothing_stored():
        recorder.sees(recorder.post("/broadcasts/2026-0004/amend", **fields), "请填写“更正原因”", status=400)
    page = recorder.sees(
        recorder.post("/broadcasts/2026-0004/amend", **fields, reason="下播时间抄错"),
        "下播时间抄错",
        "首次登记",
        "加长",
    )
    assert "22:30" in page
    desk.check_everything()


def test_the_difference_is_explained_and_counts_only_for_the_figure_it_was_given_for(
    desk: Desk, recorder: Person
):
    recorder.sees(recorder.get("/broadcasts/2026-0004"), "已说明", "截图后平台补计 5 音浪")
    declared = {"amount-A01": "12,001.00", "captured_at": "2026-03-26T08:00", "gallery": SHOT}
    page = recorder.sees(recorder.post("/broadcasts/2026-0004/declare", **declared), "\u22120.50", "未说明")
    assert "结算与申报有差异，还没有说明原因" in page
    told = {"account": "A01", "difference": "-0.50", "explanation": "重新核对屏幕"}
    page = recorder.sees(recorder.post("/broadcasts/2026-0004/explain", **told), "重新核对屏幕", "已说明")
    assert "还没有说明原因" not in page
    desk.check_everything()


def test_a_late_declaration_a_missing_one_and_a_personal_account_are_flagged(desk: Desk, recorder: Person):
    new_broadcast(recorder)
    page = recorder.sees(recorder.get("/broadcasts/2026-0005"), "今晚还没申报", "是个人账号")
    assert "超过下播后 24 小时" not in page
    desk.at = NIGHT + timedelta(hours=24)
    recorder = desk.sign_in("recorder")
    recorder.sees(recorder.get("/broadcasts/2026-0005"), "没有当晚申报，已超过下播后 24 小时")
    fields = {"amount-A01": "5", "captured_at": TONIGHT + "22:29", "gallery": SHOT}
    recorder.sees(recorder.post("/broadcasts/2026-0005/declare", **fields), "申报晚于下播后 24 小时")


def test_what_is_settled_is_not_known_once_its_voucher_is_reversed(desk: Desk):
    recorder, checker = desk.sign_in("recorder"), desk.sign_in("checker")
    with desk.store.reading() as reading:
        actor = None
        from ledger.book import entries, roster

        actor = roster.actor(reading, "demo", member(desk, "recorder"))
        assert dossiers.one(reading, actor, "2026-0003", at=NIGHT).settled_fen == 315000
        tip = next(e for e in entries.of_broadcast(reading, "demo", "2026-0003") if e.type == "TIP")
    recorder.post(f"/drafts/correct/{tip.idx}", how="cancel", reason="重复登记", date="2026-04-02")
    desk.post_the_only_draft(checker)
    with desk.store.reading() as reading:
        assert dossiers.one(reading, actor, "2026-0003", at=NIGHT).settled_fen is None
    desk.check_everything()


def test_a_refund_does_not_change_what_the_platform_settled_for_the_night(desk: Desk, recorder: Person):
    page = recorder.sees(recorder.get("/broadcasts/2026-0001"), "8,640.00", "一致", "未成年人打赏退款")
    assert "\u2212300.00" in page


def test_audience_figures_keep_name_unit_and_time(desk: Desk, recorder: Person):
    fields = {
        "account": "A01",
        "captured_at": "2026-03-26T08:00",
        "name-0": "观看",
        "unit-0": "人次",
        "value-0": "26,001",
    }
    recorder.sees(
        recorder.post("/broadcasts/2026-0004/measure", **fields), "26,001", "人次", "2026-03-26 08:00"
    )
    with desk.nothing_stored():
        bad = fields | {"value-0": "2.6万"}
        recorder.sees(recorder.post("/broadcasts/2026-0004/measure", **bad), "半角数字的整数", status=400)
        none = fields | {"value-0": ""}
        recorder.sees(
            recorder.post("/broadcasts/2026-0004/measure", **none), "请至少填写一个数值", status=400
        )


def test_a_new_account_says_in_plain_words_that_it_is_not_filed(desk: Desk, recorder: Person):
    fields = {
        "platform": "wechat",
        "handle": "示例县文旅",
        "owner_kind": "institution",
        "owner": "示例县文旅局",
    }
    page = recorder.sees(recorder.post("/accounts/", **fields), "示例县文旅")
    assert page.count("还没有备案") == 2
    filing = {"filed_with": "leaders", "number": "示府办备〔2026〕3号", "filed_on": "2026-04-01"}
    with desk.nothing_stored():
        recorder.sees(recorder.post("/accounts/A03/file", **filing), "请上传备案文件", status=400)
        late = filing | {"filed_on": "2026-05-01", "document": SHOT}
        recorder.sees(recorder.post("/accounts/A03/file", **late), "不能晚于今天", status=400)
    page = recorder.sees(recorder.post("/accounts/A03/file", **filing, document=SHOT), "示府办备〔2026〕3号")
    assert page.count("还没有备案") == 1
    new_broadcast(recorder, accounts=["A03"])
    recorder.sees(recorder.get("/broadcasts/2026-0005"), "没有向县领导和县纪委监委两方备案")
    desk.check_everything()


def test_an_account_is_paused_with_a_reason_and_resumed(desk: Desk, recorder: Person):
    with desk.nothing_stored():
        recorder.sees(
            recorder.post("/accounts/A02/pause", paused="1", on_day="2026-04-02"), "请填写“原因”", status=400
        )
    recorder.sees(
        recorder.post("/accounts/A02/pause", paused="1", on_day="2026-04-02", reason="等待整改"),
        "已暂停",
        "等待整改",
    )
    new_broadcast(recorder, accounts=["A02"])
    recorder.sees(recorder.get("/broadcasts/2026-0005"), "处于暂停状态")
    with desk.nothing_stored():
        again = recorder.post("/accounts/A02/pause", paused="1", on_day="2026-04-02", reason="再次")
        recorder.sees(again, "账号已经是这个状态", status=409)
    recorder.sees(
        recorder.post("/accounts/A02/pause", paused="0", on_day="2026-04-02", reason="整改完成"), "整改完成"
    )
    desk.check_everything()


@pytest.mark.parametrize("platform", ["", "tiktok", "x" * 300])
def test_an_unknown_platform_is_refused(desk: Desk, recorder: Person, platform: str):
    fields = {"platform": platform, "handle": "示例", "owner_kind": "institution", "owner": "示例"}
    with desk.nothing_stored():
        recorder.sees(recorder.post("/accounts/", **fields), "没有平台", status=400)


def test_those_who_may_only_look_see_no_forms_and_cannot_send_them(desk: Desk):
    viewer = desk.sign_in("viewer")
    viewer.sees(viewer.get("/accounts/"), "由制单或会计主管办理")
    viewer.sees(viewer.get("/broadcasts/2026-0004"), "由制单人员申报")
    with desk.nothing_stored():
        for path in ("/accounts/", "/accounts/A01/pause", "/broadcasts/new", "/broadcasts/2026-0004/declare"):
            assert viewer.post(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/accounts/", "/broadcasts/", "/broadcasts/2026-0001", "/imports/", "/drafts/", "/opening/"]
)
def test_a_book_of_others_is_not_there(desk: Desk, recorder: Person, path: str):
    answer = recorder.client.get("/other" + path)
    assert answer.status_code == 404


def test_pages_of_nothing_are_not_found(recorder: Person):
    recorder.sees(recorder.get("/broadcasts/2099-0001"), "没有登记场次", status=404)
    recorder.sees(recorder.get("/broadcasts/2099-0001/declare"), "没有登记场次", status=404)
    recorder.sees(recorder.get("/broadcasts/?month=2026-13"), "月份", status=400)


def test_an_attachment_is_served_harmless_and_only_in_its_book(desk: Desk, recorder: Person):
    page = recorder.sees(recorder.get("/broadcasts/2026-0001"))
    path = page.split("/demo/files/")[1][:64]
    answer = recorder.get(f"/files/{path}")
    assert answer.status_code == 200
    assert answer.data == SCREENSHOT
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for wrong in ("0" * 64, path[:63], path.upper(), "..%2f..%2fetc%2fpasswd"):
        assert recorder.get(f"/files/{wrong}").status_code == 404
    assert recorder.client.get(f"/other/files/{path}").status_code == 404
    assert desk.app.test_client().get(f"/demo/files/{path}").status_code == 302
