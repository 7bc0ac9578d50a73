"""Every entry type of the chart posts to the right accounts, on the right sides, in balance."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.book import chart as charts
from ledger.book import events, postings
from ledger.book.postings import Line
from ledger.errors import Invalid
from ledger.money import FEN_MAX
from tests import books
from tests.books import Office

CHART = charts.parse(charts.PACKAGED.read_text("utf-8"))

D, C = "D", "C"
TIP_SIDE = {"redcross": "acknowledge", "charity": "agree", "discipline": "opinion"}
EXPECTED: dict[str, tuple[dict[str, int], dict[str, str], list[tuple[str, str, int]]]] = {
    "TIP": (
        {"gross": 10000, "share": 4500, "guild": 500},
        {"platform": "douyin"},
        [("1122.01", D, 5000), ("5401.01", D, 4500), ("5401.02", D, 500), ("4901.01", C, 10000)],
    ),
    "BONUS": ({"amount": 700}, {"platform": "kuaishou"}, [("1122.02", D, 700), ("4901.02", C, 700)]),
    "TIP_SETTLE": ({"amount": 700}, {"platform": "wechat"}, [("1009.03", D, 700), ("1122.03", C, 700)]),
    "WITHDRAW_CARD": (
        {"gross": 693750, "tax": 450},
        {"platform": "douyin"},
        [("1122.21", D, 693300), ("5901.01", D, 450), ("1009.01", C, 693750)],
    ),
    "WITHDRAW_CORP": ({"amount": 487350}, {}, [("1002.01", D, 487350), ("1009.11", C, 487350)]),
    "WITHDRAW_TRANSIT": ({"amount": 9}, {"platform": "kuaishou"}, [("1009.09", D, 9), ("1009.02", C, 9)]),
    "ARRIVE": ({"amount": 9}, {}, [("1002.01", D, 9), ("1009.09", C, 9)]),
    "HANDOVER": ({"amount": 693300}, {}, [("1002.01", D, 693300), ("1122.21", C, 693300)]),
    "COMMISSION": (
        {"total": 548000, "fee": 54800},
        {},
        [("1122.11", D, 493200), ("5401.03", D, 54800), ("4301.01", C, 548000)],
    ),
    "COMM_SETTLE": ({"amount": 493200}, {}, [("1009.11", D, 493200), ("1122.11", C, 493200)]),
    "REFUND_TIP": (
        {"gross": 30000, "fee": 15000},
        {"platform": "douyin"},
        [("1009.01", D, -15000), ("5401.01", D, -15000), ("4901.01", C, -30000)],
    ),
    "REFUND_TIP_OWED": (
        {"gross": 30000, "fee": 15000},
        {"platform": "douyin"},
        [("5401.01", D, -15000), ("4901.01", C, -30000), ("2209.02", C, 15000)],
    ),
    "CLAWBACK_PAID": (
        {"amount": 5000},
        {"platform": "douyin"},
        [("2209.02", D, 5000), ("1009.01", C, 5000)],
    ),
    "REFUND_COMM": (
        {"total": 6500, "fee": 650},
        {},
        [("1009.11", D, -5850), ("5401.03", D, -650), ("4301.01", C, -6500)],
    ),
    "ALLOCATE": (
        {"to_redcross": 1200000, "to_charity": 800000},
        {},
        [("3102.01", D, 2000000), ("3102.02", C, 1200000), ("3102.03", C, 800000)],
    ),
    "GRANT_PAY": ({"amount": 12}, {"charity": "redcross"}, [("1122.31", D, 12), ("1002.01", C, 12)]),
    "GRANT_RETURN": ({"amount": 12}, {"charity": "charity"}, [("1002.01", D, 12), ("1122.32", C, 12)]),
    "ALLOCATE_BACK": ({"amount": 12}, {"charity": "redcross"}, [("3102.01", D, -12), ("3102.02", C, -12)]),
    "SPEND": ({"amount": 12}, {"charity": "charity"}, [("5101.02", D, 12), ("1122.32", C, 12)]),
    "ACTIVITY_ADVANCE": ({"amount": 9}, {"charity": "redcross"}, [("1122.41", D, 9), ("1122.31", C, 9)]),
    "ACTIVITY_CLEAR": ({"amount": 5}, {"charity": "redcross"}, [("5101.01", D, 5), ("1122.41", C, 5)]),
    "ACTIVITY_REST": ({"amount": 4}, {"charity": "redcross"}, [("1122.31", D, 4), ("1122.41", C, 4)]),
    "BANK_FEE": ({"amount": 500}, {}, [("5401.04", D, 500), ("1002.01", C, 500)]),
    "INTEREST": ({"amount": 326}, {}, [("1002.01", D, 326), ("4901.03", C, 326)]),
    "EVENT_INCOME": ({"amount": 8800}, {}, [("1002.01", D, 8800), ("4901.04", C, 8800)]),
    "UNIDENTIFIED": ({"amount": 20000}, {}, [("1002.01", D, 20000), ("2209.01", C, 20000)]),
    "CLEAR": ({"amount": 20000}, {}, [("2209.01", D, 20000), ("1122.21", C, 20000)]),
    "CLEAR_BACK": ({"amount": 20000}, {}, [("2209.01", D, 20000), ("1002.01", C, 20000)]),
    "ADJUST": ({"amount": -37}, {"platform": "douyin"}, [("1122.01", D, -37), ("4901.01", C, -37)]),
}


def test_every_type_of_the_chart_stands_in_the_table_below():
    assert set(EXPECTED) == set(CHART.types) - {charts.REVERSAL, charts.CLOSE}


@pytest.mark.parametrize("code", EXPECTED)
def test_a_type_posts_to_these_accounts(code):
    amounts, place, lines = EXPECTED[code]
    built = postings.build(CHART, CHART.type(code), amounts, **place)
    assert [(line.account, line.dc, line.fen) for line in built] == lines
    postings.check_balanced(built)
    assert postings.debit_total(built) == sum(fen for _, dc, fen in lines if dc == D)
    assert all(line.account in CHART.accounts for line in built)


@pytest.mark.parametrize("code", EXPECTED)
def test_red_letters_repeat_accounts_and_sides_with_negative_amounts(code):
    amounts, place, lines = EXPECTED[code]
    red = postings.reversed_lines(postings.build(CHART, CHART.type(code), amounts, **place))
    assert [(line.account, line.dc, -line.fen) for line in red] == lines
    postings.check_balanced(red)


@pytest.mark.parametrize("code", EXPECTED)
def test_a_type_refuses_amounts_that_are_missing_unknown_negative_or_too_large(code):
    amounts, place, _ = EXPECTED[code]
    kind = CHART.type(code)
    first = kind.inputs[0].name
    bad = [{**amounts, "unknown": 1}, {**amounts, first: FEN_MAX}, dict.fromkeys(amounts, 0)]
    bad += [{k: v for k, v in amounts.items() if k != i.name} for i in kind.inputs if not i.optional]
    if code != "ADJUST":
        bad += [{**amounts, name: -1} for name in amounts]
    for wrong in bad:
        with pytest.raises(Invalid):
            postings.build(CHART, kind, wrong, **place)


@pytest.mark.parametrize("charity", ["", "operator", "discipline"])
def test_money_of_a_charity_needs_to_know_which_one(charity):
    with pytest.raises(Invalid):
        postings.build(CHART, CHART.type("SPEND"), {"amount": 1}, charity=charity)


def test_each_party_has_its_part_in_each_type():
    for code, kind in CHART.types.items():
        if code in (charts.REVERSAL, charts.CLOSE):
            continue
        for charity, other in (("redcross", "charity"), ("charity", "redcross")):
            duties = postings.duties(kind.duties, charity, ("redcross", "charity", "discipline"))
            parts = {duty["party"]: duty["part"] for duty in duties}
            assert set(parts) == {"redcross", "charity", "discipline"}, code
            assert parts["discipline"] == "opinion"
            assert all(duty["statement"] for duty in duties)
            if kind.charity:
                assert (parts[charity], parts[other]) == ("declare", "review")
            elif code == "ALLOCATE":
                assert parts == {"redcross": "agree", "charity": "agree", "discipline": "opinion"}
            else:
                assert parts == TIP_SIDE
    opening = postings.duties(CHART.opening_duties, "", ("redcross", "charity", "discipline"))
    assert {duty["party"]: duty["part"] for duty in opening} == TIP_SIDE


def test_the_discipline_committee_is_never_said_to_approve_an_amount():
    for kind in CHART.types.values():
        for rule in kind.duties:
            if rule.party == "discipline":
                assert "监督意见" in rule.statement
                assert "不对金额作审批" in rule.statement


def test_a_book_may_ask_fewer_parties_but_a_charity_always_speaks_on_its_own_spending():
    tips = postings.duties(CHART.type("TIP").duties, "", ("charity",))
    assert [duty["party"] for duty in tips] == ["charity"]
    spending = postings.duties(CHART.type("SPEND").duties, "redcross", ())
    assert [(duty["party"], duty["part"]) for duty in spending] == [
        ("redcross", "declare"),
        ("charity", "review"),
    ]


def test_lines_that_do_not_balance_are_refused():
    for lines in ((), (Line("1002.01", D, 1),), (Line("1002.01", D, 1), Line("3102.01", C, 2))):
        with pytest.raises(Invalid, match="借贷不平"):
            postings.check_balanced(lines)


FACTS = {
    "activity": "助学",
    "place": "示例镇",
    "beneficiaries": 3,
    "payee": "李某",
    "resolution": "1号",
    "explanation": "尾差",
    "event": "E-2026-001",
}


def test_all_types_posted_in_one_book_balance_and_are_numbered_without_gaps(office: Office):
    shot = office.write(office.document)
    office.broadcast("2026-0001")
    office.broadcast("2026-0002", account="A02", day=2)
    office.now = books.at(28)
    concert = events.NewEvent(
        "义演", date(2026, 3, 8), "抖音", "某演艺团", "某演艺公司", "全部收入转入监管专户"
    )
    office.write(
        lambda s: events.record(s, office.who("accountant"), concert, attachments=[], at=office.tick())
    )
    for code, (amounts, place, _) in EXPECTED.items():
        kind = CHART.type(code)
        where: dict = {"charity": place["charity"]} if "charity" in place else {}
        if kind.broadcast == "required":
            where |= {"broadcast": "2026-0001", "account": "A01"}
        elif "platform" in place:
            where |= {"platform": place["platform"]}
        needed = {fact.name: FACTS[fact.name] for fact in kind.facts if fact.required}
        login = next(login for login in ("recorder", "accountant", "cashier") if login in kind.drafters)
        record = office.entry(code, login, day=20, facts=needed, attachments=(shot,), **where, **amounts)
        assert record.body["number"] == f"记-{len(EXPECTED) - list(EXPECTED)[::-1].index(code):04d}"
    found = books.balances(office)
    assert sum(found.values()) == 0
    assert found["1122.01"] == 5000 - 37
    assert found["2209.02"] == -15000 + 5000
