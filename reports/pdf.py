"""The monthly report as PDF: A4, embedded fonts, the same bytes for the same statement."""

from __future__ import annotations

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import (
    chart,
    pdf_cover,
    pdf_grid,
    pdf_signing,
    pdf_table,
    tables_flow,
    tables_income,
    tables_proof,
    tables_use,
    typeface,
)
from reports.digest import statement_digest
from reports.pdf_page import Flow
from reports.pdf_paint import Document, paint
from reports.tables import Table
from reports.wording import TITLE, Wording


def render(statement: MonthlyStatement, *, language: str = "zh", draft: bool = True) -> bytes:
    """Return the report of one month.

    A draft carries a watermark; the other file is the one that is issued and
    signed. Both print the digest of the statement on the cover.
    """
    words = Wording(language)
    flow = Flow()
    pdf_cover.draw(flow, statement, statement_digest(statement), words)
    listed = flow.y
    notes_left = pdf_cover.cover_notes(flow, words)
    pdf_cover.verify_box(flow, statement, words)
    flow.new_page()
    _income_side(flow, statement, words, notes_left=notes_left)
    _use_side(flow, statement, words)
    _proof_side(flow, statement, words)
    entries = tuple(
        (title, number) for number, page in enumerate(flow.pages, start=1) for title, _ in page.outline
    )
    pdf_cover.contents(flow.pages[0], entries, listed, words)
    return paint(flow.pages, _document(statement, words, draft=draft), words)


def _document(statement: MonthlyStatement, words: Wording, *, draft: bool) -> Document:
    title = f"{words.name(statement.book.county)} {words(TITLE)} {words.month(statement.month)}"
    foot = words(
        N_("报告编号 {number} · 第 {version} 版"), number=statement.number, version=statement.version
    )
    return Document(
        title=title,
        author=words.name(statement.book.operator),
        subject=foot,
        at=statement.as_of,
        head=typeface.clean(title),
        foot=typeface.clean(foot),
        draft=draft,
    )


def _section(flow: Flow, table: Table, words: Wording, *, size: float = 8.5) -> None:
    """Place a table under its heading; a further part of a section gets a smaller heading.

    A table that would only just run over the page is set a little smaller; one
    that fits on a page is not broken when half of this page is used already.
    """
    flow.turn(landscape=table.landscape)
    laid = pdf_grid.lay(table, words, wide=flow.width, size=size)
    if flow.room < laid.height + HEADING < flow.room * 1.2:
        tries = (pdf_grid.lay(table, words, wide=flow.width, size=size - less) for less in SMALLER)
        laid = next((smaller for smaller in tries if smaller.height + HEADING <= flow.room), laid)
    whole = laid.height + HEADING
    if flow.room < whole <= flow.full_height and flow.room < flow.full_height / 2:
        flow.need(whole)
    flow.heading(table.title, level=1 if table.key in _FURTHER else 0, keep=laid.least)
    pdf_table.draw(flow, laid, words)


HEADING = 40.0
"""Height of a heading with the space around it."""
SMALLER = (0.5, 1.0)
"""By how many points a table's text may shrink to keep the table on one page."""
_FURTHER = ("declared", "metrics", "products", "refunds", "exceptions")
"""Tables that belong to the section before them."""


def _income_side(flow: Flow, statement: MonthlyStatement, words: Wording, *, notes_left: bool) -> None:
    """§一 to §五."""
    facts = statement.summary
    _section(flow, tables_income.summary(statement, words), words, size=8.5)
    flow.text(
        words(
            N_(
                "本月直播 {broadcasts} 场（零收入 {zero} 场），记账凭证 {vouchers} 张，"
                "更正 {corrections} 笔，异常 {exceptions} 项。"
            ),
            broadcasts=facts.broadcasts,
            zero=facts.zero_broadcasts,
            vouchers=facts.vouchers,
            corrections=facts.corrections,
            exceptions=facts.exceptions,
        ),
        size=9.5,
    )
    flow.text(tables_proof.verdict(statement, words), size=9.5, bold=True)
    if notes_left:
        pdf_cover.notes(flow, words)
    _section(flow, tables_income.income(statement, words), words, size=8)
    _section(flow, tables_income.broadcasts(statement, words), words, size=7.5)
    if statement.broadcasts:
        _section(flow, tables_income.declared(statement, words), words, size=8)
    if any(line.metrics for line in statement.broadcasts):
        _section(flow, tables_income.metrics(statement, words), words, size=8)
    _section(flow, tables_flow.tips(statement, words), words)
    chart.draw(flow, statement.tips, words)
    _section(flow, tables_flow.commission(statement, words), words)
    _section(flow, tables_flow.products(statement, words), words)


def _use_side(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """§六 to §十."""
    for table in (
        tables_use.grants(statement, words),
        tables_use.spending(statement, words),
        tables_use.pending(statement, words),
        tables_use.corrections(statement, words),
        tables_use.refunds(statement, words),
        tables_use.exceptions(statement, words),
    ):
        _section(flow, table, words)


def _proof_side(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """勾稽关系, 科目余额表, 凭证目录, §十二, 附件."""
    _section(flow, tables_proof.checks(statement, words), words, size=8)
    _section(flow, tables_proof.trial(statement, words), words, size=7.5)
    _section(flow, tables_proof.vouchers(statement, words), words, size=7.5)
    pdf_signing.draw(flow, statement, words)
    _section(flow, tables_proof.attachments(statement, words), words, size=7)
