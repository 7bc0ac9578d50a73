"""All tables of the report in their official order."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from reports import tables_flow, tables_income, tables_proof, tables_signing, tables_use
from reports.tables import Table
from reports.wording import Wording


def every_table(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """Return the report's tables in their official order, as the workbook has them."""
    return (
        tables_income.summary(statement, words),
        tables_income.counts(statement, words),
        tables_income.income(statement, words),
        tables_income.broadcasts(statement, words),
        tables_income.declared(statement, words),
        tables_income.metrics(statement, words),
        tables_flow.tips(statement, words),
        tables_flow.commission(statement, words),
        tables_flow.products(statement, words),
        tables_use.grants(statement, words),
        tables_use.spending(statement, words),
        tables_use.pending(statement, words),
        tables_use.corrections(statement, words),
        tables_use.refunds(statement, words),
        tables_use.exceptions(statement, words),
        tables_proof.checks(statement, words),
        tables_proof.trial(statement, words),
        tables_proof.vouchers(statement, words),
        tables_signing.parties(statement, words),
        tables_signing.signers(statement.parties, words),
        tables_proof.attachments(statement, words),
    )
