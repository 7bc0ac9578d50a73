"""Every broadcast's money from the night's figure to the bank: declared, settled, booked, withdrawn, handed over.

The way is followed first in first out by `parcels`, through all vouchers up to the end of a month.
It is computed anew from the log each time: some thousand vouchers are read in a fraction of
a second, and no second set of figures can go stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import broadcasts, opening, settled
from ledger.book import chart as charts
from ledger.book.broadcasts import Broadcast
from ledger.book.money_parcels import COMMISSION, TIPS, Move, Owner, Places, Voucher
from ledger.book.money_trail import Trail
from ledger.book.month import MonthView
from ledger.months import Month
from ledger.sections_welfare import TieOutLine
from ledger.store import tables as t
from ledger.words import N_, Text

NOT_DECLARED = N_("没有当晚申报")
NOT_BOOKED = N_("尚未入账")
DIFFERS = N_("申报、平台结算与账面不一致，尚未说明")
PLATFORM_DIFFERS = N_("平台结算与账面不一致")
ON_THE_WAY = N_("款项尚未全部到达监管专户")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: a name (catalogue message), an amount, and the vouchers that made it.

    `vouchers`: (record, number, day, fen). `place` is the account where it lies or went to.
    """

    name: str
    place: Text
    fen: int
    vouchers: tuple[tuple[int, str, date, int], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A broadcast followed to the end of `through`: its line, the steps of its tips and of its commission.

    `covered`: what of a claw-back was taken from other broadcasts' money, and the reverse: (number, fen).
    """

    through: date
    line: TieOutLine
    tips: tuple[Step, ...]
    commission: tuple[Step, ...]
    covered: tuple[tuple[str, int], ...]


def tie_out(session: Session, seen: MonthView) -> tuple[TieOutLine, ...]:
    """Return the broadcasts of a month, each from declaration to bank, as at the month's end."""
    shown = [item for item in seen.broadcasts if item.month == seen.month]
    flow = follow(session, seen.book, seen.chart, seen.month)
    told = settled.told(session, seen.book, [item.number for item in shown], seen.month)
    return tuple(_line(seen.chart, flow, item, told[item.number]) for item in shown)


def trace(session: Session, book_id: str, number: str, through: Month) -> Trace:
    """Return one broadcast's way through the end of a month, with the vouchers of each step."""
    chart = charts.current(session, book_id)
    flow = follow(session, book_id, chart, through)
    item = broadcasts.get(session, book_id, number)
    told = settled.told(session, book_id, [number], through)[number]
    moves = [move for move in flow.moves if move.owner[1] == number]
    swaps: dict[str, int] = {}
    for move in moves:
        if move.swapped and move.source and not move.target:
            swaps[move.swapped] = swaps.get(move.swapped, 0) + move.fen
    return Trace(
        through.last_day,
        _line(chart, flow, item, told),
        tuple(_steps(chart, flow, (TIPS, number))),
        tuple(_steps(chart, flow, (COMMISSION, number))),
        tuple(sorted(swaps.items())),
    )


def places(chart: charts.Chart) -> Places:
    """Return the accounts that money from a platform passes."""
    named = chart.named
    tips = [code for one in chart.platforms.values() for code in (one.awaiting, one.wallet)]
    sales = [named["commission_due"], named["commission_wallet"]]
    return Places(
        queues={
            **dict.fromkeys([*tips, named["in_hands"], named["in_transit"]], TIPS),
            **dict.fromkeys(sales, COMMISSION),
        },
        income={named["tips"]: TIPS, named["bonus"]: TIPS, named["commission"]: COMMISSION},
        deductions={named["share"]: TIPS, named["guild"]: TIPS, named["tech_fee"]: COMMISSION},
        bank=named["bank"],
        suspense=named["suspense"],
        clawback=named["clawback"],
    )


def follow(session: Session, book_id: str, chart: charts.Chart, through: Month) -> Trail:
    """Return all parcels as at the end of a month."""
    where = places(chart)
    flow = Trail(where)
    flow.open({line.account: line.fen for line in opening.lines(session, book_id, "balance")})
    flow.run(_vouchers(session, book_id, where, through))
    return flow


def _vouchers(session: Session, book_id: str, where: Places, through: Month) -> list[Voucher]:
    """Return the vouchers that touch the way, by date; those undone by then left out with their red letters.

    A correction stands where what it corrects stood: an error in the books moved no money.
    """
    p, e = t.Posting, t.Entry
    watched = [*where.queues, *where.income, *where.deductions]
    touching = select(p.idx).where(p.book_id == book_id, p.account.in_(watched), p.period <= str(through))
    query = (
        select(e.idx, e.number, e.date, e.broadcast, e.corrects, e.reverses, p.account, p.dc, p.fen)
        .join(p, (p.book_id == e.book_id) & (p.idx == e.idx))
        .where(e.book_id == book_id, e.period <= str(through), e.idx.in_(touching), e.type != charts.CLOSE)
        .order_by(e.date, e.idx, p.n)
    )
    found: dict[int, Any] = {}
    lines: dict[int, list[tuple[str, int]]] = {}
    for row in session.connection().execute(query):
        found[row.idx] = row
        lines.setdefault(row.idx, []).append((row.account, row.fen if row.dc == "D" else -row.fen))
    undone = {row.reverses for row in found.values() if row.reverses is not None}
    standing = [row for row in found.values() if row.reverses is None and row.idx not in undone]
    standing.sort(key=lambda row: _place(row, found))
    return [
        Voucher(row.idx, row.number, date.fromisoformat(row.date), row.broadcast or "", tuple(lines[row.idx]))
        for row in standing
    ]


def _place(row: Any, found: dict[int, Any]) -> tuple[str, int]:  # noqa: ANN401 - a row
    """Return (date, record) of the first entry in a chain of corrections."""
    while row.corrects in found:
        row = found[row.corrects]
    return row.date, row.idx


def _line(chart: charts.Chart, flow: Trail, item: Broadcast, told: settled.Told) -> TieOutLine:
    """Return a broadcast's line. Money in transit from a wallet stands with the wallets, a claw-back owed with what is awaited."""
    owner: Owner = (TIPS, item.number)
    parts, earned = flow.parts(owner), flow.net(owner)
    named = chart.named
    platforms = chart.platforms.values()
    gross = sum(earned.get(named[name], 0) for name in ("tips", "bonus"))
    share, guild = -earned.get(named["share"], 0), -earned.get(named["guild"], 0)
    known = {named["in_hands"], named["tax"], named["bank"], *(one.wallet for one in platforms)}
    known.add(named["in_transit"])
    wallet = sum(parts.get(one.wallet, 0) for one in platforms) + parts.get(named["in_transit"], 0)
    state, note = _state(told, parts, chart)
    return TieOutLine(
        broadcast=item.number,
        declared_fen=told.declared_fen,
        platform_fen=told.platform_fen,
        gross_fen=gross,
        share_fen=share,
        guild_fen=guild,
        net_fen=gross - share - guild,
        tax_fen=parts.get(named["tax"], 0),
        awaiting_fen=sum(fen for account, fen in parts.items() if account not in known),
        wallet_fen=wallet,
        in_hands_fen=parts.get(named["in_hands"], 0),
        banked_fen=parts.get(named["bank"], 0),
        state=state,
        note=note,
    )


def _state(told: settled.Told, parts: dict[str, int], chart: charts.Chart) -> tuple[str, str]:
    """Return how declaration, platform and books stand to each other, then whether the money has arrived."""
    if told.booked_fen is None and not told.zero:
        return "open", NOT_BOOKED if told.declared_fen is not None else NOT_DECLARED
    if told.platform_fen is not None and told.platform_fen != (told.booked_fen or 0):
        return ("explained", told.corrected) if told.corrected else ("open", PLATFORM_DIFFERS)
    if told.declared_fen is None:
        return "open", NOT_DECLARED
    if told.declared_fen != (told.booked_fen or 0):
        return ("explained", told.explanation) if told.explanation else ("open", DIFFERS)
    arrived = {chart.named["bank"], chart.named["tax"]}
    if any(fen for account, fen in parts.items() if account not in arrived):
        return "transit", ON_THE_WAY
    return "matched", ""


EARNED, TAKEN = N_("平台结算收入"), N_("平台与公会扣除")
MOVED = N_("到达")
COVERED = N_("退款追扣与其他场次抵换")


def _steps(chart: charts.Chart, flow: Trail, owner: Owner) -> Iterator[Step]:
    """Yield the steps of an owner's money: earned, deducted, then into each account it came to, in order of time."""
    for (who, account), moves in flow.earned.items():
        if who == owner:
            fen = sum(move.fen for move in moves)
            name = EARNED if account in flow.places.income else TAKEN
            vouchers = tuple((move.entry, move.number, move.day, move.fen) for move in moves)
            yield Step(name, chart.account(account).name, fen, vouchers)
    groups: dict[tuple[str, str], list[Move]] = {}
    for move in flow.moves:
        if move.owner == owner:
            kind = COVERED if move.swapped else MOVED
            groups.setdefault((kind, move.target or move.source), []).append(move)
    for (kind, account), moves in groups.items():
        fen = sum(move.fen if move.target else -move.fen for move in moves)
        vouchers = tuple(
            (move.entry, move.number, move.day, move.fen if move.target else -move.fen) for move in moves
        )
        yield Step(kind, chart.account(account).name, fen, vouchers)
