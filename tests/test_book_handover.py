"""What the streamer holds: parcels first in first out, their age and due day, and what he declares of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from ledger.book import calendars, corrections, handover, in_hands, keys, policies, roster, tasks
from ledger.book.duties import ROLES, Actor, NotYourDuty
from ledger.book.handover_figures import Figures, figures
from ledger.errors import Conflict, Invalid
from ledger.months import CHINA, Month
from ledger.store import log
from tests.books import Office, at, build, new_entry, post_opening
from tests.conftest import Demo

CARD = "1122.21"


def load(office: Office, *years: int) -> None:
    for year in years or (2026,):
        office.write(
            lambda s, y=year: calendars.adopt_packaged(s, office.who("secadmin"), y, at=office.tick())  # type: ignore[misc]
        )


def fill_wallet(office: Office, gross: int = 10_000_000) -> None:
    """Bring tips into the wallet, from which the withdrawals of a test are made; it is the last of March by now."""
    office.now = at(31, "08:00")
    office.broadcast("2026-0001", 1)
    office.tip("2026-0001", gross * 2, gross, day=1)
    office.entry("TIP_SETTLE", day=2, platform="douyin", amount=gross)


def withdraw(office: Office, day: int, gross: int, tax: int = 0, **more: Any) -> int:
    shot = office.write(lambda s: office.document(s, f"{day}-{gross}".encode()))
    made = office.entry(
        "WITHDRAW_CARD", day=day, platform="douyin", gross=gross, tax=tax, attachments=(shot,), **more
    )
    return made.index


def hand_over(office: Office, day: int, amount: int, **more: Any) -> int:
    shot = office.write(lambda s: office.document(s, f"h{day}-{amount}".encode()))
    return office.entry("HANDOVER", "cashier", day=day, amount=amount, attachments=(shot,), **more).index


def correct(office: Office, idx: int, day: int, **right: Any) -> int:
    """Reverse an entry, and with `right` replace it by a withdrawal; return the record of the last."""

    def act(session: Any) -> Any:
        shot = office.document(session, f"c{idx}".encode())
        new = new_entry("WITHDRAW_CARD", day=day, attachments=(shot,), **right) if right else None
        return corrections.prepare(
            session,
            office.who("accountant"),
            idx,
            right=new,
            reason="金额误记",
            day=date(2026, 3, day),
            at=office.tick(),
        )

    return office.post(office.write(act))[-1].index


def held(office: Office, day: int, month: int = 3) -> list[tuple[str, int]]:
    """Return (since, fen) of what is held at the end of a day of 2026."""
    found = office.read(lambda s: handover.ages(s, office.book, date(2026, month, day)))
    return [(one.since.isoformat(), one.fen) for one in found]


# ---- the worked month ------------------------------------------------------------------------------------


def ages_of(demo: Demo, day: date) -> tuple[handover.Held, ...]:
    with demo.store.reading() as session:
        return handover.ages(session, demo.book, day)


def test_the_worked_month_holds_5709_84_since_31_march_due_three_working_days_later(demo: Demo):
    (one,) = ages_of(demo, date(2026, 3, 31))
    assert (one.since, one.fen, one.working_days) == (date(2026, 3, 31), 570_984, 0)
    assert (one.due, one.late, one.soon) == (date(2026, 4, 3), False, False)
    assert one.number.startswith("记-")
    told = {
        day: (ages_of(demo, date(2026, 4, day))[0].working_days, *states(demo, day)) for day in range(1, 9)
    }
    assert told == {
        1: (1, False, False),
        2: (2, False, True),
        3: (3, False, True),
        4: (3, True, False),
        5: (3, True, False),
        6: (3, True, False),
        7: (4, True, False),
        8: (5, True, False),
    }


def states(demo: Demo, day: int) -> tuple[bool, bool]:
    (one,) = ages_of(demo, date(2026, 4, day))
    return one.late, one.soon


def test_the_worked_months_declaration_says_the_figures_of_the_books(demo: Demo):
    with demo.store.reading() as session:
        found = figures(session, demo.book, date(2026, 3, 31))
    assert found == Figures(date(2026, 3, 31), 0, 1_264_284, 693_300, 570_984)
    assert found.text == (
        "2026-03-01 至 2026-03-31，本人账户收到提现 12,642.84 元，已上缴 6,933.00 元，"
        "尚余 5,709.84 元未上缴；无截留。"
    )
    with demo.store.reading() as session:
        april = figures(session, demo.book, date(2026, 4, 2))
    assert april == Figures(date(2026, 4, 2), 570_984, 0, 0, 570_984)
    assert april.text.startswith("2026-04-01 以前尚未上缴 5,709.84 元；2026-04-01 至 2026-04-02，")


def test_without_a_calendar_the_age_is_not_known_and_nobody_is_called_late(sqlite_office: Office):
    fill_wallet(sqlite_office)
    withdraw(sqlite_office, 3, 100_00)
    through = date(2026, 5, 31)
    (one,) = sqlite_office.read(lambda s: handover.ages(s, sqlite_office.book, through))
    assert (one.working_days, one.due, one.late, one.soon, one.unknown) == (None, None, False, False, True)
    assert sqlite_office.read(lambda s: handover.alerts(s, sqlite_office.book, through)) == (one,)


# ---- first in first out ----------------------------------------------------------------------------------


def test_handing_over_takes_the_oldest_first_and_a_part_keeps_its_day(office: Office):
    fill_wallet(office)
    withdraw(office, 3, 100_00, 10_00)
    withdraw(office, 5, 200_00)
    withdraw(office, 9, 300_00)
    assert held(office, 2) == []
    assert held(office, 9) == [("2026-03-03", 90_00), ("2026-03-05", 200_00), ("2026-03-09", 300_00)]
    hand_over(office, 10, 50_00)
    assert held(office, 10) == [("2026-03-03", 40_00), ("2026-03-05", 200_00), ("2026-03-09", 300_00)]
    hand_over(office, 11, 140_00)
    assert held(office, 11) == [("2026-03-05", 100_00), ("2026-03-09", 300_00)]
    hand_over(office, 12, 100_00)
    assert held(office, 12) == [("2026-03-09", 300_00)]
    hand_over(office, 13, 300_00)
    assert held(office, 13) == []
    assert held(office, 10) == [("2026-03-03", 40_00), ("2026-03-05", 200_00), ("2026-03-09", 300_00)]
    assert office.read(lambda s: in_hands.balance(s, office.book, date(2026, 3, 11))) == 400_00


def test_what_was_found_in_suspense_to_be_the_streamers_counts_as_handed_over(sqlite_office: Office):
    office = sqlite_office
    fill_wallet(office)
    withdraw(office, 3, 100_00)
    office.entry("UNIDENTIFIED", "cashier", day=4, amount=60_00)
    office.entry("CLEAR", "cashier", day=6, amount=60_00)
    assert held(office, 5) == [("2026-03-03", 100_00)]
    assert held(office, 6) == [("2026-03-03", 40_00)]


def test_money_handed_over_before_its_withdrawal_is_booked_is_set_against_it(sqlite_office: Office):
    office = sqlite_office
    fill_wallet(office)
    hand_over(office, 4, 100_00)
    assert held(office, 4) == []
    assert office.read(lambda s: in_hands.balance(s, office.book, date(2026, 3, 4))) == -100_00
    withdraw(office, 5, 150_00)
    assert held(office, 5) == [("2026-03-05", 50_00)]


def test_a_reversed_withdrawal_was_never_held_and_a_reversed_hand_over_never_made(office: Office):
    fill_wallet(office)
    first = withdraw(office, 3, 100_00)
    withdraw(office, 5, 200_00)
    handed = hand_over(office, 6, 150_00)
    assert held(office, 6) == [("2026-03-05", 150_00)]
    correct(office, handed, 7)
    assert held(office, 7) == [("2026-03-03", 100_00), ("2026-03-05", 200_00)]
    assert held(office, 6) == [("2026-03-05", 150_00)], "on the 6th the books still said so"
    correct(office, first, 8)
    assert held(office, 8) == [("2026-03-05", 200_00)]


def test_a_corrected_withdrawal_keeps_its_day_through_every_correction(office: Office):
    fill_wallet(office)
    wrong = withdraw(office, 3, 100_00)
    second = correct(office, wrong, 10, platform="douyin", gross=120_00, tax=0)
    assert held(office, 10) == [("2026-03-03", 120_00)]
    correct(office, second, 12, platform="douyin", gross=130_00, tax=5_00)
    assert held(office, 12) == [("2026-03-03", 125_00)]
    assert held(office, 9) == [("2026-03-03", 100_00)]


def test_the_openings_items_keep_their_days_and_the_rest_is_as_old_as_the_book(store: Any):
    office = build(store, opened=False)
    post_opening(
        office,
        {CARD: 500_00, "1002.01": 500_00, "3102.01": -1_000_00},
        items=(
            (CARD, 120_00, date(2026, 2, 20), "2月提现"),
            (CARD, 80_00, date(2026, 1, 5), "1月提现"),
        ),
    )
    assert held(office, 28, 2) == [], "before the book begins it knows nothing"
    office.now = at(31, "08:00")
    whole = [("2026-01-05", 80_00), ("2026-02-20", 120_00), ("2026-03-01", 300_00)]
    assert held(office, 1) == whole
    hand_over(office, 4, 100_00)
    assert held(office, 4) == [("2026-02-20", 100_00), ("2026-03-01", 300_00)]
    found = office.read(lambda s: figures(s, office.book, date(2026, 3, 4)))
    assert (found.before_fen, found.handed_over_fen, found.in_hands_fen) == (500_00, 100_00, 400_00)


def test_the_months_movements_show_red_letters_and_add_up(sqlite_office: Office):
    office = sqlite_office
    fill_wallet(office)
    wrong = withdraw(office, 3, 100_00)
    correct(office, wrong, 10, platform="douyin", gross=120_00, tax=0)
    hand_over(office, 11, 20_00)
    moved = office.read(lambda s: in_hands.movements(s, office.book, Month(2026, 3)))
    assert [(m.day.day, m.withdrawn_fen, m.handed_fen) for m in moved] == [
        (3, 100_00, 0),
        (10, -100_00, 0),
        (10, 120_00, 0),
        (11, 0, 20_00),
    ]
    found = office.read(lambda s: figures(s, office.book, date(2026, 3, 31)))
    assert (found.withdrawn_fen, found.handed_over_fen, found.in_hands_fen) == (120_00, 20_00, 100_00)


# ---- the term and its alerts -----------------------------------------------------------------------------


def test_the_term_is_a_policy_of_the_book(office: Office):
    fill_wallet(office)
    load(office)
    withdraw(office, 30, 100_00)
    (one,) = office.read(lambda s: handover.ages(s, office.book, date(2026, 3, 31)))
    assert one.due == date(2026, 4, 2)
    office.write(
        lambda s: handover.set_days(s, office.who("secadmin"), 5, reason="县里决定", at=office.tick())
    )
    (one,) = office.read(lambda s: handover.ages(s, office.book, date(2026, 3, 31)))
    assert one.due == date(2026, 4, 7)
    assert office.read(lambda s: policies.policy(s, office.book, "handover_days", 3)) == 5


@pytest.mark.parametrize(("days", "reason"), [(0, "x"), (31, "x"), (-1, "x"), (3, " ")])
def test_a_term_out_of_range_or_without_reason_is_refused(sqlite_office: Office, days: int, reason: str):
    office = sqlite_office
    with pytest.raises(Invalid):
        office.write(
            lambda s: handover.set_days(s, office.who("secadmin"), days, reason=reason, at=office.tick())
        )
    with pytest.raises(NotYourDuty):
        office.write(
            lambda s: handover.set_days(s, office.who("accountant"), 4, reason="x", at=office.tick())
        )


def test_alerts_name_what_is_late_and_what_is_due_by_the_next_working_day(sqlite_office: Office):
    office = sqlite_office
    fill_wallet(office)
    load(office)
    withdraw(office, 27, 100_00)
    withdraw(office, 31, 200_00)

    def told(day: date) -> list[tuple[int, bool, bool]]:
        found = office.read(lambda s: handover.alerts(s, office.book, day))
        return [(one.fen, one.late, one.soon) for one in found]

    assert told(date(2026, 3, 30)) == []
    assert told(date(2026, 3, 31)) == [(100_00, False, True)]
    assert told(date(2026, 4, 2)) == [(100_00, True, False), (200_00, False, True)]
    assert told(date(2026, 4, 4)) == [(100_00, True, False), (200_00, True, False)]


def test_a_period_over_two_years_with_one_not_loaded_is_late_once_its_due_day_is_known(sqlite_office: Office):
    office = sqlite_office
    fill_wallet(office)
    load(office, 2026)
    withdraw(office, 31, 100_00)
    (one,) = office.read(lambda s: handover.ages(s, office.book, date(2027, 1, 4)))
    assert (one.working_days, one.due, one.late, one.unknown) == (None, date(2026, 4, 3), True, False)


def test_the_overview_tells_operators_and_reviewers_what_is_late_and_soon(demo: Demo):

    def told(role: str, day: int) -> list[tuple[str, int, bool]]:
        with demo.store.reading() as session:
            member = next(m for m in roster.members(session, demo.book) if m.role == role)
            actor = roster.actor(session, demo.book, member.person)
            found = tasks.tasks(session, actor, at=datetime(2026, 4, day, 9, tzinfo=CHINA))
            return [(one.message, one.count, one.urgent) for one in found if one.path == "handover/"]

    late = [("{count} 笔主播代收款上缴已逾期", 1, True)]
    soon = [("{count} 笔主播代收款即将到上缴期限", 1, False)]
    for role in ("recorder", "checker", "accountant", "cashier", "reviewer"):
        assert (told(role, 1), told(role, 2), told(role, 4)) == ([], soon, late)
    for role in ("signer", "clerk", "sysadmin", "secadmin"):
        assert told(role, 4) == []


# ---- the declaration -------------------------------------------------------------------------------------


def seat_streamer(office: Office, person: str = "p-streamer") -> Actor:
    office.write(
        lambda s: roster.seat(
            s,
            office.book,
            person=person,
            name="李某",
            party="operator",
            role="streamer",
            post="主播",
            by="system",
            at=office.tick(),
        )
    )
    return Actor(person, office.book, "operator", "streamer", "主播")


def seen(office: Office, day: int = 31) -> Figures:
    return office.read(lambda s: figures(s, office.book, date(2026, 3, day)))


def evening(office: Office) -> datetime:
    office.now = max(office.now, at(31, "20:00"))
    return office.tick()


def declare(office: Office, actor: Actor, shown: Figures, **more: Any) -> Any:
    when = evening(office)

    def act(session: Any) -> Any:
        given = dict(more)
        if given.pop("scan", False):
            given["attachments"] = [office.document(session, b"scan")]
        return handover.declare(session, actor, shown, at=when, **given)

    return office.write(act)


@pytest.fixture
def with_money(office: Office) -> Office:
    """An office whose streamer took 500.00 and handed over 200.00."""
    fill_wallet(office)
    withdraw(office, 10, 500_00)
    hand_over(office, 12, 200_00)
    return office


def test_the_streamer_declares_for_himself_what_the_books_say(with_money: Office):
    office, streamer = with_money, seat_streamer(with_money)
    record = declare(office, streamer, seen(office))
    assert record.kind == "handover.declared"
    (one,) = office.read(lambda s: handover.declarations(s, office.book))
    assert (one.host, one.host_person, one.method, one.files) == ("李某", "p-streamer", "screen", ())
    assert (one.withdrawn_fen, one.handed_over_fen, one.in_hands_fen) == (500_00, 200_00, 300_00)
    assert one.text == (
        "2026-03-01 至 2026-03-31，本人账户收到提现 500.00 元，已上缴 200.00 元，尚余 300.00 元未上缴；无截留。"
    )
    assert "李某" not in office.read(lambda s: log.get(s, office.book, record.index)).data.decode()


def test_a_declaration_of_figures_that_changed_meanwhile_is_refused(with_money: Office):
    office, streamer = with_money, seat_streamer(with_money)
    shown = seen(office)
    hand_over(office, 20, 300_00)
    with pytest.raises(Conflict, match="账上的数字刚才有变化"):
        declare(office, streamer, shown)
    assert office.read(lambda s: handover.declarations(s, office.book)) == ()
    declare(office, streamer, seen(office))


@pytest.mark.parametrize("name", ["before_fen", "withdrawn_fen", "handed_over_fen", "in_hands_fen"])
def test_no_figure_can_be_made_up(sqlite_office: Office, name: str):
    office, streamer = sqlite_office, seat_streamer(sqlite_office)
    with pytest.raises(Conflict):
        declare(office, streamer, replace(seen(office), **{name: 1}))


def test_a_day_to_come_or_the_same_declaration_again_is_refused(with_money: Office):
    office, streamer = with_money, seat_streamer(with_money)
    tomorrow = office.read(lambda s: figures(s, office.book, date(2026, 4, 1)))
    with pytest.raises(Invalid, match="不能晚于今天"):
        declare(office, streamer, tomorrow)
    declare(office, streamer, seen(office))
    with pytest.raises(Conflict, match="同样的上缴声明已经登记"):
        declare(office, streamer, seen(office))
    declare(office, streamer, seen(office, 11))
    through = [one.through.day for one in office.read(lambda s: handover.declarations(s, office.book))]
    assert through == [11, 31]


@pytest.mark.parametrize("login", ["recorder", "cashier"])
def test_a_paper_declaration_is_filed_by_another_with_its_scan(with_money: Office, login: str):
    office, filer = with_money, with_money.who(login)
    with pytest.raises(Invalid, match="扫描件"):
        declare(office, filer, seen(office), host="张某某")
    with pytest.raises(Invalid, match="请填写主播姓名"):
        declare(office, filer, seen(office), scan=True)
    declare(office, filer, seen(office), host=" 张某某 ", scan=True)
    (one,) = office.read(lambda s: handover.declarations(s, office.book))
    assert (one.host, one.host_person, one.method, one.by) == ("张某某", None, "paper", f"p-{login}")
    assert [file.name for file in one.files] == ["凭证.png"]
    with pytest.raises(Conflict, match="同样的"):
        declare(office, filer, seen(office), host="张某某", scan=True)
    declare(office, filer, seen(office), host="赵某", scan=True)


def test_a_paper_declaration_may_name_a_seated_streamer_but_nobody_files_his_own(with_money: Office):
    office = with_money
    seat_streamer(office)
    recorder = office.who("recorder")
    with pytest.raises(NotYourDuty, match="须由其他人登记"):
        declare(office, recorder, seen(office), host_person="p-recorder", scan=True)
    with pytest.raises(Invalid, match="请从列表里选择主播"):
        declare(office, recorder, seen(office), host_person="p-cashier", scan=True)
    declare(office, recorder, seen(office), host_person="p-streamer", scan=True)
    (one,) = office.read(lambda s: handover.declarations(s, office.book))
    assert (one.host, one.host_person, one.method) == ("李某", "p-streamer", "paper")


@pytest.mark.parametrize(
    "login", ["checker", "accountant", "redcross", "redcross-clerk", "discipline", "viewer", "secadmin"]
)
def test_nobody_else_declares(sqlite_office: Office, login: str):
    office = sqlite_office
    with pytest.raises(NotYourDuty):
        declare(office, office.who(login), seen(office), host="张某某", scan=True)


def test_the_streamer_may_do_nothing_but_declare_and_never_signs(sqlite_office: Office):
    office, streamer = sqlite_office, seat_streamer(sqlite_office)
    assert ROLES["streamer"].actions == {"handover"}
    assert not office.read(lambda s: keys.may_sign(s, streamer, office.tick()))
    assert office.read(lambda s: tasks.tasks(s, streamer, at=office.tick())) == []
