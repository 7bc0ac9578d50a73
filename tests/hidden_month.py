"""Months made up from a seed: what the platform knows, what the office says of it, and the ways to hide some of it.

A `Plan` holds both sides apart. `write` puts the office's side into a book through
the use cases, with the platform's flow files beside it; a mutation changes the
office's side only.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ledger import intake
from ledger.book import accounts, broadcasts, declarations, drafts, imports, rows
from ledger.book.compose import NewEntry, compose
from tests.books import TIP_HEADER, Office, at
from tests.full_book import ORDERS_HEADER

PLATFORMS = {"A01": ("douyin", "抖音"), "A02": ("kuaishou", "快手"), "A03": ("wechat", "视频号")}
HANDLES = {"A01": "示例县公益直播", "A02": "示例县政府", "A03": "示例县视频号"}
SHEET, ORDERS = "打赏登记表.csv", "达人订单明细.csv"
FLOWS = {"douyin": "抖店动账明细.csv", "kuaishou": "快手动账.csv", "wechat": "视频号资金流水.csv"}


@dataclass
class Leg:
    """One account of a broadcast: `gross` and `net` as the platform has them, the rest as the office says, in fen."""

    account: str
    gross: int
    declared: int = 0
    sheet: int | None = None

    @property
    def platform(self) -> str:
        return PLATFORMS[self.account][0]

    @property
    def net(self) -> int:
        return self.gross - self.gross // 2


@dataclass
class Show:
    """A broadcast with its legs."""

    number: str
    starts_at: datetime
    ends_at: datetime
    legs: list[Leg]
    registered: bool = True


@dataclass
class Order:
    """An order with commission, fen; `listed` and `paid_at`, `total` as the office's file has them, `flow` as the platform."""

    id: str
    show: str
    paid_at: datetime
    total: int
    flow: int
    listed: bool = True


@dataclass
class Plan:
    """A month. `hidden` are the numbers and names of which a finding must speak; `discarded` the files thrown away."""

    shows: list[Show]
    orders: list[Order]
    hidden: set[str] = field(default_factory=set)
    discarded: set[str] = field(default_factory=set)

    def legs(self, *platforms: str) -> list[tuple[Show, Leg]]:
        """Return the legs that earned something, on these platforms (on any without)."""
        return [
            (show, leg)
            for show in self.shows
            for leg in show.legs
            if leg.gross and (not platforms or leg.platform in platforms)
        ]


def plan(rng: random.Random) -> Plan:
    """Return a clean month: the office says what the platform knows. Every kind of hiding finds something in it."""
    days = sorted(rng.sample(range(3, 24), rng.randint(3, 6)))
    shows, orders = [], []
    for n, day in enumerate(days, 1):
        start = at(day, f"{rng.choice((15, 19, 20)):02d}:{rng.choice((0, 30)):02d}")
        chosen = rng.sample(list(PLATFORMS), rng.randint(1, 2))
        if n <= 3:  # one broadcast on each platform at least, and it earned something
            chosen = [list(PLATFORMS)[n - 1], *(a for a in chosen if a != list(PLATFORMS)[n - 1])][:2]
        legs = [Leg(account, _gross(rng, sure=place == 0 and n <= 3)) for place, account in enumerate(chosen)]
        for leg in legs:
            leg.declared = leg.gross
            leg.sheet = leg.gross or None
        show = Show(f"2026-{n:04d}", start, start + timedelta(minutes=rng.randint(60, 200)), legs)
        shows.append(show)
        if "A01" in chosen:
            orders += [_order(rng, show, len(orders) + k) for k in range(rng.randint(1, 5))]
    return Plan(shows, orders)


def _gross(rng: random.Random, *, sure: bool) -> int:
    return 0 if not sure and rng.random() < 0.25 else rng.randint(100, 200_000) * 10


def _order(rng: random.Random, show: Show, number: int) -> Order:
    total = rng.randint(10, 5_000) * 10
    within = timedelta(seconds=rng.randint(0, int((show.ends_at - show.starts_at).total_seconds())))
    return Order(
        str(6931000000000200001 + number), show.number, show.starts_at + within, total, total - total // 10
    )


# ---- ways to hide --------------------------------------------------------------------------------------------


def row_removed(month: Plan, rng: random.Random) -> None:
    show, leg = rng.choice(month.legs())
    leg.sheet = None
    month.hidden = {show.number}


