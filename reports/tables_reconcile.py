"""Tables of §八 and the tie-out of §三: the same money seen by platform, books, bank and charities."""

from __future__ import annotations

from collections import Counter

from ledger.money import yuan
from ledger.sections_welfare import BankReconciliation, OpenLine, ThreeWayLine, TieOutLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table, totalled
from reports.wording import RECONCILED, Wording

SIDES = {
    "platform": N_("平台 ↔ 本账"),
    "bank": N_("本账 ↔ 监管专户"),
    "charity": N_("本账 ↔ 慈善机构"),
}
BANK = "1002"
"""Accounts of this group are bank accounts; others with a statement are wallets."""
BANK_WORDS = (
    N_("银行对账单余额"),
    N_("加：本账已收、银行未收"),
    N_("加：银行已收、本账未收"),
    N_("减：本账已付、银行未付"),
    N_("减：银行已付、本账未付"),
)
WALLET_WORDS = (
    N_("平台流水余额"),
    N_("加：本账已收、平台未收"),
    N_("加：平台已收、本账未收"),
    N_("减：本账已付、平台未付"),
    N_("减：平台已付、本账未付"),
)
NO_STATEMENT = N_("对账单尚未上传到月末，调节后余额无从比较。")


def three_way(statement: MonthlyStatement, words: Wording) -> Table:
    """§八: each flow as platform, books, supervised account and charity have it, and what the difference is."""
    columns = (
        Column(words(N_("资金流")), wide=1.5),
        Column(words(N_("平台")), "money"),
        Column(words(N_("本账")), "money"),
        Column(words(N_("监管专户")), "money"),
        Column(words(N_("慈善机构")), "money"),
        Column(words(N_("差异")), "money"),
        Column(words(N_("结论")), wide=0.5),
        Column(words(N_("说明")), wide=1.2),
    )
    rows: list[Row] = []
    group = ""
    for line in statement.three_way:
        if line.group != group:
            group = line.group
            rows.append(Row((words.coded(group, SIDES),), kind="heading"))
        rows.append(_three_way_row(line, words))
    return Table(
        "three-way",
        "八",
        words(N_("八、三方对账表")),
        columns,
        tuple(rows),
        note=words(N_("“—”表示该方没有这笔资金的数据，不是零。差异为各方数字中最大与最小之差。"))
        if rows
        else "",
        empty=words(N_("本月没有编制三方对账表。")),
        spread=((1, 4), 5),
    )


def _three_way_row(line: ThreeWayLine, words: Wording) -> Row:
    detail = words(line.detail)
    return Row(
        (
            f"{words(line.label)}\n{detail}" if detail else words(line.label),
            line.platform_fen,
            line.book_fen,
            line.bank_fen,
            line.charity_fen,
            line.difference_fen,
            words.coded(line.state, RECONCILED),
            _said(line, words),
        )
    )


def _said(line: ThreeWayLine | OpenLine, words: Wording) -> str:
    """Return the note of a line with the day on which its money is expected."""
    due = words(N_("预计 {day}"), day=words.day(line.expected)) if line.expected else ""
    return "\n".join(part for part in (_translated(line.note, words), due) if part)


def _translated(note: str, words: Wording) -> str:
    """Return a note in the report's language: what the program says is translated, what a person wrote stays."""
    return "；".join(words(part) if part else "" for part in note.split("；"))


def reconciliations(statement: MonthlyStatement, words: Wording) -> tuple[Table, ...]:
    """§八: one 余额调节表 for each account; one table that says so where there is none."""
    found = tuple(reconciliation(account, words) for account in statement.reconciliations)
    if found:
        return found
    title = words(N_("八（附）、银行存款余额调节表"))
    columns = (Column(words(N_("项目")), wide=1), Column(words(N_("金额")), "money"))
    return (
        Table(
            "reconciliation", "八", title, columns, (), empty=words(N_("本月没有编制银行存款余额调节表。"))
        ),
    )


def reconciliation(account: BankReconciliation, words: Wording) -> Table:
    """The classic two columns: each balance, plus and less what only the other side has, gives the same sum."""
    bank = account.code.startswith(BANK)
    said = BANK_WORDS if bank else WALLET_WORDS
    columns = (
        Column(words(N_("银行对账单")) if bank else words(N_("平台流水")), wide=1),
        Column(words(N_("金额")), "money", summed=True),
        Column(words(N_("本账")), wide=1),
        Column(words(N_("金额")), "money", summed=True),
    )
    balance, *lines = (words(text) for text in said)
    first = Row((balance, account.statement_fen, words(N_("账面余额")), account.book_fen))
    added = _paired((lines[0], lines[1]), account, 1, words)
    taken = _paired((lines[2], lines[3]), account, -1, words)
    adjusted = words(N_("调节后余额"))
    total = Row((adjusted, account.adjusted_statement_fen, adjusted, account.adjusted_book_fen), kind="total")
    title = N_("八（附）、银行存款余额调节表（{code}）") if bank else N_("八（附）、余额调节表（{code}）")
    return Table(
        "reconciliation",
        "八",
        words(title, code=account.code),
        columns,
        (first, *added, *taken, total),
        note=words.sentences(
            words(N_("账户：{name}。"), name=words.name(account.name)), _verdict(account, words)
        ),
        balances=((0, 1, 0, -1),),
        on_totals=True,
    )


