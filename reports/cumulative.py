"""累计, one A4 page: since the beginning, where all of it came from, where it went, where the rest is.

The last page of the monthly report, and a document of its own for a notice board.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import cumulative_picture, pdf_grid, pdf_table, tables_cumulative, typeface
from reports.digest import statement_digest
from reports.naming import footing, heading
from reports.pdf_page import LEFT, Flow, Label
from reports.pdf_paint import Document, paint
from reports.wording import Wording

TITLE = N_("公益直播善款累计收支一页通")
GUTTER = 14.0
TRIES = (
    *((size, 99) for size in (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)),
    *((6.0, most) for most in (9, 7, 5, 4, 3)),
)
"""(text size, lines in a group) tried until the tables fit on the page."""
BELOW = 76.0
"""Room kept below the tables for the capital amounts, the verdict and the digest."""


def render(statement: MonthlyStatement, lang: str = "zh", *, draft: bool = False) -> bytes:
    """Return the one-page statement since the beginning as a PDF of one page."""
    words = Wording(lang)
    flow = Flow()
    middle = (LEFT + flow.right) / 2
    flow.space(20)
    flow.add(
        Label(middle, flow.y, typeface.clean(words(TITLE)), 17, bold=True, tone="accent", align="centre")
    )
    flow.space(18)
    through = words(N_("截至 {month}末"), month=words.month(statement.month))
    county = f"{words.name(statement.book.county)} · {words.name(statement.book.name)} · {through}"
    flow.add(Label(middle, flow.y, typeface.clean(county), 9.5, tone="soft", align="centre"))
    flow.space(4)
    body(flow, statement, words)
    digest = words(N_("月报数据摘要值（SHA-256）：{digest}"), digest=statement_digest(statement))
    flow.text(digest, size=7, tone="soft", lead=1.3)
    head = heading(statement, words, words(TITLE))
    foot = footing(statement, words)
    document = Document(
        title=head,
        author=words.name(statement.book.operator),
        subject=foot,
        at=statement.as_of,
        head=typeface.clean(head),
        foot=typeface.clean(foot),
        draft=draft,
    )
    return paint(flow.pages, document, words)


def body(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Place facts, picture, tables and sums below the cursor, on the page it is on."""
    found = statement.cumulative
    if found is None:
        flow.text(tables_cumulative.cumulative(statement, words).empty, size=9, tone="soft")
        return
    flow.text(tables_cumulative.facts(found, words), size=9.5)
    flow.space(8)
    cumulative_picture.draw(flow, found, words)
    flow.space(8)
    laid = _fitting(flow, statement, words)
    top, lowest = flow.y, flow.y
    for part in laid[:2]:
        flow.y = top
        pdf_table.draw(flow, part, words)
        lowest = min(lowest, flow.y)
    flow.y = lowest - 4
    pdf_table.draw(flow, laid[2], words)
    for said in tables_cumulative.in_words(found, words):
        flow.text(said, size=8, lead=1.4)
    agrees = tables_cumulative.agrees(found)
    flow.text(
        tables_cumulative.verdict(found, words),
        size=8.5,
        bold=True,
        tone="ink" if agrees else "red",
        lead=1.4,
    )


def _fitting(flow: Flow, statement: MonthlyStatement, words: Wording) -> tuple[pdf_grid.Laid, ...]:
    """Lay out the tables as large as the page allows; with few lines in a group at the last."""
    tries = (_laid(flow, statement, words, size, most) for size, most in TRIES)
    return next(
        (laid for laid in tries if _height(laid) + BELOW <= flow.room),
        _laid(flow, statement, words, *TRIES[-1]),
    )


def _laid(
    flow: Flow, statement: MonthlyStatement, words: Wording, size: float, most: int
) -> tuple[pdf_grid.Laid, ...]:
    """Lay out what came beside where it went, and below both how it adds up."""
    half = (flow.width - GUTTER) / 2
    came, went, sums = (
        replace(part, note="") for part in tables_cumulative.cumulative_parts(statement, words, most=most)
    )
    return (
        pdf_grid.lay(came, words, wide=half, size=size),
        pdf_grid.lay(went, words, wide=half, size=size, left=LEFT + half + GUTTER),
        pdf_grid.lay(sums, words, wide=flow.width, size=size),
    )


def _height(laid: tuple[pdf_grid.Laid, ...]) -> float:
    came, went, sums = laid
    return max(came.height, went.height) + sums.height
