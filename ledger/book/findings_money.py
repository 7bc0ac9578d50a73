"""Findings about money that waits, duties that are due, and what was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger.book import agreements, balances, disclosures, handover
from ledger.book.disclosure_items import DUTIES
from ledger.book.scene import HIGH, LOW, MIDDLE, Found, Rule, Scene, bound, of_entry, say
from ledger.money import yuan
from ledger.months import CHINA
from ledger.words import N_

UNJUDGED_DAYS = 10
"""Without a working calendar nobody can say what is late; beyond so many calendar days it is said all the same."""


def late_handover(scene: Scene) -> Iterator[Found]:
    """Money stayed with the streamer beyond the days allowed, or for long while no calendar tells."""
    for one in handover.ages(scene.session, scene.book, scene.through):
        days = (scene.through - one.since).days
        if not (one.late or (one.unknown and days > UNJUDGED_DAYS)):
            continue
        due = one.due.isoformat() if one.due else ""
        message = (
            N_("主播代收 {amount} 元，{since} 提现，应于 {due} 前上缴，已 {days} 个工作日。")
            if one.late
            else N_("主播代收 {amount} 元，{since} 提现，已 {days} 天；没有载入工作日历，无法判断是否逾期。")
        )
        age = one.working_days if one.late and one.working_days is not None else days
        yield Found(
            subject=f"{one.since.isoformat()}/{one.number or '期初'}",
            where=one.number or N_("期初"),
            message=message,
            values=say(amount=yuan(one.fen), since=one.since.isoformat(), due=due, days=age),
            facts=bound(fen=one.fen, due=due, entry=one.entry),
            link="handover/",
            since=one.since,
            records=(one.entry,) if one.entry is not None else (),
        )


def suspense(scene: Scene) -> Iterator[Found]:
    """Receipts that nobody knows whose they are; more serious once they have lain for long."""
    seen = scene.seen
    code = seen.account("suspense")
    fen = -seen.moved(code).closing_fen
    if fen <= 0:
        return
    since = balances.since(scene.session, scene.book, code, seen.month, -fen)
    days = (scene.through - since).days if since else 0
    yield Found(
        subject=code,
        where=seen.chart.account(code).name.zh,
        message=N_("有 {amount} 元来源不明的收款，最早的已 {days} 天。"),
        values=say(amount=yuan(fen), days=days),
        facts=bound(fen=fen, since=since.isoformat() if since else None),
        link="entries/?type=UNIDENTIFIED",
        since=since,
        severity=MIDDLE if days > scene.limits.suspense_days else "",
    )


def minors(scene: Scene) -> Iterator[Found]:
    """A minor's tip was refunded: the platform will ask again, and the guardian may."""
    for entry in scene.seen.standing_entries("REFUND_TIP", "REFUND_TIP_OWED"):
        if entry.facts.get("minor"):
            yield of_entry(entry, N_("未成年人打赏退款 {amount} 元。"), amount=yuan(abs(entry.amount_fen)))


def red_letters(scene: Scene) -> Iterator[Found]:
    """A voucher was cancelled by red letters; with it the one that replaced it."""
    for entry in scene.seen.entries:
        if entry.reverses is None:
            continue
        right = next((one for one in scene.seen.entries if one.corrects == entry.reverses), None)
        message = (
            N_("红字冲销 {amount} 元，由 {right} 订正为 {now} 元。原因：{reason}")
            if right
            else N_("红字冲销 {amount} 元，没有订正凭证。原因：{reason}")
        )
        yield of_entry(
            entry,
            message,
            amount=yuan(abs(entry.amount_fen)),
            right=right.number if right else "",
            now=yuan(right.amount_fen) if right else "",
            reason=entry.reason or "",
        )


def negative_assets(scene: Scene) -> Iterator[Found]:
    """An asset cannot be below zero: something was paid out that never came in, or came in unbooked."""
    seen = scene.seen
    for code in seen.of_type("asset"):
        fen = seen.moved(code).closing_fen
        if fen < 0:
            yield Found(
                subject=code,
                where=seen.chart.account(code).name.zh,
                message=N_("资产科目“{name}”月末余额为负（{amount} 元）。"),
                values=say(name=seen.chart.account(code).name.zh, amount=yuan(fen)),
                facts=bound(fen=fen, month=str(seen.month)),
                link=f"entries/?month={seen.month}",
                since=seen.month.first_day,
            )


def undisclosed(scene: Scene) -> Iterator[Found]:
    """A publication is overdue: middle where law or the county's own word asks for it, low for guidance."""
    for one in disclosures.standings(scene.session, scene.book, scene.seen.month, scene.through):
        if one.state == "overdue" and one.due is not None:
            yield Found(
                subject=f"{one.item.duty}/{one.item.subject}",
                where=one.item.shown,
                message=N_("信息公开“{duty}”应于 {due} 前完成，还没有登记。"),
                values=say(duty=DUTIES[one.item.duty].name, due=one.due.isoformat()),
                facts=bound(due=one.due.isoformat()),
                link="disclosures/",
                since=one.due + timedelta(days=1),
                severity=LOW if one.soft else "",
            )


def no_agreement(scene: Scene) -> Iterator[Found]:
    """A broadcast whose income is promised to charity, without an agreement made before it (Charity Law art. 37)."""
    for item in scene.seen.broadcasts:
        day = item.starts_at.astimezone(CHINA).date()
        if item.month != scene.seen.month or day > scene.through:
            continue
        found = agreements.covering(scene.session, scene.book, item)
        if found is None or found.late:
            message = (
                N_("开播时没有覆盖本场的捐赠协议。")
                if found is None
                else N_("捐赠协议“{number}”在开播之后才登记。")
            )
            yield Found(
                subject=item.number,
                where=item.number,
                message=message,
                values=say(number=found.number) if found else (),
                facts=bound(starts_at=item.starts_at.isoformat(), agreement=found.idx if found else None),
                link="registers/",
                since=day,
                records=(item.idx,),
            )


RULES = (
    Rule(
        "handover-late",
        N_("主播上缴逾期"),
        HIGH,
        N_("《公务员法》第五十九条；上缴期限的规定"),
        late_handover,
        standing=True,
    ),
    Rule("suspense", N_("来源不明的收款"), LOW, N_("暂收款须及时查清"), suspense, standing=True),
    Rule("minor-refund", N_("未成年人打赏退款"), LOW, N_("《未成年人网络保护条例》第四十四条"), minors),
    Rule("red-letter", N_("红字冲销"), LOW, N_("《会计法》：不得涂改，红字更正"), red_letters),
    Rule("negative-asset", N_("资产为负"), HIGH, N_("账实相符"), negative_assets),
    Rule(
        "undisclosed",
        N_("信息公开逾期"),
        MIDDLE,
        N_("信息公开的各项时限（法律、部门规定、指引、县内约定）"),
        undisclosed,
        standing=True,
    ),
    Rule("no-agreement", N_("没有事先的捐赠协议"), MIDDLE, N_("《慈善法》第三十七条"), no_agreement),
)
