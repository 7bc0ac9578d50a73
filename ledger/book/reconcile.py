"""Reconciling an account: saying which lines are the same money, taking it back, and judging what is left.

A line stands in one match at most. Sums must agree; where they do not, a reason is part of the
record and the difference stays visible. Whoever drafted a voucher may reconcile it: the
month's reconciliation is confirmed by the checker in the close.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import chart as charts
from ledger.book import periods, proposals, reconcile_lines, reconcile_words, statements
from ledger.book.duties import Actor, require
from ledger.book.proposals import Proposal
from ledger.book.reconcile_lines import BOOK, SIDES, STATEMENT, Key, Line, Match, Sides
from ledger.errors import Conflict, Invalid, NotFound
from ledger.money import yuan
from ledger.months import Month
from ledger.store import log
from ledger.store import tables_check as c
from ledger.store.record import Record
from ledger.words import N_, Text

LINES_MAX = 200
PICKS_MAX = 500
STATES: dict[str, Text] = {
    "matched": Text("一致", "matched"),
    "transit": Text("时间性差异", "timing difference"),
    "query": Text("差异待查", "under query"),
    "explained": Text("已解释", "explained"),
    "open": Text("未说明", "nothing said yet"),
}
"""How a line of the reconciliation ends (domain B-3)."""
JUDGEMENTS = ("transit", "query", "explained")

STALE = N_("这一行刚才已被勾对，页面已过时；请看更新后的页面再操作。")
RED = N_("这张凭证已被红字冲销，两行在账上互相抵消，不能再勾对。")
GONE = N_("页面上的行现在没有了，可能对账单已作废；请看更新后的页面再操作。")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of an account shows: free lines of both sides, proposals, matches of the month, red pairs.

    Lines of earlier months that are still free stand among them.
    """

    sides: Sides
    statement: tuple[Line, ...]
    book: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    matches: tuple[tuple[Match, tuple[Line, ...]], ...]

    @property
    def pairs(self) -> tuple[tuple[Line, Line], ...]:
        """Vouchers of the month with the red letters that undo them, or red letters of the month."""
        month = self.sides.month
        return tuple(pair for pair in self.sides.pairs if any(Month.of(line.day) == month for line in pair))


def sheet(session: Session, book_id: str, account: str, month: Month) -> Sheet:
    """Read an account for the page of a month; raise Invalid for one that can have no statement."""
    _check_account(session, book_id, account)
    sides = reconcile_lines.read(session, book_id, account, month)
    free = reconcile_words.with_words(session, book_id, [*sides.free(STATEMENT), *sides.free(BOOK)])
    told = [line for line in free if line.side == STATEMENT]
    booked = [line for line in free if line.side == BOOK]
    known = [
        (match, tuple(sides.lines[key] for key in match.keys if key in sides.lines))
        for match in sides.matches
    ]
    return Sheet(
        sides,
        tuple(told),
        tuple(booked),
        proposals.propose(told, booked),
        tuple((match, lines) for match, lines in known if of_month(match, lines, month)),
    )


def of_month(match: Match, lines: Iterable[Line], month: Month) -> bool:
    """Say whether a match belongs to the page of a month: made on it, or with one of its lines."""
    return match.period == str(month) or any(Month.of(line.day) == month for line in lines)


def match(
    session: Session,
    actor: Actor,
    *,
    account: str,
    month: Month,
    keys: Sequence[Key],
    reason: str = "",
    at: datetime,
) -> Record:
    """Say that these lines are the same money. Raises Conflict if one is matched by now.

    Where the sums differ, or one side is empty, a reason is needed.
    """
    require(actor, "reconcile")
    sides = _open(session, actor, account, month)
    lines = _lines(sides, keys)
    _refuse_sums(lines, reason.strip())
    return _append(session, actor, sides, lines, how="hand", reason=reason.strip(), at=at)


def match_all(
    session: Session,
    actor: Actor,
    *,
    account: str,
    month: Month,
    picks: Sequence[Sequence[Key]],
    at: datetime,
) -> list[Record]:
    """Confirm proposals that the page showed, all or none; raise Conflict if one is no longer proposed."""
    require(actor, "reconcile")
    if not picks:
        raise Invalid(N_("请先勾选要确认的建议。"))
    if len(picks) > PICKS_MAX:
        raise Invalid(N_("一次最多确认 {most} 条建议。"), most=PICKS_MAX)
    _refuse_closed(session, actor.book, month)
    shown = sheet(session, actor.book, account, month)
    proposed = {frozenset(one.keys) for one in shown.proposals}
    taken = shown.sides.matched()
    found = []
    for keys in picks:
        if any(key in taken for key in keys):
            raise Conflict(STALE)
        if frozenset(keys) not in proposed or len(set(keys)) != len(keys):
            raise Conflict(N_("建议已有变化，没有勾对；请看更新后的页面再确认。"))
        found.append(_lines(shown.sides, keys))
    return [_append(session, actor, shown.sides, lines, how="proposed", reason="", at=at) for lines in found]


