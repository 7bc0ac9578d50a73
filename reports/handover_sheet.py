"""主播上缴声明: what the streamer signs on paper about the money that passed through his own card.

The figures are those of the books through one day. The scan of the signed sheet
is filed by somebody else. It is a slip of this ledger, not an official receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.money import capital, yuan
from ledger.words import N_
from reports import pdf_grid, pdf_table, typeface
from reports.pdf_page import LEFT, Flow, Label, Rule
from reports.pdf_paint import Document, paint
from reports.tables import Column, Row, Table
from reports.wording import Wording

SheetParcel = tuple[date, int, int | None, date | None]
"""(withdrawn on, fen still held, working days since, due day); None: the calendar is not loaded."""


@dataclass(frozen=True, slots=True)
class HandoverSheet:
    """One declaration to sign. `text` is the sentence as it will be recorded; `at` dates the document.

    `render` refuses figures that do not add up: before + withdrawn − handed over = held, and the
    parcels make up what is held.
    """

    book_name: str
    first: date
    through: date
    text: str
    before_fen: int
    withdrawn_fen: int
    handed_over_fen: int
    in_hands_fen: int
    parcels: tuple[SheetParcel, ...]
    at: datetime


def render(sheet: HandoverSheet, *, language: str = "zh") -> bytes:
    """Return the sheet as a PDF; raise ValueError when its figures contradict each other."""
    if sheet.before_fen + sheet.withdrawn_fen - sheet.handed_over_fen != sheet.in_hands_fen:
        raise ValueError("the figures of a hand-over sheet must add up")
    if sum(parcel[1] for parcel in sheet.parcels) != max(sheet.in_hands_fen, 0):
        raise ValueError("the parcels of a hand-over sheet must make up what is held")
    words = Wording(language)
    flow = Flow()
    title = words(N_("主播上缴声明"))
    flow.space(16)
    middle = (LEFT + flow.right) / 2
    flow.add(Label(middle, flow.y, typeface.clean(title), 20, bold=True, tone="accent", align="centre"))
    flow.space(8)
    flow.text(words(N_("账簿：{value}"), value=sheet.book_name), size=10)
    period = words(N_("{first} 至 {last}"), first=sheet.first.isoformat(), last=sheet.through.isoformat())
    flow.text(words(N_("所属期间：{value}"), value=period), size=10)
    flow.text(words(N_("打印时间：{value}"), value=words.moment(sheet.at)), size=10)
    flow.space(6)
    for table in (_figures(sheet, words), *((_parcels(sheet, words),) if sheet.parcels else ())):
        pdf_table.draw(flow, pdf_grid.lay(table, words, wide=flow.width), words)
        flow.space(10)
    _closing(flow, sheet, words)
    head = f"{sheet.book_name} {title} {sheet.through.isoformat()}"
    document = Document(
        title=head,
        author=sheet.book_name,
        subject=title,
        at=sheet.at,
        head=typeface.clean(head),
        foot=typeface.clean(title),
        draft=False,
        bare_first=False,
    )
    return paint(flow.pages, document, words)


def _figures(sheet: HandoverSheet, words: Wording) -> Table:
    columns = (
        Column(words(N_("项目")), wide=1),
        Column(words(N_("金额")), "money"),
        Column(words(N_("金额大写")), wide=1),
    )
    rows = [
        (words(N_("期初尚未上缴")), sheet.before_fen),
        (words(N_("收到提现")), sheet.withdrawn_fen),
        (words(N_("已上缴监管专户")), sheet.handed_over_fen),
    ]
    last = Row((words(N_("尚余未上缴")), sheet.in_hands_fen, capital(sheet.in_hands_fen)), kind="total")
    told = tuple(Row((label, fen, capital(fen))) for label, fen in rows)
    return Table("handover-figures", "", words(N_("主播上缴声明")), columns, (*told, last))


def _parcels(sheet: HandoverSheet, words: Wording) -> Table:
    columns = (
        Column(words(N_("提现日期")), "date"),
        Column(words(N_("尚余未上缴")), "money"),
        Column(words(N_("已过工作日")), wide=1),
        Column(words(N_("应上缴日期")), wide=1),
    )
    rows = tuple(
        Row((since, fen, "—" if days is None else str(days), words.day(due)))
        for since, fen, days, due in sheet.parcels
    )
    return Table("handover-parcels", "", words(N_("尚余未上缴")), columns, rows)


def _closing(flow: Flow, sheet: HandoverSheet, words: Wording) -> None:
    """Place the sentence, what the streamer confirms, and lines for the signature, together on one page."""
    flow.need(190)
    flow.text(words(N_("声明：{text}"), text=sheet.text), size=11)
    flow.text(
        words(
            N_("尚余金额：{amount} 元（{capital}）。"),
            amount=yuan(sheet.in_hands_fen),
            capital=capital(sheet.in_hands_fen),
        ),
        size=10.5,
        bold=True,
    )
    flow.text(
        words(
            N_(
                "请核对本人银行卡流水后签名。签好的原件由他人扫描登记，在系统中显示为“线下签署”。主播不得作为三方签署人。"
            )
        ),
        size=8.5,
        tone="soft",
    )
    flow.space(20)
    half = flow.width / 2
    lines = (N_("主播姓名："), N_("主播签名："), N_("身份核对人："), N_("日期："))
    for place, name in enumerate(lines):
        text, x, y = typeface.clean(words(name)), LEFT + place % 2 * half, flow.y - place // 2 * 34
        flow.add(
            Label(x, y, text, 10),
            Rule(x + typeface.width(text, 10) + 4, y - 2, x + half - 20, y - 2, 0.5, "faint"),
        )
    flow.space(60)
    flow.text(words(N_("本单是本账内部材料，不是票据。")), size=8, tone="soft")
