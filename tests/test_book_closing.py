"""The close: closing vouchers, what the next month opens with, and that a closed month stays closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from ledger.book import balances, closing, corrections, drafts, month, statement
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid
from ledger.months import CHINA, Month
from ledger.store import log
from ledger.store.record import Record
from tests import books
from tests.books import Office, at, new_entry

MARCH, APRIL, MAY = Month(2026, 3), Month(2026, 4), Month(2026, 5)


def draft_close(office: Office, period: Month = MARCH, login: str = "accountant") -> drafts.Draft:
    """Draft a close as the accountant submits it, without its checklist."""

    def act(session) -> drafts.Draft:
        closing.refuse_out_of_turn(session, office.book, period, office.tick())
        payload = {"close": closing.plan(month.view(session, office.book, period), [])}
        return drafts.prepare(session, office.who(login), kind="close", payload=payload, at=office.tick())

    return office.write(act)


def close(office: Office, period: Month = MARCH) -> list[Record]:
    """Close a month on the eighth of the next."""
    after = period.plus(1)
    office.now = max(office.now, datetime(after.year, after.number, 8, 9, 0, tzinfo=CHINA))
    return office.post(draft_close(office, period))


def month_of_march(office: Office) -> None:
    """Tips, a withdrawal, a hand-over, an allocation, a payment and a spending."""
    office.broadcast("2026-0001")
    office.now = at(28)
    office.tip("2026-0001", gross=100_000, share=50_000)
    office.entry("TIP_SETTLE", day=10, platform="douyin", amount=50_000)
    shot = office.write(lambda s: office.document(s, b"march"))
    more = {"attachments": (shot,)}
    office.entry("WITHDRAW_CARD", day=11, platform="douyin", gross=50_000, tax=400, **more)
    office.entry("HANDOVER", "cashier", day=12, amount=40_000, **more)
    facts = {"resolution": "示公益〔2026〕1号"}
    office.entry("ALLOCATE", day=13, to_redcross=100_000, to_charity=50_000, facts=facts, **more)
    office.entry("GRANT_PAY", "cashier", day=14, charity="redcross", amount=100_000, **more)
    facts = {"activity": "暖冬包", "place": "示例镇", "beneficiaries": 8, "payee": "示例县百货商店"}
    office.entry("SPEND", "redcross-clerk", day=15, charity="redcross", amount=90_000, facts=facts, **more)


def numbers(office: Office, period: Month) -> dict[str, int]:
    """Return the closing balances of a month, zeros left out."""
    moved = office.read(lambda s: balances.movements(s, office.book, period))
    return {code: m.closing_fen for code, m in moved.items() if m.closing_fen}


@pytest.fixture
def closed(office) -> Office:
    """A book whose March is closed."""
    month_of_march(office)
    close(office)
    return office


def test_income_and_expense_move_into_the_funds_and_the_next_month_opens_with_them(office):
    month_of_march(office)
    records = close(office)
    assert [r.body["number"] for r in records[:-1]] == ["记-0008", "记-0009", "记-0010", "记-0011"]
    assert [(r.body["summary"], r.body["amount_fen"]) for r in records[:-1]] == [
        ("2026年3月结转 其他收入—直播打赏（总额）", 100_000),
        ("2026年3月结转 业务活动成本—县红十字会项目", 90_000),
        ("2026年3月结转 筹资费用—平台分成（打赏）", 50_000),
        ("2026年3月结转 其他费用—平台代扣个人所得税", 400),
    ]
    assert records[-1].kind == "month.closed"
    assert numbers(office, APRIL) == {
        "1002.01": 2_000_000 + 40_000 - 100_000,
        "1122.21": 9_600,
        "1122.31": 10_000,
        "3102.01": -(2_000_000 + 100_000 - 50_000 - 400 - 150_000),
        "3102.02": -10_000,
        "3102.03": -50_000,
    }


def test_a_closed_month_shows_the_same_figures_as_before_and_year_to_date_runs_on(office):
    month_of_march(office)
    before = office.read(lambda s: statement.monthly(s, office.book, MARCH))
    close(office)
    after = office.read(lambda s: statement.monthly(s, office.book, MARCH))
    for name in ("lines", "summary", "trial", "checks", "tips", "commission", "pending"):
        assert getattr(after, name) == getattr(before, name), name
    office.broadcast("2026-0002", starts_at=at(3, "20:00", 4), ends_at=at(3, "22:00", 4))
    office.now = at(20, "12:00", 4)
    office.tip("2026-0002", gross=30_000, share=15_000, date=date(2026, 4, 3))
    april = office.read(lambda s: balances.movements(s, office.book, APRIL))["4901.01"]
    assert (april.opening_fen, april.credit_fen, april.year_fen) == (0, 30_000, -130_000)
    assert (april.total_debit_fen, april.total_credit_fen) == (0, 130_000)
    close(office, APRIL)
    may = office.read(lambda s: balances.movements(s, office.book, MAY))["4901.01"]
    assert (may.opening_fen, may.year_fen, may.total_credit_fen) == (0, -130_000, 130_000)


def test_what_a_close_recorded_is_what_the_postings_add_up_to(closed):
    with_cache = closed.read(lambda s: balances.movements(s, closed.book, APRIL))

    def by_hand(session) -> dict[str, int]:
        found: dict[str, int] = {"1002.01": 2_000_000, "3102.01": -2_000_000}
        for record in log.records(session, closed.book):
            if record.kind == "entry.posted":
                for line in record.body["lines"]:
                    sign = 1 if line["dc"] == "D" else -1
                    found[line["account"]] = found.get(line["account"], 0) + sign * line["fen"]
        return found

    wanted = {code: fen for code, fen in closed.read(by_hand).items() if fen}
    assert {code: m.opening_fen for code, m in with_cache.items() if m.opening_fen} == wanted


def test_nothing_is_drafted_into_a_closed_month(closed):
    with pytest.raises(Invalid, match="2026-03 已经月结"):
        closed.entry("BANK_FEE", "cashier", day=20, amount=500)


def test_a_draft_from_before_the_close_is_not_posted_after_it(office):
    month_of_march(office)
    late = office.draft("cashier", new_entry("BANK_FEE", 20, amount=500))
    close(office)
    with pytest.raises(Conflict, match="2026-03 已经月结"):
        office.post(late)


def test_the_database_itself_refuses_an_entry_in_a_closed_month(closed):
    entry = closed.read(lambda s: log.get(s, closed.book, log.size(s, closed.book) - 2)).body
    body: dict[str, Any] = {**entry, "seq": entry["seq"] + 1, "number": f"记-{entry['seq'] + 1:04d}"}
    with pytest.raises(IntegrityError, match="entry_open_month"):
        closed.write(
            lambda s: log.append(s, closed.book, "entry.posted", body, by="p-checker", at=closed.tick())
        )


def test_a_mistake_found_after_the_close_is_corrected_by_red_letters_in_the_next_month(closed):
    spend = closed.read(
        lambda s: next(e for e in month.view(s, closed.book, MARCH).entries if e.type == "SPEND")
    )
    closed.now = at(20, "12:00", 4)
    draft = closed.write(
        lambda s: corrections.prepare(
            s,
            closed.who("redcross-clerk"),
            spend.idx,
            right=None,
            reason="重复登记",
            day=date(2026, 4, 20),
            at=closed.tick(),
        )
    )
    (red,) = closed.post(draft)
    assert (red.body["period"], red.body["amount_fen"]) == ("2026-04", -90_000)
    moved = closed.read(lambda s: balances.movements(s, closed.book, APRIL))
    assert moved["5101.01"].debit_fen == -90_000
    assert moved["1122.31"].closing_fen == 100_000
    march = closed.read(lambda s: statement.monthly(s, closed.book, MARCH))
    assert march.summary.spent_fen == 90_000
    close(closed, APRIL)
    assert numbers(closed, MAY)["3102.02"] == -100_000


def test_the_checker_confirms_and_not_the_accountant_who_submitted(office):
    month_of_march(office)
    office.now = at(8, "09:00", 4)
    draft = draft_close(office)
    with pytest.raises(NotYourDuty):
        office.post(draft, "accountant")
    with pytest.raises(NotYourDuty):
        office.post(draft, "redcross")


def test_a_close_is_refused_when_the_books_moved_on_after_it_was_submitted(office):
    month_of_march(office)
    office.now = at(8, "09:00", 4)
    draft = draft_close(office)
    office.entry("BANK_FEE", "cashier", date=date(2026, 3, 31), amount=500)
    with pytest.raises(Conflict, match="账目在月结草稿之后有变动"):
        office.post(draft)


def test_what_happens_in_the_next_month_does_not_disturb_a_submitted_close(office):
    month_of_march(office)
    office.now = at(8, "09:00", 4)
    draft = draft_close(office)
    office.entry("BANK_FEE", "cashier", date=date(2026, 4, 7), amount=500)
    office.post(draft)
    assert numbers(office, APRIL)["5401.04"] == 500


def test_months_close_in_order_once_and_after_their_last_day(office):
    month_of_march(office)
    office.now = at(31, "22:00")
    with pytest.raises(Conflict, match="还没有结束"):
        draft_close(office)
    office.now = at(3, "09:00", 5)
    with pytest.raises(Conflict, match="请先月结 2026-03"):
        draft_close(office, APRIL)
    close(office)
    with pytest.raises(Conflict, match="2026-03 已经月结"):
        draft_close(office)
    close(office, APRIL)


def test_a_month_without_anything_closes_without_a_voucher(closed):
    records = close(closed, APRIL)
    assert [record.kind for record in records] == ["month.closed"]
    assert numbers(closed, MAY) == numbers(closed, APRIL)


def test_two_closes_of_the_same_month_are_one(office):
    month_of_march(office)
    office.now = at(8, "09:00", 4)
    first, second = draft_close(office), draft_close(office)
    office.post(first)
    with pytest.raises(Conflict, match="2026-03 已经月结"):
        office.post(second)


def test_a_book_without_an_opening_has_nothing_to_close(store):
    office = books.build(store, opened=False)
    office.now = at(8, "09:00", 4)
    with pytest.raises(Conflict, match="请先登记期初余额"):
        draft_close(office)


def test_red_income_is_closed_with_red_figures(office):
    office.broadcast("2026-0001")
    office.now = at(28)
    office.tip("2026-0001", gross=10_000, share=5_000)
    close(office)
    office.now = at(10, "12:00", 4)
    shot = office.write(lambda s: office.document(s, b"refund"))
    office.entry(
        "REFUND_TIP_OWED",
        date=date(2026, 4, 9),
        broadcast="2026-0001",
        account="A01",
        gross=4_000,
        fee=2_000,
        attachments=(shot,),
    )
    records = close(office, APRIL)
    assert [r.body["amount_fen"] for r in records[:-1]] == [-4_000, -2_000]
    assert numbers(office, MAY)["2209.02"] == -2_000
