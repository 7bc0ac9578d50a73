"""Statements in their accounts: placing, lines that count once, balances at a month's end, gaps."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from ledger import intake
from ledger.book import imports, placing, profiles, rows, shown, statements
from ledger.book.duties import NotYourDuty
from ledger.errors import Conflict, Invalid, NotFound
from ledger.intake import Mapping
from ledger.months import Month
from ledger.store.record import Record
from tests.books import SAMPLES, Office, at

BANK, DOUYIN, KUAISHOU = "1002.01", "1009.01", "1009.02"
MARCH, APRIL = Month(2026, 3), Month(2026, 4)
ICBC = "历史明细查询结果\r\n凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息\r\n"
ABC = "交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号,交易渠道,交易附言\r\n"


def icbc(opening: str, *moves: tuple[str, str, str]) -> bytes:
    """A corporate statement; a move is (moment, signed yuan, counterparty)."""
    lines, balance = [], fen(opening)
    for moment, amount, party in moves:
        balance += fen(amount)
        out, into = (amount[1:], "0.00") if amount.startswith("-") else ("0.00", amount)
        way = "借" if amount.startswith("-") else "贷"
        lines.append(
            f"0,3011000000000000001,6222000000000000001,{moment},{way},{out},{into},1,汇款,用途,{party},{yuan(balance)},"
        )
    return (ICBC + "\r\n".join(lines) + "\r\n").encode("gb18030")


def abc(opening: str, *moves: tuple[str, str, str]) -> bytes:
    """The same account as another bank's format would write it."""
    lines, balance = [], fen(opening)
    for moment, amount, party in moves:
        balance += fen(amount)
        day, clock = moment.replace("-", "").replace(":", "").split(" ")
        sign = "" if amount.startswith("-") else "+"
        lines.append(f"{day},{clock},汇款,{sign}{amount},{yuan(balance)},{party},0000000000,网银,用途")
    return (ABC + "\r\n".join(lines) + "\r\n").encode("gb18030")


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def place(office: Office, data: bytes, name: str = "明细.csv", account: str = BANK, **more) -> Record:
    """Receive a file and place it."""
    idx, _, _ = office.import_file(data, name, "cashier")
    return placed(office, idx, account, **more)


def placed(office: Office, idx: int, account: str = BANK, login: str = "cashier", **more) -> Record:
    return office.write(
        lambda s: placing.place(s, office.who(login), idx, account=account, at=office.tick(), **more)
    )


def lines(office: Office, month: Month = MARCH, account: str = BANK) -> list[tuple[str, int]]:
    found = office.read(lambda s: statements.lines(s, office.book, account, month))
    return [(str(line.day), line.fen) for line in found]


def closing(office: Office, month: Month = MARCH, account: str = BANK) -> int | None:
    return office.read(lambda s: statements.closing(s, office.book, account, month))


def gaps(office: Office, month: Month = MARCH, account: str = BANK) -> list[statements.Gap]:
    return office.read(lambda s: statements.gaps(s, office.book, account, month))


@pytest.fixture
def april(office: Office) -> Office:
    """The office on 20 April."""
    office.now = at(20, month=4)
    return office


FIRST = ("2026-03-03 10:00:00", "100.00", "张某某")
SECOND = ("2026-03-03 10:00:00", "100.00", "张某某")
THIRD = ("2026-03-10 11:00:00", "-30.00", "示例县红十字会")
LAST = ("2026-03-20 09:00:00", "5.00", "李某")


def test_the_sample_month_is_placed_with_its_own_balances_and_days(april: Office):
    record = place(april, (SAMPLES / "工行对公明细.csv").read_bytes())
    body = record.body
    assert (body["opening_fen"], body["closing_fen"]) == (2_000_000, 1_200_476)
    assert (body["first_day"], body["last_day"]) == ("2026-03-13", "2026-03-27")
    found = april.read(lambda s: statements.lines(s, april.book, BANK, MARCH))
    assert sum(line.fen for line in found) == 1_200_476 - 2_000_000
    first = found[0]
    assert (first.row, first.fen, first.party, first.balance_fen) == (
        0,
        -1_200_000,
        "示例县红十字会",
        800_000,
    )
    assert (first.party_account, first.text, first.kind) == (
        "3011000000000000099",
        "转账 拨付公益款",
        "bank_out",
    )
    assert first.at is not None
    one = april.read(lambda s: statements.line(s, april.book, body["file"], 3))
    assert (one.party, one.fen) == ("李某", 20_000)


