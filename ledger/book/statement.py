"""The monthly statement: one frozen value, computed from the log's projections, that every report shows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ledger.book import (
    accounts,
    activities,
    agreements,
    books,
    broadcasts,
    charity_receipts,
    cumulative,
    disclosures,
    findings,
    goods,
    reconciliation,
    roster,
    section_activity,
    section_checks,
    section_close,
    section_money,
    section_pending,
    section_signing,
    tracing,
)
from ledger.book.month import MonthView, view
from ledger.months import Month, parse_stamp
from ledger.statement import BookFacts, MonthlyStatement, Summary
from ledger.store import log
from ledger.words import Text

VERSION = 1


def monthly(
    session: Session, book_id: str, month: Month, *, public_url: str = "", version: int = VERSION
) -> MonthlyStatement:
    """Return the statement of a month as the log stands now; raise NotFound if there is no such book.

    `public_url` is the address under which people reach the application; the
    report number is appended to it for the QR code.
    """
    seen = view(session, book_id, month)
    head = log.head(session, book_id)
    book = books.get(session, book_id)
    number = report_number(book_id, month, version)
    reconciled = reconciliation.bank(session, book_id, month)
    supervised = next((one for one in reconciled if one.code == seen.account("bank")), None)
    checks = section_checks.checks(seen, supervised)
    found = findings.lines(session, seen)
    return MonthlyStatement(
        book=BookFacts(
            book_id, book.name, book.county, seen.parties.get("operator", Text("", "")), head.origin
        ),
        month=month,
        number=number,
        version=version,
        as_of=parse_stamp(log.get(session, book_id, head.size - 1).at),
        log_size=head.size,
        log_root=head.root.hex(),
        public_url=f"{public_url.rstrip('/')}/r/{number}" if public_url else "",
        summary=_summary(seen, len(found), all(check.difference_fen == 0 for check in checks)),
        lines=section_money.lines(seen),
        broadcasts=section_activity.broadcasts(seen, session),
        tips=section_money.tip_flow(session, seen),
        commission=section_money.commission(seen),
        grants=section_activity.grants(seen),
        spending=section_activity.spending(seen),
        pending=section_pending.pending(session, seen),
        corrections=section_activity.corrections(session, seen),
        refunds=section_activity.refunds(seen),
        exceptions=(),
        missing_numbers=section_activity.missing_numbers(seen),
        trial=section_money.trial(seen),
        checks=checks,
        vouchers=section_signing.vouchers(seen),
        parties=section_signing.parties(seen),
        attachments=section_signing.attachments(session, seen),
        three_way=reconciliation.three_way(session, seen),
        reconciliations=reconciled,
        tie_out=tracing.tie_out(session, seen),
        agreements=agreements.lines(session, seen),
        receipts=charity_receipts.lines(session, seen),
        goods=goods.lines(session, seen),
        costs=goods.costs(session, seen),
        activities=activities.lines(session, seen),
        findings=found,
        disclosures=disclosures.lines(session, seen),
        close=section_close.close(seen),
        cumulative=cumulative.cumulative(session, seen),
    )


def personal_names(session: Session, book_id: str) -> frozenset[str]:
    """Return the names of people whom the book knows: who has a seat, who hosts, who owns an account himself."""
    found = {member.name for member in roster.members(session, book_id)}
    found |= {item.host for item in broadcasts.of_month(session, book_id)}
    found |= {one.owner for one in accounts.accounts(session, book_id) if one.owner_kind == "personal"}
    return frozenset(name for name in found if name)


def report_number(book_id: str, month: Month, version: int = VERSION) -> str:
    """Return the number printed on every page: `demo-202603-V1`."""
    return f"{book_id}-{month.year:04d}{month.number:02d}-V{version}"


def _summary(seen: MonthView, exception_count: int, checks_hold: bool) -> Summary:  # noqa: FBT001 - a plain value
    fund = section_money.fund(seen)
    return Summary(
        opening_fund_fen=fund.opening_fen,
        income_fen=fund.income_fen,
        deductions_fen=fund.deductions_fen,
        net_fen=fund.income_fen - fund.deductions_fen,
        allocated_fen=sum(
            entry.amount_fen for entry in seen.entries if seen.kind_of[entry.idx] == "ALLOCATE"
        ),
        granted_fen=sum(entry.amount_fen for entry in seen.entries if seen.kind_of[entry.idx] == "GRANT_PAY"),
        spent_fen=fund.spent_fen,
        closing_fund_fen=fund.closing_fen,
        broadcasts=sum(item.month == seen.month for item in seen.broadcasts),
        zero_broadcasts=sum(
            any(key[0] == item.number and told.zero for key, told in seen.declared.items())
            for item in seen.broadcasts
            if item.month == seen.month
        ),
        vouchers=len(seen.entries),
        corrections=sum(entry.reverses is not None for entry in seen.entries),
        exceptions=exception_count,
        pending_fen=section_pending.pending_total(seen),
        checks_hold=checks_hold,
    )
