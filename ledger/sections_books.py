"""Values of the printed books (会计账簿): vouchers, ledgers and what a charity may book against them. Integer fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.months import Month
from ledger.words import Text


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the chart. `type`: asset, liability, fund, income or expense."""

    code: str
    name: Text
    type: str

    @property
    def general_code(self) -> str:
        """Code of the general ledger account (总账科目): what stands before the first dot."""
        return self.code.partition(".")[0]

    @property
    def general(self) -> Text:
        """Name of the general ledger account: before `—` in Chinese and `: ` in English."""
        return Text(self.name.zh.partition("—")[0], self.name.en.partition(": ")[0])

    @property
    def detail(self) -> Text:
        """Name of the subsidiary account (明细科目); empty where there is none."""
        return Text(self.name.zh.partition("—")[2], self.name.en.partition(": ")[2])


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One line of a voucher; `dc` is D or C, red letters are negative."""

    account: Account
    dc: str
    fen: int


@dataclass(frozen=True, slots=True)
class Voucher:
    """记账凭证: one entry with who prepared and who reviewed it. `digest` is its leaf hash in hex.

    `idx` is its record, `type` its entry type's code; a name is empty once erased.
    """

    period: str
    number: str
    date: date
    kind: Text
    summary: str
    amount_fen: int
    rows: tuple[VoucherRow, ...]
    attachments: int
    preparer: str
    reviewer: str
    note: str
    digest: str
    idx: int
    type: str


@dataclass(frozen=True, slots=True)
class BookHead:
    """What every printed book says of itself: whose it is, which months, and how far the log had come.

    `final` says that every month is closed: then the same months always give the same head, and
    the same file. `open_months` are those that are not.
    """

    code: str
    name: Text
    county: Text
    operator: Text
    origin: str
    first: Month
    last: Month
    as_of: datetime
    log_size: int
    log_root: str
    open_months: tuple[Month, ...]

    @property
    def final(self) -> bool:
        """Whether nothing can enter these months any more."""
        return not self.open_months


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of an account: which voucher moved it, and the balance after it (debit positive).

    `against` are the codes of the accounts on the voucher's other side (对方科目).
    """

    date: date
    number: str
    idx: int
    summary: str
    against: tuple[str, ...]
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class LedgerMonth:
    """One account in one month, closing vouchers included, lines by date and number.

    `year_*` are the turnovers since January in this book.
    """

    month: Month
    opening_fen: int
    lines: tuple[LedgerLine, ...]
    debit_fen: int
    credit_fen: int
    year_debit_fen: int
    year_credit_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """An account of the subsidiary ledger (明细账) or of the day book (日记账), or a general one (总账) without lines."""

    account: Account
    months: tuple[LedgerMonth, ...]

    @property
    def opening_fen(self) -> int:
        """Balance before the first month."""
        return self.months[0].opening_fen

    @property
    def closing_fen(self) -> int:
        """Balance after the last month."""
        return self.months[-1].closing_fen


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One line of 科目余额表: balances debit positive, turnovers by side, `year_*` since January in this book."""

    account: Account
    opening_fen: int
    debit_fen: int
    credit_fen: int
    year_debit_fen: int
    year_credit_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What the opening says of the year before this book began: an account, or a flow that is none, net, debit positive."""

    label: Text
    fen: int


@dataclass(frozen=True, slots=True)
class Ledgers:
    """All printed ledgers of a month or a year.

    `before` leaves the closing vouchers of all its months out, `after` has them; for several months the
    first differs from the second in turnovers and closing balances of income, expense and fund.
    """

    head: BookHead
    day_books: tuple[AccountLedger, ...]
    general: tuple[AccountLedger, ...]
    subsidiary: tuple[AccountLedger, ...]
    before: tuple[BalanceLine, ...]
    after: tuple[BalanceLine, ...]
    brought: tuple[Brought, ...]


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One line of a suggested counterpart voucher (建议对应凭证); `group` numbers the vouchers from 1.

    `ours` is the voucher of this book that it answers, `receipt` the charity's official receipt if recorded.
    """

    group: int
    date: date
    summary: str
    code: str
    name: Text
    debit_fen: int
    credit_fen: int
    ours: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Counterparts:
    """What a charity may book in its own accounts. `variant`: donation 捐赠收入 or agency 受托代理."""

    head: BookHead
    party: str
    charity: Text
    variant: str
    lines: tuple[CounterLine, ...]
