"""Agreements before broadcasts, official receipts reviewed by the other charity, goods and costs, related parties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.book import agreements, broadcasts, charity_receipts, corrections, goods, month, relations
from ledger.book.agreements import Terms
from ledger.book.charity_receipts import NewReceipt
from ledger.book.duties import NotYourDuty
from ledger.book.goods import NewCost, NewGoods
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from tests.books import Office, at, new_entry

MARCH = Month(2026, 3)
TERMS = Terms(
    "捐协2026-1",
    "示例县人民政府办公室",
    date(2026, 3, 1),
    date(2026, 3, 1),
    None,
    (),
    10_000,
    "全部打赏与佣金",
)


def register(office: Office, terms: Terms = TERMS, login: str = "recorder", files: int = 1):
    return office.write(
        lambda s: agreements.register(
            s,
            office.who(login),
            terms,
            attachments=[office.document(s, terms.number.encode()) for _ in range(files)],
            at=office.tick(),
        )
    )


def change(office: Office, terms: Terms, reason: str = "延期", files: int = 0):
    return office.write(
        lambda s: agreements.change(
            s,
            office.who("accountant"),
            terms,
            reason=reason,
            attachments=[office.document(s, b"changed")] * files,
            at=office.tick(),
        )
    )


def covering(office: Office, number: str) -> agreements.Agreement | None:
    return office.read(lambda s: agreements.covering(s, office.book, number))


def view(office: Office, wanted: Month = MARCH) -> month.MonthView:
    return office.read(lambda s: month.view(s, office.book, wanted))


# ---- agreements -----------------------------------------------------------------------------------------


def test_an_agreement_registered_before_the_start_covers_and_one_registered_after_is_late(office: Office):
    register(office)
    office.broadcast("2026-0001", day=3)
    found = covering(office, "2026-0001")
    assert found is not None
    assert (found.number, found.late, found.terms.share_bp) == ("捐协2026-1", False, 10_000)

    office.now = at(10, "20:00")
    office.broadcast("2026-0002", day=10, account="A02", ends_at=None)
    terms = replace(TERMS, number="捐协2026-2", first_day=date(2026, 3, 1))
    register(office, replace(terms, accounts=("A02",)))
    only_second = covering(office, "2026-0002")
    assert only_second is not None
    assert (only_second.number, only_second.late) == ("捐协2026-1", False), (
        "the earlier one covers all accounts"
    )
    lines = office.read(lambda s: agreements.lines(s, view(office)))
    assert [(line.number, line.broadcasts, line.late) for line in lines] == [
        ("捐协2026-1", ("2026-0001", "2026-0002"), ()),
        ("捐协2026-2", ("2026-0002",), ("2026-0002",)),
    ]


@pytest.mark.parametrize(
    ("clock", "late"), [("19:58", False), ("19:59", True), ("20:00", True), ("21:00", True)]
)
def test_the_minute_of_registration_decides(sqlite_office: Office, clock: str, late: bool):
    """The office's clock moves on a minute with the act: 19:58 gives 19:59, one minute before the start."""
    office = sqlite_office
    office.broadcast("2026-0001", day=3)
    office.now = at(3, clock)
    register(office)
    found = covering(office, "2026-0001")
    assert found is not None
    assert found.late is late


OUTSIDE = {
    "before the first day": {"first_day": date(2026, 3, 4)},
    "after the last day": {"last_day": date(2026, 3, 2)},
    "another account": {"accounts": ("A02",)},
}


@pytest.mark.parametrize("changes", OUTSIDE.values(), ids=OUTSIDE)
def test_what_the_terms_do_not_speak_of_is_not_covered(sqlite_office: Office, changes):
    office = sqlite_office
    register(office, replace(TERMS, **changes))
    office.broadcast("2026-0001", day=3)
    assert covering(office, "2026-0001") is None
    with pytest.raises(NotFound):
        covering(office, "2026-0009")


def test_the_first_and_the_last_day_are_covered(sqlite_office: Office):
    office = sqlite_office
    register(office, replace(TERMS, first_day=date(2026, 3, 3), last_day=date(2026, 3, 3), accounts=("A01",)))
    for day, number in ((2, "2026-0001"), (3, "2026-0002"), (4, "2026-0003")):
        office.broadcast(number, day=day)
    assert [covering(office, f"2026-000{n}") is not None for n in (1, 2, 3)] == [False, True, False]


