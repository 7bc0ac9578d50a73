"""Each account at the end of a month: which lines agree, which are open, and its 银行存款余额调节表.

An account is seen as at the end of the month: a line that was matched later with one of a later
month is in transit at that end, so reconciling the next month does not change the table of this one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from ledger.book import balances, reconcile_lines, shown, statements
from ledger.book import chart as charts
from ledger.book.masking import mask
from ledger.book.reconcile_lines import BOOK, STATEMENT, Key, Line, Match, Sides
from ledger.months import Month
from ledger.sections_welfare import BankReconciliation, OpenLine
from ledger.words import N_

LATER = N_("另一方在以后的月份，已勾对")


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the end of a month: both sides, which lines agree by then, and its table.

    `settled` names the match of each line whose partners are all there by the month's end, `later`
    the lines whose partners came after it. `by_screen`: no statement, only a balance can be compared.
    """

    sides: Sides
    settled: dict[Key, Match]
    later: frozenset[Key]
    by_screen: bool
    table: BankReconciliation

    def stated_fen(self, line: Line) -> int:
        """Return what the statement has for a settled line of the books; the first of a match bears its difference."""
        match = self.settled[line.key]
        first = next(key for key in match.keys if key[0] == BOOK)
        return line.fen + (match.difference_fen if first == line.key else 0)

    def said(self) -> dict[Key, tuple[str, str]]:
        """Return (state, note) of each line that is not settled, or settled with a difference."""
        found: dict[Key, tuple[str, str]] = {}
        for key in self.sides.lines:
            match, word = self.settled.get(key), self.sides.judged.get(key)
            if match is not None:
                if match.difference_fen:
                    found[key] = "explained", match.reason
            elif key in self.later:
                found[key] = "transit", LATER
            elif word is not None:
                found[key] = word.state, word.reason
            else:
                found[key] = "open", ""
        return found


def accounts(session: Session, book_id: str, month: Month) -> tuple[Account, ...]:
    """Return every account that may have a statement and has a balance, a line or a statement, by code."""
    chart = charts.current(session, book_id)
    moved = balances.movements(session, book_id, month)
    found = []
    for code in sorted(statements.allowed(chart)):
        one = _account(session, book_id, chart, code, month, moved)
        used = one.sides.lines or one.sides.pairs or one.table.book_fen or one.table.statement_fen
        if used or code == chart.named["bank"]:
            found.append(one)
    return tuple(found)


def account(session: Session, book_id: str, code: str, month: Month) -> Account:
    """Return one account at the end of a month."""
    chart = charts.current(session, book_id)
    return _account(session, book_id, chart, code, month, balances.movements(session, book_id, month))


def _account(
    session: Session,
    book_id: str,
    chart: charts.Chart,
    code: str,
    month: Month,
    moved: dict[str, balances.Movement],
) -> Account:
    """Reconcile one account at the end of a month."""
    sides = reconcile_lines.read(session, book_id, code, month)
    settled, later = _settled(sides)
    stated = statements.closing(session, book_id, code, month) if sides.placed else None
    by_screen = stated is None and not sides.placed
    if stated is None:
        screens = shown.between(session, book_id, month.last_day, month.last_day, code)
        stated = screens[0].balance_fen if screens else None
    counted = {
        match.idx: match
        for key, match in settled.items()
        if key in sides.lines and Month.of(sides.lines[key].day) == month
    }
    table = BankReconciliation(
        code,
        chart.account(code).name,
        stated,
        moved.get(code, balances.Movement()).closing_fen,
        len(counted),
        (),
    )
    one = Account(sides, settled, later, by_screen, table)
    return replace(one, table=replace(table, open=(*_open(one), *_differences(sides, settled))))


def _settled(sides: Sides) -> tuple[dict[Key, Match], frozenset[Key]]:
    """Return the matches that are whole by the end of the month, and the lines of those that wait for a later line."""
    whole: dict[Key, Match] = {}
    later: set[Key] = set()
    for match in sides.matches:
        if all(key in sides.lines for key in match.keys):
            whole |= dict.fromkeys(match.keys, match)
        elif match.period > str(sides.month):
            later |= set(match.keys)
    return whole, frozenset(later)


def _open(one: Account) -> list[OpenLine]:
    """Return the lines without a partner, oldest first.

    Where only a screen tells the balance there is nothing to match with: lines count as
    covered by it unless somebody said that one is not.
    """
    found = []
    for key, (state, note) in one.said().items():
        if key in one.settled or (one.by_screen and key not in one.sides.judged):
            continue
        word = one.sides.judged.get(key) if key not in one.later else None
        expected = date.fromisoformat(word.expected) if word is not None and word.expected else None
        found.append(_open_line(one.sides.lines[key], state, note, expected))
    return sorted(found, key=lambda line: (line.side != STATEMENT, line.day, line.detail, line.fen))


def _open_line(line: Line, state: str, note: str, expected: date | None) -> OpenLine:
    if line.side == STATEMENT:
        detail = " ".join(filter(None, (line.text, mask(line.party))))
    else:
        detail = f"{line.number} {line.text}"
    return OpenLine(line.side, line.day, detail, line.fen, state, note, expected)


def _differences(sides: Sides, settled: dict[Key, Match]) -> list[OpenLine]:
    """Return, for matches whose sums differ, what the statement has more, with the reason that was given."""
    found = []
    for match in {one.idx: one for one in settled.values()}.values():
        if match.difference_fen:
            lines = [sides.lines[key] for key in match.keys]
            detail = " ".join(line.number for line in lines if line.side != STATEMENT)
            day = max(line.day for line in lines)
            found.append(
                OpenLine(STATEMENT, day, detail, match.difference_fen, "explained", match.reason, None)
            )
    return found
