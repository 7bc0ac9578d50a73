"""Drafts and posting: seen is what is posted, numbers run without gaps, the opening is entered once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from ledger.book import drafts, entries, opening
from ledger.book.compose import compose
from ledger.errors import Conflict, Invalid, NotFound, SunbookError
from ledger.months import Month
from ledger.store import log
from ledger.store import tables_desk as d
from tests import books
from tests.books import Office, at, new_entry


def numbers(office: Office, month: int = 3) -> list[str]:
    found = office.read(lambda s: entries.of_month(s, office.book, Month(2026, month)))
    return [entry.number for entry in found]


def test_vouchers_are_numbered_from_1_each_month_in_the_order_of_posting(office: Office):
    office.now = at(5, month=5)
    for number, when in enumerate(
        (date(2026, 4, 2), date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 1), date(2026, 3, 1)), 1
    ):
        office.entry("INTEREST", amount=number, date=when)
    assert numbers(office, 3) == ["记-0001", "记-0002"]
    assert numbers(office, 4) == ["记-0001", "记-0002"]
    assert numbers(office, 5) == ["记-0001"]


def test_a_posting_that_fails_leaves_no_gap_and_no_record(office: Office):
    office.entry("INTEREST", amount=1)
    before = office.read(lambda s: log.head(s, office.book))
    draft = office.draft("accountant", new_entry("INTEREST", amount=2))
    with pytest.raises(RuntimeError), office.store.transaction(office.book) as session:
        drafts.post(session, office.who("checker"), draft.draft, seen=draft.digest, at=office.tick())
        raise RuntimeError
    assert office.read(lambda s: log.head(s, office.book)) == before
    office.post(draft)
    assert numbers(office) == ["记-0001", "记-0002"]


def test_a_draft_that_changed_after_it_was_shown_is_not_posted(office: Office):
    draft = office.draft("accountant", new_entry("INTEREST", amount=1))

    def change(session) -> drafts.Draft:
        entry = compose(session, office.who("accountant"), new_entry("INTEREST", amount=2), at=office.tick())
        return drafts.change(
            session, office.who("accountant"), draft.draft, {"entries": [entry]}, at=office.tick()
        )

    changed = office.write(change)
    assert changed.digest != draft.digest
    with pytest.raises(drafts.DraftChanged) as caught:
        office.post(draft)
    assert isinstance(caught.value, Conflict)
    assert office.post(changed)[0].body["amount_fen"] == 2
    assert office.read(lambda s: drafts.get(s, office.book, draft.draft)).state == "posted"


def test_a_draft_whose_payload_was_changed_behind_its_digest_is_not_posted(office: Office):
    """Drafts lie on the desk, where an administrator can write; what was shown is what its digest covers."""
    draft = office.draft("accountant", new_entry("INTEREST", amount=100))
    row = office.read(lambda s: s.get(d.Draft, (office.book, draft.draft)).payload)
    forged = row.replace('"fen":100', '"fen":900').replace('"amount_fen":100', '"amount_fen":900')
    assert forged != row
    office.write(lambda s: s.execute(update(d.Draft).values(payload=forged)))
    with pytest.raises(drafts.DraftChanged):
        office.post(draft)
    assert numbers(office) == []


def test_a_draft_is_posted_or_dropped_once(office: Office):
    first, second, third = (office.draft("accountant", new_entry("INTEREST", amount=n)) for n in (1, 2, 3))
    office.post(first)
    office.write(lambda s: drafts.drop(s, office.who("checker"), second.draft, note="没有附件"))
    office.write(lambda s: drafts.drop(s, office.who("accountant"), third.draft, note=""))
    for draft in (first, second, third):
        with pytest.raises(Conflict):
            office.post(draft)
        with pytest.raises(Conflict):
            office.write(
                lambda s, draft=draft: drafts.drop(s, office.who("accountant"), draft.draft, note="")
            )
    assert office.read(lambda s: drafts.waiting(s, office.book)) == []
    with pytest.raises(NotFound):
        office.read(lambda s: drafts.get(s, office.book, "D0"))


def test_a_draft_of_another_book_is_not_there(office: Office):
    other = books.build(office.store, "other")
    draft = other.draft("accountant", new_entry("INTEREST", amount=1))
    with pytest.raises(NotFound):
        office.post(draft)


def test_only_its_drafter_changes_a_draft_and_only_a_checker_sends_it_back(office: Office):
    draft = office.draft("recorder", new_entry("COMM_SETTLE", amount=1))
    for login in ("accountant", "checker", "cashier"):
        with pytest.raises(SunbookError):
            office.write(
                lambda s, who=office.who(login): drafts.change(
                    s, who, draft.draft, draft.payload, at=office.tick()
                )
            )
    with pytest.raises(SunbookError):
        office.write(lambda s: drafts.drop(s, office.who("cashier"), draft.draft, note=""))


BAD = {
    "a date in the future": {"kind": "INTEREST", "amount": 1, "date": date(2026, 3, 2)},
    "a date before the book begins": {"kind": "INTEREST", "amount": 1, "date": date(2026, 2, 28)},
    "a broadcast that is not registered": {
        "kind": "TIP",
        "gross": 1,
        "share": 0,
        "broadcast": "2026-0009",
        "account": "A01",
    },
    "no broadcast": {"kind": "TIP", "gross": 1, "share": 0, "account": "A01"},
    "a broadcast where none belongs": {"kind": "INTEREST", "amount": 1, "broadcast": "2026-0001"},
    "no platform": {"kind": "TIP_SETTLE", "amount": 1},
    "an unknown platform": {"kind": "TIP_SETTLE", "amount": 1, "platform": "weibo"},
    "an unknown type": {"kind": "GIFT", "amount": 1},
    "a reversal by hand": {"kind": "REVERSAL"},
    "an unknown fact": {"kind": "INTEREST", "amount": 1, "facts": {"colour": "red"}},
    "a fact missing": {"kind": "ALLOCATE", "to_redcross": 1},
    "a fact of another kind": {
        "kind": "SPEND",
        "amount": 1,
        "charity": "redcross",
        "facts": {"activity": "a", "place": "b", "beneficiaries": -1, "payee": "c"},
    },
    "an adjustment above one yuan": {"kind": "ADJUST", "amount": 101, "facts": {"explanation": "尾差"}},
    "NUL in the summary": {"kind": "INTEREST", "amount": 1, "summary": "a\0b"},
    "a summary not NFC": {"kind": "INTEREST", "amount": 1, "summary": "e\u0301"},
    "nothing": {"kind": "INTEREST", "amount": 0},
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD.keys())
def test_a_voucher_that_cannot_be_is_refused_before_anybody_sees_it(sqlite_office: Office, given):
    with pytest.raises(SunbookError):
        sqlite_office.draft("accountant", new_entry(given.pop("kind"), **given))


def test_a_summary_without_end_is_refused_while_drafting_not_only_when_posting(sqlite_office: Office):
    with pytest.raises(Invalid):
        sqlite_office.draft("accountant", new_entry("INTEREST", amount=1, summary="长" * 5000))


def test_tips_by_hand_need_a_screenshot_and_are_booked_once_per_broadcast_and_account(office: Office):
    office.broadcast("2026-0001")
    office.now = at(4)
    with pytest.raises(Invalid, match="截图"):
        office.draft("recorder", new_entry("TIP", gross=1, share=0, broadcast="2026-0001", account="A01"))
    office.tip("2026-0001")
    with pytest.raises(Conflict, match="已记账"):
        office.tip("2026-0001")
    with pytest.raises(Invalid):
        office.tip("2026-0001", account="A02")


def test_two_drafts_of_the_same_tips_cannot_both_be_posted(office: Office):
    office.broadcast("2026-0001")
    shot = office.write(office.document)
    tip = new_entry("TIP", gross=1, share=0, broadcast="2026-0001", account="A01", attachments=(shot,))
    first, second = office.draft("recorder", tip), office.draft("accountant", tip)
    office.post(first)
    with pytest.raises(Conflict):
        office.post(second)


# ---- the opening ---------------------------------------------------------------------------

BANK, FUND = {"1002.01": 100}, {"3102.01": -100}
OPENINGS = {
    "not balanced": {"balances": {"1002.01": 100, "3102.01": -99}},
    "income in the balances": {"balances": {"1002.01": 100, "4901.01": -100}},
    "an unknown account": {"balances": {"1002.01": 100, "9999": -100}},
    "an item larger than its balance": {
        "balances": BANK | FUND,
        "items": (("1002.01", 101, date(2026, 2, 1), ""),),
    },
    "an item of an account without balance": {
        "balances": BANK | FUND,
        "items": (("1122.21", 1, date(2026, 2, 1), ""),),
    },
    "an item of the month itself": {
        "balances": BANK | FUND,
        "items": (("1002.01", 1, date(2026, 3, 1), ""),),
    },
    "an unknown account in the year": {"balances": BANK | FUND, "year": {"nowhere": 1}},
    "no proof of the bank": {"balances": BANK | FUND, "attachments": []},
}


@pytest.fixture
def unopened(store) -> Office:
    return books.build(store, opened=False)


@pytest.mark.parametrize("given", OPENINGS.values(), ids=OPENINGS.keys())
def test_an_opening_that_cannot_be_is_refused(tmp_path, sqlite_store, given):
    office = books.build(sqlite_store, opened=False)
    with pytest.raises(Invalid):
        books.post_opening(office, **given)


def test_the_opening_is_entered_once_by_two_people_and_before_anything_else(unopened: Office):
    with pytest.raises(Invalid, match="期初"):
        unopened.draft("accountant", new_entry("INTEREST", amount=1))

    def draft(session) -> drafts.Draft:
        body = opening.compose(
            session,
            unopened.who("accountant"),
            period=Month(2026, 3),
            balances=BANK | FUND,
            items=(),
            year={"4901.01": -5, "withdrawn": 5},
            attachments=[unopened.document(session)],
        )
        return drafts.prepare(
            session, unopened.who("accountant"), kind="opening", payload={"opening": body}, at=unopened.tick()
        )

    first, second = unopened.write(draft), unopened.write(draft)
    with pytest.raises(SunbookError):
        unopened.post(first, "accountant")
    unopened.post(first)
    with pytest.raises(Conflict):
        unopened.post(second)
    with pytest.raises(Conflict):
        unopened.write(draft)
    assert books.balances(unopened) == {"1002.01": 100, "3102.01": -100}
    books.check_everything(unopened.store)


def test_the_worked_month_has_these_balances_on_both_databases(demo):
    """domain C4: the trial balance before close, 54,343.76 on both sides, from opening and postings alone."""
    found = books.balances(Office(demo.store, demo.book))
    assert found == {
        "1002.01": 1200476,
        "1009.02": 157500,
        "1122.21": 570984,
        "1122.31": 214000,
        "2209.01": -20000,
        "3102.02": -1200000,
        "3102.03": -800000,
        "4301.01": -541500,
        "4901.01": -2872550,
        "4901.03": -326,
        "5101.01": 986000,
        "5101.02": 800000,
        "5401.01": 1436275,
        "5401.03": 54150,
        "5401.04": 500,
        "5901.01": 14491,
    }
    assert sum(fen for fen in found.values() if fen > 0) == 5434376
    assert sum(fen for fen in found.values() if fen < 0) == -5434376
    books.check_everything(demo.store)