def test_a_broadcast_on_two_accounts_needs_both_covered(sqlite_office: Office):
    office = sqlite_office
    register(office, replace(TERMS, accounts=("A01",)))
    office.broadcast("2026-0001", day=3, accounts=("A01", "A02"))
    assert covering(office, "2026-0001") is None
    office.now = at(4)
    register(office, replace(TERMS, number="2号", accounts=("A02",)))
    found = covering(office, "2026-0001")
    assert found is not None
    assert (found.number, found.late) == ("2号", True)


def test_a_change_holds_from_now_on_and_what_it_adds_is_late_for_broadcasts_before(sqlite_office: Office):
    office = sqlite_office
    first = register(office, replace(TERMS, last_day=date(2026, 3, 5)))
    office.broadcast("2026-0001", day=3)
    office.broadcast("2026-0002", day=8)
    office.now = at(9)
    with pytest.raises(Invalid, match="变更原因"):
        change(office, TERMS, reason=" ")
    second = change(office, replace(TERMS, share_bp=8_050))
    assert second.body["attachments"] == first.body["attachments"], "the document stays"
    (found,) = office.read(lambda s: agreements.agreements(s, office.book))
    assert (found.terms.share_bp, found.reason, len(found.earlier)) == (8_050, "延期", 2)
    one, two = covering(office, "2026-0001"), covering(office, "2026-0002")
    assert one is not None
    assert two is not None
    assert (one.late, two.late) == (False, True)
    third = change(office, replace(TERMS, share_bp=8_050), files=1)
    assert third.body["attachments"] != first.body["attachments"]
    with pytest.raises(NotFound):
        change(office, replace(TERMS, number="没有"))


BAD_TERMS = {
    "no number": {"number": " "},
    "a long number": {"number": "号" * 41},
    "no party": {"party": ""},
    "no scope": {"scope": " "},
    "signed tomorrow": {"signed_on": date(2026, 3, 2)},
    "ends before it begins": {"last_day": date(2026, 2, 28)},
    "nothing promised": {"share_bp": 0},
    "more than all": {"share_bp": 10_001},
    "an account twice": {"accounts": ("A01", "A01")},
}


@pytest.mark.parametrize("changes", BAD_TERMS.values(), ids=BAD_TERMS)
def test_bad_terms_are_refused(sqlite_office: Office, changes):
    with pytest.raises(Invalid):
        register(sqlite_office, replace(TERMS, **changes))


def test_an_agreement_needs_a_document_a_new_number_a_known_account_and_the_right_person(
    sqlite_office: Office,
):
    office = sqlite_office
    with pytest.raises(Invalid, match="请上传捐赠协议"):
        register(office, files=0)
    with pytest.raises(NotFound):
        register(office, replace(TERMS, accounts=("A09",)))
    for login in ("cashier", "checker", "charity-clerk", "discipline", "viewer"):
        with pytest.raises(NotYourDuty):
            register(office, login=login)
    register(office)
    with pytest.raises(Conflict, match="捐协2026-1 已登记"):
        register(office)


def test_an_agreement_is_in_the_report_of_the_months_it_is_in_force(sqlite_office: Office):
    office = sqlite_office
    register(office, replace(TERMS, first_day=date(2026, 4, 1), last_day=date(2026, 5, 31)))
    found = {
        n: office.read(lambda s, n=n: agreements.lines(s, month.view(s, office.book, Month(2026, n))))
        for n in (3, 4, 5, 6)
    }
    assert [len(found[n]) for n in (3, 4, 5, 6)] == [0, 1, 1, 0]
    line = found[4][0]
    assert (line.party, line.scope, line.last_day) == (TERMS.party, TERMS.scope, date(2026, 5, 31))


# ---- receipts -------------------------------------------------------------------------------------------

RECEIPT = NewReceipt("36060126", "0001234567", "a1B2c3", date(2026, 3, 1), date(2026, 3, 1), 50_000)


def paid(office: Office, amount: int = 100_000, charity: str = "redcross") -> int:
    return office.entry("GRANT_PAY", "cashier", charity=charity, amount=amount).index


