"""A generated year of one county: broadcasts, order rows, refunds, returns, corrections, and a month without any.

Everything goes through the use cases. The figures follow from a seed; `Scale` says how much
of it there is, so that a small year runs among the tests and a large one as a drill.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ledger.book import balances, checklist, corrections, month_end, placing, reconcile, shown
from ledger.months import CHINA, Month
from ledger.store.record import Record
from tests import books
from tests.books import Office, new_entry
from tests.full_book import ORDERS_HEADER

FIRST = Month(2026, 3)
MONTHS = 12
QUIET = Month(2026, 8)
"""The month without a broadcast."""

ORDER = (
    "{id}\t,3620000000000000012\t,土豆粉条2kg,示例县粉条厂,{state},{paid},{rate}.00%,{total},{net},{settled},"
    "{fee},{paid_at},{settled_at},直播"
)


BANK_HEADER = "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"


@dataclass(frozen=True)
class Scale:
    """How much happens: broadcasts in a month (the quiet one has none) and orders per broadcast."""

    broadcasts: int = 4
    orders: int = 25


SMALL, FULL = Scale(), Scale(broadcasts=23, orders=800)
"""A year of 44 broadcasts and 1,100 rows; one of 253 and 202,400."""


def yuan(fen: int) -> str:
    """Fen as a platform's file writes them."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


@dataclass
class Year:
    """The year as it is played. `bank` collects what the bank's statement of the month will show."""

    office: Office
    scale: Scale
    chance: random.Random
    next_order: int = 6_931_000_000_000_000_001
    wallet: int = 0
    commission: int = 0
    hands: int = 0
    fund: int = 2_000_000
    advance: dict[str, int] = field(default_factory=lambda: {"redcross": 0, "charity": 0})
    balance: int = 2_000_000
    bank: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    sold: list[tuple[int, int, int, datetime]] = field(default_factory=list)
    tipped: list[tuple[str, int]] = field(default_factory=list)

    def day(self, month: Month, number: int) -> date:
        """Return a day of a month."""
        return date(month.year, month.number, number)

    def at(self, month: Month, number: int, clock: str = "12:00") -> datetime:
        """Return a moment of a month."""
        hour, minute = map(int, clock.split(":"))
        return datetime(month.year, month.number, number, hour, minute, tzinfo=CHINA)

    def entry(self, kind: str, day: date, login: str = "accountant", **more: Any) -> Record:
        """Draft and post an entry of that day, with a picture as evidence."""
        shot = self.office.write(lambda s: self.office.document(s, f"{kind}{day}{more}".encode()))
        return self.office.entry(kind, login, date=day, attachments=(shot,), **more)

    def banked(self, kind: str, month: Month, number: int, fen: int, party: str, **more: Any) -> Record:
        """Post an entry that moves the bank, and remember it for the statement."""
        login = "cashier" if kind != "GRANT_RETURN" else "accountant"
        posted = self.entry(kind, self.day(month, number), login, amount=abs(fen), **more)
        self.bank.append((self.at(month, number, f"10:{len(self.bank) % 60:02d}"), fen, party, kind))
        return posted


def months() -> Iterator[Month]:
    """Yield the months of the year."""
    for n in range(MONTHS):
        yield FIRST.plus(n)


def play_month(year: Year, month: Month) -> None:
    """Play one month but for its reconciliation and close."""
    office = year.office
    year.bank = []
    last = month.last_day.day
    office.now = max(office.now, year.at(month, last, "18:00"))
    if month != QUIET:
        _broadcasts(year, month)
    _claw_backs(year, month)
    _to_the_bank(year, month)
    _spend(year, month)


