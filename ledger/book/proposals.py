"""Proposals: which open lines of a statement and of the books are probably the same money. Pure and deterministic.

One line with one line of the same amount first, the nearest day first, words only between
equally near ones. Then one line with up to six lines of the other side that add up to it,
within a few days. A person confirms; nothing is matched by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ledger.book import subsets
from ledger.book.reconcile_lines import BOOK, STATEMENT, Key, Line
from ledger.errors import Value
from ledger.words import N_

DAYS_MAX = 62
"""Two lines of the same amount are proposed up to this many days apart: a line may wait for a month."""
SURE_DAYS = 7
PAIRS_MAX = 4000
"""Beyond so many pairs of one amount and one distance words are no longer compared, only the order is."""
SUM_DAYS = 10
SERIAL_POINTS, PARTY_POINTS, WORDS_POINTS = 20, 12, 8

Reason = tuple[str, tuple[tuple[str, Value], ...]]
SAME_DAY, APART = N_("金额相同，同一天"), N_("金额相同，相差 {days} 天")
SERIAL, PARTY, WORDS = N_("银行流水号相同"), N_("对方户名相同"), N_("摘要相近")
TIE = N_("同样金额的还有别的行，请核对")
SUM, SUM_APART = N_("{count} 笔合计金额相同，同一天"), N_("{count} 笔合计金额相同，相差不超过 {days} 天")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Lines that are probably the same money. `score` 0…100; `sure`: ticked before anybody looks."""

    statement: tuple[Line, ...]
    book: tuple[Line, ...]
    score: int
    reasons: tuple[Reason, ...]
    sure: bool

    @property
    def keys(self) -> tuple[Key, ...]:
        """The lines as a match would name them."""
        return tuple(line.key for line in (*self.statement, *self.book))

    @property
    def fen(self) -> int:
        """The money, into the account positive."""
        return sum(line.fen for line in self.statement)


def propose(statement: Iterable[Line], book: Iterable[Line]) -> tuple[Proposal, ...]:
    """Return the proposals for open lines, by day; each line stands in one at most."""
    order = _Order(sorted(statement, key=_place), sorted(book, key=_place))
    found = _singles(order)
    found += _sums(order, STATEMENT)
    found += _sums(order, BOOK)
    return tuple(sorted(found, key=lambda one: (min(map(_place, one.statement)), one.keys)))


class _Order:
    """The lines that are still free, oldest first."""

    def __init__(self, statement: Sequence[Line], book: Sequence[Line]) -> None:
        self.sides = {STATEMENT: {one.key: one for one in statement}, BOOK: {one.key: one for one in book}}

    def free(self, side: str) -> list[Line]:
        return list(self.sides[side].values())

    def take(self, *lines: Line) -> None:
        for line in lines:
            del self.sides[line.side][line.key]


def _place(line: Line) -> tuple[date, int, int]:
    return (line.day, line.source, line.line)


def _singles(order: _Order) -> list[Proposal]:
    """Pair lines of equal amounts, group by group."""
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for side, which in ((STATEMENT, 0), (BOOK, 1)):
        for line in order.free(side):
            groups.setdefault(line.fen, ([], []))[which].append(line)
    found = []
    for told, booked in groups.values():
        if told and booked:
            for one, other, tie in _pairs(told, booked):
                order.take(one, other)
                found.append(_single(one, other, tie=tie))
    return found


def _pairs(told: list[Line], booked: list[Line]) -> list[tuple[Line, Line, bool]]:
    """Pair lines of one amount: same serial, then ever greater distances; the third says that others fit as well."""
    found: list[tuple[Line, Line, bool]] = []
    serials = Counter(line.serial for line in booked if line.serial)
    by_serial = {line.serial: line for line in booked if serials[line.serial] == 1}
    repeated = Counter(line.serial for line in told)
    for line in told:
        other = by_serial.get(line.serial) if line.serial and repeated[line.serial] == 1 else None
        if other is not None and abs((line.day - other.day).days) <= DAYS_MAX:
            found.append((line, other, False))
    gone = {line.key for pair in found for line in pair[:2]}
    left = {line.key: line for line in told if line.key not in gone}
    right = {line.key: line for line in booked if line.key not in gone}
    for days in _distances(left.values(), right.values()):
        for one, other, tie in _at(days, list(left.values()), list(right.values())):
            if one.key in left and other.key in right:
                del left[one.key], right[other.key]
                found.append((one, other, tie))
        if not left or not right:
            break
    return found