def undo(session: Session, actor: Actor, idx: int, *, reason: str, at: datetime) -> Record:
    """Take a match back; its lines are free again. The reason is part of the record."""
    require(actor, "reconcile")
    if not reason.strip():
        raise Invalid(N_("请写明撤销勾对的原因。"))
    known = select(c.Match.idx).where(c.Match.book_id == actor.book, c.Match.idx == idx)
    if session.scalars(known).first() is None:
        raise NotFound(N_("没有这条勾对记录。"))
    gone = select(c.MatchUndone.idx).where(
        c.MatchUndone.book_id == actor.book, c.MatchUndone.match_idx == idx
    )
    if session.scalars(gone).first() is not None:
        raise Conflict(N_("这条勾对刚才已被撤销；请看更新后的页面。"))
    body = {"match": idx, "reason": reason.strip()}
    return log.append(session, actor.book, "match.undone", body, by=actor.person, at=at)


def judge(
    session: Session,
    actor: Actor,
    *,
    account: str,
    month: Month,
    key: Key,
    state: str,
    reason: str,
    expected: date | None,
    at: datetime,
) -> Record:
    """Say what a line without a partner is: in transit (with the day it is expected), under query, or explained."""
    require(actor, "reconcile")
    if state not in JUDGEMENTS:
        raise Invalid(N_("请选择“时间性差异”“差异待查”或“已解释”。"))
    if not reason.strip():
        raise Invalid(N_("请写明原因。"))
    if state == "transit" and expected is None:
        raise Invalid(N_("时间性差异请填写预计到账或入账的日期。"))
    sides = _open(session, actor, account, month)
    (line,) = _lines(sides, [key])
    body: dict[str, Any] = {
        "account": account,
        "period": str(month),
        "side": line.side,
        "source": line.source,
        "line": line.line,
        "fen": line.fen,
        "state": state,
        "reason": reason.strip(),
    }
    if expected is not None:
        body["expected"] = expected.isoformat()
    return log.append(session, actor.book, "line.judged", body, by=actor.person, at=at)


def _open(session: Session, actor: Actor, account: str, month: Month) -> Sides:
    """Read an account of a month that may still be reconciled."""
    _check_account(session, actor.book, account)
    _refuse_closed(session, actor.book, month)
    return reconcile_lines.read(session, actor.book, account, month)


def _check_account(session: Session, book_id: str, account: str) -> None:
    """Raise Invalid for an account that can have no statement."""
    if account not in statements.allowed(charts.current(session, book_id)):
        raise Invalid(N_("科目 {account} 没有对账单可对，请从列表里选择。"), account=account[:40])


def _refuse_closed(session: Session, book_id: str, month: Month) -> None:
    """Raise Conflict for a closed month: its reconciliation was confirmed; the next one shows what is open."""
    if periods.is_closed(session, book_id, month):
        raise Conflict(
            N_("{month} 已经结账，对账结果已由审核人确认；还没勾对的行请在以后未结账的月份里处理。"),
            month=str(month),
        )


def _lines(sides: Sides, keys: Sequence[Key]) -> list[Line]:
    """Return lines by name, each once; raise Invalid or Conflict unless all are there and free."""
    if not keys:
        raise Invalid(N_("请先勾选要勾对的行。"))
    if len(keys) > LINES_MAX:
        raise Invalid(N_("一次最多勾对 {most} 行。"), most=LINES_MAX)
    if len(set(keys)) != len(keys) or any(key[0] not in SIDES for key in keys):
        raise Invalid(N_("页面内容不完整，没有勾对；请刷新页面重新勾选。"))
    taken = sides.matched()
    red = {line.key for pair in sides.pairs for line in pair}
    for key in keys:
        if key in taken:
            raise Conflict(STALE)
        if key in red:
            raise Conflict(RED)
        if key not in sides.lines:
            raise Conflict(GONE)
    return [sides.lines[key] for key in keys]


def _refuse_sums(lines: list[Line], reason: str) -> None:
    """Raise Invalid where the sums differ without a reason, or one side alone does not cancel out."""
    told, booked = _sum(lines, STATEMENT), _sum(lines, BOOK)
    alone = len({line.side for line in lines}) == 1
    if alone and (told or booked):
        raise Invalid(N_("只勾选了一边。另一边没有的行，请说明是时间性差异、差异待查还是已解释。"))
    if alone and not reason:
        raise Invalid(N_("勾选的行都在同一边、互相抵消；请写明原因再勾对。"))
    if told != booked and not reason:
        raise Invalid(
            N_("对账单 {told} 元，账面 {booked} 元，相差 {difference} 元；请重新勾选，或写明差异原因。"),
            told=yuan(told),
            booked=yuan(booked),
            difference=yuan(told - booked),
        )


def _sum(lines: Iterable[Line], side: str) -> int:
    return sum(line.fen for line in lines if line.side == side)


def _append(
    session: Session, actor: Actor, sides: Sides, lines: list[Line], *, how: str, reason: str, at: datetime
) -> Record:
    body: dict[str, Any] = {
        "account": sides.account,
        "period": str(sides.month),
        "statement": [
            {"file": one.source, "row": one.line, "fen": one.fen} for one in lines if one.side == STATEMENT
        ],
        "book": [
            {"entry": one.source, "line": one.line, "fen": one.fen} for one in lines if one.side == BOOK
        ],
        "how": how,
    }
    if reason:
        body["reason"] = reason
    return log.append(session, actor.book, "lines.matched", body, by=actor.person, at=at)
