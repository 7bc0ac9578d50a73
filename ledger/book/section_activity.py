"""Sections of the statement that list events: broadcasts, grants, spending, corrections, refunds."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from ledger.book import entries as entry_reads
from ledger.book.broadcasts import Broadcast
from ledger.book.evidence import attachments
from ledger.book.masking import mask
from ledger.book.month import MonthView
from ledger.months import parse_stamp
from ledger.sections import BroadcastLine, Correction, GrantLine, Metric, RefundLine, SpendingLine

REFUNDS = ("REFUND_TIP", "REFUND_TIP_OWED", "REFUND_COMM")


def broadcasts(seen: MonthView, session: Session) -> tuple[BroadcastLine, ...]:
    """Return one line per broadcast that began this month or earned or lost something in it."""
    evidence = _evidence(session, seen)
    return tuple(_broadcast(seen, item, evidence) for item in seen.broadcasts)


def _evidence(session: Session, seen: MonthView) -> dict[int, int]:
    told = [item.idx for item in seen.declared.values()]
    found = attachments(session, seen.book, told)
    return {idx: len(files) for idx, files in found.items()}


def _broadcast(seen: MonthView, item: Broadcast, evidence: dict[int, int]) -> BroadcastLine:
    tips = seen.of_broadcast(item.number, "TIP", "BONUS", "ADJUST")
    refunds = seen.of_broadcast(item.number, "REFUND_TIP", "REFUND_TIP_OWED")
    sales = seen.of_broadcast(item.number, "COMMISSION", "REFUND_COMM")
    told = [
        seen.declared[item.number, account]
        for account in item.accounts
        if (item.number, account) in seen.declared
    ]
    zero = bool(told) and all(one.zero for one in told)
    gross = -seen.turnover(tips, seen.account("tips")) - seen.turnover(tips, seen.account("bonus"))
    share = seen.turnover(tips, seen.account("share")) + seen.turnover(tips, seen.account("guild"))
    booked = bool(tips)
    declared = sum(one.amount_fen for one in told) if told else None
    units = [
        e.facts.get("units")
        for e in tips
        if e.type != "REVERSAL" and seen.standings[e.idx].reversed_by is None
    ]
    known = [unit for unit in units if isinstance(unit, int)]
    platform = seen.accounts[item.accounts[0]].platform if item.accounts[0] in seen.accounts else ""
    return BroadcastLine(
        number=item.number,
        title=item.title,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        accounts=tuple(
            (seen.chart.platform(seen.accounts[a].platform).name, seen.accounts[a].handle)
            for a in item.accounts
            if a in seen.accounts
        ),
        department=item.department,
        host=item.host,
        units=sum(known) if known else None,
        unit_name=seen.chart.platforms[platform].unit if platform in seen.chart.platforms else "",
        declared_fen=declared,
        gross_fen=gross if booked else (0 if zero else None),
        share_fen=share if booked else (0 if zero else None),
        net_fen=gross - share if booked else (0 if zero else None),
        refund_fen=-seen.turnover(refunds, seen.account("tips")),
        gmv_fen=sum(
            m.gmv_fen for m in seen.memo if m.broadcast == item.number and m.kind in ("sale", "void")
        ),
        commission_fen=-seen.turnover(sales, seen.account("commission")),
        fee_fen=seen.turnover(sales, seen.account("tech_fee")),
        zero_declared=zero,
        difference_fen=gross - declared if booked and declared is not None else None,
        explanation="；".join(
            seen.explained[item.number, a].text for a in item.accounts if (item.number, a) in seen.explained
        ),
        vouchers=tuple(e.number for e in (*tips, *refunds, *sales)),
        evidence=sum(evidence.get(one.idx, 0) for one in told)
        + sum(e.attachments for e in (*tips, *refunds, *sales)),
        metrics=tuple(
            Metric(m.name, m.unit, m.value, seen.accounts[m.account].handle, parse_stamp(m.captured_at))
            for m in seen.audience.get(item.number, ())
            if m.account in seen.accounts
        ),
    )


def _party(seen: MonthView, party: str | None) -> str:
    return seen.parties[party].zh if party and party in seen.parties else ""


def grants(seen: MonthView) -> tuple[GrantLine, ...]:
    """Return allocation resolutions, one line per charity, and payments to charities."""
    found: list[GrantLine] = []
    funds = {item["fund"]: party for party, item in seen.chart.charities.items()}
    for entry in seen.standing_entries("ALLOCATE", "GRANT_PAY", "GRANT_RETURN", "ALLOCATE_BACK"):
        name = seen.chart.type(entry.type).name
        day = date.fromisoformat(entry.date)
        reference = " ".join(
            str(entry.facts[k]) for k in ("resolution", "bank_serial", "receipt") if entry.facts.get(k)
        )
        if entry.type == "ALLOCATE":
            for line in seen.lines[entry.idx]:
                if line.account in funds:
                    payee = _party(seen, funds[line.account])
                    found.append(
                        GrantLine(day, entry.number, name, payee, entry.summary, reference, line.fen)
                    )
        else:
            sign = -1 if entry.type == "GRANT_RETURN" else 1
            payee = _party(seen, entry.charity)
            found.append(
                GrantLine(day, entry.number, name, payee, entry.summary, reference, sign * entry.amount_fen)
            )
    return tuple(found)


def spending(seen: MonthView) -> tuple[SpendingLine, ...]:
    """Return the month's spending as it stands; payees masked where they are persons."""
    return tuple(
        SpendingLine(
            date.fromisoformat(entry.date),
            entry.number,
            seen.parties[entry.charity or ""],
            str(entry.facts.get("activity", "")),
            str(entry.facts.get("place", "")),
            entry.facts.get("beneficiaries"),
            mask(str(entry.facts.get("payee") or "")),
            entry.amount_fen,
            entry.attachments,
        )
        for entry in seen.standing_entries("SPEND", "ACTIVITY_CLEAR")
    )


def corrections(session: Session, seen: MonthView) -> tuple[Correction, ...]:
    """Return the month's red letters, each with what it cancels and what replaced it."""
    found = []
    for entry in seen.entries:
        if entry.reverses is None:
            continue
        original = entry_reads.get(session, seen.book, entry.reverses)
        right = next((e for e in seen.entries if e.corrects == entry.reverses), None)
        found.append(
            Correction(
                original.number,
                date.fromisoformat(original.date),
                entry.number,
                right.number if right else "",
                entry.reason or "",
                original.amount_fen,
                right.amount_fen if right else None,
            )
        )
    return tuple(found)


def refunds(seen: MonthView) -> tuple[RefundLine, ...]:
    """Return the claw-backs after settlement; amounts are negative."""
    income = [seen.account("tips"), seen.account("commission")]
    costs = [seen.account("share"), seen.account("tech_fee")]
    return tuple(
        RefundLine(
            date.fromisoformat(entry.date),
            entry.number,
            seen.chart.type(entry.type).name,
            entry.broadcast or "",
            -sum(seen.turnover([entry], code) for code in income),
            sum(seen.turnover([entry], code) for code in costs),
        )
        for entry in seen.standing_entries(*REFUNDS)
    )


def missing_numbers(seen: MonthView) -> tuple[str, ...]:
    """Return voucher numbers that are missing; the database lets none be, the report says so."""
    numbers = {entry.number for entry in seen.entries}
    return tuple(n for n in (f"记-{seq:04d}" for seq in range(1, len(seen.entries) + 1)) if n not in numbers)
