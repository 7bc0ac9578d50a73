"""A few lines that add up to one: a bounded search, so that no month makes it explode.

Looked at are the nearest lines within some days, at most `POOL`; of the same sign up to six,
of mixed signs two (a withdrawal less its fee). The number of sums tried is limited for
each line and for the whole search; the same input always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.book.reconcile_lines import Key, Line

LINES_MAX = 6
POOL, NEAR = 16, 64
MIXED_DAYS = 3
TRIES_EACH, TRIES_ALL = 600, 400_000
"""Sums tried for one line, and for all."""


class Search:
    """The lines that may be part of a sum."""

    def __init__(self, lines: Iterable[Line], *, days_max: int) -> None:
        self._on: dict[int, list[Line]] = {}
        for line in sorted(lines, key=lambda line: (line.source, line.line)):
            self._on.setdefault(line.day.toordinal(), []).append(line)
        self._gone: set[Key] = set()
        self._days_max = days_max
        self._left = TRIES_ALL

    def remove(self, lines: Iterable[Line]) -> None:
        """Take lines out: they are part of another sum."""
        self._gone |= {line.key for line in lines}

    def find(self, target: Line) -> tuple[tuple[Line, ...], bool]:
        """Return the fewest, nearest lines that add up to `target` (none: empty), and whether others do as well."""
        near = self._near(target)
        same = [
            line for line in near if (line.fen > 0) == (target.fen > 0) and abs(line.fen) < abs(target.fen)
        ]
        found = self._subsets(same[:POOL], abs(target.fen))
        if not found:
            found = self._mixed(near, target)
        return (found[0], len(found) > 1) if found else ((), False)

    def _near(self, target: Line) -> list[Line]:
        """Return free lines within the window, the nearest first, at most `NEAR`."""
        day = target.day.toordinal()
        found: list[Line] = []
        for days in range(self._days_max + 1):
            for place in (day - days, day + days) if days else (day,):
                found += [line for line in self._on.get(place, ()) if line.key not in self._gone]
            if len(found) >= NEAR:
                break
        return found[:NEAR]

    def _subsets(self, pool: Sequence[Line], wanted: int) -> list[tuple[Line, ...]]:
        """Return up to two sets of the smallest size that add up to `wanted`."""
        if sum(abs(line.fen) for line in pool) < wanted:
            return []
        tries = min(TRIES_EACH, self._left)
        found: list[tuple[Line, ...]] = []
        ranked = sorted(pool, key=lambda line: -abs(line.fen))
        sizes = [abs(line.fen) for line in ranked]

        def search(start: int, rest: int, most: int, chosen: tuple[Line, ...]) -> None:
            nonlocal tries
            for at in range(start, len(ranked)):
                if tries <= 0 or len(found) > 1:
                    return
                tries -= 1
                size = sizes[at]
                if size * most < rest:  # the rest are smaller still
                    return
                if size == rest and most == 1:
                    found.append((*chosen, ranked[at]))
                elif size < rest and most > 1:
                    search(at + 1, rest - size, most - 1, (*chosen, ranked[at]))

        before = tries
        for count in range(2, LINES_MAX + 1):
            search(0, wanted, count, ())
            if found:
                break
        self._left -= before - tries
        return [tuple(sorted(one, key=lambda line: (line.day, line.source, line.line))) for one in found]

    def _mixed(self, near: Sequence[Line], target: Line) -> list[tuple[Line, ...]]:
        """Return up to two pairs of opposite signs that add up to the line: an amount and a smaller one taken off."""
        day = target.day.toordinal()
        close = [line for line in near if abs(line.day.toordinal() - day) <= MIXED_DAYS]
        by_fen: dict[int, Line] = {}
        for line in close:
            by_fen.setdefault(line.fen, line)
        found: list[tuple[Line, ...]] = []
        for line in close:
            if (line.fen > 0) == (target.fen > 0) or abs(line.fen) >= abs(target.fen):
                continue
            whole = by_fen.get(target.fen - line.fen)
            if whole is not None and len(found) < 2:  # noqa: PLR2004 - one, and whether there is another
                found.append((whole, line))
        return found
