"""Reconciling an account: proposals, matches, words on lines, what is refused, what is derived."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import corrections, reconcile, reconcile_lines
from ledger.book.duties import NotYourDuty
from ledger.book.proposals import DAYS_MAX, Proposal, propose
from ledger.book.reconcile_lines import BOOK, STATEMENT, Key, Line
from ledger.book.subsets import LINES_MAX
from ledger.errors import Conflict, Invalid, NotFound
from ledger.months import Month
from ledger.store.record import Record
from tests.books import Office, at, new_entry
from tests.test_book_closing import close
from tests.test_book_statements import icbc, place

BANK = "1002.01"
MARCH, APRIL = Month(2026, 3), Month(2026, 4)
FIRST = date(2026, 3, 1)


def line(side: str, n: int, day: int, fen: int, text: str = "", party: str = "", serial: str = "") -> Line:
    """A line so many days after the first of March."""
    return Line(side, 1, n, FIRST + timedelta(day), fen, str(n), text, party, serial, "")


def told(*lines: tuple[Any, ...]) -> list[Line]:
    return [line(STATEMENT, n, *one) for n, one in enumerate(lines)]


def booked(*lines: tuple[Any, ...]) -> list[Line]:
    return [line(BOOK, n, *one) for n, one in enumerate(lines)]


def numbers(found: Sequence[Proposal]) -> list[tuple[list[int], list[int]]]:
    return [([one.line for one in made.statement], [one.line for one in made.book]) for made in found]


# ---- proposals ---------------------------------------------------------------------------------------------


days = st.integers(0, 30)


@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9).filter(bool), days, days), unique_by=lambda one: one[0])
)
def test_unique_amounts_are_all_proposed_and_proposed_right(lines: list[tuple[int, int, int]]):
    statement = [line(STATEMENT, n, day, fen) for n, (fen, day, _) in enumerate(lines)]
    book = [line(BOOK, n, day, fen) for n, (fen, _, day) in enumerate(lines)]
    random.Random(len(lines)).shuffle(book)
    found = propose(statement, book)
    assert sorted(one.statement[0].line for one in found) == list(range(len(lines)))
    assert all([one.line for one in made.statement] == [one.line for one in made.book] for made in found)


few = st.lists(st.tuples(days, st.sampled_from([100, 200, 300, 500, -100, -200])), max_size=25)


@given(few, few)
def test_no_single_is_proposed_where_an_equal_amount_is_nearer_in_time(left, right):
    statement, book = told(*left), booked(*right)
    found = propose(statement, book)
    apart = {
        one.key: abs((made.statement[0].day - made.book[0].day).days)
        for made in found
        if len(made.keys) == 2
        for one in (*made.statement, *made.book)
    }
    for one in statement:
        for other in book:
            near = abs((one.day - other.day).days)
            if one.fen == other.fen:
                assert min(apart.get(one.key, 999), apart.get(other.key, 999)) <= near


@given(few, few, st.randoms(use_true_random=False))
def test_proposals_use_a_line_once_agree_in_sum_and_do_not_depend_on_the_order(left, right, chance):
    statement, book = told(*left), booked(*right)
    found = propose(statement, book)
    used = [key for made in found for key in made.keys]
    assert len(used) == len(set(used))
    for made in found:
        assert sum(one.fen for one in made.statement) == sum(one.fen for one in made.book)
        assert 1 in (len(made.statement), len(made.book))
        assert len(made.keys) <= LINES_MAX + 1
        assert 0 < made.score <= 100
        assert made.reasons
    chance.shuffle(statement)
    chance.shuffle(book)
    assert propose(statement, book) == found


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=LINES_MAX, unique=True),
    st.integers(0, 10),
    st.booleans(),
    st.sampled_from([1, -1]),
)
def test_a_few_lines_that_add_up_to_one_are_found(parts: list[int], apart: int, many: bool, sign: int):
    one, several = [(15, sign * sum(parts))], [(15 - apart, sign * fen) for fen in parts]
    statement, book = (several, one) if many else (one, several)
    (found,) = propose(told(*statement), booked(*book))
    assert len(found.statement if many else found.book) >= 2
    assert sum(one.fen for one in found.book) == sign * sum(parts)
    assert not found.sure


def test_a_withdrawal_less_its_fee_is_found_and_one_beyond_the_window_is_not():
    assert numbers(propose(told((5, 99500)), booked((5, 100000), (5, -500)))) == [([0], [0, 1])]
    assert propose(told((5, 99500)), booked((9, 100000), (9, -500))) == ()
    assert propose(told((5, 300)), booked((16, 100), (16, 200))) == ()
    assert propose(told((0, 300)), booked((DAYS_MAX + 1, 300))) == ()
    assert len(propose(told((0, 300)), booked((DAYS_MAX, 300)))) == 1


def test_time_comes_before_words_and_words_decide_between_equal_days():
    statement = told((5, 500, "汇款 助学", "某支付有限公司"))
    near = booked((9, 500, "某支付有限公司 助学"), (6, 500, "别的事"))
    assert numbers(propose(statement, near)) == [([0], [1])]
    same = booked((4, 500, "手续费"), (6, 500, "某支付有限公司 助学"))
    assert numbers(propose(statement, same)) == [([0], [1])]
    (tie,) = propose(statement, booked((4, 500), (6, 500)))
    assert not tie.sure
    assert any("还有别的行" in message for message, _ in tie.reasons)


def test_a_serial_that_both_sides_have_is_worth_more_than_a_nearer_day():
    statement = told((5, 500, "汇款", "", "12345678"))
    (found,) = propose(statement, booked((5, 500), (9, 500, "", "", "12345678")))
    assert found.book[0].line == 1
    assert found.sure
    assert ("银行流水号相同", ()) in found.reasons


@pytest.mark.parametrize("amounts", [5000, 300, 1])
def test_five_thousand_lines_a_side_take_less_than_three_seconds(amounts: int):
    chance = random.Random(7)

    def side(name: str) -> list[Line]:
        return [
            line(name, n, chance.randrange(31), (chance.randrange(amounts) + 1) * 137, f"转账{n % 97}")
            for n in range(5000)
        ]

    statement, book = side(STATEMENT), side(BOOK)
    started = time.process_time()
    found = propose(statement, book)
    assert time.process_time() - started < 3
    assert len(found) > 2000


# ---- the account of an office ---------------------------------------------------------------------------------


def opened(office: Office, *moves: tuple[str, str, str]) -> None:
    """It is the evening of the last of March; a statement over the month opens with 20,000.00."""
    office.now = at(31, "20:00")
    place(office, icbc("20000.00", *moves), first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))


MOVES = (
    ("2026-03-05 10:00:00", "33.00", "某支付有限公司"),
    ("2026-03-06 10:00:00", "-5.00", ""),
    ("2026-03-09 10:00:00", "70.00", "李某"),
)


@pytest.fixture
def account(office: Office) -> Office:
    """Three lines on the statement; interest, fee and a larger receipt in the books."""
    opened(office, *MOVES)
    office.entry("INTEREST", day=5, amount=3300)
    office.entry("BANK_FEE", day=6, amount=500)
    office.entry("UNIDENTIFIED", "cashier", day=9, amount=4000)
    office.entry("UNIDENTIFIED", "cashier", day=9, amount=3000)
    return office


def sheet(office: Office, month: Month = MARCH) -> reconcile.Sheet:
    return office.read(lambda s: reconcile.sheet(s, office.book, BANK, month))


def keys(office: Office, *amounts: int, side: str = "") -> list[Key]:
    """The free lines with these amounts, in this order."""
    shown = sheet(office)
    by_fen = {one.fen: one for one in ((*shown.statement, *shown.book) if not side else getattr(shown, side))}
    return [by_fen[fen].key for fen in amounts]


def match(office: Office, picked: Sequence[Key], login: str = "accountant", **more: Any) -> Record:
    given = {"account": BANK, "month": MARCH, "keys": picked, **more}
    return office.write(lambda s: reconcile.match(s, office.who(login), at=office.tick(), **given))


def match_all(office: Office, picks: Sequence[Sequence[Key]], **more: Any) -> list[Record]:
    given = {"account": BANK, "month": MARCH, "picks": picks, **more}
    return office.write(lambda s: reconcile.match_all(s, office.who("accountant"), at=office.tick(), **given))


def undo(office: Office, idx: int, reason: str = "配错了") -> Record:
    return office.write(
        lambda s: reconcile.undo(s, office.who("accountant"), idx, reason=reason, at=office.tick())
    )


def judge(office: Office, key: Key, login: str = "accountant", **more: Any) -> Record:
    given = {"account": BANK, "month": MARCH, "state": "query", "reason": "查", "expected": None, **more}
    return office.write(lambda s: reconcile.judge(s, office.who(login), key=key, at=office.tick(), **given))


def test_proposals_pair_single_lines_and_sums_and_are_confirmed_at_once(account: Office):
    shown = sheet(account)
    assert [(one.fen, len(one.statement), len(one.book), one.sure) for one in shown.proposals] == [
        (3300, 1, 1, True),
        (-500, 1, 1, True),
        (7000, 1, 2, False),
    ]
    made = match_all(account, [one.keys for one in shown.proposals])
    assert [record.body["how"] for record in made] == ["proposed"] * 3
    assert made[2].body["statement"] == [
        {"file": made[2].body["statement"][0]["file"], "row": 2, "fen": 7000}
    ]
    assert [part["fen"] for part in made[2].body["book"]] == [4000, 3000]
    after = sheet(account)
    assert (after.statement, after.book, after.proposals, len(after.matches)) == ((), (), (), 3)


def test_a_line_is_in_one_match_at_most_however_it_is_asked_for(account: Office):
    proposals = sheet(account).proposals
    match_all(account, [proposals[0].keys])
    for act in (
        lambda: match_all(account, [proposals[0].keys]),
        lambda: match_all(account, [proposals[1].keys, proposals[0].keys]),
        lambda: match(account, proposals[0].keys),
        lambda: judge(account, proposals[0].keys[0]),
    ):
        with pytest.raises(Conflict, match="刚才已被勾对"):
            act()
    assert len(sheet(account).matches) == 1
    both = [proposals[1].keys[0], *proposals[1].keys]
    with pytest.raises(Invalid, match="页面内容不完整"):
        match(account, both)
    with pytest.raises(Conflict, match="建议已有变化"):
        match_all(account, [proposals[1].keys[:1]])


def test_sums_must_agree_or_a_reason_is_recorded_and_the_difference_stays(account: Office):
    picked = keys(account, 7000, 4000)
    with pytest.raises(Invalid, match=r"对账单 70\.00 元，账面 40\.00 元，相差 30\.00 元"):
        match(account, picked, reason=" ")
    record = match(account, picked, reason="银行合并入账，另一笔待查")
    assert record.body["reason"] == "银行合并入账，另一笔待查"
    ((made, lines),) = sheet(account).matches
    assert (made.difference_fen, made.how, len(lines)) == (3000, "hand", 2)


def test_one_side_alone_is_matched_only_where_it_cancels_out_and_with_a_reason(office: Office):
    opened(office, ("2026-03-05 10:00:00", "33.00", "甲"), ("2026-03-06 10:00:00", "-33.00", "甲"), MOVES[2])
    back = keys(office, 3300, -3300)
    with pytest.raises(Invalid, match="互相抵消"):
        match(office, back)
    with pytest.raises(Invalid, match="只勾选了一边"):
        match(office, keys(office, 7000), reason="有原因")
    match(office, back, reason="银行退汇")
    assert [one.fen for one in sheet(office).statement] == [7000]


def test_an_undone_match_frees_its_lines_and_is_not_undone_twice(account: Office):
    proposal = sheet(account).proposals[0]
    (made,) = match_all(account, [proposal.keys])
    with pytest.raises(Invalid, match="撤销勾对的原因"):
        undo(account, made.index, " ")
    undo(account, made.index)
    assert sheet(account).proposals[0] == proposal
    with pytest.raises(Conflict, match="刚才已被撤销"):
        undo(account, made.index)
    with pytest.raises(NotFound):
        undo(account, made.index - 1)
    match_all(account, [proposal.keys])
    assert len(sheet(account).matches) == 1


def test_a_word_on_a_line_is_replaced_by_a_newer_one_and_needs_its_parts(account: Office):
    (key,) = keys(account, 3300, side="book")
    judge(account, key)
    judge(account, key, state="transit", reason="下月入账", expected=date(2026, 4, 2))
    word = sheet(account).sides.judged[key]
    assert (word.state, word.reason, word.expected, word.fen) == ("transit", "下月入账", "2026-04-02", 3300)
    for wrong, words in (
        ({"state": "matched"}, "请选择"),
        ({"reason": " "}, "请写明原因"),
        ({"state": "transit"}, "请填写预计"),
    ):
        with pytest.raises(Invalid, match=words):
            judge(account, key, **wrong)


def test_who_drafted_may_reconcile_and_nobody_else_but_the_accountant(account: Office):
    picked = keys(account, -500)
    for login in ("cashier", "checker", "recorder", "redcross", "redcross-clerk", "viewer", "secadmin"):
        with pytest.raises(NotYourDuty):
            match(account, picked, login)
        with pytest.raises(NotYourDuty):
            judge(account, picked[0], login)
    match_all(account, [sheet(account).proposals[0].keys])  # the accountant drafted this voucher


def test_red_letters_cancel_by_themselves_and_only_the_right_voucher_is_left(office: Office):
    opened(office, ("2026-03-05 10:00:00", "33.00", ""))
    wrong = office.entry("INTEREST", day=5, amount=3030)
    right = new_entry("INTEREST", day=6, amount=3300)
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("accountant"),
            wrong.index,
            right=right,
            reason="误记",
            day=date(2026, 3, 6),
            at=office.tick(),
        )
    )
    office.post(draft)
    shown = sheet(office)
    assert [one.fen for one in shown.book] == [3300]
    assert [(one.fen, red.fen) for one, red in shown.pairs] == [(3030, -3030)]
    with pytest.raises(Conflict, match="红字冲销"):
        match(office, [(BOOK, wrong.index, 0)], reason="x")
    match_all(office, [shown.proposals[0].keys])


def test_a_voucher_reversed_after_it_was_matched_is_open_again_only_when_the_match_is_undone(office: Office):
    opened(office, ("2026-03-05 10:00:00", "33.00", ""))
    wrong = office.entry("INTEREST", day=5, amount=3300)
    (made,) = match_all(office, [sheet(office).proposals[0].keys])
    given = {"right": None, "reason": "不是利息", "day": date(2026, 3, 6)}
    office.post(
        office.write(
            lambda s: corrections.prepare(s, office.who("accountant"), wrong.index, at=office.tick(), **given)
        )
    )
    assert [one.fen for one in sheet(office).book] == [-3300]
    undo(office, made.index)
    shown = sheet(office)
    assert (shown.book, len(shown.pairs), [one.fen for one in shown.statement]) == ((), 1, [3300])


def test_a_line_left_open_in_march_is_matched_on_the_page_of_april(office: Office):
    opened(office, MOVES[0])
    office.entry("INTEREST", day=5, amount=3300)
    office.entry("BANK_FEE", date=date(2026, 3, 31), amount=500)
    assert [one.fen for one in sheet(office).book] == [3300, -500]
    april = icbc("20033.00", ("2026-04-02 10:00:00", "-5.00", ""))
    office.now = at(3, "09:00", 4)
    place(office, april, last_day=date(2026, 4, 2))
    shown = sheet(office, APRIL)
    assert [(one.fen, one.sure) for one in shown.proposals] == [(3300, True), (-500, True)]
    match_all(office, [shown.proposals[1].keys], month=APRIL)
    assert [one.fen for one in sheet(office).book] == [3300]
    assert len(sheet(office).matches) == 1
    with pytest.raises(Conflict, match="现在没有了"):
        match(office, [(STATEMENT, 999, 0), *keys(office, 3300)])


def test_what_was_booked_before_the_first_statement_counts_as_its_opening_balance(office: Office):
    office.now = at(31, "20:00")
    office.entry("INTEREST", day=2, amount=3300)
    place(office, icbc("20033.00", ("2026-03-09 10:00:00", "70.00", "")), first_day=date(2026, 3, 9))
    assert [one.fen for one in sheet(office).book] == []
    sides = office.read(lambda s: reconcile_lines.read(s, office.book, BANK, MARCH))
    assert [one.fen for one in sides.lines.values()] == [7000]


def test_a_closed_month_is_reconciled_no_more_but_what_is_open_of_it_is_in_the_next(account: Office):
    proposals = sheet(account).proposals
    (made,) = match_all(account, [proposals[0].keys])
    close(account)
    for act in (
        lambda: match(account, proposals[1].keys),
        lambda: match_all(account, [proposals[1].keys]),
        lambda: judge(account, proposals[1].keys[0]),
    ):
        with pytest.raises(Conflict, match="2026-03 已经结账"):
            act()
    match_all(account, [proposals[1].keys], month=APRIL)
    undo(account, made.index)
    assert len(sheet(account).matches) == 1


def test_an_account_that_has_no_statements_is_refused(sqlite_office: Office):
    for code in ("1122.21", "4901.01", "nope"):
        with pytest.raises(Invalid, match="没有对账单可对"):
            sqlite_office.read(lambda s, c=code: reconcile.sheet(s, sqlite_office.book, c, MARCH))
        with pytest.raises(Invalid, match="没有对账单可对"):
            match(sqlite_office, [(BOOK, 1, 0)], account=code)


@pytest.mark.parametrize(("picks", "words"), [([], "请先勾选"), ([[(BOOK, 1, 0)]] * 501, "一次最多确认")])
def test_too_little_and_too_much_is_refused(sqlite_office: Office, picks, words):
    with pytest.raises(Invalid, match=words):
        match_all(sqlite_office, picks)
    many = [(BOOK, n, 0) for n in range(201)]
    with pytest.raises(Invalid, match="一次最多勾对"):
        match(sqlite_office, many)
    with pytest.raises(Invalid, match="请先勾选"):
        match(sqlite_office, [])
    with pytest.raises(Invalid, match="页面内容不完整"):
        match(sqlite_office, [("both", 1, 0)])
