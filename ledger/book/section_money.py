"""Sections of the statement that are sums of accounts: table, fund, tip flow, commission, trial balance."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ledger.book import balances
from ledger.book.month import MonthView
from ledger.sections import Commission, ProductLine, StatementLine, TipFlow, TrialLine
from ledger.words import Text

SPENT = "5101"
"""Accounts of public-welfare spending begin with this; other expenses are deductions."""

TOTALS: dict[str, Text] = {
    "income": Text("收入合计", "Total income"),
    "deduction": Text("扣除合计", "Total deductions"),
    "spending": Text("公益支出合计", "Total public-welfare spending"),
    "asset": Text("资产合计", "Total assets"),
    "liability": Text("负债合计", "Total liabilities"),
    "fund": Text("公益资金合计", "Total public-welfare fund"),
}


@dataclass(frozen=True, slots=True)
class Fund:
    """The fund over the month, fen: what is held for public welfare."""

    opening_fen: int
    income_fen: int
    deductions_fen: int
    spent_fen: int
    closing_fen: int


def fund(seen: MonthView) -> Fund:
    """Return the fund from the net-asset side: fund, income and expense accounts together."""
    codes = [*seen.of_type("fund"), *seen.of_type("income"), *seen.of_type("expense")]
    spent = sum(_month(seen, code) for code in seen.of_type("expense") if code.startswith(SPENT))
    return Fund(
        opening_fen=-sum(seen.moved(code).opening_fen for code in codes),
        income_fen=-sum(_month(seen, code) for code in seen.of_type("income")),
        deductions_fen=sum(_month(seen, code) for code in seen.of_type("expense")) - spent,
        spent_fen=spent,
        closing_fen=-sum(seen.moved(code).closing_fen for code in codes),
    )


def _month(seen: MonthView, code: str) -> int:
    moved = seen.moved(code)
    return moved.debit_fen - moved.credit_fen


def group_of(seen: MonthView, code: str) -> str:
    """Return the group of an account in the income and expense table."""
    kind = seen.chart.account(code).type
    if kind == "expense":
        return "spending" if code.startswith(SPENT) else "deduction"
    return kind


def fund_after_close(seen: MonthView) -> dict[str, tuple[int, int]]:
    """Return (opening, closing) of each fund account as if the month were closed (C3 CLOSE), credit positive."""
    unallocated = seen.account("fund")
    found = {code: [0, 0] for code in seen.of_type("fund")} | {unallocated: [0, 0]}
    owner = {item["cost"]: item["fund"] for item in seen.chart.charities.values()}
    for code in (*seen.of_type("fund"), *seen.of_type("income"), *seen.of_type("expense")):
        moved = seen.moved(code)
        target = code if seen.chart.account(code).type == "fund" else owner.get(code, unallocated)
        held = found.setdefault(target, [0, 0])
        held[0] -= moved.opening_fen
        held[1] -= moved.closing_fen
    return {code: (opened, closed) for code, (opened, closed) in sorted(found.items())}


def lines(seen: MonthView) -> tuple[StatementLine, ...]:
    """Return the income and expense table (收支总表), each group closed by its total."""
    rows: list[StatementLine] = []
    for group in ("income", "deduction", "spending"):
        sign = -1 if group == "income" else 1
        part = [
            StatementLine(
                group,
                code,
                seen.chart.account(code).name,
                None,
                sign * _month(seen, code),
                sign * seen.moved(code).year_fen,
                None,
            )
            for code in seen.movements
            if group_of(seen, code) == group
        ]
        rows += [*part, _total(group, part)]
    for group in ("asset", "liability"):
        sign = 1 if group == "asset" else -1
        part = []
        for code in seen.of_type(group):
            moved = seen.moved(code)
            part.append(
                StatementLine(
                    group,
                    code,
                    seen.chart.account(code).name,
                    sign * moved.opening_fen,
                    sign * (moved.closing_fen - moved.opening_fen),
                    None,
                    sign * moved.closing_fen,
                )
            )
        rows += [*part, _total(group, part)]
    part = [
        StatementLine("fund", code, seen.chart.account(code).name, opened, closed - opened, None, closed)
        for code, (opened, closed) in fund_after_close(seen).items()
    ]
    return (*rows, *part, _total("fund", part))


def _total(group: str, part: list[StatementLine]) -> StatementLine:
    def add(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known or not values else None

    flow = group in ("income", "deduction", "spending")
    return StatementLine(
        group,
        "",
        TOTALS[group],
        None if flow else add([row.opening_fen for row in part]),
        sum(row.month_fen for row in part),
        add([row.year_fen for row in part]) if flow else None,
        None if flow else add([row.closing_fen for row in part]),
        total=True,
    )


def trial(seen: MonthView) -> tuple[TrialLine, ...]:
    """Return the trial balance before close, one line per account that has a balance or moved."""
    return tuple(
        TrialLine(
            code, seen.chart.account(code).name, m.opening_fen, m.debit_fen, m.credit_fen, m.closing_fen
        )
        for code, m in seen.movements.items()
        if m.opening_fen or m.debit_fen or m.credit_fen or m.closing_fen
    )


def tip_flow(session: Session, seen: MonthView) -> TipFlow:
    """Return where the tips went, from gross to bank (打赏资金流向表)."""
    hands = seen.moved(seen.account("in_hands"))
    gross = [seen.moved(seen.account(name)) for name in ("tips", "bonus")]
    share, guild, tax = (seen.moved(seen.account(name)) for name in ("share", "guild", "tax"))
    platforms = seen.chart.platforms.values()
    gross_fen = sum(m.credit_fen - m.debit_fen for m in gross)
    share_fen, guild_fen = share.debit_fen - share.credit_fen, guild.debit_fen - guild.credit_fen
    since = (
        balances.since(session, seen.book, seen.account("in_hands"), seen.month, hands.closing_fen)
        if hands.closing_fen
        else None
    )
    withdrawn_year = hands.year_debit_fen + tax.year_debit_fen - tax.year_credit_fen
    return TipFlow(
        opening_awaiting_fen=sum(seen.moved(item.awaiting).opening_fen for item in platforms),
        opening_wallet_fen=sum(seen.moved(item.wallet).opening_fen for item in platforms),
        opening_in_hands_fen=hands.opening_fen,
        gross_fen=gross_fen,
        share_fen=share_fen,
        guild_fen=guild_fen,
        net_fen=gross_fen - share_fen - guild_fen,
        tax_fen=tax.debit_fen - tax.credit_fen,
        to_card_fen=hands.debit_fen,
        to_institution_fen=seen.moved(seen.account("in_transit")).debit_fen,
        awaiting=tuple(
            (p.name, seen.moved(p.awaiting).closing_fen) for p in platforms if p.awaiting in seen.movements
        ),
        wallets=tuple(
            (p.name, seen.moved(p.wallet).closing_fen) for p in platforms if p.wallet in seen.movements
        ),
        handed_over_fen=hands.credit_fen,
        in_hands_fen=hands.closing_fen,
        in_hands_since=since,
        in_hands_days=(seen.month.last_day - since).days if since else 0,
        gross_year_fen=-sum(m.year_fen for m in gross),
        share_year_fen=share.year_fen,
        tax_year_fen=tax.year_fen,
        withdrawn_year_fen=seen.brought.get("withdrawn", 0) + withdrawn_year,
        handed_over_year_fen=seen.brought.get("handed_over", 0) + hands.year_credit_fen,
    )


def commission(seen: MonthView) -> Commission:
    """Return commission on sales: booked on settlement; sales and estimates are memo."""
    income, fee = seen.account("commission"), seen.account("tech_fee")
    settled = [e for e in seen.entries if seen.kind_of[e.idx] == "COMMISSION"]
    clawed = [e for e in seen.entries if seen.kind_of[e.idx] == "REFUND_COMM"]
    settled_fen, settled_fee = -seen.turnover(settled, income), seen.turnover(settled, fee)
    claw_fen, claw_fee = -seen.turnover(clawed, income), seen.turnover(clawed, fee)
    memo = {kind: [m for m in seen.memo if m.kind == kind] for kind in ("sale", "refund", "void")}
    products: dict[tuple[str, str], list[int]] = {}
    for item in (*memo["sale"], *memo["refund"]):
        row = products.setdefault((item.shop, item.product), [0, 0, 0, 0])
        row[0] += item.orders if item.kind == "sale" else 0
        row[1] += item.gmv_fen
        row[2] += item.amount_fen
        row[3] += item.fee_fen
    return Commission(
        gmv_fen=sum(m.gmv_fen for kind in ("sale", "void") for m in memo[kind]),
        gmv_refund_fen=sum(m.gmv_fen for m in memo["void"]) - sum(m.gmv_fen for m in memo["refund"]),
        settled_fen=settled_fen,
        settled_fee_fen=settled_fee,
        clawback_fen=claw_fen,
        clawback_fee_fen=claw_fee,
        net_fen=settled_fen + claw_fen - settled_fee - claw_fee,
        received_fen=seen.moved(seen.account("commission_wallet")).credit_fen,
        unsettled_orders=seen.estimates[0],
        unsettled_estimate_fen=seen.estimates[1],
        refunded_orders=sum(m.orders for m in memo["void"]),
        refunded_estimate_fen=sum(m.amount_fen - m.fee_fen for m in memo["void"]),
        products=tuple(
            ProductLine(*key, n, g, c, f, c - f) for key, (n, g, c, f) in sorted(products.items())
        ),
    )
