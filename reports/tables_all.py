"""All tables of the report in their official order."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from reports import (
    tables_close,
    tables_cumulative,
    tables_findings,
    tables_flow,
    tables_income,
    tables_proof,
    tables_reconcile,
    tables_sales,
    tables_signing,
    tables_use,
    tables_welfare,
)
from reports.tables import Table
from reports.wording import Wording


def every_table(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """Return the report's tables in their official order, as the workbook has them."""
    return (
        *income_side(statement, words),
        *use_side(statement, words),
        tables_signing.parties(statement, words),
        tables_signing.signers(statement.parties, words),
        *proof_side(statement, words),
        tables_proof.attachments(statement, words),
        tables_cumulative.cumulative(statement, words),
    )


def income_side(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """Return the tables of §一 to §五."""
    return (
        tables_income.summary(statement, words),
        tables_income.counts(statement, words),
        tables_income.income(statement, words),
        tables_income.broadcasts(statement, words),
        tables_income.declared(statement, words),
        tables_reconcile.tie_out(statement, words),
        tables_income.metrics(statement, words),
        tables_flow.tips(statement, words),
        tables_sales.ageing(statement, words),
        tables_flow.commission(statement, words),
        tables_flow.products(statement, words),
        tables_sales.goods(statement, words),
        tables_sales.costs(statement, words),
    )


def use_side(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """Return the tables of §六 to §十一."""
    return (
        tables_use.grants(statement, words),
        tables_welfare.agreements(statement, words),
        tables_welfare.receipts(statement, words),
        tables_use.spending(statement, words),
        tables_welfare.activities(statement, words),
        tables_welfare.handed_out(statement, words),
        tables_reconcile.three_way(statement, words),
        *tables_reconcile.reconciliations(statement, words),
        tables_use.pending(statement, words),
        tables_findings.findings(statement, words),
        tables_findings.corrections(statement, words),
        tables_findings.refunds(statement, words),
        tables_findings.disclosures(statement, words),
    )


def proof_side(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """Return the tables behind the sections: equations, balances, vouchers, the close."""
    return (
        tables_proof.checks(statement, words),
        tables_proof.trial(statement, words),
        tables_proof.vouchers(statement, words),
        tables_close.closing(statement, words),
        tables_close.position(statement, words),
        tables_close.checklist(statement, words),
    )
