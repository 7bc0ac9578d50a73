"""记账凭证 as PDF: two on an A4 page, a wide margin on the left for binding, red letters red and with a minus.

Layout by 会计基础工作规范 (unit, number, date, summary, general and subsidiary account, debit, credit,
total in figures and capitals, attachments, and who was responsible). Only who really prepared and
reviewed it is named; the other boxes are for a pen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from ledger.money import capital, yuan
from ledger.sections_books import BookHead, Voucher, VoucherRow
from ledger.words import N_
from reports import typeface
from reports.pdf_page import PORTRAIT, Align, Box, Flow, Label, Mark, Rule, Tone
from reports.pdf_paint import Document, paint
from reports.wording import Wording

TITLE = N_("记账凭证")
LEFT, RIGHT = 78.0, PORTRAIT[0] - 50.0
"""The left margin is punched and bound."""
TOPS = (786.0, 408.0)
"""Where the upper and the lower voucher of a page begin."""
MIDDLE = 421.0
LINES_MAX = 8
"""Rows of a voucher's form; a voucher with more continues on a further one."""
HIGH, HEAD, BOXES = 25.0, 20.0, 24.0
"""Heights of a row, of the row of labels, and of the boxes for names."""
SIZE, LEAD, PAD = 8.5, 1.3, 3.5
EDGES = (LEFT, LEFT + 132, LEFT + 219, LEFT + 323, LEFT + 395, RIGHT)
PER_ROW = 2
"""Lines of text that a row of the form holds."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One row of the form: lines of summary, general and subsidiary account, and an amount on one side."""

    texts: tuple[tuple[str, ...], ...]
    debit_fen: int | None = None
    credit_fen: int | None = None


def render(head: BookHead, vouchers: Iterable[Voucher], *, language: str = "zh") -> bytes:
    """Return the vouchers of a month, each on its own form, in the order given."""
    words = Wording(language)
    flow = Flow()
    forms = [form for voucher in vouchers for form in _forms(head, voucher, words)]
    for place, form in enumerate(forms):
        if place and not place % len(TOPS):
            flow.new_page()
        if place % len(TOPS):
            flow.add(Box(0, MIDDLE, PORTRAIT[0], 0, line="faint", dash=True))
        flow.add(*form.marks(TOPS[place % len(TOPS)]))
        if form.number == 1:
            flow.page.outline.append((form.title, TOPS[place % len(TOPS)]))
    if not forms:
        flow.text(words(N_("本月没有凭证。")), size=10)
    title = f"{words.name(head.name)} {words(TITLE)} {words.month(head.first)}"
    return paint(flow.pages, _document(head, title, words), words)


def _document(head: BookHead, title: str, words: Wording) -> Document:
    state = "" if head.final else words(N_("（本月尚未月结）"))
    return Document(
        title=title,
        author=words.name(head.operator),
        subject=head.origin,
        at=head.as_of,
        head=typeface.clean(title + state),
        foot=typeface.clean(
            words(N_("账本 {origin} · 记录 {size} 条"), origin=head.origin, size=head.log_size)
        ),
        draft=False,
        bare_first=False,
    )


