"""Findings about broadcasts and what they earned: declared, booked, shared with the platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from ledger.book import usual
from ledger.book.broadcasts import Broadcast
from ledger.book.declarations import NIGHT, Declared
from ledger.book.entries import Entry
from ledger.book.month import MonthView
from ledger.book.scene import HIGH, LOW, MIDDLE, Found, Rule, Scene, bound, of_entry, say
from ledger.money import yuan
from ledger.months import CHINA, parse_stamp
from ledger.store import tables as t
from ledger.words import N_

LONG = timedelta(hours=4)
"""A broadcast whose end nobody noted is taken to last this long."""

UNIT_FEN = {"douyin": 10}
"""10 音浪 = 1 元 (domain A1), a plausibility only; other platforms' units have no fixed price."""


def legs(scene: Scene) -> Iterator[tuple[Broadcast, str, str]]:
    """Yield (broadcast, account, handle) of the month's broadcasts that have begun."""
    for item in scene.seen.broadcasts:
        if item.month == scene.seen.month and item.starts_at.astimezone(CHINA).date() <= scene.through:
            for code in item.accounts:
                if code in scene.seen.accounts:
                    yield item, code, scene.seen.accounts[code].handle


def _tips(seen: MonthView, number: str, code: str) -> list[Entry]:
    """Return the month's tip vouchers of a leg, red letters included."""
    return [entry for entry in seen.of_broadcast(number, "TIP", "ADJUST") if entry.account == code]


def _leg(item: Broadcast, code: str, message: str, /, told: Declared | None = None, **more: object) -> Found:
    """Return a finding about one account of a broadcast."""
    return Found(
        subject=f"{item.number}/{code}",
        where=item.number,
        message=message,
        link=f"broadcasts/{item.number}",
        since=item.starts_at.astimezone(CHINA).date(),
        records=(told.idx,) if told else (item.idx,),
        **more,  # type: ignore[arg-type]  # further fields of Found
    )


def undeclared(scene: Scene) -> Iterator[Found]:
    """Neither a night declaration nor a zero-income declaration."""
    for item, code, handle in legs(scene):
        if (item.number, code) not in scene.seen.declared:
            yield _leg(
                item,
                code,
                N_("账号“{handle}”没有当晚申报，也没有零收入声明。"),
                values=say(handle=handle),
                facts=bound(starts_at=item.starts_at.isoformat()),
            )


def declared_late(scene: Scene) -> Iterator[Found]:
    """Declared more than 24 hours after the end: the figure may be read off something else by then."""
    for item, code, handle in legs(scene):
        told = scene.seen.declared.get((item.number, code))
        if told is None:
            continue
        made = parse_stamp(scene.seen.told_at[told.idx])
        if made > (item.ends_at or item.starts_at + LONG) + NIGHT:
            yield _leg(
                item,
                code,
                N_("账号“{handle}”的申报晚于下播后 24 小时（{at}）。"),
                told,
                values=say(handle=handle, at=f"{made:%Y-%m-%d %H:%M}"),
                facts=bound(told=told.idx),
            )


def zero_with_income(scene: Scene) -> Iterator[Found]:
    """Declared as no income, and tips are booked."""
    for item, code, handle in legs(scene):
        told = scene.seen.declared.get((item.number, code))
        gross = -scene.seen.turnover(_tips(scene.seen, item.number, code), scene.seen.account("tips"))
        if told is not None and told.zero and gross:
            yield _leg(
                item,
                code,
                N_("账号“{handle}”声明零收入，却有打赏入账。"),
                told,
                values=say(handle=handle),
                facts=bound(told=told.idx, gross_fen=gross),
                persons=_tellers(scene, told),
            )


def _tellers(scene: Scene, told: Declared) -> frozenset[str]:
    """Return who made a declaration: what contradicts it is for others to explain."""
    head = t.RecordHead
    query = select(head.person).where(head.book_id == scene.book, head.idx == told.idx)
    return frozenset(scene.session.scalars(query))


def declared_differs(scene: Scene) -> Iterator[Found]:
    """The settled figure is not the declared one, and nobody has said why."""
    for item, code, handle in legs(scene):
        told = scene.seen.declared.get((item.number, code))
        tips = _tips(scene.seen, item.number, code)
        if told is None or told.zero or not tips:
            continue
        difference = -scene.seen.turnover(tips, scene.seen.account("tips")) - told.amount_fen
        why = scene.seen.explained.get((item.number, code))
        if difference and (why is None or why.difference_fen != difference):
            yield _leg(
                item,
                code,
                N_("账号“{handle}”的结算数与当晚申报不一致，差额 {difference} 元，尚未说明。"),
                told,
                values=say(handle=handle, difference=yuan(difference)),
                facts=bound(told=told.idx, difference_fen=difference),
                persons=_tellers(scene, told),
            )


