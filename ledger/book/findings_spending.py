"""Findings about allocation and spending: beyond what was allocated, split, round, to whom, with what proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from ledger.book import allocation, entries, evidence, payees, relations, usual
from ledger.book.entries import Entry
from ledger.book.masking import mask
from ledger.book.scene import HIGH, LOW, MIDDLE, Found, Rule, Scene, bound, of_entry, say
from ledger.money import yuan
from ledger.words import N_


def beyond_allocation(scene: Scene) -> Iterator[Found]:
    """A charity holds more than it was allocated and has not spent, or more was allocated than there is.

    Drafting refuses both; they come from the opening, or from income that was taken back after it was spent.
    """
    seen = scene.seen
    for party, codes in seen.chart.charities.items():
        beyond = -allocation.payable(scene.session, scene.book, seen.chart, party)
        if beyond > 0:
            name = seen.parties[party].zh if party in seen.parties else party
            message = N_("拨付给“{charity}”的款超过分配给它而未使用的 {beyond} 元。")
            yield _balance(codes["fund"], name, message, beyond, charity=name, beyond=yuan(beyond))
    short = -allocation.unallocated(scene.session, scene.book, seen.chart)
    if short > 0:
        name = seen.chart.account(seen.account("fund")).name.zh
        message = N_("分配超过了公益基金，待弥补 {short} 元。")
        yield _balance(seen.account("fund"), name, message, short, short=yuan(short))


def _balance(code: str, where: str, message: str, fen: int, /, **values: str) -> Found:
    return Found(code, where, message, say(**values), bound(fen=fen), "registers/")


def _spendings(scene: Scene) -> list[Entry]:
    """Return the standing spendings of the month and of the days before it that a window may reach."""
    first = scene.seen.month.first_day - timedelta(days=scene.limits.split_days)
    before = [
        entry
        for entry in entries.of_month(scene.session, scene.book, scene.seen.month.plus(-1))
        if entry.type in relations.SPENDING and date.fromisoformat(entry.date) >= first
    ]
    undone = {entry.reverses for entry in scene.seen.entries}
    return [
        entry
        for entry in (*before, *scene.seen.standing_entries(*relations.SPENDING))
        if entry.idx not in undone
    ]


def split(scene: Scene) -> Iterator[Found]:
    """Several spendings to one payee within days, each below the threshold and together above it."""
    by_payee: dict[str, list[Entry]] = defaultdict(list)
    for entry in _spendings(scene):
        name = payees.normal(str(entry.facts.get("payee") or ""))
        if name and entry.amount_fen < scene.limits.split_fen:
            by_payee[name].append(entry)
    for found in by_payee.values():
        found.sort(key=lambda entry: (entry.date, entry.idx))
        for group in _groups(found, scene.limits.split_days):
            total = sum(entry.amount_fen for entry in group)
            newest = group[-1]
            if len(group) > 1 and total >= scene.limits.split_fen and newest.period == str(scene.seen.month):
                yield Found(
                    subject=f"{group[0].period}/{group[0].number}",
                    where="、".join(entry.number for entry in group),
                    message=N_(
                        "{days} 天内 {count} 次付给“{payee}”，合计 {total} 元；每次都低于 {most} 元。"
                    ),
                    values=say(
                        days=scene.limits.split_days,
                        count=len(group),
                        payee=mask(str(newest.facts["payee"])),
                        total=yuan(total),
                        most=yuan(scene.limits.split_fen),
                    ),
                    facts=bound(leaves=[entry.leaf for entry in group]),
                    link=f"entries/{newest.idx}/",
                    since=date.fromisoformat(group[0].date),
                    records=tuple(entry.idx for entry in group),
                    persons=frozenset(entry.drafter for entry in group),
                )


def _groups(found: list[Entry], days: int) -> Iterator[list[Entry]]:
    """Yield runs that begin with a spending and hold all within so many days of it; each spending in one run."""
    run: list[Entry] = []
    for entry in found:
        if run and (date.fromisoformat(entry.date) - date.fromisoformat(run[0].date)).days >= days:
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def round_amount(scene: Scene) -> Iterator[Found]:
    """A large spending of round thousands: bills are seldom so even."""
    for entry in scene.seen.standing_entries(*relations.SPENDING):
        if usual.is_round(entry.amount_fen, scene.limits):
            yield of_entry(
                entry, N_("支出 {amount} 元是大额整数，请核对发票与签收。"), amount=yuan(entry.amount_fen)
            )


def relation_missing(scene: Scene) -> Iterator[Found]:
    """Nobody has declared whether the payee of a spending is a related party."""
    for entry in relations.missing(scene.session, scene.seen):
        yield of_entry(entry, N_("支出没有作关联方声明。"))


def related(scene: Scene) -> Iterator[Found]:
    """The payee of a spending is declared to be a related party."""
    told = relations.declared(scene.session, scene.book)
    for entry in scene.seen.standing_entries(*relations.SPENDING):
        said = told.get(entry.idx)
        if said is not None and said.relation == "related":
            yield of_entry(entry, N_("支出的收款人是关联方，请核对是否回避、价格是否公允。"))


def no_evidence(scene: Scene) -> Iterator[Found]:
    """A voucher that needs evidence has none, not even added later, and stands on no rows of a file."""
    bare = [
        entry
        for entry in scene.seen.standing_entries(*scene.seen.chart.types)
        if scene.seen.chart.type(entry.type).evidence
        and not entry.attachments
        and entry.reverses is None
        and entry.idx not in scene.seen.with_rows
    ]
    added = evidence.added(scene.session, scene.book, [entry.idx for entry in bare])
    for entry in bare:
        if not added.get(entry.idx):
            yield of_entry(entry, N_("凭证没有附件。"))


CHARITY_LAW = N_("《慈善法》第四十条、第五十九条")
CONTROL = N_("内部控制（界限可由规则设定）")

RULES = (
    Rule("beyond-allocation", N_("超过分配"), HIGH, N_("先分配、后拨付"), beyond_allocation, standing=True),
    Rule("split", N_("拆分支出"), MIDDLE, CONTROL, split),
    Rule("round", N_("大额整数支出"), LOW, CONTROL, round_amount),
    Rule("relation-missing", N_("没有关联方声明"), MIDDLE, CHARITY_LAW, relation_missing),
    Rule("related", N_("关联方收款"), HIGH, CHARITY_LAW, related),
    Rule("no-evidence", N_("凭证没有附件"), MIDDLE, N_("《会计法》：凭证须有原始凭证"), no_evidence),
)
