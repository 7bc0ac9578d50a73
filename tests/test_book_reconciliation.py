"""The month's reconciliation: 余额调节表 as at the month's end, and the three-way table of the worked month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from ledger.book import (
    charity_receipts,
    keys,
    month,
    reconciliation,
    roster,
    shown,
    signoff,
    states,
)
from ledger.book.charity_receipts import NewReceipt
from ledger.book.duties import Actor
from ledger.book.reconcile_lines import BOOK
from ledger.months import Month
from ledger.sections_welfare import BankReconciliation, ThreeWayLine
from ledger.words import Text
from tests.books import Office, at, check_everything
from tests.conftest import Demo
from tests.test_book_closing import month_of_march
from tests.test_book_reconcile import BANK, MOVES, judge, match, match_all, opened, sheet
from tests.test_book_statements import icbc, place

MARCH, APRIL = Month(2026, 3), Month(2026, 4)
APRIL_MORNING = at(2, "10:00", 4)


def table(office: Office, of: Month = MARCH, code: str = BANK) -> BankReconciliation:
    found = office.read(lambda s: reconciliation.bank(s, office.book, of))
    return next(one for one in found if one.code == code)


def three_way(office: Office, of: Month = MARCH) -> tuple[ThreeWayLine, ...]:
    return office.read(lambda s: reconciliation.three_way(s, month.view(s, office.book, of)))


def line(lines: tuple[ThreeWayLine, ...], label: str, detail: str = "") -> ThreeWayLine:
    (found,) = (one for one in lines if one.label == label and (not detail or detail in words(one.detail)))
    return found


def words(detail: str | Text) -> str:
    return detail if isinstance(detail, str) else detail.zh


def quiet(office: Office) -> None:
    """A statement of March whose one line is matched: 20,033.00 on both sides."""
    opened(office, MOVES[0])
    office.entry("INTEREST", day=5, amount=3300)
    match_all(office, [sheet(office).proposals[0].keys])


# ---- one account ---------------------------------------------------------------------------------------------


def test_what_one_side_has_alone_makes_both_balances_meet(office: Office):
    opened(office, *MOVES)
    office.entry("INTEREST", day=5, amount=3300)
    office.entry("UNIDENTIFIED", "cashier", day=31, amount=900)
    before = table(office)
    assert (before.statement_fen, before.book_fen, before.matched) == (2_009_800, 2_004_200, 0)
    match_all(office, [sheet(office).proposals[0].keys])
    found = table(office)
    assert found.matched == 1
    assert [(one.side, one.fen, one.state) for one in found.open] == [
        ("statement", -500, "open"),
        ("statement", 7000, "open"),
        ("book", 900, "open"),
    ]
    assert found.adjusted_statement_fen == found.adjusted_book_fen == 2_010_700
    assert "李**" in found.open[1].detail
    assert found.open[2].detail.startswith("记-0002")


def test_words_on_open_lines_stand_in_the_table_with_their_dates(office: Office):
    quiet(office)
    record = office.entry("BANK_FEE", day=31, amount=500)
    judge(office, (BOOK, record.index, 1), state="transit", reason="下月扣收", expected=date(2026, 4, 2))
    (open_line,) = table(office).open
    assert (open_line.state, open_line.note, open_line.expected) == (
        "transit",
        "下月扣收",
        date(2026, 4, 2),
    )


def test_a_march_line_matched_in_april_stays_in_transit_at_the_end_of_march(office: Office):
    quiet(office)
    office.entry("BANK_FEE", date=date(2026, 3, 31), amount=500)
    office.now = at(3, "09:00", 4)
    place(office, icbc("20033.00", ("2026-04-02 10:00:00", "-5.00", "")), last_day=date(2026, 4, 3))
    match_all(office, [sheet(office, APRIL).proposals[0].keys], month=APRIL)
    found = table(office)
    assert [(one.side, one.fen, one.state) for one in found.open] == [("book", -500, "transit")]
    assert found.adjusted_statement_fen == found.adjusted_book_fen == 2_002_800
    april = table(office, APRIL)
    assert (april.open, april.matched, april.statement_fen) == ((), 1, None)


def test_a_match_with_a_difference_leaves_the_difference_explained_in_the_table(office: Office):
    opened(office, MOVES[2])
    office.entry("UNIDENTIFIED", "cashier", day=9, amount=6500)
    picked = [sheet(office).statement[0].key, sheet(office).book[0].key]
    match(office, picked, reason="银行多入 5.00，已申请更正")
    found = table(office)
    ((side, fen, state, note),) = ((one.side, one.fen, one.state, one.note) for one in found.open)
    assert (side, fen, state, note) == ("statement", 500, "explained", "银行多入 5.00，已申请更正")
    assert found.adjusted_statement_fen == found.adjusted_book_fen == 2_007_000
    assert line(three_way(office), "收付", "暂收待查款").state == "explained"
    assert line(three_way(office), "收付", "暂收待查款").difference_fen == 500


def test_a_statement_that_ends_early_gives_no_balance_and_none_at_all_no_lines(office: Office):
    office.now = at(31, "20:00")
    office.entry("INTEREST", day=5, amount=3300)
    assert (table(office).statement_fen, table(office).open, table(office).matched) == (None, (), 0)
    assert line(three_way(office), "收付").note == "没有银行对账单"
    place(office, icbc("20000.00", *MOVES), first_day=date(2026, 3, 1))
    found = table(office)
    assert (found.statement_fen, found.adjusted_statement_fen) == (None, None)
    assert len(found.open) == 4
    assert line(three_way(office), "期末余额").note == "对账单没有到月末"


def test_a_wallet_without_a_flow_is_compared_by_its_screen_on_the_last_day(office: Office):
    office.now = at(31, "20:00")
    office.broadcast("2026-0001", 3)
    office.tip("2026-0001", gross=10000, share=5000)
    settled = office.entry("TIP_SETTLE", "recorder", day=31, platform="douyin", amount=5000)
    wallet = "1009.01"
    assert table(office, code=wallet).statement_fen is None
    assert line(three_way(office), "可提现余额").note == "没有平台流水，也没有余额截图"
    screen(office, wallet, 30, 5000)
    assert table(office, code=wallet).statement_fen is None
    screen(office, wallet, 31, 0)
    found = table(office, code=wallet)
    assert (found.statement_fen, found.book_fen, found.open) == (0, 5000, ())
    assert line(three_way(office), "可提现余额").state == "open"
    given = {"account": wallet, "state": "transit", "expected": date(2026, 4, 1), "reason": "次日可提现"}
    judge(office, (BOOK, settled.index, 0), **given)
    found = table(office, code=wallet)
    assert found.adjusted_statement_fen == found.adjusted_book_fen == 5000
    assert line(three_way(office), "可提现余额").state == "transit"
    screen(office, wallet, 31, 5000)
    assert table(office, code=wallet).statement_fen == 5000


def screen(office: Office, account: str, day: int, fen: int) -> None:
    office.write(
        lambda s: shown.record(
            s,
            office.who("cashier"),
            account=account,
            day=date(2026, 3, day),
            balance_fen=fen,
            attachments=[office.document(s)],
            at=office.tick(),
        )
    )


def test_a_line_of_an_earlier_month_that_is_still_open_is_said_in_the_bank_group(office: Office):
    quiet(office)
    office.entry("BANK_FEE", day=31, amount=500)
    office.now = at(30, "20:00", 4)
    place(office, icbc("20033.00", ("2026-04-02 10:00:00", "8.00", "")), last_day=date(2026, 4, 30))
    lines = three_way(office, APRIL)
    assert line(lines, "以前月份账上有，银行没有").book_fen == -500
    assert line(lines, "银行有，账上没有").bank_fen == 800
    assert line(lines, "期末余额").state == "open"


# ---- the worked month ---------------------------------------------------------------------------------------


@dataclass
class Desk:
    """The demonstration on the second of April: its statement is placed and matched, its receipts are reviewed."""

    demo: Demo
    actors: dict[str, Actor]
    at: datetime = APRIL_MORNING

    def lines(self, of: Month = MARCH) -> tuple[ThreeWayLine, ...]:
        with self.demo.store.reading() as session:
            return reconciliation.three_way(session, month.view(session, "demo", of))

    def sign(self, login: str) -> None:
        """Let a charity agree to everything that waits for it."""
        actor, password = self.actors[login], self.demo.logins[login].signing_password
        with self.demo.store.transaction("demo") as session:
            key, private = keys.unlock(session, actor, password)
            waiting = states.waiting(session, "demo", actor.party)
            seen = tuple(signoff.seen(session, "demo", waiting))
            given = {"decision": "agree", "key": key, "private": private, "at": self.at}
            signoff.sign(session, actor, seen, **given)


def desk_of(demo: Demo) -> Desk:
    with demo.store.reading() as session:
        actors = {}
        for one in roster.members(session, "demo"):
            both = one.role in ("signer", "clerk")
            name = f"{one.party}-clerk" if one.role == "clerk" else one.party if both else one.role
            actors[name] = roster.actor(session, "demo", one.person)
    return Desk(demo, actors)


def test_the_worked_month_ends_with_exactly_four_amounts_that_are_not_matched(demo: Demo):
    desk = desk_of(demo)
    for login in ("redcross", "charity"):
        desk.sign(login)
    lines = desk.lines()
    assert [(label, words(detail), fen) for label, detail, fen in reconciliation.pending_names(lines)] == [
        ("可提现余额", "快手", 157_500),
        ("主播代收待缴", "自 2026-03-31 起，0 个工作日", 570_984),
        ("暂收待查款", "其他应付款—暂收待查款", 20_000),
        ("拨付待核销", "县红十字会", 214_000),
    ]
    assert {one.state for one in lines} == {"matched", "transit", "query"}
    assert all(one.difference_fen == 0 for one in lines)
    held = line(lines, "主播代收待缴")
    assert (held.state, held.expected, held.note) == ("transit", date(2026, 4, 3), "在主播个人卡上，尚未上缴")
    assert [(words(one.detail), one.book_fen, one.bank_fen) for one in lines if one.label == "收付"] == [
        ("拨付", -2_000_000, -2_000_000),
        ("主播上缴", 693_300, 693_300),
        ("暂收待查款", 20_000, 20_000),
        ("手续费", -500, -500),
        ("结息", 326, 326),
        ("佣金提现至监管专户", 487_350, 487_350),
    ]
    grant = line(lines, "拨付", "拨付县红十字会")
    assert (grant.book_fen, grant.bank_fen, grant.charity_fen) == (1_200_000,) * 3
    spent = line(lines, "公益支出", "助学金")
    assert (spent.book_fen, spent.charity_fen, spent.state) == (800_000, 800_000, "matched")
    with demo.store.reading() as session:
        tables = {one.code: one for one in reconciliation.bank(session, "demo", MARCH)}
    assert (tables[BANK].matched, tables[BANK].open) == (7, ())
    assert tables[BANK].statement_fen == tables[BANK].book_fen == 1_200_476
    assert all(one.adjusted_statement_fen == one.adjusted_book_fen for one in tables.values())
    check_everything(demo.store)


def test_a_charity_alone_does_not_confirm_its_own_spending(demo_sqlite: Demo):
    desk = desk_of(demo_sqlite)
    spent = line(desk.lines(), "公益支出", "助学金")
    assert (spent.state, spent.charity_fen, spent.note) == ("open", None, "慈善机构本会还没有签认")
    desk.sign("charity")
    spent = line(desk.lines(), "公益支出", "助学金")
    assert (spent.state, spent.charity_fen, spent.note) == ("open", 800_000, "等待另一家慈善机构交叉复核")
    assert line(desk.lines(), "公益支出", "暖冬包").note == "慈善机构本会还没有签认"
    desk.sign("redcross")
    assert {line(desk.lines(), "公益支出", name).state for name in ("助学金", "暖冬包")} == {"matched"}


@pytest.fixture
def granted(sqlite_office: Office) -> Office:
    """10.00 were paid to the Red Cross; the bank's statement says so; both charities have signed."""
    opened(sqlite_office, ("2026-03-14 10:00:00", "-10.00", "示例县红十字会"))
    facts = {"resolution": "示公益〔2026〕1号"}
    shot = sqlite_office.write(lambda s: sqlite_office.document(s, b"grant"))
    more = {"facts": facts, "attachments": (shot,)}
    sqlite_office.entry("ALLOCATE", day=13, to_redcross=1000, to_charity=0, **more)
    paid = sqlite_office.entry("GRANT_PAY", "cashier", day=14, charity="redcross", amount=1000, **more)
    for login in ("redcross", "charity"):
        sqlite_office.sign(login, paid.index)
    return sqlite_office


