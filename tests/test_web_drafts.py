"""Drafts: vouchers by hand, corrections, posting by a second person, sending back, the opening."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import text

from ledger.book import books, drafts, entries, roster
from ledger.months import Month
from ledger.words import Text
from tests.test_web_broadcasts import TONIGHT, member, new_broadcast
from tests.web_desk import NIGHT, SCREENSHOT, Desk, Person, desk

__all__ = ["desk"]

SHOT = (SCREENSHOT, "截图.png")
TIP = {
    "type": "TIP",
    "broadcast": "2026-0005",
    "account": "A01",
    "date": "2026-04-02",
    "amount-gross": "8,640.00",
    "amount-share": "4320",
    "fact-units": "86400",
    "evidence": [SHOT],
}
SPEND = {
    "type": "SPEND",
    "charity": "redcross",
    "date": "2026-04-02",
    "amount-amount": "120.00",
    "fact-activity": "慰问",
    "fact-place": "示例镇",
    "fact-beneficiaries": "3",
    "fact-payee": "李某",
}


@pytest.fixture
def recorder(desk: Desk) -> Person:
    person = desk.sign_in("recorder")
    new_broadcast(person)
    return person


@pytest.fixture
def checker(desk: Desk) -> Person:
    return desk.sign_in("checker")


def the_draft(desk: Desk) -> drafts.Draft:
    with desk.store.reading() as reading:
        (found,) = drafts.waiting(reading, "demo")
    return found


def entry_of(desk: Desk, kind: str, number: str = "") -> entries.Entry:
    with desk.store.reading() as reading:
        found = entries.of_month(reading, "demo", Month(2026, 3))
    return next(entry for entry in found if entry.type == kind and number in (entry.number, ""))


def test_each_role_is_offered_the_types_it_may_draft(desk: Desk, recorder: Person):
    page = recorder.sees(recorder.get("/drafts/new"), "直播打赏", "打赏转可提现")
    assert "分配决议" not in page
    clerk = desk.sign_in("redcross-clerk")
    page = clerk.sees(clerk.get("/drafts/new"), "公益支出")
    assert "直播打赏" not in page


def test_the_form_is_made_from_the_chart(recorder: Person):
    page = recorder.sees(
        recorder.get("/drafts/new?type=TIP"),
        "打赏总额",
        "平台分成",
        "公会服务费",
        "礼物单位数",
        "直播账号",
        "2026-0005",
    )
    assert 'name="charity"' not in page
    assert re.search(r'name="evidence" type="file"[^>]* required', page)


def test_a_voucher_by_hand_is_drafted_checked_and_posted(desk: Desk, recorder: Person, checker: Person):
    page = recorder.sees(
        recorder.post("/drafts/new", **TIP),
        "记账凭证",
        "1122.01",
        "4,320.00",
        "8,640.00",
        "人民币捌仟陆佰肆拾元整",
        "截图.png",
    )
    assert re.search(r'<button[^>]*disabled title="您是制单人', page)
    draft = the_draft(desk)
    page = checker.sees(checker.get("/drafts/"), "手工凭证", "去审核", "8,640.00")
    page = checker.sees(checker.get(f"/drafts/{draft.draft}"), "审核记账", draft.digest[:8])
    assert "disabled" not in page
    checker.sees(desk.post_the_only_draft(checker), "已记账：1 张凭证（记-0001）", "/demo/entries/")
    checker.sees(checker.get("/drafts/"), "没有等待审核的草稿")
    desk.check_everything()


def test_the_screenshot_of_a_draft_can_be_seen_before_it_is_posted(
    desk: Desk, recorder: Person, checker: Person
):
    other = SCREENSHOT + b"another picture"
    recorder.post("/drafts/new", **(TIP | {"evidence": [(other, "另一张.png")]}))
    digest = the_draft(desk).payload["entries"][0]["attachments"][0]["digest"]
    assert checker.get(f"/files/{digest}").data == other
    assert desk.sign_in("viewer").get(f"/files/{digest}").status_code == 404
    checker.post(f"/drafts/{the_draft(desk).draft}/drop", note="照片不清楚")
    assert checker.get(f"/files/{digest}").status_code == 404, "a dropped draft names nothing any more"


BAD_VOUCHERS = [
    ({"amount-gross": ""}, "请填写“打赏总额”", 400),
    ({"amount-gross": "-1"}, "“打赏总额”不能是负数", 400),
    ({"amount-gross": "８６４０"}, "半角数字", 400),
    ({"amount-gross": "8640.001"}, "最多两位小数", 400),
    ({"amount-gross": "٨٦٤٠"}, "半角数字", 400),
    ({"amount-gross": "1_000"}, "半角数字", 400),
    ({"amount-gross": "0", "amount-share": "0"}, "金额全为零", 400),
    ({"amount-gross": "9" * 17}, "半角数字", 400),
    ({"fact-units": "-3"}, "半角数字的整数", 400),
    ({"fact-shown_at": "字" * 2001}, "最多 2000 个字", 400),
    ({"broadcast": ""}, "须选择直播场次", 400),
    ({"account": ""}, "请选择", 400),
    ({"account": "A02"}, "没有使用账号", 400),
    ({"date": ""}, "请填写“日期”", 400),
    ({"date": "2026-13-01"}, "“日期”请写成", 400),
    ({"date": "2026-04-03"}, "不能晚于今天", 400),
    ({"date": "2026-02-01"}, "早于账本启用月份", 400),
    ({"evidence": []}, "须上传平台页面截图", 400),
    ({"evidence": [(b"GIF89a", "a.png")]}, "扩展名与内容不符", 400),
    ({"evidence": [(SCREENSHOT, f"{n}.png") for n in range(13)]}, "最多上传 12 个", 400),
    ({"summary": "摘" * 121}, "最多 120 个字", 400),
    ({"broadcast": "2026-0001"}, "的打赏已记账", 409),
]


@pytest.mark.parametrize(
    ("changes", "sentence", "status"),
    BAD_VOUCHERS,
    ids=[f"{s}-{n}" for n, (_, s, _) in enumerate(BAD_VOUCHERS)],
)
def test_a_bad_voucher_says_what_is_wrong_and_stores_nothing(
    desk: Desk, recorder: Person, changes, sentence: str, status: int
):
    with desk.nothing_stored():
        page = recorder.sees(recorder.post("/drafts/new", **(TIP | changes)), sentence, status=status)
    if "amount-share" not in changes:
        assert 'value="4320"' in page, "what was typed is lost"


@pytest.mark.parametrize("kind", ["", "NOPE", "x" * 500])
def test_an_unknown_type_is_a_sentence(desk: Desk, recorder: Person, kind: str):
    with desk.nothing_stored():
        recorder.sees(recorder.post("/drafts/new", **(TIP | {"type": kind})), "没有凭证类型", status=400)


def test_a_type_of_another_role_is_refused(desk: Desk, recorder: Person):
    page = recorder.sees(recorder.get("/drafts/new?type=ALLOCATE"), "您的角色不能填制这种凭证")
    assert "disabled" in page
    fields = {"type": "ALLOCATE", "date": "2026-04-02", "amount-to_redcross": "1", "fact-resolution": "1号"}
    with desk.nothing_stored():
        recorder.sees(recorder.post("/drafts/new", **fields), "不能填制“分配决议”", status=403)


def test_a_clerk_drafts_for_the_own_charity_only(desk: Desk):
    clerk = desk.sign_in("redcross-clerk")
    page = clerk.sees(clerk.get("/drafts/new?type=SPEND"), "县红十字会")
    assert "县慈善总会</option>" not in page
    clerk.sees(clerk.post("/drafts/new", **SPEND), "慰问", "5101.01", "李某", "受益人数")
    with desk.nothing_stored():
        clerk.sees(
            clerk.post("/drafts/new", **(SPEND | {"charity": "charity"})), "只能填制本单位", status=403
        )
        clerk.sees(clerk.post("/drafts/new", **(SPEND | {"charity": "nobody"})), status=403)
    desk.check_everything()


def test_an_unknown_platform_of_a_voucher_is_a_sentence(desk: Desk, recorder: Person):
    fields = {"type": "WITHDRAW_CARD", "date": "2026-04-02", "amount-gross": "5", "platform": "nope"}
    with desk.nothing_stored():
        recorder.sees(recorder.post("/drafts/new", **fields), "没有平台“nope”", status=400)


def test_the_drafter_cannot_post_and_roles_without_the_duty_neither(desk: Desk, recorder: Person):
    recorder.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    with desk.nothing_stored():
        recorder.sees(recorder.post(f"/drafts/{draft.draft}/post", digest=draft.digest), status=403)
        cashier = desk.sign_in("cashier")
        page = cashier.sees(cashier.get(f"/drafts/{draft.draft}"), "您的角色“出纳”不能审核记账")
        assert page.count("disabled") == 2
        cashier.sees(
            cashier.post(f"/drafts/{draft.draft}/post", digest=draft.digest), "不能审核记账", status=403
        )
        cashier.sees(cashier.post(f"/drafts/{draft.draft}/drop", note="不要"), "不能审核记账", status=403)
        assert desk.sign_in("viewer").get(f"/drafts/{draft.draft}").status_code == 403


def test_an_accountant_who_drafted_cannot_post_the_own_draft(desk: Desk, recorder: Person):
    accountant = desk.sign_in("accountant")
    accountant.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    with desk.nothing_stored():
        refused = accountant.post(f"/drafts/{draft.draft}/post", digest=draft.digest)
        accountant.sees(refused, "制单人不能审核自己的凭证", status=403)


def test_a_draft_that_changed_after_it_was_looked_at_is_not_posted(
    desk: Desk, recorder: Person, checker: Person
):
    recorder.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    payload = json.loads(json.dumps(draft.payload))
    payload["entries"][0]["summary"] = "改过的摘要"
    with desk.store.transaction("demo") as session:
        actor = roster.actor(session, "demo", draft.drafter)
        drafts.change(session, actor, draft.draft, payload, at=NIGHT)
    with desk.nothing_stored():
        refused = checker.post(f"/drafts/{draft.draft}/post", digest=draft.digest)
        checker.sees(refused, "草稿在您查看之后有改动", "改过的摘要", status=409)
        checker.sees(checker.post(f"/drafts/{draft.draft}/post"), "有改动", status=409)
    checker.sees(desk.post_the_only_draft(checker), "记-0001", "改过的摘要")
    desk.check_everything()


def test_a_draft_is_posted_once_however_often_the_button_is_pressed(
    desk: Desk, recorder: Person, checker: Person
):
    recorder.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    checker.sees(desk.post_the_only_draft(checker), "记-0001")
    with desk.nothing_stored():
        again = checker.post(f"/drafts/{draft.draft}/post", digest=draft.digest)
        checker.sees(again, "草稿已经处理过", "记-0001", status=409)


def test_a_draft_is_sent_back_with_a_note_that_its_drafter_reads(
    desk: Desk, recorder: Person, checker: Person
):
    recorder.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    with desk.nothing_stored():
        checker.sees(checker.post(f"/drafts/{draft.draft}/drop", note=""), "请填写“退回原因”", status=400)
    checker.sees(checker.post(f"/drafts/{draft.draft}/drop", note="金额与截图不符"), "草稿已退回")
    page = recorder.sees(recorder.get(f"/drafts/{draft.draft}"), "金额与截图不符", "已作废")
    assert "审核记账</button>" not in page


def test_the_host_cannot_post_the_own_broadcast(desk: Desk, recorder: Person, checker: Person):
    fields = {
        "title": "换主播",
        "starts_at": TONIGHT + "20:00",
        "accounts": ["A01"],
        "host": "李某某",
        "reason": "主播登记有误",
    }
    recorder.post("/broadcasts/2026-0005/amend", **fields, host_person=member(desk, "checker"))
    recorder.post("/drafts/new", **TIP)
    draft = the_draft(desk)
    page = checker.sees(checker.get(f"/drafts/{draft.draft}"), "您是场次 2026-0005 的主播")
    assert "disabled" in page
    with desk.nothing_stored():
        refused = checker.post(f"/drafts/{draft.draft}/post", digest=draft.digest)
        checker.sees(refused, "您是本场主播", status=403)


def test_a_second_voucher_of_the_same_tips_is_refused_at_posting(
    desk: Desk, recorder: Person, checker: Person
):
    recorder.post("/drafts/new", **TIP)
    recorder.post("/drafts/new", **TIP)
    with desk.store.reading() as reading:
        first, second = drafts.waiting(reading, "demo")
    checker.post(f"/drafts/{first.draft}/post", digest=first.digest)
    with desk.nothing_stored():
        refused = checker.post(f"/drafts/{second.draft}/post", digest=second.digest)
        checker.sees(refused, "的打赏已记账", status=409)
    desk.check_everything()


@pytest.mark.parametrize("name", ["D00000000", "x" * 300, "../D1", "D'; DROP TABLE draft"])
def test_a_draft_that_is_not_there_is_not_found(checker: Person, name: str):
    assert checker.get(f"/drafts/{name}").status_code == 404
    assert checker.post(f"/drafts/{name}/post", digest="0" * 64).status_code == 404


def test_a_wrong_amount_is_corrected_by_red_letters_and_the_right_voucher(
    desk: Desk, recorder: Person, checker: Person
):
    tip = entry_of(desk, "TIP", "记-0004")
    recorder.sees(
        recorder.get(f"/drafts/correct/{tip.idx}?how=amount"),
        'value="12000.50"',
        'value="6000.25"',
        'value="120005"',
    )
    fields = {"how": "amount", "amount-gross": "12,100.50", "amount-share": "6050.25", "fact-units": "121005"}
    page = recorder.sees(
        recorder.post(f"/drafts/correct/{tip.idx}", **fields, reason="抄错一位", date="2026-04-02"),
        "注销2026年3月25日记-0004号凭证",
        "订正2026年3月25日记-0004号凭证",
        "\u221212,000.50",
        "12,100.50",
        "人民币负壹万贰仟元伍角整",
        "抄错一位",
    )
    assert page.count('class="voucher') >= 2
    checker.sees(desk.post_the_only_draft(checker), "2 张凭证（记-0001、记-0002）")
    recorder.sees(recorder.get("/broadcasts/2026-0004"), "12,100.50", "100.50", "未说明")
    recorder.sees(recorder.get(f"/drafts/correct/{tip.idx}"), "已被 2026-04-02 记-0001 冲销")
    desk.check_everything()


def test_a_wrong_broadcast_is_corrected_with_all_else_as_it_was(
    desk: Desk, recorder: Person, checker: Person
):
    tip = entry_of(desk, "TIP", "记-0004")
    page = recorder.sees(recorder.get(f"/drafts/correct/{tip.idx}?how=broadcast"), "直播场次")
    assert "amount-gross" not in page
    fields = {
        "how": "broadcast",
        "broadcast": "2026-0005",
        "account": "A01",
        "reason": "场次选错",
        "date": "2026-04-02",
    }
    recorder.sees(recorder.post(f"/drafts/correct/{tip.idx}", **fields), "2026-0005", "场次选错")
    checker.sees(desk.post_the_only_draft(checker), "2 张凭证")
    recorder.sees(recorder.get("/broadcasts/2026-0005"), "12,000.50")
    recorder.sees(recorder.get("/broadcasts/2026-0004"), "还没有入账")
    desk.check_everything()


def test_a_voucher_that_should_not_exist_is_cancelled_whole(desk: Desk, recorder: Person, checker: Person):
    settle = entry_of(desk, "TIP_SETTLE")
    page = recorder.sees(recorder.get(f"/drafts/correct/{settle.idx}?how=cancel"), "只做红字凭证")
    assert 'name="amount-' not in page
    recorder.post(f"/drafts/correct/{settle.idx}", how="cancel", reason="重复登记", date="2026-04-02")
    checker.sees(desk.post_the_only_draft(checker), "1 张凭证")
    desk.check_everything()


def test_a_private_fact_of_the_corrected_voucher_stays_private(desk: Desk, checker: Person):
    clerk = desk.sign_in("charity-clerk")
    with desk.store.reading() as reading:
        found = [
            e
            for e in entries.of_month(reading, "demo", Month(2026, 3))
            if e.charity == "charity" and e.type == "SPEND"
        ]
    spend = found[0]
    clerk.sees(clerk.get(f"/drafts/correct/{spend.idx}?how=amount"), "受助学生家长")
    fields = {f"fact-{name}": str(value) for name, value in spend.facts.items()}
    answer = clerk.post(
        f"/drafts/correct/{spend.idx}",
        how="amount",
        **{"amount-amount": "7500.00"},
        **fields,
        reason="少发一人",
        date="2026-04-02",
    )
    clerk.sees(answer, "7,500.00", "spending.png")
    checker.sees(desk.post_the_only_draft(checker), "2 张凭证")
    with desk.store.reading() as reading:
        stored = reading.execute(text("SELECT data FROM record ORDER BY idx DESC LIMIT 1")).scalar_one()
    assert "受助学生家长" not in bytes(stored).decode()
    desk.check_everything()


BAD_CORRECTIONS = [
    ({"reason": ""}, "请填写“更正原因”", 400),
    ({"date": ""}, "请填写“更正日期”", 400),
    ({"date": "2026-03-01"}, "不能早于原凭证日期", 400),
    ({"date": "2026-04-03"}, "不能晚于今天", 400),
    ({"amount-gross": "-1"}, "不能是负数", 400),
    ({"amount-gross": ""}, "请填写“打赏总额”", 400),
]


@pytest.mark.parametrize(
    ("changes", "sentence", "status"), BAD_CORRECTIONS, ids=[s for _, s, _ in BAD_CORRECTIONS]
)
def test_a_bad_correction_says_what_is_wrong_and_stores_nothing(
    desk: Desk, recorder: Person, changes, sentence: str, status: int
):
    tip = entry_of(desk, "TIP", "记-0004")
    fields = {
        "how": "amount",
        "amount-gross": "1",
        "amount-share": "0.5",
        "reason": "错",
        "date": "2026-04-02",
    } | changes
    with desk.nothing_stored():
        recorder.sees(recorder.post(f"/drafts/correct/{tip.idx}", **fields), sentence, status=status)


def test_red_letters_are_not_corrected_and_nothing_is_not_found(desk: Desk, recorder: Person):
    red = entry_of(desk, "REVERSAL")
    recorder.sees(recorder.get(f"/drafts/correct/{red.idx}"), "红字凭证不能再冲销")
    with desk.nothing_stored():
        for how in ("amount", "broadcast", "cancel"):
            fields = {"how": how, "reason": "错", "date": "2026-04-02"}
            recorder.sees(
                recorder.post(f"/drafts/correct/{red.idx}", **fields), "红字凭证不能再冲销", status=409
            )
        assert recorder.post(f"/drafts/correct/{red.idx}", how="nonsense").status_code == 400
        assert recorder.get("/drafts/correct/999999").status_code == 404
        assert recorder.get("/drafts/correct/0").status_code == 404
        assert recorder.get(f"/drafts/correct/{red.idx}?how=nonsense").status_code == 404


def test_the_opening_is_shown_with_its_bank_proof_and_cannot_be_entered_twice(desk: Desk):
    accountant = desk.sign_in("accountant")
    accountant.sees(
        accountant.get("/opening/"), "20,000.00", "人民币贰万元整", "24,000.00", "bank-proof.png", "已签认"
    )
    with desk.nothing_stored():
        fields = {"period": "2026-03", "balance-1002.01": "1", "balance-3102.01": "1", "proof": SHOT}
        accountant.sees(accountant.post("/opening/", **fields), "期初已登记", status=409)
        assert desk.sign_in("recorder").post("/opening/", **fields).status_code == 403


OPENING: dict[str, object] = {
    "period": "2026-04",
    "balance-1002.01": "20,000.00",
    "balance-1122.21": "500.00",
    "balance-3102.01": "20,500.00",
    "item-account-0": "1122.21",
    "item-fen-0": "500",
    "item-since-0": "2026-03-20",
    "item-detail-0": "主播未上缴",
    "year-4901.01": "24,000.00",
    "year-5401.01": "12,000.00",
    "year-withdrawn": "12,000.00",
    "year-handed_over": "11,500.00",
    "proof": [SHOT],
}


@pytest.fixture
def fresh(desk: Desk) -> tuple[Person, Person]:
    """An accountant and a checker of a book that has no opening yet."""
    found = []
    with desk.store.transaction("fresh") as session:
        books.open_book(session, "fresh", name=Text("新账本", ""), county=Text("示例县", ""), at=NIGHT)
        for login in ("accountant", "checker"):
            seat = roster.actor(session, "demo", member(desk, login))
            roster.seat(
                session,
                "fresh",
                person=seat.person,
                name="张某某",
                party=seat.party,
                role=seat.role,
                post="",
                by=seat.person,
                at=NIGHT,
            )
    for login in ("accountant", "checker"):
        found.append(desk.sign_in(login))
        found[-1].book = "/fresh"
    return found[0], found[1]


def test_the_opening_of_a_new_book_is_entered_checked_and_shown(desk: Desk, fresh: tuple[Person, Person]):
    accountant, checker = fresh
    accountant.sees(
        accountant.get("/opening/"), "还没有登记期初", 'name="balance-1002.01"', 'name="year-withdrawn"'
    )
    checker.sees(checker.get("/opening/"), "期初余额由会计主管登记")
    page = accountant.sees(
        accountant.post("/opening/", **OPENING), "20,500.00", "人民币贰万零伍佰元整", "主播未上缴"
    )
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    name = re.search(r"/fresh/drafts/(D[0-9a-f]{8})/post", page)
    assert digest
    assert name
    accountant.sees(accountant.get("/opening/"), "期初草稿等待审核", name[1])
    checker.sees(checker.post(f"/drafts/{name[1]}/post", digest=digest[1]), "已记入账本")
    checker.sees(checker.get("/opening/"), "20,500.00", "24,000.00", "11,500.00", "主播未上缴", "截图.png")
    desk.check_everything()


BAD_OPENINGS: list[tuple[dict[str, object], str]] = [
    ({"period": ""}, "请填写“启用月份”"),
    ({"period": "2026年4月"}, "月份"),
    ({"balance-3102.01": "1"}, "期初借贷不平"),
    ({"balance-1002.01": "二万"}, "半角数字"),
    ({"item-fen-0": "600"}, "未决事项"),
    ({"item-account-0": "9999"}, "没有科目 9999"),
    ({"item-since-0": ""}, "请填写“未决事项起始日期”"),
    ({"item-since-0": "2026-04-02"}, "未决事项"),
    ({"item-detail-0": ""}, "请填写“未决事项说明”"),
    ({"proof": []}, "请上传银行对账单或余额证明"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD_OPENINGS, ids=[str(list(c)) for c, _ in BAD_OPENINGS])
def test_a_bad_opening_says_what_is_wrong_and_stores_nothing(
    desk: Desk, fresh: tuple[Person, Person], changes, sentence: str
):
    with desk.nothing_stored():
        page = fresh[0].sees(fresh[0].post("/opening/", **(OPENING | changes)), sentence, status=400)
    assert 'value="24,000.00"' in page, "what was typed is lost"


def test_before_the_opening_nothing_can_be_drafted(desk: Desk, fresh: tuple[Person, Person]):
    fields = {"type": "INTEREST", "date": "2026-04-02", "amount-amount": "3.26"}
    with desk.nothing_stored():
        fresh[0].sees(fresh[0].post("/drafts/new", **fields), "请先登记期初余额", status=400)
