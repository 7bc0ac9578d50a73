"""The sections of the monthly statement: frozen values, one class per kind of line; more in `sections_welfare`.

All amounts are integer fen; times aware, in China time. Text that a user wrote is plain
`str`; `Text` carries its own English; `label` is a Chinese message for the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.words import Text


@dataclass(frozen=True, slots=True)
class StatementLine:
    """§二: one row of the income and expense table. None: the column does not apply.

    `group` is one of `income`, `deduction`, `spending`, `asset`, `liability`,
    `fund`; a `total` row closes its group.
    """

    group: str
    code: str
    name: Text
    opening_fen: int | None
    month_fen: int
    year_fen: int | None
    closing_fen: int | None
    total: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """An audience figure as the platform names it; never added up across accounts."""

    name: str
    unit: str
    value: int
    handle: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastLine:
    """§三: one broadcast. None: not declared or not known yet (it is not zero).

    `refund_fen` is gross tips clawed back this month (negative). `difference_fen`
    is the settled figure less the night's declaration.
    """

    number: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    accounts: tuple[tuple[Text, str], ...]
    department: str
    host: str
    units: int | None
    unit_name: str
    declared_fen: int | None
    gross_fen: int | None
    share_fen: int | None
    net_fen: int | None
    refund_fen: int
    gmv_fen: int
    commission_fen: int
    fee_fen: int
    zero_declared: bool
    difference_fen: int | None
    explanation: str
    vouchers: tuple[str, ...]
    evidence: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class TipFlow:
    """§四: where the tips went, gross to bank; every amount of this month.

    `gross − share − guild = net`; opening awaiting and wallets + net = to card +
    to institution + tax + closing awaiting and wallets; opening in hands + to
    card = handed over + in hands. `*_year_fen` is the year to date.
    """

    opening_awaiting_fen: int
    opening_wallet_fen: int
    opening_in_hands_fen: int
    gross_fen: int
    share_fen: int
    guild_fen: int
    net_fen: int
    tax_fen: int
    to_card_fen: int
    to_institution_fen: int
    awaiting: tuple[tuple[Text, int], ...]
    wallets: tuple[tuple[Text, int], ...]
    handed_over_fen: int
    in_hands_fen: int
    in_hands_since: date | None
    in_hands_days: int
    gross_year_fen: int
    share_year_fen: int
    tax_year_fen: int
    withdrawn_year_fen: int
    handed_over_year_fen: int


@dataclass(frozen=True, slots=True)
class ProductLine:
    """§五: commission by shop and product; no buyer data."""

    shop: str
    product: str
    orders: int
    gmv_fen: int
    commission_fen: int
    fee_fen: int
    net_fen: int


@dataclass(frozen=True, slots=True)
class Commission:
    """§五: commission on sales, booked on settlement only; estimates are memo."""

    gmv_fen: int
    gmv_refund_fen: int
    settled_fen: int
    settled_fee_fen: int
    clawback_fen: int
    clawback_fee_fen: int
    net_fen: int
    received_fen: int
    unsettled_orders: int
    unsettled_estimate_fen: int
    refunded_orders: int
    refunded_estimate_fen: int
    products: tuple[ProductLine, ...]


@dataclass(frozen=True, slots=True)
class GrantLine:
    """§六: an allocation resolution or a payment to a charity."""

    date: date
    voucher: str
    kind: Text
    payee: str
    purpose: str
    reference: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """§七: one act of public-welfare spending; `payee` is masked."""

    date: date
    voucher: str
    charity: Text
    activity: str
    place: str
    beneficiaries: int | None
    payee: str
    amount_fen: int
    attachments: int


@dataclass(frozen=True, slots=True)
class PendingItem:
    """§九: money not where it belongs yet; `days` to month end by calendar, `working_days` None if no calendar."""

    label: str
    account: str
    detail: str | Text
    amount_fen: int
    since: date | None
    days: int
    working_days: int | None = None
    charge: str | Text = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """§十: a red-letter pair. `correcting` is empty where nothing replaced the entry."""

    original: str
    original_date: date
    reversing: str
    correcting: str
    reason: str
    wrong_fen: int
    right_fen: int | None


@dataclass(frozen=True, slots=True)
class RefundLine:
    """§十: a claw-back after settlement; amounts are negative."""

    date: date
    voucher: str
    kind: Text
    broadcast: str
    gross_fen: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """§十: something a reviewer must know; `message` is a catalogue template with `values`."""

    message: str
    values: tuple[tuple[str, str], ...]
    where: str


@dataclass(frozen=True, slots=True)
class TrialLine:
    """科目余额表: one account. Debit balances are positive, credit balances negative."""

    code: str
    name: Text
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Check:
    """One line of 勾稽关系: the terms add up to `expected_fen`, or the check fails."""

    number: int
    label: str
    terms: tuple[tuple[str | Text, int], ...]
    expected_label: str
    expected_fen: int

    @property
    def difference_fen(self) -> int:
        """Sum of the terms less what was expected; 0 when the check holds."""
        return sum(fen for _, fen in self.terms) - self.expected_fen


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """凭证目录: one voucher of the month. `digest` is the entry's leaf hash in hex.

    `decisions` has one (party, decision) per required party; the decision is
    empty while that party has not spoken.
    """

    number: str
    date: date
    kind: Text
    summary: str
    amount_fen: int
    broadcast: str
    attachments: int
    decisions: tuple[tuple[str, str], ...]
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class SignerLine:
    """A person who signed for a party this month. `method` is `sealed-key` or `paper`."""

    name: str
    post: str
    method: str
    key: str
    entries: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PartyLine:
    """§十二: one institution's part of the signature page."""

    party: str
    name: Text
    statement: str
    required: int
    agreed: int
    returned: int
    queried: int
    waiting: int
    signers: tuple[SignerLine, ...]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """附件: one file by its digest (SHA-256, hex)."""

    voucher: str
    name: str
    size: int
    digest: str
