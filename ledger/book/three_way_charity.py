"""The third side: what was paid to a charity, its official receipt, and what it says of its own spending.

A charity does not confirm its own spending alone: it declares, the other one reviews
(交叉复核, domain C1). Without the other's word the line is not matched.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import charity_receipts, lineage, states
from ledger.book.charity_receipts import GRANT, Receipt
from ledger.book.month import MonthView
from ledger.book.postings import OTHER
from ledger.book.reconcile_accounts import Account
from ledger.book.reconcile_lines import BOOK
from ledger.sections_welfare import ThreeWayLine
from ledger.store import tables as t
from ledger.words import N_

SPENDING = ("SPEND", "ACTIVITY_CLEAR")
NO_STATEMENT = N_("没有和银行对账单勾对")
NO_RECEIPT, NO_REVIEW = N_("慈善机构还没有登记票据"), N_("票据等待另一家慈善机构复核")
RECEIPT_QUERIED, AMOUNT = N_("复核对票据有疑问"), N_("票据金额与拨付金额不同")
NOT_DECLARED, NOT_REVIEWED = N_("慈善机构本会还没有签认"), N_("等待另一家慈善机构交叉复核")
OBJECTED = N_("签认时被退回或问询")
UNSPENT = N_("尚未使用")


def lines(session: Session, seen: MonthView, account: Account) -> Iterator[ThreeWayLine]:
    """Yield payments and spending of the month, earlier ones that are not settled yet, and unspent advances."""
    entries = _entries(session, seen)
    standings = states.standings(session, seen.book, [entry.idx for entry in entries])
    receipts = _receipts(session, seen.book)
    paid = _paid(account)
    for entry in entries:
        if entry.type == GRANT:
            line = _grant(entry, standings[entry.idx], receipts.get(entry.idx, []), paid.get(entry.idx))
        else:
            line = _spending(entry, standings[entry.idx])
        if entry.period == str(seen.month) or line.state != "matched":
            yield line
    for party, item in seen.chart.charities.items():
        fen = seen.moved(item["advance"]).closing_fen
        if fen:
            name = seen.parties.get(party, party)
            yield ThreeWayLine("charity", N_("拨付待核销"), name, None, fen, None, None, "transit", UNSPENT)
    code = seen.account("petty_cash")
    fen = seen.moved(code).closing_fen
    if fen:
        name = seen.chart.account(code).name
        yield ThreeWayLine("charity", N_("活动备用金"), name, None, fen, None, None, "transit", UNSPENT)


def _entries(session: Session, seen: MonthView) -> list[t.Entry]:
    """Return payments and spending through the month that were not undone by then."""
    e = t.Entry
    undone = select(e.reverses).where(
        e.book_id == seen.book, e.reverses.is_not(None), e.period <= str(seen.month)
    )
    query = select(e).where(
        e.book_id == seen.book,
        e.type.in_((GRANT, *SPENDING)),
        e.period <= str(seen.month),
        e.idx.not_in(undone),
    )
    return list(session.scalars(query.order_by(e.period, e.seq)))


def _receipts(session: Session, book_id: str) -> dict[int, list[Receipt]]:
    """Return the receipts of each payment; a corrected payment keeps those of the entry it corrects."""
    known = charity_receipts.receipts(session, book_id)
    now = lineage.standing(session, book_id, (one.entry for one in known))
    found: dict[int, list[Receipt]] = {}
    for one in known:
        for entry in {one.entry, now[one.entry]}:
            if entry is not None:
                found.setdefault(entry, []).append(one)
    return found


def _paid(account: Account) -> dict[int, int]:
    """Return what the bank paid for each payment whose line is matched by now, fen."""
    found: dict[int, int] = {}
    for side, entry, n in account.settled:
        if side == BOOK:
            fen = account.stated_fen(account.sides.lines[side, entry, n])
            found[entry] = found.get(entry, 0) - fen
    return found


def _grant(
    entry: t.Entry,
    standing: states.Standing,
    receipts: list[Receipt],
    paid_fen: int | None,
) -> ThreeWayLine:
    """Return one payment: books ↔ bank ↔ receipt, declared by the charity and reviewed by the other."""
    received = sum(receipt.amount_fen for receipt in receipts) if receipts else None
    state, note = _signed(entry, standing)
    if paid_fen is None:
        state, note = "open", NO_STATEMENT
    elif received is None:
        state, note = "open", NO_RECEIPT
    elif any(receipt.decision == "query" for receipt in receipts):
        state, note = "query", RECEIPT_QUERIED
    elif not received == paid_fen == entry.amount_fen:
        state, note = "query", AMOUNT
    elif any(not receipt.decision for receipt in receipts):
        state, note = "open", NO_REVIEW
    return ThreeWayLine(
        "charity", N_("拨付"), _named(entry), None, entry.amount_fen, paid_fen, received, state, note
    )


def _spending(entry: t.Entry, standing: states.Standing) -> ThreeWayLine:
    """Return one spending: in the books, and as the charity declares it."""
    own = standing.words.get(entry.charity or "")
    declared = entry.amount_fen if own is not None and own.decision in states.AGREED else None
    state, note = _signed(entry, standing)
    return ThreeWayLine(
        "charity", N_("公益支出"), _named(entry), None, entry.amount_fen, None, declared, state, note
    )


def _named(entry: t.Entry) -> str:
    return f"{entry.number} {entry.summary}"


def _signed(entry: t.Entry, standing: states.Standing) -> tuple[str, str]:
    """Return how far a charity's own declaration and the other's review have come."""
    party = entry.charity or ""
    words = {name: standing.words.get(name) for name in (party, OTHER.get(party, ""))}
    if any(word is not None and word.decision not in states.AGREED for word in words.values()):
        return "query", OBJECTED
    if words[party] is None:
        return "open", NOT_DECLARED
    if any(word is None for word in words.values()):
        return "open", NOT_REVIEWED
    return "matched", ""
