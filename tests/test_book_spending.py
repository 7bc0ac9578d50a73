"""From the decision to the payee: resolutions and their vouchers, what may be paid, who may never be, and what comes back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ledger.book import (
    allocation,
    chart_adoption,
    corrections,
    drafts,
    events,
    month,
    payees,
    resolutions,
    roster,
)
from ledger.book import chart as charts
from ledger.book import compose as composing
from ledger.book.duties import NotYourDuty
from ledger.book.resolutions import NewResolution
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.store import log
from tests import books
from tests.books import Office, at, new_entry

OLD = json.loads((Path(__file__).parent / "data" / "chart-county-2026.json").read_text("utf-8"))
"""The chart that books adopted before this version."""

MARCH = Month(2026, 3)


def pass_resolution(office: Office, number: str = "2026-03号", login: str = "accountant", **shares: int):
    given = shares or {"redcross": 1_200_000, "charity": 800_000}
    body = given.pop("body", "县公益直播联席会议")
    new = NewResolution(number, date(2026, 3, 1), body, "暖冬与助学", given)
    return office.write(
        lambda s: resolutions.record(
            s, office.who(login), new, attachments=[office.document(s, number.encode())], at=office.tick()
        )
    )


def allocate(office: Office, number: str = "2026-03号", redcross: int = 1_200_000, charity: int = 800_000):
    amounts = {"to_redcross": redcross, "to_charity": charity}
    return office.entry(
        "ALLOCATE", facts={"resolution": number}, **{name: fen for name, fen in amounts.items() if fen}
    )


def grant(office: Office, amount: int, charity: str = "redcross"):
    return office.entry("GRANT_PAY", "cashier", charity=charity, amount=amount)


def spend_facts(payee: str = "示例县百货商店") -> dict:
    return {"activity": "暖冬包", "place": "示例镇", "beneficiaries": 8, "payee": payee}


# ---- resolutions ----------------------------------------------------------------------------------------


def test_a_resolution_is_registered_allocated_once_and_shown_with_its_voucher(office: Office):
    record = pass_resolution(office)
    assert record.body["shares"] == [
        {"charity": "charity", "fen": 800_000},
        {"charity": "redcross", "fen": 1_200_000},
    ]
    (found,) = office.read(lambda s: allocation.resolutions(s, office.book))
    assert (found.total_fen, found.entry, found.body) == (2_000_000, None, "县公益直播联席会议")
    assert office.read(lambda s: resolutions.free(s, office.book)) == (2_000_000, 2_000_000)
    booked = allocate(office)
    (found,) = office.read(lambda s: allocation.resolutions(s, office.book))
    assert (found.entry, found.voucher) == (booked.index, "记-0001")
    assert office.read(lambda s: resolutions.free(s, office.book)) == (0, 0)


def test_a_resolution_gives_no_more_than_there_is_and_says_both_figures(office: Office):
    with pytest.raises(Invalid, match=r"决议共 20,000.01 元，超过现在可分配的 20,000.00 元"):
        pass_resolution(office, redcross=2_000_001)
    pass_resolution(office, "1号", redcross=1_500_000)
    with pytest.raises(Invalid, match=r"超过现在可分配的 5,000.00 元（待分配基金 20,000.00 元.*15,000.00"):
        pass_resolution(office, "2号", redcross=500_001)
    office.entry("INTEREST", amount=1)
    pass_resolution(office, "2号", redcross=500_001)


def test_a_resolution_needs_its_words_its_document_and_a_number_of_its_own(sqlite_office: Office):
    office = sqlite_office
    pass_resolution(office, "1号", redcross=1)
    with pytest.raises(Conflict, match="决议 1号 已登记"):
        pass_resolution(office, "1号", redcross=1)
    good = {"number": "2号", "passed_on": date(2026, 3, 1), "body": "联席会议", "purpose": "助学"}
    bad = [
        {"number": " "},
        {"body": ""},
        {"purpose": ""},
        {"passed_on": date(2026, 3, 2)},
        {"number": "长" * 41},
        {"shares": {}},
        {"shares": {"redcross": 0}},
        {"shares": {"redcross": -1, "charity": 2}},
        {"shares": {"discipline": 1}},
    ]
    for wrong in bad:
        new = NewResolution(**{**good, "shares": {"redcross": 1}, **wrong})
        with pytest.raises(Invalid):
            office.write(
                lambda s, new=new: resolutions.record(
                    s, office.who("accountant"), new, attachments=[office.document(s)], at=office.tick()
                )
            )
    new = NewResolution(**good, shares={"redcross": 1})
    with pytest.raises(Invalid, match="请上传决议"):
        office.write(
            lambda s: resolutions.record(s, office.who("accountant"), new, attachments=[], at=office.tick())
        )
    for login in ("cashier", "checker", "redcross-clerk", "redcross", "discipline", "viewer"):
        with pytest.raises(NotYourDuty):
            pass_resolution(office, "3号", login, redcross=1)


def test_no_charity_decides_about_its_own_share(sqlite_office: Office):
    office = sqlite_office
    names = office.read(lambda s: roster.parties(s, office.book))
    own = names["redcross"].zh
    for body in (own, f" {own} "):
        with pytest.raises(Invalid, match="不能自己决定分给自己"):
            pass_resolution(office, body=body, redcross=1)
    pass_resolution(office, body=f"{own}、{names['charity'].zh}联席会议", redcross=1)
    pass_resolution(office, "2号", body=own, charity=1)


def test_a_book_without_resolutions_allocates_as_before(sqlite_office: Office):
    assert allocate(sqlite_office, "没有登记的决议").body["amount_fen"] == 2_000_000


def test_an_allocation_names_a_registered_resolution_and_its_amounts(sqlite_office: Office):
    office = sqlite_office
    pass_resolution(office)
    with pytest.raises(Invalid, match="决议“2026-04号”没有登记"):
        allocate(office, "2026-04号")
    for redcross, charity, words in (
        (1_200_001, 800_000, "12,000.00 元，凭证上是 12,000.01"),
        (1_200_000, 0, "8,000.00 元，凭证上是 0.00"),
        (800_000, 1_200_000, "12,000.00 元，凭证上是 8,000.00"),
    ):
        with pytest.raises(Invalid, match=words):
            allocate(office, redcross=redcross, charity=charity)
    allocate(office)
    with pytest.raises(Conflict, match="决议 2026-03号 已由 2026-03-01 记-0001 分配"):
        allocate(office)


def test_a_reversed_allocation_frees_its_resolution_and_a_correction_keeps_it(sqlite_office: Office):
    office = sqlite_office
    pass_resolution(office)
    first = allocate(office)
    right = new_entry(
        "ALLOCATE", facts={"resolution": "2026-03号"}, to_redcross=1_200_000, to_charity=800_000
    )

    def correct(index: int, new):
        return office.post(
            office.write(
                lambda s: corrections.prepare(
                    s,
                    office.who("accountant"),
                    index,
                    right=new,
                    reason="摘要有误",
                    day=date(2026, 3, 1),
                    at=office.tick(),
                )
            )
        )

    second = correct(first.index, right)[1]
    (found,) = office.read(lambda s: allocation.resolutions(s, office.book))
    assert found.entry == second.index
    correct(second.index, None)
    assert office.read(lambda s: allocation.resolutions(s, office.book))[0].entry is None
    allocate(office)


def test_a_resolution_registered_after_its_voucher_must_have_its_amounts(sqlite_office: Office):
    office = sqlite_office
    allocate(office)
    with pytest.raises(Invalid, match=r"已由凭证 记-0001 记账，共 20,000.00 元"):
        pass_resolution(office, redcross=1_200_000, charity=700_000)
    pass_resolution(office)
    assert office.read(lambda s: allocation.resolutions(s, office.book))[0].voucher == "记-0001"


def test_what_another_draft_used_up_is_noticed_when_the_second_is_posted(sqlite_office: Office):
    """The rules are asked again with the entry as the draft holds it."""
    office = sqlite_office
    pass_resolution(office)
    two = [
        office.draft(
            "accountant",
            new_entry(
                "ALLOCATE", facts={"resolution": "2026-03号"}, to_redcross=1_200_000, to_charity=800_000
            ),
        )
        for _ in range(2)
    ]
    office.post(two[0])
    chart = office.read(lambda s: charts.current(s, office.book))
    with pytest.raises(Conflict, match="不能再记一次"):
        office.read(lambda s: composing.check_rules(s, office.book, chart, two[1].payload["entries"][0]))


# ---- payments -------------------------------------------------------------------------------------------


def test_no_charity_is_paid_more_than_it_was_allocated(office: Office):
    allocate(office)
    with pytest.raises(Invalid, match=r"拨付 12,000.01 元超过了可拨付的 12,000.00 元.*余额 12,000.00"):
        grant(office, 1_200_001)
    first = grant(office, 1_000_000)
    with pytest.raises(Invalid, match=r"可拨付的 2,000.00 元"):
        grant(office, 200_001)
    grant(office, 200_000)
    with pytest.raises(Invalid, match=r"可拨付的 0.00 元.*余额 12,000.00 元"):
        grant(office, 1)
    office.entry(
        "SPEND", "redcross-clerk", "accountant", charity="redcross", amount=700_000, facts=spend_facts()
    )
    with pytest.raises(Invalid, match=r"可拨付的 0.00 元.*余额 5,000.00 元"):
        grant(office, 1)
    grant(office, 800_000, "charity")
    right = new_entry("GRANT_PAY", charity="redcross", amount=900_000)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("cashier"),
            first.index,
            right=right,
            reason="金额误记",
            day=date(2026, 3, 1),
            at=office.tick(),
        )
    )
    office.post(draft)
    assert office.read(lambda s: resolutions.projects(s, office.book))[0].payable_fen == 100_000


def test_the_limits_hold_across_a_close_and_with_what_the_opening_brought(sqlite_store):
    office = books.build(sqlite_store, opened=False)
    books.post_opening(
        office, {"1002.01": 900_000, "1122.31": 100_000, "3102.02": -600_000, "3102.01": -400_000}
    )
    with pytest.raises(Invalid, match=r"可拨付的 5,000.00 元"):
        grant(office, 500_001)
    grant(office, 500_000)
    with pytest.raises(Invalid, match=r"可拨付的 0.00 元"):
        grant(office, 1, "charity")
    books.check_everything(sqlite_store)


def test_petty_cash_is_drawn_spent_and_handed_back_within_what_is_held(office: Office):
    allocate(office)
    grant(office, 500_000)
    drawn = {"activity": "暖冬", "payee": "李某"}
    office.entry(
        "ACTIVITY_ADVANCE", "redcross-clerk", "accountant", charity="redcross", amount=100_000, facts=drawn
    )
    with pytest.raises(Invalid, match=r"1,000.01 元超过了.*手上的活动备用金 1,000.00 元"):
        office.draft(
            "redcross-clerk",
            new_entry("ACTIVITY_CLEAR", charity="redcross", amount=100_001, facts=spend_facts()),
        )
    with pytest.raises(Invalid, match=r"超过了.*备用金 0.00 元"):
        office.draft(
            "charity-clerk", new_entry("ACTIVITY_CLEAR", charity="charity", amount=1, facts=spend_facts())
        )
    office.entry(
        "ACTIVITY_CLEAR",
        "redcross-clerk",
        "accountant",
        charity="redcross",
        amount=70_000,
        facts=spend_facts(),
    )
    with pytest.raises(Invalid, match=r"备用金 300.00 元"):
        office.draft(
            "redcross-clerk",
            new_entry("ACTIVITY_REST", charity="redcross", amount=30_001, facts={"activity": "暖冬"}),
        )
    last = office.entry(
        "ACTIVITY_REST",
        "redcross-clerk",
        "accountant",
        charity="redcross",
        amount=30_000,
        facts={"activity": "暖冬"},
    )
    parts = {duty["party"]: duty["part"] for duty in last.body["duties"]}
    assert parts == {"redcross": "declare", "charity": "review", "discipline": "opinion"}
    found = books.balances(office)
    assert found["1122.31"] == 500_000 - 70_000
    assert found["5101.01"] == 70_000
    assert "1122.41" not in found
    project = office.read(lambda s: resolutions.projects(s, office.book))[0]
    assert (project.fund_fen, project.payable_fen) == (1_130_000, 700_000)


def test_a_claw_back_that_was_owed_is_deducted_from_the_next_settlement_and_no_more(sqlite_office: Office):
    office = sqlite_office
    shot = office.write(office.document)
    office.broadcast("2026-0001", day=1)
    office.now = at(5)
    office.entry(
        "REFUND_TIP_OWED",
        "recorder",
        broadcast="2026-0001",
        account="A01",
        gross=30_000,
        fee=15_000,
        attachments=(shot,),
    )
    assert books.balances(office)["2209.02"] == -15_000
    with pytest.raises(Invalid, match=r"扣回 150.01 元超过了账上应付平台的追扣款 150.00 元"):
        office.draft("recorder", new_entry("CLAWBACK_PAID", platform="douyin", amount=15_001))
    office.entry("CLAWBACK_PAID", "recorder", platform="douyin", amount=15_000)
    assert "2209.02" not in books.balances(office)


def test_a_fund_below_zero_is_reported_and_not_netted(sqlite_office: Office):
    office = sqlite_office
    allocate(office)
    office.broadcast("2026-0001", day=1)
    office.now = at(5)
    office.entry(
        "REFUND_TIP_OWED", "recorder", broadcast="2026-0001", account="A01", gross=30_000, fee=15_000
    )
    assert office.read(lambda s: resolutions.shortfall(month.view(s, office.book, MARCH))) == 15_000
    office.entry("INTEREST", amount=15_000)
    assert office.read(lambda s: resolutions.shortfall(month.view(s, office.book, MARCH))) == 0
    office.entry("INTEREST", amount=1)
    assert office.read(lambda s: resolutions.shortfall(month.view(s, office.book, MARCH))) == 0


def test_unspent_money_comes_back_by_two_vouchers_in_one_draft(office: Office):
    allocate(office)
    grant(office, 1_200_000)

    def back(
        amount: int, login: str = "accountant", charity: str = "redcross", files: int = 1
    ) -> drafts.Draft:
        return office.write(
            lambda s: resolutions.give_back(
                s,
                office.who(login),
                charity=charity,
                amount_fen=amount,
                day=date(2026, 3, 1),
                bank_text="12345680",
                attachments=tuple(office.document(s) for _ in range(files)),
                at=office.tick(),
            )
        )

    for wrong in ({"amount": 1_200_001}, {"amount": 0}, {"amount": 1, "charity": "charity"}):
        with pytest.raises(Invalid, match="未使用的拨付款"):
            back(**wrong)
    with pytest.raises(Invalid, match="请选择是县红十字会还是县慈善总会"):
        back(1, charity="discipline")
    with pytest.raises(Invalid, match="请上传银行回单"):
        back(1, files=0)
    with pytest.raises(NotYourDuty):
        back(1, "cashier")
    records = office.post(back(200_000))
    assert [record.body["type"] for record in records] == ["GRANT_RETURN", "ALLOCATE_BACK"]
    assert records[0].body["summary"].endswith("退回结余款 12345680")
    found = books.balances(office)
    assert (found["1002.01"], found["1122.31"]) == (1_000_000, 1_000_000)
    assert (found["3102.01"], found["3102.02"]) == (-200_000, -1_000_000)


# ---- who may never be paid ------------------------------------------------------------------------------

HOSTS = (
    "张某某",
    " 张 某 某 ",
    "张某某先生",
    "张某某 女士",
    "张某某（农商行）",
    "李某、张某某",
    "张某某 6222020001",
)


@pytest.mark.parametrize("payee", HOSTS)
def test_a_host_is_never_a_payee(sqlite_office: Office, payee: str):
    office = sqlite_office
    office.broadcast("2026-0001", day=1)
    allocate(office)
    facts = spend_facts(payee)
    for new in (
        new_entry("SPEND", charity="redcross", amount=1, facts=facts),
        new_entry(
            "ACTIVITY_ADVANCE", charity="redcross", amount=1, facts={"activity": "助学", "payee": payee}
        ),
        new_entry("GRANT_PAY", charity="redcross", amount=1, facts={"payee": payee}),
    ):
        with pytest.raises(Invalid, match="不能从善款里收款"):
            office.draft("accountant", new)


def test_names_that_only_look_alike_are_paid(sqlite_office: Office):
    office = sqlite_office
    office.broadcast("2026-0001", day=1)
    for payee in ("张某", "张某某商店", "李某", "受助学生家长 16 人"):
        office.draft("accountant", new_entry("SPEND", charity="redcross", amount=1, facts=spend_facts(payee)))


def test_a_personal_owner_of_an_account_and_a_seated_host_are_never_paid(sqlite_office: Office):
    from ledger.book import accounts

    office = sqlite_office
    office.write(
        lambda s: accounts.open_account(
            s,
            office.who("recorder"),
            platform="wechat",
            handle="某某说",
            owner_kind="personal",
            owner="ｗａｎｇ 某",
            at=office.tick(),
        )
    )
    with pytest.raises(Invalid, match="不能从善款里收款"):
        office.draft(
            "accountant", new_entry("SPEND", charity="redcross", amount=1, facts=spend_facts("WANG某"))
        )
    institution = new_entry("SPEND", charity="redcross", amount=1, facts=spend_facts("示例县人民政府办公室"))
    office.draft("accountant", institution)
    office.broadcast("2026-0001", day=1, host="孙某", host_person="p-viewer")
    with pytest.raises(Invalid, match="不能从善款里收款"):  # the name of the host's own seat
        office.draft(
            "accountant", new_entry("SPEND", charity="redcross", amount=1, facts=spend_facts("张某某"))
        )


def test_a_suspense_is_not_sent_back_to_a_host_even_if_he_paid_it(sqlite_office: Office):
    office = sqlite_office
    office.broadcast("2026-0001", day=1)
    office.entry("UNIDENTIFIED", "cashier", amount=20_000, facts={"payer": "张某某"})
    with pytest.raises(Invalid, match="暂收款清理（认定为上缴）"):
        office.draft("cashier", new_entry("CLEAR_BACK", amount=20_000, facts={"payee": "张某某"}))
    with pytest.raises(Invalid, match="收款人"):
        office.draft("cashier", new_entry("CLEAR_BACK", amount=20_000))
    office.entry("CLEAR_BACK", "cashier", amount=20_000, facts={"payee": "李某"})


def test_a_host_who_was_named_wrongly_once_is_remembered_and_an_amended_one_counts(sqlite_office: Office):
    from ledger.book import broadcasts

    office = sqlite_office
    office.broadcast("2026-0001", day=1)
    office.write(
        lambda s: broadcasts.amend(
            s,
            office.who("recorder"),
            "2026-0001",
            title="助农专场",
            starts_at=at(1, "20:00"),
            ends_at=None,
            accounts=("A01",),
            department="",
            host="周某",
            host_person=None,
            reason="主播换人",
            at=office.tick(),
        )
    )
    barred = office.read(lambda s: payees.barred(s, office.book))
    assert {"张某某", "周某"} <= barred


# ---- events on other accounts, and older charts ---------------------------------------------------------


def register_event(office: Office, login: str = "accountant", **changes):
    given = {
        "title": "元宵义演",
        "day": date(2026, 3, 1),
        "platform": "抖音",
        "handle": "某演艺团",
        "owner": "周某",
        "promise": "当晚打赏全部转入监管专户",
        "expected_fen": 10_000,
        **changes,
    }
    return office.write(
        lambda s: events.record(
            s, office.who(login), events.NewEvent(**given), attachments=[], at=office.tick()
        )
    )


def test_income_of_an_event_follows_its_registration_and_is_summed_by_event(office: Office):
    with pytest.raises(Invalid, match="没有登记他方活动“E-2026-001”"):
        office.draft("cashier", new_entry("EVENT_INCOME", amount=1, facts={"event": "E-2026-001"}))
    first, second = register_event(office), register_event(office, expected_fen=None)
    assert [r.body["event"] for r in (first, second)] == ["E-2026-001", "E-2026-002"]
    assert "周某" not in str(first.body)
    facts = {"event": "E-2026-001", "payer": "周某"}
    made = office.entry("EVENT_INCOME", "cashier", amount=8_800, facts=facts)
    assert "周某" not in str(made.body)
    office.entry("EVENT_INCOME", "accountant", amount=200, facts={"event": "E-2026-001"})
    assert books.balances(office)["4901.04"] == -9_000
    found = office.read(lambda s: events.get(s, office.book, "E-2026-001"))
    assert (found.received_fen, found.expected_fen, found.owner) == (9_000, 10_000, "周某")
    with pytest.raises(NotFound):
        office.read(lambda s: events.get(s, office.book, "E-2026-009"))
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("cashier"),
            made.index,
            right=None,
            reason="记错",
            day=date(2026, 3, 1),
            at=office.tick(),
        )
    )
    office.post(draft)
    assert office.read(lambda s: events.get(s, office.book, "E-2026-001")).received_fen == 200


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"owner": " "}, {"handle": ""}, {"promise": ""}, {"expected_fen": 0}]
)
def test_an_event_says_who_promises_what(sqlite_office: Office, changes):
    with pytest.raises(Invalid):
        register_event(sqlite_office, **changes)
    with pytest.raises(NotYourDuty):
        register_event(sqlite_office, "cashier")


def adopt(office: Office, definition: dict, login: str = "secadmin"):
    return office.write(lambda s: chart_adoption.adopt(s, office.who(login), definition, at=office.tick()))


def older_book(office: Office) -> None:
    """Put the book onto the chart of the version before: what such a book has in its log."""
    office.write(
        lambda s: log.append(s, office.book, "chart.adopted", {"chart": OLD}, by="system", at=office.tick())
    )


def test_a_book_with_the_older_chart_keeps_working_and_adopts_the_newer_one(office: Office):
    older_book(office)
    pass_resolution(office)
    allocate(office)
    grant(office, 1_200_000)
    office.entry("SPEND", "redcross-clerk", "accountant", charity="redcross", amount=5, facts=spend_facts())
    view = office.read(lambda s: month.view(s, office.book, MARCH))
    assert resolutions.shortfall(view) == 0
    assert office.read(lambda s: resolutions.projects(s, office.book))[0].petty_fen == 0
    register_event(office)
    with pytest.raises(Invalid, match="没有凭证类型“EVENT_INCOME”"):
        office.draft("cashier", new_entry("EVENT_INCOME", amount=1, facts={"event": "E-2026-001"}))
    chart = office.read(lambda s: charts.current(s, office.book))
    assert chart_adoption.newer(chart) == "county-2026.2"
    adopt(office, charts.packaged())
    chart = office.read(lambda s: charts.current(s, office.book))
    assert (chart.version, chart_adoption.newer(chart)) == ("county-2026.2", "")
    assert chart.named.get("event_income") == "4901.04"
    office.entry("EVENT_INCOME", "cashier", amount=1, facts={"event": "E-2026-001"})


def test_the_same_chart_twice_and_an_older_one_that_loses_something_are_refused(sqlite_office: Office):
    office = sqlite_office
    with pytest.raises(Conflict, match="已经在用这一版"):
        adopt(office, charts.packaged())
    for login in ("accountant", "sysadmin", "auditadmin", "recorder"):
        with pytest.raises(NotYourDuty):
            adopt(office, OLD, login)
    with pytest.raises(Invalid, match="event_income"):
        adopt(office, OLD)


def changed(**parts) -> dict:
    made = charts.packaged()
    made["version"] = "county-2026.3"
    return {**made, **parts}


def test_a_chart_keeps_what_is_booked_and_is_whole(sqlite_office: Office):
    office = sqlite_office
    office.entry("INTEREST", amount=1)
    base = charts.packaged()

    def without(code: str) -> dict:
        return changed(accounts=[item for item in base["accounts"] if item["code"] != code])

    def retyped(code: str) -> dict:
        return changed(
            accounts=[{**item, "type": "fund"} if item["code"] == code else item for item in base["accounts"]]
        )

    bad = {
        "科目 4901.03 已有发生额或余额": without("4901.03"),
        "科目 1002.01 已有发生额或余额": without("1002.01"),
        "没有科目 1122.41": without("1122.41"),
        "科目 4901.02 的类别不能改变": retyped("4901.02"),
        "凭证类型“结息”已有凭证": changed(types={k: v for k, v in base["types"].items() if k != "INTEREST"}),
        "程序要用的科目“tax”": changed(named={k: v for k, v in base["named"].items() if k != "tax"}),
        "格式不对": {k: v for k, v in changed().items() if k != "opening"},
    }
    for words, definition in bad.items():
        with pytest.raises(Invalid, match=words):
            adopt(office, definition)
    kind = {**base["types"]["TIP"], "lines": [["D", "nowhere", "gross"], ["C", "tips", "gross"]]}
    with pytest.raises(Invalid, match="“直播打赏”的定义不对"):
        adopt(office, changed(types={**base["types"], "TIP": kind}))
    unused = {k: v for k, v in base["types"].items() if k != "ADJUST"}
    adopt(office, changed(types=unused))
    assert "ADJUST" not in office.read(lambda s: charts.current(s, office.book)).types
    assert office.entry("INTEREST", amount=2).body["seq"] == 2
