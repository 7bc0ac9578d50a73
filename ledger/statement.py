"""The frozen MonthlyStatement: the one value that PDF, Excel, page and command line show.

Nothing here knows how to compute itself; `ledger.book.statement` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.months import Month
from ledger.sections import (
    AttachmentLine,
    BroadcastLine,
    Check,
    Commission,
    Correction,
    ExceptionLine,
    GrantLine,
    PartyLine,
    PendingItem,
    RefundLine,
    SpendingLine,
    StatementLine,
    TipFlow,
    TrialLine,
    VoucherLine,
)
from ledger.sections_welfare import (
    ActivityLine,
    AgreementLine,
    BankReconciliation,
    Close,
    CostLine,
    Cumulative,
    DisclosureLine,
    Finding,
    GoodsLine,
    ReceiptLine,
    ThreeWayLine,
    TieOutLine,
)
from ledger.words import Text


@dataclass(frozen=True, slots=True)
class BookFacts:
    """Whose book this is. `origin` is permanent and part of every signed statement."""

    code: str
    name: Text
    county: Text
    operator: Text
    origin: str


@dataclass(frozen=True, slots=True)
class Summary:
    """§一: the month in figures. `fund` is what is held for public welfare."""

    opening_fund_fen: int
    income_fen: int
    deductions_fen: int
    net_fen: int
    allocated_fen: int
    granted_fen: int
    spent_fen: int
    closing_fund_fen: int
    broadcasts: int
    zero_broadcasts: int
    vouchers: int
    corrections: int
    exceptions: int
    pending_fen: int
    checks_hold: bool


@dataclass(frozen=True, slots=True)
class MonthlyStatement:
    """Everything the monthly report says, and nothing that it does not.

    `audience` is `internal` or `public`; a public one is masked and names the statement
    digest of the internal one (`internal_digest`, hex).
    """

    book: BookFacts
    month: Month
    number: str
    version: int
    as_of: datetime
    log_size: int
    log_root: str
    public_url: str
    summary: Summary
    lines: tuple[StatementLine, ...]
    broadcasts: tuple[BroadcastLine, ...]
    tips: TipFlow
    commission: Commission
    grants: tuple[GrantLine, ...]
    spending: tuple[SpendingLine, ...]
    pending: tuple[PendingItem, ...]
    corrections: tuple[Correction, ...]
    refunds: tuple[RefundLine, ...]
    exceptions: tuple[ExceptionLine, ...]
    missing_numbers: tuple[str, ...]
    trial: tuple[TrialLine, ...]
    checks: tuple[Check, ...]
    vouchers: tuple[VoucherLine, ...]
    parties: tuple[PartyLine, ...]
    attachments: tuple[AttachmentLine, ...]
    three_way: tuple[ThreeWayLine, ...] = ()
    reconciliations: tuple[BankReconciliation, ...] = ()
    tie_out: tuple[TieOutLine, ...] = ()
    agreements: tuple[AgreementLine, ...] = ()
    receipts: tuple[ReceiptLine, ...] = ()
    goods: tuple[GoodsLine, ...] = ()
    costs: tuple[CostLine, ...] = ()
    activities: tuple[ActivityLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    disclosures: tuple[DisclosureLine, ...] = ()
    close: Close | None = None
    cumulative: Cumulative | None = None
    audience: str = "internal"
    internal_digest: str = ""
