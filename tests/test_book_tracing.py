"""Every fen followed from the broadcast to the bank: parts add up to balances, whatever happens in between."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import chart as charts
from ledger.book import corrections, declarations, month, postings, tracing
from ledger.book.money_parcels import COMMISSION, TIPS, Voucher, spread
from ledger.book.money_trail import Trail
from ledger.months import Month
from ledger.sections_welfare import TieOutLine
from ledger.store.record import Record
from tests import books
from tests.books import Office, at, new_entry
from tests.conftest import Demo

CHART = charts.parse(charts.PACKAGED.read_text("utf-8"))
PLACES = tracing.places(CHART)
MARCH = Month(2026, 3)
FIRST = date(2026, 3, 1)
NAMED = CHART.named

# ---- parcels, without a book --------------------------------------------------------------------------------


def voucher(n: int, kind: str, amounts: dict[str, int], broadcast: str = "") -> Voucher:
    """An entry as the chart posts it."""
    lines = postings.build(CHART, CHART.type(kind), amounts, platform="douyin")
    signed = tuple((line.account, line.signed_fen) for line in lines)
    return Voucher(n, f"记-{n:04d}", FIRST + timedelta(n // 4), broadcast, signed)


fen = st.integers(1, 10**6)
shows = st.sampled_from(["B1", "B2", "B3"])
income = st.builds(
    lambda kind, gross, part, show: (
        kind,
        {"gross": gross, "share": gross * part // 100, "guild": gross * part // 1000}
        if kind == "TIP"
        else {"total": gross, "fee": gross * part // 1000},
        show,
    ),
    st.sampled_from(["TIP", "COMMISSION"]),
    fen,
    st.integers(0, 80),
    shows,
)
clawed = st.builds(
    lambda kind, gross, part, show: (
        kind,
        {"total" if kind == "REFUND_COMM" else "gross": gross, "fee": gross * part // 100},
        show,
    ),
    st.sampled_from(["REFUND_TIP", "REFUND_TIP_OWED", "REFUND_COMM"]),
    st.integers(1, 10**5),
    st.integers(0, 60),
    shows,
)
moving = st.builds(
    lambda kind, amount, show: (kind, {"amount": amount}, show),
    st.sampled_from(
        [
            *("TIP_SETTLE", "TIP_SETTLE", "COMM_SETTLE", "HANDOVER", "CLEAR", "WITHDRAW_TRANSIT", "ARRIVE"),
            *("WITHDRAW_CORP", "CLAWBACK_PAID", "BONUS"),
        ]
    ),
    fen,
    st.sampled_from(["", "", "B1", "B2"]),
)
taxed = st.builds(
    lambda gross, rate: ("WITHDRAW_CARD", {"gross": gross, "tax": gross * rate // 100}, ""),
    st.integers(2, 10**6),
    st.integers(0, 40),
)
acts = st.lists(st.one_of(income, income, moving, moving, taxed, clawed), max_size=40)


def run(steps: list[tuple[str, dict[str, int], str]], opening: dict[str, int] | None = None) -> Trail:
    trail = Trail(PLACES)
    trail.open(opening or {})
    trail.run(voucher(n, *step) for n, step in enumerate(steps, start=1))
    return trail


def balances(steps: list[tuple[str, dict[str, int], str]], opening: dict[str, int]) -> Counter[str]:
    found = Counter(opening)
    for step in steps:
        for account, signed in voucher(1, *step).lines:
            found[account] += signed
    return found


@settings(max_examples=300)
@given(acts, st.fixed_dictionaries({"1009.01": st.integers(0, 1000), "1122.21": st.integers(0, 1000)}))
def test_parts_add_up_to_every_balance_and_each_broadcast_to_its_net(steps, opening):
    trail, held = run(steps, opening), balances(steps, opening)
    for account in PLACES.queues:
        assert sum(trail.held(account).values()) == held[account]
    sunk: Counter[str] = Counter()
    for (_, account), amount in trail.sunk.items():
        sunk[account] += amount
    assert sunk[NAMED["tax"]] == held[NAMED["tax"]]
    assert sunk[NAMED["clawback"]] == held[NAMED["clawback"]]
    assert sunk[NAMED["bank"]] == held[NAMED["bank"]] + held[NAMED["suspense"]]
    for owner in [(stream, show) for stream in (TIPS, COMMISSION) for show in ("B1", "B2", "B3")]:
        assert sum(trail.parts(owner).values()) == sum(trail.net(owner).values())


@settings(max_examples=200)
@given(acts)
def test_the_moves_of_an_owner_lead_to_where_its_money_is(steps):
    trail = run(steps)
    found: Counter[tuple[tuple[str, str], str]] = Counter()
    for move in trail.moves:
        if move.source:
            found[move.owner, move.source] -= move.fen
        if move.target:
            found[move.owner, move.target] += move.fen
    for owner in {move.owner for move in trail.moves}:
        kept = {account: amount for (who, account), amount in found.items() if who == owner and amount}
        assert kept == trail.parts(owner)


def test_the_oldest_money_leaves_first_and_tax_lies_on_all_of_it():
    trail = run(
        [
            ("TIP", {"gross": 2000, "share": 1000}, "B1"),
            ("TIP", {"gross": 4000, "share": 2000}, "B2"),
            ("TIP_SETTLE", {"amount": 3000}, ""),
            ("WITHDRAW_CARD", {"gross": 1500, "tax": 100}, ""),
            ("HANDOVER", {"amount": 1000}, ""),
        ]
    )
    assert trail.parts((TIPS, "B1")) == {"5901.01": 67, "1002.01": 933}
    assert trail.parts((TIPS, "B2")) == {"1009.01": 1500, "1122.21": 400, "5901.01": 33, "1002.01": 67}


def test_a_voucher_that_names_its_broadcast_takes_that_ones_money():
    steps = [
        ("TIP", {"gross": 2000, "share": 1000}, "B1"),
        ("TIP", {"gross": 4000, "share": 2000}, "B2"),
        ("TIP_SETTLE", {"amount": 1500}, "B2"),
    ]
    assert run(steps).parts((TIPS, "B2")) == {"1122.01": 500, "1009.01": 1500}


def test_a_claw_back_out_of_another_broadcasts_money_is_exchanged_for_its_own_further_on():
    steps = [
        ("TIP", {"gross": 2000, "share": 1000}, "B1"),
        ("TIP_SETTLE", {"amount": 1000}, ""),
        ("WITHDRAW_CARD", {"gross": 1000, "tax": 0}, ""),
        ("HANDOVER", {"amount": 900}, ""),
        ("TIP", {"gross": 4000, "share": 2000}, "B2"),
        ("TIP_SETTLE", {"amount": 2000}, ""),
        ("REFUND_TIP", {"gross": 500, "fee": 250}, "B1"),
    ]
    trail = run(steps)
    assert trail.parts((TIPS, "B1")) == {"1002.01": 750}
    assert trail.parts((TIPS, "B2")) == {"1009.01": 1750, "1122.21": 100, "1002.01": 150}


def test_a_claw_back_that_is_owed_lessens_its_broadcast_until_the_platform_takes_it():
    steps = [
        ("TIP", {"gross": 2000, "share": 1000}, "B1"),
        ("REFUND_TIP_OWED", {"gross": 500, "fee": 250}, "B1"),
    ]
    assert run(steps).parts((TIPS, "B1")) == {"1122.01": 1000, "2209.02": -250}
    steps += [("TIP_SETTLE", {"amount": 1000}, ""), ("CLAWBACK_PAID", {"amount": 250}, "")]
    assert run(steps).parts((TIPS, "B1")) == {"1009.01": 750}


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.lists(st.integers(1, 100), min_size=1, max_size=4),
)
def test_a_sum_is_divided_to_the_fen(parts: list[int], weights: list[int]):
    whole = sum(parts)
    into = [(str(n), whole * weight // sum(weights)) for n, weight in enumerate(weights)]
    into[-1] = (into[-1][0], whole - sum(amount for _, amount in into[:-1]))
    shares = spread(parts, into)
    assert [sum(amount for _, amount in one) for one in shares] == parts
    got = Counter()
    for one in shares:
        got.update(dict(one))
    assert dict(+got) == {account: amount for account, amount in into if amount}


# ---- broadcasts of a book -----------------------------------------------------------------------------------


def tied(office: Office, of: Month = MARCH) -> dict[str, TieOutLine]:
    found = office.read(lambda s: tracing.tie_out(s, month.view(s, office.book, of)))
    return {one.broadcast: one for one in found}


def declare(office: Office, number: str, amount: int) -> None:
    office.write(
        lambda s: declarations.declare(
            s,
            office.who("recorder"),
            number,
            shown=(("A01", amount, None),),
            captured_at=office.now,
            attachments=[office.document(s, number.encode() + b"night")],
            at=office.tick(),
        )
    )


@pytest.fixture
def evening(office: Office) -> Office:
    """The evening of the 28th; two broadcasts of the third and the tenth are registered."""
    office.now = at(28, "20:00")
    office.broadcast("2026-0001", 3)
    office.broadcast("2026-0002", 10)
    return office


def test_the_worked_month_ties_out_to_the_fen(demo: Demo):
    with demo.store.reading() as session:
        lines = tracing.tie_out(session, month.view(session, "demo", MARCH))
    assert [
        (one.declared_fen, one.platform_fen, one.gross_fen, one.share_fen, one.net_fen) for one in lines
    ] == [
        (864_000, 864_000, 834_000, 417_000, 417_000),
        (523_500, 523_500, 523_500, 261_750, 261_750),
        (315_000, 315_000, 315_000, 157_500, 157_500),
        (1_200_000, 1_200_050, 1_200_050, 600_025, 600_025),
    ]
    where = [
        (one.awaiting_fen, one.wallet_fen, one.tax_fen, one.in_hands_fen, one.banked_fen) for one in lines
    ]
    assert where == [
        (0, 0, 281, 0, 416_719),
        (0, 0, 169, 0, 261_581),
        (0, 157_500, 0, 0, 0),
        (0, 0, 14_041, 570_984, 15_000),
    ]
    assert [sum(parts) for parts in where] == [one.net_fen for one in lines]
    assert [sum(column) for column in zip(*where, strict=True)] == [0, 157_500, 14_491, 570_984, 693_300]
    assert [one.state for one in lines] == ["matched", "matched", "transit", "explained"]
    assert lines[3].note == "截图后平台补计 5 音浪，以平台结算为准。"


def test_a_trace_names_the_vouchers_of_each_step_and_what_was_exchanged(demo_sqlite: Demo):
    with demo_sqlite.store.reading() as session:
        first = tracing.trace(session, "demo", "2026-0001", MARCH)
        last = tracing.trace(session, "demo", "2026-0004", MARCH)
    steps = {(step.name, step.place.zh): step for step in first.tips}
    banked = steps["到达", "银行存款—公益监管专户"]
    assert (banked.fen, [(number, amount) for _, number, _, amount in banked.vouchers]) == (
        431_719,
        [("记-0013", 431_719)],
    )
    gross = steps["平台结算收入", "其他收入—直播打赏（总额）"]
    assert [amount for *_, amount in gross.vouchers] == [864_000, -30_000]
    assert first.covered == (("2026-0004", 15_000),)
    assert last.covered == (("2026-0001", 15_000),)
    assert sum(step.fen for step in first.commission if step.place.zh.startswith("银行存款")) == 291_960
    assert first.through == date(2026, 3, 31)


def test_a_broadcast_is_open_until_it_is_declared_booked_and_explained(evening: Office):
    assert (tied(evening)["2026-0001"].state, tied(evening)["2026-0001"].note) == ("open", "没有当晚申报")
    declare(evening, "2026-0001", 10000)
    assert tied(evening)["2026-0001"].note == "尚未入账"
    evening.tip("2026-0001", gross=10050, share=5000)
    line = tied(evening)["2026-0001"]
    assert (line.state, line.declared_fen, line.platform_fen, line.gross_fen) == ("open", 10000, None, 10050)
    evening.write(
        lambda s: declarations.explain(
            s,
            evening.who("recorder"),
            "2026-0001",
            account="A01",
            difference_fen=50,
            explanation="平台补计",
            at=evening.tick(),
        )
    )
    line = tied(evening)["2026-0001"]
    assert (line.state, line.note, line.awaiting_fen) == ("explained", "平台补计", 5050)
    evening.tip("2026-0002", gross=8000, share=4000)
    assert tied(evening)["2026-0002"].note == "没有当晚申报"


def test_a_zero_declaration_ties_out_with_nothing_booked(evening: Office):
    evening.write(
        lambda s: declarations.declare_zero(
            s,
            evening.who("recorder"),
            "2026-0001",
            accounts=("A01",),
            captured_at=evening.now,
            attachments=[],
            at=evening.tick(),
        )
    )
    line = tied(evening)["2026-0001"]
    assert (line.state, line.declared_fen, line.gross_fen) == ("matched", 0, 0)


def correct(office: Office, record: Record, **right: object) -> None:
    given = {"reason": "录入有误", "day": date(2026, 3, 28), "at": office.tick()}
    made = new_entry(record.body["type"], **right) if right else None
    draft = office.write(
        lambda s: corrections.prepare(s, office.who("accountant"), record.index, right=made, **given)
    )
    office.post(draft)


def test_what_was_undone_was_never_there_and_a_correction_stands_in_its_place(evening: Office):
    wrong = evening.tip("2026-0001", gross=10000, share=5000)
    evening.entry("TIP_SETTLE", "recorder", day=12, platform="douyin", amount=5000)
    shot = evening.write(lambda s: evening.document(s, b"right"))
    correct(
        evening,
        wrong,
        date=date(2026, 3, 28),
        gross=12000,
        share=6000,
        broadcast="2026-0001",
        account="A01",
        attachments=(shot,),
    )
    line = tied(evening)["2026-0001"]
    assert (line.gross_fen, line.share_fen, line.net_fen) == (12000, 6000, 6000)
    assert line.awaiting_fen + line.wallet_fen == 6000
    evening.entry("WITHDRAW_CARD", "recorder", day=13, platform="douyin", gross=5000, tax=0)
    correct(evening, evening.entry("HANDOVER", "cashier", day=14, amount=2000))
    line = tied(evening)["2026-0001"]
    assert (line.in_hands_fen, line.banked_fen) == (5000, 0)
    parts = evening.read(lambda s: tracing.follow(s, evening.book, CHART, MARCH))
    held = books.balances(evening)
    for account in PLACES.queues:
        assert sum(parts.held(account).values()) == held.get(account, 0)


def test_a_figure_corrected_against_the_platforms_rows_shows_both_and_the_reason(evening: Office):
    data = books.tip_sheet(books.tip_row("2026-0001", gross="100.00"))
    idx, _, settlement = evening.import_file(data)
    (tip, *_) = evening.post(evening.prepare(idx, settlement))
    declare(evening, "2026-0001", 10000)
    assert tied(evening)["2026-0001"].state == "transit"
    shot = evening.write(lambda s: evening.document(s, b"right"))
    correct(
        evening,
        tip,
        date=date(2026, 3, 28),
        gross=9000,
        share=4500,
        broadcast="2026-0001",
        account="A01",
        attachments=(shot,),
    )
    line = tied(evening)["2026-0001"]
    assert (line.platform_fen, line.gross_fen, line.state, line.note) == (
        10000,
        9000,
        "explained",
        "录入有误",
    )