def receive(office: Office, entry: int, new: NewReceipt = RECEIPT, login: str = "redcross-clerk", files=1):
    return office.write(
        lambda s: charity_receipts.record(
            s,
            office.who(login),
            entry,
            new,
            attachments=[office.document(s, new.number.encode()) for _ in range(files)],
            at=office.tick(),
        )
    )


def review(office: Office, idx: int, decision: str = "agree", login: str = "charity-clerk", note: str = ""):
    return office.write(
        lambda s: charity_receipts.review(
            s, office.who(login), idx, decision=decision, note=note, at=office.tick()
        )
    )


def test_several_receipts_cover_a_payment_and_the_other_charity_reviews_each(office: Office):
    entry = paid(office)
    first = receive(office, entry)
    line = office.read(lambda s: charity_receipts.lines(s, view(office)))
    assert [(one.number, one.amount_fen, one.reviewed) for one in line] == [
        ("0001234567", 50_000, "待复核"),
        ("", 50_000, "待开具"),
    ]
    second = receive(office, entry, replace(RECEIPT, number="0001234568"))
    review(office, first.index)
    review(office, second.index, "query", note="金额与银行回单不符？")
    lines = office.read(lambda s: charity_receipts.lines(s, view(office)))
    assert [(one.voucher, one.number, one.reviewed) for one in lines] == [
        ("记-0001", "0001234567", "已复核"),
        ("记-0001", "0001234568", "提出问询"),
    ]
    assert (lines[0].code, lines[0].check_code, lines[0].received_on) == (
        "36060126",
        "a1B2c3",
        date(2026, 3, 1),
    )
    review(office, second.index)
    known = office.read(lambda s: charity_receipts.receipts(s, office.book))
    assert [one.decision for one in known] == ["agree", "agree"]


def test_receipts_never_exceed_their_payment_nor_stand_twice(sqlite_office: Office):
    office = sqlite_office
    entry = paid(office)
    with pytest.raises(Invalid, match=r"1,000.01 元不对.*拨付 1,000.00 元，还没有票据的是 1,000.00"):
        receive(office, entry, replace(RECEIPT, amount_fen=100_001))
    receive(office, entry)
    with pytest.raises(Invalid, match=r"还没有票据的是 500.00 元"):
        receive(office, entry, replace(RECEIPT, number="0002", amount_fen=50_001))
    for same in (RECEIPT, replace(RECEIPT, code=" ３６０６０１２６ ", number="0001 234567")):
        with pytest.raises(Conflict, match="36060126 0001234567 已登记过"):
            receive(office, entry, same)
    receive(office, entry, replace(RECEIPT, code="36060127"))


BAD_RECEIPTS = {
    "no number": {"number": ""},
    "a short number": {"number": "123"},
    "a number with signs": {"number": "0001-2345"},
    "a code with signs": {"code": "360/1"},
    "a check code with signs": {"check_code": "a b*"},
    "issued tomorrow": {"issued_on": date(2026, 3, 2)},
    "received tomorrow": {"received_on": date(2026, 3, 2)},
    "received before it was paid": {"received_on": date(2026, 2, 28)},
    "nothing": {"amount_fen": 0},
}


@pytest.mark.parametrize("changes", BAD_RECEIPTS.values(), ids=BAD_RECEIPTS)
def test_a_bad_receipt_is_refused(sqlite_office: Office, changes):
    entry = paid(sqlite_office)
    with pytest.raises(Invalid):
        receive(sqlite_office, entry, replace(RECEIPT, **changes))


def test_a_receipt_is_recorded_by_the_charity_that_was_paid_and_reviewed_by_the_other(sqlite_office: Office):
    office = sqlite_office
    entry = paid(office)
    for login in ("charity-clerk", "redcross", "accountant", "recorder", "discipline"):
        with pytest.raises(NotYourDuty):
            receive(office, entry, login=login)
    with pytest.raises(Invalid, match="请上传票据"):
        receive(office, entry, files=0)
    done = receive(office, entry)
    for login in ("redcross-clerk", "redcross", "charity", "accountant", "discipline"):
        with pytest.raises(NotYourDuty):
            review(office, done.index, login=login)
    for decision, note in (("reject", ""), ("query", " ")):
        with pytest.raises(Invalid):
            review(office, done.index, decision, note=note)
    with pytest.raises(NotFound):
        review(office, entry)


