"""The books as plain text for hledger and beancount: so that somebody else's program adds them up.

Both are documented formats of open programs (hledger.org, beancount.github.io). Amounts
are yuan with two decimals, made from fen without a float; red letters stay negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ledger.money import plain_yuan
from ledger.sections_books import Account, Voucher

FORMATS = ("hledger", "beancount")
CURRENCY = "CNY"
ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "fund": "Equity",
    "income": "Income",
    "expense": "Expenses",
}


def journal(
    style: str,
    first_day: date,
    accounts: Iterable[Account],
    opening: Iterable[tuple[Account, int]],
    vouchers: Iterable[Voucher],
) -> Iterator[str]:
    """Yield the lines of a journal in `style` (one of FORMATS), each ending in a line feed.

    `opening` are balances on `first_day`, debit positive; vouchers come in the order of
    their numbers, which within a month need not be that of their dates. Accounts keep
    their codes: `1002.01` is `Assets:1002.01` for hledger, `Assets:A1002-01` for
    beancount, which wants a letter first. Raises ValueError for another style.
    """
    if style not in FORMATS:
        raise ValueError(style)
    beancount = style == "beancount"
    if beancount:
        yield f'option "operating_currency" "{CURRENCY}"\n'
        # Every sum must be exact to the fen.
        yield f'option "inferred_tolerance_default" "{CURRENCY}:0"\n'
    else:
        yield f"commodity {CURRENCY} 1,000.00\n"
    for account in accounts:
        called = name(account, style)
        if beancount:
            yield f"{first_day} open {called} {CURRENCY} ; {account.name.zh}\n"
        else:
            yield f"account {called}  ; {account.name.zh}\n"
    held = [(account, fen) for account, fen in opening if fen]
    if held:
        yield from _transaction(style, first_day, "期初", "期初余额", held)
    for one in vouchers:
        rows = [(row.account, row.fen if row.dc == "D" else -row.fen) for row in one.rows]
        yield from _transaction(style, one.date, one.number, one.summary, rows)


def _transaction(
    style: str, day: date, number: str, summary: str, rows: list[tuple[Account, int]]
) -> Iterator[str]:
    text = re.sub(r"\s+", " ", summary).strip()
    if style == "beancount":
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        yield f'\n{day} * "{number}" "{escaped}"\n'
    else:
        yield f"\n{day} ({number}) {text.replace(';', '；')}\n"
    for account, fen in rows:
        amount = plain_yuan(fen)
        placed = f"{amount} {CURRENCY}" if style == "beancount" else f"{CURRENCY} {amount}"
        yield f"    {name(account, style)}  {placed}\n"


def name(account: Account, style: str) -> str:
    """Return an account's name in a journal of that style."""
    code = "A" + account.code.replace(".", "-") if style == "beancount" else account.code
    return f"{ROOTS[account.type]}:{code}"
