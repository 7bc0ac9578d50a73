"""Findings from the platforms' own flows against the books: what came in must be booked, all of it.

A recorder who leaves something out of the sheet and out of the declaration alike
is not seen by any chain of hashes; the platform's file sees it (threats T2). A flow
that says less than the books is no hidden income: it may be settled next month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from ledger import intake
from ledger.book import broadcasts, entries, flows_told, imports
from ledger.book import rows as rows_of
from ledger.book.broadcasts import Broadcast
from ledger.book.flows_told import Told
from ledger.book.scene import HIGH, Found, Rule, Scene, bound, say
from ledger.intake import douyin_commission
from ledger.money import yuan
from ledger.months import CHINA, Month
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_activity as a
from ledger.words import N_


def gifts(scene: Scene) -> Iterator[Found]:
    """The platform settled more gifts for a day than its broadcasts have in the books, or for a day without one."""
    named: dict[tuple[str, date], list[Told]] = defaultdict(list)
    for one in flows_told.told(scene.session, scene.book):
        if one.names is not None and not one.order:
            named[one.platform, one.names].append(one)
    shows = broadcasts.of_month(scene.session, scene.book) if named else []
    for (platform, day), rows in sorted(named.items()):
        if not _now(scene, rows, day):
            continue
        those = [item for item in shows if _ran(scene, item, platform, day)]
        settled = sum(row.fen for row in rows)
        booked = sum(_net(scene, item, platform) for item in those)
        if settled > booked:
            yield _gift(scene, platform, day, rows, those, settled, booked)


def _now(scene: Scene, rows: list[Told], day: date) -> bool:
    """Say whether the finding belongs to this month: that of the broadcast, or of the row for a later one."""
    months = {Month.of(day), *(Month.of(row.day) for row in rows)}
    return scene.seen.month in months


def _ran(scene: Scene, item: Broadcast, platform: str, day: date) -> bool:
    accounts = scene.seen.accounts
    on = item.starts_at.astimezone(CHINA).date()
    return on == day and any(accounts[c].platform == platform for c in item.accounts if c in accounts)


def _net(scene: Scene, item: Broadcast, platform: str) -> int:
    """Return what a broadcast's tips on a platform left after its share, in whatever month they are booked."""
    seen = scene.seen
    found = entries.of_broadcast(scene.session, scene.book, item.number)
    kinds = {entry.idx: entry.type for entry in found}
    mine = [
        entry
        for entry in found
        if kinds.get(entry.reverses or entry.idx) in ("TIP", "ADJUST", "BONUS")
        and seen.accounts[entry.account or ""].platform == platform
    ]
    lines = entries.lines(scene.session, scene.book, [entry.idx for entry in mine])
    awaiting = seen.chart.platform(platform).awaiting
    return sum(
        line.fen if line.dc == "D" else -line.fen
        for some in lines.values()
        for line in some
        if line.account == awaiting
    )


def _gift(
    scene: Scene,
    platform: str,
    day: date,
    rows: list[Told],
    those: list[Broadcast],
    settled: int,
    booked: int,
) -> Found:
    where = "、".join(item.number for item in those)
    name = _name(scene, rows[0].file)
    message = (
        N_("平台流水“{file}”为 {day} 的直播结算礼物收入 {settled} 元，账上扣除分成后只有 {booked} 元。")
        if those
        else N_(
            "平台流水“{file}”为 {day} 结算礼物收入 {settled} 元，这一天没有登记直播（账上 {booked} 元）。"
        )
    )
    return Found(
        subject=f"{platform}/{day.isoformat()}",
        where=where or name,
        message=message,
        values=say(file=name, day=day.isoformat(), settled=yuan(settled), booked=yuan(booked)),
        facts=bound(settled_fen=settled, booked_fen=booked, broadcasts=[item.number for item in those]),
        link=f"broadcasts/{those[0].number}" if those else f"imports/{rows[0].file}",
        since=day,
        records=(*(item.idx for item in those), *sorted({row.file for row in rows})),
        persons=_tellers(scene, [item.number for item in those]),
    )


def _name(scene: Scene, file: int) -> str:
    return imports.get(scene.session, scene.book, file).name


def _tellers(scene: Scene, numbers: list[str]) -> frozenset[str]:
    """Return who declared the broadcasts: the platform contradicts them, so others explain."""
    told, head = a.Declaration, t.RecordHead
    query = (
        select(head.person)
        .join(told, (told.book_id == head.book_id) & (told.idx == head.idx))
        .where(head.book_id == scene.book, told.broadcast.in_(numbers))
    )
    return frozenset(scene.session.scalars(query))


