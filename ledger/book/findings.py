"""Exceptions first: every rule, what it finds in a month, and what has been said about it.

A rule never stops anything. It names what is unusual, so that it is explained
before it is signed. Findings are computed, never stored; what people say of them
is (`exception.settled`), bound to the facts that they saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.book import (
    broadcasts,
    entries,
    findings_accounts,
    findings_files,
    findings_flow,
    findings_income,
    findings_money,
    findings_people,
    findings_signing,
    findings_spending,
    imports,
    limits,
    periods,
    roster,
)
from ledger.book.month import MonthView, view
from ledger.book.scene import SEVERITIES, Found, Rule, Scene
from ledger.months import Month, parse_stamp
from ledger.sections_welfare import Finding
from ledger.store import log
from ledger.store import tables as t
from ledger.store import tables_check as c

RULES: tuple[Rule, ...] = (
    *findings_income.RULES,
    *findings_accounts.RULES,
    *findings_flow.RULES,
    *findings_files.RULES,
    *findings_spending.RULES,
    *findings_money.RULES,
    *findings_signing.RULES,
    *findings_people.RULES,
)
BY_CODE = {rule.code: rule for rule in RULES}
INCOME = frozenset(
    rule.code for part in (findings_income, findings_flow, findings_files) for rule in part.RULES
)
"""The rules that look for income which is not in the books."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody said of a finding: explained, corrected, referred or accepted; `at` is the record's stamp."""

    outcome: str
    text: str
    person: str
    name: str
    at: datetime
    idx: int


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in full: its month, rule, digest of facts, and the outcome that is bound to just these facts."""

    month: Month
    rule: Rule
    found: Found
    digest: str
    outcome: Outcome | None

    @property
    def severity(self) -> str:
        """high, middle or low."""
        return self.found.severity or self.rule.severity

    @property
    def open(self) -> bool:
        """Whether nobody has said anything of it as it is now."""
        return self.outcome is None


def lines(session: Session, seen: MonthView) -> tuple[Finding, ...]:
    """Return the month's findings for its report, as of the newest record or the month's end if that came before."""
    newest = parse_stamp(log.get(session, seen.book, log.size(session, seen.book) - 1).at).date()
    found = items(session, seen, min(newest, seen.month.last_day))
    return tuple(_finding(item) for item in found)


def _finding(item: Item) -> Finding:
    said, found = item.outcome, item.found
    return Finding(
        rule=item.rule.code,
        name=item.rule.name,
        severity=item.severity,
        where=found.where,
        message=found.message,
        values=found.values,
        outcome=said.outcome if said else "",
        said=said.text if said else "",
        said_by=said.name if said else "",
        said_at=said.at if said else None,
    )


def items(session: Session, seen: MonthView, through: date, *, standing: bool = True) -> tuple[Item, ...]:
    """Return what the rules find in a month on a day, high first, then the oldest.

    `standing` says whether rules of the whole book are asked as well.
    """
    scene = Scene(session, seen, through, limits.limits(session, seen.book))
    said = _outcomes(session, seen.book)
    found = [
        Item(seen.month, rule, one, digest, said.get((rule.code, one.subject, digest)))
        for rule in RULES
        if standing or not rule.standing
        for one in rule.check(scene)
        for digest in [one.digest(rule.code)]
    ]
    return tuple(sorted(found, key=_order))


def _order(item: Item) -> tuple[int, date, str, str]:
    since = item.found.since or item.month.first_day
    return SEVERITIES.index(item.severity), since, item.rule.code, item.found.subject


def _outcomes(session: Session, book_id: str) -> dict[tuple[str, str, str], Outcome]:
    """Return the newest outcome by rule, subject and digest of the facts."""
    o, head = c.ExceptionOutcome, t.RecordHead
    query = (
        select(o.rule, o.subject, o.facts, o.outcome, o.text, head.person, head.at, o.idx)
        .join(head, (head.book_id == o.book_id) & (head.idx == o.idx))
        .where(o.book_id == book_id)
        .order_by(o.idx)
    )
    rows = session.connection().execute(query).all()
    names = roster.names(session, book_id) if rows else {}
    return {
        (row.rule, row.subject, row.facts): Outcome(
            row.outcome, row.text, row.person, names.get(row.person, ""), parse_stamp(row.at), row.idx
        )
        for row in rows
    }


def open_months(session: Session, book_id: str) -> list[Month]:
    """Return the months that are not closed and in which something happened, newest first."""
    last = periods.last_closed(session, book_id)
    found = set(entries.months(session, book_id))
    found |= {item.month for item in broadcasts.of_month(session, book_id)}
    found |= {Month.parse(file.last_at[:7]) for file in imports.files(session, book_id)}
    return sorted((month for month in found if last is None or month > last), reverse=True)


def today(session: Session, book_id: str, day: date) -> tuple[Item, ...]:
    """Return the morning list: what the rules find in all open months as of a day, high first, then the oldest.

    What concerns the whole book is asked once, in the newest month; a finding
    that two months show stands once.
    """
    months = open_months(session, book_id)
    found: dict[tuple[str, str], Item] = {}
    for place, month in enumerate(months):
        for item in items(session, view(session, book_id, month), day, standing=place == 0):
            found.setdefault((item.rule.code, item.found.subject), item)
    return tuple(sorted(found.values(), key=_order))


def of_month(session: Session, book_id: str, month: Month, day: date) -> tuple[Item, ...]:
    """Return what the rules find in one month, closed or open, as of a day."""
    return items(session, view(session, book_id, month), day)


def find(session: Session, book_id: str, month: Month, rule: str, subject: str, day: date) -> Item | None:
    """Return one finding as it stands, None if the rule does not find it any more."""
    known = BY_CODE.get(rule)
    if known is None:
        return None
    scene = Scene(session, view(session, book_id, month), day, limits.limits(session, book_id))
    said = _outcomes(session, book_id)
    for one in _about(known, scene, subject):
        digest = one.digest(rule)
        return Item(month, known, one, digest, said.get((rule, subject, digest)))
    return None


def _about(rule: Rule, scene: Scene, subject: str) -> Iterator[Found]:
    return (one for one in rule.check(scene) if one.subject == subject)