def test_a_period_that_ends_with_the_last_row_does_not_reach_the_end_of_the_month(april: Office):
    place(april, icbc("0.00", FIRST, THIRD), last_day=None)
    assert closing(april) is None
    place(april, icbc("70.00", ("2026-04-02 10:00:00", "1.00", "李某")), "四月.csv")
    assert closing(april) == 7_000, "the next one opens where this one closed"
    assert closing(april, APRIL) is None


def test_a_period_as_exported_reaches_the_end_and_may_hold_days_without_rows(april: Office):
    place(april, icbc("0.00", FIRST, THIRD), first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))
    assert closing(april) == 7_000
    assert gaps(april) == []


def test_a_statement_over_two_months_gives_each_its_lines_and_balance(april: Office):
    place(april, icbc("0.00", LAST, ("2026-04-02 10:00:00", "1.00", "李某")), last_day=date(2026, 4, 10))
    assert lines(april) == [("2026-03-20", 500)]
    assert lines(april, APRIL) == [("2026-04-02", 100)]
    assert closing(april) == 500
    assert closing(april, APRIL) is None


def test_the_same_export_a_second_time_with_more_days_counts_each_movement_once(april: Office):
    place(april, icbc("0.00", FIRST, SECOND, THIRD))
    later, _, _ = april.import_file(icbc("0.00", FIRST, SECOND, THIRD, LAST), "更长.csv", "cashier")
    placed(april, later)
    assert april.read(lambda s: rows.used(s, april.book, later)) == {"repeated": 3, "memo": 1}
    assert lines(april) == [
        ("2026-03-03", 10000),
        ("2026-03-03", 10000),
        ("2026-03-10", -3000),
        ("2026-03-20", 500),
    ]
    assert gaps(april) == []


def test_two_equal_payments_stay_two_when_another_format_of_the_bank_repeats_them(april: Office):
    place(april, icbc("0.00", FIRST, SECOND, THIRD))
    place(april, abc("0.00", FIRST, SECOND, THIRD, LAST), "农行.csv")
    found = april.read(lambda s: statements.lines(s, april.book, BANK, MARCH))
    assert [line.fen for line in found] == [10000, 10000, -3000, 500]
    assert len({line.file for line in found[:3]}) == 1


def test_a_payment_with_another_balance_is_another_payment(april: Office):
    place(april, icbc("0.00", FIRST))
    place(april, abc("500.00", FIRST), "农行.csv")
    assert [amount for _, amount in lines(april)] == [10000, 10000]


def test_a_line_found_again_takes_up_one_line_and_no_more(april: Office):
    """Without times and balances two equal lines of one day are the same only as often as both files say."""
    gift = "2026-03-03,100.00"
    placed(april, mapped(april, gift, gift), opening_fen=0, closing_fen=20000)
    placed(april, mapped(april, gift, gift, gift, header="交易日,金额,余"), opening_fen=0, closing_fen=30000)
    assert [amount for _, amount in lines(april)] == [10000, 10000, 10000]


def mapped(office: Office, *lines: str, header: str = "日期,金额,备注", name: str = "农信社.csv") -> int:
    """Receive a file without balances, read by a mapping; return its record index."""
    day, amount, note = header.split(",")
    data = ("\r\n".join([header, *(f"{line},x" for line in lines)]) + "\r\n").encode()
    settlement = intake.read(data, name, mapping=Mapping(date=day, amount=amount, note=note))
    return office.write(
        lambda s: imports.receive(s, office.who("cashier"), data, name, settlement, at=office.tick())
    )[0]