def test_a_receipt_belongs_to_a_payment_that_stands_and_follows_its_correction(sqlite_office: Office):
    office = sqlite_office
    interest = office.entry("INTEREST", amount=1)
    with pytest.raises(Invalid, match="记-0001 不是有效的拨付凭证"):
        receive(office, interest.index)
    with pytest.raises(NotFound):
        receive(office, 99_999)
    entry = paid(office)
    receive(office, entry)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("cashier"),
            entry,
            right=new_entry("GRANT_PAY", charity="redcross", amount=60_000),
            reason="金额误记",
            day=date(2026, 3, 1),
            at=office.tick(),
        )
    )
    right = office.post(draft)[1]
    (now,) = office.read(lambda s: charity_receipts.payments(s, office.book))
    assert (now.idx, now.open_fen, len(now.receipts)) == (right.index, 10_000, 1)
    with pytest.raises(Invalid, match="不是有效的拨付凭证"):
        receive(office, entry, replace(RECEIPT, number="0009"))


def test_a_receipt_that_comes_in_april_stands_in_both_reports(sqlite_office: Office):
    office = sqlite_office
    entry = paid(office)
    office.now = at(2, month=4)
    receive(office, entry, replace(RECEIPT, issued_on=date(2026, 4, 1)))
    found = office.read(lambda s: charity_receipts.lines(s, month.view(s, office.book, Month(2026, 4))))
    assert [(line.voucher, line.amount_fen) for line in found] == [("2026-03 记-0001", 50_000)]
    assert office.read(lambda s: charity_receipts.lines(s, month.view(s, office.book, Month(2026, 5)))) == ()
    assert len(office.read(lambda s: charity_receipts.lines(s, view(office)))) == 2


# ---- goods, costs ---------------------------------------------------------------------------------------

GOODS = NewGoods("2026-0001", "高山菜籽油", "示例县粮油店", "none", "", 0, 500)


def choose(office: Office, new: NewGoods = GOODS, login: str = "recorder"):
    return office.write(
        lambda s: goods.select_goods(s, office.who(login), new, attachments=[], at=office.tick())
    )


def bear(office: Office, login: str = "recorder", **changes):
    given = {
        "day": date(2026, 3, 1),
        "broadcast": "",
        "what": "promotion",
        "detail": "抖加推广",
        "amount_fen": 30_000,
        "bearer": "operator",
        **changes,
    }
    return office.write(
        lambda s: goods.bear_cost(s, office.who(login), NewCost(**given), attachments=[], at=office.tick())
    )


def test_goods_and_costs_of_the_month_are_listed_the_newest_word_on_goods_holds(office: Office):
    office.broadcast("2026-0001", day=3)
    choose(office)
    choose(office, replace(GOODS, relation="related", detail="商家是主播亲属", slot_fee_fen=10_000))
    choose(office, replace(GOODS, goods="土豆粉条"))
    bear(office, broadcast="2026-0001", bearer="seller")
    bear(office, what="sample", amount_fen=1)
    seen = view(office)
    lines = office.read(lambda s: goods.lines(s, seen))
    assert [(one.goods, one.related, one.slot_fee_fen) for one in lines] == [
        ("高山菜籽油", True, 10_000),
        ("土豆粉条", False, 0),
    ]
    costs = office.read(lambda s: goods.costs(s, seen))
    assert [(one.broadcast, one.what, one.bearer, one.amount_fen) for one in costs] == [
        ("2026-0001", "推广费", "商家", 30_000),
        ("", "样品费", "运营单位", 1),
    ]
    april = office.read(lambda s: month.view(s, office.book, Month(2026, 4)))
    assert office.read(lambda s: (goods.lines(s, april), goods.costs(s, april))) == ((), ())


BAD_GOODS = {
    "no goods": {"goods": " "},
    "no seller": {"seller": ""},
    "nothing said of the relation": {"relation": ""},
    "related without saying how": {"relation": "related"},
    "a negative fee": {"slot_fee_fen": -1},
    "more than all": {"commission_bp": 10_001},
    "a negative rate": {"commission_bp": -1},
}