def declared_unbooked(scene: Scene) -> Iterator[Found]:
    """Income was declared that night and no voucher holds it yet."""
    for item, code, handle in legs(scene):
        told = scene.seen.declared.get((item.number, code))
        if told and not told.zero and told.amount_fen and not _tips(scene.seen, item.number, code):
            yield _leg(
                item,
                code,
                N_("账号“{handle}”已申报收入 {amount} 元，尚未入账。"),
                told,
                values=say(handle=handle, amount=yuan(told.amount_fen)),
                facts=bound(told=told.idx, amount_fen=told.amount_fen),
            )


def units_differ(scene: Scene) -> Iterator[Found]:
    """Gift units at their usual price give another amount (plausibility only, never booked)."""
    for item, code, handle in legs(scene):
        told = scene.seen.declared.get((item.number, code))
        price = UNIT_FEN.get(scene.seen.accounts[code].platform)
        if told is None or told.units is None or price is None:
            continue
        if abs(told.units * price - told.amount_fen) > scene.limits.small_fen:
            yield _leg(
                item,
                code,
                N_("账号“{handle}”申报 {units} 个礼物单位，按 10 个 1 元折算与申报的 {amount} 元不符。"),
                told,
                values=say(handle=handle, units=told.units, amount=yuan(told.amount_fen)),
                facts=bound(told=told.idx),
            )


def no_end(scene: Scene) -> Iterator[Found]:
    """Tips are booked, and nobody noted when the broadcast ended."""
    for item in scene.seen.broadcasts:
        booked = item.month == scene.seen.month and scene.seen.of_broadcast(item.number, "TIP")
        if booked and item.ends_at is None:
            yield Found(
                item.number,
                item.number,
                N_("场次没有下播时间，不能核对订单是否在直播时间内。"),
                facts=bound(idx=item.idx),
                link=f"broadcasts/{item.number}",
                since=item.starts_at.astimezone(CHINA).date(),
                records=(item.idx,),
            )


def outside(scene: Scene) -> Iterator[Found]:
    """Income that belongs to no broadcast."""
    for entry in scene.seen.standing_entries("TIP", "BONUS", "COMMISSION"):
        if not entry.broadcast:
            yield of_entry(entry, N_("收入 {amount} 元没有归属的场次。"), amount=yuan(entry.amount_fen))


def share_unusual(scene: Scene) -> Iterator[Found]:
    """The platform kept another part of the tips than it usually does."""
    seen = scene.seen
    known: dict[str, tuple[int, ...]] = {}
    for entry in seen.standing_entries("TIP"):
        gross = -seen.turnover([entry], seen.account("tips"))
        kept = seen.turnover([entry], seen.account("share"))
        account = seen.accounts.get(entry.account or "")
        platform = account.platform if account else ""
        if platform not in known:
            known[platform] = usual.shares(scene.session, scene.book, scene.limits, platform, seen.month)
        for figure in known[platform]:
            if usual.far(kept, gross, figure, scene.limits.share_tolerance_bp, scene.limits.small_fen):
                yield of_entry(
                    entry,
                    N_("平台分成 {kept} 元，占打赏的 {rate}%，通常是 {usual}%。"),
                    kept=yuan(kept),
                    rate=usual.percent(kept, gross),
                    usual=usual.percent(figure, 10_000),
                )
                break


def fee_unusual(scene: Scene) -> Iterator[Found]:
    """The technical service fee is not about a tenth of the commission."""
    seen, limits = scene.seen, scene.limits
    for entry in seen.standing_entries("COMMISSION"):
        total = -seen.turnover([entry], seen.account("commission"))
        fee = seen.turnover([entry], seen.account("tech_fee"))
        if usual.far(fee, total, limits.fee_bp, limits.fee_tolerance_bp, limits.small_fen):
            yield of_entry(
                entry,
                N_("技术服务费 {fee} 元，占佣金的 {rate}%，通常是 {usual}%。"),
                fee=yuan(fee),
                rate=usual.percent(fee, total),
                usual=usual.percent(limits.fee_bp, 10_000),
            )


NIGHT_RULE = N_("收入须在下播后 24 小时内申报（本账本的规定）")
A1 = N_("平台的实际费率（界限可由规则设定）")

RULES = (
    Rule("undeclared", N_("没有当晚申报"), HIGH, NIGHT_RULE, undeclared),
    Rule("declared-late", N_("申报晚了"), MIDDLE, NIGHT_RULE, declared_late),
    Rule("zero-with-income", N_("零收入声明与入账不符"), HIGH, NIGHT_RULE, zero_with_income),
    Rule("declared-differs", N_("申报与结算不一致"), HIGH, NIGHT_RULE, declared_differs),
    Rule("declared-unbooked", N_("申报了没有入账"), MIDDLE, NIGHT_RULE, declared_unbooked),
    Rule("units-differ", N_("礼物单位与金额不符"), LOW, N_("10 音浪合 1 元，只作合理性核对"), units_differ),
    Rule("no-end", N_("没有下播时间"), LOW, N_("核对订单须有直播时间"), no_end),
    Rule("outside", N_("收入没有场次"), MIDDLE, N_("每笔收入须对应一场直播"), outside),
    Rule("share-unusual", N_("平台分成异常"), MIDDLE, A1, share_unusual),
    Rule("fee-unusual", N_("技术服务费异常"), MIDDLE, A1, fee_unusual),
)
