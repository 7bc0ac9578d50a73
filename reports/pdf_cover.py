"""The cover: whose report, which month, by what it can be checked, and what it holds."""

from __future__ import annotations

import segno

from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports import typeface
from reports.naming import PUBLIC, edition
from reports.pdf_page import LEFT, PORTRAIT, Box, Flow, Label, Mark, Page, Rule
from reports.wording import TITLE, Wording

NOTES = (
    N_("本月报由专账系统按冻结的月度数据生成，与同版本 Excel 出自同一份数据；以签署版 PDF 为准。"),
    N_("打赏用户不等于捐赠人；本报告不是捐赠票据，不作收款或捐赠凭据使用。"),
    N_("负数以负号和红字同时表示。“—”表示尚未取得或不适用，不是零。"),
    N_("县纪委监委出具的是监督意见，不是对金额的批准。"),
)
PUBLIC_NOTE = N_(
    "本件是公开版：金额、场次、凭证号与内部版一致，姓名只留姓氏，收款方、往来方和附件名称已脱敏或略去，“***”表示略去的文字。"
)


def notes_of(statement: MonthlyStatement) -> tuple[str, ...]:
    """Return the notes that say how to read this edition of the report."""
    return (*NOTES, PUBLIC_NOTE) if statement.audience == PUBLIC else NOTES


CONTENTS = 128.0
"""Height kept for the contents list, which is written last."""
DIGEST_LENGTH = 64
QR_SIDE, QR_BOTTOM = 84.0, 62.0


def facts(statement: MonthlyStatement, digest: str, words: Wording) -> tuple[tuple[str, str], ...]:
    """Return the cover's facts as (label, value), the same in PDF and Excel."""
    return (
        (words(N_("编制单位")), words.name(statement.book.operator)),
        (words(N_("账簿")), words.name(statement.book.name)),
        (words(N_("所属期间")), words.month(statement.month)),
        (words(N_("金额单位")), words(N_("元"))),
        (words(N_("报告编号")), statement.number),
        (
            words(N_("版本")),
            words(
                N_("第 {version} 版 · {edition}"),
                version=statement.version,
                edition=edition(statement, words),
            ),
        ),
        (words(N_("编制日期")), words.moment(statement.as_of)),
        (words(N_("账簿标识")), statement.book.origin),
        (words(N_("日志条数")), f"{statement.log_size:,}"),
        (words(N_("日志根（SHA-256）")), statement.log_root),
        (words(N_("月报数据摘要值（SHA-256）")), digest),
        *(
            ((words(N_("内部版摘要（SHA-256）")), statement.internal_digest),)
            if statement.internal_digest
            else ()
        ),
    )


def draw(flow: Flow, statement: MonthlyStatement, digest: str, words: Wording) -> None:
    """Draw the cover on the first page; the contents are added when the page numbers are known."""
    centre = PORTRAIT[0] / 2 + 6
    flow.y = PORTRAIT[1] - 118
    county = typeface.clean(words.name(statement.book.county))
    flow.add(Label(centre, flow.y, county, 15, tone="soft", align="centre"))
    flow.space(42)
    title = typeface.clean(words(TITLE))
    size = min(29.0, 29.0 * (flow.width - 30) / typeface.width(title, 29.0, bold=True))
    flow.add(Label(centre, flow.y, title, size, bold=True, tone="accent", align="centre"))
    flow.space(32)
    flow.add(Label(centre, flow.y, words.month(statement.month), 16, align="centre"))
    flow.space(22)
    flow.add(Rule(LEFT + 40, flow.y, flow.right - 40, flow.y, 1.4, "accent"))
    flow.add(Rule(LEFT + 40, flow.y - 3, flow.right - 40, flow.y - 3, 0.4, "accent"))
    flow.space(30)
    label_wide = 128.0
    for label, value in facts(statement, digest, words):
        long = len(value) >= DIGEST_LENGTH
        lines = typeface.wrap(typeface.clean(value), flow.right - LEFT - label_wide, 8 if long else 10.5)
        flow.add(Label(LEFT, flow.y, typeface.clean(label), 9.5, tone="soft"))
        for line in lines:
            flow.add(Label(LEFT + label_wide, flow.y, line, 8 if long else 10.5))
            flow.space(13)
        flow.add(Rule(LEFT, flow.y + 7, flow.right, flow.y + 7, 0.3))
        flow.space(6.5)
    flow.space(14)


def cover_notes(flow: Flow, statement: MonthlyStatement, words: Wording) -> bool:
    """Place the notes below the contents list if the cover has room; return whether they are left over."""
    lines = sum(len(typeface.wrap(f"9. {words(note)}", flow.width, 8.5)) for note in notes_of(statement))
    top = flow.y - CONTENTS
    if top - lines * 8.5 * 1.5 - 34 < QR_BOTTOM + QR_SIDE:
        return True
    flow.y = top
    notes(flow, statement, words)
    return False


def verify_box(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Draw the QR code of the report's public address, with the address in words."""
    side, bottom = QR_SIDE, QR_BOTTOM
    if statement.public_url:
        flow.add(*qr(statement.public_url, flow.right - side, bottom, side))
        wide = flow.width - side - 16
        lines = typeface.wrap(
            typeface.clean(
                words(
                    N_(
                        "扫码或打开下面的网址，可查看本报告编号的公开页，核对报告数据摘要值和各方签署情况；离线核验用报告包和各方公钥，不依赖本系统。"
                    )
                )
            ),
            wide,
            8,
        )
        y = bottom + side - 10
        for line in (*lines, *typeface.wrap(typeface.clean(statement.public_url), wide, 8.5, bold=True)):
            flow.add(Label(LEFT, y, line, 8 if line in lines else 8.5, bold=line not in lines, tone="soft"))
            y -= 13


def contents(page: Page, entries: tuple[tuple[str, int], ...], top: float, words: Wording) -> None:
    """Add the contents list to the cover page, in two columns, once the page numbers are known."""
    right = PORTRAIT[0] - 50.0
    page.marks.append(Label(LEFT, top, words(N_("目录")), 10.5, bold=True, tone="accent"))
    half = (len(entries) + 1) // 2
    column = (right - LEFT - 24) / 2
    for place, (title, number) in enumerate(entries):
        x = LEFT + (place // half) * (column + 24)
        y = top - 16 - (place % half) * 12.8
        name = typeface.wrap(title, column - 26, 9)[0]
        used = typeface.width(name, 9)
        dots = "." * max(int((column - used - 24) / typeface.width(".", 9)), 0)
        page.marks += [
            Label(x, y, name, 9),
            Label(x + used + 4, y, dots, 9, tone="rule"),
            Label(x + column, y, str(number), 9, align="right"),
        ]


def notes(flow: Flow, statement: MonthlyStatement, words: Wording) -> None:
    """Place the notes that say how to read the report."""
    flow.heading(words(N_("编制说明")), level=1, keep=40)
    for place, note in enumerate(notes_of(statement), start=1):
        flow.text(f"{place}. {words(note)}", size=8.5, tone="soft", lead=1.5)


def qr(address: str, x: float, y: float, side: float) -> tuple[Mark, ...]:
    """Return a QR code of an address as boxes, one for each run of dark modules."""
    rows = [bytes(row) for row in segno.make_qr(address, error="m").matrix]
    cell = side / len(rows)
    found: list[Mark] = []
    for down, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                found.append(
                    Box(x + start * cell, y + side - (down + 1) * cell, (end - start) * cell, cell, "ink")
                )
            start = end
    return tuple(found)
