"""Ledgers as tables: the same rows become the printed page and the sheet of the workbook.

Balances stand without a sign beside their direction (借 debit, 贷 credit, 平 none), as in a bound book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ledger.sections_books import (
    AccountLedger,
    BalanceLine,
    BookHead,
    CounterLine,
    Counterparts,
    LedgerLine,
    LedgerMonth,
    Ledgers,
)
from ledger.words import N_
from reports.tables import Cell, Column, Row, Table, sum_of, totalled
from reports.wording import Wording

Role = Literal["opening", "line", "day", "month", "year"]
"""What a row of a ledger is: where it begins, a voucher's line, and totals of a day, a month, the year so far."""

DAY_BOOK, GENERAL, SUBSIDIARY, BALANCES = N_("日记账"), N_("总账"), N_("明细账"), N_("科目余额表")
FIGURE = 0.5
"""Share of the page that a column of figures gets, so that all accounts' pages look alike."""
DEBIT, CREDIT, EVEN = N_("借"), N_("贷"), N_("平")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ledger's table; `roles` says what each row is, the four figures stand in the columns from `debit` on."""

    table: Table
    roles: tuple[Role, ...]
    debit: int


def heading(head: BookHead, title: str, words: Wording) -> str:
    """Return `示例县公益直播专账 明细账 2026年3月`, or the year."""
    year = words(N_("{year}年"), year=head.first.year)
    period = words.month(head.first) if head.first == head.last else year
    return f"{words.name(head.name)} {words(title)} {period}"


def day_book(ledger: AccountLedger, words: Wording) -> Sheet:
    """Return 日记账 of bank or wallet: line by line with the account on the other side, and a total of each day."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("凭证字号")), "id"),
        Column(words(N_("摘要")), wide=2),
        Column(words(N_("对方科目")), wide=0.8),
        *_figures(words, N_("借方"), N_("贷方")),
    )
    return _sheet("day-book", ledger, columns, words, days=True)


def subsidiary(ledger: AccountLedger, words: Wording) -> Sheet:
    """Return 明细账 of an account."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("凭证字号")), "id"),
        Column(words(N_("摘要")), wide=1),
        *_figures(words, N_("借方"), N_("贷方")),
    )
    return _sheet("subsidiary", ledger, columns, words)


def general(ledger: AccountLedger, words: Wording) -> Sheet:
    """Return 总账 of a general account: the totals of each month and of the year so far."""
    columns = (
        Column(words(N_("日期")), "date"),
        Column(words(N_("摘要")), wide=1),
        *_figures(words, N_("借方"), N_("贷方")),
    )
    return _sheet("general", ledger, columns, words)


def _figures(words: Wording, debit: str, credit: str) -> tuple[Column, ...]:
    return (
        Column(words(debit), "money", wide=FIGURE, summed=True),
        Column(words(credit), "money", wide=FIGURE, summed=True),
        Column(words(N_("方向"))),
        Column(words(N_("余额")), "money", wide=FIGURE),
    )


def _sheet(
    key: str, ledger: AccountLedger, columns: tuple[Column, ...], words: Wording, *, days: bool = False
) -> Sheet:
    debit = len(columns) - 4
    rows: list[tuple[Role, Row]] = []
    first = ledger.months[0]
    told = words(N_("上年结转")) if first.month.number == 1 else words(N_("期初余额"))
    opening: list[Cell] = [first.month.first_day, *[""] * (len(columns) - 1)]
    opening[debit - 2 if days else debit - 1] = told
    opening[debit:] = [None, None, *_balance(ledger.opening_fen, words)]
    rows.append(("opening", Row(tuple("" if cell is None else cell for cell in opening), kind="memo")))
    for month in ledger.months:
        rows += _month_rows(month, debit, words, days=days)
    title = f"{ledger.account.code} {words.name(ledger.account.name)}"
    table = Table(key, "", title, columns, tuple(row for _, row in rows))
    return Sheet(table, tuple(role for role, _ in rows), debit)


def _month_rows(month: LedgerMonth, debit: int, words: Wording, *, days: bool) -> Iterator[tuple[Role, Row]]:
    """Yield a month's lines, with totals of its days where wanted, then its total and that of the year."""
    for day, group in groupby(month.lines, key=lambda line: line.date):
        lines = tuple(group)
        for line in lines:
            yield "line", Row((*_described(line, debit, words, days=days), *_moved(line, words)))
        if days:
            told: list[Cell] = [day, *[""] * (debit - 1)]
            told[debit - 2] = words(N_("本日合计"))
            sums = (sum(line.debit_fen for line in lines), sum(line.credit_fen for line in lines))
            yield (
                "day",
                Row(
                    (*told, *(fen or "" for fen in sums), *_balance(lines[-1].balance_fen, words)),
                    kind="memo",
                ),
            )
    blank = [""] * (debit - 1)
    closing = _balance(month.closing_fen, words)
    label = words(N_("{month} 本月合计"), month=words.month(month.month))
    yield "month", Row((label, *blank, month.debit_fen, month.credit_fen, *closing), kind="total")
    label = words(N_("{month} 本年累计"), month=words.month(month.month))
    yield "year", Row((label, *blank, month.year_debit_fen, month.year_credit_fen, *closing), kind="total")


