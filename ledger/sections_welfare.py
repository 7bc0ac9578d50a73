"""Sections of the statement about reconciliation, activities, exceptions, disclosure and the close: frozen values.

As in `ledger.sections`: integer fen, aware times in China time, `label` and `message` are
catalogue messages, `Text` carries its own English, plain `str` is what a person wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.words import Text


@dataclass(frozen=True, slots=True)
class ThreeWayLine:
    """§八: one flow of money, seen from three sides; None: that side does not know this flow.

    `group` is `platform` (platform ↔ books), `bank` (books ↔ supervised account) or `charity`
    (books ↔ charity's receipts). `state`: matched, transit, query, explained or open (nothing said yet).
    """

    group: str
    label: str
    detail: str | Text
    platform_fen: int | None
    book_fen: int | None
    bank_fen: int | None
    charity_fen: int | None
    state: str
    note: str = ""
    expected: date | None = None

    @property
    def difference_fen(self) -> int:
        """Largest less smallest of the sides that know the flow; 0 when they agree."""
        known = [
            fen
            for fen in (self.platform_fen, self.book_fen, self.bank_fen, self.charity_fen)
            if fen is not None
        ]
        return max(known) - min(known) if known else 0


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a statement or of the books without a partner at month end; fen: into the account positive.

    `side` is `statement` or `book`; `state` transit, query, explained or open.
    """

    side: str
    day: date
    detail: str
    fen: int
    state: str
    note: str
    expected: date | None


@dataclass(frozen=True, slots=True)
class BankReconciliation:
    """银行存款余额调节表 of one account: both balances, what one side has and the other has not.

    `statement_fen` is None while no statement reaches the end of the month. Adjusted balances
    are equal when nothing else is open: each balance plus what only the other side has.
    """

    code: str
    name: Text
    statement_fen: int | None
    book_fen: int
    matched: int
    open: tuple[OpenLine, ...]

    @property
    def adjusted_statement_fen(self) -> int | None:
        """Statement balance plus what only the books have."""
        if self.statement_fen is None:
            return None
        return self.statement_fen + sum(line.fen for line in self.open if line.side == "book")

    @property
    def adjusted_book_fen(self) -> int:
        """Book balance plus what only the statement has."""
        return self.book_fen + sum(line.fen for line in self.open if line.side == "statement")


@dataclass(frozen=True, slots=True)
class TieOutLine:
    """§三, §八: one broadcast from the night's figure to the bank; None: not known.

    `gross − share − guild = net`; `net = awaiting + wallet + tax + in hands + banked`, traced first in
    first out through settlement, withdrawal and hand-over.
    """

    broadcast: str
    declared_fen: int | None
    platform_fen: int | None
    gross_fen: int
    share_fen: int
    guild_fen: int
    net_fen: int
    tax_fen: int
    awaiting_fen: int
    wallet_fen: int
    in_hands_fen: int
    banked_fen: int
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """§六: a donation agreement; `broadcasts` of the month it covers, `late` those registered after the start."""

    number: str
    party: str
    signed_on: date
    first_day: date
    last_day: date | None
    share_bp: int
    scope: str
    broadcasts: tuple[str, ...]
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """§六: a charity's official receipt for a payment; recorded, never printed as a look-alike."""

    voucher: str
    charity: Text
    amount_fen: int
    paid_on: date
    received_on: date | None
    code: str
    number: str
    check_code: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """§七: a welfare activity; beneficiaries counted, never named; `payee` masked, `minutes` of volunteers in all."""

    number: str
    title: str
    organisers: tuple[str, ...]
    day: date
    place: str
    beneficiaries: int
    who: str
    goods: tuple[tuple[str, int, str, int], ...]
    goods_fen: int
    payee: str
    volunteers: int
    minutes: int
    intent: str
    vouchers: tuple[str, ...]
    spent_fen: int
    attachments: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """§五: whose goods a broadcast sold and on what terms (选品)."""

    broadcast: str
    goods: str
    seller: str
    related: bool
    detail: str
    slot_fee_fen: int
    commission_bp: int


@dataclass(frozen=True, slots=True)
class CostLine:
    """§五: a promotion or sample cost and who bore it; `what` and `bearer` are catalogue messages."""

    day: date
    broadcast: str
    what: str
    detail: str
    amount_fen: int
    bearer: str


@dataclass(frozen=True, slots=True)
class Finding:
    """§十: something a reviewer must know, with the rule that found it and what came of it.

    `severity` is high, middle or low. `outcome` is empty while nobody has said anything.
    """

    rule: str
    name: str
    severity: str
    where: str
    message: str
    values: tuple[tuple[str, str], ...]
    outcome: str = ""
    said: str = ""
    said_by: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """§十一: a duty of publication; `rule` names its source. `state`: done, late (done too late), due or overdue."""

    name: str
    rule: str
    subject: str
    due: date
    done_on: date | None
    link: str
    state: str
    working_days: bool


@dataclass(frozen=True, slots=True)
class ClosingVoucher:
    """A closing voucher (结转凭证); `number` is empty while the month is open. Lines: (side, code, name, fen)."""

    number: str
    summary: str
    lines: tuple[tuple[str, str, Text, int], ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Whether and by whom the month was closed, its closing vouchers and the position after them."""

    closed_at: datetime | None
    drafter: str
    confirmer: str
    vouchers: tuple[ClosingVoucher, ...]
    position: tuple[tuple[str, Text, int], ...]
    checklist: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CumulativeLine:
    """累计: one line of where all of it came from and went since the beginning; a total closes its group."""

    group: str
    label: str | Text
    fen: int
    total: bool = False


@dataclass(frozen=True, slots=True)
class Cumulative:
    """累计: since when, how many broadcasts, months, beneficiaries, and the lines that add up."""

    first_month: str
    months: int
    broadcasts: int
    beneficiaries: int
    lines: tuple[CumulativeLine, ...]
