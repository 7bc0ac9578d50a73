"""Tables of §十二: what each institution said, and who signed for it."""

from __future__ import annotations

from ledger.sections import PartyLine
from ledger.statement import MonthlyStatement
from ledger.words import N_
from reports.tables import Column, Row, Table
from reports.wording import Wording


def parties(statement: MonthlyStatement, words: Wording) -> Table:
    """§十二 in figures: how many entries each institution had to sign, and what it said."""
    columns = (
        Column(words(N_("机构")), wide=1),
        Column(words(N_("应签（张）")), "count"),
        Column(words(N_("同意或已出意见")), "count"),
        Column(words(N_("退回")), "count"),
        Column(words(N_("问询")), "count"),
        Column(words(N_("待签")), "count"),
        Column(words(N_("声明文字")), wide=3),
    )
    rows = tuple(
        Row(
            (
                words.name(line.name),
                line.required,
                line.agreed,
                line.returned,
                line.queried,
                line.waiting,
                line.statement,
            )
        )
        for line in statement.parties
    )
    return Table("parties", "十二", words(N_("十二、签署情况")), columns, rows)


def signers(parties: tuple[PartyLine, ...], words: Wording) -> Table:
    """§十二: the people who signed entries this month, by institution where there are several."""
    several = len(parties) != 1
    columns = (
        *((Column(words(N_("机构")), wide=1.4),) if several else ()),
        Column(words(N_("姓名")), "id"),
        Column(words(N_("职务")), wide=1),
        Column(words(N_("方式")), wide=1.6),
        Column(words(N_("公钥指纹")), wide=2),
        Column(words(N_("张数")), "count"),
        Column(words(N_("最后签认时间")), "time"),
    )
    rows = tuple(
        Row(
            (
                *((words.name(party.name),) if several else ()),
                line.name,
                line.post,
                words.method(line.method),
                line.key or None,
                line.entries,
                line.last_at,
            )
        )
        for party in parties
        for line in party.signers
    )
    title = words(N_("十二（附）、签认人"))
    return Table("signers", "十二", title, columns, rows, empty=words(N_("尚无签认人。")))
