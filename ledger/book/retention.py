"""How long accounting archives are kept (保管期限): the classes as data.

会计档案管理办法 (财政部、国家档案局令第79号, in force 2016-01-01), annex 1 and art. 14: the time runs from the
first day after the end of the accounting year. Destroying what has run out is a procedure of the
office with lists and signatures (art. 18–20); this program has no function that deletes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.words import Text


@dataclass(frozen=True, slots=True)
class Retention:
    """One class of archives. `years` None: kept for ever (永久)."""

    code: str
    name: Text
    years: int | None


RULES: tuple[Retention, ...] = (
    Retention("voucher", Text("会计凭证（原始凭证、记账凭证）", "Vouchers and their evidence"), 30),
    Retention(
        "book", Text("会计账簿（总账、明细账、日记账、账本记录）", "Ledgers, day books and the log"), 30
    ),
    Retention("monthly-report", Text("月度、季度、半年度财务会计报告", "Monthly to half-yearly reports"), 10),
    Retention("annual-report", Text("年度财务会计报告", "Annual reports"), None),
    Retention("bank", Text("银行对账单、银行存款余额调节表", "Bank statements and reconciliations"), 10),
    Retention("handed-over", Text("会计档案移交清册", "Lists of archives handed over"), 30),
    Retention(
        "kept", Text("会计档案保管清册、销毁清册、鉴定意见书", "Lists of archives kept and destroyed"), None
    ),
)
"""Every class, in the order of the annex."""

BY_CODE = {rule.code: rule for rule in RULES}


def begins(year: int) -> date:
    """Return the day from which the time of a year's archives runs."""
    return date(year + 1, 1, 1)


def until(code: str, year: int) -> date | None:
    """Return the last day on which archives of that class and accounting year must be kept; None: for ever."""
    years = BY_CODE[code].years
    return None if years is None else date(year + years, 12, 31)