@pytest.mark.parametrize("changes", BAD_GOODS.values(), ids=BAD_GOODS)
def test_goods_say_whose_they_are_and_on_what_terms(sqlite_office: Office, changes):
    sqlite_office.broadcast("2026-0001", day=3)
    with pytest.raises(Invalid):
        choose(sqlite_office, replace(GOODS, **changes))


def test_goods_belong_to_a_broadcast_and_are_not_recorded_by_its_host(sqlite_office: Office):
    office = sqlite_office
    with pytest.raises(NotFound):
        choose(office)
    office.broadcast("2026-0001", day=3, host_person="p-accountant")
    with pytest.raises(NotYourDuty, match="您是本场主播"):
        choose(office, login="accountant")
    for login in ("checker", "cashier", "charity-clerk"):
        with pytest.raises(NotYourDuty):
            choose(office, login=login)
        with pytest.raises(NotYourDuty):
            bear(office, login=login)


@pytest.mark.parametrize(
    "changes",
    [{"what": "bribe"}, {"bearer": "nobody"}, {"detail": " "}, {"amount_fen": 0}, {"day": date(2026, 3, 2)}],
)
def test_a_bad_cost_is_refused(sqlite_office: Office, changes):
    with pytest.raises(Invalid):
        bear(sqlite_office, **changes)


# ---- related parties ------------------------------------------------------------------------------------

SPEND = {"activity": "暖冬", "place": "示例镇", "beneficiaries": 1, "payee": "示例县百货商店"}


def spend(office: Office, charity: str = "redcross") -> int:
    amount = 100 if charity == "redcross" else 101
    return office.entry(
        "SPEND", f"{charity}-clerk", "accountant", charity=charity, amount=amount, facts=SPEND
    ).index


def declare(office: Office, entry: int, relation: str = "none", detail: str = "", login="redcross-clerk"):
    return office.write(
        lambda s: relations.declare(
            s, office.who(login), entry, relation=relation, detail=detail, at=office.tick()
        )
    )


def test_a_spending_without_a_declaration_is_missing_until_its_charity_declares(office: Office):
    first, second = spend(office), spend(office, "charity")

    def missing() -> list[int]:
        return [entry.idx for entry in office.read(lambda s: relations.missing(s, view(office)))]

    assert missing() == [first, second]
    declare(office, first)
    assert missing() == [second]
    record = declare(office, first, "related", "收款单位负责人是本会理事的亲属")
    assert "亲属" not in str(record.body)
    said = office.read(lambda s: relations.declared(s, office.book))
    assert (said[first].relation, said[first].detail) == ("related", "收款单位负责人是本会理事的亲属")
    declare(office, second, login="charity-clerk")
    assert missing() == []


def test_only_the_charity_declares_of_its_own_standing_spending(sqlite_office: Office):
    office = sqlite_office
    entry = spend(office)
    for login in ("charity-clerk", "accountant", "recorder", "redcross", "discipline"):
        with pytest.raises(NotYourDuty):
            declare(office, entry, login=login)
    for relation, detail in (("maybe", ""), ("related", " ")):
        with pytest.raises(Invalid):
            declare(office, entry, relation, detail)
    interest = office.entry("INTEREST", amount=1)
    with pytest.raises(Invalid, match="不是公益支出"):
        declare(office, interest.index)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("redcross-clerk"),
            entry,
            right=new_entry("SPEND", charity="redcross", amount=90, facts=SPEND),
            reason="金额误记",
            day=date(2026, 3, 1),
            at=office.tick(),
        )
    )
    right = office.post(draft, "accountant")[1]
    with pytest.raises(Invalid, match="记-0001 已冲销"):
        declare(office, entry)
    assert [e.idx for e in office.read(lambda s: relations.missing(s, view(office)))] == [right.index]
    declare(office, right.index)


def test_broadcasts_may_be_given_by_value_as_well(sqlite_office: Office):
    office = sqlite_office
    register(office)
    office.broadcast("2026-0001", day=3)
    item = office.read(lambda s: broadcasts.get(s, office.book, "2026-0001"))
    found = office.read(lambda s: agreements.covering(s, office.book, item))
    assert found is not None
    assert found.party == TERMS.party