def _broadcasts(year: Year, month: Month) -> None:
    """Register the month's broadcasts, declare them, import the tip sheet and the orders, post both."""
    office, chance = year.office, year.chance
    rows, orders, shows = [], [], []
    for n in range(year.scale.broadcasts):
        day = 2 + n % 23
        number = f"{month.year}-{month.number:02d}{n + 1:02d}"
        start = year.at(month, day, f"{8 + 4 * (n // 23):02d}:00" if n >= 23 else "20:00")
        office.broadcast(number, starts_at=start, ends_at=start + timedelta(hours=2))
        gross = 2 * chance.randrange(5_000, 500_000)
        shows.append((number, start, gross))
        text = f"{start:%Y-%m-%d}"
        rows.append(
            f"{number},抖音,示例县公益直播,{start:%Y-%m-%d %H:%M:%S},{start + timedelta(hours=2):%Y-%m-%d %H:%M:%S},"
            f"{gross // 10},{yuan(gross)},{yuan(gross // 2)},,{text} 22:30:00,记录员甲,复核员乙,"
        )
        orders += _orders(year, month, start)
    sheet = office.import_file(books.tip_sheet(*rows), f"打赏登记表{month}.csv")
    office.post(office.prepare(sheet[0], sheet[2]))
    year.tipped = [(number, gross) for number, _, gross in shows]
    data = ("\ufeff" + "\r\n".join([ORDERS_HEADER, *orders]) + "\r\n").encode()
    received = office.import_file(data, f"达人订单明细{month}.csv")
    office.post(office.prepare(received[0], received[2]))
    tips = sum(gross // 2 for _, _, gross in shows)
    year.entry("TIP_SETTLE", month.last_day, platform="douyin", amount=tips)
    year.wallet += tips
    due = sum(total - fee for total, fee, _, _ in year.sold)
    year.entry("COMM_SETTLE", month.last_day, amount=due)
    year.commission += due


def _orders(year: Year, month: Month, start: datetime) -> list[str]:
    """Return a broadcast's order rows: most settled, some only estimated."""
    found, chance = [], year.chance
    settled_at = min(
        start + timedelta(days=chance.randrange(1, 5)), year.at(month, month.last_day.day, "03:00")
    )
    for _ in range(year.scale.orders):
        paid, rate = chance.randrange(10, 200) * 100, chance.choice((5, 10, 20))
        total = paid * rate // 100
        fee = total // 10
        paid_at = start + timedelta(seconds=chance.randrange(7_000))
        estimate = chance.random() < 0.05 or settled_at <= paid_at
        found.append(
            ORDER.format(
                id=year.next_order,
                state="订单付款" if estimate else "订单结算",
                paid=yuan(paid),
                rate=rate,
                total=yuan(total),
                net=yuan(total - fee),
                settled="0.00" if estimate else yuan(total - fee),
                fee=yuan(fee),
                paid_at=f"{paid_at:%Y-%m-%d %H:%M:%S}",
                settled_at="-" if estimate else f"{settled_at:%Y-%m-%d %H:%M:%S}",
            )
        )
        if not estimate:
            year.sold.append((total, fee, year.next_order, paid_at))
        year.next_order += 1
    return found


def _claw_backs(year: Year, month: Month) -> None:
    """A minor's tip is refunded; one commission of an earlier sale is clawed back."""
    if year.tipped and year.wallet > 10_000:
        number, _ = year.tipped[0]
        day = month.last_day
        year.entry(
            "REFUND_TIP", day, platform="douyin", account="A01", broadcast=number, gross=3_000, fee=1_500
        )
        year.wallet -= 1_500
    if year.sold and year.commission > 10_000:
        total, fee, _, _ = year.sold[0]
        year.entry("REFUND_COMM", month.last_day, total=total, fee=fee)
        year.commission -= total - fee
    year.sold, year.tipped = [], []


def _to_the_bank(year: Year, month: Month) -> None:
    """Withdraw, hand over most of it, and let the bank take its fee and pay its interest."""
    last = month.last_day.day
    if year.wallet:
        tax = year.wallet // 100
        year.entry("WITHDRAW_CARD", month.last_day, platform="douyin", gross=year.wallet, tax=tax)
        year.hands += year.wallet - tax
        year.wallet = 0
    if year.hands:
        part = year.hands if month.number % 3 else year.hands // 2
        year.banked("HANDOVER", month, last, part, "张某某")
        year.hands -= part
    if year.commission:
        year.banked("WITHDRAW_CORP", month, last, year.commission, "示例支付公司")
        year.commission = 0
    year.banked("BANK_FEE", month, last, -500, "")
    if month.number % 3 == 0:
        year.banked("INTEREST", month, last, 1_234, "")


def _spend(year: Year, month: Month) -> None:
    """Allocate, pay both charities, let them spend; one amount is corrected, one grant is returned in part."""
    last, day = month.last_day.day, month.last_day
    share = year.chance.randrange(100_000, 150_000)
    facts = {"resolution": f"示公益〔{month.year}〕{month.number}号"}
    year.entry("ALLOCATE", day, to_redcross=share, to_charity=share, facts=facts)
    for party, name in (("redcross", "示例县红十字会"), ("charity", "示例县慈善总会")):
        year.banked("GRANT_PAY", month, last, -share, name, charity=party)
        year.advance[party] += share
        facts = {"activity": "助学", "place": "示例镇", "beneficiaries": 8, "payee": "示例县百货商店"}
        spent = year.advance[party] - year.chance.randrange(1_000, 9_000)
        posted = year.entry(
            "SPEND",
            day,
            f"{party}-clerk",
            charity=party,
            facts=facts,
            amount=spent + (90 if party == "redcross" else 0),
        )
        if party == "redcross":
            _correct(
                year, posted, month, new_entry("SPEND", date=day, charity=party, facts=facts, amount=spent)
            )
        year.advance[party] -= spent
    if month.number % 4 == 0 and year.advance["charity"]:
        back = year.advance["charity"]
        year.banked("GRANT_RETURN", month, last, back, "示例县慈善总会", charity="charity")
        year.entry("ALLOCATE_BACK", day, charity="charity", amount=back)
        year.advance["charity"] = 0


def _correct(year: Year, wrong: Record, month: Month, right: Any) -> None:
    """Undo an amount and post the right one."""
    office = year.office
    draft = office.write(
        lambda s: corrections.prepare(
            s,
            office.who("redcross-clerk"),
            wrong.index,
            right=right,
            reason="金额误记",
            day=month.last_day,
            at=office.tick(),
        )
    )
    office.post(draft, "accountant")


def statement(year: Year, month: Month) -> bytes:
    """Return the bank's statement of the month as ICBC writes it, newest movements last."""
    opening = year.balance
    rows = ["历史明细查询结果", BANK_HEADER]
    for n, (moment, fen, party, kind) in enumerate(sorted(year.bank), start=1):
        opening += fen
        way, out, into = ("贷", "0.00", yuan(fen)) if fen > 0 else ("借", yuan(-fen), "0.00")
        rows.append(
            f"0,3011000000000000001,,{moment:%Y-%m-%d %H:%M:%S},{way},{out},{into},,{kind},第{n}笔,{party},"
            f"{yuan(opening)},"
        )
    year.balance = opening
    return ("\r\n".join(rows) + "\r\n").encode("gbk")


def reconcile_month(year: Year, month: Month) -> None:
    """Receive and place the bank's statement, match it, file the platforms' screens, record the receipts."""
    office, after = year.office, month.plus(1)
    office.now = max(office.now, year.at(after, 2, "09:00"))
    if year.bank:
        idx, _, _ = office.import_file(statement(year, month), f"工行对公明细{month}.csv", "cashier")
        days = {"first_day": month.first_day, "last_day": month.last_day}
        office.write(
            lambda s: placing.place(
                s, office.who("cashier"), idx, account="1002.01", at=office.tick(), **days
            )
        )
    for account in ("1009.01", "1009.02", "1009.11"):
        moved = office.read(lambda s: balances.movements(s, office.book, month))
        held = moved[account].closing_fen if account in moved else 0
        office.write(
            lambda s, account=account, held=held: shown.record(
                s,
                office.who("cashier"),
                account=account,
                day=month.last_day,
                balance_fen=held,
                attachments=[office.document(s, f"{account}{month}".encode())],
                at=office.tick(),
            )
        )
    picks = office.read(
        lambda s: [p.keys for p in reconcile.sheet(s, office.book, "1002.01", month).proposals]
    )
    if picks:
        office.write(
            lambda s: reconcile.match_all(
                s, office.who("accountant"), account="1002.01", month=month, picks=picks, at=office.tick()
            )
        )


def close_month(year: Year, month: Month) -> None:
    """Submit the month with a note on what the charities still owe, and confirm it."""
    office = year.office
    office.now = max(office.now, year.at(month.plus(1), 5, "09:00"))
    notes = dict.fromkeys(checklist.SOFT, "票据下月补登；异常正在核实。")
    draft = office.write(
        lambda s: month_end.submit(s, office.who("accountant"), month, notes=notes, at=office.tick())
    )
    office.post(draft)
