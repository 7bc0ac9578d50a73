"""Many cells of one column at once: the speed of the readers is made here.

A column is read in batches. Distinct cells are parsed once and remembered; times and order numbers,
which hardly repeat, are checked without being remembered. Any surprise goes back to the one-cell functions
of `cells`, so a column can neither accept nor say anything else than they do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from ledger.intake import cells
from ledger.months import CHINA

_STAMPS = re.compile(cells.STAMP.pattern + "(?:\n" + cells.STAMP.pattern + ")*")
_LONG_ID = 19
"""Digits from which a spreadsheet loses the last four (it keeps 15)."""
_PLAIN_IDS = re.compile(r"[0-9A-Za-z]{1,64}\t?(?:\n[0-9A-Za-z]{1,64}\t?)*")
_NAIVE = datetime(2000, 1, 1)  # noqa: DTZ001 - only to be subtracted
_AWARE = datetime(2000, 1, 1, tzinfo=CHINA)
_SHARE_AT_LEAST = 2
_SHARE_FROM = 4096


class Column(dict[str, Any]):
    """One column of one file: parses cells, remembers them, and lets equal cells share one string."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self.parse = parse
        self.count = 0
        self.shared: dict[str, str] | None = {}
        super().__init__()

    def __missing__(self, cell: str) -> object:
        value = self[cell] = self.parse(cell)
        return value

    def values_of(self, batch: Sequence[str]) -> Sequence[Any]:
        """Return the values of a batch of cells; raise BadCell if one is bad."""
        return list(map(self.__getitem__, batch))

    def share(self, batch: Sequence[str]) -> Sequence[str]:
        """Return the batch with equal cells as one string, unless the column hardly repeats."""
        if self.shared is None:
            return batch
        one = list(map(self.shared.setdefault, batch, batch))
        self.count += len(batch)
        if self.count >= _SHARE_FROM and len(self.shared) * _SHARE_AT_LEAST > self.count:
            self.shared = None
        return one


class Moments(Column):
    """A column of times."""

    def values_of(self, batch: Sequence[str]) -> Sequence[Any]:
        """Return the moments of a batch of cells; raise BadCell if one is bad."""
        joined = "\n".join(batch)
        if _STAMPS.fullmatch(joined):
            try:
                # Two subtractions of C code cost a tenth of `replace(tzinfo=…)`.
                return [_AWARE + (naive - _NAIVE) for naive in map(datetime.fromisoformat, batch)]
            except ValueError:  # the 30th of February, or two times in one cell
                pass
        return list(map(self.__getitem__, batch))


class Identifiers(Column):
    """A column of order, account or flow numbers; notices whether all long ones end in zeros."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__(parse)
        self.intact = False
        self.cut: set[str] = set()

    def values_of(self, batch: Sequence[str]) -> Sequence[Any]:
        """Return the numbers of a batch as text; raise BadCell if one is bad."""
        joined = "\n".join(batch)
        values: Sequence[Any]
        if _PLAIN_IDS.fullmatch(joined) and joined.count("\n") == len(batch) - 1:
            values = joined.replace("\t", "").split("\n")
        else:
            values = [self.parse(cell) for cell in batch]
        if not self.intact:
            # One with a letter or a suffix is text to a spreadsheet: it says nothing about the others.
            long = {value for value in values if len(value) >= _LONG_ID and value.isdigit()}
            self.cut |= {value for value in long if value.endswith("0000")}
            self.intact = self.cut < self.cut | long
        return values


def reader(parse: Callable[[str], Any]) -> Column:
    """Return an empty column for cells that `parse` reads."""
    if parse in {cells.moment, cells.moment_or_none}:
        return Moments(parse)
    if parse in {cells.identifier, cells.identifier_or_none, cells.account_or_none}:
        return Identifiers(parse)
    return Column(parse)
