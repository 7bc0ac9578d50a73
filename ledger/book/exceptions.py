"""What a reviewer must know first: a list of rules, each a plain function over the month.

A rule never stops anything. It names what is unusual, so that it is explained
before it is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from ledger.book.broadcasts import Broadcast
from ledger.book.declarations import NIGHT
from ledger.book.month import MonthView
from ledger.months import CHINA, parse_stamp
from ledger.sections import ExceptionLine
from ledger.words import N_


def _line(where: str, message: str, **values: str) -> ExceptionLine:
    return ExceptionLine(message, tuple(values.items()), where)


def broadcast_flags(seen: MonthView, item: Broadcast) -> Iterator[ExceptionLine]:
    """Yield what is unusual about one broadcast."""
    day = item.starts_at.astimezone(CHINA).date()
    for code in item.accounts:
        account = seen.accounts.get(code)
        if account is None:
            continue
        if not account.filed_by(day):
            yield _line(
                item.number, N_("账号“{handle}”在开播前没有向县领导和纪委监委备案。"), handle=account.handle
            )
        if account.paused_on(day):
            yield _line(item.number, N_("账号“{handle}”当天处于暂停状态。"), handle=account.handle)
        yield from _declaration(seen, item, code, account.handle)


def _declaration(seen: MonthView, item: Broadcast, code: str, handle: str) -> Iterator[ExceptionLine]:
    told = seen.declared.get((item.number, code))
    if told is None:
        yield _line(item.number, N_("账号“{handle}”没有当晚申报，也没有零收入声明。"), handle=handle)
        return
    made = parse_stamp(seen.told_at[told.idx])
    if made > (item.ends_at or item.starts_at + timedelta(hours=4)) + NIGHT:
        yield _line(
            item.number,
            N_("账号“{handle}”的申报晚于下播后 24 小时（{at}）。"),
            handle=handle,
            at=f"{made:%Y-%m-%d %H:%M}",
        )
    tips = [e for e in seen.of_broadcast(item.number, "TIP", "ADJUST") if e.account == code]
    gross = -seen.turnover(tips, seen.account("tips"))
    if told.zero and gross:
        yield _line(item.number, N_("账号“{handle}”声明零收入，却有打赏入账。"), handle=handle)
    explained = seen.explained.get((item.number, code))
    difference = gross - told.amount_fen
    if tips and difference and (explained is None or explained.difference_fen != difference):
        yield _line(item.number, N_("账号“{handle}”的结算数与当晚申报不一致，尚未说明。"), handle=handle)
    if not tips and not told.zero:
        yield _line(item.number, N_("账号“{handle}”已申报收入，尚未入账。"), handle=handle)


def _broadcasts(seen: MonthView) -> Iterator[ExceptionLine]:
    for item in seen.broadcasts:
        if item.month == seen.month:
            yield from broadcast_flags(seen, item)


def _personal_accounts(seen: MonthView) -> Iterator[ExceptionLine]:
    """An institution's account is preferred; a personal one is supported and said."""
    used = {code for item in seen.broadcasts for code in item.accounts}
    for code in sorted(used):
        account = seen.accounts.get(code)
        if account is not None and account.owner_kind == "personal":
            yield _line(
                account.handle, N_("账号“{handle}”是个人账号，收入先到主播个人卡。"), handle=account.handle
            )


def _evidence(seen: MonthView) -> Iterator[ExceptionLine]:
    for entry in seen.entries:
        kind = seen.chart.type(entry.type)
        if (
            kind.evidence
            and not entry.attachments
            and entry.reverses is None
            and entry.idx not in seen.with_rows
        ):
            yield _line(entry.number, N_("凭证没有附件。"))


def _files(seen: MonthView) -> Iterator[ExceptionLine]:
    for file in seen.files:
        if file.discarded is not None:
            continue
        for use, message in (
            ("unassigned", N_("文件里有 {count} 行没有归属，未入账。")),
            ("newer", N_("文件里有 {count} 行与已入账的内容不同（平台有新版本）。")),
        ):
            if file.used.get(use):
                yield _line(file.name, message, count=str(file.used[use]))
        if not file.used:
            yield _line(file.name, N_("文件已收到，尚未入账。"))


def _negative_assets(seen: MonthView) -> Iterator[ExceptionLine]:
    for code in seen.of_type("asset"):
        if seen.moved(code).closing_fen < 0:
            yield _line(code, N_("资产科目“{name}”月末余额为负。"), name=seen.chart.account(code).name.zh)


def _opening(seen: MonthView) -> Iterator[ExceptionLine]:
    if seen.opening is not None and seen.standings[seen.opening.idx].waiting_for:
        yield _line("期初", N_("期初余额尚未由各方签认。"))


def _objections(seen: MonthView) -> Iterator[ExceptionLine]:
    for entry in seen.entries:
        state = seen.standings[entry.idx].state
        if state == "returned":
            yield _line(entry.number, N_("凭证被退回或建议整改，尚未处理。"))
        elif state == "queried":
            yield _line(entry.number, N_("凭证有问询，尚未了结。"))


RULES: tuple[Callable[[MonthView], Iterator[ExceptionLine]], ...] = (
    _broadcasts,
    _personal_accounts,
    _evidence,
    _files,
    _negative_assets,
    _opening,
    _objections,
)


def lines(seen: MonthView) -> tuple[ExceptionLine, ...]:
    """Return everything unusual of the month, in the order of the rules."""
    return tuple(line for rule in RULES for line in rule(seen))