def test_a_file_without_balances_needs_those_of_the_screen_and_they_must_fit_its_rows(april: Office):
    idx = mapped(april, "2026-03-03,100.00", "2026-03-04,-30.00")
    with pytest.raises(Invalid, match="照屏幕填写"):
        placed(april, idx)
    with pytest.raises(Invalid, match=r"期初 1\.00 加本期变动 70\.00 应为 71\.00，填写的期末余额是 72\.00"):
        placed(april, idx, opening_fen=100, closing_fen=7200)
    placed(april, idx, opening_fen=100, closing_fen=7100, last_day=date(2026, 3, 31))
    assert closing(april) == 7100
    assert lines(april) == [("2026-03-03", 10000), ("2026-03-04", -3000)]


def test_balances_that_the_file_contradicts_are_refused(april: Office):
    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    with pytest.raises(Invalid, match="与文件里的不同"):
        placed(april, idx, opening_fen=100, closing_fen=10100)
    with pytest.raises(Invalid, match="与文件里的不同"):
        placed(april, idx, closing_fen=0)
    placed(april, idx, opening_fen=0, closing_fen=10000)


def test_an_opening_that_is_not_the_closing_before_is_a_gap(april: Office):
    place(april, icbc("0.00", FIRST), last_day=date(2026, 3, 9))
    place(april, icbc("120.00", THIRD), "后.csv")
    (gap,) = gaps(april)
    assert (gap.after, gap.before, gap.difference_fen) == (date(2026, 3, 9), date(2026, 3, 10), 2000)
    assert "接不上" in gap.message.format(**gap.values)


def test_days_without_a_statement_are_named_only_where_the_balances_differ(april: Office):
    place(april, icbc("0.00", FIRST))
    place(april, icbc("100.00", LAST), "同.csv")
    assert gaps(april) == []
    place(april, icbc("150.00", ("2026-03-25 10:00:00", "1.00", "李某")), "不同.csv")
    (gap,) = gaps(april)
    said = gap.message.format(**gap.values)
    assert "2026-03-21 至 2026-03-24 没有对账单，而余额从 105.00 变成了 150.00" in said
    assert gaps(april, APRIL) == []


def test_a_gap_before_the_month_is_not_told_in_it(april: Office):
    place(april, icbc("0.00", ("2026-02-05 10:00:00", "1.00", "李某")))
    over = ("2026-02-20 10:00:00", "1.00", "李某"), FIRST
    place(april, icbc("9.00", *over), "二三月.csv")
    assert len(gaps(april, Month(2026, 2))) == 1
    assert gaps(april) == []


def test_a_gap_over_a_whole_month_is_told_in_that_month(april: Office):
    place(april, icbc("0.00", ("2026-02-20 10:00:00", "1.00", "李某")))
    place(april, icbc("9.00", ("2026-04-02 10:00:00", "1.00", "李某")), "四月.csv")
    for month in (Month(2026, 2), MARCH, APRIL):
        (gap,) = gaps(april, month)
        assert gap.difference_fen == 800
    assert closing(april) is None


def test_an_overlap_must_agree_on_the_balance_of_the_day(april: Office):
    place(april, icbc("0.00", FIRST, SECOND, THIRD))
    place(april, icbc("100.00", SECOND, THIRD, LAST), "半天起.csv")
    assert gaps(april) == [], "an export from the middle of a day opens with a balance of that day"
    assert sum(amount for _, amount in lines(april)) == 17500
    place(april, icbc("999.00", ("2026-03-20 10:00:00", "1.00", "李某")), "别家.csv")
    (gap,) = gaps(april)
    assert "放错科目" in gap.message


KUAISHOU_FLOW = (
    "账务流水号,关联业务单号,入账时间,账务方向,发生额（元）,期末余额（元）,业务类型,描述,备注\n"
    "KS20260330000000000001,2603300000000001,2026-03-30 02:11:09,收,1575.00,1575.00,直播礼物结算,,\n"
    "KS20260331000000000002,2603310000000002,2026-03-31 11:20:31,支,20.00,1555.00,资金冻结,售后冻结,\n"
).encode()