def _distances(told: Iterable[Line], booked: Iterable[Line]) -> list[int]:
    """Return the distances in days that occur between two sides, nearest first."""
    left, right = {line.day.toordinal() for line in told}, {line.day.toordinal() for line in booked}
    if len(right) > DAYS_MAX:
        return list(range(DAYS_MAX + 1))
    return sorted({abs(one - other) for one in left for other in right if abs(one - other) <= DAYS_MAX})


def _at(days: int, told: list[Line], booked: list[Line]) -> list[tuple[Line, Line, bool]]:
    """Return the pairs exactly that far apart, the most alike first."""
    on: dict[int, list[Line]] = {}
    for line in booked:
        on.setdefault(line.day.toordinal(), []).append(line)
    steps = (0,) if days == 0 else (-days, days)
    reach = [(line, [on.get(line.day.toordinal() + step, []) for step in steps]) for line in told]
    count = sum(len(some) for _, near in reach for some in near)
    if count > PAIRS_MAX:
        return [pair for step in steps for pair in _in_order(told, on, step)]
    pairs = [(one, other, alike(one, other)) for one, near in reach for some in near for other in some]
    best: dict[Key, list[int]] = {}
    for one, other, points in pairs:
        best.setdefault(one.key, []).append(points)
        best.setdefault(other.key, []).append(points)
    pairs.sort(key=lambda pair: (-pair[2], _place(pair[0]), _place(pair[1])))
    return [
        (one, other, best[one.key].count(points) > 1 or best[other.key].count(points) > 1)
        for one, other, points in pairs
    ]


def _in_order(told: list[Line], on: dict[int, list[Line]], step: int) -> list[tuple[Line, Line, bool]]:
    """Pair a crowd of equal lines day by day in their order."""
    by_day: dict[int, list[Line]] = {}
    for line in told:
        by_day.setdefault(line.day.toordinal(), []).append(line)
    return [
        (one, other, True)
        for day, some in sorted(by_day.items())
        for one, other in zip(some, on.get(day + step, ()), strict=False)
    ]


def alike(one: Line, other: Line) -> int:
    """Return how much the words of two lines agree, in points."""
    points = SERIAL_POINTS if one.serial and one.serial == other.serial else 0
    named = one.party and any(one.party in words for words in (other.party, other.text))
    if named or (other.party and other.party in one.party):
        points += PARTY_POINTS
    left, right = _grams(one.text), _grams(other.text)
    if left and right:
        points += WORDS_POINTS * 2 * len(left & right) // (len(left) + len(right))
    return points


@lru_cache(maxsize=8192)
def _grams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text: words, where a language writes none apart."""
    bare = "".join(char for char in text if char.isalnum())
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def _single(one: Line, other: Line, *, tie: bool) -> Proposal:
    days, points = abs((one.day - other.day).days), alike(one, other)
    reasons: list[Reason] = [(APART, (("days", days),)) if days else (SAME_DAY, ())]
    same_serial = bool(one.serial) and one.serial == other.serial
    if same_serial:
        reasons.append((SERIAL, ()))
    elif points >= PARTY_POINTS:
        reasons.append((PARTY, ()))
    elif points > WORDS_POINTS // 4:
        reasons.append((WORDS, ()))
    if tie:
        reasons.append((TIE, ()))
    score = 60 + max(0, 20 - days) + min(points, 20) - (10 if tie else 0)
    sure = same_serial or (days <= SURE_DAYS and not tie)
    return Proposal((one,), (other,), min(score, 100), tuple(reasons), sure)


def _sums(order: _Order, side: str) -> list[Proposal]:
    """Find, for each free line of a side, a few lines of the other that add up to it."""
    found = []
    other = BOOK if side == STATEMENT else STATEMENT
    search = subsets.Search(order.free(other), days_max=SUM_DAYS)
    for line in order.free(side):
        chosen, tie = search.find(line)
        if not chosen:
            continue
        order.take(line, *chosen)
        search.remove(chosen)
        days = max(abs((line.day - one.day).days) for one in chosen)
        reason: Reason = (
            (SUM_APART, (("count", len(chosen)), ("days", days)))
            if days
            else (SUM, (("count", len(chosen)),))
        )
        reasons = (reason, (TIE, ())) if tie else (reason,)
        score = 55 + max(0, 10 - days) - 3 * (len(chosen) - 2) - (10 if tie else 0)
        told, booked = ((line,), chosen) if side == STATEMENT else (chosen, (line,))
        found.append(Proposal(told, booked, score, reasons, sure=False))
    return found