@pytest.mark.parametrize(
    ("matched", "receipt", "state", "note"),
    [
        (False, (1000, "agree"), "open", "没有和银行对账单勾对"),
        (True, None, "open", "慈善机构还没有登记票据"),
        (True, (1000, ""), "open", "票据等待另一家慈善机构复核"),
        (True, (1000, "query"), "query", "复核对票据有疑问"),
        (True, (900, "agree"), "query", "票据金额与拨付金额不同"),
        (True, (1000, "agree"), "matched", ""),
    ],
)
def test_a_payment_is_matched_by_bank_receipt_and_review_together(
    granted: Office, matched: bool, receipt: tuple[int, str] | None, state: str, note: str
):
    if matched:
        match_all(granted, [sheet(granted).proposals[0].keys])
    if receipt is not None:
        file_receipt(granted, *receipt)
    found = line(three_way(granted), "拨付", "记-0002")
    assert (found.state, found.note, found.book_fen) == (state, note, 1000)
    assert found.bank_fen == (1000 if matched else None)
    assert found.charity_fen == (receipt[0] if receipt else None)


def file_receipt(office: Office, fen: int, review: str) -> None:
    """The Red Cross records a receipt, the Charity Federation says something of it or nothing yet."""

    def act(session: Session) -> None:
        (paid,) = charity_receipts.payments(session, office.book)
        new = NewReceipt("00010126", "0000000001", "", paid.date, paid.date, fen)
        files = [office.document(session, b"receipt")]
        given = {"attachments": files, "at": office.tick()}
        made = charity_receipts.record(session, office.who("redcross-clerk"), paid.idx, new, **given)
        if review:
            said = {"decision": review, "note": "金额？", "at": office.tick()}
            charity_receipts.review(session, office.who("charity-clerk"), made.index, **said)

    office.write(act)