def test_the_same_number_is_the_same_movement_even_where_the_platform_corrected_its_time(april: Office):
    place(april, KUAISHOU_FLOW, "快手.csv", KUAISHOU)
    place(april, KUAISHOU_FLOW.replace(b"02:11:09", b"02:11:10"), "快手二.csv", KUAISHOU)
    assert [amount for _, amount in lines(april, account=KUAISHOU)] == [157500, -2000]


def test_what_only_sets_money_aside_moves_the_balance_of_a_wallet_and_is_a_line(april: Office):
    place(april, KUAISHOU_FLOW, "快手.csv", KUAISHOU)
    found = april.read(lambda s: statements.lines(s, april.book, KUAISHOU, MARCH))
    assert [(line.kind, line.fen) for line in found] == [("flow_in", 157500), ("flow_memo", -2000)]
    assert closing(april, account=KUAISHOU) == 155500
    assert lines(april) == []


def test_a_file_of_one_platform_is_not_placed_in_the_wallet_of_another(april: Office):
    idx, _, _ = april.import_file(KUAISHOU_FLOW, "快手.csv", "cashier")
    with pytest.raises(Invalid, match="快手的流水，不能登记在抖音"):
        placed(april, idx, DOUYIN)


@pytest.mark.parametrize("account", ["1009.09", "1122.21", "4901.01", "9999", ""])
def test_accounts_that_hold_no_money_of_their_own_have_no_statement(april: Office, account: str):
    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    with pytest.raises(Invalid, match="不能有对账单"):
        placed(april, idx, account)


def test_the_bank_the_wallets_and_the_commission_wallet_may_have_statements(april: Office):
    from ledger.book import chart

    found = april.read(lambda s: statements.allowed(chart.current(s, april.book)))
    assert found == (BANK, DOUYIN, KUAISHOU, "1009.03", "1009.11")


def test_a_file_is_placed_once_by_those_who_may_and_never_after_it_was_discarded(april: Office):
    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    for login in ("recorder", "checker", "redcross", "viewer"):
        with pytest.raises(NotYourDuty):
            placed(april, idx, login=login)
    placed(april, idx, login="accountant")
    with pytest.raises(Conflict, match="已经登记"):
        placed(april, idx)
    april.write(lambda s: rows.discard(s, april.who("cashier"), idx, reason="放错了", at=april.tick()))
    assert lines(april) == []
    assert [one.discarded for one in year(april)] == [True]
    again, new, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    assert new
    april.write(lambda s: rows.discard(s, april.who("cashier"), again, reason="再来", at=april.tick()))
    with pytest.raises(Conflict, match="作废"):
        placed(april, again)


def year(office: Office) -> list[statements.Placed]:
    return office.read(lambda s: statements.placed(s, office.book, date(2026, 1, 1), date(2026, 12, 31)))


def test_lines_come_back_when_the_file_that_they_repeated_is_discarded(april: Office):
    first = place(april, icbc("0.00", FIRST)).body["file"]
    place(april, icbc("0.00", FIRST, LAST), "更长.csv")
    april.write(lambda s: rows.discard(s, april.who("cashier"), first, reason="放错了", at=april.tick()))
    assert [amount for _, amount in lines(april)] == [10000, 500]


DAYS = {
    "begins after the first row": ({"first_day": date(2026, 3, 4)}, "须包含文件里的全部各行"),
    "ends before the last row": ({"last_day": date(2026, 3, 2)}, "须包含文件里的全部各行"),
    "ends in the future": ({"last_day": date(2026, 4, 30)}, "还没有到"),
}


@pytest.mark.parametrize(("days", "sentence"), DAYS.values(), ids=DAYS.keys())
def test_days_that_cannot_be_are_refused(april: Office, days, sentence: str):
    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")
    with pytest.raises(Invalid, match=sentence):
        placed(april, idx, **days)


