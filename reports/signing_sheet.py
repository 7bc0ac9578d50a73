"""签认单: what a party without a computer signs on paper.

It lists the entries to be signed, their count and sum, the statement, and
prints the digest of the sheet, so that the scan that comes back can be tied to
exactly these entries. It is a slip of this ledger, not an official receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.money import capital, yuan
from ledger.months import Month
from ledger.words import N_
from reports import pdf_grid, pdf_signing, pdf_table, typeface
from reports.pdf_page import LEFT, Flow, Label
from reports.pdf_paint import Document, paint
from reports.tables import Column, Row, Table
from reports.wording import CHARITY_DECISIONS, Wording

SheetEntry = tuple[str, date, str, int, str]
"""(voucher number, date, summary, amount in fen, short digest in hex)."""


@dataclass(frozen=True, slots=True)
class SigningSheet:
    """One party's sheet. `digest` is the hex digest over the batch; `at` dates the document.

    `count` and `sum_fen` are given, not computed: they are what is signed, and
    `render` refuses a sheet whose entries say otherwise. `decisions` are codes
    of `reports.wording.DECISIONS`.
    """

    book_name: str
    month: Month
    party_name: str
    statement: str
    entries: tuple[SheetEntry, ...]
    count: int
    sum_fen: int
    digest: str
    at: datetime
    decisions: tuple[str, ...] = CHARITY_DECISIONS


def render(sheet: SigningSheet, *, language: str = "zh") -> bytes:
    """Return the sheet as a PDF; raise ValueError when count or sum contradict the entries."""
    if sheet.count != len(sheet.entries) or sheet.sum_fen != sum(entry[3] for entry in sheet.entries):
        raise ValueError("count and sum of a signing sheet must be those of its entries")
    words = Wording(language)
    flow = Flow()
    title = words(N_("签认单"))
    flow.space(16)
    middle = (LEFT + flow.right) / 2
    flow.add(Label(middle, flow.y, typeface.clean(title), 20, bold=True, tone="accent", align="centre"))
    flow.space(8)
    for fact in _facts(sheet, words):
        flow.text(fact, size=10)
    flow.space(6)
    laid = pdf_grid.lay(_table(sheet, words), words, wide=flow.width)
    pdf_table.draw(flow, laid, words)
    _closing(flow, sheet, words)
    foot = words(N_("签认单 · 摘要值前 16 位 {digest}"), digest=sheet.digest[:16])
    head = f"{sheet.book_name} {title} {words.month(sheet.month)}"
    document = Document(
        title=head,
        author=sheet.book_name,
        subject=sheet.party_name,
        at=sheet.at,
        head=typeface.clean(head),
        foot=typeface.clean(foot),
        draft=False,
        bare_first=False,
    )
    return paint(flow.pages, document, words)


def _facts(sheet: SigningSheet, words: Wording) -> tuple[str, ...]:
    return (
        words(N_("账簿：{value}"), value=sheet.book_name),
        words(N_("所属期间：{value}"), value=words.month(sheet.month)),
        words(N_("签认单位：{value}"), value=sheet.party_name),
        words(N_("打印时间：{value}"), value=words.moment(sheet.at)),
        words(N_("签认单摘要值（SHA-256）：{value}"), value=sheet.digest),
    )


def _table(sheet: SigningSheet, words: Wording) -> Table:
    columns = (
        Column(words(N_("凭证号")), "id"),
        Column(words(N_("日期")), "date"),
        Column(words(N_("摘要")), wide=1),
        Column(words(N_("金额")), "money", summed=True),
        Column(words(N_("摘要值（前段）")), "id"),
    )
    rows = tuple(Row(entry) for entry in sheet.entries)
    total = Row((words(N_("合计 {count} 张"), count=sheet.count), "", "", sheet.sum_fen, ""), kind="total")
    return Table("signing-sheet", "", words(N_("签认单")), columns, (*rows, total))


def _closing(flow: Flow, sheet: SigningSheet, words: Wording) -> None:
    """Place count and sum in words, the statement, and room for pen and seal, together on one page."""
    flow.need(pdf_signing.SEAL + 150)
    flow.space(6)
    flow.text(
        words(
            N_("共 {count} 张，合计 {amount} 元（{capital}）。"),
            count=sheet.count,
            amount=yuan(sheet.sum_fen),
            capital=capital(sheet.sum_fen),
        ),
        size=10.5,
        bold=True,
    )
    pdf_signing.statement_text(flow, sheet.statement, words)
    flow.text(
        words(
            N_(
                "请逐张核对后签名盖章；有异议请写明凭证号和理由。签好的原件由第二人扫描上传，在系统中显示为“线下签署”。"
            )
        ),
        size=8.5,
        tone="soft",
    )
    pdf_signing.signing_area(flow, words, label=words(N_("签认意见：")), decisions=sheet.decisions)
    flow.text(words(N_("本单是本账内部签认材料，不是票据。")), size=8, tone="soft")
