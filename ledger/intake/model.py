"""What a reader gives back: rows, control totals, or every problem of the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ledger.errors import Invalid, Problem, Value
from ledger.words import N_

FILE_BYTES_MAX = 20 * 1024 * 1024
ROWS_MAX = 200_000
CELL_CHARACTERS_MAX = 4_000
COLUMNS_MAX = 100
PROBLEMS_MAX = 200
"""Problems listed; of the rest only the count is told."""
PREAMBLE_LINES_MAX = 24
"""Lines that may stand before the header (domain rule 3)."""

EXCEL_RESAVED = N_("该文件曾被 Excel 另存，请重新导出")


class SourceRow(NamedTuple):
    """One row of a file: its raw cells, which are hashed, and what they mean.

    `number` counts as a spreadsheet does, from 1, preamble included. `key` is the natural key,
    unique in the file. `at` is the event (tip: start; commission, settlement: payment or order; flow, bank:
    booking), `until` the end (tip) or the settlement (commission). `amount_fen` is the tip's gross, the
    total commission, the influencer's commission of a settlement (claw-backs negative) or the amount that
    moved (>= 0, the kind tells the direction: `_in`, `_out`, or `_memo` for neither); `fee_fen` the
    platform share or the technical service fee, signed like the amount. `title`, `party` and `note` are
    what a person needs to recognise the row, as the file gives it: masking is the page's work.
    """

    number: int
    cells: tuple[str, ...]
    key: str
    kind: str
    at: datetime
    until: datetime | None
    amount_fen: int
    fee_fen: int
    gmv_fen: int
    units: int | None
    balance_fen: int | None
    platform: str
    account: str
    broadcast: str
    title: str
    party: str
    note: str


@dataclass(frozen=True, slots=True)
class Control:
    """A control total: what the file states, what its rows give; `unit` is `fen` or `rows`.

    Where the file states no total of its own, both are the sum of the rows.
    """

    name: str
    stated: int
    computed: int
    unit: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """A whole file that was read without a problem. `notices` are worth showing, but no error."""

    reader: str
    version: int
    kind: str
    platform: str
    header: tuple[str, ...]
    header_row: int
    fingerprint: str
    rows: tuple[SourceRow, ...]
    controls: tuple[Control, ...]
    first_at: datetime
    last_at: datetime
    notices: tuple[Problem, ...]
    encoding: str
    account: str = ""
    """The account that the lines above the header name, as they write it; `""` where they name none."""


class Unreadable(Invalid):
    """The file cannot be taken in; `problems` says what is wrong, with row and column."""


class NoHeader(Unreadable):
    """No line of the file is a known header; a bank's statement can still be read by a mapping."""


class BadCell(Exception):
    """A cell does not say what its column asks for."""

    def __init__(self, message: str, **values: Value) -> None:
        self.message = message
        self.values = values
        super().__init__(message)


class Problems:
    """Collects what is wrong in a file, at most `PROBLEMS_MAX` of it; the rest is counted.

    `wording` gives for a column's canonical name the header's own wording in this file. `partial` says
    that only some rows of the file are at hand, so that nothing which needs all of them can be checked.
    """

    def __init__(self, *, partial: bool = False) -> None:
        self.partial = partial
        self.wording: dict[str, str] = {}
        self.count = 0
        self._listed: list[Problem] = []
        self._resaved = False

    def add(self, message: str, row: int = 0, column: str = "", /, **values: Value) -> None:
        """Note one problem. Damage by Excel is noted once: it speaks of the whole file."""
        if message == EXCEL_RESAVED:
            if self._resaved:
                return
            self._resaved = True
        self.count += 1
        if len(self._listed) < PROBLEMS_MAX:
            self._listed.append(Problem(message, row, self.wording.get(column, column), dict(values)))

    def listed(self) -> tuple[Problem, ...]:
        """Return what was noted; a last entry tells how many more there are."""
        more = self.count - len(self._listed)
        if not more:
            return tuple(self._listed)
        return (*self._listed, Problem(N_("还有 {count} 处问题没有列出"), values={"count": more}))

    def raise_if_any(self, filename: str) -> None:
        """Raise Unreadable with everything that was noted."""
        if self._resaved:
            raise Unreadable(EXCEL_RESAVED, problems=self.listed())
        if self.count:
            raise Unreadable(
                N_("“{name}”没有读入：有 {count} 处问题，请改正后重新上传，或向平台、银行重新导出。"),
                problems=self.listed(),
                name=shown(filename),
                count=self.count,
            )


def refuse(message: str, row: int = 0, /, **values: Value) -> Unreadable:
    """Return the error of a file that is refused as a whole, for one reason."""
    return Unreadable(message, problems=(Problem(message, row, values=dict(values)),), **values)


def shown(name: str) -> str:
    """Return a name that came with a file as it may be shown: printable, no folders, not long."""
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable.replace("\\", "/").rpartition("/")[2][-80:]