def amount_lowered(month: Plan, rng: random.Random) -> None:
    show, leg = rng.choice(month.legs())
    leg.sheet = leg.gross - rng.randint(1, leg.gross // 10 - 1) * 10
    month.hidden = {show.number}


def swapped(month: Plan, rng: random.Random) -> None:
    (one, left), (other, right) = rng.sample(month.legs(), 2)
    right.gross += 1000 if right.gross == left.gross else 0
    right.declared = right.gross
    left.sheet, right.sheet = right.gross, left.gross
    month.hidden = {one.number, other.number}


def time_shifted(month: Plan, rng: random.Random) -> None:
    order = rng.choice(month.orders)
    order.paid_at = at(rng.randint(3, 23), "05:00") + timedelta(minutes=rng.randint(0, 59))
    month.hidden = {ORDERS}


def not_registered(month: Plan, rng: random.Random) -> None:
    show, _ = rng.choice(month.legs())
    show.registered = False
    month.hidden = {SHEET, ORDERS}


def never_happened(month: Plan, rng: random.Random) -> None:
    show, leg = rng.choice(month.legs("kuaishou", "wechat"))
    show.registered = False
    for one in show.legs:
        one.sheet = None
    month.orders = [order for order in month.orders if order.show != show.number]
    month.hidden = {FLOWS[leg.platform]}


def file_discarded(month: Plan, rng: random.Random) -> None:
    name = rng.choice([SHEET, ORDERS])
    month.discarded = {name}
    month.hidden = {name}


def declared_zero(month: Plan, rng: random.Random) -> None:
    show, leg = rng.choice(month.legs("kuaishou", "wechat"))
    leg.declared, leg.sheet = 0, None
    month.hidden = {show.number}


def both_lowered(month: Plan, rng: random.Random) -> None:
    show, leg = rng.choice(month.legs("kuaishou", "wechat"))
    leg.declared = leg.sheet = leg.gross - rng.randint(1, leg.gross // 10 - 1) * 10
    month.hidden = {show.number}


def order_missing(month: Plan, rng: random.Random) -> None:
    order = rng.choice(month.orders)
    order.listed = False
    month.hidden = {FLOWS["douyin"]}


def order_lowered(month: Plan, rng: random.Random) -> None:
    order = rng.choice(month.orders)
    order.total -= rng.randint(1, order.total // 10 - 1) * 10 if order.total > 100 else 10
    month.hidden = {FLOWS["douyin"]}


MUTATIONS: tuple[Callable[[Plan, random.Random], None], ...] = (
    row_removed,
    amount_lowered,
    swapped,
    time_shifted,
    not_registered,
    never_happened,
    file_discarded,
    declared_zero,
    both_lowered,
    order_missing,
    order_lowered,
)


# ---- into the book -------------------------------------------------------------------------------------------


def prepare_accounts(office: Office) -> None:
    """Open the third account and file all of them, once for all months."""

    def act(session: Session) -> None:
        recorder = office.who("recorder")
        accounts.open_account(
            session,
            recorder,
            platform="wechat",
            handle=HANDLES["A03"],
            owner_kind="institution",
            owner="示例县人民政府办公室",
            at=office.tick(),
        )
        for account in PLATFORMS:
            for body in accounts.FILED_WITH:
                accounts.file_account(
                    session,
                    recorder,
                    account,
                    filed_with=body,
                    number="示备〔2026〕1号",
                    filed_on=date(2026, 2, 24),
                    attachments=[office.document(session, b"filing")],
                    at=office.tick(),
                )

    office.write(act)


class Writer:
    """Puts a plan into the book inside one transaction, which the test then drops."""

    def __init__(self, office: Office, session: Session) -> None:
        self.office, self.session, self.moment = office, session, at(2, "08:00")
        self.recorder, self.checker = office.who("recorder"), office.who("checker")

    def tick(self, least: datetime | None = None) -> datetime:
        self.moment = max(self.moment + timedelta(seconds=1), least or self.moment)
        return self.moment

    def write(self, month: Plan) -> None:
        for show in month.shows:
            if show.registered:
                self._night(show)
        self.moment = max(self.moment, at(26, "09:00"))
        self._file(SHEET, sheet(month), discarded=SHEET in month.discarded)
        self._file(ORDERS, order_file(month), discarded=ORDERS in month.discarded)
        for platform in ("kuaishou", "wechat"):
            booked = sum(
                leg.sheet - leg.sheet // 2
                for show, leg in month.legs(platform)
                if leg.sheet and show.registered and SHEET not in month.discarded
            )
            if booked:
                self._entry(NewEntry("TIP_SETTLE", date(2026, 3, 30), {"amount": booked}, platform=platform))
        self.moment = at(31, "17:00")
        for platform, make in (("douyin", douyin_flow), ("kuaishou", kuaishou_flow), ("wechat", wechat_flow)):
            data = make(month)
            if data:
                self._receive(FLOWS[platform], data)

    def _night(self, show: Show) -> None:
        broadcasts.record(
            self.session,
            self.recorder,
            number=show.number,
            title="助农专场",
            starts_at=show.starts_at,
            ends_at=show.ends_at,
            accounts=tuple(leg.account for leg in show.legs),
            department="县农业农村局",
            host="李某",
            host_person=None,
            at=self.tick(show.ends_at),
        )
        files = [self.office.document(self.session, show.number.encode())]
        given: dict[str, Any] = {"captured_at": show.ends_at, "attachments": files}
        told = tuple((leg.account, leg.declared, leg.declared // 10) for leg in show.legs if leg.declared)
        if told:
            declarations.declare(
                self.session, self.recorder, show.number, shown=told, **given, at=self.tick()
            )
        zero = tuple(leg.account for leg in show.legs if not leg.declared)
        if zero:
            declarations.declare_zero(
                self.session, self.recorder, show.number, accounts=zero, **given, at=self.tick()
            )

    def _receive(self, name: str, data: bytes) -> tuple[int, intake.Settlement]:
        read = intake.read(data, name)
        idx, _ = imports.receive(self.session, self.recorder, data, name, read, at=self.tick())
        return idx, read

    def _file(self, name: str, data: bytes, *, discarded: bool) -> None:
        if not data:
            return
        idx, read = self._receive(name, data)
        if discarded:
            rows.discard(self.session, self.recorder, idx, reason="选错了文件", at=self.tick())
            return
        self._post(imports.prepare(self.session, self.recorder, idx, read, at=self.tick()))

    def _entry(self, new: NewEntry) -> None:
        payload = {"entries": [compose(self.session, self.recorder, new, at=self.tick(at(30)))]}
        draft = drafts.prepare(self.session, self.recorder, kind="manual", payload=payload, at=self.tick())
        self._post(draft)

    def _post(self, draft: drafts.Draft) -> None:
        drafts.post(
            self.session, self.checker, draft.draft, seen=draft.digest, at=self.tick(), override="按平台记录"
        )


# ---- files ---------------------------------------------------------------------------------------------------


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def lines(header: str, found: list[str]) -> bytes:
    return ("\ufeff" + "\r\n".join([header, *found]) + "\r\n").encode() if found else b""


def sheet(month: Plan) -> bytes:
    """Return the office's tip sheet."""
    return lines(
        TIP_HEADER,
        [
            f"{show.number},{PLATFORMS[leg.account][1]},{HANDLES[leg.account]},{show.starts_at:%Y-%m-%d %H:%M:%S},"
            f"{show.ends_at:%Y-%m-%d %H:%M:%S},{leg.sheet // 10},{yuan(leg.sheet)},"
            f"{yuan(leg.sheet - leg.sheet // 2)},,{show.ends_at:%Y-%m-%d %H:%M:%S},记录员甲,复核员乙,"
            for show in month.shows
            for leg in show.legs
            if leg.sheet
        ],
    )


def order_file(month: Plan) -> bytes:
    """Return the influencer's order list as the office brings it."""
    return lines(
        ORDERS_HEADER,
        [
            f"{one.id}\t,3620000000000000012\t,土豆粉条2kg,示例县粉条厂,订单结算,{yuan(one.total * 10)},10.00%,"
            f"{yuan(one.total)},{yuan(net)},{yuan(net)},{yuan(one.total - net)},"
            f"{one.paid_at:%Y-%m-%d %H:%M:%S},2026-03-24 03:00:00,直播"
            for one in month.orders
            if one.listed
            for net in [one.total - one.total // 10]
        ],
    )


def douyin_flow(month: Plan) -> bytes:
    """Return the platform's fund flow: commission by order, balance running on."""
    header = "动账流水号,关联订单号,关联子订单号,动账时间,账户方向(收入/支出),动账金额(元),动账场景,账户余额(元),备注"
    found, balance = [], 0
    for n, one in enumerate(month.orders):
        balance += one.flow
        key = 2026032408000000000000000001 + n
        found.append(
            f"{key}\t,{one.id}\t,{one.id}\t,2026-03-24 08:{n // 60:02d}:{n % 60:02d},收入,{yuan(one.flow)},"
            f"佣金结算入账,{yuan(balance)},订单结算"
        )
    return lines(header, found)


def kuaishou_flow(month: Plan) -> bytes:
    """Return the platform's fund flow: gifts by broadcast day, balance running on."""
    header = "账务流水号,关联业务单号,入账时间,账务方向,发生额（元）,期末余额（元）,业务类型,描述,备注"
    found, balance = [], 0
    for n, (show, leg) in enumerate(month.legs("kuaishou")):
        balance += leg.net
        found.append(
            f"KS2026033000000000{n:04d},260330000000{n:04d},2026-03-30 02:{n // 60:02d}:{n % 60:02d},收,"
            f"{yuan(leg.net)},{yuan(balance)},直播礼物结算,{show.starts_at:%Y-%m-%d}场次,"
        )
    return lines(header, found)


def wechat_flow(month: Plan) -> bytes:
    """Return the platform's fund flow: gifts by broadcast day, balance running on."""
    header = (
        "流水单号,记账时间,动帐类型,收支类型,收支金额,账户余额,关联订单号,关联售后单号,关联提现单号,"
        "关联保单号,关联礼物单号,详情"
    )
    found, balance = [], 0
    for n, (show, leg) in enumerate(month.legs("wechat")):
        balance += leg.net
        found.append(
            f"WX26033{n:05d},2026-03-30 03:{n // 60:02d}:{n % 60:02d},直播打赏,收入,{yuan(leg.net)},{yuan(balance)},"
            f",,,,,{show.starts_at:%Y-%m-%d} 直播礼物收入"
        )
    return lines(header, found)