def _paired(
    labels: tuple[str, str], account: BankReconciliation, sign: int, words: Wording
) -> tuple[Row, ...]:
    """Return the rows of receipts (sign 1) or payments (−1) that only one side has, side by side.

    What only the books have corrects the statement's balance and stands left; the other way round right.
    """
    sides = [
        [line for line in account.open if line.side == side and (line.fen >= 0) == (sign > 0)]
        for side in ("book", "statement")
    ]
    count = max(1, *map(len, sides))
    rows = []
    for place in range(count):
        cells: list[str | int] = []
        for label, lines in zip(labels, sides, strict=True):
            head = label if place == 0 else ""
            if place < len(lines):
                text = _open_text(lines[place], words)
                cells += [f"{head}\n{text}" if head else text, sign * lines[place].fen]
            else:
                cells += [words(N_("{label}：无"), label=head) if head else "", "" if place else 0]
        rows.append(Row(tuple(cells), sign=sign, joined=place > 0))
    return tuple(rows)


def _open_text(line: OpenLine, words: Wording) -> str:
    """Return day, description and state of a line without a partner."""
    told = " ".join(part for part in (words.day(line.day), line.detail) if part)
    return "\n".join(part for part in (told, words.coded(line.state, RECONCILED), _said(line, words)) if part)


def _verdict(account: BankReconciliation, words: Wording) -> str:
    """Return in a sentence whether both adjusted balances are the same."""
    if account.adjusted_statement_fen is None:
        return words(NO_STATEMENT)
    difference = account.adjusted_statement_fen - account.adjusted_book_fen
    if difference:
        return words(N_("两边调节后余额相差 {amount} 元，请查明原因。"), amount=yuan(difference))
    return words(
        N_("逐笔勾对 {matched} 笔，未达账项 {open} 笔，两边调节后余额相等。"),
        matched=account.matched,
        open=len(account.open),
    )


def verdict(statement: MonthlyStatement, words: Wording) -> str:
    """Return the result of the reconciliation in one sentence, for the summary."""
    if not statement.three_way and not statement.reconciliations:
        return words(N_("三方对账：本月没有编制。"))
    counted = Counter(line.state for line in statement.three_way)
    states = words.listing(
        words(N_("{state} {count} 项"), state=words(RECONCILED[state]), count=counted[state])
        for state in RECONCILED
        if counted[state]
    )
    equal = sum(one.adjusted_statement_fen == one.adjusted_book_fen for one in statement.reconciliations)
    return words(
        N_("三方对账：共 {count} 项（{states}）；余额调节表 {accounts} 户，其中调节相符 {equal} 户。"),
        count=len(statement.three_way),
        states=states or "—",
        accounts=len(statement.reconciliations),
        equal=equal,
    )


def tie_out(statement: MonthlyStatement, words: Wording) -> Table:
    """§三: one line for each broadcast, from the night's figure to the supervised account."""
    figures = (
        N_("当晚申报"),
        N_("平台数字"),
        N_("打赏总额"),
        N_("平台分成"),
        N_("公会服务费"),
        N_("打赏净额"),
        N_("代扣个税"),
        N_("待结算"),
        N_("可提现"),
        N_("主播代收"),
        N_("已到专户"),
    )
    columns = (
        Column(words(N_("场次号")), "id"),
        *(Column(words(label), "money", summed=True) for label in figures),
        Column(words(N_("结论")), wide=0.6),
        Column(words(N_("说明")), wide=1),
    )
    rows = tuple(_tie_out_row(line, words) for line in statement.tie_out)
    return Table(
        "tie-out",
        "三",
        words(N_("三（附二）、逐场追踪：从当晚申报到监管专户")),
        columns,
        totalled(words(N_("合计")), columns, rows),
        note=words(
            N_("打赏净额＝打赏总额－平台分成－公会服务费，也等于右边五栏之和。提现和上缴按先进先出追到场次。")
        )
        if rows
        else "",
        empty=words(N_("本月没有可追踪的打赏场次。")),
        balances=(
            (0, 0, 0, 1, -1, -1, -1),
            (0, 0, 0, 0, 0, 0, 1, -1, -1, -1, -1, -1),
        ),
        landscape=True,
    )


def _tie_out_row(line: TieOutLine, words: Wording) -> Row:
    return Row(
        (
            line.broadcast,
            line.declared_fen,
            line.platform_fen,
            line.gross_fen,
            line.share_fen,
            line.guild_fen,
            line.net_fen,
            line.tax_fen,
            line.awaiting_fen,
            line.wallet_fen,
            line.in_hands_fen,
            line.banked_fen,
            words.coded(line.state, RECONCILED),
            _translated(line.note, words),
        )
    )