def test_a_payment_without_the_other_charitys_signature_is_not_matched(sqlite_office: Office):
    month_of_march(sqlite_office)
    notes = {one.label: (one.state, one.note) for one in three_way(sqlite_office)}
    assert notes["公益支出"] == ("open", "慈善机构本会还没有签认")
    spent = sqlite_office.read(lambda s: states.waiting(s, sqlite_office.book, "redcross"))[-1]
    sqlite_office.sign("redcross", spent, decision="query", reason="？")
    notes = {one.label: (one.state, one.note) for one in three_way(sqlite_office)}
    assert notes["公益支出"] == ("query", "签认时被退回或问询")


def test_before_anything_is_placed_nothing_pretends_to_be_matched(sqlite_office: Office):
    month_of_march(sqlite_office)
    lines = three_way(sqlite_office)
    assert {one.group for one in lines} == {"platform", "bank", "charity"}
    assert "matched" not in {one.state for one in lines}
    assert {one.bank_fen for one in lines} == {None}


def test_money_that_stays_too_long_with_the_streamer_is_under_query(demo_sqlite: Demo):
    held = line(desk_of(demo_sqlite).lines(APRIL), "主播代收待缴")
    assert (held.state, held.note) == ("query", "在主播个人卡上，已超过上缴期限")
