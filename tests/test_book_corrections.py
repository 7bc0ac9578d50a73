"""Corrections: red letters undo, a right entry follows, the family is signed in one act, once."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.book import corrections, drafts, entries, states
from ledger.book.compose import NewEntry
from ledger.errors import Conflict, Invalid, SunbookError
from ledger.months import Month
from ledger.store.record import Record
from tests import books
from tests.books import Office, at, new_entry


def prepare(
    office: Office, idx: int, right: NewEntry | None = None, login: str = "accountant", **more
) -> drafts.Draft:
    given = {"reason": "金额误记", "day": date(2026, 3, 1), **more}
    return office.write(
        lambda s: corrections.prepare(s, office.who(login), idx, right=right, at=office.tick(), **given)
    )


def correct(office: Office, idx: int, right: NewEntry | None = None, **more) -> list[Record]:
    return office.post(prepare(office, idx, right, **more))


def test_a_reversal_repeats_everything_with_negative_amounts_and_names_its_original(office: Office):
    wrong = office.entry("INTEREST", amount=968)
    red, right = correct(office, wrong.index, new_entry("INTEREST", amount=986))
    assert red.body["type"] == "REVERSAL"
    assert red.body["summary"] == "注销2026年3月1日记-0001号凭证（红字）"
    assert red.body["lines"] == [{**line, "fen": -line["fen"]} for line in wrong.body["lines"]]
    assert red.body["amount_fen"] == -968
    assert red.body["duties"] == wrong.body["duties"]
    assert (red.body["reverses"], right.body["corrects"]) == (wrong.index, wrong.index)
    assert right.body["summary"].startswith("订正2026年3月1日记-0001号凭证")
    assert [record.body["number"] for record in (wrong, red, right)] == ["记-0001", "记-0002", "记-0003"]
    assert books.balances(office)["4901.03"] == -986


def test_an_entry_that_should_not_exist_is_only_undone(office: Office):
    wrong = office.entry("INTEREST", amount=968)
    (red,) = correct(office, wrong.index)
    assert "4901.03" not in books.balances(office)
    assert (
        office.read(lambda s: states.standings(s, office.book, [wrong.index]))[wrong.index].reversed_by
        == red.index
    )


def test_an_entry_is_reversed_once_and_red_letters_never(office: Office):
    wrong = office.entry("INTEREST", amount=968)
    first, second = prepare(office, wrong.index), prepare(office, wrong.index)
    red = office.post(first)[0]
    with pytest.raises(Conflict, match="冲销"):
        office.post(second)
    with pytest.raises(Conflict):
        prepare(office, wrong.index)
    with pytest.raises(Conflict, match="红字"):
        prepare(office, red.index)


@pytest.mark.parametrize(
    "more",
    [
        {"reason": " "},
        {"day": date(2026, 2, 28)},
        {"day": date(2026, 3, 2)},
        {"login": "cashier"},
        {"login": "recorder"},
    ],
)
def test_a_correction_that_cannot_be_is_refused(sqlite_office: Office, more):
    kind = "COMMISSION" if more.get("login") == "cashier" else "INTEREST"
    amounts = {"total": 5, "fee": 1} if kind == "COMMISSION" else {"amount": 5}
    wrong = sqlite_office.entry(kind, **amounts)
    with pytest.raises(SunbookError):
        prepare(sqlite_office, wrong.index, **more)


def test_a_correction_of_a_correction_goes_on_from_there(office: Office):
    first = office.entry("INTEREST", amount=1)
    _, second = correct(office, first.index, new_entry("INTEREST", amount=2))
    red, third = correct(office, second.index, new_entry("INTEREST", amount=3))
    assert books.balances(office)["4901.03"] == -3
    assert office.read(lambda s: entries.family(s, office.book, third.index)) == [
        second.index,
        red.index,
        third.index,
    ]


def test_a_correction_may_be_dated_in_a_later_month(office: Office):
    wrong = office.entry("INTEREST", amount=1)
    office.now = at(2, month=4)
    red, _ = correct(office, wrong.index, new_entry("INTEREST", amount=2), day=date(2026, 4, 2))
    assert red.body["period"] == "2026-04"
    assert red.body["number"] == "记-0001"
    assert [e.number for e in office.read(lambda s: entries.of_month(s, office.book, Month(2026, 4)))] == [
        "记-0001",
        "记-0002",
    ]


def test_tips_moved_to_another_broadcast_do_not_land_on_tips_that_are_there(office: Office):
    for number, day in (("2026-0001", 3), ("2026-0002", 4)):
        office.broadcast(number, day=day)
    office.now = at(5)
    first = office.tip("2026-0001")
    office.tip("2026-0002", gross=700, share=0)
    moved = new_entry("TIP", broadcast="2026-0002", account="A01", gross=10000, share=5000)
    with pytest.raises(Conflict, match="已记账"):
        prepare(office, first.index, moved, day=date(2026, 3, 5))
    same = new_entry("TIP", broadcast="2026-0001", account="A01", gross=9000, share=4500)
    correct(office, first.index, same, day=date(2026, 3, 5))
    assert books.balances(office)["4901.01"] == -9700


def test_two_drafts_that_move_tips_to_the_same_broadcast_cannot_both_be_posted(office: Office):
    for number, day in (("2026-0001", 3), ("2026-0002", 4), ("2026-0003", 5)):
        office.broadcast(number, day=day)
    office.now = at(6)
    records = [office.tip("2026-0001"), office.tip("2026-0002")]
    moved = new_entry("TIP", broadcast="2026-0003", account="A01", gross=10000, share=5000)
    made = [prepare(office, record.index, moved, day=date(2026, 3, 6)) for record in records]
    office.post(made[0])
    with pytest.raises(Conflict):
        office.post(made[1])


def test_a_corrected_entry_starts_out_from_what_it_was(office: Office):
    shot = office.write(office.document)
    facts = {"activity": "助学", "place": "示例镇", "beneficiaries": 3, "payee": "李某"}
    record = office.entry(
        "SPEND",
        "charity-clerk",
        "accountant",
        charity="charity",
        amount=100,
        facts=facts,
        attachments=(shot,),
    )
    new = office.read(lambda s: corrections.as_new(s, office.book, record.index))
    assert (new.type, new.amounts, new.charity, new.facts) == ("SPEND", {"amount": 100}, "charity", facts)
    assert new.attachments == (shot,)


def test_a_family_is_signed_in_one_act(office: Office):
    wrong = office.entry("INTEREST", amount=1)
    red, right = correct(office, wrong.index, new_entry("INTEREST", amount=2))
    family = [wrong.index, red.index, right.index]
    for part in ([wrong.index], [red.index, right.index], family[:2]):
        with pytest.raises(Invalid, match="一并签认"):
            office.sign("charity", *part)
    assert len(office.sign("charity", *family)) == 3
    with pytest.raises(Conflict):
        office.sign("charity", *family)


def test_an_entry_agreed_on_before_it_was_corrected_is_signed_again_with_its_family(office: Office):
    wrong = office.entry("INTEREST", amount=1)
    office.sign_all(wrong.index)
    red, right = correct(office, wrong.index, new_entry("INTEREST", amount=2))
    family = [wrong.index, red.index, right.index]
    with pytest.raises(Invalid, match="一并签认"):
        office.sign("charity", red.index, right.index)
    office.sign_all(*family)
    with pytest.raises(Conflict):
        office.sign("charity", *family)
    found = office.read(lambda s: states.standings(s, office.book, family))
    assert found[right.index].state == "agreed"
    assert all(standing.waiting_for == () for standing in found.values())


def test_memo_figures_are_undone_as_well(office: Office):
    memo = {
        "kind": "sale",
        "shop": "店",
        "product": "品",
        "orders": 3,
        "gmv_fen": 900,
        "amount_fen": 90,
        "fee_fen": 9,
    }
    wrong = office.entry("COMMISSION", total=90, fee=9, memo=(memo,))
    (red,) = correct(office, wrong.index)
    (undone,) = red.body["memo"]
    assert {name: undone[name] + memo[name] for name in ("orders", "gmv_fen", "amount_fen", "fee_fen")} == {
        "orders": 0,
        "gmv_fen": 0,
        "amount_fen": 0,
        "fee_fen": 0,
    }
