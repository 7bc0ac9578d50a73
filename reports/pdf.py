"""The monthly report as PDF: A4, embedded fonts, the same bytes for the same statement."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import (
    chart,
    cumulative,
    pdf_cover,
    pdf_grid,
    pdf_signing,
    pdf_table,
    tables_all,
    tables_findings,
    tables_proof,
    tables_reconcile,
    typeface,
)
from reports.digest import statement_digest
from reports.naming import footing, heading
from reports.pdf_page import Flow
from reports.pdf_paint import Document, paint
from reports.tables import Table
from reports.wording import TITLE, Wording

HEADING = 40.0
"""Height of a heading with the space around it."""
SMALLER = (0.5, 1.0)
"""By how many points a table's text may shrink to keep the table on one page."""
_FURTHER = frozenset(
    (
        *("declared", "tie-out", "metrics", "ageing", "products", "goods", "costs", "agreements", "receipts"),
        *("activities", "handed-out", "reconciliation", "corrections", "refunds", "position", "checklist"),
    )
)
"""Tables that belong to the section before them."""
_SIZES = {
    **dict.fromkeys(("income", "declared", "metrics", "checks", "disclosures", "findings"), 8.0),
    **dict.fromkeys(("broadcasts", "trial", "vouchers", "three-way", "agreements", "receipts", "goods"), 7.5),
    **dict.fromkeys(("tie-out", "activities", "attachments"), 7.0),
    **dict.fromkeys(("pending", "reconciliation", "closing", "position", "checklist"), 8.0),
}
"""Sizes of text that differ from 8.5 points: the more columns, the smaller."""


def render(statement: MonthlyStatement, *, language: str = "zh", draft: bool = True) -> bytes:
    """Return the report of one month.

    A draft carries a watermark; the other file is the one that is issued and
    signed. Both print the digest of the statement on the cover.
    """
    words = Wording(language)
    flow = Flow()
    pdf_cover.draw(flow, statement, statement_digest(statement), words)
    listed = flow.y
    notes_left = pdf_cover.cover_notes(flow, statement, words)
    pdf_cover.verify_box(flow, statement, words)
    flow.new_page()
    _income_side(flow, statement, words, notes_left=notes_left)
    for table in tables_all.use_side(statement, words):
        _section(flow, table, words)
    pdf_signing.draw(flow, statement, words)
    for table in (*tables_all.proof_side(statement, words), tables_proof.attachments(statement, words)):
        _section(flow, table, words)
    _last_page(flow, statement, words)
    entries = tuple(
        (title, number) for number, page in enumerate(flow.pages, start=1) for title, _ in page.outline
    )
    pdf_cover.contents(flow.pages[0], entries, listed, words)
    return paint(flow.pages, _document(statement, words, draft=draft), words)


def _document(statement: MonthlyStatement, words: Wording, *, draft: bool) -> Document:
    title = heading(statement, words, words(TITLE))
    foot = footing(statement, words)
    return Document(
        title=title,
        author=words.name(statement.book.operator),
        subject=foot,
        at=statement.as_of,
        head=typeface.clean(title),
        foot=typeface.clean(foot),
        draft=draft,
    )


def _section(flow: Flow, table: Table, words: Wording) -> None:
    """Place a table under its heading; a further part of a section gets a smaller heading.

    A table that would only just run over the page is set a little smaller; one
    that fits on a page is not broken when half of this page is used already.
    """
    if table.rows:
        flow.turn(landscape=table.landscape)
    size = _SIZES.get(table.key, 8.5)
    laid = pdf_grid.lay(table, words, wide=flow.width, size=size)
    if flow.room < laid.height + HEADING < flow.room * 1.2:
        tries = (pdf_grid.lay(table, words, wide=flow.width, size=size - less) for less in SMALLER)
        laid = next((smaller for smaller in tries if smaller.height + HEADING <= flow.room), laid)
    whole = laid.height + HEADING
    if flow.room < whole <= flow.full_height and flow.room < flow.full_height / 2:
        flow.need(whole)
    flow.heading(table.title, level=1 if table.key in _FURTHER else 0, keep=laid.least)
    pdf_table.draw(flow, laid, words)


def _income_side(flow: Flow, statement: MonthlyStatement, words: Wording, *, notes_left: bool) -> None:
    """Place §一 to §五: the summary in sentences after its table, the chart after the tips."""
    for table in tables_all.income_side(statement, words):
        if table.key == "counts":
            _sentences(flow, statement, words, notes_left=notes_left)
        elif table.rows or table.key not in ("declared", "metrics"):
            _section(flow, table, words)
            if table.key == "tips":
                chart.draw(flow, statement.tips, words)


def _sentences(flow: Flow, statement: MonthlyStatement, words: Wording, *, notes_left: bool) -> None:
    """Place what the summary says in sentences: counts, check equations, reconciliation, findings."""
    facts = statement.summary
    flow.text(
        words(
            N_(
                "本月直播 {broadcasts} 场（零收入 {zero} 场），记账凭证 {vouchers} 张，更正 {corrections} 笔。"
            ),
            broadcasts=facts.broadcasts,
            zero=facts.zero_broadcasts,
            vouchers=facts.vouchers,
            corrections=facts.corrections,
        ),
        size=9.5,
    )
    for told in (
        tables_proof.verdict(statement, words),
        tables_reconcile.verdict(statement, words),
        tables_findings.verdict(statement, words),
    ):
        flow.text(told, size=9.5, bold=True)
    if notes_left:
        pdf_cover.notes(flow, statement, words)


def _last_page(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Place the cumulative page."""
    if statement.cumulative is not None:
        flow.new_page(landscape=False)
    else:
        flow.turn(landscape=False)
    flow.heading(words(N_("累计：自启用以来")))
    cumulative.body(flow, statement, words)
