"""Two sides of the three-way table: platform ↔ books, and books ↔ supervised account.

Flows are sums of the month; balances are as at its end. Money that still lies at a platform or
with the streamer is in transit to the account even where both sides agree on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from ledger.book import handover
from ledger.book.month import MonthView
from ledger.book.reconcile_accounts import Account
from ledger.book.reconcile_lines import BOOK, STATEMENT, Line
from ledger.months import Month
from ledger.sections_welfare import ThreeWayLine
from ledger.words import N_, Text

WORST = ("matched", "explained", "transit", "query", "open")
"""States from good to bad: a sum of lines is as bad as the worst of them."""

NO_FLOW = N_("没有平台流水，只核对余额")
NO_PROOF = N_("没有平台流水，也没有余额截图")
TOO_SHORT = N_("对账单没有到月末")
NO_STATEMENT = N_("没有银行对账单")
NOT_WITHDRAWN = N_("双方一致，尚未提现")
NOT_SETTLED = N_("平台尚未结算")
NOT_HANDED_OVER, LATE = N_("在主播个人卡上，尚未上缴"), N_("在主播个人卡上，已超过上缴期限")
ON_ITS_WAY = N_("已提现，尚未到账")
UNIDENTIFIED = N_("款项来源待查")
OWED = N_("平台追扣，从以后的结算里扣")
DIFFERS = N_("两边余额不同")
ONLY_BANK, ONLY_BOOK = N_("银行有，账上没有"), N_("以前月份账上有，银行没有")


def worst(states: Iterable[str]) -> str:
    """Return the worst of some states; `matched` of none."""
    return max(states, key=WORST.index, default="matched")


def platform(session: Session, seen: MonthView, reconciled: dict[str, Account]) -> Iterator[ThreeWayLine]:
    """Yield what each wallet took in and gave out, what lies in it, and what is on its way to the account."""
    wallets = [(item.wallet, item.name) for item in seen.chart.platforms.values()]
    commission = seen.account("commission_wallet")
    for code, name in (*wallets, (commission, seen.chart.account(commission).name)):
        if code in reconciled:
            yield from _wallet(seen, reconciled[code], name)
    due = seen.account("commission_due")
    awaiting = [(item.awaiting, item.name) for item in seen.chart.platforms.values()]
    for code, name in (*awaiting, (due, seen.chart.account(due).name)):
        fen = seen.moved(code).closing_fen
        if fen:
            yield ThreeWayLine(
                "platform", N_("平台待结算"), name, None, fen, None, None, "transit", NOT_SETTLED
            )
    yield from _pending(seen, "in_transit", N_("在途提现"), ON_ITS_WAY)
    yield from _pending(seen, "clawback", N_("平台追扣应付"), OWED)
    yield from _in_hands(session, seen)


def _pending(seen: MonthView, name: str, label: str, note: str) -> Iterator[ThreeWayLine]:
    code = seen.account(name)
    fen = seen.moved(code).closing_fen
    if fen:
        detail = seen.chart.account(code).name
        yield ThreeWayLine("platform", label, detail, None, abs(fen), None, None, "transit", note)


def _wallet(seen: MonthView, one: Account, name: Text) -> Iterator[ThreeWayLine]:
    """Yield one wallet: in, out, and its balance against the platform's flow or screen."""
    table = one.table
    for label, sign in ((N_("转入可提现余额"), 1), (N_("提现与追扣"), -1)):
        told, booked = (_flow(one, side, seen.month, sign) for side in (STATEMENT, BOOK))
        if told or booked:
            state, note = _flow_state(one, seen.month, sign)
            platform_fen = None if one.by_screen else told
            yield ThreeWayLine("platform", label, name, platform_fen, booked, None, None, state, note)
    state, note = _balance_state(one)
    if state == "matched" and table.book_fen:
        state, note = "transit", NOT_WITHDRAWN
    yield ThreeWayLine(
        "platform", N_("可提现余额"), name, table.statement_fen, table.book_fen, None, None, state, note
    )


def _flow(one: Account, side: str, month: Month, sign: int) -> int:
    """Return what went in (1) or out (-1) on a side in the month, positive."""
    lines = (line for line in one.sides.lines.values() if line.side == side and Month.of(line.day) == month)
    return sum(abs(line.fen) for line in lines if line.fen * sign > 0)