def wallet(scene: Scene) -> Iterator[Found]:
    """The platform's flow made more gift income withdrawable this month than the books moved there."""
    seen = scene.seen
    by_platform: dict[str, list[Told]] = defaultdict(list)
    for one in flows_told.told(scene.session, scene.book):
        if not one.order and Month.of(one.day) == seen.month:
            by_platform[one.platform].append(one)
    for platform, rows in sorted(by_platform.items()):
        moved = [entry for entry in seen.entries if seen.kind_of[entry.idx] == "TIP_SETTLE"]
        booked = seen.turnover(moved, seen.chart.platform(platform).wallet)
        settled = sum(row.fen for row in rows)
        if settled > booked:
            name = _name(scene, rows[0].file)
            yield Found(
                subject=f"{platform}/{seen.month}",
                where=name,
                message=N_(
                    "平台流水“{file}”本月结算礼物收入 {settled} 元，账上转为可提现的只有 {booked} 元。"
                ),
                values=say(file=name, settled=yuan(settled), booked=yuan(booked)),
                facts=bound(settled_fen=settled, booked_fen=booked),
                link=f"imports/{rows[0].file}",
                since=min(row.day for row in rows),
                records=tuple(sorted({row.file for row in rows})),
            )


def orders(scene: Scene) -> Iterator[Found]:
    """The flow settled commission for an order that is not booked, or is booked with another amount."""
    moved: dict[tuple[int, str], int] = defaultdict(int)
    for one in _commission(scene):
        if one.platform == douyin_commission.PLATFORM:
            moved[one.file, one.order] += one.fen
    known = _booked_orders(scene, sorted({order for _, order in moved}))
    by_file: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (file, order), fen in sorted(moved.items()):
        if fen > 0 and fen not in known.get(order, ()):
            by_file[file].append((order, fen))
    for file, lacking in by_file.items():
        name, total = _name(scene, file), sum(fen for _, fen in lacking)
        yield Found(
            subject=f"file/{file}",
            where=name,
            message=N_(
                "平台流水“{file}”里有 {count} 笔订单的佣金（共 {total} 元，如订单 {order}）没有照此入账。"
            ),
            values=say(file=name, count=len(lacking), total=yuan(total), order=lacking[0][0]),
            facts=bound(orders=[[order, fen] for order, fen in lacking]),
            link=f"imports/{file}",
            since=scene.seen.month.first_day,
            records=(file,),
        )


def _commission(scene: Scene) -> Iterator[Told]:
    """Yield the month's rows about commission on orders."""
    for one in flows_told.told(scene.session, scene.book):
        if one.order and Month.of(one.day) == scene.seen.month:
            yield one


def _booked_orders(scene: Scene, wanted: list[str]) -> dict[str, set[int]]:
    """Return, by order, what the flow may show of its booked rows: commission after and before the service fee."""
    found: dict[str, set[int]] = defaultdict(set)
    for file, numbers in _booked_rows(scene, wanted).items():
        head = log.get(scene.session, scene.book, file).body
        spans = rows_of.ranges(numbers)
        cells = rows_of.cells_of(scene.session, scene.book, file, spans, limit=len(numbers))
        header = tuple(head["header"])
        numbered = [(n, tuple(row)) for n, row in cells]
        for row in intake.reread(head["reader"], head["version"], header, numbered):
            found[row.key].update((row.amount_fen, row.amount_fen - row.fee_fen))
    return found


def _booked_rows(scene: Scene, wanted: list[str]) -> dict[int, list[int]]:
    """Return the booked rows of these orders: row numbers by file."""
    row, claim = t.SourceRow, a.RowClaim
    found: dict[int, list[int]] = defaultdict(list)
    for start in range(0, len(wanted), 500):
        query = (
            select(row.file_idx, row.n)
            .join(
                claim,
                (claim.book_id == row.book_id)
                & (claim.file_idx == row.file_idx)
                & (claim.first <= row.n)
                & (claim.last >= row.n),
            )
            .where(row.book_id == scene.book, row.key.in_(wanted[start : start + 500]), claim.use == "booked")
        )
        for file, n in scene.session.connection().execute(query.distinct().order_by(row.file_idx, row.n)):
            found[file].append(n)
    return found


def unlisted(scene: Scene) -> Iterator[Found]:
    """A platform without an order list of its own settled more commission than was entered by hand."""
    seen = scene.seen
    found = [one for one in _commission(scene) if one.platform != douyin_commission.PLATFORM]
    settled = sum(one.fen for one in found)
    by_hand = [e for e in seen.standing_entries("COMMISSION") if e.idx not in seen.with_rows]
    booked = seen.turnover(by_hand, seen.account("commission_due"))
    if found and settled > booked:
        name = _name(scene, found[0].file)
        yield Found(
            subject=f"commission/{seen.month}",
            where=name,
            message=N_("平台流水“{file}”本月结算佣金 {settled} 元，账上手工登记的只有 {booked} 元。"),
            values=say(file=name, settled=yuan(settled), booked=yuan(booked)),
            facts=bound(settled_fen=settled, booked_fen=booked),
            link=f"imports/{found[0].file}",
            since=min(one.day for one in found),
            records=tuple(sorted({one.file for one in found})),
        )


FLOW = N_("平台流水与账簿核对：收到的都要入账")

RULES = (
    Rule("flow-gifts", N_("平台为某场结算的多于账上"), HIGH, FLOW, gifts),
    Rule("flow-wallet", N_("平台转入可提现的多于账上"), HIGH, FLOW, wallet),
    Rule("flow-orders", N_("平台结算的佣金没有入账"), HIGH, FLOW, orders),
    Rule("flow-commission", N_("平台结算的佣金多于账上"), HIGH, FLOW, unlisted),
)