def test_a_list_of_orders_or_a_tip_sheet_is_no_statement(april: Office):
    from tests.books import tip_row, tip_sheet

    idx, _, _ = april.import_file(tip_sheet(tip_row("2026-0001")))
    with pytest.raises(Invalid, match="不是账户流水"):
        placed(april, idx)
    with pytest.raises(NotFound):
        placed(april, 1)


def test_what_was_received_and_not_placed_waits_in_a_list(april: Office):
    idx, _, _ = april.import_file(icbc("0.00", FIRST), "明细.csv", "cashier")

    def waiting() -> list[int]:
        return [one.idx for one in april.read(lambda s: placing.unplaced(s, april.book))]

    assert waiting() == [idx]
    placed(april, idx)
    assert waiting() == []


def test_lines_of_a_month_read_only_the_files_that_touch_it(april: Office):
    for month in (1, 2, 3):
        place(april, icbc("0.00", (f"2026-{month:02d}-05 10:00:00", "1.00", "李某")), f"{month}.csv")
    asked: list[str] = []

    @event.listens_for(april.store.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_):
        if "source_row" in statement:
            asked.append(statement)

    assert lines(april) == [("2026-03-05", 100)]
    assert len(asked) == 1


def test_newest_first_files_are_turned_round(april: Office):
    noon = ("2026-03-03 12:00:00", "-30.00", "示例县红十字会")
    data = icbc("0.00", FIRST, noon, LAST).decode("gb18030").splitlines()
    record = place(april, "\r\n".join([*data[:2], *data[:1:-1], ""]).encode("gb18030"))
    found = april.read(lambda s: statements.lines(s, april.book, BANK, MARCH))
    assert [(line.row, line.fen) for line in found] == [(2, 10000), (1, -3000), (0, 500)]
    assert found == april.read(lambda s: statements.of_statement(s, april.book, record.body["file"]))


def test_no_such_statement_or_line_is_a_sentence(april: Office):
    record = place(april, icbc("0.00", FIRST))
    for file, row in ((1, 0), (record.body["file"], 1)):
        with pytest.raises(NotFound):
            april.read(lambda s, file=file, row=row: statements.line(s, april.book, file, row))


def test_a_balance_is_shown_with_its_picture(april: Office):
    def record(**more):
        given = {"account": KUAISHOU, "day": date(2026, 3, 31), "balance_fen": 157500, **more}
        login = given.pop("login", "cashier")
        return april.write(
            lambda s: shown.record(
                s,
                april.who(login),
                **{"attachments": [april.document(s, b"balance")], **given},
                at=april.tick(),
            )
        )

    with pytest.raises(Invalid, match="截图"):
        record(attachments=[])
    with pytest.raises(Invalid, match="还没有到"):
        record(day=date(2026, 4, 21))
    with pytest.raises(Invalid, match="请从列表里选择"):
        record(account="1122.21")
    with pytest.raises(NotYourDuty):
        record(login="recorder")
    record()
    found = april.read(lambda s: shown.between(s, april.book, date(2026, 3, 1), date(2026, 3, 31), KUAISHOU))
    assert [(one.day, one.balance_fen) for one in found] == [(date(2026, 3, 31), 157500)]


def test_the_newest_mapping_of_a_header_holds_and_the_same_one_is_not_saved_twice(april: Office):
    def save(columns: Mapping, name: str = "示例县农信社", login: str = "cashier") -> Record | None:
        return april.write(
            lambda s: profiles.save(
                s, april.who(login), fingerprint="1f" * 32, name=name, columns=columns, at=april.tick()
            )
        )

    first, second = Mapping(date="日期", amount="金额"), Mapping(date="记账日", amount="金额")
    assert save(first) is not None
    assert save(first) is None
    assert save(second) is not None
    found = april.read(lambda s: profiles.find(s, april.book, "1f" * 32))
    assert found is not None
    assert found.mapping == second
    assert len(april.read(lambda s: profiles.known(s, april.book))) == 1
    with pytest.raises(Invalid):
        save(Mapping())
    with pytest.raises(NotYourDuty):
        save(first, login="recorder")