def _flow_state(one: Account, month: Month, sign: int) -> tuple[str, str]:
    """Return the worst state of a wallet's lines of the month; without a flow the balance vouches for them."""
    if one.by_screen:
        state, note = _balance_state(one)
        return (state, NO_FLOW) if state == "matched" else (state, note)
    lines = (line for line in one.sides.lines.values() if Month.of(line.day) == month and line.fen * sign > 0)
    return _state_of(one, lines)


def _balance_state(one: Account) -> tuple[str, str]:
    """Return how the balances of both sides stand to each other."""
    table = one.table
    if table.statement_fen is None:
        quiet = not table.book_fen and not one.sides.lines
        return ("matched", "") if quiet else ("open", TOO_SHORT if one.sides.placed else NO_PROOF)
    if table.adjusted_statement_fen != table.adjusted_book_fen:
        return "open", DIFFERS
    return worst(line.state for line in table.open), _note(line.note for line in table.open)


def _state_of(one: Account, lines: Iterable[Line]) -> tuple[str, str]:
    """Return the worst state of some lines and what was said of them."""
    said = one.said()
    found = [said[line.key] for line in lines if line.key in said]
    return worst(state for state, _ in found), _note(note for _, note in found)


def _note(notes: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(note for note in notes if note))


def _in_hands(session: Session, seen: MonthView) -> Iterator[ThreeWayLine]:
    """Yield what the streamer holds, part by part, each with its age in working days and its due day."""
    for part in handover.ages(session, seen.book, seen.month.last_day):
        if part.working_days is None:
            detail = Text(f"自 {part.since} 起", f"since {part.since}")
        else:
            detail = Text(
                f"自 {part.since} 起，{part.working_days} 个工作日",
                f"since {part.since}, {part.working_days} working days",
            )
        state, note = ("query", LATE) if part.late else ("transit", NOT_HANDED_OVER)
        label = N_("主播代收待缴")
        yield ThreeWayLine(
            "platform", label, detail, None, part.fen, None, None, state, note, expected=part.due
        )


def bank(seen: MonthView, one: Account) -> Iterator[ThreeWayLine]:
    """Yield each kind of receipt and payment against the statement, what is unidentified, and the balance."""
    kinds: dict[str, list[Line]] = {}
    alone: list[Line] = []
    earlier: list[Line] = []
    for line in one.sides.lines.values():
        if line.side == BOOK and Month.of(line.day) == seen.month:
            kinds.setdefault(line.kind, []).append(line)
        elif line.side == STATEMENT and line.key not in one.settled:
            alone.append(line)
        elif line.side == BOOK and line.key not in one.settled:
            earlier.append(line)
    for kind, lines in kinds.items():
        state, note = _state_of(one, lines) if one.sides.placed else ("open", NO_STATEMENT)
        name = seen.chart.types[kind].name if kind in seen.chart.types else Text(kind, kind)
        booked = sum(line.fen for line in lines)
        agreed = [one.stated_fen(line) for line in lines if line.key in one.settled]
        stated = sum(agreed) if one.sides.placed else None
        yield ThreeWayLine("bank", N_("收付"), name, None, booked, stated, None, state, note)
    if alone:
        state, note = _state_of(one, alone)
        fen = sum(line.fen for line in alone)
        yield ThreeWayLine("bank", ONLY_BANK, "", None, 0, fen, None, state, note)
    if earlier and one.sides.placed:
        state, note = _state_of(one, earlier)
        fen = sum(line.fen for line in earlier)
        yield ThreeWayLine("bank", ONLY_BOOK, "", None, fen, 0, None, state, note)
    suspense = seen.moved(seen.account("suspense")).closing_fen
    if suspense:
        label, detail = N_("暂收待查款"), seen.chart.account(seen.account("suspense")).name
        yield ThreeWayLine("bank", label, detail, None, -suspense, None, None, "query", UNIDENTIFIED)
    table = one.table
    state, note = (
        _balance_state(one) if one.sides.placed or table.statement_fen is not None else ("open", NO_STATEMENT)
    )
    yield ThreeWayLine(
        "bank", N_("期末余额"), table.name, None, table.book_fen, table.statement_fen, None, state, note
    )