def _forms(head: BookHead, voucher: Voucher, words: Wording) -> Iterator[_Form]:
    """Yield the forms that a voucher needs: one, or as many as its rows ask for."""
    slots = list(_slots(voucher, words))
    count = -(-len(slots) // LINES_MAX)
    for number in range(count):
        part = tuple(slots[number * LINES_MAX : (number + 1) * LINES_MAX])
        yield _Form(head, voucher, part, number + 1, count, words)


def _slots(voucher: Voucher, words: Wording) -> Iterator[_Slot]:
    """Yield the rows: each line of the voucher, and rows in which a long text goes on."""
    summary = iter(_chunks(voucher.summary, 0))
    for row in voucher.rows:
        account = row.account
        general = f"{account.general_code} {words.name(account.general)}"
        detail = f"{account.code} {words.name(account.detail)}" if account.detail.zh else ""
        texts = zip_longest(_chunks(general, 1), _chunks(detail, 2), fillvalue=())
        for place, (first, second) in enumerate(texts):
            amount = (None, None) if place else _sides(row)
            yield _Slot((next(summary, ()), first, second), *amount)
    for rest in summary:
        yield _Slot((rest, (), ()))


def _sides(row: VoucherRow) -> tuple[int | None, int | None]:
    return (row.fen, None) if row.dc == "D" else (None, row.fen)


def _chunks(text: str, place: int) -> list[tuple[str, ...]]:
    """Break a text to a column's width, in pieces that a row holds; at least one."""
    lines = typeface.wrap(typeface.clean(text), EDGES[place + 1] - EDGES[place] - 2 * PAD, SIZE)
    return [tuple(lines[start : start + PER_ROW]) for start in range(0, len(lines), PER_ROW)] or [()]


@dataclass(frozen=True, slots=True)
class _Form:
    """One printed form: part `number` of `count` of a voucher."""

    head: BookHead
    voucher: Voucher
    slots: tuple[_Slot, ...]
    number: int
    count: int
    words: Wording

    @property
    def title(self) -> str:
        """The voucher's number, with its part where there are several."""
        part = f"（{self.number}/{self.count}）" if self.count > 1 else ""
        return typeface.clean(f"{self.voucher.number}{part}")

    def marks(self, top: float) -> Iterator[Mark]:
        """Yield the form's marks, its upper edge at `top`."""
        yield from self._heading(top)
        table = top - 46
        foot = table - HEAD - HIGH * (LINES_MAX + 1)
        yield from self._table(table)
        yield from self._total(foot + HIGH)
        yield Box(LEFT, foot, RIGHT - LEFT, table - foot, line="ink", weight=0.8)
        yield from self._boxes(foot - 5)
        note = self.words(
            N_("摘要值 {digest} · 第 {index} 条记录 · {kind}"),
            digest=self.voucher.digest[:16],
            index=self.voucher.idx,
            kind=self.voucher.kind,
        )
        yield Label(LEFT, foot - BOXES - 15, typeface.clean(note), 7, tone="soft")

    def _heading(self, top: float) -> Iterator[Mark]:
        middle, words = (LEFT + RIGHT) / 2, self.words
        title = typeface.clean(words(TITLE))
        half = typeface.width(title, 16, bold=True) / 2 + 14
        yield Label(middle, top - 16, title, 16, bold=True, align="centre")
        for down in (21.5, 23.5):
            yield Rule(middle - half, top - down, middle + half, top - down, 0.6, "ink")
        count = words(N_("附件 {count} 张"), count=self.voucher.attachments)
        yield Label(RIGHT, top - 16, typeface.clean(count), 9, align="right")
        unit = words.name(self.head.operator) or words.name(self.head.name)
        yield Label(LEFT, top - 39, typeface.clean(words(N_("单位名称：{name}"), name=unit)), 9)
        day = words(N_("日期：{day}"), day=words.day(self.voucher.date))
        yield Label(middle, top - 39, typeface.clean(day), 9, align="centre")
        number = words(N_("凭证字号：{number}"), number=self.title)
        yield Label(RIGHT, top - 39, typeface.clean(number), 9, bold=True, align="right")

    def _table(self, top: float) -> Iterator[Mark]:
        """Yield labels, rules and rows."""
        labels = (N_("摘要"), N_("总账科目"), N_("明细科目"), N_("借方金额"), N_("贷方金额"))
        yield Box(LEFT, top - HEAD, RIGHT - LEFT, HEAD, fill="head")
        for place, label in enumerate(labels):
            middle = (EDGES[place] + EDGES[place + 1]) / 2
            yield Label(middle, top - 13.5, typeface.clean(self.words(label)), 9, bold=True, align="centre")
        bottom = top - HEAD - HIGH * LINES_MAX
        for x in EDGES[1:-1]:
            yield Rule(x, top, x, bottom - (HIGH if x >= EDGES[3] else 0), 0.4)
        for place in range(LINES_MAX + 1):
            y = top - HEAD - HIGH * place
            yield Rule(LEFT, y, RIGHT, y, 0.8 if not place else 0.4, "ink" if not place else "rule")
        for place, slot in enumerate(self.slots):
            yield from self._row(top - HEAD - HIGH * place, slot)
        if (
            len(self.slots) < LINES_MAX
        ):  # 会计基础工作规范 §51: empty rows are struck out, so nothing is added later
            yield Rule(EDGES[5], top - HEAD - HIGH * len(self.slots), EDGES[3], bottom, 0.5, "faint")

    def _row(self, top: float, slot: _Slot) -> Iterator[Mark]:
        for place, lines in enumerate(slot.texts):
            y = top - (10.5 if len(lines) > 1 else 16)
            for line in lines:
                yield Label(EDGES[place] + PAD, y, line, SIZE)
                y -= SIZE * LEAD
        for place, fen in ((3, slot.debit_fen), (4, slot.credit_fen)):
            if fen is not None:
                yield _amount(place, top - 16, fen)

    def _total(self, top: float) -> Iterator[Mark]:
        """Yield the total in capitals and figures; only the last part of a voucher has it."""
        if self.number < self.count:
            text = typeface.clean(self.words(N_("转下页")))
            yield Label(LEFT + PAD, top - 16, text, 9)
            return
        fen = self.voucher.amount_fen
        text = typeface.clean(self.words(N_("合计：{capital}"), capital=capital(fen)))
        room, size = EDGES[3] - LEFT - 2 * PAD, 9.5
        size = min(size, size * room / typeface.width(text, size, bold=True))
        yield Label(LEFT + PAD, top - 16, text, size, bold=True, tone=_tone(fen))
        credit = sum(row.fen for row in self.voucher.rows if row.dc == "C")
        yield _amount(3, top - 16, fen, bold=True)
        yield _amount(4, top - 16, credit, bold=True)

    def _boxes(self, top: float) -> Iterator[Mark]:
        """Yield a box for each responsible person; only what is known is filled in."""
        named = (
            (N_("会计主管"), ""),
            (N_("记账"), self.voucher.reviewer),
            (N_("出纳"), ""),
            (N_("审核"), self.voucher.reviewer),
            (N_("制单"), self.voucher.preparer),
        )
        wide = (RIGHT - LEFT) / len(named)
        for place, (label, name) in enumerate(named):
            x = LEFT + wide * place
            text = typeface.clean(self.words(label))
            yield Box(x, top - BOXES, wide, BOXES, line="rule")
            yield Label(x + PAD, top - 15, text, 8, tone="soft")
            used = typeface.width(text, 8) + 2 * PAD
            yield _fitted(x + used, top - 15, typeface.clean(name), 9, wide - used - PAD)


def _amount(place: int, y: float, fen: int, *, bold: bool = False) -> Label:
    text = yuan(fen)
    room, size = EDGES[place + 1] - EDGES[place] - 2 * PAD, 9.0
    size = min(size, size * room / typeface.width(text, size, bold=bold))
    align: Align = "right"
    return Label(EDGES[place + 1] - PAD, y, text, size, bold, _tone(fen), align)


def _fitted(x: float, y: float, text: str, size: float, room: float) -> Label:
    """Return a label that is set smaller where it would not fit."""
    wide = typeface.width(text, size)
    return Label(x, y, text, min(size, size * room / wide) if wide else size)


def _tone(fen: int) -> Tone:
    return "red" if fen < 0 else "ink"
