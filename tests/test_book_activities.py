"""Welfare activities: who may write about them, what may stand in them, and what they add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.book import activities, activity_reads, corrections, month
from ledger.book.activities import NewActivity
from ledger.book.activity_reads import Goods
from ledger.book.duties import NotYourDuty
from ledger.book.personal import refuse_names, refuse_numbers
from ledger.errors import Invalid, NotFound
from ledger.months import Month
from tests.books import Office, at, new_entry

MARCH = Month(2026, 3)
WINTER = NewActivity(
    title="暖冬包发放",
    organisers=("loveteam", "redcross"),
    day=date(2026, 3, 1),
    place="示例镇",
    beneficiaries=86,
    who="示例镇低保户、孤寡老人",
    goods=(Goods("棉被", 86, "床", 860_000), Goods("食用油", 86, "桶", 126_000)),
    payee="李某",
    volunteers=(("王某", 120), ("周某某", 90)),
    intent="用于困难群众过冬",
    spending=(),
)
SPEND = {"activity": "暖冬", "place": "示例镇", "beneficiaries": 86, "payee": "示例县百货商店"}


def record(office: Office, new: NewActivity = WINTER, login: str = "redcross-clerk", files: int = 1):
    return office.write(
        lambda s: activities.record(
            s,
            office.who(login),
            new,
            attachments=[office.document(s, bytes([n])) for n in range(files)],
            at=office.tick(),
        )
    )


def change(office: Office, number: str, new: NewActivity, login: str = "redcross-clerk", **more):
    given = {"reason": "补充物资", "attachments": [], **more}
    return office.write(
        lambda s: activities.change(s, office.who(login), number, new, at=office.tick(), **given)
    )


def get(office: Office, number: str = "H-2026-001") -> activity_reads.Activity:
    return office.read(lambda s: activity_reads.get(s, office.book, number))


def spend(office: Office, amount: int = 986_000, charity: str = "redcross") -> int:
    return office.entry(
        "SPEND", f"{charity}-clerk", "accountant", charity=charity, amount=amount, facts=SPEND
    ).index


def lines(office: Office, wanted: Month = MARCH):
    return office.read(lambda s: activities.lines(s, month.view(s, office.book, wanted)))


def test_an_activity_is_registered_with_its_goods_hours_and_vouchers(office: Office):
    entry = spend(office)
    made = record(office, replace(WINTER, spending=(entry,)), files=2)
    assert made.body["activity"] == "H-2026-001"
    for name in ("李某", "王某", "周某某"):
        assert name not in str(made.body)
    found = get(office)
    assert (found.goods_fen, found.spent_fen, found.minutes) == (986_000, 986_000, 210)
    assert (found.payee, found.volunteers) == ("李某", (("王某", 120), ("周某某", 90)))
    assert found.organisers == ("redcross", "loveteam")
    (line,) = lines(office)
    assert (line.number, line.payee, line.volunteers, line.minutes) == ("H-2026-001", "李**", 2, 210)
    assert line.goods == (("棉被", 86, "床", 860_000), ("食用油", 86, "桶", 126_000))
    assert (line.vouchers, line.spent_fen, line.attachments) == (("记-0001",), 986_000, 2)
    assert line.organisers[1] == "志愿者爱心团队"
    assert lines(office, Month(2026, 4)) == ()


def test_numbers_run_by_the_year_of_the_activity(sqlite_office: Office):
    office = sqlite_office
    days = (date(2026, 3, 1), date(2025, 12, 30), date(2026, 2, 1))
    numbers = [record(office, replace(WINTER, day=day)).body["activity"] for day in days]
    assert numbers == ["H-2026-001", "H-2025-001", "H-2026-002"]


def test_a_change_is_the_whole_again_and_keeps_the_files(office: Office):
    record(office, files=2)
    with pytest.raises(Invalid, match="变更原因"):
        change(office, "H-2026-001", WINTER, reason=" ")
    more = office.write(lambda s: office.document(s, b"new"))
    goods = (*WINTER.goods, Goods("手套", 86, "双", 43_000))
    change(office, "H-2026-001", replace(WINTER, goods=goods, volunteers=()), attachments=[more])
    found = get(office)
    assert (found.goods_fen, found.volunteers, len(found.files), found.versions) == (1_029_000, (), 3, 2)
    history = office.read(lambda s: activity_reads.history(s, office.book, "H-2026-001"))
    assert [reason for _, _, reason, _ in history] == ["", "补充物资"]
    assert len(lines(office)) == 1
    with pytest.raises(NotFound):
        change(office, "H-2026-009", WINTER)


def test_photos_that_come_later_are_filed_under_the_activity(office: Office):
    record(office, files=1)

    def add(content: bytes, login: str = "redcross-clerk", files: int = 1):
        return office.write(
            lambda s: activities.add_files(
                s,
                office.who(login),
                "H-2026-001",
                note="签收单",
                attachments=[office.document(s, content)] * files,
                at=office.tick(),
            )
        )

    add(b"later")
    assert len(get(office).files) == 2
    change(office, "H-2026-001", WINTER)
    add(b"last")
    assert len(get(office).files) == 3, "what was added to a former version stays"
    with pytest.raises(Invalid, match="请选择要补充"):
        add(b"", files=0)
    with pytest.raises(NotYourDuty):
        add(b"x", "charity-clerk")


def test_a_clerk_writes_only_about_activities_that_his_charity_organises(sqlite_office: Office):
    office = sqlite_office
    with pytest.raises(NotYourDuty, match="本单位主办"):
        record(office, replace(WINTER, organisers=("charity",)))
    with pytest.raises(NotYourDuty):
        record(office, replace(WINTER, organisers=("loveteam",)))
    for login in ("recorder", "cashier", "checker", "redcross", "discipline", "viewer"):
        with pytest.raises(NotYourDuty):
            record(office, login=login)
    record(office)
    with pytest.raises(NotYourDuty):
        change(office, "H-2026-001", replace(WINTER, organisers=("charity",)), "charity-clerk")
    both = replace(WINTER, organisers=("charity", "redcross"))
    with pytest.raises(NotYourDuty):  # nobody joins another's activity by himself
        change(office, "H-2026-001", both, "charity-clerk")
    change(office, "H-2026-001", both)
    change(office, "H-2026-001", both, "charity-clerk")
    with pytest.raises(NotYourDuty):  # nor takes the own charity out of what it organises
        change(office, "H-2026-001", replace(WINTER, organisers=("charity",)))
    record(office, replace(WINTER, organisers=("loveteam",)), "accountant")


BAD = {
    "no title": {"title": " "},
    "no place": {"place": ""},
    "nobody organises": {"organisers": ()},
    "an unknown organiser": {"organisers": ("redcross", "discipline")},
    "tomorrow": {"day": date(2026, 3, 2)},
    "fewer than nobody": {"beneficiaries": -1},
    "people without a word for them": {"who": " "},
    "goods without a name": {"goods": (Goods(" ", 1, "", 1),)},
    "no goods at all": {"goods": (Goods("棉被", 0, "床", 1),)},
    "goods that cost less than nothing": {"goods": (Goods("棉被", 1, "床", -1),)},
    "a volunteer without a name": {"volunteers": (("", 10),)},
    "no minutes": {"volunteers": (("王某", 0),)},
    "more than a day": {"volunteers": (("王某", 1441),)},
    "too many volunteers": {"volunteers": (("王某", 1),) * 201},
    "too many goods": {"goods": (Goods("棉被", 1, "床", 1),) * 201},
    "names for beneficiaries": {"who": "张某某、李某、王某某"},
    "an identity number": {"who": "110101199003070011 一户"},
    "a telephone number in the title": {"title": "联系 13800000000"},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_a_bad_activity_is_refused(sqlite_office: Office, changes):
    with pytest.raises(Invalid):
        record(sqlite_office, replace(WINTER, **changes))
    assert lines(sqlite_office) == ()


def test_the_host_is_no_payee_of_an_activity(sqlite_office: Office):
    office = sqlite_office
    office.broadcast("2026-0001", day=1)
    with pytest.raises(Invalid, match="不能从善款里收款"):
        record(office, replace(WINTER, payee="张某某 先生"))


def test_linked_vouchers_are_spending_of_an_organising_charity_that_stands(sqlite_office: Office):
    office = sqlite_office
    interest = office.entry("INTEREST", amount=1)
    with pytest.raises(Invalid, match="不是公益支出"):
        record(office, replace(WINTER, spending=(interest.index,)))
    with pytest.raises(NotFound):
        record(office, replace(WINTER, spending=(99_999,)))
    other = spend(office, 100, "charity")
    with pytest.raises(Invalid, match="另一家慈善机构"):
        record(office, replace(WINTER, spending=(other,)))
    record(office, replace(WINTER, organisers=("redcross", "charity"), spending=(other, other)))
    assert get(office).spent_fen == 100


def test_a_corrected_voucher_counts_in_its_corrected_amount_and_a_cancelled_one_not(sqlite_office: Office):
    office = sqlite_office
    entry = spend(office, 968_000)
    record(office, replace(WINTER, spending=(entry,)))

    def correct(idx: int, right) -> int:
        draft = office.write(
            lambda s: corrections.prepare(
                s,
                office.who("redcross-clerk"),
                idx,
                right=right,
                reason="金额误记",
                day=date(2026, 3, 1),
                at=office.tick(),
            )
        )
        return office.post(draft, "accountant")[-1].index

    now = correct(entry, new_entry("SPEND", charity="redcross", amount=986_000, facts=SPEND))
    (spent,) = get(office).spending
    assert (spent.idx, spent.fen, spent.number) == (now, 986_000, "记-0003")
    correct(now, None)
    assert get(office).spending == ()
    assert lines(office)[0].spent_fen == 0


def test_a_voucher_that_two_activities_name_is_shown_as_such(sqlite_office: Office):
    office = sqlite_office
    entry = spend(office)
    for place in ("示例镇", "示例乡"):
        record(office, replace(WINTER, place=place, spending=(entry,)))
    assert get(office).spending[0].also == ("H-2026-002",)
    assert get(office, "H-2026-002").spending[0].also == ("H-2026-001",)


def test_a_planned_day_is_refused_until_it_has_come(sqlite_office: Office):
    office = sqlite_office
    with pytest.raises(Invalid, match="办完活动再登记"):
        record(office, replace(WINTER, day=date(2026, 3, 5)))
    office.now = at(5)
    record(office, replace(WINTER, day=date(2026, 3, 5)))


GROUPS = (
    "示例镇低保户、孤寡老人",
    "高中生、大学生",
    "高龄老人",
    "留守儿童",
    "困难群众 86 户",
    "残疾人、军属及其家庭",
    "和平村村民",
    "牧民和农民",
    "",
)
LISTS = (
    "张某某",
    "张某某、李某",
    "张某某 李某 王某某",
    "低保户张某某、李某,周某某",
    "李某和王某",
    "欧阳某某、周某",
)


@pytest.mark.parametrize("text", GROUPS)
def test_words_for_a_group_are_no_list_of_names(text: str):
    refuse_names(text)
    refuse_numbers(text)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_names_is_recognised(text: str):
    with pytest.raises(Invalid, match="像是个人名单"):
        refuse_names(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("身份证 11010119900307001x", "身份证号"),
        ("１１０１０１１９９００３０７００１１", "身份证号"),
        ("110101 19900307 0011", "身份证号"),
        ("卡号 6222020200112233445", "银行卡号"),
        ("电话13812345678。", "手机号"),
    ],
)
def test_numbers_that_identify_are_recognised(text: str, what: str):
    with pytest.raises(Invalid, match=what):
        refuse_numbers(text)


@pytest.mark.parametrize("text", ["发票 1234567 号", "2026-03-01 发放 86 份", "共 12345678901 元"])
def test_other_numbers_are_let_through(text: str):
    refuse_numbers(text)