def _described(line: LedgerLine, debit: int, words: Wording, *, days: bool) -> tuple[Cell, ...]:
    return (line.date, line.number, line.summary, *((words.listing(line.against),) if days else ()))[:debit]


def _moved(line: LedgerLine, words: Wording) -> tuple[Cell, ...]:
    """Return the amount on its side, the other side blank, and the balance."""
    return (line.debit_fen or "", line.credit_fen or "", *_balance(line.balance_fen, words))


def _balance(fen: int, words: Wording) -> tuple[Cell, ...]:
    return words(DEBIT if fen > 0 else CREDIT if fen < 0 else EVEN), abs(fen)


def balances(ledgers: Ledgers, words: Wording) -> tuple[Table, ...]:
    """Return 科目余额表 before the close, and after it where a month of them is closed."""
    found = [
        _balances(ledgers.before, "before", words(N_("科目余额表（结转前）")), _notes(ledgers, words), words)
    ]
    if ledgers.after != ledgers.before:
        found.append(_balances(ledgers.after, "after", words(N_("科目余额表（结转后）")), "", words))
    return tuple(found)


def _balances(lines: tuple[BalanceLine, ...], key: str, title: str, note: str, words: Wording) -> Table:
    labels = (
        *(N_("期初借方"), N_("期初贷方"), N_("本期借方"), N_("本期贷方")),
        *(N_("累计借方"), N_("累计贷方"), N_("期末借方"), N_("期末贷方")),
    )
    columns = (
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("科目名称")), wide=2),
        *(Column(words(label), "money", wide=FIGURE, summed=True) for label in labels),
    )
    rows = tuple(
        Row(
            (
                line.account.code,
                words.name(line.account.name),
                *_sides(line.opening_fen),
                line.debit_fen or "",
                line.credit_fen or "",
                line.year_debit_fen or "",
                line.year_credit_fen or "",
                *_sides(line.closing_fen),
            )
        )
        for line in lines
    )
    return Table(
        f"balances-{key}",
        "",
        title,
        columns,
        totalled(words(N_("合计")), columns, rows),
        note=note,
        landscape=True,
    )


def _sides(fen: int) -> tuple[Cell, Cell]:
    """Return a balance on its side; a zero is left blank, as in a bound book."""
    return (fen, "") if fen > 0 else ("", -fen) if fen < 0 else ("", "")


def _notes(ledgers: Ledgers, words: Wording) -> str:
    """Return what must be known beside the table: the year before this book began, and months still open."""
    told = []
    if ledgers.brought:
        items = (f"{words.name(item.label)} {_signed(item.fen, words)}" for item in ledgers.brought)
        told.append(
            words(N_("启用本账前的本年累计（期初登记，不在上表内）：{items}。"), items=words.listing(items))
        )
    if ledgers.head.open_months:
        months = words.listing(words.month(month) for month in ledgers.head.open_months)
        told.append(words(N_("尚未月结：{months}；结账之前本表还会变。"), months=months))
    return "\n".join(told)


def _signed(fen: int, words: Wording) -> str:
    whole, rest = divmod(abs(fen), 100)
    side = words(CREDIT) if fen < 0 else words(DEBIT)
    return f"{side} {whole:,}.{rest:02d}"


def counterparts(value: Counterparts, words: Wording) -> Table:
    """Return 建议对应凭证: one row per line, as an accountant keys it in."""
    columns = (
        Column(words(N_("序号")), "count"),
        Column(words(N_("日期")), "date"),
        Column(words(N_("摘要")), wide=2),
        Column(words(N_("科目编码")), "id"),
        Column(words(N_("科目名称")), wide=1),
        Column(words(N_("借方金额")), "money", summed=True),
        Column(words(N_("贷方金额")), "money", summed=True),
        Column(words(N_("专账凭证号")), "id"),
        Column(words(N_("票据代码和号码")), "id"),
    )
    rows = tuple(Row(_counter(line, words)) for line in value.lines)
    note = words(
        N_("建议，供本单位会计参考：科目和金额由本单位会计核定；科目编码请按本单位科目表对应后再录入或导入。")
    )
    empty = words(N_("这个期间没有拨付、支出或退回。"))
    table = Table("counterparts", "", words(counterparts_title(value)), columns, rows, note=note, empty=empty)
    if not rows:
        return table
    debit, credit = sum_of(rows, 5), sum_of(rows, 6)
    total = Row((words(N_("合计")), "", "", "", "", debit, credit, "", ""), kind="total")
    return Table("counterparts", "", table.title, columns, (*rows, total), note=note, empty=empty)


def counterparts_title(value: Counterparts) -> str:
    """Return the message that names the sheet and its way of booking."""
    if value.variant == "agency":
        return N_("建议对应凭证（受托代理，供本单位会计参考）")
    return N_("建议对应凭证（捐赠收入，供本单位会计参考）")


def _counter(line: CounterLine, words: Wording) -> tuple[Cell, ...]:
    return (
        line.group,
        line.date,
        line.summary,
        line.code,
        words.name(line.name),
        line.debit_fen or "",
        line.credit_fen or "",
        line.ours,
        line.receipt,
    )
